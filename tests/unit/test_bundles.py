"""A stored session leaves as one file and comes in whole or not at all."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
import traceback
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import orjson
import polars as pl
import pytest

from f1nb.bundles import export, import_bundle, push, verify_bundle
from f1nb.cli import main
from f1nb.errors import NotFoundError, StoreError
from f1nb.schema import TABLES
from f1nb.session import Session
from f1nb.store import Key, Store


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("F1NB_ARCHIVE", "http://127.0.0.1:9")
    monkeypatch.delenv("F1NB_STORE", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def full(simulated: Session, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Key]:
    """A store with one session, not to be changed."""
    store = Store(tmp_path_factory.mktemp("full"))
    return store, store.write(simulated)


@pytest.fixture
def bundle(full: tuple[Store, Key], tmp_path: Path) -> Path:
    store, key = full
    return export(key, tmp_path / "race.zip", store=store)


def files_of(store: Store) -> dict[str, bytes]:
    root = Path(store.root)
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file() and ".locks" not in p.parts}


def run(words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(words.split())
    said = capsys.readouterr()
    return code, said.out, said.err


# -- a file for others --------------------------------------------------------------------------------------------------------


def test_what_is_exported_comes_in_elsewhere_file_by_file(full: tuple[Store, Key], bundle: Path, tmp_path: Path) -> None:
    store, key = full
    other = Store(tmp_path / "other")
    assert import_bundle(bundle, store=other) == key
    assert files_of(other) == files_of(store)
    for table in TABLES:
        assert other.open(key).scan(table).collect().equals(store.open(key).scan(table).collect())


def test_the_same_session_is_the_same_bytes(full: tuple[Store, Key], bundle: Path, tmp_path: Path) -> None:
    store, key = full
    assert export(key, tmp_path / "again.zip", store=store).read_bytes() == bundle.read_bytes()
    other = Store(tmp_path / "other")
    import_bundle(bundle, store=other)
    assert export(key, tmp_path / "handed-on.zip", store=other).read_bytes() == bundle.read_bytes()


def test_a_bundle_is_no_larger_than_what_is_in_it_and_a_store_to_read(full: tuple[Store, Key], bundle: Path) -> None:
    store, key = full
    assert bundle.stat().st_size < store.catalog()[0]["bytes"] + 12_000
    inside = Store(f"zip://::{bundle}")
    assert inside.catalog() == store.catalog()
    assert inside.open(key).laps.equals(store.open(key).laps)


def test_nothing_of_the_environment_is_in_a_bundle(tmp_path: Path, simulated: Session) -> None:
    """Not even where the source was an address with a name and a password, as a mirror's may be."""
    secret = "s3cr3t-of-nobody"
    script = (
        "import sys, f1nb\nfrom f1nb.store import Store\nfrom f1nb.bundles import export\n"
        "store = Store(sys.argv[1])\n"
        "key = store.write(f1nb.simulate(laps=2, cars=3), source=f'https://me:{sys.argv[3]}@mirror.example/f1?token={sys.argv[3]}')\n"
        "export(key, sys.argv[2], store=store)\n"
    )
    names = ("F1NB_F1TV_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "GROQ_API_KEY", "USER", "HOSTNAME", "LOGNAME")
    environment = os.environ | dict.fromkeys(names, secret)
    out = tmp_path / "race.zip"
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "store"), str(out), secret], env=environment, check=True)
    with zipfile.ZipFile(out) as inside:
        contents = {name: inside.read(name) for name in inside.namelist()}
    assert not [name for name, content in contents.items() if secret.encode() in content]
    manifest = orjson.loads(next(content for name, content in contents.items() if name.endswith("manifest.json")))
    assert manifest["source"] == "https://mirror.example/f1"
    tables = Store(tmp_path / "store").open(Key(2026, "Simulated Grand Prix", "R"))
    for table in TABLES:
        texts = tables.scan(table).select(pl.selectors.string()).collect()
        assert not texts.select(pl.any_horizontal(pl.all().str.contains(secret, literal=True).any())).to_series().any()


def test_what_is_there_is_replaced_by_what_comes_in(bundle: Path, simulated: Session, full: tuple[Store, Key]) -> None:
    store, key = full
    Store().write(simulated.pick(lap=[1, 2]))
    import_bundle(bundle)
    assert Store().open(key).laps.height == store.open(key).laps.height
    Store().verify(key)


