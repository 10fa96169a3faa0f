"""Sessions of the official archive, read through FastF1 from a mirror, against the official results."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from feed_writer import BEGAN_UTC, car_data, positions
from real_data import DATA
from web_host import Host, answer

from f1nb.errors import NotFoundError, SignInError, SourceError
from f1nb.schema import TABLES
from f1nb.sources import fastf1 as source
from f1nb.sources._codes import compound, driver_code

pytest.importorskip("fastf1")

MIRROR = DATA / "mirror"
Tables = dict[str, pl.DataFrame]
BAKU, MONZA, FP1 = (2018, "Azerbaijan", "R"), (2019, "Italian", "Q"), (2022, "British", "FP1")
SPRINT, MIAMI = (2023, "Azerbaijan", "S"), (2025, "Miami", "S")
SHOOTOUT, SILVERSTONE = (2023, "Azerbaijan", "SQ"), (2020, "70th Anniversary", "FP2")
LAPS = {
    BAKU: 848, MONZA: 275, FP1: 80, (2023, "Azerbaijan", "Q"): 356, SHOOTOUT: 233, SPRINT: 308,
    (2024, "British", "FP1"): 459, (2024, "Spanish", "Q"): 257, MIAMI: 331, SILVERSTONE: 535,
}  # fmt: skip
OFFICIAL = {
    BAKU: "2018/4/results.json", MONZA: "2019/14/qualifying.json", (2023, "Azerbaijan", "Q"): "2023/4/qualifying.json",
    SPRINT: "2023/4/sprint.json", (2024, "Spanish", "Q"): "2024/10/qualifying.json", MIAMI: "2025/6/sprint.json",
}  # fmt: skip
FOLDER = {
    FP1: "static/2022/2022-07-03_British_Grand_Prix/2022-07-01_Practice_1",
    MONZA: "static/2019/2019-09-08_Italian_Grand_Prix/2019-09-07_Qualifying",
    MIAMI: "static/2025/2025-05-04_Miami_Grand_Prix/2025-05-03_Sprint",
}

Load = Callable[..., Tables]


@pytest.fixture(scope="session")
def mirror() -> Path:
    if not MIRROR.is_dir():
        pytest.skip(f"no real data: {MIRROR} is missing; set F1NB_TEST_DATA")
    return MIRROR


@pytest.fixture(scope="session")
def load(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Load a session of the mirror, each once; or of a tree or address that stands in its place."""
    cache = tmp_path_factory.mktemp("fastf1")
    kept: dict[tuple[int, str, str], Tables] = {}

    def of(key: tuple[int, str, str], place: Path | str | None = None, **more: Any) -> Tables:
        if place is None and key in kept:
            return kept[key]
        year, event, session = key
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("F1NB_ARCHIVE", str(place or mirror))
            tables = source.read(year=year, event=f"{event} Grand Prix", session=session, cache=cache, **more)
        if place is None:
            kept[key] = tables
        return tables

    return of


@pytest.fixture
def tree(mirror: Path, tmp_path: Path) -> Callable[[tuple[int, str, str]], Path]:
    """Copy what the mirror has of a session, to be changed."""

    def of(key: tuple[int, str, str]) -> Path:
        folder = Path("livetiming.formula1.com") / FOLDER[key]
        files = [*(mirror / folder).iterdir(), mirror / schedule(key[0])]
        if key in OFFICIAL:
            files.append(mirror / "api.jolpi.ca/ergast/f1" / OFFICIAL[key])
        for file in files:
            copy = tmp_path / file.relative_to(mirror)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        return tmp_path

    return of


def schedule(year: int) -> str:
    return f"raw.githubusercontent.com/theOehrly/f1schedule/master/schedule_{year}.json"


def official(key: tuple[int, str, str]) -> list[dict[str, Any]]:
    race = json.loads((MIRROR / "api.jolpi.ca/ergast/f1" / OFFICIAL[key]).read_bytes())["MRData"]["RaceTable"]["Races"][0]
    return next(race[name] for name in ("Results", "SprintResults", "QualifyingResults") if name in race)


def states(tables: Tables) -> dict[str, str]:
    return dict(tables["data_sets"].select("table", "state").iter_rows())


def seconds(text: str) -> float:
    minutes, rest = text.split(":")
    return round(int(minutes) * 60 + float(rest), 3)


