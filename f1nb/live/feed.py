"""The client of the live feed: one stream of what happened, over as many connections as it takes.

It speaks SignalR Core and, where a host does not have that, the classic protocol. It connects again by itself, with a fresh
`Snapshot` and, before it, the `Gap` in what was received. Everything it does is said in a `Notice`.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlencode, urlsplit, urlunsplit

import orjson

from f1nb import account
from f1nb.errors import SignInError, SourceError
from f1nb.live.continuity import Continuity, Event, Gap, Notice, plain
from f1nb.live.protocol import CLASSIC, CORE, OFFICIAL, TOPICS, Damaged, Dialect, Heard, Message, Refused, Snapshot

__all__ = ["Event", "Feed", "Gap", "Notice", "address", "relay_token", "sign_in"]

try:
    import aiohttp
except ImportError:
    raise SourceError('the live feed needs aiohttp; install it with: pip install "f1nb[live]"') from None

_SCHEMES = {"ws": "http", "wss": "https", "http": "http", "https": "https"}
_ABSENT = {400, 404, 405, 410, 501}
_PING_S = 15.0
FRAME_BYTES = 1 << 26  # a snapshot at the end of a race is a hundredth of that
_PATIENT = 2  # doublings of the time that a server is given


class _LostError(Exception):
    """The connection did not come about or has ended, for the reason in the message."""


class _AbsentError(_LostError):
    """The host answers, but does not speak this dialect."""


def address(url: str | None = None) -> str:
    """Return the address of the feed: the given one, else ``F1NB_LIVE_URL``, else the official host.

    Examples
    --------
    >>> address("ws://127.0.0.1:8766/signalrcore")
    'http://127.0.0.1:8766'
    """
    given = url or os.environ.get("F1NB_LIVE_URL") or OFFICIAL
    if "@" in given:  # an address is shown in notebooks, badges and logs
        raise SourceError("an address of a live feed has no password in it; set F1NB_RELAY_TOKEN to it")
    unreadable = SourceError(f"{given} is no address of a live feed; give one as http://127.0.0.1:8766")
    try:
        parts = urlsplit(given if "://" in given else f"http://{given}")
        port = parts.port
    except ValueError:  # brackets, or a port that is none
        raise unreadable from None
    if parts.scheme not in _SCHEMES or not parts.hostname or port == 0:
        raise unreadable
    path = parts.path.rstrip("/")
    for dialect in (CORE, CLASSIC):
        path = path.removesuffix(dialect.path)
    return urlunsplit((_SCHEMES[parts.scheme], parts.netloc, path, "", ""))


def sign_in(url: str) -> dict[str, str]:
    """Return the headers that sign in at an address: the stored token at the official host, ``F1NB_RELAY_TOKEN`` at any other.

    Examples
    --------
    >>> sign_in("http://livetiming.formula1.com"), sign_in("https://livetiming.formula1.com.example.org")
    ({}, {})
    """
    token = account.token() if _is_official(url) else relay_token()
    return {"Authorization": f"Bearer {token}"} if token else {}


def relay_token() -> str | None:
    """Return ``F1NB_RELAY_TOKEN``, which guards a relay; None where it is not set.

    Raises
    ------
    SourceError
        When it is no token, which could not be sent as one.
    """
    token = os.environ.get("F1NB_RELAY_TOKEN", "").strip()
    if not re.fullmatch(r"[!-~]*", token):
        raise SourceError("F1NB_RELAY_TOKEN is to have letters, digits and signs only; make one with: openssl rand -hex 32")
    return token or None


def _is_official(url: str) -> bool:
    parts, official = urlsplit(url), urlsplit(OFFICIAL)
    return (parts.scheme, parts.hostname, parts.port or 443) == (official.scheme, official.hostname, 443)


class Feed:
    """A live feed.

    Parameters
    ----------
    url
        By default ``F1NB_LIVE_URL``, else the official host.
    topics
        To subscribe to.
    answer_s
        How long a server may take for an answer; one that does not is given up to four times as long.
    silence_s
        After how long without a sound, a ping included, a connection counts as dead.
    backoff_s
        Shortest and longest wait before connecting again.

    Examples
    --------
    >>> async def print_messages():
    ...     async for event in Feed("http://127.0.0.1:8766").events():
    ...         print(event)
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        topics: Iterable[str] = TOPICS,
        answer_s: float = 10.0,
        silence_s: float = 35.0,
        backoff_s: tuple[float, float] = (1.0, 30.0),
    ) -> None:
        self.url = address(url)
        self._topics = tuple(topics)
        self._answer_s, self._silence_s, self._backoff_s = answer_s, silence_s, backoff_s
        self._received = Continuity()

    async def events(self) -> AsyncGenerator[Event, None]:
        """Yield what the feed says and what the client does about it, for ever.

        Raises
        ------
        SignInError
            When the host refuses whoever connects.
        """
        failures = 0
        while True:
            yield Notice("connecting", f"connecting to {self.url}")
            patience_s = self._answer_s * 2 ** min(failures, _PATIENT)  # who answers late is given more time
            try:
                async for event in self._connection(patience_s):
                    if isinstance(event, Snapshot):
                        failures = 0
                    yield event
            except _LostError as lost:
                shortest, longest = self._backoff_s
                wait_s = min(shortest * 2 ** min(failures, 16), longest) * random.uniform(0.5, 1.0)  # noqa: S311
                failures += 1
                yield Notice("lost", f"{lost}; connecting again in {wait_s:.1f} s")
                await asyncio.sleep(wait_s)

    async def _connection(self, patience_s: float) -> AsyncGenerator[Event, None]:
        self._received.connected()
        async with self._opened(patience_s) as (socket, dialect):
            is_live = False
            async for heard in self._heard(socket, dialect, patience_s):
                if isinstance(heard, Snapshot | Message):
                    for event in self._received.hear(heard):
                        yield event
                elif isinstance(heard, Refused):
                    raise _LostError(f"{self.url} has ended the feed: {plain(heard.reason)}")
                elif isinstance(heard, Damaged):
                    yield Notice("damaged", f"{self.url} sent something that is no message, left out: {plain(heard.text)}")
                if isinstance(heard, Snapshot) and not is_live:
                    is_live = True
                    kind = "SignalR Core" if dialect is CORE else "classic SignalR"
                    yield Notice("live", f"connected to {self.url} ({kind}), {len(heard.topics)} topics")

    async def _heard(
        self, socket: aiohttp.ClientWebSocketResponse, dialect: Dialect, patience_s: float
    ) -> AsyncGenerator[Heard, None]:
        deadline = time.monotonic() + patience_s  # until the snapshot has come
        is_subscribed = False
        while True:
            try:
                async with asyncio.timeout(self._silence_s if is_subscribed else deadline - time.monotonic()):
                    frame = await socket.receive()
            except TimeoutError:
                if is_subscribed:
                    raise _LostError(f"nothing heard from {self.url} for {self._silence_s:g} s") from None
                raise _LostError(f"{self.url} has not answered within {patience_s:g} s") from None
            if frame.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED):
                raise _LostError(f"{self.url} has closed the connection")
            if frame.type is aiohttp.WSMsgType.ERROR:
                raise _LostError(f"the connection to {self.url} has broken")
            for heard in dialect.read(frame.data):
                is_subscribed = is_subscribed or isinstance(heard, Snapshot)
                yield heard

    @asynccontextmanager
    async def _opened(self, patience_s: float) -> AsyncGenerator[tuple[aiohttp.ClientWebSocketResponse, Dialect], None]:
        # a proxy of the network is for the way to the official host, not to a server of one's own
        async with aiohttp.ClientSession(trust_env=_is_official(self.url), headers=sign_in(self.url)) as session:
            try:
                async with asyncio.timeout(patience_s):
                    try:
                        socket, dialect = await self._core(session), CORE
                    except _AbsentError:
                        socket, dialect = await self._classic(session), CLASSIC
                    await _send(socket, dialect.subscribe(self._topics))
            except TimeoutError:
                raise _LostError(f"{self.url} has not answered within {patience_s:g} s") from None
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise _LostError(f"cannot connect to {self.url} ({_why(error)})") from None
            pinging = asyncio.create_task(_keep_pinging(socket)) if dialect is CORE else None
            try:
                yield socket, dialect
            finally:
                if pinging:
                    pinging.cancel()
                with suppress(TimeoutError):
                    async with asyncio.timeout(1.0):
                        await socket.close()

    async def _core(self, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
        url = self.url + CORE.path
        async with session.options(f"{url}/negotiate", allow_redirects=False):
            pass  # the balancer in front of the official host sets the cookie that keeps us with one server
        async with session.post(f"{url}/negotiate?negotiateVersion=1", allow_redirects=False) as answer:
            found = await self._negotiated(answer)
        ticket = found.get("connectionToken") or found.get("connectionId")
        socket = await session.ws_connect(f"{url}?{urlencode({'id': ticket})}", max_msg_size=FRAME_BYTES)
        await _send(socket, CORE.handshake)
        return socket

    async def _classic(self, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
        url, words = self.url + CLASSIC.path, {"clientProtocol": "1.5", "connectionData": CLASSIC.hub}
        async with session.get(f"{url}/negotiate?{urlencode(words)}", allow_redirects=False) as answer:
            found = await self._negotiated(answer)
        query = urlencode({"transport": "webSockets", "connectionToken": found.get("ConnectionToken"), **words})
        socket = await session.ws_connect(f"{url}/connect?{query}", max_msg_size=FRAME_BYTES)
        async with session.get(f"{url}/start?{query}", allow_redirects=False):
            return socket

    async def _negotiated(self, answer: aiohttp.ClientResponse) -> dict[str, str]:
        if answer.status in (401, 403):
            if not _is_official(self.url):
                raise SignInError(f"{self.url} refuses the connection; set F1NB_RELAY_TOKEN to the token of that relay")
            raise account.expired() or SignInError(f"{self.url} refuses the connection; sign in with: f1nb auth login")
        if answer.status in _ABSENT:
            raise _AbsentError(f"there is no live feed at {self.url}")
        if answer.status != 200:
            raise _LostError(f"{self.url} answers with status {answer.status}")
        found = orjson.loads(await answer.read())
        if not isinstance(found, dict):
            raise _LostError(f"{self.url} answers with something else than a live feed")
        return found


async def _send(socket: aiohttp.ClientWebSocketResponse, frame: bytes) -> None:
    await socket.send_str(frame.decode())


async def _keep_pinging(socket: aiohttp.ClientWebSocketResponse) -> None:
    with suppress(ConnectionError, aiohttp.ClientError):  # the end of reading from it says so
        while True:
            await asyncio.sleep(_PING_S)
            await _send(socket, CORE.ping)


def _why(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        number = error.os_error.errno or 0
        return os.strerror(number) if number > 0 else error.os_error.strerror or "no connection"
    if isinstance(error, aiohttp.WSServerHandshakeError):
        return f"status {error.status}"
    return "no live feed there" if isinstance(error, ValueError) else str(error) or type(error).__name__
