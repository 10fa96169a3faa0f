"""A store that one machine fills and others read: on S3, in a folder, or out of reach."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import fsspec
import polars as pl
import pytest
from archive_files import session as archive_session
from archive_files import to_zip
from s3_host import KEYS, s3_host

import f1nb
from f1nb.bundles import push
from f1nb.cli import main
from f1nb.errors import StoreError
from f1nb.schema import TABLES
from f1nb.session import Session
from f1nb.store import Key, Store, catalog, find

TEAM = "s3://team/store"
RACE = Key(2026, "Simulated Grand Prix", "R")
OTHER = Key(2026, "Other Grand Prix", "R")


@pytest.fixture(scope="module")
def s3() -> Iterator[dict[str, str]]:
    with s3_host("team") as environment:
        yield environment


@pytest.fixture
def team(s3: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """An empty bucket, and a machine that may use it."""
    for name, value in s3.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "first"))
    monkeypatch.delenv("F1NB_STORE", raising=False)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    yield TEAM
    keys = {"key": s3["AWS_ACCESS_KEY_ID"], "secret": s3["AWS_SECRET_ACCESS_KEY"]}
    files = fsspec.filesystem("s3", endpoint_url=s3["AWS_ENDPOINT_URL"], **keys)
    files.invalidate_cache()
    if found := files.find("team"):
        files.rm(found)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, simulated: Session) -> Store:
    """The store of a machine that has loaded two sessions."""
    store = Store(tmp_path_factory.mktemp("first"))
    store.write(simulated)
    store.write(renamed(simulated, OTHER.event))
    return store


def renamed(session: Session, event: str) -> Session:
    tables = {name: session.pick(lap=[1, 2]).scan(name).collect() for name in TABLES}
    return Session(tables | {"session": tables["session"].with_columns(event=pl.lit(event))})


def on_another_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str, name: str = "second") -> None:
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / name))
    monkeypatch.setenv("F1NB_STORE", address)


# -- read -----------------------------------------------------------------------------------------------------------------


def test_what_one_machine_pushed_another_reads(
    team: str, first: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [push(key, first, team) for key in (RACE, OTHER)] == [True, True]
    on_another_machine(monkeypatch, tmp_path, team)
    for key in (RACE, OTHER):
        store = find(key)
        assert store
        assert store.name == team
        there, here = store.open(key), first.open(key)
        for table in TABLES:
            assert there.scan(table).collect().equals(here.scan(table).collect())
    assert set(f1nb.sessions().select("event", "where").rows()) == {(RACE.event, team), (OTHER.event, team)}
    assert main(["sessions"]) == 0
    assert [line.endswith(f"shared: {team}") for line in capsys.readouterr().out.splitlines()] == [True, True]
    assert not (tmp_path / "second" / "sessions").exists()  # opened in place


def test_what_is_here_comes_before_what_is_shared(
    team: str, first: Store, simulated: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    push(RACE, first, team)
    on_another_machine(monkeypatch, tmp_path, team)
    Store().write(simulated.pick(lap=1))
    Store().write(renamed(simulated, "Third Grand Prix"))
    store = find(RACE)
    assert store
    assert store.open(RACE).laps["lap"].max() == 1
    here = str(tmp_path / "second" / "sessions")
    assert {(row["key"].event, row["store"].name) for row in catalog()} == {(RACE.event, here), ("Third Grand Prix", here)}


def test_a_folder_is_shared_too(first: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    push(RACE, first, tmp_path / "team")
    on_another_machine(monkeypatch, tmp_path, str(tmp_path / "team"))
    store = find(RACE)
    assert store
    assert store.open(RACE).laps.equals(first.open(RACE).laps)
    assert not (tmp_path / "second").exists()


def test_nothing_is_shared_where_no_store_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("F1NB_HOME", str(tmp_path))
    monkeypatch.delenv("F1NB_STORE", raising=False)
    assert find(RACE) is None
    assert catalog() == []


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("s3://elsewhere/store", "Could not connect"),
        ("s3://me:s3cr3t@team/store", "Invalid bucket name"),
        ("http://me:s3cr3t@127.0.0.1:9/store", "cannot be read"),
        ("nothing://me:s3cr3t@at/all", "nothing"),
    ],
)
def test_a_shared_store_out_of_reach_is_said_once_without_its_password_and_what_is_here_goes_on(
    address: str,
    why: str,
    simulated: Session,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fsspec.get_filesystem_class("s3").clear_instance_cache()  # it has found the one that answers
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}.items():
        monkeypatch.setenv(name, value)
    on_another_machine(monkeypatch, tmp_path, address)
    Store().write(simulated.pick(lap=1))
    for _ in range(2):
        assert [row["key"] for row in catalog()] == [RACE]
        assert find(OTHER) is None
    said = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(said) == 1
    assert why in said[0]
    assert said[0].endswith("; going on with the sessions of this machine")
    assert "s3cr3t" not in said[0]


def test_a_file_that_was_changed_there_is_one_message(
    team: str, first: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    push(RACE, first, team)
    laps = f"team/store/{RACE.path}/{first.manifest(RACE)['files']['laps']['file']}"
    files = fsspec.filesystem("s3")
    files.pipe_file(laps, bytes(reversed(files.cat_file(laps))))
    on_another_machine(monkeypatch, tmp_path, team)
    store = find(RACE)
    assert store
    with pytest.raises(
        StoreError, match=r"laps-\w+.parquet of 2026 .* does not match its hash.*remove it from s3://team/store"
    ):
        store.open(RACE)
    assert main(["bundle", "verify", "--store", team]) == 1
    said = capsys.readouterr()
    assert said.out.count("does not match its hash") == 1
    assert said.err == "f1nb: of 1 session 1 is damaged\n"
    files.rm(laps)  # the remedy
    assert push(RACE, first, team)
    assert store.open(RACE).laps.equals(first.open(RACE).laps)


def test_a_copy_that_was_changed_here_is_fetched_again(
    team: str, first: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    push(RACE, first, team)
    on_another_machine(monkeypatch, tmp_path, team)
    Store(team).open(RACE)
    for copy in (tmp_path / "second" / "copies").iterdir():
        copy.write_bytes(bytes(reversed(copy.read_bytes())))
    assert Store(team).open(RACE).laps.equals(first.open(RACE).laps)


def test_copies_that_nobody_has_opened_for_a_month_go_when_the_next_one_comes(
    team: str, first: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for key in (RACE, OTHER):
        push(key, first, team)
    on_another_machine(monkeypatch, tmp_path, team)
    Store(team).open(RACE)
    copies = tmp_path / "second" / "copies"
    of_race = set(copies.iterdir())
    old, older = time.time() - 29 * 86400, time.time() - 31 * 86400
    for copy in of_race:
        os.utime(copy, (old, old))
    Store(team).open(OTHER)
    assert of_race < set(copies.iterdir())
    for copy in of_race:
        os.utime(copy, (older, older))
    Store(team).open(RACE)  # they are used again
    assert of_race < set(copies.iterdir())
    for copy in of_race:
        os.utime(copy, (older, older))
    push(Store().write(renamed(first.open(RACE), "Third Grand Prix")), Store(), team)
    Store(team).open(Key(2026, "Third Grand Prix", "R"))
    assert of_race & set(copies.iterdir()) < of_race  # but for those that the third shares


def test_loading_and_dashboards_take_what_is_shared_and_ask_nobody_else(
    team: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("F1NB_ARCHIVE", "http://127.0.0.1:9")
    source = to_zip(archive_session(laps=2), tmp_path / "small.zip")
    here = f1nb.load(2025, "Dutch", "R", source=source)
    push(Key(2025, "Dutch Grand Prix", "R"), Store(), team)
    on_another_machine(monkeypatch, tmp_path, team)
    there = f1nb.load(2025, "zandvoort", "Race")
    for table in TABLES:
        assert there.scan(table).collect().equals(here.scan(table).collect())
    asked = os.environ | {"QUERY_STRING": "year=2025&event=dutch&session=R"}  # a kernel of its own reads it, once
    page = [sys.executable, "-c", "import f1nb; print(f1nb.open_dashboard().title)"]
    shown = subprocess.run(page, env=asked, capture_output=True, text=True, check=True)
    assert shown.stdout == "2025 Dutch Grand Prix, race\n"
    assert main(["export", "html", "2025", "Dutch", "R", "--out", str(tmp_path / "race.html")]) == 0
    assert Store().catalog() == []


def test_a_full_disk_is_one_message(team: str, first: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    push(RACE, first, team)
    disk = tmp_path / "disk"
    disk.mkdir()
    small = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)]
    if subprocess.run(small, capture_output=True, check=False).returncode:
        pytest.skip("a full disk needs the right to mount a small one")
    try:
        on_another_machine(monkeypatch, tmp_path, team, "disk")
        with pytest.raises(StoreError, match=r"cannot write to .*copies: the disk is full; free some space, or set F1NB_HOME"):
            Store(team).open(RACE)
        subprocess.run(["mount", "-o", "remount,size=10m", str(disk)], check=True)
        assert Store(team).open(RACE).laps.equals(first.open(RACE).laps)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        assert Store(team).open(RACE).laps.equals(first.open(RACE).laps)
        with pytest.raises(StoreError, match=r"cannot write to .*: it is read-only, or set F1NB_HOME to another folder"):
            Store(team).open(OTHER if push(OTHER, first, team) else RACE)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# -- written ------------------------------------------------------------------------------------------------------------------


def test_pushing_again_sends_nothing_and_what_was_cut_off_is_completed(team: str, first: Store) -> None:
    push(RACE, first, team)
    files = fsspec.filesystem("s3")
    before = {name: info["LastModified"] for name, info in files.find("team", detail=True).items()}
    time.sleep(1.1)  # the server's clock has whole seconds
    assert not push(RACE, first, team)
    assert {name: info["LastModified"] for name, info in files.find("team", detail=True).items()} == before
    weather = f"team/store/{RACE.path}/{first.manifest(RACE)['files']['weather']['file']}"
    files.rm(weather)
    files.rm(f"team/store/{RACE.path}/manifest.json")
    assert push(RACE, first, team)
    files.invalidate_cache()
    after = {name: info["LastModified"] for name, info in files.find("team", detail=True).items()}
    assert {name.rpartition("/")[2] for name in after if after[name] != before[name]} == {
        weather.rpartition("/")[2], "manifest.json", "index.json",
    }  # fmt: skip
    Store(team).verify(RACE)


def test_the_catalog_is_right_whatever_the_index_says(team: str, first: Store, simulated: Session) -> None:
    for key in (RACE, OTHER):
        push(key, first, team)
    files = fsspec.filesystem("s3")
    expected = first.catalog()
    assert Store(team).catalog() == expected
    of_both = files.cat_file("team/store/index.json")
    third = Store().write(renamed(simulated, "Third Grand Prix"))
    push(third, Store(), team)
    push(Store().write(simulated.pick(lap=1)), Store(), team)
    files.pipe_file("team/store/index.json", of_both)  # as by a writer who looked before the other two had come
    rows = {row["key"]: row["bytes"] for row in Store(team).catalog()}
    assert set(rows) == {RACE, OTHER, third}
    assert rows[RACE] == Store().manifest(RACE)["bytes"]
    for broken in (b"", b"{", b"[]", b'{"manifests": {"2026/other-grand-prix/R/manifest.json": [1]}}'):
        files.pipe_file("team/store/index.json", broken)
        assert {row["key"]: row["bytes"] for row in Store(team).catalog()} == rows
    files.rm(f"team/store/{OTHER.path}/manifest.json")
    assert {row["key"] for row in Store(team).catalog()} == {RACE, third}


def test_hundreds_of_sessions_are_listed_with_few_requests(team: str, first: Store, s3: dict[str, str]) -> None:
    """The server counts: the manifests are read once, for the index."""
    push(RACE, first, team)
    files = fsspec.filesystem("s3")
    manifest = files.cat_file(f"team/store/{RACE.path}/manifest.json")
    others = {
        f"team/store/2026/{n}-grand-prix/R/manifest.json": manifest.replace(b"Simulated Grand Prix", f"{n} Grand Prix".encode())
        for n in range(40)
    }
    files.pipe(others)
    requests: list[str] = []
    listen = logging.Handler()
    listen.emit = lambda record: requests.append(record.getMessage())
    logger = logging.getLogger("botocore.endpoint")
    level = logger.level
    logger.addHandler(listen)
    logger.setLevel(logging.DEBUG)
    try:

        def count() -> int:
            requests.clear()
            assert len(Store(team).catalog()) == 41
            return sum("Sending http request" in message for message in requests)

        assert count() > 40
        push(OTHER, first, team)
        files.rm(f"team/store/{OTHER.path}/manifest.json")
        assert 0 < count() < 5
    finally:
        logger.removeHandler(listen)
        logger.setLevel(level)


def test_a_bucket_that_is_not_there_is_not_made(team: str, first: Store) -> None:
    with pytest.raises(StoreError, match=r"s3://another-team/store cannot be written .*does not exist.*make its bucket"):
        push(RACE, first, "s3://another-team/store")
    assert fsspec.filesystem("s3").ls("") == ["team"]


def test_who_may_not_sign_in_is_told_so(team: str, first: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    with pytest.raises(StoreError, match=r"the store s3://team/store cannot be read .*credentials"):
        push(RACE, first, team)


# -- several at once ----------------------------------------------------------------------------------------------------------

READER = """
import sys, time
from f1nb.store import Key, Store
key, seen = Key(2026, "Simulated Grand Prix", "R"), []
print("ready", flush=True)
while True:
    session = Store(sys.argv[1]).open(key)
    laps, telemetry = session.laps["lap"].max(), session.telemetry.collect()
    assert telemetry["lap"].max() == laps, (laps, telemetry)
    seen.append(laps)
    if laps == 1:
        break
