"""The official timing archive: the ``.jsonStream`` files of one session, on the host, in a folder, or in a zip."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import quote

import polars as pl

from f1nb.errors import NotFoundError, SignInError
from f1nb.schema import TABLES
from f1nb.seasons import season
from f1nb.sources._files import Files, in_order
from f1nb.sources.archive import session as small
from f1nb.sources.archive.assembly import STATES, Assembly, SessionClock, session_clock
from f1nb.sources.archive.streams import Message, messages
from f1nb.sources.schedule import season_schedule

HOST = "https://livetiming.formula1.com/static"
TOPICS = (
    "SessionInfo", "DriverList", "SessionStatus", "TimingData", "TimingAppData", "TrackStatus", "RaceControlMessages",
    "WeatherData", "LapCount", "TeamRadio", "ExtrapolatedClock",
)  # fmt: skip
TOPIC_OF_TABLE = {
    "laps": "TimingData", "timing": "TimingData", "mini_sectors": "TimingData", "drivers": "DriverList",
    "race_control": "RaceControlMessages", "track_status": "TrackStatus", "session_status": "SessionStatus",
    "session_clock": "ExtrapolatedClock", "weather": "WeatherData", "radio": "TeamRadio", "telemetry": "CarData.z",
}  # fmt: skip

Progress = Callable[[int, int], None]


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
    assembly = Assembly()
    assembly.cars.add(streams["TimingData"])
    states = {topic: small.final_state(streams[topic]) for topic in STATES}
    tables = assembly.tables(streams, states, year=year, event=event, session=session, address=address)
    clock = session_clock(streams, session)
    tables["telemetry"], damaged["CarData.z"] = samples_table(contents, tables, clock, year)
    tables["data_sets"] = _data_sets(tables, damaged, refused, clock)
    return tables


def _contents(files: Files, topics: Sequence[str]) -> Iterator[bytes | SignInError | None]:
    """Yield each topic's file, None where there is none; some can be refused to an account that may read the others."""

    def read_one(topic: str) -> bytes | SignInError | None:
        try:
            return files.read(f"{topic}.jsonStream")
        except SignInError as refused:
            return refused

    return in_order(read_one, topics, threads=4, ahead=len(topics))


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
    for table, topic in TOPIC_OF_TABLE.items():
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
