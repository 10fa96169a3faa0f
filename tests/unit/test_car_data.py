"""Car and position data of the official archive: what is in the stream comes out, at the right moment, and nothing else."""

from __future__ import annotations

import logging
import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from feed_writer import BOM, car_data, line, positions, utc, zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from f1nb.schema import TABLES
from f1nb.session import Session
from f1nb.sources.archive.car_data import decode_car_data, decode_positions
from f1nb.sources.archive.telemetry import telemetry

CHANNELS = {"0": 11_000, "2": 291, "3": 8, "4": 100, "5": 0, "45": 12}
RAW = ["rpm", "speed", "gear", "throttle", "brake", "drs"]


def car_line(ms: int, cars: Any = None, **entry: Any) -> bytes:
    """One line with one instant: number 1 and 44 as `CHANNELS` says, unless given."""
    cars = {number: {"Channels": CHANNELS} for number in ("1", "44")} if cars is None else cars
    return line(ms, zipped({"Entries": [{"Utc": utc(ms), "Cars": cars, **entry}]}))


# -- the decoder ----------------------------------------------------------------------------------------------------------


def test_each_car_has_a_row_at_each_instant() -> None:
    frame, damaged = decode_car_data(BOM + car_line(1000) + car_line(1240))
    assert damaged == 0
    assert frame.select("stream_time_ms", "number", *RAW).rows() == [
        (ms, number, 11_000, 291, 8, 100, 0, 12) for ms in (1000, 1240) for number in ("1", "44")
    ]
    assert frame["utc"].dt.to_string("%H:%M:%S%.3f").unique(maintain_order=True).to_list() == ["12:03:06.250", "12:03:06.490"]


def test_instants_have_any_number_of_digits() -> None:
    digits = ["", ".1", ".06", ".0619797", ".061979"]
    content = b"".join(car_line(0, Utc=f"2020-08-08T09:45:03{d}Z") for d in digits)
    frame, _ = decode_car_data(content)
    assert frame["utc"].dt.millisecond().to_list()[::2] == [0, 100, 60, 62, 62]


def test_104_is_no_throttle_and_no_brake() -> None:
    frame, damaged = decode_car_data(car_line(0, {"1": {"Channels": CHANNELS | {"4": 104, "5": 104}}}))
    assert frame.select(RAW).row(0) == (11_000, 291, 8, None, None, 12)
    assert damaged == 0


def test_a_season_without_drs_is_whole() -> None:
    without = {key: value for key, value in CHANNELS.items() if key != "45"}
    for channels in (without, CHANNELS | {"45": None}):
        frame, damaged = decode_car_data(car_line(0, {"1": {"Channels": channels}}))
        assert frame.select(RAW).row(0) == (11_000, 291, 8, 100, 0, None)
        assert damaged == 0


def test_numbers_written_as_text_and_lists_as_objects() -> None:
    document = {"Entries": {"0": {"Utc": utc(0), "Cars": {"1": {"Channels": {k: str(v) for k, v in CHANNELS.items()}}}}}}
    frame, damaged = decode_car_data(line(0, zipped(document)))
    assert frame.select(RAW).row(0) == tuple(CHANNELS.values())
    assert damaged == 0


@pytest.mark.parametrize(
    "broken",
    [
        b"00:00:01.000",
        b'00:00:01.000"',
        b'00:00:01.000"####"',
        b'00:00:01.000"YWJj"',
        b'nonsense"YWJj"',
        line(1000, zipped([])).strip(),
        line(1000, zipped({"Entries": 1})).strip(),
        line(1000, zipped({"Position": []})).strip(),
        car_line(1000).strip()[:-20],
        car_line(1000, Utc="yesterday").strip(),
        car_line(1000, Utc=None).strip(),
        car_line(1000, ["1", "44"]).strip(),
        car_line(1000, {"1": 5}).strip(),
        car_line(1000, {"1": {"Channels": "fast"}}).strip(),
    ],
)
def test_a_damaged_line_is_counted_and_the_others_are_read(broken: bytes) -> None:
    frame, damaged = decode_car_data(car_line(0) + broken + b"\r\n" + car_line(2000))
    assert frame["stream_time_ms"].to_list() == [0, 0, 2000, 2000]
    assert damaged == 1


