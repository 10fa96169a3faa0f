"""How often each driver has left the track."""

from __future__ import annotations

import traitlets as t

from f1nb.panels._base import Panel
from f1nb.panels._wire import STATIC


class TrackLimits(Panel):
    """The lap times that race control has deleted for track limits up to the clock's time, counted by driver.

    Who was shown the black and white flag or given a penalty for it is marked; a click on a driver lists turn, lap and time of
    each.

    Examples
    --------
    >>> import f1nb
    >>> race = f1nb.simulate(laps=3, cars=4)
    >>> limits = f1nb.TrackLimits(race, clock=f1nb.Clock(race))
    """

    _esm = STATIC / "track_limits.js"
    _css = STATIC / "track_limits.css"

    title = t.Unicode("Track limits", help="Heading.").tag(sync=True)

    _needs = ("session", "drivers", "track_limits")
    _data = ("race_control",)
