"""A store at an address that fsspec knows; what is read there is kept here under its hash."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from textwrap import shorten
from typing import Any

import orjson

from f1nb._disk import explained, home, replace
from f1nb._manifest import MANIFEST, is_file_of
from f1nb.errors import StoreError

INDEX = "index.json"
_SESSION = re.compile(rf"(?:^|/)([0-9]+/[^/]+/[^/]+/{MANIFEST})$")
_STAMPS = ("ETag", "etag", "md5Hash", "content_md5", "CRC", "mtime", "LastModified", "last_modified", "created")
CHECKED_BYTES = 1 << 20  # smaller files are compared with their hash whenever a session is opened: about a millisecond
_COPIES_DAYS = 30
_WITHOUT_LISTINGS = {"http", "https"}
_WITHOUT_FOLDERS = {"s3", "s3a", "gs", "gcs", "abfs", "az"}  # to make one would make the bucket


def without_secrets(text: str) -> str:
    """Return a text without the user names and passwords of the addresses in it.

    Examples
    --------
    >>> without_secrets("https://me:secret@example.org/store?token=abc is there")
    'https://example.org/store is there'
    """
    text = re.sub(r"(?<=://)[^/@\s'\"]*@", "", text)
    return re.sub(r"(://[^\s?#'\"]*)[?#][^\s'\"]*", r"\1", text)


def reason(error: Exception, address: str) -> str:
    """Return what a file system says about an address, in one line and without what is secret in it."""
    text = str(error) or type(error).__name__
    for secret in re.findall(r"://([^/@]+)@", address):
        text = text.replace(f"{secret}@", "")
    return shorten(without_secrets(text), 200, placeholder=" …")


class Remote:
    """The files of a store at an address.

    Manifests are read each time; data files are copied once and kept under their hash, and a copy that nobody has opened for
    30 days goes when the next one is made.
    """

    def __init__(self, url: str) -> None:
        import fsspec

        self.name, self._url = without_secrets(url), url
        try:
            with self._reached("read"):
                self._fs, base = fsspec.core.url_to_fs(url, **_patience(url))
        except FileNotFoundError:  # of a zip
            raise StoreError(f"the store {self.name} cannot be read: there is no such file; check the address") from None
        self._base = base.rstrip("/")
        protocols = {self._fs.protocol} if isinstance(self._fs.protocol, str) else set(self._fs.protocol)
        self._has_listings = not protocols & _WITHOUT_LISTINGS
        self._has_folders = not protocols & _WITHOUT_FOLDERS

    @contextmanager
    def _reached(self, done: str) -> Iterator[None]:
        """Turn what a file system says into a sentence; that there is no such file is for the caller."""
        try:
            yield
        except FileNotFoundError:
            raise
        except ImportError as error:
            raise StoreError(f"the store {self.name} needs one more package: pip install 'f1nb[s3]' ({error})") from error
        except Exception as error:  # noqa: BLE001 - each of fsspec's file systems has its own
            why = reason(error, self._url)
            # without the cause: a traceback would show the address with what is secret in it
            raise StoreError(f"the store {self.name} cannot be {done} ({why}); check the address and the network") from None

    def _path(self, path: str) -> str:
        return f"{self._base}/{path}" if self._base else path

    def read(self, path: str) -> bytes | None:
        """Return the content of a file, None where there is no such file."""
        with suppress(FileNotFoundError), self._reached("read"):
            return self._fs.cat_file(self._path(path))

    def read_many(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the contents of those that there are, as many at once as the file system likes."""
        wanted = {self._path(path): path for path in paths}
        if not wanted:
            return {}
        with self._reached("read"):
            found = self._fs.cat(list(wanted), on_error="return")
            for content in found.values():
                if isinstance(content, Exception) and not isinstance(content, FileNotFoundError):
                    raise content
        return {wanted[path]: content for path, content in found.items() if isinstance(content, bytes)}

    def kept(self, entry: Mapping[str, Any]) -> Path | None:
        """Return the copy of a file that the manifest names, None where there is none."""
        copy = _copies() / f"{entry['sha256']}.parquet"
        if not is_file_of(copy, entry, check=entry["bytes"] < CHECKED_BYTES):
            return None
        with suppress(OSError):  # it can be read where it cannot be written
            copy.touch()
        return copy

    def keep(self, entry: Mapping[str, Any], content: bytes) -> Path:
        """Keep a copy of a file and return it."""
        copies = _copies()
        with explained(copies):
            copies.mkdir(parents=True, exist_ok=True)
            replace(copies / f"{entry['sha256']}.parquet", content)
        oldest = time.time() - _COPIES_DAYS * 86400
        for path in copies.iterdir():  # a page that is open reads from its copies whenever it needs them: not too soon
            with suppress(OSError):  # another process may be doing the same
                if path.stat().st_mtime < oldest:
                    path.unlink()
        return copies / f"{entry['sha256']}.parquet"

    # -- the catalog --------------------------------------------------------------------------------------------------

    def manifests(self) -> dict[str, bytes]:
        """Return the manifests by path; of those that the index still has right, without their list of files.

        One listing and one index, instead of one request for each: an entry of the index counts only if the listing has the
        manifest with the same stamp, all others are read. So what is listed is right whoever wrote last. Over http nothing can
        be listed reliably: there the index, when there is one, is believed.
        """
        index = self._index()
        if index and not self._has_listings:
            return {path: orjson.dumps(row) for path, (_, row) in index.items()}
        return self._contents(self._stamps(), index)

    def _contents(self, stamps: Mapping[str, str | None], index: Mapping[str, list[Any]]) -> dict[str, bytes]:
        known = {
            path: orjson.dumps(index[path][1])
            for path, stamp in stamps.items()
            if stamp and index.get(path, [None])[0] == stamp
        }
        return known | self.read_many(path for path in stamps if path not in known)

    def _stamps(self) -> dict[str, str | None]:
        """Return the manifests that are there, each with what changes when it does."""
        self._fs.invalidate_cache()
        with suppress(FileNotFoundError), self._reached("read"):
            if self._has_listings:
                found = self._fs.find(self._base, detail=True)
            else:
                found = self._fs.glob(self._path(f"*/*/*/{MANIFEST}"), detail=True)
            matches = ((_SESSION.search(str(path)), info) for path, info in found.items())
            return {match[1]: _stamp(info) for match, info in matches if match}
        return {}

    def _index(self) -> dict[str, list[Any]]:
        try:
            index = orjson.loads(self.read(INDEX) or b"{}")
        except orjson.JSONDecodeError:  # it holds nothing that the manifests do not say; the next push writes it anew
            return {}
        match index:
            case {"manifests": {**rows}}:
                return {p: row for p, row in rows.items() if _SESSION.fullmatch(p) and isinstance(row, list) and len(row) == 2}
        return {}

    # -- writing ------------------------------------------------------------------------------------------------------

    def lacking(self, folder: str, entries: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Return the entries whose file is not there in full; names carry the hash."""
        self._fs.invalidate_cache()
        sizes: dict[str, int] = {}
        with suppress(FileNotFoundError), self._reached("read"):
            sizes = {info["name"].split("/")[-1]: info["size"] for info in self._fs.ls(self._path(folder), detail=True)}
        return [entry for entry in entries if sizes.get(entry["file"]) != entry["bytes"]]

    def put(self, files: Mapping[str, bytes]) -> None:
        """Write files, as many at once as the file system likes."""
        try:
            with self._reached("written"):
                if self._has_folders:
                    for folder in {path.rpartition("/")[0] for path in files}:
                        self._fs.makedirs(self._path(folder), exist_ok=True)
                self._fs.pipe({self._path(path): content for path, content in files.items()})
        except FileNotFoundError as error:
            why = reason(error, self._url)
            raise StoreError(f"the store {self.name} cannot be written ({why}); make its bucket or folder first") from None

    def write_index(self) -> None:
        """Write the index anew, of what is there now."""
        stamps = self._stamps()  # before the contents: what changes between is found out of date by its readers
        rows = {}
        for path, content in self._contents(stamps, self._index()).items():
            with suppress(orjson.JSONDecodeError, TypeError):  # a damaged one stays out: readers go to it and say so
                rows[path] = [stamps[path], orjson.loads(content) | {"files": {}}]
        self.put({INDEX: orjson.dumps({"manifests": rows})})


def _patience(url: str) -> dict[str, Any]:
    """Return options with which an address that does not answer is given up in seconds."""
    from fsspec.config import conf

    if not url.startswith(("s3://", "s3a://")):
        return {}
    given = conf.get("s3", {}).get("config_kwargs", {})
    return {"config_kwargs": {"connect_timeout": 5, "retries": {"max_attempts": 1}, **given}}


def _stamp(info: Mapping[str, Any]) -> str | None:
    return next((f"{info.get('size')} {info[name]}" for name in _STAMPS if info.get(name)), None)


def _copies() -> Path:
    return home() / "copies"
