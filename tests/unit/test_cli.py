"""The command as people use it: what it says, where, and with which exit code."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import termios
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from archive_files import session as archive_session
from archive_files import to_zip

import f1nb
from f1nb.cli import main

COMMANDS = ["load", "dashboard", "sessions", "export", "export html"]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("F1NB_ARCHIVE", "http://127.0.0.1:9")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return to_zip(archive_session(), tmp_path / "dutch.zip")


def run(words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Return exit code, output and errors."""
    try:
        code = main(words.split())
    except SystemExit as stop:  # argparse
        code = stop.code if isinstance(stop.code, int) else 1
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(f"{command} --help", capsys)
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: f1nb {command}".rstrip())
    assert len(out.splitlines()) > 5


def test_help_of_the_whole_names_all_commands(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run("--help", capsys)
    for command in ("load", "dashboard", "sessions", "export"):
        assert re.search(rf"^ +{command}\b", out, re.MULTILINE)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version", capsys) == (0, f"f1nb {f1nb.__version__}\n", "")


_NOT_STORED = "2025 Dutch Grand Prix R is not in the store; load it first: f1nb load 2025 'Dutch Grand Prix' R"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "required: COMMAND"),
        ("lode 2025 Dutch R", "invalid choice: 'lode'"),
        ("load 2025 Dutch", "required: session"),
        ("load 2025 Dutch R --sauce x", "unrecognized arguments"),
        ("dashboard 2025 Dutch", "a session is named by year, event and kind, e.g. 2025 Dutch R"),
        ("dashboard 2025 Dutch R --simulated", "name a session or give --simulated, not both"),
        ("dashboard --theme pink", "invalid choice: 'pink'"),
        ("dashboard --port http", "is no port"),
        ("export", "required: KIND"),
        ("export html", "name a session, e.g. 2025 Dutch R, or give --simulated"),
        ("export html 2025 Dutch R --simulated", "not both"),
    ],
)
def test_wrong_words_are_exit_code_2(words: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(words, capsys)
    assert (code, out) == (2, "")
    assert err.startswith("usage: f1nb")
    assert message in err.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("load 1949 Dutch R", "there are no lap data for 1949; the archives begin with 2018"),
        ("load 2025 Dutch X", "there is no session 'X'; it is one of FP1, FP2, FP3, Q, SQ, S, R"),
        ("load 2025 Dutsch R", "there is no event 'Dutsch'; did you mean Dutch Grand Prix?"),
        (
            "load 2025 Dutch R --source no.zip",
            "there is no source 'no.zip'; give auto, archive, tracinginsights, fastf1, or the path of a zip or folder",
        ),
        ("dashboard 2025 Dutch R", _NOT_STORED),
        ("export html 2025 Dutch R", _NOT_STORED),
    ],
)  # fmt: skip
def test_a_problem_is_one_line_and_exit_code_1(words: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words, capsys) == (1, "", f"f1nb: {message}\n")


def test_sessions_of_an_empty_store_say_how_to_fill_it(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run("sessions", capsys)
    assert (code, out) == (0, 'the store is empty; load a session, e.g. f1nb load 2025 "Dutch Grand Prix" R\n')


def test_load_then_sessions(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = "2025 Dutch Grand Prix, race: 2 drivers, 6 laps, 1,937 samples\n"
    assert run(f"load 2025 zandvoort race --source {source}", capsys) == (0, said, "")
    assert run("load 2025 Dutch R", capsys) == (0, said, "")  # from the store
    code, out, _ = run("sessions", capsys)
    assert code == 0
    assert re.fullmatch(r"2025  Dutch Grand Prix  R {4,}\d\.\d MB  dutch.zip/Dutch Grand Prix/Race\n", out)


def test_what_only_the_shared_store_has_is_loaded_all_the_same(
    source: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(f"load 2025 Dutch R --source {source}", capsys)
    monkeypatch.setenv("F1NB_STORE", str(tmp_path / "home" / "sessions"))
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "another machine"))
    code, out, err = run("load 2025 Dutch R", capsys)
    assert (code, err) == (0, "")
    assert "2025 Dutch Grand Prix, race: " in out


def test_export_of_the_simulated_race(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = run("export html --simulated --out race.html", capsys)
    assert (code, err) == (0, "")
    size = (tmp_path / "race.html").stat().st_size
    assert out == f"race.html ({size / 1e6:.1f} MB)\n"
    assert size < 6e6


def test_export_of_a_stored_session(source: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run(f"load 2025 Dutch R --source {source}", capsys)
    code, out, _ = run("export html 2025 Dutch R --theme dark", capsys)
    assert code == 0
    assert out.startswith("2025-dutch-grand-prix-race.html (")
    assert (tmp_path / "2025-dutch-grand-prix-race.html").is_file()


def test_export_to_a_place_that_is_not_there(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(f"load 2025 Dutch R --source {source}", capsys)
    code, out, err = run(f"export html 2025 Dutch R --out {source}/race.html", capsys)
    assert (code, out) == (1, "")
    assert err.startswith("f1nb: cannot write")
    assert err.count("\n") == 1


# -- as a process -------------------------------------------------------------------------------------------------------------


def test_the_command_is_installed() -> None:
    done = subprocess.run([Path(sys.executable).parent / "f1nb", "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"f1nb {f1nb.__version__}\n")


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = [sys.executable, "-m", "f1nb.cli", "sessions"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    process.stdout.close()
    _, err = process.communicate()
    assert (process.returncode, err) == (1, "")


def on_terminal(command: list[str]) -> str:
    """Run with standard error on a terminal, and return what it showed there."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert process.wait() == 0
    return shown.decode()


LOAD = """
import os, sys, time
from pathlib import Path
from f1nb.sources._files import ZipFiles
read_many = ZipFiles.read_many
def slowly(self, names):
    for content in read_many(self, names):
        time.sleep(float(sys.argv[2]))
        yield content
ZipFiles.read_many = slowly
os.environ["F1NB_HOME"] = sys.argv[3]  # a store of its own: none waits for another
import f1nb
f1nb.load(2025, "Dutch", "R", source=sys.argv[1], force=True)
"""


def test_progress_is_shown_on_a_terminal_and_only_after_a_second(source: Path, tmp_path: Path) -> None:
    def command(pause_s: str, home: str) -> list[str]:
        return [sys.executable, "-c", LOAD, str(source), pause_s, str(tmp_path / home)]

    elsewhere = subprocess.Popen(command("0.2", "elsewhere"), stderr=subprocess.PIPE, text=True)
    with ThreadPoolExecutor() as pool:
        slow, fast = pool.map(on_terminal, (command("0.2", "slow"), command("0", "fast")))
    assert " files" in slow
    assert fast == ""
    assert elsewhere.communicate()[1] == ""


def test_start_up_is_light() -> None:
    code = "import sys, f1nb.cli; print(sorted({'pandas', 'polars', 'bokeh', 'anywidget', 'httpx'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("port", ["0", "99999", "-1", "http"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["dashboard", "--simulated", f"--port={port}"])
    assert ended.value.code == 2
    assert "is no port" in capsys.readouterr().err
