"""Patches as the feed sends them, and what they change, which is a patch again.

The rules are those of `f1nb.sources.archive.streams.merged`.
"""

from __future__ import annotations

from typing import Any

from f1nb.sources.archive.streams import merged


def merge(state: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """Change a state by a patch, and return what of the patch is new: itself, where all of it is; empty, where nothing is.

    Examples
    --------
    >>> state = {"Lines": {"4": {"Position": "2", "InPit": False}}}
    >>> merge(state, {"Lines": {"4": {"Position": "1", "InPit": False}}})
    {'Lines': {'4': {'Position': '1'}}}
    """
    changes: dict[str, Any] | None = None  # nearly always all of it is new: nothing is built until something is not
    for key, value in patch.items():
        held = state.get(key)
        kind = type(value)
        if kind is dict and type(held) is dict:
            new = merge(held, value)
            is_new = new is value
        elif kind is str or kind is int or kind is bool:
            is_new = held != value or type(held) is not kind
            new = value if is_new else {}
            if is_new:
                state[key] = value
        else:
            new = _seldom(state, key, value)
            is_new = new is value
        if changes is not None:
            if is_new or new:
                changes[key] = new
        elif not is_new:
            changes = {}
            for before, earlier in patch.items():
                if before == key:
                    break
                changes[before] = earlier
            if new:
                changes[key] = new
    return patch if changes is None else changes


def _seldom(state: dict[str, Any], key: str, value: Any) -> Any:
    """Do what few patches ask for; return what is new, the value itself where all of it is, an empty dict where nothing is."""
    held = state.get(key)
    if key == "_deleted" and type(value) is list:
        gone = [name for name in map(str, value) if name in state]
        for name in gone:
            state.pop(name, None)
        return value if len(gone) == len(value) else gone or {}
    if type(value) in (list, dict):
        new = merged(None, value)
        if type(held) is dict and not difference(held, new):
            return {}
        state[key] = new
        return value
    if held == value and type(held) is type(value) and key in state:
        return {}
    state[key] = value
    return value


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
