"""The official timing archive: the ``.jsonStream`` files of one session, on the host, in a folder, or in a zip.

The session clock
-----------------
Lines carry the time since the stream began, long before the session. Its zero here is the moment when the session's status
first says *started*: lights out in a race, the opening of the pit exit elsewhere. What came before has a negative time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import polars as pl

from f1nb.analysis.results import race_results
from f1nb.errors import NotFoundError, SignInError
from f1nb.schema import TABLES
from f1nb.seasons import season
from f1nb.sources._codes import SEVERITY
from f1nb.sources._files import Files, in_order
from f1nb.sources.archive import session as small
from f1nb.sources.archive.cars import Cars
from f1nb.sources.archive.laps import Lap
from f1nb.sources.archive.streams import Message, messages
from f1nb.sources.archive.timing import changes_with_laps, mini_sectors_table, timing_table
from f1nb.sources.archive.tyres import Fitted, named_sets, tyres_of_car
from f1nb.sources.archive.values import text, whole
from f1nb.sources.schedule import season_schedule

HOST = "https://livetiming.formula1.com/static"
TOPICS = (
    "SessionInfo", "DriverList", "SessionStatus", "TimingData", "TimingAppData", "TrackStatus", "RaceControlMessages",
    "WeatherData", "LapCount", "TeamRadio", "ExtrapolatedClock",
)  # fmt: skip
_OF_TABLE = {
    "laps": "TimingData", "timing": "TimingData", "mini_sectors": "TimingData", "drivers": "DriverList",
    "race_control": "RaceControlMessages", "track_status": "TrackStatus", "session_status": "SessionStatus",
    "session_clock": "ExtrapolatedClock", "weather": "WeatherData", "radio": "TeamRadio", "telemetry": "CarData.z",
}  # fmt: skip
RACES = frozenset({"R", "S"})
_FLAG_MS = 3_000  # the session is said to be finished some time after the winner has crossed the line

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SessionClock:
    """Where the session lies in the stream: milliseconds of its zero, and of its end where that is known."""

    zero_ms: int
    flag_ms: int | None
    note: str | None

    def time_s(self, stream_ms: int | None) -> float | None:
        """Return a time of the stream on the session's clock."""
        return None if stream_ms is None else (stream_ms - self.zero_ms) / 1000


def address(year: int, event: str, session: str) -> str:
    """Return where the host has the files of a session: folders are named by the dates and names of the schedule.

    Raises
    ------
    NotFoundError
        When the schedule has no such session.
    """
    schedule = season_schedule(year)
    rows = TABLES["session"].empty() if schedule is None else schedule.filter(pl.col("event") == event)
    own = rows.filter(pl.col("session") == session)
    if own.is_empty():
        raise NotFoundError(f"the schedule has no {session} of the {year} {event}")
    last, row = rows["start_local"].max(), own.row(0, named=True)
    weekend = f"{last:%Y-%m-%d}_{event}"
    folder = f"{row['start_local']:%Y-%m-%d}_{row['session_name']}"
    return f"{HOST}/{year}/{quote(weekend.replace(' ', '_'))}/{quote(folder.replace(' ', '_'))}"


def read(
    files: Files, *, year: int, event: str, session: str, address: str, progress: Progress | None = None
) -> dict[str, pl.DataFrame]:
    """Return the tables of one session: those whose files are there.

    Parameters
    ----------
    files
        The session's ``.jsonStream`` files.
    year, event, session
        What the session is called.
    address
        Where the host has the files, for the addresses of radio messages.
    progress
        Called with the number of files read and wanted.

    Raises
    ------
    NotFoundError
        When none of the files is there.
    """
    wanted = (*TOPICS, "CarData.z", "Position.z")
    contents: dict[str, bytes] = {}
    refused: dict[str, SignInError] = {}
    for done, (topic, content) in enumerate(zip(wanted, _contents(files, wanted), strict=True), 1):
        if isinstance(content, SignInError):
            refused[topic] = content
        elif content:
            contents[topic] = content
        if progress:
            progress(done, len(wanted))
    if not contents and refused:
        raise next(iter(refused.values()))
    if not contents:
        raise NotFoundError(f"the official archive has no files of the {year} {event}, {session}")
    streams: dict[str, list[Message]] = {}
    damaged: dict[str, int] = {}
    for topic in TOPICS:
        streams[topic], damaged[topic] = messages(contents.get(topic, b""))
    clock = session_clock(streams, session)
    cars = Cars()
    cars.add(streams["TimingData"])
    tables = assembled(streams, cars, year=year, event=event, session=session, address=address)
    tables["telemetry"], damaged["CarData.z"] = samples_table(contents, tables, clock, year)
    tables["data_sets"] = _data_sets(tables, damaged, refused, clock)
    return tables