@pytest.mark.parametrize("key", LAPS, ids=str)
def test_a_session_of_the_mirror_loads_with_all_its_laps(load: Load, key: tuple[int, str, str]) -> None:
    tables = load(key)
    assert tables["laps"].height == LAPS[key]
    assert tables["drivers"].height == 20
    assert set(tables["laps"]["driver"]) <= set(tables["drivers"]["driver"])
    assert not tables["laps"].select("driver", "lap").is_duplicated().any()
    assert states(tables)["laps"] == "available"
    for name, table in tables.items():
        assert table.schema == TABLES[name].schema, name
        for column in table.select(pl.selectors.float()):
            assert not column.is_nan().any(), f"{name}.{column.name}"
        for column in table.select(pl.selectors.string()):
            assert not column.is_in(["", "nan", "None", "NaN"]).any(), f"{name}.{column.name}"


@pytest.mark.parametrize("key", OFFICIAL, ids=str)
def test_final_positions_are_the_official_ones(load: Load, key: tuple[int, str, str]) -> None:
    rows = load(key)["results"].rows(named=True)
    published = official(key)
    code = {row["driver"]: row for row in rows}
    assert not any(row["is_provisional"] for row in rows)
    for theirs in published:
        ours = code[theirs["Driver"]["code"]]
        if ours["position"] is not None:
            assert ours["position"] == int(theirs["position"])
        if key[2] == "Q":
            assert ours["position"] == int(theirs["position"])
            for n in (1, 2, 3):
                assert ours[f"q{n}_time_s"] == (seconds(theirs[f"Q{n}"]) if theirs.get(f"Q{n}") else None)
        else:
            assert (ours["points"], ours["laps_completed"]) == (float(theirs["points"]), int(theirs["laps"]))
            enough = int(0.9 * int(published[0]["laps"]))
            assert (ours["position"] is None) == (int(theirs["laps"]) < enough)


def test_who_drove_nine_tenths_of_the_distance_is_classified_also_in_the_barrier(load: Load) -> None:
    results = load(BAKU)["results"]
    assert results.filter(driver="BOT").select("position", "classified", "status", "points").row(0) == (14, True, "Retired", 0)
    assert results.filter(driver="GRO").select("position", "classified", "status").row(0) == (None, False, "Retired")


def test_the_session_clock_begins_as_the_lights_go_out(load: Load) -> None:
    tables = load(BAKU)
    assert tables["session_status"].filter(status="started").row(0) == (0.0, "started")
    assert set(tables["laps"].filter(lap=1)["start_time_s"]) == {0.0}
    session = tables["session"].row(0, named=True)
    assert abs(session["start_utc"] - datetime(2018, 4, 29, 12, 13, 42, tzinfo=UTC)) < timedelta(seconds=1)
    assert (session["utc_offset_s"], session["total_laps"], session["source"]) == (4 * 3600, 51, "fastf1")
    assert load(MIAMI)["session"]["utc_offset_s"].item() == -4 * 3600


@pytest.mark.parametrize("key", [BAKU, SPRINT], ids=str)  # Miami began behind the safety car
def test_the_winner_crosses_the_line_when_his_race_time_is_up(load: Load, key: tuple[int, str, str]) -> None:
    winner = load(key)["results"].row(0, named=True)
    last = load(key)["laps"].filter(pl.col("driver") == winner["driver"])["end_time_s"].max()
    assert last == pytest.approx(winner["time_s"], abs=0.5)


def test_messages_are_on_the_same_clock_as_the_status_of_the_track(load: Load) -> None:
    tables = load(BAKU)
    deployed = tables["race_control"].filter(message="SAFETY CAR DEPLOYED")["time_s"].to_list()
    shown = tables["track_status"].filter(status="safety_car")["time_s"].to_list()
    assert deployed == pytest.approx(shown, abs=1.0)
    assert tables["race_control"].filter(pl.col("flag") == "BLUE")["driver"].is_not_null().all()


def test_the_fastest_laps_are_those_of_the_official_result(load: Load) -> None:
    laps = load(BAKU)["laps"]
    for theirs in official(BAKU)[:14]:
        lap = laps.filter(pl.col("driver") == theirs["Driver"]["code"], pl.col("lap") == int(theirs["FastestLap"]["lap"]))
        assert lap["lap_time_s"].item() == seconds(theirs["FastestLap"]["Time"]["time"])
    best = laps.sort("lap_time_s", nulls_last=True).select("driver", "lap", "lap_time_s").row(0)
    assert best == ("BOT", 37, 105.149)
    sectors = laps.drop_nulls(["lap_time_s", "sector_1_time_s", "sector_2_time_s", "sector_3_time_s"])
    sums = sectors.select(pl.sum_horizontal("sector_1_time_s", "sector_2_time_s", "sector_3_time_s") - pl.col("lap_time_s"))
    assert (sums.to_series().abs() < 0.002).mean() > 0.99


