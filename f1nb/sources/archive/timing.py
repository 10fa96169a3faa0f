"""Tables ``timing`` and ``mini_sectors`` from ``TimingData``: each value that the official screen showed, and since when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import polars as pl

from f1nb.schema import CAR_STATES, COMPOUNDS, MARKS, MINI_SECTOR_MARKS, TABLES
from f1nb.sources.archive.laps import Lap
from f1nb.sources.archive.streams import Leaf
from f1nb.sources.archive.tyres import Fitted
from f1nb.sources.archive.values import gap, seconds, whole

Line = list[tuple[int, list[Leaf]]]
Change = tuple[int, str, float | None]  # time of the stream in ms, field, value

_STATE = {name: float(code) for code, name in enumerate(CAR_STATES)}
_COMPOUND = {name: float(code) for code, name in enumerate(COMPOUNDS)}
_MINI_SECTOR = {0: "none", 2048: "slower", 2049: "personal", 2051: "best", 2052: "stopped", 2064: "pit_lane"}
_VALUES: dict[tuple[str, ...], tuple[str, Callable[[Any], float | int | None]]] = {
    ("Position",): ("position", whole),
    ("LastLapTime", "Value"): ("last_lap_time_s", seconds),
    ("BestLapTime", "Value"): ("best_lap_time_s", seconds),
    **{("Sectors", str(i), "Value"): (f"sector_{i + 1}_time_s", seconds) for i in range(3)},
    **{("Speeds", trap, "Value"): (f"speed_{trap.lower()}_kmh", seconds) for trap in ("I1", "I2", "FL", "ST")},
    ("NumberOfPitStops",): ("stops", whole),
    ("KnockedOut",): ("is_knocked_out", lambda value: float(value is True)),
    ("IntervalToPositionAhead", "Catching"): ("is_catching", lambda value: float(value is True)),
}
_GAPS = {
    ("GapToLeader",): "gap", ("TimeDiffToFastest",): "gap",
    ("IntervalToPositionAhead", "Value"): "interval", ("TimeDiffToPositionAhead",): "interval",
}  # fmt: skip
_PART_GAPS = {"TimeDiffToFastest": "gap", "TimeDifftoPositionAhead": "interval", "TimeDiffToPositionAhead": "interval"}
_MARKED: dict[tuple[str, ...], str] = {("LastLapTime",): "last_lap", ("BestLapTime",): "best_lap"} | {
    ("Sectors", str(i)): f"sector_{i + 1}" for i in range(3)
}


def changes_of_car(
    line: Line, laps: list[Lap], tyres: Mapping[int, Fitted], *, is_race: bool, from_ms: int, until_ms: int | None
) -> list[Change]:
    """Return everything that the screen showed of one car, in order.

    Parameters
    ----------
    line
        What its line said.
    laps, tyres
        Its laps and sets of tyres.
    is_race
        Whether a car that is in the pit lane is on its way through, or back in its garage.
    from_ms, until_ms
        Start of the session, and in a race when the chequered flag was shown.
    """
    changes = [*_published(line), *_states(line, laps, is_race=is_race, from_ms=from_ms, until_ms=until_ms)]
    changes += [(lap.start_ms, "lap", float(lap.number)) for lap in laps if lap.start_ms is not None]
    for lap in laps:
        fitted = lap.pit_out_ms if lap.pit_out_ms is not None else lap.start_ms
        known = tyres.get(lap.number)
        if fitted is not None and known is not None:
            changes.append((fitted, "compound", _COMPOUND.get(known.compound or "")))
            changes.append((fitted, "tyre_age_laps", None if known.age_laps is None else float(known.age_laps)))
    return changes


def _published(line: Line) -> Iterator[Change]:
    """Yield the values of the line; marks of a time belong to its last value."""
    flags: dict[tuple[str, ...], dict[str, bool]] = {}
    part = 0
    for time_ms, values in line:
        touched: set[tuple[str, ...]] = set()
        for _, path, value in values:
            known = _VALUES.get(path)
            if known:
                number = known[1](value)
                yield time_ms, known[0], None if number is None else float(number)
            kind = _GAPS.get(path)
            if len(path) == 3 and path[0] == "Stats" and path[2] in _PART_GAPS:
                part, kind = max(part, int(path[1])), _PART_GAPS[path[2]]
                if int(path[1]) < part:
                    continue
            if kind:
                distance = gap(value)
                yield time_ms, f"{kind}_s", distance.seconds
                yield time_ms, f"{kind}_laps", None if distance.laps is None else float(distance.laps)
            if path[:-1] in _MARKED:
                touched.add(path[:-1])
                if path[-1] in {"OverallFastest", "PersonalFastest"}:
                    flags.setdefault(path[:-1], {})[path[-1]] = value is True
                elif path[-1] == "Value" and seconds(value) is None:
                    flags.pop(path[:-1], None)
        for place in touched:
            yield time_ms, f"{_MARKED[place]}_mark", _mark(flags.get(place))


def _mark(flags: dict[str, bool] | None) -> float | None:
    if flags is None:
        return None
    name = "best" if flags.get("OverallFastest") else "personal" if flags.get("PersonalFastest") else "slower"
    return float(MARKS.index(name))


def _states(line: Line, laps: list[Lap], *, is_race: bool, from_ms: int, until_ms: int | None) -> Iterator[Change]:
    """Yield the state of the car whenever what the feed says of it changes."""
    said = {"InPit": False, "PitOut": False, "Stopped": False, "Retired": False}
    ends = [lap.end_ms for lap in laps if lap.end_ms is not None]
    flag_ms = next((end for end in ends if until_ms is not None and end >= until_ms), None)
    yield from_ms if is_race else 0, "state", _STATE["running" if is_race else "garage"]
    for time_ms, values in line:
        before = dict(said)
        said.update({path[0]: value is True for _, path, value in values if len(path) == 1 and path[0] in said})
        if said == before or (is_race and time_ms < from_ms) or (flag_ms is not None and time_ms >= flag_ms):
            continue
        yield time_ms, "state", _STATE[_state(said, is_race=is_race)]
    if flag_ms is not None:
        yield flag_ms, "state", _STATE["finished"]


def _state(said: dict[str, bool], *, is_race: bool) -> str:
    if said["Retired"] and is_race:
        return "retired"
    if said["Stopped"]:
        return "stopped"
    if said["InPit"]:
        return "pit" if is_race else "garage"
    return "out_lap" if said["PitOut"] else "running"


def mini_sectors_of_car(line: Line) -> Iterator[tuple[int, int, int, str | None]]:
    """Yield time of the stream in ms, sector, number in the sector, and how the car went through it."""
    for time_ms, values in line:
        for _, path, value in values:
            if len(path) == 5 and path[0] == "Sectors" and path[2] == "Segments" and path[4] == "Status":
                sector, number = whole(path[1]), whole(path[3])
                if sector is not None and number is not None and 0 <= sector < 3 and 0 <= number < 100:
                    yield time_ms, sector + 1, number + 1, _MINI_SECTOR.get(value)


def timing_table(changes: dict[str, list[Change]], zero_ms: int) -> pl.DataFrame:
    """Return table ``timing`` of all cars, each value only where it differs from the one before.

    Parameters
    ----------
    changes
        By driver, see `changes_of_car`.
    zero_ms
        The session's zero on the clock of the stream.
    """
    parts = [
        pl.DataFrame(rows, schema={"time_ms": pl.Int64, "field": pl.String, "value": pl.Float64}, orient="row").with_columns(
            driver=pl.lit(driver)
        )
        for driver, rows in changes.items()
        if rows
    ]
    if not parts:
        return TABLES["timing"].empty()
    log = pl.concat(parts).sort("driver", "field", "time_ms", maintain_order=True)
    log = log.unique(["driver", "field", "time_ms"], keep="last", maintain_order=True)
    is_first = pl.int_range(pl.len()).over("driver", "field") == 0
    is_new = pl.col("value").ne_missing(pl.col("value").shift(1).over("driver", "field"))
    log = log.filter(is_new | (is_first & pl.col("value").is_not_null()))
    return TABLES["timing"].frame(log.select("driver", "field", "value", time_s=(pl.col("time_ms") - zero_ms) / 1000))


def mini_sectors_table(lines: dict[str, Line], zero_ms: int) -> pl.DataFrame:
    """Return table ``mini_sectors`` of all cars.

    Parameters
    ----------
    lines
        What the line of each driver said.
    zero_ms
        The session's zero on the clock of the stream.
    """
    names = ("time_ms", "sector", "mini_sector", "mark")
    parts = []
    for driver, line in lines.items():
        rows = list(mini_sectors_of_car(line))
        if rows:
            frame = pl.DataFrame(rows, schema=dict.fromkeys(names[:3], pl.Int64) | {"mark": pl.String}, orient="row")
            parts.append(frame.with_columns(driver=pl.lit(driver)))
    if not parts:
        return TABLES["mini_sectors"].empty()
    marks = pl.concat(parts).filter(pl.col("mark").is_in(MINI_SECTOR_MARKS))
    return TABLES["mini_sectors"].frame(
        marks.select("driver", "sector", "mini_sector", "mark", time_s=(pl.col("time_ms") - zero_ms) / 1000)
    )
