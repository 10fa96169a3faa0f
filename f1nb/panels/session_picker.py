"""The list of sessions to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import anywidget
import traitlets as t

from f1nb.panels._wire import STATIC
from f1nb.schema import SESSIONS

_KEY = ("year", "event", "session")
_SIMULATED = {"year": 2026, "event": "Simulated Grand Prix", "session": "R", "is_simulated": True}


class SessionPicker(anywidget.AnyWidget):
    """A button that opens a searchable list of sessions.

    On a dashboard, choosing one opens its address (``?year=…&event=…&session=…``); in a notebook it sets ``value``. In a
    standalone file, where nobody could load another session, it is not shown.

    Parameters
    ----------
    sessions
        Mappings with ``year``, ``event`` and ``session`` (``R``, ``Q`` …), and ``is_simulated`` or ``is_shared``, of another
        store than this machine's, where it is true; in the order of the list. The simulated Grand Prix is always there to
        choose, at the end.
    value
        The one that is open.

    Raises
    ------
    ValueError
        When one of them lacks a year, an event or a session.

    Examples
    --------
    >>> picker = SessionPicker([{"year": 2025, "event": "Dutch Grand Prix", "session": "R"}])
    >>> picker.observe(lambda change: print(change["new"]["event"]), "value")
    >>> picker.value = {"year": 2025, "event": "Dutch Grand Prix", "session": "R"}
    Dutch Grand Prix
    """

    _esm = STATIC / "session_picker.js"
    _css = STATIC / "session_picker.css"

    sessions = t.List(t.Dict(), help="What there is to choose from.").tag(sync=True)
    value = t.Dict(None, allow_none=True, help="The chosen one.").tag(sync=True)

    def __init__(self, sessions: Iterable[Mapping[str, Any]] = (), *, value: Mapping[str, Any] | None = None) -> None:
        entries = [_entry(s) for s in sessions]
        if not any(s["is_simulated"] for s in entries):
            entries.append(_SIMULATED)
        super().__init__(sessions=entries, value=None if value is None else _entry(value))

    @t.validate("value")
    def _complete(self, proposal: t.Bunch) -> dict[str, Any] | None:
        return None if proposal["value"] is None else _entry(proposal["value"])


def _entry(session: Mapping[str, Any]) -> dict[str, Any]:
    lacking = [name for name in _KEY if not session.get(name)]
    if lacking:
        raise ValueError(f"a session to choose needs {', '.join(_KEY)}; {', '.join(lacking)} is missing in {dict(session)}")
    if session["session"] not in SESSIONS:
        raise ValueError(f"no kind of session {session['session']!r}; there are {', '.join(SESSIONS)}")
    shared = {"is_shared": True} if session.get("is_shared") else {}
    return {name: session[name] for name in _KEY} | {"is_simulated": bool(session.get("is_simulated"))} | shared
