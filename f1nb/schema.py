"""Every table of a session: columns, dtypes, units, meaning.

Sources return exactly these tables and nothing downstream knows the source.

Rules
-----
- Missing is null: never NaN, -1, 104, "" or "None".
- Times are Float64 seconds: ``*_time_s`` is a duration, ``time_s`` the session clock (seconds from the session's zero, the
  same in all tables of a session). Instants are ``Datetime("ms", "UTC")`` and end in ``_utc``.
- Distances are metres, speeds km/h; the unit is the suffix of the name unless the dtype says it.
- ``driver``, the three-letter code, joins tables inside a session; ``driver_id`` is stable over seasons, the number is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

SESSIONS = ("FP1", "FP2", "FP3", "Q", "SQ", "S", "R")
COMPOUNDS = ("SOFT", "MEDIUM", "HARD", "INTERMEDIATE", "WET", "HYPERSOFT", "ULTRASOFT", "SUPERSOFT", "SUPERHARD")
TRACK_STATUS = ("clear", "yellow", "safety_car", "red", "vsc", "vsc_ending")
DATA_STATES = ("available", "partial", "not_published", "needs_sign_in", "failed")
EXCLUDE_REASONS = (
    "no_time", "first_lap", "in_lap", "out_lap", "safety_car", "red_flag", "yellow", "deleted", "outlier", "generated",
)  # fmt: skip
SEVERITIES = ("error", "warning", "info")
SESSION_STATUS = ("inactive", "started", "aborted", "finished", "finalised", "ends")
CIRCUIT_KINDS = ("outline", "pit_lane", "corner", "marshal_sector", "sector_line", "mini_sector")

CAR_STATES = ("grid", "running", "pit", "out_lap", "stopped", "retired", "finished", "garage")
MARKS = ("slower", "personal", "best")
TIMING_FIELDS = (
    "position", "lap", "gap_s", "gap_laps", "interval_s", "interval_laps",
    "last_lap_time_s", "last_lap_mark", "best_lap_time_s", "best_lap_mark",
    "sector_1_time_s", "sector_1_mark", "sector_2_time_s", "sector_2_mark", "sector_3_time_s", "sector_3_mark",
    "compound", "tyre_age_laps", "stops", "state",
    "is_catching", "is_knocked_out", "speed_i1_kmh", "speed_i2_kmh", "speed_fl_kmh", "speed_st_kmh",
    "q1_time_s", "q2_time_s", "q3_time_s", "last_pit_lane_s",
)  # fmt: skip
MINI_SECTOR_MARKS = ("none", "slower", "personal", "best", "pit_lane", "stopped")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name carries the unit, ``meaning`` says the rest."""

    name: str
    dtype: pl.DataType | type[pl.DataType]
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in order, and the columns it is sorted by."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    sorted_by: tuple[str, ...] = ()

    @property
    def schema(self) -> pl.Schema:
        """Names and dtypes, in order."""
        return pl.Schema({c.name: c.dtype for c in self.columns})

    def empty(self) -> pl.DataFrame:
        """Return the table without rows."""
        return pl.DataFrame(schema=self.schema)

    def frame(self, data: pl.DataFrame | Mapping[str, Any] | list[dict[str, Any]]) -> pl.DataFrame:
        """Return ``data`` as this table: absent columns become null, NaN becomes null, rows are sorted.

        Raises
        ------
        ValueError
            When ``data`` has a column that the table does not.

        Examples
        --------
        >>> TABLES["track_status"].frame({"time_s": [12, 0], "status": ["yellow", "clear"]}).rows()
        [(0.0, 'clear'), (12.0, 'yellow')]
        """
        frame = data if isinstance(data, pl.DataFrame) else pl.DataFrame(data, infer_schema_length=None)
        schema, given = self.schema, frame.schema
        unknown = sorted(set(given) - set(schema))
        if unknown:
            raise ValueError(f"table {self.name!r} has no column {', '.join(map(repr, unknown))}")
        columns = []
        for c in self.columns:
            if c.name not in given:
                columns.append(pl.lit(None, dtype=c.dtype).alias(c.name))
                continue
            column = pl.col(c.name) if given[c.name] == schema[c.name] else pl.col(c.name).cast(c.dtype)
            columns.append(column.fill_nan(None) if schema[c.name].is_float() else column)
        frame = frame.select(columns)
        return frame.sort(self.sorted_by, maintain_order=True, nulls_last=True) if self.sorted_by else frame


