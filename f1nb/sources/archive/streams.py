"""The lines of a ``.jsonStream`` file: a time, and a patch of the state that the feed publishes.

Files begin with a byte-order mark. A line is ``HH:MM:SS.mmm`` since the stream began, then JSON. A patch holds only what
changed: lists come whole in the first message and later as objects keyed by index, ``_deleted`` names the keys that are gone.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

BOM = b"\xef\xbb\xbf"
STAMP = len("00:00:00.000")


class Message(NamedTuple):
    """One line: milliseconds since the stream began, and the patch."""

    time_ms: int
    patch: Any


class Leaf(NamedTuple):
    """One value that changed: since when, where in the state, and what it is now; None where it was deleted."""

    time_ms: int
    path: tuple[str, ...]
    value: Any


def messages(content: bytes) -> tuple[list[Message], int]:
    r"""Return the messages of a file in their order, and how many lines could not be read.

    Times never go back: a message with an earlier one than that before it came late, and counts from when it came.

    Examples
    --------
    >>> messages(b'00:00:01.500{"Status":"Started"}\r\n00:00:02.0')
    ([Message(time_ms=1500, patch={'Status': 'Started'})], 1)
    """
    found: list[Message] = []
    damaged = latest_ms = 0
    for line in content.removeprefix(BOM).splitlines():
        if not line.strip():
            continue
        try:
            time_ms, patch = milliseconds(line[:STAMP]), orjson.loads(line[STAMP:])
        except ValueError:  # cut short, or of another kind
            damaged += 1
            continue
        latest_ms = max(latest_ms, time_ms)
        found.append(Message(latest_ms, patch))
    return found, damaged


def milliseconds(stamp: bytes) -> int:
    """Return a stamp, ``HH:MM:SS.mmm``, in milliseconds."""
    hours, minutes, seconds = stamp.split(b":")
    whole, thousandths = seconds.split(b".")
    return (int(hours) * 3600 + int(minutes) * 60 + int(whole)) * 1000 + int(thousandths)


def stamp(time_ms: int) -> bytes:
    """Return a time of the stream as a line begins with it.

    Examples
    --------
    >>> stamp(3_723_045)
    b'01:02:03.045'
    """
    seconds, thousandths = divmod(time_ms, 1000)
    return b"%02d:%02d:%02d.%03d" % (seconds // 3600, seconds // 60 % 60, seconds % 60, thousandths)


def leaves(patch: Any, time_ms: int = 0) -> list[Leaf]:
    """Return each value of a patch with its place. Items of a list are ``"0"``, ``"1"`` and so on.

    Examples
    --------
    >>> [leaf.path for leaf in leaves({"Lines": {"4": {"Sectors": [{"Value": "28.1"}]}}})]
    [('Lines', '4', 'Sectors', '0', 'Value')]
    """
    found: list[Leaf] = []

    def collect(part: Any, path: tuple[str, ...]) -> None:
        if isinstance(part, list):
            part = {str(i): value for i, value in enumerate(part)}
        if not isinstance(part, dict):
            found.append(Leaf(time_ms, path, part))
            return
        for key, value in part.items():
            if key == "_deleted" and isinstance(value, list):
                found.extend(Leaf(time_ms, (*path, str(gone)), None) for gone in value)
            else:
                collect(value, (*path, key))

    collect(patch, ())
    return found


def merged(state: Any, patch: Any) -> Any:
    """Return the state after a patch; the state given is changed where it can be.

    Examples
    --------
    >>> merged({"Sectors": [{"Value": ""}], "Old": 1}, {"Sectors": {"0": {"Value": "28.1"}}, "_deleted": ["Old"]})
    {'Sectors': {'0': {'Value': '28.1'}}}
    """
    if isinstance(patch, list):
        patch = {str(i): value for i, value in enumerate(patch)}
        state = None  # a list comes whole
    if not isinstance(patch, dict):
        return patch
    if isinstance(state, list):
        state = {str(i): value for i, value in enumerate(state)}
    if not isinstance(state, dict):
        state = {}
    for key, value in patch.items():
        if key == "_deleted" and isinstance(value, list):
            for gone in value:
                state.pop(str(gone), None)
        else:
            state[key] = merged(state.get(key), value)
    return state
