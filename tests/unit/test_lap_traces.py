"""Laps laid over one another: place on the circuit, official times, delta."""

import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import f1nb
from f1nb.analysis.telemetry import default_laps, lap_delta, lap_trace, traces
from f1nb.schema import TABLES

DATA = Path(os.environ.get("F1NB_TEST_DATA", Path(__file__).parents[2] / ".." / "shared" / "data"))
DUTCH = DATA / "tracinginsights" / "2025_Dutch_Grand_Prix_Race.zip"


@pytest.fixture(scope="module")
def dutch(tmp_path_factory):
    if not DUTCH.exists():
        pytest.skip(f"no test data at {DATA}; set F1NB_TEST_DATA")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("F1NB_HOME", str(tmp_path_factory.mktemp("store")))
        yield f1nb.load(2025, "Dutch Grand Prix", "R", source=DUTCH)


@pytest.fixture(scope="module")
def simulated():
    return f1nb.simulate(seed=7, laps=4, cars=4)


def circuit(length_m=1000.0, lines=()):
    """A round circuit with sector lines."""
    n = 200
    angle = 2 * np.pi * np.arange(n) / n
    radius = length_m / (2 * n * np.sin(np.pi / n))
    outline = pl.DataFrame(
        {"kind": ["outline"] * n, "number": np.arange(n), "x_m": radius * np.cos(angle), "y_m": radius * np.sin(angle)}
    )
    sectors = pl.DataFrame(
        {"kind": ["sector_line"] * len(lines), "number": list(range(1, len(lines) + 1)), "distance_m": list(lines)},
        schema={"kind": pl.String, "number": pl.Int64, "distance_m": pl.Float64},
    )
    return TABLES["circuit"].frame(pl.concat([outline, sectors], how="diagonal")), radius


