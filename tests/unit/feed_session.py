"""Writes a race as the official archive publishes it: a ``.jsonStream`` file for each topic, laid out as its host has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import polars as pl
from feed_writer import BOM, DELAYS_MS, car_data, line, positions, utc

from f1nb.schema import CAR_STATES
from f1nb.session import Session

ZERO_MS = 3_600_000  # of the stream, at lights out
_TO_GRID_MS = ZERO_MS - 2_400_000  # the pit exit opens
_MINI_SECTORS = 8  # of a sector
_TRACK_STATUS = {"clear": "1", "yellow": "2", "safety_car": "4", "red": "5", "vsc": "6", "vsc_ending": "7"}
_STATUS_TEXT = {"1": "AllClear", "2": "Yellow", "4": "SCDeployed", "5": "Red", "6": "VSCDeployed", "7": "VSCEnding"}
_MARK = {"OverallFastest": False, "PersonalFastest": False}
_NO_VALUE = {"Value": "", "Status": 0, **_MARK}


class Sent(NamedTuple):
    """A message: the milliseconds of the stream at which it is sent, and the patch."""

    time_ms: int
    patch: dict[str, Any]


def files(race: Session) -> dict[str, bytes]:
    """Return the content of each file by its name."""
    numbers = dict(race.drivers.select("driver", "number").iter_rows())
    topics = {
        "SessionInfo": [Sent(0, _session_info(race))],
        "SessionStatus": _session_status(race),
        "DriverList": [Sent(4_180, _driver_list(race))],
        "TimingData": _timing_data(race, numbers),
        "TimingAppData": _timing_app_data(race, numbers),
        "TrackStatus": _track_status(race),
        "RaceControlMessages": _race_control(race, numbers),
        "WeatherData": _weather(race),
        "LapCount": _lap_count(race),
    }
    samples = (
        race.telemetry.collect()
        .join(race.drivers.select("driver", "number"), on="driver")
        .with_columns(pl.col("time_s") + ZERO_MS / 1000)
    )
    content = {topic: stream(messages) for topic, messages in topics.items()}
    a_second = 4 * race.drivers.height  # in a simulated race each car has instants of its own
    content["CarData.z"] = car_data(samples, entries_a_line=a_second)
    content["Position.z"] = positions(samples, entries_a_line=a_second)
    return {f"{topic}.jsonStream": data for topic, data in content.items()}


def stream(messages: Iterable[Sent]) -> bytes:
    """Return the file of a topic."""
    ordered = sorted(messages, key=lambda sent: sent.time_ms)
    return BOM + b"".join(line(sent.time_ms, orjson.dumps(sent.patch)) for sent in ordered)


def to_archive(race: Session, root: Path) -> Path:
    """Write the files as ``F1NB_ARCHIVE=root`` has them, and return the session's folder."""
    folder = root / "livetiming.formula1.com/static" / _session_info(race)["Path"]
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files(race).items():
        (folder / name).write_bytes(content)
    return folder


def _at(time_s: float) -> int:
    return ZERO_MS + round(time_s * 1000)


def _session_info(race: Session) -> dict[str, Any]:
    info = race.session.row(0, named=True)
    day = f"{info['start_utc']:%Y-%m-%d}"
    minutes = info["utc_offset_s"] // 60
    return {
        "Meeting": {
            "Key": 1,
            "Name": info["event"],
            "OfficialName": info["official_name"],
            "Location": info["location"],
            "Country": {"Key": 1, "Code": "", "Name": info["country"]},
            "Circuit": {"Key": 1, "ShortName": info["circuit"]},
        },
        "ArchiveStatus": {"Status": "Complete"},
        "Key": 1,
        "Type": "Race",
        "Name": "Race",
        "StartDate": f"{info['start_utc']:%Y-%m-%dT%H:%M:%S}",
        "GmtOffset": f"{minutes // 60:02d}:{minutes % 60:02d}:00",
        "Path": f"{info['year']}/{day}_{info['event']}/{day}_Race/".replace(" ", "_"),
    }


def _session_status(race: Session) -> list[Sent]:
    last = max(race.laps["end_time_s"].drop_nulls())
    first = _first_to_finish(race)
    return [
        Sent(1_258, {"Status": "Inactive"}),
        Sent(ZERO_MS, {"Status": "Started"}),
        Sent(_at(first) + 2_000, {"Status": "Finished"}),
        Sent(_at(last) + 120_000, {"Status": "Finalised"}),
        Sent(_at(last) + 600_000, {"Status": "Ends"}),
    ]


def _first_to_finish(race: Session) -> float:
    laps = race.laps.drop_nulls("end_time_s")
    return float(laps.filter(pl.col("lap") == laps["lap"].max())["end_time_s"].min())  # pyright: ignore[reportArgumentType]


def _driver_list(race: Session) -> dict[str, Any]:
    out = {}
    for row in race.drivers.iter_rows(named=True):
        first, _, last = row["full_name"].partition(" ")
        out[row["number"]] = {
            "RacingNumber": row["number"],
            "BroadcastName": f"{first[:1]} {last.upper()}",
            "FullName": f"{first} {last.upper()}",
            "Tla": row["driver"],
            "Line": row["grid_position"],
            "TeamName": row["team"],
            "TeamColour": (row["team_color"] or "").removeprefix("#").upper(),
            "FirstName": first,
            "LastName": last,
            "CountryCode": row["country_code"],
        }
    return out


