"""Real sessions of the official archive against official results, against FastF1, and against themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from real_data import DATA

import f1nb
from f1nb.session import Session

Key = tuple[int, str, str]
Load = Callable[..., Session]

BAKU: Key = (2018, "Azerbaijan", "R")
MONZA: Key = (2019, "Italian", "Q")
BAKU_SPRINT: Key = (2023, "Azerbaijan", "S")
BAKU_SHOOTOUT: Key = (2023, "Azerbaijan", "SQ")
SPAIN: Key = (2024, "Spanish", "Q")
MIAMI: Key = (2025, "Miami", "S")
SILVERSTONE: Key = (2022, "British", "FP1")
ROUNDS: dict[Key, int] = {
    BAKU: 4, MONZA: 14, (2020, "70th Anniversary", "FP2"): 5, SILVERSTONE: 10, (2023, "Azerbaijan", "Q"): 4, BAKU_SHOOTOUT: 4,
    BAKU_SPRINT: 4, (2024, "British", "FP1"): 12, SPAIN: 10, MIAMI: 6,
}  # fmt: skip
ALL = list(ROUNDS)
RACES = [key for key in ALL if key[2] in {"R", "S"}]
QUALIFYINGS = [key for key in ALL if key[2] in {"Q", "SQ"}]
PUBLISHED = {"R": ("results", "Results"), "S": ("sprint", "SprintResults"), "Q": ("qualifying", "QualifyingResults")}

BOTH = [BAKU, MONZA, BAKU_SHOOTOUT, MIAMI]  # those for which FastF1 is asked, too: it takes its time
FIRST_LAP = "FastF1 takes the time of lap 1 from Ergast"
STOPPED = "it stopped on the track; FastF1 takes the third sector of the lap before for its own"
STOOD = "it stood on the track for a minute; FastF1 drops the published time"
DROVE_LAP_1 = (
    "ALO", "BOT", "ERI", "GAS", "GRO", "HAM", "HAR", "HUL", "LEC", "MAG", "PER", "RAI", "RIC", "SAI", "STR", "VAN", "VER",
    "VET",
)  # fmt: skip
OTHER_LAP_TIMES: dict[tuple[Key, str, int], str] = {
    **{(BAKU, driver, 1): FIRST_LAP for driver in DROVE_LAP_1},
    (MONZA, "RAI", 16): STOPPED,
    (BAKU_SHOOTOUT, "LEC", 13): STOOD,
    (BAKU_SHOOTOUT, "VER", 11): STOOD,
}


def named(key: Key) -> str:
    return f"{key[0]}-{key[1]}-{key[2]}".replace(" ", "-")


every_session = pytest.mark.parametrize("key", ALL, ids=named)
every_race = pytest.mark.parametrize("key", RACES, ids=named)
both_sources = pytest.mark.parametrize("key", BOTH, ids=named)


@pytest.fixture(scope="session")
def load(mirror: Path, tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Load a session of the mirror, each once for each source."""
    homes = tmp_path_factory.mktemp("official")
    kept: dict[tuple[Key, str], Session] = {}

    def of(key: Key, source: str = "auto") -> Session:
        if (key, source) not in kept:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("F1NB_ARCHIVE", str(mirror))
                patch.setenv("F1NB_HOME", str(homes / source))
                kept[key, source] = f1nb.load(*key, source=source)
        return kept[key, source]

    return of


def f1db(name: str, key: Key, **only: str) -> pl.DataFrame:
    """Return the rows that F1DB has of a session's weekend."""
    path = DATA / "f1db" / f"{name}.parquet"
    if not path.is_file():
        pytest.skip(f"no real data: {path} is missing; set F1NB_TEST_DATA")
    return pl.read_parquet(path).filter(season=key[0], round=ROUNDS[key], **only)


def sheet(key: Key, drivers: pl.DataFrame) -> pl.DataFrame:
    """Return the official classification with our codes."""
    kinds = {"R": "race", "S": "sprint", "Q": "qualifying", "SQ": "sprint_qualifying"}
    name = "practice_results" if key[2].startswith("FP") else "results"
    return coded(f1db(name, key, session=kinds.get(key[2], key[2].lower())), drivers)


def coded(rows: pl.DataFrame, drivers: pl.DataFrame) -> pl.DataFrame:
    numbered = rows.with_columns(number=pl.col("driver_number").cast(pl.String))
    joined = numbered.join(drivers.select("number", "driver"), on="number", how="left")
    assert joined["driver"].null_count() == 0
    return joined


def pairs(frame: pl.DataFrame, *columns: str) -> dict[str, tuple[object, ...]]:
    return {str(driver): tuple(values) for driver, *values in frame.select("driver", *columns).iter_rows()}


