"""The relay of the live feed: one connection to it, passed on to any number of clients.

It speaks the protocol of the feed, so whatever reads that, reads a relay. At ``/healthz`` it says how it is, at ``/metrics``
what it has done, in the text format of Prometheus; these two want no token.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from bisect import bisect_left
from contextlib import aclosing, suppress
from itertools import accumulate

from aiohttp import web

from f1nb.errors import F1nbError
from f1nb.live import current
from f1nb.live.continuity import Gap, Notice, has_started_over, utc_of
from f1nb.live.feed import Feed
from f1nb.live.protocol import Message, Snapshot
from f1nb.live.recorder import Records, Say, recorded
from f1nb.live.server import Handler, LiveServer, is_of_feed

_CONNECTIONS = 1 << 16
_LAGS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Relay(LiveServer):
    """Passes a feed on: to each client the state at the moment it subscribes, and then every message, once and in order.

    After an interruption upstream clients get, as messages, what has changed meanwhile; where another session has begun, all
    of that.

    Parameters
    ----------
    feed
        What is passed on.
    token
        Who does not give it gets nothing, see `LiveServer`.
    lost_s
        How long the connection to the feed may take to come back until ``/healthz`` says that it is not well.

    Attributes
    ----------
    gaps, reconnects
        How often messages may have been lost upstream, and how often it was tried to connect to it again.

    Examples
    --------
    >>> from f1nb.live.server import serving
    >>> async def pass_on():
    ...     relay = Relay(Feed("http://127.0.0.1:8766"))
    ...     async with serving(relay, port=8767):
    ...         await relay.run(print)
    """

    def __init__(self, feed: Feed, *, token: str | None = None, lost_s: float = 15.0) -> None:
        super().__init__(token=token)
        self.gaps = self.reconnects = 0
        self._feed, self._patience_s = feed, lost_s
        self._pending: list[tuple[float, Message]] = []
        self._news = asyncio.Event()
        self._lag = _Histogram()
        self._upstream = "connecting"
        self._has_snapshot = False
        self._lost_s = self._heard_s = time.monotonic()

    async def run(self, say: Say, recorder: Records | None = None) -> None:
        """Pass the feed on until cancelled, and say what happens.

        Raises
        ------
        SignInError
            When the host refuses whoever connects.
        """
        publishing = asyncio.create_task(self._keep_publishing())
        try:
            async with aclosing(recorded(self._feed, recorder) if recorder else self._feed.events()) as events:
                async for event in events:
                    if publishing.done():
                        publishing.result()
                    await self._take(event)
                    if isinstance(event, Notice | Gap):
                        say(str(event))
        finally:
            publishing.cancel()

    async def _take(self, event: Snapshot | Message | Gap | Notice) -> None:
        match event:
            case Message():
                self._heard_s = time.monotonic()
                self._pending.append((self._heard_s, event))
                self._news.set()
            case Snapshot():
                await self._publish_pending()
                self._heard_s = time.monotonic()
                if has_started_over(self._last_utc, event):
                    self.part()  # no message can say so; who comes again sees it
                else:
                    await self.publish(list(current.messages(self.state, event, utc_of(event) or self._last_utc)))
                current.renewed(self.state, event)
                self._has_snapshot = True
            case Gap():
                self.gaps += 1
            case Notice("live"):
                self._upstream = "live"
            case Notice("lost"):
                if self._upstream == "live":
                    self._lost_s = time.monotonic()
                self._upstream = "lost"
            case Notice("connecting"):
                self.reconnects += self._has_snapshot

    async def _keep_publishing(self) -> None:
        """Publish together what comes at one moment: while something is being sent, more may come."""
        while True:
            await self._news.wait()
            await self._publish_pending()

    async def _publish_pending(self) -> None:
        self._news.clear()
        batch, self._pending = self._pending, []
        if batch:
            await self.publish([message for _, message in batch])
            sent_s = time.monotonic()
            for heard_s, _ in batch:
                self._lag.observe(sent_s - heard_s)

    def app(self) -> web.Application:
        """Return the application, to serve it somewhere."""
        app = super().app()
        app.middlewares.append(self._ready)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/metrics", self._metrics)
        return app

    @web.middleware
    async def _ready(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        # a client that got nothing first would take all that follows for news
        if not self._has_snapshot and is_of_feed(request):
            raise web.HTTPServiceUnavailable(text="nothing has been heard of the feed yet; try again\n")
        return await handler(request)

    async def _healthz(self, _: web.Request) -> web.Response:
        now_s = time.monotonic()
        said = {
            "upstream": self._upstream,
            "seconds_since_last_message": round(now_s - self._heard_s, 1) if self._has_snapshot else None,
            "clients": self.clients,
        }
        is_well = self._upstream == "live" or now_s - self._lost_s <= self._patience_s
        return web.json_response(said, status=200 if is_well else 503)

    async def _metrics(self, _: web.Request) -> web.Response:
        values = [
            ("clients", "gauge", "Clients that have subscribed.", self.clients),
            ("clients_dropped_total", "counter", "Clients dropped because they were too far behind.", self.dropped),
            ("messages_total", "counter", "Messages published.", self.messages),
            ("sent_bytes_total", "counter", "Bytes sent to clients.", self.bytes),
            ("behind_seconds", "gauge", "How long the slowest client has been behind.", round(self.lag_s, 3)),
            ("upstream_up", "gauge", "Whether there is a connection to the feed.", int(self._upstream == "live")),
            ("upstream_reconnects_total", "counter", "Attempts to connect to the feed again.", self.reconnects),
            ("upstream_gaps_total", "counter", "Interruptions in which messages may have been lost.", self.gaps),
            ("upstream_silence_seconds", "gauge", "Since the last message.", round(time.monotonic() - self._heard_s, 3)),
        ]
        lines = [line for value in values for line in _exposed(*value)]
        lines += self._lag.lines("f1nb_relay_lag_seconds", "From a message of the feed to its hand-over to the sockets.")
        # aiohttp would not have the version in its content_type
        return web.Response(body="\n".join([*lines, ""]).encode(), headers={"Content-Type": "text/plain; version=0.0.4"})


class _Histogram:
    """How long something took, counted in buckets as Prometheus wants them."""

    def __init__(self) -> None:
        self._counts = [0] * (len(_LAGS_S) + 1)
        self._sum_s = 0.0

    def observe(self, lag_s: float) -> None:
        self._counts[bisect_left(_LAGS_S, lag_s)] += 1
        self._sum_s += lag_s

    def lines(self, name: str, text: str) -> list[str]:
        bounds = [*map(str, _LAGS_S), "+Inf"]
        counts = list(accumulate(self._counts))
        buckets = [f'{name}_bucket{{le="{bound}"}} {count}' for bound, count in zip(bounds, counts, strict=True)]
        head = [f"# HELP {name} {text}", f"# TYPE {name} histogram"]
        return [*head, *buckets, f"{name}_sum {self._sum_s:.6f}", f"{name}_count {counts[-1]}"]


def _exposed(name: str, kind: str, text: str, value: float) -> list[str]:
    name = f"f1nb_relay_{name}"
    return [f"# HELP {name} {text}", f"# TYPE {name} {kind}", f"{name} {value}"]


def check(host: str, token: str | None) -> None:
    """Refuse to pass a feed on to whoever comes.

    Raises
    ------
    F1nbError
        When others than this machine's users could read it and no token guards it.

    Examples
    --------
    >>> check("127.0.0.1", None), check("0.0.0.0", "4f1c")
    (None, None)
    >>> check("0.0.0.0", None)
    Traceback (most recent call last):
      ...
    f1nb.errors.F1nbError: at 0.0.0.0 everybody could read the feed; set F1NB_RELAY_TOKEN, or leave out --host
    """
    if not token and not _is_loopback(host):
        raise F1nbError(f"at {host} everybody could read the feed; set F1NB_RELAY_TOKEN, or leave out --host")


def allow_many() -> None:
    """Let this process have as many connections as the system lets it, which is more than it has by default."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # some systems let it have less than they say
        wanted = _CONNECTIONS if hard == resource.RLIM_INFINITY else min(_CONNECTIONS, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
