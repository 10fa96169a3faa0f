"""Defects that feeds of the official archive have had, each in a feed made by hand; docs/traps.md lists them all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hand_made_feed import Feed

from f1nb.analysis.complete import complete

NOR, VER, RUS = "4", "1", "63"


def race_of(cars: dict[str, tuple[float, float]], *, laps: int = 5) -> Feed:
    """Return a race; of each car how far it is behind the first one at the start, and how late its messages come."""
    feed = Feed("R").say(0, "DriverList", {NOR: {"Tla": "NOR"}, VER: {"Tla": "VER"}, RUS: {"Tla": "RUS"}})
    feed.say(1, "LapCount", {"CurrentLap": 1, "TotalLaps": laps}).status(600, "Started")
    for number, (behind, late) in cars.items():
        at = 600 + behind
        feed.car(10, number, InPit=False)
        for lap in range(1, laps + 1):
            at = feed.lap(at + late, number, lap, (26.0, 34.0, 30.0)) - late
            if number != NOR:
                feed.car(at + late + 0.15, number, GapToLeader=f"+{behind:.3f}")
    feed.lines["TimingData"].sort()
    return feed.status(600 + 90 * laps + 4, "Finished")


def ends(tables: dict[str, pl.DataFrame], lap: int) -> dict[str, float]:
    return dict(tables["laps"].filter(lap=lap).select("driver", "end_time_s").iter_rows())


# -- order and gaps ---------------------------------------------------------------------------------------------------------


def test_of_cars_milliseconds_apart_the_one_that_the_screen_had_ahead_was_ahead(tmp_path: Path) -> None:
    tables = race_of({NOR: (0.0, 0.08), RUS: (0.006, 0.0), VER: (1.5, 0.3)}).read(tmp_path)
    last = ends(tables, 5)
    assert round(last["RUS"] - last["NOR"], 3) == 0.006
    assert round(last["VER"] - last["NOR"], 3) == 1.5
    places = complete(tables)["laps"].filter(lap=5).sort("position")
    assert places["driver"].to_list() == ["NOR", "RUS", "VER"]


def test_no_car_crosses_the_line_after_the_message_that_it_did(tmp_path: Path) -> None:
    last = ends(race_of({NOR: (0.0, 0.08), RUS: (0.006, 0.0), VER: (1.5, 0.3)}).read(tmp_path), 5)
    assert last["RUS"] == pytest.approx(450.006 + 0.2)  # what Feed.lap is late by


def test_one_gap_with_a_penalty_in_it_moves_nobody(tmp_path: Path) -> None:
    feed = race_of({NOR: (0.0, 0.0), VER: (1.5, 0.0)})
    before = feed.read(tmp_path / "a")["laps"]
    feed.car(600 + 450 + 1.5 + 0.19, VER, GapToLeader="+11.500")
    feed.lines["TimingData"].sort()
    assert feed.read(tmp_path / "b")["laps"].equals(before)


def test_the_order_by_lap_is_that_across_the_line_when_places_come_late_or_not_at_all(tmp_path: Path) -> None:
    feed = race_of({NOR: (0.0, 0.0), VER: (1.5, 0.0), RUS: (2.0, 0.0)})
    for number, place in ((NOR, "3"), (VER, "2")):
        feed.car(900, number, Position=place)  # five minutes into the race, and wrong
    feed.lines["TimingData"].sort()
    laps = complete(feed.read(tmp_path))["laps"]
    for lap in range(1, 6):
        assert laps.filter(lap=lap).sort("position")["driver"].to_list() == ["NOR", "VER", "RUS"]


def test_laps_behind_stay_until_something_else_is_said(tmp_path: Path) -> None:
    feed = race_of({NOR: (0.0, 0.0), VER: (1.5, 0.0)}).car(1000, VER, GapToLeader="+1 LAP").car(1020, VER, Speeds={})
    feed.lines["TimingData"].sort()
    log = feed.read(tmp_path)["timing"].filter(pl.col("driver") == "VER", pl.col("time_s") >= 400)
    assert log.filter(field="gap_laps").select("time_s", "value").rows()[0] == (400.0, 1.0)
    assert log.filter(field="gap_s")["value"][0] is None


@pytest.mark.parametrize(("published", "place"), [("3", 3), ("0", None), ("-1", None), ("", None), (None, None)])
def test_a_place_on_the_grid_that_is_none_is_unknown(tmp_path: Path, published: Any, place: int | None) -> None:
    feed = race_of({NOR: (0.0, 0.0)}).say(5, "TimingAppData", {"Lines": {NOR: {"GridPos": published}}})
    assert feed.read(tmp_path)["drivers"].filter(driver="NOR")["grid_position"].item() == place


def test_a_place_that_is_blank_is_unknown_and_comes_last(tmp_path: Path) -> None:
    feed = Feed("FP1").say(0, "DriverList", {NOR: {"Tla": "NOR"}, VER: {"Tla": "VER"}}).status(600, "Started")
    for number, place, best in ((NOR, "", ""), (VER, "1", "1:30.000")):
        feed.car(5, number, InPit=True).car(700, number, InPit=False, PitOut=True, NumberOfLaps=1)
        feed.car(2000, number, Position=place, BestLapTime={"Value": best})
    results = feed.read(tmp_path)["results"]
    assert results.select("driver", "position", "time_s").rows() == [("VER", 1, 90.0), ("NOR", None, None)]
    assert results["is_provisional"].all()


# -- laps ---------------------------------------------------------------------------------------------------------------------


def test_last_laps_that_arrive_long_after_the_session_is_finished_are_laps(tmp_path: Path) -> None:
    tables = race_of({NOR: (0.0, 0.0), RUS: (85.0, 0.0)}).read(tmp_path)
    assert ends(tables, 5)["RUS"] == pytest.approx(535.2)
    assert tables["timing"].filter(driver="RUS", field="state").height


def test_a_snapshot_that_is_sent_again_within_a_lap_changes_no_lap(tmp_path: Path) -> None:
    feed = race_of({NOR: (0.0, 0.0), VER: (1.5, 0.0)})
    before = feed.read(tmp_path / "a")["laps"]
    sectors = [{"Value": "26.000"}, {"Value": "34.000"}, {"Value": "30.000"}]
    feed.car(785.0, NOR, NumberOfLaps=2, InPit=False, Sectors=sectors, LastLapTime={"Value": "1:30.000"})
    feed.lines["TimingData"].sort()
    assert feed.read(tmp_path / "b")["laps"].equals(before)


@pytest.fixture
def practice() -> Feed:
    """One car: an out lap, a timed lap of 90 s up to 885 s, the first two sectors of another one, and then it stops."""
    feed = Feed("Q").say(0, "DriverList", {NOR: {"Tla": "NOR"}}).status(600, "Started")
    feed.car(5, NOR, InPit=True).car(700, NOR, InPit=False, PitOut=True, NumberOfLaps=1)
    feed.car(760, NOR, Sectors={"1": {"Value": "40.000"}}, PitOut=False)
    feed.car(795, NOR, Sectors={"2": {"Value": "35.000"}}, NumberOfLaps=2)
    feed.car(821, NOR, Sectors={"0": {"Value": "26.000"}}, Speeds={"I1": {"Value": "280"}})
    feed.car(855, NOR, Sectors={"1": {"Value": "34.000"}})
    feed.car(885, NOR, Sectors={"2": {"Value": "30.000"}}, LastLapTime={"Value": "1:30.000"}, NumberOfLaps=3)
    feed.car(911, NOR, Sectors={"0": {"Value": "26.100"}, "1": {"Value": ""}, "2": {"Value": ""}})
    return feed.car(945.1, NOR, Sectors={"1": {"Value": "34.000"}}).car(960, NOR, Stopped=True)


def test_a_car_that_is_brought_back_has_not_finished_its_lap(practice: Feed, tmp_path: Path) -> None:
    practice.car(1400, NOR, InPit=True, Stopped=False, Sectors={"2": {"Value": "30.000"}})  # that of the lap before
    laps = practice.read(tmp_path)["laps"]
    assert laps["lap"].to_list() == [1, 2, 3]
    last = laps.row(-1, named=True)
    assert [last[c] for c in ("end_time_s", "lap_time_s", "sector_3_time_s")] == [None, None, None]
    assert last["pit_in_time_s"] == pytest.approx(800.0)


def test_a_speed_that_is_the_same_again_is_not_sent_and_is_known_all_the_same(practice: Feed, tmp_path: Path) -> None:
    assert practice.read(tmp_path)["laps"]["speed_i1_kmh"].to_list() == [None, 280.0, 280.0]


def test_an_in_lap_without_an_end_has_met_the_red_flag(practice: Feed, tmp_path: Path) -> None:
    practice.car(1100, NOR, InPit=True)
    for time_s, status in ((0, "1"), (962, "2"), (970, "5"), (1200, "1")):
        practice.say(time_s, "TrackStatus", {"Status": status})
    laps = practice.read(tmp_path)["laps"]
    assert laps["track_status"].to_list() == [["clear"], ["clear"], ["red", "yellow", "clear"]]


def test_a_time_of_a_part_that_is_cleared_for_the_next_part_stays(practice: Feed, tmp_path: Path) -> None:
    practice.say(0, "DriverList", {VER: {"Tla": "VER"}})
    for number in (NOR, VER):
        practice.car(886, number, BestLapTimes={"0": {"Value": "1:30.000"}})
    practice.car(2000, NOR, BestLapTimes={"0": {"Value": "", "_deleted": ["Lap"]}}).car(
        2004, NOR, BestLapTimes={"1": {"Value": ""}}
    )
    practice.car(1000, VER, BestLapTimes={"0": {"Value": ""}})  # deleted, and he is out
    practice.lines["TimingData"].sort()
    results = practice.read(tmp_path)["results"]
    assert dict(results.select("driver", "q1_time_s").iter_rows()) == {"NOR": 90.0, "VER": None}
    assert results["q2_time_s"].is_null().all()


# -- who ----------------------------------------------------------------------------------------------------------------------


def test_each_session_has_its_own_entry_list_teams_and_colours(tmp_path: Path) -> None:
    first = {
        "7": {"Tla": "RAI", "FirstName": "Kimi", "LastName": "Räikkönen", "TeamName": "Alfa Romeo", "TeamColour": "900000"}
    }
    third = {"88": {"Tla": "KUB", "FirstName": "Robert", "LastName": "Kubica", "TeamName": "Sauber", "TeamColour": "52E252"}}
    entered = []
    for kind, entry in (("FP1", first), ("FP3", third)):
        feed = Feed(kind, 2021).say(0, "DriverList", entry).status(600, "Started").car(5, next(iter(entry)), InPit=True)
        entered += feed.read(tmp_path / kind)["drivers"].select("driver_id", "number", "team", "team_color").rows()
    assert entered == [("kimi-raikkonen", "7", "Alfa Romeo", "#900000"), ("robert-kubica", "88", "Sauber", "#52e252")]


def test_names_that_say_none_are_no_names(tmp_path: Path) -> None:
    entry = {"FirstName": "None", "LastName": "None", "FullName": "None", "TeamName": "nan", "TeamColour": ""}
    feed = race_of({RUS: (0.0, 0.0)})
    feed.lines["DriverList"] = []
    feed.say(0, "DriverList", {RUS: {"Tla": "RUS", **entry}, "98": {"Tla": "XYZ", **entry}})
    named = feed.read(tmp_path)["drivers"].select("driver", "full_name", "driver_id", "team", "team_color").rows()
    assert named == [("RUS", "George Russell", "george-russell", None, None), ("XYZ", None, None, None, None)]


def test_a_driver_is_the_same_person_however_the_name_is_written(tmp_path: Path) -> None:
    zhou, hulkenberg = {"Tla": "ZHO", "FirstName": "Guanyu", "LastName": "Zhou"}, {"Tla": "HUL", "FullName": "Nico HULKENBERG"}
    feed = Feed("FP1").say(0, "DriverList", {"24": zhou, "27": hulkenberg}).status(600, "Started").car(5, "24", InPit=True)
    named = feed.read(tmp_path)["drivers"].select("driver_id", "full_name").rows()
    assert named == [("zhou-guanyu", "Zhou Guanyu"), ("nico-hulkenberg", "Nico Hülkenberg")]


# -- the list -----------------------------------------------------------------------------------------------------------------


def test_every_test_that_the_list_of_traps_names_is_there() -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs" / "traps.md").read_text("utf-8")
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", page)
    assert len(named) > 100
    files = {name: (root / "tests" / "unit" / name).read_text("utf-8") for name, _ in named}
    assert [f"{name}::{test}" for name, test in named if f"def {test}(" not in files[name]] == []
    in_the_browser = re.findall(r'`(\w+\.test\.ts)` "([^"]+)"', page)
    assert len(in_the_browser) >= 5
    for name, test in in_the_browser:
        assert f'it("{test}"' in (root / "widgets" / "test" / name).read_text("utf-8"), test