# -- official results -----------------------------------------------------------------------------------------------------


@every_session
def test_places_and_numbers_of_laps_are_the_official_ones(load: Load, key: Key) -> None:
    session = load(key)
    official = sheet(key, session.drivers)
    places = official.drop_nulls("position")
    ours = pairs(session.results, "position")
    assert places.height >= 14
    assert {d: ours[d] for d in places["driver"]} == pairs(places, "position")
    done = session.laps.filter(pl.col("end_time_s").is_not_null()) if session.is_race else session.laps
    counted = dict(done.group_by("driver").len().iter_rows())
    assert {d: counted.get(d, 0) for d in official["driver"]} == dict(
        official.select("driver", pl.col("laps").fill_null(0)).rows()
    )


@pytest.mark.parametrize("key", [key for key in ALL if key[2] in PUBLISHED], ids=named)
def test_the_order_is_that_of_the_published_result(load: Load, mirror: Path, key: Key) -> None:
    path, name = PUBLISHED[key[2]]
    answer = json.loads((mirror / f"api.jolpi.ca/ergast/f1/{key[0]}/{ROUNDS[key]}/{path}.json").read_text())
    rows = answer["MRData"]["RaceTable"]["Races"][0][name]
    assert load(key).results["driver"].to_list() == [row["Driver"]["code"] for row in rows]
    assert not load(key).results["is_provisional"].any()


@pytest.mark.parametrize(
    ("key", "source"), [*((key, "auto") for key in QUALIFYINGS), (MONZA, "archive"), (SPAIN, "archive")], ids=str
)
def test_the_best_times_of_each_part_of_qualifying_are_the_official_ones(load: Load, key: Key, source: str) -> None:
    session = load(key, source)
    official = sheet(key, session.drivers)
    for part in (1, 2, 3):
        ours, own = pairs(session.results, f"q{part}_time_s"), official.select("driver", f"q{part}_ms").rows()
        assert {d: ours[d][0] and round(float(str(ours[d][0])) * 1000) for d, _ in own} == dict(own), part


@pytest.mark.parametrize("key", [key for key in ALL if key[2].startswith("FP")], ids=named)
def test_the_best_times_of_practice_are_the_official_ones(load: Load, key: Key) -> None:
    session = load(key)
    both = sheet(key, session.drivers).select("driver", "time_ms").join(session.results, on="driver")
    assert ((both["time_s"] * 1000).round().cast(pl.Int32)).equals(both["time_ms"], null_equal=True)


@every_race
def test_gaps_at_the_line_are_those_of_the_result_before_penalties(load: Load, key: Key) -> None:
    session = load(key)
    official = sheet(key, session.drivers)
    ends = dict(session.laps.filter(lap=session.laps["lap"].max()).select("driver", "end_time_s").drop_nulls().iter_rows())
    winner = official.filter(position=1)["driver"].item()
    gaps = official.drop_nulls("gap_ms").select("driver", pl.col("gap_ms") - pl.col("time_penalty_ms").fill_null(0)).rows()
    assert len(gaps) >= 12
    assert {d: round((ends[d] - ends[winner]) * 1000) for d, _ in gaps} == dict(gaps)


@every_race
def test_gaps_of_the_result_are_the_official_ones(load: Load, key: Key) -> None:
    session = load(key)
    official = sheet(key, session.drivers).drop_nulls("gap_ms")
    ours = dict(session.results.select("driver", "gap_s").iter_rows())
    assert {d: round(ours[d] * 1000) for d in official["driver"]} == dict(official.select("driver", "gap_ms").rows())


@every_race
def test_the_grid_is_the_official_one(load: Load, key: Key) -> None:
    session = load(key)
    grid = sheet(key, session.drivers).drop_nulls("grid")  # null: from the pit lane, for which the sources have places, too
    assert grid.height >= 18
    ours = pairs(session.drivers, "grid_position")
    assert {d: ours[d] for d in grid["driver"]} == pairs(grid, "grid")


def test_fastest_laps_of_the_azerbaijan_race_are_the_official_ones(load: Load) -> None:
    session = load(BAKU)
    official = coded(f1db("fastest_laps", BAKU), session.drivers)
    best = session.laps.drop_nulls("lap_time_s").sort("lap_time_s").unique("driver", keep="first", maintain_order=True)
    ours = {d: (lap, round(time * 1000)) for d, lap, time in best.select("driver", "lap", "lap_time_s").iter_rows()}
    assert {d: ours[d] for d in official["driver"]} == pairs(official, "lap", "time_ms")
    assert ours["BOT"] == (37, 105_149)
    assert best["driver"].first() == "BOT"


