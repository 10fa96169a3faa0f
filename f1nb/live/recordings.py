"""Recordings of the live feed, in the three forms that are found: one message a line.

- ``{"H": "Streaming", "M": "feed", "A": [topic, patch, utc]}``, as the classic protocol sends it
- ``{"Type": topic, "Json": patch, "DateTime": utc}``
- ``[topic, patch, utc]`` as Python writes a list, with single quotes; FastF1 records so

A folder can have the messages in ``live.txt`` and the snapshot before them in ``subscribe.txt``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from f1nb.errors import NotFoundError, SourceError
from f1nb.live.state import State

_LIVE, _SNAPSHOT = "live.txt", "subscribe.txt"


class Sent(NamedTuple):
    """A message as it was sent."""

    topic: str
    patch: Any
    utc: Any


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded of a feed.

    Attributes
    ----------
    snapshot
        State by topic before the first message; empty where it was not recorded.
    messages
        Those that came, in order.
    damaged
        How many lines could not be read.
    """

    snapshot: dict[str, Any]
    messages: list[Sent]
    damaged: int

    def state(self) -> State:
        """Return what all of it says."""
        state = State()
        state.snapshot(self.snapshot)
        for message in self.messages:
            state.apply(*message)
        return state


def read(path: str | Path) -> Recording:
    """Return a recording.

    Parameters
    ----------
    path
        A file with one message a line, or a folder with ``live.txt``.

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
    lines = [line for line in content.splitlines() if line.strip()]
    messages = [sent for line in lines for sent in parsed(line)]
    damaged = sum(not any(True for _ in parsed(line)) for line in lines) if len(messages) < len(lines) else 0
    if not messages:
        raise SourceError(f"{file} is no recording of the live feed: no line of it is a message")
    return Recording(_snapshot(folder / _SNAPSHOT) if file.name == _LIVE else {}, messages, damaged)


def parsed(line: bytes) -> Iterator[Sent]:
    """Yield the messages of one line, whichever of the three forms it has; none where it has none of them.

    Examples
    --------
    >>> list(parsed(b"['WeatherData', {'AirTemp': '24.3', '_kf': True}, '2024-05-18T13:59:29.968Z']"))
    [Sent(topic='WeatherData', patch={'AirTemp': '24.3', '_kf': True}, utc='2024-05-18T13:59:29.968Z')]
    >>> list(parsed(b'{"Type": "LapCount", "Json": {"CurrentLap": 4}, "DateTime": "2024-05-19T13:09:29Z"}'))
    [Sent(topic='LapCount', patch={'CurrentLap': 4}, utc='2024-05-19T13:09:29Z')]
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


def _sent(parts: Any) -> Iterator[Sent]:
    if isinstance(parts, list) and len(parts) >= 2 and isinstance(parts[0], str):
        yield Sent(parts[0], parts[1], parts[2] if len(parts) > 2 else None)


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
