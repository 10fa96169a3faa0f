"""What the screen shows of the cars, as ``TimingData`` says it: from the laps, the change log and the mini-sectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from f1nb.analysis.qualifying import qualifying_parts
from f1nb.live.writer.course import Course
from f1nb.live.writer.mini_sectors import crossed, stored
from f1nb.schema import CAR_STATES, MARKS
from f1nb.session import Session

Said = tuple[float, str, dict[str, Any]]  # when, of which driver, and the patch of the car's line
_MARKED = ("sector_1", "sector_2", "sector_3", "last_lap")
_LATE_S = 2.0  # a mark is published after the car has crossed the line
_NO_MARK = {"OverallFastest": False, "PersonalFastest": False}
_NOTHING = {"Value": "", "Status": 0, **_NO_MARK}
_TRAPS = ("I1", "I2", "FL", "ST")
_BEFORE_LINE_S = 8.5  # where the trap of the main straight is
_LEAST_SECTOR_S = 15.0


def lap_time(time_s: float) -> str:
    """Return a lap time as the feed writes it.

    Examples
    --------
    >>> lap_time(83.456), lap_time(54.1)
    ('1:23.456', '54.100')
    """
    minutes, rest = divmod(round(time_s * 1000), 60_000)
    return f"{minutes}:{rest / 1000:06.3f}" if minutes else f"{rest / 1000:.3f}"


def distance(gap_s: float | None, laps: float | None, lap: float | None) -> str:
    """Return a gap as the feed writes it: that of the leader is the lap he is on.

    Examples
    --------
    >>> distance(1.234, 0, None), distance(75.1, 1, None), distance(0.0, 0, 5), distance(None, None, None)
    ('+1.234', '1L', 'LAP 5', '')
    """
    if laps:
        return f"{laps:.0f}L"
    if gap_s is None:
        return ""
    return f"+{gap_s:.3f}" if lap is None else f"LAP {lap:.0f}"


def start_order(session: Session, drivers: list[str]) -> dict[str, int]:
    """Return each driver's line on the screen before the start: the grid, or the entry list."""
    grid = dict(session.drivers.select("driver", "grid_position").iter_rows()) if session.is_race else {}
    order = sorted(drivers, key=lambda driver: grid.get(driver) or len(drivers) + 1)
    return {driver: line for line, driver in enumerate(order, 1)}


def first_lines(session: Session, numbers: Mapping[str, str], line: Mapping[str, int]) -> dict[str, Any]:
    """Return the state of ``TimingData`` before the start."""
    marks = session.mini_sectors.group_by("sector").agg(pl.col("mini_sector").max())
    sizes = dict(marks.iter_rows())
    came_out = _begins_in_pits(session)
    lines = {}
    for driver, number in numbers.items():
        lines[number] = {
            "Line": line[driver],
            "Position": str(line[driver]),
            "ShowPosition": True,
            "RacingNumber": number,
            "Retired": False,
            "InPit": driver in came_out if session.is_race else True,
            "PitOut": False,
            "Stopped": False,
            "Sectors": [
                {"Stopped": False, **_NOTHING, "Segments": [{"Status": 0} for _ in range(sizes.get(sector, 8))]}
                for sector in (1, 2, 3)
            ],
            "Speeds": {trap: dict(_NOTHING) for trap in _TRAPS},
            "BestLapTime": {"Value": ""},
            "LastLapTime": dict(_NOTHING),
            **_distances(session.info["session"]),
        }
    state: dict[str, Any] = {"Lines": lines, "Withheld": False}
    if session.info["session"] in {"Q", "SQ"}:
        state |= {"NoEntries": [len(numbers), *session.season.qualifying_cut], "SessionPart": 1}
    return state


def _distances(kind: str) -> dict[str, Any]:
    if kind in {"R", "S"}:
        return {"GapToLeader": "", "IntervalToPositionAhead": {"Value": "", "Catching": False}}
    if kind in {"Q", "SQ"}:
        none = {"TimeDiffToFastest": "", "TimeDifftoPositionAhead": ""}
        return {"KnockedOut": False, "Stats": [dict(none) for _ in range(3)], "BestLapTimes": [{"Value": ""}, {}, {}]}
    return {"TimeDiffToFastest": "", "TimeDiffToPositionAhead": ""}


