"""The tables that go to the browser, made from the session's frames: only the columns that panels read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from f1nb.analysis.events import events, leader_laps
from f1nb.analysis.pit_loss import pit_losses
from f1nb.analysis.stewards import decisions
from f1nb.analysis.track_limits import track_limits
from f1nb.session import GrowingSession, Session


def _session(session: Session) -> pl.DataFrame:
    season = session.season
    return session.session.select(
        "year", "round", "event", "country", "location", "circuit", pl.col("session").cast(pl.String),
        "total_laps", "utc_offset_s", "circuit_length_m", "circuit_rotation_deg", "source", "is_simulated",
        start_epoch_s=pl.col("start_utc").dt.epoch("s"),
        q2_cars=pl.lit(season.qualifying_cut[0]),
        q3_cars=pl.lit(season.qualifying_cut[1]),
        is_provisional=pl.lit(session.results["is_provisional"].fill_null(value=False).any()),
    )  # fmt: skip


def _drivers(session: Session) -> pl.DataFrame:
    return session.drivers.select("driver", "full_name", "team", "team_color", "number", "grid_position")


def _race_control(session: Session) -> pl.DataFrame:
    return session.race_control.select(
        "time_s", "lap", "category", "flag", "scope", "sector", "driver", "message", "is_derived"
    )


def _laps(session: Session) -> pl.DataFrame:
    laps = session.laps
    if isinstance(session, GrowingSession):
        laps = laps.sort("start_time_s", maintain_order=True)  # so that it grows at its end
    return laps.select(
        "driver", "lap", "start_time_s", "end_time_s", "lap_time_s", "compound", "tyre_age_laps", "stint", "is_representative"
    )


def _stints(session: Session) -> pl.DataFrame:
    """Return each set of tyres from its first lap on: since when, and how many laps it had before."""
    fitted = pl.coalesce("pit_out_time_s", "start_time_s")
    first = session.laps.sort("driver", "lap").group_by("driver", "stint", maintain_order=True).first()
    return (
        first.drop_nulls("stint")
        .select(
            "driver", "lap", "compound", "fresh_tyre", time_s=fitted, age_laps=pl.max_horizontal(pl.col("tyre_age_laps") - 1, 0)
        )
        .sort("time_s", maintain_order=True)
    )  # fmt: skip


def _deleted_laps(session: Session) -> pl.DataFrame:
    """Return the lap times that race control deleted, from when on and until when; not known: from the end of the lap."""
    return (
        session.laps.filter(pl.col("is_deleted") | pl.col("deleted_at_s").is_not_null())
        .drop_nulls(["start_time_s", "end_time_s"])
        .select(
            "driver", "lap", "start_time_s", "end_time_s", "lap_time_s", "deleted_reason", "reinstated_at_s",
            deleted_at_s=pl.coalesce("deleted_at_s", "end_time_s"),
        )
        .sort("deleted_at_s", maintain_order=True)
    )  # fmt: skip


def _mini_sectors(session: Session) -> pl.DataFrame:
    """Return them by car and place, which is smaller; those of a session that grows have what is new at their end."""
    log = session.mini_sectors
    return log if isinstance(session, GrowingSession) else log.sort("driver", "sector", "mini_sector", "time_s")


def _pit_losses(session: Session) -> pl.DataFrame:
    return pit_losses(session.laps if session.is_race else session.laps.clear())


def _repairs(session: Session) -> pl.DataFrame:
    """Return what was repaired, counted: one row for each column and reason, with the first value as an example."""
    first = (pl.col(name).first() for name in ("driver", "lap", "published", "used"))
    return session.repairs.group_by("table", "column", "method", maintain_order=True).agg(
        pl.len().cast(pl.Int32).alias("n"), *first
    )


def _timing(session: Session) -> pl.DataFrame:
    """Return the change log by driver, which is a third smaller; that of a session that grows has what is new at its end."""
    log = session.timing
    return log if isinstance(session, GrowingSession) else log.sort("driver", "field", "time_s", maintain_order=True)


@dataclass(frozen=True, slots=True)
class Wire:
    """A table as panels read it.

    Attributes
    ----------
    make
        From the session's frames, in an order in which what is new comes last.
    reads
        Tables of the schema that it is made of.
    every_s
        How often it may be made again while a session grows.
    """

    make: Callable[[Session], pl.DataFrame]
    reads: tuple[str, ...]
    every_s: float = 0.0


def _as_it_is(table: str, every_s: float = 0.0) -> Wire:
    return Wire(lambda session: getattr(session, table), (table,), every_s)


TABLES: dict[str, Wire] = {
    "session": Wire(_session, ("session", "results")),
    "drivers": Wire(_drivers, ("drivers",)),
    "timing": Wire(_timing, ("timing",)),
    "positions": _as_it_is("positions", every_s=0.5),
    "circuit": _as_it_is("circuit"),
    "status": _as_it_is("track_status"),
    "session_status": _as_it_is("session_status"),
    "session_clock": _as_it_is("session_clock"),
    "race_control": Wire(_race_control, ("race_control",)),
    "stewards": Wire(lambda s: decisions(s.race_control, s.drivers), ("race_control", "drivers")),
    "track_limits": Wire(lambda s: track_limits(s.race_control, s.drivers), ("race_control", "drivers")),
    "radio": _as_it_is("radio"),
    "weather": _as_it_is("weather"),
    "data_sets": _as_it_is("data_sets", every_s=5.0),
    "health": Wire(lambda s: s.health().select("severity", "finding"), ("health",), every_s=5.0),
    "repairs": Wire(_repairs, ("repairs",), every_s=5.0),
    "events": Wire(events, ("laps", "timing", "track_status"), every_s=1.0),
    "leader_laps": Wire(leader_laps, ("laps",)),
    "laps": Wire(_laps, ("laps",)),
    "stints": Wire(_stints, ("laps",), every_s=0.5),
    "deleted_laps": Wire(_deleted_laps, ("laps",), every_s=0.5),
    "mini_sectors": Wire(_mini_sectors, ("mini_sectors",)),
    "pit_losses": Wire(_pit_losses, ("session", "laps"), every_s=1.0),
    "traces": _as_it_is("traces"),
}
