"""How a car moves along one lap: a planned speed profile, then the same stretched to the times of the race."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from f1nb.sources.simulated.circuit import Circuit, launch_limit, travel_time


@dataclass(frozen=True, slots=True)
class Profile:
    """An undisturbed lap: speed and time since its start by distance from the line.

    Where the car stands still two points share a distance. ``lines_s`` are the times at the timing lines that it reaches, with
    the start of the lap as the first.
    """

    distance_m: np.ndarray
    speed_mps: np.ndarray
    time_s: np.ndarray
    lines_s: list[float]


@dataclass(frozen=True, slots=True)
class Drive:
    """What a driver sets out to do in one lap.

    ``limits_mps`` are arrays along the lap, ``standing_s`` the time spent at ``standing_m`` (the grid slot or the pit box), and
    ``stops_m`` where a car that retires comes to rest.
    """

    lap_time_s: float
    limits_mps: tuple[np.ndarray, ...] = ()
    grid_slot_m: float = 0.0
    standing_m: float = 0.0
    standing_s: float = 0.0
    stops_m: float | None = None


def profile_of(circuit: Circuit, drive: Drive) -> Profile:
    """Return the undisturbed lap of a drive."""
    distance, speed = circuit.distance_m, circuit.speed_for(drive.lap_time_s)
    for limit in drive.limits_mps:
        speed = np.minimum(speed, limit)
    lines = circuit.line_nodes
    if drive.grid_slot_m:
        behind = np.linspace(-drive.grid_slot_m, 0.0, int(np.ceil(drive.grid_slot_m / 5)) + 1)[:-1]
        distance = np.concatenate([behind, distance])
        speed = np.concatenate([np.full(behind.size, speed[0]), speed])
        speed = np.minimum(speed, launch_limit(distance + drive.grid_slot_m))
        lines = np.concatenate([[0], lines[1:] + behind.size])
    if drive.stops_m is not None:
        end = int(np.searchsorted(distance, drive.stops_m)) + 1
        distance, speed = distance[:end], speed[:end].copy()
        speed[-1] = 0.0
        lines = lines[lines < end - 1]
    time = travel_time(distance, speed)
    if drive.standing_s:
        node = int(np.searchsorted(distance, drive.standing_m))
        time = np.concatenate([time[: node + 1], time[node:] + drive.standing_s])
        distance, speed = (np.concatenate([a[: node + 1], a[node:]]) for a in (distance, speed))
        lines = np.where(lines > node, lines + 1, lines)
    return Profile(distance, speed, time, time[lines].tolist())


def stretch_factors(profile: Profile, lines_s: Sequence[float]) -> np.ndarray:
    """How much longer than planned each part between two timing lines took."""
    return np.diff(lines_s) / np.diff(profile.lines_s[: len(lines_s)])


def stretched(
    profile: Profile, lines_s: Sequence[float], slope_in: np.ndarray, slope_out: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Session time and speed at the points of ``profile`` for a lap that crossed the timing lines at ``lines_s``.

    A cubic runs through the crossings; its slope against planned time is ``slope_in`` at the start of each part between two
    lines and ``slope_out`` at the end.
    """
    knots = np.array(profile.lines_s[: len(lines_s)])
    crossed = np.asarray(lines_s, dtype=float)
    if knots[-1] < profile.time_s[-1]:  # the car stops before the next line: as planned to the end
        rest = profile.time_s[-1] - knots[-1]
        knots, crossed = np.append(knots, profile.time_s[-1]), np.append(crossed, crossed[-1] + rest)
        slope_in, slope_out = np.append(slope_in, 1.0), np.append(slope_out, 1.0)
    part = np.clip(np.searchsorted(knots, profile.time_s, side="right") - 1, 0, knots.size - 2)
    planned = np.diff(knots)[part]
    taken = np.diff(crossed)[part]
    u = (profile.time_s - knots[part]) / planned
    into, out = slope_in[part] * planned, slope_out[part] * planned
    square, cube = 3 * taken - 2 * into - out, into + out - 2 * taken
    time = crossed[part] + u * (into + u * (square + u * cube))
    slope = (into + u * (2 * square + u * 3 * cube)) / planned
    return time, profile.speed_mps / slope
