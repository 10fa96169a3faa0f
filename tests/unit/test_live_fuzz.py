"""A feed that has gone mad is followed to its end, and forgotten with the next clean snapshot."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import orjson
import pytest
from imola import imola

from f1nb.live.state import TOPICS, State
from f1nb.schema import TABLES

N_MESSAGES = 100_000
BLOCKS = 10
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**6, 2**53, 1e308, -0.5, "", " ", "nan", "LAP 3", "1L", "9" * 40, "\x00", "<b>", "ÿ", [], {},
    [[]], [None], {"_deleted": ["0", "Lines", 4]}, {"_deleted": "x"}, {"0": {"0": {"0": []}}}, "2099-01-01T00:00:00Z",
    "-1:-1:-1",
)  # fmt: skip
KEYS = ("_deleted", "Lines", "0", "99", "-1", "x", "", "1e3", "٣", "²", "01", "Sectors", "Value", "Status", "Utc")
TIMES = (None, "", 5, [], {}, "soon", "2099-01-01T00:00:00Z", "0001-01-01T00:00:00", "2024-05-18T13:00:00Z", "2024-05-18")
DAY_S = 86_400
recorded = cache(imola)


def mutated(chance: random.Random, value: Any, rate: float) -> Any:
    """Return a value with some of its parts gone, doubled, renamed, of another type or in another form."""
    if chance.random() < rate:
        return chance.choice(ODD)
    if isinstance(value, list):
        items = [mutated(chance, item, rate) for item in value]
        return {str(n): item for n, item in enumerate(items)} if chance.random() < rate else items
    if not isinstance(value, dict):
        return value
    out = {}
    for key, inner in value.items():
        kind = chance.random()
        if kind < 1 - rate:
            out[chance.choice(KEYS) if kind < rate else key] = mutated(chance, inner, rate)
    return out


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_message_is_so_wrong_that_it_cannot_be_followed(block: int) -> None:
    """100,000 messages over all blocks."""
    snapshot, messages = recorded()
    chance = random.Random(block)  # noqa: S311 - repeatable
    state = State()
    if block % 2:
        state.snapshot(mutated(chance, snapshot, 0.01))
    for n in range(N_MESSAGES // BLOCKS):
        topic, patch, utc = messages[n % len(messages)]
        if chance.random() < 0.05:
            topic, patch, utc = chance.choice(messages[: n + 1])  # again, or for the first time after later ones
        if chance.random() < 0.02:
            topic = chance.choice((*TOPICS, "Unknown"))
        if chance.random() < 0.02:
            utc = chance.choice(TIMES)
        state.apply(topic, mutated(chance, patch, 0.02), utc)
        if chance.random() < 0.001:
            state.snapshot(mutated(chance, snapshot, 0.05), chance.choice((utc, *TIMES)))
        if chance.random() < 0.0005:
            fit_the_schema(state)
    fit_the_schema(state, telemetry=True)
    _ = state.clock, state.key, state.latest_utc

    state.snapshot({**snapshot, "SessionInfo": {**snapshot["SessionInfo"], "Key": -1}})
    state.snapshot(snapshot)
    for message in messages[:500]:
        state.apply(*message)
    clean = State()
    clean.snapshot(snapshot)
    for message in messages[:500]:
        clean.apply(*message)
    assert {topic: state.of(topic) for topic in state.topics} == {topic: clean.of(topic) for topic in clean.topics}
    found = state.tables()
    assert all(found[name].equals(frame) for name, frame in clean.tables().items())


def fit_the_schema(state: State, *, telemetry: bool = False) -> None:
    """Check that tables are those of the schema, in order, and of one day: nothing on the wire could hold more."""
    for name, frame in state.tables(telemetry=telemetry).items():
        assert frame.schema == TABLES[name].schema, name
        if "time_s" in frame.columns and name != "results":
            assert frame["time_s"].is_sorted(), name
            assert frame.is_empty() or (frame["time_s"].abs() < DAY_S).all(), name
    assert orjson.dumps({topic: state.of(topic) for topic in state.topics})
