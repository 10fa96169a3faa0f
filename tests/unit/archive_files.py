"""Small sessions in the format of the per-lap archive, made up: two cars or more on a round circuit of 5 km."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

LENGTH_M = 5000.0


def telemetry(times_s: Iterable[float]) -> dict[str, list[Any]]:
    """Return the columns of a lap file with samples at these moments, the last one at the line."""
    time = np.array(list(times_s))
    share = time / max(time[-1], 1e-9)
    angle = 2 * np.pi * share
    n = len(time)
    return {
        "time": time.round(3).tolist(),
        "rpm": [11000.0] * n,
        "speed": [LENGTH_M / max(time[-1], 1.0) * 3.6] * n,
        "gear": [7] * n,
        "throttle": [100.0] * n,
        "brake": [0] * n,
        "drs": [0] * n,
        "distance": (LENGTH_M * share).tolist(),
        "x": (np.cos(angle) * LENGTH_M / 2 / np.pi * 10).tolist(),
        "y": (np.sin(angle) * LENGTH_M / 2 / np.pi * 10).tolist(),
        "z": [0.0] * n,
    }


def session(starts_s: Mapping[str, float] | None = None, *, laps: int = 3, seed: int = 1) -> dict[str, Any]:
    """Return the files of a session by name, as values for JSON.

    Parameters
    ----------
    starts_s
        When each driver begins his first lap on the common clock.
    laps
        Laps of each driver.
    seed
        Of the irregular instants at which all cars are sampled.
    """
    random = np.random.default_rng(seed)
    starts_s = {"VER": 0.0, "NOR": 0.0} if starts_s is None else starts_s
    feed_s = random.integers(110, 420, 6000).cumsum() / 1000
    files: dict[str, Any] = {
        "drivers.json": {"drivers": [{"driver": code, "team": "McLaren"} for code in starts_s]},
        "corners.json": {"CornerNumber": [1], "X": [7957.0], "Y": [0.0], "Angle": [0.0], "Distance": [0.0], "Rotation": 0.0},
    }
    for code, start in starts_s.items():
        clock = start
        lap_times = (random.integers(80_000, 90_000, laps) / 1000).tolist()
        for lap, lap_time in enumerate(lap_times, 1):
            inside = feed_s[(feed_s > clock) & (feed_s < clock + lap_time)] - clock
            files[f"{code}/{lap}_tel.json"] = {"tel": telemetry([0.0, *inside, lap_time])}
            clock = round(clock + lap_time, 3)
        files[f"{code}/laptimes.json"] = {
            "time": lap_times,
            "lap": [float(n) for n in range(1, laps + 1)],
            "compound": ["SOFT"] * laps,
            "stint": [1.0] * laps,
            "s1": [round(t * 0.3, 3) for t in lap_times],
            "s2": [round(t * 0.4, 3) for t in lap_times],
            "s3": [round(t - round(t * 0.3, 3) - round(t * 0.4, 3), 3) for t in lap_times],
            "life": [float(n) for n in range(1, laps + 1)],
            "pos": [1.0] * laps,
            "status": ["1"] * laps,
            "pb": [True] * laps,
        }
    return files


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def to_folder(files: Mapping[str, Any], folder: Path) -> Path:
    """Write the files; a value that is bytes is written as it is."""
    for name, value in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_bytes(value))
    return folder


def to_zip(files: Mapping[str, Any], path: Path, inside: str = "Dutch Grand Prix/Race") -> Path:
    """Pack the files below a folder."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in files.items():
            archive.writestr(f"{inside}/{name}".lstrip("/"), _bytes(value))
    return path
