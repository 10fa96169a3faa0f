"""Somebody who follows a feed, in tests."""

from __future__ import annotations

import asyncio

from f1nb.live import current
from f1nb.live.feed import Feed, Gap, Notice
from f1nb.live.protocol import Message, Snapshot

QUICK = {"answer_s": 1.0, "silence_s": 1.0, "backoff_s": (0.05, 0.2)}


class Followed:
    """Somebody who follows a feed: the state that its events lead to, and the events."""

    def __init__(self, url: str, **options) -> None:
        self.state: dict = {}
        self.events: list = []
        self._events = Feed(url, **(QUICK | options)).events()

    @property
    def messages(self) -> list:
        return [event for event in self.events if isinstance(event, Message)]

    @property
    def gaps(self) -> list:
        return [event for event in self.events if isinstance(event, Gap)]

    def said(self, words: str) -> bool:
        return any(isinstance(event, Notice) and words in event.text for event in self.events)

    async def until(self, is_there) -> None:
        """Go on until something holds."""
        async with asyncio.timeout(60):
            while not is_there():
                event = await anext(self._events)
                self.events.append(event)
                if isinstance(event, Snapshot):
                    current.renewed(self.state, event)
                elif isinstance(event, Message):
                    current.take(self.state, event)

    async def close(self) -> None:
        await self._events.aclose()
