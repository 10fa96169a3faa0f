"""A table of many sessions is one frame, and only what is asked for is opened."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import f1nb
from f1nb.errors import NotFoundError, StoreError
from f1nb.schema import TABLES
from f1nb.session import Session
from f1nb.store import Key, Store

STORED = [
    (2023, 1, "Bahrain Grand Prix", "R"),
    (2024, 1, "Bahrain Grand Prix", "R"),
    (2024, 2, "Australian Grand Prix", "Q"),
    (2024, 2, "Australian Grand Prix", "R"),
    (2025, None, "Dutch Grand Prix", "R"),
]


@pytest.fixture(scope="module")
def race() -> Session:
    return f1nb.simulate(laps=2, cars=3)


def write(store: Store, race: Session, named: Iterable[tuple[int, int | None, str, str]]) -> None:
    """Store the race under these names."""
    tables = {name: race.scan(name).collect() for name in TABLES}
    for year, number, event, kind in named:
        town = "Sakhir" if event.startswith("Bahrain") else None
        about = pl.DataFrame({"year": year, "round": number, "event": event, "session": kind, "location": town})
        names = tables["session"].drop(about.columns).hstack(about)
        store.write(Session(tables | {"session": TABLES["session"].frame(names)}))


@pytest.fixture(scope="module")
def filled(race: Session, tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(tmp_path_factory.mktemp("store"))
    write(store, race, STORED)
    return store


@pytest.fixture
def store(filled: Store, tmp_path: Path) -> Store:
    """The same, for tests that damage it."""
    shutil.copytree(filled.root, tmp_path / "store")
    return Store(tmp_path / "store")


def sessions_in(frame: pl.LazyFrame) -> list[tuple[int, int | None, str, str]]:
    return frame.select("year", "round", "event", "session").unique(maintain_order=True).collect().rows()


# -- what comes out -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["laps", "telemetry", "results", "track_status"])
def test_a_table_of_all_sessions_has_each_one_as_it_is_when_opened(filled: Store, table: str) -> None:
    frame = f1nb.scan(table, store=filled).collect()
    for year, number, event, kind in STORED:
        alone = filled.open(Key(year, event, kind)).scan(table).collect()
        part = frame.filter(year=year, event=event, session=kind)
        assert_frame_equal(part.drop("year", "round", "event", "session"), alone, check_exact=True)
        assert part["round"].unique().to_list() == [number]
    in_front = {name: TABLES["session"].schema[name] for name in ("year", "round", "event", "session")}
    assert frame.schema == pl.Schema(in_front | TABLES[table].schema)


def test_sessions_come_in_the_order_of_the_season_and_laps_in_that_of_their_table(filled: Store) -> None:
    frame = f1nb.scan("laps", store=filled)
    assert sessions_in(frame) == STORED
    laps = frame.filter(year=2023).select("driver", "lap").collect()
    assert laps.equals(laps.sort("driver", "lap"))


def test_the_session_table_has_its_own_columns_once(filled: Store) -> None:
    frame = f1nb.scan("session", store=filled).collect()
    assert sorted(frame.columns) == sorted(TABLES["session"].schema)
    assert frame.columns[:4] == ["year", "round", "event", "session"]
    assert frame.select("year", "round", "event", "session").rows() == STORED


def test_tables_without_rows_stay_empty(filled: Store) -> None:
    frame = f1nb.scan("radio", store=filled).collect()
    assert frame.is_empty()
    assert set(TABLES["radio"].schema) < set(frame.columns)


# -- which sessions -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"years": 2024}, STORED[1:4]),
        ({"years": [2023, 2025]}, [STORED[0], STORED[4]]),
        ({"years": range(2018, 2024)}, STORED[:1]),
        ({"session": "race", "years": [2024]}, [STORED[1], STORED[3]]),
        ({"session": ["Q", "SQ"]}, [STORED[2]]),
        ({"session": ["S", "R"], "years": ["2023", 2025]}, [STORED[0], STORED[4]]),  # no sprint format in every season
        ({"years": "2024", "session": "Q"}, [STORED[2]]),
        ({"event": "sakhir"}, STORED[:2]),
        ({"event": "bahrain", "years": 2024}, [STORED[1]]),
        ({"event": 2, "session": "R"}, [STORED[3]]),
        ({"event": "dutch"}, [STORED[4]]),
    ],
)
def test_sessions_are_named_as_people_do(filled: Store, asked: dict[str, Any], found: list[tuple[int, int, str, str]]) -> None:
    assert sessions_in(f1nb.scan("laps", store=filled, **asked)) == found


@pytest.mark.parametrize(
    ("table", "asked", "message"),
    [
        ("lap", {}, "there is no table 'lap'; did you mean laps"),
        ("laps", {"years": 2019}, "nothing of 2019 is stored; there are sessions of 2023, 2024 or 2025"),
        ("laps", {"years": 2025, "session": "Q"}, "no Q of these seasons is stored; there are R"),
        ("laps", {"event": "dutsch"}, "there is no event 'dutsch'; did you mean Dutch Grand Prix"),
        ("laps", {"session": "SQ"}, "no SQ of these seasons is stored; there are Q or R"),
        ("laps", {"years": "2018-2025"}, "'2018-2025' is not a year"),
        ("laps", {"session": "warm-up"}, "there is no session 'warm-up'; it is one of FP1, "),
    ],
)
def test_what_is_not_there_is_said_with_what_is(filled: Store, table: str, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(NotFoundError, match=message):
        f1nb.scan(table, store=filled, **asked)


def test_an_empty_store_says_how_to_fill_it(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"the store is empty; load a session, e\.g\. f1nb load 2025"):
        f1nb.scan("laps", store=tmp_path)


def test_without_a_store_it_is_that_of_the_machine_and_the_shared_one(
    filled: Store, race: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("F1NB_HOME", str(tmp_path))
    own = (2025, 15, "Dutch Grand Prix", "R")
    write(Store(), race, [own])
    assert sessions_in(f1nb.scan("laps")) == [own]
    monkeypatch.setenv("F1NB_STORE", filled.root)
    assert sessions_in(f1nb.scan("laps")) == [*STORED[:4], own]  # the race that both have is the machine's own


# -- what is opened -----------------------------------------------------------------------------------------------------------


def damage(store: Store, *named: str) -> None:
    """Cut off files."""
    for name in named:
        (path,) = Path(store.root).glob(name)
        path.write_bytes(path.read_bytes()[:100])


def test_damaged_files_of_other_sessions_and_tables_do_not_disturb(store: Store) -> None:
    damage(store, "2023/*/R/laps-*", "2023/*/R/manifest.json", "2024/*/Q/laps-*", "2024/*/Q/manifest.json")
    damage(store, "2025/*/R/telemetry-*")
    frame = f1nb.scan("laps", years=[2024, 2025], session="R", store=store).collect()
    assert frame["year"].unique(maintain_order=True).to_list() == [2024, 2025]


def test_a_damaged_file_of_a_session_that_is_asked_for_is_named_with_the_remedy(store: Store) -> None:
    damage(store, "2025/*/R/laps-*")
    with pytest.raises(StoreError, match=r"laps-.* of 2025 Dutch Grand Prix R is damaged .*--force"):
        f1nb.scan("laps", store=store)
    damage(store, "2023/*/R/manifest.json")
    with pytest.raises(StoreError, match=r"2023/bahrain-grand-prix/R/manifest.json is damaged; load the session again"):
        f1nb.scan("laps", years=2023, store=store)


def test_of_the_files_only_the_rows_and_columns_of_the_query_are_read(filled: Store) -> None:
    query = f1nb.scan("telemetry", store=filled).filter(driver="AAA", year=2024).select("event", "lap", "speed_kmh")
    reading = query.explain().split("Parquet SCAN")[1]
    assert 'SELECTION: col("driver") == "AAA"' in reading
    assert "PROJECT 3/" in reading  # lap, speed and the file