def test_of_a_damaged_line_the_intact_cars_are_kept() -> None:
    cars = {"1": {"Channels": CHANNELS}, "4": None, "44": {"Channels": CHANNELS | {"2": "fast"}}}
    frame, damaged = decode_car_data(car_line(0, cars))
    assert frame.select("number", "speed").rows() == [("1", 291), ("44", None)]
    assert damaged == 1


def test_positions_have_a_status() -> None:
    document = {
        "Position": [
            {
                "Timestamp": utc(0),
                "Entries": {
                    "1": {"Status": "OnTrack", "X": -1200, "Y": 35, "Z": 7},
                    "44": {"Status": "OffTrack", "X": 0, "Y": 0, "Z": 0},
                    "81": {"X": 1, "Y": 2, "Z": 3},
                },
            }
        ]
    }
    frame, damaged = decode_positions(BOM + line(300, zipped(document)))
    assert frame.drop("utc", "stream_time_ms").rows() == [
        ("1", "OnTrack", -1200, 35, 7),
        ("44", "OffTrack", 0, 0, 0),
        ("81", None, 1, 2, 3),
    ]
    assert damaged == 0


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["whole", "twice", "unknown keys", "cut", "empty"]), st.integers(0, 10**6), st.integers(0, 3000)
        ),
        max_size=25,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=100, deadline=None)
def test_what_is_intact_comes_out_whatever_happened_to_the_other_lines(plan: list[tuple[str, int, int]], random: Any) -> None:
    lines, expected, cut = [], [], 0
    for what, where, speed in plan:
        cars = {"1": {"Channels": CHANNELS | {"2": speed % 500}}}
        whole = car_line(where, cars)
        if what == "unknown keys":
            cars["1"] = {"Extra": [], "Channels": cars["1"]["Channels"] | {"99": {"a": 1}}}
            whole = line(where, zipped({"_kf": True, "Entries": [{"Utc": utc(where), "Note": "x", "Cars": cars}]}))
        if what == "cut":
            lines.append(whole[: 1 + speed % (len(whole) - 12)] + b"\r\n")
            cut += 1
        elif what == "empty":
            lines.append(b"\r\n")
        else:
            repeated = 2 if what == "twice" else 1
            lines += [whole] * repeated
            expected += [(where, speed % 500)] * repeated
    random.shuffle(lines)
    frame, damaged = decode_car_data(BOM + b"".join(lines))
    assert sorted(frame.select("stream_time_ms", "speed").iter_rows()) == sorted(expected)
    assert damaged == cut


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["0", "2", "X", "Status", "Channels", "Utc"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.lists(JSON, max_size=4), JSON, JSON, st.binary(max_size=40))
@settings(max_examples=100, deadline=None)
def test_no_document_whatsoever_stops_the_reader(parts: list[Any], when: Any, sample: Any, garbage: bytes) -> None:
    cars = {str(i): part for i, part in enumerate(parts)}
    for document in (
        *parts,
        {"Entries": sample, "Position": sample},
        {"Entries": parts, "Position": parts},
        {"Entries": [{"Utc": when, "Cars": cars}], "Position": [{"Timestamp": when, "Entries": cars}]},
        {"Entries": [{"Utc": utc(0), "Cars": {"1": {"Channels": sample}}}]},
        {"Position": [{"Timestamp": utc(0), "Entries": {"1": sample, "2": {"X": sample, "Status": when}}}]},
    ):
        content = line(0, zipped(document)) + garbage + b"\r\n"
        for frame, _ in (decode_car_data(content + car_line(5)), decode_positions(content + car_line(5))):
            assert frame["utc"].null_count() == 0


