"""Where cars are while a session goes on: what comes piece by piece is what comes at once."""

from __future__ import annotations

from datetime import UTC, timedelta

import polars as pl
import pytest
from feed_writer import BEGAN_UTC as NAIVE
from feed_writer import positions as written
from polars.testing import assert_frame_equal

from f1nb.analysis import positions
from f1nb.live.positions import Positions
from f1nb.session import Session

BEGAN_UTC = NAIVE.replace(tzinfo=UTC)
CODES = {"1": "AAA", "2": "BBB"}


@pytest.fixture(scope="module")
def samples(simulated: Session) -> pl.DataFrame:
    """Two cars for two minutes, as their positions are sent: on one clock, four times a second."""
    drivers = simulated.drivers["driver"][:2].to_list()
    placed = simulated.telemetry.filter(pl.col("driver").is_in(drivers), pl.col("time_s").is_between(60, 180)).collect()
    number = pl.col("driver").replace_strict(drivers, list(CODES))
    return placed.with_columns(number=number, time_s=(pl.col("time_s") * 4).round() / 4).unique(["number", "time_s"])


def sent(samples: pl.DataFrame) -> list[str]:
    return [line[12:].decode().strip().strip('"') for line in written(samples).removeprefix(b"\xef\xbb\xbf").splitlines()]


@pytest.mark.parametrize("every", [1, 2, 5, 17])
def test_they_are_those_of_the_whole_session(samples: pl.DataFrame, every: int) -> None:
    live = Positions()
    table = live.table(CODES, BEGAN_UTC)
    for i, message in enumerate(sent(samples)):
        live.add(message)
        if i % every == 0:
            before, table = table, live.table(CODES, BEGAN_UTC)
            assert_frame_equal(table.head(before.height), before)  # what was sent stays
    table = live.table(CODES, BEGAN_UTC)
    whole = positions.positions(
        samples.select(driver=pl.col("number").replace_strict(CODES), time_s="time_s", x_m="x_m", y_m="y_m").sort(
            "driver", "time_s"
        )
    ).filter(pl.col("time_s") <= table["time_s"].max())
    assert table.height > 400
    assert_frame_equal(table.sort("driver", "time_s"), whole, abs_tol=0.06)  # they are sent in tenths of a metre


def test_nothing_new_is_the_same_table(samples: pl.DataFrame) -> None:
    live = Positions()
    for message in sent(samples)[:20]:
        live.add(message)
    assert live.table(CODES, BEGAN_UTC) is live.table(CODES, BEGAN_UTC)


def test_they_move_with_the_clock_when_the_session_begins(samples: pl.DataFrame) -> None:
    live = Positions()
    for message in sent(samples)[:40]:
        live.add(message)
    before = live.table(CODES, BEGAN_UTC)
    after = live.table(CODES, BEGAN_UTC + timedelta(seconds=30))
    assert after["time_s"].to_list() == pytest.approx((before["time_s"] - 30).to_list())


def test_what_cannot_be_read_is_left_out(samples: pl.DataFrame) -> None:
    live = Positions()
    for message in ("", "no base64", None, {"a": 1}, *sent(samples)[:40]):
        live.add(message)
    assert live.table(CODES | {"99": "GHO"}, BEGAN_UTC)["driver"].unique().sort().to_list() == ["AAA", "BBB"]
