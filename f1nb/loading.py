"""Load a session: the only place that chooses between the store and the sources."""

from __future__ import annotations

import difflib
import hashlib
import re
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from f1nb.analysis.complete import complete
from f1nb.errors import NotFoundError, SourceError, StoreError
from f1nb.schema import SESSIONS
from f1nb.session import Session
from f1nb.sources import _identity, tracinginsights
from f1nb.sources._files import MARK, Files, FolderFiles, ZipFiles
from f1nb.sources._hosts import files_at
from f1nb.sources.tracinginsights import Progress
from f1nb.store import Key, Store, home, slug

FIRST_YEAR = 2018
ARCHIVE_URL = "https://cdn.jsdelivr.net/gh/TracingInsights"
SIMULATED_EVENT = "Simulated Grand Prix"
_ARCHIVES = ("auto", "tracinginsights")
_ALIASES = {
    "race": "R", "qualifying": "Q", "quali": "Q", "sprint": "S", "sprint race": "S", "sprint qualifying": "SQ",
    "sprint shootout": "SQ", "ss": "SQ", "practice 1": "FP1", "practice 2": "FP2", "practice 3": "FP3",
    "p1": "FP1", "p2": "FP2", "p3": "FP3",
}  # fmt: skip
_COUNTRIES = {
    "america": "united states", "us": "united states", "usa": "united states", "england": "great britain",
    "uk": "great britain", "united kingdom": "great britain", "holland": "netherlands", "uae": "united arab emirates",
}  # fmt: skip


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
        ``"auto"``: the store, then the public per-lap archive. ``"tracinginsights"``: that archive. Or a path: a zip or folder
        laid out like that archive.
    force
        Load it again although it is in the store.
    progress
        Called with the number of files done and wanted; by default a bar is shown for what takes longer than a second.

    Raises
    ------
    NotFoundError
        When there is no such event or session; the message lists the near ones.
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
    kind = session_kind(session)
    store = Store()
    if str(source) in _ARCHIVES:
        name = find_event(event, events_of(season, store))
        if not force and store.has(Key(season, name, kind)):
            return store.open(Key(season, name, kind))
        origin = _archive(season, name, kind)
    else:
        origin = _local(Path(source).expanduser(), season, event, kind)
    key = Key(season, origin.event, kind)
    with store.locked(key):
        if not force and store.has(key):  # already, or by another process while this one waited
            return store.open(key)
        with origin.files() as files, _bar(progress) as report:
            tables = tracinginsights.read(files, year=season, event=key.event, session=kind, progress=report)
            store.write_locked(key, Session(complete(tables)), source=files.name)
        origin.forget()
    return store.open(key)


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


