"""The recorder of the live feed: a compressed file for each session that only grows, and what is in it after a crash.

A file is JSON lines in gzip, a member for each half second with news, so ``zcat`` reads it and a killed recorder loses no
more than that. The lines:

- ``["TimingData", patch, utc]``: a message
- ``{"snapshot": {topic: state}}``: the state of these topics at this moment: at the start, and after each gap
- ``{"gap": {"since_utc": …, "until_utc": …, "lasted_s": …}}``: here messages may be missing; a snapshot follows
"""

from __future__ import annotations

import asyncio
import gzip
import re
import time
import zlib
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, Self

import orjson
from filelock import FileLock, Timeout

from f1nb._disk import explained, home
from f1nb._manifest import slug
from f1nb.errors import NotFoundError, SourceError, StoreError
from f1nb.live import current
from f1nb.live.continuity import Event, Gap, Notice, utc_of
from f1nb.live.feed import Feed
from f1nb.live.history import kind_of
from f1nb.live.protocol import Message, Snapshot

SUFFIX = ".jsonl.gz"
_WRITE_S = 0.5
_BLOCK = 1 << 16
_GZIP = b"\x1f\x8b"
_LONGEST = 40  # letters of a name that the feed gives

Say = Callable[[str], None]


class Records(Protocol):
    """What takes the events of a feed and writes them: `Recorder`, or `SessionRecorder`."""

    def add(self, event: Snapshot | Message | Gap) -> None: ...  # noqa: D102
    def write(self) -> None: ...  # noqa: D102


class Recorder:
    """Appends to a recording; what a killed one left half written at its end is cut off first.

    Where it goes on with what another one recorded, the gap between the two is in the file, too.

    Raises
    ------
    StoreError
        When the file cannot be written, or another process is recording to it.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "session.jsonl.gz"
    >>> with Recorder(path) as recorder:
    ...     recorder.add(Message("LapCount", {"CurrentLap": 2}, "2024-05-19T13:04:00Z"))
    >>> list(read(path))
    [Message(topic='LapCount', data={'CurrentLap': 2}, utc='2024-05-19T13:04:00Z')]
    """

    def __init__(self, path: Path) -> None:
        self.path, self.messages = path, 0
        self._lines: list[bytes] = []
        with explained(path.parent, "give another place with --out"):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = held(path)
            self._left: tuple[str | None, float] | None = None  # where and when another recorder ended
            self._size = 0
            if path.exists():
                self._go_on()
            self._file = path.open("ab", buffering=0)
            self._file.truncate(self._size)

    def _go_on(self) -> None:
        last = b""
        for size, text in _members(self.path):
            self._size, last = self._size + size, text
        with self.path.open("rb") as file:
            if not _GZIP.startswith(file.read(len(_GZIP))):
                self._lock.release()
                raise SourceError(f"{self.path} is something else than a recording; give another place with --out")
        if self._size:
            self._left = _last_utc(last), self.path.stat().st_mtime

    def __str__(self) -> str:
        if self._left is None:
            return f"recording to {self.path}"
        return f"going on with {self.path}, to which nothing was recorded for {time.time() - self._left[1]:.0f} s"

    def add(self, event: Snapshot | Message | Gap) -> None:
        """Take an event; it is in the file after the next `write`."""
        if self._left and isinstance(event, Snapshot):
            since_utc, since = self._left
            self._lines.append(_line(Gap(since_utc, utc_of(event), round(max(0.0, time.time() - since), 3))))
            self._left = None
        self._lines.append(_line(event))
        self.messages += isinstance(event, Message)

    def write(self) -> None:
        """Write what has been added."""
        if self._lines:
            member = gzip.compress(b"\n".join(self._lines) + b"\n", 6, mtime=0)
            self._lines.clear()
            with explained(self.path.parent, "give another place with --out"):
                self._append(member)

    def _append(self, member: bytes) -> None:
        rest = memoryview(member)
        try:
            while rest:  # a disk that is nearly full takes a part
                rest = rest[self._file.write(rest) :]
        except OSError:
            self._file.truncate(self._size)  # behind half a member nothing could be read
            raise
        self._size += len(member)

    def close(self) -> None:
        """Write what has been added, and let others have the file."""
        try:
            self.write()
        finally:
            self._file.close()
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class SessionRecorder:
    """Appends to one recording for each session, named after it, in a folder.

    When the feed turns to another session its recording begins, with a snapshot, so that it needs no other one.

    Parameters
    ----------
    folder
        Where the recordings are.
    say
        Is told where the next one goes.

    Raises
    ------
    StoreError
        As for `Recorder`.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> race = {"Key": 9515, "Name": "Race", "StartDate": "2024-05-19T15:00:00", "Meeting": {"Location": "Imola"}}
    >>> with SessionRecorder(Path(mkdtemp()), lambda text: None) as recorder:
    ...     recorder.add(Snapshot({"SessionInfo": race}))
    ...     recorder.path.name
    '2024-05-19_imola_R.jsonl.gz'
    """

    def __init__(self, folder: Path, say: Say) -> None:
        self._folder, self._say = folder, say
        self._state: dict[str, Any] = {}
        self._recorder: Recorder | None = None
        self._is_named = False
        self.messages = 0

    @property
    def path(self) -> Path:
        """The recording that grows; before the first event the folder."""
        return self._recorder.path if self._recorder else self._folder

    def add(self, event: Snapshot | Message | Gap) -> None:
        """Take an event; it is in a file after the next `write`."""
        is_another = False
        if isinstance(event, Message):
            is_another = current.take(self._state, event)
            self.messages += 1
        elif isinstance(event, Snapshot):
            is_another = current.renewed(self._state, event)
        recorder = self._recorder
        if recorder is None or is_another or not self._is_named:
            name = _name(self._state)
            if recorder is None or is_another or name:
                recorder = self._turned_to(name)
                recorder.add(Snapshot(self._state))
                if isinstance(event, Snapshot):
                    return
        recorder.add(event)

    def __str__(self) -> str:
        return f"recording to {self.path}"

    def _turned_to(self, name: str | None) -> Recorder:
        self.close()
        self._is_named = name is not None
        self._recorder = Recorder(self._folder / f"{name or format(datetime.now(UTC), '%Y-%m-%dT%H%M%SZ')}{SUFFIX}")
        self._say(str(self._recorder))
        return self._recorder

    def write(self) -> None:
        """Write what has been added."""
        if self._recorder:
            self._recorder.write()

    def close(self) -> None:
        """Write what has been added, and let others have the file."""
        if self._recorder:
            self._recorder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


