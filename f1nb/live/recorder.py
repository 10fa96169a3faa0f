"""The recorder of the live feed: one compressed file that only grows, and what is in it after a crash.

The file is JSON lines in gzip, a member for each half second with news, so ``zcat`` reads it and a killed recorder loses no
more than that. The lines:

- ``["TimingData", patch, utc]``: a message
- ``{"snapshot": {topic: state}}``: the state at the moment of subscribing, at the start and after each gap
- ``{"gap": {"since_utc": …, "until_utc": …, "lasted_s": …}}``: here messages may be missing; a snapshot follows
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from f1nb._disk import explained
from f1nb.errors import NotFoundError
from f1nb.live.feed import Feed, Gap, Notice
from f1nb.live.protocol import Message, Snapshot

_WRITE_S = 0.5


class Recorder:
    """Appends to a recording; what a killed one left half written at its end is cut off first.

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
        self.path, self.messages, self._lines = path, 0, []
        with explained(path.parent, "give another file"):
            path.parent.mkdir(parents=True, exist_ok=True)
            whole = sum(size for size, _ in _members(path.read_bytes())) if path.exists() else 0
            self._file = path.open("ab", buffering=0)
            self._file.truncate(whole)

    def add(self, event: Snapshot | Message | Gap) -> None:
        """Take an event; it is in the file after the next `write`."""
        self._lines.append(orjson.dumps(_line(event)))
        self.messages += isinstance(event, Message)

    def write(self) -> None:
        """Write what has been added."""
        if self._lines:
            member = gzip.compress(b"\n".join(self._lines) + b"\n", 6, mtime=0)
            self._lines.clear()
            with explained(self.path.parent, "give another file"):
                self._file.write(member)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        try:
            self.write()
        finally:
            self._file.close()


async def record(feed: Feed, recorder: Recorder, say: Callable[[str], None]) -> None:
    """Record a feed until cancelled, and say what the client does."""
    writing = asyncio.create_task(_keep_writing(recorder))
    try:
        async with aclosing(feed.events()) as events:
            async for event in events:
                if writing.done():
                    writing.result()  # the disk is full
                if isinstance(event, Notice):
                    say(event.text)
                    continue
                if isinstance(event, Gap):
                    say(f"gap of {event.lasted_s:.1f} s, from {event.since_utc} to {event.until_utc}; a fresh snapshot follows")
                recorder.add(event)
    finally:
        writing.cancel()


def read(path: Path) -> Iterator[Snapshot | Message | Gap]:
    """Yield what a recording has, up to where it was cut.

    Raises
    ------
    NotFoundError
        When there is no such file.
    """
    if not path.is_file():
        raise NotFoundError(f"there is no recording {path}")
    for _, lines in _members(path.read_bytes()):
        for line in lines.splitlines():
            yield _event(orjson.loads(line))


async def _keep_writing(recorder: Recorder) -> None:
    while True:
        await asyncio.sleep(_WRITE_S)
        recorder.write()


def _members(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the size and the text of each whole member."""
    while content:
        unpacking = zlib.decompressobj(wbits=31)
        try:
            text = unpacking.decompress(content)
        except zlib.error:
            return
        if not unpacking.eof:
            return
        yield len(content) - len(unpacking.unused_data), text
        content = unpacking.unused_data


def _line(event: Snapshot | Message | Gap) -> Any:
    match event:
        case Snapshot():
            return {"snapshot": event.topics}
        case Gap():
            return {"gap": asdict(event)}
    return [*event]


def _event(line: Any) -> Snapshot | Message | Gap:
    match line:
        case {"snapshot": topics}:
            return Snapshot(topics)
        case {"gap": gap}:
            return Gap(**gap)
    return Message(*line)
