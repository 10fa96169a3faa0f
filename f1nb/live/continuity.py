"""One stream of what happened out of what several connections say: no message twice, and none lost silently."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from f1nb.live import current
from f1nb.live.history import instant_ms
from f1nb.live.protocol import Message, Snapshot

_REMEMBERED = 20_000  # messages, about ten minutes of a race: longer than a server steps back when it is started again
_LATE_MS = 60_000  # servers of one feed are never so far apart


@dataclass(frozen=True, slots=True)
class Notice:
    """What the client is doing, for whoever watches."""

    state: Literal["connecting", "live", "lost", "damaged"]
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Gap:
    """Messages may be missing between two instants of the feed; the snapshot that follows has what they led to."""

    since_utc: str | None
    until_utc: str | None
    lasted_s: float

    def __str__(self) -> str:
        ends = (("from", self.since_utc), ("to", self.until_utc))
        between = "".join(f" {word} {plain(utc)}" for word, utc in ends if utc)
        return f"messages may be missing{between} ({self.lasted_s:.1f} s); a fresh snapshot makes up for them"


Event = Snapshot | Message | Gap | Notice


class Continuity:
    """What has been received so far, and what is new of that which comes.

    Examples
    --------
    >>> lap_2, lap_3 = (Message("LapCount", {"CurrentLap": lap}, f"2024-05-19T13:0{lap}:00Z") for lap in (2, 3))
    >>> seen = Continuity()
    >>> for said in (Snapshot({}), lap_2), (Snapshot({}), lap_2, lap_3):
    ...     seen.connected()
    ...     print([type(event).__name__ for heard in said for event in seen.hear(heard)])
    ['Snapshot', 'Message']
    ['Gap', 'Snapshot', 'Snapshot', 'Message']
    """

    def __init__(self) -> None:
        self._state: dict[str, Any] = {}
        self._known: deque[int] = deque(maxlen=_REMEMBERED)  # messages that have been passed on, oldest first
        self._earlier: frozenset[int] = frozenset()  # those of earlier connections
        self._early: list[Message] = []
        self._last_utc: str | None = None
        self._last_heard: float | None = None  # on the monotonic clock, None before the first snapshot
        self._has_snapshot = False

    def connected(self) -> None:
        """Take what comes from now on as said by another connection."""
        self._earlier, self._early, self._has_snapshot = frozenset(self._known), [], False

    def hear(self, heard: Snapshot | Message) -> Iterator[Event]:
        """Yield what is new."""
        if isinstance(heard, Snapshot):
            yield from self._snapshot(heard)
        elif not self._has_snapshot:  # sent while the server was still collecting the snapshot
            self._early.append(heard)
        else:
            yield from self._message(heard)
        if self._has_snapshot:
            self._last_heard = time.monotonic()

    def _snapshot(self, snapshot: Snapshot) -> Iterator[Event]:
        if not self._has_snapshot and self._last_heard is not None:
            yield Gap(self._last_utc, utc_of(snapshot), round(time.monotonic() - self._last_heard, 3))
        self._has_snapshot = True
        if has_started_over(self._last_utc, snapshot):
            self._known.clear()
            self._earlier = frozenset()
            yield Notice("live", "the feed has started over: it is at an earlier moment than before")
        is_another = current.renewed(self._state, snapshot)
        yield snapshot
        if is_another:
            yield self._another()
        early, self._early = self._early, []
        for message in early:
            if _key(message) not in self._earlier:
                yield from self._message(message)

    def _message(self, message: Message) -> Iterator[Event]:
        key = _key(message)
        is_another = current.take(self._state, message)
        if key in self._earlier:  # this server is a little behind the one before: its snapshot was without this message
            now: dict[str, Any] = {}
            current.renewed(now, Snapshot({message.topic: self._state[message.topic]}))
            yield Snapshot(now)
        else:
            self._known.append(key)  # only now, or a lost connection could lose it
            self._last_utc = message.utc
            yield message
        if is_another:
            yield self._another()

    def _another(self) -> Notice:
        """Say which session has begun."""
        info = self._state["SessionInfo"]
        meeting = info.get("Meeting")
        names = (meeting.get("Name") if isinstance(meeting, dict) else None, info.get("Name"))
        return Notice("live", f"another session has begun: {plain(', '.join(str(name) for name in names if name))}")


def utc_of(snapshot: Snapshot) -> str | None:
    """Return the instant of a snapshot: that of its heartbeat.

    Examples
    --------
    >>> utc_of(Snapshot({"Heartbeat": {"Utc": "2024-05-18T13:59:13Z"}})), utc_of(Snapshot({}))
    ('2024-05-18T13:59:13Z', None)
    """
    match snapshot.topics:
        case {"Heartbeat": {"Utc": str(utc)}}:
            return utc
    return None


def has_started_over(last_utc: str | None, snapshot: Snapshot) -> bool:
    """Return whether a snapshot is of an earlier moment than the last message, by more than servers are ever apart.

    Examples
    --------
    >>> snapshot = Snapshot({"Heartbeat": {"Utc": "2024-05-18T13:59:13Z"}})
    >>> has_started_over("2024-05-18T14:20:00Z", snapshot), has_started_over("2024-05-18T13:59:40Z", snapshot)
    (True, False)
    """
    before_ms, now_ms = instant_ms(last_utc), instant_ms(utc_of(snapshot))
    return before_ms is not None and now_ms is not None and now_ms < before_ms - _LATE_MS


def plain(text: str) -> str:
    r"""Return text of a feed as a terminal may show it.

    Examples
    --------
    >>> plain("Race\x1b[31m")
    'Race[31m'
    """
    return "".join(character for character in text if character.isprintable())[:120]


def _key(message: Message) -> int:
    return hash(orjson.dumps([*message]))