def test_laps_that_fastf1_made_up_say_so_and_have_no_end(load: Load) -> None:
    made_up = load(BAKU)["laps"].filter("is_generated")
    assert made_up.height == 7
    assert made_up["end_time_s"].null_count() == made_up["position"].null_count() == 7
    assert {"OCO", "SIR"} <= set(made_up.filter(lap=1)["driver"])


def test_a_lap_lists_every_status_of_the_track_the_most_severe_first(load: Load) -> None:
    first = load(BAKU)["laps"].filter(driver="HAM", lap=1)["track_status"].item()
    assert first.to_list() == ["safety_car", "yellow"]


def test_deleted_laps_are_known_with_messages_only(load: Load) -> None:
    laps = load(MIAMI)["laps"]
    assert laps["is_deleted"].null_count() == 0
    assert laps.filter("is_deleted")["deleted_reason"].str.contains("TRACK LIMITS").all()
    assert laps["is_deleted"].sum() == 3
    without = load(SPRINT)
    assert without["laps"]["is_deleted"].null_count() == LAPS[SPRINT]
    assert states(without)["race_control"] == "not_published"
    assert without["session"]["start_utc"].item() is None


def test_grid_places_are_null_for_the_pit_lane_and_for_who_did_not_start(load: Load) -> None:
    grid = dict(load(SPRINT)["results"].select("driver", "grid_position").iter_rows())
    assert (grid["LEC"], grid["OCO"], grid["SAR"]) == (1, None, None)


def test_a_gap_that_contradicts_the_official_order_is_left_out(load: Load) -> None:
    gaps = load(SPRINT)["results"].drop_nulls("gap_s")
    assert gaps["gap_s"].is_sorted()
    assert "RUS" not in gaps["driver"], "fourth, published with a smaller gap than the third"


def test_without_a_list_of_drivers_numbers_tell_who_drove(load: Load) -> None:
    tables = load(SILVERSTONE)
    number = dict(tables["drivers"].select("number", "driver").iter_rows())
    assert (number["27"], number["33"], number["44"]) == ("HUL", "VER", "HAM")
    assert tables["drivers"].filter(driver="HUL")["driver_id"].item() == "nico-hulkenberg"
    assert tables["drivers"]["team"].null_count() == 20
    assert states(tables)["drivers"] == "partial"
    assert tables["weather"].height == 100


def test_the_shootout_is_the_sprint_qualifying_of_its_year(load: Load) -> None:
    tables = load(SHOOTOUT)
    assert tables["session"]["session"].item() == "SQ"
    assert states(tables)["results"] == "not_published"
    assert "results" not in tables


def test_a_driver_is_the_same_person_in_every_source(load: Load) -> None:
    drivers = load(SPRINT)["drivers"]
    assert drivers.filter(driver="ZHO").select("driver_id", "full_name").row(0) == ("zhou-guanyu", "Zhou Guanyu")
    assert drivers.filter(driver="PER")["full_name"].item() == "Sergio Pérez"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("HYPERSOFT", "HYPERSOFT"), ("soft", "SOFT"), ("TEST_UNKNOWN", None), ("TEST-UNKNOWN", None), ("UNKNOWN", None),
     ("nan", None), (None, None)],
)  # fmt: skip
def test_every_name_of_a_tyre_is_a_compound_or_unknown(theirs: str | None, ours: str | None) -> None:
    assert compound(theirs) == ours


def test_a_number_moves_with_the_title() -> None:
    assert [driver_code("33", 2021), driver_code("1", 2022), driver_code("3", 2026)] == ["VER"] * 3
    assert [driver_code("4", 2025), driver_code("1", 2026)] == ["NOR"] * 2


def test_corners_and_rotation_come_in_metres_and_degrees(load: Load, tree: Callable[..., Path]) -> None:
    place = tree(MONZA)
    file = place / "api.multiviewer.app/api/v1/circuits/39/2019"
    file.parent.mkdir(parents=True)
    shutil.copyfile(MIRROR / "api.multiviewer.app/api/v1/circuits/39/2020", file)
    tables = load(MONZA, place)
    circuit = tables["circuit"]
    assert dict(circuit.group_by("kind").len().iter_rows()) == {"corner": 11, "marshal_sector": 17}
    assert circuit.filter(kind="corner", number=1).select("x_m", "y_m").row(0) == pytest.approx((-56.958, 815.372), abs=0.01)
    assert tables["session"]["circuit_rotation_deg"].item() == 95


