"""Car and position data of a race, as the official archive has them, against FastF1 on the same bytes in the same run.

CPU time: both readers are busy for seconds, and on a shared machine the rest of it is other people's.
"""

from __future__ import annotations

import logging
import time

import polars as pl
import pytest
from feed_writer import car_data, positions

from f1nb.session import Session
from f1nb.sources.archive.car_data import decode_car_data, decode_positions
from f1nb.sources.archive.telemetry import telemetry


@pytest.fixture(scope="module")
def files(dutch: Session) -> tuple[bytes, bytes]:
    """The race as the feed has it: all cars at the same instants, every other one a position; 418,000 samples of each kind."""
    samples = dutch.telemetry.collect().join(_numbers(dutch), on="driver")
    instants = samples.group_by("time_s").len().filter(pl.col("len") >= 10).sort("time_s").with_row_index("instant")
    samples = samples.join(instants, on="time_s")
    is_car = pl.col("instant") % 2 == 0
    return car_data(samples.filter(is_car)), positions(samples.filter(~is_car))


def _numbers(session: Session) -> pl.DataFrame:
    """Give each driver a number: the per-lap archive has none."""
    return session.drivers.select("driver", number=pl.int_range(1, pl.len() + 1).cast(pl.String))


@pytest.mark.benchmark(group="decode car and position data of a race", timer=time.process_time)
def test_decode_f1nb(benchmark, files: tuple[bytes, bytes]) -> None:
    (car, _), (places, _) = benchmark.pedantic(
        lambda: (decode_car_data(files[0]), decode_positions(files[1])), rounds=5, warmup_rounds=1
    )
    assert car.height + places.height > 800_000


@pytest.mark.benchmark(group="decode car and position data of a race", timer=time.process_time)
def test_decode_fastf1(benchmark, fastf1, files: tuple[bytes, bytes]) -> None:
    from fastf1 import _api

    logging.getLogger("fastf1").setLevel(logging.CRITICAL)

    def once() -> None:
        lines = [content.decode("utf-8-sig").splitlines() for content in files]
        _api.car_data("/", response=lines[0])
        _api.position_data("/", response=lines[1])

    with fastf1.Cache.disabled():
        benchmark.pedantic(once, rounds=3)


@pytest.mark.benchmark(group="merge car and position data into telemetry")
def test_merge(benchmark, dutch: Session, files: tuple[bytes, bytes]) -> None:
    car, places = decode_car_data(files[0])[0], decode_positions(files[1])[0]
    laps, drivers = dutch.laps, dutch.drivers.drop("number").join(_numbers(dutch), on="driver")
    frame = benchmark.pedantic(
        lambda: telemetry(car, places, laps, drivers, zero_stream_s=0.0, has_drs=True), rounds=5, warmup_rounds=1
    )
    assert frame.height > 400_000
