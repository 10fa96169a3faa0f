"""A process that is killed at any moment leaves a whole store, and the next run completes what it was at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from archive_files import session as archive_session
from archive_files import to_zip
from s3_host import s3_host

import f1nb
from f1nb.store import Key, Store

DUTCH = Key(2025, "Dutch Grand Prix", "R")

# Everything is imported once; each run is a fork of that, and is killed at one of the calls that a whole run makes.
NURSERY = """
import importlib, json, os, random, signal, sys, threading, traceback
import f1nb.bundles
from f1nb.cli import main
from f1nb.store import Key, Store

task, count = json.loads(sys.argv[1]), int(sys.argv[2])

def work(attempt):
    place = f"{task['place']}/{attempt // task['runs_in_one_place']}"
    if "words" in task:
        os.environ["F1NB_HOME"] = place
        return main(task["words"])
    f1nb.bundles.push(Key(*task["key"]), Store(task["sources"][attempt % 2]), place)
    return 0

def run(attempt, last_call=None, is_counted=True):
    # returns whether it was killed, and what it said: how many calls it made and what it imported
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        calls, code = 0, 1
        def count_calls(*_):
            nonlocal calls
            calls += 1
            if calls == last_call:
                os.kill(os.getpid(), signal.SIGKILL)
        try:
            if is_counted:
                threading.setprofile(count_calls)
                sys.setprofile(count_calls)
            code = work(attempt)
            sys.setprofile(None)
            os.write(write, json.dumps([calls, sorted(sys.modules)]).encode())
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(write)
    with open(read, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return status == signal.SIGKILL, said

def report(attempt, killed):
    place = str(attempt // task["runs_in_one_place"])
    print(json.dumps({"attempt": attempt, "place": place, "killed": killed}), flush=True)
    sys.stdin.readline()  # until it has been looked at

_, said = run(10_000, is_counted=False)
for name in json.loads(said)[1]:
    if name.split(".")[0] in ("f1nb", "polars", "pyarrow", "numpy", "s3fs"):
        importlib.import_module(name)
_, said = run(20_000)
calls = json.loads(said)[0]
chance = random.Random(3)
for attempt in range(count):
    if attempt % (2 * task["runs_in_one_place"]) == task["runs_in_one_place"]:  # in every other place something is replaced
        run(attempt)
    killed, _ = run(attempt, chance.randrange(1, calls))
    report(attempt, killed)
    if attempt % 10 == 9:
        run(attempt)
        report(attempt, False)
"""


class Nursery:
    """Runs of a task that are killed; iterate over what is left after each."""

    def __init__(self, task: dict[str, Any], count: int, environment: dict[str, str]) -> None:
        command = [sys.executable, "-c", NURSERY, json.dumps(task), str(count)]
        self._process = subprocess.Popen(
            command, env=os.environ | environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __iter__(self):
        assert self._process.stdout
        assert self._process.stdin
        for line in self._process.stdout:
            yield json.loads(line)
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        assert self._process.wait() == 0

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_load_that_is_killed_leaves_a_whole_store_and_the_next_one_completes_it(tmp_path: Path) -> None:
    source = to_zip(archive_session(laps=2), tmp_path / "small.zip")
    words = ["load", "2025", "Dutch", "R", "--source", str(source), "--force"]
    task = {"words": words, "place": str(tmp_path), "runs_in_one_place": 10}
    nursery = Nursery(task, 50, {"F1NB_ARCHIVE": "http://127.0.0.1:9"})
    killed = 0
    try:
        for run in nursery:
            store = Store(tmp_path / run["place"] / "sessions")
            assert list(store.problems()) in ([], [None])
            assert store.has(DUTCH) or int(run["place"]) % 2 == 0  # there nothing was stored before
            if store.has(DUTCH):
                assert store.open(DUTCH).laps.height == 4
            killed += run["killed"]
            if not run["killed"]:
                assert store.has(DUTCH)
                assert leftovers(Path(store.root) / DUTCH.path) == []
    finally:
        nursery.close()
    assert killed > 40


@pytest.mark.parametrize(("place", "count"), [("folder", 20), ("s3", 10)])
def test_a_push_that_is_killed_leaves_a_whole_store_and_the_next_one_completes_it(
    place: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [Store(tmp_path / name) for name in ("long", "short")]
    race = f1nb.simulate(seed=7, laps=3, cars=4)
    key = sources[0].write(race)
    sources[1].write(race.pick(lap=[1, 2]))
    expected = [store.manifest(key) for store in sources]
    with s3_host("team") as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        target = "s3://team" if place == "s3" else str(tmp_path / "team")
        task = {
            "sources": [store.root for store in sources],
            "key": [key.year, key.event, key.session],
            "place": target,
            "runs_in_one_place": 4,
        }
        nursery = Nursery(task, count, environment | {"F1NB_HOME": str(tmp_path / "home")})
        killed = 0
        try:
            for run in nursery:
                store = Store(f"{target}/{run['place']}")
                assert list(store.problems()) in ([], [None])
                assert store.has(key) or int(run["place"]) % 2 == 0
                if store.has(key):
                    assert store.manifest(key) in expected
                    assert [row["key"] for row in store.catalog()] == [key]
                killed += run["killed"]
                if not run["killed"]:
                    assert store.manifest(key) == expected[run["attempt"] % 2]
        finally:
            nursery.close()
    assert killed > count / 2
