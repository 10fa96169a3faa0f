"""What race control has said so far."""

from __future__ import annotations

import traitlets as t

from f1nb.panels._base import Panel
from f1nb.panels._wire import STATIC
from f1nb.session import GrowingSession

CATEGORIES = ("all", "flags", "safety_car", "cars", "stewards", "track_limits", "other")


class RaceControl(Panel):
    """The messages of race control up to the clock's time, newest first.

    The viewer can switch on a chime and notifications of the browser, and name favourite drivers; the browser remembers them.
    They come when the clock passes the message, so a TV delay holds for them, too.

    Examples
    --------
    >>> import f1nb
    >>> race = f1nb.simulate(laps=3, cars=4)
    >>> messages = f1nb.RaceControl(race, clock=f1nb.Clock(race), category="stewards", only_selected=True)
    """

    _esm = STATIC / "race_control.js"
    _css = STATIC / "race_control.css"

    title = t.Unicode("Race control", help="Heading.").tag(sync=True)
    category = t.Enum(
        CATEGORIES,
        "all",
        help="Which messages: all, flags, safety_car, cars, stewards (incidents and penalties), track_limits or other.",
    ).tag(sync=True)
    only_selected = t.Bool(default_value=False, help="Only the messages that name a selected driver.").tag(sync=True)

    _needs = ("session", "race_control", "session_status", "drivers")
    _data = ("race_control",)

    def _states(self) -> list[dict[str, object]]:
        """Return what is missing, in words; while a session goes on that is no reason to be blank: one can wait to be told."""
        is_live = isinstance(self.session, GrowingSession) and self.session.is_live
        return [note for note in super()._states() if not (is_live and note["blank"])]
