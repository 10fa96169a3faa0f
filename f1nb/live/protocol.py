"""What is said on the wire of the live feed, in its two dialects: SignalR Core, and the classic SignalR of older clients.

A client subscribes to topics. The answer is the state of each, a `Snapshot`; after it come `Message`s, patches to that state.
Server and client share this module, and neither knows here how the bytes travel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import orjson

OFFICIAL = "https://livetiming.formula1.com"
TOPICS = (
    "Heartbeat",
    "AudioStreams",
    "CarData.z",
    "ChampionshipPrediction",
    "ContentStreams",
    "DriverList",
    "ExtrapolatedClock",
    "LapCount",
    "PitLaneTimeCollection",
    "Position.z",
    "RaceControlMessages",
    "RcmSeries",
    "SessionData",
    "SessionInfo",
    "SessionStatus",
    "TeamRadio",
    "TimingAppData",
    "TimingData",
    "TimingStats",
    "TlaRcm",
    "TopThree",
    "TrackStatus",
    "TyreStintSeries",
    "WeatherData",
)
_DIGITS = 9  # of a place in a list


class Message(NamedTuple):
    """A patch to the state of a topic."""

    topic: str
    data: Any
    utc: str


class Snapshot(NamedTuple):
    """The state of the topics at the moment of subscribing."""

    topics: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subscribe:
    """What a client asks the server for; ``call`` comes back with the answer."""

    topics: tuple[str, ...]
    call: str


@dataclass(frozen=True, slots=True)
class Damaged:
    """Something on the wire that is no SignalR."""

    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The server's reason for refusing, or for ending the connection."""

    reason: str


Heard = Message | Snapshot | Subscribe | Damaged | Refused


class Dialect(Protocol):
    """How to write and read one of the two protocols. ``read`` leaves out what is only there to keep the connection open."""

    @property
    def path(self) -> str: ...  # noqa: D102
    @property
    def ping(self) -> bytes: ...  # noqa: D102
    def subscribe(self, topics: Iterable[str]) -> bytes: ...  # noqa: D102
    def snapshot(self, call: str, topics: Mapping[str, Any]) -> bytes: ...  # noqa: D102
    def messages(self, messages: Sequence[Message]) -> bytes: ...  # noqa: D102
    def read(self, frame: str | bytes) -> list[Heard]: ...  # noqa: D102


class _Core:
    """Records of JSON, each closed by the record separator; one frame may carry several.

    Examples
    --------
    >>> frame = CORE.messages([Message("LapCount", {"CurrentLap": 2}, "2024-05-19T13:04:00Z")])
    >>> CORE.read(frame)
    [Message(topic='LapCount', data={'CurrentLap': 2}, utc='2024-05-19T13:04:00Z')]
    """

    path = "/signalrcore"
    ping = b'{"type":6}\x1e'
    handshake = b'{"protocol":"json","version":1}\x1e'
    welcome = b"{}\x1e"

    def subscribe(self, topics: Iterable[str]) -> bytes:
        call = {"type": 1, "invocationId": "0", "target": "Subscribe", "arguments": [list(topics)]}
        return orjson.dumps(call) + b"\x1e"

    def snapshot(self, call: str, topics: Mapping[str, Any]) -> bytes:
        return orjson.dumps({"type": 3, "invocationId": call, "result": topics}) + b"\x1e"

    def messages(self, messages: Sequence[Message]) -> bytes:
        records = [orjson.dumps({"type": 1, "target": "feed", "arguments": [*message]}) for message in messages]
        return b"\x1e".join(records) + b"\x1e"

    def read(self, frame: str | bytes) -> list[Heard]:
        records = frame.split("\x1e") if isinstance(frame, str) else frame.split(b"\x1e")
        return [heard for record in records if record for heard in self._record(record)]

    def _record(self, record: str | bytes) -> list[Heard]:
        match _parsed(record):
            case {"type": 1, "target": "feed", "arguments": [str(topic), data, str(utc)]}:
                return [Message(topic, data, utc)]
            case {"type": 1, "target": "Subscribe", "arguments": [[*topics]], **rest}:
                return [Subscribe(_names(topics), str(rest.get("invocationId", "")))]
            case {"type": 3, "result": dict(topics)}:
                return [Snapshot(topics)]
            case {"type": 3 | 7, "error": str(reason)} | {"error": str(reason)}:
                return [Refused(reason)]
            case {"type": 7}:
                return [Refused("the server closed the feed")]
            case {"type": 3 | 6} | {"protocol": _}:
                return []
            case dict(other) if not other:  # the answer to the handshake
                return []
        return [Damaged(_shown(record))]


