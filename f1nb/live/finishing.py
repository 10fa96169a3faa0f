"""What is recorded of the live feed becomes a stored session, like any other one, and says what is missing in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from f1nb import calendar
from f1nb.analysis.complete import complete
from f1nb.errors import NotFoundError, SourceError, StoreError
from f1nb.live import current, recorder, recordings
from f1nb.live.continuity import Gap, utc_of
from f1nb.live.data_sets import OF_MOMENTS
from f1nb.live.history import instant_ms
from f1nb.live.protocol import Message, Snapshot
from f1nb.live.state import State
from f1nb.loading import event_named
from f1nb.schema import TABLES
from f1nb.session import Session
from f1nb.sources import multiviewer
from f1nb.store import Key, Store

_ORIGIN = "recording"
_OVER = ("finalised", "ends")
_IN_PARTS = ("Q", "SQ")  # each part is finished
_SLACK_S = 5.0
_LISTED = 3


class Finished(NamedTuple):
    """A recording that is in the store.

    Attributes
    ----------
    session
        As it is stored.
    missing
        What of it was not recorded, in sentences.
    """

    session: Session
    missing: tuple[str, ...]


class _Heard(NamedTuple):
    """What a recording has of one session."""

    state: State
    since_utc: str | None
    gaps: tuple[Gap, ...]


def finish(path: Path | None = None, *, force: bool = False) -> list[Finished]:
    """Put what was recorded of a session into the store.

    Parameters
    ----------
    path
        A recording in any of the forms that `f1nb.live.recordings` reads; by default the latest one of ``f1nb live record``.
        One that has several sessions becomes all of them.
    force
        Put it into the place of what the store has from a better source.

    Raises
    ------
    NotFoundError
        When there is no recording, or none of a session in it.
    SourceError
        When it is something else.
    StoreError
        When it is still being recorded, the store has the session from a better source, or cannot be written.
    """
    path = path or latest()
    is_ours = path.name.endswith(recorder.SUFFIX)
    with recorder.held(path) if is_ours and path.is_file() else nullcontext():
        heard = list(_sessions(path)) if is_ours else [_Heard(recordings.read(path).state(), None, ())]
    finished = [_finished(path, part, force=force) for part in heard if _laps(part.state)]
    if not finished:
        raise NotFoundError(f"nobody has driven a lap in {path}; record a session with: f1nb live record")
    return finished


def latest() -> Path:
    """Return the recording of ``f1nb live record`` that was written last.

    Raises
    ------
    NotFoundError
        When there is none.
    """
    found = sorted(recorder.folder().glob(f"*{recorder.SUFFIX}"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise NotFoundError(f"there is no recording in {recorder.folder()}; make one with: f1nb live record")
    return found[-1]


def _sessions(path: Path) -> Iterator[_Heard]:
    """Yield what a recording has of each session."""
    state, since_utc, gaps = State(), None, []
    for event in recorder.read(path):
        if isinstance(event, Gap):
            gaps.append(event)
            continue
        info = event.topics.get("SessionInfo") if isinstance(event, Snapshot) else event.data
        is_info = isinstance(event, Snapshot) or event.topic == "SessionInfo"
        if is_info and current.begins_another({"SessionInfo": state.of("SessionInfo")}, info):
            yield _Heard(state, since_utc, tuple(gaps))
            state, since_utc, gaps = State(), None, []
        if isinstance(event, Message):
            state.apply(*event)
            since_utc = since_utc or event.utc
        else:
            state.snapshot(event.topics)
            since_utc = since_utc or utc_of(event)
    yield _Heard(state, since_utc, tuple(gaps))


def _laps(state: State) -> int:
    return state.tables()["laps"].height


def _finished(path: Path, heard: _Heard, *, force: bool) -> Finished:
    tables = heard.state.tables(telemetry=True)
    info = tables["session"].row(0, named=True)
    if info["event"] is None or info["session"] is None:
        raise SourceError(f"{path} does not say which session of a race weekend it is of")
    store = Store()
    key = Key(info["year"], _event(info, store), info["session"])
    missing = tuple(_missing(heard, tables))
    tables["session"] = _session(tables["session"], key)
    problem = _add_circuit(tables, info)
    tables["data_sets"] = _data_sets(tables, missing, problem)
    with store.locked(key):
        better = store.manifest(key)["source"] if store.has(key) and not force else _ORIGIN
        if better != _ORIGIN:
            raise StoreError(f"the {key} is in the store already, from {better}; --force puts the recording in its place")
        store.write_locked(key, Session(complete(tables)), source=_ORIGIN)
    return Finished(store.open(key), missing)


def _event(info: dict[str, Any], store: Store) -> str:
    try:
        return event_named(info["event"], info["year"], store.catalog())
    except NotFoundError:  # one that only the feed knows
        return info["event"]


def _session(session: pl.DataFrame, key: Key) -> pl.DataFrame:
    rounds = {row["event"]: row.get("round") for row in calendar.events(key.year, fetch=False)}
    number = pl.lit(rounds.get(key.event), pl.Int32)
    return session.with_columns(event=pl.lit(key.event), source=pl.lit(_ORIGIN), round=pl.coalesce("round", number))


def _add_circuit(tables: dict[str, pl.DataFrame], info: dict[str, Any]) -> SourceError | None:
    """Add the shape of the circuit where it is known, and return why it could not be asked for."""
    try:
        known = None if info["circuit_key"] is None else multiviewer.circuit(info["circuit_key"], info["year"])
    except SourceError as problem:
        return problem
    if known:
        shape, rotation_deg = known
        # the line of this session's cars is the truer one
        tables["circuit"] = shape.filter(pl.col("kind") != "outline") if tables["telemetry"].height else shape
        tables["session"] = tables["session"].with_columns(circuit_rotation_deg=pl.lit(rotation_deg, pl.Float64))
    return None


def _missing(heard: _Heard, tables: dict[str, pl.DataFrame]) -> Iterator[str]:
    """Yield what of the session was not recorded, in sentences."""
    start_utc, status = tables["session"]["start_utc"][0], tables["session_status"]
    over = status.filter(pl.col("status").is_in(_OVER))
    if over.is_empty() and tables["session"]["session"][0] not in _IN_PARTS:
        over = status.filter(status="finished")
    over_s = next(iter(over["time_s"]), None)

    def time_s(utc: str | None) -> float | None:
        at_ms = instant_ms(utc)
        return None if at_ms is None or start_utc is None else at_ms / 1000 - start_utc.timestamp()

    since_s = time_s(heard.since_utc)
    if since_s is not None and since_s > _SLACK_S:
        yield f"Recorded from {_clock(heard.since_utc)} on, {recordings.clock(since_s)} after the start."
    of_session = [gap for gap in heard.gaps if over_s is None or (time_s(gap.since_utc) or 0.0) < over_s]
    for gap in of_session[:_LISTED]:
        until = gap.until_utc or gap.since_utc
        yield f"Nothing was received for {gap.lasted_s:.0f} s until {_clock(until)}."
    if len(of_session) > _LISTED:
        more = of_session[_LISTED:]
        yield f"Nor was it {len(more)} more times, for {sum(gap.lasted_s for gap in more):.0f} s."
    if over_s is None:
        latest_utc = heard.state.latest_utc
        until = f"{latest_utc:%H:%M:%S} UTC" if latest_utc else "an unknown time"
        yield f"Recorded until {until}, before the session was over."


def _clock(utc: str | None) -> str:
    at_ms = instant_ms(utc)
    return "an unknown time" if at_ms is None else f"{datetime.fromtimestamp(at_ms / 1000, UTC):%H:%M:%S} UTC"


def _data_sets(tables: dict[str, pl.DataFrame], missing: tuple[str, ...], problem: SourceError | None) -> pl.DataFrame:
    """Return what there is to say of tables that are not simply available."""
    rows: list[dict[str, Any]] = []
    if missing:
        note = " ".join(missing)
        partial = [name for name in OF_MOMENTS & tables.keys() if tables[name].height]
        rows += [{"table": name, "state": "partial", "origin": _ORIGIN, "note": note} for name in partial]
    if tables["telemetry"].is_empty():
        note = "The feed that was recorded had no data of the cars."
        rows.append({"table": "telemetry", "state": "not_published", "note": note})
    if tables["results"].height:
        note = "Provisional: the order on the screen at the end; decisions taken later are not in it."
        rows.append({"table": "results", "state": "partial", "origin": _ORIGIN, "note": note})
    if problem and "circuit" not in tables:
        rows.append({"table": "circuit", "state": "failed", "note": f"{problem}."})
    elif "circuit" in tables:
        rows.append({"table": "circuit", "state": "available", "origin": "multiviewer"})
    return TABLES["data_sets"].frame(rows)
