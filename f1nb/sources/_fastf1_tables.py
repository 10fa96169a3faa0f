"""What FastF1 loaded, as the tables of the schema: pandas columns in, polars columns out, one by one.

``zero_s`` is where the session clock begins on FastF1's, which counts from the start of the recording.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import polars as pl

from f1nb.schema import SESSION_STATUS, TABLES
from f1nb.seasons import least_laps
from f1nb.sources import _identity
from f1nb.sources._codes import TRACK_STATUS, compound, driver_code, statuses_met
from f1nb.sources.tracinginsights import text

Frame: TypeAlias = Any  # of pandas, whose types say nothing of its columns
Column: TypeAlias = Any

_NOT_STARTED = ("did not start", "withdrew", "withdrawn")
_SENT_AGAIN_S = 5.0  # a message that arrives so much later than it was sent was sent before


def seconds(column: Column, zero_s: float = 0.0) -> pl.Series:
    """Return durations, or times on FastF1's clock, in seconds."""
    values = np.asarray(pd.to_timedelta(column, errors="coerce"))
    return pl.Series((values / np.timedelta64(1, "s") - zero_s).round(3), dtype=pl.Float64, nan_to_null=True)


def numbers(column: Column) -> pl.Series:
    """Return numbers."""
    return pl.Series(np.asarray(pd.to_numeric(column, errors="coerce"), dtype=float), dtype=pl.Float64, nan_to_null=True)


def texts(column: Iterable[Any]) -> pl.Series:
    """Return texts; "", "nan" and "None" are none."""
    return pl.Series([text(value) for value in column], dtype=pl.String)


def flags(column: Iterable[Any]) -> pl.Series:
    """Return yes and no; everything else is unknown."""
    return pl.Series([bool(value) if isinstance(value, bool | np.bool_) else None for value in column], dtype=pl.Boolean)


def codes(results: Frame, year: int) -> dict[str, str]:
    """Return the three-letter code of each car: as published, else who has that number, else the number itself."""
    return {
        number: code or driver_code(number, year) or number
        for number, code in zip(texts(results["DriverNumber"]), texts(results["Abbreviation"]), strict=True)
        if number
    }


def drivers(results: Frame, code_of: dict[str, str]) -> pl.DataFrame:
    """Return table ``drivers``."""
    rows = []
    names = zip(*(texts(results[c]) for c in ("DriverNumber", "FullName", "TeamName", "TeamColor", "CountryCode")), strict=True)
    for (number, published, team, color, country), grid in zip(names, numbers(results["GridPosition"]), strict=True):
        if number is None:
            continue
        name = _identity.usual_name(code_of[number], published) or code_of[number]
        rows.append(
            {
                "driver": code_of[number],
                "driver_id": _identity.driver_id(name),
                "number": number,
                "full_name": name,
                "team": team,
                "team_color": f"#{color.lower()}" if color else team and _identity.team_color(team),
                "country_code": country,
                "grid_position": grid if grid and grid > 0 else None,
            }
        )
    return TABLES["drivers"].frame(pl.DataFrame(rows, schema_overrides={"grid_position": pl.Float64}))


