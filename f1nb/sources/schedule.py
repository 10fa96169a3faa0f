"""The schedule of a season since 2018, session by session, from the f1schedule project."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from f1nb.naming import session_kind
from f1nb.schema import SESSIONS
from f1nb.seasons import season
from f1nb.sources._answers import answer, kept_answer, known_form

FIRST_YEAR = 2018
COLUMNS = {
    "year": pl.Int32, "round": pl.Int32, "event": pl.String, "official_name": pl.String, "country": pl.String,
    "location": pl.String, "format": pl.String, "session": pl.Enum(SESSIONS), "session_name": pl.String, "date": pl.Date,
    "start_utc": pl.Datetime("ms", "UTC"), "start_local": pl.Datetime("ms"), "utc_offset_s": pl.Int32,
}  # fmt: skip
_ADDRESS = "https://raw.githubusercontent.com/theOehrly/f1schedule/master/schedule_{year}.json"
# one offset is published for a weekend, that of the race; here summer time can end, or begin, in the night before it
_ZONES = {
    "Australian Grand Prix": "Australia/Melbourne",
    "Mexican Grand Prix": "America/Mexico_City",
    "Mexico City Grand Prix": "America/Mexico_City",
    "Portuguese Grand Prix": "Europe/Lisbon",
    "United States Grand Prix": "America/Chicago",
}


def season_schedule(year: int, *, fetch: bool = True) -> pl.DataFrame | None:
    """Return the sessions of a season, None where they are not published, or not kept here.

    Parameters
    ----------
    year
        Season, from 2018.
    fetch
        Whether the network may be asked.

    Raises
    ------
    SourceError
        When it cannot be read.
    """
    address = _ADDRESS.format(year=year)
    columns = answer(address, year=year) if fetch else kept_answer(address)
    if columns is None:
        return None
    with known_form("raw.githubusercontent.com"):
        names = list(columns)
        events = [dict(zip(names, values, strict=True)) for values in zip(*(c.values() for c in columns.values()), strict=True)]
        rows = [row for event in events if event["event_format"] != "testing" for row in _rows(year, event)]
    if not rows:
        return None
    local = pl.col("start_local")
    return (
        pl.DataFrame(rows, schema=COLUMNS)
        .with_columns(utc_offset_s=pl.coalesce(*_zone_offsets(), "utc_offset_s"), date=local.dt.date())
        .with_columns(start_utc=(local - pl.duration(seconds="utc_offset_s")).dt.replace_time_zone("UTC"))
        .sort("round", "start_utc")
    )


def _zone_offsets() -> list[pl.Expr]:
    """Return, for each event whose weekend may have two offsets, the one of each session."""
    offsets = []
    for event, zone in _ZONES.items():  # polars knows the zones, on machines that have no list of them, too
        instant = pl.col("start_local").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt
        seconds = (instant.base_utc_offset() + instant.dst_offset()).dt.total_seconds().cast(pl.Int32)
        offsets.append(pl.when(pl.col("event") == event).then(seconds))
    return offsets


def _rows(year: int, event: dict[str, Any]) -> list[dict[str, Any]]:
    about = {
        "year": year,
        "round": event["round_number"],
        "event": event["event_name"],
        "official_name": event["official_event_name"],
        "country": event["country"],
        "location": event["location"],
        "format": event["event_format"],
        "utc_offset_s": _seconds(event["gmt_offset"]),
    }
    rows = []
    for number in range(1, 6):
        name = event[f"session{number}"]
        if not name:  # 2020 Imola was a weekend of two days
            continue
        kind = session_kind(name, year)
        name_then = season(year).session_names.get(kind, name)
        start = datetime.fromisoformat(event[f"session{number}_date"])
        rows.append({**about, "session": kind, "session_name": name_then, "start_local": start})
    return rows


def _seconds(offset: str) -> int:
    """Return an offset such as ``-04:00`` in seconds."""
    hours, minutes = offset.lstrip("+-").split(":")[:2]
    size = 3600 * int(hours) + 60 * int(minutes)
    return -size if offset.startswith("-") else size
