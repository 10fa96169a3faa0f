"""The header of a session."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets as t

from f1nb.panels._base import Panel
from f1nb.panels._wire import STATIC
from f1nb.panels.clock import Clock
from f1nb.panels.selection import Selection
from f1nb.session import GrowingSession, Session


class SessionHeader(Panel):
    """One line over everything: flag, lap or what remains of the session, event, and what kind of data this is.

    A badge says how healthy the data are and opens what `Session.health` found. A `SessionPicker` given as ``picker`` stands
    beside the event.

    Examples
    --------
    >>> import f1nb
    >>> header = SessionHeader(f1nb.simulate(laps=3, cars=4))
    >>> [badge["text"] for badge in header.badges]
    ['SIMULATED']
    """

    _esm = STATIC / "session_header.js"
    _css = STATIC / "session_header.css"
    _needs = ("session", "status", "session_status", "session_clock", "leader_laps", "drivers", "health")
    _data = ("session",)

    title = t.Unicode("Session", help="What screen readers call it.").tag(sync=True)
    badges = t.List(
        t.Dict(),
        help="Said at the right: dicts of kind (live, connecting, lost, replay, simulated, provisional, sign_in, failed), text "
        "and title, the sentence behind it. None given: what the session says of itself.",
    ).tag(sync=True)
    picker = anywidget.WidgetTrait().tag(sync=True)

    def __init__(
        self, session: Session, *, clock: Clock | None = None, selection: Selection | None = None, **traits: Any
    ) -> None:
        traits.setdefault("badges", _badges(session))
        super().__init__(session, clock=clock, selection=selection, **traits)

    def _renew(self) -> None:
        super()._renew()
        self.badges = _badges(self.session)


def _badges(session: Session) -> list[dict[str, str]]:
    is_simulated = session.info["is_simulated"]
    badges: list[dict[str, str]] = []
    if isinstance(session, GrowingSession):
        badges += session.badges
    elif not is_simulated:
        badges.append({"kind": "replay", "text": "Replay", "title": "These data were recorded; nothing here is live"})
    if is_simulated:
        badges.append({"kind": "simulated", "text": "SIMULATED", "title": "This session never took place"})
    if session.results["is_provisional"].any():
        note = session.data_sets.filter(table="results")["note"].drop_nulls()
        title = note[0] if len(note) else "As they crossed the line; the stewards' decisions are not in it"
        badges.append({"kind": "provisional", "text": "Provisional", "title": title})
    for state, words in (("needs_sign_in", "needs sign-in"), ("failed", "failed")):
        rows = session.data_sets.filter(state=state)
        if rows.is_empty():
            continue
        names = [name.replace("_", " ") for name in rows["table"].sort()]
        what = names[0].capitalize() if len(names) == 1 else f"{len(names)} data sets"
        notes = rows["note"].drop_nulls()
        title = f"{', '.join(names).capitalize()}: {notes[0] if len(notes) else words}"
        badges.append({"kind": state.removeprefix("needs_"), "text": f"{what}: {words}", "title": title})
    return badges
