"""When each car crossed each timing line: what positions, gaps and intervals are made of.

Gaps come from crossing times, never from distance on the map: distance divided by speed is wrong wherever the field changes
speed, most of all behind a safety car.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

LINES_PER_SECTOR = 8
LINES_PER_LAP = 3 * LINES_PER_SECTOR  # one each three to four seconds, as dense as the timing loops of a circuit


@dataclass(frozen=True, slots=True)
class Crossings:
    """Crossing times of all cars.

    Attributes
    ----------
    drivers
        Codes, in the order of the rows.
    times
        ``(n_drivers, n_lines)`` float64, seconds; inf where the car never got there. Line ``j`` is line ``j % 24`` of lap
        ``j // 24 + 1``; line 0 is the start. Lines 8 and 16 of a lap are the sector lines.
    """

    drivers: list[str]
    times: np.ndarray

    @property
    def last(self) -> np.ndarray:
        """``(n_drivers,)``: the last line each car crossed, -1 for a car that never started."""
        return np.where(np.isfinite(self.times), np.arange(self.times.shape[1]), -1).max(axis=1)


def crossings(laps: pl.DataFrame, telemetry: pl.DataFrame) -> Crossings:
    """Return when each car crossed each line.

    The start/finish and sector lines are official times. The lines between them are where the telemetry says that the car
    had covered that share of its lap, shifted and stretched so that the official lines stay where they are. There are none
    before the first sector line of lap 1: cars begin it at different places and spin their wheels, which is worth more metres
    than lie between two of them.

    Parameters
    ----------
    laps
        Table ``laps`` of a race.
    telemetry
        Table ``telemetry``; the lines of a lap without any are spread evenly over its time.
    """
    laps = laps.filter(pl.col("start_time_s").is_not_null()).sort("driver", "lap")
    samples = _samples(laps, telemetry)
    shares = _line_shares(laps, samples)
    drivers = laps["driver"].unique(maintain_order=True).to_list()
    n_laps = int(laps["lap"].max() or 0)  # pyright: ignore[reportArgumentType]
    times = np.full((len(drivers), n_laps * LINES_PER_LAP + 1), np.inf)
    for row, driver in enumerate(drivers):
        own = laps.filter(pl.col("driver") == driver)
        lap = own["lap"].to_numpy()
        start, end = own["start_time_s"].to_numpy(), own["end_time_s"].to_numpy()
        done = np.isfinite(end)
        # even spread first; then what the telemetry says
        grid = start[:, None] + (end - start)[:, None] * shares[None, :]
        progress, moment = samples.get(driver, (np.empty(0), np.empty(0)))
        if len(progress):
            wanted = (lap[:, None] - 1) + shares[None, :]
            reached = (wanted >= progress[0]) & (wanted <= progress[-1] + 1e-9)
            grid = np.where(reached, np.interp(wanted, progress, moment), np.where(done[:, None], grid, np.inf))
        grid[done, 0], grid[done, -1] = start[done], end[done]
        grid[~done, 0] = start[~done]
        _tie_to_sectors(grid, own, done)
        grid = np.where(np.isfinite(grid), np.maximum.accumulate(np.where(np.isfinite(grid), grid, -np.inf), axis=1), np.inf)
        columns = ((lap[:, None] - 1) * LINES_PER_LAP + np.arange(LINES_PER_LAP + 1)[None, :]).astype(int)
        times[row, columns[:, 0]] = grid[:, 0]  # the next lap's start is the same line: later laps write it last
        times[row, columns[:, 1:]] = grid[:, 1:]
    times[:, 1:LINES_PER_SECTOR] = np.inf
    return Crossings(drivers, times)


def _samples(laps: pl.DataFrame, telemetry: pl.DataFrame) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return by driver the laps done (fractional, rising) and the session clock of every sample."""
    if telemetry.is_empty():
        return {}
    length = telemetry.group_by("driver", "lap").agg(_own=pl.col("distance_m").max())
    finished = laps.select("driver", "lap", _finished=pl.col("end_time_s").is_not_null())
    length = length.join(finished, on=["driver", "lap"]).with_columns(
        _usual=pl.col("_own").filter(pl.col("_finished") & (pl.col("lap") > 1)).median()
    )
    length = length.select(
        "driver", "lap", _length=pl.when("_finished").then("_own").otherwise("_usual").fill_null(pl.col("_own"))
    )
    frame = (
        telemetry.select("driver", "lap", "time_s", "distance_m")
        .join(length, on=["driver", "lap"], maintain_order="left")
        .filter(pl.col("_length") > 0, pl.col("distance_m").is_not_null(), pl.col("time_s").is_not_null())
        .with_columns(share=(pl.col("distance_m") / pl.col("_length")).clip(0, 1))
    )
    frame = frame.select("driver", "time_s", progress=(pl.col("lap") - 1 + pl.col("share")).cum_max().over("driver"))
    return {
        str(driver): (group["progress"].to_numpy(), group["time_s"].to_numpy())
        for (driver,), group in frame.group_by("driver", maintain_order=True)
    }


def _line_shares(laps: pl.DataFrame, samples: dict[str, tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Return the share of a lap at each line, 0 to 1: the sector lines where the cars are at sector times (median)."""
    found: list[tuple[float, float]] = []
    timed = laps.drop_nulls(["sector_1_time_s", "sector_2_time_s", "end_time_s"])
    for driver, lap, start, s1, s2 in timed.select(
        "driver", "lap", "start_time_s", "sector_1_time_s", "sector_2_time_s"
    ).iter_rows():
        if driver in samples:
            progress, moment = samples[driver]
            first, second = np.interp([start + s1, start + s1 + s2], moment, progress) - (lap - 1)
            found.append((first, second))
    first, second = np.median(found, axis=0) if found else (1 / 3, 2 / 3)
    if not 0.05 < first < second - 0.05 < 0.9:
        first, second = 1 / 3, 2 / 3
    edges = (0.0, float(first), float(second), 1.0)
    return np.concatenate([[0.0], *(np.linspace(a, b, LINES_PER_SECTOR + 1)[1:] for a, b in pairwise(edges))])


def _tie_to_sectors(grid: np.ndarray, own: pl.DataFrame, done: np.ndarray) -> None:
    """Stretch each sector of each finished lap, in place, so that its ends are the official times."""
    end = own["end_time_s"].to_numpy()
    s2, s3 = own["sector_2_time_s"].to_numpy(), own["sector_3_time_s"].to_numpy()
    official = {LINES_PER_SECTOR: end - s3 - s2, 2 * LINES_PER_SECTOR: end - s3}
    tied = done & np.isfinite(s2) & np.isfinite(s3)
    anchors = [0, LINES_PER_SECTOR, 2 * LINES_PER_SECTOR, LINES_PER_LAP]
    raw = grid.copy()
    for line, times in official.items():
        grid[tied, line] = times[tied]
    for a, b in pairwise(anchors):
        span = raw[tied, b] - raw[tied, a]
        stretch = (grid[tied, b] - grid[tied, a]) / np.where(span > 0, span, 1.0)
        inner = slice(a + 1, b)
        grid[tied, inner] = grid[tied, a, None] + (raw[tied, inner] - raw[tied, a, None]) * stretch[:, None]
