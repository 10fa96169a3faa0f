"""The circuit from the cars' positions."""

import json
import zipfile
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1nb.analysis.circuit import Outline, circuit_table
from f1nb.schema import TABLES

LENGTH_M, STRAIGHT_M, LAP_S = 4000.0, 1500.0, 80.0


def oval(distance_m, offset_m=0.0):
    """x and y on two straights joined by half circles, anticlockwise from the start line at the origin, heading east."""
    radius = (LENGTH_M - 2 * STRAIGHT_M) / (2 * np.pi)
    half = LENGTH_M / 2
    d = np.mod(distance_m, LENGTH_M)
    e = np.mod(d, half)  # the second half is the first one turned around
    bend = np.maximum(e - STRAIGHT_M, 0) / radius
    x = np.minimum(e, STRAIGHT_M) + (radius - offset_m) * np.sin(bend)
    y = radius - (radius - offset_m) * np.cos(bend)
    turned = d >= half
    return np.where(turned, STRAIGHT_M - x, x), np.where(turned, 2 * radius - y, y)


def drive(driver, lap, *, from_m=0.0, to_m=LENGTH_M, offset_m=0.0, speed_mps=50.0, noise_m=0.0, seed=0):
    """Telemetry of a lap, five samples a second."""
    time = np.arange(0, (to_m - from_m) / speed_mps, 0.2)
    x, y = oval(from_m + time * speed_mps, offset_m)
    noise = np.random.default_rng(seed).normal(0, noise_m, (2, len(time)))
    return TABLES["telemetry"].frame(
        {
            "driver": [driver] * len(time),
            "lap": [lap] * len(time),
            "time_s": (lap - 1) * LAP_S + time,
            "lap_time_s": time,
            "speed_kmh": [speed_mps * 3.6] * len(time),
            "x_m": x + noise[0],
            "y_m": y + noise[1],
        }
    )


def lap_rows(*rows):
    return TABLES["laps"].frame([{"driver": d, "lap": n, "lap_time_s": t, "is_pit_in": p} for d, n, t, p in rows])


def test_outline_is_the_lap_closed_and_even():
    circuit = circuit_table(lap_rows(("NOR", 2, LAP_S, False)), drive("NOR", 2, noise_m=0.3).lazy())
    outline = circuit.filter(pl.col("kind") == "outline")
    assert Outline(circuit).length_m == pytest.approx(LENGTH_M, rel=0.003)
    assert outline.height == pytest.approx(LENGTH_M / 5, abs=4)
    steps = np.diff(outline["distance_m"].to_numpy())
    assert steps == pytest.approx(np.full(len(steps), 5.0), rel=0.02)
    x, y = oval(outline["distance_m"].to_numpy())
    assert np.hypot(outline["x_m"] - x, outline["y_m"] - y).max() < 6


def test_it_starts_where_laps_start_in_the_median():
    laps = [("NOR", 2, 79.0, False), *((f"D{i}", 2, 81.0 + i, False) for i in range(5))]
    fastest = drive("NOR", 2, from_m=12, to_m=LENGTH_M + 12)
    others = [drive(f"D{i}", 2, from_m=off) for i, off in enumerate([-3, -1, 0, 1, 3])]
    circuit = circuit_table(lap_rows(*laps), pl.concat([fastest, *others]).lazy())
    first = circuit.filter(pl.col("kind") == "outline", pl.col("number") == 0).row(0, named=True)
    assert first["x_m"] == pytest.approx(0, abs=2)


def test_a_lap_with_a_hole_in_its_positions_is_passed_over():
    holed = drive("NOR", 2).filter(~pl.col("lap_time_s").is_between(10, 20))
    circuit = circuit_table(
        lap_rows(("NOR", 2, 79.0, False), ("PIA", 2, 80.0, False)), pl.concat([holed, drive("PIA", 2)]).lazy()
    )
    assert Outline(circuit).length_m == pytest.approx(LENGTH_M, rel=0.003)


def test_without_positions_there_is_only_what_was_known():
    known = pl.DataFrame({"kind": ["corner"], "number": [1], "x_m": [3.0], "y_m": [4.0]})
    circuit = circuit_table(lap_rows(("NOR", 2, 80.0, False)), TABLES["telemetry"].empty().lazy(), known)
    assert circuit.select("kind", "number", "distance_m").rows() == [("corner", 1, None)]
    with pytest.raises(ValueError, match="no outline"):
        Outline(circuit)


