"""The 2025 Dutch Grand Prix from the per-lap archive, against what is known of that race."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import f1nb
from f1nb.errors import SourceError
from f1nb.schema import CAR_STATES, COMPOUNDS
from f1nb.session import Session

AT_THE_FLAG = {  # official, seconds behind Piastri; Antonelli as he crossed the line
    "PIA": 0.0, "VER": 1.271, "HAD": 3.233, "RUS": 5.654, "ALB": 6.327, "ANT": 7.029, "BEA": 9.044, "STR": 9.497,
    "ALO": 11.709, "TSU": 13.597, "OCO": 14.063, "COL": 14.511, "LAW": 17.063, "SAI": 17.376, "HUL": 19.725, "BOR": 21.565,
    "GAS": 23.629,
}  # fmt: skip


@pytest.fixture(scope="module")
def raw(dutch_zip: Path) -> Callable[[str, str], list[Any]]:
    """Return a column of a driver's lap file as it stands in the archive."""
    archive = zipfile.ZipFile(dutch_zip)

    def column(driver: str, name: str) -> list[Any]:
        return json.loads(archive.read(f"Dutch Grand Prix/Race/{driver}/laptimes.json"))[name]

    return column


def at(race: Session, time_s: float) -> dict[str, dict[str, float | None]]:
    """Return the timing table at a moment: driver → field → value."""
    rows = race.at(time_s=time_s).timing.group_by("driver", "field", maintain_order=True).last()
    table: dict[str, dict[str, float | None]] = {}
    for driver, field, value in rows.select("driver", "field", "value").iter_rows():
        table.setdefault(driver, {})[field] = value
    return table


def test_it_is_all_there(dutch: Session) -> None:
    assert dutch.drivers.height == 20
    assert dutch.laps.height == 1364
    assert dutch.telemetry.select(pl.len()).collect().item() == 837_025
    assert dutch.telemetry.select(pl.struct("driver", "lap").n_unique()).collect().item() == 1364
    states = dict(dutch.data_sets.select("table", "state").iter_rows())
    assert states["laps"] == states["telemetry"] == "available"
    assert states["weather"] == "not_published"


def test_gaps_at_the_flag_are_the_official_ones(dutch: Session) -> None:
    finishers = dutch.results.filter(pl.col("status") == "Finished")
    assert dict(finishers.select("driver", "gap_s").iter_rows()) == AT_THE_FLAG
    assert finishers["driver"].to_list() == list(AT_THE_FLAG)
    assert dutch.results["is_provisional"].all()
    log = at(dutch, dutch.end_time_s)
    assert {d: log[d]["gap_s"] for d in AT_THE_FLAG} == AT_THE_FLAG
    assert {d: log[d]["position"] for d in AT_THE_FLAG} == {d: i for i, d in enumerate(AT_THE_FLAG, 1)}


def test_who_has_done_nine_tenths_is_classified(dutch: Session) -> None:
    """Norris stopped on lap 65 of 72 and was eighteenth."""
    out = dutch.results.filter(pl.col("status") == "Retired").select("driver", "position", "classified")
    assert out.rows() == [("NOR", 18, True), ("LEC", None, False), ("HAM", None, False)]


def test_lap_times_are_those_of_the_files(dutch: Session, raw: Callable[[str, str], list[Any]]) -> None:
    for driver in dutch.drivers["driver"]:
        own = dutch.laps.filter(driver=driver)
        for column, name in (
            ("lap_time_s", "time"),
            ("sector_2_time_s", "s2"),
            ("tyre_age_laps", "life"),
            ("compound", "compound"),
        ):
            expected = [None if v in ("None", "nan") else v for v in raw(driver, name)]
            assert own[column].to_list() == expected, (driver, column)


@pytest.mark.parametrize(
    ("driver", "lap", "lap_time_s"),
    [
        ("PIA", 60, 72.271), ("NOR", 59, 72.379), ("VER", 72, 73.377), ("ALO", 42, 73.719), ("HAD", 72, 73.547),
        ("ALB", 31, 87.074), ("BEA", 53, 103.502), ("GAS", 72, 77.479), ("TSU", 2, 77.298), ("RUS", 33, 75.863),
    ],
)  # fmt: skip
def test_lap_times_checked_by_hand(dutch: Session, driver: str, lap: int, lap_time_s: float) -> None:
    assert dutch.pick(driver=driver, lap=lap).laps["lap_time_s"].item() == lap_time_s


