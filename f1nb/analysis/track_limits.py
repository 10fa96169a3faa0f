"""How often each driver left the track, as race control counts: by the lap times that it deleted for it."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from f1nb.analysis.deletions import Ruling, rulings
from f1nb.analysis.stewards import decisions

TRACK_LIMITS_SCHEMA = {
    "time_s": pl.Float64, "driver": pl.String, "kind": pl.String, "count": pl.Int32, "turn": pl.Int32, "lap": pl.Int32,
    "lap_time_s": pl.Float64, "penalty": pl.String, "text": pl.String,
}  # fmt: skip

_LIMITS = "TRACK LIMITS"
_TURN = re.compile(r"\bTURN (\d{1,2})\b")
_ONCE_S = 5  # a car that leaves the track at two turns so shortly after one another did it once
_FLAG_AT = 3


def track_limits(race_control: pl.DataFrame, drivers: pl.DataFrame) -> pl.DataFrame:
    """Return what race control wrote about track limits: lap times deleted and given back, warnings and penalties for them.

    Each time counts once, however often it is said; what is given back counts no more. The stewards may count in another way:
    they leave out who was forced off, most of all on the first lap.

    Parameters
    ----------
    race_control, drivers
        Tables of the session.

    Returns
    -------
    frame with ``time_s``, ``driver``, ``kind`` (``deleted reinstated black_and_white penalty``), ``count``, how many of the
    driver's there are from then on, ``turn``, ``lap`` and ``lap_time_s`` as far as the message names them, ``penalty`` as in
    `decisions`, and ``text``, the message

    Examples
    --------
    >>> from f1nb.schema import TABLES
    >>> told = [f"CAR 4 (NOR) TIME 1:3{n}.777 DELETED - TRACK LIMITS AT TURN 9 LAP {n} 18:0{n}:34" for n in (2, 5)]
    >>> messages = TABLES["race_control"].frame({"time_s": [60.0, 400.0], "message": told})
    >>> known = TABLES["drivers"].frame([{"driver": "NOR", "number": "4"}])
    >>> track_limits(messages, known).select("driver", "count", "turn", "lap").rows()
    [('NOR', 1, 9, 2), ('NOR', 2, 9, 5)]
    """
    codes: dict[str, str] = dict(drivers.drop_nulls("number").select("number", "driver").iter_rows())
    known = set(codes.values())
    told = [
        (time_s, driver, ruling, text) for time_s, text in _messages(race_control) for driver, ruling in _deleted(text, codes)
    ]
    shown = decisions(race_control, drivers).filter(pl.col("kind").is_in(["warning", "penalty"])).rows(named=True)
    steps: list[tuple[float, str, Ruling | dict[str, Any], str]] = [
        *told,
        *((row["time_s"], row["driver"], row, row["text"]) for row in shown),
    ]
    standing: dict[str, list[tuple[Ruling, int | None]]] = {}
    rows: list[dict[str, Any]] = []
    for time_s, driver, said, text in sorted(steps, key=lambda step: step[0]):
        if known and driver not in known:
            continue
        own = standing.setdefault(driver, [])
        row: dict[str, Any] = {"time_s": time_s, "driver": driver, "text": text.strip()}
        if isinstance(said, Ruling):
            turn = _turn(said)
            if not (_count(own, said, turn) if said.is_deleted else _give_back(own, said)):
                continue
            kind = "deleted" if said.is_deleted else "reinstated"
            row |= {"kind": kind, "turn": turn, "lap": said.lap, "lap_time_s": said.lap_time_s}
        elif _LIMITS in (said["reason"] or "") or (said["reason"] is None and len(own) >= _FLAG_AT):
            row |= {"kind": "penalty" if said["kind"] == "penalty" else "black_and_white", "penalty": said["penalty"]}
        else:
            continue
        rows.append(row | {"count": len(own)})
    return pl.DataFrame(rows, schema=TRACK_LIMITS_SCHEMA)


def _messages(race_control: pl.DataFrame) -> list[tuple[float, str]]:
    return race_control.drop_nulls(["time_s", "message"]).sort("time_s", maintain_order=True).select("time_s", "message").rows()


def _deleted(text: str, codes: dict[str, str]) -> list[tuple[str, Ruling]]:
    """Return whose times a message deletes for track limits, or gives back for whatever reason."""
    about = [r for r in rulings(text) if not r.is_deleted or _LIMITS in (r.reason or "")]
    named = [(r.driver or codes.get(r.number or ""), r) for r in about]
    return [(driver, r) for driver, r in named if driver]


def _turn(ruling: Ruling) -> int | None:
    found = _TURN.search(ruling.reason or "")
    return int(found[1]) if found else None


def _count(own: list[tuple[Ruling, int | None]], ruling: Ruling, turn: int | None) -> bool:
    """Count a time, and return whether it is one that had not been counted."""
    for before, at in own:
        if not _is_same_lap(before, ruling):
            continue
        clocks = before.clock_s, ruling.clock_s
        if at == turn or (clocks[0] and clocks[1] and abs(clocks[0] - clocks[1]) <= _ONCE_S):
            return False
    own.append((ruling, turn))
    return True


def _give_back(own: list[tuple[Ruling, int | None]], ruling: Ruling) -> bool:
    """Take back what was counted of a lap; where none is named, the last one. Return whether there was any."""
    named = ruling.lap is not None or ruling.lap_time_s is not None
    back = [entry for entry in own if _is_same_lap(entry[0], ruling)] if named else own[-1:]
    for entry in back:
        own.remove(entry)
    return bool(back)


def _is_same_lap(a: Ruling, b: Ruling) -> bool:
    if a.lap_time_s is not None and b.lap_time_s is not None:
        return a.lap_time_s == b.lap_time_s
    return a.lap is not None and a.lap == b.lap
