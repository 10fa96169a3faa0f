"""The live feed: a recorded qualifying hour against orjson's parse of the same bytes, and a refresh of all tables."""

from __future__ import annotations

import os
import time
from pathlib import Path

import orjson
import pytest

from f1nb.live import recordings
from f1nb.live.state import State

DATA = Path(os.environ.get("F1NB_TEST_DATA") or Path(__file__).parents[3] / "shared" / "data").resolve()
CPU = {"rounds": 5, "warmup_rounds": 1}


@pytest.fixture(scope="module")
def recording() -> Path:
    path = DATA / "recordings" / "2024_Imola_Qualifying"
    if not path.is_dir():
        pytest.skip(f"no real data: {path} is missing; set F1NB_TEST_DATA")
    return path


@pytest.fixture(scope="module")
def lines(recording: Path) -> list[bytes]:
    return (recording / "live.txt").read_bytes().splitlines()


@pytest.mark.benchmark(group="an hour of the live feed", timer=time.process_time)
def test_live_orjson(benchmark, lines: list[bytes]) -> None:
    """Parse the messages and drop them."""

    def parse() -> int:
        return sum(len(orjson.loads(line)["A"]) for line in lines)

    assert benchmark.pedantic(parse, **CPU) == 3 * len(lines)


@pytest.mark.benchmark(group="an hour of the live feed", timer=time.process_time)
def test_live_state(benchmark, recording: Path, lines: list[bytes]) -> None:
    """Parse the messages, apply them, and tell each change."""
    snapshot = orjson.loads((recording / "subscribe.txt").read_bytes())

    def follow() -> State:
        state = State()
        state.snapshot(snapshot)
        for line in lines:
            state.apply(*orjson.loads(line)["A"])
        return state

    state = benchmark.pedantic(follow, **CPU)
    benchmark.extra_info["messages_per_s"] = round(len(lines) / benchmark.stats.stats.min)
    assert len(state.of("TimingData")["Lines"]) == 20


@pytest.mark.benchmark(group="all tables of an hour of the live feed", timer=time.process_time)
def test_live_refresh(benchmark, recording: Path) -> None:
    """All tables anew at the end of the hour, with what is kept of each car."""
    state = recordings.read(recording).state()
    state.tables()
    assert benchmark.pedantic(state.tables, **CPU)["laps"].height > 250
