"""The change log of the timing table, from laps and telemetry."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from f1nb.analysis.crossings import LINES_PER_LAP, LINES_PER_SECTOR, Crossings, crossings
from f1nb.analysis.laps import is_stop
from f1nb.schema import CAR_STATES, COMPOUNDS, MARKS, TABLES

_STATE = {name: float(code) for code, name in enumerate(CAR_STATES)}
_MARK = {name: float(code) for code, name in enumerate(MARKS)}
_MOVING_KMH = 5.0
_STOOD_S = 60.0  # for so long a stopped car is shown where it stands
_SCHEMA = pl.Schema({"time_s": pl.Float64, "driver": pl.String, "field": pl.String, "value": pl.Float64})


def race_timing(laps: pl.DataFrame, telemetry: pl.DataFrame, drivers: pl.DataFrame) -> pl.DataFrame:
    """Return table ``timing`` of a race: what each cell of the timing table showed, and since when.

    Positions change when one car crosses a timing line that the other has not crossed yet. Gaps and intervals are differences
    of crossing times at the same line, so at the flag they are the official ones. See `crossings`.

    Parameters
    ----------
    laps, telemetry, drivers
        Tables of the session.
    """
    lines = crossings(laps, telemetry)
    out_at = _out_times(laps, telemetry, lines)
    parts = [
        _positions(lines, out_at, drivers),
        _gaps(lines),
        _laps_begun(laps),
        _last_lap_begun(laps, lines.drivers, out_at),
        _race_states(laps, lines.drivers, out_at),
        _times_and_marks(laps),
        _speeds(laps),
        _tyres(laps),
        _pit_lane(laps),
    ]
    return _log(parts)


def open_timing(laps: pl.DataFrame, parts: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return table ``timing`` of practice or qualifying: the order is by best lap, gaps are to the best lap.

    Parameters
    ----------
    laps
        Table ``laps``, with in and out laps marked.
    parts
        For qualifying: ``driver``, ``lap``, ``part``; see `qualifying_parts`.
    """
    logs = [_open_positions(laps, parts), _laps_begun(laps), _open_states(laps), _times_and_marks(laps), _speeds(laps)]
    return _log([*logs, _tyres(laps)])


def out_of_race(timing: pl.DataFrame) -> pl.DataFrame:
    """Return when cars went out.

    Returns
    -------
    frame with ``driver``, ``time_s`` and ``is_stopped``: whether it stopped on the track, where people see it
    """
    gone = timing.filter(pl.col("field") == "state", pl.col("value").is_in([_STATE["stopped"], _STATE["retired"]]))
    first = gone.sort("time_s").group_by("driver", maintain_order=True).first()
    return first.select("driver", "time_s", is_stopped=pl.col("value") == _STATE["stopped"])


