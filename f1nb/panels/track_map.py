"""The circuit with the cars on it."""

from __future__ import annotations

import difflib

import traitlets as t

from f1nb.panels._base import Panel
from f1nb.panels._wire import STATIC
from f1nb.session import GrowingSession, Session

_REMEDIED = ("act", "error")  # notes on what is missing that something can be done about


class TrackMap(Panel):
    """The circuit, every car on it at the session clock, and a lap as its colour.

    Where positions are not published, the cars are placed by the mini-sectors that they complete, or by the sectors, and the
    panel says so; where the shape of the circuit is not known, they go around a loop. Yellow flags stand on the marshal sectors
    that race control names.

    A click on a car selects its driver. The lap that colours the circuit is the first selected lap, else the best lap of the
    first selected driver, else the fastest lap of all, as far as they are driven at the session clock; the legend says which.

    Examples
    --------
    >>> import f1nb
    >>> race = f1nb.simulate(laps=3, cars=4)
    >>> f1nb.TrackMap(race, color_by="gear", follow=race.drivers["driver"][0]).color_by
    'gear'
    """

    _esm = STATIC / "track_map.js"
    _css = STATIC / "track_map.css"
    _needs = (
        "session", "drivers", "positions", "mini_sectors", "timing", "circuit", "status", "race_control", "laps", "traces",
        "pit_losses",
    )  # fmt: skip
    _data = ("positions", "circuit")

    title = t.Unicode("Track", help="Heading.").tag(sync=True)
    color_by = t.Enum(
        ("plain", "speed", "throttle", "brake", "gear"), "speed", help="What the colour of the circuit shows."
    ).tag(sync=True)
    follow = t.Unicode(None, allow_none=True, help="The driver whose car stays in the middle; None: the whole circuit.").tag(
        sync=True
    )
    pit_exit = t.Bool(
        False, help="Show where the followed car, else the first selected one, would come out of the pits; in races."
    ).tag(sync=True)

    def _states(self) -> list[dict[str, object]]:
        """Return what is missing, in words; how the cars are placed where there are no positions."""
        notes = super()._states()
        session = self.session
        if session.positions.height:  # a session that is joined in the middle has some, and does not count them
            return [note | {"blank": False} for note in notes]
        is_waiting = isinstance(session, GrowingSession) and session.is_live
        by = _placed_by(session)
        if not by and not is_waiting:
            return notes
        told = [note | {"blank": False} for note in notes if note["kind"] in _REMEDIED]
        if not by:
            return told
        text = (
            f"Positions are not in the data. A car's place is known when it completes one of its {by}; in between it is worked "
            "out from its pace. Where on the circuit they end is approximate, unless that is published."
        )
        return [*told, {"kind": "derived", "title": f"by {by}", "text": text, "code": "", "blank": False}]

    @t.validate("follow")
    def _valid_follow(self, proposal: t.Bunch) -> str | None:
        codes = self.session.drivers["driver"].to_list()
        if proposal["value"] is not None and proposal["value"] not in codes:
            near = difflib.get_close_matches(proposal["value"].upper(), codes, n=3, cutoff=0.3) or codes
            raise t.TraitError(f"no driver {proposal['value']!r} to follow; did you mean {', '.join(near)}?")
        return proposal["value"]


def _placed_by(session: Session) -> str | None:
    if session.mini_sectors.height:
        return "mini-sectors"
    return "sectors" if session.timing["field"].is_in(["sector_1_time_s"]).any() else None