def assembled(
    streams: Mapping[str, list[Message]],
    cars: Cars,
    *,
    year: int,
    event: str | None,
    session: str | None,
    address: str,
    began_utc: datetime | None = None,
) -> dict[str, pl.DataFrame]:
    """Return the tables of one session, those of the samples of its cars excepted, as far as it has come.

    Parameters
    ----------
    streams
        The messages of each of the `TOPICS`.
    cars
        Those of ``TimingData``, read.
    year, event, session
        What the session is called, None where that is not known.
    address
        Where the host has its files, for the addresses of radio messages.
    began_utc
        Instant at which the stream began; None: what race control's messages say.
    """
    is_race = session in RACES
    info = small.final_state(streams["SessionInfo"])
    entries = small.final_state(streams["DriverList"])
    status = small.session_status(streams["SessionStatus"])
    clock = session_clock(streams, session)
    codes = small.driver_codes(entries, cars.lines, year)

    total = _total_laps(streams["LapCount"]) if is_race else None
    laps = cars.laps(is_race=is_race, from_ms=clock.zero_ms, until_ms=clock.flag_ms, at_most=total)
    sets = named_sets(streams["TimingAppData"])
    tyres = {n: tyres_of_car(sets.get(n, []), own) for n, own in laps.items()}
    grid = _grid(streams["TimingAppData"]) if is_race else {}
    log = {
        codes[n]: screen.changes
        + changes_with_laps(screen, laps[n], tyres[n], is_race=is_race, from_ms=clock.zero_ms, until_ms=clock.flag_ms)
        for n, screen in cars.screens.items()
    }
    track = small.track_status(streams["TrackStatus"], clock.zero_ms)
    began = began_utc or small.utc_of_stream(streams["RaceControlMessages"])
    tables = {
        "session": _session(info, streams, clock, began, year=year, event=event, session=session),
        "drivers": small.drivers(entries, codes, cars.lines, grid, at_most=season(year).grid_size),
        "laps": _laps(laps, tyres, codes, clock, track),
        "timing": timing_table(log, clock.zero_ms),
        "mini_sectors": mini_sectors_table({codes[n]: screen for n, screen in cars.screens.items()}, clock.zero_ms),
        "race_control": small.race_control(streams["RaceControlMessages"], codes, clock.zero_ms),
        "track_status": track,
        "session_status": _session_status(status, clock),
        "session_clock": small.countdown(streams["ExtrapolatedClock"], clock.zero_ms),
        "weather": small.weather(streams["WeatherData"], clock.zero_ms),
        "radio": small.radio(streams["TeamRadio"], codes, clock.zero_ms, address),
        "repairs": _repairs(laps, codes),
    }
    return tables | {"results": _results(tables, cars.at_the_end(codes), year, session)}


def _contents(files: Files, topics: Sequence[str]) -> Iterator[bytes | SignInError | None]:
    """Yield each topic's file, None where there is none; some can be refused to an account that may read the others."""

    def read_one(topic: str) -> bytes | SignInError | None:
        try:
            return files.read(f"{topic}.jsonStream")
        except SignInError as refused:
            return refused

    return in_order(read_one, topics, threads=4, ahead=len(topics))


def session_clock(streams: Mapping[str, list[Message]], session: str | None) -> SessionClock:
    """Return where a session lies in its streams."""
    status = small.session_status(streams["SessionStatus"])
    started = next((time for time, state in status if state == "started"), None)
    flag = next((time for time, state in reversed(status) if state == "finished"), None)
    note = None if started is not None else "the start of the session is not in the archive: its clock is that of the stream"
    return SessionClock(started or 0, flag - _FLAG_MS if session in RACES and flag is not None else None, note)


