"""Ends of laps that agree between the cars of a race.

Lap times tie the ends of one car's laps to one another, and the least delay of its messages ties them to the session clock:
good to some hundredths, too little to tell who of two cars was ahead. The screen shows the gap to the leader at the line, to
the millisecond.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import count
from statistics import median
from typing import NamedTuple

_NEAR_MS = 1_000  # a gap that contradicts the clock by more is of another moment, or has a penalty in it
AT_LINE_MS = 300  # the gap at the line is said so shortly before or after the end of the lap
_ENOUGH = 3  # gaps that a run of laps needs: a single one may be wrong
_ROUNDS = 20


class Crossing(NamedTuple):
    """The end of a lap: its number, when it was, and the gap to the leader that was said with it."""

    lap: int
    end_ms: int
    gap_ms: int | None


def offsets(crossings: Mapping[str, Sequence[Sequence[Crossing]]]) -> dict[str, list[int]]:
    """Return by how much each run of laps is to be moved, until the gaps at the line are those of the screen.

    Parameters
    ----------
    crossings
        Of each car of a race, for each run of laps whose ends follow from one another by lap times.
    """
    at_line: defaultdict[int, list[tuple[int, int, int | None]]] = defaultdict(list)
    for part, run in enumerate(run for runs in crossings.values() for run in runs):
        for lap, end_ms, gap_ms in run:
            at_line[lap].append((end_ms, part, gap_ms))
    # of each run: a run it is tied to, and how much more than that one it has to be moved
    ties: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for crossed in at_line.values():
        soonest_ms = min(end_ms for end_ms, _, _ in crossed)
        # the leader has no gap: with a late message another car can seem to be ahead
        first_ms, first, _ = min(crossed, key=lambda own: (bool(own[2]) or own[0] - soonest_ms > _NEAR_MS, own[0], own[1]))
        for end_ms, part, gap_ms in crossed:
            missing_ms = None if gap_ms is None or part == first else first_ms + gap_ms - end_ms
            if missing_ms is not None and abs(missing_ms) < _NEAR_MS:
                ties[part].append((first, missing_ms))
                ties[first].append((part, -missing_ms))
    moved = _settled({part: own for part, own in ties.items() if len(own) >= _ENOUGH})
    latest_ms = max(moved.values(), default=0)  # no car crosses the line after the message of it: all are moved back
    parts = count()
    return {
        number: [moved[part] - latest_ms if part in moved else 0 for _, part in zip(runs, parts, strict=False)]
        for number, runs in crossings.items()
    }


def _settled(ties: Mapping[int, list[tuple[int, int]]]) -> dict[int, int]:
    """Return by how much each run is moved when each is where most of its ties say."""
    moved = dict.fromkeys(ties, 0)
    for _ in range(_ROUNDS):
        before = moved.copy()
        for part, own in ties.items():
            moved[part] = round(median([moved.get(other, 0) + missing_ms for other, missing_ms in own]))
        if moved == before:
            break
    return moved


def nearest(gaps: list[tuple[int, int]], told_ms: int | None) -> int | None:
    """Return the gap that was said with the end of a lap.

    Parameters
    ----------
    gaps
        When a gap to the leader in seconds was said of the car, and the gap, both in ms.
    told_ms
        When the end of the lap was told.
    """
    if told_ms is None:
        return None
    place = bisect_left(gaps, (told_ms, -1))
    near = [(abs(time_ms - told_ms), gap_ms) for time_ms, gap_ms in gaps[max(place - 1, 0) : place + 1]]
    return next((gap_ms for late_ms, gap_ms in sorted(near) if late_ms <= AT_LINE_MS), None)
