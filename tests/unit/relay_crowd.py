"""Many clients of a relay in one process, light enough that they are not what is measured.

``python relay_crowd.py PORT COUNT FILE`` connects them and says ``ready``. When its input ends it writes what each has got, and
when, and says ``done``.
"""

from __future__ import annotations

import asyncio
import hashlib
import pickle
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from f1nb.live.protocol import CORE, TOPICS, Message, Snapshot

_UPGRADE = (
    "GET /signalrcore?id=0 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
)
_AT_ONCE = 50


class Received(NamedTuple):
    """What a client has got.

    Attributes
    ----------
    chunks
        When, on the monotonic clock, and how many bytes.
    digest
        Of all bytes after the answer to the subscription.
    is_open
        Whether it still was connected at the end.
    """

    chunks: list[tuple[float, int]]
    digest: str
    is_open: bool


@dataclass
class Stream:
    """The frames of a server, as they were received.

    Attributes
    ----------
    first
        The snapshot.
    messages
        Those after it, each with how many bytes came after it up to the end.
    """

    first: Snapshot
    messages: list[tuple[int, Message]] = field(default_factory=list)


class _Client(asyncio.Protocol):
    def __init__(self) -> None:
        self.chunks: list[tuple[float, int]] = []
        self.stream = bytearray()
        self.is_open = True
        self.has_snapshot = asyncio.get_running_loop().create_future()
        self._is_upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        transport.write(_UPGRADE.encode())

    def data_received(self, data: bytes) -> None:
        self.chunks.append((time.monotonic(), len(data)))
        self.stream += data
        if not self._is_upgraded and b"\r\n\r\n" in self.stream:
            self._is_upgraded = True
            for frame in (CORE.handshake, CORE.subscribe(TOPICS)):
                self._transport.write(_masked(frame))
        if not self.has_snapshot.done() and b'"invocationId"' in self.stream:
            self.has_snapshot.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if not self.has_snapshot.done():
            self.has_snapshot.set_exception(exc or ConnectionError("closed"))


def _masked(text: bytes) -> bytes:
    size = len(text)
    head = bytes((0x81, 0x80 | size)) if size < 126 else bytes((0x81, 0x80 | 126)) + size.to_bytes(2, "big")
    return head + bytes(4) + text  # a mask of zeros


def _frames(stream: bytes) -> list[tuple[int, bytes]]:
    """Return the text frames of a server with how many bytes come after each."""
    at, found = stream.index(b"\r\n\r\n") + 4, []
    while at < len(stream):
        size, at = stream[at + 1], at + 2
        if size >= 126:
            width = 2 if size == 126 else 8
            size, at = int.from_bytes(stream[at : at + width], "big"), at + width
        found.append((len(stream) - at - size, stream[at : at + size]))
        at += size
    return found


def written(file: Path) -> tuple[list[Received], dict[str, Stream]]:
    """Return what the clients have got, and each of the different streams by its digest."""
    received, streams = pickle.loads(file.read_bytes())  # noqa: S301 - written below
    return [Received(*own) for own in received], {digest: _parsed(stream) for digest, stream in streams.items()}


def _parsed(stream: bytes) -> Stream:
    """Return the messages of a stream."""
    out: Stream | None = None
    for after, text in _frames(stream):
        for heard in CORE.read(text):
            if isinstance(heard, Snapshot):
                out = Stream(heard)
            elif isinstance(heard, Message) and out:
                out.messages.append((after, heard))
    assert out
    return out


def _tail(stream: bytes) -> bytes:
    """Return what came after the answer to the subscription."""
    after = next(after for after, text in _frames(stream) if b'"type":3' in text[:10])
    return stream[len(stream) - after :] if after else b""


async def _crowd(port: int, count: int) -> bytes:
    loop = asyncio.get_running_loop()
    clients: list[_Client] = []
    for start in range(0, count, _AT_ONCE):
        more = [loop.create_connection(_Client, "127.0.0.1", port) for _ in range(min(_AT_ONCE, count - start))]
        some = [client for _, client in await asyncio.gather(*more)]
        await asyncio.gather(*(client.has_snapshot for client in some))
        clients += some
    print("ready", flush=True)  # noqa: T201
    await asyncio.to_thread(sys.stdin.read)
    streams, received = {}, []
    for client in clients:
        tail = _tail(client.stream)
        digest = hashlib.sha256(tail).hexdigest()
        streams.setdefault(digest, bytes(client.stream))
        received.append((client.chunks, digest, client.is_open))
    return pickle.dumps((received, streams))


if __name__ == "__main__":
    Path(sys.argv[3]).write_bytes(asyncio.run(_crowd(int(sys.argv[1]), int(sys.argv[2]))))
    print("done", flush=True)  # noqa: T201
