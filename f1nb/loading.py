"""Load a session: the only place that chooses between the store and the sources."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from f1nb import calendar
from f1nb.analysis.complete import complete
from f1nb.errors import NotFoundError, SourceError, StoreError
from f1nb.gathering import AUTO, Gathered, Progress, Wanted, forget, gather
from f1nb.naming import SIMULATED_EVENT, find_event, listed, season_of, session_kind
from f1nb.session import Session
from f1nb.sources import _identity, archive, tracinginsights
from f1nb.sources._files import FolderFiles, ZipFiles
from f1nb.sources.archive.index import session_of
from f1nb.store import Key, Store, find, home

SOURCES = {"auto": AUTO, **{name: (name,) for name in AUTO}}


def load(
    year: int | str,
    event: str | int,
    session: str,
    *,
    source: str | Path = "auto",
    force: bool = False,
    progress: Progress | None = None,
) -> Session:
    """Return a session, from the store or else from a source, which fills the store.

    Parameters
    ----------
    year
        Season, from 2018.
    event
        As people type it: ``"Dutch Grand Prix"``, ``"dutch"``, ``"zandvoort"``, or the round.
    session
        ``FP1 FP2 FP3 Q SQ S R``, or its name.
    source
        ``"auto"``: the store, this machine's or the shared one, then the sources in their order. ``"archive"``: the official
        timing archive. ``"tracinginsights"``: the public per-lap archive. ``"fastf1"``. Or a path: a zip or folder laid out
        like the per-lap archive, or a folder of ``.jsonStream`` files.
    force
        Load it again although it is in the store.
    progress
        Called with the number of files done and wanted; by default a bar is shown for what takes longer than a second.

    Raises
    ------
    NotFoundError
        When there is no such event or session; the message lists the near ones.
    SignInError
        When the sources that have it want an account.
    SourceError
        When the source cannot be read.
    StoreError
        When the store cannot be written.

    Examples
    --------
    >>> import f1nb
    >>> f1nb.load(1949, "Dutch", "R")
    Traceback (most recent call last):
      ...
    f1nb.errors.NotFoundError: there are no lap data for 1949; the archives begin with 2018
    """
    season = season_of(year)
    kind = session_kind(session, season)
    sources = SOURCES.get(str(source))
    read = None if sources else _local(Path(source).expanduser(), season, event, kind)
    store = Store()
    key = Key(season, read.event if read else event_named(event, season, store.catalog()), kind)
    kept_by = None if force or read else find(key)
    if kept_by is not None:
        return kept_by.open(key)
    with store.locked(key):
        if not force and store.has(key):  # already, or by another process while this one waited
            return store.open(key)
        with _bar(progress) as report:
            if read is not None:
                tables, origin = read.tables(report), read.name
            else:
                tables, origin = _gathered(Wanted(*astuple(key)), sources or (), report)
            store.write_locked(key, Session(complete(tables)), source=origin)
        forget(Wanted(*astuple(key)))
    return store.open(key)


def _gathered(wanted: Wanted, sources: tuple[str, ...], progress: Progress) -> Gathered:
    """Gather, and forget what was fetched where that is nothing: there will be more after the session."""
    try:
        return gather(wanted, sources, progress)
    except NotFoundError:
        forget(wanted)
        raise


@contextmanager
def _bar(progress: Progress | None) -> Iterator[Progress]:
    """Give what is to be called with the files done and wanted: by default a bar, shown to people after a second."""
    if progress:
        yield progress
        return
    from tqdm.auto import tqdm

    watched = sys.stderr.isatty() or "ipykernel" in sys.modules
    with tqdm(unit=" files", delay=1.0, leave=False, disable=not watched) as bar:

        def report(done: int, wanted: int) -> None:
            bar.total = wanted
            bar.update(done - bar.n)

        yield report


def simulate(*, seed: int = 7, year: int = 2026, laps: int = 57, cars: int = 22) -> Session:
    """Return a Grand Prix that never took place, complete in every table, the same for the same arguments.

    Parameters
    ----------
    seed
        Decides circuit, drivers' form, strategies, incidents and weather.
    year
        Season whose rules hold.
    laps, cars
        Size of the race.

    Examples
    --------
    >>> import f1nb
    >>> race = f1nb.simulate(seed=7, laps=3, cars=4)
    >>> race.info["is_simulated"], race.drivers.height
    (True, 4)
    """
    from f1nb.sources.simulated import simulate_tables

    return Session(complete(simulate_tables(seed=seed, year=year, laps=laps, cars=cars)))


def simulated_race() -> Session:
    """Return the simulated Grand Prix that dashboards open by default, computed once and then kept on disk."""
    store = Store(home() / "simulated")
    key = Key(2026, SIMULATED_EVENT, "R")
    label = f"simulated by {_code_digest()}"

    def is_current() -> bool:
        try:
            return store.has(key) and store.manifest(key)["source"] == label
        except StoreError:  # damaged, or of another version: made anew
            return False

    if not is_current():
        with store.locked(key):
            if not is_current():
                store.write_locked(key, simulate(), source=label)
    return store.open(key)


def _code_digest() -> str:
    """Return a digest of the code that simulates and completes a race: when it changes, what is kept is out of date."""
    package = Path(__file__).parent
    files = [package / "schema.py", *sorted(package.glob("analysis/*.py")), *sorted(package.glob("sources/simulated/*.py"))]
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()[:12]


# -- events ---------------------------------------------------------------------------------------------------------------


def event_named(query: str | int, year: int, stored: Iterable[Mapping[str, Any]]) -> str:
    """Return the event that is meant, by its name or place, or by its round in the schedule.

    Only a round that is not known here costs a question to the network.

    Parameters
    ----------
    query
        As people type it.
    year
        Season.
    stored
        A catalog: its events count too.

    Raises
    ------
    NotFoundError
        When nothing matches, or more than one does; the message lists the near ones.
    """
    rows = events_of(year, stored)
    if not str(query).strip().isdigit():
        return find_event(query, rows)
    scheduled = calendar.events(year, fetch=False)
    if not any(row.get("round") == int(query) for row in (*scheduled, *rows)):
        try:
            scheduled = calendar.events(year)
        except SourceError as error:
            raise NotFoundError(f"the rounds are not known here ({error}); name the event instead of {query}") from error
    return find_event(query, [*rows, *scheduled])  # of two rows of an event the schedule's counts


def events_of(year: int, stored: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the events of a season, and those of a catalog that are not in the list: what a name is looked for in."""
    rows = {name: _place_row(name, year) for name in _identity.events(year)}
    for entry in stored:
        if entry["key"].year == year:
            rows[entry["key"].event] = {**rows.get(entry["key"].event, {}), **entry["info"]}
    return list(rows.values())


