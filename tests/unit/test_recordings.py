"""Recordings of the live feed are read in each of the forms that are found."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from f1nb.errors import NotFoundError, SourceError
from f1nb.live import recordings

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
