"""The circuit with the cars on it."""

from __future__ import annotations

import difflib

import traitlets as t

from f1nb.panels._base import Panel
from f1nb.panels._wire import STATIC


class TrackMap(Panel):
    """The circuit, every car on it at the session clock, and a lap as its colour.

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
    _needs = ("session", "drivers", "positions", "timing", "circuit", "status", "laps", "traces")
    _data = ("positions", "circuit")

    title = t.Unicode("Track", help="Heading.").tag(sync=True)
    color_by = t.Enum(
        ("plain", "speed", "throttle", "brake", "gear"), "speed", help="What the colour of the circuit shows."
    ).tag(sync=True)
    follow = t.Unicode(None, allow_none=True, help="The driver whose car stays in the middle; None: the whole circuit.").tag(
        sync=True
    )

    @t.validate("follow")
    def _valid_follow(self, proposal: t.Bunch) -> str | None:
        codes = self.session.drivers["driver"].to_list()
        if proposal["value"] is not None and proposal["value"] not in codes:
            near = difflib.get_close_matches(proposal["value"].upper(), codes, n=3, cutoff=0.3) or codes
            raise t.TraitError(f"no driver {proposal['value']!r} to follow; did you mean {', '.join(near)}?")
        return proposal["value"]
