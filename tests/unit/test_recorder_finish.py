"""What was recorded of a session becomes a stored one, with the tables of the feed, and says what is missing."""

from __future__ import annotations

import asyncio
import copy
import os
import subprocess
import sys

import polars as pl
import pytest
from imola import FOLDER, imola
from polars.testing import assert_frame_equal
from real_data import DATA

import f1nb
from f1nb.analysis.complete import complete
from f1nb.cli import main
from f1nb.live import current, recorder, recordings
from f1nb.live.continuity import Gap
from f1nb.live.protocol import Message, Snapshot
from f1nb.live.recorder import Recorder
from f1nb.live.server import LiveServer, replay, serving
from f1nb.live.writer import written
from f1nb.schema import TABLES
from f1nb.session import Session
from f1nb.store import Key, Store

KEY = Key(2024, "Emilia Romagna Grand Prix", "Q")
OTHER = ("session", "data_sets")  # they say where the tables come from


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("F1NB_HOME", str(tmp_path))
    monkeypatch.setenv("F1NB_ARCHIVE", str(DATA / "mirror"))


def recorded(*parts: list) -> None:
    """Record events of the qualifying where the recorder does by default."""
    with Recorder(recorder.folder() / f"2024-05-18_imola_Q{recorder.SUFFIX}") as recording:
        for event in (event for part in parts for event in part):
            recording.add(event)


def after(snapshot: dict, messages: list[Message]) -> dict:
    """Return the state that messages lead to."""
    state = copy.deepcopy(snapshot)
    for message in messages:
        current.take(state, message)
    return state


