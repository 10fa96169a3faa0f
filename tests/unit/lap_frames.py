"""Laps written by hand: one driver after the other, each lap a row of what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from f1nb.analysis.complete import complete
from f1nb.schema import TABLES
from f1nb.session import Session


def laps(driver: str, rows: Sequence[dict[str, Any]], *, from_s: float = 0.0) -> pl.DataFrame:
    """Return laps in sequence, 90 s each unless a lap says its time; ``pit="in"`` or ``"out"`` marks visits to the pits."""
    clock, out = from_s, []
    for lap, row in enumerate(rows, 1):
        given = dict(row)
        pit = given.pop("pit", "")
        end = clock + (given.get("lap_time_s") or 90.0)
        base = {"driver": driver, "lap": lap, "start_time_s": clock, "end_time_s": end, "lap_time_s": 90.0}
        pits = {"is_pit_in": "in" in pit, "is_pit_out": "out" in pit}
        times = {"pit_in_time_s": end - 5 if "in" in pit else None, "pit_out_time_s": clock + 20 if "out" in pit else None}
        out.append(base | pits | times | given)
        clock = end
    return TABLES["laps"].frame(out)


def session(*tables: pl.DataFrame, kind: str = "R", total_laps: int | None = None, **others: pl.DataFrame) -> Session:
    """Return the session that these laps make, worked out as a loaded one is."""
    own = pl.concat(tables)
    codes = own["driver"].unique(maintain_order=True)
    row = {"year": 2025, "event": "Dutch Grand Prix", "session": kind, "total_laps": total_laps, "is_simulated": False}
    made = {
        "session": TABLES["session"].frame([row]),
        "drivers": TABLES["drivers"].frame({"driver": codes, "grid_position": list(range(1, len(codes) + 1))}),
        "laps": own,
    }
    return Session(complete(made | others))
