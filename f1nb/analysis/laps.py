"""What a lap table lacks and can be worked out: pit entry and exit, positions, personal bests, which laps show pace."""

from __future__ import annotations

import polars as pl

from f1nb.schema import TRACK_STATUS
from f1nb.session import best_so_far

PIT_SPEED_KMH = 85.0
"""No faster than this all the way to the line: the limit is 80 or 60 km/h, plus what the sampling blurs."""
_STOPPED_AT_LINE_S = 0.6  # shorter slow ends of a lap are not a pit lane
_OUTLIER = 1.07  # slower than 107 % of the stint's median shows something else than pace
_STOOD = 1.5  # no rain makes a lap so much slower than the best of the session


def pit_times(laps: pl.DataFrame, telemetry: pl.DataFrame, *, is_race: bool) -> pl.DataFrame:
    """Return the laps with pit entry and exit where they were missing.

    The pit lane is where a car stays under the speed limit up to the line, and on from it: an in lap ends slow, the next lap
    begins slow. The times are good to about a second.

    Parameters
    ----------
    laps, telemetry
        Tables of the session.
    is_race
        Whether a car that is slow on an unfinished last lap has stopped; elsewhere it is back in its garage.

    Returns
    -------
    frame
        ``laps`` with ``pit_in_time_s``, ``pit_out_time_s``, ``is_pit_in`` and ``is_pit_out`` filled.
    """
    slow = telemetry.lazy().select("driver", "lap", "time_s", fast=pl.col("speed_kmh") > PIT_SPEED_KMH)
    edges = (
        slow.group_by("driver", "lap")
        .agg(
            first=pl.col("time_s").first(),
            last=pl.col("time_s").last(),
            first_fast=pl.col("time_s").filter("fast").first(),
            last_fast=pl.col("time_s").filter("fast").last(),
            begins_slow=~pl.col("fast").first(),
            ends_slow=~pl.col("fast").last(),
        )
        .collect()
    )
    known = laps.join(edges, on=["driver", "lap"], how="left", maintain_order="left").sort("driver", "lap")
    follows = (pl.col("lap").shift(-1) == pl.col("lap") + 1).over("driver").fill_null(value=False)
    next_slow = pl.col("begins_slow").shift(-1).over("driver").fill_null(value=False) & follows
    new_set = (pl.col("stint").shift(-1) != pl.col("stint")).over("driver").fill_null(value=False)
    is_last = ~follows
    slow_end = pl.col("ends_slow").fill_null(value=False) & (pl.col("last") - pl.col("last_fast") > _STOPPED_AT_LINE_S)
    finished = pl.col("end_time_s").is_not_null() | pl.lit(not is_race)
    is_in = (slow_end & (next_slow | (is_last & finished))) | (new_set & slow_end)
    is_out = (
        pl.col("begins_slow").fill_null(value=False)
        & (is_in.shift(1).over("driver").fill_null(value=False) | (pl.col("lap") == pl.col("lap").min().over("driver")))
        & (pl.col("first_fast") - pl.col("first") > _STOPPED_AT_LINE_S)
    )  # fmt: skip - null: it never left the pit lane again
    entry = pl.coalesce("last_fast", "first")
    return known.with_columns(
        pit_in_time_s=pl.coalesce("pit_in_time_s", pl.when(is_in).then(entry)).round(3),
        pit_out_time_s=pl.coalesce("pit_out_time_s", pl.when(is_out).then("first_fast")).round(3),
    ).with_columns(
        is_pit_in=pl.coalesce("is_pit_in", pl.col("pit_in_time_s").is_not_null()),
        is_pit_out=pl.coalesce("is_pit_out", pl.col("pit_out_time_s").is_not_null()),
    ).select(laps.columns)  # fmt: skip


def race_start_is_no_pit_exit(laps: pl.DataFrame) -> pl.DataFrame:
    """Return the laps with lap 1 no out lap: cars leave the grid as slowly as the pit lane."""
    first = pl.col("lap") == 1
    return laps.with_columns(
        pit_out_time_s=pl.when(~first).then("pit_out_time_s"),
        is_pit_out=pl.when(first).then(pl.lit(value=False)).otherwise("is_pit_out"),
    )


def under(*statuses: str) -> pl.Expr:
    """Whether one of these track statuses was met during the lap."""
    met = pl.col("track_status")
    each = (met.list.contains(pl.lit(status, dtype=pl.Enum(TRACK_STATUS))) for status in statuses)
    return pl.any_horizontal(each).fill_null(value=False)


