"""The timing table."""

from __future__ import annotations

import difflib

import traitlets as t

from f1nb.panels._base import Panel
from f1nb.panels._wire import STATIC

COLUMNS = (
    "gained", "lap", "gap", "interval", "last", "best", "sector_1", "sector_2", "sector_3", "tyre", "stops", "state",
)  # fmt: skip
_OFF = ("gained", "lap")


class TimingTable(Panel):
    """Every car in running order, with gaps, times, tyres and stops, as of the clock.

    A click on a row, or Enter on a driver, selects the driver in all panels that share the selection. The viewer can
    choose other columns; the browser remembers them.

    Examples
    --------
    >>> import f1nb
    >>> race = f1nb.simulate(laps=3, cars=4)
    >>> table = TimingTable(race, columns=["gap", "last", "tyre"])
    >>> table.columns
    ['gap', 'last', 'tyre']
    """

    _esm = STATIC / "timing_table.js"
    _css = STATIC / "timing_table.css"
    _needs = ("session", "drivers", "timing", "status")
    _data = ("timing", "laps")

    title = t.Unicode("Timing", help="Heading.").tag(sync=True)
    columns = t.List(
        t.Unicode(),
        [c for c in COLUMNS if c not in _OFF],
        help="Which columns are shown beside position and driver: gained (places since the start), lap, gap, interval, last, "
        "best, sector_1, sector_2, sector_3, tyre, stops, state. Their order is that of the table.",
    ).tag(sync=True)

    @t.validate("columns")
    def _known_columns(self, proposal: t.Bunch) -> list[str]:
        for name in proposal["value"]:
            if name not in COLUMNS:
                near = difflib.get_close_matches(name, COLUMNS, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(COLUMNS)}"
                raise t.TraitError(f"the timing table has no column {name!r}; {hint}")
        return [name for name in COLUMNS if name in proposal["value"]]