def _log(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Return the parts as one log, each value only where it differs from the one before."""
    frame = pl.concat([p.select(list(_SCHEMA)).cast(_SCHEMA) for p in parts]).filter(pl.col("time_s").is_finite())
    frame = frame.with_columns(pl.col("time_s").round(3), pl.col("value").fill_nan(None).round(3))
    frame = frame.sort("driver", "field", "time_s", maintain_order=True).unique(
        ["driver", "field", "time_s"], keep="last", maintain_order=True
    )
    before = pl.col("value").shift(1).over("driver", "field")
    first = pl.int_range(pl.len()).over("driver", "field") == 0
    return TABLES["timing"].frame(frame.filter(first | pl.col("value").ne_missing(before)))


def _out_times(laps: pl.DataFrame, telemetry: pl.DataFrame, lines: Crossings) -> np.ndarray:
    """Return when each car was out of the race, inf for one that finished.

    That is when it last moved; without telemetry of its last lap, the last moment there is anything of it.
    """
    flag = lines.times[:, -1].min()
    ends = laps.group_by("driver").agg(end=pl.max_horizontal(pl.col("end_time_s").max(), pl.col("start_time_s").max()))
    moving = telemetry.filter(pl.col("speed_kmh") > _MOVING_KMH).group_by("driver").agg(end=pl.col("time_s").max())
    moment = dict(pl.concat([ends, moving]).group_by("driver").agg(pl.col("end").max()).iter_rows())
    # who crosses the line after the winner has finished, however many laps down
    crossed = laps.group_by("driver").agg(pl.col("end_time_s").max()).drop_nulls()
    finished = {driver for driver, end in crossed.iter_rows() if end >= flag - 1e-6}
    return np.array([np.inf if d in finished else moment.get(d, 0.0) for d in lines.drivers])


def _positions(lines: Crossings, out_at: np.ndarray, drivers: pl.DataFrame) -> pl.DataFrame:
    """Return ``position`` rows: for each pair of cars, who is ahead at each line, and when that changed."""
    times, n = lines.times, len(lines.drivers)
    grid = dict(drivers.select("driver", "grid_position").iter_rows())
    first_line = np.argsort(np.argsort(times[:, LINES_PER_SECTOR], kind="stable"), kind="stable")
    # those without a place start behind all that have one, in the order of the first line
    start = np.array([grid.get(d) or 100 + first_line[i] for i, d in enumerate(lines.drivers)], dtype=float)
    running = lines.last >= 0
    change_time, change_of, change_by = [], [], []
    base = np.ones(n)
    for car in range(n):
        for other in range(n):
            if car == other or not running[car] or not running[other]:
                continue
            ahead = times[other, 1:] < times[car, 1:]
            known = np.isfinite(times[other, 1:]) | np.isfinite(times[car, 1:])
            now = np.concatenate([[start[other] < start[car]], ahead[known]])
            base[car] += now[0]
            flips = np.flatnonzero(now[1:] != now[:-1])
            when = np.minimum(times[other, 1:], times[car, 1:])[known][flips]
            sign = np.where(now[1:][flips], 1, -1)
            keep = when < min(out_at[car], out_at[other])
            final = (now[0] + sign[keep].sum()) > 0
            change_time.append(when[keep])
            change_by.append(sign[keep])
            if np.isfinite(out_at[other]) and final and out_at[other] < out_at[car]:  # a car that is out is not ahead any more
                change_time.append(np.array([out_at[other]]))
                change_by.append(np.array([-1]))
            change_of.append(np.full(sum(map(len, change_time)) - sum(map(len, change_of)), car))
    frame = pl.DataFrame(
        {
            "time_s": np.concatenate([np.zeros(n), *change_time]),
            "car": np.concatenate([np.arange(n), *change_of]).astype(np.int32),
            "by": np.concatenate([base, *change_by]),
        }
    ).sort("car", "time_s", maintain_order=True)
    codes = pl.Series(lines.drivers)
    places = frame.with_columns(value=pl.col("by").cum_sum().over("car"), driver=codes.gather(frame["car"]))
    gone = pl.DataFrame(
        {"time_s": out_at, "driver": lines.drivers, "value": [None] * n}, schema_overrides={"value": pl.Float64}
    )
    return pl.concat(
        [
            places.select("time_s", "driver", "value"),
            gone.filter(pl.col("time_s").is_finite()).select("time_s", "driver", "value"),
        ]
    ).with_columns(field=pl.lit("position"))


def _gaps(lines: Crossings) -> pl.DataFrame:
    """Return ``gap_s``, ``gap_laps``, ``interval_s``, ``interval_laps`` at each crossing."""
    times = lines.times
    cars, at = np.nonzero(np.isfinite(times))
    use = at > 0
    cars, at = cars[use], at[use]
    moment = times[cars, at]
    order = np.argsort(times, axis=0, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(len(lines.drivers))[:, None], axis=0)
    own_rank = rank[cars, at]
    leader = times.min(axis=0)
    gap = moment - leader[at]
    ahead_car = order[np.maximum(own_rank - 1, 0), at]
    interval = np.where(own_rank > 0, moment - times[ahead_car, at], np.nan)
    leader_line = np.searchsorted(leader, moment, side="right") - 1
    gap_laps = (leader_line - at) // LINES_PER_LAP
    ahead_line = np.empty(len(moment), dtype=int)
    for car in range(len(lines.drivers)):
        behind = ahead_car == car
        ahead_line[behind] = np.searchsorted(times[car], moment[behind], side="right") - 1
    interval_laps = np.where(own_rank > 0, np.maximum(ahead_line - at, 0) // LINES_PER_LAP, 0)
    codes = np.array(lines.drivers, dtype=object)[cars]
    values = {
        "gap_s": np.where(own_rank == 0, 0.0, gap),
        "gap_laps": np.maximum(gap_laps, 0).astype(float),
        "interval_s": interval,
        "interval_laps": interval_laps.astype(float),
    }
    return pl.concat(
        [
            pl.DataFrame({"time_s": moment, "driver": codes.tolist(), "value": v}).with_columns(field=pl.lit(name))
            for name, v in values.items()
        ]
    )


def _rows(frame: pl.DataFrame, field: str, time: str | pl.Expr, value: str | pl.Expr) -> pl.DataFrame:
    moment = pl.col(time) if isinstance(time, str) else time
    what = pl.col(value) if isinstance(value, str) else value
    return frame.select(
        time_s=moment.cast(pl.Float64), driver="driver", field=pl.lit(field), value=what.cast(pl.Float64)
    ).drop_nulls("time_s")


def _laps_begun(laps: pl.DataFrame) -> pl.DataFrame:
    return _rows(laps, "lap", "start_time_s", "lap")


def _last_lap_begun(laps: pl.DataFrame, drivers: list[str], out_at: np.ndarray) -> pl.DataFrame:
    """Return the lap of a car that went out after the last lap there is anything of: it had begun the next one."""
    out = [d for d, t in zip(drivers, out_at, strict=True) if np.isfinite(t)]
    last = laps.filter(pl.col("driver").is_in(out)).sort("lap").group_by("driver").last()
    return _rows(last, "lap", "end_time_s", pl.col("lap") + 1)


def _race_states(laps: pl.DataFrame, drivers: list[str], out_at: np.ndarray) -> pl.DataFrame:
    out = pl.DataFrame({"driver": drivers, "out_at": out_at}).filter(pl.col("out_at").is_finite())
    finishers = laps.filter(~pl.col("driver").is_in(out["driver"].implode())).group_by("driver").agg(pl.col("end_time_s").max())
    # a car whose last lap is unfinished stopped on the track, unless it ended in its box; of one whose data end at the line it
    # is not known where
    last = laps.sort("lap").group_by("driver").last().join(out, on="driver")
    in_pits = pl.col("is_pit_in").fill_null(value=False) | (pl.col("out_at") < pl.col("pit_out_time_s")).fill_null(value=False)
    boxed = laps.filter("is_pit_in").select("driver", lap=pl.col("lap") + 1, _boxed=pl.lit(value=True))
    last = last.join(boxed, on=["driver", "lap"], how="left").with_columns(
        in_pits=in_pits | (pl.col("_boxed").fill_null(value=False) & pl.col("pit_out_time_s").is_null())
    )
    stood = last.filter(pl.col("end_time_s").is_null(), ~pl.col("in_pits"))
    gone = last.join(stood.select("driver", stood=pl.lit(value=True)), on="driver", how="left").with_columns(
        gone_at=pl.col("out_at") + pl.when("stood").then(_STOOD_S).otherwise(0.0)
    )
    return pl.concat(
        [
            _rows(laps.filter(pl.col("lap") == 1), "state", "start_time_s", pl.lit(_STATE["running"])),
            _rows(laps.filter("is_pit_out"), "state", "end_time_s", pl.lit(_STATE["running"])),
            _rows(laps, "state", "pit_in_time_s", pl.lit(_STATE["pit"])),
            _rows(laps, "state", "pit_out_time_s", pl.lit(_STATE["out_lap"])),
            _rows(finishers, "state", "end_time_s", pl.lit(_STATE["finished"])),
            _rows(stood, "state", "out_at", pl.lit(_STATE["stopped"])),
            _rows(gone, "state", "gone_at", pl.lit(_STATE["retired"])),
        ]
    )


def _sector_ends() -> dict[int, pl.Expr]:
    """Return when a car came to the end of each sector: counted from the end of the lap, because lap 1 has no first sector."""
    start, end = pl.col("start_time_s"), pl.col("end_time_s")
    first, second, third = (pl.col(f"sector_{n}_time_s") for n in (1, 2, 3))
    return {1: pl.coalesce(end - third - second, start + first), 2: pl.coalesce(end - third, start + first + second), 3: end}


def _times_and_marks(laps: pl.DataFrame) -> pl.DataFrame:
    """Return last and best lap and sectors, each with its mark at the moment it was set."""
    counts = ~pl.col("is_deleted").fill_null(value=False)
    moments = {f"sector_{n}": end for n, end in _sector_ends().items()} | {"last_lap": pl.col("end_time_s")}
    parts = []
    for name, moment in moments.items():
        source = "lap_time_s" if name == "last_lap" else f"{name}_time_s"
        timed = laps.select("driver", moment=moment, value=source, counts=counts).drop_nulls(["moment", "value"]).sort("moment")
        timed = _marked(timed)
        parts += [_rows(timed, f"{name}_time_s", "moment", "value"), _rows(timed, f"{name}_mark", "moment", "mark")]
    return pl.concat([*parts, _bests(laps)])


def _speeds(laps: pl.DataFrame) -> pl.DataFrame:
    """Return what each speed trap measured, at the end of the sector that it is in."""
    ends = _sector_ends()
    traps = {"speed_i1_kmh": ends[1], "speed_i2_kmh": ends[2], "speed_st_kmh": ends[2], "speed_fl_kmh": ends[3]}
    return pl.concat([_rows(laps.drop_nulls(trap), trap, moment, trap) for trap, moment in traps.items()])


def _pit_lane(laps: pl.DataFrame) -> pl.DataFrame:
    """Return how long each car was in the pit lane, when it leaves it again."""
    came = laps.select("driver", pl.col("lap") + 1, "pit_in_time_s")
    visits = laps.select("driver", "lap", "pit_out_time_s").join(came, on=["driver", "lap"]).drop_nulls()
    return _rows(visits, "last_pit_lane_s", "pit_out_time_s", pl.col("pit_out_time_s") - pl.col("pit_in_time_s"))


def _marked(timed: pl.DataFrame) -> pl.DataFrame:
    """Add ``mark``: best of the session so far, best of the driver so far, or slower."""
    valid = pl.when("counts").then("value")
    before_all = valid.cum_min().shift(1).forward_fill()
    before_own = valid.cum_min().shift(1).forward_fill().over("driver")
    is_best = pl.col("counts") & (before_all.is_null() | (pl.col("value") < before_all))
    is_personal = pl.col("counts") & (before_own.is_null() | (pl.col("value") < before_own))
    return timed.with_columns(
        mark=pl.when(is_best).then(_MARK["best"]).when(is_personal).then(_MARK["personal"]).otherwise(_MARK["slower"])
    )


def _rulings(laps: pl.DataFrame) -> Iterator[tuple[float, str, int, float | None]]:
    """Yield, in order of time, which lap times count: driver, lap and time; no time: it counts no more."""
    rows: list[tuple[float, str, int, float | None]] = []
    columns = ["driver", "lap", "end_time_s", "lap_time_s", "is_deleted", "deleted_at_s", "reinstated_at_s"]
    timed = laps.drop_nulls(["end_time_s", "lap_time_s"]).select(columns)
    for driver, lap, end_s, lap_time_s, is_deleted, deleted_s, back_s in timed.iter_rows():
        if is_deleted and deleted_s is None:  # nobody knows since when
            continue
        rows.append((end_s, driver, lap, lap_time_s))
        if deleted_s is not None:
            rows.append((max(deleted_s, end_s), driver, lap, None))
        if back_s is not None:
            rows.append((back_s, driver, lap, lap_time_s))
    yield from sorted(rows, key=lambda row: row[0])


def _bests(laps: pl.DataFrame) -> pl.DataFrame:
    """Return best laps, and the mark of the one that is best of all; a lap counts until race control deletes it."""
    counted: dict[str, dict[int, float]] = {}
    bests: dict[str, float] = {}
    rows: list[tuple[float, str, str, float | None]] = []
    holder = None
    for time_s, driver, lap, lap_time_s in _rulings(laps):
        own = counted.setdefault(driver, {})
        own.pop(lap, None)
        if lap_time_s is not None:
            own[lap] = lap_time_s
        bests[driver] = min(own.values(), default=np.inf)
        rows.append((time_s, driver, "best_lap_time_s", bests[driver] if own else None))
        fastest = min(bests, key=lambda code: (bests[code], code != holder))
        fastest = fastest if np.isfinite(bests[fastest]) else None
        if fastest != holder:
            rows += [(time_s, code, "best_lap_mark", mark) for code, mark in ((holder, None), (fastest, _MARK["best"])) if code]
            holder = fastest
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _tyres(laps: pl.DataFrame) -> pl.DataFrame:
    """Return compound and age from the moment the set is on, and the number of stops from the pit entry."""
    fitted = pl.when(pl.col("pit_out_time_s").is_not_null()).then("pit_out_time_s").otherwise("start_time_s")
    codes = {name: float(i) for i, name in enumerate(COMPOUNDS)}
    known = laps.with_columns(fitted=fitted)
    begun = laps.group_by("driver").agg(start=pl.col("start_time_s").min())
    stops = laps.sort("driver", "lap").filter(is_stop()).with_columns(n=pl.int_range(1, pl.len() + 1).over("driver"))
    return pl.concat(
        [
            _rows(known, "compound", "fitted", pl.col("compound").cast(pl.String).replace_strict(codes, default=None)),
            _rows(known, "tyre_age_laps", "fitted", "tyre_age_laps"),
            _rows(begun, "stops", "start", pl.lit(0.0)),
            _rows(stops, "stops", "pit_in_time_s", "n"),
        ]
    )


def _open_positions(laps: pl.DataFrame, parts: pl.DataFrame | None) -> pl.DataFrame:
    """Return place, gap and interval by best lap, and the best lap of each part of qualifying.

    A time of a later part goes before those of an earlier one. A lap counts until race control deletes it.
    """
    part_of = {} if parts is None else {(driver, lap): part for driver, lap, part in parts.iter_rows()}
    counted: dict[str, dict[int, tuple[int, float]]] = {}
    best: dict[str, tuple[int, float]] = {}
    rows: list[tuple[float, str, str, float | None]] = []
    for time_s, driver, lap, lap_time_s in _rulings(laps):
        own = counted.setdefault(driver, {})
        part = part_of.get((driver, lap), 0)
        own.pop(lap, None)
        if lap_time_s is not None:
            own[lap] = (-part, lap_time_s)
        if part:
            rows.append((time_s, driver, f"q{part}_time_s", min((t for p, t in own.values() if p == -part), default=None)))
        if own:
            best[driver] = min(own.values())
        else:
            best.pop(driver, None)
            rows += [(time_s, driver, field, None) for field in ("position", "gap_s", "interval_s")]
        order = sorted(best, key=best.__getitem__)
        for place, code in enumerate(order):
            own_part, own_s = best[code]
            first_part, first_s = best[order[0]]
            ahead_part, ahead_s = best[order[place - 1]] if place else (own_part, None)
            rows += [
                (time_s, code, "position", place + 1.0),
                (time_s, code, "gap_s", own_s - first_s if own_part == first_part else None),
                (time_s, code, "interval_s", None if ahead_s is None or ahead_part != own_part else own_s - ahead_s),
            ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _open_states(laps: pl.DataFrame) -> pl.DataFrame:
    zero = laps.group_by("driver").agg(start=pl.lit(0.0))
    return pl.concat(
        [
            _rows(zero, "state", "start", pl.lit(_STATE["garage"])),
            _rows(
                laps.filter(~pl.col("is_pit_out").fill_null(value=False)), "state", "start_time_s", pl.lit(_STATE["running"])
            ),
            _rows(laps, "state", "pit_out_time_s", pl.lit(_STATE["out_lap"])),
            _rows(laps, "state", "pit_in_time_s", pl.lit(_STATE["garage"])),
        ]
    )