def _timing_data(race: Session, numbers: dict[str, str]) -> Iterator[Sent]:
    yield Sent(4_180, {"Lines": {row["number"]: _first_line(row) for row in race.drivers.iter_rows(named=True)}})
    for (driver,), own in race.laps.group_by("driver", maintain_order=True):
        number = numbers[str(driver)]
        yield Sent(_TO_GRID_MS + int(number) * 1000, {"Lines": {number: {"InPit": False}}})
        for i, (time_ms, patch) in enumerate(_lap_messages(own)):
            yield Sent(time_ms + DELAYS_MS[i % len(DELAYS_MS)], {"Lines": {number: patch}})
    for time_s, driver, field, value in race.timing.select("time_s", "driver", "field", "value").iter_rows():
        patch = _screen(field, value)
        if patch and time_s > 0:
            yield Sent(_at(time_s), {"Lines": {numbers[driver]: patch}})


def _first_line(driver: dict[str, Any]) -> dict[str, Any]:
    return {
        "GapToLeader": "",
        "IntervalToPositionAhead": {"Value": "", "Catching": False},
        "Line": driver["grid_position"],
        "Position": str(driver["grid_position"] or ""),
        "ShowPosition": True,
        "RacingNumber": driver["number"],
        "Retired": False,
        "InPit": True,
        "PitOut": False,
        "Stopped": False,
        "Status": 80,
        "Sectors": [{"Stopped": False, **_NO_VALUE, "Segments": [{"Status": 0}] * _MINI_SECTORS} for _ in range(3)],
        "Speeds": dict.fromkeys(("I1", "I2", "FL", "ST"), _NO_VALUE),
        "BestLapTime": {"Value": ""},
        "LastLapTime": _NO_VALUE,
    }


def _lap_messages(laps: pl.DataFrame) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield when a car crosses the lines of its laps and of the pit lane, and what the feed says of it then."""
    best = float("inf")
    for lap in laps.iter_rows(named=True):
        if lap["pit_out_time_s"] is not None:
            yield _at(lap["pit_out_time_s"]), {"InPit": False, "PitOut": True}
            yield _at(lap["pit_out_time_s"]) + 8_000, {"PitOut": False}
        ends = _sector_ends(lap)
        for sector, time_s in enumerate(ends):
            if time_s is not None:
                yield _at(time_s), _crossing(lap, sector)
        yield from _mini_sectors(lap["start_time_s"], [*ends, lap["end_time_s"]])
        if lap["speed_st_kmh"] is not None and lap["end_time_s"] is not None:
            yield _at(lap["end_time_s"]) - 8_500, {"Speeds": {"ST": {"Value": f"{lap['speed_st_kmh']:.0f}", **_MARK}}}
        if lap["pit_in_time_s"] is not None:
            yield _at(lap["pit_in_time_s"]), {"InPit": True, "Status": 80}
        if lap["end_time_s"] is not None:
            end = {"NumberOfLaps": lap["lap"], **_crossing(lap, 2)}
            if lap["lap_time_s"] is not None:
                end["LastLapTime"] = {"Value": _lap_time(lap["lap_time_s"]), **_MARK}
                if lap["lap_time_s"] < best:
                    best = lap["lap_time_s"]
                    end["BestLapTime"] = {"Value": _lap_time(best), "Lap": lap["lap"]}
            yield _at(lap["end_time_s"]), end


def _sector_ends(lap: dict[str, Any]) -> tuple[float | None, float | None]:
    """Return the moments at sector lines 1 and 2, from whichever end of the lap they are known."""
    first, second, third = (lap[f"sector_{i}_time_s"] for i in (1, 2, 3))
    start, end = lap["start_time_s"], lap["end_time_s"]
    if None not in (first, second):
        return start + first, start + first + second
    if None not in (end, second, third):
        return end - third - second, end - third
    return (None if first is None else start + first), (None if None in (end, third) else end - third)


def _mini_sectors(start_s: float, ends_s: list[float | None]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the mini-sectors of a lap, evenly spread over each sector; of a lap that nothing else is known of, the first."""
    known = [(i, end_s) for i, end_s in enumerate(ends_s) if end_s is not None]
    if not known:
        yield _at(start_s) + 5_500, _mini_sector(0, 0)
    for sector, end_s in known:
        for i in range(_MINI_SECTORS):
            yield _at(start_s + (end_s - start_s) * (i + 1) / _MINI_SECTORS), _mini_sector(sector, i)
        start_s = end_s


def _mini_sector(sector: int, number: int) -> dict[str, Any]:
    return {"Sectors": {str(sector): {"Segments": {str(number): {"Status": 2048}}}}}


