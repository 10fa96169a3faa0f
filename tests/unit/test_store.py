"""A session comes back from the store as it went in, whatever happens to processes, disks and files."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import fsspec
import orjson
import polars as pl
import pytest
from archive_files import session as archive_session
from archive_files import to_zip
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from f1nb.errors import NotFoundError, StoreError
from f1nb.loading import simulated_race
from f1nb.schema import TABLES, steps_per_unit
from f1nb.session import Session
from f1nb.store import Key, Store, slug


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def key(store: Store, simulated: Session) -> Key:
    return store.write(simulated)


def folder_of(store: Store, key: Key) -> Path:
    return Path(store.root) / key.path


def data_file(store: Store, key: Key, table: str) -> Path:
    return folder_of(store, key) / store.manifest(key)["files"][table]["file"]


def shorter(session: Session) -> Session:
    """The same session with other content."""
    return session.pick(lap=range(1, 5))


def tables_of(session: Session) -> dict[str, pl.DataFrame]:
    return {name: session.scan(name).collect() for name in TABLES}


def renamed(session: Session, event: str, year: int = 2026) -> Session:
    """One lap of the same session under another name."""
    tables = tables_of(session.pick(lap=1))
    name = tables["session"].with_columns(year=pl.lit(year, pl.Int32), event=pl.lit(event))
    return Session(tables | {"session": name})


# -- what goes in comes out ---------------------------------------------------------------------------------------------------


def test_every_table_comes_back(simulated: Session, store: Store, key: Key) -> None:
    opened = store.open(key)
    for table in TABLES:
        before, after = simulated.scan(table).collect(), opened.scan(table).collect()
        assert after.schema == before.schema == TABLES[table].schema
        floats = [c for c, dtype in before.schema.items() if dtype.is_float()]
        assert after.drop(floats).equals(before.drop(floats))
        for column in floats:
            step = 1 / steps_per_unit(column)
            assert_frame_equal(after.select(column), before.select(column), abs_tol=step * 1.001, rel_tol=0)


def test_times_are_whole_milliseconds(store: Store, key: Key) -> None:
    session = store.open(key)
    for column in ("lap_time_s", "start_time_s", "sector_1_time_s"):
        values = session.laps[column].drop_nulls()
        assert values.len() > 50
        assert values.equals(values.round(3))


def test_what_was_read_is_written_unchanged(store: Store, key: Key, tmp_path: Path) -> None:
    again = Store(tmp_path / "again")
    again.write(store.open(key))
    assert again.manifest(key)["files"] == store.manifest(key)["files"]


def changed(store: Store, key: Key, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest as a hand or another program would."""
    path = folder_of(store, key) / "manifest.json"
    manifest = orjson.loads(path.read_bytes())
    change(manifest)
    path.write_bytes(orjson.dumps(manifest))


def test_catalog_lists_the_latest_season_first_and_in_it_what_was_loaded_last(store: Store, simulated: Session) -> None:
    # season, event, start, loaded: starts are known of few, and do not mix with the times of loading
    loads = [
        (2024, "Third", None, "2026-06-01T12:00:00+00:00"),
        (2025, "Loaded First", None, "2026-01-01T12:00:00+00:00"),
        (2025, "Loaded Second", None, "2026-01-02T12:00:00+00:00"),
        (2025, "Early Start", "2025-03-01T13:00:00+00:00", "2026-01-04T12:00:00+00:00"),
        (2025, "Late Start", "2025-09-01T13:00:00+00:00", "2026-01-03T12:00:00+00:00"),
        (2023, "Fourth", "2023-09-01T13:00:00+00:00", "2026-07-01T12:00:00+00:00"),
    ]
    for year, event, start, created in loads:
        key = store.write(renamed(simulated, event, year))
        changed(store, key, lambda m, s=start, c=created: m.update(created_utc=c) or m["info"].update(start_utc=s))
    assert [row["key"].event for row in store.catalog()] == [
        "Late Start", "Early Start", "Loaded Second", "Loaded First", "Third", "Fourth",
    ]  # fmt: skip


def test_empty_store_has_an_empty_catalog(tmp_path: Path) -> None:
    assert Store(tmp_path / "nothing").catalog() == []


def test_a_session_that_is_not_there_says_how_to_load_it(store: Store) -> None:
    with pytest.raises(NotFoundError, match="f1nb load 2025 'Dutch Grand Prix' R"):
        store.open(Key(2025, "Dutch Grand Prix", "R"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("São Paulo Grand Prix", "sao-paulo-grand-prix"),
        ("70th Anniversary Grand Prix", "70th-anniversary-grand-prix"),
        ("  ../Dutch \\ Grand/Prix ", "dutch-grand-prix"),
    ],
)
def test_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


