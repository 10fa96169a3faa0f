"""The session store: one folder per session, one Parquet file per table, a manifest that commits them.

Layout: ``<root>/2025/dutch-grand-prix/R/manifest.json`` and beside it ``laps-3f2a9c….parquet`` and so on.

Data files carry a part of their hash in their name and are never changed. A write puts new files next to the old ones and
then replaces the manifest, which is one atomic step: a killed process leaves the old bundle or the new one, readers go on with
the files that their manifest named, and a remote reader may keep any file for ever. Files of the manifest before the last are
removed by the next write. Locks of writers lie apart, in ``<root>/.locks``: a load that comes to nothing leaves nothing behind.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import polars as pl
from filelock import FileLock, Timeout

from f1nb._packed import packed, scan
from f1nb.errors import NotFoundError, StoreError
from f1nb.schema import SESSIONS, TABLES
from f1nb.session import Session

FORMAT = 2
_MANIFEST = "manifest.json"
_SILENT_S = 1.0  # a shorter wait for another process is not worth a word
_CHECKED_BYTES = 1 << 20  # smaller files are compared with their hash whenever a session is opened: about a millisecond

logger = logging.getLogger(__name__)


def home() -> Path:
    """Return the folder of everything that f1nb keeps: ``F1NB_HOME``, by default the user's data folder."""
    from platformdirs import user_data_path

    return Path(os.environ.get("F1NB_HOME") or user_data_path("f1nb"))


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
        _replace(path, content)
    except OSError as error:  # it is made again next time
        logger.info("cannot keep %s: %s", path, error)
    return content