def is_stop() -> pl.Expr:
    """Whether the car came in for a stop; ``laps`` in order.

    Who waits in the pit lane under a red flag, which then still waves on his next lap, may change tyres without a stop.
    """
    still = under("red").shift(-1).over("driver").fill_null(value=True)
    return pl.col("pit_in_time_s").is_not_null() & ~(under("red") & still)


def positions_by_lap(laps: pl.DataFrame) -> pl.DataFrame:
    """Return the laps of a race with the place at the end of each, where it was missing: the order across the line."""
    place = pl.col("end_time_s").rank("ordinal").over("lap").cast(pl.Int32)
    return laps.with_columns(position=pl.coalesce("position", pl.when(pl.col("end_time_s").is_not_null()).then(place)))


def personal_bests(laps: pl.DataFrame) -> pl.DataFrame:
    """Return the laps with ``is_personal_best``: faster than all his laps before it, deleted ones aside.

    What is published is kept but for what the timing of that moment could not know: a deleted lap is none, and a later one that
    was slower than it may be one.
    """
    deleted = pl.col("is_deleted").fill_null(value=False)
    best = best_so_far(deleted)
    undone = deleted.cum_sum().over("driver") > 0
    known = pl.when(deleted).then(pl.lit(value=False)).when(undone & best).then(pl.lit(value=True))
    return laps.sort("driver", "lap").with_columns(is_personal_best=pl.coalesce(known, "is_personal_best", best))


def counted(laps: pl.DataFrame) -> pl.DataFrame:
    """Return the laps whose time counts: timed, finished and not deleted, in the order in which they ended."""
    return laps.filter(~pl.col("is_deleted").fill_null(value=False)).drop_nulls(["end_time_s", "lap_time_s"]).sort("end_time_s")


def record_laps(laps: pl.DataFrame) -> pl.DataFrame:
    """Return the laps that were the fastest of all when they ended, without the first one of the session."""
    ordered = counted(laps)
    return ordered.filter(pl.col("lap_time_s") < pl.col("lap_time_s").cum_min().shift(1))


def representative(laps: pl.DataFrame, *, is_race: bool) -> pl.DataFrame:
    """Return the laps with ``is_representative`` and ``exclude_reason``: which of them show pace, and why the others do not.

    A lap is left out, in this order: generated; without a time; the first of a race; in and out laps; under a red flag, a
    safety car, a yellow flag; deleted; slower than 107 % of the median of its stint, or so slow that the car stood.

    Parameters
    ----------
    laps
        Table ``laps`` with stints, pit laps and track status.
    is_race
        Whether lap 1 starts from a grid.
    """
    yes = pl.lit(value=True)
    reason = (
        pl.when(pl.col("is_generated"))
        .then(pl.lit("generated"))
        .when(pl.col("lap_time_s").is_null() & ((pl.col("lap") > 1) if is_race else yes))
        .then(pl.lit("no_time"))
        .when((pl.col("lap") == 1) if is_race else ~yes)
        .then(pl.lit("first_lap"))
        .when(pl.col("is_pit_in"))
        .then(pl.lit("in_lap"))
        .when(pl.col("is_pit_out"))
        .then(pl.lit("out_lap"))
        .when(under("red"))
        .then(pl.lit("red_flag"))
        .when(under("safety_car", "vsc", "vsc_ending"))
        .then(pl.lit("safety_car"))
        .when(under("yellow"))
        .then(pl.lit("yellow"))
        .when(pl.col("is_deleted"))
        .then(pl.lit("deleted"))
    )
    out = laps.with_columns(exclude_reason=reason)
    left = pl.col("lap_time_s").filter(pl.col("exclude_reason").is_null())
    usual, best = left.median().over("driver", "stint"), left.min()
    slow = (pl.col("lap_time_s") > usual * _OUTLIER) | (pl.col("lap_time_s") > best * _STOOD)
    slow = pl.col("exclude_reason").is_null() & slow
    return (
        out.with_columns(exclude_reason=pl.when(slow).then(pl.lit("outlier")).otherwise("exclude_reason"))
        .with_columns(
            pl.col("exclude_reason").cast(laps.schema["exclude_reason"]),
            is_representative=pl.col("exclude_reason").is_null(),
        )
        .select(laps.columns)
    )
