"""What the stewards note, investigate and decide, from what race control writes."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_data import DATA

import f1nb
from f1nb.analysis.stewards import decisions
from f1nb.live import recordings
from f1nb.schema import TABLES

DRIVERS = TABLES["drivers"].frame(
    [
        {"driver": code, "number": number}
        for code, number in {"NOR": "4", "VER": "1", "TSU": "22", "BEA": "87", "SAI": "55", "HAM": "44", "ALB": "23"}.items()
    ]
)


def decided(*messages: str) -> pl.DataFrame:
    """Return the decisions of messages, one every 100 s from 100 s on."""
    times = [100.0 * (i + 1) for i in range(len(messages))]
    return decisions(TABLES["race_control"].frame({"time_s": times, "message": list(messages)}), DRIVERS)


def standing(frame: pl.DataFrame, time_s: float) -> list[tuple[str, str]]:
    """Return what stands against whom at a moment."""
    now = frame.filter(pl.col("time_s") <= time_s, pl.col("until_s").is_null() | (pl.col("until_s") > time_s))
    return now.select("driver", "kind").rows()


@pytest.mark.parametrize(
    ("text", "kind", "drivers", "reason"),
    [
        ("TURN 25 INCIDENT INVOLVING CARS 44 (HAM) AND 1 (VER) NOTED", "noted", ["HAM", "VER"], None),
        ("TURN 2 INCIDENT INVOLVING CARS 4 (NOR),1 (VER)  AND 22 (TSU) NOTED - NO INVESTIGATION NECESSARY",
         "no_further_action", ["NOR", "VER", "TSU"], None),
        ("LAP1, TURN 1 INCIDENT INVOLVING CARS 23 (ALB) AND 4 (NOR) NOTED", "noted", ["ALB", "NOR"], None),
        (" INCIDENT INVOLVING CAR 4 (NOR) UNDER INVESTIGATION - OVERTAKING BEFORE THE SAFETY CAR LINE", "investigation",
         ["NOR"], "OVERTAKING BEFORE THE SAFETY CAR LINE"),
        ("CORRECTION: INCIDENT INVOLVING CAR 23 (ALB) NOTED -SAFETY CAR PROCEDURE INFRINGEMENT", "noted", ["ALB"],
         "SAFETY CAR PROCEDURE INFRINGEMENT"),
        ("FIA STEWARDS: INCIDENT INVOLVING CAR 4 (NOR) UNDER INVESTIGATION - PENALTY NOT SERVED", "investigation", ["NOR"],
         "PENALTY NOT SERVED"),
        ("FIA STEWARDS: Q1 INCIDENT INVOLVING CARS 4 (NOR), 1 (VER), 22 (TSU) WILL BE INVESTIGATED AFTER THE SESSION - FAILING",
         "after_session", ["NOR", "VER", "TSU"], "FAILING"),
        ("FIA STEWARDS: Q1 INCIDENT INVOLVING CAR 4 (NOR) NO FURTHER ACTION - NOT FOLLOWING INSTRUCTIONS - MAXIMUM DELTA TIME",
         "no_further_action", ["NOR"], "NOT FOLLOWING INSTRUCTIONS - MAXIMUM DELTA TIME"),
        ("TURN 27 INCIDENT INVOLVING CARS 44 (HAM) AND 1 (VER) - WILL BE INVESTIGATED AFTER THE RACE", "after_session",
         ["HAM", "VER"], None),
        ("INCIDENT INVOLVING CAR 4 (NOR) - NO FURTHER ACTION ", "no_further_action", ["NOR"], None),
        ("FIA STEWARDS: TURN 4 INCIDENT INVOLVING CARS 22 (TSU) AND 4 (NOR) REVIEWED NO FURTHER INVESTIGATION - UNSAFE RELEASE",
         "no_further_action", ["TSU", "NOR"], "UNSAFE RELEASE"),
        ("BLACK AND WHITE FLAG FOR CAR 4 (NOR)", "warning", ["NOR"], None),
        ("BLACK AND WHITE FLAG FOR CAR 4 (NOR) - FAILING TO FOLLOW RACE DIRECTORS INSTRUCTIONS – TRACK LIMITS", "warning",
         ["NOR"], "FAILING TO FOLLOW RACE DIRECTORS INSTRUCTIONS – TRACK LIMITS"),
        ("FIA STEWARDS: WARNING FOR CAR 4 (NOR) - MOVING UNDER BRAKING", "warning", ["NOR"], "MOVING UNDER BRAKING"),
        ("UPDATE: TURN 5 INCIDENT INVOLVING CARS 4 AND 22 NOTED (15:23:41)", "noted", ["NOR", "TSU"], None),
    ],
)  # fmt: skip
def test_every_form_of_the_message(text: str, kind: str, drivers: list[str], reason: str | None) -> None:
    rows = decided(text)
    assert rows["driver"].to_list() == drivers
    assert rows.select("kind", "reason").unique().rows() == [(kind, reason)]


@pytest.mark.parametrize(
    ("text", "penalty", "penalty_s"),
    [
        ("10 SECOND TIME PENALTY FOR CAR 4 (NOR) - CAUSING A COLLISION", "10 s", 10.0),
        ("FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 4 (NOR) - SPEEDING IN THE PIT LANE (16:37:16)", "5 s", 5.0),
        ("10 SECOND STOP/GO PENALTY FOR CAR 4 (NOR) - ENTERING THE PIT LANE WHEN CLOSED", "stop and go 10 s", None),
        ("FIA STEWARDS: STOP-AND-GO PENALTY FOR CAR 4 (NOR)", "stop and go", None),
        ("FIA STEWARDS: DRIVE THROUGH PENALTY FOR CAR 4 (NOR) - PENALTY NOT SERVED", "drive through", None),
        ("FIA STEWARDS: 3 PLACE GRID PENALTY FOR CAR 4 (NOR) - IMPEDING", "3 grid places", None),
        ("BLACK FLAG FOR CAR 4 (NOR)", "disqualified", None),
    ],
)
def test_what_a_penalty_is(text: str, penalty: str, penalty_s: float | None) -> None:
    assert decided(text).select("kind", "penalty", "penalty_s").rows() == [("penalty", penalty, penalty_s)]


@pytest.mark.parametrize(
    "text",
    [
        "THE LAST LAP OF QUALIFYING IS UNDER INVESTIGATION",
        "LAPS 49 AND 50 - DOUBLE YELLOW UNDER INVESTIGATION",
        "FIRST LAP INCIDENTS AT TURNS 2 AND 3 ALL NOTED",
        "BLACK AND ORANGE FLAG FOR CAR 4 (NOR)",
        "CAR 4 (NOR) TIME 1:39.777 DELETED - TRACK LIMITS AT TURN 4 LAP 3 18:07:34",
        "TURN 4 INCIDENT INVOLVING CAR 1 (BAD) NOTED - FAILING TO FOLLOW RACE DIRECTORS INSTRUCTIONS",  # a support race
    ],
)
def test_what_stands_against_no_car_of_this_session(text: str) -> None:
    assert decided(text).is_empty()


def test_an_incident_is_noted_investigated_and_decided_for_all_who_were_in_it() -> None:
    frame = decided(
        "TURN 6 INCIDENT INVOLVING CARS 22 (TSU) AND 87 (BEA) NOTED - CAUSING A COLLISION",
        "FIA STEWARDS: TURN 6 INCIDENT INVOLVING CARS 22 (TSU) AND 87 (BEA) UNDER INVESTIGATION - CAUSING A COLLISION",
        "FIA STEWARDS: 10 SECOND TIME PENALTY FOR CAR 22 (TSU) - CAUSING A COLLISION",
        "FIA STEWARDS: PENALTY SERVED - 10 SECOND TIME PENALTY FOR CAR 22 (TSU) - CAUSING A COLLISION",
    )
    assert standing(frame, 150) == [("TSU", "noted"), ("BEA", "noted")]
    assert standing(frame, 250) == [("TSU", "investigation"), ("BEA", "investigation")]
    assert standing(frame, 350) == [("TSU", "penalty")]
    assert standing(frame, 400) == []


def test_who_did_the_same_stays_under_investigation_when_another_is_punished() -> None:
    frame = decided(
        "INCIDENT INVOLVING CARS 44 (HAM) AND 23 (ALB) UNDER INVESTIGATION - ENTERING THE PIT LANE WHEN CLOSED",
        "10 SECOND STOP/GO PENALTY FOR CAR 23 (ALB) - ENTERING THE PIT LANE WHEN CLOSED",
        "10 SECOND STOP/GO PENALTY FOR CAR 44 (HAM) - ENTERING THE PIT LANE WHEN CLOSED",
    )
    assert standing(frame, 250) == [("HAM", "investigation"), ("ALB", "penalty")]
    assert standing(frame, 350) == [("ALB", "penalty"), ("HAM", "penalty")]


def test_of_two_incidents_of_one_driver_the_right_one_is_dismissed() -> None:
    frame = decided(
        "LAP1, TURN 1 INCIDENT INVOLVING CARS 23 (ALB) AND 4 (NOR) NOTED",
        "LAP2, TURN 1 INCIDENT INVOLVING CARS 23 (ALB) AND 22 (TSU) NOTED",
        "TURN 1 INCIDENT INVOLVING CARS 22 (TSU) AND 23 (ALB) - NO INVESTIGATION NECESSARY",
    )
    assert standing(frame, 350) == [("ALB", "noted"), ("NOR", "noted")]


def test_the_time_of_the_day_says_which_incident_it_is() -> None:
    frame = decided(
        "TURN 5 INCIDENT INVOLVING CAR 22 (TSU) NOTED - IMPEDING (15:23:41)",
        "TURN 5 INCIDENT INVOLVING CAR 22 (TSU) NOTED - IMPEDING (15:24:59)",
        "UPDATE: TURN 5 INCIDENT INVOLVING CARS 4 (NOR) AND 22 (TSU) NOTED (15:24:59)",
        "FIA STEWARDS: TURN 5 INCIDENT INVOLVING CARS 4 (NOR) AND 22 (TSU) REVIEWED NO FURTHER INVESTIGATION (15:24:59)",
    )
    assert standing(frame, 350) == [("TSU", "noted"), ("NOR", "noted"), ("TSU", "noted")]
    assert standing(frame, 450) == [("TSU", "noted")]


def test_a_correction_takes_back_what_it_corrects() -> None:
    frame = decided(
        "5 SECOND TIME PENALTY FOR CAR 4 (NOR) - UNSAFE RELEASE",
        "CORRECTION: 10 SECOND TIME PENALTY FOR CAR 1 (VER) - UNSAFE RELEASE",
    )
    assert standing(frame, 250) == [("VER", "penalty")]


def test_a_penalty_said_twice_at_once_is_one() -> None:
    text = "5 SECOND TIME PENALTY FOR CAR 4 (NOR) - TRACK LIMITS"
    told = TABLES["race_control"].frame({"time_s": [10.0, 12.0, 900.0], "message": [text] * 3})
    assert decisions(told, DRIVERS)["time_s"].to_list() == [10.0, 900.0]


_WORDS = st.sampled_from(
    [
        *("FIA STEWARDS:", "CORRECTION:", "TURN 4", "INCIDENT INVOLVING", "CAR 4 (NOR)", "CARS 1 (VER) AND 22 (TSU)"),
        *("NOTED", "DELETED", "UNDER INVESTIGATION", "NO FURTHER ACTION", "WILL BE INVESTIGATED AFTER THE RACE", "WARNING FOR"),
        *("5 SECOND TIME PENALTY FOR", "PENALTY SERVED -", "- UNSAFE RELEASE", "(15:23:41)", "-", "", "é\0"),
    ]
)


@given(st.lists(st.lists(_WORDS, max_size=6).map(" ".join), max_size=12))
def test_whatever_is_written_a_row_stands_from_when_it_was_said(messages: list[str]) -> None:
    frame = decided(*messages)
    assert (frame["until_s"].fill_null(float("inf")) >= frame["time_s"]).all()
    assert set(frame["driver"]) <= set(DRIVERS["driver"])
    known_by = frame.filter(pl.col("time_s") <= 500).select("time_s", "driver", "kind", "text")
    assert decided(*messages[:5]).select(known_by.columns).equals(known_by)  # what comes later changes only until when


def test_at_the_end_of_a_sprint_all_that_is_left_is_after_it(mirror: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("F1NB_ARCHIVE", str(mirror))
    race = f1nb.load(2025, "Miami Grand Prix", "S", source="archive")
    left = decisions(race.race_control, race.drivers).filter(pl.col("until_s").is_null())
    assert set(left.filter(pl.col("kind") == "after_session")["driver"]) == {"LEC", "LAW", "ALO", "BEA", "HUL", "ALB"}
    assert left.filter(pl.col("kind") == "investigation").is_empty()


def test_eight_drivers_who_were_too_slow_in_imola_are_investigated_and_let_go() -> None:
    folder = DATA / "recordings" / "2024_Imola_Qualifying"
    if not folder.is_dir():
        pytest.skip(f"no real data: {folder} is missing; set F1NB_TEST_DATA")
    session = recordings.read(folder).state().session()
    frame = decisions(session.race_control, session.drivers).filter(pl.col("text").str.contains("Q1 INCIDENT"))
    assert set(frame["driver"]) == {"ZHO", "VER", "PER", "SAI", "GAS", "LEC", "SAR", "RIC"}
    assert frame["kind"].unique(maintain_order=True).to_list() == ["noted", "after_session", "no_further_action"]
    assert frame["until_s"].null_count() == 0
