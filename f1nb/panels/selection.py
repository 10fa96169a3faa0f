"""The drivers and laps that panels share."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import anywidget
import polars as pl
import traitlets as t

from f1nb.panels._wire import STATIC

MOST_DRIVERS = 4  # as many line samples as can be told apart at a glance; the browser half has the same number


class Selection(anywidget.AnyWidget):
    """What is selected, the same in all panels that share it.

    Raises
    ------
    TraitError
        For more than four drivers, and for what is no lap; what was selected before stays.

    Examples
    --------
    >>> Selection(drivers=["NOR", "PIA"], laps=[("NOR", 41)]).frame.rows()
    [('NOR', 41)]
    """

    _esm = STATIC / "selection.js"

    drivers = t.List(t.Unicode(), help="Codes, in the order of selection; at most four.").tag(sync=True)
    laps = t.List(help='Laps to compare, as (driver, lap), e.g. ("NOR", 41).').tag(sync=True)
    lap_range = t.List(t.Int(), allow_none=True, default_value=None, help="First and last lap.").tag(sync=True)
    cursor_m = t.Float(None, allow_none=True, help="A place on the lap, metres from the line.").tag(sync=True)

    @t.validate("drivers")
    def _valid_drivers(self, proposal: t.Bunch) -> list[str]:
        drivers = list(dict.fromkeys(proposal["value"]))
        if len(drivers) > MOST_DRIVERS:
            raise t.TraitError(f"at most {MOST_DRIVERS} drivers can be selected, not {len(drivers)}: {', '.join(drivers)}")
        return drivers

    @t.validate("laps")
    def _valid_laps(self, proposal: t.Bunch) -> list[tuple[str, int]]:
        return list(dict.fromkeys(map(_lap, proposal["value"])))

    @property
    def frame(self) -> pl.DataFrame:
        """The selected laps as a frame with ``driver`` and ``lap``, to join with ``session.laps``."""
        return pl.DataFrame(self.laps, schema={"driver": pl.String, "lap": pl.Int32}, orient="row")


def _lap(entry: Any) -> tuple[str, int]:
    """Return an entry of ``laps`` as a pair: from the browser it comes as a list, from a frame with an integer of numpy's."""
    match entry:
        case [str(driver), Integral() as lap] if driver and int(lap) > 0 and not isinstance(lap, bool):
            return driver, int(lap)
    raise t.TraitError(f'cannot read the lap {entry!r}; give (driver, lap), e.g. ("NOR", 41)')
