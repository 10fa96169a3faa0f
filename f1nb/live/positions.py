"""Where the cars of a live session are, from the samples of ``Position.z`` as they come."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from f1nb.analysis.positions import STEP_S, positions
from f1nb.schema import TABLES
from f1nb.sources.archive.car_data import decode_positions
from f1nb.sources.archive.streams import stamp

_PIECES = 100  # that a table may lie in memory in: of thousands, each look at it takes longer than all else
_BEFORE_S = 4.0  # of samples that positions lie between, and that come late


class Positions:
    """Table ``positions`` as it grows: what is new is worked out, what was is kept.

    Examples
    --------
    >>> Positions().table({"1": "VER"}, None).is_empty()
    True
    """

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._samples = pl.DataFrame(schema={"driver": pl.String, "time_s": pl.Float64, "x_m": pl.Float64, "y_m": pl.Float64})
        self._start_utc: datetime | None = None
        self._until_s = float("-inf")
        self._table = TABLES["positions"].empty()

    def add(self, packed: object) -> None:
        """Take a message of ``Position.z``."""
        if isinstance(packed, str):
            self._lines.append(stamp(0) + b'"%b"' % packed.encode("ascii", "replace"))

    def table(self, codes: dict[str, str], start_utc: datetime | None) -> pl.DataFrame:
        """Return the table, what is new at its end; the same one where nothing is.

        Parameters
        ----------
        codes
            Driver by race number.
        start_utc
            Instant of the session's zero.
        """
        if start_utc is None or not (self._lines or start_utc != self._start_utc):
            return self._table
        if self._start_utc is not None and start_utc != self._start_utc:  # the session has begun, and its clock with it
            moved_s = (self._start_utc - start_utc).total_seconds()
            self._samples, self._table = (f.with_columns(pl.col("time_s") + moved_s) for f in (self._samples, self._table))
            self._until_s += moved_s
        self._start_utc = start_utc
        decoded, _ = decode_positions(b"\n".join(self._lines))
        self._lines.clear()
        came = decoded.select(
            driver=pl.col("number").replace_strict(codes, default=None, return_dtype=pl.String),
            time_s=(pl.col("utc") - start_utc).dt.total_milliseconds() / 1000,
            x_m=pl.col("x") / 10,
            y_m=pl.col("y") / 10,
        ).filter(pl.col("driver").is_not_null(), pl.col("time_s").is_not_null(), (pl.col("x_m") != 0) | (pl.col("y_m") != 0))
        self._samples = pl.concat([self._samples, came])
        placed = positions(self._samples).filter(pl.col("time_s") > self._until_s)
        latest_s = self._samples["time_s"].max()
        if placed.height and isinstance(latest_s, float):
            # a car whose sample is late would have a hole for good: wait for it
            placed = placed.filter(pl.col("time_s") <= latest_s - STEP_S).sort("time_s", "driver")
            self._until_s = max([self._until_s, *placed["time_s"].tail(1)])
            self._table = pl.concat([self._table, placed], rechunk=self._table.n_chunks() > _PIECES)
            self._samples = self._samples.filter(pl.col("time_s") > latest_s - _BEFORE_S)
        return self._table
