"""Moments of a session worth jumping to."""

from __future__ import annotations

import polars as pl

from f1nb.analysis.laps import is_stop, record_laps
from f1nb.analysis.timing import out_of_race
from f1nb.session import Session

EVENT_SCHEMA = {"time_s": pl.Float64, "kind": pl.String, "driver": pl.String, "lap": pl.Int32, "text": pl.String}

_STATUS_NAMES = {"safety_car": "Safety car", "vsc": "Virtual safety car", "red": "Red flag"}


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
    """Return safety cars, retirements, fastest laps, stops, overtakes for the lead and the flag, in order of time.

    Returns
    -------
    frame with ``time_s``, ``kind`` (``start safety_car vsc red out fastest_lap pit_stop overtake finish``), ``driver``,
    ``lap`` and ``text``, a short label
    """
    log, laps = session.timing, session.laps
    fastest = record_laps(laps)
    leads = log.filter(pl.col("field") == "position", pl.col("value") == 1).sort("time_s")
    leads = leads.filter(pl.col("time_s") > 0, pl.col("driver") != pl.col("driver").shift(1))
    parts = [
        _labelled(
            session.track_status.filter(pl.col("status").is_in(list(_STATUS_NAMES))),
            kind=pl.col("status").cast(pl.String),
            text=pl.col("status").cast(pl.String).replace(_STATUS_NAMES),
        ),
        _labelled(out_of_race(log), kind="out", text=pl.format("{} out", "driver")),
        _labelled(
            fastest.with_columns(time_s="end_time_s"),
            kind="fastest_lap",
            text=pl.format("Fastest lap by {}, lap {}", "driver", "lap"),
        ),
    ]
    if session.is_race:
        after = pl.col("compound").cast(pl.String).shift(-1).over("driver")
        fitted = laps.sort("driver", "lap").with_columns(after=after).filter(is_stop())
        parts += [
            _labelled(
                fitted.with_columns(time_s="pit_in_time_s"),
                kind="pit_stop",
                text=pl.format("{} stops, {}", "driver", pl.col("after").str.to_lowercase().fill_null("tyre unknown")),
            ),
            _labelled(leads, kind="overtake", text=pl.format("{} takes the lead", "driver")),
            _labelled(laps.head(1).select(time_s=pl.lit(0.0)), kind="start", text=pl.lit("Lights out")),
            _labelled(
                laps.filter(pl.col("lap") == pl.col("lap").max()).sort("end_time_s").head(1).with_columns(time_s="end_time_s"),
                kind="finish",
                text=pl.lit("Chequered flag"),
            ),
        ]
    starts = leader_laps(session).select("time_s", "lap").sort("time_s")
    return (
        pl.concat(parts)
        .filter(pl.col("time_s") >= 0)  # the laps to the grid have safety cars and red flags, too
        .sort("time_s")
        .join_asof(starts, on="time_s")
        .select(pl.col(name).cast(dtype) for name, dtype in EVENT_SCHEMA.items())
    )


def _labelled(frame: pl.DataFrame, *, kind: str | pl.Expr, text: pl.Expr) -> pl.DataFrame:
    driver = pl.col("driver") if "driver" in frame.columns else pl.lit(None, dtype=pl.String)
    return frame.select("time_s", kind=pl.lit(kind) if isinstance(kind, str) else kind, driver=driver, text=text)
