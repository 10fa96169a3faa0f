"""The live feed: a recorded qualifying hour against the plainest merge of the same messages, and its tables as they grow."""

from __future__ import annotations

import os
import time
from itertools import islice
from pathlib import Path
from typing import Any

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


@pytest.fixture(scope="module")
def snapshot(recording: Path) -> dict[str, Any]:
    return orjson.loads((recording / "subscribe.txt").read_bytes())


def merged(state: dict[str, Any], patch: dict[str, Any]) -> None:
    """Merge a patch as simply as can be: the yardstick."""
    for key, value in patch.items():
        if type(value) is dict:
            held = state.get(key)
            if type(held) is not dict:
                held = state[key] = {}
            merged(held, value)
        else:
            state[key] = value


@pytest.mark.benchmark(group="an hour of the live feed", timer=time.process_time)
def test_live_orjson(benchmark, lines: list[bytes]) -> None:
    """Parse the messages and drop them."""

    def parse() -> int:
        return sum(len(orjson.loads(line)["A"]) for line in lines)

    assert benchmark.pedantic(parse, **CPU) == 3 * len(lines)


@pytest.mark.benchmark(group="an hour of the live feed, parsed", timer=time.process_time)
def test_live_plain_merge(benchmark, lines: list[bytes]) -> None:
    """Merge the messages into a dict and know nothing else of them."""

    def parsed() -> tuple[tuple[list[Any]], dict[str, Any]]:
        return ([orjson.loads(line)["A"] for line in lines],), {}

    def follow(messages: list[Any]) -> dict[str, Any]:
        state: dict[str, Any] = {}
        for topic, patch, _ in messages:
            merged(state.setdefault(topic, {}), patch)
        return state

    state = benchmark.pedantic(follow, setup=parsed, **CPU)
    benchmark.extra_info["messages_per_s"] = round(len(lines) / benchmark.stats.stats.min)
    assert len(state["TimingData"]["Lines"]) == 20


@pytest.mark.benchmark(group="an hour of the live feed, parsed", timer=time.process_time)
def test_live_state(benchmark, snapshot: dict[str, Any], lines: list[bytes]) -> None:
    """Apply the messages, none twice, keep what tables are made of, and tell each change."""

    def parsed() -> tuple[tuple[State, list[Any]], dict[str, Any]]:
        state = State()
        state.snapshot(snapshot)
        return (state, [orjson.loads(line)["A"] for line in lines]), {}

    def follow(state: State, messages: list[Any]) -> State:
        for message in messages:
            state.apply(*message)
        return state

    state = benchmark.pedantic(follow, setup=parsed, **CPU)
    benchmark.extra_info["messages_per_s"] = round(len(lines) / benchmark.stats.stats.min)
    assert len(state.of("TimingData")["Lines"]) == 20


@pytest.mark.benchmark(group="tables of the live feed", timer=time.process_time)
def test_live_tables(benchmark, recording: Path) -> None:
    """Make all tables at the end of the hour, of nothing."""

    def ended() -> tuple[tuple[State], dict[str, Any]]:
        return (recordings.read(recording).state(),), {}

    assert benchmark.pedantic(State.tables, setup=ended, **CPU)["laps"].height > 250


@pytest.mark.benchmark(group="tables of the live feed", timer=time.process_time)
def test_live_refresh(benchmark, recording: Path, snapshot: dict[str, Any]) -> None:
    """Make them follow ten messages, late in the hour."""
    messages = recordings.read(recording).messages
    state, n = State(), len(messages) - 2000
    state.snapshot(snapshot)
    for message in messages[:n]:
        state.apply(*message)
    state.tables()
    coming = iter(messages[n:])

    def next_ten() -> tuple[tuple[State], dict[str, Any]]:
        for message in islice(coming, 10):
            state.apply(*message)
        return (state,), {}

    assert benchmark.pedantic(State.tables, setup=next_ten, rounds=150)["laps"].height > 250