_S, _B, _F, _F4, _I = pl.String, pl.Boolean, pl.Float64, pl.Float32, pl.Int32
_UTC = pl.Datetime("ms", "UTC")


def _table(name: str, meaning: str, *columns: tuple[str, Any, str], sorted_by: tuple[str, ...] = ()) -> Table:
    return Table(name, meaning, tuple(Column(*c) for c in columns), sorted_by)


_DRIVER = ("driver", _S, "three-letter code")
_TIME = ("time_s", _F, "session clock")

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        _table(
            "session",
            "The session itself, one row.",
            ("year", _I, "season"),
            ("round", _I, "round as published; calendars move, so it is no key"),
            ("event", _S, "short name, e.g. Dutch Grand Prix"),
            ("official_name", _S, "name with sponsor"),
            ("country", _S, "country of the circuit"),
            ("location", _S, "town"),
            ("circuit", _S, "name of the circuit"),
            ("session", pl.Enum(SESSIONS), "kind of session"),
            ("start_utc", _UTC, "instant of the session's zero"),
            ("utc_offset_s", _I, "local time minus UTC"),
            ("total_laps", _I, "laps of a race as planned or run"),
            ("circuit_key", _I, "key of the circuit in the official timing"),
            ("circuit_length_m", _F, "length of one lap along the outline"),
            ("circuit_rotation_deg", _F, "how far maps turn the circuit, counter-clockwise"),
            ("source", _S, "origin of the laps"),
            ("data_version", _S, "version or time of the origin's data"),
            ("is_simulated", _B, "true for a session that never took place"),
        ),
        _table(
            "drivers",
            "Who took part, one row per driver.",
            _DRIVER,
            ("driver_id", _S, "stable over seasons"),
            ("number", _S, "race number, an identifier"),
            ("full_name", _S, "name"),
            ("team", _S, "team in this session"),
            ("team_color", _S, "#rrggbb"),
            ("country_code", _S, "three letters"),
            ("grid_position", _I, "place on the grid; null: unknown or from the pit lane"),
        ),
        _table(
            "laps",
            "One row per driver and lap.",
            _DRIVER,
            ("lap", _I, "lap number, from 1"),
            ("start_time_s", _F, "session clock at the start of the lap"),
            ("end_time_s", _F, "session clock at the line; null: the lap was not finished"),
            ("lap_time_s", _F, "lap time as published, or as table repairs says; null where there is none"),
            ("sector_1_time_s", _F, "first sector"),
            ("sector_2_time_s", _F, "second sector"),
            ("sector_3_time_s", _F, "third sector"),
            ("compound", pl.Enum(COMPOUNDS), "tyre"),
            ("tyre_age_laps", _I, "laps on this set including this one"),
            ("fresh_tyre", _B, "the set was new when fitted"),
            ("stint", _I, "number of the stint, from 1"),
            ("is_pit_in", _B, "in lap"),
            ("is_pit_out", _B, "out lap"),
            ("pit_in_time_s", _F, "session clock at the pit entry"),
            ("pit_out_time_s", _F, "session clock at the pit exit"),
            ("position", _I, "place at the end of the lap"),
            ("track_status", pl.List(pl.Enum(TRACK_STATUS)), "every status met during the lap, in order of severity"),
            ("speed_i1_kmh", _F4, "speed trap, first sector"),
            ("speed_i2_kmh", _F4, "speed trap, second sector"),
            ("speed_fl_kmh", _F4, "speed at the line"),
            ("speed_st_kmh", _F4, "speed trap on the straight"),
            ("is_personal_best", _B, "best lap of this driver so far"),
            ("is_deleted", _B, "lap time deleted by race control; null: unknown"),
            ("deleted_reason", _S, "why, as race control wrote it"),
            ("deleted_at_s", _F, "session clock when race control deleted it"),
            ("reinstated_at_s", _F, "session clock when race control took that back"),
            ("is_generated", _B, "not published as a lap: worked out from the rest of the session"),
            ("is_representative", _B, "shows pace: use it for analysis"),
            ("exclude_reason", pl.Enum(EXCLUDE_REASONS), "why it does not"),
            sorted_by=("driver", "lap"),
        ),
        _table(
            "telemetry",
            "Car data and position, merged, 4 to 10 samples a second.",
            _DRIVER,
            ("lap", _I, "lap number"),
            _TIME,
            ("lap_time_s", _F, "seconds since the start of the lap"),
            ("distance_m", _F4, "metres since the start of the lap, integrated from speed"),
            ("speed_kmh", _F4, "speed"),
            ("rpm", _F4, "engine speed, 1/min"),
            ("gear", pl.Int8, "0 is neutral"),
            ("throttle_pct", _F4, "0 to 100"),
            ("is_braking", _B, "brake on"),
            ("drs", _B, "DRS open; null in seasons without DRS"),
            ("x_m", _F4, "position, east"),
            ("y_m", _F4, "position, north"),
            ("z_m", _F4, "position, up"),
            sorted_by=("driver", "lap", "time_s"),
        ),
        _table(
            "traces",
            "The best lap of each driver and stint by its place on the circuit, every 5 m; what panels lay over one another.",
            _DRIVER,
            ("lap", _I, "lap number"),
            ("track_m", _F, "place along the outline, metres from the start line"),
            ("lap_time_s", _F, "seconds since the start of the lap, tied to the official lap and sector times"),
            ("speed_kmh", _F4, "speed"),
            ("throttle_pct", _F4, "0 to 100"),
            ("is_braking", _B, "brake on"),
            ("gear", pl.Int8, "0 is neutral"),
            ("rpm", _F4, "engine speed, 1/min"),
            ("drs", _B, "DRS open; null in seasons without DRS"),
        ),
        _table(
            "positions",
            "Where each car was, on one clock for all cars, twice a second; what the track map plays.",
            _DRIVER,
            _TIME,
            ("x_m", _F4, "position, east"),
            ("y_m", _F4, "position, north"),
            sorted_by=("driver", "time_s"),
        ),
        _table(
            "timing",
            "The change log the timing table plays: one row for each value that changed.",
            _TIME,
            _DRIVER,
            ("field", pl.Enum(TIMING_FIELDS), "what changed"),
            ("value", _F, "the new value in the field's unit; null: none. Codes: see the code lists"),
            sorted_by=("time_s", "driver", "field"),
        ),
        _table(
            "mini_sectors",
            "How each car went through each mini-sector, one row for each change.",
            _TIME,
            _DRIVER,
            ("sector", pl.Int8, "1, 2 or 3"),
            ("mini_sector", pl.Int8, "number inside the sector, from 1"),
            ("mark", pl.Enum(MINI_SECTOR_MARKS), "none: cleared for the next lap"),
            sorted_by=("time_s", "driver"),
        ),
        _table(
            "repairs",
            "What was changed against the origin, one row per value.",
            ("table", _S, "table"),
            _DRIVER,
            ("lap", _I, "lap number, where the value belongs to one"),
            ("column", _S, "column"),
            ("published", _S, "the value as the origin had it; null: none"),
            ("used", _S, "the value that is used; null: none"),
            ("method", _S, "why, and how it was worked out, in one sentence"),
            sorted_by=("table", "driver", "lap", "column"),
        ),
        _table(
            "health",
            "What is wrong or doubtful in the data, one row per finding; none: healthy.",
            ("severity", pl.Enum(SEVERITIES), "error: contradictory; warning: missing or doubtful; info: repaired"),
            ("table", _S, "table"),
            _DRIVER,
            ("lap", _I, "lap number, where it is about one"),
            ("finding", _S, "one sentence"),
            ("n", _I, "how many values or rows it is about"),
            sorted_by=("severity", "table", "driver", "lap"),
        ),
        _table(
            "weather",
            "Weather at the circuit, about once a minute.",
            _TIME,
            ("air_temp_c", _F4, "air"),
            ("track_temp_c", _F4, "track surface"),
            ("humidity_pct", _F4, "relative humidity"),
            ("pressure_hpa", _F4, "air pressure"),
            ("wind_speed_mps", _F4, "wind"),
            ("wind_direction_deg", _F4, "where the wind comes from, clockwise from north"),
            ("is_raining", _B, "rain"),
            sorted_by=("time_s",),
        ),
        _table(
            "race_control",
            "Messages of race control.",
            _TIME,
            ("lap", _I, "lap of the leader"),
            ("category", _S, "Flag, SafetyCar, Drs, CarEvent, Other"),
            ("flag", _S, "GREEN, YELLOW, DOUBLE YELLOW, RED, BLUE, CLEAR, CHEQUERED, BLACK AND WHITE"),
            ("scope", _S, "Track, Sector, Driver"),
            ("sector", _I, "marshal sector"),
            _DRIVER,
            ("message", _S, "text"),
            ("is_derived", _B, "worked out from other tables, not published"),
            sorted_by=("time_s",),
        ),
        _table(
            "track_status",
            "Status of the track from this moment on.",
            _TIME,
            ("status", pl.Enum(TRACK_STATUS), "status"),
            sorted_by=("time_s",),
        ),
        _table(
            "session_status",
            "State of the session from this moment on.",
            _TIME,
            ("status", pl.Enum(SESSION_STATUS), "aborted: stopped by a red flag; started again: resumed, or the next part"),
            sorted_by=("time_s",),
        ),
        _table(
            "session_clock",
            "The clock that the screen shows, counting down; one row for each moment at which it was set, stopped or started.",
            _TIME,
            ("remaining_s", _F, "what remained at that moment"),
            ("is_running", _B, "it counts down from this moment on; false: it stands still"),
            sorted_by=("time_s",),
        ),
        _table(
            "results",
            "Classification.",
            ("position", _I, "place; null: not classified"),
            _DRIVER,
            ("classified", _B, "classified"),
            ("grid_position", _I, "place on the grid"),
            ("points", _F, "points"),
            ("status", _S, "Finished, Lapped, Retired, Did not start, Disqualified"),
            ("time_s", _F, "race time of a car on the lead lap"),
            ("gap_s", _F, "behind the winner, same lap"),
            ("laps_completed", _I, "laps"),
            ("q1_time_s", _F, "best lap of Q1"),
            ("q2_time_s", _F, "best lap of Q2"),
            ("q3_time_s", _F, "best lap of Q3"),
            ("is_provisional", _B, "as they crossed the line: stewards' decisions are not in it"),
            sorted_by=("position",),
        ),
        _table(
            "circuit",
            "Shape of the circuit, one row per point.",
            (
                "kind",
                pl.Enum(CIRCUIT_KINDS),
                "outline: closed, every 5 m; pit_lane: path; mini_sector: where it ends; others: one point each",
            ),
            ("number", _I, "of the corner, the marshal, timing or mini-sector; outline and pit lane: order of the point"),
            ("letter", _S, "letter of a corner such as 11A"),
            ("x_m", _F, "east"),
            ("y_m", _F, "north"),
            ("angle_deg", _F, "direction in which a label stands off the track"),
            ("distance_m", _F, "metres along the outline from the start line"),
            sorted_by=("kind", "number"),
        ),
        _table(
            "radio",
            "Team radio.",
            _TIME,
            _DRIVER,
            ("url", _S, "recording"),
            ("transcript", _S, "text"),
            sorted_by=("time_s",),
        ),
        _table(
            "data_sets",
            "What this session has and where it came from, one row per table.",
            ("table", _S, "table"),
            ("state", pl.Enum(DATA_STATES), "state"),
            ("origin", _S, "source, or derived"),
            ("rows", _I, "rows"),
            ("note", _S, "what is missing or how it was worked out, in one sentence"),
            sorted_by=("table",),
        ),
    )
}

_STEPS = {"_s": 1000, "_m": 10, "_kmh": 10, "_c": 10, "_hpa": 10, "_mps": 10, "_deg": 10, "_pct": 1, "rpm": 1}


def steps_per_unit(column: str) -> int:
    """Return how finely a float column is kept on disk and on the wire, from the unit in its name.

    As fine as the sources resolve: milliseconds, decimetres, tenths of a km/h.

    Examples
    --------
    >>> steps_per_unit("lap_time_s"), steps_per_unit("x_m")
    (1000, 10)
    """
    return next((steps for suffix, steps in _STEPS.items() if column.endswith(suffix)), 1000)