def _begins_in_pits(session: Session) -> set[str]:
    """Return who starts from the pit lane: what a car does first there is to leave it."""
    visits = session.laps.filter(pl.col("pit_in_time_s").is_not_null() | pl.col("pit_out_time_s").is_not_null())
    first = visits.sort("lap").group_by("driver").first()
    out, into = pl.col("pit_out_time_s"), pl.col("pit_in_time_s")
    return set(first.filter(out.is_not_null() & (into.is_null() | (out < into)))["driver"])


def timing(session: Session, course: Course, line: Mapping[str, int]) -> Iterator[Said]:
    """Yield what the line of each car says, in no order.

    Parameters
    ----------
    session
        The session.
    course
        How it went.
    line
        Each driver's line before the start.
    """
    log = session.timing
    fields = {str(name): rows for (name,), rows in log.group_by("field", maintain_order=True)}
    yield from _laps(session, log)
    yield from _states(session, log)
    yield from _places(log, line)
    yield from _final_places(session, course, line)
    yield from _gaps(session, log, course)
    yield from stored(session.mini_sectors) if session.mini_sectors.height else crossed(session)
    yield from _best_laps(session, log)
    if session.info["session"] in {"Q", "SQ"}:
        yield from _parts(session, course, fields)
    for field, say in _SAYS.items():
        for time_s, driver, value in fields.get(field, log.clear()).select("time_s", "driver", "value").iter_rows():
            if value is not None:
                yield time_s, driver, say(value)


_SAYS = {
    "stops": lambda value: {"NumberOfPitStops": int(value)},
    "is_catching": lambda value: {"IntervalToPositionAhead": {"Catching": bool(value)}},
    "is_knocked_out": lambda value: {"KnockedOut": bool(value)},
}


def _laps(session: Session, log: pl.DataFrame) -> Iterator[Said]:
    """Yield the times of laps and sectors, speeds, and how many laps there are."""
    first, second, third = (pl.col(f"sector_{i}_time_s") for i in (1, 2, 3))
    start, end = pl.col("start_time_s"), pl.col("end_time_s")
    second_at = pl.coalesce(end - third, start + first + second)
    laps = session.laps.with_columns(
        sector_1_at=pl.coalesce(end - third - second, start + first),
        sector_2_at=second_at,
        sector_3_at=end,
        last_lap_at=end,
        trap_at=pl.coalesce(end, "pit_in_time_s", second_at + _LEAST_SECTOR_S) - _BEFORE_LINE_S,
    )
    for name in _MARKED:
        marks = log.filter(field=f"{name}_mark").select("driver", "time_s", **{f"{name}_mark": "value"}).sort("time_s")
        asked = laps.with_columns(_asked=pl.col(f"{name}_at").fill_null(-1.0) + _LATE_S).sort("_asked")
        laps = asked.join_asof(marks, left_on="_asked", right_on="time_s", by="driver", check_sortedness=False)
        laps = laps.drop("time_s", "_asked", strict=False)
    counts_begun = not session.is_race  # outside of races the lap that is being driven is counted, from the pit exit on
    for lap in laps.sort("driver", "lap").iter_rows(named=True):
        driver, number = lap["driver"], lap["lap"]
        if counts_begun and lap["pit_out_time_s"] is not None:
            yield lap["pit_out_time_s"], driver, {"NumberOfLaps": number}
        for i in range(3):
            if lap[f"sector_{i + 1}_at"] is not None:
                yield lap[f"sector_{i + 1}_at"], driver, _sector(lap, i)
        if lap["speed_st_kmh"] is not None and lap["trap_at"] is not None:
            yield lap["trap_at"], driver, _speed("ST", lap["speed_st_kmh"])
        if lap["end_time_s"] is None:
            continue
        said: dict[str, Any] = {"NumberOfLaps": number + counts_begun}
        if lap["lap_time_s"] is not None:
            said["LastLapTime"] = {"Value": lap_time(lap["lap_time_s"]), **_mark(lap["last_lap_mark"])}
        yield lap["end_time_s"], driver, said