def test_car_data_and_positions_become_telemetry(load: Load, tree: Callable[..., Path]) -> None:
    place = tree(MIAMI)
    began_s, zero_s = 4245.0, 4245.523  # the sprint starts 1:10:45.523 into the recording
    time = began_s + np.arange(0, 400, 0.25)
    samples = pl.DataFrame(
        {"time_s": time, "number": ["4"] * len(time), "speed_kmh": 180.0, "rpm": 10_500.0, "gear": 7, "throttle_pct": 80.0,
         "is_braking": False, "drs": time > began_s + 200, "x_m": (time - began_s) * 2, "y_m": 100.0, "z_m": 5.0}
    )  # fmt: skip
    folder = place / "livetiming.formula1.com" / FOLDER[MIAMI]
    (folder / "CarData.z.jsonStream").write_bytes(car_data(samples))
    (folder / "Position.z.jsonStream").write_bytes(positions(samples))
    tables = load(MIAMI, place)
    telemetry = tables["telemetry"]
    assert states(tables)["telemetry"] == "available"
    assert set(telemetry["driver"]) == {"NOR"}
    assert set(telemetry["lap"]) >= {1, 2, 3}
    assert telemetry["speed_kmh"].min() == telemetry["speed_kmh"].max() == 180
    lap = telemetry.filter(lap=2)
    assert lap["distance_m"].last() == pytest.approx(lap["lap_time_s"].last() * 50, rel=0.01)
    steady = telemetry.filter(pl.col("time_s").is_between(20, 300))
    assert steady["x_m"].to_list() == pytest.approx((2 * (steady["time_s"] + zero_s - began_s)).to_list(), abs=0.15)
    assert not telemetry.filter(pl.col("time_s") < 190)["drs"].any()
    assert telemetry.filter(pl.col("time_s") > 210)["drs"].all()
    start = tables["session"]["start_utc"].item()
    assert abs(start - (BEGAN_UTC.replace(tzinfo=UTC) + timedelta(seconds=zero_s))) < timedelta(seconds=0.05)


def test_a_lap_that_a_car_is_timed_for_after_the_flag_is_left_out(load: Load, tree: Callable[..., Path]) -> None:
    place = tree(MIAMI)
    result = place / "api.jolpi.ca/ergast/f1" / OFFICIAL[MIAMI]
    result.write_text(result.read_text().replace('"laps":"18"', '"laps":"17"').replace('"laps": "18"', '"laps": "17"'))
    assert load(MIAMI, place)["laps"]["lap"].max() == 17


@pytest.fixture
def host(tree: Callable[..., Path]) -> Iterator[Host]:
    host = Host(tree(FP1))
    yield host
    host.close()


def test_a_mirror_can_be_an_address(load: Load, host: Host, capfd: pytest.CaptureFixture[str]) -> None:
    done: list[tuple[int, int]] = []
    tables = load(FP1, host.url, progress=lambda *count: done.append(count))
    assert tables["laps"].equals(load(FP1)["laps"])
    assert done == sorted(done)
    assert done[-1][0] <= done[-1][1]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("status", "problem", "words"),
    [
        (401, SignInError, "f1nb auth login"),
        (404, NotFoundError, "no FP1 of the British"),
        (500, SourceError, "does not answer"),
    ],
)
def test_an_archive_that_gives_nothing_is_one_clear_sentence(
    load: Load, host: Host, status: int, problem: type[Exception], words: str
) -> None:
    def mood(handler: Any, path: str) -> bool:
        if "/static/" in path:
            answer(handler, status)
            return True
        return False

    host.mood = mood
    with pytest.raises(problem, match=words):
        load(FP1, host.url)


def test_what_is_refused_needs_a_sign_in_and_the_rest_is_kept(load: Load, host: Host) -> None:
    def mood(handler: Any, path: str) -> bool:
        refused = "RaceControlMessages" in path
        if refused:
            answer(handler, 403)
        return refused

    host.mood = mood
    tables = load(FP1, host.url)
    assert states(tables)["race_control"] == "needs_sign_in"
    assert tables["laps"].height == LAPS[FP1]
    note = tables["data_sets"].filter(table="race_control")["note"].item()
    assert "f1nb auth login" in note


