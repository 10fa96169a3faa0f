"""What the small files say: who took part, where and when, messages, flags, weather, radio."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import polars as pl

from f1nb.schema import SESSION_STATUS, TABLES
from f1nb.sources import _identity
from f1nb.sources._codes import TRACK_STATUS, driver_code
from f1nb.sources.archive.streams import Message, merged
from f1nb.sources.archive.values import seconds, text, whole

_WEATHER = {
    "AirTemp": "air_temp_c", "TrackTemp": "track_temp_c", "Humidity": "humidity_pct", "Pressure": "pressure_hpa",
    "WindSpeed": "wind_speed_mps", "WindDirection": "wind_direction_deg",
}  # fmt: skip
_NAMED_CAR = re.compile(r"\b(\d{1,2}) \([A-Z]{3}\)")


def final_state(messages: Iterable[Message]) -> dict[str, Any]:
    """Return what the feed's state was at the end."""
    state: Any = {}
    for _, patch in messages:
        state = merged(state, patch)
    return state if isinstance(state, dict) else {}


def driver_codes(entries: Mapping[str, Any], timed: Iterable[str], year: int) -> dict[str, str]:
    """Return the driver by race number: as the list says, else who raced with it in that season, else the number itself.

    No two numbers are one driver: what is said of a second one is not believed.
    """
    said = {n: code for n, entry in entries.items() if isinstance(entry, dict) and (code := text(entry.get("Tla")))}
    said |= {n: code for n in timed if n not in said and (code := driver_code(n, year))}
    first = {code: n for n, code in reversed(said.items())}
    return {n: code if (code := said.get(n)) and first[code] == n else n for n in dict.fromkeys((*said, *timed))}


def drivers(
    entries: Mapping[str, Any], codes: Mapping[str, str], timed: Iterable[str], grid: Mapping[str, int], *, at_most: int
) -> pl.DataFrame:
    """Return table ``drivers``.

    Parameters
    ----------
    entries
        State of ``DriverList``.
    codes
        Driver by race number.
    timed
        Race numbers that were timed, whether they are in the list or not.
    grid
        Place on the grid by number.
    at_most
        How many cars the season has: in a longer list are drivers of other races, and only those that were timed are taken.
    """
    numbers = list(timed)
    named = [n for n in codes if n in entries]
    if not numbers or len(named) <= at_most:
        numbers += [n for n in named if n not in numbers]
    rows = []
    for number in numbers:
        entry = entries.get(number)
        entry = entry if isinstance(entry, dict) else {}
        first, last, full = (text(entry.get(part)) for part in ("FirstName", "LastName", "FullName"))
        name = _identity.usual_name(codes[number], f"{first} {last}" if first and last else full and full.title())
        color = (text(entry.get("TeamColour")) or "").lower()
        rows.append(
            {
                "driver": codes[number],
                "driver_id": _identity.driver_id(name) if name else None,
                "number": number,
                "full_name": name,
                "team": text(entry.get("TeamName")),
                "team_color": f"#{color}" if re.fullmatch("[0-9a-f]{6}", color) else None,
                "country_code": text(entry.get("CountryCode")),
                "grid_position": grid.get(number) or None,
            }
        )
    return TABLES["drivers"].frame(rows) if rows else TABLES["drivers"].empty()


def race_control(messages: Iterable[Message], codes: Mapping[str, str], zero_ms: int) -> pl.DataFrame:
    """Return table ``race_control``: each message once, at the moment when it was shown.

    Parameters
    ----------
    messages
        Of ``RaceControlMessages``.
    codes
        Driver by race number.
    zero_ms
        The session's zero on the clock of the stream.
    """
    shown: dict[str, tuple[int, dict[str, Any]]] = {}
    for time_ms, patch in messages:
        items = patch.get("Messages") if isinstance(patch, dict) else None
        items = {str(i): item for i, item in enumerate(items)} if isinstance(items, list) else items
        for index, item in items.items() if isinstance(items, dict) else ():
            if isinstance(item, dict):
                shown.setdefault(index, (time_ms, {}))[1].update(item)
    rows = []
    for time_ms, item in shown.values():
        message = text(item.get("Message"))
        if message is None:
            continue
        named = _NAMED_CAR.findall(message)
        number = str(item.get("RacingNumber") or (named[0] if len(named) == 1 else ""))
        rows.append(
            {
                "time_s": (time_ms - zero_ms) / 1000,
                "lap": whole(item.get("Lap")),
                "category": text(item.get("Category")),
                "flag": text(item.get("Flag")),
                "scope": text(item.get("Scope")),
                "sector": whole(item.get("Sector")),
                "driver": codes.get(number),
                "message": message,
                "is_derived": False,
            }
        )
    return TABLES["race_control"].frame(rows) if rows else TABLES["race_control"].empty()


