"""Laps from ``TimingData``: what a car's line said, put together lap by lap.

A lap ends at the line: its third sector, its time and the number of laps come within seconds of one another, in any order, in
one message or in several. A message arrives some tenths after the car. Lap times are exact, so in a run of laps that have one
each end follows from any other, and the message that was least late tells when all of them were: `_tied`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from itertools import pairwise

from f1nb.sources.archive.streams import Leaf, Message, leaves
from f1nb.sources.archive.values import seconds, whole

_SETTLED_MS = 5_000  # what belongs to the end of a lap arrives within this; nobody drives a sector in less
_DELAYED_MS = 20_000  # no message of a lap's end is so late unless the feed was interrupted
_SHORTEST_LAP_MS = 40_000  # no lap of any circuit takes less
_WAITED_S = 10.0  # more than its sectors: time in which the car stood somewhere between two of them
_LATEST_MS = 120_000  # a lap that ends later than its time says by more has had a wait
_DRIVEN = frozenset({2048, 2049, 2051})  # a mini-sector that was driven: slower, own best, best of all
SPEEDS = {"I1": "speed_i1_kmh", "I2": "speed_i2_kmh", "FL": "speed_fl_kmh", "ST": "speed_st_kmh"}
_TELLING = frozenset(  # three of four messages are gaps and mini-sectors, which say nothing of a lap's times
    [("InPit",), ("PitOut",), ("NumberOfLaps",), ("LastLapTime", "Value")]
    + [("Sectors", str(i), name) for i in range(3) for name in ("Value", "PreviousValue")]
    + [("Speeds", trap, "Value") for trap in SPEEDS]
)


@dataclass(slots=True)
class Lap:
    """One lap of one car. Times of the stream in ms, durations in seconds."""

    number: int
    start_ms: int | None = None
    end_ms: int | None = None
    pit_in_ms: int | None = None
    pit_out_ms: int | None = None
    lap_time_s: float | None = None
    published_lap_time_s: float | None = None  # where that is not what the car drove
    sectors: dict[int, float] = field(default_factory=dict)
    sectors_ms: dict[int, int] = field(default_factory=dict)
    speeds: dict[str, float] = field(default_factory=dict)
    told_ms: int | None = None  # when the message of its end came
    shown_ms: int | None = None  # since when the screen counts it
    has_moved: bool = False

    @property
    def is_worth_a_row(self) -> bool:
        """Whether the car drove any of it."""
        return self.end_ms is not None or self.pit_in_ms is not None or bool(self.sectors or self.speeds) or self.has_moved


def car_lines(messages: Iterable[Message]) -> dict[str, list[tuple[int, list[Leaf]]]]:
    """Return what each car's line said, by race number: time of the message, and its values by their place in the line."""
    cars: dict[str, list[tuple[int, list[Leaf]]]] = {}
    for time_ms, patch in messages:
        lines = patch.get("Lines") if isinstance(patch, dict) else None
        for number, line in lines.items() if isinstance(lines, dict) else ():
            if not isinstance(line, dict):
                continue
            cars.setdefault(number, []).append((time_ms, leaves(line, time_ms)))
    return cars