def laps(frame: Frame, code_of: dict[str, str], zero_s: float) -> pl.DataFrame:
    """Return table ``laps``."""
    number = texts(frame["DriverNumber"])
    generated = flags(frame["FastF1Generated"]).fill_null(value=False)
    pit_in, pit_out = seconds(frame["PitInTime"], zero_s), seconds(frame["PitOutTime"], zero_s)
    tyre, age = pl.Series([compound(c) for c in texts(frame["Compound"])], dtype=pl.String), numbers(frame["TyreLife"])
    has_tyre = tyre.is_not_null() | age.is_not_null()  # without, FastF1 writes stint 1 and a used set
    table = pl.DataFrame(
        {
            "driver": number.replace_strict(code_of, default=None, return_dtype=pl.String),
            "lap": numbers(frame["LapNumber"]),
            "start_time_s": seconds(frame["LapStartTime"], zero_s),
            "end_time_s": seconds(frame["Time"], zero_s),
            "lap_time_s": seconds(frame["LapTime"]),
            **{f"sector_{n}_time_s": seconds(frame[f"Sector{n}Time"]) for n in (1, 2, 3)},
            "compound": tyre,
            "tyre_age_laps": age,
            "fresh_tyre": flags(frame["FreshTyre"]),
            "stint": numbers(frame["Stint"]),
            "is_pit_in": pit_in.is_not_null(),
            "is_pit_out": pit_out.is_not_null(),
            "pit_in_time_s": pit_in,
            "pit_out_time_s": pit_out,
            "position": numbers(frame["Position"]),
            "track_status": [statuses_met(met or "") for met in texts(frame["TrackStatus"])],
            **{f"speed_{trap.lower()}_kmh": numbers(frame[f"Speed{trap}"]) for trap in ("I1", "I2", "FL", "ST")},
            "is_personal_best": flags(frame["IsPersonalBest"]),
            "is_deleted": flags(frame["Deleted"]),
            "deleted_reason": texts(frame["DeletedReason"]),
            "is_generated": generated,
            "has_tyre": has_tyre,
        },
        schema_overrides={"track_status": pl.List(pl.String)},
    )
    known = pl.col("has_tyre")
    return TABLES["laps"].frame(
        table.with_columns(
            # the end of a lap that FastF1 made up is a guess: the car did not reach the line
            end_time_s=pl.when(~pl.col("is_generated")).then("end_time_s"),
            fresh_tyre=pl.when(known).then("fresh_tyre"),
            stint=pl.when(known).then("stint"),
        ).drop("has_tyre")
    )


def official_results(results: Frame, code_of: dict[str, str], *, is_race: bool) -> pl.DataFrame:
    """Return table ``results`` as it was published after a race, a sprint or a qualifying."""
    number, published = texts(results["DriverNumber"]), texts(results["ClassifiedPosition"])
    table = pl.DataFrame(
        {
            "position": numbers(results["Position"]),
            "driver": number.replace_strict(code_of, default=None, return_dtype=pl.String),
            "published": published.str.strip_suffix(".0"),
            "laps_completed": numbers(results["Laps"]),
            **{f"q{n}_time_s": seconds(results[f"Q{n}"]) for n in (1, 2, 3)},
        }
    ).with_columns(is_provisional=pl.lit(value=False))
    if not is_race:
        return TABLES["results"].frame(table.with_columns(classified=pl.col("published") != "N").drop("published"))
    gap = seconds(results["Time"])
    status = texts(results["Status"]).fill_null("").str.to_lowercase()
    enough = least_laps(int(table["laps_completed"].max() or 0))  # pyright: ignore[reportArgumentType]
    out = pl.col("published").is_in(["D", "E", "W", "F"]) | pl.col("status").is_in(_NOT_STARTED)
    table = table.with_columns(
        status=status, gap_s=gap, points=numbers(results["Points"]), grid_position=numbers(results["GridPosition"])
    ).with_columns(
        classified=pl.col("published").str.contains(r"^\d+$")
        | ((pl.col("laps_completed") >= enough) & ~out).fill_null(value=False),
        gap_s=pl.when(pl.int_range(pl.len()) == 0).then(0.0).otherwise("gap_s"),
        grid_position=pl.when(pl.col("grid_position") > 0).then("grid_position"),
    )
    table = table.with_columns(
        # who is behind on the road after all penalties is not ahead in time: such a gap was published by mistake
        gap_s=pl.when(pl.col("gap_s") >= pl.col("gap_s").cum_max()).then("gap_s"),
        position=pl.when("classified").then("position"),
        status=pl.when(pl.col("published").is_in(["D", "E"]))
        .then(pl.lit("Disqualified"))
        .when((pl.col("published") == "W") | pl.col("status").is_in(_NOT_STARTED))
        .then(pl.lit("Did not start"))
        .when(pl.col("status") == "finished")
        .then(pl.lit("Finished"))
        .when(pl.col("status").str.contains(r"^\+|lapped"))
        .then(pl.lit("Lapped"))
        .otherwise(pl.lit("Retired")),
    )
    winner_s = gap.first()
    return TABLES["results"].frame(table.with_columns(time_s=(pl.col("gap_s") + winner_s).round(3)).drop("published"))