def _sector(lap: dict[str, Any], i: int) -> dict[str, Any]:
    trap = _TRAPS[i]
    speed = lap[f"speed_{trap.lower()}_kmh"]
    sectors: dict[str, Any] = {"1": _NOTHING, "2": _NOTHING} if i == 0 else {}
    if lap[f"sector_{i + 1}_time_s"] is not None:
        sectors[str(i)] = {"Value": f"{lap[f'sector_{i + 1}_time_s']:.3f}", **_mark(lap[f"sector_{i + 1}_mark"])}
    return {"Sectors": sectors, **({} if speed is None else _speed(trap, speed))}


def _speed(trap: str, speed_kmh: float) -> dict[str, Any]:
    return {"Speeds": {trap: {"Value": f"{speed_kmh:.0f}", **_NO_MARK}}}


def _mark(code: float | None) -> dict[str, bool]:
    name = None if code is None else MARKS[int(code)]
    return {"OverallFastest": name == "best", "PersonalFastest": name in {"best", "personal"}}


def _best_laps(session: Session, log: pl.DataFrame) -> Iterator[Said]:
    laps = {(driver, time_s): lap for driver, lap, time_s in session.laps.select("driver", "lap", "lap_time_s").iter_rows()}
    for time_s, driver, value in log.filter(field="best_lap_time_s").select("time_s", "driver", "value").iter_rows():
        lap = laps.get((driver, value))
        yield (
            time_s,
            driver,
            {"BestLapTime": {"Value": "" if value is None else lap_time(value), **({} if lap is None else {"Lap": lap})}},
        )


def _states(session: Session, log: pl.DataFrame) -> Iterator[Said]:
    """Yield where a car is: each of two tables can know of a visit to the pits that the other does not."""
    visits = session.laps.select("driver", pl.col("pit_in_time_s", "pit_out_time_s"))
    moves = [(time_s, driver, CAR_STATES[int(code)]) for time_s, driver, code in _values(log, "state") if code is not None]
    moves += [(came_s, driver, "pit") for driver, came_s, _ in visits.iter_rows() if came_s is not None]
    moves += [(left_s, driver, "out_lap") for driver, _, left_s in visits.iter_rows() if left_s is not None]
    in_pits = _begins_in_pits(session) if session.is_race else set(session.laps["driver"])
    flags: dict[str, dict[str, bool]] = {}
    for time_s, driver, state in sorted(moves):
        held = flags.setdefault(driver, {"InPit": driver in in_pits, "PitOut": False, "Stopped": False, "Retired": False})
        match state:
            case "pit" | "garage":
                now = {"InPit": True, "PitOut": False}
            case "out_lap":
                now = {"InPit": False, "PitOut": True} if held["InPit"] else {}
            case "running":
                now = {"PitOut": False, "Stopped": False}
            case "stopped" | "retired":
                now = {state.capitalize(): True}
            case _:
                now = {}
        said = {name: value for name, value in now.items() if held[name] != value}
        held |= said
        if said:
            yield time_s, driver, said


def _values(log: pl.DataFrame, field: str) -> Iterator[tuple[float, str, float | None]]:
    return log.filter(pl.col("field") == field).select("time_s", "driver", "value").iter_rows()  # pyright: ignore[reportReturnType]


def _places(log: pl.DataFrame, line: Mapping[str, int]) -> Iterator[Said]:
    """Yield each change of the order. Who has no place any more is behind all others, the last to go out first."""
    standing: dict[str, float | None] = {}
    gone: dict[str, int] = {}
    before = dict(line)

    def rank(driver: str) -> tuple[float, float]:
        place = standing.get(driver)
        return (0, place) if place is not None else (1, -gone[driver]) if driver in gone else (2, before[driver])

    for time_s, rows in groupby(_values(log, "position"), key=itemgetter(0)):
        for _, driver, place in rows:
            standing[driver] = place
            if place is None:
                gone[driver] = len(gone)
        after = {driver: place for place, driver in enumerate(sorted(before, key=rank), 1)}
        yield from _moved(time_s, before, after)
        before = after


