"""A server of the live feed: whatever reads the official one, reads this one, in either protocol, unchanged.

It knows nothing of where messages come from: they are published to it, and it holds the state that a new client gets first.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

try:
    from aiohttp import WSMsgType, web
except ImportError:
    from f1nb.errors import SourceError

    raise SourceError('the live feed needs aiohttp; install it with: pip install "f1nb[live]"') from None

from f1nb.errors import SourceError
from f1nb.live.protocol import CLASSIC, CORE, Dialect, Message, Subscribe, merge

_BATCH = 64  # messages in a frame when nothing paces them
_QUEUE = 512  # frames that a client may be behind
_PING_S = 10.0
_PATIENCE_S = 30.0


class _Client:
    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, dialect: Dialect, topics: Iterable[str]
    ) -> None:
        self.socket, self.transport, self.dialect, self.topics = socket, transport, dialect, frozenset(topics)
        self.frames: asyncio.Queue[bytes] = asyncio.Queue(_QUEUE)

    async def send(self) -> None:
        """Send what is queued, and a ping where nothing is."""
        with suppress(ConnectionError):  # it has gone: the end of reading from it says so
            while True:
                try:
                    async with asyncio.timeout(_PING_S):
                        frame = await self.frames.get()
                except TimeoutError:
                    frame = self.dialect.ping
                await self.socket.send_frame(frame, WSMsgType.TEXT)

    def forget(self) -> None:
        """Drop what is queued: who waits for room in the queue must not wait for one that has gone."""
        while not self.frames.empty():
            self.frames.get_nowait()


class LiveServer:
    """Gives each client the state at the moment it subscribes and then every message, once and in order.

    Parameters
    ----------
    state
        Of the topics at the start.
    is_patient
        Wait for a client that is behind, as a replay at full speed must; else a client that is far behind is dropped.
    """

    def __init__(self, state: dict[str, Any] | None = None, *, is_patient: bool = False) -> None:
        self.state = state or {}
        self._is_patient = is_patient
        self._clients: set[_Client] = set()
        self._joined = asyncio.Event()

    @property
    def clients(self) -> int:
        """How many have subscribed and are still there."""
        return len(self._clients)

    async def joined(self) -> None:
        """Wait for the first client."""
        await self._joined.wait()

    async def publish(self, messages: Sequence[Message]) -> None:
        """Merge messages into the state and send them to everybody."""
        for message in messages:
            merge(self.state, message.topic, message.data)
        alike: dict[tuple[Dialect, frozenset[str]], list[_Client]] = defaultdict(list)
        for client in self._clients:
            alike[client.dialect, client.topics].append(client)
        for (dialect, topics), clients in alike.items():
            wanted = [message for message in messages if message.topic in topics]
            if wanted:
                frame = dialect.messages(wanted)
                for client in clients:
                    await self._queue(client, frame)

    async def _queue(self, client: _Client, frame: bytes) -> None:
        try:
            if self._is_patient:
                async with asyncio.timeout(_PATIENCE_S):
                    await client.frames.put(frame)
            else:
                client.frames.put_nowait(frame)
        except (asyncio.QueueFull, TimeoutError):
            self._clients.discard(client)
            if client.transport:
                client.transport.abort()  # a farewell would wait behind what it does not read

    def app(self) -> web.Application:
        """Return the application, to serve it somewhere."""
        app = web.Application()
        app.router.add_route("OPTIONS", f"{CORE.path}/negotiate", _cookie)
        app.router.add_post(f"{CORE.path}/negotiate", _negotiate)
        app.router.add_get(CORE.path, self._core)
        app.router.add_get(f"{CLASSIC.path}/negotiate", _negotiate_classic)
        app.router.add_get(f"{CLASSIC.path}/connect", self._classic)
        app.router.add_get(f"{CLASSIC.path}/reconnect", self._classic)
        app.router.add_get(f"{CLASSIC.path}/start", _start_classic)
        return app

    async def _core(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        hello = await socket.receive()
        if hello.type is WSMsgType.TEXT and hello.data.encode().startswith(b'{"protocol"'):
            await socket.send_frame(CORE.welcome, WSMsgType.TEXT)  # alone in its frame: clients read no further in it
            await self._serve(socket, request, CORE)
        return socket

    async def _classic(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_frame(CLASSIC.welcome, WSMsgType.TEXT)
        await self._serve(socket, request, CLASSIC)
        return socket

    async def _serve(self, socket: web.WebSocketResponse, request: web.Request, dialect: Dialect) -> None:
        client, sending = None, None
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    continue
                for asked in dialect.read(frame.data):
                    if isinstance(asked, Subscribe) and client is None:
                        client = _Client(socket, request.transport, dialect, asked.topics)
                        now = {topic: self.state[topic] for topic in asked.topics if topic in self.state}
                        client.frames.put_nowait(dialect.snapshot(asked.call, now))
                        self._clients.add(client)  # with no await since the snapshot: nothing falls between
                        self._joined.set()
                        sending = asyncio.create_task(client.send())
        finally:
            if client and sending:
                self._clients.discard(client)
                sending.cancel()
                client.forget()


@asynccontextmanager
async def serving(server: LiveServer, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve until the block ends, and give the address; port 0 takes a free one.

    Examples
    --------
    >>> async def address():
    ...     async with serving(LiveServer()) as url:
    ...         return url
    >>> asyncio.run(address())
    'http://127.0.0.1:...'
    """
    runner = web.AppRunner(server.app(), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise SourceError(f"cannot listen on {host}:{port} ({error.strerror}); choose another port") from None
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def replay(server: LiveServer, messages: Iterable[Message], *, speed: float | None = 1.0) -> int:
    """Publish messages as fast as they once came, times ``speed``, None for as fast as it goes; return how many it were."""
    count, loop = 0, asyncio.get_running_loop()
    start = loop.time()
    for due_s, batch in _batches(messages, speed):
        await asyncio.sleep(max(start + due_s - loop.time(), 0.0))
        await server.publish(batch)
        count += len(batch)
    return count


def _batches(messages: Iterable[Message], speed: float | None) -> Iterator[tuple[float, list[Message]]]:
    """Yield messages that are sent together, with the second from the start."""
    first: float | None = None
    due_s, batch = 0.0, []
    for message in messages:
        at = _seconds(message.utc) if speed else None
        first = at if first is None else first
        next_s = due_s if speed is None or at is None or first is None else max((at - first) / speed, due_s)
        if batch and (next_s > due_s or len(batch) == _BATCH):  # a step back in time is sent at once
            yield due_s, batch
            batch = []
        due_s = next_s
        batch.append(message)
    if batch:
        yield due_s, batch


def _seconds(utc: str) -> float | None:
    try:
        return datetime.fromisoformat(utc).timestamp()
    except ValueError:
        return None


async def _cookie(_: web.Request) -> web.Response:
    answer = web.Response()
    answer.set_cookie("AWSALBCORS", secrets.token_hex(16))  # FastF1 connects only with it
    return answer


async def _negotiate(_: web.Request) -> web.Response:
    transports = [{"transport": "WebSockets", "transferFormats": ["Text", "Binary"]}]
    return web.json_response(
        {"negotiateVersion": 0, "connectionId": secrets.token_urlsafe(16), "availableTransports": transports}
    )


async def _negotiate_classic(_: web.Request) -> web.Response:
    return web.json_response(
        {
            "Url": CLASSIC.path,
            "ConnectionToken": secrets.token_urlsafe(32),
            "ConnectionId": secrets.token_urlsafe(16),
            "KeepAliveTimeout": 2 * _PING_S,
            "DisconnectTimeout": 30.0,
            "ConnectionTimeout": 110.0,
            "TryWebSockets": True,
            "ProtocolVersion": "1.5",
            "TransportConnectTimeout": 10.0,
            "LongPollDelay": 0.0,
        }
    )


async def _start_classic(_: web.Request) -> web.Response:
    return web.json_response({"Response": "started"})
