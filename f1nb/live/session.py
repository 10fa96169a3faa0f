"""A session that is followed while it goes on: from a live feed, or replayed as if it were one.

What the feed says is read in a thread of its own, so a notebook stays free to work. Ten times a second, at most, the tables
that have changed are given to the session, and the panels send on what differs.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread, current_thread
from typing import Self

from f1nb.errors import F1nbError
from f1nb.live import recordings
from f1nb.live.continuity import Event as Said
from f1nb.live.continuity import Gap, Notice
from f1nb.live.growing import GrowingTables
from f1nb.live.pacing import paced
from f1nb.live.protocol import Message, Snapshot
from f1nb.live.state import State
from f1nb.live.writer import written
from f1nb.session import GrowingSession, Session

_EVERY_S = 0.1  # what changes faster, nobody reads
_HEARTBEAT_S = 15.0  # so long a feed may have nothing to say, seconds of the session
_STEP = timedelta(seconds=4 * _HEARTBEAT_S)  # of the session that went on, none is longer
_PACE_OVER_S = 4.0  # the speed of a feed is measured over this time
_PACE_OF = 8  # and of so many messages: one that is late does not make it fast
_REAL_TIME = (0.7, 1.4)  # what counts as real time: messages come in bursts
_FIRST_S = 10.0  # that `live` waits for the first word
_SLOWEST, _FASTEST = 1, 60

Source = Callable[[], AsyncGenerator[Said, None]]


class LiveSession(GrowingSession):
    """A session that grows with what a feed says of it, until the feed is at its end or it is closed.

    Parameters
    ----------
    source
        Begins the feed.
    speed
        Of a replay, seconds per second; None: a live feed.

    Examples
    --------
    >>> async def feed():
    ...     yield Message("TrackStatus", {"Status": "4"}, "2024-05-19T13:20:05Z")
    >>> with LiveSession(feed) as session:
    ...     session.wait()
    ...     session.track_status["status"].to_list()
    ['safety_car']
    """

    def __init__(self, source: Source, *, speed: float | None = None) -> None:
        super().__init__()
        self.rate = speed or 1.0
        self._say("connecting", "Connecting", "Nothing has been heard yet")
        self._source, self._speed = source, speed
        self._state = State()
        self._growing = GrowingTables(self._state)
        self._edge = Edge(speed)
        self._error: Exception | None = None
        self._is_heard_of = Event()
        self._loop = asyncio.new_event_loop()
        self._following: asyncio.Task[None] | None = None
        self._thread = Thread(target=self._run, name="f1nb live", daemon=True)
        self._thread.start()

    def begun(self, timeout_s: float) -> bool:
        """Wait until the feed has said something or could not be reached, and return whether it has said something.

        Raises
        ------
        F1nbError
            When it refuses to.
        """
        self._is_heard_of.wait(timeout_s)
        self._check()
        return bool(self._state.topics)

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait for the end of the feed.

        Raises
        ------
        F1nbError
            When it was not its own end.
        """
        self._thread.join(timeout_s)
        self._check()

    def close(self) -> None:
        """Follow it no more; the tables stay as they are."""
        with suppress(RuntimeError):  # it has ended by itself, and its loop is closed
            self._loop.call_soon_threadsafe(self._stop)
        if current_thread() is not self._thread:  # in which those who watch are called
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check(self) -> None:
        if self._error:
            raise self._error

    # -- in its thread ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._following = self._loop.create_task(self._follow())
            self._loop.run_until_complete(self._following)
            self._say("replay", "At its end", "All that was recorded has been played")
        except asyncio.CancelledError:
            self._say("lost", "Not followed", "It was closed; its tables stay as they are")
        except F1nbError as error:
            self._error = error
            self._say("lost", "Not connected", str(error))
        except Exception as error:
            self._fail(error)
            raise
        finally:
            self._end()

    def _end(self) -> None:
        self.is_live = False
        self._is_heard_of.set()
        try:
            self._give(at_once=True)
        except Exception as error:
            self._fail(error)
            raise
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def _fail(self, error: Exception) -> None:
        self._error = self._error or error
        self._say("lost", "Failed", f"Follow the session again; if it happens again, report: {error!r}")

    def _stop(self) -> None:
        if self._following:
            self._following.cancel()

    async def _follow(self) -> None:
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._keep_giving())]
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()  # what went wrong in it
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        async with aclosing(self._source()) as feed:
            async for event in feed:
                self._take(event)

    async def _keep_giving(self) -> None:
        while True:
            began_s = time.monotonic()
            self._give()
            took_s = time.monotonic() - began_s
            await asyncio.sleep(max(_EVERY_S - took_s, took_s))  # half of the time at most: the rest is for what comes

    def _take(self, event: Said) -> None:
        match event:
            case Message():
                self._state.apply(*event)
                if event.topic == "Position.z":
                    self._growing.place(event.data)
            case Snapshot():
                self._state.snapshot(event.topics)
                self._say_origin()
            case Gap():
                self._state.missed(event.since_utc, event.until_utc)
                self._edge.interrupt()
                return
            case Notice("live" | "damaged"):
                return
            case Notice():
                self._say(event.state, event.state.capitalize(), event.text)
                if event.state == "lost":
                    self._is_heard_of.set()
                return
        self._edge.hear(self._state.latest_utc)
        if isinstance(event, Snapshot):
            self._edge.interrupt()  # what it tells of last can be old
        if not self._is_heard_of.is_set():
            self._give()
            self._is_heard_of.set()

    def _give(self, *, at_once: bool = False) -> None:
        """Give the session the tables that have changed, and the live edge."""
        changed = self._growing.changed(at_once=at_once)
        start_utc = (changed.get("session", self.session))["start_utc"][0]
        edge_utc = self._edge.now() if self.is_live else self._state.latest_utc
        self.rate = self._edge.rate
        self.update(changed, edge_s=(edge_utc - start_utc).total_seconds() if edge_utc and start_utc else None)

    def _say_origin(self) -> None:
        if self._speed is None:
            self._say("live", "Live", "What the feed says, as it comes")
        else:
            self._say("replay", f"Replay {self._speed:g}×", "These data were recorded and are played as if they were live")

    def _say(self, kind: str, text: str, title: str) -> None:
        self.badges = [{"kind": kind, "text": text, "title": title}]


