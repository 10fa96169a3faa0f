"""A server of the live feed: whatever reads the official one, reads this one, in either protocol, unchanged.

It knows nothing of where messages come from: they are published to it, and it holds the state that a new client gets first.
"""

from __future__ import annotations

import asyncio
import secrets
import socket as sockets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

try:
    from aiohttp import WSMsgType, web
except ImportError:
    from f1nb.errors import SourceError

    raise SourceError('the live feed needs aiohttp; install it with: pip install "f1nb[live]"') from None

from f1nb.errors import SourceError
from f1nb.live import current
from f1nb.live.pacing import paced
from f1nb.live.protocol import CLASSIC, CORE, Dialect, Message, Subscribe

_PING_S = 10.0
_IN_SYSTEM = 1 << 18  # bytes that the system may hold for a client; what is behind those is known here
_FAR_BEHIND = 1 << 21  # bytes
_HOLD = 1 << 19  # bytes behind which a patient server waits
_LATE_S = 30.0  # without a moment at which nothing was left unsent
_LOOK_S = 0.005
_REMEMBERED = 1_000  # subscriptions of the classic protocol
_LONGEST_CALL = 1 << 14  # bytes: a client has nothing to say but what it subscribes to

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Client:
    """A connection that has subscribed."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self.behind_since_s: float | None = None

    def send(self, frame: bytes, now_s: float) -> int:
        """Send a frame and return how many bytes are left that the client has not taken."""
        self.transport.write(frame)
        left = self.transport.get_write_buffer_size()
        if not left:
            self.behind_since_s = None
        elif self.behind_since_s is None:
            self.behind_since_s = now_s
        return left


class LiveServer:
    """Gives each client the state at the moment it subscribes and then every message, once and in order.

    What is published is written as JSON once for all clients that asked for the same, and as many bytes go to each.

    Parameters
    ----------
    state
        Of the topics at the start.
    is_patient
        Wait for a client that is behind, as a replay at full speed must; else a client that is far behind is dropped.
    token
        Who does not give it is not served: as ``Authorization: Bearer``, or as ``access_token`` in the address.

    Attributes
    ----------
    messages, bytes, dropped
        How many messages were published, bytes sent, and clients dropped because they were too far behind.
    """

    def __init__(self, state: dict[str, Any] | None = None, *, is_patient: bool = False, token: str | None = None) -> None:
        self.state = state or {}
        self.messages = self.bytes = self.dropped = 0
        self._is_patient, self._token = is_patient, token
        self._alike: dict[tuple[Dialect, frozenset[str]], set[_Client]] = {}
        self._subscribed: dict[str, tuple[str, ...]] = {}  # topics by the token of a classic connection
        self._last_utc = ""
        self._joined = asyncio.Event()

    @property
    def clients(self) -> int:
        """How many have subscribed and are still there."""
        return sum(map(len, self._alike.values()))

    @property
    def lag_s(self) -> float:
        """How long the client that is furthest behind has had something left to take."""
        now_s = asyncio.get_running_loop().time()
        since = [client.behind_since_s for clients in self._alike.values() for client in clients]
        return max((now_s - since_s for since_s in since if since_s is not None), default=0.0)

    async def joined(self) -> None:
        """Wait for the first client."""
        await self._joined.wait()

    async def publish(self, messages: Sequence[Message]) -> None:
        """Apply messages to the state and send them to everybody."""
        for message in messages:
            current.take(self.state, message)
            self._last_utc = message.utc
        self.messages += len(messages)
        for (dialect, topics), clients in list(self._alike.items()):
            wanted = [message for message in messages if message.topic in topics]
            if wanted:
                self._send(clients, dialect.messages(wanted))
        if self._is_patient:
            await self._caught_up()

    def _send(self, clients: set[_Client], text: bytes) -> None:
        frame, now_s = _framed(text), asyncio.get_running_loop().time()
        self.bytes += len(frame) * len(clients)
        late = []
        for client in clients:
            left = client.send(frame, now_s)
            is_late = client.behind_since_s is not None and now_s - client.behind_since_s > _LATE_S
            if not self._is_patient and (left > _FAR_BEHIND or is_late):
                late.append(client)
        self._drop(late)

    async def _caught_up(self) -> None:
        """Wait until nobody is behind by much; whoever takes nothing for long is dropped."""
        loop = asyncio.get_running_loop()
        deadline_s = loop.time() + _LATE_S
        while behind := [c for cs in self._alike.values() for c in cs if c.transport.get_write_buffer_size() > _HOLD]:
            if loop.time() > deadline_s:
                self._drop(behind)
            await asyncio.sleep(_LOOK_S)

    def part(self) -> None:
        """Break all connections: whoever comes again begins with the state of then."""
        for client in [client for clients in self._alike.values() for client in clients]:
            self._break(client)

    def _drop(self, clients: Iterable[_Client]) -> None:
        for client in clients:
            self.dropped += 1
            self._break(client)

    def _break(self, client: _Client) -> None:
        self._leave(client)
        client.transport.abort()  # a farewell would wait behind what it does not read

    def _leave(self, client: _Client) -> None:
        for alike, clients in list(self._alike.items()):
            clients.discard(client)
            if not clients:
                del self._alike[alike]

    def app(self) -> web.Application:
        """Return the application, to serve it somewhere."""
        app = web.Application(middlewares=[self._guarded])
        app.router.add_route("OPTIONS", f"{CORE.path}/negotiate", _cookie)
        app.router.add_post(f"{CORE.path}/negotiate", _negotiate)
        app.router.add_get(CORE.path, self._core)
        app.router.add_get(f"{CLASSIC.path}/negotiate", _negotiate_classic)
        app.router.add_get(f"{CLASSIC.path}/connect", self._classic)
        app.router.add_get(f"{CLASSIC.path}/reconnect", self._classic)
        app.router.add_get(f"{CLASSIC.path}/start", _start_classic)
        app.cleanup_ctx.append(self._pinging)
        return app

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        # a cookie is for everybody: clients, as browsers do, ask for it before they say who they are
        if self._token and is_of_feed(request) and request.method != "OPTIONS":
            given = request.headers.get("Authorization", "").removeprefix("Bearer ") or request.query.get("access_token", "")
            if not secrets.compare_digest(given.encode(errors="replace"), self._token.encode()):
                raise web.HTTPUnauthorized(text="this feed wants a token\n")
        return await handler(request)

    async def _pinging(self, _: web.Application) -> AsyncIterator[None]:
        async def keep_pinging() -> None:
            while True:
                await asyncio.sleep(_PING_S)
                for (dialect, _), clients in list(self._alike.items()):
                    self._send(clients, dialect.ping)

        pinging = asyncio.create_task(keep_pinging())
        yield
        pinging.cancel()

    async def _core(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False, max_msg_size=_LONGEST_CALL)  # the same bytes for everybody
        await socket.prepare(request)
        hello = await socket.receive()
        if hello.type is WSMsgType.TEXT and hello.data.encode().startswith(b'{"protocol"'):
            await socket.send_frame(CORE.welcome, WSMsgType.TEXT)  # alone in its frame: clients read no further in it
            await self._serve(socket, request, CORE)
        return socket

    async def _classic(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False, max_msg_size=_LONGEST_CALL)
        await socket.prepare(request)
        await socket.send_frame(CLASSIC.welcome, WSMsgType.TEXT)
        await self._serve(socket, request, CLASSIC)
        return socket

    async def _serve(self, socket: web.WebSocketResponse, request: web.Request, dialect: Dialect) -> None:
        if request.transport is None:  # it has gone already
            return
        client, is_subscribed = _Client(request.transport), False
        _limit(request.transport)
        ticket = request.query.get("connectionToken", "")
        again = self._subscribed.get(ticket) if request.path.endswith("/reconnect") else None
        try:
            if again:  # who reconnects does not subscribe again; the states make up for what it has missed
                is_subscribed = True
                states = [Message(topic, state, self._last_utc) for topic, state in self._now(again).items()]
                self._join(client, dialect, again, dialect.messages(states))
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    continue
                for asked in dialect.read(frame.data):
                    if isinstance(asked, Subscribe) and not is_subscribed:
                        is_subscribed = True
                        self._remember(ticket, asked.topics)
                        self._join(client, dialect, asked.topics, dialect.snapshot(asked.call, self._now(asked.topics)))
        finally:
            self._leave(client)

    def _now(self, topics: Iterable[str]) -> dict[str, Any]:
        return {topic: self.state[topic] for topic in topics if topic in self.state}

    def _join(self, client: _Client, dialect: Dialect, topics: Iterable[str], first: bytes) -> None:
        """Send what comes first, and from then on, with no await between, every message."""
        self._send({client}, first)
        self._alike.setdefault((dialect, frozenset(topics)), set()).add(client)
        self._joined.set()

    def _remember(self, ticket: str, topics: tuple[str, ...]) -> None:
        if ticket:
            self._subscribed[ticket] = topics
            if len(self._subscribed) > _REMEMBERED:
                self._subscribed.pop(next(iter(self._subscribed)))


def is_of_feed(request: web.Request) -> bool:
    """Return whether a request is of one of the protocols, and not for something else that is served with them."""
    return request.path.startswith((CORE.path, CLASSIC.path))


def _framed(text: bytes) -> bytes:
    """Return a text frame of a WebSocket: those of a server have no mask, so the bytes are the same for every client."""
    size = len(text)
    if size < 126:
        return bytes((0x81, size)) + text
    width, code = (2, 126) if size < 1 << 16 else (8, 127)
    return bytes((0x81, code)) + size.to_bytes(width, "big") + text


def _limit(transport: asyncio.Transport) -> None:
    socket = transport.get_extra_info("socket")
    if socket is not None:
        socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, _IN_SYSTEM)


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
        yield f"http://{f'[{host}]' if ':' in host else host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def replay(server: LiveServer, messages: Iterable[Message], *, speed: float | None = 1.0) -> int:
    """Publish messages as fast as they once came, times ``speed``, None for as fast as it goes; return how many it were."""
    count = 0
    async for due in paced(messages, speed):
        await server.publish(due)
        count += len(due)
    return count


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
