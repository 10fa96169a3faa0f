"""The cars of a session as their lines grow: what is worked out of one is kept, and only what is new is read.

A stored stream is read in one go, a live one in many; both give the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from f1nb.sources.archive.gaps import AT_LINE_MS, Crossing, nearest, offsets
from f1nb.sources.archive.laps import Lap, LapReader, car_lines, join, runs
from f1nb.sources.archive.log import CarLog
from f1nb.sources.archive.streams import Message
from f1nb.sources.archive.timing import Line, Screen, changes_with_laps
from f1nb.sources.archive.tyres import Fitted, Set, SetReader, tyres_of_car

_BEFORE_MS = -(2**53)  # before every session


class Terms(NamedTuple):
    """What all laps depend on, see `f1nb.sources.archive.laps.LapReader`."""

    is_race: bool
    from_ms: int
    until_ms: int | None
    at_most: int | None


class Car:
    """One car.

    Attributes
    ----------
    screen
        What the screen showed of it.
    laps
        Its laps.
    fitted
        Its tyres, by the number of the lap.
    ends
        Of each lap that has an end: number, moment in ms, and lap time, as the car's own line says.
    crossings
        The same in a race, as `f1nb.sources.archive.gaps.offsets` wants them.
    log
        Its part of the change log.
    log_since_ms, mini_sectors_since_ms
        From which moment on table ``timing`` and ``mini_sectors`` differ since they were last made; None: nowhere.
    """

    def __init__(self) -> None:
        self.screen = Screen()
        self.laps: list[Lap] = []
        self.fitted: dict[int, Fitted] = {}
        self.ends: list[tuple[int, int, float | None]] = []
        self.crossings: list[list[Crossing]] = []
        self.log = CarLog()
        self.log_since_ms: int | None = None
        self.mini_sectors_since_ms: int | None = None
        self._line: Line = []
        self._reader: LapReader | None = None
        self._is_anew = True
        self._n_read = self._n_logged = 0
        self._alone: list[tuple[int | None, int | None]] = []  # start and end of each lap, of this car's line alone
        self._n_gaps = self._n_sets = self._n_states = 0

    def read(self, line: Line, *, of_before: bool) -> None:
        """Take what is new of its line."""
        self._line.extend((_BEFORE_MS if of_before else time_ms, said) for time_ms, said in line)
        n = len(self.screen.mini_sectors)
        self.screen.read(line)
        new = self.screen.mini_sectors[n:]
        if new:
            self.mini_sectors_since_ms = earliest(self.mini_sectors_since_ms, new[0][0])

    def follow(self, before: Terms | None, terms: Terms) -> None:
        """Follow other terms: what has been read is read again, unless it is all from before the flag that they know of."""
        self._is_anew = True
        is_flag = before is not None and terms.until_ms is not None and before == terms._replace(until_ms=None)
        if not (is_flag and self._reader and self._reader.end(terms.until_ms or 0)):
            self._reader, self._n_read = None, 0

    def renew(self, terms: Terms, sets: list[tuple[int, list[Set]]]) -> bool:
        """Work out what is new, and return whether laps or tyres are others now.

        Parameters
        ----------
        terms
            What all laps depend on.
        sets
            Its sets of tyres over time.
        """
        reader = self._reader = self._reader or LapReader(**terms._asdict())
        has_laps = reader.read(self._line[self._n_read :]) or self._is_anew
        self._is_anew = False
        self._n_read = len(self._line)
        if has_laps:
            self.laps = reader.laps()
            self._alone = [(lap.start_ms, lap.end_ms) for lap in self.laps]
            self.ends = [(lap.number, lap.end_ms, lap.lap_time_s) for lap in self.laps if lap.end_ms is not None]
        if terms.is_race and (has_laps or self._has_gap_at_line()):
            self.untie()
            self.crossings = [
                [Crossing(lap.number, lap.end_ms or 0, nearest(self.screen.gaps, lap.told_ms)) for lap in run]
                for run in runs(self.laps)
            ]
        self._n_gaps = len(self.screen.gaps)
        has_sets = len(sets) != self._n_sets
        self._n_sets = len(sets)
        if has_laps or has_sets:
            self.fitted = tyres_of_car(sets, self.laps)
        self._write_log(terms, follows=has_laps or has_sets)
        return has_laps or has_sets

    def untie(self) -> None:
        """Put starts and ends of the laps back to what the car's own line says."""
        for lap, (start_ms, end_ms) in zip(self.laps, self._alone, strict=True):
            lap.start_ms, lap.end_ms = start_ms, end_ms

    def tie(self, by_ms: list[int]) -> None:
        """Move the ends of its laps, those of each run alike."""
        self.untie()
        for run, moved_ms in zip(list(runs(self.laps)), by_ms, strict=True):
            for lap in run:
                lap.end_ms = (lap.end_ms or 0) + moved_ms
        join(self.laps)

    def _has_gap_at_line(self) -> bool:
        """Return whether a gap came that can be that at the end of the last lap."""
        new = self.screen.gaps[self._n_gaps :]
        told_ms = max((lap.told_ms for lap in self.laps if lap.told_ms is not None), default=None)
        return bool(new) and told_ms is not None and new[0][0] <= told_ms + AT_LINE_MS

    def _write_log(self, terms: Terms, *, follows: bool) -> None:
        since_ms = self.log.take(self.screen.changes[self._n_logged :])
        self._n_logged = len(self.screen.changes)
        if follows or self.screen.n_states != self._n_states:
            self._n_states = self.screen.n_states
            new = changes_with_laps(
                self.screen, self.laps, self.fitted, is_race=terms.is_race, from_ms=terms.from_ms, until_ms=terms.until_ms
            )
            since_ms = earliest(since_ms, self.log.follow(new))
        self.log_since_ms = earliest(self.log_since_ms, since_ms)


