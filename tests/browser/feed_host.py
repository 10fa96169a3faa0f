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
    """Serves a feed at ``url`` until it is closed; reopened on its port it is the same one after an interruption."""

    def __init__(self, state: dict[str, Any], port: int = 0) -> None:
        self.server = LiveServer(state)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(port,), daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def _run(self, port: int) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(port))

    async def _serve(self, port: int) -> None:
        self._closed = asyncio.Event()
        async with serving(self.server, port=port) as self.url:
            self._ready.set()
            await self._closed.wait()

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def publish(self, messages: Sequence[Message]) -> None:
        """Send messages to everybody."""
        asyncio.run_coroutine_threadsafe(self.server.publish(messages), self._loop).result(10)

    def close(self) -> None:
        """Break off all connections, as a server that is killed does."""
        self._loop.call_soon_threadsafe(self._closed.set)
        self._thread.join(10)
