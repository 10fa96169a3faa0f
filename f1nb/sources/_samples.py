"""Car data and positions of one car, sampled at different instants, as one table by lap."""

from __future__ import annotations

import polars as pl

_LINEAR = ("speed_kmh", "rpm", "throttle_pct", "x_m", "y_m", "z_m")
_STEPS = ("gear", "is_braking", "drs")
_GAP_S = 3.0  # nothing is drawn through a longer silence


def merged(car: pl.DataFrame, position: pl.DataFrame, laps: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of table ``telemetry`` of one car but for its name.

    Speeds and places are interpolated to each other's instants; gear, brake and DRS are those last seen. A sample belongs to
    the lap that was being driven.

    Parameters
    ----------
    car
        ``time_s`` and ``speed_kmh rpm gear throttle_pct is_braking drs``.
    position
        ``time_s`` and ``x_m y_m z_m``.
    laps
        ``lap``, ``start_time_s`` and ``end_time_s`` of this car; a lap without an end goes on to the next one.
    """
    seen = pl.col("time_s")
    together = (
        pl.concat([car, position], how="diagonal")
        .group_by("time_s", maintain_order=False)
        .agg(pl.all().drop_nulls().first())
        .sort("time_s")
        .with_columns(_near(pl.col(c).interpolate_by("time_s"), c) for c in _LINEAR)
        .with_columns(_near(pl.col(c).forward_fill(), c) for c in _STEPS)
    )
    spans = laps.select(
        "lap", "start_time_s", ends=pl.coalesce("end_time_s", pl.col("start_time_s").shift(-1))
    ).drop_nulls("start_time_s").sort("start_time_s")  # fmt: skip
    return (
        together.join_asof(spans, left_on="time_s", right_on="start_time_s")
        .filter(pl.col("lap").is_not_null(), pl.col("ends").is_null() | (seen < pl.col("ends")))
        .with_columns(lap_time_s=seen - pl.col("start_time_s"))
        .with_columns(
            distance_m=(pl.col("speed_kmh").fill_null(0) / 3.6 * seen.diff().over("lap").fill_null(pl.col("lap_time_s")))
            .cum_sum()
            .over("lap")
        )
        .drop("start_time_s", "ends")
    )


def _near(value: pl.Expr, name: str) -> pl.Expr:
    """Return the value where the column was seen shortly before or after."""
    at = pl.when(pl.col(name).is_not_null()).then("time_s")
    since = pl.col("time_s") - at.forward_fill()
    until = at.backward_fill() - pl.col("time_s")
    return pl.when((since < _GAP_S) & (until < _GAP_S)).then(value).alias(name)