def weather(frame: Frame, zero_s: float) -> pl.DataFrame:
    """Return table ``weather``."""
    return TABLES["weather"].frame(
        {
            "time_s": seconds(frame["Time"], zero_s),
            "air_temp_c": numbers(frame["AirTemp"]),
            "track_temp_c": numbers(frame["TrackTemp"]),
            "humidity_pct": numbers(frame["Humidity"]),
            "pressure_hpa": numbers(frame["Pressure"]),
            "wind_speed_mps": numbers(frame["WindSpeed"]),
            "wind_direction_deg": numbers(frame["WindDirection"]),
            "is_raining": flags(frame["Rainfall"]),
        }
    )


def track_status(frame: Frame, zero_s: float) -> pl.DataFrame:
    """Return table ``track_status``."""
    status = texts(frame["Status"]).replace_strict(TRACK_STATUS, default=None, return_dtype=pl.String)
    return TABLES["track_status"].frame(pl.DataFrame({"time_s": seconds(frame["Time"], zero_s), "status": status}).drop_nulls())


def session_status(frame: Frame, zero_s: float) -> pl.DataFrame:
    """Return table ``session_status``."""
    table = pl.DataFrame({"time_s": seconds(frame["Time"], zero_s), "status": texts(frame["Status"]).str.to_lowercase()})
    return TABLES["session_status"].frame(table.filter(pl.col("status").is_in(SESSION_STATUS)))


def race_control(frame: Frame, arrived_s: list[float], code_of: dict[str, str], zero: datetime) -> pl.DataFrame:
    """Return table ``race_control``.

    Parameters
    ----------
    frame
        FastF1's messages, whose times are instants to the second.
    arrived_s
        When each arrived, on the session clock, which is exact; a message that was sent again is older.
    code_of
        Codes of the cars.
    zero
        Instant of the session clock's zero.
    """
    sent, arrived = pl.Series(epoch_s(frame["Time"])) - zero.timestamp(), pl.Series(arrived_s)
    return TABLES["race_control"].frame(
        {
            "time_s": arrived.zip_with((arrived - sent).abs() < _SENT_AGAIN_S, sent).round(3),
            "lap": numbers(frame["Lap"]),
            "category": texts(frame["Category"]),
            "flag": texts(frame["Flag"]),
            "scope": texts(frame["Scope"]),
            "sector": numbers(frame["Sector"]),
            "driver": texts(frame["RacingNumber"]).replace_strict(code_of, default=None, return_dtype=pl.String),
            "message": texts(frame["Message"]),
            "is_derived": pl.repeat(value=False, n=len(frame), eager=True),
        }
    )


def epoch_s(instants: Column) -> list[float]:
    """Return instants, in UTC as FastF1 has them, as seconds since 1970."""
    return (np.asarray(pd.to_datetime(instants)).astype("datetime64[ms]").astype(np.int64) / 1000).tolist()


def corners(info: Any) -> pl.DataFrame:
    """Return table ``circuit`` of what FastF1 knows of a circuit: corners and marshal sectors."""
    parts = [
        pl.DataFrame(
            {
                "number": numbers(points["Number"]),
                "letter": texts(points["Letter"]),
                "x_m": numbers(points["X"]) / 10,
                "y_m": numbers(points["Y"]) / 10,
                "angle_deg": numbers(points["Angle"]),
            }
        ).with_columns(kind=pl.lit(kind))
        for kind, points in (("corner", info.corners), ("marshal_sector", info.marshal_sectors))
    ]
    return TABLES["circuit"].frame(pl.concat(parts))