def test_a_recorded_session_is_stored_with_the_tables_of_what_was_sent_and_opens_by_its_name(capsys):
    snapshot, messages = imola()
    expected = complete(recordings.read(FOLDER).state().tables(telemetry=True))

    async def scenario():
        server = LiveServer(snapshot, is_patient=True)
        async with serving(server) as url:
            command = [sys.executable, "-m", "f1nb.cli", "live", "record"]
            process = subprocess.Popen(command, env={**os.environ, "F1NB_LIVE_URL": url}, stdout=subprocess.PIPE)  # noqa: ASYNC220
            try:
                async with asyncio.timeout(90):
                    await server.joined()
                    await replay(server, messages, speed=None)
                    path = recorder.folder() / f"2024-05-18_imola_Q{recorder.SUFFIX}"
                    while not path.exists() or messages[-1] not in recorder.read(path):  # noqa: ASYNC110
                        await asyncio.sleep(0.2)
                    assert main(["live", "finish"]) == 1
                    assert "is still being recorded" in capsys.readouterr().err
            finally:
                process.kill()
                process.communicate()

    asyncio.run(scenario())
    assert main(["live", "finish"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("2024 Emilia Romagna Grand Prix, qualifying: 20 drivers, 286 laps, 0 samples\n")
    assert "Not in it: circuit, positions, radio, telemetry, traces." in said
    assert Store().manifest(KEY)["source"] == "recording"
    session = f1nb.load(2024, "Imola", "Q")
    for name in TABLES:
        if name not in OTHER:
            assert_frame_equal(session.scan(name).collect(), expected[name])
    assert_frame_equal(session.session.drop("source", "round"), expected["session"].drop("source", "round"))
    assert session.info["round"] == 7
    assert set(session.data_sets["origin"].drop_nulls()) <= {"recording", "derived"}
    assert session.data_sets.filter(table="results")["note"].item().startswith("Provisional")


def test_a_race_with_data_of_the_cars_has_them_and_a_simulated_one_still_says_so():
    race = f1nb.simulate(laps=3, cars=4)
    feed = written(race)
    with Recorder(recorder.folder() / f"simulated{recorder.SUFFIX}") as recording:
        for event in (Snapshot(feed.snapshot), *feed.messages):
            recording.add(event)
    assert main(["live", "finish"]) == 0
    session = f1nb.load(2026, race.info["event"], "R")
    assert session.info["is_simulated"]
    times = ("driver", "lap", "lap_time_s", "compound", "stint")
    assert_frame_equal(session.laps.select(times), race.laps.select(times))
    samples = session.telemetry.collect().height
    assert samples > 0.8 * race.telemetry.collect().height
    assert session.data_sets.filter(table="telemetry").select("state", "origin", "rows").row(0) == (
        "available",
        "recording",
        samples,
    )
    assert session.scan("traces").collect().height


def test_what_was_not_recorded_is_said_of_the_tables_that_lack_it(capsys):
    snapshot, messages = imola()
    gap = Gap(messages[3999].utc, messages[6000].utc, 660.0)
    recorded([Snapshot(snapshot), *messages[:4000], gap, Snapshot(after(snapshot, messages[:6000]))], messages[6000:9000])
    assert main(["live", "finish"]) == 0
    said = capsys.readouterr().out
    assert "Nothing was received for 660 s until 14:" in said
    session = Store().open(KEY)
    states = dict(session.data_sets.select("table", "state").iter_rows())
    assert {states[name] for name in ("laps", "timing", "mini_sectors", "weather")} == {"partial"}
    assert {states[name] for name in ("drivers", "race_control", "track_status")} == {"available"}
    assert session.race_control.height > 20


def test_a_recording_that_begins_late_and_ends_early_says_so(capsys):
    snapshot, messages = imola()
    recorded([Snapshot(after(snapshot, messages[:3000]))], messages[3000:5000])
    assert main(["live", "finish"]) == 0
    said = capsys.readouterr().out
    assert "Recorded from 14:" in said
    assert "before the session was over" in said


def test_several_sessions_in_one_file_become_all_of_them():
    snapshot, messages = imola()
    race = {"Key": 1, "Name": "Practice 3", "StartDate": "2024-05-18T12:30:00", "Meeting": {"Name": KEY.event}}
    path = recorder.folder() / f"weekend{recorder.SUFFIX}"
    with Recorder(path) as recording:
        for event in (Snapshot({**snapshot, "SessionInfo": race}), *messages[:6000], Snapshot(snapshot), *messages):
            recording.add(event)
    assert main(["live", "finish", str(path)]) == 0
    kinds = {key.session: Store().open(Key(key.year, KEY.event, key.session)).laps.height for key in Store().listing()}
    assert kinds["Q"] == 286
    assert 0 < kinds["FP3"] < 286


def test_what_the_store_has_from_a_better_source_stays_unless_it_is_forced(capsys):
    imola()
    finish = ["live", "finish", str(FOLDER)]
    simulated = f1nb.simulate(laps=2, cars=3)
    tables = {name: simulated.scan(name).collect() for name in TABLES}
    kind = pl.lit(KEY.session, TABLES["session"].schema["session"])
    tables["session"] = tables["session"].with_columns(year=pl.lit(KEY.year, pl.Int32), event=pl.lit(KEY.event), session=kind)
    better = Session(tables)
    Store().write(better, source="archive")
    assert main(finish) == 1
    assert "is in the store already, from archive; --force" in capsys.readouterr().err
    assert Store().manifest(KEY)["source"] == "archive"
    assert main([*finish, "--force"]) == 0
    assert main(finish) == 0  # one recording may take the place of another
    assert Store().manifest(KEY)["source"] == "recording"


def test_what_has_no_session_in_it_is_refused_with_what_to_do(capsys):
    assert main(["live", "finish"]) == 1
    assert "make one with: f1nb live record" in capsys.readouterr().err
    recorded([Snapshot({"Heartbeat": {"Utc": "2024-05-18T13:00:00Z"}}), Message("LapCount", {"CurrentLap": 1}, "")])
    assert main(["live", "finish"]) == 1
    assert "nobody has driven a lap in" in capsys.readouterr().err