class Edge:
    """How far a feed has come: between two messages its session goes on.

    Parameters
    ----------
    speed
        Of the feed, seconds per second; None: it is measured.

    Attributes
    ----------
    rate
        Seconds of the session per second.
    """

    def __init__(self, speed: float | None = None) -> None:
        self.rate = speed or 1.0
        self._is_known = speed is not None
        self._latest: datetime | None = None
        self._heard_s = 0.0
        self._pace: deque[tuple[float, datetime]] = deque()

    def hear(self, latest_utc: datetime | None) -> None:
        """Take the instant of the latest message, now that it has come."""
        if latest_utc is None or latest_utc == self._latest:
            return
        if self._latest is not None and not timedelta() < latest_utc - self._latest < _STEP:
            self.interrupt()  # another session
        self._latest, self._heard_s = latest_utc, time.monotonic()
        if self._is_known or (self._pace and self._heard_s - self._pace[-1][0] < _EVERY_S):
            return
        self._pace.append((self._heard_s, latest_utc))
        while self._heard_s - self._pace[0][0] > _PACE_OVER_S:
            self._pace.popleft()
        passed_s = self._heard_s - self._pace[0][0]
        if passed_s > _PACE_OVER_S / 2 and len(self._pace) >= _PACE_OF:
            rate = (latest_utc - self._pace[0][1]).total_seconds() / passed_s
            self.rate = 1.0 if _REAL_TIME[0] <= rate <= _REAL_TIME[1] else min(rate, float(_FASTEST))

    def interrupt(self) -> None:
        """Measure anew: what comes next does not follow from what came before."""
        self._pace.clear()

    def now(self) -> datetime | None:
        """Return the instant that the feed has come to; None before the first message."""
        if self._latest is None:
            return None
        silent_s = time.monotonic() - self._heard_s
        if not self._is_known and silent_s > _PACE_OVER_S:
            self.rate = 1.0  # what came at once does not go on like that
        return self._latest + timedelta(seconds=min(silent_s * self.rate, _HEARTBEAT_S))


def live(url: str | None = None) -> LiveSession:
    """Follow a live session: its tables and panels grow as the feed goes on.

    Parameters
    ----------
    url
        Address of the feed: by default ``F1NB_LIVE_URL``, else the official host. ``f1nb live replay`` and ``f1nb live relay``
        print theirs.

    Returns
    -------
    session, with what the feed has said by now; where it cannot be reached, an empty one that keeps trying and says so

    Raises
    ------
    SignInError
        When the host refuses whoever is not signed in.
    SourceError
        When the address is none.
    """
    from f1nb.live.feed import Feed  # a replay does without the network

    session = LiveSession(Feed(url).events)
    session.begun(_FIRST_S)
    return session


def replay(recording: str | Path | Session, *, speed: float = 1.0, lap: int = 1) -> LiveSession:
    """Play a session as if it were live: its tables and panels grow, and nothing of what comes later is in them.

    Parameters
    ----------
    recording
        A recording of a live feed, see `f1nb.live.recordings.read`; or a session, which becomes a feed first.
    speed
        Seconds of the session per second, 1 to 60.
    lap
        Where to begin: when the leader begins this lap; 1: at the beginning of the recording.

    Raises
    ------
    NotFoundError
        When there is no such recording, or no such lap in it.
    ValueError
        When the speed is out of range.

    Examples
    --------
    >>> import f1nb
    >>> with f1nb.replay(f1nb.simulate(laps=3, cars=4), speed=60, lap=2) as race:
    ...     race.drivers.height
    4
    """
    if not _SLOWEST <= speed <= _FASTEST:
        raise ValueError(f"{speed:g} is no speed; give one from {_SLOWEST} to {_FASTEST}")
    played = written(recording) if isinstance(recording, Session) else recordings.read(recording)
    if lap != 1:
        played = played.from_lap(lap)
    session = LiveSession(partial(_played, played, speed), speed=speed)
    session.begun(_FIRST_S)
    return session


async def _played(recording: recordings.Recording, speed: float) -> AsyncGenerator[Said, None]:
    if recording.snapshot:
        yield Snapshot(recording.snapshot)
    async for due in paced(recording.messages, speed):
        for message in due:
            yield message
