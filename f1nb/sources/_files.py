"""The files of one session, in a folder or in a zip, read in parallel where that helps."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from f1nb.errors import SourceError


class Files(Protocol):
    """A folder of files, wherever it is."""

    @property
    def name(self) -> str:
        """What to call it in a message."""
        ...

    def exists(self, name: str) -> bool:
        """Return whether there is such a file."""
        ...

    def read(self, name: str) -> bytes:
        """Return the content of a file."""
        ...

    def read_many(self, names: list[str]) -> Iterator[bytes]:
        """Yield the contents in the same order."""
        ...

    def list(self, folder: str) -> list[str] | None:
        """Return the names in a sub-folder."""
        ...


class FolderFiles:
    """Files in a local folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.name = str(root)

    def exists(self, name: str) -> bool:
        """Return whether there is such a file."""
        return (self.root / name).is_file()

    def read(self, name: str) -> bytes:
        """Return the content of a file."""
        try:
            return (self.root / name).read_bytes()
        except OSError as error:
            raise SourceError(f"{self.root / name} cannot be read: {error.strerror}") from error

    def read_many(self, names: list[str]) -> Iterator[bytes]:
        """Yield the contents in the same order."""
        yield from map(self.read, names)

    def list(self, folder: str) -> list[str] | None:
        """Return the names in a sub-folder."""
        path = self.root / folder
        return sorted(p.name for p in path.iterdir()) if path.is_dir() else []

    def folders(self) -> set[str]:
        """Return all folders below, as paths with slashes."""
        return {p.relative_to(self.root).as_posix() for p in self.root.glob("*/*") if p.is_dir()}


class ZipFiles:
    """Files below a folder of a zip.

    Members are inflated by two threads straight from the archive's bytes: zlib lets go of the interpreter while it works, so
    one core inflates while the other parses.
    """

    def __init__(self, path: Path, prefix: str = "") -> None:
        self.path, self.prefix = path, prefix
        self.name = f"{path.name}/{prefix}".rstrip("/")
        try:
            self.archive = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise SourceError(f"{path} is not a complete zip file; fetch it again") from error
        self.members = {
            i.filename.removeprefix(prefix): i
            for i in self.archive.infolist()
            if i.filename.startswith(prefix) and not i.is_dir()
        }

    def below(self, folder: str) -> ZipFiles:
        """Return the files below a folder of this zip."""
        return ZipFiles(self.path, f"{self.prefix}{folder}/")

    def exists(self, name: str) -> bool:
        """Return whether there is such a file."""
        return name in self.members

    def read(self, name: str) -> bytes:
        """Return the content of a file."""
        return next(self.read_many([name]))

    def read_many(self, names: list[str]) -> Iterator[bytes]:
        """Yield the contents in the same order."""
        with self.path.open("rb") as file, ThreadPoolExecutor(2) as pool:
            raw = self._raw(file, names)
            yield from _in_order(pool, raw)

    def _raw(self, file, names: Iterable[str]) -> Iterator[tuple[str, int, bytes, int]]:
        for name in names:
            info = self.members[name]
            file.seek(info.header_offset)
            header = file.read(30)
            if len(header) < 30 or header[:4] != b"PK\x03\x04":
                raise SourceError(f"{self.path} is damaged at {name}; fetch it again")
            name_length, extra_length = struct.unpack("<HH", header[26:30])
            file.seek(name_length + extra_length, 1)
            yield f"{self.path}: {name}", info.compress_type, file.read(info.compress_size), info.CRC

    def list(self, folder: str) -> list[str] | None:
        """Return the names in a sub-folder."""
        start = f"{folder}/"
        return sorted(n.removeprefix(start) for n in self.members if n.startswith(start))

    def folders(self) -> set[str]:
        """Return all folders two levels deep, as paths with slashes."""
        return {"/".join(n.split("/")[:2]) for n in self.members if n.count("/") >= 2}


def _inflate(job: tuple[str, int, bytes, int]) -> bytes:
    name, kind, raw, crc = job
    if kind not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SourceError(f"{name} is packed in a way that is not supported; pack the zip again with deflate")
    try:
        content = raw if kind == zipfile.ZIP_STORED else zlib.decompress(raw, -zlib.MAX_WBITS)
    except zlib.error as error:
        raise SourceError(f"{name} is damaged; fetch the zip again") from error
    if zlib.crc32(content) != crc:
        raise SourceError(f"{name} is damaged; fetch the zip again")
    return content


def _in_order(pool: ThreadPoolExecutor, jobs: Iterator[tuple[str, int, bytes, int]], ahead: int = 64) -> Iterator[bytes]:
    """Yield results in order with at most ``ahead`` under way, so that memory stays small."""
    waiting = []
    for job in jobs:
        waiting.append(pool.submit(_inflate, job))
        if len(waiting) >= ahead:
            yield waiting.pop(0).result()
    for future in waiting:
        yield future.result()