def utc_of_stream(messages: Iterable[Message]) -> datetime | None:
    """Return the instant at which the stream began, from the instants that race control's messages carry.

    They are whole seconds and written before they are sent: the median is good to a second.
    """
    found = []
    for time_ms, patch in messages:
        items = patch.get("Messages") if isinstance(patch, dict) else None
        for item in items.values() if isinstance(items, dict) else items if isinstance(items, list) else ():
            instant = _instant(item.get("Utc") if isinstance(item, dict) else None, timedelta(milliseconds=time_ms))
            if instant is not None:
                found.append(instant)
    return sorted(found)[len(found) // 2] if found else None


def session_status(messages: Iterable[Message]) -> list[tuple[int, str]]:
    """Return the changes of the session's state: time of the stream in ms, and state."""
    found: list[tuple[int, str]] = []
    for time_ms, patch in messages:
        status = str(patch.get("Status") or "").lower() if isinstance(patch, dict) else ""
        if status in SESSION_STATUS and (not found or found[-1][1] != status):
            found.append((time_ms, status))
    return found


def track_status(messages: Iterable[Message]) -> list[tuple[int, str]]:
    """Return the changes of the track's status: time of the stream in ms, and status."""
    found: list[tuple[int, str]] = []
    for time_ms, patch in messages:
        status = TRACK_STATUS.get(str(patch.get("Status"))) if isinstance(patch, dict) else None
        if status and (not found or found[-1][1] != status):
            found.append((time_ms, status))
    return found


def countdown(messages: Iterable[Message], zero_ms: int) -> pl.DataFrame:
    """Return table ``session_clock`` from ``ExtrapolatedClock``."""
    rows: list[dict[str, Any]] = []
    state: Any = {}
    for time_ms, patch in messages:
        state = merged(state, patch)
        remaining_s = seconds(state.get("Remaining")) if isinstance(state, dict) else None
        if remaining_s is not None:
            is_running = state.get("Extrapolating") is True
            rows.append({"time_s": (time_ms - zero_ms) / 1000, "remaining_s": remaining_s, "is_running": is_running})
    return TABLES["session_clock"].frame(rows) if rows else TABLES["session_clock"].empty()


def weather(messages: Iterable[Message], zero_ms: int) -> pl.DataFrame:
    """Return table ``weather``."""
    rows = []
    state: Any = {}
    for time_ms, patch in messages:
        state = merged(state, patch)
        if not isinstance(state, dict):
            continue
        row: dict[str, Any] = {column: seconds(state.get(key)) for key, column in _WEATHER.items()}
        rain = seconds(state.get("Rainfall"))
        rows.append(row | {"time_s": (time_ms - zero_ms) / 1000, "is_raining": None if rain is None else rain > 0})
    return TABLES["weather"].frame(rows) if rows else TABLES["weather"].empty()


def radio(messages: Iterable[Message], codes: Mapping[str, str], zero_ms: int, address: str) -> pl.DataFrame:
    """Return table ``radio``.

    Parameters
    ----------
    messages
        Of ``TeamRadio``.
    codes
        Driver by race number.
    zero_ms
        The session's zero on the clock of the stream.
    address
        Where the host has the session's files.
    """
    rows: dict[str, dict[str, Any]] = {}
    for time_ms, patch in messages:
        captures = patch.get("Captures") if isinstance(patch, dict) else None
        for item in captures.values() if isinstance(captures, dict) else captures if isinstance(captures, list) else ():
            path = item.get("Path") if isinstance(item, dict) else None
            if isinstance(path, str) and path:
                driver = codes.get(str(item.get("RacingNumber")))
                row = {"time_s": (time_ms - zero_ms) / 1000, "driver": driver, "url": f"{address}/{quote(path)}"}
                rows.setdefault(path, row)
    return TABLES["radio"].frame(list(rows.values())) if rows else TABLES["radio"].empty()


def scheduled_start(info: Mapping[str, Any]) -> datetime | None:
    """Return the instant at which the session was to start, None where time or offset are missing."""
    offset_s = utc_offset_s(info)
    return None if offset_s is None else _instant(info.get("StartDate"), timedelta(seconds=offset_s))


def _instant(written: object, since: timedelta) -> datetime | None:
    """Return the instant ``since`` before the one that is written; None for none: year 1 is how the feed says unknown."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=UTC) - since if isinstance(written, str) else None
    except (ValueError, OverflowError):
        return None


def utc_offset_s(info: Mapping[str, Any]) -> int | None:
    """Return local time minus UTC, with its sign: ``"-04:00:00"`` is west of Greenwich.

    Examples
    --------
    >>> utc_offset_s({"GmtOffset": "-04:30:00"})
    -16200
    """
    match = re.fullmatch(r"(-?)(\d{1,2}):(\d{2})(?::(\d{2}))?", str(info.get("GmtOffset") or ""))
    if match is None:
        return None
    total = int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4] or 0)
    return -total if match[1] else total
