"""What every panel has: the shared clock and selection, its tables, a word for every state."""

from __future__ import annotations

import difflib
import time
from collections.abc import Sequence
from pathlib import Path
from threading import RLock
from typing import Any, ClassVar, Literal

import anywidget
import traitlets as t

from f1nb.export import to_html
from f1nb.panels._wire import columns
from f1nb.panels.clock import Clock
from f1nb.panels.selection import Selection
from f1nb.session import GrowingSession, Session

_KINDS = {"not_published": "info", "needs_sign_in": "act", "failed": "error", "partial": "warn"}
_LOCKED = {"needs_sign_in": "needs sign-in", "failed": "failed"}  # there is more, and something can be done about it
_NOTES_EVERY_S = 1.0  # nobody reads them faster


class Panel(anywidget.AnyWidget):
    """One linked view of a session.

    Parameters
    ----------
    session
        What it shows.
    clock
        The clock it follows. Without one it gets its own, and the controls for it below the panel.
    selection
        The drivers and laps it shares with other panels; without one its own.
    **traits
        The panel's public traits, e.g. ``title`` or ``height``.

    Raises
    ------
    TypeError
        For a keyword that the panel does not have.
    """

    title = t.Unicode(help="Heading.").tag(sync=True)
    height = t.Int(None, allow_none=True, help="Height in pixels; None: as the panel needs.").tag(sync=True)
    clock = anywidget.WidgetTrait().tag(sync=True)
    selection = anywidget.WidgetTrait().tag(sync=True)

    _tables = t.Dict().tag(sync=True)
    _notes = t.List().tag(sync=True)
    _error = t.Unicode().tag(sync=True)
    _owns_clock = t.Bool().tag(sync=True)

    _needs: ClassVar[tuple[str, ...]] = ()
    """Tables of `f1nb.panels._tables` that the browser half reads."""
    _data: ClassVar[tuple[str, ...]] = ()
    """Tables of the schema whose state is worth a word on the panel; without the first one it has nothing to show."""

    _owned: Sequence[anywidget.AnyWidget] = ()

    def __init__(
        self, session: Session, *, clock: Clock | None = None, selection: Selection | None = None, **traits: Any
    ) -> None:
        public = [n for n in self.class_trait_names(sync=True) if not n.startswith("_")]
        for name in traits:
            if name not in public:
                near = difflib.get_close_matches(name, public, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else f"; it has {', '.join(sorted(public))}"
                raise TypeError(f"{type(self).__name__} has no option {name!r}{hint}")
        self.session = session
        sent = {name: columns(session, name) for name in self._needs}
        self._lock, self._noted_s = RLock(), time.monotonic()
        self._columns = sent  # keeps them alive as long as the panel
        self._owned = owned = []
        if clock is None:
            owned.append(clock := Clock(session))
        if selection is None:
            owned.append(selection := Selection())
        super().__init__(
            clock=clock,
            selection=selection,
            _owns_clock=clock in owned,
            _tables={name: f"anywidget:{c.model_id}" for name, c in sent.items()},
            _notes=self._states(),
            **traits,
        )
        if isinstance(session, GrowingSession):
            session.watch(self._grow)

    def _grow(self) -> None:
        with self._lock:
            if self.comm is not None:
                self._renew()

    def _renew(self) -> None:
        """Take what a session that grows has come to."""
        now_s, session = time.monotonic(), self.session
        is_over = isinstance(session, GrowingSession) and not session.is_live
        if is_over or now_s - self._noted_s >= _NOTES_EVERY_S:
            self._noted_s, self._notes = now_s, self._states()

    def _states(self) -> list[dict[str, object]]:
        """Return what the data sets of this panel lack, in words; what is true of several of them once."""
        notes: dict[tuple[str, str, str], dict[str, object]] = {}
        named: dict[tuple[str, str, str], list[str]] = {}
        for row in self.session.data_sets.iter_rows(named=True):
            is_derived = row["origin"] == "derived" and row["rows"]
            if row["table"] not in self._data or (row["state"] == "available" and not is_derived):
                continue
            text, locked = row["note"] or "", _LOCKED.get(row["state"])
            kind = "derived" if is_derived else _KINDS[row["state"]]
            words = (f"derived, {locked}" if locked else "derived") if is_derived else locked or row["state"].replace("_", " ")
            same = kind, words, text
            named.setdefault(same, []).append(row["table"].replace("_", " "))
            title = words if is_derived else f"{', '.join(named[same]).capitalize()}: {words}."
            is_blank = not is_derived and row["state"] != "partial" and not row["rows"] and row["table"] == self._data[0]
            before = notes.get(same, {"blank": False})
            notes[same] = {"kind": kind, "title": title, "text": text, "code": "", "blank": is_blank or before["blank"]}
        return list(notes.values())

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take a change from the browser; what a callback raises is shown under the panel, not lost."""
        try:
            with self._lock:  # a feed's thread may be about to change something, too
                super().set_state(sync_data)
        except Exception as error:
            self._error = f"{type(error).__name__}: {error}"
            raise
        self._error = ""

    def close(self) -> None:
        """Close it, with the clock and the selection if it made them itself; what it shares stays."""
        if isinstance(self.session, GrowingSession):
            self.session.unwatch(self._grow)
        super().close()
        for widget in self._owned:
            widget.close()

    def to_html(self, path: str | Path, *, theme: Literal["light", "dark"] | None = None) -> Path:
        """Write it as one HTML file that plays without kernel, server or network; return its path. See `f1nb.export`."""
        return to_html(self, path, title=f"{self.session.title}: {self.title}", theme=theme)
