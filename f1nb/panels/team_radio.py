"""What drivers and their teams said to one another."""

from __future__ import annotations

import traitlets as t

from f1nb.panels._base import Panel
from f1nb.panels._wire import STATIC


class TeamRadio(Panel):
    """The radio messages that were published up to the clock's time, newest first, with a player.

    Recordings come from the official host when somebody plays them, and from nowhere else.

    Examples
    --------
    >>> import f1nb
    >>> race = f1nb.simulate(laps=3, cars=4)
    >>> radio = f1nb.TeamRadio(race, clock=f1nb.Clock(race))
    """

    _esm = STATIC / "team_radio.js"
    _css = STATIC / "team_radio.css"

    title = t.Unicode("Team radio", help="Heading.").tag(sync=True)
    only_selected = t.Bool(default_value=False, help="Only the messages of selected drivers.").tag(sync=True)

    _needs = ("session", "drivers", "radio")
    _data = ("radio",)