print(sorted(set(seen)))
"""


def test_readers_go_on_while_a_writer_replaces_a_session(
    team: str, simulated: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stores = {last: Store(tmp_path / str(last)) for last in (1, 2, 3)}
    for last, store in stores.items():
        store.write(simulated.pick(lap=range(1, last + 1)))
    push(RACE, stores[2], team)
    held = Store(team).open(RACE)
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, team],
            env=os.environ | {"F1NB_HOME": str(tmp_path / "second")},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdout
        assert reader.stdout.readline() == "ready\n"
    for last in (3, 2, 3, 1):
        push(RACE, stores[last], team)
    for reader in readers:
        seen, _ = reader.communicate(timeout=60)
        assert reader.returncode == 0
        assert set(seen.strip("[]\n").split(", ")) <= {"1", "2", "3"}
    assert held.telemetry.collect()["lap"].max() == 2
    Store(team).verify(RACE)


WRITER = """
import sys
from f1nb.bundles import push
from f1nb.store import Store
source = Store(sys.argv[1])
push(source.catalog()[0]["key"], source, sys.argv[2])
"""


def test_several_machines_push_at_once(team: str, simulated: Session, tmp_path: Path) -> None:
    """The same session and others of their own: in the end each is whole and all are listed."""
    same, other, own = (Store(tmp_path / name) for name in ("same", "other", "own"))
    for last, store in enumerate((same, other), 1):
        store.write(simulated.pick(lap=last))
    own.write(renamed(simulated, "Third Grand Prix"))
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, store.root, team]) for store in (same, other, own)]
    assert [writer.wait() for writer in writers] == [0] * 3
    assert {row["key"].event for row in Store(team).catalog()} == {RACE.event, "Third Grand Prix"}
    assert list(Store(team).problems()) == [None] * 2
    assert Store(team).manifest(RACE) in [same.manifest(RACE), other.manifest(RACE)]