def _grid(stream: list[Message]) -> dict[str, int]:
    lines = _part(small.final_state(stream), "Lines")
    places = {n: whole(line.get("GridPos")) for n, line in lines.items() if isinstance(line, dict)}
    return {n: place for n, place in places.items() if place and place > 0}


def _session(
    info: Mapping[str, Any],
    streams: Mapping[str, list[Message]],
    clock: SessionClock,
    began: datetime | None,
    *,
    year: int,
    event: str | None,
    session: str | None,
) -> pl.DataFrame:
    meeting = _part(info, "Meeting")
    offset = small.utc_offset_s(info)
    start = None if began is None else began + timedelta(milliseconds=clock.zero_ms)
    start = start or small.scheduled_start(info)
    return TABLES["session"].frame(
        [
            {
                "year": year,
                "event": event,
                "official_name": text(meeting.get("OfficialName")),
                "country": text(_part(meeting, "Country").get("Name")),
                "location": text(meeting.get("Location")),
                "circuit": text(_part(meeting, "Circuit").get("ShortName")),
                "circuit_key": whole(_part(meeting, "Circuit").get("Key")),
                "session": session,
                "start_utc": start,
                "utc_offset_s": offset,
                "total_laps": _total_laps(streams["LapCount"]) if session in RACES else None,
                "source": "archive",
                "is_simulated": False,
            }
        ]
    )


def _total_laps(stream: list[Message]) -> int | None:
    counts = [whole(patch.get("TotalLaps")) for _, patch in stream if isinstance(patch, dict)]
    return next((n for n in reversed(counts) if n), None)


def _part(state: Mapping[str, Any], key: str) -> dict[str, Any]:
    part = state.get(key)
    return part if isinstance(part, dict) else {}


def _laps(
    laps: Mapping[str, list[Lap]],
    tyres: Mapping[str, Mapping[int, Fitted]],
    codes: Mapping[str, str],
    clock: SessionClock,
    track: pl.DataFrame,
) -> pl.DataFrame:
    rows = []
    for number, own in laps.items():
        for lap in own:
            fitted = tyres[number].get(lap.number)
            rows.append(
                {
                    "driver": codes[number],
                    "lap": lap.number,
                    "start_time_s": clock.time_s(lap.start_ms),
                    "end_time_s": clock.time_s(lap.end_ms),
                    "lap_time_s": lap.lap_time_s,
                    **{f"sector_{i + 1}_time_s": lap.sectors.get(i) for i in range(3)},
                    "stint": fitted and fitted.stint,
                    "compound": fitted and fitted.compound,
                    "tyre_age_laps": fitted and fitted.age_laps,
                    "fresh_tyre": fitted and fitted.is_fresh,
                    "pit_in_time_s": clock.time_s(lap.pit_in_ms),
                    "pit_out_time_s": clock.time_s(lap.pit_out_ms),
                    "is_pit_in": lap.pit_in_ms is not None,
                    "is_pit_out": lap.pit_out_ms is not None,
                    "is_generated": False,
                    **lap.speeds,
                }
            )
    if not rows:
        return TABLES["laps"].empty()
    return TABLES["laps"].frame(_with_track_status(pl.DataFrame(rows, infer_schema_length=None), track))


def _with_track_status(laps: pl.DataFrame, track: pl.DataFrame) -> pl.DataFrame:
    """Add every status that held at some moment of a lap, the most severe first."""
    if track.is_empty():
        return laps
    held = track.with_columns(until_s=pl.col("time_s").shift(-1).fill_null(float("inf")))
    met = (
        laps.select("driver", "lap", "start_time_s", ends_s=pl.coalesce("end_time_s", "pit_in_time_s", "start_time_s"))
        .join_where(held, pl.col("time_s") <= pl.col("ends_s"), pl.col("until_s") > pl.col("start_time_s"))
        .group_by("driver", "lap")
        .agg(track_status=pl.col("status").cast(pl.String).cast(pl.Enum(SEVERITY)).unique().sort())
        .with_columns(pl.col("track_status").cast(pl.List(pl.String)))
    )
    return laps.join(met, on=["driver", "lap"], how="left")


