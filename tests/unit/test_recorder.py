"""The recorder: a file for each session that grows, survives a kill, and is gone on with."""

from __future__ import annotations

import asyncio
import copy
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imola import imola

from f1nb.cli import main
from f1nb.errors import SourceError, StoreError
from f1nb.live import current, recordings
from f1nb.live.continuity import Gap
from f1nb.live.protocol import Message, Snapshot
from f1nb.live.recorder import Recorder, SessionRecorder, read
from f1nb.live.server import LiveServer, replay, serving

LAPS = [Message("LapCount", {"CurrentLap": lap}, f"2024-05-19T13:{lap:02}:00Z") for lap in range(30)]


def session(key: int, name: str, **more) -> dict:
    return {"Key": key, "Name": name, "StartDate": "2024-05-18T16:00:00", "Meeting": {"Location": "Imola"}, **more}


def state_of(path: Path) -> dict:
    """Return the state that a recording leads to."""
    state: dict = {}
    for event in read(path):
        if isinstance(event, Snapshot):
            current.renewed(state, event)
        elif isinstance(event, Message):
            current.take(state, event)
    return state


@given(cut=st.integers(0, 2000))
@settings(deadline=None, max_examples=40)
def test_a_recording_cut_anywhere_is_read_up_to_there_and_continued(tmp_path_factory, cut: int) -> None:
    path = tmp_path_factory.mktemp("cut") / "cut.jsonl.gz"
    with Recorder(path) as recorder:
        for message in LAPS:
            recorder.add(message)
            recorder.write()
    path.write_bytes(path.read_bytes()[:cut])
    left = list(read(path))
    assert left == LAPS[: len(left)]
    assert len(left) >= cut // 110  # each write is at most so long
    with Recorder(path) as recorder:
        recorder.add(Snapshot({"LapCount": {"CurrentLap": 30}}))
    again = list(read(path))
    if left:
        assert (again[len(left)].since_utc, again[len(left)].lasted_s < 60) == (left[-1].utc, True)
    assert again[:-1] == left + again[len(left) : -1]
    assert again[-1] == Snapshot({"LapCount": {"CurrentLap": 30}})


def test_what_is_no_recording_is_left_alone(tmp_path):
    path = tmp_path / "laps.jsonl.gz"
    path.write_text("VER 1:14.746")
    with pytest.raises(SourceError, match="something else than a recording"):
        Recorder(path)
    assert path.read_text() == "VER 1:14.746"


def test_a_name_that_is_neither_of_a_recording_nor_of_a_folder_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["live", "record", "--url", "http://127.0.0.1:9", "--out", str(tmp_path / "race.jsonl")])
    assert "ends in .jsonl.gz" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_two_recorders_do_not_write_to_one_file(tmp_path):
    with Recorder(tmp_path / "race.jsonl.gz") as first:
        with pytest.raises(StoreError, match="is still being recorded"):
            Recorder(first.path)
        first.add(LAPS[0])
    with Recorder(first.path):
        pass
    assert list(read(first.path)) == [LAPS[0]]


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="no limits of files here")
def test_what_a_full_disk_has_taken_in_part_is_taken_back(tmp_path):
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    path = tmp_path / "full.jsonl.gz"
    with Recorder(path) as recording:
        recording.add(LAPS[0])
        recording.write()
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 10, limits[1]))
        try:
            recording.add(LAPS[1])
            with pytest.raises(StoreError, match=r"cannot write to .* give another place with --out"):
                recording.write()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        recording.add(LAPS[2])
    assert list(read(path)) == [LAPS[0], LAPS[2]]


def test_each_session_has_a_recording_that_stands_alone(tmp_path):
    said: list[str] = []
    practice = {"SessionInfo": session(1, "Practice 3"), "LapCount": {"CurrentLap": 9}}
    turn = Message("SessionInfo", session(2, "Qualifying"), "2024-05-18T13:45:00Z")
    race = {"SessionInfo": session(3, "Race"), "LapCount": {"CurrentLap": 1}}
    with SessionRecorder(tmp_path, said.append) as recorder:
        for event in (Snapshot(practice), LAPS[10], turn, LAPS[11], Gap(LAPS[11].utc, None, 9.0), Snapshot(race), LAPS[12]):
            recorder.add(copy.deepcopy(event))
    first, second, third = (tmp_path / f"2024-05-18_imola_{kind}.jsonl.gz" for kind in ("FP3", "Q", "R"))
    assert list(read(first)) == [Snapshot(practice), LAPS[10]]
    assert list(read(second)) == [Snapshot({"SessionInfo": turn.data}), turn, LAPS[11], Gap(LAPS[11].utc, None, 9.0)]
    assert list(read(third)) == [Snapshot(race), LAPS[12]]
    assert said == [f"recording to {path}" for path in (first, second, third)]
    assert recorder.messages == 4


