"""What a feed says now: the state of its topics in one session, and the messages that lead from one state to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from f1nb.live.history import instant_ms
from f1nb.live.protocol import Message, Snapshot, merge

_SAME: Any = object()
_INFO = "SessionInfo"
_DATED = {"RaceControlMessages": "Messages", "TeamRadio": "Captures"}  # items that carry their own instant


def begins_another(state: Mapping[str, Any], info: Any) -> bool:
    """Return whether what is said of ``SessionInfo`` is of another session than the state.

    Examples
    --------
    >>> state = {"SessionInfo": {"Key": 9511, "Name": "Qualifying"}}
    >>> begins_another(state, {"Key": 9515, "Name": "Race"}), begins_another(state, {"ArchiveStatus": {"Status": "Complete"}})
    (True, False)
    """
    held = state.get(_INFO)
    before = held.get("Key") if isinstance(held, dict) else None
    after = info.get("Key") if isinstance(info, dict) else None
    return before is not None and after is not None and str(before) != str(after)


def take(state: dict[str, Any], message: Message) -> bool:
    """Apply a message to the state and return whether another session has begun with it: then nothing else is left of it.

    Examples
    --------
    >>> state = {"SessionInfo": {"Key": 9511}, "LapCount": {"CurrentLap": 63}}
    >>> take(state, Message("SessionInfo", {"Key": 9515, "Name": "Race"}, "2024-05-19T12:00:00Z")), state
    (True, {'SessionInfo': {'Key': 9515, 'Name': 'Race'}})
    """
    is_another = message.topic == _INFO and begins_another(state, message.data)
    if is_another:
        for topic in state.keys() - {_INFO}:
            del state[topic]
    merge(state, message.topic, message.data)
    return is_another


def renewed(state: dict[str, Any], snapshot: Snapshot) -> bool:
    """Put a snapshot in the place of the state of its topics, and of all topics where it is of another session; return which.

    Examples
    --------
    >>> state = {"SessionInfo": {"Key": 9511}, "LapCount": {"CurrentLap": 63}}
    >>> renewed(state, Snapshot({"LapCount": {"CurrentLap": 64}})), state
    (False, {'SessionInfo': {'Key': 9511}, 'LapCount': {'CurrentLap': 64}})
    """
    is_another = begins_another(state, snapshot.topics.get(_INFO))
    if is_another:
        state.clear()
    for topic, data in snapshot.topics.items():
        state.pop(topic, None)
        merge(state, topic, data)  # a copy: later messages change it
    return is_another


def messages(state: Mapping[str, Any], snapshot: Snapshot, utc: str) -> Iterator[Message]:
    """Yield the messages that make a snapshot of a state: what differs, or all of it where it is of another session.

    Parameters
    ----------
    state
        What those who get the messages have.
    snapshot
        What they are to have.
    utc
        The instant of the snapshot. Messages of race control and radio carry their own.

    Examples
    --------
    >>> list(
    ...     messages(
    ...         {"LapCount": {"CurrentLap": 3, "TotalLaps": 63}}, Snapshot({"LapCount": {"CurrentLap": 4, "TotalLaps": 63}}), ""
    ...     )
    ... )
    [Message(topic='LapCount', data={'CurrentLap': 4}, utc='')]
    """
    is_another = begins_another(state, snapshot.topics.get(_INFO))
    for topic in sorted(snapshot.topics, key=lambda topic: topic != _INFO):  # first whose session all the others are of
        patch = _difference(state.get(topic), snapshot.topics[topic], whole=is_another)
        if patch is not _SAME:
            yield from _dated(Message(topic, patch, utc))
    if is_another:
        for topic, held in state.items():
            if topic not in snapshot.topics and isinstance(held, dict):
                yield Message(topic, {"_deleted": list(held)}, utc)


def _difference(held: Any, new: Any, *, whole: bool) -> Any:
    """Return the patch that makes one state of the other, ``_SAME`` where none is needed.

    ``whole`` says all that is new, and what goes: right for whoever has what was held, and for whoever has nothing.
    """
    if isinstance(held, dict) and isinstance(new, dict):
        gone = [key for key, value in held.items() if key not in new or _would_stay(value, new[key])]
        patch: dict[str, Any] = {"_deleted": gone} if gone else {}
        for key, value in new.items():
            inner = value if key not in held or key in gone else _difference(held[key], value, whole=whole)
            if inner is not _SAME:
                patch[key] = inner
        return patch if patch or whole else _SAME
    if isinstance(held, list) and isinstance(new, list) and not whole and len(held) <= len(new):
        if any(_would_stay(before, after) for before, after in zip(held, new, strict=False)):
            return new
        items = {str(i): _difference(*pair, whole=False) for i, pair in enumerate(zip(held, new, strict=False))}
        items |= {str(i): new[i] for i in range(len(held), len(new))}
        return {i: item for i, item in items.items() if item is not _SAME} or _SAME
    return _SAME if not whole and held == new and type(held) is type(new) else new


def _dated(message: Message) -> Iterator[Message]:
    """Yield a message as one for each item that carries its own instant, a list still as a list."""
    name = _DATED.get(message.topic)
    items = message.data.get(name) if name and isinstance(message.data, dict) and "_deleted" not in message.data else None
    if not isinstance(items, list | dict) or "_deleted" in items:
        yield message
        return
    is_list = isinstance(items, list)
    for index, item in enumerate(items) if is_list else items.items():
        own = item.get("Utc") if isinstance(item, dict) else None
        part = [item] if is_list and not index else {str(index): item}
        yield Message(message.topic, {name: part}, own if isinstance(own, str) and instant_ms(own) else message.utc)
    rest = {key: value for key, value in message.data.items() if key != name}
    if rest or not items:
        yield message._replace(data=rest if items else message.data)


def _would_stay(held: Any, new: Any) -> bool:
    """Return whether an object would be taken for changes to the list that is there."""
    return isinstance(held, list) and isinstance(new, dict)
