"""The change log of the timing table agrees with laps, at every moment and for any race."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import f1nb
from f1nb.analysis.timing import open_timing, race_timing
from f1nb.schema import CAR_STATES, COMPOUNDS, MARKS, TABLES
from f1nb.session import Session


def last_value(race: Session, driver: str, field: str, time_s: float) -> float | None:
    own = race.timing.filter(pl.col("driver") == driver, pl.col("field") == field, pl.col("time_s") <= time_s)
    return own["value"][-1] if own.height else None


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 40), cars=st.integers(2, 8), laps=st.integers(2, 10))
def test_places_gaps_and_stops_of_any_race(seed: int, cars: int, laps: int) -> None:
    race = f1nb.simulate(seed=seed, cars=cars, laps=laps)
    places: dict[str, float | None] = {}
    for _, changes in race.timing.filter(pl.col("field") == "position").group_by("time_s", maintain_order=True):
        places |= dict(changes.select("driver", "value").iter_rows())
        taken = sorted(v for v in places.values() if v is not None)
        assert taken == list(range(1, len(taken) + 1))
    finish = race.results.filter(pl.col("status") == "Finished")
    for driver, gap_s in finish.select("driver", "gap_s").iter_rows():
        assert last_value(race, driver, "gap_s", np.inf) == pytest.approx(gap_s, abs=1e-6)
    stops = race.laps.filter(pl.col("pit_in_time_s").is_not_null()).group_by("driver").len()
    for driver, n in stops.iter_rows():
        assert last_value(race, driver, "stops", np.inf) == n
    assert (race.timing.filter(pl.col("field").is_in(["gap_s", "interval_s"]))["value"].drop_nulls() >= 0).all()


def test_order_at_the_flag_is_the_classification(simulated: Session) -> None:
    running = simulated.results.filter(pl.col("status").is_in(["Finished", "Lapped"]))
    assert [last_value(simulated, d, "position", np.inf) for d in running["driver"]] == list(range(1, running.height + 1))


def test_each_lap_time_appears_when_the_lap_ends(simulated: Session) -> None:
    for driver, end, time_s in (
        simulated.laps.drop_nulls(["end_time_s", "lap_time_s"])
        .select("driver", "end_time_s", "lap_time_s")
        .sample(30, seed=1)
        .iter_rows()
    ):
        assert last_value(simulated, driver, "last_lap_time_s", end) == time_s
        assert last_value(simulated, driver, "last_lap_time_s", end - 0.002) != time_s


def test_purple_goes_to_whoever_was_fastest_until_then(simulated: Session) -> None:
    purple = simulated.timing.filter(pl.col("field") == "best_lap_mark").sort("time_s")
    holders: set[str] = set()
    for _, changes in purple.group_by("time_s", maintain_order=True):
        for driver, value in changes.select("driver", "value").iter_rows():
            holders.add(driver) if value == MARKS.index("best") else holders.discard(driver)
        assert len(holders) == 1
    assert holders == set(simulated.fastest_lap().laps["driver"])


def test_tyres_change_when_the_car_leaves_the_pits(simulated: Session) -> None:
    stops = simulated.laps.drop_nulls("pit_out_time_s")
    assert stops.height > 0
    for driver, out, compound in stops.select("driver", "pit_out_time_s", pl.col("compound").cast(pl.String)).iter_rows():
        code = last_value(simulated, driver, "compound", out)
        assert code is not None
        assert COMPOUNDS[int(code)] == compound
        state = last_value(simulated, driver, "state", out)
        assert CAR_STATES[int(state or 0)] == "out_lap"


def test_lap_table_without_telemetry_is_enough(simulated: Session) -> None:
    log = race_timing(simulated.laps, TABLES["telemetry"].empty(), simulated.drivers)
    final = log.filter(pl.col("field") == "position").group_by("driver", maintain_order=True).last()
    places = {d: v for d, v in final.select("driver", "value").iter_rows() if v is not None}
    assert sorted(places, key=places.__getitem__) == simulated.results.filter(pl.col("status") != "Retired")["driver"].to_list()


def test_practice_is_ordered_by_best_lap(simulated: Session) -> None:
    log = open_timing(simulated.laps)
    final = log.filter(pl.col("field") == "position").group_by("driver", maintain_order=True).last()
    order = [d for _, d in sorted((v, d) for d, v in final.select("driver", "value").iter_rows())]
    timed = (
        simulated.laps.filter(~pl.col("is_deleted").fill_null(value=False)).group_by("driver").agg(pl.col("lap_time_s").min())
    )
    assert order == timed.drop_nulls().sort("lap_time_s")["driver"].to_list()


def test_a_deleted_lap_is_never_announced_as_fastest() -> None:
    from f1nb.analysis.events import events

    race = f1nb.simulate(seed=7, laps=12, cars=10)
    times = race.laps["lap_time_s"]
    laps = race.laps.with_columns(is_deleted=pl.col("lap_time_s") == times.min())
    shown = events(Session({**{n: race.scan(n) for n in TABLES}, "laps": laps})).filter(kind="fastest_lap")
    told = race.laps.join(shown.select("driver", end_time_s="time_s"), on=["driver", "end_time_s"])["lap_time_s"]
    assert told.len() > 0
    assert times.min() not in told.to_list()


def test_a_lap_counts_until_race_control_deletes_it_and_again_when_it_is_given_back() -> None:
    race = f1nb.simulate(seed=7, laps=6, cars=4)
    fastest = race.fastest_lap().laps.row(0, named=True)
    driver, own, end_s = fastest["driver"], fastest["lap_time_s"], fastest["end_time_s"]
    is_it = (pl.col("driver") == driver) & (pl.col("lap") == fastest["lap"])
    ruled = race.laps.with_columns(
        is_deleted=pl.when(is_it).then(pl.lit(value=False)).otherwise("is_deleted"),
        deleted_at_s=pl.when(is_it).then(end_s + 20.0).otherwise("deleted_at_s"),
        reinstated_at_s=pl.when(is_it).then(end_s + 50.0).otherwise("reinstated_at_s"),
    )
    for log in (race_timing(ruled, TABLES["telemetry"].empty(), race.drivers), open_timing(ruled)):
        shown = Session({**{name: race.scan(name) for name in TABLES}, "timing": log})
        best = [last_value(shown, driver, "best_lap_time_s", end_s + after) for after in (19.0, 21.0, 51.0)]
        assert best[0] == best[2] == own
        assert best[1] != own
        marks = [last_value(shown, driver, "best_lap_mark", end_s + after) for after in (19.0, 21.0, 51.0)]
        assert marks == [MARKS.index("best"), None, MARKS.index("best")]


def test_the_time_in_the_pit_lane_and_the_speed_traps_are_those_of_the_laps(simulated: Session) -> None:
    laps = simulated.laps
    for driver, out_s, lap in laps.drop_nulls("pit_out_time_s").select("driver", "pit_out_time_s", "lap").iter_rows():
        in_s = laps.filter(pl.col("driver") == driver, pl.col("lap") == lap - 1)["pit_in_time_s"][0]
        assert last_value(simulated, driver, "last_pit_lane_s", out_s) == pytest.approx(out_s - in_s, abs=2e-3)
        assert last_value(simulated, driver, "last_pit_lane_s", out_s - 0.01) != pytest.approx(out_s - in_s, abs=2e-3)
    for driver, end_s, speed in (
        laps.drop_nulls(["end_time_s", "speed_fl_kmh"]).select("driver", "end_time_s", "speed_fl_kmh").iter_rows()
    ):
        assert last_value(simulated, driver, "speed_fl_kmh", end_s) == pytest.approx(speed, abs=1e-3)


def test_each_part_of_qualifying_has_its_best_laps(australian: Session) -> None:
    told = australian.results.select("driver", "q1_time_s", "q2_time_s", "q3_time_s").rows(named=True)
    assert sum(row["q3_time_s"] is not None for row in told) >= 9
    for row in told:
        for field in ("q1_time_s", "q2_time_s", "q3_time_s"):
            assert last_value(australian, row["driver"], field, np.inf) == row[field]
