"""How it ended: results and standings, from the first championship on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import f1nb
from f1nb.cli import main
from f1nb.errors import NotFoundError, SourceError
from f1nb.schema import TABLES
from f1nb.sources import jolpica

JOLPICA = Path("api.jolpi.ca/ergast/f1")
SCHEDULES = Path("raw.githubusercontent.com/theOehrly/f1schedule/master")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "home"))


@pytest.fixture
def published(mirror: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What was really published."""
    monkeypatch.setenv("F1NB_ARCHIVE", str(mirror))
    return mirror


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a test publishes itself."""
    root = tmp_path / "hosts"
    monkeypatch.setenv("F1NB_ARCHIVE", str(root))
    return root


def publish(root: Path, path: str, table: dict[str, Any], total: int = 1, limit: int = 30) -> None:
    file = root / JOLPICA / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"MRData": {"limit": str(limit), "offset": "0", "total": str(total), **table}}))


def season_of_one(root: Path, year: int, event: str = "Monaco Grand Prix", day: str = "05-21", **more: Any) -> dict[str, Any]:
    circuit = {"Location": {"country": "Monaco", "locality": "Monte-Carlo"}}
    race = {"season": str(year), "round": "1", "raceName": event, "date": f"{year}-{day}", "Circuit": circuit, **more}
    publish(root, f"{year}.json", {"RaceTable": {"Races": [race]}})
    return race


def entry(position: int, name: str = "Juan Fangio", **more: Any) -> dict[str, Any]:
    given, family = name.split()
    row = {
        "number": str(30 + position), "position": str(position), "positionText": str(position), "points": "0", "grid": "1",
        "laps": "100", "status": "Finished", "Driver": {"driverId": family.lower(), "givenName": given, "familyName": family},
        "Constructor": {"constructorId": "alfa", "name": "Alfa Romeo"},
    }  # fmt: skip
    return {**row, **more}


# -- results ------------------------------------------------------------------------------------------------------------------


def test_the_azerbaijan_race_of_2018_was_the_fourth(published: Path) -> None:
    by_round, by_name = f1nb.results(2018, 4), f1nb.results("2018", "baku", "race")
    assert by_round.equals(by_name)
    first = by_round.row(0, named=True)
    assert (first["driver"], first["driver_id"], first["jolpica_id"]) == ("HAM", "lewis-hamilton", "hamilton")
    assert (first["team"], first["grid_position"], first["points"], first["laps_completed"]) == ("Mercedes", 2, 25, 51)
    assert (first["time_s"], first["gap_s"], first["status"]) == (6224.291, 0, "Finished")
    verstappen = by_round.row(by_predicate=pl.col("driver") == "VER", named=True)
    assert (verstappen["number"], verstappen["permanent_number"]) == ("33", "3")  # what he has now is no key to then
    assert (verstappen["classified"], verstappen["status"], verstappen["reason"]) == (False, "Retired", "Collision")
    assert verstappen["time_s"] is None


def test_norris_won_the_miami_sprint_of_2025(published: Path) -> None:
    sprint = f1nb.results(2025, "Miami", "Sprint")
    assert sprint.row(0)[:2] == (1, "NOR")
    assert sprint["points"].head(9).to_list() == [8, 7, 6, 5, 4, 3, 2, 1, 0]


def test_the_chinese_race_of_2026(published: Path) -> None:
    china = f1nb.results(2026, "China")
    assert china.height == 22
    assert china.row(0)[:3] == (1, "ANT", "kimi-antonelli")  # whom Jolpica calls by all his names
    absent = china.filter(status="Did not start")
    assert absent["driver"].to_list() == ["PIA", "NOR", "BOR", "ALB"]
    assert absent["laps_completed"].to_list() == [0] * 4
    lapped = china.filter(status="Lapped")
    assert lapped.height == 7
    assert lapped["gap_s"].is_null().all()  # they have a time, of fewer laps


def test_qualifying_has_a_time_for_each_part(published: Path) -> None:
    spain = f1nb.results(2024, 10, "Q")
    assert spain.row(0, named=True)["q3_time_s"] == 71.383
    assert spain["q2_time_s"].drop_nulls().len() == 15
    assert spain["q3_time_s"].drop_nulls().len() == 9  # the tenth set no time, which is published as ""
    assert spain["points"].is_null().all()


@pytest.mark.parametrize(
    ("year", "round_", "session"),
    [
        (2018, 4, "R"),
        (2020, 8, "R"),
        (2021, 14, "R"),
        (2022, 2, "R"),
        (2023, 4, "S"),
        (2023, 4, "Q"),
        (2025, 4, "R"),
        (2026, 2, "R"),
    ],
)
def test_everybody_has_a_place_of_their_own(published: Path, year: int, round_: int, session: str) -> None:
    found = f1nb.results(year, round_, session)
    assert found["position"].to_list() == list(range(1, found.height + 1))
    assert found["driver_id"].n_unique() == found.height
    assert not found.select(pl.col(pl.String).is_in(["", "None", "nan"]).any()).to_series().any()
    assert (found["grid_position"].drop_nulls() > 0).all()


def test_a_start_from_the_pit_lane_has_no_place_on_the_grid(published: Path) -> None:
    perez = f1nb.results(2021, "Silverstone").row(by_predicate=pl.col("driver") == "PER", named=True)
    assert perez["grid_position"] is None


@pytest.mark.parametrize("session", ["R", "S", "Q"])
def test_a_result_is_also_a_table_of_a_session(published: Path, session: str) -> None:
    bahrain, miami, spain = (2025, 4), (2025, 6), (2024, 10)
    table = jolpica.session_results(*{"R": bahrain, "S": miami, "Q": spain}[session], session)
    assert table is not None
    assert table.schema == TABLES["results"].schema
    assert not table["is_provisional"].any()
    if session == "R":
        out = table.filter(pl.col("position").is_null())
        assert out.rows_by_key("driver", named=True)["HUL"][0]["status"] == "Disqualified"
        assert out["driver"].to_list() == ["SAI", "HUL"]


def test_practice_has_no_result_of_its_own(published: Path) -> None:
    with pytest.raises(NotFoundError, match=r"published for R, S or Q, not for FP1; load the session instead: f1nb.load\(2025"):
        f1nb.results(2025, "Dutch", "FP1")


def test_a_race_that_has_no_result_yet(published: Path) -> None:
    with pytest.raises(NotFoundError, match="Jolpica has no result of 2026 Qatar Grand Prix R; it may not have been driven"):
        f1nb.results(2026, "Qatar")


def test_two_cars_on_one_place_are_put_one_behind_the_other(own: Path) -> None:
    race = season_of_one(own, 1955)
    rows = [entry(1), entry(2, "Stirling Moss"), entry(2, "Mike Hawthorn"), entry(4, "Jean Behra")]
    publish(own, "1955/1/results.json", {"RaceTable": {"Races": [{**race, "Results": rows}]}})
    found = f1nb.results(1955, "Monaco")
    assert found["position"].to_list() == [1, 2, 3, 4]
    assert found["full_name"].to_list() == ["Juan Fangio", "Stirling Moss", "Mike Hawthorn", "Jean Behra"]


def test_before_there_were_codes_people_have_their_name(own: Path) -> None:
    race = season_of_one(own, 1950)
    rows = [entry(1, Time={"millis": "11598700", "time": "3:13:18.7"}), entry(2, "Alberto Ascari", laps="99", status="+1 Lap")]
    publish(own, "1950/1/results.json", {"RaceTable": {"Races": [{**race, "Results": rows}]}})
    first, second = f1nb.results(1950, "monaco").rows(named=True)
    assert (first["driver"], first["driver_id"], first["time_s"]) == (None, "juan-fangio", 11598.7)
    assert (second["status"], second["reason"], second["gap_s"]) == ("Lapped", None, None)


def test_a_code_of_today_is_not_the_father_of_its_bearer(own: Path) -> None:
    race = season_of_one(own, 1997)
    jos = {"driverId": "verstappen", "code": "VER", "givenName": "Jos", "familyName": "Verstappen"}
    publish(own, "1997/1/results.json", {"RaceTable": {"Races": [{**race, "Results": [entry(1, Driver=jos)]}]}})
    assert f1nb.results(1997, 1)["driver_id"].to_list() == ["jos-verstappen"]


@pytest.mark.parametrize(
    ("published_as", "letter", "laps", "status", "reason"),
    [
        ("Engine", "R", "12", "Retired", "Engine"),
        ("Retired", "R", "12", "Retired", None),
        ("Electronics", "4", "98", "Retired", "Electronics"),  # stopped late enough to be classified
        ("Disqualified", "D", "100", "Disqualified", None),
        ("Withdrew", "W", "0", "Did not start", "Withdrew"),
        ("Did not qualify", "F", "0", "Did not qualify", None),
        ("Not classified", "N", "70", "Not classified", None),
        ("+9 Laps", "N", "91", "Lapped", None),
    ],
)
def test_what_became_of_a_car(own: Path, published_as: str, letter: str, laps: str, status: str, reason: str | None) -> None:
    race = season_of_one(own, 1980)
    rows = [entry(1), entry(2, "Alain Prost", status=published_as, positionText=letter, laps=laps)]
    publish(own, "1980/1/results.json", {"RaceTable": {"Races": [{**race, "Results": rows}]}})
    row = f1nb.results(1980, 1).row(1, named=True)
    assert (row["status"], row["reason"], row["classified"]) == (status, reason, letter.isdigit())


def test_what_is_not_published_of_a_car_is_missing(own: Path) -> None:
    race = season_of_one(own, 1952)
    row = {key: entry(2)[key] for key in ("position", "points", "Driver")} | {"positionText": "W"}
    publish(own, "1952/1/results.json", {"RaceTable": {"Races": [{**race, "Results": [entry(1), row]}]}})
    absent = f1nb.results(1952, 1).row(1, named=True)
    assert (absent["status"], absent["reason"], absent["classified"]) == ("Did not start", None, False)
    assert [absent[key] for key in ("team", "number", "grid_position", "laps_completed", "time_s")] == [None] * 5


def test_a_field_of_more_than_a_page(own: Path) -> None:
    race = season_of_one(own, 1953)
    rows = [entry(n, f"Driver {n}x") for n in range(1, 40)]
    publish(own, "1953/1/results.json", {"RaceTable": {"Races": [{**race, "Results": rows[:30]}]}}, total=39)
    with pytest.raises(SourceError, match="gave only a part"):
        f1nb.results(1953, 1)
    publish(own, "1953/1/results.json?limit=100", {"RaceTable": {"Races": [{**race, "Results": rows}]}}, total=39, limit=100)
    assert f1nb.results(1953, 1).height == 39


def test_a_race_is_found_by_its_day_when_the_calendar_has_moved(published: Path, own: Path) -> None:
    """The schedule has still the race before, that was cancelled: the fifth is the sixth there."""
    shutil.copytree(published / JOLPICA / "2023", own / JOLPICA / "2023")
    shutil.copy(published / JOLPICA / "2023.json", own / JOLPICA)
    season = json.loads((published / SCHEDULES / "schedule_2023.json").read_text())
    season["round_number"] = {i: n + (n >= 5) for i, n in season["round_number"].items()}
    (own / SCHEDULES).mkdir(parents=True)
    (own / SCHEDULES / "schedule_2023.json").write_text(json.dumps(season))
    monaco = {"season": "2023", "round": "6", "raceName": "Monaco Grand Prix", "date": "2023-05-28", "Results": [entry(1)]}
    publish(own, "2023/6/results.json", {"RaceTable": {"Races": [monaco]}})
    assert f1nb.results(2023, "Miami")["driver"].head(2).to_list() == ["VER", "PER"]


# -- standings ----------------------------------------------------------------------------------------------------------------


def standing(name: str, position: str, points: str) -> dict[str, Any]:
    row = {"Driver": entry(1, name)["Driver"], "Constructors": [{"name": "Cooper"}, {"name": "Lotus"}]}
    return {**row, "position": position, "positionText": position or "-", "points": points, "wins": "1"}


def test_standings_after_an_event_and_at_the_end(own: Path) -> None:
    season_of_one(own, 1960)
    for path, points in (("1960", "43"), ("1960/1", "8")):
        rows = [standing("Jack Brabham", "1", points), standing("Bruce McLaren", "", "4.5")]
        publish(own, f"{path}/driverstandings.json", {"StandingsTable": {"StandingsLists": [{"DriverStandings": rows}]}})
    final, early = f1nb.standings(1960), f1nb.standings(1960, after="Monaco")
    assert final.columns == ["position", "driver", "driver_id", "jolpica_id", "full_name", "teams", "points", "wins"]
    assert final["points"].to_list() == [43, 4.5]
    assert early["points"].to_list() == [8, 4.5]
    assert early["position"].to_list() == [1, None]  # nobody is given a place that is not published
    assert early["teams"].to_list() == [["Cooper", "Lotus"]] * 2


def test_standings_of_teams(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {"position": "1", "points": "48", "wins": "5", "Constructor": {"constructorId": "cooper", "name": "Cooper"}}
    lists = {"StandingsTable": {"StandingsLists": [{"ConstructorStandings": [row]}]}}
    publish(own, "1960/constructorstandings.json", lists)
    assert f1nb.standings(1960, teams=True).rows() == [(1, "Cooper", "cooper", 48.0, 5)]
    assert main(["standings", "1960", "--teams"]) == 0
    assert capsys.readouterr().out == "1  Cooper  48\n"


def test_standings_that_are_not_there(own: Path) -> None:
    with pytest.raises(NotFoundError, match="no championship of teams in 1957; the first was in 1958"):
        f1nb.standings(1957, teams=True)
    season_of_one(own, 1961)
    with pytest.raises(NotFoundError, match="Jolpica has no standings of 1961 after the Monaco Grand Prix yet"):
        f1nb.standings(1961, after=1)


# -- the command --------------------------------------------------------------------------------------------------------------


def test_the_command_lists_a_classification(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["results", "2018", "4"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["1", "HAM", "Lewis", "Hamilton", "Mercedes", "1:43:44.291", "25"]
    assert lines[1].split()[-2:] == ["+2.460", "18"]
    assert lines[-1].split()[0] == "–"
    assert lines[-1].endswith("Retired (Collision)   0")
    assert main(["results", "2024", "Spain", "Q"]) == 0
    assert capsys.readouterr().out.splitlines()[0].split()[-3:] == ["1:12.386", "1:11.872", "1:11.383"]


def test_the_command_says_in_one_line_what_is_wrong(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["results", "2025", "Atlantis"]) == 1
    assert main(["standings", "1949"]) == 1
    assert [line[:6] for line in capsys.readouterr().err.splitlines()] == ["f1nb: "] * 2
