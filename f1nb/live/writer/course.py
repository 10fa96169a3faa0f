"""How a session went, where its tables say it or not: when it started and ended, the parts of qualifying, its clock."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from f1nb.analysis.qualifying import qualifying_parts
from f1nb.session import Session

_SAID_S = 3.0  # so long after the winner has crossed the line the session is said to be finished
_LAST_CARS_S = 60.0  # from the last thing that happened until the classification is final
_LENGTHS_S = {"R": (7200,), "S": (3600,), "Q": (1080, 900, 720), "SQ": (720, 600, 480)}  # of each part; else an hour


class Course(NamedTuple):
    """The course of a session, moments on its clock.

    Attributes
    ----------
    status
        When it was said to be ``Started``, ``Finished`` and so on.
    clock
        When the countdown was set, what remained, and whether it ran.
    parts
        When each part began: one, or the three of qualifying.
    final_s
        When the classification became final.
    """

    status: list[tuple[float, str]]
    clock: list[tuple[float, float, bool]]
    parts: list[float]
    final_s: float


def course(session: Session) -> Course:
    """Return how a session went."""
    kind = session.info["session"]
    parts = _parts(session) if kind in {"Q", "SQ"} else [(0.0, _end_s(session))]
    known = [(time_s, status.capitalize()) for time_s, status in session.session_status.select("time_s", "status").iter_rows()]
    final_s = next((time_s for time_s, status in known if status == "Finalised"), session.end_time_s + _LAST_CARS_S)
    status = known or [
        *(said for begin_s, end_s in parts for said in ((begin_s, "Started"), (end_s + _SAID_S, "Finished"))),
        (final_s, "Finalised"),
        (final_s + _LAST_CARS_S, "Ends"),
    ]
    clock = session.session_clock.select("time_s", "remaining_s", "is_running").rows()
    return Course(status, clock or _countdown(parts, kind), [begin_s for begin_s, _ in parts], final_s)


def _end_s(session: Session) -> float:
    """Return when the first car was given the chequered flag; outside of races, when the last lap ended."""
    ended = session.laps.drop_nulls("end_time_s")
    if ended.is_empty():
        return session.end_time_s
    winners = ended.filter(pl.col("lap") == pl.col("lap").max()) if session.is_race else ended
    moment = winners["end_time_s"].min() if session.is_race else winners["end_time_s"].max()
    return float(moment)  # pyright: ignore[reportArgumentType]


def _parts(session: Session) -> list[tuple[float, float]]:
    """Return when each part of qualifying began, and when its last attempt ended."""
    laps = session.laps
    found = qualifying_parts(laps, session.season, session.session_status)
    attempts = found.join(laps.select("driver", "lap", "end_time_s"), on=["driver", "lap"])
    ends = [end_s for _, end_s in attempts.group_by("part").agg(pl.col("end_time_s").max()).sort("part").iter_rows()]
    begins = [0.0]
    for end_s in ends[:-1]:
        out = laps.filter(pl.col("pit_out_time_s") > end_s)["pit_out_time_s"].min()
        begins.append(float(out) if isinstance(out, float) else end_s + 1)
    started = [
        time_s for time_s, status in session.session_status.select("time_s", "status").iter_rows() if status == "started"
    ]
    if started:  # the moments that are published, for those that follow from the laps
        begins = [max((time_s for time_s in started if time_s <= begin_s), default=begin_s) for begin_s in begins]
    return list(zip(begins, ends or [session.end_time_s], strict=False))


def _countdown(parts: list[tuple[float, float]], kind: str) -> list[tuple[float, float, bool]]:
    lengths_s = _LENGTHS_S.get(kind, (3600,))
    found: list[tuple[float, float, bool]] = []
    for (begin_s, end_s), length_s in zip(parts, lengths_s, strict=False):
        remaining_s = max(0.0, length_s - (end_s - begin_s))
        found += [(begin_s, float(length_s), True), (end_s, remaining_s, False)]
    return found
