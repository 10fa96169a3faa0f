"""A simulated race, written as the official archive publishes it and read back, is the same race."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from feed_session import to_archive

from f1nb.session import Session
from f1nb.sources._files import FolderFiles
from f1nb.sources.archive import read

LATE_S = 0.35  # what the messages of the written feed are late by, at the most


@pytest.fixture(scope="module")
def back(simulated: Session, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    folder = to_archive(simulated, tmp_path_factory.mktemp("archive"))
    assert folder.relative_to(folder.parents[4]).parts[:2] == ("livetiming.formula1.com", "static")
    return read(FolderFiles(Path(folder)), year=2026, event="Simulated Grand Prix", session="R", address="")


def test_laps_are_the_same(simulated: Session, back: dict[str, pl.DataFrame]) -> None:
    exact = ["driver", "lap", "start_time_s", "end_time_s", "lap_time_s", "sector_1_time_s", "sector_2_time_s",
             "sector_3_time_s", "compound", "tyre_age_laps", "fresh_tyre", "stint", "is_pit_in", "is_pit_out",
             "speed_i1_kmh", "speed_i2_kmh", "speed_fl_kmh"]  # fmt: skip
    assert back["laps"].select(exact).equals(simulated.laps.select(exact))
    for column in ("pit_in_time_s", "pit_out_time_s"):
        late = back["laps"][column] - simulated.laps[column]
        assert late.is_not_null().equals(simulated.laps[column].is_not_null())
        assert late.drop_nulls().is_between(-0.001, LATE_S).all()


def test_the_order_is_the_same_at_each_moment(simulated: Session, back: dict[str, pl.DataFrame]) -> None:
    end = max(simulated.laps["end_time_s"].drop_nulls())
    moments = pl.DataFrame({"time_s": pl.int_range(10, int(end), 10, eager=True).cast(pl.Float64)})

    def order(timing: pl.DataFrame, field: str) -> pl.DataFrame:
        said = timing.filter(pl.col("field") == field).select("driver", "time_s", "value").sort("time_s")
        asked = moments.join(said.select("driver").unique(), how="cross").sort("time_s")
        return asked.join_asof(said, on="time_s", by="driver", check_sortedness=False).sort("time_s", "driver").drop_nulls()

    for field in ("position", "stops"):
        ours, theirs = order(back["timing"], field), order(simulated.timing, field)
        both = theirs.join(ours, on=["time_s", "driver"], suffix="_read")
        assert both.height == theirs.height > 0
        assert both["value"].equals(both["value_read"]), field


def test_the_result_is_the_same(simulated: Session, back: dict[str, pl.DataFrame]) -> None:
    columns = ["position", "driver", "classified", "laps_completed", "grid_position"]
    ours, was = (frame.select(columns).sort("driver") for frame in (back["results"], simulated.results))
    assert ours.equals(was)


def test_drivers_are_the_same(simulated: Session, back: dict[str, pl.DataFrame]) -> None:
    columns = ["driver", "number", "full_name", "team", "team_color", "country_code", "grid_position"]
    assert back["drivers"].select(columns).sort("driver").equals(simulated.drivers.select(columns).sort("driver"))


@pytest.mark.parametrize("table", ["weather", "track_status"])
def test_small_tables_are_the_same(simulated: Session, back: dict[str, pl.DataFrame], table: str) -> None:
    assert back[table].equals(simulated.scan(table).collect())


def test_messages_are_the_same(simulated: Session, back: dict[str, pl.DataFrame]) -> None:
    columns = ["time_s", "lap", "category", "flag", "scope", "sector", "message"]
    assert back["race_control"].select(columns).equals(simulated.race_control.select(columns))


def test_telemetry_is_the_same(simulated: Session, back: dict[str, pl.DataFrame]) -> None:
    was = simulated.telemetry.collect()
    both = back["telemetry"].join(was, on=["driver", "lap", "time_s"], suffix="_was")
    assert both.height == back["telemetry"].height > 0.99 * was.height
    inside = both.filter(pl.col("lap_time_s") > 0)  # where two laps meet, the race has a sample for each
    for column in ("speed_kmh", "rpm", "gear", "throttle_pct", "is_braking", "x_m", "y_m", "z_m"):
        step = 0.5 if column == "rpm" or column.endswith(("kmh", "pct")) else 0.001
        off = (inside[column].cast(pl.Float64) - inside[f"{column}_was"].cast(pl.Float64)).abs()
        assert off.max() <= step, column
    assert (inside["distance_m"] - inside["distance_m_was"]).abs().max() < 10
    assert both["drs"].null_count() == both.height
