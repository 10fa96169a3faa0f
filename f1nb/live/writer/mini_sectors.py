"""Mini-sectors, as ``TimingData`` says them: those that were published, else those that follow from the telemetry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from f1nb.analysis.crossings import LINES_PER_LAP, LINES_PER_SECTOR, Crossings, crossings
from f1nb.session import Session

_STATUS = {"none": 0, "slower": 2048, "personal": 2049, "best": 2051, "stopped": 2052, "pit_lane": 2064}
_BEGUN_S = 5.5  # a car that has begun a lap is through its first mini-sector by then
_SAME_S = 0.1
_CLEARED = {"Sectors": {str(i): {"Segments": {str(n): {"Status": 0} for n in range(LINES_PER_SECTOR)}} for i in range(3)}}


def stored(mini_sectors: pl.DataFrame) -> Iterator[tuple[float, str, dict[str, Any]]]:
    """Yield table ``mini_sectors``."""
    for time_s, driver, sector, number, mark in mini_sectors.iter_rows():
        yield time_s, driver, _patch(sector - 1, number - 1, _STATUS[mark])


def crossed(session: Session) -> Iterator[tuple[float, str, dict[str, Any]]]:
    """Yield the stretches between the timing lines of `crossings`, for a session of which no mini-sectors were published."""
    if session.laps.is_empty():
        return
    lines = crossings(session.laps, session.telemetry.select("driver", "lap", "time_s", "distance_m").collect())
    times = _as_logged(lines, session.timing)
    with np.errstate(invalid="ignore"):  # a car that has gone never gets there
        took = np.diff(times, axis=1, prepend=np.nan)
    cars, at = np.nonzero(np.isfinite(times))
    order = np.argsort(times[cars, at], kind="stable")
    best, own = np.full(LINES_PER_LAP, np.inf), np.full((len(lines.drivers), LINES_PER_LAP), np.inf)
    pits = _visits(session)
    last = lines.last
    for car, line in zip(cars[order].tolist(), at[order].tolist(), strict=True):
        if not line:
            continue
        driver, time_s, place = lines.drivers[car], float(times[car, line]), (line - 1) % LINES_PER_LAP
        sector, number = divmod(place, LINES_PER_SECTOR)
        if any(came_s <= time_s <= left_s for came_s, left_s in pits.get(driver, ())):
            status = "pit_lane"
        else:
            status = _mark(float(took[car, line]), own[car], best, place)
        if number == 0 and sector == 0:
            yield time_s, driver, _CLEARED
        yield time_s, driver, _patch(sector, number, _STATUS[status])
        if line == last[car] and (line % LINES_PER_LAP == 0) and _goes_on(session, driver, line // LINES_PER_LAP):
            yield time_s + _BEGUN_S, driver, _patch(0, 0, _STATUS["slower"])


def _as_logged(lines: Crossings, log: pl.DataFrame) -> np.ndarray:
    """Return the times of the lines, where it can be as the change log has them: a gap and a mini-sector are said together."""
    times = lines.times.copy()
    first = slice(
        1, LINES_PER_SECTOR
    )  # not known, but a car is somewhere there: evenly from the start to the first sector line
    with np.errstate(invalid="ignore"):  # some never got there
        spread = np.linspace(times[:, 0], times[:, LINES_PER_SECTOR], LINES_PER_SECTOR + 1, axis=1)[:, 1:-1]
    times[:, first] = np.nan_to_num(spread, nan=np.inf, posinf=np.inf)
    gaps = log.filter(pl.col("field").is_in(["gap_s", "interval_s"])).select("driver", "time_s").unique().sort("time_s")
    of_driver = {driver: rows["time_s"].to_numpy() for (driver,), rows in gaps.group_by("driver", maintain_order=True)}
    for row, driver in enumerate(lines.drivers):
        known = of_driver.get(driver, np.empty(0))
        if len(known) < 2:
            continue
        after = np.clip(np.searchsorted(known, times[row]), 1, len(known) - 1)
        nearest = np.where(times[row] - known[after - 1] < known[after] - times[row], known[after - 1], known[after])
        times[row] = np.where(np.abs(nearest - times[row]) < _SAME_S, nearest, times[row])
    return times


def _mark(took_s: float, own: np.ndarray, best: np.ndarray, place: int) -> str:
    """Return how good a mini-sector was at its moment, and keep it."""
    if not np.isfinite(took_s):
        return "slower"
    name = "best" if took_s < best[place] else "personal" if took_s < own[place] else "slower"
    own[place], best[place] = min(took_s, own[place]), min(took_s, best[place])
    return name


def _goes_on(session: Session, driver: str, lap: int) -> bool:
    """Return whether there is a lap after the last one of which a line is known."""
    return not session.laps.filter(driver=driver, lap=lap + 1).is_empty()


def _visits(session: Session) -> dict[str, list[tuple[float, float]]]:
    """Return when each car was in the pit lane."""
    laps = session.laps.sort("driver", "lap")
    visits = laps.select("driver", "pit_in_time_s", left=pl.col("pit_out_time_s").shift(-1).over("driver")).drop_nulls(
        "pit_in_time_s"
    )
    found: dict[str, list[tuple[float, float]]] = {}
    for driver, came_s, left_s in visits.select("driver", "pit_in_time_s", pl.col("left").fill_null(np.inf)).iter_rows():
        found.setdefault(driver, []).append((came_s, left_s))
    return found


def _patch(sector: int, number: int, status: int) -> dict[str, Any]:
    return {"Sectors": {str(sector): {"Segments": {str(number): {"Status": status}}}}}