class LapReader:
    """The laps of one car, as its line grows: in one piece or in many, they come out the same.

    Parameters
    ----------
    is_race
        In a race the line counts laps that are done, elsewhere the one that is being driven, from the pit exit on.
    from_ms
        When the session started: what came before is a lap to the grid.
    until_ms
        When the first car was given the chequered flag in a race: each car's next end of a lap is its last.
    at_most
        How many laps a race has.
    """

    def __init__(self, *, is_race: bool, from_ms: int, until_ms: int | None, at_most: int | None) -> None:
        self._car = _Car(is_race=is_race, from_ms=from_ms)
        self._from_ms = from_ms - (0 if is_race else _SETTLED_MS)
        self._end = until_ms, at_most
        self._is_over = False
        self._latest_ms = from_ms

    def end(self, until_ms: int) -> bool:
        """Take when the chequered flag was shown, and return whether what has been read could know nothing of it yet."""
        is_new = self._end[0] is None and not self._is_over and self._latest_ms <= until_ms + _SETTLED_MS
        self._end = until_ms, self._end[1]
        return is_new

    def read(self, line: Iterable[tuple[int, list[Leaf]]]) -> bool:
        """Take what is new of the line, see `car_lines`, and return whether the laps can be others now."""
        has_told = False
        for time_ms, values in line:
            self._latest_ms = max(self._latest_ms, time_ms)
            if time_ms < self._from_ms:
                self._car.before(values)
                continue
            self._is_over = self._is_over or self._car.is_over(time_ms, *self._end)
            if self._is_over:
                break
            has_told = self._car.read(time_ms, values) or has_told
        return has_told

    def laps(self) -> list[Lap]:
        """Return the laps so far, the one under way included; whoever gets them may change them."""
        laps = [copy(lap) for lap in self._car.finished() if lap.is_worth_a_row]
        if not self._car.is_race:
            for place, lap in enumerate(laps, 1):  # with room for a lap between two others
                lap.number = 2 * place
        laps = _without_delay(laps)
        for lap in laps:
            _without_waiting(lap)
        if not self._car.is_race:
            for number, lap in enumerate(laps, 1):
                lap.number = number
            _from_line_to_line(laps)
        laps = _tied(laps)
        for before, lap in zip([None, *laps], laps, strict=False):
            is_from_line = before is not None and lap.start_ms == before.end_ms
            lap.shown_ms = before.told_ms if before and is_from_line else lap.start_ms
        return laps


def _from_line_to_line(laps: list[Lap]) -> None:
    """Let a lap of practice or qualifying that went through the pit lane begin at the line where it was timed from there.

    With a first sector it was. Without one the car came from its garage, and what is published as lap time has the wait in it.
    """
    for before, lap in pairwise(laps):
        if lap.pit_out_ms is None or lap.lap_time_s is None:
            continue
        if 0 in lap.sectors:
            lap.start_ms = before.end_ms
        else:
            lap.published_lap_time_s, lap.lap_time_s = lap.lap_time_s, None


def _without_delay(laps: list[Lap]) -> list[Lap]:
    """Return the laps, each end put where the sectors say when its message came very late.

    A pit entry between that end and its message belongs to the lap after it, which may have left no other trace.
    """
    out: list[Lap] = []
    for lap, following in zip(laps, [*laps, None][1:], strict=True):
        out.append(lap)
        if lap.end_ms is None or not {1, 2} <= lap.sectors.keys() or 1 not in lap.sectors_ms:
            continue
        end_ms = lap.sectors_ms[1] + round(lap.sectors[2] * 1000)
        if lap.end_ms - end_ms < _DELAYED_MS:
            continue
        lap.end_ms = end_ms
        if lap.pit_in_ms is None or lap.pit_in_ms - end_ms < _SETTLED_MS:
            continue
        if following is None or following.pit_out_ms is not None:
            number = lap.number + 1
            if following is None or following.number > number:
                out.append(Lap(number, start_ms=end_ms, pit_in_ms=lap.pit_in_ms))
        elif following.pit_in_ms is None:
            following.pit_in_ms = lap.pit_in_ms
        lap.pit_in_ms = None
    return out


def _without_waiting(lap: Lap) -> None:
    """Take the sum of the sectors where the lap time has more in it: a car that had a wait, or another lap's, counted in."""
    if len(lap.sectors) < 3 or lap.lap_time_s is None:
        return
    total = round(sum(lap.sectors.values()), 3)
    if lap.lap_time_s - total > _WAITED_S:
        lap.published_lap_time_s, lap.lap_time_s = lap.lap_time_s, total


