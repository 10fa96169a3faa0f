"""One frame over a store of two hundred sessions, beside the way without it: opening one after the other."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

import f1nb
from f1nb.schema import TABLES
from f1nb.session import Session
from f1nb.store import Store

FASTEST = pl.col("lap_time_s").min()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Eight seasons of five events with five sessions."""
    store = Store(tmp_path_factory.mktemp("seasons"))
    race = f1nb.simulate(laps=3, cars=4)
    tables = {name: race.scan(name).collect() for name in TABLES}
    for year in range(2018, 2026):
        for number in range(1, 6):
            for kind in ("FP1", "FP2", "FP3", "Q", "R"):
                about = pl.DataFrame(
                    {"year": year, "round": number + 1, "event": f"Event {number} Grand Prix", "session": kind}
                )
                named = tables["session"].drop(about.columns).hstack(about)
                store.write(Session(tables | {"session": TABLES["session"].frame(named)}))
    return store


@pytest.mark.benchmark(group="scan 200 sessions")
def test_scan_all(benchmark: Callable, store: Store) -> None:
    query = lambda: f1nb.scan("laps", store=store).group_by("year", "event", "session").agg(FASTEST).collect()  # noqa: E731
    assert benchmark(query).height == 200


@pytest.mark.benchmark(group="scan 200 sessions")
def test_open_all(benchmark: Callable, store: Store) -> None:
    query = lambda: [store.open(row["key"]).laps.select(FASTEST).item() for row in store.catalog()]  # noqa: E731
    assert len(benchmark.pedantic(query, rounds=3, warmup_rounds=1)) == 200


@pytest.mark.benchmark(group="scan the 15 races of three seasons among 200 sessions")
def test_scan_some(benchmark: Callable, store: Store) -> None:
    def query() -> pl.DataFrame:
        laps = f1nb.scan("laps", years=[2023, 2024, 2025], session="R", store=store)
        return laps.group_by("year", "event").agg(FASTEST).collect()

    assert benchmark(query).height == 15
