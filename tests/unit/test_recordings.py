"""Recordings of the live feed are read in each of the forms that are found."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from f1nb.errors import NotFoundError, SourceError
from f1nb.live import recordings
from f1nb.live.feed import Gap
from f1nb.live.protocol import Message, Snapshot
from f1nb.live.recorder import Recorder

SENT = [
    ("WeatherData", {"AirTemp": "24.3", "Rainfall": "0", "_kf": True}, "2024-05-18T13:59:29.968Z"),
    ("RaceControlMessages", {"Messages": {"1": {"Message": "CAR 4 (NOR) - DRIVER'S FAULT"}}}, "2024-05-18T14:00:00Z"),
    ("CarData.z", "7ZZNa8Mw", "2024-05-18T14:00:01.1234567Z"),
]  # fmt: skip
FORMS = {
    "classic": [orjson.dumps({"H": "Streaming", "M": "feed", "A": list(sent)}) for sent in SENT],
    "typed": [orjson.dumps({"Type": t, "Json": p, "DateTime": u}) for t, p, u in SENT],
    "typed text": [
        orjson.dumps({"Type": t, "Json": p if isinstance(p, str) else orjson.dumps(p).decode(), "DateTime": u})
        for t, p, u in SENT
    ],
    "python": [repr(list(sent)).encode() for sent in SENT],
    "frames": [orjson.dumps({"C": "x", "M": [{"H": "Streaming", "M": "feed", "A": list(sent)} for sent in SENT]})],
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_messages_as_they_were_sent(form: str, tmp_path: Path) -> None:
    file = tmp_path / "recording.txt"
    file.write_bytes(b"\r\n".join(FORMS[form]) + b"\n")
    recording = recordings.read(file)
    assert [tuple(sent) for sent in recording.messages] == SENT
    assert recording.damaged == 0
    assert recording.snapshot == {}


def test_a_folder_has_the_snapshot_before_its_messages(tmp_path: Path) -> None:
    (tmp_path / "live.txt").write_bytes(b"\n".join(FORMS["classic"]))
    (tmp_path / "subscribe.txt").write_text('{"TrackStatus": {"Status": "5"}, "Heartbeat": {"Utc": "2024-05-18T13:58:00Z"}}')
    tables = recordings.read(tmp_path).state().tables()
    assert tables["track_status"]["status"].to_list() == ["red"]
    assert tables["weather"]["time_s"].to_list() == [89.968]


def test_lines_that_are_cut_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "recording.txt"
    file.write_bytes(b"\n".join([*FORMS["python"], FORMS["classic"][0][:40], b"[1, 2]", b""]))
    recording = recordings.read(file)
    assert (len(recording.messages), recording.damaged) == (3, 2)


def test_what_is_no_recording_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no recording"):
        recordings.read(tmp_path / "absent.txt")
    (tmp_path / "notes.txt").write_text("lap one\nlap two\n")
    with pytest.raises(SourceError, match="no recording of the live feed"):
        recordings.read(tmp_path / "notes.txt")


def at(second: int) -> str:
    return f"2024-05-19T13:04:{second:02}.000Z"


def recorded(path: Path, events: list[Snapshot | Message | Gap]) -> Path:
    with Recorder(path) as recorder:
        for event in events:
            recorder.add(event)
    return path


def test_our_own_recordings_are_read_and_a_later_snapshot_is_in_them_as_what_it_changed(tmp_path: Path) -> None:
    said = {"Utc": "2024-05-19T13:03:20", "Message": "DRS ENABLED"}
    missed = {"Utc": "2024-05-19T13:04:05", "Message": "YELLOW IN SECTOR 3"}
    first = {"LapCount": {"CurrentLap": 1, "TotalLaps": 63}, "RaceControlMessages": {"Messages": [said]}}
    later = {"LapCount": {"CurrentLap": 3, "TotalLaps": 63}, "RaceControlMessages": {"Messages": [said, missed]}}
    heard = [Message("LapCount", {"CurrentLap": 2}, at(1)), Message("TrackStatus", {"Status": "2"}, at(2))]
    after = [Message("LapCount", {"CurrentLap": 4}, at(30))]
    file = recorded(tmp_path / "race.jsonl.gz", [Snapshot(first), *heard, Gap(at(2), at(20), 18.0), Snapshot(later), *after])
    recording = recordings.read(file)
    assert recording.snapshot == first
    assert (recording.gaps, recording.damaged) == (1, 0)
    assert [*recording.messages[:2], recording.messages[-1]] == heard + after
    assert len(recording.messages) == 5
    between = {message.topic: message for message in recording.messages[2:-1]}
    assert between["LapCount"].data == {"CurrentLap": 3}
    assert between["RaceControlMessages"].data == {"Messages": {"1": missed}}
    assert between["RaceControlMessages"].utc == missed["Utc"]  # as old as it says


def test_a_recording_of_two_sessions_ends_with_the_second(tmp_path: Path) -> None:
    first = {"SessionInfo": {"Key": 9511, "Name": "Qualifying"}, "LapCount": {"CurrentLap": 1}}
    second = {"SessionInfo": {"Key": 9515, "Name": "Race"}, "TrackStatus": {"Status": "1"}}
    file = recorded(
        tmp_path / "two.jsonl.gz", [Snapshot(first), Message("LapCount", {"CurrentLap": 2}, at(1)), Snapshot(second)]
    )
    state = recordings.read(file).state()
    assert {topic: state.of(topic) for topic in ("SessionInfo", "LapCount", "TrackStatus")} == {**second, "LapCount": {}}


def test_a_recording_starts_at_a_lap_or_a_time_with_what_was_said_before(tmp_path: Path) -> None:
    events = [
        Snapshot({"LapCount": {"CurrentLap": 1, "TotalLaps": 63}}),
        Message("SessionStatus", {"Status": "Started"}, at(0)),
    ]
    events += [Message("LapCount", {"CurrentLap": lap}, at(10 * lap)) for lap in (2, 3, 4)]
    recording = recordings.read(recorded(tmp_path / "race.jsonl.gz", events))
    assert recording.from_lap(1).messages == events[1:]
    assert recording.from_lap(3).messages == events[3:]
    assert recording.from_lap(3).snapshot["LapCount"] == {"CurrentLap": 2, "TotalLaps": 63}
    assert recording.from_time(25).messages == events[3:]
    assert recording.snapshot["LapCount"] == {"CurrentLap": 1, "TotalLaps": 63}
    with pytest.raises(NotFoundError, match="no lap 5; give one from 1 to 4"):
        recording.from_lap(5)
    with pytest.raises(NotFoundError, match="it ends 0:40 after its start"):
        recording.from_time(41)


def test_a_recording_without_laps_or_without_a_start_says_what_to_give() -> None:
    weather = recordings.Recording({}, [Message("WeatherData", {"AirTemp": "24.3"}, at(1))])
    with pytest.raises(NotFoundError, match="give a time since its start, such as 12:30"):
        weather.from_lap(3)
    with pytest.raises(NotFoundError, match="play it from its beginning"):
        weather.from_time(10)
