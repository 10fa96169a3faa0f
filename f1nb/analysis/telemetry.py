"""Laps laid over one another: place on the circuit, official times, and the delta between two laps.

Speed integrates to a distance that is smooth but drifts, by up to half a percent and differently for every car; a position
is right on average but noisy and late. And the clock of the samples is not the clock that timed the lap. So `lap_trace`
takes the shape of the one and the slow part of the other for the place, and ties the time to the official lap and sector
times. Everything else here follows from that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from f1nb.analysis.circuit import Outline
from f1nb.schema import TABLES
from f1nb.session import Session

CHANNELS = ("speed_kmh", "throttle_pct", "is_braking", "gear", "rpm", "drs")
_STEPS = ("is_braking", "gear", "drs")  # they jump: between two samples the earlier value holds
_SAMPLES = ("driver", "lap", "lap_time_s", "distance_m", "x_m", "y_m", *CHANNELS)
TRACE_SCHEMA = TABLES["traces"].schema

_SMOOTH_M = 400.0  # width of the window that takes the noise out of the positions
_TIE_M = 150.0  # at the line a complete lap is at 0 whatever its positions say; over this length it goes back to them
_ROAD_M = 60.0  # a position further from the line than this is not on the road (nor in the pit lane)
_MOST_OFF_S = 1.5  # a sector time further than this from the samples belongs to another lap: not used


def lap_trace(telemetry: pl.DataFrame, lap: Mapping[str, Any], circuit: pl.DataFrame) -> pl.DataFrame:
    """Return one lap by its place on the circuit, its time tied to the official times.

    The place is the integrated distance, stretched to the length of the circuit, plus the smoothed difference (Hann window,
    400 m) between it and the position projected on the outline; it never goes back. A complete lap begins at 0 and ends at
    the length of the circuit.

    The time is that of the samples, corrected piece by piece with a straight line between start, sector lines and finish, so
    that there it equals the sums of the official times. Sector lines are the ``sector_line`` rows of ``circuit``; without
    them only start and finish are tied.

    Parameters
    ----------
    telemetry
        The ``telemetry`` rows of this lap, in order.
    lap
        The row of ``laps``, as a mapping.
    circuit
        The ``circuit`` table. Without an outline the lap's own distance is its place.

    Returns
    -------
    frame with ``driver``, ``lap``, ``track_m`` (0 to the length of the circuit, never falling), ``lap_time_s``,
    ``speed_kmh``, ``throttle_pct``, ``is_braking``, ``gear``, ``rpm`` and ``drs``: one row per sample, and one at start,
    sector lines and finish. Without samples it is empty.
    """
    samples = telemetry.filter(pl.col("distance_m").is_not_null(), pl.col("lap_time_s").is_not_null())
    return TRACE_SCHEMA.to_frame() if samples.height < 2 else _trace(samples, lap, _Course.of(circuit))


def traces(session: Session, laps: Iterable[tuple[str, int]], *, step_m: float | None = None) -> pl.DataFrame:
    """Return several laps by their place on the circuit, one after the other.

    Parameters
    ----------
    session
        Where they are from.
    laps
        (driver, lap) of each. A lap without telemetry has no rows.
    step_m
        Resample every so many metres; None keeps the samples.

    Returns
    -------
    frame as of `lap_trace`

    Examples
    --------
    >>> import f1nb
    >>> race = f1nb.simulate(seed=7, laps=3, cars=4)
    >>> code = race.drivers["driver"][0]
    >>> traces(race, [(code, 2)]).select("driver", "lap").unique().rows() == [(code, 2)]
    True
    """
    wanted = list(dict.fromkeys((driver, int(lap)) for driver, lap in laps))
    course = _Course.of(session.circuit)
    parts = [_trace(samples, row, course, step_m=step_m) for row, samples in _samples(session, wanted)]
    return pl.concat([TRACE_SCHEMA.to_frame(), *parts])


def lap_traces(session: Session, laps: Iterable[tuple[str, int]]) -> pl.DataFrame:
    """Return table ``traces`` of these laps: every 5 m, rounded to what the sources resolve."""
    frame = traces(session, laps, step_m=5.0)
    return frame.with_columns(pl.col("speed_kmh", "throttle_pct").round(0), (pl.col("rpm") / 10).round(0) * 10)


def lap_delta(trace: pl.DataFrame, *, reference: pl.DataFrame, step_m: float = 5.0) -> pl.DataFrame:
    """Return how much time a lap has lost to a reference lap by each place on the circuit.

    Parameters
    ----------
    trace, reference
        One lap each, as of `lap_trace`.
    step_m
        Distance of the rows.

    Returns
    -------
    frame with ``distance_m`` and ``delta_s`` (positive: behind the reference). At the finish line of two complete laps it is
    the difference of their official lap times.

    Examples
    --------
    >>> slow = pl.DataFrame({"track_m": [0.0, 4.0, 10.0], "lap_time_s": [0.0, 0.5, 1.1]})
    >>> fast = pl.DataFrame({"track_m": [0.0, 10.0], "lap_time_s": [0.0, 1.0]})
    >>> lap_delta(slow, reference=fast).with_columns(pl.col("delta_s").round(3)).rows()
    [(0.0, 0.0), (5.0, 0.1), (10.0, 0.1)]
    """
    if trace.is_empty() or reference.is_empty():
        return pl.DataFrame(schema={"distance_m": pl.Float64, "delta_s": pl.Float64})
    end_m = min(float(trace["track_m"][-1]), float(reference["track_m"][-1]))
    grid = _grid(0.0, end_m, step_m)
    times = [np.interp(grid, t["track_m"].to_numpy(), t["lap_time_s"].to_numpy()) for t in (trace, reference)]
    return pl.DataFrame({"distance_m": grid, "delta_s": times[0] - times[1]})


def default_laps(session: Session, *, most: int = 5) -> list[tuple[str, int]]:
    """Return the best representative lap of each driver and stint, at most ``most`` per driver, fastest first.

    A driver without a representative lap has his best timed one.
    """
    order = {code: i for i, code in enumerate(session.drivers["driver"])}
    timed = session.laps.filter(pl.col("lap_time_s").is_not_null(), ~pl.col("is_deleted").fill_null(value=False)).with_columns(
        good=pl.col("is_representative").fill_null(value=False)
    )
    best = (
        timed.filter(pl.col("good") | ~pl.col("good").any().over("driver"))
        .with_columns(stint=pl.when("good").then(pl.col("stint")))
        .sort("lap_time_s", "lap")
        .unique(["driver", "stint"], keep="first", maintain_order=True)
        .select("driver", "lap")
    )
    chosen = [row for _, laps in best.group_by("driver", maintain_order=True) for row in laps.head(most).iter_rows()]
    return sorted(chosen, key=lambda row: order.get(row[0], len(order)))


@dataclass(frozen=True, slots=True)
class _Course:
    """The circuit as laps are laid on it: its line, and where the sector lines are, by number."""

    outline: Outline | None
    lines_m: dict[int, float]

    @classmethod
    def of(cls, circuit: pl.DataFrame) -> _Course:
        lines = circuit.filter(pl.col("kind") == "sector_line").select("number", "distance_m")
        has_outline = (circuit["kind"] == "outline").sum() > 2
        return cls(Outline(circuit) if has_outline else None, dict(lines.drop_nulls().iter_rows()))


def sector_lines(session: Session) -> pl.DataFrame:
    """Return where the sector lines are, for a circuit that does not say so.

    A line is where cars are, in the median over the forty best laps, when their official sector time has passed.

    Returns
    -------
    rows of the ``circuit`` table, kind ``sector_line``, numbers 1 and 2; none without sector times or an outline
    """
    outline = _Course.of(session.circuit).outline
    if outline is None:
        return TABLES["circuit"].empty()
    good = session.laps.filter(pl.col("is_representative").fill_null(value=False)).sort("lap_time_s").head(40)
    found: dict[int, list[float]] = {1: [], 2: []}
    for lap, samples in _samples(session, good.select("driver", "lap").rows()):
        time, place, _ = _place(samples, lap, outline)
        for number in found.keys() & _sums(lap).keys():
            found[number].append(float(np.interp(_sums(lap)[number], time, place)))
    rows = []
    for number, places in found.items():
        if places:
            x, y = outline.at(np.array([np.median(places)]))
            rows.append({"kind": "sector_line", "number": number, "x_m": x[0], "y_m": y[0], "distance_m": np.median(places)})
    return TABLES["circuit"].frame(rows) if rows else TABLES["circuit"].empty()


def _samples(session: Session, laps: list[tuple[str, int]]) -> list[tuple[dict[str, Any], pl.DataFrame]]:
    """Return the row of ``laps`` and the samples of each lap that has both."""
    by_driver: dict[str, list[int]] = {}
    for driver, lap in laps:
        by_driver.setdefault(driver, []).append(lap)
    wanted = [(pl.col("driver") == driver) & pl.col("lap").is_in(numbers) for driver, numbers in by_driver.items()]
    if not wanted:
        return []
    rows = {(row["driver"], row["lap"]): row for row in session.laps.filter(pl.any_horizontal(wanted)).iter_rows(named=True)}
    # one scan per driver, of the columns needed: a store has a row group for each, so little else is read
    known = pl.col("distance_m").is_not_null() & pl.col("lap_time_s").is_not_null()
    scans = [session.telemetry.filter(one).select(_SAMPLES).filter(known) for one in wanted]
    samples: dict[Any, pl.DataFrame] = {}
    for frame in pl.collect_all(scans):
        samples |= frame.partition_by("driver", "lap", as_dict=True, maintain_order=True)
    return [(rows[key], samples[key]) for key in laps if key in rows and key in samples and samples[key].height > 1]


def _trace(samples: pl.DataFrame, lap: Mapping[str, Any], course: _Course, *, step_m: float | None = None) -> pl.DataFrame:
    time, place, length_m = _place(samples, lap, course.outline)
    at, given, official = _ties(time, place, lap, course.lines_m, length_m)
    # every sample and every tie is a row; where both fall together the tie wins
    rows_at = np.concatenate([given, time])
    rows_at, first = np.unique(rows_at, return_index=True)
    track = np.maximum.accumulate(np.concatenate([at, place])[first])
    tied = np.concatenate([official, time + np.interp(time, given, official - given)])[first]
    if step_m is not None:
        grid = _grid(track[0], track[-1], step_m)
        rows_at, tied, track = np.interp(grid, track, rows_at), np.interp(grid, track, tied), grid
    earlier = np.maximum(np.searchsorted(time, rows_at, side="right") - 1, 0)
    data: dict[str, Any] = {"driver": [lap["driver"]] * len(track), "lap": [lap["lap"]] * len(track)}
    data |= {"track_m": track, "lap_time_s": tied}
    for name in CHANNELS:
        values = samples[name]
        if name in _STEPS or values.null_count() == len(values):
            data[name] = values.gather(earlier)
        else:
            known = values.is_not_null().to_numpy()
            data[name] = np.interp(rows_at, time[known], values.to_numpy()[known].astype(float)).astype(np.float32)
    return pl.DataFrame(data, schema=TRACE_SCHEMA)


def _grid(start_m: float, end_m: float, step_m: float) -> np.ndarray:
    """Return the multiples of ``step_m`` from start to end, and the end."""
    return np.append(np.arange(np.ceil(start_m / step_m) * step_m, end_m - step_m / 4, step_m), end_m)


def _place(samples: pl.DataFrame, lap: Mapping[str, Any], outline: Outline | None) -> tuple[np.ndarray, np.ndarray, float]:
    """Return time since the start of the lap and metres along the circuit of each sample, and the length of the circuit."""
    time, distance = (samples[c].to_numpy().astype(float) for c in ("lap_time_s", "distance_m"))
    length_m = outline.length_m if outline else float(distance[-1])
    is_complete = lap["end_time_s"] is not None
    is_flying = is_complete and lap["lap"] > 1 and abs(distance[-1] / length_m - 1) < 0.05
    base = distance
    if is_flying:
        base = distance * (length_m / distance[-1])
    elif is_complete:  # from the grid or out of the pit lane: it ends at the line, wherever it began
        base = distance + length_m - distance[-1]
    if outline is not None:
        base = base + _drift(samples, base, outline, starts=is_flying, ends=is_complete)
    return time, np.clip(np.maximum.accumulate(base), 0.0, length_m), length_m


def _drift(samples: pl.DataFrame, base: np.ndarray, outline: Outline, *, starts: bool, ends: bool) -> np.ndarray:
    """Return what positions say must be added to ``base``: smooth, and 0 where the lap is known to start and end."""
    x, y = (samples[c].to_numpy().astype(float) for c in ("x_m", "y_m"))
    use = np.flatnonzero(np.isfinite(x) & np.isfinite(y))[::3]  # positions come at about a third of the rate of the samples
    near = np.clip(base[use], 0, outline.length_m)
    place, offset = outline.project(x[use], y[use], near_m=near, reach_m=200.0)
    half = outline.length_m / 2
    off = np.mod(place - near + half, outline.length_m) - half
    on_road = np.abs(offset) < _ROAD_M
    if on_road.sum() < 8:
        return np.zeros(len(base))
    step = 5.0
    even = np.arange(0.0, outline.length_m + step, step)
    at, first = np.unique(near[on_road], return_index=True)
    window = np.hanning(round(_SMOOTH_M / step) | 1)
    pad = len(window) // 2
    smooth = np.convolve(np.pad(np.interp(even, at, off[on_road][first]), pad, mode="edge"), window / window.sum(), "valid")
    if starts:
        smooth *= np.minimum(1.0, even / _TIE_M)
    if ends:
        smooth *= np.clip((outline.length_m - even) / _TIE_M, 0.0, 1.0)
    return np.interp(base, even, smooth)


def _sums(lap: Mapping[str, Any]) -> dict[int, float]:
    """Return the official time from the start of the lap at sector lines 1 and 2 and at the finish (3), as far as known."""
    first, second, third = (lap[f"sector_{n}_time_s"] for n in (1, 2, 3))
    total = lap["lap_time_s"]
    sums: dict[int, float] = {}
    if first is not None:
        sums[1] = first
    elif None not in (total, second, third):
        sums[1] = total - second - third
    if None not in (first, second):
        sums[2] = first + second
    elif None not in (total, third):
        sums[2] = total - third
    if total is not None:
        sums[3] = total
    elif lap["end_time_s"] is not None and lap["start_time_s"] is not None:
        sums[3] = lap["end_time_s"] - lap["start_time_s"]
    return sums


def _ties(
    time: np.ndarray, place: np.ndarray, lap: Mapping[str, Any], lines_m: Mapping[int, float], length_m: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return where the time is tied: place, time by the samples, official time; each rising."""
    sums = _sums(lap)
    ties = [(0.0, 0.0, 0.0)]
    for number in (1, 2):
        at = lines_m.get(number)
        if at is None or number not in sums or not place[0] < at < place[-1]:
            continue
        given = float(np.interp(at, place, time))
        if abs(given - sums[number]) < _MOST_OFF_S and given > ties[-1][1] and sums[number] > ties[-1][2]:
            ties.append((at, given, sums[number]))
    if 3 in sums and sums[3] > ties[-1][2]:
        # the last sample may be a little before the line
        ties.append((length_m, max(float(time[-1]), sums[3], ties[-1][1] + 1e-3), sums[3]))
    at, given, official = np.array(ties).T
    return at, given, official