@given(st.text())
def test_slug_is_a_plain_name_of_a_folder(name: str) -> None:
    assert set(slug(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug(slug(name)) == slug(name)


# -- readers, writers and their deaths ----------------------------------------------------------------------------------------


def test_reader_goes_on_while_the_bundle_is_replaced(simulated: Session, store: Store, key: Key) -> None:
    reader = store.open(key)
    store.write(shorter(simulated))
    assert reader.telemetry.select(pl.len()).collect().item() == simulated.telemetry.select(pl.len()).collect().item()
    assert store.open(key).laps["lap"].max() == 4


def test_old_files_do_not_pile_up(simulated: Session, store: Store, key: Key) -> None:
    for session in (shorter(simulated), simulated, shorter(simulated), simulated.pick(lap=1)):
        store.write(session)
    assert len(list(folder_of(store, key).iterdir())) <= 2 * len(TABLES) + 1


def test_two_processes_load_the_same_session(tmp_path: Path) -> None:
    source = to_zip(archive_session(), tmp_path / "small.zip")
    command = [sys.executable, "-m", "f1nb.cli", "load", "2025", "Dutch", "R", "--source", str(source)]
    environment = os.environ | {"F1NB_HOME": str(tmp_path)}
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert said == ["2025 Dutch Grand Prix, race: 2 drivers, 6 laps, 1,937 samples\n"] * 2
    store, key = Store(tmp_path / "sessions"), Key(2025, "Dutch Grand Prix", "R")
    store.verify(key)
    expected = {entry["file"] for entry in store.manifest(key)["files"].values()} | {"manifest.json"}
    assert {p.name for p in folder_of(store, key).iterdir()} == expected


def test_who_waits_for_another_process_is_told_so_once(tmp_path: Path) -> None:
    source = to_zip(archive_session(), tmp_path / "small.zip")
    command = [sys.executable, "-m", "f1nb.cli", "load", "2025", "Dutch", "R", "--source", str(source)]
    key = Key(2025, "Dutch Grand Prix", "R")
    with Store(tmp_path / "sessions").locked(key):
        loader = subprocess.Popen(
            command, env=os.environ | {"F1NB_HOME": str(tmp_path)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert loader.stderr
        assert loader.stderr.readline() == "another process is loading 2025 Dutch Grand Prix R; waiting\n"
    said, complained = loader.communicate()
    assert (loader.returncode, complained) == (0, "")
    assert said.startswith("2025 Dutch Grand Prix, race")


def test_who_has_waited_too_long_gives_up(store: Store, key: Key) -> None:
    with store.locked(key), ThreadPoolExecutor(1) as other:
        waiting = other.submit(lambda: store.locked(key, timeout_s=0).__enter__())
        with pytest.raises(StoreError, match=f"another process has been writing {key} for 0 s; try again later"):
            waiting.result()


# -- disks --------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a full disk needs the right to mount a small one")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def listing(store: Store) -> dict[str, bytes]:
    """All that is in the store but the locks of writers; folders have no content."""
    paths = [p for p in Path(store.root).rglob("*") if ".locks" not in p.parts and p.name != "films"]
    return {p.relative_to(store.root).as_posix(): p.read_bytes() if p.is_file() else b"" for p in paths}


def fill(disk: Path, left: int = 50_000) -> None:
    (disk / "films").write_bytes(b"0" * (os.statvfs(disk).f_bavail * 4096 - left))


def test_a_full_disk_leaves_what_was_there(small_disk: Path, simulated: Session) -> None:
    store = Store(small_disk)
    key = store.write(shorter(simulated))
    before = listing(store)
    fill(small_disk)
    for _ in range(2):
        with pytest.raises(StoreError, match="the disk is full; free some space"):
            store.write(simulated)
        assert listing(store) == before
    store.verify(key)


def test_a_full_disk_leaves_nothing_of_a_new_session(small_disk: Path, simulated: Session) -> None:
    store = Store(small_disk)
    fill(small_disk)
    with pytest.raises(StoreError, match="the disk is full; free some space"):
        store.write(simulated)
    assert listing(store) == {}


def test_an_interrupted_write_leaves_what_was_there(store: Store, key: Key, simulated: Session) -> None:
    """Of the files it wrote, those that the manifest names stay: here one that was missing."""
    missing = data_file(store, key, "drivers")
    missing.unlink()
    before = listing(store)

    class Interrupted(Session):
        def scan(self, table: str) -> pl.LazyFrame:
            if table == "timing":
                raise KeyboardInterrupt
            return super().scan(table)

    with pytest.raises(KeyboardInterrupt):
        store.write(Interrupted(tables_of(shorter(simulated))))
    mended = {missing.relative_to(store.root).as_posix(): missing.read_bytes()}
    assert listing(store) == before | mended
    store.verify(key)


def test_a_read_only_disk_can_be_read(small_disk: Path, simulated: Session) -> None:
    key = Store(small_disk).write(shorter(simulated))
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert Store(small_disk).open(key).laps["lap"].max() == 4
    with pytest.raises(StoreError, match=r"read-only.* F1NB_HOME"):
        Store(small_disk).write(simulated)


def test_a_store_that_cannot_be_made(tmp_path: Path, simulated: Session) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"cannot write to .*: Not a directory; check the place, or set F1NB_HOME"):
        Store(tmp_path / "file" / "store").write(simulated)


# -- damage -------------------------------------------------------------------------------------------------------------------


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def change(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [cut_short, change, Path.unlink])
def test_a_damaged_file_is_named_with_the_remedy(store: Store, key: Key, damage) -> None:
    damage(data_file(store, key, "laps"))
    with pytest.raises(StoreError, match=r"laps-.*parquet of 2026 .* is damaged .*f1nb load .* --force"):
        store.open(key)


def test_verify_reads_telemetry_too(simulated: Session, tmp_path: Path, dutch: Session) -> None:
    store = Store(tmp_path)
    key = store.write(dutch)
    change(data_file(store, key, "telemetry"))
    with pytest.raises(StoreError, match=r"telemetry-.*does not match its hash.*--force"):
        store.verify(key)


MANIFESTS = [
    b"", b"{", b"[]", b"{}", b"null", b"3", b'"x"', b'{"format": 2}', b'{"format": 99}', b'{"files": null}', b'{"files": [1]}',
    b'{"files": {"laps": 3}}', b'{"files": {"laps": {"file": []}}}', b'{"format": 2, "files": {"laps": 3}, "info": {}}',
]  # fmt: skip


@pytest.mark.parametrize("content", MANIFESTS)
def test_a_damaged_manifest_is_one_sentence(store: Store, key: Key, content: bytes) -> None:
    (folder_of(store, key) / "manifest.json").write_bytes(content)
    with pytest.raises(StoreError, match=r"manifest.json (is damaged|has format 99).*--force"):
        store.open(key)


def test_a_damaged_bundle_hides_no_other(store: Store, key: Key, dutch: Session, caplog: pytest.LogCaptureFixture) -> None:
    other = store.write(dutch)
    (folder_of(store, key) / "manifest.json").write_bytes(b"{")
    assert [row["key"] for row in store.catalog()] == [other]
    assert "is damaged; load the session again with --force" in caplog.text


@pytest.mark.parametrize("damage", [cut_short, change, Path.unlink])
def test_writing_again_mends_it(store: Store, key: Key, simulated: Session, damage) -> None:
    damage(data_file(store, key, "laps"))
    store.write(simulated)
    store.verify(key)


@pytest.mark.parametrize("content", MANIFESTS)
def test_writing_again_mends_a_manifest(store: Store, key: Key, simulated: Session, content: bytes) -> None:
    (folder_of(store, key) / "manifest.json").write_bytes(content)
    store.write(simulated)
    store.verify(key)


WRONG_VALUES = [
    ("info", "year", "2026"),
    ("info", "year", True),
    ("info", "year", None),
    ("info", "event", 3),
    ("info", "event", None),
    ("info", "event", "Another Grand Prix"),
    ("info", "session", "../../../../etc"),
    ("info", "session", "FP2"),
    ("info", "session", ["R"]),
    ("info", "start_utc", 1788000000),
    (None, "bytes", "n"),
    (None, "bytes", 1.5),
    (None, "created_utc", None),
    (None, "created_utc", 1788000000),
    (None, "source", 3),
    (None, "info", ["year", "event", "session"]),
    (None, "files", ["laps"]),
    ("laps", "file", "../../../../etc/passwd"),
    ("laps", "file", 3),
    ("laps", "sha256", None),
    ("laps", "sha256", "00"),
    ("laps", "bytes", "many"),
    ("laps", "bytes", None),
]


@pytest.mark.parametrize(("part", "name", "value"), WRONG_VALUES)
def test_a_wrong_value_in_a_manifest_is_one_sentence_and_hides_no_other(
    store: Store, key: Key, caplog: pytest.LogCaptureFixture, part: str | None, name: str, value: object
) -> None:
    good = store.write(renamed(store.open(key), "Good Grand Prix"))

    def spoil(manifest: dict[str, Any]) -> None:
        (manifest if part is None else manifest["info"] if part == "info" else manifest["files"][part])[name] = value

    changed(store, key, spoil)
    for read in (store.open, store.manifest, store.verify):
        with pytest.raises(StoreError, match=r"manifest.json is damaged; load the session again with --force"):
            read(key)
    assert [row["key"] for row in store.catalog()] == [good]
    assert "is damaged; load the session again with --force" in caplog.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["year", "laps", "file"]), inner),
)
PLACES = [
    (), ("format",), ("created_utc",), ("source",), ("bytes",), ("info",), ("files",), ("info", "year"), ("info", "event"),
    ("info", "session"), ("info", "start_utc"), ("files", "laps"), ("files", "laps", "file"), ("files", "laps", "bytes"),
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(PLACES), JSON), min_size=1, max_size=3))
def test_whatever_a_manifest_says_the_others_are_listed(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[tuple[str, ...], object]]
) -> None:
    manifest: Any = {
        "format": 2,
        "created_utc": "2026-01-01T12:00:00+00:00",
        "source": None,
        "bytes": 10,
        "info": {"year": 2025, "event": "Good Grand Prix", "session": "R"},
        "files": {"laps": {"file": "laps-0123456789ab.parquet", "sha256": "0123456789abcdef" * 4, "bytes": 10}},
    }
    store, good = Store(tmp_path_factory.mktemp("any")), orjson.dumps(manifest)
    holder = {"manifest": manifest}
    for place, value in changes:
        *above, last = ("manifest", *place)
        inner: Any = holder
        for name in above:
            inner = inner.get(name) if isinstance(inner, dict) else None
        if isinstance(inner, dict):
            inner[last] = value
    for event, content in (("good", good), ("bad", orjson.dumps(holder["manifest"]).replace(b"Good", b"Bad"))):
        folder = Path(store.root) / "2025" / f"{event}-grand-prix" / "R"
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_bytes(content)
    listed = {row["key"].event for row in store.catalog()}
    assert "Good Grand Prix" in listed <= {"Good Grand Prix", "Bad Grand Prix"}