def test_fastest_lap(dutch: Session) -> None:
    lap = dutch.fastest_lap().laps.row(0, named=True)
    assert (lap["driver"], lap["lap"], lap["lap_time_s"]) == ("PIA", 60, 72.271)


def test_grid_is_the_official_one(dutch: Session) -> None:
    grid = dutch.drivers.drop_nulls("grid_position").sort("grid_position")["driver"]
    official = "PIA NOR VER HAD RUS LEC HAM LAW SAI ALO ANT TSU BOR GAS ALB COL HUL OCO STR"
    assert " ".join(grid) == official  # Bearman started from the pit lane


@pytest.mark.parametrize(
    ("driver", "lap", "from_s", "to_s"), [("HAM", 23, 1680, 1730), ("LEC", 53, 4090, 4150), ("NOR", 65, 5200, 5240)]
)
def test_retirements_where_they_happened(dutch: Session, driver: str, lap: int, from_s: float, to_s: float) -> None:
    states = dutch.timing.filter(pl.col("driver") == driver, pl.col("field") == "state").sort("time_s")
    assert CAR_STATES[int(states["value"][-1])] == "retired"
    out = [float(CAR_STATES.index(state)) for state in ("stopped", "retired")]
    time_s = states.filter(pl.col("value").is_in(out))["time_s"][0]
    assert from_s < time_s < to_s
    assert at(dutch, dutch.end_time_s)[driver]["lap"] == lap
    assert dutch.results.filter(driver=driver)["status"].item() == "Retired"


def test_who_stopped_on_the_track_and_who_was_last_seen_in_the_pits(dutch: Session) -> None:
    """Leclerc's data end in the pit lane, so there is no place where he stopped."""
    told = dutch.race_control.filter(category="CarEvent").select("driver", "message")
    assert dict(told.iter_rows()) == {"HAM": "CAR HAM STOPPED", "LEC": "CAR LEC OUT", "NOR": "CAR NOR STOPPED"}


def test_a_zip_of_another_season_is_refused(dutch_zip: Path) -> None:
    with pytest.raises(SourceError, match="is of 2025, not of 2024"):
        f1nb.load(2024, "Dutch", "R", source=dutch_zip)


def test_messages_name_the_lap_that_was_fastest(dutch: Session) -> None:
    fastest = dutch.race_control.filter(pl.col("message").str.contains("FASTEST LAP")).row(-1, named=True)
    assert (fastest["message"], fastest["lap"]) == ("FASTEST LAP 1:12.271 BY PIA", 60)


def test_three_safety_cars_and_one_virtual(dutch: Session) -> None:
    changes = dutch.track_status.with_columns(until=pl.col("time_s").shift(-1))
    leader = dutch.laps.filter(pl.col("driver") == "PIA")

    def lap_at(time_s: float) -> int:
        return leader.filter(pl.col("start_time_s") <= time_s)["lap"].to_numpy().max()

    safety_cars = [
        (lap_at(a), lap_at(b)) for a, b, s in changes.select("time_s", "until", "status").rows() if s == "safety_car"
    ]
    assert safety_cars == [(23, 26), (53, 57), (65, 68)]
    assert [lap_at(a) for a, s in changes.select("time_s", "status").rows() if s == "vsc"] == [31]