def _session_status(status: list[tuple[int, str]], clock: SessionClock) -> pl.DataFrame:
    rows = [{"time_s": clock.time_s(time), "status": state} for time, state in status]
    return TABLES["session_status"].frame(rows) if rows else TABLES["session_status"].empty()


def _repairs(laps: Mapping[str, list[Lap]], codes: Mapping[str, str]) -> pl.DataFrame:
    rows = [
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
        for number, own in laps.items()
        for lap in own
        if lap.published_lap_time_s is not None
    ]
    return TABLES["repairs"].frame(rows) if rows else TABLES["repairs"].empty()


def _results(tables: Mapping[str, pl.DataFrame], screen: pl.DataFrame, year: int, session: str | None) -> pl.DataFrame:
    """Return table ``results`` in the order of the screen at the end, which knows penalties and deleted laps."""
    if screen.is_empty():
        return TABLES["results"].empty()
    if session in RACES:
        is_order = sorted(screen["place"].drop_nulls()) == list(range(1, screen.height + 1))
        return race_results(
            tables["laps"],
            tables["drivers"],
            season(year),
            sprint=session == "S",
            planned_laps=tables["session"]["total_laps"].item(),
            order=screen.select("driver", "place") if is_order else None,
        )
    done = tables["laps"].group_by("driver").agg(laps_completed=pl.len())  # outside of races the one into the pits counts, too
    is_qualifying = session in {"Q", "SQ"}
    times = (
        {f"q{i + 1}_time_s": pl.col("parts").list.get(i, null_on_oob=True) for i in range(3)}
        if is_qualifying
        else {"time_s": pl.col("best"), "gap_s": (pl.col("best") - pl.col("best").min()).round(3)}
    )
    return TABLES["results"].frame(
        screen.join(done, on="driver", how="left").select(
            "driver",
            "laps_completed",
            position="place",
            classified=pl.lit(value=True),
            is_provisional=pl.lit(value=True),
            **times,
        )
    )


def samples_table(
    contents: Mapping[str, bytes], tables: Mapping[str, pl.DataFrame], clock: SessionClock, year: int
) -> tuple[pl.DataFrame, int]:
    """Return table ``telemetry`` and how many lines of ``CarData.z`` and ``Position.z`` could not be read."""
    if "CarData.z" not in contents and "Position.z" not in contents:
        return TABLES["telemetry"].empty(), 0
    from f1nb.sources.archive.car_data import decode_car_data, decode_positions
    from f1nb.sources.archive.telemetry import telemetry

    cars, damaged = decode_car_data(contents.get("CarData.z", b""))
    places, more = decode_positions(contents.get("Position.z", b""))
    frame = telemetry(
        cars, places, tables["laps"], tables["drivers"], zero_stream_s=clock.zero_ms / 1000, has_drs=season(year).has_drs
    )
    return frame, damaged + more


def _data_sets(
    tables: Mapping[str, pl.DataFrame], damaged: Mapping[str, int], refused: Mapping[str, SignInError], clock: SessionClock
) -> pl.DataFrame:
    rows = []
    for table, topic in _OF_TABLE.items():
        lost = damaged.get(topic, 0)
        n = tables[table].height
        note = f"{lost} line{'s' * (lost > 1)} of {topic} could not be read." if lost else None
        if table == "laps" and clock.note:
            note = " ".join(filter(None, [f"{clock.note[:1].upper()}{clock.note[1:]}.", note]))
        state = "not_published" if not n else "partial" if note else "available"
        if not n and topic in refused:
            state, note = "needs_sign_in", f"{refused[topic]}."
        elif not n and note is None:
            what = "mini-sectors" if table == "mini_sectors" and tables["timing"].height else topic
            note = f"The archive has no {what} of this session."
        rows.append({"table": table, "state": state, "origin": "archive" if n else None, "rows": n, "note": note})
    if tables["results"].height:
        note = "Provisional: the order on the screen at the end; decisions taken later are not in it."
        n = tables["results"].height
        rows.append({"table": "results", "state": "partial", "origin": "archive", "rows": n, "note": note})
    return TABLES["data_sets"].frame(rows)
