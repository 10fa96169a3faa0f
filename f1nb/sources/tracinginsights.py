"""The public per-lap archive of TracingInsights: https, a local folder, or a zip of it.

Layout: ``<Event>/<Session>/{drivers,corners}.json``, ``<DRV>/laptimes.json`` and ``<DRV>/<lap>_tel.json``.

The session clock
-----------------
The archive has lap times and, inside each lap, samples that restart at 0; it has no clock of the session. It is rebuilt:

- A lap lasts as long as its lap time; one without (lap 1, in laps, the lap of a retirement) as long as its telemetry. Laps of
  a driver follow one another without a gap, so the sum of what came before is the start of a lap, relative to his first.
- In a race everybody's first lap starts at lights out, which is the zero.
- In other sessions the first laps start at different moments. The feed samples all cars at the same instants, at irregular
  intervals: the pattern of those intervals is a fingerprint, and two cars are aligned by the one shift at which their sample
  instants coincide, to the millisecond. A driver whose fingerprint is too short stays where the first car left the garage
  and the data set says so.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import orjson
import polars as pl

from f1nb.errors import SourceError
from f1nb.schema import COMPOUNDS, TABLES
from f1nb.sources import _identity
from f1nb.sources._files import Files

SESSION_FOLDERS = {
    "FP1": ("Practice 1",),
    "FP2": ("Practice 2",),
    "FP3": ("Practice 3",),
    "Q": ("Qualifying",),
    "SQ": ("Sprint Qualifying", "Sprint Shootout"),
    "S": ("Sprint", "Sprint Race"),
    "R": ("Race",),
}
_STATUS = {"1": "clear", "2": "yellow", "4": "safety_car", "5": "red", "6": "vsc", "7": "vsc_ending"}
_SEVERITY = ("clear", "yellow", "vsc_ending", "vsc", "safety_car", "red")
_MISSING = {"None", "nan", "NaN", "", "null"}
_LAP_FIELDS = {  # ours: theirs
    "lap_time_s": "time", "sector_1_time_s": "s1", "sector_2_time_s": "s2", "sector_3_time_s": "s3",
    "tyre_age_laps": "life", "stint": "stint", "position": "pos",
}  # fmt: skip
_TELEMETRY_FIELDS = {
    "lap_time_s": "time", "distance_m": "distance", "speed_kmh": "speed", "rpm": "rpm", "gear": "gear",
    "throttle_pct": "throttle", "is_braking": "brake", "drs": "drs", "x_m": "x", "y_m": "y", "z_m": "z",
}  # fmt: skip


def parse_json(content: bytes) -> Any:
    """Return the value, also of JSON with bare ``NaN``, which orjson rejects."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return json.loads(content)


def number(value: object) -> float | None:
    """Return a number, or None for everything that the archive writes where it has none.

    Examples
    --------
    >>> [number(v) for v in (73.1, "73.1", "None", "nan", float("nan"), None, True)]
    [73.1, 73.1, None, None, None, None, None]
    """
    if value is None or isinstance(value, bool) or (isinstance(value, str) and value in _MISSING):
        return None
    try:
        out = float(value)  # pyright: ignore[reportArgumentType]
    except (TypeError, ValueError):
        return None
    return out if np.isfinite(out) else None


def text(value: object) -> str | None:
    """Return a text, or None for "None", "nan" and the empty one."""
    return None if not isinstance(value, str) or value in _MISSING else value


def read(files: Files, *, year: int, event: str, session: str) -> dict[str, pl.DataFrame]:
    """Return the tables of a session: session, drivers, laps, telemetry, circuit (corners), data_sets.

    Parameters
    ----------
    files
        The session's folder, wherever it is.
    year, event, session
        What it is, e.g. ``2025, "Dutch Grand Prix", "R"``.

    Raises
    ------
    SourceError
        When there are no drivers, or a file cannot be read.
    """
    drivers = _drivers(files)
    notes: dict[str, list[str]] = {"laps": [], "telemetry": []}
    blocks, lap_frames = [], []
    lap_files = {code: _lap_rows(files, code, notes) for code in drivers["driver"]}
    wanted = [
        (code, lap, name)
        for code, rows in lap_files.items()
        for lap in _candidate_laps(files, code, rows)
        if (name := f"{code}/{lap}_tel.json") and files.exists(name)
    ]
    for (code, lap, name), content in zip(wanted, files.read_many([w[2] for w in wanted]), strict=True):
        block = _telemetry_block(code, lap, name, content, notes)
        if block is not None:
            blocks.append(block)
    durations = {(code, lap): values["lap_time_s"][-1] for code, lap, values in blocks}
    for code, rows in lap_files.items():
        lap_frames.append(_laps_of(code, rows, {lap: d for (c, lap), d in durations.items() if c == code}))
    laps = pl.concat([f for f in lap_frames if f.height] or [pl.DataFrame(schema={"driver": pl.String, "lap": pl.Int32})])
    if laps.is_empty():
        raise SourceError(f"{files.name} has drivers but no laps; fetch the archive again")
    telemetry = _telemetry(blocks)
    laps, alignment = _align(laps, telemetry, is_race=session in {"R", "S"})
    telemetry = _on_session_clock(telemetry, laps)
    return {
        "session": _session_row(year, event, session, laps),
        "drivers": TABLES["drivers"].frame(drivers),
        "laps": TABLES["laps"].frame(laps),
        "telemetry": telemetry,
        "circuit": _corners(files),
        "data_sets": _data_sets(laps, telemetry, notes, alignment),
    }


