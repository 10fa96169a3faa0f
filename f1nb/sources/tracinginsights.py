"""The public per-lap archive of TracingInsights: https, a local folder, or a zip of it.

Layout: ``<Event>/<Session>/{drivers,corners}.json``, ``<DRV>/laptimes.json`` and ``<DRV>/<lap>_tel.json``.

The session clock
-----------------
The archive has lap times and, inside each lap, samples that restart at 0; it has no clock of the session. It is rebuilt:

- A lap lasts as long as its lap time; one without (lap 1, in laps, the lap of a retirement) as long as its telemetry, else as
  its sectors. Laps of a driver follow one another without a gap, so the sum of what came before is the start of a lap,
  relative to his first.
- In a race everybody's lap 1 starts at lights out, which is the zero.
- In other sessions, and where lap 1 is missing, the first laps start at different moments. The feed samples all cars at the
  same instants, at irregular intervals: the pattern of those intervals is a fingerprint, and two cars are aligned by the one
  shift at which their sample instants coincide, to the millisecond. A driver whose fingerprint is too short stays where the
  first car left the garage and the data set says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np
import orjson
import polars as pl

from f1nb.errors import SourceError
from f1nb.schema import TABLES
from f1nb.seasons import season
from f1nb.sources import _identity
from f1nb.sources._codes import compound, statuses_met
from f1nb.sources._files import MARK, Files

SESSION_FOLDERS = {
    "FP1": ("Practice 1",),
    "FP2": ("Practice 2",),
    "FP3": ("Practice 3",),
    "Q": ("Qualifying",),
    "SQ": ("Sprint Qualifying", "Sprint Shootout"),
    "S": ("Sprint", "Sprint Race"),
    "R": ("Race",),
}
_MISSING = {"none", "nan", "", "null", "nat"}
_MOST_LAPS = 120  # more than any session has, and with the next line few enough for the milliseconds to fit into 32 bits
_LONGEST_LAP_S = 4 * 3600.0  # a red flag can last three hours
_LONGEST_OPEN_SESSION_MS = 2 * 3600 * 1000
_LAP_FIELDS = {  # ours: theirs, and what it can be
    "lap_time_s": ("time", 0.001, _LONGEST_LAP_S),
    "sector_1_time_s": ("s1", 0.001, _LONGEST_LAP_S),
    "sector_2_time_s": ("s2", 0.001, _LONGEST_LAP_S),
    "sector_3_time_s": ("s3", 0.001, _LONGEST_LAP_S),
    "tyre_age_laps": ("life", 0, 1000),
    "stint": ("stint", 1, 1000),
    "position": ("pos", 1, 100),
}
_TELEMETRY_FIELDS = {
    "lap_time_s": ("time", 0, _LONGEST_LAP_S),
    "distance_m": ("distance", -1e3, 1e6),
    "speed_kmh": ("speed", 0, 500),
    "rpm": ("rpm", 0, 25_000),
    "gear": ("gear", 0, 9),
    "throttle_pct": ("throttle", 0, 100),  # 104 is what the feed says when it does not know
    "is_braking": ("brake", 0, 100),
    "drs": ("drs", 0, 14),
    "x_m": ("x", -1e6, 1e6),
    "y_m": ("y", -1e6, 1e6),
    "z_m": ("z", -1e6, 1e6),
}

Progress = Callable[[int, int], None]


class _Samples(NamedTuple):
    """The telemetry of one lap: ``values`` is (fields, samples) in the order of `_TELEMETRY_FIELDS`, NaN where missing."""

    driver: str
    lap: int
    values: np.ndarray

    @property
    def time_s(self) -> np.ndarray:
        """Seconds since the start of the lap, rising."""
        return self.values[0]


def parse_json(content: bytes) -> Any:
    """Return the value, also of JSON with bare ``NaN``, which orjson rejects.

    Raises
    ------
    ValueError
        When it is not JSON.
    """
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        try:
            return json.loads(content)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def number(value: object) -> float | None:
    """Return a number, or None for everything that the archive writes where it has none.

    Examples
    --------
    >>> [number(v) for v in (73.1, "73.1", "None", "nan", float("nan"), None, True)]
    [73.1, 73.1, None, None, None, None, None]
    """
    if not isinstance(value, int | float | str) or isinstance(value, bool):
        return None
    try:
        out = float(value)
    except (ValueError, OverflowError):
        return None
    return out if np.isfinite(out) else None


def text(value: object) -> str | None:
    """Return a text, or None for "None", "nan" and the empty one.

    Examples
    --------
    >>> [text(v) for v in ("SOFT", "None", " nan ", "", 4)]
    ['SOFT', None, None, None, None]
    """
    return None if not isinstance(value, str) or value.strip().lower() in _MISSING else value.strip()


def read(files: Files, *, year: int, event: str, session: str, progress: Progress | None = None) -> dict[str, pl.DataFrame]:
    """Return the tables of a session: session, drivers, laps, telemetry, circuit (corners), data_sets.

    Parameters
    ----------
    files
        The session's folder, wherever it is.
    year, event, session
        What it is, e.g. ``2025, "Dutch Grand Prix", "R"``.
    progress
        Called with the number of files done and wanted.

    Raises
    ------
    SourceError
        When there are no drivers or no laps, or a file cannot be read. A damaged file of one lap or one driver is left out;
        ``data_sets`` says so.
    """
    drivers = _drivers(files)
    notes: dict[str, list[str]] = {"laps": [], "telemetry": []}
    rows = _lap_rows(files, sorted(drivers["driver"]), notes)
    wanted = [(code, lap) for code in rows for lap in _candidate_laps(files, code, rows[code])]
    blocks: list[_Samples] = []
    contents = files.read_many([f"{code}/{lap}_tel.json" for code, lap in wanted])
    for done, ((code, lap), content) in enumerate(zip(wanted, contents, strict=True), 1):
        if content is not None:
            if not blocks:
                _refuse_other_season(files, content, year)
            values = _telemetry_values(content)
            if isinstance(values, str):
                notes["telemetry"].append(f"{code}/{lap}_tel.json {values}")
            else:
                blocks.append(_Samples(code, lap, values))
        if progress:
            progress(done, len(wanted))
    lasted = {(b.driver, b.lap): float(b.time_s[-1]) for b in blocks}
    sequence = [row for code in rows for row in _laps_of(code, rows[code], lasted, notes)]
    if not sequence:
        raise SourceError(f"{files.name} has drivers but no laps; fetch the archive again")
    laps, alignment = _align(TABLES["laps"].frame(sequence), blocks, is_race=session in {"R", "S"})
    telemetry = _telemetry(blocks, laps, has_drs=season(year).has_drs)
    return {
        "session": _session_row(year, event, session, laps),
        "drivers": TABLES["drivers"].frame(drivers),
        "laps": laps,
        "telemetry": telemetry,
        "circuit": _corners(files),
        "data_sets": _data_sets(laps, telemetry, notes, alignment),
    }


def _refuse_other_season(files: Files, content: bytes, year: int) -> None:
    """Refuse an archive that says itself that it is of another season: newer ones name it beside the samples."""
    found = re.search(rb'"dataKey":\s*"(\d{4})-', content)
    if found and int(found[1]) != year:
        season = int(found[1])
        raise SourceError(f"{files.name} is of {season}, not of {year}; load it as a session of {season}")


def _drivers(files: Files) -> pl.DataFrame:
    content = files.read(MARK)
    if content is None:
        raise SourceError(f"{files.name} has no {MARK}; is it a session folder of the archive?")
    try:
        rows = parse_json(content)["drivers"]
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(f"{MARK} of {files.name} is damaged; fetch the archive again") from error
    named: dict[str, dict[str, str | None]] = {}
    for row in rows if isinstance(rows, list) else ():
        code = text(row.get("driver")) if isinstance(row, dict) else None
        if code is None or not re.fullmatch("[A-Z0-9]{2,4}", code):  # it becomes a part of a path
            continue
        team = text(row.get("team"))
        car = number(row.get("dn") or row.get("number"))
        name = _identity.NAMES.get(code, code)
        named[code] = {
            "driver": code,
            "full_name": name,
            "driver_id": _identity.driver_id(name),
            "number": None if car is None else f"{car:.0f}",
            "team": team,
            "team_color": _color(row.get("tc")) or (_identity.team_color(team) if team else None),
        }
    if not named:
        raise SourceError(f"{files.name} lists no drivers; fetch the archive again")
    return pl.DataFrame(list(named.values()), schema=dict.fromkeys(next(iter(named.values())), pl.String))


def _color(value: object) -> str | None:
    """Return ``#rrggbb`` of a colour the archive gives, with or without the hash."""
    found = re.fullmatch("#?([0-9a-f]{6})", (text(value) or "").lower())
    return f"#{found[1]}" if found else None


