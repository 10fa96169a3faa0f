"""Laps as they can have been: rows that are no laps are dropped, times that contradict themselves put right.

Each step takes laps and returns laps; `changes` then says what a step has changed, so that nothing is repaired silently.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from f1nb.schema import TABLES

SECTORS = ("sector_1_time_s", "sector_2_time_s", "sector_3_time_s")
_SAME_S = 0.0105  # sectors are published to the millisecond and sometimes cut, not rounded
_CLOCK_S = 1.0  # start and end of a lap may be known to about this
_TOO_SHORT = 0.8  # of what the middle of the field lapped at its best: no lap at all
_WHOLE_FIELD = 0.5

TIME_METHODS = {
    "lap_time_s": "Missing or contradicted by its sectors: their sum where the session clock agrees, else none.",
    **dict.fromkeys(SECTORS, "Missing: the lap time less the other two sectors."),
}
"""What `lap_times` changes, and why: one sentence for each column."""
POSITION_METHODS = {"position": "The lap was generated and not finished: nobody crossed the line."}


def changes(before: pl.DataFrame, after: pl.DataFrame, methods: Mapping[str, str]) -> pl.DataFrame:
    """Return table ``repairs``: one row for each value of ``laps`` that a step has changed.

    A column of which nothing is published is worked out, not repaired; ``data_sets`` says that.

    Parameters
    ----------
    before, after
        ``laps`` before and after the step.
    methods
        What the step may change: column and method.
    """
    both = after.join(before, on=["driver", "lap"], how="inner", suffix="_published")
    parts = [TABLES["repairs"].empty()]
    for column, method in methods.items():
        if before[column].is_null().all():
            continue
        published = pl.col(f"{column}_published")
        changed = both.filter(pl.col(column).ne_missing(published))
        parts.append(
            changed.select(
                "driver",
                "lap",
                table=pl.lit("laps"),
                column=pl.lit(column),
                published=published.cast(pl.String),
                used=pl.col(column).cast(pl.String),
                method=pl.lit(method),
            ).select(TABLES["repairs"].schema.names())
        )
    return TABLES["repairs"].frame(pl.concat(parts))


def dropped(before: pl.DataFrame, after: pl.DataFrame, method: str) -> pl.DataFrame:
    """Return table ``repairs``: one row for each lap that a step has dropped."""
    counts = (
        before.group_by("driver", "lap").len().join(after.group_by("driver", "lap").len(), on=["driver", "lap"], how="left")
    )
    gone = counts.filter(pl.col("len") > pl.col("len_right").fill_null(0))
    return TABLES["repairs"].frame(
        gone.select(
            "driver",
            "lap",
            table=pl.lit("laps"),
            column=pl.lit("lap"),
            published=pl.format("{} rows", "len").str.replace("^1 rows$", "1 row"),
            used=pl.when(pl.col("len_right") > 0).then(pl.lit("1 row")),
            method=pl.lit(method),
        )
    )


def one_row_per_lap(laps: pl.DataFrame) -> pl.DataFrame:
    """Return the laps without second rows of the same lap: the one that says most stays."""
    said = pl.sum_horizontal(pl.all().is_not_null())
    return (
        laps.with_columns(_said=said)
        .sort("driver", "lap", "_said", descending=[False, False, True], maintain_order=True)
        .unique(["driver", "lap"], keep="first", maintain_order=True)
        .drop("_said")
    )


def of_starters(laps: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """Return the laps without those of cars that did not start, which some origins make up; the drivers stay."""
    absent = results.filter(pl.col("status") == "Did not start")["driver"]
    return laps.filter(~pl.col("driver").is_in(absent.implode()))


def within_race(laps: pl.DataFrame, total_laps: int | None) -> pl.DataFrame:
    """Return the laps of a race without those after the flag: begun when the winner had finished.

    Where half of the field is said to have gone further than the race, it is the distance that is wrong, and all laps stay.
    """
    if total_laps is None:
        return laps
    full = laps.filter(pl.col("lap") == total_laps)
    beyond = laps.filter(pl.col("lap") == total_laps + 1)
    if full.is_empty() or beyond.height >= full.height * _WHOLE_FIELD:
        return laps
    flag = full["end_time_s"].min()
    is_late = pl.lit(value=False) if flag is None else (pl.col("start_time_s") >= flag).fill_null(value=False)
    return laps.filter(pl.col("lap") <= total_laps, ~is_late)


def lap_times(laps: pl.DataFrame) -> pl.DataFrame:
    """Return the laps with times that agree with their sectors.

    One missing of lap time and three sectors follows from the others. A lap time shorter than its sectors together, as after a
    red flag, is replaced by their sum where the session clock agrees with that, else taken out; so is one so short that it
    was no whole lap.
    """
    time = pl.col("lap_time_s")
    total = pl.sum_horizontal(SECTORS, ignore_nulls=False)
    clock = pl.col("end_time_s") - pl.col("start_time_s")
    agrees = ((clock - total).abs() < _CLOCK_S).fill_null(value=True)
    bests = laps.group_by("driver").agg(best=time.min())["best"].drop_nulls()
    least = (bests.median() or 0.0) * _TOO_SHORT  # pyright: ignore[reportOperatorIssue]
    is_sum = ((time - total).abs() < _SAME_S).fill_null(value=False)
    wrong = (time < total - _SAME_S).fill_null(value=False) | ((time < least) & ~is_sum).fill_null(value=False)
    by_sum = pl.when(agrees & (total >= least)).then(total.round(3))
    laps = laps.with_columns(lap_time_s=pl.when(wrong | time.is_null()).then(by_sum).otherwise(time))
    rest = [pl.sum_horizontal(*[c for c in SECTORS if c != own], ignore_nulls=False) for own in SECTORS]
    left = [(time - others).round(3) for others in rest]
    return laps.with_columns(
        pl.coalesce(own, pl.when(value > 0).then(value)).alias(own) for own, value in zip(SECTORS, left, strict=True)
    )


def places_of_generated(laps: pl.DataFrame) -> pl.DataFrame:
    """Return the laps with no place for a generated lap that was not finished."""
    made_up = pl.col("is_generated").fill_null(value=False) & pl.col("lap_time_s").is_null()
    return laps.with_columns(position=pl.when(~made_up).then("position"))