class _Classic:
    """One JSON object a frame; ``M`` holds the messages, ``R`` an answer.

    Examples
    --------
    >>> CLASSIC.read('{"C":"d-1","M":[{"H":"Streaming","M":"feed","A":["LapCount",{"CurrentLap":2},"2024-05-19T13:04:00Z"]}]}')
    [Message(topic='LapCount', data={'CurrentLap': 2}, utc='2024-05-19T13:04:00Z')]
    """

    path = "/signalr"
    ping = b"{}"
    hub = '[{"name":"Streaming"}]'
    welcome = b'{"C":"d-0","S":1,"M":[]}'

    def subscribe(self, topics: Iterable[str]) -> bytes:
        return orjson.dumps({"H": "Streaming", "M": "Subscribe", "A": [list(topics)], "I": 0})

    def snapshot(self, call: str, topics: Mapping[str, Any]) -> bytes:
        return orjson.dumps({"R": topics, "I": call})

    def messages(self, messages: Sequence[Message]) -> bytes:
        return orjson.dumps({"C": "d-0", "M": [{"H": "Streaming", "M": "feed", "A": [*message]} for message in messages]})

    def read(self, frame: str | bytes) -> list[Heard]:
        match _parsed(frame):
            case {"M": [*inner]}:
                return [self._message(message) for message in inner]
            case {"M": "Subscribe", "A": [[*topics]], **rest}:
                return [Subscribe(_names(topics), str(rest.get("I", "")))]
            case {"R": dict(topics)}:
                return [Snapshot(topics)]
            case {"E": str(reason)}:
                return [Refused(reason)]
            case {"D": 1}:
                return [Refused("the server closed the feed")]
            case dict(other) if not other or "S" in other or "I" in other or "G" in other:
                return []
        return [Damaged(_shown(frame))]

    def _message(self, message: Any) -> Message | Damaged:
        match message:
            case {"A": [str(topic), data, str(utc)]}:
                return Message(topic, data, utc)
        return Damaged(_shown(orjson.dumps(message)))


CORE = _Core()
CLASSIC = _Classic()


def merge(state: dict[str, Any], topic: str, data: Any) -> None:
    """Apply a patch to the state of a topic, as the feed means it.

    Objects are merged, lists are addressed by index, ``_deleted`` names what goes, anything else replaces what was there.

    Examples
    --------
    >>> state = {"TimingData": {"Lines": {"1": {"Sectors": [{"Value": ""}, {"Value": ""}]}}}}
    >>> merge(state, "TimingData", {"Lines": {"1": {"Sectors": {"1": {"Value": "28.1"}}}}})
    >>> state["TimingData"]["Lines"]["1"]["Sectors"]
    [{'Value': ''}, {'Value': '28.1'}]
    """
    state[topic] = _merged(state.get(topic), data)


def _merged(old: Any, new: Any) -> Any:
    if isinstance(new, list):
        return [_merged(None, value) for value in new]  # a copy: what has been sent stays what it was
    if not isinstance(new, dict):
        return new
    if isinstance(old, list) and all(key.isdecimal() and len(key) <= _DIGITS for key in new):
        for index, value in sorted((int(key), value) for key, value in new.items()):
            if index < len(old):
                old[index] = _merged(old[index], value)
            else:  # the feed has left out indexes before
                old.append(_merged(None, value))
        return old
    if isinstance(old, list):  # an item goes, or one of another kind comes: the others keep their place
        old = {str(i): value for i, value in enumerate(old)}
    merged = old if isinstance(old, dict) else {}
    for key, value in new.items():
        if key == "_deleted" and isinstance(value, list):
            for name in value:
                merged.pop(str(name), None)
        else:
            merged[key] = _merged(merged.get(key), value)
    return merged


def _parsed(text: str | bytes) -> Any:
    try:
        found = orjson.loads(text)
        orjson.dumps(found)  # it reads what is nested more deeply than it writes, and than anybody can follow
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    return found


def _names(topics: list[Any]) -> tuple[str, ...]:
    return tuple(topic for topic in topics if isinstance(topic, str))


def _shown(text: str | bytes) -> str:
    return (text if isinstance(text, str) else text.decode(errors="replace"))[:120]
