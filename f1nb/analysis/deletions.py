"""Which lap times race control deleted, and which of those it gave back, from what it wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import polars as pl

_CAR = re.compile(r"(?<![:\d])(\d{1,2}) \(([A-Z]{3})\)")  # 4 (NOR), but not the clock of 18:58:59 (PIT)
_NUMBERS = re.compile(r"\bCARS? (\d{1,2}(?:(?:, | AND )\d{1,2})*)\b")  # CAR 4, CARS 1 AND 4: older messages
_LAP = re.compile(r"\bLAP (\d{1,2})\b(?![:.]\d)")  # not LAP 1:20.456
_TIME = re.compile(r"(?<![\d:.])(?:(\d{1,2}):)?(\d{1,2}\.\d{3})\b")  # 1:20.456, 54.123
_VERDICT = re.compile(r"\b(?:DELETED|REINSTATED)\b")
_NOT_THE_REASON = re.compile(r"\s*\(PIT\)|\s*\b\d{1,2}:\d{2}:\d{2}\b|\s*\bLAP \d{1,2}\b")  # the lap, and the clock at the track
_T = TypeVar("_T")
_SAME_S = 0.0015
_SOON_S = 300.0  # a message that names neither lap nor time is about a lap that ended not longer before it


@dataclass(frozen=True, slots=True)
class Ruling:
    """One lap time deleted or reinstated: whose, and whatever of lap and time the message names."""

    is_deleted: bool
    number: str
    driver: str | None
    lap: int | None
    lap_time_s: float | None
    reason: str | None


def rulings(message: str) -> list[Ruling]:
    """Return the lap times that a message deletes or reinstates; none for any other message.

    Examples
    --------
    >>> [r] = rulings("CAR 4 (NOR) TIME 1:39.777 DELETED - TRACK LIMITS AT TURN 4 LAP 3 18:07:34")
    >>> r.driver, r.lap, r.lap_time_s, r.reason
    ('NOR', 3, 99.777, 'TRACK LIMITS AT TURN 4')
    >>> rulings("BLACK AND WHITE FLAG FOR CAR 8 (GRO) - TRACK LIMITS")
    []
    """
    text = message.upper()
    verdict = _VERDICT.search(text)
    cars: list[tuple[str, str | None]] = [(number, code) for number, code in _CAR.findall(text)]
    cars = cars or [(n, None) for listed in _NUMBERS.findall(text) for n in re.findall(r"\d+", listed)]
    if verdict is None or not cars:
        return []
    times: list[float | None] = [round(int(minutes or 0) * 60 + float(seconds), 3) for minutes, seconds in _TIME.findall(text)]
    laps: list[int | None] = [int(n) for n in _LAP.findall(text)]
    said = text[verdict.end() :].partition("- ")[2]
    reason = _NOT_THE_REASON.sub("", said).strip() or None
    n = max(len(cars), len(times), 1)
    parts = (_each(cars, n), _each(times or [None], n), _each(laps or [None], n))
    return [
        Ruling("REINSTATED" not in text, number, code, lap, lap_time, reason)
        for (number, code), lap_time, lap in zip(*parts, strict=True)
    ]


def _each(values: list[_T], n: int) -> list[_T]:
    """Return one value for each of ``n``: the only one for all, or the first ones in order."""
    return values * n if len(values) == 1 else [*values, *values[-1:] * n][:n]


def deletions(laps: pl.DataFrame, race_control: pl.DataFrame, drivers: pl.DataFrame) -> pl.DataFrame:
    """Return the laps with ``is_deleted``, ``deleted_reason``, ``deleted_at_s`` and ``reinstated_at_s`` from the messages.

    What the origin of the laps says is kept. Without published messages it stays unknown which laps were deleted; with them, a
    lap that none names was not.

    Parameters
    ----------
    laps, race_control, drivers
        Tables of the session.
    """
    published = race_control.filter(~pl.col("is_derived").fill_null(value=False))
    if published.is_empty():
        return laps
    codes = dict(drivers.select("number", "driver").iter_rows())
    by_driver = {str(code): own.to_dicts() for (code,), own in laps.group_by("driver")}
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for driver, time_s, ruling in _in_order(published, codes):
        lap = _lap_of(ruling, time_s, by_driver.get(driver, []), found)
        if lap is None:
            continue
        row = found.setdefault((driver, lap), {"driver": driver, "lap": lap})
        if ruling.is_deleted:
            is_new = not row.get("_deleted")
            row |= {"_deleted": True, "_reason": ruling.reason, "_back": None} | ({"_at": time_s} if is_new else {})
        else:
            row |= {"_deleted": False, "_back": time_s}
    schema = {
        "driver": pl.String, "lap": pl.Int32, "_deleted": pl.Boolean, "_reason": pl.String, "_at": pl.Float64,
        "_back": pl.Float64,
    }  # fmt: skip
    named = pl.DataFrame(list(found.values()), schema=schema)
    is_deleted = pl.coalesce("is_deleted", pl.col("_deleted").fill_null(value=False))
    told = is_deleted | pl.col("_back").is_not_null()
    return (
        laps.join(named, on=["driver", "lap"], how="left", maintain_order="left")
        .with_columns(
            is_deleted=is_deleted,
            deleted_reason=pl.coalesce("deleted_reason", pl.when(told).then("_reason")),
            deleted_at_s=pl.coalesce("deleted_at_s", pl.when(told).then("_at")),
            reinstated_at_s=pl.coalesce("reinstated_at_s", pl.when(~is_deleted).then("_back")),
        )
        .select(laps.columns)
    )


def _in_order(messages: pl.DataFrame, codes: dict[str, str]) -> Iterator[tuple[str, float, Ruling]]:
    for time_s, message in messages.sort("time_s", maintain_order=True).select("time_s", "message").iter_rows():
        for ruling in rulings(message or ""):
            driver = ruling.driver or codes.get(ruling.number)
            if driver is not None and time_s is not None:
                yield driver, time_s, ruling


def _lap_of(
    ruling: Ruling, time_s: float, laps: list[dict[str, Any]], found: dict[tuple[str, int], dict[str, Any]]
) -> int | None:
    """Return the lap that a ruling is about.

    The lap time decides; of several equal ones the lap that the message names, else the last one driven by then. A message
    without a lap time is about the lap it names, else about the one that ended just before.
    """

    def is_open(lap: dict[str, Any]) -> bool:
        """Only what was deleted can be reinstated."""
        return ruling.is_deleted or found.get((lap["driver"], lap["lap"]), {}).get("_deleted", False)

    driven = [lap for lap in laps if is_open(lap) and (lap["end_time_s"] is None or lap["end_time_s"] <= time_s)]
    named = [lap for lap in laps if is_open(lap) and lap["lap"] == ruling.lap]
    if ruling.lap_time_s is not None:
        same = [lap for lap in driven if lap["lap_time_s"] is not None and abs(lap["lap_time_s"] - ruling.lap_time_s) < _SAME_S]
        chosen = [lap for lap in same if lap["lap"] == ruling.lap] or same
        chosen = chosen or [lap for lap in named if lap["lap_time_s"] is None]
    elif ruling.lap is not None:
        chosen = named
    else:
        chosen = [lap for lap in driven if lap["end_time_s"] is not None and time_s - lap["end_time_s"] <= _SOON_S]
    return max((lap["lap"] for lap in chosen), default=None)