def _final_places(session: Session, course: Course, line: Mapping[str, int]) -> Iterator[Said]:
    """Yield the classification as it became final: penalties and disqualifications are in it."""
    order = [driver for driver in session.results["driver"] if driver in line]
    if set(order) == set(line):
        yield from _moved(course.final_s, {}, {driver: place for place, driver in enumerate(order, 1)})


def _moved(time_s: float, before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[Said]:
    for driver, place in after.items():
        if before.get(driver) != place:
            yield time_s, driver, {"Line": place, "Position": str(place)}


def _gaps(session: Session, log: pl.DataFrame, course: Course) -> Iterator[Said]:
    """Yield gaps and intervals, each as one text of seconds or laps."""
    kind, is_race = session.info["session"], session.is_race
    parts = course.parts if kind in {"Q", "SQ"} else [0.0]
    wanted = ["gap_s", "gap_laps", "interval_s", "interval_laps", "lap"]
    rows = log.filter(pl.col("field").is_in(wanted)).select("time_s", "driver", pl.col("field").cast(pl.String), "value")
    held: dict[str, dict[str, float | None]] = {}
    shown: dict[str, tuple[str, str]] = {}
    for (time_s, driver), changes in groupby(rows.sort("time_s", "driver").iter_rows(), key=itemgetter(0, 1)):
        now = held.setdefault(driver, dict.fromkeys(wanted))
        now |= {field: value for _, _, field, value in changes}
        leads = is_race and now["gap_s"] == 0 and not now["gap_laps"]
        lap = now["lap"] if leads else None
        texts = (
            distance(now["gap_s"], now["gap_laps"], lap),
            distance(0.0 if leads else now["interval_s"], now["interval_laps"], lap),
        )
        if texts == shown.get(driver):
            continue
        shown[driver] = texts
        part = str(sum(time_s >= begin_s for begin_s in parts[1:]))
        yield time_s, driver, _written_gaps(kind, *texts, part)


def _written_gaps(kind: str, gap: str, interval: str, part: str) -> dict[str, Any]:
    if kind in {"R", "S"}:
        return {"GapToLeader": gap, "IntervalToPositionAhead": {"Value": interval}}
    if kind in {"Q", "SQ"}:
        return {"Stats": {part: {"TimeDiffToFastest": gap, "TimeDifftoPositionAhead": interval}}}
    return {"TimeDiffToFastest": gap, "TimeDiffToPositionAhead": interval}


def _parts(session: Session, course: Course, fields: Mapping[str, pl.DataFrame]) -> Iterator[Said]:
    """Yield the best lap in each part of qualifying, and who is knocked out; what the log has not, from the laps."""
    published = [fields[name] for name in ("q1_time_s", "q2_time_s", "q3_time_s") if name in fields]
    if published:
        for part, rows in enumerate(published):
            for time_s, driver, value in rows.select("time_s", "driver", "value").iter_rows():
                yield time_s, driver, {"BestLapTimes": {str(part): {"Value": "" if value is None else lap_time(value)}}}
    else:
        parts = qualifying_parts(session.laps, session.season, session.session_status)
        timed = session.laps.filter(~pl.col("is_deleted").fill_null(value=False)).join(parts, on=["driver", "lap"])
        timed = timed.sort("end_time_s").with_columns(before=pl.col("lap_time_s").cum_min().shift(1).over("driver", "part"))
        better = timed.filter(pl.col("before").is_null() | (pl.col("lap_time_s") < pl.col("before")))
        for driver, lap, part, end_s, value in better.select("driver", "lap", "part", "end_time_s", "lap_time_s").iter_rows():
            yield end_s, driver, {"BestLapTimes": {str(part - 1): {"Value": lap_time(value), "Lap": lap}}}
    if "is_knocked_out" not in fields:
        for begin_s, cut in zip(course.parts[1:], session.season.qualifying_cut, strict=False):
            for driver in session.results["driver"][cut:]:
                yield begin_s, driver, {"KnockedOut": True}
