"""Sets of tyres from ``TimingAppData``: which one a car was on in each lap.

The feed names sets late, names some twice, and overwrites others: stops are the truth. Between two stops a car is on one set,
and what the feed says of it shortly before the next stop is what it has settled on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from f1nb.schema import COMPOUNDS
from f1nb.sources.archive.laps import Lap
from f1nb.sources.archive.streams import Message, merged
from f1nb.sources.archive.values import whole

_EARLY_MS = 30_000  # a set can be named while the car is still on its way to the stop


class Fitted(NamedTuple):
    """The set on a car in one lap."""

    stint: int | None
    compound: str | None
    age_laps: int | None
    is_fresh: bool | None


class Set(NamedTuple):
    """A set as the feed names it: its place in the list, compound, laps on it before, and whether it was new.

    ``driven_laps`` were driven on it in this session before the feed was joined.
    """

    place: int
    compound: str | None
    start_laps: int | None
    is_fresh: bool | None
    driven_laps: int


class SetReader:
    """The sets of each car, as ``TimingAppData`` names them.

    Attributes
    ----------
    history
        All sets of each car, by race number, after each message that changed them: time in ms, and the sets.
    """

    def __init__(self) -> None:
        self.history: dict[str, list[tuple[int, list[Set]]]] = {}
        self._state: dict[str, Any] = {}
        self._driven: dict[str, dict[int, int]] = {}

    def read(self, messages: Iterable[Message]) -> None:
        """Take what is new. What the first message says of a car is how it was when the feed was joined."""
        for time_ms, patch in messages:
            lines = patch.get("Lines") if isinstance(patch, dict) else None
            for number, line in lines.items() if isinstance(lines, dict) else ():
                if not isinstance(line, dict) or "Stints" not in line:
                    continue
                self._state[number] = merged(self._state.get(number), line["Stints"])
                if number not in self._driven:
                    self._driven[number] = _driven(self._state[number])
                sets = _sets(self._state[number], self._driven[number])
                before = self.history.setdefault(number, [])
                if sets and (not before or before[-1][1] != sets):
                    before.append((time_ms, sets))


def _named(entries: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the sets of a list, with their place in it."""
    for index, entry in entries.items() if isinstance(entries, dict) else ():
        if index.isascii() and index.isdigit() and isinstance(entry, dict):
            yield int(index), entry


def _driven(entries: Any) -> dict[int, int]:
    laps = ((place, whole(entry.get("TotalLaps")), whole(entry.get("StartLaps"))) for place, entry in _named(entries))
    return {place: total - start for place, total, start in laps if total is not None and start is not None and total > start}


def _sets(entries: Any, driven: Mapping[int, int]) -> list[Set]:
    found = []
    for place, entry in _named(entries):
        compound = str(entry.get("Compound") or "").upper()
        compound = compound if compound in COMPOUNDS else None
        new = {"true": True, "false": False}.get(str(entry.get("New")).lower())
        found.append(Set(place, compound, whole(entry.get("StartLaps")), new, driven.get(place, 0)))
    return sorted(found, key=lambda known: known.place)


def tyres_of_car(history: list[tuple[int, list[Set]]], laps: list[Lap]) -> dict[int, Fitted]:
    """Return which set a car was on in each of its laps, by the number of the lap.

    Parameters
    ----------
    history
        Its sets over time, see `SetReader`.
    laps
        Its laps.
    """
    stops = [i for i, lap in enumerate(laps) if lap.pit_out_ms is not None and i > 0]
    stretches = [laps[first:end] for first, end in pairwise([0, *stops, len(laps)])]
    named = [_named_by(history, None if own is stretches[-1] else _arrival_ms(own)) for own in stretches]
    fitted: dict[int, Fitted] = {}
    current: Set | None = None
    stint = age = 0
    for own, known, following in zip(stretches, named, [*named[1:], None], strict=True):
        latest = history[-1][1] if history else []
        # corrected later, unless its place in the list is the next one's by then
        is_open = known is not None and (following is None or following.place != known.place)
        settled = next((s for s in latest if is_open and known and s.place == known.place), known)
        if settled != current or stint == 0:
            # a feed that was joined late says itself how many sets and laps there were before
            is_late = settled is not None and not fitted and bool(own) and own[0].number > 1
            current, stint = settled, settled.place + 1 if settled and is_late else stint + 1
            age = settled.driven_laps if settled and is_late else 0
        for lap in own:
            age += 1
            start = current.start_laps if current else None
            fitted[lap.number] = Fitted(
                stint,
                current.compound if current else None,
                None if start is None else start + age,
                current.is_fresh if current else None,
            )
    return fitted


def _arrival_ms(laps: list[Lap]) -> int | None:
    """Return when the car came to the stop that ends these laps."""
    return next((lap.pit_in_ms or lap.told_ms for lap in reversed(laps) if lap.pit_in_ms or lap.told_ms), None)


def _named_by(history: list[tuple[int, list[Set]]], arrival_ms: int | None) -> Set | None:
    """Return the set that the feed named last before a stop; by its end for None."""
    for until_ms in (arrival_ms - _EARLY_MS, arrival_ms) if arrival_ms is not None else (None,):
        before = [sets for time_ms, sets in history if until_ms is None or time_ms <= until_ms]
        if before:
            return before[-1][-1]
    # the feed began after that stop: where its first message names two sets, the first one is that of before
    return history[0][1][0] if history and len(history[0][1]) > 1 else None
