"""Tables in the order of their time, as they grow: from the first moment on that differs they are made anew, before it kept."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

import polars as pl

from f1nb.schema import TABLES

Change = tuple[int, str, float | None]  # time of the stream in ms, field, value
EVER = -(2**60)  # before every moment of a stream


class CarLog:
    """The log of one car: each value only where it differs from the one before.

    Examples
    --------
    >>> log = CarLog()
    >>> log.take([(0, "gap_s", 1.5), (900, "gap_s", 1.5), (900, "stops", 1.0)])
    0
    >>> log.since(0)
    [(0, 'gap_s', 1.5), (900, 'stops', 1.0)]
    """

    def __init__(self) -> None:
        self._settled: list[Change] = []
        self._shown: dict[str, float | None] = {}  # before the latest moment
        self._latest_ms = 0
        self._latest: dict[str, float | None] = {}  # at the latest moment, of which more may come
        self._follows: list[Change] = []

    def take(self, changes: Iterable[Change]) -> int | None:
        """Take what is new of the published values, in the order of their time, and return since when the log differs."""
        since_ms = None
        for time_ms, field, value in changes:
            since_ms = time_ms if since_ms is None else since_ms
            if time_ms != self._latest_ms:
                self._settle()
                self._latest_ms = time_ms
            self._latest[field] = value
        return since_ms

    def follow(self, changes: Iterable[Change]) -> int | None:
        """Take all that follows from laps, with fields that are not published, and return since when the log differs."""
        follows = CarLog()
        follows.take(sorted(changes, key=lambda change: change[0]))
        follows._settle()
        before, self._follows = self._follows, follows._settled
        for was, now in zip(before, self._follows, strict=False):
            if was != now:
                return min(was[0], now[0])
        longer = max(before, self._follows, key=len)
        n_same = min(len(before), len(self._follows))
        return longer[n_same][0] if len(longer) > n_same else None

    def since(self, time_ms: int) -> list[Change]:
        """Return what changed from a moment on."""
        rows = rows_since(self._settled, time_ms) + rows_since(self._follows, time_ms)
        if self._latest_ms >= time_ms:
            latest = ((field, value) for field, value in self._latest.items() if value != self._shown.get(field))
            rows += [(self._latest_ms, field, value) for field, value in latest]
        return rows

    def _settle(self) -> None:
        for field, value in self._latest.items():
            if value != self._shown.get(field):
                self._settled.append((self._latest_ms, field, value))
                self._shown[field] = value
        self._latest.clear()


class GrowingTable:
    """A table with ``time_s`` and ``driver``.

    Parameters
    ----------
    name
        Its name.
    names
        Of the values that a row has beside them.
    """

    def __init__(self, name: str, names: tuple[str, ...]) -> None:
        self._table, self._names = TABLES[name], names
        self._frame = self._table.empty()

    def renewed(self, since_ms: int, rows_by_driver: Iterable[tuple[str, list[Any]]], zero_ms: int) -> pl.DataFrame:
        """Return the table, the same object where nothing differs.

        Parameters
        ----------
        since_ms
            From which time of the stream on it can differ.
        rows_by_driver
            The rows from that time on, a time of the stream first in each.
        zero_ms
            The session's zero on the clock of the stream.
        """
        drivers: list[str] = []
        rows: list[Any] = []
        for driver, own in rows_by_driver:
            rows += own
            drivers += [driver] * len(own)
        times = pl.Series([row[0] for row in rows], dtype=pl.Int64)
        data = {"driver": drivers, "time_s": (times - zero_ms) / 1000}
        data |= {name: [row[place] for row in rows] for place, name in enumerate(self._names, 1)}
        new = self._table.frame(pl.DataFrame(data, schema=self._table.schema))
        kept = self._frame["time_s"].search_sorted((since_ms - zero_ms) / 1000, "left")
        if not new.equals(self._frame.slice(kept)):
            self._frame = pl.concat([self._frame.head(kept), new], rechunk=True)
        return self._frame


def rows_since(rows: list[Any], time_ms: int) -> list[Any]:
    """Return rows in the order of their time, which is first in them, from a moment on."""
    return rows[bisect_left(rows, (time_ms,)) :]