def test_stops_of_the_azerbaijan_race_are_the_official_ones(load: Load) -> None:
    session = load(BAKU)
    official = coded(f1db("pit_stops", BAKU), session.drivers)
    ours = session.laps.filter("is_pit_in").select("driver", "lap").rows()
    assert sorted(ours) == sorted(official.select("driver", "lap").rows())
    assert len(ours) == 36


def test_the_order_after_lap_1_is_the_published_one(load: Load, mirror: Path) -> None:
    answer = json.loads((mirror / "api.jolpi.ca/ergast/f1/2018/4/laps/1.json").read_text())
    timings = answer["MRData"]["RaceTable"]["Races"][0]["Laps"][0]["Timings"]
    drivers = load(BAKU).drivers
    ids = {d.split("-")[-1]: code for d, code in drivers.select("driver_id", "driver").iter_rows()}
    ids |= {"max_verstappen": "VER", "brendon_hartley": "HAR", "kevin_magnussen": "MAG"}
    published = [ids[row["driverId"]] for row in timings]
    first = load(BAKU).laps.filter(pl.col("lap") == 1).drop_nulls("position").sort("position")
    assert first["driver"].to_list() == published


# -- FastF1 ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def both(load: Load, key: Key) -> pl.DataFrame:
    """The laps that the archive and FastF1 have, side by side."""
    pytest.importorskip("fastf1")
    return load(key).laps.join(load(key, "fastf1").laps, on=["driver", "lap"], suffix="_fastf1")


@both_sources
def test_lap_times_are_those_of_fastf1_but_for_a_few_with_a_reason(both: pl.DataFrame, key: Key) -> None:
    assert both.height > 75
    other = both.filter(pl.col("lap_time_s").ne_missing(pl.col("lap_time_s_fastf1"))).select("driver", "lap").rows()
    assert {(key, *lap) for lap in other} == {lap for lap in OTHER_LAP_TIMES if lap[0] == key}


@both_sources
def test_stints_and_compounds_are_those_of_fastf1(both: pl.DataFrame, key: Key) -> None:
    for column in ("stint", "compound"):
        assert both[column].equals(both[f"{column}_fastf1"], null_equal=True), column
    if key != BAKU:
        assert both["tyre_age_laps"].equals(both["tyre_age_laps_fastf1"], null_equal=True)


def test_a_used_set_is_as_old_as_the_feed_says(load: Load) -> None:
    """BOT's first set had 4 laps; FastF1 counts one less. RAI's last one was fitted with none."""
    laps = load(BAKU).laps
    assert laps.filter(driver="BOT", lap=1)["tyre_age_laps"].item() == 5
    last = laps.filter(pl.col("driver") == "RAI", pl.col("lap") >= 41).select("compound", "tyre_age_laps", "fresh_tyre").row(0)
    assert last == ("ULTRASOFT", 1, True)


@both_sources
def test_the_two_clocks_agree(both: pl.DataFrame, key: Key) -> None:
    """STR is 0.57 s early in all of FastF1's race, see the gaps; the feed of 2019 comes in coarse steps."""
    apart = both.filter((pl.col("driver") != "STR") | (key != BAKU)).select(
        "driver", d=(pl.col("end_time_s") - pl.col("end_time_s_fastf1")).abs()
    )
    assert apart["d"].drop_nulls().median() < 0.2  # pyright: ignore[reportOptionalOperand, reportOperatorIssue]
    far = apart.filter(pl.col("d") > (0.5 if key == MONZA else 0.2))
    assert far.is_empty(), far


@pytest.mark.parametrize(("key", "driver", "lap"), [(MONZA, "RAI", 16), ((2023, "Azerbaijan", "Q"), "HAM", 24)])
def test_who_stopped_on_the_track_has_no_lap_time(load: Load, key: Key, driver: str, lap: int) -> None:
    row = load(key).laps.filter(driver=driver, lap=lap).row(0, named=True)
    assert (row["lap_time_s"], row["sector_3_time_s"], row["end_time_s"]) == (None, None, None)
    assert row["sector_1_time_s"]
    assert row["is_pit_in"]
    assert load(key).laps.filter(driver=driver)["lap"].max() == lap


@pytest.mark.parametrize(("key", "driver", "lap"), [(SPAIN, "PIA", 16), (SPAIN, "SAI", 7), (MIAMI, "ANT", 13)])
def test_laps_are_deleted_although_the_message_names_no_time_or_an_out_lap(load: Load, key: Key, driver: str, lap: int) -> None:
    session = load(key)
    assert session.laps.filter(driver=driver, lap=lap)["is_deleted"].item()
    said = session.race_control.filter(pl.col("message").str.contains(f"({driver})", literal=True))["message"].to_list()
    assert any("DELETED" in message for message in said)