def _drivers(files: Files) -> pl.DataFrame:
    if not files.exists("drivers.json"):
        raise SourceError(f"{files.name} has no drivers.json; is it a session folder of the archive?")
    rows = parse_json(files.read("drivers.json")).get("drivers", [])
    named = []
    for row in rows:
        code = text(row.get("driver"))
        if code is None:
            continue
        team = text(row.get("team"))
        name = _identity.NAMES.get(code, code)
        named.append(
            {
                "driver": code,
                "full_name": name,
                "driver_id": _identity.driver_id(name),
                "number": text(str(row.get("dn") or row.get("number") or "")),
                "team": team,
                "team_color": _color(row.get("tc")) or (_identity.team_color(team) if team else None),
            }
        )
    if not named:
        raise SourceError(f"{files.name} lists no drivers; fetch the archive again")
    return pl.DataFrame(named, infer_schema_length=None)


def _color(value: object) -> str | None:
    """Return ``#rrggbb`` of a colour the archive gives, with or without the hash."""
    plain = text(value)
    if plain is None or len(plain.lstrip("#")) != 6:
        return None
    return f"#{plain.lstrip('#').lower()}"


def _lap_rows(files: Files, code: str, notes: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Return the rows of laptimes.json: columns of unequal length and absent columns are survived."""
    name = f"{code}/laptimes.json"
    if not files.exists(name):
        notes["laps"].append(f"{code}: no lap file")
        return []
    try:
        columns = parse_json(files.read(name))
    except ValueError:
        notes["laps"].append(f"{code}: the lap file is damaged")
        return []
    laps = [number(v) for v in columns.get("lap", [])]
    rows = []
    for i, lap in enumerate(laps):
        if lap is None:
            continue
        row: dict[str, Any] = {"lap": int(lap)}
        for ours, theirs in _LAP_FIELDS.items():
            values = columns.get(theirs, ())
            row[ours] = number(values[i]) if i < len(values) else None
        for ours, theirs in (("compound", "compound"), ("status", "status"), ("deleted_reason", "delR")):
            values = columns.get(theirs, ())
            row[ours] = text(values[i]) if i < len(values) else None
        for ours, theirs in (("is_personal_best", "pb"), ("is_deleted", "del"), ("fresh_tyre", "fresh")):
            values = columns.get(theirs, ())
            row[ours] = values[i] if i < len(values) and isinstance(values[i], bool) else None
        rows.append(row)
    return rows


def _candidate_laps(files: Files, code: str, rows: list[dict[str, Any]]) -> list[int]:
    """Return the laps to look for telemetry of: those listed, or, over https, those the lap table names and one more."""
    listed = files.list(code)
    if listed is not None:
        found = []
        for name in listed:
            with contextlib.suppress(ValueError):
                found.append(int(name.removesuffix("_tel.json"))) if name.endswith("_tel.json") else None
        return sorted(found)
    last = max((r["lap"] for r in rows), default=0)
    return list(range(1, last + 2))


def _telemetry_block(
    code: str, lap: int, name: str, content: bytes, notes: dict[str, list[str]]
) -> tuple[str, int, dict[str, list[Any]]] | None:
    try:
        values = parse_json(content)["tel"]
        time = values["time"]
    except (ValueError, KeyError, TypeError):
        notes["telemetry"].append(f"{name} is damaged")
        return None
    last = number(time[-1]) if time else None
    if last is None:
        notes["telemetry"].append(f"{name} is empty")
        return None
    columns = {ours: values.get(theirs) or [None] * len(time) for ours, theirs in _TELEMETRY_FIELDS.items()}
    if any(len(c) != len(time) for c in columns.values()):
        notes["telemetry"].append(f"{name} has columns of unequal length")
        return None
    columns["lap_time_s"] = [*time[:-1], last] if isinstance(time[-1], str) else time
    return code, lap, columns


def _telemetry(blocks: list[tuple[str, int, dict[str, list[Any]]]]) -> pl.DataFrame:
    """Return one frame of all samples, without the session clock."""
    sizes = [len(values["lap_time_s"]) for _, _, values in blocks]
    columns = {}
    for name in _TELEMETRY_FIELDS:
        merged: list[Any] = []
        for _, _, values in blocks:
            merged += values[name]
        columns[name] = pl.Series(name, merged, dtype=pl.Float64, strict=False).fill_nan(None)
    frame = pl.DataFrame(columns)
    codes = pl.Series("driver", [code for code, _, _ in blocks], dtype=pl.String)
    laps = pl.Series("lap", [lap for _, lap, _ in blocks], dtype=pl.Int32)
    rows = np.repeat(np.arange(len(blocks)), sizes)
    return frame.with_columns(
        codes.gather(rows),
        laps.gather(rows),
        *((pl.col(c) / 10).alias(c) for c in ("x_m", "y_m", "z_m")),
        # 104 is what the feed says when it does not know
        pl.when(pl.col("throttle_pct") <= 100).then(pl.col("throttle_pct")).alias("throttle_pct"),
        (pl.col("is_braking") > 0).alias("is_braking"),
        (pl.col("drs") > 0).alias("drs"),
    ).drop_nulls("lap_time_s")


def _laps_of(code: str, rows: list[dict[str, Any]], durations: dict[int, float]) -> pl.DataFrame:
    """Return the laps of one driver in sequence: those with a row, with telemetry, or both."""
    by_lap = {row["lap"]: row for row in rows}
    out = []
    clock = 0.0
    numbers = sorted(set(by_lap) | set(durations))
    for lap in numbers:
        row = by_lap.get(lap, {"lap": lap})
        compound = (row.get("compound") or "").upper()
        lap_time = row.get("lap_time_s")
        duration = lap_time if lap_time is not None else durations.get(lap)
        s1, s2, s3 = (row.get(f"sector_{k}_time_s") for k in (1, 2, 3))
        start = round(clock, 3)
        clock += duration or 0.0
        # a lap without a time was finished when the next one began, or when its sectors are complete
        finished = duration is not None and (lap_time is not None or (s2 is not None and s3 is not None) or lap != numbers[-1])
        out.append(
            {
                "driver": code,
                "lap": lap,
                "start_time_s": start,
                "end_time_s": round(clock, 3) if finished else None,
                "lap_time_s": lap_time,
                "sector_1_time_s": s1,
                "sector_2_time_s": s2,
                "sector_3_time_s": s3,
                "compound": compound if compound in COMPOUNDS else None,
                "tyre_age_laps": row.get("tyre_age_laps"),
                "fresh_tyre": row.get("fresh_tyre"),
                "stint": row.get("stint"),
                "position": row.get("position"),
                "track_status": sorted(
                    {_STATUS[c] for c in row.get("status") or "" if c in _STATUS}, key=_SEVERITY.index, reverse=True
                ) or None,
                "is_personal_best": row.get("is_personal_best"),
                "is_deleted": row.get("is_deleted"),
                "deleted_reason": row.get("deleted_reason"),
            }
        )  # fmt: skip
    return TABLES["laps"].frame(out).with_columns(end_time_s=pl.col("end_time_s")) if out else TABLES["laps"].empty()


def _align(laps: pl.DataFrame, telemetry: pl.DataFrame, *, is_race: bool) -> tuple[pl.DataFrame, str]:
    """Shift each driver's laps onto one clock; return them and how it was done."""
    if is_race:
        return laps, "clock from lap times; lap 1 from its telemetry, zero at lights out"
    instants = {
        code: group["_instant"].to_numpy()
        for (code,), group in telemetry.join(laps.select("driver", "lap", "start_time_s"), on=["driver", "lap"])
        .select("driver", _instant=((pl.col("start_time_s") + pl.col("lap_time_s")) * 1000).round().cast(pl.Int64))
        .group_by("driver")
    }
    if not instants:
        return laps, "every driver's clock starts with his first lap: without telemetry cars cannot be aligned"
    reference = max(instants, key=lambda code: (len(instants[code]), code))
    shifts = {code: _shift(instants[reference], own) for code, own in instants.items()}
    known = {code: s for code, s in shifts.items() if s is not None}
    zero = min(known.values())
    unknown = sorted(set(laps["driver"]) - set(known))
    offset = pl.DataFrame(
        {"driver": laps["driver"].unique(maintain_order=True)},
    ).with_columns(_offset=pl.col("driver").replace_strict({c: (s - zero) / 1000 for c, s in known.items()}, default=0.0))
    laps = laps.join(offset, on="driver", maintain_order="left").with_columns(
        *((pl.col(c) + pl.col("_offset")).round(3).alias(c) for c in ("start_time_s", "end_time_s"))
    )
    note = "clock from lap times, cars aligned to the millisecond by the pattern of their sample instants"
    if unknown:
        note += f"; not aligned: {', '.join(unknown)}"
    return laps.drop("_offset"), note


def _shift(reference: np.ndarray, own: np.ndarray, probe: int = 160) -> int | None:
    """Return the milliseconds to add to ``own`` so that its instants fall on those of ``reference``.

    A window of ``own`` is compared with all of ``reference``: at the right shift nearly all instants coincide, at any other
    about one in five. None when no window is that clear.
    """
    if own is reference:
        return 0
    for share in (0.5, 0.2, 0.8, 0.35, 0.65, 0.05, 0.9):
        start = int(len(own) * share)
        window = own[start : start + probe]
        if len(window) < 50:
            continue
        differences = (reference[:, None] - window[None, :]).ravel()
        lowest = int(differences.min())
        counts = np.bincount(differences - lowest)
        best = int(counts.argmax())
        if counts[best] >= 0.6 * len(window):
            return best + lowest
    return None


def _on_session_clock(telemetry: pl.DataFrame, laps: pl.DataFrame) -> pl.DataFrame:
    """Add the session clock. The first lap out of the garage may be cut: its samples end with the lap, not begin with it."""
    official = laps.select("driver", "lap", "start_time_s", _official="lap_time_s")
    sampled = telemetry.group_by("driver", "lap").agg(_sampled=pl.col("lap_time_s").last())
    clock = official.join(sampled, on=["driver", "lap"]).select(
        "driver",
        "lap",
        "start_time_s",
        _late=pl.when(pl.col("_official") - pl.col("_sampled") > 0.2)
        .then(pl.col("_official") - pl.col("_sampled"))
        .otherwise(0.0),
    )
    return TABLES["telemetry"].frame(
        telemetry.join(clock, on=["driver", "lap"], maintain_order="left")
        .with_columns(lap_time_s=pl.col("lap_time_s") + pl.col("_late"))
        .with_columns(time_s=pl.col("start_time_s") + pl.col("lap_time_s"))
        .drop("start_time_s", "_late")
    )


def _session_row(year: int, event: str, session: str, laps: pl.DataFrame) -> pl.DataFrame:
    where = _identity.place(event, year)
    return TABLES["session"].frame(
        [
            {
                "year": year,
                "event": event,
                "country": where and where.country,
                "location": where and where.location,
                "circuit": where and where.circuit,
                "session": session,
                "total_laps": laps["lap"].max() if session in {"R", "S"} else None,
                "source": "tracinginsights",
                "is_simulated": False,
            }
        ]
    )


def _corners(files: Files) -> pl.DataFrame:
    if not files.exists("corners.json"):
        return TABLES["circuit"].empty()
    raw = parse_json(files.read("corners.json"))
    rows = [
        {"kind": "corner", "number": n, "x_m": x / 10, "y_m": y / 10, "angle_deg": a, "distance_m": d}
        for n, x, y, a, d in zip(
            raw.get("CornerNumber", []), raw.get("X", []), raw.get("Y", []), raw.get("Angle", []), raw.get("Distance", []),
            strict=False,
        )
        if number(x) is not None and number(y) is not None
    ]  # fmt: skip
    return TABLES["circuit"].frame(rows) if rows else TABLES["circuit"].empty()


def _data_sets(laps: pl.DataFrame, telemetry: pl.DataFrame, notes: dict[str, list[str]], alignment: str) -> pl.DataFrame:
    def note(table: str, base: str) -> str:
        return "; ".join([base, *notes[table][:8]]) if base else "; ".join(notes[table][:8])

    none = "The per-lap archive carries laps and telemetry only."
    state = "partial" if notes["telemetry"] else "available" if telemetry.height else "not_published"
    rows = [
        {"table": "laps", "state": "partial" if notes["laps"] else "available", "rows": laps.height,
         "origin": "tracinginsights", "note": note("laps", alignment[0].upper() + alignment[1:])},
        {"table": "telemetry", "state": state, "rows": telemetry.height, "origin": "tracinginsights",
         "note": note("telemetry", "") or None},
        *({"table": t, "state": "not_published", "rows": 0, "origin": None, "note": none} for t in ("weather", "radio")),
    ]  # fmt: skip
    return TABLES["data_sets"].frame(rows)


def folders(session: str) -> Iterator[str]:
    """Yield the names that the archive gives the folder of a kind of session, the usual one first."""
    yield from SESSION_FOLDERS[session]
