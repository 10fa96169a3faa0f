"""The cars of a session as their lines grow: what is worked out of one is kept, and only what is new is read.

A stored stream is read in one go, a live one in many; both give the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from f1nb.sources.archive.gaps import tie_to_gaps
from f1nb.sources.archive.laps import Lap, LapReader, car_lines
from f1nb.sources.archive.streams import Message
from f1nb.sources.archive.timing import Line, Screen

_BEFORE_MS = -(2**53)  # before every session


class Cars:
    """All cars that were timed, by race number.

    Attributes
    ----------
    lines
        What the line of each car said.
    screens
        What the screen showed of each car.
    """

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}
        self.screens: dict[str, Screen] = {}
        self._terms: tuple[bool, int, int | None, int | None] | None = None
        self._readers: dict[str, LapReader] = {}
        self._read: dict[str, int] = {}

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
                own = self.lines.setdefault(number, [])
                own.extend((_BEFORE_MS if of_before else time_ms, said) for time_ms, said in line)
                self.screens.setdefault(number, Screen()).read(line)

    def laps(self, *, is_race: bool, from_ms: int, until_ms: int | None, at_most: int | None) -> dict[str, list[Lap]]:
        """Return the laps of each car, see `f1nb.sources.archive.laps.LapReader`.

        What has been read is read again when the session turns out to have begun or ended at another moment.
        """
        terms = is_race, from_ms, until_ms, at_most
        if terms != self._terms:
            self._terms, self._readers, self._read = terms, {}, {}
        laps = {}
        for number, line in self.lines.items():
            reader = self._readers.get(number)
            if reader is None:
                reader = LapReader(is_race=is_race, from_ms=from_ms, until_ms=until_ms, at_most=at_most)
                self._readers[number] = reader
            reader.read(line[self._read.get(number, 0) :])
            self._read[number] = len(line)
            laps[number] = reader.laps()
        if is_race:
            tie_to_gaps({number: screen.gaps for number, screen in self.screens.items()}, laps)
        return laps

    def at_the_end(self, codes: Mapping[str, str]) -> pl.DataFrame:
        """Return what the screen shows of each car now: its place, and its best lap of each part of qualifying.

        Parameters
        ----------
        codes
            Driver by race number.
        """
        rows = [
            {"driver": codes[number], "place": screen.place, "best": screen.best_s, "parts": screen.bests_of_parts()}
            for number, screen in self.screens.items()
        ]
        return pl.DataFrame(
            rows, schema={"driver": pl.String, "place": pl.Int32, "best": pl.Float64, "parts": pl.List(pl.Float64)}
        )