def test_corners_get_their_place_along_the_outline_and_a_given_place_stays():
    x, y = oval(np.array([1700.0]))
    known = pl.DataFrame(
        {"kind": ["corner"] * 2, "number": [1, 2], "x_m": [x[0], 900.0], "y_m": [y[0], 0.0], "distance_m": [None, 777.0]}
    )
    circuit = circuit_table(lap_rows(("NOR", 2, 80.0, False)), drive("NOR", 2).lazy(), known)
    assert circuit.filter(pl.col("kind") == "corner")["distance_m"].to_list() == [pytest.approx(1700, abs=5), 777.0]


def test_pit_lane_is_the_path_that_most_stops_take():
    laps, parts = [("NOR", 2, 80.0, False)], [drive("NOR", 2)]
    for i in range(5):
        code, side = f"D{i}", 15.0 if i else 40.0  # one car's positions are off
        laps += [(code, 3, None, True), (code, 4, None, False)]
        ways = [
            drive(code, 3, to_m=LENGTH_M - 200),
            drive(code, 3, from_m=LENGTH_M - 200, offset_m=side, speed_mps=22),
            drive(code, 4, to_m=250, offset_m=side, speed_mps=22),
            drive(code, 4, from_m=250),
        ]
        parts += [way.with_columns(time_s=pl.col("lap_time_s") + 100 * k) for k, way in enumerate(ways)]  # in this order
    circuit = circuit_table(lap_rows(*laps), pl.concat(parts).lazy())
    pit = circuit.filter(pl.col("kind") == "pit_lane")
    straight = pit.filter(pl.col("x_m").is_between(20, 220))
    assert straight.height > 30
    assert straight["y_m"].to_numpy() == pytest.approx(np.full(straight.height, 15.0), abs=0.5)
    assert straight["distance_m"].to_numpy() == pytest.approx(straight["x_m"].to_numpy(), abs=5)


def test_an_outline_of_the_source_is_kept():
    known = pl.DataFrame(
        {"kind": ["outline"] * 4, "number": range(4), "x_m": [0.0, 900.0, 900.0, 0.0], "y_m": [0.0, 0.0, 600.0, 600.0]}
    )
    circuit = circuit_table(lap_rows(("NOR", 2, 80.0, False)), drive("NOR", 2).lazy(), known)
    assert Outline(circuit).length_m == 3000


@pytest.fixture(scope="module")
def outline():
    return Outline(circuit_table(lap_rows(("NOR", 2, 80.0, False)), drive("NOR", 2).lazy()))


@given(distance_m=st.floats(-9000, 9000), offset_m=st.floats(-20, 20))
def test_project_finds_the_place_a_point_was_made_from(outline, distance_m, offset_m):
    before, place, after = (np.array(outline.at(np.array([distance_m + d]))) for d in (-0.5, 0, 0.5))
    left = np.array([before[1] - after[1], after[0] - before[0]])
    x, y = place + offset_m * left / np.hypot(*left)
    for near in (None, np.array([distance_m + 90])):
        found, off = outline.project(x, y, near_m=near)
        apart = abs((found[0] - distance_m + outline.length_m / 2) % outline.length_m - outline.length_m / 2)
        assert apart < 1.5
        assert off[0] == pytest.approx(offset_m, abs=0.3)


def test_near_keeps_a_car_on_its_own_side(outline):
    x, y = np.array([700.0]), np.array([290.0])  # nearer to the far straight
    assert outline.project(x, y)[0][0] > 2000
    assert outline.project(x, y, near_m=np.array([690.0]), reach_m=200)[0][0] == pytest.approx(700, abs=5)


def test_zandvoort(dutch_zip: Path):
    with zipfile.ZipFile(dutch_zip) as archive:
        folder = "Dutch Grand Prix/Race"
        raw = json.loads(archive.read(f"{folder}/PIA/60_tel.json"))["tel"]
        corners = json.loads(archive.read(f"{folder}/corners.json"))
    telemetry = TABLES["telemetry"].frame(
        {
            "driver": ["PIA"] * len(raw["time"]),
            "lap": [60] * len(raw["time"]),
            "time_s": raw["time"],
            "x_m": np.array(raw["x"]) / 10,
            "y_m": np.array(raw["y"]) / 10,
        }
    )
    known = pl.DataFrame(
        {
            "kind": ["corner"] * 14,
            "number": corners["CornerNumber"],
            "x_m": np.array(corners["X"]) / 10,
            "y_m": np.array(corners["Y"]) / 10,
        }
    )
    circuit = circuit_table(lap_rows(("PIA", 60, 72.271, False)), telemetry.lazy(), known)
    assert Outline(circuit).length_m == pytest.approx(4259, rel=0.015)  # the cars' line is shorter than the middle of the road
    placed = circuit.filter(pl.col("kind") == "corner").sort("number")["distance_m"]
    assert placed.is_sorted()
    assert placed.to_numpy() == pytest.approx(np.array(corners["Distance"]), abs=45)
