"""What people type, what they point at, and when they change their minds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from archive_files import session as archive_session
from archive_files import to_folder, to_zip

import f1nb
from f1nb.errors import NotFoundError, SourceError, StoreError
from f1nb.schema import TABLES
from f1nb.session import Session
from f1nb.store import Store


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of its own, and no way to the network."""
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("F1NB_ARCHIVE", "http://127.0.0.1:9")
    return tmp_path / "home"


@pytest.fixture
def files() -> dict[str, Any]:
    return archive_session()


@pytest.fixture
def source(files: dict[str, Any], tmp_path: Path) -> Path:
    return to_zip(files, tmp_path / "dutch.zip")


# -- years -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "message"),
    [
        (2017, "begin with 2018"),
        ("1950", "begin with 2018"),
        (2099, "has not begun"),
        ("next", "is not a year"),
        (None, "year"),
    ],
)
def test_a_year_without_data(year: Any, message: str) -> None:
    with pytest.raises(NotFoundError, match=message):
        f1nb.load(year, "Dutch", "R")


def test_the_year_may_be_text(source: Path) -> None:
    assert f1nb.load("2025", "Dutch", "R", source=source).info["year"] == 2025


# -- sources ------------------------------------------------------------------------------------------------------------------


def test_a_source_that_is_missing(tmp_path: Path) -> None:
    message = r"there is no source '.*missing.zip'; give auto, archive, tracinginsights, fastf1, or the path of"
    with pytest.raises(SourceError, match=message):
        f1nb.load(2025, "Dutch", "R", source=tmp_path / "missing.zip")


