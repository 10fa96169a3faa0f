"""What the stewards look at and have decided, by driver, from what race control wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from f1nb.analysis.deletions import cars

STEWARDS_SCHEMA = {
    "time_s": pl.Float64, "until_s": pl.Float64, "driver": pl.String, "kind": pl.String, "penalty": pl.String,
    "penalty_s": pl.Float64, "reason": pl.String, "text": pl.String,
}  # fmt: skip

_PREFIX = re.compile(r"^\s*(?:FIA STEWARDS:\s*)?(?:(CORRECTION|UPDATE)[:\s]+)?(?:FIA STEWARDS:\s*)?")
_CLOCK = re.compile(r"\s*\((\d{1,2}:\d{2}:\d{2})\)?\s*$")  # when it happened, at the track: the same in all messages about it
_INCIDENT = re.compile(r"^(?:LAP ?\d+,? *)?(?P<place>.*?)\s*\bINCIDENT INVOLVING\b")
_VERDICTS = (  # the first that is found: what is noted and at once dismissed is dismissed
    ("no_further_action", re.compile(r"\bNO FURTHER (?:ACTION|INVESTIGATION)\b|\bNO INVESTIGATION NECESSARY\b")),
    ("after_session", re.compile(r"\bWILL BE INVESTIGATED AFTER\b")),
    ("investigation", re.compile(r"\bUNDER INVESTIGATION\b")),
    ("noted", re.compile(r"\bNOTED\b")),
)
_PENALTY = re.compile(r"^(?P<served>PENALTY SERVED\s*[-–]\s*)?(?P<penalty>.*?)\s*\bPENALTY FOR CARS?\b")
_BLACK = re.compile(r"\bBLACK FLAG FOR CAR\b|\bDISQUALIFIED\b")
_WARNING = re.compile(r"\b(?:BLACK AND WHITE FLAG|WARNING|REPRIMAND) FOR CAR\b")
_REASON = re.compile(r"^[^-–]*[-–]\s*(?P<reason>.*\S)")
_SECONDS = re.compile(r"^(\d+) SECOND\b")
_STOP_AND_GO = re.compile(r"\bSTOP\W*(?:AND\W*)?GO\b")
_PLACES = re.compile(r"(\w+) PLACE GRID")
_ONE_TO_BLAME = re.compile(r"COLLISION|OFF THE TRACK|UNSAFE RELEASE|IMPEDING|ADVANTAGE|CAR WIDTH")
_REPEATED_S = 60.0
_INCIDENTS = ("noted", "investigation", "after_session", "no_further_action")


@dataclass(slots=True)
class _Said:
    """A message about what the stewards do, taken apart."""

    kind: str
    reason: str | None
    place: str = ""
    penalty: str | None = None
    penalty_s: float | None = None
    drivers: list[str] = field(default_factory=list)
    clock: str | None = None
    corrects: bool = False


@dataclass(slots=True)
class _Matter:
    """An incident, a penalty or a warning that stands against cars: its latest row for each of them."""

    said: _Said
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def end(self, time_s: float, drivers: list[str] | None) -> None:
        """Let it stand no more against these drivers; None: against nobody."""
        for driver in list(self.rows) if drivers is None else drivers:
            if (row := self.rows.pop(driver, None)) is not None:
                row["until_s"] = time_s


def decisions(race_control: pl.DataFrame, drivers: pl.DataFrame) -> pl.DataFrame:
    """Return what the stewards noted, investigate, dismissed and decided: one row for each car that a message names.

    A row stands against the car from ``time_s`` until ``until_s``: an incident until the next message about it, or until a
    penalty is given; a penalty until it is served; ``until_s`` is null where nothing ended it. What is dismissed or served
    stands at no moment. Cars of other series, of which the same people write, are left out.

    Parameters
    ----------
    race_control, drivers
        Tables of the session.

    Returns
    -------
    frame with ``time_s``, ``until_s``, ``driver``, ``kind`` (``noted investigation after_session no_further_action penalty
    served warning``), ``penalty`` (``5 s``, ``drive through``, ``stop and go 10 s``, ``3 grid places``, ``disqualified``),
    ``penalty_s`` (of a time penalty), ``reason`` and ``text``, the message

    Examples
    --------
    >>> from f1nb.schema import TABLES
    >>> told = ["CAR 4 (NOR) UNDER INVESTIGATION - UNSAFE RELEASE", "5 SECOND TIME PENALTY FOR CAR 4 (NOR) - UNSAFE RELEASE"]
    >>> told[0] = "INCIDENT INVOLVING " + told[0]
    >>> messages = TABLES["race_control"].frame({"time_s": [60.0, 90.0], "message": told})
    >>> known = TABLES["drivers"].frame([{"driver": "NOR", "number": "4"}])
    >>> decisions(messages, known).select("time_s", "until_s", "driver", "kind", "penalty").rows()
    [(60.0, 90.0, 'NOR', 'investigation', None), (90.0, None, 'NOR', 'penalty', '5 s')]
    """
    codes: dict[str, str] = dict(drivers.drop_nulls("number").select("number", "driver").iter_rows())
    rows: list[dict[str, Any]] = []
    standing: list[_Matter] = []
    for time_s, message in race_control.sort("time_s", maintain_order=True).select("time_s", "message").iter_rows():
        said = _read(message or "", codes)
        if said is None or time_s is None or (rows and _is_repeated(message, time_s, rows)):
            continue
        ended, whose = _ended(said, standing)
        if ended is not None:
            ended.end(time_s, whose)
        matter = _Matter(said)
        ends = time_s if said.kind in {"no_further_action", "served"} else None
        for driver in said.drivers:
            row = {
                "time_s": time_s, "until_s": ends, "driver": driver, "kind": said.kind, "penalty": said.penalty,
                "penalty_s": said.penalty_s, "reason": said.reason, "text": message.strip(),
            }  # fmt: skip
            rows.append(row)
            matter.rows[driver] = row
        if ends is None:
            standing.append(matter)
        standing = [m for m in standing if m.rows]
    return pl.DataFrame(rows, schema=STEWARDS_SCHEMA)


def _read(message: str, codes: Mapping[str, str]) -> _Said | None:
    """Return what a message says of the stewards; None where it is about something else, or about no car of this session."""
    text = message.upper()
    prefix = _PREFIX.match(text)
    assert prefix is not None  # noqa: S101 - it matches nothing, too
    text = text[prefix.end() :].strip()
    clock = _CLOCK.search(text)
    text = text[: clock.start()] if clock else text
    said = _kind(text)
    if said is None:
        return None
    known = set(codes.values())
    named = [code or codes.get(number or "") for number, code in cars(text)]
    said.drivers = list(dict.fromkeys(code for code in named if code and (not known or code in known)))
    said.clock, said.corrects = clock[1] if clock else None, prefix[1] is not None
    return said if said.drivers else None


def _kind(text: str) -> _Said | None:
    if found := _PENALTY.match(text):
        label, seconds = _penalty(found["penalty"])
        kind = "served" if found["served"] else "penalty"
        return _Said(kind, _reason(text, found), penalty=label, penalty_s=seconds)
    if found := _BLACK.search(text):
        return _Said("penalty", _reason(text, found), penalty="disqualified")
    if found := _WARNING.search(text):
        return _Said("warning", _reason(text, found))
    if incident := _INCIDENT.match(text):
        for kind, verdict in _VERDICTS:
            if found := verdict.search(text):
                return _Said(kind, _reason(text, found), place=incident["place"])
    return None


def _reason(text: str, verdict: re.Match[str]) -> str | None:
    found = _REASON.match(text[verdict.end() :])
    return found["reason"] if found else None


def _penalty(words: str) -> tuple[str, float | None]:
    """Return a penalty in short, and how long it is where it is added to the time."""
    seconds = _SECONDS.match(words)
    if _STOP_AND_GO.search(words):
        return (f"stop and go {seconds[1]} s" if seconds else "stop and go"), None
    if seconds:
        return f"{seconds[1]} s", float(seconds[1])
    if places := _PLACES.search(words):
        return f"{places[1].lower()} grid places", None
    return words.replace("-", " ").lower() or "penalty", None


def _is_repeated(message: str, time_s: float, rows: list[dict[str, Any]]) -> bool:
    return any(row["text"] == message.strip() and time_s - row["time_s"] < _REPEATED_S for row in rows[-5:])


def _ended(said: _Said, standing: list[_Matter]) -> tuple[_Matter | None, list[str] | None]:
    """Return what a message takes back, goes on with or decides, and for which drivers: None for all in it."""
    mine = [m for m in standing if any(driver in m.rows for driver in said.drivers)]
    incidents = [m for m in mine if m.said.kind in _INCIDENTS]
    match said.kind:
        case "served":
            given = [m for m in mine if m.said.kind == "penalty" and m.said.penalty == said.penalty]
            return _first(_same(given, said), given), said.drivers
        case "warning" | "penalty" if said.corrects:
            return _first([m for m in standing[::-1] if m.said.kind == said.kind and m.said.reason == said.reason]), None
        case "warning":
            return None, None
        case "penalty":
            unexplained = [m for m in incidents[::-1] if m.said.reason is None]
            looked_into = [m for m in unexplained if m.said.kind != "noted"]
            decided = _first(_same(incidents, said), looked_into, unexplained)
            one_to_blame = decided and (decided.said.place or _ONE_TO_BLAME.search(said.reason or ""))
            return decided, None if one_to_blame else said.drivers
        case _ if said.clock and any(m.said.clock for m in incidents):
            return _first([m for m in incidents if m.said.clock == said.clock]), None
        case _ if said.corrects:
            return _first(incidents[::-1]), None
        case "noted":
            return None, None
    alike = [m for m in incidents if m.said.place == said.place and (said.reason in {m.said.reason, None} or not m.said.reason)]
    return _first([m for m in alike if set(m.said.drivers) == set(said.drivers)], alike), None


def _same(matters: list[_Matter], said: _Said) -> list[_Matter]:
    by_clock = [m for m in matters if said.clock and m.said.clock == said.clock]
    return by_clock or [m for m in matters if said.reason and m.said.reason == said.reason]


def _first(*choices: list[_Matter]) -> _Matter | None:
    return next((matters[0] for matters in choices if matters), None)