def test_nothing_in_nothing_out() -> None:
    for content in (b"", BOM):
        for decode in (decode_car_data, decode_positions):
            frame, damaged = decode(content)
            assert (frame.height, damaged) == (0, 0)
    nothing = decode_car_data(b"")[0], decode_positions(b"")[0]
    laps = TABLES["laps"].frame({"driver": ["VER"], "lap": [1], "start_time_s": [0.0]})
    assert telemetry(*nothing, laps, DRIVERS, zero_stream_s=0.0, has_drs=True).equals(TABLES["telemetry"].empty())


# -- the table ------------------------------------------------------------------------------------------------------------

ZERO_S = 100.0  # of the stream, at the session's zero
DRIVERS = TABLES["drivers"].frame({"driver": ["VER", "HAM"], "number": ["1", "44"]})
LAPS = TABLES["laps"].frame(
    {
        "driver": ["VER", "VER", "HAM"],
        "lap": [1, 2, 1],
        "start_time_s": [0.0, 20.0, 0.0],
        "end_time_s": [20.0, 40.0, None],
    }
)


def drive(number: str, until_s: float = 50.0, *, step_s: float = 0.25, first_s: float = 0.1) -> pl.DataFrame:
    """A car that does 50 m/s to the east from ten seconds before the zero on, until it stands."""
    time = np.arange(-10 + first_s, 60, step_s)
    moving = time < until_s
    return pl.DataFrame(
        {
            "number": number,
            "time_s": time + ZERO_S,
            "speed_kmh": np.where(moving, 180.0, 0.0),
            "rpm": 11_000.0,
            "gear": 7,
            "throttle_pct": 80.0,
            "is_braking": ~moving,
            "drs": moving,
            "x_m": 1000 + 50 * np.minimum(time, until_s),
            "y_m": 20.0,
            "z_m": 3.0,
        }
    )


def table(
    cars: list[pl.DataFrame], places: list[pl.DataFrame], *, laps: pl.DataFrame = LAPS, has_drs: bool = True
) -> pl.DataFrame:
    car, _ = decode_car_data(car_data(pl.concat(cars)))
    position, _ = decode_positions(positions(pl.concat(places))) if places else decode_positions(b"")
    return telemetry(car, position, laps, DRIVERS, zero_stream_s=ZERO_S, has_drs=has_drs)


def test_laps_are_cut_where_they_start_and_end() -> None:
    out = table([drive("1")], [drive("1", first_s=0.2)]).filter(driver="VER")
    assert out.schema == TABLES["telemetry"].schema
    ends = out.group_by("lap").agg(pl.col("time_s").min().alias("from"), pl.col("time_s").max().alias("to")).sort("lap")
    assert ends.rows() == [(1, 0.0, 20.0), (2, 20.0, 40.0)]
    assert out.filter(pl.struct("lap", "time_s").is_duplicated()).is_empty()
    assert out["lap_time_s"].max() == 20.0


def test_distance_is_speed_over_time_from_the_start_of_the_lap() -> None:
    out = table([drive("1")], [])
    assert np.allclose(out["distance_m"], 50 * out["lap_time_s"], atol=0.01)
    assert out["x_m"].null_count() == out.height


def test_a_car_is_where_it_was_between_two_positions() -> None:
    out = table([drive("1")], [drive("1", first_s=0.2)])
    assert out["x_m"].null_count() == 0
    assert np.allclose(out["x_m"], 1000 + 50 * out["time_s"], atol=0.1)
    assert out["y_m"].unique().to_list() == [20.0]


