"""How often each driver left the track, by the lap times that race control deleted for it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import f1nb
from f1nb.analysis.track_limits import track_limits
from f1nb.panels.track_limits import TrackLimits
from f1nb.schema import TABLES
from f1nb.session import Session

DRIVERS = TABLES["drivers"].frame(
    [{"driver": code, "number": number} for code, number in {"NOR": "4", "VER": "1", "STR": "18", "BOR": "5"}.items()]
)


def counted(*messages: str) -> pl.DataFrame:
    """Return the track limits of messages, one every 100 s from 100 s on."""
    times = [100.0 * (i + 1) for i in range(len(messages))]
    return track_limits(TABLES["race_control"].frame({"time_s": times, "message": list(messages)}), DRIVERS)


def last(frame: pl.DataFrame) -> dict[str, int]:
    """Return what each driver has in the end."""
    return dict(frame.group_by("driver").agg(pl.col("count").last()).iter_rows())


def test_turn_lap_and_lap_time_are_those_of_the_message() -> None:
    frame = counted(
        "CAR 4 (NOR) TIME 1:39.777 DELETED - TRACK LIMITS AT TURN 4 LAP 3 18:07:34",
        "CAR 4 (NOR) LAP DELETED - TRACK LIMITS AT TURN 13 LAP 34 18:58:59 (PIT)",
        "CAR 18 (STR) TIME 1:23.860 DELETED - TRACK LIMITS AT TURN 1",
    )
    assert frame.select("driver", "kind", "count", "turn", "lap", "lap_time_s").rows() == [
        ("NOR", "deleted", 1, 4, 3, 99.777), ("NOR", "deleted", 2, 13, 34, None), ("STR", "deleted", 1, 1, None, 83.86),
    ]  # fmt: skip


def test_each_car_of_a_message_is_counted() -> None:
    assert last(counted("CARS 4 (NOR) AND 1 (VER) TIMES 1:30.111 AND 1:30.222 DELETED - TRACK LIMITS AT TURN 9")) == {
        "NOR": 1, "VER": 1,
    }  # fmt: skip


def test_what_is_given_back_counts_no_more() -> None:
    frame = counted(
        "CAR 4 (NOR) TIME 1:30.111 DELETED - TRACK LIMITS AT TURN 4",
        "CAR 4 (NOR) TIME 1:31.222 DELETED - TRACK LIMITS AT TURN 4",
        "CAR 4 (NOR) LAP TIME 1:30.111 REINSTATED",
        "CAR 4 (NOR) LAP TIME 1:30.111 REINSTATED",
        "CAR 1 (VER) LAP TIME 1:30.111 REINSTATED",
    )
    assert frame.select("time_s", "kind", "count").rows() == [(100, "deleted", 1), (200, "deleted", 2), (300, "reinstated", 1)]


def test_a_time_deleted_for_something_else_is_not_counted() -> None:
    assert counted("CAR 4 (NOR) TIME 1:58.103 DELETED - DOUBLE YELLOW AT TURN 3").is_empty()


def test_the_car_of_a_support_race_with_the_same_number_is_not_counted() -> None:
    assert counted("CAR 5 (CAM) TIME 1:38.520 DELETED - TRACK LIMITS AT TURN 5 LAP 3 15:09:09").is_empty()


def test_one_time_said_twice_counts_once() -> None:
    text = "CAR 4 (NOR) TIME 1:39.479 DELETED - TRACK LIMITS AT TURN 2 LAP 43 16:26:43"
    assert last(counted(text, text, text.replace("TURN 2", "TURN 1").replace("16:26:43", "16:26:42"))) == {"NOR": 1}


def test_two_turns_of_one_lap_count_twice() -> None:
    text = "CAR 18 (STR) TIME 1:23.860 DELETED - TRACK LIMITS AT TURN 1"
    assert last(counted(text, text.replace("TURN 1", "TURN 4"))) == {"STR": 2}


def test_the_flag_and_the_penalty_for_it_are_rows_and_no_further_counts() -> None:
    frame = counted(
        *(f"CAR 18 (STR) TIME 1:23.{n} DELETED - TRACK LIMITS AT TURN 1" for n in (100, 200, 300)),
        "BLACK AND WHITE FLAG FOR CAR 18 (STR)",
        "BLACK AND WHITE FLAG FOR CAR 4 (NOR)",
        "5 SECOND TIME PENALTY FOR CAR 18 (STR) - CAUSING A COLLISION",
        "CAR 18 (STR) TIME 1:23.400 DELETED - TRACK LIMITS AT TURN 1",
        "FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 18 (STR) - MULTIPLE TRACK LIMITS",
    )
    assert frame.select("kind", "count", "penalty").rows()[3:] == [
        ("black_and_white", 3, None), ("deleted", 4, None), ("penalty", 4, "5 s"),
    ]  # fmt: skip


_MESSAGES = st.builds(
    "CAR {} ({}) TIME 1:3{}.000 {} - TRACK LIMITS AT TURN {}".format,
    st.just("4"), st.sampled_from(["NOR", "VER", "CAM"]), st.integers(0, 3), st.sampled_from(["DELETED", "REINSTATED"]),
    st.integers(1, 3),
)  # fmt: skip


@given(st.lists(_MESSAGES, max_size=20))
def test_the_count_is_what_was_deleted_less_what_was_given_back(messages: list[str]) -> None:
    frame = counted(*messages)
    assert (frame["count"] >= 0).all()
    assert set(frame["driver"]) <= {"NOR", "VER"}
    steps = frame.with_columns(step=pl.col("count").diff().over("driver").fill_null(pl.col("count")))
    assert (steps.filter(pl.col("kind") == "deleted")["step"] == 1).all()
    assert (steps.filter(pl.col("kind") == "reinstated")["step"] < 0).all()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ((2019, "Italian Grand Prix", "Q"), {"ALB": 1}),
        ((2024, "Spanish Grand Prix", "Q"), {"SAI": 1, "PIA": 2}),
    ],
)
def test_counts_are_those_of_the_published_messages(
    mirror: Path, monkeypatch: pytest.MonkeyPatch, key: tuple[int, str, str], expected: dict[str, int]
) -> None:
    monkeypatch.setenv("F1NB_ARCHIVE", str(mirror))
    session = f1nb.load(*key, source="archive")
    assert last(track_limits(session.race_control, session.drivers)) == expected


def test_a_panel_without_messages_says_why() -> None:
    row = {"table": "race_control", "state": "not_published", "origin": "archive", "rows": 0, "note": "So it is."}
    session = Session(
        {
            "session": TABLES["session"].frame([{"year": 2025, "event": "Test Grand Prix", "session": "R"}]),
            "data_sets": TABLES["data_sets"].frame([row]),
        }
    )
    (note,) = TrackLimits(session)._notes
    assert note["blank"]
    assert note["title"] == "Race control: not published."
