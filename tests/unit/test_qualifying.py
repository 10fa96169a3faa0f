"""Which part of qualifying a lap belongs to."""

from __future__ import annotations

import polars as pl

from f1nb.analysis.qualifying import qualifying_bests, qualifying_parts
from f1nb.schema import TABLES
from f1nb.seasons import season

CARS = [f"C{n:02}" for n in range(22)]


def attempts(*, part: int, cars: list[str], from_s: float) -> list[dict[str, object]]:
    """Return one timed lap of each car, ten seconds apart."""
    return [
        {"driver": car, "lap": part, "start_time_s": from_s + 10 * n - 80.0, "end_time_s": from_s + 10 * n, "lap_time_s": 80.0}
        for n, car in enumerate(cars)
    ]


def status(*rows: tuple[float, str]) -> pl.DataFrame:
    return TABLES["session_status"].frame([{"time_s": time, "status": state} for time, state in rows])


def test_a_red_flag_in_the_first_part_begins_no_second_one() -> None:
    laps = TABLES[
        "laps"
    ].frame(
        attempts(part=1, cars=CARS[:12], from_s=100.0)  # then a red flag for ten minutes, and ten cars have yet to go
        + attempts(part=2, cars=CARS[12:], from_s=900.0)
        + attempts(part=3, cars=CARS[:16], from_s=1800.0)
        + attempts(part=4, cars=CARS[:10], from_s=2600.0)
    )
    said = status(
        (0.0, "started"), (250.0, "aborted"), (800.0, "started"), (1100.0, "finished"), (1700.0, "started"),
        (2100.0, "finished"), (2500.0, "started"), (2900.0, "finished"),
    )  # fmt: skip
    parts = qualifying_parts(laps, season(2026), said)
    assert parts.group_by("part").len().sort("part").rows() == [(1, 22), (2, 16), (3, 10)]


def test_without_a_status_breaks_tell_the_parts() -> None:
    laps = TABLES["laps"].frame(
        attempts(part=1, cars=CARS, from_s=100.0)
        + attempts(part=2, cars=CARS[:16], from_s=1000.0)
        + attempts(part=3, cars=CARS[:10], from_s=1800.0)
    )
    bests = qualifying_bests(laps, season(2026), status())
    assert bests.select(pl.col("^q.*$").is_not_null().sum()).row(0) == (22, 16, 10)