def _crossing(lap: dict[str, Any], sector: int) -> dict[str, Any]:
    trap, column = (("I1", "speed_i1_kmh"), ("I2", "speed_i2_kmh"), ("FL", "speed_fl_kmh"))[sector]
    sectors: dict[str, Any] = {"1": _NO_VALUE, "2": _NO_VALUE} if sector == 0 else {}
    if lap[f"sector_{sector + 1}_time_s"] is not None:
        sectors[str(sector)] = {"Value": f"{lap[f'sector_{sector + 1}_time_s']:.3f}", **_MARK}
    speeds = {} if lap[column] is None else {"Speeds": {trap: {"Value": f"{lap[column]:.0f}", **_MARK}}}
    return {"Sectors": sectors, **speeds}


def _lap_time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes}:{rest / 1000:06.3f}" if minutes else f"{rest / 1000:.3f}"


def _screen(field: str, value: float | None) -> dict[str, Any]:
    """Return what the official screen shows of a field that does not come from a lap."""
    if value is None:
        return {}
    match field:
        case "position":
            return {"Line": int(value), "Position": str(int(value))}
        case "gap_s":
            return {"GapToLeader": f"+{value:.3f}" if value else "LAP 1"}
        case "gap_laps" if value:
            return {"GapToLeader": f"{value:.0f}L"}
        case "interval_s" if value:
            return {"IntervalToPositionAhead": {"Value": f"+{value:.3f}"}}
        case "interval_laps" if value:
            return {"IntervalToPositionAhead": {"Value": f"{value:.0f}L"}}
        case "stops":
            return {"NumberOfPitStops": int(value)}
        case "state" if CAR_STATES[int(value)] in {"stopped", "retired"}:
            return {CAR_STATES[int(value)].title(): True}
    return {}


def _timing_app_data(race: Session, numbers: dict[str, str]) -> Iterator[Sent]:
    grid = {
        row["number"]: {"RacingNumber": row["number"], "Line": row["grid_position"], "GridPos": str(row["grid_position"] or "")}
        for row in race.drivers.iter_rows(named=True)
    }
    yield Sent(4_180, {"Lines": {number: {**entry, "Stints": []} for number, entry in grid.items()}})
    for (driver, _), own in race.laps.group_by("driver", "stint", maintain_order=True):
        lap = own.row(0, named=True)
        index = lap["stint"] - 1
        used = lap["tyre_age_laps"] - 1
        fitted = {
            "LapFlags": 0,
            "Compound": lap["compound"] or "UNKNOWN",
            "New": str(bool(lap["fresh_tyre"])).lower(),
            "TyresNotChanged": "0",
            "TotalLaps": used,
            "StartLaps": used,
        }
        since = ZERO_MS - 1_200_000 if not index else _at(lap["pit_out_time_s"] or lap["start_time_s"]) - 3_000
        yield Sent(since, {"Lines": {numbers[str(driver)]: {"Stints": {str(index): fitted}}}})
        for done in own.drop_nulls("end_time_s").iter_rows(named=True):
            patch = {"Stints": {str(index): {"TotalLaps": done["tyre_age_laps"], "LapNumber": done["lap"]}}}
            yield Sent(_at(done["end_time_s"]) + 900, {"Lines": {numbers[str(driver)]: patch}})


def _track_status(race: Session) -> Iterator[Sent]:
    for time_s, status in race.track_status.select("time_s", "status").iter_rows():
        code = _TRACK_STATUS[status]
        yield Sent(_at(time_s), {"Status": code, "Message": _STATUS_TEXT[code]})


def _race_control(race: Session, numbers: dict[str, str]) -> Iterator[Sent]:
    for index, row in enumerate(race.race_control.iter_rows(named=True)):
        time_ms = _at(row["time_s"])
        item = {"Utc": re.sub(r"\.\d+Z", "", utc(time_ms)), "Lap": row["lap"], "Category": row["category"]}
        item |= {"Flag": row["flag"], "Scope": row["scope"], "Sector": row["sector"], "Message": row["message"]}
        item["RacingNumber"] = numbers.get(row["driver"])
        item = {key: value for key, value in item.items() if value is not None}
        yield Sent(time_ms, {"Messages": {str(index): item} if index else [item]})


def _weather(race: Session) -> Iterator[Sent]:
    for row in race.weather.iter_rows(named=True):
        patch = {
            "AirTemp": f"{row['air_temp_c']:.1f}",
            "Humidity": f"{row['humidity_pct']:.1f}",
            "Pressure": f"{row['pressure_hpa']:.1f}",
            "Rainfall": str(int(row["is_raining"])),
            "TrackTemp": f"{row['track_temp_c']:.1f}",
            "WindDirection": f"{row['wind_direction_deg']:.0f}",
            "WindSpeed": f"{row['wind_speed_mps']:.1f}",
        }
        yield Sent(_at(row["time_s"]), patch)


def _lap_count(race: Session) -> Iterator[Sent]:
    yield Sent(2_024, {"CurrentLap": 1, "TotalLaps": race.info["total_laps"]})
    leads = race.laps.drop_nulls("end_time_s").group_by("lap").agg(pl.col("end_time_s").min()).sort("lap")
    for lap, end_s in leads.iter_rows():
        if lap < race.info["total_laps"]:
            yield Sent(_at(end_s) + 300, {"CurrentLap": lap + 1})