# -- sources --------------------------------------------------------------------------------------------------------------


class _Local(NamedTuple):
    """A session in files that somebody has here: the event's name there, what to call the files, and how to read them."""

    event: str
    name: str
    tables: Callable[[Progress], dict[str, pl.DataFrame]]


def _local(path: Path, year: int, event: str | int, kind: str) -> _Local:
    if not path.exists():
        raise SourceError(f"there is no source {str(path)!r}; give {', '.join(SOURCES)}, or the path of a zip or folder")
    files = FolderFiles(path) if path.is_dir() else ZipFiles(path)
    if path.is_dir() and any(path.glob("*.jsonStream")):
        name = find_event(event, [_place_row(e, year) for e in _identity.events(year)])
        there = session_of(files)
        if there and there != (year, name, kind) and there[1] in _identity.events(there[0]):
            raise NotFoundError("{} is the {} {}, {}, not the {} {}, {}".format(path, *there, year, name, kind))
        return _Local(
            name, str(path),
            lambda progress: archive.read(files, year=year, event=name, session=kind, address=archive.HOST, progress=progress),
        )  # fmt: skip
    name, folder = _folder(files.sessions(), path, year, event, kind)
    below = files.below(folder) if folder else files
    return _Local(
        name, below.name,
        lambda progress: tracinginsights.read(below, year=year, event=name, session=kind, progress=progress),
    )  # fmt: skip


def _folder(folders: list[str], path: Path, year: int, event: str | int, kind: str) -> tuple[str, str]:
    """Return the event and the folder of the session that is meant, among those found.

    Folders end in ``<Event>/<Session>``. Where the event or both are cut off, because somebody packed only a part, the words
    that the session was asked for by are believed.
    """
    if not folders:
        raise SourceError(f"{path} has no session of the archive in it: a folder with drivers.json")
    parts = [([""] * 2 + folder.split("/"))[-2:] for folder in folders]
    events = sorted({above for above, _ in parts if above})
    if events:
        name = find_event(event, [_place_row(e, year) for e in events])
    else:
        name = find_event(event, [_place_row(e, year) for e in _identity.events(year)])
    here = {last: folder for (above, last), folder in zip(parts, folders, strict=True) if above in {name, ""}}
    for folder in (*tracinginsights.SESSION_FOLDERS[kind], ""):
        if folder in here:
            return name, here[folder]
    raise NotFoundError(f"{path.name} has no {kind} of the {name}; it has {listed(sorted(here))}")


def _place_row(event: str, year: int) -> dict[str, Any]:
    where = _identity.place(event, year)
    return {"event": event, **(where._asdict() if where else {})}
