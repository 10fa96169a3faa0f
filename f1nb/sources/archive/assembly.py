"""Tables of a session as its streams grow: each is made anew only where what it is made of has become another.

The session clock
-----------------
Lines carry the time since the stream began, long before the session. Its zero here is the moment when the session's status
first says *started*: lights out in a race, the opening of the pit exit elsewhere. What came before has a negative time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import polars as pl

from f1nb.analysis.results import race_results
from f1nb.naming import SIMULATED_EVENT
from f1nb.schema import TABLES
from f1nb.seasons import season
from f1nb.sources._codes import SEVERITY
from f1nb.sources.archive import session as small
from f1nb.sources.archive.cars import Car, Cars, Terms, earliest
from f1nb.sources.archive.laps import SPEEDS, Lap
from f1nb.sources.archive.log import EVER, GrowingTable, rows_since
from f1nb.sources.archive.streams import Message
from f1nb.sources.archive.tyres import Fitted
from f1nb.sources.archive.values import text, whole

STATES = ("SessionInfo", "DriverList", "TimingAppData")  # topics of which the state counts, not when it became so
RACES = frozenset({"R", "S"})
_FLAG_MS = 3_000  # the session is said to be finished some time after the winner has crossed the line


@dataclass(frozen=True, slots=True)
class SessionClock:
    """Where the session lies in the stream: milliseconds of its zero, and of its end where that is known."""

    zero_ms: int
    flag_ms: int | None
    note: str | None

    def time_s(self, stream_ms: int | None) -> float | None:
        """Return a time of the stream on the session's clock."""
        return None if stream_ms is None else (stream_ms - self.zero_ms) / 1000


def session_clock(streams: Mapping[str, list[Message]], session: str | None) -> SessionClock:
    """Return where a session lies in its streams."""
    status = small.session_status(streams["SessionStatus"])
    started = next((time for time, state in status if state == "started"), None)
    flag = next((time for time, state in reversed(status) if state == "finished"), None)
    note = None if started is not None else "the start of the session is not in the archive: its clock is that of the stream"
    return SessionClock(started or 0, flag - _FLAG_MS if session in RACES and flag is not None else None, note)


class Assembly:
    """The tables of one session, those of the samples of its cars excepted, as far as it has come.

    Attributes
    ----------
    cars
        Those that were timed.
    """

    def __init__(self) -> None:
        self.cars = Cars()
        self._n_sets = 0
        self._timing = GrowingTable("timing", ("field", "value"))
        self._mini_sectors = GrowingTable("mini_sectors", ("sector", "mini_sector", "mark"))
        self._grown_of: tuple[object, ...] = ()
        self._tables: dict[str, pl.DataFrame] = {}
        self._made_of: dict[str, tuple[object, ...]] = {}

    def tables(
        self,
        streams: Mapping[str, list[Message]],
        states: Mapping[str, Any],
        *,
        year: int,
        event: str | None,
        session: str | None,
        address: str,
        source: str = "archive",
        began_utc: datetime | None = None,
    ) -> dict[str, pl.DataFrame]:
        """Return the tables; one that is as it was when they were last asked for is the same object.

        Parameters
        ----------
        streams
            The messages of each of the topics of the archive; from one call to the next they grow at their end. What there is
            of ``TimingData`` is in `cars`.
        states
            What those of the `STATES` have led to.
        year, event, session
            What the session is called, None where that is not known.
        address
            Where the host has its files, for the addresses of radio messages.
        source
            Whose messages they are.
        began_utc
            Instant at which the stream began; None: what race control's messages say.
        """
        cars, is_race = self.cars, session in RACES
        info, entries, fitted = (states[topic] if isinstance(states[topic], dict) else {} for topic in STATES)
        n = {topic: len(stream) for topic, stream in streams.items()}
        clock = session_clock(streams, session)
        zero_ms = clock.zero_ms
        total = _total_laps(streams["LapCount"]) if is_race else None
        cars.add_tyres(streams["TimingAppData"][self._n_sets :])
        self._n_sets = n["TimingAppData"]
        cars.renew(Terms(is_race, zero_ms, clock.flag_ms, total))
        codes = small.driver_codes(entries, cars.of, year)
        grid = _grid(fitted) if is_race else {}
        began = began_utc or small.utc_of_stream(streams["RaceControlMessages"])
        status, flags = small.session_status(streams["SessionStatus"]), small.track_status(streams["TrackStatus"])
        names = {"year": year, "event": event, "session": session, "total_laps": total, "source": source}

        made = self._made
        made("session", lambda: _session(info, clock, began, names), n["SessionInfo"], clock, began, names)
        made(
            "drivers",
            lambda: small.drivers(entries, codes, cars.of, grid, at_most=season(year).grid_size),
            *(n["DriverList"], codes, grid, year),
        )
        made("laps", lambda: _laps(cars.of, codes, clock, flags), cars.n_changes, codes, clock, flags)
        repairs = _repairs(cars.of, codes)
        made("repairs", lambda: _frame("repairs", repairs), repairs)
        for table, changes in (("track_status", flags), ("session_status", status)):
            made(table, partial(_statuses, table, changes, clock), changes, zero_ms)
        for table, topic, read in (
            ("race_control", "RaceControlMessages", partial(small.race_control, codes=codes, zero_ms=zero_ms)),
            ("session_clock", "ExtrapolatedClock", partial(small.countdown, zero_ms=zero_ms)),
            ("weather", "WeatherData", partial(small.weather, zero_ms=zero_ms)),
            ("radio", "TeamRadio", partial(small.radio, codes=codes, zero_ms=zero_ms, address=address)),
        ):
            made(table, partial(read, streams[topic]), n[topic], codes, zero_ms, address)
        self._grow(codes, zero_ms)
        shown = {codes[number]: _shown(car, session) for number, car in cars.of.items()}
        of = self._tables["drivers"], self._tables["session"], cars.n_ends if is_race else 0
        made("results", lambda: _results(self._tables, shown, year, session), shown, *of)
        return self._tables.copy()

    def _made(self, table: str, make: Callable[[], pl.DataFrame], *made_of: object) -> None:
        """Make a table anew where something that it is made of has become another."""
        before = self._made_of.get(table)
        if before is not None and all(map(_is_same, before, made_of)):
            return
        self._made_of[table] = made_of
        new = make()
        if before is None or not new.equals(self._tables[table]):
            self._tables[table] = new

    def _grow(self, codes: Mapping[str, str], zero_ms: int) -> None:
        """Let the tables grow that are too large to be made anew."""
        cars = self.cars.of
        is_anew = self._grown_of != (codes, zero_ms)
        self._grown_of = codes, zero_ms
        log_ms = EVER if is_anew else earliest(*(car.log_since_ms for car in cars.values()))
        marks_ms = EVER if is_anew else earliest(*(car.mini_sectors_since_ms for car in cars.values()))
        if log_ms is not None:
            changes = [(codes[number], car.log.since(log_ms)) for number, car in cars.items()]
            self._tables["timing"] = self._timing.renewed(log_ms, changes, zero_ms)
        if marks_ms is not None:
            marks = [(codes[number], rows_since(car.screen.mini_sectors, marks_ms)) for number, car in cars.items()]
            self._tables["mini_sectors"] = self._mini_sectors.renewed(marks_ms, marks, zero_ms)
        for car in cars.values():
            car.log_since_ms = car.mini_sectors_since_ms = None


