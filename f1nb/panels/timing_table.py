"""The timing table."""

from __future__ import annotations

import difflib

import traitlets as t

from f1nb.panels._base import Panel
from f1nb.panels._wire import STATIC
from f1nb.session import GrowingSession

COLUMNS = (
    "gained", "lap", "gap", "interval", "compare", "cutoff", "q1", "q2", "q3", "last", "best", "ideal", "sector_1", "sector_2",
    "sector_3", "mini_sectors", "speed_i1", "speed_i2", "speed_fl", "speed_st", "tyre", "stints", "stops", "pit_lane",
    "stewards", "state",
)  # fmt: skip


class TimingTable(Panel):
    """Every car in running order, with gaps, times, tyres, stops and what the stewards say, as of the clock.

    A race, a qualifying and a practice have columns of their own. The viewer can choose others; the browser remembers them for
    each kind of session. A click on a row, or Enter on a driver, selects the driver in all panels that share the selection;
    the key c compares the others with him.

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
    _needs = (
        "session", "drivers", "timing", "status", "session_status", "mini_sectors", "stints", "deleted_laps", "stewards",
    )  # fmt: skip
    _data = ("timing", "laps")

    title = t.Unicode("Timing", help="Heading.").tag(sync=True)
    columns: t.TraitType[list[str] | None, list[str] | None] = t.List(  # pyright: ignore[reportAssignmentType]  stubs know no None
        t.Unicode(),
        None,
        allow_none=True,
        help="Which columns are shown beside position and driver; None: those of the kind of session. There are gained (places "
        "since the start), lap, gap, interval, compare (difference to the car of `compare`), cutoff (what a car needs to go on "
        "in qualifying), q1, q2, q3, last, best, ideal (best sectors put together), sector_1, sector_2, sector_3, "
        "mini_sectors, speed_i1, speed_i2, speed_fl, speed_st, tyre, stints (sets of tyres before), stops, pit_lane, "
        "stewards and state. Their order is that of the table.",
    ).tag(sync=True)
    compare = t.Unicode(help="Driver that the column `compare` is relative to; empty: the first that is selected.").tag(
        sync=True
    )

    @t.validate("columns")
    def _known_columns(self, proposal: t.Bunch) -> list[str] | None:
        names = proposal["value"]
        for name in names or ():
            if name not in COLUMNS:
                near = difflib.get_close_matches(name, COLUMNS, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(COLUMNS)}"
                raise t.TraitError(f"the timing table has no column {name!r}; {hint}")
        return None if names is None else [name for name in COLUMNS if name in names]

    @t.validate("compare")
    def _known_driver(self, proposal: t.Bunch) -> str:
        driver = proposal["value"]
        codes = self.session.drivers["driver"].to_list()
        if driver and driver not in codes and not isinstance(self.session, GrowingSession):  # whose entry list may come later
            raise t.TraitError(f"no driver {driver!r} in this session; there are {', '.join(codes)}")
        return driver
