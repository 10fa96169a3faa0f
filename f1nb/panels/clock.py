"""The one clock that all panels of a session follow."""

from __future__ import annotations

import math
import re
import time
from functools import partial
from threading import RLock
from typing import Any

import anywidget
import traitlets as t

from f1nb.analysis.events import leader_laps
from f1nb.panels._wire import STATIC, columns
from f1nb.session import GrowingSession, Session

_TOLD_EVERY_S = 1.0
_UNSEEN_S = 0.05  # a smaller correction of the live edge is not worth a message


class Clock(anywidget.AnyWidget):
    """The session time, and its controls: play, pause, seek, speed, jumps, delay.

    Panels given the same clock move together. It plays in the browser; Python sees the time when it is paused or moved.

    Parameters
    ----------
    session
        The session whose time it is.
    at
        Where it stands: seconds, or ``"lap 54"``.
    selection
        Whose stops are marked on the bar.

    Examples
    --------
    >>> import f1nb
    >>> clock = f1nb.Clock(f1nb.simulate(laps=3, cars=4), at="lap 2")
    >>> clock.time_s > clock.start_s
    True
    """

    _esm = STATIC / "clock.js"
    _css = STATIC / "clock.css"

    # no echo: while it plays, the browser is ahead of what it has told, and an echo would pull it back
    time_s = t.Float(help="Session clock, seconds, between start_s and end_s.").tag(sync=True, echo_update=False)
    start_s = t.Float(help="First moment.").tag(sync=True)
    end_s = t.Float(help="Last moment, or the live edge.").tag(sync=True)
    playing = t.Bool(help="Whether it runs.").tag(sync=True)
    speed = t.Float(1.0, help="Seconds per second, 0.5 to 30.").tag(sync=True)
    delay_s = t.Float(0.0, help="How far everything is held back to match a television picture, 0 to 600 s.").tag(sync=True)
    live = t.Bool(help="Whether the session goes on: end_s is its live edge, and moves.").tag(sync=True)
    following = t.Bool(help="Whether it stays at the live edge, as far behind it as delay_s says.").tag(
        sync=True, echo_update=False
    )
    rate = t.Float(1.0, help="How fast the live edge moves, seconds per second: 1, or the speed of a replay.").tag(sync=True)
    hide_ahead = t.Bool(help="Whether the bar hides what happens after this moment.").tag(sync=True)
    selection = anywidget.WidgetTrait().tag(sync=True)

    _held = t.Bool(help="Whether a finger holds the playhead.").tag(sync=True)
    _tables = t.Dict().tag(sync=True)

    def __init__(
        self, session: Session, *, at: float | str | None = None, selection: anywidget.AnyWidget | None = None
    ) -> None:
        self._session = session
        self._columns = {n: columns(session, n) for n in ("session", "drivers", "status", "events", "leader_laps")}
        growing = session if isinstance(session, GrowingSession) else None
        is_live = growing is not None and growing.is_live
        super().__init__(
            start_s=_first_moment(session),
            end_s=session.end_time_s,
            time_s=self._moment(session.end_time_s if is_live and at is None else at),
            live=is_live,
            following=is_live and at is None,
            playing=is_live and at is None,
            rate=growing.rate if growing else 1.0,
            selection=selection,
            _tables={name: f"anywidget:{c.model_id}" for name, c in self._columns.items()},
        )
        self._told_s, self._lock = time.monotonic(), RLock()
        if growing:
            growing.watch(partial(self._renew, growing))

    def _renew(self, session: GrowingSession) -> None:
        """Take the live edge of a session that grows; after the tables, so that what the edge shows is there.

        Between two words of it the browser moves it on by itself, so it hears only of what that cannot know.
        """
        with self._lock:
            self._tell(session)

    def _tell(self, session: GrowingSession) -> None:
        if self.comm is None:
            return
        now_s, edge_s = time.monotonic(), session.end_time_s
        passed_s = now_s - self._told_s
        is_as_told = self.live == session.is_live and self.rate == session.rate and not session.has_news
        is_where_expected = abs(self.end_s + passed_s * self.rate - edge_s) < _UNSEEN_S * self.rate
        if is_as_told and is_where_expected and passed_s < _TOLD_EVERY_S:
            return
        self._told_s = now_s
        with self.hold_sync():
            self.start_s, self.end_s = _first_moment(session), edge_s
            self.live, self.rate = session.is_live, session.rate

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take a change from the browser, which must not meet one from a feed's thread."""
        with self._lock:
            super().set_state(sync_data)

    def play(self, speed: float | None = None) -> None:
        """Start, at this speed or at the last one."""
        if speed is not None:
            self.speed = speed
        self.playing = True

    def pause(self) -> None:
        """Stop."""
        self.playing = self.following = False

    def follow(self) -> None:
        """Go to the live edge and stay there, `delay_s` behind it.

        Raises
        ------
        ValueError
            When the session is over: it has no live edge.
        """
        if not self.live:
            raise ValueError("the session is over; there is nothing to follow")
        self.following = self.playing = True

    def seek(self, at: float | str) -> None:
        """Go to a moment: seconds, or ``"lap 54"`` for the start of the leader's lap 54.

        Raises
        ------
        ValueError
            When there is no such moment.
        """
        self.following = False
        self.time_s = self._moment(at)
        if self.playing:  # the browser has moved on from what was known here, so it needs to hear even what seems unchanged
            self.send_state("time_s")

    @t.validate("time_s")
    def _valid_time(self, proposal: t.Bunch) -> float:
        if not math.isfinite(proposal["value"]):
            raise t.TraitError(f"{proposal['value']} is no moment of the session; give seconds")
        return min(max(proposal["value"], self.start_s), self.end_s)

    @t.validate("speed")
    def _valid_speed(self, proposal: t.Bunch) -> float:
        return min(30.0, max(0.5, proposal["value"]))

    @t.validate("delay_s")
    def _valid_delay(self, proposal: t.Bunch) -> float:
        return min(600.0, max(0.0, proposal["value"]))

    def _moment(self, at: float | str | None) -> float:
        time_s = self._lap_start(at) if isinstance(at, str) else float(at or 0)
        if not math.isfinite(time_s):
            raise ValueError(f'{at} is no moment; give seconds or "lap 54"')
        return time_s

    def _lap_start(self, text: str) -> float:
        found = re.fullmatch(r"(?:lap|l)\s*(\d+)", text.strip(), re.IGNORECASE)
        if not found:
            raise ValueError(f'cannot read {text!r}; give seconds or "lap 54"')
        lap, times = int(found[1]), dict(leader_laps(self._session).iter_rows())
        if not times:
            raise ValueError("this session has no laps; give seconds")
        if lap not in times:
            raise ValueError(f"there is no lap {lap}; the last one is lap {max(times)}")
        return times[lap]


def _first_moment(session: Session) -> float:
    """Return where the bar begins: at the session's zero, or before it where a feed was joined that has not begun."""
    return min(0.0, session.end_time_s)
