"""Sets of tyres from ``TimingAppData``: which one a car was on in each lap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from f1nb.schema import COMPOUNDS
from f1nb.sources.archive.laps import Lap
from f1nb.sources.archive.streams import Message, merged
from f1nb.sources.archive.values import whole

_EARLY_MS = 60_000  # a set is announced so long before the car is in the pit lane, at the most


class Fitted(NamedTuple):
    """The set on the car in one lap."""

    stint: int
    compound: str | None
    age_laps: int | None
    fresh: bool | None


@dataclass(slots=True)
class Tyres:
    """The sets of one car by lap."""

    laps: dict[int, Fitted] = field(default_factory=dict)

    def of_lap(self, number: int) -> Fitted | None:
        """Return the set of a lap, None where none is known."""
        return self.laps.get(number)


def stints(messages: Iterable[Message]) -> dict[str, list[dict[str, Any]]]:
    """Return the stints of each car by race number, as the feed left them, each with ``since_ms``: when it was first named."""
    state: dict[str, dict[str, Any]] = {}
    since: dict[tuple[str, str], int] = {}
    for time_ms, patch in messages:
        lines = patch.get("Lines") if isinstance(patch, dict) else None
        for number, line in lines.items() if isinstance(lines, dict) else ():
            sets = line.get("Stints") if isinstance(line, dict) else None
            if sets is None:
                continue
            state[number] = merged(state.get(number, {}), sets)
            for index in state[number] if isinstance(state[number], dict) else ():
                since.setdefault((number, index), time_ms)
    return {
        number: [
            {**sets[index], "since_ms": since[number, index]}
            for index in sorted((i for i in sets if i.isdigit()), key=int)
            if isinstance(sets[index], dict)
        ]
        for number, sets in state.items()
        if isinstance(sets, dict)
    }


def tyres_of_car(sets: list[dict[str, Any]], laps: list[Lap]) -> Tyres:
    """Return which set a car was on in each of its laps.

    A set counts from the last stop before it was first named: the feed names it while the car is in its box, or later.
    A set that the next one replaces before the car has driven a lap was never driven on.
    """
    begins: dict[int, dict[str, Any]] = {}
    for order, fitted in enumerate(sets):
        begins[_first_lap(fitted["since_ms"], laps) if order else (laps[0].number if laps else 1)] = fitted
    tyres, current, stint, age = Tyres(), None, 0, None
    for lap in laps:
        if lap.number in begins:
            current, stint = begins[lap.number], stint + 1
            age = whole(current.get("StartLaps"))
        if current is None:
            continue
        age = None if age is None else age + 1
        compound = str(current.get("Compound") or "").upper()
        new = str(current.get("New")).lower()
        tyres.laps[lap.number] = Fitted(
            stint, compound if compound in COMPOUNDS else None, age, {"true": True, "false": False}.get(new)
        )
    return tyres


def _first_lap(since_ms: int, laps: list[Lap]) -> int:
    """Return the first lap on a set that was first named at this moment."""
    first = laps[0].number if laps else 1
    for before, lap in zip([None, *laps], laps, strict=False):
        arrived = before.pit_in_ms if before is not None and before.pit_in_ms is not None else lap.pit_out_ms
        if lap.pit_out_ms is not None and arrived is not None and arrived - _EARLY_MS <= since_ms:
            first = lap.number
    return first
