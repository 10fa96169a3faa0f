"""The official archive's files, made by hand with the defects that real ones have had."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hand_made_feed import Feed

from f1nb.analysis.complete import complete
from f1nb.errors import NotFoundError
from f1nb.schema import CAR_STATES, TABLES
from f1nb.session import Session
from f1nb.store import Store

NOR, VER = "4", "1"
SECTORS = (26.0, 34.0, 30.0)


@pytest.fixture
def race() -> Feed:
    """Two cars, four laps of 90 s each, lights out at 600 s; VER two seconds behind and gaining a tenth a lap."""
    feed = Feed("R")
    feed.say(0, "DriverList", {n: {"Tla": code, "FirstName": code.title(), "LastName": "X"} for n, code in
                               ((NOR, "NOR"), (VER, "VER"))})  # fmt: skip
    feed.say(1, "LapCount", {"CurrentLap": 1, "TotalLaps": 4})
    feed.status(2, "Inactive").status(600, "Started")
    feed.car(10, NOR, InPit=False, Sectors=[{"Value": ""}] * 3)
    for number, late, s3 in ((NOR, 0.0, 30.0), (VER, 2.0, 29.9)):
        at = 600.0 + late
        for lap in range(1, 5):
            at = feed.lap(at, number, lap, (26.0, 34.0, s3))
    feed.lines["TimingData"].sort()
    return feed.status(964, "Finished").status(1000, "Finalised")


def test_laps_end_where_their_times_say_and_not_when_the_message_came(race: Feed, tmp_path: Path) -> None:
    laps = race.read(tmp_path)["laps"]
    nor = laps.filter(driver="NOR")
    assert nor["lap"].to_list() == [1, 2, 3, 4]
    assert nor["lap_time_s"].to_list() == [None, 90.0, 90.0, 90.0]
    assert nor["end_time_s"].diff().drop_nulls().round(3).to_list() == [90.0, 90.0, 90.0]
    assert nor["end_time_s"][-1] == pytest.approx(360.2)  # the least of the delays stays
    ver = laps.filter(driver="VER")
    assert (ver["end_time_s"][-1] - nor["end_time_s"][-1]) == pytest.approx(1.6)


def test_a_feed_that_stands_still_for_a_minute_moves_no_lap(race: Feed, tmp_path: Path) -> None:
    before = race.read(tmp_path / "a")["laps"]
    race.lines["TimingData"] = [
        b"00:13:58.000" + line[12:] if b"00:12:58" < line[:12] < b"00:13:58" else line for line in race.lines["TimingData"]
    ]
    assert race.read(tmp_path / "b")["laps"].select("end_time_s").equals(before.select("end_time_s"))


def test_what_came_before_the_start_is_no_lap(race: Feed, tmp_path: Path) -> None:
    race.lap(100, NOR, 1, SECTORS)
    race.lines["TimingData"].sort()
    assert race.read(tmp_path)["laps"].filter(driver="NOR")["lap"].to_list() == [1, 2, 3, 4]


def test_a_lap_after_the_chequered_flag_is_no_lap_of_the_race(race: Feed, tmp_path: Path) -> None:
    race.lap(960.0, NOR, 5, SECTORS)
    assert race.read(tmp_path)["laps"].filter(driver="NOR")["lap"].max() == 4


def test_an_end_of_a_lap_that_is_sent_again_ends_no_other(race: Feed, tmp_path: Path) -> None:
    before = race.read(tmp_path / "a")["laps"]
    race.car(723.0, NOR, Sectors={"1": {"Value": "34.000"}, "2": {"Value": "30.000"}})  # 33 s into the next lap
    race.lines["TimingData"].sort()
    assert race.read(tmp_path / "b")["laps"].drop("sector_2_time_s").equals(before.drop("sector_2_time_s"))


def test_the_order_of_what_a_line_says_at_the_end_of_a_lap_does_not_matter(race: Feed, tmp_path: Path) -> None:
    before = race.read(tmp_path / "a")["laps"]
    lines = []
    for line in race.lines["TimingData"]:
        if line.startswith(b"00:13:00.200"):
            stamp = line[:12]
            lines += [
                stamp + b'{"Lines":{"4":{"LastLapTime":{"Value":"1:30.000"}}}}',
                stamp + b'{"Lines":{"4":{"NumberOfLaps":2}}}',
                stamp + b'{"Lines":{"4":{"Sectors":{"2":{"Value":"30.000"}}}}}',
            ]
        else:
            lines.append(line)
    race.lines["TimingData"] = lines
    assert race.read(tmp_path / "b")["laps"].equals(before)


def test_a_lap_whose_end_got_lost_leaves_a_hole_and_the_others_their_numbers(race: Feed, tmp_path: Path) -> None:
    race.lines["TimingData"] = [
        line for line in race.lines["TimingData"] if not line.startswith((b"00:13:00.200", b"00:13:26.200"))
    ]
    nor = race.read(tmp_path)["laps"].filter(driver="NOR")
    assert nor["lap"].max() == 4
    assert nor.filter(lap=4)["lap_time_s"].item() == 90.0
    assert nor["end_time_s"].max() == pytest.approx(360.2)


def test_the_crash_on_lap_one_keeps_the_lap_and_has_no_end(race: Feed, tmp_path: Path) -> None:
    race.say(0, "DriverList", {"63": {"Tla": "RUS"}})
    race.car(640, "63", Sectors={"0": {"Segments": {"0": {"Status": 2048}}}})
    race.car(645, "63", Stopped=True)
    race.lines["TimingData"].sort()
    tables = race.read(tmp_path)
    rus = tables["laps"].filter(driver="RUS")
    assert rus.select("lap", "end_time_s", "lap_time_s").rows() == [(1, None, None)]
    states = tables["timing"].filter(driver="RUS", field="state")["value"].to_list()
    assert [CAR_STATES[int(v)] for v in states] == ["running", "stopped"]
    assert tables["results"].filter(driver="RUS")["status"].item() == "Retired"


def test_in_a_race_stopped_on_lap_one_nobody_is_classified(tmp_path: Path) -> None:
    feed = Feed("R").say(0, "DriverList", {NOR: {"Tla": "NOR"}, VER: {"Tla": "VER"}}).status(600, "Started")
    feed.car(601, NOR, Position="1").car(601, VER, Position="2").car(630, NOR, Sectors={"0": {"Value": "26.000"}})
    results = complete(feed.status(640, "Aborted").read(tmp_path))["results"]
    assert results.select("driver", "position", "points").rows() == [("NOR", None, 0.0), ("VER", None, 0.0)]


def test_who_did_not_start_is_a_driver_without_laps(race: Feed, tmp_path: Path) -> None:
    race.say(0, "DriverList", {"18": {"Tla": "STR", "FirstName": "Lance", "LastName": "Stroll"}})
    tables = race.read(tmp_path)
    assert tables["drivers"].filter(driver="STR")["driver_id"].item() == "lance-stroll"
    assert tables["laps"].filter(driver="STR").is_empty()


def test_drivers_of_other_races_in_the_list_are_left_out(race: Feed, tmp_path: Path) -> None:
    race.say(0, "DriverList", {str(n): {"Tla": f"F{n:02}"} for n in range(30, 60)})
    assert sorted(race.read(tmp_path)["drivers"]["driver"]) == ["NOR", "VER"]


def test_a_driver_missing_from_the_list_is_known_by_the_number_that_was_timed(race: Feed, tmp_path: Path) -> None:
    race.lines["DriverList"] = []
    race.say(0, "DriverList", {VER: {"Tla": "VER"}})
    assert sorted(race.read(tmp_path)["laps"]["driver"].unique()) == ["NOR", "VER"]


def test_a_race_stop_is_an_in_lap_and_an_out_lap(race: Feed, tmp_path: Path) -> None:
    race.car(775.0, NOR, InPit=True, NumberOfPitStops=1).car(797.0, NOR, InPit=False, PitOut=True)
    race.lines["TimingData"].sort()
    tables = race.read(tmp_path)
    nor = tables["laps"].filter(driver="NOR")
    assert nor["is_pit_in"].to_list() == [False, True, False, False]
    assert nor["is_pit_out"].to_list() == [False, False, True, False]
    assert nor["pit_out_time_s"].to_list()[2] == pytest.approx(197.0)
    assert tables["timing"].filter(driver="NOR", field="stops")["value"].to_list() == [1.0]


def tyres(feed: Feed, time_s: float, sets: dict[str, dict[str, object]], number: str = NOR) -> None:
    feed.say(time_s, "TimingAppData", {"Lines": {number: {"Stints": sets}}})


def test_a_set_that_is_named_before_the_start_and_never_driven_is_no_stint(race: Feed, tmp_path: Path) -> None:
    race.car(775.0, NOR, InPit=True).car(797.0, NOR, InPit=False, PitOut=True)
    race.lines["TimingData"].sort()
    tyres(race, 100, {"0": {"Compound": "INTERMEDIATE", "New": "true", "StartLaps": 0}})
    tyres(race, 500, {"1": {"Compound": "HARD", "New": "true", "StartLaps": 0}})  # changed on the grid
    tyres(race, 800, {"2": {"Compound": "UNKNOWN", "New": "false", "StartLaps": 0}})
    tyres(race, 850, {"2": {"Compound": "SOFT", "New": "false", "StartLaps": 3}})  # corrected a lap later
    nor = race.read(tmp_path)["laps"].filter(driver="NOR")
    assert nor["stint"].to_list() == [1, 1, 2, 2]
    assert nor["compound"].to_list() == ["HARD", "HARD", "SOFT", "SOFT"]
    assert nor["tyre_age_laps"].to_list() == [1, 2, 4, 5]
    assert nor["fresh_tyre"].to_list() == [True, True, False, False]


def test_a_stop_without_a_change_of_tyres_goes_on_with_the_stint(race: Feed, tmp_path: Path) -> None:
    race.car(775.0, NOR, InPit=True).car(797.0, NOR, InPit=False, PitOut=True)
    race.lines["TimingData"].sort()
    tyres(race, 100, {"0": {"Compound": "HARD", "New": "true", "StartLaps": 0}})
    nor = race.read(tmp_path)["laps"].filter(driver="NOR")
    assert nor["stint"].to_list() == [1, 1, 1, 1]
    assert nor["tyre_age_laps"].to_list() == [1, 2, 3, 4]


def test_tyres_that_were_never_named_are_unknown(race: Feed, tmp_path: Path) -> None:
    laps = race.read(tmp_path)["laps"]
    assert laps["compound"].is_null().all()
    assert laps["tyre_age_laps"].is_null().all()


def test_gaps_in_laps_are_no_seconds(race: Feed, tmp_path: Path) -> None:
    race.car(700, VER, GapToLeader="+0.404").car(800, VER, GapToLeader="1L").car(850, VER, GapToLeader="LAP 3")
    race.lines["TimingData"].sort()
    log = race.read(tmp_path)["timing"].filter(driver="VER")
    assert log.filter(field="gap_s")["value"].to_list() == [0.404, None, 0.0]
    assert log.filter(field="gap_laps")["value"].to_list() == [0.0, 1.0, 0.0]


@pytest.fixture
def qualifying() -> Feed:
    """One car: out of its garage at 700 s, a timed lap, an in lap; out again after ten minutes."""
    feed = Feed("Q")
    feed.say(0, "DriverList", {NOR: {"Tla": "NOR"}})
    feed.status(600, "Started")
    feed.car(5, NOR, InPit=True, Sectors=[{"Value": ""}] * 3)
    feed.car(700, NOR, InPit=False, PitOut=True, NumberOfLaps=1)
    feed.car(760, NOR, Sectors={"1": {"Value": "40.000"}}, PitOut=False)
    feed.car(795, NOR, Sectors={"2": {"Value": "35.000"}}, NumberOfLaps=2)
    feed.lap(794.8, NOR, 3, SECTORS)
    feed.car(911, NOR, Sectors={"0": {"Value": "26.100"}}).car(945, NOR, Sectors={"1": {"Value": "34.000"}})
    feed.car(972, NOR, InPit=True).car(975, NOR, Sectors={"2": {"Value": "30.100"}}, LastLapTime={"Value": "1:30.200"})
    feed.car(1600, NOR, InPit=False, PitOut=True, NumberOfLaps=4)
    feed.car(1660, NOR, Sectors={"1": {"Value": "40.000"}})
    feed.car(1695, NOR, Sectors={"2": {"Value": "35.000"}}, LastLapTime={"Value": "12:00.000"}, NumberOfLaps=5)
    return feed.status(1700, "Finished")


def test_the_wait_in_the_garage_is_no_lap_time_and_is_said(qualifying: Feed, tmp_path: Path) -> None:
    tables = qualifying.read(tmp_path)
    laps = tables["laps"]
    assert laps["lap"].to_list() == [1, 2, 3, 4]
    assert laps["lap_time_s"].to_list() == [None, 90.0, 90.2, None]
    assert laps["start_time_s"].to_list()[3] == pytest.approx(1000.0)  # the pit exit
    repair = tables["repairs"].row(0, named=True)
    assert (repair["driver"], repair["lap"], repair["published"], repair["used"]) == ("NOR", 4, "720.000", None)


def test_the_count_of_laps_that_comes_after_the_pit_exit_ends_no_lap(qualifying: Feed, tmp_path: Path) -> None:
    before = qualifying.read(tmp_path / "a")["laps"]
    qualifying.lines["TimingData"] = [line.replace(b',"NumberOfLaps":4', b"") for line in qualifying.lines["TimingData"]]
    qualifying.car(1600.2, NOR, NumberOfLaps=4)
    qualifying.lines["TimingData"].sort()
    assert qualifying.read(tmp_path / "b")["laps"].equals(before)


def test_a_pit_entry_under_a_red_flag_ends_the_lap_without_a_time(qualifying: Feed, tmp_path: Path) -> None:
    qualifying.car(1750, NOR, InPit=True)
    last = qualifying.read(tmp_path)["laps"].row(-1, named=True)
    assert (last["lap"], last["end_time_s"], last["is_pit_in"]) == (5, None, True)


def test_each_part_of_qualifying_has_its_gaps_and_none_is_carried_on(qualifying: Feed, tmp_path: Path) -> None:
    none = {"TimeDiffToFastest": "", "TimeDifftoPositionAhead": ""}
    qualifying.car(6, NOR, Stats=[none] * 3, BestLapTimes=[{"Value": ""}] * 3)  # all three are listed before the first begins
    qualifying.car(885, NOR, Stats={"0": {"TimeDiffToFastest": "+0.594"}}, BestLapTimes={"0": {"Value": "1:30.000"}})
    qualifying.car(1590, NOR, BestLapTimes={"1": {"Value": ""}})
    qualifying.car(1690, NOR, Stats={"1": {"TimeDiffToFastest": "+0.448"}}, BestLapTimes={"1": {"Value": "1:29.900"}})
    qualifying.car(1691, NOR, Stats={"0": {"TimeDiffToFastest": "+0.700"}})
    qualifying.car(1699, NOR, KnockedOut=True)
    qualifying.lines["TimingData"].sort()
    gaps = qualifying.read(tmp_path)["timing"].filter(field="gap_s").sort("time_s")
    assert gaps.filter(pl.col("time_s") > 0)["value"].to_list() == [0.594, None, 0.448, None]


@pytest.mark.parametrize(("offset", "seconds"), [("-06:00:00", -21600), ("05:30:00", 19800), ("", None), (None, None)])
def test_the_offset_from_utc_has_its_sign(race: Feed, tmp_path: Path, offset: str | None, seconds: int | None) -> None:
    race.say(0, "SessionInfo", {"Meeting": {"Name": "X"}, "GmtOffset": offset, "StartDate": "2025-08-31T15:00:00"})
    assert race.read(tmp_path)["session"]["utc_offset_s"].item() == seconds


def test_a_message_of_race_control_that_is_sent_again_is_shown_once(race: Feed, tmp_path: Path) -> None:
    item = {"Utc": "2025-08-31T13:10:00", "Category": "Flag", "Flag": "GREEN", "Message": "GREEN LIGHT", "Lap": 1}
    race.say(610, "RaceControlMessages", {"Messages": [item]}).say(640, "RaceControlMessages", {"Messages": {"0": item}})
    race.say(650, "RaceControlMessages", {"Messages": {"1": {**item, "Message": "CAR 4 (NOR) STOPPED", "Lap": "2"}}})
    messages = race.read(tmp_path)["race_control"]
    assert messages.select("time_s", "message", "driver", "lap").rows() == [
        (10.0, "GREEN LIGHT", None, 1),
        (50.0, "CAR 4 (NOR) STOPPED", "NOR", 2),
    ]


def test_the_start_is_an_instant_that_messages_tell(race: Feed, tmp_path: Path) -> None:
    for n, at in enumerate((100.0, 400.0, 700.0)):
        utc = f"2025-08-31T13:{int(at) // 60:02}:{int(at) % 60:02}"
        race.say(at + 0.4, "RaceControlMessages", {"Messages": {str(n): {"Utc": utc, "Message": "X"}}})
    start = race.read(tmp_path)["session"]["start_utc"].item()
    assert abs((start.minute * 60 + start.second) - 600) <= 1


@pytest.mark.parametrize("unknown", ["0001-01-01T00:00:00", "soon", "", None, 5])
def test_an_instant_that_is_none_is_unknown(race: Feed, tmp_path: Path, unknown: object) -> None:
    race.say(0, "SessionInfo", {"GmtOffset": "02:00:00", "StartDate": unknown})
    race.say(650, "RaceControlMessages", {"Messages": [{"Utc": unknown, "Message": "CAR 4 (NOR) STOPPED"}]})
    tables = race.read(tmp_path)
    assert tables["session"]["start_utc"].item() is None
    assert tables["race_control"]["time_s"].to_list() == [50.0]


def test_without_messages_the_session_starts_when_it_was_to(race: Feed, tmp_path: Path) -> None:
    race.say(0, "SessionInfo", {"GmtOffset": "02:00:00", "StartDate": "2025-08-31T15:00:00"})
    assert race.read(tmp_path)["session"]["start_utc"].item() == datetime(2025, 8, 31, 13, tzinfo=UTC)


@pytest.mark.parametrize("huge", [10**12, 1e300, "9" * 30])
def test_a_number_out_of_all_bounds_is_unknown(race: Feed, tmp_path: Path, huge: object) -> None:
    race.say(0, "SessionInfo", {"Meeting": {"Circuit": {"Key": huge}}}).say(3, "LapCount", {"TotalLaps": huge})
    race.say(4, "WeatherData", {"AirTemp": huge}).car(700, NOR, Position=huge, LastLapTime={"Value": huge})
    race.say(650, "RaceControlMessages", {"Messages": [{"Message": "X", "Lap": huge, "Sector": huge}]})
    race.lines["TimingData"].sort()
    key = Store(tmp_path / "store").write(Session(complete(race.read(tmp_path / "files"))))
    assert Store(tmp_path / "store").open(key).weather["air_temp_c"].to_list() == [None]


def test_weather_is_numbers_and_rain_is_yes_or_no(race: Feed, tmp_path: Path) -> None:
    row = {"AirTemp": "18.4", "Humidity": "61.0", "Pressure": "1009.1", "Rainfall": "1", "TrackTemp": "24", "WindSpeed": ""}
    weather = race.say(620, "WeatherData", row).read(tmp_path)["weather"]
    assert weather.select("time_s", "track_temp_c", "wind_speed_mps", "is_raining").rows() == [(20.0, 24.0, None, True)]


def test_team_radio_is_found_at_the_host(race: Feed, tmp_path: Path) -> None:
    race.say(650, "TeamRadio", {"Captures": [{"RacingNumber": NOR, "Path": "TeamRadio/NOR 1.mp3"}]})
    assert race.read(tmp_path)["radio"].rows() == [(50.0, "NOR", "https://host/x/TeamRadio/NOR%201.mp3", None)]


def test_what_the_archive_does_not_have_is_said(race: Feed, tmp_path: Path) -> None:
    sets = race.read(tmp_path)["data_sets"]
    notes = dict(sets.select("table", "note").iter_rows())
    assert notes["weather"] == "The archive has no WeatherData of this session."
    race.write(700, "WeatherData", b'{"AirTemp": "1').say(760, "WeatherData", {"AirTemp": "18"})
    weather = race.read(tmp_path / "b")["data_sets"].filter(table="weather").row(0, named=True)
    assert (weather["state"], weather["note"]) == ("partial", "1 line of WeatherData could not be read.")


def test_a_folder_without_files_of_a_session_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="the official archive has no files of the 2025 Dutch Grand Prix, R"):
        Feed().read(tmp_path)


def test_every_table_is_as_the_schema_says(race: Feed, tmp_path: Path) -> None:
    for name, frame in race.read(tmp_path).items():
        assert frame.schema == TABLES[name].schema, name
        floats = frame.select(pl.selectors.float())
        assert not any(floats[c].is_nan().any() for c in floats.columns)
