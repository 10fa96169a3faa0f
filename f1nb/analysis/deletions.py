"""Which lap times race control deleted, and which of those it gave back, from what it wrote."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import polars as pl

_CAR = re.compile(r"(?<![:\d])(\d{1,2}) \(([A-Z]{3})\)")  # 4 (NOR), but not the clock of 18:58:59 (PIT)
_NUMBERS = re.compile(r"\bCARS? (\d{1,2}(?:(?:, | AND )\d{1,2})*)\b")  # CAR 4, CARS 1 AND 4: older messages
_CODE = re.compile(r"\bCAR ([A-Z]{3})\b")  # CAR LEC
_LAP = re.compile(r"\bLAP (\d{1,2})\b(?![:.]\d)")  # not LAP 1:20.456
_TIME = re.compile(r"(?<![\d:.])(?:(\d{1,2}):)?(\d{1,2}\.\d{3})\b")  # 1:20.456, 54.123
_VERDICT = re.compile(r"\b(?:DELETED|REINSTATED)\b")
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2}):(\d{2})\b")  # at the track, when it happened
_NOT_THE_REASON = re.compile(r"\s*\(PIT\)|\s*\b\d{1,2}:\d{2}:\d{2}\b|\s*\bLAP \d{1,2}\b")  # the lap, and the clock at the track
_T = TypeVar("_T")
_SAME_S = 0.0015
_ZONES_S = 1800
_SOON_S = 300.0  # a message that names neither lap nor time is about a lap that ended not longer before it


@dataclass(frozen=True, slots=True)
class Ruling:
    """One lap time deleted or reinstated: whose, and whatever of lap, lap time and time of the day the message names."""

    is_deleted: bool
    number: str | None
    driver: str | None
    lap: int | None
    lap_time_s: float | None
    clock_s: int | None
    reason: str | None


def cars(message: str) -> list[tuple[str | None, str | None]]:
    """Return number and driver of each car that a message names, whatever of them it says.

    Examples
    --------
    >>> cars("TURN 2 INCIDENT INVOLVING CARS 14 (ALO),27 (HUL)  AND 35 (SIR) NOTED")
    [('14', 'ALO'), ('27', 'HUL'), ('35', 'SIR')]
    >>> cars("CARS 1 AND 22 LAP 3 DELETED"), cars("CAR LEC TIME 1:36.518 DELETED")
    ([('1', None), ('22', None)], [(None, 'LEC')])
    """
    text = message.upper()
    if both := _CAR.findall(text):
        return [(number, code) for number, code in both]
    if numbers := [n for listed in _NUMBERS.findall(text) for n in re.findall(r"\d+", listed)]:
        return [(number, None) for number in numbers]
    return [(None, code) for code in _CODE.findall(text)]


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
    if verdict is None or not (named := cars(text)):
        return []
    times: list[float | None] = [round(int(minutes or 0) * 60 + float(seconds), 3) for minutes, seconds in _TIME.findall(text)]
    laps: list[int | None] = [int(n) for n in _LAP.findall(text)]
    said = text[verdict.end() :].partition("- ")[2]
    reason = _NOT_THE_REASON.sub("", said).strip() or None
    clock = _CLOCK.search(text)
    clock_s = None if clock is None else sum(int(part) * unit for part, unit in zip(clock.groups(), (3600, 60, 1), strict=True))
    n = max(len(named), len(times), 1)
    parts = (_each(named, n), _each(times or [None], n), _each(laps or [None], n))
    return [
        Ruling("REINSTATED" not in text, number, code, lap, lap_time, clock_s, reason)
        for (number, code), lap_time, lap in zip(*parts, strict=True)
    ]


def _each(values: list[_T], n: int) -> list[_T]:
    """Return one value for each of ``n``: the only one for all, or the first ones in order."""
    return values * n if len(values) == 1 else [*values, *values[-1:] * n][:n]


def deletions(
    laps: pl.DataFrame, race_control: pl.DataFrame, drivers: pl.DataFrame, start_utc: datetime | None = None
) -> pl.DataFrame:
    """Return the laps with ``is_deleted``, ``deleted_reason``, ``deleted_at_s`` and ``reinstated_at_s`` from the messages.

    What the origin of the laps says is kept. Without published messages it stays unknown which laps were deleted; with them, a
    lap that none names was not.

    Parameters
    ----------
    laps, race_control, drivers
        Tables of the session.
    start_utc
        Instant of the session's zero, for the time of the day in the messages.
    """
    published = race_control.filter(~pl.col("is_derived").fill_null(value=False))
    if published.is_empty():
        return laps
    codes = dict(drivers.select("number", "driver").iter_rows())
    by_driver = {str(code): own.to_dicts() for (code,), own in laps.group_by("driver")}
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for driver, time_s, ruling in _in_order(published, codes):
        lap = _lap_of(ruling, time_s, _happened_s(ruling, time_s, start_utc), by_driver.get(driver, []), found)
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
            driver = ruling.driver or codes.get(ruling.number or "")
            if driver is not None and time_s is not None:
                yield driver, time_s, ruling


def _happened_s(ruling: Ruling, time_s: float, start_utc: datetime | None) -> float | None:
    """Return when it happened on the session clock: the last time before the message at which clocks stood so.

    Clocks around the world differ by whole or half hours, so the offset of the track is not needed.
    """
    if ruling.clock_s is None or start_utc is None:
        return None
    return time_s - (start_utc.timestamp() + time_s - ruling.clock_s) % _ZONES_S


def _lap_of(
    ruling: Ruling,
    time_s: float,
    happened_s: float | None,
    laps: list[dict[str, Any]],
    found: dict[tuple[str, int], dict[str, Any]],
) -> int | None:
    """Return the lap that a ruling is about.

    The lap time decides; of several equal ones the lap on which it happened or which the message names, else the last one
    driven by then. Where no lap has that time, or none is named, it is the lap without a time on which it happened, or the one
    named: outside of races, race control counts laps in another way, so the time of the day goes before. A message without any
    of that is about the lap that ended just before.
    """

    def is_open(lap: dict[str, Any]) -> bool:
        """Only what was deleted can be reinstated."""
        return ruling.is_deleted or found.get((lap["driver"], lap["lap"]), {}).get("_deleted", False)

    def ended(lap: dict[str, Any], within_s: float = math.inf) -> bool:
        return lap["end_time_s"] is None or 0 <= time_s - lap["end_time_s"] <= within_s

    begun = [lap for lap in laps if is_open(lap) and (lap["start_time_s"] is None or lap["start_time_s"] <= time_s)]
    then = [lap for lap in begun if happened_s is not None and _contains(lap, happened_s)]
    named = then or [lap for lap in begun if lap["lap"] == ruling.lap]
    if ruling.lap_time_s is not None:
        times = [(lap, lap["lap_time_s"]) for lap in begun if lap["lap_time_s"] is not None and ended(lap)]
        same = [lap for lap, own in times if abs(own - ruling.lap_time_s) < _SAME_S]
        untimed = [lap for lap in named if lap["lap_time_s"] is None]
        chosen = [lap for lap in same if lap in named] or same or untimed
    elif ruling.lap is not None or then:
        chosen = named
    else:
        chosen = [lap for lap in begun if lap["end_time_s"] is not None and ended(lap, _SOON_S)]
    return max((lap["lap"] for lap in chosen), default=None)


def _contains(lap: dict[str, Any], time_s: float) -> bool:
    start, end = lap["start_time_s"], lap["end_time_s"]
    return start is not None and start <= time_s and (end is None or time_s < end)
