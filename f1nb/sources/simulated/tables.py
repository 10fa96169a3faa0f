"""The tables of a simulated session, from the race as it was run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from f1nb.naming import SIMULATED_EVENT
from f1nb.schema import TABLES
from f1nb.sources.simulated.circuit import Circuit
from f1nb.sources.simulated.control import MARSHAL_SECTORS, Deletion, status_during
from f1nb.sources.simulated.race import Race
from f1nb.sources.simulated.state import Lap
from f1nb.sources.simulated.telemetry import Loops


def session_table(race: Race, *, seed: int, year: int, start_utc: datetime, utc_offset_s: int) -> pl.DataFrame:
    """Return the one row that says what this session is."""
    return TABLES["session"].frame(
        [
            {
                "year": year,
                "round": 1,
                "event": SIMULATED_EVENT,
                "official_name": f"F1NB SIMULATED GRAND PRIX {year}",
                "country": "Nowhere",
                "location": "Nowhere",
                "circuit": f"Circuit No. {seed}",
                "session": "R",
                "start_utc": start_utc,
                "utc_offset_s": utc_offset_s,
                "total_laps": race.laps,
                "circuit_length_m": race.circuit.length_m,
                "circuit_rotation_deg": race.circuit.rotation_deg,
                "source": "simulated",
                "data_version": f"seed {seed}",
                "is_simulated": True,
            }
        ]
    )


def drivers_table(race: Race) -> pl.DataFrame:
    """Return who took part, in order of the grid."""
    return TABLES["drivers"].frame(
        [
            {
                "driver": e.driver,
                "driver_id": f"simulated-{e.driver.lower()}",
                "number": e.number,
                "full_name": e.full_name,
                "team": e.team_name,
                "team_color": e.team_color,
                "country_code": e.country_code,
                "grid_position": e.grid_position,
            }
            for e in (car.entry for car in race.cars)
        ]
    )


def laps_table(
    race: Race, loops: dict[tuple[str, int], Loops], changes: list[tuple[float, str]], deletions: list[Deletion]
) -> pl.DataFrame:
    """Return one row per driver and lap; every duration is a difference of times on the clock, in whole milliseconds."""
    deleted = {(d.driver, d.lap): d.reason for d in deletions}
    position = _positions(race)
    rows = []
    for car in race.cars:
        best = float("inf")
        for lap in car.laps:
            key = (car.entry.driver, lap.number)
            row = _lap_row(race, lap, loops[key])
            row |= {
                "driver": car.entry.driver,
                "position": position.get(key),
                "track_status": status_during(changes, lap.start_s, row["end_time_s"] or loops[key].last_s),
                "is_deleted": key in deleted,
                "deleted_reason": deleted.get(key),
            }
            lap_time = row["lap_time_s"]
            row["is_personal_best"] = lap_time is not None and key not in deleted and lap_time < best
            best = lap_time if row["is_personal_best"] else best
            rows.append(row)
    return TABLES["laps"].frame(rows)


def _lap_row(race: Race, lap: Lap, loops: Loops) -> dict[str, Any]:
    crossed = [lap.lines_s[line] if line < len(lap.lines_s) else None for line in race.sector_lines]
    # lap 1 starts at the grid, not at the line: it has no time, and neither has its first sector
    since = [lap.start_s if lap.number > 1 else None, crossed[0], crossed[1]]
    sectors = [round(b - a, 3) if a is not None and b is not None else None for a, b in zip(since, crossed, strict=True)]
    end = lap.lines_s[-1] if lap.is_finished else None
    return {
        "lap": lap.number,
        "start_time_s": lap.start_s,
        "end_time_s": end,
        "lap_time_s": round(end - lap.start_s, 3) if end is not None and lap.number > 1 else None,
        "sector_1_time_s": sectors[0],
        "sector_2_time_s": sectors[1],
        "sector_3_time_s": sectors[2],
        "compound": lap.compound,
        "tyre_age_laps": lap.tyre_age,
        "fresh_tyre": lap.fresh,
        "stint": lap.stint,
        "is_pit_in": lap.is_pit_in,
        "is_pit_out": lap.is_pit_out,
        "pit_in_time_s": loops.pit_in_time_s,
        "pit_out_time_s": loops.pit_out_time_s,
        "speed_i1_kmh": loops.speed_i1_kmh,
        "speed_i2_kmh": loops.speed_i2_kmh,
        "speed_fl_kmh": loops.speed_fl_kmh,
        "speed_st_kmh": loops.speed_st_kmh,
    }


def _positions(race: Race) -> dict[tuple[str, int], int]:
    """Place of each driver at the end of each lap, by (driver, lap)."""
    places = {}
    for number in range(1, race.laps + 1):
        cars = [c for c in race.cars if len(c.laps) >= number and c.laps[number - 1].is_finished]
        for place, car in enumerate(sorted(cars, key=lambda c: c.laps[number - 1].lines_s[-1]), start=1):
            places[car.entry.driver, number] = place
    return places


def circuit_table(race: Race) -> pl.DataFrame:
    """Return outline, pit lane, corners, marshal sectors and the two sector lines."""
    circuit = race.circuit
    around = circuit.distance_m[:-1]  # the first point is the next one after the last
    parts = [_points("outline", circuit, around)]
    parts.append(_points("pit_lane", circuit, circuit.pit_lane_m, circuit.pit_offset_m(circuit.pit_lane_m)))
    corners = _points("corner", circuit, np.array([c.distance_m for c in circuit.corners]))
    parts.append(corners.with_columns(angle_deg=pl.Series([c.angle_deg for c in circuit.corners])))
    parts.append(_points("marshal_sector", circuit, np.arange(MARSHAL_SECTORS) * circuit.length_m / MARSHAL_SECTORS))
    lines = circuit.distance_m[circuit.line_nodes[list(race.sector_lines[:2])]]
    parts.append(_points("sector_line", circuit, lines))
    return TABLES["circuit"].frame(pl.concat(parts, how="diagonal"))


def _points(kind: str, circuit: Circuit, distance_m: np.ndarray, left_m: np.ndarray | None = None) -> pl.DataFrame:
    x, y, _ = circuit.place(distance_m, np.zeros(distance_m.size) if left_m is None else left_m)
    return pl.DataFrame(
        {
            "kind": [kind] * distance_m.size,
            "number": np.arange(distance_m.size) + (0 if kind in ("outline", "pit_lane") else 1),
            "x_m": np.round(x, 2),
            "y_m": np.round(y, 2),
            "distance_m": np.where(distance_m < 0, distance_m + circuit.length_m, distance_m),
        }
    )


def weather_table(rng: np.random.Generator, race: Race) -> pl.DataFrame:
    """Return the weather once a minute, from lights out until the last car is home."""
    time = np.arange(0.0, race.last_s + 60, 60)
    drift = np.cumsum(rng.normal(0, 1, (4, time.size)), axis=1)
    wet = np.array([race.rain.wetness(float(t)) for t in time])
    air = rng.uniform(17, 30) + 0.06 * drift[0] - 3 * wet
    return TABLES["weather"].frame(
        {
            "time_s": time,
            "air_temp_c": np.round(air, 1),
            "track_temp_c": np.round(air + (4 if race.rain.peak else 13) + 0.15 * drift[1] - 4 * wet, 1),
            "humidity_pct": np.round(np.clip(48 + 1.2 * drift[2] + 40 * wet, 20, 97)),
            "pressure_hpa": np.round(rng.uniform(995, 1018) + 0.04 * drift[3], 1),
            "wind_speed_mps": np.round(np.abs(rng.normal(2.2, 0.9, time.size)), 1),
            "wind_direction_deg": np.round(np.mod(rng.uniform(0, 360) + rng.normal(0, 25, time.size), 360)),
            "is_raining": [race.rain.is_raining(float(t)) for t in time],
        }
    )
