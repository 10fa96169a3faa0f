"""The topics that say little at a time: where and when, who, status, clock, laps, flags, messages, weather, radio."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zlib import crc32

import polars as pl

from f1nb.live.writer.course import Course
from f1nb.session import Session
from f1nb.sources._codes import TRACK_STATUS, driver_code

_STATUS_CODES = {status: code for code, status in TRACK_STATUS.items()}
_STATUS_TEXTS = {"1": "AllClear", "2": "Yellow", "4": "SCDeployed", "5": "Red", "6": "VSCDeployed", "7": "VSCEnding"}
_TYPES = {"Q": "Qualifying", "SQ": "Qualifying", "S": "Race", "R": "Race"}
_HOURS = {"R": 2}  # that are planned; an hour otherwise
_HEARTBEAT_S = 15
_NUMBERS = range(1, 100)

Utc = Callable[[float], str]


class Sent(NamedTuple):
    """A message: when it is sent on the session's clock, its topic, and the patch."""

    time_s: float
    topic: str
    patch: Any


def race_numbers(session: Session) -> dict[str, str]:
    """Return the race number of each driver; where it is not known, the one of that season, else one that is free."""
    year = session.info["year"]
    of_season = {driver_code(str(number), year): str(number) for number in _NUMBERS}
    known = dict(session.drivers.select("driver", "number").iter_rows())
    for driver in session.laps["driver"].unique(maintain_order=True):
        known.setdefault(driver, None)
    found = {driver: number or of_season.get(driver) for driver, number in known.items()}
    free = (str(number) for number in _NUMBERS if str(number) not in found.values())
    return {driver: number or next(free) for driver, number in found.items()}


def session_info(session: Session, utc_start: datetime) -> dict[str, Any]:
    """Return the state of ``SessionInfo``."""
    info, name = session.info, session.season.session_names.get(session.info["session"], session.info["session"])
    offset_s = info["utc_offset_s"] or 0
    local = utc_start + timedelta(seconds=offset_s)
    sign, minutes = "-" * (offset_s < 0), abs(offset_s) // 60
    path = f"{info['year']}/{local:%Y-%m-%d}_{info['event']}/{local:%Y-%m-%d}_{name}/".replace(" ", "_")
    return {
        "Meeting": {
            "Key": crc32(f"{info['year']} {info['event']}".encode()) % 100_000,
            "Name": info["event"],
            "OfficialName": info["official_name"] or "",
            "Location": info["location"] or "",
            "Country": {"Key": 0, "Code": "", "Name": info["country"] or ""},
            "Circuit": {"Key": info["circuit_key"] or 0, "ShortName": info["circuit"] or ""},
        },
        "ArchiveStatus": {"Status": "Generating"},
        "Key": crc32(session.title.encode()) % 1_000_000,
        "Type": _TYPES.get(info["session"], "Practice"),
        "Name": name,
        "StartDate": f"{local:%Y-%m-%dT%H:%M:%S}",
        "EndDate": f"{local + timedelta(hours=_HOURS.get(info['session'], 1)):%Y-%m-%dT%H:%M:%S}",
        "GmtOffset": f"{sign}{minutes // 60:02d}:{minutes % 60:02d}:00",
        "Path": _path_of_radio(session) or path,
    }


def _path_of_radio(session: Session) -> str | None:
    """Return the session's path on the host where addresses of radio messages have it."""
    url = session.radio["url"].drop_nulls().head(1).to_list()
    found = url[0].partition("/static/")[2].partition("TeamRadio/")[0] if url else ""
    return found or None


def driver_list(session: Session, numbers: Mapping[str, str], line: Mapping[str, int]) -> dict[str, Any]:
    """Return the state of ``DriverList``; ``line`` has the order of the screen."""
    rows = {row["driver"]: row for row in session.drivers.iter_rows(named=True)}
    found = {}
    for driver, number in numbers.items():
        row = rows.get(driver, {})
        name = row.get("full_name") or driver
        first, _, last = name.rpartition(" ")
        found[number] = {
            "RacingNumber": number,
            "BroadcastName": f"{first[:1]} {last.upper()}".strip(),
            "FullName": f"{first} {last.upper()}".strip(),
            "Tla": driver,
            "Line": line[driver],
            "TeamName": row.get("team") or "",
            "TeamColour": (row.get("team_color") or "").removeprefix("#").upper(),
            "FirstName": first,
            "LastName": last,
            "CountryCode": row.get("country_code") or "",
        }
    return found


