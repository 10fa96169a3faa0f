"""The weather at the circuit."""

from __future__ import annotations

import traitlets as t

from f1nb.panels._base import Panel
from f1nb.panels._wire import STATIC


class Weather(Panel):
    """Air, track, humidity, wind, rain and pressure at the clock's time, and how they have changed since the start.

    Examples
    --------
    >>> import f1nb
    >>> race = f1nb.simulate(laps=3, cars=4)
    >>> weather = f1nb.Weather(race, clock=f1nb.Clock(race))
    """

    _esm = STATIC / "weather.js"
    _css = STATIC / "weather.css"

    title = t.Unicode("Weather", help="Heading.").tag(sync=True)

    _needs = ("weather",)
    _data = ("weather",)
