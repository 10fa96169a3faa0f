"""FastF1 as a source: laps, messages, weather, results. Car data and positions are fetched by it and decoded by our own reader.

The only module, with its two private ones, that loads FastF1 and pandas; both are an extra: ``pip install "f1nb[fastf1]"``.

The session clock begins when the session status first says "Started", in a race as the lights go out. FastF1's own clock
begins with the recording. Messages come with an instant to the second and a time of arrival to the millisecond; together they
tell which instant the zero is, unless the samples of the cars tell it better.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import polars as pl

from f1nb.account import NO_FASTF1
from f1nb.errors import NotFoundError, SignInError, SourceError
from f1nb.schema import TABLES
from f1nb.seasons import season
from f1nb.sources import _identity
from f1nb.sources._answers import known_form
from f1nb.sources.archive.car_data import decode_car_data, decode_positions
from f1nb.sources.archive.telemetry import stream_began_ms, telemetry

if TYPE_CHECKING:
    from f1nb.sources._fastf1_requests import Answers

_FILES = 14  # as many as are mostly asked for, for the progress
_FILES_OF = {  # what FastF1 makes a table from
    "laps": ("TimingData.jsonStream", "TimingAppData.jsonStream", "SessionStatus.jsonStream"),
    "telemetry": ("CarData.z.jsonStream", "Position.z.jsonStream"),
    "weather": ("WeatherData.jsonStream",),
    "race_control": ("RaceControlMessages.jsonStream",),
    "track_status": ("TrackStatus.jsonStream",),
    "session_status": ("SessionStatus.jsonStream",),
    "drivers": ("DriverList.jsonStream",),
}
_RESULTS = {"R": "results.json", "S": "sprint.json", "Q": "qualifying.json"}
_NOTES = {
    "needs_sign_in": "The official archive wants an F1 TV account: f1nb auth login.",
    "not_published": "Not in the archive.",
    "failed": "The host did not answer, or FastF1 could not read what it sent.",
}


def read(
    *, year: int, event: str, session: str, cache: Path, progress: Callable[[int, int], None] | None = None
) -> dict[str, pl.DataFrame]:
    """Return what FastF1 knows of a session, as tables; ``data_sets`` says what it could not get, and why.

    Parameters
    ----------
    year, event, session
        Which session: the event by its full name, the session as ``FP1 FP2 FP3 Q SQ S R``.
    cache
        Folder for what FastF1 fetched; unused with ``F1NB_ARCHIVE``.
    progress
        Called with the number of files done and wanted.

    Raises
    ------
    NotFoundError
        When the season has no such event, or the event no such session.
    SignInError
        When the official archive wants an account and there is no result of the session elsewhere.
    SourceError
        When FastF1 is not installed, is out of requests, or no host can be reached.
    """
    try:
        from fastf1.exceptions import FastF1CriticalError
        from requests import RequestException

        from f1nb.sources._fastf1_requests import borrowed
    except ImportError:
        raise SourceError(NO_FASTF1) from None

    def report(done: int) -> None:
        if progress:
            progress(done, max(done, _FILES))

    try:
        with borrowed(cache, report) as answers:
            theirs = _find(year, event, session, answers)
            theirs.load(telemetry=False)
            return _Reader(theirs, answers, year, session).tables()
    except FastF1CriticalError as error:
        raise SourceError(f"FastF1 has used up its requests ({error}); try again in an hour") from error
    except RequestException as error:
        raise SourceError("a host does not answer; check the network, then try again") from error
    except SystemExit:  # its answer to some of what it cannot load
        raise SourceError("FastF1 gave up; try again later, or load from another source") from None


@known_form("the host of the schedule")
def _find(year: int, event: str, kind: str, answers: Answers) -> Any:
    """Return FastF1's session, not loaded."""
    import fastf1

    try:
        schedule = fastf1.get_event_schedule(year, include_testing=False)
    except ValueError as error:
        if answers.state(f"schedule_{year}.json") == "not_published":
            raise NotFoundError(f"no host has the schedule of {year}") from error
        raise SourceError(f"the schedule of {year} cannot be read; check the network and F1NB_ARCHIVE") from error
    events: list[Any] = [row for _, row in schedule.iterrows()]
    theirs = next((row for row in events if row["EventName"].casefold() == event.casefold()), None)
    if theirs is None:
        raise NotFoundError(f"the {year} season has no {event}; it has {', '.join(row['EventName'] for row in events)}")
    held = [theirs[f"Session{n}"] for n in range(1, 6)]
    names = (season(year).session_names.get(kind), "Sprint" if kind == "S" else None)  # the sprints of 2021 have two names
    name = next((name for name in names if name in held), None)
    if name is None:
        raise NotFoundError(f"the {year} {event} had no {kind}; it had {', '.join(filter(None, held))}")
    return theirs.get_session(name)