def _lap_rows(files: Files, codes: list[str], notes: dict[str, list[str]]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of everybody's laptimes.json."""
    rows = {}
    for code, content in zip(codes, files.read_many([f"{code}/laptimes.json" for code in codes]), strict=True):
        rows[code] = []
        if content is None:
            notes["laps"].append(f"{code}: no lap file")
            continue
        try:
            columns = parse_json(content)
        except ValueError:
            columns = None
        if not isinstance(columns, dict) or not isinstance(columns.get("lap"), list):
            notes["laps"].append(f"{code}: the lap file is damaged")
            continue
        rows[code] = _rows_of(columns)
    return rows


def _rows_of(columns: dict[str, Any]) -> list[dict[str, Any]]:
    """Return rows of columns that can be short, absent, or anything: what is not usable is None."""

    def cell(theirs: str, i: int) -> object:
        values = columns.get(theirs)
        return values[i] if isinstance(values, list) and i < len(values) else None

    rows: dict[int, dict[str, Any]] = {}
    for i, value in enumerate(columns["lap"]):
        lap = number(value)
        if lap is None or not lap.is_integer() or not 1 <= lap <= _MOST_LAPS:
            continue
        row: dict[str, Any] = {"lap": int(lap)}
        for ours, (theirs, low, high) in _LAP_FIELDS.items():
            cell_value = number(cell(theirs, i))
            row[ours] = cell_value if cell_value is not None and low <= cell_value <= high else None
        for ours, theirs in (("compound", "compound"), ("status", "status"), ("deleted_reason", "delR")):
            row[ours] = text(cell(theirs, i))
        for ours, theirs in (("is_personal_best", "pb"), ("is_deleted", "del"), ("fresh_tyre", "fresh")):
            flag = cell(theirs, i)
            row[ours] = flag if isinstance(flag, bool) else None
        rows[row["lap"]] = row
    return list(rows.values())


def _candidate_laps(files: Files, code: str, rows: list[dict[str, Any]]) -> list[int]:
    """Return the laps to look for telemetry of: those listed, or, over https, those the lap table names and one more."""
    listed = files.names(code)
    if listed is None:
        return list(range(1, max((r["lap"] for r in rows), default=0) + 2))
    found = {int(m[1]) for name in listed if (m := re.fullmatch("([1-9][0-9]{0,2})_tel\\.json", name))}
    return sorted(lap for lap in found if lap <= _MOST_LAPS)


def _telemetry_values(content: bytes) -> np.ndarray | str:
    """Return the values of a telemetry file as in `_Samples`, or what is wrong with it."""
    try:
        columns = parse_json(content)["tel"]
        time = columns["time"]
    except (ValueError, KeyError, TypeError):
        return "is damaged"
    if not isinstance(time, list):
        return "is damaged"
    lists = [columns.get(theirs) or [None] * len(time) for theirs, _, _ in _TELEMETRY_FIELDS.values()]
    if any(not isinstance(c, list) or len(c) != len(time) for c in lists):
        return "has columns of unequal length"
    try:
        values = np.array(lists, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):  # "None" and the like: seldom, so the slow way is good enough
        plain = [[number(int(v) if isinstance(v, bool) else v) for v in column] for column in lists]
        values = np.array(plain, dtype=np.float64)
    if values.ndim != 2:
        return "is damaged"
    moment = values[0]
    known = (moment >= 0) & (moment <= _LONGEST_LAP_S)
    if not known.all():
        values = values[:, known]
    if not values.shape[1]:
        return "is empty"
    if (np.diff(values[0]) < 0).any():
        values = values[:, np.argsort(values[0], kind="stable")]
    return values


def _telemetry(blocks: list[_Samples], laps: pl.DataFrame, *, has_drs: bool) -> pl.DataFrame:
    """Return table ``telemetry``. The first lap out of the garage may be cut: its samples end with the lap."""
    if not blocks:
        return TABLES["telemetry"].empty()
    clock = {(d, n): (start, lap_time) for d, n, start, lap_time in laps.select(
        "driver", "lap", "start_time_s", "lap_time_s"
    ).iter_rows()}  # fmt: skip
    known = [clock[b.driver, b.lap] for b in blocks]
    cut = [0.0 if official is None else official - b.time_s[-1] for b, (_, official) in zip(blocks, known, strict=True)]
    late = np.array([c if c > 0.2 else 0.0 for c in cut])
    rows = np.repeat(np.arange(len(blocks)), [b.values.shape[1] for b in blocks])
    values = np.concatenate([b.values for b in blocks], axis=1)
    lap_time = values[0] + late[rows]
    columns = {name: (values[i], low, high) for i, (name, (_, low, high)) in enumerate(_TELEMETRY_FIELDS.items())}
    frame = pl.DataFrame({name: column for name, (column, _, _) in columns.items()}).with_columns(
        # NaN is greater than all numbers here, so it is outside, too
        pl.when(pl.col(name).is_between(low, high)).then(pl.col(name))
        for name, (_, low, high) in columns.items()
    )
    whole = pl.DataFrame(
        {
            "driver": pl.Series([b.driver for b in blocks], dtype=pl.String).gather(rows),
            "lap": np.array([b.lap for b in blocks], dtype=np.int32)[rows],
            "time_s": np.array([start for start, _ in known])[rows] + lap_time,
            **frame.to_dict(),
            "lap_time_s": lap_time,
        }
    ).with_columns(
        pl.col("x_m", "y_m", "z_m") / 10,
        is_braking=pl.col("is_braking") > 0,
        drs=((pl.col("drs") == 1) | (pl.col("drs") >= 10)) if has_drs else None,  # 8 is: may be opened
    )
    # the blocks are in the order of the table, so nothing is sorted here
    return whole.select(pl.col(name).cast(dtype) for name, dtype in TABLES["telemetry"].schema.items())


def _laps_of(
    code: str, rows: list[dict[str, Any]], lasted: dict[tuple[str, int], float], notes: dict[str, list[str]]
) -> list[dict[str, Any]]:
    """Return the laps of one driver in sequence: those with a row, with telemetry, or both."""
    by_lap = {row["lap"]: row for row in rows}
    out = []
    clock = 0.0
    numbers = sorted(by_lap.keys() | {lap for driver, lap in lasted if driver == code})
    for lap in numbers:
        row = by_lap.get(lap, {"lap": lap})
        sectors = [row.get(f"sector_{k}_time_s") for k in (1, 2, 3)]
        lap_time = row.get("lap_time_s")
        duration = lap_time or lasted.get((code, lap)) or (sum(s for s in sectors if s) if all(sectors) else None)
        is_last = lap == numbers[-1]
        if duration is None and not is_last:
            notes["laps"].append(f"{code}: lap {lap} has no time, so what follows is early by as much")
        # a lap without a time was finished when the next one began, or when its sectors are complete
        finished = duration is not None and (lap_time is not None or None not in sectors[1:] or not is_last)
        start = round(clock, 3)
        clock += duration or 0.0
        out.append(
            row
            | {
                "driver": code,
                "start_time_s": start,
                "end_time_s": round(clock, 3) if finished else None,
                "compound": compound(row.pop("compound", None)),
                "track_status": statuses_met(row.pop("status", None) or ""),
            }
        )
    return out


def _align(laps: pl.DataFrame, blocks: list[_Samples], *, is_race: bool) -> tuple[pl.DataFrame, str]:
    """Shift each driver's laps onto one clock; return them and how it was done."""
    fixed = set(laps.filter(pl.col("lap") == 1)["driver"]) if is_race else set()
    note = "clock from lap times; lap 1 from its telemetry, zero at lights out" if is_race else "clock from lap times"
    codes = set(laps["driver"])
    if fixed == codes:
        return laps, note
    start = {(d, n): s for d, n, s in laps.select("driver", "lap", "start_time_s").iter_rows()}
    instants: dict[str, list[np.ndarray]] = {}
    for b in blocks:
        instants.setdefault(b.driver, []).append(np.rint((start[b.driver, b.lap] + b.time_s) * 1000).astype(np.int64))
    own = {code: np.concatenate(parts) for code, parts in instants.items()}
    shifts = dict.fromkeys(fixed, 0) or dict.fromkeys(sorted(own, key=lambda code: (len(own[code]), code))[-1:], 0)
    longest = max(shifts.keys() & own.keys(), key=lambda code: (len(own[code]), code), default=None)
    reference = np.empty(0, dtype=np.int64) if longest is None else own[longest]
    while True:
        found = {code: _shift(reference, own[code]) for code in own.keys() - shifts.keys()}
        shifts |= {code: shift for code, shift in found.items() if shift is not None}
        if all(shift is None for shift in found.values()) or own.keys() <= shifts.keys():
            break
        # who was not out together with that car may have been with one of those that are placed now
        reference = np.unique(np.concatenate([own[code] + shifts[code] for code in shifts.keys() & own.keys()]))
    zero = 0 if fixed else min(shifts.values(), default=0)
    offset = pl.col("driver").replace_strict({c: (s - zero) / 1000 for c, s in shifts.items()}, default=0.0)
    laps = laps.with_columns((pl.col("start_time_s", "end_time_s") + offset.cast(pl.Float64)).round(3))
    unknown = sorted(codes - shifts.keys())
    note += ", cars aligned to the millisecond by the pattern of their sample instants" if len(shifts) > len(fixed) else ""
    return laps, note + (f"; not aligned: {', '.join(unknown)}" if unknown else "")


def _shift(reference: np.ndarray, own: np.ndarray, probe: int = 160) -> int | None:
    """Return the milliseconds to add to ``own`` so that its instants fall on those of ``reference``.

    A window of ``own`` is compared with all of ``reference``: at the right shift nearly all instants coincide, at any other
    about one in five. None when no window is that clear.
    """
    for share in (0.5, 0.2, 0.8, 0.35, 0.65, 0.05, 0.9):
        start = int(len(own) * share)
        window = own[start : start + probe]
        if len(window) < 50:
            continue
        differences = (reference[:, None] - window[None, :]).ravel()
        differences = differences[np.abs(differences) < _LONGEST_OPEN_SESSION_MS] + _LONGEST_OPEN_SESSION_MS
        counts = np.bincount(differences, minlength=1)
        best = int(counts.argmax())
        if counts[best] >= 0.6 * len(window):
            return best - _LONGEST_OPEN_SESSION_MS
    return None


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
    content = files.read("corners.json")
    try:
        raw = parse_json(content) if content else {}
    except ValueError:
        raw = {}
    if not isinstance(raw, dict):
        raw = {}
    columns = [raw.get(k) for k in ("CornerNumber", "X", "Y", "Angle", "Distance")]
    rows = []
    for cells in zip_longest(*(c if isinstance(c, list) else [] for c in columns)):
        n, x, y, angle, distance = (v if v is not None and abs(v) < 1e6 else None for v in map(number, cells))
        if n is not None and x is not None and y is not None:
            rows.append(
                {"kind": "corner", "number": int(n), "x_m": x / 10, "y_m": y / 10, "angle_deg": angle, "distance_m": distance}
            )
    return TABLES["circuit"].frame(rows) if rows else TABLES["circuit"].empty()


def _data_sets(laps: pl.DataFrame, telemetry: pl.DataFrame, notes: dict[str, list[str]], alignment: str) -> pl.DataFrame:
    def note(*parts: str, most: int = 8) -> str | None:
        more = [f"and {len(parts) - most} more"] if len(parts) > most else []
        sentence = "; ".join([*parts[:most], *more])
        return sentence[:1].upper() + sentence[1:] or None

    none = "The per-lap archive carries laps and telemetry only."
    state = "not_published" if telemetry.is_empty() else "partial" if notes["telemetry"] else "available"
    rows = [
        {"table": "laps", "state": "partial" if notes["laps"] else "available", "rows": laps.height,
         "origin": "tracinginsights", "note": note(alignment, *notes["laps"])},
        {"table": "telemetry", "state": state, "rows": telemetry.height, "origin": "tracinginsights",
         "note": note(*notes["telemetry"])},
        *({"table": t, "state": "not_published", "rows": 0, "origin": None, "note": none}
          for t in ("weather", "radio", "mini_sectors", "session_status")),
    ]  # fmt: skip
    return TABLES["data_sets"].frame(rows)
