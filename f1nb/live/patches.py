"""Patches as the feed sends them, and what they change: the rules of `f1nb.sources.archive.streams.merged`, leaf by leaf."""

from __future__ import annotations

from typing import Any

from f1nb.sources.archive.streams import Leaf, leaves, merged

_leaf = tuple.__new__  # half the time of the class's own, and a message has four of them


def merge(state: dict[str, Any], patch: dict[str, Any], path: tuple[str, ...], time_ms: int, changes: list[Leaf]) -> None:
    """Change a state by a patch and add each value that is another one now to ``changes``.

    Examples
    --------
    >>> state, changes = {"Lines": {"4": {"Position": "2", "InPit": False}}}, []
    >>> merge(state, {"Lines": {"4": {"Position": "1", "InPit": False}}}, (), 500, changes)
    >>> changes
    [Leaf(time_ms=500, path=('Lines', '4', 'Position'), value='1')]
    """
    for key, value in patch.items():
        held = state.get(key)
        kind = type(value)
        if kind is dict:
            if type(held) is dict:
                merge(held, value, (*path, key), time_ms, changes)
            else:
                state[key] = replaced(held, value, (*path, key), time_ms, changes)
        elif kind is list:
            if key != "_deleted":
                state[key] = replaced(held, value, (*path, key), time_ms, changes)
                continue
            for gone in map(str, value):
                if gone in state:
                    changes += _gone(state.pop(gone), (*path, gone), time_ms)
        elif held == value and type(held) is kind:
            if value is None and key not in state:
                state[key] = None
                changes.append(Leaf(time_ms, (*path, key), None))
        elif type(held) is dict:
            state[key] = replaced(held, value, (*path, key), time_ms, changes)
        else:
            state[key] = value
            changes.append(_leaf(Leaf, (time_ms, (*path, key), value)))


def replaced(held: Any, patch: Any, path: tuple[str, ...], time_ms: int, changes: list[Leaf]) -> Any:
    """Return the state that takes the place of another one and add to ``changes`` what differs.

    Parameters
    ----------
    held
        What was there. A list that comes takes the place of all of it.
    patch
        What comes.
    path, time_ms
        Where, and when.
    """
    new = merged(None, patch)
    before = _values(held, path) if held is not None else {}
    after = _values(new, path)
    changes += [Leaf(time_ms, place, None) for place in before.keys() - after.keys()]
    for place, value in after.items():
        if place not in before or before[place] != value or type(before[place]) is not type(value):
            changes.append(Leaf(time_ms, place, value))
    return new


def difference(held: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return the patch that makes one state of the other; empty where they are the same.

    Examples
    --------
    >>> difference({"a": 1, "b": {"c": 2, "d": 3}, "e": 4}, {"a": 1, "b": {"c": 5, "d": 3}})
    {'b': {'c': 5}, '_deleted': ['e']}
    """
    patch: dict[str, Any] = {}
    for key, value in new.items():
        before = held.get(key)
        if type(value) is dict and type(before) is dict:
            inner = difference(before, value)
            if inner:
                patch[key] = inner
        elif key not in held or before != value or type(before) is not type(value):
            patch[key] = value
    gone = [key for key in held if key not in new]
    return patch | {"_deleted": gone} if gone else patch


def _values(state: Any, path: tuple[str, ...]) -> dict[tuple[str, ...], Any]:
    return {(*path, *leaf.path): leaf.value for leaf in leaves(state)}


def _gone(held: Any, path: tuple[str, ...], time_ms: int) -> list[Leaf]:
    return [Leaf(time_ms, place, None) for place in _values(held, path)] or [Leaf(time_ms, path, None)]
