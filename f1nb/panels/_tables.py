"""The tables that go to the browser, made from the session's frames: only the columns that panels read."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from f1nb.analysis.events import events, leader_laps
from f1nb.session import Session


def _session(session: Session) -> pl.DataFrame:
    return session.session.select(
        "year", "round", "event", "country", "location", "circuit", pl.col("session").cast(pl.String),
        "total_laps", "utc_offset_s", "circuit_length_m", "circuit_rotation_deg", "source", "is_simulated",
        start_epoch_s=pl.col("start_utc").dt.epoch("s"),
        is_provisional=pl.lit(session.results["is_provisional"].fill_null(value=False).any()),
    )  # fmt: skip


def _drivers(session: Session) -> pl.DataFrame:
    return session.drivers.select("driver", "full_name", "team", "team_color", "number", "grid_position")


def _race_control(session: Session) -> pl.DataFrame:
    return session.race_control.select(
        "time_s", "lap", "category", "flag", "scope", "sector", "driver", "message", "is_derived"
    )


def _laps(session: Session) -> pl.DataFrame:
    return session.laps.select(
        "driver", "lap", "start_time_s", "end_time_s", "lap_time_s", "compound", "tyre_age_laps", "stint", "is_representative"
    )


def _repairs(session: Session) -> pl.DataFrame:
    """Return what was repaired, counted: one row for each column and reason, with the first value as an example."""
    first = (pl.col(name).first() for name in ("driver", "lap", "published", "used"))
    return session.repairs.group_by("table", "column", "method", maintain_order=True).agg(
        pl.len().cast(pl.Int32).alias("n"), *first
    )


TABLES: dict[str, Callable[[Session], pl.DataFrame]] = {
    "session": _session,
    "drivers": _drivers,
    "timing": lambda s: s.timing.sort("driver", "field", "time_s", maintain_order=True),
    "positions": lambda s: s.positions,
    "circuit": lambda s: s.circuit,
    "status": lambda s: s.track_status,
    "race_control": _race_control,
    "weather": lambda s: s.weather,
    "data_sets": lambda s: s.data_sets,
    "health": lambda s: s.health().select("severity", "finding"),
    "repairs": _repairs,
    "events": events,
    "leader_laps": leader_laps,
    "laps": _laps,
    "traces": lambda s: s.traces,
}