def slug(name: str) -> str:
    """Return a name as it stands in a path.

    Examples
    --------
    >>> slug("São Paulo Grand Prix")
    'sao-paulo-grand-prix'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@dataclass(frozen=True, slots=True)
class Key:
    """What a session is called in the store."""

    year: int
    event: str
    session: str

    @property
    def path(self) -> str:
        """Folder below the root."""
        return f"{self.year}/{slug(self.event)}/{self.session}"

    def __str__(self) -> str:
        return f"{self.year} {self.event} {self.session}"


class Store:
    """Sessions on disk, or, for reading, at any address that fsspec knows (``s3://…``, ``https://…``, ``zip://…``).

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
        self._remote = None
        if "://" in self.root or "::" in self.root:
            self._remote = _Remote(self.root)

    # -- reading ------------------------------------------------------------------------------------------------------

    def catalog(self) -> list[dict[str, Any]]:
        """Return what is in the store: ``key`` and the manifest's ``info``, ``created_utc``, ``source``, ``bytes``.

        The latest season's sessions come first. Among them the one that started last, if the starts are known, else the one
        loaded last.

        A damaged manifest is left out with a warning, so that it does not stand in the way of all other sessions.
        """
        found = []
        for path in self._manifests():
            try:
                manifest = self._parse(self._read(path), path)
            except StoreError as error:
                logger.warning("%s", error)
                continue
            info = manifest["info"]
            key = Key(info["year"], info["event"], info["session"])
            found.append({"key": key, **{k: manifest[k] for k in ("info", "created_utc", "source", "bytes")}})
        # the known starts apart: an instant of a race and one of a load say nothing of each other
        return sorted(
            found, key=lambda row: (row["key"].year, row["info"].get("start_utc") or "", row["created_utc"]), reverse=True
        )

    def has(self, key: Key) -> bool:
        """Return whether there is a bundle of this session."""
        path = f"{key.path}/{_MANIFEST}"
        return self._remote.exists(path) if self._remote else (Path(self.root) / path).is_file()

    def manifest(self, key: Key) -> dict[str, Any]:
        """Return the manifest of a bundle.

        Raises
        ------
        NotFoundError
            When there is none.
        StoreError
            When it is damaged.
        """
        if not self.has(key):
            raise NotFoundError(f"{key} is not in the store; load it first: f1nb load {key.year} {key.event!r} {key.session}")
        path = f"{key.path}/{_MANIFEST}"
        return self._parse(self._read(path), path)

    def open(self, key: Key) -> Session:
        """Return a session; its tables are read when they are asked for.

        Raises
        ------
        NotFoundError, StoreError
            As `manifest`; also when a file is missing, cut short, or changed (of telemetry only `verify` sees a change).
        """
        files = self.manifest(key)["files"]
        return Session({name: scan(name, self._local(key, entry)) for name, entry in files.items() if name in TABLES})

    def verify(self, key: Key) -> None:
        """Compare every file with the hash in the manifest.

        Raises
        ------
        StoreError
            Naming the first file that differs, and the remedy.
        """
        for entry in self.manifest(key)["files"].values():
            self._local(key, entry, check=True)

    def _local(self, key: Key, entry: dict[str, Any], *, check: bool = False) -> Path:
        """Return the file as a local path: of a remote store, a copy kept under its hash."""
        if self._remote:
            return self._remote.copy(f"{key.path}/{entry['file']}", entry)
        path = Path(self.root) / key.path / entry["file"]
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            raise StoreError(self._damaged(key, path, "it is missing")) from None
        if size != entry["bytes"]:
            raise StoreError(self._damaged(key, path, f"{entry['bytes']:,} bytes expected, {size:,} found"))
        if (check or size < _CHECKED_BYTES) and _hash(path) != entry["sha256"]:
            raise StoreError(self._damaged(key, path, "its content does not match its hash"))
        return path

    @staticmethod
    def _damaged(key: Key, path: Path, why: str) -> str:
        return (
            f"{path.name} of {key} is damaged ({why}); load it again: f1nb load {key.year} {key.event!r} {key.session} --force"
        )

    def _manifests(self) -> Iterator[str]:
        if self._remote:
            yield from self._remote.manifests()
        else:
            root = Path(self.root)
            yield from sorted(p.relative_to(root).as_posix() for p in root.glob(f"[0-9]*/*/*/{_MANIFEST}"))

    def _read(self, path: str) -> bytes:
        if self._remote:
            return self._remote.read(path)
        try:
            return (Path(self.root) / path).read_bytes()
        except OSError as error:
            raise StoreError(f"{Path(self.root) / path} cannot be read: {error.strerror}") from error

    @staticmethod
    def _parse(content: bytes, path: str) -> dict[str, Any]:
        """Return a manifest that has all that is read of it, each of its type, and is that of the session of its folder."""
        remedy = "load the session again with --force"
        try:
            manifest = orjson.loads(content)
        except orjson.JSONDecodeError:
            manifest = None
        match manifest:
            case {"format": int(number)} if number != FORMAT:
                raise StoreError(f"{path} has format {number}, this version reads {FORMAT}; {remedy}")
            case {
                "format": int(),
                "created_utc": str(),
                "source": str() | None,
                "bytes": int(),
                "info": {"year": int(year), "event": str(event), "session": str(session), **more},
                "files": {**files},
            } if (
                session in SESSIONS
                and f"{Key(year, event, session).path}/{_MANIFEST}" == path
                and isinstance(more.get("start_utc") or "", str)
                and all(map(_is_entry, files.values()))
            ):
                return manifest
        raise StoreError(f"{path} is damaged; {remedy}")

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
            raise StoreError(f"{self.root} can only be read; set F1NB_HOME to a folder that can be written")
        locks = Path(self.root) / ".locks"
        with _explained(locks):
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
        with _explained(folder), _unchanged_on_error(folder):
            before = _named(folder)
            folder.mkdir(parents=True, exist_ok=True)
            files = {name: _write_table(folder, name, session.scan(name).collect()) for name in TABLES}
            info = {k: v for k, v in session.info.items() if v is not None}
            manifest = {
                "format": FORMAT,
                "info": info,
                "source": source or info.get("source"),
                "created_utc": datetime.now(UTC).isoformat(timespec="seconds"),
                "bytes": sum(f["bytes"] for f in files.values()),
                "files": files,
            }
            _replace(folder / _MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
            keep = {f["file"] for f in files.values()} | before | {_MANIFEST}
            for path in folder.iterdir():
                if path.name not in keep:
                    path.unlink(missing_ok=True)


def _is_entry(entry: object) -> bool:
    """Return whether this is what a manifest says of a file. A name with a slash would be a way out of the folder."""
    match entry:
        case {"file": str(file), "sha256": str(digest), "bytes": int()}:
            return bool(re.fullmatch(r"[a-z_]+-[0-9a-f]{12}\.parquet", file) and re.fullmatch(r"[0-9a-f]{64}", digest))
    return False


def _named(folder: Path) -> set[str]:
    """Return the files of the manifest in force: readers may still be at them when it is replaced."""
    try:
        manifest = orjson.loads((folder / _MANIFEST).read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return set()
    match manifest:
        case {"files": {**files}}:
            return {entry["file"] for entry in files.values() if _is_entry(entry)}
    return set()


class _Remote:
    """A store at an address: manifests are read each time, data files are copied once and kept under their hash."""

    def __init__(self, url: str) -> None:
        import fsspec

        self.url = url
        with self._reached():
            self.fs, self.base = fsspec.core.url_to_fs(url)
        self.base = self.base.rstrip("/")
        self.copies = home() / "copies"

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Turn what a file system says into a sentence."""
        try:
            yield
        except Exception as error:  # each of fsspec's file systems has its own
            why = str(error) or type(error).__name__
            raise StoreError(f"the store {self.url} cannot be read ({why}); check the address and the network") from error

    def _path(self, path: str) -> str:
        return f"{self.base}/{path}" if self.base else path

    def exists(self, path: str) -> bool:
        with self._reached():
            return self.fs.exists(self._path(path))

    def read(self, path: str) -> bytes:
        with self._reached():
            return self.fs.cat_file(self._path(path))

    def manifests(self) -> list[str]:
        with self._reached():
            found = self.fs.glob(self._path(f"*/*/*/{_MANIFEST}"))
        return sorted("/".join(str(p).split("/")[-4:]) for p in found)

    def copy(self, path: str, entry: Mapping[str, Any]) -> Path:
        target = self.copies / entry["file"]
        if target.is_file() and target.stat().st_size == entry["bytes"]:
            return target
        content = self.read(path)
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise StoreError(f"{path} of {self.url} does not match its hash; the store it comes from is damaged")
        with _explained(self.copies):
            self.copies.mkdir(parents=True, exist_ok=True)
            _replace(target, content)
        return target


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what the system says about a full or read-only disk into a sentence with the remedy."""
    try:
        yield
    except OSError as error:
        reasons = {
            errno.ENOSPC: "the disk is full; free some space",
            errno.EDQUOT: "the quota is used up; free some space",
            errno.EROFS: "it is read-only",
            errno.EACCES: "it may not be written",
            errno.EPERM: "it may not be written",
        }
        why = reasons.get(error.errno or 0, error.strerror or str(error))
        raise StoreError(f"cannot write to {folder}: {why}, or set F1NB_HOME to another folder") from error


@contextmanager
def _unchanged_on_error(folder: Path) -> Iterator[None]:
    """Take back what was written to a folder, and the folder if it is new, when not all of it can be written."""
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    there = set() if new else {path.name for path in folder.iterdir()}
    try:
        yield
    except BaseException:
        # asked anew: an interrupt may come when the manifest has just been replaced, or a file that it names been mended
        keep = there | _named(folder) | {_MANIFEST}
        with suppress(OSError):  # what happened first is what counts
            for path in folder.iterdir():
                if path.name not in keep:
                    path.unlink()
            for path in new:
                path.rmdir()
        raise


def _replace(path: Path, content: bytes) -> None:
    """Put the content at the path in one step, and on the disk before anything else is told of it."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_table(folder: Path, name: str, frame: pl.DataFrame) -> dict[str, Any]:
    """Write one table under its hash and return its entry for the manifest."""
    content = packed(name, frame)
    digest = hashlib.sha256(content).hexdigest()
    file = f"{name}-{digest[:12]}.parquet"
    _replace(folder / file, content)
    return {"file": file, "sha256": digest, "bytes": len(content), "rows": frame.height}
