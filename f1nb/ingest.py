"""Whole seasons at once, into this machine's store or into one for others."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from f1nb import bundles
from f1nb._workers import WorkerDiedError, in_processes, on_dask
from f1nb.calendar import events as events_of
from f1nb.calendar import schedule
from f1nb.errors import F1nbError, NotFoundError, SignInError, StoreError
from f1nb.loading import load
from f1nb.naming import find_events, season_of, session_kind
from f1nb.schema import SESSIONS
from f1nb.store import Key, Store, find, home, listing

STATES = ("loaded", "stored", "not_published", "needs_sign_in", "failed")
_SCHEMA = {
    "year": pl.Int32, "round": pl.Int32, "event": pl.String, "session": pl.Enum(SESSIONS), "state": pl.Enum(STATES),
    "note": pl.String,
}  # fmt: skip
_LONGEST = timedelta(hours=4)  # a race with a red flag
_MOST_WORKERS = 4  # by default: more do not load faster from hosts that everybody shares

logger = logging.getLogger(__name__)

Years = int | str | Iterable[int | str]
Outcome = tuple[str, str | None]


def ingest(
    years: Years,
    *,
    sessions: str | Iterable[str] | None = None,
    events: str | int | Iterable[str | int] | None = None,
    source: str | Path = "auto",
    workers: int | None = None,
    scheduler: str | None = None,
) -> pl.DataFrame:
    """Load all sessions of seasons that are over and not in the store, by several processes.

    It can be stopped at any time and goes on where it was when it is called again. A process that dies loses the session it
    had, which is tried once more. In a script it must be called below ``if __name__ == "__main__":``.

    Parameters
    ----------
    years
        One season or several, from 2018.
    sessions
        Kinds of session; by default all.
    events
        Events, as for `f1nb.load`; by default all.
    source
        As for `f1nb.load`.
    workers
        Processes of this machine; by default as many as it has cores, at most 4.
    scheduler
        Address of a Dask scheduler, ``tcp://…``, whose workers are to do it instead. They write into the store of this
        machine, so ``F1NB_HOME`` must be a folder that they reach by the same path; all other settings are their own.

    Returns
    -------
    frame with ``year``, ``round``, ``event``, ``session``, ``state`` and ``note``, a row for each session. The state is
    ``loaded``, ``stored`` (it was there), ``not_published``, ``needs_sign_in`` or ``failed``; the note says why

    Raises
    ------
    NotFoundError
        When there is no such season, event or kind of session, or no scheduler.
    SourceError
        When the schedule cannot be read.

    Examples
    --------
    >>> from f1nb.ingest import ingest
    >>> ingest(range(2023, 2026), sessions="R")  # doctest: +SKIP
    >>> ingest(1949)
    Traceback (most recent call last):
      ...
    f1nb.errors.NotFoundError: there are no lap data for 1949; the archives begin with 2018
    """
    planned = _planned(years, sessions, events)
    stored = _created(planned)
    wanted = [key for key in planned if key not in stored]
    jobs = [_Job(key, _source(source), None, str(home()) if scheduler else None) for key in wanted]
    return _outcomes(planned, jobs, workers, scheduler)


def mirror(
    years: Years,
    to: str | Path,
    *,
    sessions: str | Iterable[str] | None = None,
    events: str | int | Iterable[str | int] | None = None,
    source: str | Path = "auto",
    workers: int | None = None,
    scheduler: str | None = None,
) -> pl.DataFrame:
    """Fill a store for others with all sessions of seasons that are over: from the store of this machine, else loaded first.

    It goes on where it was, like `ingest`. A session that has been loaded anew since it was mirrored is mirrored again.

    Parameters
    ----------
    years, sessions, events, source, workers
        As for `ingest`.
    to
        Folder, or an address that can be written, ``s3://…``; see `f1nb.bundles.push`.
    scheduler
        As for `ingest`, but each worker loads into its own store, so that only ``to`` must be the same for all.

    Returns
    -------
    frame, as of `ingest`; ``loaded`` and ``stored`` speak of the store that is filled

    Raises
    ------
    NotFoundError, SourceError
        As `ingest`.
    StoreError
        When the store that is to be filled cannot be read.

    Examples
    --------
    >>> from f1nb.ingest import mirror
    >>> mirror(2025, "s3://our-bucket/f1", sessions=["Q", "R"])  # doctest: +SKIP
    """
    planned = _planned(years, sessions, events)
    target = str(to) if "://" in str(to) or "::" in str(to) else str(Path(to).expanduser().resolve())
    there = {row["key"]: row["created_utc"] for row in Store(target).catalog()}
    here = _created(planned)
    wanted = [key for key in planned if key not in there or here.get(key, there[key]) != there[key]]
    return _outcomes(planned, [_Job(key, _source(source), target, None) for key in wanted], workers, scheduler)


# -- what is to be done -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Job:
    """A session to load, and where to; without a home into the store of the process that does it."""

    key: Key
    source: str
    target: str | None
    home: str | None


def _planned(
    years: Years, sessions: str | Iterable[str] | None, events: str | int | Iterable[str | int] | None
) -> dict[Key, int]:
    """Return the sessions that are over, in order, with their rounds."""
    seasons = sorted({season_of(year) for year in ([years] if isinstance(years, int | str) else years)})
    named = [sessions] if isinstance(sessions, str) else sessions
    kinds = {year: set(SESSIONS if named is None else (session_kind(name, year) for name in named)) for year in seasons}
    asked = [events] if isinstance(events, int | str) else events
    known = {} if asked is None else {year: events_of(year) for year in seasons}
    meant = {pair for query in asked or () for pair in find_events(query, known).items()}
    over = datetime.now(UTC) - _LONGEST
    return {
        Key(year, row["event"], row["session"]): row["round"]
        for year in seasons
        for row in schedule(year).iter_rows(named=True)
        if row["session"] in kinds[year] and row["start_utc"] < over and (asked is None or (year, row["event"]) in meant)
    }


def _source(source: str | Path) -> str:
    """Return a source's name, or its path as it is for every process."""
    is_path = isinstance(source, Path) or "/" in source or os.sep in source
    return str(Path(source).expanduser().resolve()) if is_path else str(source)