def samples(radius, *, time, place, drift=1.0):
    """Telemetry of a car that is at `place` and whose integrated distance is wrong by a factor."""
    angle = np.asarray(place) / radius
    n = len(time)
    return TABLES["telemetry"].frame(
        {
            "driver": ["NOR"] * n,
            "lap": [5] * n,
            "time_s": np.asarray(time) + 400,
            "lap_time_s": time,
            "distance_m": np.asarray(place) * drift,
            "speed_kmh": np.linspace(100, 300, n),
            "gear": [3] * (n // 2) + [4] * (n - n // 2),
            "is_braking": [False] * n,
            "throttle_pct": [100.0] * n,
            "x_m": radius * np.cos(angle),
            "y_m": radius * np.sin(angle),
        }
    )


def row(**known):
    lap = dict.fromkeys(TABLES["laps"].schema)
    return lap | {"driver": "NOR", "lap": 5, "start_time_s": 400.0} | known


def at(trace, place_m):
    return float(np.interp(place_m, trace["track_m"].to_numpy(), trace["lap_time_s"].to_numpy()))


@given(
    sectors=st.tuples(*[st.floats(9.4, 10.6)] * 3),
    drift=st.floats(0.96, 1.04),
)
@settings(max_examples=40, deadline=None)
def test_at_the_lines_the_time_is_the_official_sum(sectors, drift):
    ground, radius = circuit(lines=(333.0, 666.0))
    first, second, third = sectors
    total = first + second + third
    time = np.arange(0, 30.01, 0.25)
    lap = row(lap_time_s=total, end_time_s=400 + total, sector_1_time_s=first, sector_2_time_s=second, sector_3_time_s=third)
    trace = lap_trace(samples(radius, time=time, place=time / 30 * 1000, drift=drift), lap, ground)
    assert at(trace, 0) == 0
    assert at(trace, 333.0) == pytest.approx(first, abs=1e-9)
    assert at(trace, 666.0) == pytest.approx(first + second, abs=1e-9)
    assert trace["lap_time_s"][-1] == pytest.approx(total, abs=1e-9)
    assert trace["track_m"][-1] == pytest.approx(1000, abs=0.5)
    for name in ("track_m", "lap_time_s"):
        assert (trace[name].diff().drop_nulls() >= 0).all()


def test_positions_correct_a_distance_that_drifts():
    ground, radius = circuit(length_m=5000.0)
    time = np.arange(0, 90.01, 0.2)
    place = 5000 * time / 90
    bent = place + 30 * np.sin(np.pi * time / 90)  # the integrated distance runs 30 m ahead in the middle of the lap
    lap = samples(radius, time=time, place=place).with_columns(distance_m=pl.Series(bent, dtype=pl.Float32))
    trace = lap_trace(lap, row(lap_time_s=90.0, end_time_s=490.0), ground)
    assert at(trace, 2500.0) == pytest.approx(45.0, abs=0.1)


def test_a_sector_time_of_another_lap_is_not_used():
    ground, radius = circuit(lines=(333.0,))
    time = np.arange(0, 30.01, 0.25)
    wrong = row(lap_time_s=30.0, end_time_s=430.0, sector_1_time_s=25.0)
    trace = lap_trace(samples(radius, time=time, place=time / 30 * 1000), wrong, ground)
    assert at(trace, 333.0) == pytest.approx(10.0, abs=0.1)


def test_a_lap_that_ends_on_the_track_ends_there():
    ground, radius = circuit()
    time = np.arange(0, 12.01, 0.25)
    trace = lap_trace(samples(radius, time=time, place=time / 30 * 1000), row(), ground)
    assert trace["track_m"][-1] == pytest.approx(400, abs=5)


def test_without_an_outline_the_distance_is_the_place():
    _, radius = circuit()
    time = np.arange(0, 30.01, 0.25)
    lap = row(lap_time_s=30.0, end_time_s=430.0)
    trace = lap_trace(samples(radius, time=time, place=time / 30 * 1000), lap, TABLES["circuit"].empty())
    assert trace["track_m"][-1] == pytest.approx(1000)


def test_without_samples_there_is_no_trace():
    ground, _ = circuit()
    assert lap_trace(TABLES["telemetry"].empty(), row(), ground).is_empty()


def test_the_gear_of_a_resampled_trace_is_one_that_was_engaged(simulated):
    lap = default_laps(simulated)[0]
    trace = traces(simulated, [lap])
    even = traces(simulated, [lap], step_m=5.0)
    assert even["track_m"][:3].to_list() == [0, 5, 10]
    assert even.select("track_m", "lap_time_s").tail(1).rows() == trace.select("track_m", "lap_time_s").tail(1).rows()
    assert set(even["gear"]) <= set(trace["gear"])


def test_laps_that_do_not_exist_have_no_rows(simulated):
    assert traces(simulated, [("NOBODY", 1), (simulated.drivers["driver"][0], 99)]).is_empty()


def test_everybody_with_a_timed_lap_has_some_and_not_too_many(simulated):
    codes = [driver for driver, _ in default_laps(simulated)]
    assert set(codes) == set(simulated.laps.drop_nulls("lap_time_s")["driver"])
    assert max(map(codes.count, codes)) <= 5


def test_delta_at_the_line_is_the_difference_of_the_official_times(dutch):
    both = [("NOR", 41), ("PIA", 42)]
    norris, piastri = traces(dutch, both).partition_by("driver", maintain_order=True)
    official = dict(
        dutch.laps.filter(pl.col("lap").is_in([41, 42])).select(pl.concat_str("driver", "lap"), "lap_time_s").rows()
    )
    delta = lap_delta(norris, reference=piastri)
    assert round(delta["delta_s"][-1], 3) == round(official["NOR41"] - official["PIA42"], 3) == -0.057
    assert delta["delta_s"][0] == 0
    assert lap_delta(norris, reference=norris)["delta_s"].abs().max() == 0


def test_every_lap_of_a_race_can_be_laid_on_the_circuit(dutch):
    laps = dutch.laps.filter(pl.col("driver").is_in(["NOR", "HAM", "LEC", "ANT"])).select("driver", "lap").rows()
    every = traces(dutch, laps)
    by_lap = every.group_by("driver", "lap").agg(
        falls=(pl.col("track_m").diff() < 0).any() | (pl.col("lap_time_s").diff() < 0).any(),
        tied_s=pl.col("lap_time_s").last(),
        end_m=pl.col("track_m").last(),
    )
    assert by_lap.height == len(laps)
    assert not by_lap["falls"].any()
    timed = by_lap.join(dutch.laps, on=["driver", "lap"]).drop_nulls("lap_time_s")
    assert (timed["tied_s"] - timed["lap_time_s"]).abs().max() < 1e-9
    assert timed["end_m"].n_unique() == 1
    assert not every.select(pl.col(pl.Float32, pl.Float64).is_nan().any()).transpose().to_series().any()
