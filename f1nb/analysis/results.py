"""The classification as far as laps tell it: provisional, because the stewards' decisions are not in it."""

from __future__ import annotations

import polars as pl

from f1nb.analysis.laps import counted
from f1nb.analysis.qualifying import qualifying_bests
from f1nb.schema import TABLES
from f1nb.seasons import Season, least_laps


def race_results(
    laps: pl.DataFrame,
    drivers: pl.DataFrame,
    season: Season,
    *,
    sprint: bool,
    planned_laps: int | None = None,
    order: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return table ``results`` of a race: as they crossed the line, or in the order that the official screen ended with.

    Parameters
    ----------
    laps, drivers
        Tables of the session.
    season
        Its rules, for the points.
    sprint
        Whether it is a sprint.
    planned_laps
        Laps that the race should have had: a shorter one gives fewer points.
    order
        ``driver`` and ``place``: that order, which knows of time penalties.
    """
    done = laps.filter(pl.col("end_time_s").is_not_null())
    summary = done.group_by("driver").agg(laps_completed=pl.col("lap").max(), finish=pl.col("end_time_s").max())
    summary = drivers.select("driver", "grid_position").join(summary, on="driver", how="left")
    total = int(done["lap"].max() or 0)  # pyright: ignore[reportArgumentType]
    flag = pl.lit(done.filter(pl.col("lap") == total)["end_time_s"].min(), dtype=pl.Float64)
    places = order if order is not None else pl.DataFrame(schema={"driver": pl.String, "place": pl.Int32})
    ordered = (
        summary.join(places, on="driver", how="left")
        .with_columns(
            laps_completed=pl.col("laps_completed").fill_null(0),
            crossed=(pl.col("finish") >= flag).fill_null(value=False),
            started=pl.col("driver").is_in(laps["driver"].unique().implode()),
        )
        .sort("place", pl.col("laps_completed").neg(), "finish", nulls_last=True)
    )
    classified = pl.col("laps_completed") >= least_laps(total)
    points = season.sprint_points if sprint else season.race_points(total, planned_laps)
    by_time = counted(laps).sort("lap_time_s", maintain_order=True)
    half_driven = not planned_laps or 2 * total >= planned_laps  # a shorter race has no point for the fastest lap
    fastest = by_time["driver"].first() if season.fastest_lap_point and not sprint and half_driven else None
    extra = (pl.col("driver") == pl.lit(fastest, dtype=pl.String)).fill_null(value=False) & (pl.col("position") <= len(points))
    place = pl.int_range(1, pl.len() + 1)
    on_lead_lap = pl.col("crossed") & (pl.col("laps_completed") == total)
    return TABLES["results"].frame(
        ordered.with_columns(position=place, classified=classified)
        .with_columns(
            points=pl.when("classified")
            .then(pl.col("position").replace_strict(dict(enumerate(points, 1)), default=0.0, return_dtype=pl.Float64) + extra)
            .otherwise(0),
            status=pl.when(on_lead_lap)
            .then(pl.lit("Finished"))
            .when("crossed")
            .then(pl.lit("Lapped"))
            .when(~pl.col("started"))
            .then(pl.lit("Did not start"))
            .otherwise(pl.lit("Retired")),
            time_s=pl.when(on_lead_lap).then(pl.col("finish").round(3)),
            gap_s=pl.when(on_lead_lap).then((pl.col("finish") - flag).round(3)),
            position=pl.when("classified").then("position"),
            is_provisional=pl.lit(value=True),
        )
        .drop("finish", "crossed", "started", "place")
    )


def open_results(
    laps: pl.DataFrame, drivers: pl.DataFrame, season: Season, *, qualifying: bool, status: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return table ``results`` of practice or qualifying: by best lap, in qualifying by the last part reached.

    Parameters
    ----------
    laps, drivers
        Tables of the session.
    season
        Its rules.
    qualifying
        Whether it is a qualifying.
    status
        Table ``session_status``, for the parts of qualifying.
    """
    valid = laps.filter(~pl.col("is_deleted").fill_null(value=False)).drop_nulls("lap_time_s")
    best = valid.group_by("driver").agg(best=pl.col("lap_time_s").min())
    frame = drivers.select("driver").join(best, on="driver", how="left")
    if qualifying:
        frame = frame.join(qualifying_bests(laps, season, status), on="driver", how="left").sort(
            "q3_time_s", "q2_time_s", "q1_time_s", "best", nulls_last=True
        )
    else:
        frame = frame.sort("best", nulls_last=True)
    done = laps.filter(pl.col("end_time_s").is_not_null()).group_by("driver").agg(laps_completed=pl.len())
    first = pl.col("best").first()
    return TABLES["results"].frame(
        frame.join(done, on="driver", how="left", maintain_order="left")
        .with_columns(
            position=pl.int_range(1, pl.len() + 1),
            classified=pl.col("best").is_not_null(),
            time_s=pl.lit(None, dtype=pl.Float64) if qualifying else pl.col("best"),
            gap_s=pl.lit(None, dtype=pl.Float64) if qualifying else (pl.col("best") - first).round(3),
            is_provisional=pl.lit(value=True),
        )
        .drop("best")
    )