async def recorded(feed: Feed, recorder: Records) -> AsyncGenerator[Event, None]:
    """Yield what a feed says and does, for ever, and record it."""
    writing = asyncio.create_task(_keep_writing(recorder))
    try:
        async with aclosing(feed.events()) as events:
            async for event in events:
                if writing.done():
                    writing.result()  # the disk is full
                if not isinstance(event, Notice):
                    recorder.add(event)
                yield event
    finally:
        writing.cancel()


async def record(feed: Feed, recorder: Records, say: Say) -> None:
    """Record a feed until cancelled, and say what the client does."""
    async with aclosing(recorded(feed, recorder)) as events:
        async for event in events:
            if isinstance(event, Notice | Gap):
                say(str(event))


def read(path: Path) -> Iterator[Snapshot | Message | Gap]:
    """Yield what a recording has, up to where it was cut.

    Raises
    ------
    NotFoundError
        When there is no such file.
    SourceError
        When it is none of this recorder.
    """
    if not path.is_file():
        raise NotFoundError(f"there is no recording {path}")
    try:
        for _, lines in _members(path):
            for line in lines.splitlines():
                yield _event(orjson.loads(line))
    except (orjson.JSONDecodeError, TypeError):
        raise SourceError(f"{path} is no recording of the live feed") from None


def folder() -> Path:
    """Return where recordings are kept unless another place is given: ``recordings`` below ``F1NB_HOME``."""
    return home() / "recordings"


def held(path: Path) -> FileLock:
    """Return the lock of a recording, which a recorder has as long as it is at it.

    Raises
    ------
    StoreError
        When somebody has it.
    """
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreError(f"{path} is still being recorded; end that first, with Ctrl-C where it runs") from None
    return lock


async def _keep_writing(recorder: Records) -> None:
    while True:
        await asyncio.sleep(_WRITE_S)
        recorder.write()


def _members(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the size and the text of each whole member."""
    with path.open("rb") as file:
        block = file.read(_BLOCK)
        while block:
            unpacking, size, parts = zlib.decompressobj(wbits=31), 0, []
            while not unpacking.eof:
                try:
                    parts.append(unpacking.decompress(block))
                except zlib.error:
                    return
                size += len(block) - len(unpacking.unused_data)
                block = unpacking.unused_data or file.read(_BLOCK)
                if not block and not unpacking.eof:
                    return
            yield size, b"".join(parts)


def _name(state: Mapping[str, Any]) -> str | None:
    """Return what to call the recording of a session, None while the feed has not said which one it is."""
    info = state.get("SessionInfo")
    if not isinstance(info, dict):
        return None
    meeting = info.get("Meeting")
    place = (meeting.get("Location") or meeting.get("Name")) if isinstance(meeting, dict) else None
    day = re.match(r"\d{4}-\d{2}-\d{2}", str(info.get("StartDate")))
    kind = kind_of(info) or _short(info.get("Name"))
    return "_".join(filter(None, (day[0], _short(place), kind))) if day and kind else None


def _short(name: Any) -> str:
    return slug(name)[:_LONGEST] if isinstance(name, str) else ""


def _last_utc(lines: bytes) -> str | None:
    """Return the instant of the last message of a member."""
    events = (_event(orjson.loads(line)) for line in reversed(lines.splitlines()))
    return next((event.utc for event in events if isinstance(event, Message)), None)


def _line(event: Snapshot | Message | Gap) -> bytes:
    match event:
        case Snapshot():
            return orjson.dumps({"snapshot": event.topics})
        case Gap():
            return orjson.dumps({"gap": asdict(event)})
    return orjson.dumps([*event])


def _event(line: Any) -> Snapshot | Message | Gap:
    match line:
        case {"snapshot": topics}:
            return Snapshot(topics)
        case {"gap": gap}:
            return Gap(**gap)
    return Message(*line)
