"""What race control has said so far."""

from __future__ import annotations

import traitlets as t

from f1nb.panels._base import Panel
from f1nb.panels._wire import STATIC


class RaceControl(Panel):
    """The messages of race control up to the clock's time, newest first.

    Examples
    --------
    >>> import f1nb
    >>> race = f1nb.simulate(laps=3, cars=4)
    >>> messages = f1nb.RaceControl(race, clock=f1nb.Clock(race), category="flags")
    """

    _esm = STATIC / "race_control.js"
    _css = STATIC / "race_control.css"

    title = t.Unicode("Race control", help="Heading.").tag(sync=True)
    category = t.Enum(
        ("all", "flags", "safety_car", "cars", "other"), "all", help="Which messages: all flags safety_car cars other."
    ).tag(sync=True)

    _needs = ("race_control", "drivers")
    _data = ("race_control",)