def test_a_damaged_file_is_mended_by_what_comes_in(bundle: Path) -> None:
    key = import_bundle(bundle)
    laps = Path(Store().root) / key.path / Store().manifest(key)["files"]["laps"]["file"]
    changed = bytearray(laps.read_bytes())
    changed[100] ^= 0xFF
    laps.write_bytes(changed)
    import_bundle(bundle)
    Store().verify(key)


def test_a_damaged_session_is_not_exported(bundle: Path, tmp_path: Path) -> None:
    key = import_bundle(bundle)
    telemetry = Path(Store().root) / key.path / Store().manifest(key)["files"]["telemetry"]["file"]
    telemetry.write_bytes(telemetry.read_bytes()[:-1])
    with pytest.raises(StoreError, match=r"telemetry-.*parquet of 2026 .* is damaged .*f1nb load .* --force"):
        export(key, tmp_path / "bad.zip")
    assert not (tmp_path / "bad.zip").exists()


# -- what is no bundle --------------------------------------------------------------------------------------------------------


def repacked(bundle: Path, change: Callable[[dict[str, bytes]], dict[str, bytes] | None], **options: int) -> Path:
    """Pack a bundle anew with other members."""
    with zipfile.ZipFile(bundle) as inside:
        members = {info.filename: inside.read(info) for info in inside.infolist()}
    members = change(members) or members
    out = bundle.with_name("changed.zip")
    with zipfile.ZipFile(out, "w", options.get("compression", zipfile.ZIP_STORED)) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out


def of_table(members: dict[str, bytes], table: str) -> str:
    return next(name for name in members if f"/{table}-" in name)


def manifest_name(members: dict[str, bytes]) -> str:
    return next(name for name in members if name.endswith("manifest.json"))


def with_changed_bytes(members: dict[str, bytes]) -> None:
    name = of_table(members, "telemetry")
    content = bytearray(members[name])
    content[len(content) // 2] ^= 0xFF
    members[name] = bytes(content)


def with_shorter_file(members: dict[str, bytes]) -> None:
    members[of_table(members, "laps")] = members[of_table(members, "laps")][:-1]


def with_missing_file(members: dict[str, bytes]) -> None:
    del members[of_table(members, "weather")]


def with_foreign_file(members: dict[str, bytes]) -> None:
    members["2026/simulated-grand-prix/R/run-me.py"] = b"print()"


def with_way_out(members: dict[str, bytes]) -> None:
    members["2026/simulated-grand-prix/R/../../../../../evil.parquet"] = b"PAR1"


def with_absolute_path(members: dict[str, bytes]) -> None:
    members["/tmp/evil.parquet"] = b"PAR1"  # noqa: S108 - never made


def with_way_out_in_manifest(members: dict[str, bytes]) -> None:
    name, table = manifest_name(members), of_table(members, "laps")
    members[name] = members[name].replace(table.rpartition("/")[2].encode(), b"../../../../evil.parquet")
    members["2026/simulated-grand-prix/R/../../../../evil.parquet"] = members.pop(table)


def of_another_session(members: dict[str, bytes]) -> dict[str, bytes]:
    return {name.replace("simulated-grand-prix/R", "dutch-grand-prix/Q"): content for name, content in members.items()}


def of_another_format(members: dict[str, bytes]) -> None:
    members[manifest_name(members)] = members[manifest_name(members)].replace(b'"format": 2', b'"format": 99')


def without_manifest(members: dict[str, bytes]) -> None:
    del members[manifest_name(members)]


def with_empty_manifest(members: dict[str, bytes]) -> None:
    members[manifest_name(members)] = b"{}"


def of_two_sessions(members: dict[str, bytes]) -> dict[str, bytes]:
    return members | of_another_session(members)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (with_changed_bytes, r"telemetry-\w+.parquet of .*changed.zip is damaged \(its content does not match its hash\); get"),
        (with_shorter_file, r"laps-\w+.parquet of .*changed.zip is damaged \([\d,]+ bytes expected, [\d,]+ found\)"),
        (with_missing_file, r"changed.zip lacks 2026/simulated-grand-prix/R/weather-\w+.parquet; get"),
        (with_foreign_file, r"changed.zip holds '2026/simulated-grand-prix/R/run-me.py', which its manifest does not name"),
        (
            with_way_out,
            r"changed.zip holds '2026/simulated-grand-prix/R/\.\./.*evil.parquet', which its manifest does not name",
        ),
        (with_absolute_path, r"changed.zip holds '/tmp/evil.parquet', which its manifest does not name"),
        (with_way_out_in_manifest, r"manifest.json is damaged; it came in .*changed.zip; get another one"),
        (of_another_session, r"2026/dutch-grand-prix/Q/manifest.json is damaged; it came in .*changed.zip"),
        (of_another_format, r"manifest.json has format 99, this version reads 2; it came in"),
        (with_empty_manifest, r"manifest.json is damaged; it came in"),
        (without_manifest, r"changed.zip is no bundle of a session; make one with: f1nb bundle export"),
        (of_two_sessions, r"changed.zip is no bundle of a session"),
    ],
)
def test_what_is_not_one_whole_session_is_refused_and_nothing_kept(
    bundle: Path, simulated: Session, change: Callable[[dict[str, bytes]], dict[str, bytes] | None], message: str
) -> None:
    before_key = Store().write(simulated.pick(lap=1))
    before = files_of(Store())
    bad = repacked(bundle, change)
    for read in (import_bundle, verify_bundle):
        with pytest.raises(StoreError, match=message):
            read(bad)
    assert files_of(Store()) == before
    assert not list(bundle.parent.rglob("*evil*"))
    Store().verify(before_key)


