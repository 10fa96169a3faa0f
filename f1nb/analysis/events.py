"""Moments of a session worth jumping to."""

from __future__ import annotations

import polars as pl

from f1nb.session import Session

EVENT_SCHEMA = {"time_s": pl.Float64, "kind": pl.String, "driver": pl.String, "lap": pl.Int32, "text": pl.String}


def leader_laps(session: Session) -> pl.DataFrame:
    """Return when the first car began each lap.

    Returns
    -------
    frame with ``lap`` and ``time_s``, one row per lap, in order
    """
    return (
        session.laps.drop_nulls("start_time_s")
        .group_by("lap")
        .agg(time_s=pl.col("start_time_s").min())
        .sort("lap")
        .with_columns(pl.col("time_s").cum_max())
    )


def events(session: Session) -> pl.DataFrame:
    """Return safety cars, retirements, fastest laps, stops, overtakes and the flag, in order of time.

    Returns
    -------
    frame with ``time_s``, ``kind`` (``start safety_car vsc red out fastest_lap pit_stop overtake finish``), ``driver``,
    ``lap`` and ``text``, a short label
    """
    return pl.DataFrame(schema=EVENT_SCHEMA)