@dataclass(frozen=True, slots=True)
class _Reader:
    """One loaded session of FastF1, and how its files were answered."""

    theirs: Any
    answers: Answers
    year: int
    kind: str

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return all tables that it has rows for, and ``session`` and ``data_sets``."""
        from f1nb.sources import _fastf1_tables as convert

        results, laps, messages = (self.loaded(name) for name in ("results", "laps", "race_control_messages"))
        started, info = self.loaded("session_start_time"), self.circuit_info()
        zero_s = started.total_seconds() if started is not None else 0.0
        code_of = convert.codes(results, self.year)
        is_race = self.kind in {"R", "S"}
        out = {"drivers": convert.drivers(results, code_of)}
        if self.answers.state(_RESULTS.get(self.kind, "")) == "available" and results["Position"].notna().any():
            out["results"] = convert.official_results(results, code_of, is_race=is_race)
        if laps is not None:
            out["laps"] = convert.laps(laps, code_of, zero_s)
            if is_race and "results" in out:  # a car can be timed once more after the flag
                out["laps"] = out["laps"].filter(pl.col("lap") <= out["results"]["laps_completed"].max())
        car, positions, damaged = self.samples()
        if "laps" in out:
            out["telemetry"] = telemetry(
                car, positions, out["laps"], out["drivers"], zero_stream_s=zero_s, has_drs=season(self.year).has_drs
            )
        arrived_s = self.arrived_s() if messages is not None else []
        zero = self.zero_utc(zero_s, car, positions, arrived_s)
        if zero is not None and arrived_s:
            out["race_control"] = convert.race_control(messages, [t - zero_s for t in arrived_s], code_of, zero)
        for name, make in (("weather", convert.weather), ("track_status", convert.track_status),
                           ("session_status", convert.session_status)):  # fmt: skip
            frame = self.loaded("weather_data" if name == "weather" else name)
            if frame is not None and not frame.empty:
                out[name] = make(frame, zero_s)
        if info is not None:
            out["circuit"] = convert.corners(info)
        out = {name: table for name, table in out.items() if table.height}
        if not {"laps", "results"} & out.keys():
            raise self.nothing()
        notes = {}
        if self.answers.state("DriverList.jsonStream") != "available":
            notes["drivers"] = "No list of drivers: their names follow from their numbers, their teams are unknown."
        if started is None:
            notes["session_status"] = "No start is published: the clock begins with the recording."
        if damaged:
            notes["telemetry"] = f"{damaged} lines of car data and positions are damaged."
        return out | {"session": self.session_row(zero, info), "data_sets": self.data_sets(out, notes)}

    def nothing(self) -> SourceError | NotFoundError:
        """Return why there is nothing of this session."""
        match self.answers.state("TimingData.jsonStream"):
            case "needs_sign_in":
                return SignInError("the official archive wants an F1 TV account; sign in with: f1nb auth login")
            case "not_published":
                return NotFoundError(
                    f"the official archive has no {self.kind} of the {self.theirs.event['EventName']} {self.year}"
                )
        return SourceError("the official archive does not answer; try again later, or load from another source")

    def loaded(self, name: str) -> Any:
        """Return a part of FastF1's session, None where it was not loaded: it says so only when it is asked."""
        from fastf1.exceptions import DataNotLoadedError

        try:
            return getattr(self.theirs, name)
        except DataNotLoadedError:
            return None

    def arrived_s(self) -> list[float]:
        """Return when each message of race control arrived, on FastF1's clock."""
        import pandas as pd
        from fastf1._api import fetch_page

        lines: Any = fetch_page(self.theirs.api_path, "race_control_messages")
        return [pd.Timedelta(stamp).total_seconds() for stamp, content in lines for _ in content["Messages"]]

    def zero_utc(self, zero_s: float, car: pl.DataFrame, positions: pl.DataFrame, arrived_s: list[float]) -> datetime | None:
        """Return the instant of the session clock's zero, None where nothing tells it."""
        from f1nb.sources._fastf1_tables import epoch_s

        began_ms = stream_began_ms(car, positions)
        if began_ms is not None:
            return datetime.fromtimestamp(began_ms / 1000 + zero_s, UTC)
        if not arrived_s:
            return None
        sent_s = epoch_s(self.theirs.race_control_messages["Time"])
        return datetime.fromtimestamp(
            median(sent - arrived for sent, arrived in zip(sent_s, arrived_s, strict=True)) + zero_s, UTC
        )

    def samples(self) -> tuple[pl.DataFrame, pl.DataFrame, int]:
        """Return car data and positions as they were sent, and how many lines of both are damaged."""
        from fastf1 import _api
        from fastf1.req import Cache
        from requests import RequestException

        def content(name: str) -> bytes:
            hosts = (_api.base_url, _api.base_url_mirror)
            urls = [host + self.theirs.api_path + _api.pages[name] for host in hosts]
            try:
                answer = Cache.requests_get(urls, headers=_api.headers)
            except RequestException:  # it was not answered, so data_sets says failed
                return b""
            return answer.content if answer.status_code == 200 else b""

        car, damaged = decode_car_data(content("car_data"))
        positions, more = decode_positions(content("position"))
        return car, positions, damaged + more

    def circuit_info(self) -> Any:
        """Return corners, marshal sectors and rotation, None where they are not known."""
        from fastf1.mvapi import get_circuit_info
        from requests import RequestException

        info = self.loaded("session_info")
        try:
            return info and get_circuit_info(year=self.year, circuit_key=info["Meeting"]["Circuit"]["Key"])
        except (RequestException, AttributeError, KeyError, TypeError, ValueError):  # not answered, or with something else
            return None

    def session_row(self, zero: datetime | None, info: Any) -> pl.DataFrame:
        """Return table ``session``."""
        import fastf1

        event, published = self.theirs.event, self.loaded("session_info")
        where = _identity.place(event["EventName"], self.year)
        offset = published["GmtOffset"] if published else None
        return TABLES["session"].frame(
            [
                {
                    "year": self.year,
                    "round": int(event["RoundNumber"]),
                    "event": event["EventName"],
                    "official_name": event["OfficialEventName"] or None,
                    "country": where.country if where else event["Country"],
                    "location": where.location if where else event["Location"],
                    "circuit": where.circuit if where else published and published["Meeting"]["Circuit"]["ShortName"],
                    "session": self.kind,
                    "start_utc": zero,
                    "utc_offset_s": None if offset is None else int(offset.total_seconds()),
                    "total_laps": self.loaded("total_laps"),
                    "circuit_rotation_deg": info.rotation if info else None,
                    "source": "fastf1",
                    "data_version": f"FastF1 {fastf1.__version__}",
                    "is_simulated": False,
                }
            ]
        )

    def data_sets(self, tables: dict[str, pl.DataFrame], notes: dict[str, str]) -> pl.DataFrame:
        """Return table ``data_sets``; a table with a note is not whole."""
        circuit = (str(self.year),) if self.loaded("session_info") else ("SessionInfo.jsonStream",)
        files = _FILES_OF | {"circuit": circuit, "results": (_RESULTS[self.kind],) if self.kind in _RESULTS else ()}
        rows = []
        for name, asked in files.items():
            n = tables[name].height if name in tables else 0
            lacking = [state for state in map(self.answers.state, asked) if state != "available"]
            if n:
                state, note = ("partial" if lacking or name in notes else "available"), notes.get(name)
            elif not asked:
                state, note = "not_published", "There is no official result of such a session here."
            else:
                state = lacking[0] if lacking else "failed"
                note = _NOTES[state]
            rows.append({"table": name, "state": state, "origin": "fastf1" if n else None, "rows": n, "note": note})
        return TABLES["data_sets"].frame(rows)