@pytest.mark.parametrize("source", ["auto", "archive", "tracinginsights", "fastf1"])
def test_a_tree_in_place_of_the_hosts_that_is_not_there(source: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("F1NB_ARCHIVE", str(tmp_path / "gone"))
    with pytest.raises(SourceError, match=r"^F1NB_ARCHIVE names .*gone, and there is no such folder; [^.]*$"):
        f1nb.load(2025, "Dutch", "R", source=source)


def test_a_source_that_is_no_zip(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("the tyres were cold")
    with pytest.raises(SourceError, match=r"notes.txt is not a complete zip file"):
        f1nb.load(2025, "Dutch", "R", source=tmp_path / "notes.txt")


def test_a_source_without_sessions(tmp_path: Path, files: dict[str, Any]) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=r"empty has no session of the archive in it: a folder with drivers.json"):
        f1nb.load(2025, "Dutch", "R", source=tmp_path / "empty")
    del files["drivers.json"]
    with pytest.raises(SourceError, match=r"a.zip has no session of the archive in it: a folder with drivers.json"):
        f1nb.load(2025, "Dutch", "R", source=to_zip(files, tmp_path / "a.zip"))


@pytest.mark.parametrize(
    "inside", ["Dutch Grand Prix/Race", "2025/Dutch Grand Prix/Race", "archive/2025/Dutch Grand Prix/Race", "Race", ""]
)
def test_folders_and_zips_give_the_same_however_they_are_packed(
    tmp_path: Path, files: dict[str, Any], source: Path, inside: str
) -> None:
    expected = f1nb.load(2025, "Dutch", "R", source=source)
    tables = {name: expected.scan(name).collect() for name in TABLES}
    to_folder(files, tmp_path / "folder" / inside)
    for path in (to_zip(files, tmp_path / "other.zip", inside), tmp_path / "folder"):
        session = f1nb.load(2025, "Dutch", "R", source=path, force=True)
        for name, frame in tables.items():
            assert session.scan(name).collect().equals(frame), name


def test_a_source_without_that_event_or_session(source: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no event 'monza'; there are Dutch Grand Prix"):
        f1nb.load(2025, "monza", "R", source=source)
    with pytest.raises(NotFoundError, match=r"dutch.zip has no Q of the Dutch Grand Prix; it has Race"):
        f1nb.load(2025, "Dutch", "Q", source=source)


@pytest.mark.parametrize(("event", "session"), [("monaco", "Q"), ("spanish", "R"), ("monaco", "R")])
def test_files_of_another_session_are_not_taken_for_the_one_asked_for(tmp_path: Path, event: str, session: str) -> None:
    info = b'{"Meeting":{"Name":"Spanish Grand Prix"},"Name":"Qualifying","StartDate":"2024-06-22T16:00:00"}'
    (tmp_path / "SessionInfo.jsonStream").write_bytes(b"\xef\xbb\xbf00:00:00.000" + info + b"\r\n")
    with pytest.raises(NotFoundError, match=r"is the 2024 Spanish Grand Prix, Q, not the 2024 .*, [QR]$"):
        f1nb.load(2024, event, session, source=tmp_path)
    assert not f1nb.sessions().height


def test_one_of_several_sessions_is_found(tmp_path: Path, files: dict[str, Any]) -> None:
    for event in ("Dutch Grand Prix", "Italian Grand Prix"):
        for folder in ("Race", "Sprint Qualifying"):
            to_folder(files, tmp_path / "many" / event / folder)
    session = f1nb.load(2025, "monza", "SQ", source=tmp_path / "many")
    assert (session.info["event"], session.info["session"]) == ("Italian Grand Prix", "SQ")


# -- the store ----------------------------------------------------------------------------------------------------------------


def test_what_is_stored_is_not_loaded_again(source: Path) -> None:
    f1nb.load(2025, "Dutch", "R", source=source)
    source.unlink()
    assert f1nb.load(2025, "zandvoort", "race").laps.height == 6


def test_force_loads_it_again(tmp_path: Path, source: Path) -> None:
    f1nb.load(2025, "Dutch", "R", source=source)
    longer = to_zip(archive_session(laps=4), tmp_path / "longer.zip")
    assert f1nb.load(2025, "Dutch", "R", source=longer).laps.height == 6
    assert f1nb.load(2025, "Dutch", "R", source=longer, force=True).laps.height == 8


def test_force_mends_a_damaged_bundle(source: Path, own_home: Path) -> None:
    f1nb.load(2025, "Dutch", "R", source=source)
    manifest = own_home / "sessions/2025/dutch-grand-prix/R/manifest.json"
    manifest.write_bytes(b"{")
    with pytest.raises(StoreError, match="--force"):
        f1nb.load(2025, "Dutch", "R", source=source)
    assert f1nb.load(2025, "Dutch", "R", source=source, force=True).laps.height == 6


def test_a_failed_load_keeps_what_was_there(tmp_path: Path, files: dict[str, Any], source: Path) -> None:
    before = f1nb.load(2025, "Dutch", "R", source=source).laps
    files["drivers.json"] = b"{"
    with pytest.raises(SourceError):
        f1nb.load(2025, "Dutch", "R", source=to_zip(files, tmp_path / "bad.zip"), force=True)
    assert f1nb.load(2025, "Dutch", "R").laps.equals(before)


@pytest.mark.parametrize("stored_before", [False, True])
def test_ctrl_c_in_the_middle_leaves_the_store_as_it_was(
    tmp_path: Path, dutch_zip: Path, files: dict[str, Any], stored_before: bool
) -> None:
    home = tmp_path / "home"
    if stored_before:
        f1nb.load(2025, "Dutch", "R", source=to_zip(files, tmp_path / "small.zip"))
    before = {p: p.read_bytes() for p in home.rglob("*") if p.is_file()}
    lock = home / "sessions/.locks/2025-dutch-grand-prix-R"
    lock.unlink(missing_ok=True)  # of the load before
    command = [sys.executable, "-m", "f1nb.cli", "load", "2025", "Dutch", "R", "--source", str(dutch_zip), "--force"]
    process = subprocess.Popen(command, env=os.environ, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not lock.exists():
        time.sleep(0.01)
    time.sleep(0.3)  # of the two seconds or more that it takes
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert (said.strip(), process.returncode) == ("f1nb: stopped; what was there before is unchanged", 1)
    after = {p: p.read_bytes() for p in home.rglob("*") if p.is_file() and ".locks" not in p.parts}
    assert after == {p: content for p, content in before.items() if ".locks" not in p.parts}
    assert len(Store().catalog()) == int(stored_before)


def test_a_name_means_the_same_whatever_is_stored(tmp_path, monkeypatch):
    """With only Miami in the store, the United States Grand Prix is not Miami."""
    monkeypatch.setenv("F1NB_HOME", str(tmp_path))
    monkeypatch.setenv("F1NB_ARCHIVE", "http://127.0.0.1:9")
    race = f1nb.simulate(laps=2, cars=2)
    info = race.session.with_columns(
        event=pl.lit("Miami Grand Prix"), country=pl.lit("United States"), year=pl.lit(2025, pl.Int32)
    )
    Store().write(Session({**{n: race.scan(n) for n in TABLES}, "session": info}))
    assert f1nb.load(2025, "miami", "R").info["event"] == "Miami Grand Prix"
    with pytest.raises(SourceError, match="cannot be reached"):
        f1nb.load(2025, "United States Grand Prix", "R")


def test_a_source_that_is_not_there_is_said_also_when_the_session_is_stored(dutch):
    with pytest.raises(SourceError, match="there is no source"):
        f1nb.load(2025, "Dutch", "R", source="/nowhere/race.zip")
