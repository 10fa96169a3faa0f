"""The circuit as the cars drew it: outline, pit lane, places of corners, and where a car is along it."""

from __future__ import annotations

import numpy as np
import polars as pl

from f1nb.schema import TABLES

STEP_M = 5.0
_FINEST_M = 30.0  # shorter waves than this in a path are noise of the positions, not road
_WIDEST_GAP_M = 120.0  # a lap with a larger hole in its positions does not show the circuit
_PIT_LIMIT_KMH = 85.0
_PIT_APPROACH_M = 80.0  # of path shown before and after the stretch with the speed limit


class Outline:
    """The closed line of a circuit, to go between places on the ground and metres from the start line.

    Parameters
    ----------
    circuit
        The ``circuit`` table.

    Raises
    ------
    ValueError
        When the table has no outline.

    Examples
    --------
    >>> ground = [(0.0, 0.0), (300.0, 0.0), (300.0, 100.0), (0.0, 100.0)]
    >>> square = pl.DataFrame([{"kind": "outline", "number": i, "x_m": x, "y_m": y} for i, (x, y) in enumerate(ground)])
    >>> outline = Outline(square)
    >>> outline.length_m
    800.0
    >>> distance_m, offset_m = outline.project(np.array([150.0]), np.array([4.0]))
    >>> (distance_m.item(), offset_m.item())
    (150.0, 4.0)
    """

    def __init__(self, circuit: pl.DataFrame) -> None:
        points = circuit.filter(pl.col("kind") == "outline").sort("number")
        if points.height < 3:
            raise ValueError("this session has no outline of its circuit; it needs at least one lap with positions")
        x, y = points["x_m"].to_numpy(), points["y_m"].to_numpy()
        self.x_m, self.y_m = np.append(x, x[0]), np.append(y, y[0])
        self._dx, self._dy = np.diff(self.x_m), np.diff(self.y_m)
        self._steps = np.maximum(np.hypot(self._dx, self._dy), 1e-9)
        self.distance_m = np.append(0.0, np.cumsum(self._steps))

    @property
    def length_m(self) -> float:
        """Length of one lap along the line."""
        return float(self.distance_m[-1])

    def at(self, distance_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return x and y of places given in metres from the start line; beyond one lap it goes around again."""
        place = np.mod(distance_m, self.length_m)
        return np.interp(place, self.distance_m, self.x_m), np.interp(place, self.distance_m, self.y_m)

    def project(
        self, x_m: np.ndarray, y_m: np.ndarray, *, near_m: np.ndarray | None = None, reach_m: float = 300.0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the nearest place on the line.

        Parameters
        ----------
        x_m, y_m
            Points on the ground, arrays of the same length.
        near_m
            Where along the lap each point is expected; only places within about ``reach_m`` of it count. It keeps a car on its
            own side where two parts of a circuit run close together or cross.
        reach_m
            See ``near_m``.

        Returns
        -------
        distance_m
            Metres from the start line, from 0 to the length of the lap.
        offset_m
            Metres to the left of the line, negative to the right.
        """
        distance, offset = np.empty(len(x_m)), np.empty(len(x_m))
        n = len(self._steps)
        for start in range(0, len(x_m), 4096):  # keeps the matrix of all pairs at some MB
            part = slice(start, start + 4096)
            segments = np.arange(n)[None, :]
            if near_m is not None:
                reach = min(int(np.ceil(reach_m / self._steps.mean())), n // 2)
                expected = np.searchsorted(self.distance_m, np.mod(near_m[part], self.length_m), side="right") - 1
                segments = np.mod(expected[:, None] + np.arange(-reach, reach + 1), n)
            px, py = x_m[part, None] - self.x_m[segments], y_m[part, None] - self.y_m[segments]
            dx, dy, steps = self._dx[segments], self._dy[segments], self._steps[segments]
            along = np.clip((px * dx + py * dy) / steps**2, 0, 1)
            away = (px - along * dx) ** 2 + (py - along * dy) ** 2
            rows, nearest = np.arange(len(away)), np.argmin(away, axis=1)
            best = np.broadcast_to(segments, away.shape)[rows, nearest]
            side = self._dx[best] * py[rows, nearest] - self._dy[best] * px[rows, nearest]
            distance[part] = self.distance_m[best] + along[rows, nearest] * self._steps[best]
            offset[part] = np.copysign(np.sqrt(away[rows, nearest]), side)
        return distance, offset


def circuit_table(laps: pl.DataFrame, telemetry: pl.LazyFrame, known: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the ``circuit`` table of a session, its shape worked out from the cars' positions.

    The outline is the fastest lap with positions, closed, smoothed and resampled every 5 m. It begins where all flying laps
    begin in the median, because the first position of a single lap is up to 5 m off. The pit lane is the median of the paths
    of all stops, from a little before the speed limit to a little after it.

    Parameters
    ----------
    laps
        The ``laps`` table.
    telemetry
        The ``telemetry`` table.
    known
        Rows of the ``circuit`` table that the source has, e.g. corners; they get their ``distance_m``. An outline or a pit
        lane among them is kept as it is.

    Returns
    -------
    The ``circuit`` table. Without a complete lap of positions it has only what was known.
    """
    known = TABLES["circuit"].empty() if known is None else TABLES["circuit"].frame(known)
    has = set(known["kind"].to_list())
    parts = [known]
    if "outline" not in has:
        parts.append(_outline(laps, telemetry))
    if not any(p.height and "outline" in p["kind"].to_list() for p in parts):
        return known
    outline = Outline(pl.concat(parts))
    if "pit_lane" not in has:
        parts.append(_pit_lane(outline, laps, telemetry))
    circuit = pl.concat(parts)
    place, _ = outline.project(circuit["x_m"].fill_null(0).to_numpy(), circuit["y_m"].fill_null(0).to_numpy())
    worked_out = pl.when(pl.col("x_m").is_not_null()).then(pl.Series(place))
    return TABLES["circuit"].frame(circuit.with_columns(distance_m=pl.coalesce("distance_m", worked_out)))


def _rows(kind: str, x_m: np.ndarray, y_m: np.ndarray, distance_m: np.ndarray) -> pl.DataFrame:
    order = np.arange(len(x_m))
    return TABLES["circuit"].frame(
        {"kind": [kind] * len(x_m), "number": order, "x_m": x_m, "y_m": y_m, "distance_m": distance_m}
    )


def _outline(laps: pl.DataFrame, telemetry: pl.LazyFrame) -> pl.DataFrame:
    timed = laps.drop_nulls("lap_time_s").sort("lap_time_s")
    for driver, lap in timed.select("driver", "lap").head(20).iter_rows():
        points = (
            telemetry.filter(pl.col("driver") == driver, pl.col("lap") == lap)
            .drop_nulls(["x_m", "y_m"])
            .select("time_s", pl.col("x_m", "y_m").cast(pl.Float64))
            .sort("time_s", maintain_order=True)
            .collect()
        )
        x, y = points["x_m"].to_numpy(), points["y_m"].to_numpy()
        steps = np.hypot(np.diff(x, append=x[:1]), np.diff(y, append=y[:1]))
        if steps.sum() > 1000 and steps.max() < _WIDEST_GAP_M:
            break
    else:
        return TABLES["circuit"].empty()
    x, y = _even(*_smooth(*_even(np.append(x, x[0]), np.append(y, y[0]), STEP_M)), STEP_M)
    first = Outline(_rows("outline", x, y, np.zeros(len(x))))
    start = _start_line_m(first, timed, telemetry)
    n = round(first.length_m / STEP_M)
    x, y = first.at(start + np.arange(n) * first.length_m / n)
    outline = Outline(_rows("outline", x, y, np.zeros(n)))
    return _rows("outline", x, y, outline.distance_m[:-1])


def _start_line_m(outline: Outline, timed: pl.DataFrame, telemetry: pl.LazyFrame) -> float:
    """Return where on the line laps begin, in the median of the flying ones."""
    flying = timed.filter(pl.col("lap") > 1, ~pl.col("is_pit_out").fill_null(value=False)).head(200).select("driver", "lap")
    first = (
        telemetry.drop_nulls(["x_m", "y_m"])
        .join(flying.lazy(), on=["driver", "lap"], how="semi")
        .group_by("driver", "lap")
        .agg(pl.col("x_m", "y_m").sort_by("time_s").first())
        .collect()
    )
    if first.is_empty():
        return 0.0
    place, offset = outline.project(first["x_m"].to_numpy(), first["y_m"].to_numpy())
    half = outline.length_m / 2
    place = np.mod(place + half, outline.length_m) - half
    place = place[(np.abs(offset) < 25) & (np.abs(place) < 60)]
    return float(np.median(place)) if place.size else 0.0


def _even(x: np.ndarray, y: np.ndarray, step_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the points of a path at even distances of about ``step_m``; the end is left out."""
    along = np.append(0.0, np.cumsum(np.hypot(np.diff(x), np.diff(y))))
    moved = np.append(True, np.diff(along) > 1e-6)
    x, y, along = x[moved], y[moved], along[moved]
    at = np.linspace(0, along[-1], max(round(along[-1] / step_m), 3), endpoint=False)
    return np.interp(at, along, x), np.interp(at, along, y)


def _smooth(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Take short waves out of a closed line of evenly spaced points; bends keep their radius. Returns it closed."""
    waves = np.fft.fft(x + 1j * y)
    per_m = np.abs(np.fft.fftfreq(len(x), STEP_M))
    smooth = np.fft.ifft(waves * np.exp(-np.log(2) * (per_m * _FINEST_M) ** 4))
    return np.append(smooth.real, smooth.real[0]), np.append(smooth.imag, smooth.imag[0])


def _pit_lane(outline: Outline, laps: pl.DataFrame, telemetry: pl.LazyFrame) -> pl.DataFrame:
    """Return the median path of the stops: each from a little before the speed limit to a little after it."""
    stops = laps.filter(pl.col("is_pit_in").fill_null(value=False)).select("driver", "lap").head(60)
    both = pl.concat([stops.with_columns(stop="lap"), stops.with_columns(pl.col("lap") + 1, stop="lap")])  # in and out lap
    moving = pl.col("speed_kmh") > 3  # the position of a car that stands jitters
    samples = (
        telemetry.filter(moving, pl.col("x_m").is_not_null())
        .join(both.lazy(), on=["driver", "lap"], how="inner")
        .sort("driver", "lap", "time_s", maintain_order=True)
        .select("driver", "stop", "lap", pl.col("x_m", "y_m", "speed_kmh").cast(pl.Float64))
        .collect()
    )
    ways = samples.partition_by("driver", "stop", maintain_order=True)
    paths = [path for way in ways if (path := _stop_path(way, outline.length_m)) is not None]
    if not paths:
        return TABLES["circuit"].empty()
    usual_m = float(np.median([path[0, 0] for path in paths]))
    paths = [path for path in paths if abs(path[0, 0] - usual_m) < 0.06 * abs(usual_m)]
    # laid on one another at the exit: there every car speeds up at the same line, at the entry each brakes where it likes
    at = np.arange(usual_m, _PIT_APPROACH_M, STEP_M)
    x, y = (np.median([np.interp(at, path[:, 0], path[:, k]) for path in paths], axis=0) for k in (1, 2))
    x, y = (np.convolve(np.pad(v, 3, mode="reflect", reflect_type="odd"), np.ones(7) / 7, "valid") for v in (x, y))
    return _rows("pit_lane", x, y, outline.project(x, y)[0])


def _stop_path(samples: pl.DataFrame, length_m: float) -> np.ndarray | None:
    """Return one way through the pit lane, rows of (metres to the end of the speed limit, x, y), or None if not shown."""
    if samples["lap"].n_unique() < 2:
        return None
    x, y, speed = (samples[c].to_numpy() for c in ("x_m", "y_m", "speed_kmh"))
    along = np.append(0.0, np.cumsum(np.hypot(np.diff(x), np.diff(y))))
    line_m = along[np.searchsorted(samples["lap"].to_numpy(), samples["lap"][-1])]
    slow = (speed <= _PIT_LIMIT_KMH) & (np.abs(along - line_m) < 0.25 * length_m)
    edges = np.flatnonzero(np.diff(np.r_[False, slow, False].astype(int))).reshape(-1, 2)
    if not len(edges):
        return None
    first, last = max(((along[a], along[b - 1]) for a, b in edges), key=lambda run: run[1] - run[0])
    shown = (along >= first - _PIT_APPROACH_M) & (along <= last + _PIT_APPROACH_M)
    if not 150 < last - first < 1500:
        return None
    return np.stack([along[shown] - last, x[shown], y[shown]], axis=1)