def session_kind(session: str) -> str:
    """Return the code of a session however it is written.

    Examples
    --------
    >>> session_kind("Race"), session_kind("fp1"), session_kind("Sprint Shootout")
    ('R', 'FP1', 'SQ')
    """
    text = str(session).strip()
    kind = text.upper() if text.upper() in SESSIONS else _ALIASES.get(text.lower())
    if kind is None:
        near = difflib.get_close_matches(text.lower(), [*_ALIASES, *(s.lower() for s in SESSIONS)], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise NotFoundError(f"there is no session {session!r}; it is one of {', '.join(SESSIONS)}{hint}")
    return kind


def season_of(year: int | str) -> int:
    """Return the season as a number.

    Raises
    ------
    NotFoundError
        When there cannot be data of it.
    """
    try:
        season = int(year)
    except (TypeError, ValueError):
        raise NotFoundError(f"{year!r} is not a year") from None
    latest = datetime.now(UTC).year
    if season < FIRST_YEAR:
        raise NotFoundError(f"there are no lap data for {season}; the archives begin with {FIRST_YEAR}")
    if season > latest:
        raise NotFoundError(f"the {season} season has not begun; the latest is {latest}")
    return season


# -- events ---------------------------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """Return a name as it is compared: no accents, no case, no signs, without "Grand Prix"."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    words = [w for w in re.findall("[a-z0-9]+", folded) if w not in {"grand", "prix", "gp"}]
    plain = " ".join(words)
    return _COUNTRIES.get(plain, plain)


def events_of(year: int, store: Store) -> list[dict[str, Any]]:
    """Return the events of a season, and those stored that are not in the list: what a name is looked for in."""
    rows = {name: _place_row(name, year) for name in _identity.events(year)}
    for entry in store.catalog():
        if entry["key"].year == year:
            rows[entry["key"].event] = {**rows.get(entry["key"].event, {}), **entry["info"]}
    return list(rows.values())


def find_event(query: str | int, events: Iterable[dict[str, Any]]) -> str:
    """Return the event that is meant.

    Parameters
    ----------
    query
        Name, town, country, circuit, or round.
    events
        Dicts with ``event`` and, where known, ``round``, ``country``, ``location``, ``circuit``.

    Raises
    ------
    NotFoundError
        When nothing matches, or more than one does; the message lists the near ones.

    Examples
    --------
    >>> places = [{"event": "Dutch Grand Prix", "location": "Zandvoort"}, {"event": "Italian Grand Prix", "location": "Monza"}]
    >>> find_event("zandvoort", places)
    'Dutch Grand Prix'
    """
    known = {row["event"]: row for row in events}
    text = str(query).strip()
    if text.isdigit():
        hits = [name for name, row in known.items() if row.get("round") == int(text)]
    else:
        wanted = _plain(text)
        names = {
            name: [_plain(str(row[f])) for f in ("event", "location", "country", "circuit") if row.get(f)]
            for name, row in known.items()
        }
        hits = [n for n, forms in names.items() if forms and wanted == forms[0]]
        hits = hits or [n for n, forms in names.items() if wanted in forms]
        words = wanted.split()
        hits = hits or [n for n, forms in names.items() if words and any(set(words) <= set(f.split()) for f in forms)]
        hits = hits or [n for n, forms in names.items() if words and any(_begin(words, f) for f in forms)]
    if len(hits) == 1:
        return hits[0]
    if text.isdigit() and not any(row.get("round") for row in known.values()):
        raise NotFoundError(f"the rounds are not known here; name the event instead of {text}")
    if len(hits) > 1:
        raise NotFoundError(f"{query!r} can be {_listed(hits)}; say which one")
    forms = {_plain(str(row[f])): name for name, row in known.items() for f in ("location", "country", "event") if row.get(f)}
    close = difflib.get_close_matches(_plain(text), list(forms), n=4, cutoff=0.55)
    near = list(dict.fromkeys(forms[c] for c in close))
    hint = f"; did you mean {_listed(near)}?" if near else f"; there are {_listed(sorted(known))}" if known else ""
    raise NotFoundError(f"there is no event {query!r}{hint}")


def _begin(words: list[str], form: str) -> bool:
    """Return whether each of the words begins one of the form: "usa" is no part of Lusail."""
    return all(any(f.startswith(w) for f in form.split()) for w in words)


def _listed(names: list[str], most: int = 30) -> str:
    shown = names[:most]
    if len(shown) == 1:
        return shown[0]
    return ", ".join(shown[:-1]) + f" or {shown[-1]}"


# -- sources --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a session comes from: the event's name there, how to open its files, and what to do when it is in the store."""

    event: str
    files: Callable[[], AbstractContextManager[Files]]
    forget: Callable[[], None] = lambda: None


def _local(path: Path, year: int, event: str | int, kind: str) -> _Origin:
    if not path.exists():
        raise SourceError(f"there is no source {str(path)!r}; give auto, tracinginsights, or the path of a zip or folder")
    files = FolderFiles(path) if path.is_dir() else ZipFiles(path)
    name, folder = _folder(files.sessions(), path, year, event, kind)
    return _Origin(name, lambda: nullcontext(files.below(folder) if folder else files))


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
    raise NotFoundError(f"{path.name} has no {kind} of the {name}; it has {_listed(sorted(here))}")


def _place_row(event: str, year: int) -> dict[str, Any]:
    where = _identity.place(event, year)
    return {"event": event, **(where._asdict() if where else {})}


def _archive(year: int, name: str, kind: str) -> _Origin:
    downloads = home() / "downloads" / str(year) / slug(name) / kind

    @contextmanager
    def files() -> Iterator[Files]:
        for folder in tracinginsights.SESSION_FOLDERS[kind]:
            with files_at(f"{ARCHIVE_URL}/{year}@main/{quote(name)}/{quote(folder)}", downloads) as found:
                if found.read(MARK) is not None:
                    yield found
                    return
        raise NotFoundError(
            f"the per-lap archive has no {kind} of the {year} {name}; it may not have been held, or not be there yet"
        )

    return _Origin(name, files, lambda: shutil.rmtree(downloads, ignore_errors=True))
