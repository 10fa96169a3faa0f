"""Which part of qualifying a lap belongs to."""

from __future__ import annotations

import polars as pl

from f1nb.seasons import Season

_PUSH = 1.07  # of a driver's best: what counts as a timed attempt
_BREAK_S = 150.0  # nobody sets a time for this long between two parts


def qualifying_parts(laps: pl.DataFrame, season: Season) -> pl.DataFrame:
    """Return ``driver``, ``lap`` and ``part`` (1, 2, 3) of every timed attempt.

    A part ends with a break in which nobody sets a time and after which no more drivers do than the rules let through.

    Parameters
    ----------
    laps
        Table ``laps`` of a qualifying session, all cars on one clock.
    season
        Its rules: how many go on to the second and third part.
    """
    attempts = (
        laps.drop_nulls(["end_time_s", "lap_time_s"])
        .filter(pl.col("lap_time_s") <= pl.col("lap_time_s").min().over("driver") * _PUSH)
        .sort("end_time_s")
        .select("driver", "lap", "end_time_s")
    )
    ends = attempts["end_time_s"].to_list()
    codes = attempts["driver"].to_list()
    starts: list[float] = []
    for cut in season.qualifying_cut:
        for i in range(1, len(ends)):
            new_part = ends[i] - ends[i - 1] >= _BREAK_S and (not starts or ends[i] > starts[-1])
            if new_part and len(set(codes[i:])) <= cut:
                starts.append(ends[i])
                break
    part = pl.lit(1)
    for start in starts:
        part = part + (pl.col("end_time_s") >= start).cast(pl.Int32)
    return attempts.select("driver", "lap", part=part.cast(pl.Int32))


def qualifying_bests(laps: pl.DataFrame, season: Season) -> pl.DataFrame:
    """Return ``driver`` and the best lap of each part: ``q1_time_s``, ``q2_time_s``, ``q3_time_s``."""
    parts = qualifying_parts(laps, season)
    counted = laps.filter(~pl.col("is_deleted").fill_null(value=False)).join(parts, on=["driver", "lap"])
    return counted.group_by("driver").agg(
        pl.col("lap_time_s").filter(pl.col("part") == n).min().alias(f"q{n}_time_s") for n in (1, 2, 3)
    )