class _Car:
    """The lap that a car is on, and those before it."""

    def __init__(self, *, is_race: bool, from_ms: int) -> None:
        self.is_race = is_race
        self.done: list[Lap] = []
        self.in_pit = False
        self.counted: int | None = 0 if is_race else None
        self.lap = Lap(1, start_ms=from_ms if is_race else None)
        self.ended_ms: int | None = None
        self.shown_i1: float | None = None  # the screen's first speed, which is not sent again when it stays the same

    def before(self, values: list[Leaf]) -> None:
        """Take from what came before the session only where the car is."""
        for _, path, value in values:
            if path == ("InPit",):
                self.in_pit = bool(value)

    def is_over(self, time_ms: int, until_ms: int | None, at_most: int | None) -> bool:
        """Return whether this car has ended its last lap of the race, and all that there is to say of it is said."""
        if self.ended_ms is None or time_ms - self.ended_ms <= _SETTLED_MS:
            return False
        return self.lap.number == at_most or (until_ms is not None and self.ended_ms >= until_ms)

    def read(self, time_ms: int, values: list[Leaf]) -> bool:
        """Take a message and return whether it told something. Inside of one, what ends a lap comes before the next begins."""
        said = {path: value for _, path, value in values}
        has_told = not _TELLING.isdisjoint(said)
        if has_told:
            self._read_values(time_ms, said)
        if self._is_under_way(said):
            before = self.lap, self.lap.has_moved
            self._begin_next_after(time_ms)
            self.lap.has_moved = self.ended_ms is None
            has_told = has_told or before[0] is not self.lap or before[1] is not self.lap.has_moved
        return has_told

    def _read_values(self, time_ms: int, said: dict[tuple[str, ...], object]) -> None:
        if said.get(("InPit",)) is True and not self.in_pit:
            self._entered(time_ms)
        if self._is_line_crossing(said) and self.ended_ms is None and not self._is_repeated(time_ms, said):
            self.ended_ms = self.lap.end_ms = self.lap.told_ms = time_ms
        count = whole(said.get(("NumberOfLaps",)))
        if said.get(("InPit",)) is False and self.in_pit:
            self._left(time_ms)
        self._take(time_ms, said)
        if count is not None:
            self._count(count)

    def _is_under_way(self, said: dict[tuple[str, ...], object]) -> bool:
        """Return whether a message shows the car on the track: a mini-sector; in a race a gap in time, or that it stopped."""
        if any("Segments" in path and value in _DRIVEN for path, value in said.items()):
            return True
        on_track = self.is_race and not self.in_pit and bool(self.done or self.ended_ms is not None)
        return on_track and (seconds(said.get(("GapToLeader",))) is not None or said.get(("Stopped",)) is True)

    def _is_line_crossing(self, said: dict[tuple[str, ...], object]) -> bool:
        if seconds(said.get(("Sectors", "2", "Value"))) is not None or seconds(said.get(("LastLapTime", "Value"))) is not None:
            return True
        return self._is_counted(said)

    def _is_counted(self, said: dict[tuple[str, ...], object]) -> bool:
        """Return whether the feed counts one more lap, other than for a pit exit."""
        count = whole(said.get(("NumberOfLaps",)))
        leaves_pit = said.get(("InPit",)) is False or said.get(("PitOut",)) is True
        return count is not None and self.counted is not None and count == self.counted + 1 and not leaves_pit

    def _is_repeated(self, time_ms: int, said: dict[tuple[str, ...], object]) -> bool:
        """Return whether what looks like the end of a lap is that of the lap before, sent again or counted late.

        A car that is brought back to the pits has its line sent anew, with the third sector of the lap before.
        """
        if self.is_race and self._is_counted(said):
            return False
        last_sector = seconds(said.get(("Sectors", "2", "Value")))
        is_old = bool(self.done) and last_sector == self.done[-1].sectors.get(2)
        if said.get(("InPit",)) is True and is_old and ("LastLapTime", "Value") not in said:
            return True
        began = [self.lap.pit_out_ms, self.done[-1].end_ms if self.done else None]
        return any(moment is not None and time_ms - moment < _SHORTEST_LAP_MS for moment in began)

    def _take(self, time_ms: int, said: dict[tuple[str, ...], object]) -> None:
        """Put times and speeds to their lap; the first of a new one closes the one that has ended."""
        for index in (0, 1):
            value = seconds(said.get(("Sectors", str(index), "Value")))
            if value is not None:
                self._begin_next_after(time_ms, settled=index == 0)  # no first sector ever came after its own lap
                self.lap.sectors[index] = value
                self.lap.sectors_ms[index] = time_ms
        for index in (0, 1, 2):  # sent again when the first message was lost
            value = seconds(said.get(("Sectors", str(index), "PreviousValue")))
            if value is not None and self.ended_ms is None and index < 2:
                self.lap.sectors.setdefault(index, value)
        i1 = ("Speeds", "I1", "Value")
        if i1 in said:
            self.shown_i1 = seconds(said[i1])
        elif self.shown_i1 is not None and seconds(said.get(("Sectors", "0", "Value"))) is not None:
            self.lap.speeds.setdefault(SPEEDS["I1"], self.shown_i1)
        for trap, column in SPEEDS.items():
            speed = seconds(said.get(("Speeds", trap, "Value")))
            if speed is not None:
                if trap != "FL":
                    self._begin_next_after(time_ms)
                self.lap.speeds[column] = speed
        last_sector = seconds(said.get(("Sectors", "2", "Value")))
        if last_sector is not None and self.ended_ms is not None:
            self.lap.sectors[2] = last_sector
        lap_time = seconds(said.get(("LastLapTime", "Value")))
        if lap_time is not None and self.ended_ms is not None:
            self.lap.lap_time_s = lap_time

    def _entered(self, time_ms: int) -> None:
        self.in_pit = True
        if self.ended_ms is None or time_ms - self.ended_ms > _SETTLED_MS:
            self._begin_next_after(time_ms)
        self.lap.pit_in_ms = time_ms

    def _left(self, time_ms: int) -> None:
        self.in_pit = False
        if self.ended_ms is not None or (not self.is_race and self.lap.pit_in_ms is not None):
            self._close(start_ms=self.ended_ms)
        self.lap.pit_out_ms = time_ms
        if not self.is_race:
            self.lap.start_ms = time_ms

    def _begin_next_after(self, time_ms: int, *, settled: bool = False) -> None:
        if self.ended_ms is not None and (settled or time_ms - self.ended_ms > _SETTLED_MS):
            self._close(start_ms=self.ended_ms)

    def _close(self, *, start_ms: int | None) -> None:
        """Close the lap and begin the next one."""
        self.done.append(self.lap)
        self.lap = Lap(self.lap.number + 1, start_ms=start_ms)
        self.ended_ms = None

    def _count(self, count: int) -> None:
        """Give the lap the number of the feed, which counts those that got lost, too."""
        number = count if self.is_race and self.ended_ms is not None else None
        if number is not None and number > self.lap.number:
            self.lap.number = number
            if not self.done:  # whoever joins late has not seen it begin
                self.lap.start_ms = None
        self.counted = count

    def finished(self) -> Iterator[Lap]:
        """Yield all laps, the one under way included."""
        yield from self.done
        yield self.lap