def test_the_least_delay_sets_the_clock() -> None:
    early, late = drive("1"), drive("1").with_columns(pl.col("time_s") + 0)
    wrong = car_line(0, {"1": {"Channels": CHANNELS}}, Utc="2035-01-01T00:00:00Z")
    car, _ = decode_car_data(car_data(early) + wrong)
    out = telemetry(car, decode_positions(b"")[0], LAPS, DRIVERS, zero_stream_s=ZERO_S, has_drs=True)
    assert out.equals(table([late], []))
    braking = out.filter(driver="VER").filter("is_braking")
    assert braking.is_empty()  # it stands 50 s after the zero, after its last lap


def test_no_position_is_invented_across_a_hole() -> None:
    seen = drive("1", first_s=0.2).filter(~pl.col("time_s").is_between(ZERO_S + 5, ZERO_S + 9))
    out = table([drive("1")], [seen])
    missing = out.filter(pl.col("x_m").is_null())["time_s"]
    assert missing.to_list() == pytest.approx(np.arange(5.1, 9.2, 0.25))


def test_a_car_that_is_not_located_has_no_position() -> None:
    def lost(column: str) -> pl.Expr:
        value = pl.when(pl.col("time_s").is_between(ZERO_S + 5, ZERO_S + 9)).then(pl.lit(None, pl.Float64))
        return value.otherwise(pl.col(column)).alias(column)

    out = table([drive("1")], [drive("1", first_s=0.2).with_columns(map(lost, ("x_m", "y_m", "z_m")))])
    assert out.filter(pl.col("x_m").is_null())["time_s"].to_list() == pytest.approx(np.arange(5.1, 9.2, 0.25))


def test_a_position_that_stands_still_while_the_car_moves_is_none() -> None:
    stuck = pl.when(pl.col("time_s").is_between(ZERO_S + 5, ZERO_S + 6)).then(1250.0).otherwise("x_m").alias("x_m")
    out = table([drive("1")], [drive("1", first_s=0.2).with_columns(stuck)])
    missing = out.filter(pl.col("x_m").is_null())["time_s"]
    assert missing.len() > 0
    assert missing.is_between(5, 6).all()


def test_a_car_that_stands_has_a_position() -> None:
    out = table([drive("1", until_s=15)], [drive("1", until_s=15, first_s=0.2)])
    standing = out.filter(pl.col("time_s") > 16)
    assert standing.height > 90
    assert np.allclose(standing["x_m"], 1750.0)


def test_a_lap_without_end_lasts_until_the_car_stops() -> None:
    out = table([drive("44", until_s=12.0)], []).filter(driver="HAM")
    assert out["lap"].unique().to_list() == [1]
    assert 11.7 < float(out["time_s"].max()) < 12.0  # pyright: ignore[reportArgumentType]


def test_repeated_lines_and_cars_without_a_driver_change_nothing() -> None:
    content = car_data(pl.concat([drive("1"), drive("99")]))
    nowhere = decode_positions(b"")[0]
    twice, _ = decode_car_data(content + content.removeprefix(BOM))
    out = telemetry(twice, nowhere, LAPS, DRIVERS, zero_stream_s=ZERO_S, has_drs=True)
    assert out.equals(table([drive("1")], []))


def test_drs_is_open_or_shut_or_unknown_in_seasons_without() -> None:
    assert table([drive("1", until_s=15)], [])["drs"].unique().sort().to_list() == [False, True]
    assert table([drive("1")], [], has_drs=False)["drs"].null_count() == table([drive("1")], []).height


def test_positions_alone_are_enough_for_a_map() -> None:
    nothing, _ = decode_car_data(b"")
    places, _ = decode_positions(positions(drive("1")))
    out = telemetry(nothing, places, LAPS, DRIVERS, zero_stream_s=ZERO_S, has_drs=True)
    assert out.height > 100
    assert np.allclose(out["x_m"], 1000 + 50 * out["time_s"], atol=0.1)
    assert out["speed_kmh"].null_count() == out.height