# -- stores elsewhere ---------------------------------------------------------------------------------------------------------


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(params=["zip", "memory", "http"])
def address(request: pytest.FixtureRequest, store: Store, key: Key, tmp_path: Path) -> Iterator[str]:
    """The same store, elsewhere."""
    files = {p.relative_to(store.root).as_posix(): p.read_bytes() for p in Path(store.root).rglob("*/*/*/*")}
    if request.param == "zip":
        yield f"zip://::{to_zip(files, tmp_path / 'store.zip', inside='')}"
    elif request.param == "memory":
        for name, content in files.items():
            fsspec.filesystem("memory").pipe(f"/shared/{name}", content)
        yield "memory://shared"
        fsspec.filesystem("memory").rm("/shared", recursive=True)
    else:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=store.root))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


def test_a_store_elsewhere_reads_like_the_local_one(address: str, store: Store, key: Key) -> None:
    remote = Store(address)
    assert remote.catalog() == store.catalog()
    assert remote.has(key)
    assert not remote.has(Key(2025, "Dutch Grand Prix", "R"))
    remote.verify(key)
    here, there = store.open(key), remote.open(key)
    for table in TABLES:
        assert there.scan(table).collect().equals(here.scan(table).collect())
    with pytest.raises(StoreError, match="can only be read; set F1NB_HOME"):
        remote.write(here)


