"""What the live feed has said: one state for each topic, and the tables that follow from all of its messages.

A `State` is what its messages made it and nothing else. A live feed, a delayed one and a recording are the same messages at
other times, so each gives the same state, and a session that was followed live has the tables that the archive has of it.

- A message that comes again changes nothing.
- A message that is late is applied when it comes: times never go back inside of a topic.
- What cannot be read is left out. No message raises.
- A snapshot is the whole state of its topics: those that were missed are made up for, as far as the feed tells history.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson
import polars as pl

from f1nb.live.data_sets import Gap, data_sets
from f1nb.live.history import instant_ms, kind_of, of_snapshot, of_status_series
from f1nb.live.patches import difference, merge
from f1nb.session import Session
from f1nb.sources import archive
from f1nb.sources.archive.assembly import STATES, Assembly, session_clock
from f1nb.sources.archive.streams import Message, merged, stamp
from f1nb.sources.archive.values import seconds, text, whole

TOPICS = (
    "Heartbeat", "SessionInfo", "SessionData", "SessionStatus", "DriverList", "TimingData", "TimingStats", "TimingAppData",
    "LapCount", "ExtrapolatedClock", "TrackStatus", "RaceControlMessages", "WeatherData", "TopThree", "TeamRadio",
    "TyreStintSeries", "PitLaneTimeCollection", "ChampionshipPrediction", "CarData.z", "Position.z",
)  # fmt: skip
_FAR_MS = 6 * 3_600_000  # no two messages in turn are so far apart
_LATE_MS = 60_000
_AT_START = timedelta(seconds=5)
_PACKED = frozenset({"CarData.z", "Position.z"})
_message = tuple.__new__  # half the time of the class's own


class Now(NamedTuple):
    """The session clock that the feed shows: seconds that remain at an instant, and whether it runs."""

    remaining_s: float
    at_utc: datetime
    is_running: bool

    def remaining(self, utc: datetime) -> float:
        """Return what remains at another instant: a clock that does not run is frozen.

        Examples
        --------
        >>> start = datetime(2024, 5, 18, 14, 0, tzinfo=UTC)
        >>> later = start + timedelta(seconds=30)
        >>> Now(1080.0, start, is_running=True).remaining(later), Now(1080.0, start, is_running=False).remaining(later)
        (1050.0, 1080.0)
        """
        passed = (utc - self.at_utc).total_seconds() if self.is_running else 0.0
        return max(0.0, self.remaining_s - max(0.0, passed))


class State:
    """All that a feed has said of one session.

    Tables are made of the topics of the archive, those of `f1nb.sources.archive.TOPICS`, and of what ``SessionData`` and
    the packed samples add. Of the others there is the state alone, see `State.of`: what ``TopThree`` and ``TimingStats`` say
    of places and best values, ``TimingData`` says, too; times in the pit lane follow from when a car was said to be in it,
    tyres from ``TimingAppData``; ``TyreStintSeries``, ``PitLaneTimeCollection`` and ``ChampionshipPrediction`` are passed on
    as they come.

    Examples
    --------
    >>> state = State()
    >>> state.apply("TrackStatus", {"Status": "4"}, "2024-05-19T13:20:05.123Z")
    {'Status': '4'}
    >>> state.apply("TrackStatus", {"Status": "4"}, "2024-05-19T13:20:05.123Z")
    {}
    >>> state.of("TrackStatus")
    {'Status': '4'}
    >>> state.tables()["track_status"]["status"].to_list()
    ['safety_car']
    """

    def __init__(self) -> None:
        self._topics: dict[str, Any] = {}
        self._began_ms: int | None = None  # instant of the first message: the zero of the stream
        self._latest_ms = 0
        self._odd_ms: int | None = None
        self._last_utc: Any = None
        self._last_ms = 0
        self._seen: set[int] = set()
        self._gaps: list[Gap] = []
        self._data_sets: pl.DataFrame | None = None
        self._assembly = Assembly()
        self._kept: dict[str, list[Message]] = {topic: [] for topic in (*archive.TOPICS, *_PACKED)}
        self._latest = dict.fromkeys(self._kept, -_FAR_MS)  # the last time of each topic

    def of(self, topic: str) -> Any:
        """Return the state of a topic, an empty dict where the feed has said nothing; it is not to be changed."""
        return self._topics.get(topic, {})

    @property
    def key(self) -> int | None:
        """Key of the session; when it becomes another one, all that was said before is gone."""
        info = self.of("SessionInfo")
        return whole(info.get("Key")) if isinstance(info, dict) else None

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics of which the feed has said something."""
        return tuple(self._topics)

    @property
    def latest_utc(self) -> datetime | None:
        """Instant of the latest message."""
        return None if self._began_ms is None else _utc(self._began_ms + self._latest_ms)

    @property
    def clock(self) -> Now | None:
        """The session clock; None where the feed has none."""
        said = self.of("ExtrapolatedClock")
        if not isinstance(said, dict):
            return None
        at_ms, remaining_s = instant_ms(said.get("Utc")), seconds(said.get("Remaining"))
        if at_ms is None or remaining_s is None:
            return None
        return Now(remaining_s, _utc(at_ms), said.get("Extrapolating") is True)

    def apply(self, topic: str, patch: Any, utc: Any) -> Any:
        """Apply a message and return what of its patch is new; an empty dict where nothing is.

        Parameters
        ----------
        topic, patch, utc
            As the feed sends them. The samples of ``CarData.z`` and ``Position.z`` stay packed.
        """
        try:
            mark = hash(orjson.dumps((topic, utc, patch)))
        except TypeError:  # of a kind that no JSON has
            return {}
        if mark in self._seen or type(topic) is not str:
            return {}
        if topic == "SessionInfo" and self._is_another(patch):
            self.__init__()
        self._seen.add(mark)
        if utc != self._last_utc:  # many come at one instant
            self._hear(utc)
        kept = self._kept.get(topic)
        if kept is not None:
            time_ms = self._last_ms
            if time_ms < self._latest[topic]:
                time_ms = self._latest[topic]
            else:
                self._latest[topic] = time_ms
            kept.append(_message(Message, (time_ms, patch)))
        held = self._topics.get(topic)
        if type(patch) is dict and type(held) is dict:
            return merge(held, patch)
        self._topics[topic] = new = merged(None, patch)
        return {} if held == new else patch

    def snapshot(self, topics: Any, utc: Any = None) -> list[tuple[str, Any]]:
        """Apply what a subscription returned, the whole state of each of its topics, and return what is new: topic and patch.

        After an interruption it brings what was missed; where it is of an earlier moment than what came before, the feed has
        started over, and so does the state. What the feed dates itself, messages of race control, radio and
        changes of status, is as old as it says.

        Parameters
        ----------
        topics
            State by topic.
        utc
            When it was returned; None: when its heartbeat was.
        """
        if not isinstance(topics, dict):
            return []
        heartbeat = topics.get("Heartbeat")
        if utc is None and isinstance(heartbeat, dict):
            utc = heartbeat.get("Utc")
        if self._is_earlier(utc):
            self.__init__()
        changes: list[tuple[str, Any]] = []
        for topic in sorted(topics, key=lambda topic: topic != "SessionInfo"):  # first whose session all the others are of
            held, patch = self._topics.get(topic), topics[topic]
            is_first = not isinstance(held, dict)
            if not is_first and isinstance(patch, dict) and not (topic == "SessionInfo" and self._is_another(patch)):
                patch = difference(held, merged(None, patch))
                if not patch:
                    continue
            if is_first and topic == "TimingData":
                self._read_cars()
            for at, part in of_snapshot(topic, patch, utc):
                new = self.apply(topic, part, at)
                if new:
                    changes.append((topic, new))
            if is_first and topic == "TimingData":
                self._read_cars(of_before=True)
        return changes

    def _read_cars(self, *, of_before: bool = False) -> None:
        unread = self._kept["TimingData"]
        self._assembly.cars.add(unread, of_before=of_before)
        unread.clear()

    def tables(self, *, telemetry: bool = False) -> dict[str, pl.DataFrame]:
        """Return the tables of the session as far as it has come, those of `f1nb.schema`.

        Parameters
        ----------
        telemetry
            Table ``telemetry``, too, which takes longer than all others.
        """
        self._read_cars()
        info = self.of("SessionInfo")
        info = info if isinstance(info, dict) else {}
        kind = kind_of(info)
        streams = self._kept | of_status_series(self.of("SessionData"), self._kept, self._began_ms or 0)
        latest = self.latest_utc
        year = whole(str(info.get("StartDate"))[:4]) or (latest.year if latest else 0)
        meeting = info.get("Meeting")
        tables = self._assembly.tables(
            streams,
            {topic: self.of(topic) for topic in STATES},
            year=year,
            event=text(meeting.get("Name")) if isinstance(meeting, dict) else None,
            session=kind,
            address=f"{archive.HOST}/{str(info.get('Path') or '').strip('/')}",
            source="live",
            began_utc=None if self._began_ms is None else _utc(self._began_ms),
        )
        if telemetry:
            clock = session_clock(streams, kind)
            contents = {topic: _lines(self._kept[topic]) for topic in _PACKED if self._kept[topic]}
            tables["telemetry"], _ = archive.samples_table(contents, tables, clock, year)
        sets = data_sets(tables, self._topics.keys(), self._gaps, self._joined(tables["session"]["start_utc"][0]))
        if self._data_sets is None or not sets.equals(self._data_sets):
            self._data_sets = sets
        tables["data_sets"] = self._data_sets
        return tables

    def missed(self, since_utc: str | None, until_utc: str | None) -> None:
        """Take that messages may be missing between two instants, as the feed writes them; the tables say so.

        Examples
        --------
        >>> state = State()
        >>> _ = state.apply("WeatherData", {"AirTemp": "24.1"}, "2024-05-19T13:20:05Z")
        >>> state.missed("2024-05-19T13:20:05Z", "2024-05-19T13:21:00Z")
        >>> state.tables()["data_sets"].filter(table="weather").select("state", "note").row(0)
        ('partial', 'Messages may be missing between 13:20:05 and 13:21:00 UTC.')
        """
        self._gaps.append((since_utc, until_utc))

    def _joined(self, start_utc: datetime | None) -> datetime | None:
        """Return when the feed was joined, where that was after the start of the session."""
        if self._began_ms is None or start_utc is None:
            return None
        began_utc = _utc(self._began_ms)
        return began_utc if began_utc - start_utc > _AT_START else None

    def session(self) -> Session:
        """Return the session as far as it has come."""
        return Session(self.tables(telemetry=True))

    def _is_another(self, patch: Any) -> bool:
        """Return whether a message is about another session than the one before."""
        key = whole(patch.get("Key")) if isinstance(patch, dict) else None
        return key is not None and self.key is not None and key != self.key

    def _is_earlier(self, utc: Any) -> bool:
        """Return whether an instant is before the latest one by more than messages are ever late."""
        at_ms = instant_ms(utc)
        return at_ms is not None and self._began_ms is not None and at_ms < self._began_ms + self._latest_ms - _LATE_MS

    def _hear(self, utc: Any) -> None:
        """Take the instant of a message: its time on the stream."""
        said_ms, began_ms, latest_ms = instant_ms(utc), self._began_ms, self._latest_ms
        if said_ms is not None and began_ms is not None and -_FAR_MS < said_ms - began_ms - latest_ms < _FAR_MS:
            self._last_utc, self._odd_ms = utc, None
            self._last_ms = time_ms = said_ms - began_ms
            if time_ms > latest_ms:
                self._latest_ms = time_ms
        else:
            self._hear_odd(utc, said_ms)

    def _hear_odd(self, utc: Any, said_ms: int | None) -> None:
        """Take an instant that is the first, none, or far away: what is said then is of the latest time."""
        self._last_ms, self._last_utc = self._latest_ms, utc
        if said_ms is None:
            return
        if self._began_ms is None:
            self._began_ms = said_ms - self._latest_ms
        elif self._odd_ms is None or abs(said_ms - self._odd_ms) >= _FAR_MS:
            self._odd_ms, self._last_utc = said_ms, None
        else:  # two agree: the instants before were wrong, and time goes on from where it was
            self._began_ms, self._odd_ms = said_ms - self._latest_ms, None


def _utc(instant_ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant_ms)


def _lines(stream: list[Message]) -> bytes:
    """Return packed samples as the lines of a stored stream."""
    sent = ((time_ms, packed.encode("ascii", "replace")) for time_ms, packed in stream if isinstance(packed, str))
    return b"\r\n".join(stamp(max(0, time_ms)) + b'"%b"' % packed for time_ms, packed in sent)
