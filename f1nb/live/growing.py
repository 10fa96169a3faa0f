"""The tables of a live session as panels want them: those of the feed at once, laps put right against each other later."""

from __future__ import annotations

import time
from collections.abc import Mapping

import polars as pl

from f1nb.analysis.health import health
from f1nb.analysis.laps import representative
from f1nb.analysis.ledger import ledger
from f1nb.live.positions import Positions
from f1nb.live.state import State
from f1nb.schema import TABLES

_LAPS_EVERY_S = 2.0  # it takes longer than all else
_HEALTH_EVERY_S = 10.0
_OF_LAPS = ("session", "drivers", "laps", "race_control", "results", "repairs")
_RACES = frozenset({"R", "S"})


class GrowingTables:
    """What a feed has come to, and which of its tables have changed since one last looked.

    Examples
    --------
    >>> state = State()
    >>> growing = GrowingTables(state)
    >>> _ = growing.changed(), state.apply("TrackStatus", {"Status": "4"}, "2024-05-19T13:20:05Z")
    >>> "track_status" in growing.changed(), "track_status" in growing.changed()
    (True, False)
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._begin()

    def _begin(self) -> None:
        self._key = self._state.key
        self._said: Mapping[str, pl.DataFrame] = {}  # as the feed tells them
        self._laps_of: list[pl.DataFrame] = []  # what laps were last put right from
        self._laps_s = self._health_s = float("-inf")
        self._right: dict[str, pl.DataFrame] = {"laps": TABLES["laps"].empty(), "repairs": TABLES["repairs"].empty()}
        self._positions = Positions()

    def _begin_another(self) -> None:
        if self._state.key != self._key:
            self._begin()

    def place(self, packed: object) -> None:
        """Take a message of ``Position.z``, which the state keeps but does not read."""
        self._begin_another()
        self._positions.add(packed)

    def changed(self, *, at_once: bool = False) -> dict[str, pl.DataFrame]:
        """Return the tables that have changed.

        Parameters
        ----------
        at_once
            Those that are made seldom, too: nothing comes after it.
        """
        if not self._state.topics:
            return {}
        self._begin_another()
        said, now = self._state.tables(), time.monotonic()
        codes = dict(said["drivers"].select("number", "driver").drop_nulls().iter_rows())
        said = said | {"positions": self._positions.table(codes, said["session"]["start_utc"][0])}
        out = {name: frame for name, frame in said.items() if frame is not self._said.get(name) and name not in self._right}
        self._said = said
        if at_once or now - self._laps_s >= _LAPS_EVERY_S:
            out |= self._laps(said, now)
        if at_once or now - self._health_s >= _HEALTH_EVERY_S:
            self._health_s = now
            tables = {name: table.empty() for name, table in TABLES.items()} | dict(said) | self._right
            out["health"] = health(tables, is_race=_is_race(said))
        return out

    def _laps(self, said: Mapping[str, pl.DataFrame], now: float) -> dict[str, pl.DataFrame]:
        sources = [said[name] for name in _OF_LAPS]
        if len(self._laps_of) == len(sources) and all(a is b for a, b in zip(sources, self._laps_of, strict=True)):
            return {}
        self._laps_of, self._laps_s = sources, now
        laps, repairs = ledger({**said, "telemetry": TABLES["telemetry"].empty()}, is_race=_is_race(said))
        self._right = {"laps": representative(laps, is_race=_is_race(said)), "repairs": repairs}
        return self._right


def _is_race(tables: Mapping[str, pl.DataFrame]) -> bool:
    return tables["session"]["session"][0] in _RACES