def of_course(course: Course, session: Session, utc: Utc) -> Iterator[Sent]:
    """Yield status and clock, and ``SessionData``, which lists when lap, part and status changed."""
    series = (
        [(time_s, {"QualifyingPart": part}) for part, time_s in enumerate(course.parts, 1)] if len(course.parts) > 1 else []
    )
    if session.is_race:
        series = [(time_s, {"Lap": lap}) for time_s, lap in leaders_laps(session)]
        for time_s, lap in leaders_laps(session)[1:]:
            yield Sent(time_s, "LapCount", {"CurrentLap": lap})
    for index, (time_s, what) in enumerate(series):
        yield Sent(time_s, "SessionData", {"Series": {str(index): {"Utc": utc(time_s), **what}}})
    statuses = [(time_s, {"SessionStatus": status}) for time_s, status in course.status]
    flags = session.track_status.select("time_s", "status").rows()
    for time_s, status in flags or [(0.0, "clear")]:
        code = _STATUS_CODES[status]
        statuses.append((time_s, {"TrackStatus": _STATUS_TEXTS[code]}))
        yield Sent(time_s, "TrackStatus", {"Status": code, "Message": _STATUS_TEXTS[code]})
    for index, (time_s, what) in enumerate(sorted(statuses, key=lambda status: status[0])):
        yield Sent(time_s, "SessionData", {"StatusSeries": {str(index): {"Utc": utc(time_s), **what}}})
        if "SessionStatus" in what:  # the list first: FastF1 takes the start from whatever names it first, as if it were that
            yield Sent(time_s, "SessionStatus", {"Status": what["SessionStatus"]})
    for part, time_s in enumerate(course.parts[1:], 2):
        yield Sent(time_s, "TimingData", {"SessionPart": part})
    for time_s, remaining_s, is_running in course.clock:
        minutes, seconds = divmod(int(remaining_s), 60)
        left = f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
        yield Sent(time_s, "ExtrapolatedClock", {"Utc": utc(time_s), "Remaining": left, "Extrapolating": is_running})


def leaders_laps(session: Session) -> list[tuple[float, int]]:
    """Return when the leader began each lap of a race."""
    ends = session.laps.drop_nulls("end_time_s").group_by("lap").agg(pl.col("end_time_s").min()).sort("lap").rows()
    return [(0.0, 1), *((end_s, lap + 1) for lap, end_s in ends[:-1])]


def race_control(session: Session, numbers: Mapping[str, str], utc: Utc) -> Iterator[Sent]:
    """Yield ``RaceControlMessages``."""
    names = {"lap": "Lap", "category": "Category", "flag": "Flag", "scope": "Scope", "sector": "Sector", "message": "Message"}
    for index, row in enumerate(session.race_control.iter_rows(named=True)):
        item = {"Utc": utc(row["time_s"]).partition(".")[0]}  # whole seconds, without the Z
        item |= {name: row[column] for column, name in names.items() if row[column] is not None}
        if row["driver"] in numbers:
            item["RacingNumber"] = numbers[row["driver"]]
        yield Sent(row["time_s"], "RaceControlMessages", {"Messages": {str(index): item}})


def weather(session: Session) -> Iterator[Sent]:
    """Yield ``WeatherData``."""
    tenths = {"AirTemp": "air_temp_c", "Humidity": "humidity_pct", "Pressure": "pressure_hpa", "TrackTemp": "track_temp_c",
              "WindSpeed": "wind_speed_mps"}  # fmt: skip
    for row in session.weather.iter_rows(named=True):
        patch = {key: f"{row[column]:.1f}" for key, column in tenths.items() if row[column] is not None}
        if row["wind_direction_deg"] is not None:
            patch["WindDirection"] = f"{row['wind_direction_deg']:.0f}"
        if row["is_raining"] is not None:
            patch["Rainfall"] = str(int(row["is_raining"]))
        yield Sent(row["time_s"], "WeatherData", patch)


def team_radio(session: Session, numbers: Mapping[str, str], utc: Utc) -> Iterator[Sent]:
    """Yield ``TeamRadio``."""
    said = session.radio.filter(pl.col("url").str.contains("TeamRadio/", literal=True), pl.col("driver").is_in(list(numbers)))
    for index, (time_s, driver, url) in enumerate(said.select("time_s", "driver", "url").iter_rows()):
        path = "TeamRadio/" + url.rpartition("TeamRadio/")[2]
        item = {"Utc": utc(time_s), "RacingNumber": numbers[driver], "Path": path}
        yield Sent(time_s, "TeamRadio", {"Captures": {str(index): item}})


def heartbeats(begin_s: float, end_s: float, utc: Utc) -> Iterator[Sent]:
    """Yield a ``Heartbeat`` every fifteen seconds."""
    for n in range(int((end_s - begin_s) / _HEARTBEAT_S) + 1):
        time_s = begin_s + n * _HEARTBEAT_S
        yield Sent(time_s, "Heartbeat", {"Utc": utc(time_s)})
