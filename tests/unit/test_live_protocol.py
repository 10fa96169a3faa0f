"""Both dialects of the live feed say the same, and what is no message does not stop a reader."""

from __future__ import annotations

import json

import pytest

from f1nb.live.protocol import CLASSIC, CORE, Damaged, Message, Refused, Snapshot, Subscribe, merge

MESSAGES = [
    Message(
        "RaceControlMessages",
        {"Messages": {"3": {"Message": "CAR 4 (NOR) TIME 1:15.0 DELETED – D'OR"}}},
        "2024-05-18T14:00:00Z",
    ),
    Message("CarData.z", "7ZQ9", "2024-05-18T14:00:00.492Z"),
]


@pytest.mark.parametrize("dialect", [CORE, CLASSIC])
def test_what_one_side_says_the_other_reads(dialect):
    assert dialect.read(dialect.messages(MESSAGES)) == MESSAGES
    assert dialect.read(dialect.messages(MESSAGES).decode()) == MESSAGES
    assert dialect.read(dialect.snapshot("0", {"LapCount": {"CurrentLap": 1}})) == [Snapshot({"LapCount": {"CurrentLap": 1}})]
    assert dialect.read(dialect.subscribe(["LapCount", "Heartbeat"])) == [Subscribe(("LapCount", "Heartbeat"), "0")]
    assert dialect.read(dialect.ping) == []
    assert dialect.read(dialect.welcome) == []


def test_a_core_record_is_what_the_official_feed_sends():
    record = CORE.messages(MESSAGES[1:])
    assert record.endswith(b"\x1e")
    assert json.loads(record[:-1]) == {
        "type": 1,
        "target": "feed",
        "arguments": ["CarData.z", "7ZQ9", "2024-05-18T14:00:00.492Z"],
    }


@pytest.mark.parametrize("dialect", [CORE, CLASSIC])
@pytest.mark.parametrize(
    "frame", ["<html>", "[1, 2]", '{"type":1,"target":"feed","arguments":["only"]}', '{"M":[{"A":[1]}]}', "nul"]
)
def test_what_is_no_message_is_shown_and_not_raised(dialect, frame):
    assert [type(heard) for heard in dialect.read(frame)] == [Damaged]


def test_a_damaged_record_leaves_its_neighbours():
    first, second = MESSAGES
    frame = CORE.messages([first]) + b"\xff{]\x1e" + CORE.messages([second])
    heard = CORE.read(frame)
    assert (heard[0], heard[2]) == (first, second)
    assert isinstance(heard[1], Damaged)


def test_a_server_that_refuses_is_heard():
    assert CORE.read('{"type":7,"error":"too many"}\x1e') == [Refused("too many")]
    assert CORE.read('{"type":3,"invocationId":"0","error":"no such topic"}\x1e') == [Refused("no such topic")]
    assert CLASSIC.read('{"I":"0","E":"no such topic"}') == [Refused("no such topic")]


def test_what_goes_from_a_list_leaves_the_rest_of_it():
    state = {"TimingAppData": {"Stints": [{"Compound": "SOFT"}, {"Compound": "HARD"}]}}
    merge(state, "TimingAppData", {"Stints": {"_deleted": ["1"]}})
    assert state == {"TimingAppData": {"Stints": {"0": {"Compound": "SOFT"}}}}


def test_patches_merge_as_the_feed_means_them():
    state: dict = {}
    merge(state, "TopThree", {"Lines": [{"Tla": "PIA"}, {"Tla": "NOR"}]})
    merge(state, "TopThree", {"Lines": {"0": {"Tla": "VER", "Position": "1"}, "2": {"Tla": "SAI"}}})
    merge(state, "DriverList", {"1": {"Tla": "VER"}, "4": {"Tla": "NOR"}})
    merge(state, "DriverList", {"_deleted": ["1"]})
    merge(state, "CarData.z", "abc")
    assert state == {
        "TopThree": {"Lines": [{"Tla": "VER", "Position": "1"}, {"Tla": "NOR"}, {"Tla": "SAI"}]},
        "DriverList": {"4": {"Tla": "NOR"}},
        "CarData.z": "abc",
    }
