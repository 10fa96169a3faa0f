"""Whole seasons are loaded by several processes, and what happens to one of them costs one session at most."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from season_tree import EVENTS, Trap, archive, season
from web_host import Host, answer, slow

from f1nb.cli import main
from f1nb.errors import NotFoundError
from f1nb.ingest import ingest
from f1nb.store import Store

FROM = {"source": "tracinginsights"}  # the only one that the tree has files of


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A season in place of all hosts, and a store of its own."""
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("F1NB_ARCHIVE", str(tmp_path / "tree"))
    return season(tmp_path / "tree", 2025)


def trap(tree: Path, event: str) -> Trap:
    return Trap(archive(tree, 2025, event, "Race") / "drivers.json")


def started(*words: str) -> tuple[subprocess.Popen[str], psutil.Process]:
    """Start the command in a group of processes of its own, like a terminal does."""
    run = subprocess.Popen(
        [sys.executable, "-m", "f1nb.cli", *words, "--source", "tracinginsights"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    return run, psutil.Process(run.pid)


def whole() -> list[str]:
    """Return the events of the races in the store, each compared with its hashes; there is nothing else in it."""
    store = Store()
    for key in store.listing():
        assert key.session == "R"
        store.verify(key)
        named = {entry["file"] for entry in store.manifest(key)["files"].values()}
        assert {path.name for path in (Path(store.root) / key.path).iterdir()} == named | {"manifest.json"}
    return sorted(row["key"].event for row in store.catalog())


# -- what comes of it ---------------------------------------------------------------------------------------------------------


def test_what_is_published_is_loaded_once_and_the_rest_says_what_it_is(tree: Path) -> None:
    outcomes = ingest(2025, sessions=["R", "Qualifying"], events=["dutch", 4], workers=2, **FROM)
    assert outcomes.drop("note").rows() == [
        (2025, 3, "Dutch Grand Prix", "Q", "not_published"),
        (2025, 3, "Dutch Grand Prix", "R", "loaded"),
        (2025, 4, "Italian Grand Prix", "Q", "not_published"),
        (2025, 4, "Italian Grand Prix", "R", "loaded"),
    ]
    assert "the per-lap archive has no Q of the 2025 Dutch Grand Prix" in outcomes["note"][0]
    assert outcomes["note"][1] is None
    manifest = Path(Store().root) / "2025/dutch-grand-prix/R/manifest.json"
    manifest.write_text("{}")
    again = ingest(2025, sessions="R", events="dutch", workers=1, **FROM)  # what is damaged is not there
    assert again["state"].to_list() == ["loaded"]
    assert whole() == ["Dutch Grand Prix", "Italian Grand Prix"]


def test_sessions_that_are_not_over_are_not_asked_for(tree: Path) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    season(tree, datetime.now(UTC).year, first_day=tomorrow, have=())
    assert ingest(datetime.now(UTC).year, **FROM).is_empty()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"years": 2016}, "there are no lap data for 2016"),
        ({"years": [2025], "events": "zandfort"}, "there is no event 'zandfort'; did you mean Dutch Grand Prix"),
        ({"years": "2025", "sessions": ["Q", "warm-up"]}, "there is no session 'warm-up'"),
        ({"years": 2025, "scheduler": "tcp://127.0.0.1:9"}, "there is no Dask scheduler at tcp://127.0.0.1:9"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_loaded(tree: Path, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(NotFoundError, match=message):
        ingest(**asked, **FROM)
    assert not whole()


@pytest.fixture
def host(tree: Path) -> Iterator[Host]:
    host = Host(tree)
    yield host
    host.close()


def test_the_command_lists_what_is_missing_by_its_reason(
    host: Host, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def mood(handler: Any, path: str) -> bool:
        status = 401 if "Australian" in path else 410 if "Dutch" in path else 0
        if status and "livetiming" in path:
            answer(handler, status)
        return bool(status) and "livetiming" in path

    host.mood = mood
    monkeypatch.setenv("F1NB_ARCHIVE", host.url)
    words = ["--sessions", "Q,R", "--events", "australian,chinese,dutch", "--source", "archive", "--workers", "1"]
    assert main(["ingest", "2025", *words]) == 1
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0] == "6 sessions: 0 loaded, 0 already there, 6 missing"
    assert lines[2:4] == ["not published (2)", "    2025 Chinese Grand Prix Q R"]
    assert lines[5:7] == ["needs sign-in: f1nb auth login (2)", "    2025 Australian Grand Prix Q R"]
    assert lines[8] == "failed (2)"
    assert all("answered 410" in line for line in lines[9::2])
    assert lines[10::2] == ["    2025 Dutch Grand Prix Q", "    2025 Dutch Grand Prix R"]
    assert "4 sessions could not be loaded" in err


@pytest.mark.parametrize("years", ["25-", "2025-2023", "last", "2025,", "2018-2020-2022"])
def test_years_that_are_none(years: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["ingest", years])
    assert "is no season; give e.g. 2025 or 2018-2025" in capsys.readouterr().err


# -- what happens to processes ------------------------------------------------------------------------------------------------


def gone(process: psutil.Process) -> None:
    """Kill a process and wait until it is no more, or the next look for a process would find it again."""
    process.kill()
    process.wait(timeout=30)


def test_a_killed_worker_costs_its_session_a_second_try_and_the_others_nothing(tree: Path) -> None:
    once, twice = trap(tree, EVENTS[0]), trap(tree, EVENTS[1])
    run, first = started("ingest", "2025", "--sessions", "R", "--workers", "1")
    gone(once.caught(first))
    once.release()
    gone(twice.caught(first))
    gone(twice.caught(first))
    out, err = run.communicate(timeout=120)
    assert (run.returncode, out.splitlines()[0]) == (1, "4 sessions: 3 loaded, 0 already there, 1 missing")
    why, which = out.splitlines()[3:5]
    assert why.startswith("  the process that loaded it was killed by SIGKILL, twice; it may need more memory than there is")
    assert which == f"    2025 {EVENTS[1]} R"
    assert "Traceback" not in err
    assert whole() == sorted({*EVENTS} - {EVENTS[1]})
    twice.release()
    assert ingest(2025, sessions="R", workers=1, **FROM)["state"].to_list() == ["stored", "loaded", "stored", "stored"]


def test_a_script_that_every_process_would_run_again_is_told_so(tree: Path, tmp_path: Path) -> None:
    script = tmp_path / "season.py"
    script.write_text(
        "from f1nb.ingest import ingest\n"
        f"print(ingest(2025, sessions='R', events='dutch', workers=1, source='{FROM['source']}')['note'].item())\n"
    )
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120, check=False)
    assert run.stdout.endswith(
        'twice; in a script, call it below if __name__ == "__main__":, else see what the process wrote\n'
    )


def test_two_runs_at_once_fetch_every_session_once(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("F1NB_ARCHIVE", host.url)
    host.mood = slow
    runs = [started("ingest", "2025", "--sessions", "R", "--workers", "1")[0] for _ in range(2)]
    assert [run.communicate(timeout=120) and run.returncode for run in runs] == [0, 0]
    fetched = {path: times for path, times in host.asked.items() if "TracingInsights" in path}
    assert len(fetched) > 4 * len(EVENTS)
    assert set(fetched.values()) == {1}
    assert whole() == sorted(EVENTS)


def test_ctrl_c_ends_all_processes_and_the_same_command_goes_on(tree: Path) -> None:
    held = trap(tree, EVENTS[1])
    run, first = started("ingest", "2025", "--sessions", "R", "--workers", "2")
    held.caught(first)
    processes = first.children(recursive=True)
    os.killpg(run.pid, signal.SIGINT)
    _, err = run.communicate(timeout=60)
    assert run.returncode == 1
    assert err == "f1nb: stopped; what was loaded so far is in the store, and the same command goes on from there\n"
    assert not psutil.wait_procs(processes, timeout=10)[1]
    assert EVENTS[1] not in whole()
    held.release()
    assert set(ingest(2025, sessions="R", workers=1, **FROM)["state"]) <= {"loaded", "stored"}
    assert whole() == sorted(EVENTS)


def test_workers_whose_first_process_is_gone_finish_what_they_have_and_leave(tree: Path) -> None:
    held = trap(tree, EVENTS[0])
    run, first = started("ingest", "2025", "--sessions", "R", "--workers", "1")
    held.caught(first)
    processes = first.children(recursive=True)
    run.kill()
    run.wait()
    held.release()
    run.communicate()
    assert not psutil.wait_procs(processes, timeout=60)[1]
    assert whole() == [EVENTS[0]]


def _address(file: Path) -> str:
    """Wait for a Dask scheduler and return its address."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if file.is_file() and file.stat().st_size:
            return json.loads(file.read_text())["address"]
        time.sleep(0.05)
    raise TimeoutError("the Dask scheduler does not start")


def test_a_dask_cluster_that_loses_a_worker_loads_every_session_once(tree: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'f1nb[dask]'")
    address = tmp_path / "scheduler.json"
    where = ("--host", "127.0.0.1", "--scheduler-file", str(address))
    elsewhere = os.environ | {"F1NB_HOME": str(tmp_path / "elsewhere")}  # the store's place comes from the client
    commands = [
        ["scheduler", *where, "--port", "0", "--no-dashboard"],
        *[["worker", *where, "--no-nanny", "--nthreads", "1", "--no-dashboard"]] * 2,
    ]
    cluster = [
        subprocess.Popen([sys.executable, "-m", "dask", *words], env=elsewhere, stderr=subprocess.DEVNULL) for words in commands
    ]
    held = trap(tree, EVENTS[1])
    try:
        run, _ = started("ingest", "2025", "--sessions", "R", "--scheduler", _address(address))
        held.caught(psutil.Process()).kill()
        held.release()
        out, _ = run.communicate(timeout=120)
    finally:
        for process in cluster:
            process.kill()
            process.wait()
    assert out == "4 sessions: 4 loaded, 0 already there, 0 missing\n"
    assert whole() == sorted(EVENTS)
    assert not (tmp_path / "elsewhere/sessions").exists()
