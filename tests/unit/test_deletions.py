"""Deleted lap times, from what race control writes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import f1nb
from f1nb.analysis.complete import complete
from f1nb.analysis.deletions import deletions, rulings
from f1nb.schema import TABLES
from f1nb.session import Session

DRIVERS = TABLES["drivers"].frame([{"driver": "NOR", "number": "4"}, {"driver": "VER", "number": "1"}])


def laps(times: dict[str, list[float | None]]) -> pl.DataFrame:
    """Return laps one after the other from 0, without a time 100 s each."""
    rows: list[dict[str, Any]] = []
    for driver, own in times.items():
        clock = 0.0
        for lap, lap_time in enumerate(own, 1):
            end = clock + (lap_time or 100.0)
            rows.append({"driver": driver, "lap": lap, "start_time_s": clock, "end_time_s": end, "lap_time_s": lap_time})
            clock = end
    return TABLES["laps"].frame(rows)


def told(*messages: tuple[float, str]) -> pl.DataFrame:
    return TABLES["race_control"].frame(
        {"time_s": [time_s for time_s, _ in messages], "message": [text for _, text in messages]}
    )


def deleted(frame: pl.DataFrame) -> list[tuple[str, int]]:
    return frame.filter("is_deleted").select("driver", "lap").rows()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CAR 23 (ALB) TIME 1:20.456 DELETED - TRACK LIMITS AT TURN 11", [("ALB", None, 80.456)]),
        ("CAR 4 (NOR) TIME 1:39.777 DELETED - TRACK LIMITS AT TURN 4 LAP 3 18:07:34", [("NOR", 3, 99.777)]),
        ("CAR 14 (ALO) LAP DELETED - TRACK LIMITS AT TURN 4 LAP 34 18:58:59 (PIT)", [("ALO", 34, None)]),
        ("CAR 14 (ALO) TIME 1:58.103 DELETED - DOUBLE YELLOW AT TURN 3", [("ALO", None, 118.103)]),
        ("CAR 63 (RUS) TIME 54.123 DELETED - TRACK LIMITS AT TURN 8", [("RUS", None, 54.123)]),
        ("CARS 1 (NOR) AND 4 (VER) TIMES 1:30.111 AND 1:30.222 DELETED", [("NOR", None, 90.111), ("VER", None, 90.222)]),
        ("CARS 1 (NOR), 4 (VER) AND 16 (LEC) LAP 7 DELETED - RED FLAG", [("NOR", 7, None), ("VER", 7, None), ("LEC", 7, None)]),
        ("CAR 4 (NOR) TIMES 1:30.111 AND 1:31.222 DELETED", [("NOR", None, 90.111), ("NOR", None, 91.222)]),
        ("FIA STEWARDS: CAR 4 (NOR) LAP TIME 1:30.111 DELETED - FAILING TO SLOW", [("NOR", None, 90.111)]),
        ("CAR LEC TIME 1:36.518 DELETED - TRACK LIMITS AT TURN 14 (NEXT LAP) (Q1)", [("LEC", None, 96.518)]),
        ("CARS 1 AND 22 LAP 3 DELETED - RED FLAG", [(None, 3, None), (None, 3, None)]),
        ("BLACK AND WHITE FLAG FOR CAR 8 (GRO) - TRACK LIMITS", []),
        ("FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 7 (DOO) - TRACK LIMITS", []),
        ("INCIDENT INVOLVING CAR 27 (HUL) NOTED - MULTIPLE TRACK LIMITS", []),
        ("LAP TIMES SET UNDER YELLOW FLAGS WILL BE DELETED", []),
    ],
)
def test_every_form_of_the_message(text: str, expected: list[tuple[str | None, int | None, float | None]]) -> None:
    assert [(r.driver, r.lap, r.lap_time_s) for r in rulings(text)] == expected


def test_the_clock_at_the_track_and_the_lap_are_not_part_of_the_reason() -> None:
    [ruling] = rulings("CAR 14 (ALO) LAP DELETED - TRACK LIMITS AT TURN 4 LAP 34 18:58:59 (PIT)")
    assert ruling.reason == "TRACK LIMITS AT TURN 4"


def test_of_two_equal_lap_times_only_the_right_lap_is_deleted() -> None:
    own = laps({"NOR": [95.0, 90.5, 99.0, 90.5, 97.0]})  # lap 2 ends at 185.5, lap 4 at 375.0
    assert deleted(deletions(own, told((200.0, "CAR 4 (NOR) TIME 1:30.500 DELETED - X")), DRIVERS)) == [("NOR", 2)]
    assert deleted(deletions(own, told((390.0, "CAR 4 (NOR) TIME 1:30.500 DELETED - X")), DRIVERS)) == [("NOR", 4)]
    named = told((390.0, "CAR 4 (NOR) TIME 1:30.500 DELETED - X LAP 2 15:00:00"))
    assert deleted(deletions(own, named, DRIVERS)) == [("NOR", 2)]


def test_a_lap_time_below_a_minute_is_found() -> None:
    own = laps({"NOR": [54.9, 54.123, 55.0]})
    assert deleted(deletions(own, told((120.0, "CAR 4 (NOR) TIME 54.123 DELETED - X")), DRIVERS)) == [("NOR", 2)]


def test_the_same_time_of_another_driver_is_not_touched() -> None:
    own = laps({"NOR": [90.5], "VER": [90.5]})
    assert deleted(deletions(own, told((100.0, "CAR 1 (VER) TIME 1:30.500 DELETED - X")), DRIVERS)) == [("VER", 1)]


def test_a_car_is_known_by_its_number_where_the_message_has_no_name() -> None:
    own = laps({"NOR": [90.5], "VER": [90.5]})
    assert deleted(deletions(own, told((100.0, "CAR 4 TIME 1:30.500 DELETED - X")), DRIVERS)) == [("NOR", 1)]


def test_several_cars_in_one_message() -> None:
    own = laps({"NOR": [90.5, 91.0], "VER": [90.6, 92.0]})
    message = "CARS 1 (VER) AND 4 (NOR) TIMES 1:32.000 AND 1:31.000 DELETED - RED FLAG"
    assert deleted(deletions(own, told((200.0, message)), DRIVERS)) == [("NOR", 2), ("VER", 2)]


def test_outside_of_races_the_time_of_the_day_goes_before_race_controls_count_of_laps() -> None:
    own = laps({"NOR": [None, 90.5, None, 91.0]})  # lap 3 from 190.5 to 290.5
    start = datetime(2024, 6, 22, 14, 0, 0, tzinfo=UTC)
    message = told((300.0, "CAR 4 (NOR) LAP DELETED - TRACK LIMITS AT TURN 12 LAP 4 16:03:30"))  # 210 s, two hours east
    assert deleted(deletions(own, message, DRIVERS, start)) == [("NOR", 3)]
    assert deleted(deletions(own, message, DRIVERS)) == [("NOR", 4)]


def test_a_message_repeated_by_the_feed_deletes_one_lap_once() -> None:
    own = laps({"NOR": [90.5, 90.5]})
    text = "CAR 4 (NOR) TIME 1:30.500 DELETED - X"
    done = deletions(own, told((95.0, text), (96.0, text)), DRIVERS)
    assert done.filter("is_deleted").select("lap", "deleted_at_s").rows() == [(1, 95.0)]


def test_unknown_is_not_false() -> None:
    own = laps({"NOR": [90.5]})
    derived = told((80.0, "FASTEST LAP")).with_columns(is_derived=pl.lit(value=True))
    assert deletions(own, told(), DRIVERS)["is_deleted"].to_list() == [None]
    assert deletions(own, derived, DRIVERS)["is_deleted"].to_list() == [None]
    assert deletions(own, told((80.0, "TRACK CLEAR")), DRIVERS)["is_deleted"].to_list() == [False]


def test_what_the_origin_of_the_laps_says_is_kept() -> None:
    own = laps({"NOR": [90.5, 91.0]}).with_columns(is_deleted=pl.Series([False, True]))
    done = deletions(own, told((95.0, "CAR 4 (NOR) TIME 1:30.500 DELETED - X")), DRIVERS)
    assert done.select("is_deleted", "deleted_at_s").rows() == [(False, None), (True, None)]


def session(own: pl.DataFrame, messages: pl.DataFrame) -> Session:
    row = {"year": 2025, "event": "Dutch Grand Prix", "session": "Q", "is_simulated": False}
    tables = {"session": TABLES["session"].frame([row]), "drivers": DRIVERS, "laps": own, "race_control": messages}
    return Session(complete(tables))


def test_a_deleted_lap_is_no_personal_best_and_what_was_slower_is() -> None:
    own = laps({"NOR": [95.0, 90.0, 92.0]}).with_columns(is_personal_best=pl.Series([True, True, False]))
    quali = session(own, told((190.0, "CAR 4 (NOR) TIME 1:30.000 DELETED - X")))
    assert quali.laps["is_personal_best"].to_list() == [True, False, True]
    assert quali.fastest_lap().laps["lap"].to_list() == [3]
    assert quali.repairs.select("lap", "column", "published", "used").rows() == [
        (2, "is_personal_best", "true", "false"), (3, "is_personal_best", "false", "true"),
    ]  # fmt: skip
    assert quali.laps["exclude_reason"].to_list() == [None, "deleted", None]


def test_deleted_then_reinstated_is_known_as_it_was_at_each_moment() -> None:
    own = laps({"NOR": [95.0, 90.0, 92.0]})
    messages = told(
        (190.0, "CAR 4 (NOR) TIME 1:30.000 DELETED - TRACK LIMITS AT TURN 4"),
        (300.0, "CAR 4 (NOR) LAP TIME 1:30.000 REINSTATED"),
    )
    quali = session(own, messages)
    assert quali.laps["is_deleted"].to_list() == [False, False, False]
    assert quali.laps["is_personal_best"].to_list() == [True, True, False]

    def lap_2(time_s: float) -> tuple[bool, bool, str | None, str | None]:
        row = quali.at(time_s=time_s).laps.filter(lap=2).row(0, named=True)
        return row["is_deleted"], row["is_personal_best"], row["exclude_reason"], row["deleted_reason"]

    assert lap_2(186.0) == (False, True, None, None)
    assert lap_2(200.0) == (True, False, "deleted", "TRACK LIMITS AT TURN 4")
    assert lap_2(301.0) == (False, True, None, None)
    assert quali.at(time_s=290.0).laps.filter(lap=3)["is_personal_best"].to_list() == [True]
    assert quali.at(time_s=290.0).fastest_lap().laps["lap"].to_list() == [3]


def test_before_the_message_nothing_tells_that_the_lap_will_be_deleted() -> None:
    quali = session(laps({"NOR": [95.0, 90.0, 92.0]}), told((190.0, "CAR 4 (NOR) TIME 1:30.000 DELETED - X")))
    then = quali.at(time_s=189.0).laps.filter(lap=2).row(0, named=True)
    assert (then["is_deleted"], then["is_representative"], then["exclude_reason"]) == (False, True, None)
    assert (then["deleted_at_s"], then["deleted_reason"]) == (None, None)


def test_the_simulated_race_deletes_the_laps_that_its_messages_name() -> None:
    race = f1nb.simulate(seed=7, laps=20, cars=12)
    tables = {"laps": race.laps.with_columns(is_deleted=None, deleted_reason=None, deleted_at_s=None)}
    blank = TABLES["laps"].frame(tables["laps"])
    found = deletions(blank, race.race_control, race.drivers, race.info["start_utc"])
    assert race.laps.filter("is_deleted").height > 0
    assert deleted(found) == deleted(race.laps)
    assert found["deleted_at_s"].equals(race.laps["deleted_at_s"])


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ((2019, "Italian Grand Prix", "Q"), {("ALB", 4)}),
        ((2023, "Azerbaijan Grand Prix", "Q"), {("BOT", 17)}),
        ((2024, "Spanish Grand Prix", "Q"), {("SAI", 7), ("PIA", 13), ("PIA", 16)}),
        ((2025, "Miami Grand Prix", "S"), set()),
    ],
)
def test_every_deletion_that_race_control_published_has_its_lap(
    mirror: Path, monkeypatch: pytest.MonkeyPatch, key: tuple[int, str, str], expected: set[tuple[str, int]]
) -> None:
    """In Spain race control counts one lap more than the timing does, and one time of 16:05.442 has the garage in it."""
    monkeypatch.setenv("F1NB_ARCHIVE", str(mirror))
    race = f1nb.load(*key, source="archive")
    named = [r for text in race.race_control["message"].unique() for r in rulings(text)]
    found = race.laps.filter("is_deleted")
    assert found.height == len(named) > 0
    assert set(found["driver"]) == {r.driver for r in named}
    assert not expected or set(deleted(race.laps)) == expected
    assert (found["deleted_at_s"] >= found["start_time_s"]).all()
    assert found["is_personal_best"].not_().all()
    assert race.laps["is_deleted"].null_count() == 0
    assert not race.health()["finding"].str.contains("more than the laps say").any()


def test_a_session_without_messages_does_not_know_of_deletions(mirror: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("F1NB_ARCHIVE", str(mirror))
    race = f1nb.load(2023, "Azerbaijan Grand Prix", "S", source="archive")
    assert race.laps["is_deleted"].is_null().all()
    assert race.health()["finding"].str.starts_with("It is not known which lap times were deleted").any()
