"""Which part of qualifying a lap belongs to."""

from __future__ import annotations

import polars as pl

from f1nb.seasons import Season

_PUSH = 1.07  # of a driver's best: what counts as a timed attempt
_BREAK_S = 150.0  # nobody sets a time for this long between two parts


def qualifying_parts(laps: pl.DataFrame, season: Season, status: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return ``driver``, ``lap`` and ``part`` (1, 2, 3) of every timed attempt.

    A part begins when the session is started other than after a red flag. Where its status is not published, a part ends with a
    break in which nobody sets a time and after which no more drivers do than the rules let through.

    Parameters
    ----------
    laps
        Table ``laps`` of a qualifying session, all cars on one clock.
    season
        Its rules: how many go on to the second and third part.
    status
        Table ``session_status``.
    """
    attempts = (
        laps.drop_nulls(["end_time_s", "lap_time_s"])
        .filter(pl.col("lap_time_s") <= pl.col("lap_time_s").min().over("driver") * _PUSH)
        .sort("end_time_s")
        .select("driver", "lap", "end_time_s")
    )
    starts = _official_starts(status) if status is not None else []
    if not starts:
        starts = _starts_after_breaks(attempts, season)
    part = pl.lit(1)
    for start in starts:
        part = part + (pl.col("end_time_s") >= start).cast(pl.Int32)
    return attempts.select("driver", "lap", part=part.cast(pl.Int32))


def _official_starts(status: pl.DataFrame) -> list[float]:
    """Return when the second and the third part began; empty when that is not known."""
    starts: list[float] = []
    is_over = True
    for time, state in status.select("time_s", pl.col("status").cast(pl.String)).iter_rows():
        if state == "started" and is_over:
            starts.append(time)
            is_over = False
        elif state == "finished":
            is_over = True
    return starts[1:3]


def _starts_after_breaks(attempts: pl.DataFrame, season: Season) -> list[float]:
    ends = attempts["end_time_s"].to_list()
    codes = attempts["driver"].to_list()
    starts: list[float] = []
    for cut in season.qualifying_cut:
        for i in range(1, len(ends)):
            new_part = ends[i] - ends[i - 1] >= _BREAK_S and (not starts or ends[i] > starts[-1])
            if new_part and len(set(codes[i:])) <= cut:
                starts.append(ends[i])
                break
    return starts


def qualifying_bests(laps: pl.DataFrame, season: Season, status: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return ``driver`` and the best lap of each part: ``q1_time_s``, ``q2_time_s``, ``q3_time_s``."""
    parts = qualifying_parts(laps, season, status)
    counted = laps.filter(~pl.col("is_deleted").fill_null(value=False)).join(parts, on=["driver", "lap"])
    return counted.group_by("driver").agg(
        pl.col("lap_time_s").filter(pl.col("part") == n).min().alias(f"q{n}_time_s") for n in (1, 2, 3)
    )