class Cars:
    """All cars that were timed.

    Attributes
    ----------
    of
        By race number.
    n_changes, n_ends
        How often their laps or tyres, and how often ends of laps have become others.
    """

    def __init__(self) -> None:
        self.of: dict[str, Car] = {}
        self.n_changes = self.n_ends = 0
        self._sets = SetReader()
        self._terms: Terms | None = None
        self._ends: list[list[tuple[int, int, float | None]]] = []
        self._crossings: dict[str, list[list[Crossing]]] = {}
        self._moved: dict[str, list[int]] = {}

    def add(self, messages: Iterable[Message], *, of_before: bool = False) -> None:
        """Take what is new of ``TimingData``.

        Parameters
        ----------
        messages
            The new ones.
        of_before
            Whether they say what stood when the feed was joined: no lap ended with them.
        """
        for number, line in car_lines(messages).items():
            if number.isdigit():
                self.of.setdefault(number, Car()).read(line, of_before=of_before)

    def add_tyres(self, messages: Iterable[Message]) -> None:
        """Take what is new of ``TimingAppData``."""
        self._sets.read(messages)

    def renew(self, terms: Terms) -> None:
        """Work out what is new of all cars."""
        if terms != self._terms:
            for car in self.of.values():
                car.follow(self._terms, terms)
            self._terms = terms
        changed = [car.renew(terms, self._sets.history.get(number, [])) for number, car in self.of.items()]
        crossings = {number: car.crossings for number, car in self.of.items()}
        has_moved = terms.is_race and crossings != self._crossings
        if has_moved:
            self._crossings, self._moved = crossings, offsets(crossings)
        ends = [car.ends for car in self.of.values()]
        self.n_ends += has_moved or ends != self._ends
        self._ends = ends
        if has_moved or any(changed):
            self.n_changes += 1
            if terms.is_race:
                for number, car in self.of.items():
                    car.tie(self._moved[number])


def earliest(*moments: int | None) -> int | None:
    """Return the earliest of moments that may be none."""
    return min((moment for moment in moments if moment is not None), default=None)