# -- a real race ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dutch_samples(dutch: Session) -> pl.DataFrame:
    """Ten minutes of the race as the feed has them: all cars at the same instants, every other one a position."""
    numbers = dutch.drivers.select("driver", number=pl.int_range(1, pl.len() + 1).cast(pl.String))
    samples = dutch.telemetry.filter(pl.col("time_s") < 600).collect().join(numbers, on="driver")
    instants = samples.group_by("time_s").len().filter(pl.col("len") >= 10).sort("time_s").with_row_index("instant")
    return samples.join(instants, on="time_s").with_columns(pl.col("time_s") + ZERO_S)


def test_fastf1_reads_the_same_numbers(dutch_samples: pl.DataFrame) -> None:
    fastf1 = pytest.importorskip("fastf1", reason="FastF1 is not installed: pip install 'f1nb[fastf1]'")
    from fastf1 import _api

    logging.getLogger("fastf1").setLevel(logging.CRITICAL)
    is_car = pl.col("instant") % 2 == 0
    with fastf1.Cache.disabled():
        for read, content, decode, names in (
            (_api.car_data, car_data(dutch_samples.filter(is_car)), decode_car_data,
             {"rpm": "RPM", "speed": "Speed", "gear": "nGear", "throttle": "Throttle", "brake": "Brake", "drs": "DRS"}),
            (_api.position_data, positions(dutch_samples.filter(~is_car)), decode_positions,
             {"status": "Status", "x": "X", "y": "Y", "z": "Z"}),
        ):  # fmt: skip
            theirs = read("/", response=content.decode("utf-8-sig").splitlines())
            ours, damaged = decode(content)
            assert damaged == 0
            assert set(theirs) == set(ours["number"])
            for (number,), own in ours.group_by("number"):
                known = theirs[number].dropna(subset="Time")  # it adds rows for instants that a car has none at
                assert (known["Date"].astype("int64") // 10**6).tolist() == own["utc"].dt.epoch("ms").to_list()
                assert (known["Time"].astype("int64") // 10**6).tolist() == own["stream_time_ms"].to_list()
                for name, column in names.items():
                    values = own[name] > 0 if name == "brake" else own[name]
                    assert known[column].tolist() == values.to_list(), (number, name)


def test_the_race_comes_back_as_it_was(dutch: Session, dutch_samples: pl.DataFrame) -> None:
    is_car = pl.col("instant") % 2 == 0
    out = telemetry(
        decode_car_data(car_data(dutch_samples.filter(is_car)))[0],
        decode_positions(positions(dutch_samples.filter(~is_car)))[0],
        dutch.laps,
        dutch.drivers.with_columns(number=pl.int_range(1, pl.len() + 1).cast(pl.String)),
        zero_stream_s=ZERO_S,
        has_drs=True,
    )
    both = out.join(dutch.telemetry.collect(), on=["driver", "lap", "time_s"], suffix="_was")
    assert both.height > 0.999 * out.height

    def off(column: str) -> pl.Series:
        return (both[column].cast(pl.Float64) - both[f"{column}_was"].cast(pl.Float64)).abs().drop_nulls()

    assert both["x_m"].null_count() < 0.001 * both.height
    for column, most in {"lap_time_s": 0.0015, "speed_kmh": 0.5, "rpm": 1.0, "gear": 0.0, "throttle_pct": 1.0}.items():
        assert off(column).quantile(0.99) <= most, column
    for column in ("x_m", "y_m"):
        assert off(column).quantile(0.5) < 0.5
        assert off(column).quantile(0.99) < 5.0
    ends = [frame.group_by("driver", "lap").agg(pl.col("distance_m").max()) for frame in (out, dutch.telemetry.collect())]
    whole = ends[0].join(ends[1], on=["driver", "lap"], suffix="_was").filter(pl.col("lap").is_between(2, 6))
    share = whole["distance_m"] / whole["distance_m_was"]
    assert math.isclose(float(share.median()), 1.0, abs_tol=0.005)  # pyright: ignore[reportArgumentType]