def _created(planned: Iterable[Key]) -> dict[Key, str]:
    """Return when the sessions that are stored were loaded; one that cannot be read counts as not stored."""
    found = {}
    places = {key.path: store for key, store in listing()}
    for key in planned:
        with suppress(NotFoundError, StoreError):
            if key.path in places:
                found[key] = places[key.path].manifest(key)["created_utc"]
    return found


# -- how it is done ---------------------------------------------------------------------------------------------------------


def _outcomes(planned: dict[Key, int], jobs: list[_Job], workers: int | None, scheduler: str | None) -> pl.DataFrame:
    """Do the jobs and return what became of everything that was planned."""
    outcomes: dict[Key, Outcome] = dict.fromkeys(planned, ("stored", None))
    if jobs:
        count = workers or min(os.cpu_count() or 1, _MOST_WORKERS)
        answers = on_dask(_do, jobs, scheduler) if scheduler else in_processes(_do, jobs, count)
        with closing(answers), _bar(len(jobs)) as bar:
            for job, answer in answers:
                outcomes[job.key] = ("failed", str(answer)) if isinstance(answer, WorkerDiedError) else answer
                bar.set_postfix_str(str(job.key), refresh=False)
                bar.update()
    rows = [(key.year, planned[key], key.event, key.session, *outcome) for key, outcome in outcomes.items()]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _bar(wanted: int) -> Any:
    from tqdm.auto import tqdm

    return tqdm(total=wanted, unit=" sessions", disable=not (sys.stderr.isatty() or "ipykernel" in sys.modules))


def _do(job: _Job) -> Outcome:
    """Load a session and pass it on; nothing that happens to one of them is to stop the others."""
    try:
        if job.home:
            os.environ["F1NB_HOME"] = job.home
        key, store = _loaded(job)
        if job.target:
            bundles.push(key, store, job.target)
    except SignInError as error:
        return "needs_sign_in", str(error)
    except NotFoundError as error:
        return "not_published", str(error)
    except F1nbError as error:
        return "failed", str(error)
    except Exception as error:  # a mistake of ours or of a library
        logger.exception("%s", job.key)
        return "failed", f"{type(error).__name__}: {error}"
    return "loaded", None


def _loaded(job: _Job) -> tuple[Key, Store]:
    """Return the store that has the session, loading it first where none has it whole."""
    with suppress(StoreError):  # damaged, or written by an older version
        store = find(job.key)
        if store and store.manifest(job.key):
            return job.key, store
    store = Store()
    session = load(
        job.key.year,
        job.key.event,
        job.key.session,
        source=job.source,
        force=store.has(job.key),
        progress=lambda _done, _wanted: None,
    )
    return Key(*(session.info[part] for part in ("year", "event", "session"))), store
