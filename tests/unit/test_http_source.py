"""The archive over https: a server in this process plays the host, with its moods."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from archive_files import session as archive_session
from archive_files import to_folder, to_zip
from hand_made_feed import Feed
from season_tree import season
from web_host import Host, Mood, answer, friendly, page, slow

import f1nb
from f1nb.errors import NotFoundError, SignInError, SourceError
from f1nb.schema import TABLES
from f1nb.sources._hosts import files_at
from f1nb.sources._http import HttpFiles

PREFIX = "cdn.jsdelivr.net/gh/TracingInsights"


@pytest.fixture
def files() -> dict[str, Any]:
    return archive_session()


@pytest.fixture
def host(tmp_path: Path, files: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    root = tmp_path / "host"
    to_folder(files, root / PREFIX / "2025@main/Dutch Grand Prix/Race")
    host = Host(root)
    monkeypatch.setenv("F1NB_ARCHIVE", host.url)
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "home"))
    yield host
    host.close()


def once_per_path(act: Callable[[BaseHTTPRequestHandler], None]) -> Mood:
    """Do this to the first request of every lap file."""
    seen: set[str] = set()

    def mood(handler: BaseHTTPRequestHandler, path: str) -> bool:
        if path in seen or "_tel" not in path:
            return False
        seen.add(path)
        act(handler)
        return True

    return mood


def test_loads_the_same_as_from_a_zip(host: Host, tmp_path: Path, files: dict[str, Any]) -> None:
    online = f1nb.load(2025, "zandvoort", "Race", source="tracinginsights")
    tables = {name: online.scan(name).collect() for name in TABLES}
    packed = f1nb.load(2025, "Dutch", "R", source=to_zip(files, tmp_path / "a.zip"), force=True)
    for name, frame in tables.items():
        assert packed.scan(name).collect().equals(frame)


def test_each_file_is_asked_for_once_and_not_all_at_the_same_time(host: Host) -> None:
    host.mood = slow
    f1nb.load(2025, "Dutch", "R", source="tracinginsights")
    assert set(host.asked.values()) == {1}
    assert 2 <= host.most_at_once <= 16


def test_downloads_are_removed_after_success(host: Host, tmp_path: Path) -> None:
    f1nb.load(2025, "Dutch", "R", source="tracinginsights")
    assert not list((tmp_path / "home" / "downloads").rglob("*.json"))
    asked = host.asked.total()
    f1nb.load(2025, "Dutch", "R", source="tracinginsights")
    assert host.asked.total() == asked  # from the store


def test_progress_rises_to_the_end(host: Host) -> None:
    calls: list[tuple[int, int]] = []
    f1nb.load(2025, "Dutch", "R", progress=lambda *call: calls.append(call))
    done = [d for d, _ in calls]
    assert done == sorted(done)
    assert calls[-1] == (8, 8)  # six laps, and one more looked for of each driver


def test_a_session_that_the_host_does_not_have(host: Host, tmp_path: Path) -> None:
    with pytest.raises(
        NotFoundError, match="has no Q of the 2025 Dutch Grand Prix; it may not have been held, or not be there"
    ):
        f1nb.load(2025, "Dutch", "Q", source="tracinginsights")
    assert not list((tmp_path / "home" / "sessions" / "2025").glob("*"))


def test_the_other_name_of_a_session_is_tried(host: Host, files: dict[str, Any]) -> None:
    to_folder(files, host.root / PREFIX / "2023@main/Belgian Grand Prix/Sprint Shootout")
    assert f1nb.load(2023, "spa", "SQ", source="tracinginsights").laps.height == 6


def test_a_busy_host_is_asked_again_when_it_said(host: Host) -> None:
    statuses = iter([500, 429, 503, 408] * 9)
    host.mood = once_per_path(lambda handler: answer(handler, next(statuses), Retry_After="0"))
    assert f1nb.load(2025, "Dutch", "R", source="tracinginsights").laps.height == 6
    assert {n for path, n in host.asked.items() if "_tel" in path} == {2}


def test_a_connection_cut_in_the_middle_is_tried_again(host: Host) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.wfile.write(b'{"tel": {"time": [0.0, ')
        handler.close_connection = True

    host.mood = once_per_path(cut)
    session = f1nb.load(2025, "Dutch", "R", source="tracinginsights")
    assert session.data_sets.filter(table="telemetry")["state"].item() == "available"


def test_an_interrupted_download_goes_on_where_it_was(host: Host, files: dict[str, Any], tmp_path: Path) -> None:
    blocked = f"/{PREFIX}/2025@main/Dutch Grand Prix/Race/VER/3_tel.json"
    host.mood = lambda handler, path: path == blocked and answer(handler, 403) is None
    with pytest.raises(SourceError, match=r"VER/3_tel.json answered 403; the archive may have moved"):
        f1nb.load(2025, "Dutch", "R", source="tracinginsights")
    assert not (tmp_path / "home" / "sessions" / "2025").exists()
    assert list((tmp_path / "home" / "downloads").rglob("*.json"))
    host.mood = friendly
    before = host.asked.copy()
    assert f1nb.load(2025, "Dutch", "R", source="tracinginsights").laps.height == 6
    again = {path for path in host.asked if host.asked[path] > before[path] > 0}
    assert again <= {blocked, blocked.replace("3_", "4_"), blocked.replace("VER/3_", "NOR/4_")}  # of these nothing was kept


def test_what_an_interrupted_download_left_long_ago_is_fetched_again(host: Host, tmp_path: Path) -> None:
    blocked = f"/{PREFIX}/2025@main/Dutch Grand Prix/Race/VER/3_tel.json"
    host.mood = lambda handler, path: path == blocked and answer(handler, 403) is None
    with pytest.raises(SourceError, match="answered 403"):
        f1nb.load(2025, "Dutch", "R", source="tracinginsights")
    host.mood = friendly
    for path in (tmp_path / "home" / "downloads").rglob("*.json"):
        path.write_bytes(b"{}")  # as it was while the session was going on
        os.utime(path, (0, 0))
    assert f1nb.load(2025, "Dutch", "R", source="tracinginsights").laps.height == 6


def test_a_session_that_has_no_laps_yet_has_them_later(host: Host) -> None:
    season(host.root, 2025, have=[], events=["Dutch Grand Prix"])
    folder = host.root / "livetiming.formula1.com/static/2025/2025-05-04_Dutch_Grand_Prix/2025-05-04_Race"
    feed = Feed("R").say(0, "DriverList", {"4": {"Tla": "NOR"}}).status(2, "Inactive").car(10, "4", InPit=False)
    feed.folder(folder)
    with pytest.raises(NotFoundError, match="laps of the 2025 Dutch Grand Prix"):
        f1nb.load(2025, "Dutch", "R", source="archive")
    feed.status(600, "Started").lap(600, "4", 1, (26.0, 34.0, 30.0))
    feed.folder(folder)
    assert f1nb.load(2025, "Dutch", "R", source="archive").laps.height == 1


def test_names_with_spaces_and_accents_are_quoted(host: Host, files: dict[str, Any]) -> None:
    to_folder(files, host.root / PREFIX / "2024@main/São Paulo Grand Prix/Race")
    assert f1nb.load(2024, "interlagos", "R", source="tracinginsights").info["event"] == "São Paulo Grand Prix"
    assert f"/{PREFIX}/2024@main/S%C3%A3o%20Paulo%20Grand%20Prix/Race/drivers.json" in host.raw_paths


def test_a_page_in_place_of_data_is_not_kept(host: Host, tmp_path: Path) -> None:
    host.mood = page
    with pytest.raises(SourceError, match="a page instead of data; sign in to the network"):
        f1nb.load(2025, "Dutch", "R", source="tracinginsights")
    host.mood = friendly
    assert f1nb.load(2025, "Dutch", "R", source="tracinginsights").laps.height == 6


def test_a_host_that_cannot_be_reached(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("F1NB_ARCHIVE", "http://127.0.0.1:9")
    with pytest.raises(SourceError, match=r"127.0.0.1 cannot be reached; check the network, or pass a folder or zip as source"):
        f1nb.load(2025, "Dutch", "R", source="tracinginsights")


def test_without_a_schedule_there_are_no_rounds(host: Host) -> None:
    with pytest.raises(NotFoundError, match="rounds are not known here; name the event instead of 15"):
        f1nb.load(2025, 15, "R", source="tracinginsights")


# -- the token --------------------------------------------------------------------------------------------------------------

OFFICIAL = "livetiming.formula1.com/static/2025/Dutch/Race"
TOKEN = {"authorization": "Bearer good"}


@pytest.fixture
def guarded(host: Host) -> Host:
    """The host with one file that is for those who are signed in."""
    to_folder({"LapCount.jsonStream": b"for subscribers"}, host.root / OFFICIAL)
    host.mood = lambda handler, _: handler.headers.get("authorization") != "Bearer good" and answer(handler, 401) is None
    return host


def read_as(host: Host, folder: Path, headers: dict[str, str] | None) -> bytes | None:
    with HttpFiles(f"{host.url}/{OFFICIAL}", folder, headers=headers) as files:
        return files.read("LapCount.jsonStream")


def test_who_is_signed_in_is_let_in(guarded: Host, tmp_path: Path) -> None:
    assert read_as(guarded, tmp_path / "copies", TOKEN) == b"for subscribers"
    assert guarded.tokens == ["Bearer good"]


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        (None, "livetiming.formula1.com wants an F1 TV account; sign in with: f1nb auth login"),
        (
            {"authorization": "Bearer wrong"},
            "livetiming.formula1.com does not accept this sign-in; sign in again with: f1nb auth login",
        ),
    ],
    ids=["no token", "a wrong token"],
)
def test_who_is_not_is_told_how_and_asked_once(
    guarded: Host, tmp_path: Path, headers: dict[str, str] | None, sentence: str
) -> None:
    with pytest.raises(SignInError) as caught:
        read_as(guarded, tmp_path / "copies", headers)
    assert str(caught.value) == sentence
    assert len(guarded.tokens) == 1
    assert not (tmp_path / "copies").exists()


def test_a_mirror_gets_no_token(guarded: Host, tmp_path: Path) -> None:
    with files_at(f"https://{OFFICIAL}", tmp_path / "copies", headers=TOKEN) as files, pytest.raises(SignInError):
        files.read("LapCount.jsonStream")
    assert guarded.tokens == [None]


def test_a_token_does_not_follow_to_another_host(guarded: Host, tmp_path: Path) -> None:
    elsewhere = guarded.url.replace("127.0.0.1", "localhost")

    def mood(handler: BaseHTTPRequestHandler, path: str) -> bool:
        is_first = not str(handler.headers["host"]).startswith("localhost")
        return is_first and answer(handler, 302, Location=f"{elsewhere}{path}") is None

    guarded.mood = mood
    assert read_as(guarded, tmp_path / "copies", TOKEN) == b"for subscribers"
    assert guarded.tokens == ["Bearer good", None]