def _is_same(before: object, now: object) -> bool:
    return before is now or (not isinstance(now, pl.DataFrame) and before == now)


def _grid(fitted: Mapping[str, Any]) -> dict[str, int]:
    """Return the places on the grid, by race number, from the state of ``TimingAppData``."""
    lines = _part(fitted, "Lines")
    places = {number: whole(line.get("GridPos")) for number, line in lines.items() if isinstance(line, dict)}
    return {number: place for number, place in places.items() if place and place > 0}


def _total_laps(stream: list[Message]) -> int | None:
    counts = [whole(patch.get("TotalLaps")) for _, patch in stream if isinstance(patch, dict)]
    return next((n for n in reversed(counts) if n), None)


def _part(state: Mapping[str, Any], key: str) -> dict[str, Any]:
    part = state.get(key)
    return part if isinstance(part, dict) else {}


def _session(info: Mapping[str, Any], clock: SessionClock, began: datetime | None, names: Mapping[str, Any]) -> pl.DataFrame:
    meeting = _part(info, "Meeting")
    start = None if began is None else began + timedelta(milliseconds=clock.zero_ms)
    row = dict(names) | {
        "official_name": text(meeting.get("OfficialName")),
        "country": text(_part(meeting, "Country").get("Name")),
        "location": text(meeting.get("Location")),
        "circuit": text(_part(meeting, "Circuit").get("ShortName")),
        "circuit_key": whole(_part(meeting, "Circuit").get("Key")),
        "start_utc": start or small.scheduled_start(info),
        "utc_offset_s": small.utc_offset_s(info),
        "is_simulated": names["event"] == SIMULATED_EVENT,  # a replay of it is still that
    }
    return TABLES["session"].frame([row])


def _statuses(table: str, changes: list[tuple[int, str]], clock: SessionClock) -> pl.DataFrame:
    rows = [{"time_s": clock.time_s(time_ms), "status": status} for time_ms, status in changes]
    return _frame(table, rows)


def _frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return TABLES[table].frame(rows) if rows else TABLES[table].empty()


