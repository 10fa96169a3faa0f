"""What a feed says now: messages that bring whoever has one state to another, whichever two they are."""

from __future__ import annotations

import copy

from hypothesis import example, given
from hypothesis import strategies as st
from imola import imola

from f1nb.live import current
from f1nb.live.continuity import Continuity, Notice, utc_of
from f1nb.live.protocol import Message, Snapshot, merge
from f1nb.live.recorder import SessionRecorder, read
from f1nb.live.state import State

scalars = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "1", "LAP 1"])
names = st.sampled_from(["0", "1", "2", "Lines", "Value"])
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=12
)
topics = st.dictionaries(
    st.sampled_from(["TimingData", "TopThree", "RaceControlMessages", "CarData.z"]),
    st.dictionaries(names | st.just("Messages"), values, max_size=3) | st.text(max_size=2),
)
keys = st.sampled_from([9511, 9515])


def after(held: dict, snapshot: Snapshot) -> dict:
    state = copy.deepcopy(held)
    for message in current.messages(held, snapshot, "2024-05-19T13:00:00Z"):
        merge(state, message.topic, message.data)
    return state


@given(topics, topics)
def test_the_messages_between_two_states_lead_from_one_to_the_other(held: dict, new: dict) -> None:
    assert after(held, Snapshot(new)) == held | new
    assert list(current.messages(new, Snapshot(new), "")) == []


@given(topics, topics, keys, keys)
def test_of_another_session_they_lead_there_from_the_old_one_and_from_nothing(held: dict, new: dict, old_key: int, key: int):
    held, new = held | {"SessionInfo": {"Key": old_key}}, new | {"SessionInfo": {"Key": key}}
    state = after(held, Snapshot(new))
    assert {topic: state[topic] for topic in new} == new
    if key == old_key:
        return
    assert all(not said for topic, said in state.items() if topic not in new and not isinstance(said, str))
    forgetful = copy.deepcopy(held)
    began = [current.take(forgetful, message) for message in current.messages(held, Snapshot(new), "")]
    assert began == [True] + [False] * (len(began) - 1)
    assert {topic: forgetful[topic] for topic in new} == new


@given(topics, topics, keys, keys)
def test_a_snapshot_takes_the_place_of_its_topics_or_of_another_session(held: dict, new: dict, old_key: int, key: int):
    held, new = held | {"SessionInfo": {"Key": old_key}}, new | {"SessionInfo": {"Key": key}}
    state = copy.deepcopy(held)
    assert current.renewed(state, Snapshot(new)) is (key != old_key)
    assert state == (new if key != old_key else held | new)


def test_messages_of_race_control_that_were_missed_are_as_old_as_they_say() -> None:
    first, second = ({"Utc": f"2024-05-19T13:0{n}:00", "Message": f"YELLOW IN SECTOR {n}"} for n in (1, 2))
    held = {"RaceControlMessages": {"Messages": [first]}}
    whole = Snapshot({"RaceControlMessages": {"Messages": [first, second]}})
    assert list(current.messages(held, whole, "2024-05-19T13:09:00Z")) == [
        Message("RaceControlMessages", {"Messages": {"1": second}}, second["Utc"])
    ]
    assert [message.utc for message in current.messages({}, whole, "2024-05-19T13:09:00Z")] == [first["Utc"], second["Utc"]]


def test_a_session_followed_through_messages_of_its_snapshot_is_the_session_of_the_snapshot() -> None:
    """The qualifying of Imola takes the place of another session, for somebody who has followed that one."""
    snapshot, _ = imola()
    before = {"SessionInfo": {"Key": 1, "Name": "Practice 3"}, "TimingData": {"Lines": {"99": {"Position": "1"}}}}
    followed, joined = State(), State()
    followed.snapshot(before)
    for message in current.messages(before, Snapshot(snapshot), "2024-05-18T13:58:59Z"):
        followed.apply(*message)
    joined.snapshot(snapshot)
    assert {topic: followed.of(topic) for topic in snapshot} == {topic: joined.of(topic) for topic in snapshot}
    assert "99" not in followed.of("TimingData")["Lines"]


digits = st.sampled_from(["9" * 5000, "٣", "-1", "_deleted", "Key", "Meeting", "Messages", "Utc", "Lines"])
wild = st.recursive(
    scalars | st.floats(allow_nan=False) | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | digits, inner, max_size=3),
    max_leaves=8,
)
anything = st.sampled_from(["SessionInfo", "Heartbeat", "TimingData", "RaceControlMessages", "TeamRadio", ""])


@example(
    [("TimingData", {"Lines": [1]}, ""), {}, ("TimingData", {"Lines": [1]}, ""), ("TimingData", {"Lines": {"9" * 5000: 1}}, "")]
)
@given(st.lists(st.dictionaries(anything, wild, max_size=3) | st.tuples(anything, wild, st.text(max_size=3)), max_size=8))
def test_whatever_a_feed_says_is_followed_recorded_and_passed_on(tmp_path_factory, said: list) -> None:
    received, server_state = Continuity(), {}
    with SessionRecorder(tmp_path_factory.mktemp("wild"), lambda _: None) as recorder:
        for part in said:
            if isinstance(part, dict):
                received.connected()
            for event in received.hear(Snapshot(part) if isinstance(part, dict) else Message(*part)):
                if not isinstance(event, Notice):
                    recorder.add(event)
                if isinstance(event, Snapshot):
                    for message in current.messages(server_state, event, utc_of(event) or ""):
                        current.take(server_state, message)
                elif isinstance(event, Message):
                    current.take(server_state, event)
        recorder.write()
        if recorder.path.is_file():
            assert list(read(recorder.path))