@pytest.mark.parametrize("lap", [10, 30, 45, 60, 71])
def test_timing_table_agrees_with_the_lap_files(dutch: Session, raw: Callable[[str, str], list[Any]], lap: int) -> None:
    """Order, gaps and tyres as each car crosses the line at the end of a lap, five times in the race."""
    clock = dict.fromkeys(AT_THE_FLAG, 0.0)
    for driver in clock:
        times = raw(driver, "time")
        start = dutch.pick(driver=driver, lap=1).telemetry.select(pl.col("lap_time_s").max()).collect().item()
        clock[driver] = start + sum(times[1:lap])
    leader = min(
        dutch.laps.filter(pl.col("lap") == lap)["end_time_s"].drop_nulls()
    )  # whoever leads, a later retirement included
    for driver, crossing in clock.items():
        row = at(dutch, round(crossing, 3))[driver]
        assert row["gap_s"] == pytest.approx(crossing - leader, abs=0.0011), driver
        assert row["last_lap_time_s"] == raw(driver, "time")[lap - 1]
        ahead = raw(driver, "pos")[lap - 1]
        out = sum(1 for d in ("HAM", "LEC", "NOR") if d not in running(dutch, crossing) and completed(dutch, d) >= lap)
        assert row["position"] == ahead - out, driver
        before = at(dutch, round(crossing, 3) - 0.01)[driver]
        if CAR_STATES[int(before["state"] or 0)] == "running":
            assert COMPOUNDS[int(before["compound"] or 0)] == raw(driver, "compound")[lap - 1]
            assert before["tyre_age_laps"] == raw(driver, "life")[lap - 1]


def running(race: Session, time_s: float) -> set[str]:
    return {d for d, row in at(race, time_s).items() if row.get("position") is not None}


def completed(race: Session, driver: str) -> int:
    return race.laps.filter(pl.col("driver") == driver, pl.col("end_time_s").is_not_null())["lap"].to_numpy().max()


@pytest.mark.parametrize(("driver", "lap", "lane_s", "fitted"), [("NOR", 23, 21.4, "HARD"), ("VER", 53, 19.5, "SOFT")])
def test_stops_checked_by_hand(dutch: Session, driver: str, lap: int, lane_s: float, fitted: str) -> None:
    """Lane times from the speed trace: under the limit from before the line to after the exit."""
    in_lap, out_lap = (dutch.pick(driver=driver, lap=n).laps.row(0, named=True) for n in (lap, lap + 1))
    assert in_lap["is_pit_in"]
    assert out_lap["is_pit_out"]
    assert out_lap["pit_out_time_s"] - in_lap["pit_in_time_s"] == pytest.approx(lane_s, abs=0.2)
    assert out_lap["compound"] == fitted
    assert out_lap["stint"] == in_lap["stint"] + 1


def test_each_change_of_tyres_is_a_stop(dutch: Session) -> None:
    change = (pl.col("stint") != pl.col("stint").shift(1)).over("driver")
    stints = dutch.laps.sort("driver", "lap").filter(change.fill_null(value=False))
    assert stints["is_pit_out"].all()
    assert stints.height == dutch.laps["is_pit_out"].sum()


def test_places_are_unique_at_every_moment(dutch: Session) -> None:
    places: dict[str, float | None] = {}
    log = dutch.timing.filter(pl.col("field") == "position").sort("time_s")
    for _, changes in log.group_by("time_s", maintain_order=True):
        places |= dict(changes.select("driver", "value").iter_rows())
        taken = sorted(v for v in places.values() if v is not None)
        assert taken == list(range(1, len(taken) + 1))


def test_nothing_of_what_came_later_is_known(dutch: Session) -> None:
    then = dutch.at(lap=53)
    assert then.results.is_empty()
    assert then.laps.filter(pl.col("lap") > 53)["lap_time_s"].is_null().all()
    assert then.laps["end_time_s"].max() == dutch.laps.filter(pl.col("lap") == 53)["end_time_s"].min()
    assert then.fastest_lap().laps["driver"].item() == "ALO"  # Piastri's came on lap 60


def test_representative_laps_are_those_with_pace(dutch: Session) -> None:
    laps = dutch.laps.filter("is_representative")
    assert laps.height > 900
    times = laps["lap_time_s"].to_numpy()
    assert times.max() < 1.07 * np.median(times)
    reasons = dict(dutch.laps.filter(~pl.col("is_representative"))["exclude_reason"].value_counts().iter_rows())
    assert reasons["first_lap"] == 20
    assert reasons["no_time"] == 2  # Hamilton's and Norris's last
    assert None not in reasons
