"""Laps as they can have been: what is wrong is put right or left out, and what was done is written down."""

from __future__ import annotations

import polars as pl
import pytest
from lap_frames import laps, session

from f1nb.analysis.ledger import ledger
from f1nb.schema import TABLES
from f1nb.session import Session


def test_what_was_changed_is_all_in_repairs(dutch: Session, australian: Session) -> None:
    """The Dutch race was published as it is used; the Australian export lacks the tyres of a third of the laps."""
    assert dutch.repairs.is_empty()
    told = australian.repairs
    assert set(told["column"]) == {"compound"}
    assert told["published"].is_null().all()
    used = told.join(australian.laps, on=["driver", "lap"], how="left")
    assert used["used"].equals(used["compound"].cast(pl.String), check_names=False)
    assert told["method"].str.ends_with(".").all()


def test_each_lap_is_representative_or_says_why_not(dutch: Session, australian: Session, simulated: Session) -> None:
    for race in (dutch, australian, simulated):
        assert race.laps["is_representative"].is_not_null().all()
        assert (race.laps["is_representative"] == race.laps["exclude_reason"].is_null()).all()


def test_a_lap_that_is_there_twice_counts_once() -> None:
    own = laps("NOR", [{"position": 1}, {"position": 1}])
    poor = own.filter(lap=2).with_columns(lap_time_s=pl.lit(None, pl.Float64), position=pl.lit(None, pl.Int32))
    race = session(pl.concat([own, poor]))
    assert race.laps["lap"].to_list() == [1, 2]
    assert race.laps["lap_time_s"].to_list() == [90.0, 90.0]
    assert race.repairs.select("lap", "published", "used").rows() == [(2, "2 rows", "1 row")]


def test_a_lap_after_the_flag_is_no_lap() -> None:
    """2025 Australia: Norris has a lap 58 of 57."""
    race = session(
        laps("NOR", [{}] * 4), laps("VER", [{}] * 3, from_s=2.0), laps("LEC", [{"lap_time_s": 140.0}] * 3), total_laps=3
    )
    assert race.laps.group_by("driver").len().sort("driver").rows() == [("LEC", 2), ("NOR", 3), ("VER", 3)]
    assert set(race.repairs["method"]) == {"The race was over."}
    assert race.results["driver"].to_list() == ["NOR", "VER", "LEC"]


def test_where_the_whole_field_went_further_it_is_the_distance_that_is_wrong() -> None:
    race = session(laps("NOR", [{}] * 4), laps("VER", [{}] * 4), total_laps=3)
    assert race.laps.height == 8
    assert "2 cars went further than the 3 laps of the race." in race.health()["finding"].to_list()


def test_who_did_not_start_has_no_laps_and_is_still_among_the_drivers() -> None:
    """2023 Singapore, 2026 China: a car that did not start has a lap."""
    results = TABLES["results"].frame(
        [{"position": 1, "driver": "NOR", "status": "Finished"}, {"driver": "STR", "status": "Did not start"}]
    )
    race = session(laps("NOR", [{}, {}]), laps("STR", [{"lap_time_s": None}]), results=results)
    assert race.drivers["driver"].to_list() == ["NOR", "STR"]
    assert set(race.laps["driver"]) == {"NOR"}
    assert race.repairs.select("driver", "method").rows() == [("STR", "The car did not start.")]


SECTORS = {"sector_1_time_s": 30.0, "sector_2_time_s": 35.0, "sector_3_time_s": 25.0}


@pytest.mark.parametrize("missing", ["lap_time_s", *SECTORS])
def test_one_missing_time_of_a_lap_follows_from_the_others(missing: str) -> None:
    whole = {"lap_time_s": 90.0, **SECTORS}
    race = session(laps("NOR", [whole, whole | {missing: None}, whole]))
    assert race.laps.filter(lap=2).select(list(whole)).row(0, named=True) == whole
    assert race.repairs.select("lap", "column", "published").rows() == [(2, missing, None)]


def test_of_two_missing_times_none_is_made_up() -> None:
    race = session(laps("NOR", [SECTORS, SECTORS | {"sector_1_time_s": None, "lap_time_s": None}]))
    assert race.laps.filter(lap=2).select("lap_time_s", "sector_1_time_s").rows() == [(None, None)]