def _laps(
    cars: Mapping[str, Car], codes: Mapping[str, str], clock: SessionClock, flags: Sequence[tuple[int, str]]
) -> pl.DataFrame:
    laps = [lap for car in cars.values() for lap in car.laps]
    if not laps:
        return TABLES["laps"].empty()
    nothing = Fitted(None, None, None, None)
    fitted = [car.fitted.get(lap.number, nothing) for car in cars.values() for lap in car.laps]
    columns: dict[str, Sequence[Any] | pl.Series] = {
        "driver": [codes[number] for number, car in cars.items() for _ in car.laps],
        "lap": [lap.number for lap in laps],
        "start_time_s": [clock.time_s(lap.start_ms) for lap in laps],
        "end_time_s": [clock.time_s(lap.end_ms) for lap in laps],
        "lap_time_s": [lap.lap_time_s for lap in laps],
        **{f"sector_{i + 1}_time_s": [lap.sectors.get(i) for lap in laps] for i in range(3)},
        "stint": [own.stint for own in fitted],
        "compound": [own.compound for own in fitted],
        "tyre_age_laps": [own.age_laps for own in fitted],
        "fresh_tyre": [own.is_fresh for own in fitted],
        "pit_in_time_s": [clock.time_s(lap.pit_in_ms) for lap in laps],
        "pit_out_time_s": [clock.time_s(lap.pit_out_ms) for lap in laps],
        "is_pit_in": [lap.pit_in_ms is not None for lap in laps],
        "is_pit_out": [lap.pit_out_ms is not None for lap in laps],
        "is_generated": [False] * len(laps),
        **{column: [lap.speeds.get(column) for lap in laps] for column in SPEEDS.values()},
    }
    columns["track_status"] = _met(flags, laps)
    schema = TABLES["laps"].schema
    return TABLES["laps"].frame(pl.DataFrame(columns, schema={name: schema[name] for name in columns}))


def _met(flags: Sequence[tuple[int, str]], laps: Iterable[Lap]) -> pl.Series:
    """Return every status that held at some moment of each lap, the most severe first; null where none is known."""
    times = [time_ms for time_ms, _ in flags]
    kinds: dict[tuple[str, ...], int] = {}
    known: dict[tuple[int, int], int | None] = {}  # many laps lie between the same two changes
    places = []
    for lap in laps:
        start_ms = lap.start_ms
        if start_ms is None:
            places.append(None)
            continue
        end_ms = lap.end_ms if lap.end_ms is not None else lap.pit_in_ms if lap.pit_in_ms is not None else start_ms
        stretch = max(bisect_right(times, start_ms) - 1, 0), bisect_right(times, end_ms)
        if stretch not in known:
            met = {status for _, status in flags[slice(*stretch)]}
            kind = tuple(sorted(met, key=SEVERITY.index))
            known[stretch] = kinds.setdefault(kind, len(kinds)) if kind else None
        places.append(known[stretch])
    named = pl.Series(list(kinds), dtype=pl.List(pl.String)).cast(TABLES["laps"].schema["track_status"])
    return named.gather(pl.Series(places, dtype=pl.UInt32))


def _repairs(cars: Mapping[str, Car], codes: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "table": "laps",
            "driver": codes[number],
            "lap": lap.number,
            "column": "lap_time_s",
            "published": f"{lap.published_lap_time_s:.3f}",
            "used": None if lap.lap_time_s is None else f"{lap.lap_time_s:.3f}",
            "method": "The time has a wait in it: the sum of the sectors."
            if lap.lap_time_s is not None
            else "The time has the wait in the garage in it, and there is no first sector.",
        }
        for number, car in cars.items()
        for lap in car.laps
        if lap.published_lap_time_s is not None
    ]


class _Shown(NamedTuple):
    """What the results of a car follow from, beside its laps in a race: there its best times tell no place."""

    place: int | None
    has_begun: bool
    n_laps: int | None = None
    best_s: float | None = None
    parts: tuple[float | None, ...] = ()


def _shown(car: Car, session: str | None) -> _Shown:
    screen = car.screen
    if session in RACES:
        return _Shown(screen.place, bool(car.laps))
    return _Shown(screen.place, bool(car.laps), len(car.laps) or None, screen.best_s, tuple(screen.bests_of_parts()))


def _results(tables: Mapping[str, pl.DataFrame], shown: Mapping[str, _Shown], year: int, session: str | None) -> pl.DataFrame:
    """Return table ``results`` in the order of the screen at the end, which knows penalties and deleted laps."""
    if session in RACES and shown:
        places = [own.place for own in shown.values()]
        is_order = sorted(place for place in places if place is not None) == list(range(1, len(places) + 1))
        order = pl.DataFrame({"driver": list(shown), "place": places}, schema={"driver": pl.String, "place": pl.Int32})
        return race_results(
            tables["laps"],
            tables["drivers"],
            season(year),
            sprint=session == "S",
            planned_laps=tables["session"]["total_laps"].item(),
            order=order if is_order else None,
        )
    best_s = min((own.best_s for own in shown.values() if own.best_s is not None), default=0.0)
    rows = [
        {
            "driver": driver,
            "position": own.place,
            "classified": True,
            "is_provisional": True,
            "laps_completed": own.n_laps,  # the one into the pits counts, too
            **(
                {f"q{part}_time_s": time_s for part, time_s in enumerate(own.parts, 1)}
                if session in {"Q", "SQ"}
                else {"time_s": own.best_s, "gap_s": None if own.best_s is None else round(own.best_s - best_s, 3)}
            ),
        }
        for driver, own in shown.items()
    ]
    return _frame("results", rows)