def test_a_cut_connection_costs_a_table_and_no_more(load: Load, host: Host) -> None:
    def mood(handler: Any, path: str) -> bool:
        is_cut = "CarData" in path or "circuits" in path
        if is_cut:
            handler.connection.shutdown(2)
        return is_cut

    host.mood = mood
    tables = load(FP1, host.url)
    assert (states(tables)["telemetry"], states(tables)["circuit"]) == ("failed", "failed")
    assert tables["laps"].height == LAPS[FP1]


def test_a_cache_that_cannot_be_written_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("F1NB_ARCHIVE", raising=False)
    (tmp_path / "file").touch()
    with pytest.raises(SourceError, match="set F1NB_HOME to another folder"):
        source.read(year=2025, event="Miami Grand Prix", session="S", cache=tmp_path / "file" / "fastf1")


def test_a_damaged_file_is_a_failed_table_and_no_more(load: Load, tree: Callable[..., Path]) -> None:
    place = tree(FP1)
    (place / "livetiming.formula1.com" / FOLDER[FP1] / "RaceControlMessages.jsonStream").write_bytes(b"\xef\xbb\xbf<html>\r\n")
    tables = load(FP1, place)
    assert states(tables)["race_control"] == "failed"
    assert tables["laps"].height == LAPS[FP1]


def test_the_users_own_fastf1_is_as_it_was(load: Load, tree: Callable[..., Path], tmp_path: Path) -> None:
    import fastf1

    def seen() -> tuple[Any, ...]:
        cache = fastf1.Cache
        log = logging.getLogger("fastf1")
        return cache.get_cache_info()[0], cache._requests_session, cache._requests_session_cached, log.level, log.handlers

    before = seen()
    place = tree(FP1)
    load(FP1, place)
    shutil.rmtree(place / "livetiming.formula1.com")
    with pytest.raises(NotFoundError):
        load(FP1, place)
    assert seen() == before


def test_the_token_is_for_the_official_host_alone_and_nobody_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import requests
    from test_account import store, token_for

    sent: dict[str, set[str | None]] = {}

    def answer_nothing(_: Any, request: requests.PreparedRequest, **__: Any) -> requests.Response:
        host = (request.url or "").split("/")[2]
        sent.setdefault(host, set()).add(request.headers.get("Authorization"))
        response = requests.Response()
        response.status_code, response.request, response.url = 404, request, request.url or ""
        response._content = b""
        return response

    def ask(*_: Any) -> str:
        raise AssertionError("a prompt")

    monkeypatch.delenv("F1NB_ARCHIVE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    token = store(token_for(days=3))
    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", answer_nothing)
    monkeypatch.setattr("builtins.input", ask)
    monkeypatch.setattr("getpass.getpass", ask)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    with pytest.raises(NotFoundError, match="schedule of 2025"):
        source.read(year=2025, event="Miami Grand Prix", session="S", cache=tmp_path / "cache")
    assert sent.pop("livetiming.formula1.com") == {f"Bearer {token}"}
    assert sent
    assert set.union(*sent.values()) == {None}


def test_an_event_or_a_session_that_was_not_held_names_those_that_were(load: Load) -> None:
    with pytest.raises(NotFoundError, match="the 2020 season has no Miami Grand Prix; it has Austrian"):
        load((2020, "Miami", "R"))
    with pytest.raises(NotFoundError, match="had no SQ; it had Practice 1"):
        load((2020, "70th Anniversary", "SQ"))


def test_without_fastf1_the_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "fastf1.exceptions", None)
    with pytest.raises(SourceError, match=r'pip install "f1nb\[fastf1\]"'):
        source.read(year=2025, event="Miami Grand Prix", session="S", cache=tmp_path)


def test_neither_fastf1_nor_pandas_is_loaded_to_open_a_session_and_to_show_it(tmp_path: Path) -> None:
    code = (
        "import sys, f1nb, f1nb.account, f1nb.sources.fastf1\n"
        "from f1nb.store import Store\n"
        f"store = Store({str(tmp_path)!r})\n"
        "session = store.open(store.write(f1nb.simulate(laps=2, cars=3)))\n"
        "session.laps, f1nb.account.token()\n"
        "f1nb.dashboard(session)\n"
        "print(sorted({'fastf1', 'pandas', 'requests'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
