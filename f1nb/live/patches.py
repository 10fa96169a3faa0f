"""Patches as the feed sends them, and what they change, which is a patch again.

The rules are those of `f1nb.sources.archive.streams.merged`.
"""

from __future__ import annotations

from typing import Any

from f1nb.sources.archive.streams import merged


def merge(state: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """Change a state by a patch, and return what of the patch is new; empty where nothing is.

    Examples
    --------
    >>> state = {"Lines": {"4": {"Position": "2", "InPit": False}}}
    >>> merge(state, {"Lines": {"4": {"Position": "1", "InPit": False}}})
    {'Lines': {'4': {'Position': '1'}}}
    """
    changes: dict[str, Any] = {}
    for key, value in patch.items():
        held = state.get(key)
        kind = type(value)
        if kind is dict and type(held) is dict:
            inner = merge(held, value)
            if inner:
                changes[key] = inner
        elif kind is list and key == "_deleted":
            gone = [name for name in map(str, value) if name in state]
            for name in gone:
                state.pop(name, None)
            if gone:
                changes[key] = gone
        elif kind is list or kind is dict:
            new = merged(None, value)
            if type(held) is not dict or difference(held, new):
                state[key] = new
                changes[key] = value
        elif held != value or type(held) is not kind or (value is None and key not in state):
            state[key] = changes[key] = value
    return changes


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
