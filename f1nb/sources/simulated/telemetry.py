"""Telemetry of a simulated race, and what the timing loops measure, from the laps as driven."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from f1nb.sources.simulated.circuit import PIT_ENTRY_M, PIT_EXIT_M, Circuit, full_throttle_mps2
from f1nb.sources.simulated.motion import stretch_factors, stretched
from f1nb.sources.simulated.race import GRID_SPACING_M, Race
from f1nb.sources.simulated.state import Car, Lap

_SAMPLES_PER_S = 4.5
_STANDS_STILL_S = 20.0  # telemetry of a car that stopped for good goes on for this long
_GEAR_TOP_KMH = np.array([88.0, 122.0, 156.0, 192.0, 230.0, 268.0, 304.0, 345.0])
_IDLE_RPM, _TOP_RPM = 4300.0, 11900.0


@dataclass(frozen=True, slots=True)
class Loops:
    """What the loops in the track measured in one lap: speeds in km/h, session times in seconds."""

    last_s: float
    speed_i1_kmh: float | None
    speed_i2_kmh: float | None
    speed_fl_kmh: float | None
    speed_st_kmh: float | None
    pit_in_time_s: float | None
    pit_out_time_s: float | None


def telemetry_of(race: Race, *, has_drs: bool) -> tuple[pl.DataFrame, dict[tuple[str, int], Loops]]:
    """Return the samples of all cars, `telemetry` columns, and the loops' measurements by (driver, lap)."""
    columns: dict[str, list[np.ndarray]] = {name: [] for name in ("time", "lap_time", "along", "left", "speed", "pull", "drs")}
    starts, drivers, numbers, counts = [], [], [], []
    loops: dict[tuple[str, int], Loops] = {}
    for car in race.cars:
        factors = [np.empty(0), *(stretch_factors(lap.profile, lap.lines_s) for lap in car.laps), np.empty(0)]
        for i, lap in enumerate(car.laps):
            slopes = _slopes(lap, factors[i + 1], factors[i], factors[i + 2])
            time, speed = stretched(lap.profile, lap.lines_s, *slopes)
            along = lap.profile.distance_m
            if not lap.is_finished:
                time, speed, along = (
                    np.append(time, time[-1] + _STANDS_STILL_S),
                    np.append(speed, 0.0),
                    np.append(along, along[-1]),
                )
            loops[car.entry.driver, lap.number] = _measure(race, lap, time, speed, along)
            end = lap.lines_s[-1] if lap.is_finished else round(float(time[-1]), 3)
            at = np.round(np.linspace(lap.start_s, end, max(2, round((end - lap.start_s) * _SAMPLES_PER_S) + 1)), 3)
            s = np.interp(at, time, along)
            v = np.interp(at, time, speed)
            columns["time"].append(at)
            columns["lap_time"].append(np.round(at - lap.start_s, 3))
            columns["along"].append(s)
            columns["left"].append(_left_of_track(race.circuit, car, lap, s))
            columns["speed"].append(v)
            columns["pull"].append(np.gradient(v, at))
            columns["drs"].append(_drs_open(race.circuit, lap, s))
            starts.append(along[0])
            drivers.append(car.entry.driver)
            numbers.append(lap.number)
            counts.append(at.size)
    joined = {name: np.concatenate(parts) for name, parts in columns.items()}
    along, speed_kmh = joined["along"], np.round(joined["speed"] * 3.6)
    x, y, z = race.circuit.place(along, joined["left"])
    throttle, braking = _pedals(joined["speed"], joined["pull"])
    gear, rpm = _gears(speed_kmh)
    frame = pl.DataFrame(
        {
            "driver": pl.Series(drivers).gather(np.repeat(np.arange(len(drivers)), counts)),
            "lap": np.repeat(np.array(numbers, dtype=np.int32), counts),
            "time_s": joined["time"],
            "lap_time_s": joined["lap_time"],
            "distance_m": np.round(along - np.repeat(starts, counts), 2).astype(np.float32),
            "speed_kmh": speed_kmh.astype(np.float32),
            "rpm": rpm,
            "gear": gear,
            "throttle_pct": throttle,
            "is_braking": braking,
            "x_m": np.round(x, 1).astype(np.float32),
            "y_m": np.round(y, 1).astype(np.float32),
            "z_m": np.round(z, 1).astype(np.float32),
        }
    )
    return (frame.with_columns(drs=joined["drs"]) if has_drs else frame), loops


