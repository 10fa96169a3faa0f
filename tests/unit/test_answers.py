"""Asking web services: how often, how long an answer is good, and what is said when there is none."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from web_host import Host, Mood, answer, friendly, page

import f1nb
from f1nb.errors import F1nbError, SourceError
from f1nb.sources import _answers
from f1nb.sources._answers import Limits

THIS_YEAR = datetime.now(UTC).year
ADDRESS = "https://api.example.org/points.json"
RACE = "/api.jolpi.ca/ergast/f1/2018/4/results.json"


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A host of one answer."""
    (tmp_path / "hosts" / "api.example.org").mkdir(parents=True)
    (tmp_path / "hosts" / "api.example.org" / "points.json").write_text('{"points": 25}')
    yield from serve(tmp_path / "hosts", tmp_path, monkeypatch)


@pytest.fixture
def published(mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A host of what was really published."""
    yield from serve(mirror, tmp_path, monkeypatch)


def serve(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    host = Host(root)
    monkeypatch.setenv("F1NB_ARCHIVE", host.url)
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "home"))
    yield host
    host.close()


def ask(year: int = THIS_YEAR) -> object:
    return _answers.answer(ADDRESS, year=year)


def says(status: int, content: bytes = b"", **headers: str) -> Mood:
    def mood(handler: BaseHTTPRequestHandler, _path: str) -> bool:
        answer(handler, status, content, **headers)
        return True

    return mood


def let_time_pass(tmp_path: Path, hours: float) -> None:
    for file in (tmp_path / "home" / "answers").rglob("*.json"):
        then = file.stat().st_mtime - hours * 3600
        os.utime(file, (then, then))


# -- how long it is good ------------------------------------------------------------------------------------------------------


def test_this_seasons_answers_are_good_for_an_hour(host: Host, tmp_path: Path) -> None:
    assert ask() == ask() == {"points": 25}
    assert host.asked.total() == 1
    let_time_pass(tmp_path, hours=1.1)
    (host.root / "api.example.org" / "points.json").write_text('{"points": 18}')
    assert ask() == {"points": 18}


def test_those_of_a_season_that_is_over_stay(host: Host, tmp_path: Path) -> None:
    ask(year=2018)
    let_time_pass(tmp_path, hours=48)
    ask(year=2018)
    assert host.asked.total() == 1


def test_what_was_fetched_while_the_season_ran_is_asked_for_again_after_it(host: Host, tmp_path: Path) -> None:
    ask(year=THIS_YEAR - 1)
    let_time_pass(tmp_path, hours=24 * 366)
    ask(year=THIS_YEAR - 1)
    assert host.asked.total() == 2


@pytest.mark.parametrize("mood", [says(500), page, says(200, b'{"poi'), says(403)])
def test_an_old_answer_stands_in_and_it_is_said(
    host: Host, tmp_path: Path, mood: Mood, caplog: pytest.LogCaptureFixture
) -> None:
    ask()
    let_time_pass(tmp_path, hours=3)
    host.mood = mood
    with caplog.at_level(logging.WARNING):
        assert ask() == {"points": 25}
    assert f"; this is its answer of {THIS_YEAR}-" in caplog.text
    host.mood = friendly
    caplog.clear()
    assert ask() == {"points": 25}
    assert not caplog.text


def test_a_kept_answer_that_is_damaged_is_fetched_again(host: Host, tmp_path: Path) -> None:
    ask()
    (file,) = (tmp_path / "home" / "answers").rglob("points.json")
    file.write_text('{"poi')
    assert ask() == {"points": 25}
    assert file.read_text() == '{"points": 25}'


# -- what is said -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mood", "message"),
    [
        (says(500), "api.example.org answered 500; try again later"),
        (says(403), "api.example.org answered 403; try again later"),
        (page, "api.example.org answered with a page instead of data; sign in to the network, then try again"),
        (says(200, b'{"poi'), "api.example.org answered with incomplete data; try again"),
        (says(200, b""), "api.example.org answered with incomplete data; try again"),
        (says(429, Retry_After="900"), "api.example.org has been asked too often; try again in 900 s"),
    ],
)
def test_a_service_that_does_not_answer(host: Host, tmp_path: Path, mood: Mood, message: str) -> None:
    host.mood = mood
    with pytest.raises(SourceError) as caught:
        ask()
    assert str(caught.value) == message
    assert not list((tmp_path / "home" / "answers").rglob("*.json"))  # nothing of it is kept


def test_nothing_at_an_address_is_no_error(host: Host) -> None:
    host.mood = says(404)
    assert ask() is None


def test_without_a_network_and_with_nothing_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("F1NB_ARCHIVE", "http://127.0.0.1:9")
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "home"))
    for question in (lambda: f1nb.schedule(2025), lambda: f1nb.results(1990, 1), f1nb.next_session):
        with pytest.raises(SourceError, match=r"^\S+ cannot be reached; check the network$"):
            question()


def test_another_form_than_it_was(published: Host) -> None:
    published.mood = says(200, b"[1, 2]")
    with pytest.raises(SourceError, match=r"raw.githubusercontent.com answered in another form than it used to; update f1nb"):
        f1nb.schedule(2025)
    with pytest.raises(SourceError, match=r"api.jolpi.ca answered in another form than it used to; update f1nb"):
        f1nb.schedule(1979)


@pytest.mark.parametrize("content", [b'{"MRData": {"total": "1", "limit": "30"}}', b'{"MRData": []}', b"{}", b"null", b'"x"'])
def test_an_answer_of_a_strange_form_is_no_traceback(published: Host, content: bytes) -> None:
    published.mood = says(200, content)
    for question in (lambda: f1nb.schedule(1979), lambda: f1nb.standings(2018), lambda: f1nb.schedule(2018)):
        with pytest.raises(F1nbError):
            question()


# -- how often ----------------------------------------------------------------------------------------------------------------


def test_a_busy_service_is_given_the_time_it_asks_for(host: Host) -> None:
    def busy_at_first(handler: BaseHTTPRequestHandler, path: str) -> bool:
        return host.asked[path] == 1 and says(429, Retry_After="0")(handler, path)

    host.mood = busy_at_first
    assert ask() == {"points": 25}
    assert host.asked.total() == 2


def test_calls_of_all_processes_count_together(host: Host) -> None:
    first, second = Limits(per_second=4, per_hour=3), Limits(per_second=4, per_hour=3)
    first.wait("api.example.org")
    second.wait("api.example.org")
    first.wait("api.example.org")
    with pytest.raises(SourceError, match=r"api.example.org answers 3 calls an hour and they are used up; try again in 60 min"):
        second.wait("api.example.org")
    second.wait("other.example.org")  # has its own


def test_a_result_costs_two_calls_once(published: Host) -> None:
    for _ in range(3):
        assert f1nb.results(2018, "Baku")["driver"][0] == "HAM"
    assert published.asked[RACE] == 1
    assert published.asked.total() == 2  # and the schedule


def test_a_local_mirror_is_read_without_a_copy(mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("F1NB_ARCHIVE", str(mirror))
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "home"))
    assert f1nb.results(2018, "Baku")["driver"][0] == "HAM"
    assert not (tmp_path / "home").exists()
