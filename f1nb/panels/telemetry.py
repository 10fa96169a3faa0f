"""Telemetry of laps, laid over one another."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import anywidget
import orjson
import polars as pl
import traitlets as t

from f1nb.analysis.telemetry import TRACE_SCHEMA, lap_traces
from f1nb.charts import channels
from f1nb.charts.channels import CHANNELS
from f1nb.panels._base import Panel
from f1nb.panels._wire import STATIC, encode
from f1nb.panels.bokeh import Bokeh, bokeh_js
from f1nb.session import Session
from f1nb.store import kept

_MOST_ASKED = 32  # laps picked in the browser beyond those that every session sends; about 2 KB each


class Telemetry(Panel):
    """Speed, delta, throttle, brake, gear, engine speed and DRS of any number of laps, over distance or time.

    The first lap is the reference of the delta, which is tied to the official lap and sector times. Without ``laps`` it shows
    what the selection says, or each selected driver's best of the stints so far.

    Parameters
    ----------
    session
        What it shows.
    laps
        (driver, lap) of each lap.
    over
        ``"distance"`` or ``"time"``.
    channels
        What to draw, from top to bottom.

    Examples
    --------
    >>> import f1nb
    >>> race = f1nb.simulate(seed=7, laps=3, cars=4)
    >>> first, second = race.drivers["driver"][:2]
    >>> panel = f1nb.Telemetry(race, laps=[(first, 2), (second, 2)])
    >>> panel.laps == [(first, 2), (second, 2)]
    True
    """

    _esm = STATIC / "telemetry.js"
    _css = STATIC / "telemetry.css"
    _needs = ("session", "drivers", "laps", "traces", "circuit", "positions")
    _data = ("telemetry", "circuit")

    title = t.Unicode("Telemetry", help="Heading.").tag(sync=True)
    laps = t.List(help="Laps to show, as (driver, lap); the first is the reference. Empty: what the selection says.").tag(
        sync=True
    )
    over = t.Enum(("distance", "time"), "distance", help="What the x axis is.").tag(sync=True)
    channels = t.List(t.Unicode(), help=f"What to draw, from top to bottom: {', '.join(CHANNELS)}.").tag(sync=True)

    _bokeh = anywidget.WidgetTrait().tag(sync=True)
    _figures = t.List(help="For each channel that this season has: name, label, unit, share, Bokeh's JSON.").tag(sync=True)
    _asked = t.Bytes(help="Traces of laps that are not among those every session sends.").tag(sync=True)
    _missing = t.List(help="Laps asked for that have no telemetry, as (driver, lap).").tag(sync=True)

    def __init__(self, session: Session, **options: Any) -> None:
        self._sent = set(session.traces.select("driver", "lap").unique().iter_rows())
        self._extra: dict[tuple[str, int], None] = {}
        self.session = session  # validators need it before the panel has it
        super().__init__(session, **options)
        self.on_msg(self._answer)

    @t.default("channels")
    def _default_channels(self) -> list[str]:
        return [name for name in self._offered if name != "rpm"]

    @t.default("_bokeh")
    def _default_bokeh(self) -> Bokeh:
        return bokeh_js()

    @t.default("_figures")
    def _default_figures(self) -> list[dict[str, Any]]:
        return [figures()[name] for name in self._offered]

    @property
    def _offered(self) -> list[str]:
        return [name for name in CHANNELS if name != "drs" or self.session.season.has_drs]

    @t.validate("laps")
    def _valid_laps(self, proposal: t.Bunch) -> list[tuple[str, int]]:
        known = set(self.session.laps.select("driver", "lap").iter_rows())
        laps = []
        for entry in proposal["value"]:
            try:
                driver, lap = str(entry[0]), int(entry[1])
            except (TypeError, ValueError, IndexError, KeyError):
                raise t.TraitError(f'cannot read the lap {entry!r}; give (driver, lap), e.g. ("NOR", 41)') from None
            if (driver, lap) not in known:
                raise t.TraitError(_no_lap(self.session, driver, lap))
            laps.append((driver, lap))
        self._carry(laps)
        return list(dict.fromkeys(laps))

    @t.validate("channels")
    def _valid_channels(self, proposal: t.Bunch) -> list[str]:
        channels = list(dict.fromkeys(proposal["value"]))
        for name in channels:
            if name not in CHANNELS:
                near = difflib.get_close_matches(name, CHANNELS, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(CHANNELS)}"
                raise t.TraitError(f"there is no channel {name!r}; {hint}")
            if name == "drs" and not self.session.season.has_drs:
                raise t.TraitError(f"cars of {self.session.info['year']} have no DRS; leave the channel 'drs' out")
        if not channels:
            raise t.TraitError(f"give at least one channel; there are {', '.join(CHANNELS)}")
        return channels

    def _carry(self, laps: Iterable[tuple[str, int]]) -> None:
        """Send the traces of laps that the browser does not have: those of `laps`, and the last ones asked for."""
        wanted = dict.fromkeys(laps)
        new = [lap for lap in wanted if lap not in self._sent and lap not in self._extra]
        if not new:
            return
        given = {(str(driver), int(lap)) for driver, lap in self.laps} | set(wanted)
        self._extra |= dict.fromkeys(new)
        asked = [lap for lap in self._extra if lap not in given]
        for lap in asked[:-_MOST_ASKED]:
            del self._extra[lap]
        traces = lap_traces(self.session, self._extra)
        found = set(traces.select("driver", "lap").unique().iter_rows())
        self._missing = [list(lap) for lap in self._extra if lap not in found]
        self._asked = encode(traces)

    def _answer(self, _widget: Any, content: dict[str, Any], _buffers: Any) -> None:
        """Take a message of the browser: whether a kernel is there, or laps it wants."""
        if content.get("type") == "ping":
            self.send({"type": "pong"})
        elif content.get("type") == "laps":
            self._carry((str(driver), int(lap)) for driver, lap in content["laps"])


@cache
def figures() -> dict[str, dict[str, Any]]:
    """Return the empty figure of each channel as Bokeh's JSON; the browser fills in laps, corners and ranges.

    All sessions have the same ones, so they are made once for a release of Bokeh and then kept: importing Bokeh and making
    them takes a viewer's kernel most of a second and 20 MB.
    """
    code = b"".join((Path(channels.__file__).parent / f"{name}.py").read_bytes() for name in ("channels", "telemetry", "theme"))
    return orjson.loads(kept(f"figures-{version('bokeh')}-{hashlib.sha256(code).hexdigest()[:12]}.json", _draw))


def _draw() -> bytes:
    from bokeh.embed import json_item

    from f1nb.charts.telemetry import telemetry_figure

    drawn = {}
    for channel in CHANNELS.values():
        drawn[channel.name] = {
            "channel": channel.name,
            "label": channel.label,
            "unit": channel.unit,
            "column": channel.column,
            "share": channel.share,
            "lanes": channel.is_lanes,
            "item": json_item(telemetry_figure(channel.name, TRACE_SCHEMA.to_frame(), length_m=1.0)),
        }
    return orjson.dumps(drawn)


def _no_lap(session: Session, driver: str, lap: int) -> str:
    laps = session.laps.filter(pl.col("driver") == driver)["lap"]
    if laps.is_empty():
        codes = session.drivers["driver"].to_list()
        near = difflib.get_close_matches(driver.upper(), codes, n=3, cutoff=0.3) or codes
        return f"no driver {driver!r} in the {session.title}; did you mean {', '.join(near)}?"
    return f"{driver} has no lap {lap} in the {session.title}; his laps are {laps.min()} to {laps.max()}"
