"""The files of one session, in a folder or in a zip, read in parallel where that helps."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Protocol, TypeVar

from f1nb.errors import SourceError

MARK = "drivers.json"  # the file by which a session's folder is known
_DEPTH = 4  # levels of folders that are looked into for it
_LARGEST = 1 << 26  # bytes set aside on a zip's word; a telemetry file has a few hundred thousand
_BATCH = 8  # members inflated at once: handing a result over costs about as much as inflating a small one

In = TypeVar("In")
Out = TypeVar("Out")


class Files(Protocol):
    """The files of one session, wherever they are. Names have slashes: ``VER/laptimes.json``."""

    @property
    def name(self) -> str:
        """What to call them in a message."""
        ...

    def read(self, name: str) -> bytes | None:
        """Return the content of a file, None where there is no such file."""
        ...

    def read_many(self, names: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the contents in the same order."""
        ...

    def names(self, folder: str) -> list[str] | None:
        """Return the names in a sub-folder; None where that cannot be known."""
        ...


class FolderFiles:
    """Files in a local folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.name = str(root)

    def read(self, name: str) -> bytes | None:
        """Return the content of a file, None where there is no such file."""
        try:
            return (self.root / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise SourceError(f"{self.root / name} cannot be read: {error.strerror}") from error

    def read_many(self, names: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the contents in the same order."""
        yield from map(self.read, names)

    def names(self, folder: str) -> list[str] | None:
        """Return the names in a sub-folder."""
        path = self.root / folder
        return sorted(p.name for p in path.iterdir()) if path.is_dir() else []

    def sessions(self) -> list[str]:
        """Return the folders of sessions, as paths with slashes; "" is this folder itself."""
        found = (p.parent for depth in range(_DEPTH + 1) for p in self.root.glob("*/" * depth + MARK))
        return sorted("" if p == self.root else p.relative_to(self.root).as_posix() for p in found)

    def below(self, folder: str) -> FolderFiles:
        """Return the files of a folder below."""
        return FolderFiles(self.root / folder)


class ZipFiles:
    """Files below a folder of a zip.

    Members are inflated by two threads straight from the archive's bytes: zlib lets go of the interpreter while it works, so
    one core inflates while the other parses.
    """

    def __init__(self, path: Path, folder: str = "") -> None:
        self.path, self.folder = path, folder
        self.name = f"{path.name}/{folder}".rstrip("/")
        prefix = f"{folder}/" if folder else ""
        try:
            with zipfile.ZipFile(path) as archive:
                infos = archive.infolist()
        except (OSError, zipfile.BadZipFile) as error:
            raise SourceError(f"{path} is not a complete zip file; fetch it again") from error
        self.members = {i.filename.removeprefix(prefix): i for i in infos if i.filename.startswith(prefix) and not i.is_dir()}

    def read(self, name: str) -> bytes | None:
        """Return the content of a file, None where there is no such file."""
        return next(self.read_many([name]))

    def read_many(self, names: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the contents in the same order."""
        with self.path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as archive:

            def inflate(start: int) -> list[bytes | None]:
                return [self._inflate(archive, name) for name in names[start : start + _BATCH]]

            for contents in in_order(inflate, range(0, len(names), _BATCH), threads=2, ahead=8):
                yield from contents

    def _inflate(self, archive: mmap, name: str) -> bytes | None:
        info = self.members.get(name)
        if info is None:
            return None
        damaged = SourceError(f"{self.path} is damaged at {name}; fetch it again")
        header = archive[info.header_offset : info.header_offset + 30]
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise damaged
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SourceError(f"{name} in {self.path} is encrypted or not packed with deflate; pack the zip again")
        start = info.header_offset + 30 + sum(struct.unpack("<HH", header[26:30]))
        with memoryview(archive) as view, view[start : start + info.compress_size] as raw:
            try:
                content = (
                    bytes(raw)
                    if info.compress_type == zipfile.ZIP_STORED
                    else zlib.decompress(raw, -zlib.MAX_WBITS, bufsize=min(info.file_size + 1, _LARGEST))
                )
            except zlib.error as error:
                raise damaged from error
        if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
            raise damaged
        return content

    def names(self, folder: str) -> list[str]:
        """Return the names in a sub-folder."""
        start = f"{folder}/"
        return sorted(n.removeprefix(start) for n in self.members if n.startswith(start))

    def sessions(self) -> list[str]:
        """Return the folders of sessions, as paths with slashes; "" is the top."""
        found = (n.removesuffix(MARK).rstrip("/") for n in self.members if n.split("/")[-1] == MARK)
        return sorted(f for f in found if f.count("/") < _DEPTH)

    def below(self, folder: str) -> ZipFiles:
        """Return the files of a folder of this zip."""
        return ZipFiles(self.path, "/".join(p for p in (self.folder, folder) if p))


def in_order(
    work: Callable[[In], Out], jobs: Iterable[In], *, threads: int, ahead: int, stop: Callable[[], None] | None = None
) -> Iterator[Out]:
    """Yield the results in the order of the jobs, with at most ``ahead`` under way, so that memory stays small.

    When a job fails or nobody wants more results, the jobs that wait are dropped, and ``stop`` tells those under way.
    """
    rest = iter(jobs)
    with ThreadPoolExecutor(threads) as pool:
        waiting = deque(pool.submit(work, job) for job in islice(rest, ahead))
        try:
            while waiting:
                result = waiting.popleft().result()
                waiting.extend(pool.submit(work, job) for job in islice(rest, 1))
                yield result
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            if stop:
                stop()
            raise