def test_a_recorder_that_is_started_again_in_a_session_goes_on_with_its_recording(tmp_path):
    said: list[str] = []
    for lap in (LAPS[1], LAPS[2]):
        with SessionRecorder(tmp_path, said.append) as recorder:
            recorder.add(Snapshot({"SessionInfo": session(2, "Qualifying"), "LapCount": {"CurrentLap": 0}}))
            recorder.add(lap)
    events = list(read(tmp_path / "2024-05-18_imola_Q.jsonl.gz"))
    assert [type(event).__name__ for event in events] == ["Snapshot", "Message", "Gap", "Snapshot", "Message"]
    assert events[2].since_utc == LAPS[1].utc
    assert said[1].startswith(f"going on with {recorder.path}, to which nothing was recorded for ")


def test_a_session_that_is_named_later_begins_with_all_that_was_known(tmp_path):
    with SessionRecorder(tmp_path, lambda _: None) as recorder:
        recorder.add(Snapshot({"LapCount": {"CurrentLap": 3}}))
        unnamed = recorder.path
        recorder.add(Message("SessionInfo", session(2, "Qualifying"), LAPS[3].utc))
        recorder.add(LAPS[4])
    assert state_of(unnamed) == {"LapCount": {"CurrentLap": 3}}
    assert state_of(tmp_path / "2024-05-18_imola_Q.jsonl.gz")["LapCount"] == {"CurrentLap": 4}
    assert next(iter(read(recorder.path))) == Snapshot({"LapCount": {"CurrentLap": 3}, "SessionInfo": session(2, "Qualifying")})


hostile = st.sampled_from(
    ["../../etc/passwd", "..", "/etc/x", "C:\\x", "a\0b", "\x1b[2J", "é" * 300, "", "Race", 7, None, [], {}]
)


@given(place=hostile, name=hostile, start=hostile | st.just("2024-05-18T16:00:00/../../x"), key=hostile)
@settings(deadline=None, max_examples=60)
def test_nothing_that_a_feed_says_makes_a_file_elsewhere(tmp_path_factory, place, name, start, key):
    folder = tmp_path_factory.mktemp("around") / "recordings"
    info = {"Key": key, "Name": name, "StartDate": start, "Meeting": {"Location": place, "Name": name}}
    with SessionRecorder(folder, lambda _: None) as recorder:
        recorder.add(Snapshot({"SessionInfo": info}))
        recorder.add(Message("SessionInfo", {"Key": 5, "Meeting": place}, ""))
    files = [path for path in folder.parent.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert files
    assert all(path.parent == folder and path.name.endswith(".jsonl.gz") for path in files)


@contextmanager
def recording(*words: str, url: str):
    """Run the command; at the end it is killed."""
    command = [sys.executable, "-m", "f1nb.cli", "live", "record", *words]
    process = subprocess.Popen(command, env={**os.environ, "F1NB_LIVE_URL": url}, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_a_recorder_that_is_killed_has_all_but_the_last_second_and_another_one_goes_on(tmp_path):
    snapshot, messages = imola()
    path = tmp_path / "2024-05-18_imola_Q.jsonl.gz"
    first = copy.deepcopy(snapshot)

    async def scenario():
        server = LiveServer(snapshot, is_patient=True)
        async with serving(server) as url:
            async with asyncio.timeout(120):
                with recording("--out", str(tmp_path), url=url):
                    await server.joined()
                    await replay(server, messages[:2000], speed=None)
                    while not path.exists() or messages[1999] not in read(path):  # noqa: ASYNC110 - another process writes it
                        await asyncio.sleep(0.2)
                    await replay(server, messages[2000:2010], speed=None)
                before = list(read(path))
                while server.clients:  # noqa: ASYNC110 - it may take a moment until the server knows
                    await asyncio.sleep(0.01)
                await replay(server, messages[2010:3000], speed=None)
                with recording("--out", str(tmp_path), url=url) as process:
                    said = await asyncio.to_thread(process.stdout.readline)
                    while "going on with" not in said:
                        said = await asyncio.to_thread(process.stdout.readline)
                    await replay(server, messages[3000:], speed=None)
                    while messages[-1] not in read(path):  # noqa: ASYNC110 - another process writes it
                        await asyncio.sleep(0.5)
        return before, server

    before, server = asyncio.run(scenario())
    count = len(before) - 1
    assert count >= 2000
    assert before == [Snapshot(first), *messages[:count]]
    after = list(read(path))
    assert after[: len(before)] == before
    gap, again = after[len(before) : len(before) + 2]
    assert (gap.since_utc, gap.until_utc) == (messages[count - 1].utc, again.topics["Heartbeat"]["Utc"])
    assert after[len(before) + 2 :] == messages[3000:]
    assert state_of(path) == server.state
    assert recordings.read(path).gaps == 1
