"""Work out what a source does not publish, and write down that it was worked out."""

from __future__ import annotations

import polars as pl

from f1nb.analysis.circuit import circuit_table
from f1nb.analysis.grid import grid_positions
from f1nb.analysis.health import health
from f1nb.analysis.laps import representative
from f1nb.analysis.ledger import ledger
from f1nb.analysis.positions import positions
from f1nb.analysis.qualifying import qualifying_parts
from f1nb.analysis.results import open_results, race_results
from f1nb.analysis.telemetry import default_laps, lap_traces, sector_lines
from f1nb.analysis.timing import open_timing, out_of_race, race_timing
from f1nb.analysis.track_status import derived_messages, track_status_of_laps
from f1nb.schema import TABLES
from f1nb.seasons import season
from f1nb.session import Session

_OF_TELEMETRY = frozenset({"circuit", "positions", "traces"})


def complete(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return all tables of a session: those given, and those that follow from laps and telemetry.

    What is given is kept. What is worked out has the origin ``derived`` in ``data_sets``, with one sentence on how.

    Parameters
    ----------
    tables
        At least ``session``, ``drivers`` and ``laps``.
    """
    session = tables["session"].row(0, named=True)
    is_race, is_qualifying = session["session"] in {"R", "S"}, session["session"] in {"Q", "SQ"}
    rules = season(session["year"])
    out = {name: tables.get(name, table.empty()) for name, table in TABLES.items()}
    notes: dict[str, str] = {}
    telemetry = out["telemetry"]

    laps, out["repairs"] = ledger(out, is_race=is_race)
    if out["track_status"].is_empty() and laps["track_status"].is_not_null().any():
        out["track_status"] = track_status_of_laps(laps)
        notes["track_status"] = "From the status codes of all laps; good to a few seconds."
    out["laps"] = representative(laps, is_race=is_race)

    circuit = circuit_table(out["laps"], telemetry.lazy(), out["circuit"])
    if circuit.filter(pl.col("kind") == "outline").height and not (out["circuit"]["kind"] == "outline").any():
        notes["circuit"] = "Outline from the best lap; no marshal sectors, so yellow sectors are not drawn."
    out["circuit"] = circuit
    if session["circuit_length_m"] is None:
        length = circuit.filter(pl.col("kind") == "outline")["distance_m"].max()
        out["session"] = out["session"].with_columns(circuit_length_m=pl.lit(length, dtype=pl.Float64))
    if is_race and out["drivers"]["grid_position"].is_null().all():
        out["drivers"] = grid_positions(out["drivers"], telemetry, circuit)
    if out["timing"].is_empty():
        if is_race:
            out["timing"] = race_timing(out["laps"], telemetry, out["drivers"])
        else:
            parts = qualifying_parts(out["laps"], rules, out["session_status"]) if is_qualifying else None
            out["timing"] = open_timing(out["laps"], parts)
        notes["timing"] = "From lap and sector times; between the sector lines from telemetry."
    if out["positions"].is_empty() and telemetry.height:
        out["positions"] = positions(telemetry)
        notes["positions"] = "Telemetry on one clock, twice a second."
    if telemetry.height:
        if not (out["circuit"]["kind"] == "sector_line").any():
            out["circuit"] = TABLES["circuit"].frame(pl.concat([out["circuit"], sector_lines(Session(out))]))
        out["traces"] = lap_traces(Session(out), default_laps(Session(out)))
        notes["traces"] = "From telemetry: place on the circuit, time tied to the official lap and sector times."
    if out["results"].is_empty():
        if is_race:
            out["results"] = race_results(
                out["laps"], out["drivers"], rules, sprint=session["session"] == "S", planned_laps=session["total_laps"]
            )
        else:
            out["results"] = open_results(
                out["laps"], out["drivers"], rules, qualifying=is_qualifying, status=out["session_status"]
            )
        notes["results"] = "Provisional: as they crossed the line; the stewards' decisions are not in it."
    if out["race_control"].is_empty():
        gone = out_of_race(out["timing"])
        out["race_control"] = derived_messages(out["track_status"], out["laps"], gone, is_race=is_race)
        notes["race_control"] = "No messages in this archive: worked out from laps and telemetry, good to a few seconds."
    out["health"] = health(out, is_race=is_race)
    out["data_sets"] = _data_sets(out, notes)
    return out


def _data_sets(tables: dict[str, pl.DataFrame], notes: dict[str, str]) -> pl.DataFrame:
    """Return one row for each table: what the source said of it, or what was worked out here."""
    said = {row["table"]: row for row in tables["data_sets"].iter_rows(named=True)}
    source = tables["session"]["source"][0]
    rows = []
    for name in TABLES:
        if name in {"data_sets", "health", "repairs"}:  # about the data, not of them
            continue
        n = tables[name].height
        if name in notes:
            incomplete = name in {"results", "race_control", "circuit", "track_status"}
            state = "not_published" if not n else "partial" if incomplete else "available"
            row = {"table": name, "state": state, "origin": "derived", "rows": n, "note": notes[name]}
            missing = said.get(name, {})
            if missing.get("state") in {"needs_sign_in", "failed"}:  # what would be better, and how to get it
                row |= {"state": missing["state"], "note": f"{missing['note']} Until then: {notes[name]}"}
            rows.append(row)
        elif not n and name in _OF_TELEMETRY and not tables["telemetry"].height:
            why = said.get("telemetry", {})
            note = f"Needs telemetry. {why.get('note') or ''}".strip()
            rows.append({"table": name, "state": why.get("state") or "not_published", "rows": 0, "note": note})
        elif name in said:
            rows.append(said[name] | {"rows": n})
        else:
            rows.append(
                {"table": name, "state": "available" if n else "not_published", "origin": source if n else None, "rows": n}
            )
    return TABLES["data_sets"].frame(rows)
