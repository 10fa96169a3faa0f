"""Ends of laps that agree between the cars of a race.

Lap times tie the ends of one car's laps to one another, and the least delay of its messages ties them to the session clock:
good to some hundredths, too little to tell who of two cars was ahead. The screen shows the gap to the leader at the line, to
the millisecond.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from statistics import median

from f1nb.sources.archive.laps import Lap, join, runs

_NEAR_MS = 1_000  # a gap that contradicts the clock by more is of another moment, or has a penalty in it
_AT_LINE_MS = 300  # the gap at the line is said so shortly before or after the end of the lap
_ENOUGH = 3  # gaps that a run of laps needs: a single one may be wrong
_ROUNDS = 20


def tie_to_gaps(gaps: Mapping[str, list[tuple[int, int]]], laps: Mapping[str, list[Lap]]) -> None:
    """Move each car's runs of laps, all laps of a run alike, until the gaps at the line are those of the screen.

    Parameters
    ----------
    gaps
        When a gap to the leader in seconds was said of each car of a race, and the gap, both in ms.
    laps
        Its laps, see `f1nb.sources.archive.laps.LapReader`.
    """
    parts: list[list[Lap]] = []
    at_line: defaultdict[int, list[tuple[int, int, int | None]]] = defaultdict(list)
    for number, own in laps.items():
        for run in runs(own):
            for lap in run:
                if lap.end_ms is not None:
                    at_line[lap.number].append((lap.end_ms, len(parts), _nearest(gaps[number], lap.told_ms)))
            parts.append(run)
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
    moved = dict.fromkeys((part for part, own in ties.items() if len(own) >= _ENOUGH), 0)
    for _ in range(_ROUNDS):
        for part in moved:
            moved[part] = round(median(moved.get(other, 0) + missing_ms for other, missing_ms in ties[part]))
    latest_ms = max(moved.values(), default=0)  # no car crosses the line after the message of it: all are moved back
    for part, by_ms in moved.items():
        for lap in parts[part]:
            if lap.end_ms is not None:
                lap.end_ms += by_ms - latest_ms
    for own in laps.values():
        join(own)


def _nearest(gaps: list[tuple[int, int]], told_ms: int | None) -> int | None:
    """Return the gap that was said with the end of a lap."""
    if told_ms is None:
        return None
    place = bisect_left(gaps, (told_ms, -1))
    near = [(abs(time_ms - told_ms), gap_ms) for time_ms, gap_ms in gaps[max(place - 1, 0) : place + 1]]
    return next((gap_ms for late_ms, gap_ms in sorted(near) if late_ms <= _AT_LINE_MS), None)
