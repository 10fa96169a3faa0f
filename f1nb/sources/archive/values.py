"""Values as the feed writes them, as numbers; None for what is empty or of another kind."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_TIME = re.compile(r"(?:(\d+):)?(?:(\d+):)?(\d+(?:\.\d+)?)")
_LEADER = re.compile(r"LAP\s+\d+", re.IGNORECASE)
_LAPS = re.compile(r"\+?\s*(\d+)\s*L(?:APS?)?", re.IGNORECASE)
_BOUND = 1_000_000  # no value of the feed is as large, and tables hold thousandths in 32 bits


def seconds(value: object) -> float | None:
    """Return a duration, ``"1:32.456"`` or ``"54.123"``, in seconds, or another number; None for one out of all bounds.

    Examples
    --------
    >>> seconds("1:32.456"), seconds("54.123"), seconds("+0.250"), seconds("")
    (92.456, 54.123, 0.25, None)
    """
    if isinstance(value, str):
        number = _seconds(value)
    else:
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    return number if number is not None and abs(number) < _BOUND else None


@lru_cache(1 << 14)  # a time is sent as sector, as last and as best lap, and read by more than one table
def _seconds(text: str) -> float | None:
    match = _TIME.fullmatch(text.strip().removeprefix("+"))
    if match is None:
        return None
    parts = [float(part) for part in match.groups() if part is not None]
    total = 0.0
    for part in parts:
        total = total * 60 + part
    return round(total, 3)


def whole(value: object) -> int | None:
    """Return a whole number, written as number or text; None for one out of all bounds.

    Examples
    --------
    >>> whole("4"), whole(4), whole(""), whole(True)
    (4, 4, None, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) < _BOUND else None
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d{1,6}", value.strip()) else None


def text(value: object) -> str | None:
    """Return a text, None for one that says nothing.

    Examples
    --------
    >>> text("NOR"), text(" "), text("None"), text({})
    ('NOR', None, None, None)
    """
    said = value.strip() if isinstance(value, str) else ""
    return None if said.lower() in {"", "none", "nan", "null"} else said


class Gap(NamedTuple):
    """A distance between two cars: in time, or in laps."""

    seconds: float | None
    laps: int | None


def gap(value: object) -> Gap:
    """Return a gap or interval. The leader's, ``"LAP 23"``, is nought; ``"1L"`` and ``"+1 LAP"`` are laps, never a second.

    Examples
    --------
    >>> gap("+0.404"), gap("LAP 23"), gap("1 L"), gap("")
    (Gap(seconds=0.404, laps=0), Gap(seconds=0.0, laps=0), Gap(seconds=None, laps=1), Gap(seconds=None, laps=None))
    """
    if isinstance(value, str) and "L" in value.upper():
        if _LEADER.fullmatch(value.strip()):
            return Gap(0.0, 0)
        laps = _LAPS.fullmatch(value.strip())
        return Gap(None, whole(laps[1]) if laps else None)
    number = seconds(value)
    return Gap(number, None if number is None else 0)