def _slopes(lap: Lap, own: np.ndarray, before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Stretch at the start and at the end of each part of a lap, from the stretch factors of it and the laps around.

    At a line it is the smaller one of both sides, so that no car is faster inside a part than at its ends. The pit lane has
    none: there the limit holds. A car that turns in from behind a safety car has planned for that since the line before.
    """
    around = np.concatenate([before[-1:] if before.size else own[:1], own, after[:1] if after.size else own[-1:]])
    at_lines = np.minimum(around[:-1], around[1:])
    if lap.is_pit_in:
        at_lines[-2:] = 1.0
    if lap.is_pit_out:
        at_lines[:3] = 1.0
    slope_in, slope_out = at_lines[:-1].copy(), at_lines[1:].copy()
    if lap.is_pit_in:
        slope_in[-2], slope_out[-3] = 1.0, own[-3]
    return slope_in, slope_out


def _measure(race: Race, lap: Lap, time: np.ndarray, speed: np.ndarray, along: np.ndarray) -> Loops:
    circuit = race.circuit

    def speed_at(distance_m: float) -> float | None:
        return float(np.round(np.interp(distance_m, along, speed) * 3.6)) if along[-1] >= distance_m else None

    def time_at(distance_m: float) -> float:
        return round(float(np.interp(distance_m, along, time)), 3)

    first, second, finish = (float(circuit.distance_m[circuit.line_nodes[line]]) for line in race.sector_lines)
    return Loops(
        last_s=round(float(time[-1]), 3),
        speed_i1_kmh=speed_at(first),
        speed_i2_kmh=speed_at(second),
        speed_fl_kmh=speed_at(finish),
        speed_st_kmh=speed_at(circuit.speed_trap_m),
        pit_in_time_s=time_at(circuit.length_m - PIT_ENTRY_M) if lap.is_pit_in else None,
        pit_out_time_s=time_at(PIT_EXIT_M) if lap.is_pit_out else None,
    )


def _left_of_track(circuit: Circuit, car: Car, lap: Lap, along: np.ndarray) -> np.ndarray:
    """Offset to the left of the centre line: the pit lane, or the two columns of the grid."""
    left = np.zeros_like(along)
    if lap.number == 1:
        side = 4.0 if car.entry.grid_position % 2 else -4.0
        left = side * np.clip(1 - (along + GRID_SPACING_M * car.entry.grid_position) / 250, 0, 1)
    if lap.is_pit_out or (lap.number > 1 and car.laps[lap.number - 2].is_pit_in):
        left = np.where(along < circuit.length_m / 2, circuit.pit_offset_m(along), left)
    if lap.is_pit_in:
        left = np.where(along > circuit.length_m / 2, circuit.pit_offset_m(along - circuit.length_m), left)
    return left


def _drs_open(circuit: Circuit, lap: Lap, along: np.ndarray) -> np.ndarray:
    is_open = np.zeros(along.size, dtype=bool)
    for zone, (start_m, brake_m) in enumerate(circuit.braking_zones_m):
        if lap.boosted >> zone & 1:
            is_open |= (along >= start_m) & (along < brake_m)
    return is_open


def _pedals(speed_mps: np.ndarray, pull_mps2: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Throttle in percent and brake on/off that give a speed and its change."""
    full, drag = full_throttle_mps2(speed_mps)
    braking = (pull_mps2 < -drag - 2.5) | (speed_mps < 0.5)
    throttle = np.clip((pull_mps2 + drag + 0.6) / full, 0, 1) * 100
    throttle = np.where(throttle > 92, 100.0, throttle)
    return np.round(np.where(braking, 0.0, throttle)).astype(np.float32), braking


def _gears(speed_kmh: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    gear = np.searchsorted(_GEAR_TOP_KMH, speed_kmh) + 1
    gear = np.minimum(gear, _GEAR_TOP_KMH.size)
    rpm = np.maximum(speed_kmh / _GEAR_TOP_KMH[gear - 1] * _TOP_RPM, _IDLE_RPM)
    return np.where(speed_kmh < 1, 0, gear).astype(np.int8), np.round(rpm).astype(np.float32)
