"""A pit wall in a notebook: linked Formula 1 panels on polars frames.

Everything here is loaded when it is first used, so ``import f1nb`` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0.dev0"

_WHERE = {
    "Session": "session",
    "load": "loading",
    "simulate": "loading",
    "replay": "live.session",
    "scan": "scanning",
    "schedule": "calendar",
    "next_session": "calendar",
    "results": "history",
    "standings": "history",
    "sessions": "compose",
    "Clock": "panels.clock",
    "Selection": "panels.selection",
    "TimingTable": "panels.timing_table",
    "TrackMap": "panels.track_map",
    "Telemetry": "panels.telemetry",
    "RaceControl": "panels.race_control",
    "TrackLimits": "panels.track_limits",
    "TeamRadio": "panels.team_radio",
    "Weather": "panels.weather",
    "SessionHeader": "panels.session_header",
    "SessionPicker": "panels.session_picker",
    "dashboard": "compose",
    "open_dashboard": "compose",
    "open_live": "compose",
    "F1nbError": "errors",
}
__all__ = [
    "Clock",
    "F1nbError",
    "RaceControl",
    "Selection",
    "Session",
    "SessionHeader",
    "SessionPicker",
    "TeamRadio",
    "Telemetry",
    "TimingTable",
    "TrackLimits",
    "TrackMap",
    "Weather",
    "__version__",
    "dashboard",
    "live",
    "load",
    "next_session",
    "open_dashboard",
    "open_live",
    "replay",
    "results",
    "scan",
    "schedule",
    "sessions",
    "simulate",
    "standings",
]

if TYPE_CHECKING:
    from f1nb.calendar import next_session, schedule
    from f1nb.compose import dashboard, open_dashboard, open_live, sessions
    from f1nb.errors import F1nbError
    from f1nb.history import results, standings
    from f1nb.live.session import live, replay
    from f1nb.loading import load, simulate
    from f1nb.panels.clock import Clock
    from f1nb.panels.race_control import RaceControl
    from f1nb.panels.selection import Selection
    from f1nb.panels.session_header import SessionHeader
    from f1nb.panels.session_picker import SessionPicker
    from f1nb.panels.team_radio import TeamRadio
    from f1nb.panels.telemetry import Telemetry
    from f1nb.panels.timing_table import TimingTable
    from f1nb.panels.track_limits import TrackLimits
    from f1nb.panels.track_map import TrackMap
    from f1nb.panels.weather import Weather
    from f1nb.scanning import scan
    from f1nb.session import Session


def __getattr__(name: str) -> Any:
    if name == "live":
        return importlib.import_module("f1nb.live")
    if name not in _WHERE:
        raise AttributeError(f"module 'f1nb' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"f1nb.{_WHERE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