def test_a_lap_shorter_than_its_sectors_after_a_red_flag_is_their_sum_where_the_clock_agrees() -> None:
    """2022 Saudi Arabia: Verstappen's lap 12 took 1:01."""
    wrong = SECTORS | {"lap_time_s": 61.0}
    own = laps("VER", [SECTORS, wrong, SECTORS], from_s=10.0)
    agreeing = own.with_columns(
        end_time_s=pl.when(pl.col("lap") == 2).then(pl.col("start_time_s") + 90.0).otherwise("end_time_s")
    )
    by_clock, without = session(agreeing, kind="Q"), session(own, kind="Q")
    assert by_clock.laps["lap_time_s"].to_list() == [90.0, 90.0, 90.0]
    assert without.laps["lap_time_s"].to_list() == [90.0, None, 90.0]
    assert without.laps["exclude_reason"].to_list() == [None, "no_time", None]
    assert without.repairs.select("lap", "column", "published", "used").rows() == [(2, "lap_time_s", "61.0", None)]
    assert without.fastest_lap().laps["lap_time_s"].item() == 90.0


def test_a_lap_too_short_to_be_one_has_no_time_also_without_sectors() -> None:
    race = session(laps("VER", [{}, {"lap_time_s": 61.0}, {}]), laps("NOR", [{}] * 3), laps("LEC", [{}] * 3), kind="Q")
    assert race.laps.filter(driver="VER")["lap_time_s"].to_list() == [90.0, None, 90.0]


def test_a_lap_of_ten_minutes_in_the_garage_is_not_representative() -> None:
    rows = [{"pit": "out"}, {}, {"pit": "in"}, {"lap_time_s": 627.997, "stint": 2}]
    race = session(laps("NOR", rows), kind="Q")
    assert race.laps["exclude_reason"].to_list() == ["out_lap", None, "in_lap", "outlier"]


def test_a_slow_lap_after_a_red_flag_with_a_clear_track_is_not_representative() -> None:
    """2023 Mexico: lap 36 took 2:20 under status 1."""
    race = session(laps("NOR", [{}] * 5 + [{"lap_time_s": 140.0}] + [{}] * 5))
    assert race.laps.filter(lap=6)["exclude_reason"].to_list() == ["outlier"]
    assert race.laps["end_time_s"].max() == 90.0 * 10 + 140.0


def test_of_several_statuses_of_a_lap_each_counts() -> None:
    rows = [
        {},
        {"track_status": ["safety_car", "yellow"]},
        {"track_status": ["yellow", "clear"]},
        {"track_status": ["red", "yellow"]},
    ]
    assert session(laps("NOR", rows)).laps["exclude_reason"].to_list() == ["first_lap", "safety_car", "yellow", "red_flag"]


def test_lap_1_of_a_race_is_shown_but_neither_pace_nor_an_out_lap() -> None:
    race = session(laps("NOR", [{"lap_time_s": None, "pit": "out"}, {}, {}]))
    first = race.laps.row(0, named=True)
    assert (first["exclude_reason"], first["is_pit_out"], first["is_representative"]) == ("first_lap", False, False)


def test_a_generated_lap_says_so_and_has_no_place() -> None:
    """2024 Japan: cars that crashed on lap 1 stand second and third on it."""
    crash = {"lap_time_s": None, "is_generated": True, "position": 2}
    race = session(laps("NOR", [{"position": 1}]), laps("RIC", [crash]).with_columns(end_time_s=None))
    row = race.laps.filter(driver="RIC").row(0, named=True)
    assert (row["position"], row["is_generated"], row["exclude_reason"]) == (None, True, "generated")
    assert race.repairs.select("driver", "column", "published", "used").rows() == [("RIC", "position", "2", None)]


def test_equal_lap_times_are_no_error() -> None:
    race = session(laps("NOR", [{"lap_time_s": 90.123}] * 4))
    assert race.laps["lap_time_s"].to_list() == [90.123] * 4
    assert race.repairs.is_empty()


@pytest.mark.parametrize("name", ["dutch", "australian", "simulated"])
def test_what_was_put_right_once_stays_as_it_is(name: str, request: pytest.FixtureRequest) -> None:
    race: Session = request.getfixturevalue(name)
    tables = {table: race.scan(table).collect() for table in TABLES}
    again, repairs = ledger(tables, is_race=race.is_race)
    assert again.equals(race.laps.with_columns(again["is_representative"], again["exclude_reason"]))
    assert repairs.equals(race.repairs)


def test_a_crash_lap_is_there_once_however_often_it_is_given() -> None:
    crash = laps("ALB", [{"lap_time_s": None, "is_generated": True}]).with_columns(end_time_s=None)
    race = session(laps("NOR", [{}, {}]), pl.concat([crash, crash]))
    assert race.laps.filter(driver="ALB").height == 1


def test_a_lap_without_time_that_has_all_sectors_has_their_sum() -> None:
    """2025 Bahrain: the transponder of Russell's car failed; his sectors were timed."""
    race = session(laps("RUS", [SECTORS, SECTORS | {"lap_time_s": None}, SECTORS]))
    assert race.laps["lap_time_s"].to_list() == [90.0, 90.0, 90.0]
    assert race.fastest_lap("RUS").laps.height == 1
