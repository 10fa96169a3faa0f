"""The session store: one folder per session, one Parquet file per table, a manifest that commits them.

Layout: ``<root>/2025/dutch-grand-prix/R/manifest.json`` and beside it ``laps-3f2a9c….parquet`` and so on.

Data files carry a part of their hash in their name and are never changed. A write puts new files next to the old ones and
then replaces the manifest, which is one atomic step: a killed process leaves the old bundle or the new one, readers go on with
the files that their manifest named, and a remote reader may keep any file for ever. Files of the manifest before the last are
removed by the next write. Locks of writers lie apart, in ``<root>/.locks``: a load that comes to nothing leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import logging
import math
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import orjson
import polars as pl
from filelock import FileLock, Timeout

from f1nb._disk import explained, home, replace
from f1nb._manifest import FORMAT, MANIFEST, Key, checked, is_entry, is_file_of, key_of, manifest_bytes, parse_manifest, slug
from f1nb._packed import packed, scan
from f1nb._remote import CHECKED_BYTES, Remote, without_secrets
from f1nb.errors import NotFoundError, StoreError
from f1nb.schema import TABLES
from f1nb.session import Session

__all__ = ["Key", "Store", "catalog", "find", "home", "kept", "listing", "shared", "slug"]

_SILENT_S = 1.0  # a shorter wait for another process is not worth a word

_LEFT_ALONE_S = 60.0

Answer = TypeVar("Answer")

logger = logging.getLogger(__name__)
_unreached_s: dict[str, float] = {}  # when shared stores were asked in vain


def kept(name: str, make: Callable[[], bytes]) -> bytes:
    """Return what is kept under a name below `home`, made and kept when it is not there.

    Parameters
    ----------
    name
        Says everything that the content depends on.
    make
        Makes the content.
    """
    path = home() / "kept" / name
    try:
        return path.read_bytes()
    except OSError:
        content = make()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, content)
    except OSError as error:  # it is made again next time
        logger.info("cannot keep %s: %s", path, error)
    return content


class Store:
    """Sessions on disk, or at any address that fsspec knows (``s3://…``, ``https://…``, ``zip://…``).

    At an address sessions are read in place; they get there with `f1nb.bundles.push`.

    Parameters
    ----------
    root
        Folder or address; by default ``sessions`` below `home`.

    Examples
    --------
    >>> import tempfile, f1nb
    >>> store = Store(tempfile.mkdtemp())
    >>> key = store.write(f1nb.simulate(laps=2, cars=3))
    >>> store.open(key).laps.height
    6
    """

    def __init__(self, root: str | Path | None = None) -> None:
        self.root = str(root) if root is not None else str(home() / "sessions")
        self._remote = Remote(self.root) if "://" in self.root or "::" in self.root else None
        self.name = self._remote.name if self._remote else self.root

    # -- reading ------------------------------------------------------------------------------------------------------

    def catalog(self) -> list[dict[str, Any]]:
        """Return what is in the store: ``key`` and the manifest's ``info``, ``created_utc``, ``source``, ``bytes``.

        The latest season's sessions come first. Among them the one that started last, if the starts are known, else the one
        loaded last.

        A damaged manifest is left out with a warning, so that it does not stand in the way of all other sessions.
        """
        found = []
        for path, content in self._manifests():
            try:
                manifest = parse_manifest(content, path)
            except StoreError as error:
                logger.warning("%s", error)
                continue
            found.append({"key": key_of(manifest), **{k: manifest[k] for k in ("info", "created_utc", "source", "bytes")}})
        return _latest_first(found)

    def listing(self) -> list[Key]:
        """Return the sessions that are there, with their events named as in paths; no manifest of this machine is opened."""
        if self._remote:
            paths = self._remote.manifests()
        else:
            paths = (p.relative_to(self.root).as_posix() for p in Path(self.root).glob(f"[0-9][0-9][0-9][0-9]/*/*/{MANIFEST}"))
        parts = (path.split("/") for path in sorted(paths))
        return [Key(int(year), event, session) for year, event, session, _ in parts]

    def has(self, key: Key) -> bool:
        """Return whether there is a bundle of this session."""
        return self._read(f"{key.path}/{MANIFEST}") is not None

    def manifest(self, key: Key) -> dict[str, Any]:
        """Return the manifest of a bundle.

        Raises
        ------
        NotFoundError
            When there is none.
        StoreError
            When it is damaged.
        """
        path = f"{key.path}/{MANIFEST}"
        content = self._read(path)
        if content is None:
            raise NotFoundError(f"{key} is not in the store; load it first: f1nb load {key.year} {key.event!r} {key.session}")
        return parse_manifest(content, path)

    def open(self, key: Key) -> Session:
        """Return a session; its tables are read when they are asked for.

        Raises
        ------
        NotFoundError, StoreError
            As `manifest`; also when a file is missing, cut short, or changed (of telemetry only `verify` sees a change).
        """
        manifest = self.manifest(key)
        while True:
            files = manifest["files"].items()
            try:
                self._fetch(key, manifest["files"].values())
                return Session({name: scan(name, self.local(key, entry)) for name, entry in files if name in TABLES})
            except StoreError:
                before, manifest = manifest, self.manifest(key)
                if manifest == before:  # else it was replaced, twice, while this reader was at it
                    raise

    def _fetch(self, key: Key, entries: Iterable[Mapping[str, Any]]) -> None:
        """Copy what is not yet on this machine, all at once: one after the other costs a round trip each."""
        if self._remote:
            lacking = {f"{key.path}/{entry['file']}": entry for entry in entries if not self._remote.kept(entry)}
            contents = self._remote.read_many(lacking)
            for path, entry in lacking.items():
                self._remote.keep(entry, checked(contents.get(path), entry, str(key), self._remedy(key)))

    def content(self, key: Key, entry: Mapping[str, Any]) -> bytes:
        """Return a file that the manifest names, compared with its hash.

        Raises
        ------
        StoreError
            When it is missing or differs.
        """
        return checked(self._read(f"{key.path}/{entry['file']}"), entry, str(key), self._remedy(key))

    def verify(self, key: Key) -> None:
        """Compare every file with the hash in the manifest.

        Raises
        ------
        StoreError
            Naming the first file that differs, and the remedy.
        """
        for entry in self.manifest(key)["files"].values():
            self.content(key, entry)

    def problems(self) -> Iterator[str | None]:
        """Verify every session, and yield for each what is wrong with it, None where nothing is."""
        for path, _ in self._manifests():
            try:
                manifest = parse_manifest(self._read(path) or b"", path)
                for entry in manifest["files"].values():
                    self.content(key_of(manifest), entry)
            except StoreError as error:
                yield str(error)
            else:
                yield None

    def local(self, key: Key, entry: Mapping[str, Any]) -> Path:
        """Return a file that the manifest names as a local path: of a store at an address, a copy kept under its hash.

        Raises
        ------
        StoreError
            When it is missing, cut short, or changed (a change of a large one is seen only by `verify`).
        """
        if self._remote:
            return self._remote.kept(entry) or self._remote.keep(entry, self.content(key, entry))
        path = Path(self.root) / key.path / entry["file"]
        if not is_file_of(path, entry, check=entry["bytes"] < CHECKED_BYTES):
            self.content(key, entry)  # says what is wrong
        return path

    def _remedy(self, key: Key) -> str:
        if self._remote:
            return f"remove it from {self.name} and push the session again"
        return f"load it again: f1nb load {key.year} {key.event!r} {key.session} --force"

    def _manifests(self) -> Iterable[tuple[str, bytes]]:
        if self._remote:
            return sorted(self._remote.manifests().items())
        root = Path(self.root)
        paths = sorted(p.relative_to(root).as_posix() for p in root.glob(f"[0-9]*/*/*/{MANIFEST}"))
        return ((path, self._read(path) or b"") for path in paths)

    def _read(self, path: str) -> bytes | None:
        """Return the content of a file, None where there is no such file."""
        if self._remote:
            return self._remote.read(path)
        try:
            return (Path(self.root) / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StoreError(f"{Path(self.root) / path} cannot be read: {error.strerror}") from error

    # -- writing ------------------------------------------------------------------------------------------------------

    @contextmanager
    def locked(self, key: Key, timeout_s: float = 3600) -> Iterator[None]:
        """Hold the session against other writers on this machine; readers are never held up.

        Raises
        ------
        StoreError
            When the folder cannot be written, or another process holds it for longer than ``timeout_s``.
        """
        if self._remote:
            raise StoreError(f"{self.name} can only be read; set F1NB_HOME to a folder that can be written")
        locks = Path(self.root) / ".locks"
        with explained(locks):
            locks.mkdir(parents=True, exist_ok=True)
            lock = FileLock(locks / key.path.replace("/", "-"))
            try:
                try:
                    lock.acquire(timeout=min(_SILENT_S, timeout_s))
                except Timeout:
                    if timeout_s <= _SILENT_S:
                        raise
                    logger.warning("another process is loading %s; waiting", key)
                    lock.acquire(timeout=timeout_s - _SILENT_S)
            except Timeout:
                raise StoreError(f"another process has been writing {key} for {timeout_s:.0f} s; try again later") from None
        try:
            yield
        finally:
            lock.release()

    def write(self, session: Session, *, source: str | None = None) -> Key:
        """Write all tables of a session, and commit them at the end.

        Parameters
        ----------
        session
            What to write.
        source
            Where it came from, for the catalog.

        Raises
        ------
        StoreError
            When it cannot be written: the disk is full, the folder is read-only. What was there stays.
        """
        info = {k: v for k, v in session.info.items() if v is not None}
        key = Key(info["year"], info["event"], info["session"])
        with self.locked(key):
            self.write_locked(key, session, source=source)
        return key

    def write_locked(self, key: Key, session: Session, *, source: str | None = None) -> None:
        """Write a session whose lock is held."""
        folder = Path(self.root) / key.path
        with explained(folder), _unchanged_on_error(folder):
            before = _named(folder)
            folder.mkdir(parents=True, exist_ok=True)
            files = {name: _write_table(folder, name, session.scan(name).collect()) for name in TABLES}
            info = {k: v for k, v in session.info.items() if v is not None}
            source = source or info.get("source")
            manifest = {
                "format": FORMAT,
                "info": info,
                "source": source and without_secrets(source),
                "created_utc": datetime.now(UTC).isoformat(timespec="seconds"),
                "bytes": sum(f["bytes"] for f in files.values()),
                "files": files,
            }
            _commit(folder, manifest, before)

    def adopt(self, manifest: Mapping[str, Any], read: Callable[[Mapping[str, Any]], bytes]) -> bool:
        """Take over a bundle that was written elsewhere: its files first, its manifest last, which commits it.

        What is there already, under the same hash, stays and is not read. Of several that do this to the same session at the
        same time the last one wins; whichever does, the bundle is whole: at an address no file is ever removed.

        Parameters
        ----------
        manifest
            Of the bundle.
        read
            Returns the file of an entry of the manifest, compared with its hash.

        Returns
        -------
        whether anything had to be written

        Raises
        ------
        StoreError
            When it cannot be read or written. What was there stays.
        """
        key = key_of(manifest)
        entries = manifest["files"].values()
        if self._remote:
            lacking = self._remote.lacking(key.path, entries)
            if not lacking and self._read(f"{key.path}/{MANIFEST}") == manifest_bytes(manifest):
                return False
            self._remote.put({f"{key.path}/{entry['file']}": read(entry) for entry in lacking})
            self._remote.put({f"{key.path}/{MANIFEST}": manifest_bytes(manifest)})
            self._remote.write_index()
            return True
        folder = Path(self.root) / key.path
        with self.locked(key), explained(folder), _unchanged_on_error(folder):
            lacking = [entry for entry in entries if not is_file_of(folder / entry["file"], entry)]
            if not lacking and self._read(f"{key.path}/{MANIFEST}") == manifest_bytes(manifest):
                return False
            before = _named(folder)
            folder.mkdir(parents=True, exist_ok=True)
            for entry in lacking:
                replace(folder / entry["file"], read(entry))
            _commit(folder, manifest, before)
        return True


def shared() -> Store | None:
    """Return the store that ``F1NB_STORE`` names, a folder or an address, to be read; None where it names none.

    Raises
    ------
    StoreError
        When it cannot be opened.
    """
    address = os.environ.get("F1NB_STORE")
    return Store(address) if address else None


def find(key: Key) -> Store | None:
    """Return the store that has a session: this machine's, else the shared one; None where neither has it.

    A shared store that cannot be reached is said as a warning, and is left alone for the next minute.
    """
    local = Store()
    return local if local.has(key) else _of_shared(lambda store: store if store.has(key) else None, None)


def catalog() -> list[dict[str, Any]]:
    """Return what is in this machine's store and in the shared one, as `Store.catalog` does, each with its ``store``.

    A session that both have is this machine's. A shared store that cannot be reached is said as a warning.

    Examples
    --------
    >>> [row["key"] for row in catalog() if row["store"].name == "s3://nowhere"]
    []
    """
    local = Store()
    rows = [{**row, "store": local} for row in local.catalog()]
    here = {row["key"].path for row in rows}
    there = _of_shared(lambda store: [{**row, "store": store} for row in store.catalog()], [])
    return _latest_first(rows + [row for row in there if row["key"].path not in here])


def listing() -> list[tuple[Key, Store]]:
    """Return the sessions of this machine's store and of the shared one, as `Store.listing` does, each with its store.

    A session that both have is this machine's. A shared store that cannot be reached is said as a warning.

    Examples
    --------
    >>> [key for key, store in listing() if store.name == "s3://nowhere"]
    []
    """
    local = Store()
    rows = [(key, local) for key in local.listing()]
    here = {key.path for key, _ in rows}
    there = _of_shared(lambda store: [(key, store) for key in store.listing()], [])
    return rows + [(key, store) for key, store in there if key.path not in here]


def _of_shared(ask: Callable[[Store], Answer], otherwise: Answer) -> Answer:
    """Ask the shared store, if there is one and it was within reach a minute ago."""
    address = os.environ.get("F1NB_STORE", "")
    if _unreached_s.get(address, -math.inf) > time.monotonic() - _LEFT_ALONE_S:
        return otherwise
    try:
        store = shared()
        return otherwise if store is None else ask(store)
    except StoreError as error:
        _unreached_s[address] = time.monotonic()
        logger.warning("%s; going on with the sessions of this machine", error)
        return otherwise


def _latest_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # the known starts apart: an instant of a race and one of a load say nothing of each other
    return sorted(rows, key=lambda row: (row["key"].year, row["info"].get("start_utc") or "", row["created_utc"]), reverse=True)


def _commit(folder: Path, manifest: Mapping[str, Any], before: set[str]) -> None:
    """Put the manifest in force, and remove files that neither it nor the one before it names."""
    replace(folder / MANIFEST, manifest_bytes(manifest))
    keep = {entry["file"] for entry in manifest["files"].values()} | before | {MANIFEST}
    for path in folder.iterdir():
        if path.name not in keep:
            path.unlink(missing_ok=True)


def _named(folder: Path) -> set[str]:
    """Return the files of the manifest in force: readers may still be at them when it is replaced."""
    try:
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return set()
    match manifest:
        case {"files": {**files}}:
            return {entry["file"] for table, entry in files.items() if is_entry(table, entry)}
    return set()


@contextmanager
def _unchanged_on_error(folder: Path) -> Iterator[None]:
    """Take back what was written to a folder, and the folder if it is new, when not all of it can be written."""
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    there = set() if new else {path.name for path in folder.iterdir()}
    try:
        yield
    except BaseException:
        # asked anew: an interrupt may come when the manifest has just been replaced, or a file that it names been mended
        keep = there | _named(folder) | {MANIFEST}
        with suppress(OSError):  # what happened first is what counts
            for path in folder.iterdir():
                if path.name not in keep:
                    path.unlink()
            for path in new:
                path.rmdir()
        raise


def _write_table(folder: Path, name: str, frame: pl.DataFrame) -> dict[str, Any]:
    """Write one table under its hash and return its entry for the manifest."""
    content = packed(name, frame)
    sha256 = hashlib.sha256(content).hexdigest()
    file = f"{name}-{sha256[:12]}.parquet"
    replace(folder / file, content)
    return {"file": file, "sha256": sha256, "bytes": len(content), "rows": frame.height}
