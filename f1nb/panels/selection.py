"""The drivers and laps that panels share."""

from __future__ import annotations

import anywidget
import polars as pl
import traitlets as t

from f1nb.panels._wire import STATIC


class Selection(anywidget.AnyWidget):
    """What is selected, the same in all panels that share it.

    Examples
    --------
    >>> Selection(drivers=["NOR", "PIA"], laps=[("NOR", 41)]).frame.rows()
    [('NOR', 41)]
    """

    _esm = STATIC / "selection.js"

    drivers = t.List(t.Unicode(), help="Codes, in the order of selection; at most four.").tag(sync=True)
    laps = t.List(help="Laps to compare, as (driver, lap).").tag(sync=True)
    lap_range = t.List(t.Int(), allow_none=True, default_value=None, help="First and last lap.").tag(sync=True)
    cursor_m = t.Float(None, allow_none=True, help="A place on the lap, metres from the line.").tag(sync=True)

    @property
    def frame(self) -> pl.DataFrame:
        """The selected laps as a frame with ``driver`` and ``lap``, to join with ``session.laps``."""
        return pl.DataFrame(
            [(driver, int(lap)) for driver, lap in self.laps],
            schema={"driver": pl.String, "lap": pl.Int32},
            orient="row",
        )
