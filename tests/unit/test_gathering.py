"""Which source each table is taken from, on which clock, and what is said of those that nobody has."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from archive_files import session as per_lap_session
from archive_files import to_folder
from hand_made_feed import Feed
from season_tree import archive as per_lap_archive
from season_tree import season

from f1nb.errors import NotFoundError, SourceError
from f1nb.gathering import AUTO, Gathered, Wanted, gather

EVENT = "Dutch Grand Prix"
DAYS = {"R": "2025-05-04_Race", "Q": "2025-05-03_Qualifying"}
NUMBERS = {"VER": "1", "NOR": "4"}
WEATHER = {"AirTemp": "21.0", "TrackTemp": "30.0", "Humidity": "50", "Pressure": "1010", "Rainfall": "0"}
STARTED_S = 3600


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the hosts have: the schedule alone."""
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("F1NB_ARCHIVE", str(tmp_path / "tree"))
    return season(tmp_path / "tree", 2025, have=[], events=["Australian Grand Prix", "Chinese Grand Prix", EVENT])


def official(tree: Path, session: str, *, laps: int = 3) -> None:
    """Write the official archive's files: weather a minute after the start, and so many laps of each car, of 90 s."""
    feed = Feed(session).say(0, "SessionInfo", {}).status(STARTED_S, "Started").say(STARTED_S + 60, "WeatherData", WEATHER)
    feed.say(0, "DriverList", {n: {"RacingNumber": n, "Tla": code} for code, n in NUMBERS.items()})
    for code, number in NUMBERS.items() if laps else ():
        end_s: float = STARTED_S + (0 if code == "VER" else 1)
        for lap in range(1, laps + 1):
            end_s = feed.lap(end_s, number, lap, (30.0, 30.0, 30.0))
    feed.status(STARTED_S + 400, "Finished")
    feed.folder(tree / "livetiming.formula1.com/static/2025/2025-05-04_Dutch_Grand_Prix" / DAYS[session])


def per_lap(tree: Path, folder: str) -> None:
    to_folder(per_lap_session(laps=3), per_lap_archive(tree, 2025, EVENT, folder))


def result(tree: Path, codes: list[str]) -> None:
    rows = [
        {"position": str(n), "positionText": str(n) if code in NUMBERS else "W", "number": NUMBERS.get(code, "44"), "laps": "3",
         "points": "0", "status": "Finished" if code in NUMBERS else "Did not start",
         "Driver": {"driverId": code, "code": code, "givenName": "A", "familyName": code}, "Constructor": {"name": "Team"}}
        for n, code in enumerate(codes, 1)
    ]  # fmt: skip
    path = tree / "api.jolpi.ca/ergast/f1/2025/3/results.json"
    path.parent.mkdir(parents=True)
    races = [{"round": "3", "date": "2025-05-04", "Results": rows}]
    path.write_text(json.dumps({"MRData": {"total": "1", "limit": "30", "RaceTable": {"Races": races}}}))


def gathered(session: str = "R", sources: tuple[str, ...] = AUTO) -> Gathered:
    return gather(Wanted(2025, EVENT, session), sources, lambda _done, _wanted: None)


def said(given: Gathered, table: str) -> dict[str, Any]:
    return given.tables["data_sets"].filter(table=table).row(0, named=True)


def test_each_table_is_from_the_best_source_that_has_it(tree: Path) -> None:
    official(tree, "R")
    per_lap(tree, "Race")
    result(tree, ["NOR", "VER"])
    race = gathered()
    assert race.source == "archive; circuit from tracinginsights; results from jolpica; telemetry from tracinginsights"
    assert {table: said(race, table)["origin"] for table in ("laps", "weather", "results", "telemetry", "radio")} == {
        "laps": "archive", "weather": "archive", "results": "jolpica", "telemetry": "tracinginsights", "radio": None,
    }  # fmt: skip
    assert race.tables["results"].sort("position")["driver"].to_list() == ["NOR", "VER"]


def test_telemetry_of_another_source_is_on_the_clock_of_the_laps(tree: Path) -> None:
    official(tree, "R")
    per_lap(tree, "Race")
    race = gathered().tables
    began = race["telemetry"].group_by("driver", "lap").agg(pl.col("time_s").min())
    both = race["laps"].join(began, on=["driver", "lap"])
    assert both.height == 6
    assert both["start_time_s"].max() == pytest.approx(181, abs=1)  # the official lap; by the other source it began sooner
    assert (both["time_s"] - both["start_time_s"]).abs().max() == pytest.approx(0, abs=1e-6)


def test_in_a_race_all_clocks_begin_at_lights_out(tree: Path) -> None:
    official(tree, "R", laps=0)
    per_lap(tree, "Race")
    race = gathered()
    assert (said(race, "laps")["origin"], said(race, "weather")["origin"]) == ("tracinginsights", "archive")
    assert race.tables["weather"]["time_s"].to_list() == [60]


def test_elsewhere_what_is_on_another_clock_is_left_out_and_said(tree: Path) -> None:
    official(tree, "Q", laps=0)
    per_lap(tree, "Qualifying")
    quali = gathered("Q")
    assert "weather" not in quali.tables
    weather = said(quali, "weather")
    assert (weather["state"], weather["origin"]) == ("not_published", None)
    assert weather["note"] == "What is published is on another clock than the laps."


def test_who_did_not_start_has_no_laps_and_is_in_the_result(tree: Path) -> None:
    official(tree, "R")
    result(tree, ["NOR", "VER", "HAM"])
    tables = gathered().tables
    assert set(tables["drivers"]["driver"]) == {"VER", "NOR", "HAM"}
    assert set(tables["laps"]["driver"]) == {"VER", "NOR"}
    assert tables["drivers"]["driver"].is_unique().all()


def test_the_schedule_knows_the_round(tree: Path) -> None:
    official(tree, "R")
    assert gathered().tables["session"]["round"].to_list() == [3]


def test_a_source_that_is_named_is_the_only_one(tree: Path) -> None:
    official(tree, "R")
    per_lap(tree, "Race")
    result(tree, ["NOR", "VER"])
    assert gathered(sources=("archive",)).source == "archive"
    assert gathered(sources=("tracinginsights",)).source == "tracinginsights"


def test_without_fastf1_what_the_others_lack_is_said_all_the_same(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastf1.exceptions", None)
    with pytest.raises(
        SourceError, match=r"^archive: the official archive has no .* tracinginsights: .* fastf1: FastF1 is not inst"
    ):
        gathered()


def test_what_nobody_has_names_each_source(tree: Path) -> None:
    with pytest.raises(NotFoundError, match=r"^archive: the official archive .*\. tracinginsights: .*\. fastf1: "):
        gathered()