# -- what must hold in any session ------------------------------------------------------------------------------------------


@every_session
def test_laps_of_a_driver_follow_one_another(load: Load, key: Key) -> None:
    laps = load(key).laps
    assert laps.select((pl.col("lap") == pl.int_range(1, pl.len() + 1).over("driver")).all()).item()
    ends = laps.drop_nulls("end_time_s").select(late=(pl.col("end_time_s").diff().over("driver") > 0).fill_null(value=True))
    assert ends["late"].all()
    joined = laps.select(
        "driver", "lap", "start_time_s", "pit_out_time_s", before=pl.col("end_time_s").shift(1).over("driver")
    ).drop_nulls("before")
    odd = joined.filter((pl.col("start_time_s") - pl.col("before")).abs() > 0.002, pl.col("pit_out_time_s").is_null())
    assert odd.is_empty(), odd


@every_session
def test_sectors_add_up_to_the_lap_and_laps_to_the_clock(load: Load, key: Key) -> None:
    laps = load(key).laps.drop_nulls("lap_time_s")
    total = pl.sum_horizontal([f"sector_{n}_time_s" for n in (1, 2, 3)], ignore_nulls=False)
    assert laps.filter((total - pl.col("lap_time_s")).abs() > 0.002).is_empty()
    length = pl.col("end_time_s") - pl.col("start_time_s")
    odd = laps.filter((length - pl.col("lap_time_s")).abs() > 0.3).select("driver", "lap", length, "lap_time_s")
    assert odd.is_empty(), odd


@every_race
def test_each_place_is_taken_once_on_each_lap(load: Load, key: Key) -> None:
    laps = load(key).laps.drop_nulls("position")
    for (lap,), own in laps.group_by("lap"):
        assert sorted(own["position"]) == list(range(1, own.height + 1)), lap
    crossed = laps.sort("lap", "end_time_s").select((pl.col("position").diff().over("lap").fill_null(1) == 1).all())
    assert crossed.item()


@every_session
def test_the_log_of_the_timing_makes_sense(load: Load, key: Key) -> None:
    session = load(key)
    log = session.timing
    places = log.filter(field="position")["value"].drop_nulls()
    assert places.is_between(1, session.drivers.height).all()
    for field in ("gap_s", "gap_laps", "interval_s", "interval_laps", "stops", "lap"):
        values = log.filter(field=field)["value"].drop_nulls()
        assert (values >= 0).all(), field
    assert log.filter(field="last_lap_time_s")["value"].drop_nulls().min() > 40  # pyright: ignore[reportOptionalOperand, reportOperatorIssue]
    assert set(log["driver"]) <= set(session.drivers["driver"])


@every_session
def test_tyres_get_older_by_one_each_lap_of_a_stint(load: Load, key: Key) -> None:
    laps = load(key).laps
    of = ["driver", "stint"]
    assert laps.select((pl.col("stint").diff().over("driver").fill_null(0).is_in([0, 1])).all()).item()
    known = laps.drop_nulls("tyre_age_laps")
    steps = known.select(
        (pl.col("tyre_age_laps") - pl.col("lap")).n_unique().over(of), c=pl.col("compound").n_unique().over(of)
    )
    assert steps["tyre_age_laps"].eq(1).all()
    assert steps["c"].eq(1).all()


@every_session
def test_nothing_stands_for_nothing_but_null(load: Load, key: Key) -> None:
    session = load(key)
    for name in ("session", "drivers", "laps", "timing", "race_control", "weather", "track_status", "results", "data_sets"):
        frame = session.scan(name).collect()
        numbers, words = frame.select(pl.selectors.float()), frame.select(pl.selectors.string())
        assert not any(numbers[c].is_nan().any() for c in numbers.columns), name
        assert not any(words[c].str.to_lowercase().is_in(["", "none", "nan", "null"]).any() for c in words.columns), name


@every_session
def test_no_data_are_contradictory(load: Load, key: Key) -> None:
    errors = load(key).health().filter(pl.col("severity") == "error")
    assert errors.is_empty(), errors["finding"].to_list()


def test_who_starts_from_the_pit_lane_has_no_place_on_the_grid(load: Load) -> None:
    race = load(BAKU_SPRINT)
    assert race.drivers.filter(driver="OCO")["grid_position"].item() is None
    places = race.drivers.join(race.results, on="driver").select("grid_position", "grid_position_right")
    assert places["grid_position"].equals(places["grid_position_right"])
