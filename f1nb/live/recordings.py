"""Recordings of the live feed: those of `f1nb.live.recorder`, and the three forms that are found elsewhere, one message a line.

- ``{"H": "Streaming", "M": "feed", "A": [topic, patch, utc]}``, as the classic protocol sends it
- ``{"Type": topic, "Json": patch, "DateTime": utc}``
- ``[topic, patch, utc]`` as Python writes a list, with single quotes; FastF1 records so

A folder can have the messages in ``live.txt`` and the snapshot before them in ``subscribe.txt``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from f1nb.errors import NotFoundError, SourceError
from f1nb.live import current
from f1nb.live.history import instant_ms
from f1nb.live.protocol import Message, Snapshot, merge
from f1nb.live.state import State

_LIVE, _SNAPSHOT = "live.txt", "subscribe.txt"
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Recording:
    """A feed from its first word to its last: what was recorded of one, or what a stored session would have sent.

    Attributes
    ----------
    snapshot
        State by topic before the first message; empty where it was not recorded.
    messages
        Those that came, in order. A later snapshot, after a gap, is in them as what it changed.
    damaged
        How many lines could not be read.
    gaps
        How often messages may be missing.
    """

    snapshot: dict[str, Any]
    messages: list[Message]
    damaged: int = 0
    gaps: int = 0

    def state(self) -> State:
        """Return what all of it says."""
        state = State()
        state.snapshot(self.snapshot)
        for message in self.messages:
            state.apply(*message)
        return state

    @property
    def lasts_s(self) -> float:
        """Seconds from the first message to the last."""
        moments = [at_ms for message in self.messages if (at_ms := instant_ms(message.utc)) is not None]
        return (max(moments) - min(moments)) / 1000 if moments else 0.0

    def from_lap(self, lap: int) -> Recording:
        """Return what follows from the moment at which the leader begins a lap, with the state of then before it.

        Raises
        ------
        NotFoundError
            When there is no such lap in it.
        """
        counted = [(n, _lap(message)) for n, message in enumerate(self.messages)]
        laps = [(n, count) for n, count in counted if count is not None]
        if not laps:
            raise NotFoundError("this session does not count laps; give a time since its start, such as 12:30")
        begun = {count: n for n, count in reversed(laps)}
        start = self._start()
        if start is not None:
            begun[1] = start
        first = next((n for count, n in sorted(begun.items()) if count >= lap >= min(begun)), None)
        if first is None:
            raise NotFoundError(f"there is no lap {lap}; give one from {min(begun)} to {max(begun)}")
        return self._since(first)

    def from_time(self, time_s: float) -> Recording:
        """Return what follows from so many seconds after the start of the session, with the state of then before it.

        Raises
        ------
        NotFoundError
            When it is over by then.
        """
        start = self._start()
        began_ms = instant_ms(self.messages[start].utc) if start is not None else None
        if began_ms is None:
            raise NotFoundError("the start of the session is not in this recording; play it from its beginning")
        wanted_ms = began_ms + time_s * 1000
        later = (n for n, message in enumerate(self.messages) if (instant_ms(message.utc) or 0) >= wanted_ms)
        first = next(later, None)
        if first is None:
            last_ms = max(instant_ms(message.utc) or 0 for message in self.messages)
            raise NotFoundError(f"the session is over by then: it ends {clock((last_ms - began_ms) / 1000)} after its start")
        return self._since(first)

    def _start(self) -> int | None:
        """Return the place of the message that says that the session has started."""
        return next((n for n, message in enumerate(self.messages) if _is_start(message)), None)

    def _since(self, first: int) -> Recording:
        state = deepcopy(self.snapshot)
        for message in islice(self.messages, first):
            merge(state, message.topic, message.data)
        return replace(self, snapshot=state, messages=self.messages[first:])


def clock(time_s: float) -> str:
    """Return a time as people write it.

    Examples
    --------
    >>> clock(750.2), clock(4210)
    ('12:30', '1:10:10')
    """
    minutes, seconds = divmod(int(time_s), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" if minutes >= 60 else f"{minutes}:{seconds:02}"


def read(path: str | Path) -> Recording:
    """Return a recording.

    Parameters
    ----------
    path
        A file of ``f1nb live record``, a file with one message a line, or a folder with ``live.txt``.

    Raises
    ------
    NotFoundError
        When there is no such file.
    SourceError
        When nothing in it is a message.
    """
    path = Path(path)
    folder, file = (path, path / _LIVE) if path.is_dir() else (path.parent, path)
    if not file.is_file():
        raise NotFoundError(f"there is no recording {file}; give the file, or a folder with {_LIVE}")
    content = file.read_bytes()
    found = _recorded(file) if content.startswith(_GZIP) else _lines(content)
    if not found.messages:
        raise SourceError(f"{file} is no recording of the live feed: no line of it is a message")
    return replace(found, snapshot=_snapshot(folder / _SNAPSHOT)) if file.name == _LIVE else found


def _recorded(file: Path) -> Recording:
    """Return what our recorder wrote."""
    from f1nb.live.recorder import read as events_of

    first: dict[str, Any] = {}
    messages: list[Message] = []
    state: dict[str, Any] = {}
    gaps = 0
    for event in events_of(file):
        match event:
            case Message():
                current.take(state, event)
                messages.append(event)
            case Snapshot():
                if state:
                    messages += current.messages(state, event, messages[-1].utc if messages else "")
                else:
                    first = event.topics
                current.renewed(state, event)
            case _:
                gaps += 1
    return Recording(first, messages, gaps=gaps)


def _lines(content: bytes) -> Recording:
    lines = [line for line in content.splitlines() if line.strip()]
    messages = [sent for line in lines for sent in parsed(line)]
    damaged = sum(not any(True for _ in parsed(line)) for line in lines) if len(messages) < len(lines) else 0
    return Recording({}, messages, damaged)


def _lap(message: Message) -> int | None:
    match message:
        case Message("LapCount", {"CurrentLap": int(lap)}):
            return lap
    return None


def _is_start(message: Message) -> bool:
    match message:
        case Message("SessionStatus", {"Status": "Started"}):
            return True
        case Message("SessionData", {"StatusSeries": dict(series)}):
            return any(isinstance(item, dict) and item.get("SessionStatus") == "Started" for item in series.values())
    return False


def parsed(line: bytes) -> Iterator[Message]:
    """Yield the messages of one line, whichever of the three forms it has; none where it has none of them.

    Examples
    --------
    >>> list(parsed(b"['WeatherData', {'AirTemp': '24.3', '_kf': True}, '2024-05-18T13:59:29.968Z']"))
    [Message(topic='WeatherData', data={'AirTemp': '24.3', '_kf': True}, utc='2024-05-18T13:59:29.968Z')]
    >>> list(parsed(b'{"Type": "LapCount", "Json": {"CurrentLap": 4}, "DateTime": "2024-05-19T13:09:29Z"}'))
    [Message(topic='LapCount', data={'CurrentLap': 4}, utc='2024-05-19T13:09:29Z')]
    """
    said = _value(line)
    if isinstance(said, dict):
        inner = said.get("M")
        if isinstance(inner, list):  # several in one frame
            for part in inner:
                yield from _sent(part.get("A") if isinstance(part, dict) else None)
        elif "Type" in said and "Json" in said:
            patch = said["Json"]
            yield from _sent([said["Type"], _value(patch.encode()) if _is_json(patch) else patch, said.get("DateTime")])
        else:
            yield from _sent(said.get("A"))
    else:
        yield from _sent(said)


def _sent(parts: Any) -> Iterator[Message]:
    if isinstance(parts, list) and len(parts) >= 2 and isinstance(parts[0], str):
        yield Message(parts[0], parts[1], str(parts[2]) if len(parts) > 2 else "")


def _is_json(patch: Any) -> bool:
    return isinstance(patch, str) and patch[:1] in {"{", "["}


def _value(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        pass
    try:
        return ast.literal_eval(content.decode())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def _snapshot(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    said = _value(path.read_bytes())
    if not isinstance(said, dict):
        raise SourceError(f"{path} is no snapshot of the live feed: remove it, and the recording is read without")
    inner = said.get("R", said.get("result"))  # the answer of the hub around it
    return inner if isinstance(inner, dict) else said