def test_a_zip_that_was_packed_smaller_is_refused_for_it_may_unpack_to_anything(bundle: Path) -> None:
    with pytest.raises(StoreError, match=r"packed in another way than f1nb does; have it made with: f1nb bundle export"):
        import_bundle(repacked(bundle, lambda _: None, compression=zipfile.ZIP_DEFLATED))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused(bundle: Path) -> None:
    with zipfile.ZipFile(bundle, "a") as inside:
        name = next(n for n in inside.namelist() if "/laps-" in n)
        inside.writestr(name, b"other laps")
    with pytest.raises(StoreError, match=r"race\.zip holds a file twice"):
        import_bundle(bundle)
    assert Store().catalog() == []


def test_whatever_is_cut_off_or_changed_is_one_sentence_and_nothing_kept(bundle: Path) -> None:
    chance = random.Random(11)  # noqa: S311 - no secret
    whole, refused = bundle.read_bytes(), 0
    for attempt in range(80):
        content = bytearray(whole)
        if attempt % 2:
            del content[chance.randrange(len(whole)) :]
        else:
            for _ in range(3):  # in the list of members, or anywhere
                content[chance.randrange(-1500, 0) if attempt % 4 else chance.randrange(len(whole))] ^= chance.randrange(1, 256)
        bundle.write_bytes(content)
        try:
            key = import_bundle(bundle)
        except StoreError as error:
            refused += 1
            assert "race.zip" in str(error)  # noqa: PT017
        else:  # what was changed is of no account, e.g. a member's date
            Store().verify(key)
            shutil.rmtree(Path(Store().root) / key.path)
        assert Store().catalog() == []
    assert refused > 60


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all" * 100])
def test_another_file_is_no_bundle(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file.zip").write_bytes(content)
    with pytest.raises(StoreError, match=r"file\.zip is no complete zip; get another one"):
        import_bundle(tmp_path / "file.zip")


# -- disks and addresses ------------------------------------------------------------------------------------------------------


def test_a_full_disk_keeps_nothing_of_a_bundle(bundle: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    small = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]
    if subprocess.run(small, capture_output=True, check=False).returncode:
        pytest.skip("a full disk needs the right to mount a small one")
    try:
        store = Store(disk)
        with pytest.raises(StoreError, match="the disk is full; free some space, or set F1NB_HOME to another folder"):
            import_bundle(bundle, store=store)
        assert files_of(store) == {}
        key = import_bundle(bundle)
        with pytest.raises(StoreError, match=r"the disk is full; free some space, or give another place with --out"):
            export(key, disk / "race.zip")
        assert not (disk / "race.zip").exists()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def address(bundle: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(bundle.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_bundle_comes_from_an_address(address: str, full: tuple[Store, Key]) -> None:
    key = import_bundle(f"{address}/race.zip")
    assert Store().open(key).laps.equals(full[0].open(key).laps)


def test_an_address_that_gives_no_bundle_is_said_without_its_password(address: str) -> None:
    secret = address.replace("http://", "http://me:s3cr3t@") + "/none.zip?token=s3cr3t"
    with pytest.raises(StoreError, match=r"http://127.0.0.1:\d+/none.zip cannot be read") as caught:
        import_bundle(secret)
    assert "s3cr3t" not in "".join(traceback.format_exception(caught.value))


# -- the command --------------------------------------------------------------------------------------------------------------


def test_export_import_and_verify_as_commands(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(f"bundle import {bundle}", capsys) == (0, "2026 Simulated Grand Prix R is in the store\n", "")
    code, out, err = run("bundle export 2026 Simulated R", capsys)
    assert (code, err) == (0, "")
    assert out.startswith("2026-simulated-grand-prix-R.zip (0.")
    assert Path("2026-simulated-grand-prix-R.zip").read_bytes() == bundle.read_bytes()
    for words in ("2026 Simulated R", "2026-simulated-grand-prix-R.zip"):
        assert run(f"bundle verify {words}", capsys) == (0, "2026 Simulated Grand Prix R is whole\n", "")
    assert run("bundle verify", capsys) == (0, f"1 session in {Store().name}, whole\n", "")


def test_verify_names_what_is_damaged_and_goes_on(bundle: Path, simulated: Session, capsys: pytest.CaptureFixture[str]) -> None:
    key = import_bundle(bundle)
    tables = {name: simulated.pick(lap=1).scan(name).collect() for name in TABLES}
    for event in ("Second Grand Prix", "Third Grand Prix"):
        Store().write(Session(tables | {"session": tables["session"].with_columns(event=pl.lit(event))}))
    folder = Path(Store().root) / key.path
    (folder / Store().manifest(key)["files"]["laps"]["file"]).unlink()
    (Path(Store().root) / "2026/third-grand-prix/R/manifest.json").write_text("{")
    code, out, err = run("bundle verify", capsys)
    assert (code, err) == (1, "f1nb: of 3 sessions 2 are damaged\n")
    assert [line.split(" is damaged")[0] for line in out.splitlines()] == [
        f"{Store().manifest(key)['files']['laps']['file']} of {key}",
        "2026/third-grand-prix/R/manifest.json",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("bundle import no.zip", "there is no file 'no.zip'"),
        ("bundle verify no.zip", "there is no file 'no.zip'"),
        ("bundle export 2025 Dutch R", "2025 Dutch Grand Prix R is not in the store; load it first"),
    ],
)
def test_a_problem_is_one_line(words: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(words, capsys)
    assert (code, out) == (1, "")
    assert err.startswith(f"f1nb: {message}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("bundle", "required: COMMAND"),
        ("bundle export 2025 Dutch", "required: session"),
        ("bundle import", "required: FILE"),
        ("bundle verify 2025 Dutch", "name a session, e.g. 2025 Dutch R, or a file, or neither"),
        ("bundle verify 2025 Dutch R extra", "name a session, e.g. 2025 Dutch R, or a file, or neither"),
    ],
)
def test_wrong_words_are_said(words: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words.split())
    assert stopped.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert message in said.err.splitlines()[-1]


def test_what_others_share_is_exported_and_verified_too(
    full: tuple[Store, Key], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("F1NB_STORE", full[0].root)
    assert run("bundle verify 2026 simulated R", capsys) == (0, "2026 Simulated Grand Prix R is whole\n", "")
    assert run(f"bundle verify --store {full[0].root}", capsys) == (0, f"1 session in {full[0].root}, whole\n", "")
    code, _, err = run("bundle export 2026 simulated R --out shared.zip", capsys)
    assert (code, err) == (0, "")
    assert verify_bundle("shared.zip") == full[1]
    assert Store().catalog() == []


# -- into another store -------------------------------------------------------------------------------------------------------


def test_a_session_is_pushed_into_a_folder_once(full: tuple[Store, Key], tmp_path: Path) -> None:
    store, key = full
    assert push(key, store, tmp_path / "team")
    assert files_of(Store(tmp_path / "team")) == files_of(store)
    assert not push(key, store, tmp_path / "team")


def test_what_is_not_there_cannot_be_pushed(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="2025 Dutch Grand Prix R is not in the store"):
        push(Key(2025, "Dutch Grand Prix", "R"), Store(), tmp_path / "team")
    assert not (tmp_path / "team").exists()