def _tied(laps: list[Lap]) -> list[Lap]:
    """Return the laps with their ends tied to one another by lap times, and each start at the end before.

    In a run of consecutive timed laps every end minus the lap times up to it is the same moment, plus what its message was
    late: the least is taken.
    """
    for run in runs(laps):
        _tie(run)
    join(laps)
    return laps


def runs(laps: Iterable[Lap]) -> Iterator[list[Lap]]:
    """Yield the finished laps of a car, together those whose ends follow from one another by lap times."""
    run: list[Lap] = []
    before: Lap | None = None
    for lap in laps:
        if run and (before is None or not _follows(lap, before)):
            yield run
            run = []
        if lap.end_ms is not None:
            run.append(lap)
        before = lap
    if run:
        yield run


def join(laps: list[Lap]) -> None:
    """Let each lap begin where the one before it ended, unless it began at the pit exit."""
    for earlier, later in pairwise(laps):
        if earlier.end_ms is not None and later.number == earlier.number + 1 and later.start_ms != later.pit_out_ms:
            later.start_ms = earlier.end_ms
    for lap in laps:
        if lap.end_ms is not None and lap.start_ms is not None and lap.end_ms < lap.start_ms:
            lap.end_ms = None  # of two times that contradict one another, the pit exit or the lap before is the surer one


def _follows(lap: Lap, before: Lap) -> bool:
    """Return whether the end of a lap is that of the one before plus its lap time."""
    if lap.number != before.number + 1 or lap.lap_time_s is None or lap.end_ms is None or before.end_ms is None:
        return False
    return lap.published_lap_time_s is None and abs(lap.end_ms - before.end_ms - lap.lap_time_s * 1000) < _LATEST_MS


def _tie(run: list[Lap]) -> None:
    if len(run) < 2:
        return
    sums = [0]
    for lap in run[1:]:
        sums.append(sums[-1] + round((lap.lap_time_s or 0) * 1000))
    first = min((lap.end_ms or 0) - total for lap, total in zip(run, sums, strict=True))
    for lap, total in zip(run, sums, strict=True):
        lap.end_ms = first + total