def test_a_copy_that_is_not_what_the_manifest_says_is_refused(store: Store, key: Key, simulated: Session) -> None:
    memory = fsspec.filesystem("memory")
    other = store.write(simulated.pick(lap=3))
    folder = folder_of(store, other)
    for path in folder.iterdir():
        memory.pipe(f"/bad/{key.path}/{path.name}", path.read_bytes().replace(b"PAR1", b"PAR2"))
    with pytest.raises(StoreError, match=r"does not match its hash\); remove it from memory://bad and push"):
        Store("memory://bad").open(key)
    memory.rm("/bad", recursive=True)


@pytest.mark.parametrize("url", ["zip://::/nowhere/store.zip", "http://127.0.0.1:9/store", "nothing://at/all"])
def test_an_address_without_a_store_is_one_sentence(url: str) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        Store(url).catalog()


@pytest.mark.parametrize("url", ["zip://::http://me:s3cr3t@127.0.0.1:9/store.zip", "s3://me:s3cr3t@team/store"])
def test_a_password_in_an_address_is_in_no_traceback(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        Store(url).catalog()
    assert "s3cr3t" not in "".join(traceback.format_exception(caught.value))


def test_an_index_that_names_something_else_is_no_store(store: Store, key: Key, tmp_path: Path) -> None:
    there = {"x": ["1", {}], "../2025/x/R/manifest.json": ["1", {}], "2025/x/manifest.json": ["1", {}]}
    (Path(store.root) / "index.json").write_text(orjson.dumps({"manifests": there}).decode())
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=store.root))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    assert [k.path for k in Store(f"http://127.0.0.1:{server.server_port}").listing()] == [key.path]
    server.shutdown()
    server.server_close()


def test_a_damaged_simulated_race_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("F1NB_HOME", str(tmp_path))
    first = simulated_race()
    manifest = next(tmp_path.glob("simulated/*/*/*/manifest.json"))
    manifest.write_text("{")
    assert simulated_race().laps.equals(first.laps)
