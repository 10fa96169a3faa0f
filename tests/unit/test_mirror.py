"""A store for others is filled from what is here and what can be loaded, whatever happens on the way."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from itertools import cycle
from pathlib import Path

import psutil
import pytest
from s3_host import s3_host
from season_tree import EVENTS, season

import f1nb
from f1nb.cli import main
from f1nb.errors import StoreError
from f1nb.ingest import mirror
from f1nb.store import Store

FROM = {"source": "tracinginsights", "workers": 1}
ALL = sorted((event, kind) for event in EVENTS for kind in ("Q", "R"))


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A season in place of all hosts, and a store of its own."""
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("F1NB_ARCHIVE", str(tmp_path / "tree"))
    return season(tmp_path / "tree", 2025, have=("Qualifying", "Race"))


def whole(target: Path) -> list[tuple[str, str]]:
    """Return the sessions that are there, each compared with its hashes."""
    store = Store(target)
    for key in store.listing():
        store.verify(key)
    return sorted((row["key"].event, row["key"].session) for row in store.catalog())


def test_what_is_here_is_passed_on_and_what_is_not_is_loaded_first(tree: Path, tmp_path: Path) -> None:
    def again() -> list[str]:
        return mirror(2025, target, sessions="R", events=["australian", "dutch"], **FROM)["state"].to_list()

    target = tmp_path / "team" / "store"
    here = f1nb.load(2025, "Dutch Grand Prix", "R", source="tracinginsights")
    tree.rename(tmp_path / "gone")
    season(tmp_path / "tree", 2025, have=())
    assert again() == ["not_published", "loaded"]  # without its source, from the store of here
    season(tmp_path / "tree", 2025)
    assert again() == ["loaded", "stored"]
    assert whole(target) == [("Australian Grand Prix", "R"), ("Dutch Grand Prix", "R")]
    time.sleep(1)  # a manifest says its second
    Store().write(here.pick(driver="VER"))  # it is loaded anew, and has become another
    assert again() == ["stored", "loaded"]
    assert set(f1nb.scan("laps", event="dutch", store=target).collect()["driver"]) == {"VER"}


def test_the_command_says_what_it_did_and_others_read_the_target(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["--sessions", "FP1,R", "--events", "monza", "--to", "team", "--source", "tracinginsights", "--workers", "1"]
    assert main(["mirror", "2025", *words]) == 0
    out, _ = capsys.readouterr()
    assert out.splitlines() == [
        "2 sessions: 1 loaded, 0 already there, 1 missing",
        "",
        "not published (1)",
        "    2025 Italian Grand Prix FP1",
    ]
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "another"))
    monkeypatch.setenv("F1NB_STORE", str(tmp_path / "team"))
    assert f1nb.load(2025, "Italian Grand Prix", "R").laps.height > 0


def test_a_target_that_cannot_be_reached_is_said_before_anything_is_loaded(tree: Path) -> None:
    with pytest.raises(StoreError, match="cannot be"):
        mirror(2025, "nowhere://bucket/f1", sessions="R", **FROM)
    assert not Store().listing()


def test_a_bucket_is_filled_by_one_machine_and_scanned_by_another(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_host("team") as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        asked = {"sessions": ["Q", "R"], "events": "dutch", "source": "tracinginsights"}
        assert mirror(2025, "s3://team/f1", workers=2, **asked)["state"].to_list() == ["loaded", "loaded"]
        monkeypatch.setenv("F1NB_HOME", str(tmp_path / "another"))
        monkeypatch.setenv("F1NB_STORE", "s3://team/f1")
        laps = f1nb.scan("laps", years=2025, event="zandvoort").collect()
        assert laps["session"].unique(maintain_order=True).to_list() == ["Q", "R"]
        assert not Store().listing()


def workers_of(run: subprocess.Popen[bytes]) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return [p for p in psutil.Process(run.pid).children() if "spawn_main" in " ".join(p.cmdline())]
    return []


def test_whenever_it_is_killed_the_target_is_whole_and_the_next_run_goes_on(tree: Path, tmp_path: Path) -> None:
    """Fifty times: workers at random moments, and in every fifth case all processes of the run."""
    chance = random.Random(3)  # noqa: S311
    target = tmp_path / "target"
    words = ["mirror", "2025", "--sessions", "Q,R", "--to", str(target), "--source", "tracinginsights", "--workers"]
    kills = 0
    for workers_at_once in cycle("121"):
        if kills >= 50:
            break
        run = subprocess.Popen(
            [sys.executable, "-m", "f1nb.cli", *words, workers_at_once],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        while run.poll() is None:
            time.sleep(chance.uniform(0.2, 1.2) if workers_of(run) else 0.05)
            workers = workers_of(run)
            if not workers:
                continue
            kills += 1
            if kills % 5:
                with suppress(psutil.NoSuchProcess):
                    chance.choice(workers).kill()
            else:
                os.killpg(run.pid, signal.SIGKILL)
                run.wait()
            whole(target)
        if run.returncode == 0:  # it came to its end all the same: from the beginning
            assert whole(target) == ALL
            shutil.rmtree(target)
            shutil.rmtree(tmp_path / "home/sessions")
    outcomes = mirror(2025, target, sessions=["Q", "R"], source="tracinginsights", workers=2)
    assert set(outcomes["state"]) <= {"loaded", "stored"}
    assert whole(target) == ALL
