"""A live feed in a thread: what a test publishes, a dashboard gets."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from f1nb.live.protocol import Message
from f1nb.live.server import LiveServer, serving


def now_utc() -> str:
    """Return this moment as the feed writes it."""
    return f"{datetime.now(UTC).isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


class FeedHost:
    """Serves a feed at ``url`` until it is closed; all have one port, so one dashboard shows them one after another."""

    port = 0

    def __init__(self, state: dict[str, Any]) -> None:
        self.server = LiveServer(state)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)
        FeedHost.port = int(self.url.rsplit(":", 1)[1])

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        self._closed = asyncio.Event()
        async with serving(self.server, port=self.port) as self.url:
            self._ready.set()
            await self._closed.wait()

    def publish(self, messages: Sequence[Message]) -> None:
        """Send messages to everybody."""
        asyncio.run_coroutine_threadsafe(self.server.publish(messages), self._loop).result(10)

    def close(self) -> None:
        """Break off all connections, as a server that is killed does."""
        self._loop.call_soon_threadsafe(self._closed.set)
        self._thread.join(10)
