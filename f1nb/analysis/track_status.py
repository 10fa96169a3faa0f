"""Track status and race-control lines where a source publishes only the status codes of laps."""

from __future__ import annotations

import numpy as np
import polars as pl

from f1nb.analysis.laps import record_laps
from f1nb.schema import TABLES, TRACK_STATUS

_PRIORITY = ("yellow", "vsc_ending", "vsc", "safety_car", "red")  # the later one wins where two hold at once
_MESSAGES = {
    "yellow": ("Flag", "YELLOW", "YELLOW FLAG"),
    "safety_car": ("SafetyCar", None, "SAFETY CAR DEPLOYED"),
    "vsc": ("SafetyCar", None, "VIRTUAL SAFETY CAR DEPLOYED"),
    "vsc_ending": ("SafetyCar", None, "VIRTUAL SAFETY CAR ENDING"),
    "red": ("Flag", "RED", "RED FLAG"),
    "clear": ("Flag", "CLEAR", "TRACK CLEAR"),
}


def track_status_of_laps(laps: pl.DataFrame) -> pl.DataFrame:
    """Return table ``track_status``, narrowed from the status codes of all cars' laps.

    A status did not hold at any moment of a lap that lacks its code, and held at some moment of each lap that has it. Over
    twenty cars, whose laps begin at different moments, that leaves a few seconds for each beginning and end; the middle is
    taken.

    Parameters
    ----------
    laps
        Table ``laps`` with ``track_status``.
    """
    known = laps.filter(pl.col("track_status").is_not_null(), pl.col("end_time_s").is_not_null())
    windows = []
    for status in _PRIORITY:
        met = pl.col("track_status").list.contains(pl.lit(status, dtype=pl.Enum(TRACK_STATUS)))
        has, lacks = known.filter(met), known.filter(~met)
        windows += [(start, end, status) for start, end in _episodes(has, lacks)]
    return TABLES["track_status"].frame(_sweep(windows))


def _episodes(has: pl.DataFrame, lacks: pl.DataFrame) -> list[tuple[float, float]]:
    """Return when a status held: between the laps that lack it, touching all laps that have it."""
    if has.is_empty():
        return []
    start, end = has["start_time_s"].to_numpy(), has["end_time_s"].to_numpy()
    quiet = _union(lacks["start_time_s"].to_numpy(), lacks["end_time_s"].to_numpy())
    before = np.concatenate([[-np.inf], quiet[:, 1]])  # a free stretch begins where a quiet one ends …
    after = np.concatenate([quiet[:, 0], [np.inf]])  # … and ends where the next one begins
    out = []
    for free_from, free_to in zip(before, after, strict=True):
        touching = (start < free_to) & (end > free_from)
        if not touching.any() or free_to - free_from < 0.05:
            continue
        # of laps that touch two free stretches it is not known which one they met: those inside this one decide
        mine = touching & (np.maximum(start, free_from) < np.minimum(end, free_to))
        first = min(end[mine].min(), free_to)
        last = max(start[mine].max(), free_from)
        on = first if np.isinf(free_from) else (free_from + min(first, free_to)) / 2
        off = last if np.isinf(free_to) else (max(last, free_from) + free_to) / 2
        if off <= on:
            on, off = free_from if np.isfinite(free_from) else off, free_to if np.isfinite(free_to) else on
        if off > on:
            out.append((round(float(on), 1), round(float(off), 1)))
    return out


def _union(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return the union of intervals as ``(n, 2)``, in order."""
    order = np.argsort(start)
    merged: list[list[float]] = []
    for a, b in zip(start[order], end[order], strict=True):
        if merged and a <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], b)
        else:
            merged.append([a, b])
    return np.array(merged).reshape(-1, 2)


def _sweep(windows: list[tuple[float, float, str]]) -> list[dict[str, object]]:
    """Return changes of status from overlapping windows: at each moment the gravest one holds."""
    moments = sorted({0.0, *(w[0] for w in windows), *(w[1] for w in windows)})
    rows: list[dict[str, object]] = []
    for moment in moments:
        held = [s for a, b, s in windows if a <= moment < b]
        status = max(held, key=_PRIORITY.index, default="clear")
        if not rows or rows[-1]["status"] != status:
            rows.append({"time_s": moment, "status": status})
    return rows


def derived_messages(status: pl.DataFrame, laps: pl.DataFrame, out: pl.DataFrame, *, is_race: bool) -> pl.DataFrame:
    """Return table ``race_control`` worked out from status, laps and retirements, marked ``is_derived``.

    Parameters
    ----------
    status, laps
        Tables of the session.
    out
        Who went out: ``driver``, ``time_s`` and ``is_stopped``, whether it was on the track.
    is_race
        Whether the first car to finish the last lap ends the session.
    """
    rows: list[dict[str, object]] = []
    for time, state in status.iter_rows():
        if time == 0.0 and state == "clear":
            continue
        category, flag, message = _MESSAGES[state]
        rows.append({"time_s": time, "category": category, "flag": flag, "scope": "Track", "message": message})
    rows += [
        {"time_s": time, "category": "CarEvent", "driver": driver, "message": f"CAR {driver} {'STOPPED' if stopped else 'OUT'}"}
        for driver, time, stopped in out.select("driver", "time_s", "is_stopped").iter_rows()
    ]
    for driver, lap, time, lap_time in record_laps(laps).select("driver", "lap", "end_time_s", "lap_time_s").iter_rows():
        minutes, seconds = divmod(lap_time, 60)
        text = f"FASTEST LAP {int(minutes)}:{seconds:06.3f} BY {driver}"
        rows.append({"time_s": time, "lap": lap, "category": "Other", "driver": driver, "message": text})
    last = laps.filter(pl.col("lap") == laps["lap"].max())["end_time_s"].min()
    if is_race and last is not None:
        rows.append({"time_s": last, "category": "Flag", "flag": "CHEQUERED", "scope": "Track", "message": "CHEQUERED FLAG"})
    starts = laps.group_by("lap").agg(pl.col("start_time_s").min()).sort("start_time_s")
    frame = TABLES["race_control"].frame(rows) if rows else TABLES["race_control"].empty()
    leader = pl.col("lap_right") if is_race else pl.lit(None, dtype=pl.Int32)  # outside of a race nobody leads
    return (
        frame.join_asof(starts, left_on="time_s", right_on="start_time_s")
        .with_columns(lap=pl.coalesce("lap", leader), is_derived=pl.lit(value=True))
        .select(TABLES["race_control"].schema.names())
    )
