"""Race control of a simulated race: its messages, the status of the track, and the laps it deletes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from f1nb.sources.simulated.race import Race
from f1nb.sources.simulated.state import Car, Event, Lap

MARSHAL_SECTORS = 18
SEVERITY = ("clear", "yellow", "vsc_ending", "vsc", "safety_car", "red")  # mildest first
_VSC_ENDING_S = 12.0


@dataclass(frozen=True, slots=True)
class Deletion:
    """A lap time deleted for track limits: ``reason`` and ``message`` as race control writes them."""

    driver: str
    lap: int
    time_s: float
    reason: str
    message: str


def format_lap_time(time_s: float) -> str:
    """Write a lap time as race control does.

    Examples
    --------
    >>> format_lap_time(83.456), format_lap_time(59.9)
    ('1:23.456', '0:59.900')
    """
    ms = round(time_s * 1000)
    return f"{ms // 60000}:{ms % 60000 // 1000:02d}.{ms % 1000:03d}"


def status_changes(race: Race) -> list[tuple[float, str]]:
    """Return (session time, status) where the status of the track changes; of several the most severe counts."""
    spans: list[tuple[float, float, str]] = [(0.0, np.inf, "clear")]
    clear_s = next((e.time_s for e in race.events if e.kind == "track_clear"), np.inf)
    for event in race.events:
        if event.kind in ("yellow", "double_yellow"):
            spans.append((event.time_s, event.until_s, "yellow"))
        elif event.kind == "safety_car":
            spans.append((event.time_s, clear_s, "safety_car"))
        elif event.kind == "vsc":
            spans.append((event.time_s, event.until_s - _VSC_ENDING_S, "vsc"))
            spans.append((event.until_s - _VSC_ENDING_S, event.until_s, "vsc_ending"))
    changes: list[tuple[float, str]] = []
    for time in sorted({edge for start, end, _ in spans for edge in (start, end) if edge < np.inf}):
        status = max((s for start, end, s in spans if start <= time < end), key=SEVERITY.index)
        if not changes or changes[-1][1] != status:
            changes.append((round(time, 3), status))
    return changes


def status_during(changes: list[tuple[float, str]], start_s: float, end_s: float) -> list[str]:
    """Every status met between two times, the gravest first."""
    met = {
        status
        for i, (time, status) in enumerate(changes)
        if time < end_s and (i + 1 == len(changes) or changes[i + 1][0] > start_s)
    }
    return sorted(met, key=SEVERITY.index, reverse=True)


def random_deletions(rng: np.random.Generator, race: Race, changes: list[tuple[float, str]], start: datetime) -> list[Deletion]:
    """Draw the lap times that are deleted for track limits, at two or three corners of the circuit; ``start`` is local."""
    corners = [race.circuit.corners[i] for i in rng.permutation(len(race.circuit.corners))[:3]]
    deletions = []
    for car in race.cars:
        chance = rng.random(len(car.laps))
        for lap in car.laps[1:]:
            if chance[lap.number - 1] > 0.009 or not lap.is_finished or lap.is_pit_in or lap.is_pit_out:
                continue
            if status_during(changes, lap.start_s, lap.lines_s[-1]) != ["clear"]:
                continue
            corner = corners[int(rng.integers(len(corners)))]
            seen = start + timedelta(seconds=time_at(race, lap, corner.distance_m))
            reason = f"TRACK LIMITS AT TURN {corner.number} LAP {lap.number} {seen:%H:%M:%S}"
            lap_time = format_lap_time(lap.lines_s[-1] - lap.start_s)
            message = f"{_name(car)} TIME {lap_time} DELETED - {reason}"
            deletions.append(
                Deletion(car.entry.driver, lap.number, lap.lines_s[-1] + float(rng.uniform(12, 40)), reason, message)
            )
    return sorted(deletions, key=lambda d: d.time_s)


def time_at(race: Race, lap: Lap, distance_m: float) -> float:
    """Session time, about, at which a lap passed a point."""
    lines_m = race.circuit.distance_m[race.circuit.line_nodes[: len(lap.lines_s)]]
    return float(np.interp(distance_m, lines_m, lap.lines_s))


def messages(
    rng: np.random.Generator, race: Race, deletions: list[Deletion], *, start: datetime, has_drs: bool
) -> list[dict[str, Any]]:
    """Return rows of the ``race_control`` table, in order of time."""
    rows = [_row(4.0, "Other", f"RISK OF RAIN FOR F1 RACE IS {60 if race.rain.peak else 0}%")]
    rows.append(_row(32.0, "Flag", "GREEN LIGHT - PIT EXIT OPEN", flag="GREEN", scope="Track"))
    for event in race.events:
        rows += _of_event(race, event, start, has_drs=has_drs)
    strikes: dict[str, int] = {}
    for deletion in deletions:
        rows.append(_row(deletion.time_s, "Other", deletion.message, driver=deletion.driver))
        strikes[deletion.driver] = strikes.get(deletion.driver, 0) + 1
        if strikes[deletion.driver] == 3:
            car = next(c for c in race.cars if c.entry.driver == deletion.driver)
            text = f"BLACK AND WHITE FLAG FOR {_name(car)} - TRACK LIMITS"
            rows.append(
                _row(deletion.time_s + 20, "Flag", text, flag="BLACK AND WHITE", scope="Driver", driver=deletion.driver)
            )
    rows += _first_lap_incident(rng, race) + _rain_messages(race)
    if race.flag_s < np.inf:
        rows.append(_row(race.flag_s, "Flag", "CHEQUERED FLAG", flag="CHEQUERED", scope="Track"))
    first_over_line = np.array(race.leader_times_s)
    for row in rows:
        row["lap"] = min(int(np.searchsorted(first_over_line, row["time_s"], side="right")) + 1, race.laps)
    return sorted(rows, key=lambda r: r["time_s"])


def _row(time_s: float, category: str, message: str, **columns: Any) -> dict[str, Any]:
    return {"time_s": round(time_s, 3), "category": category, "message": message, "is_derived": False} | columns


def _name(car: Car) -> str:
    return f"CAR {car.entry.number} ({car.entry.driver})"


def marshal_sector(race: Race, distance_m: float) -> int:
    """Return the number of the marshal sector of a point, from 1."""
    return int(distance_m / race.circuit.length_m * MARSHAL_SECTORS) + 1


def _of_event(race: Race, event: Event, start: datetime, *, has_drs: bool) -> list[dict[str, Any]]:
    time, sector = event.time_s, marshal_sector(race, event.distance_m)
    by_sector = {"scope": "Sector", "sector": sector}
    track = {"flag": "CLEAR", "scope": "Track"}
    match event.kind:
        case "yellow" | "double_yellow":
            flag = event.kind.replace("_", " ").upper()
            return [
                _row(time, "Flag", f"{flag} IN TRACK SECTOR {sector}", flag=flag, **by_sector),
                _row(event.until_s, "Flag", f"CLEAR IN TRACK SECTOR {sector}", flag="CLEAR", **by_sector),
            ]
        case "stop" | "crash":
            corner = min(race.circuit.corners, key=lambda c: abs(c.distance_m - event.distance_m)).number
            car = race.cars[event.car]
            rows = [_row(time + 3, "CarEvent", f"{_name(car)} STOPPED AT TURN {corner}", driver=car.entry.driver)]
            if event.kind == "crash":
                text = f"TURN {corner} INCIDENT INVOLVING {_name(car)} NOTED"
                rows.append(_row(time + 45, "Other", text, driver=car.entry.driver))
            return rows
        case "blue":
            car = race.cars[event.car]
            seen = start + timedelta(seconds=time)
            text = f"WAVED BLUE FLAG FOR {_name(car)} TIMED AT {seen:%H:%M:%S}"
            return [_row(time, "Flag", text, flag="BLUE", scope="Driver", driver=car.entry.driver)]
        case "safety_car":
            return [_row(time, "SafetyCar", "SAFETY CAR DEPLOYED")]
        case "safety_car_in":
            return [_row(time, "SafetyCar", "SAFETY CAR IN THIS LAP")]
        case "track_clear":
            return [_row(time, "Flag", "TRACK CLEAR", **track)]
        case "vsc":
            return [
                _row(time, "SafetyCar", "VIRTUAL SAFETY CAR DEPLOYED"),
                _row(event.until_s - _VSC_ENDING_S, "SafetyCar", "VIRTUAL SAFETY CAR ENDING"),
                _row(event.until_s, "Flag", "TRACK CLEAR", **track),
            ]
        case "boost_on" | "boost_off":
            word = "ENABLED" if event.kind == "boost_on" else "DISABLED"
            return [_row(time, "Drs", f"DRS {word}") if has_drs else _row(time, "Other", f"OVERTAKE {word}")]
        case _:  # what race control does not comment on
            return []


def _first_lap_incident(rng: np.random.Generator, race: Race) -> list[dict[str, Any]]:
    """Two cars that came round nose to tail, looked at and let go."""
    order = sorted((c for c in race.cars if c.laps[0].is_finished), key=lambda c: c.laps[0].lines_s[-1])
    if len(order) < 4:
        return []
    i = int(rng.integers(len(order) // 2, len(order) - 1))
    turn = int(rng.integers(1, 5))
    cars = (
        f"CARS {order[i].entry.number} ({order[i].entry.driver}) AND {order[i + 1].entry.number} ({order[i + 1].entry.driver})"
    )
    what, why = f"TURN {turn} INCIDENT INVOLVING {cars}", "FORCING ANOTHER DRIVER OFF THE TRACK"
    noted = order[i + 1].laps[0].lines_s[-1] + float(rng.uniform(5, 30))
    reviewed = f"FIA STEWARDS: {what} REVIEWED NO FURTHER INVESTIGATION - {why}"
    return [_row(noted, "Other", f"{what} NOTED - {why}"), _row(noted + float(rng.uniform(60, 200)), "Other", reviewed)]


def _rain_messages(race: Race) -> list[dict[str, Any]]:
    if not race.rain.peak:
        return []
    sector = marshal_sector(race, race.circuit.corners[-3].distance_m)
    rows = [
        _row(race.rain.start_s + 25, "Other", f"TRACK SURFACE SLIPPERY IN TRACK SECTOR {sector}"),
        _row(race.rain.start_s + 70, "Other", "LOW GRIP CONDITIONS"),
    ]
    dries = np.arange(race.rain.end_s, race.last_s, 10.0)
    dry = [float(t) for t in dries if race.rain.wetness(float(t)) < 0.15]
    return rows + ([_row(dry[0], "Other", "NORMAL GRIP CONDITIONS")] if dry else [])
