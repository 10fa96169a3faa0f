"""What can go wrong between here and the hosts, end to end: the sentence that is said, and what is in the store after it.

One server plays all hosts. They have one race: the official archive's is simulated, that of the per-lap archive is shorter.
"""

from __future__ import annotations

import gzip
import json
import logging
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from archive_files import session as archive_session
from archive_files import to_folder
from feed_session import to_archive
from platformdirs import user_data_path
from season_tree import archive as per_lap_archive
from season_tree import season
from web_host import Host, Mood, answer, friendly, page

import f1nb
from f1nb.cli import main
from f1nb.errors import F1nbError, NotFoundError, SignInError, SourceError, StoreError
from f1nb.panels.data_sets import DataSets
from f1nb.schema import TABLES
from f1nb.session import Session
from f1nb.store import Key, Store

EVENT = "Dutch Grand Prix"
RACE = Key(2025, EVENT, "R")
OFFICIAL, PER_LAP, JOLPICA, SCHEDULE = (
    "livetiming.formula1.com",
    "cdn.jsdelivr.net",
    "api.jolpi.ca",
    "raw.githubusercontent.com",
)
WANTS_ACCOUNT = "livetiming.formula1.com wants an F1 TV account; sign in with: f1nb auth login"
FORBIDDEN = (
    "livetiming.formula1.com refuses this account, or this machine, as it refuses all cloud hosts; see f1nb auth status, or "
    "set F1NB_STORE to a store that was filled elsewhere"
)
OFFICIAL_LAPS, PER_LAP_LAPS = 12, 2


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = season(tmp_path_factory.mktemp("tree"), 2025, have=[], events=["Australian Grand Prix", "Chinese Grand Prix", EVENT])
    to_folder(archive_session(laps=1), per_lap_archive(tree, 2025, EVENT, "Race"))
    race = f1nb.simulate(laps=3, cars=4, year=2025)
    start = pl.lit(datetime(2025, 5, 4, 13, tzinfo=UTC)).cast(pl.Datetime("ms", "UTC"))
    info = race.session.with_columns(event=pl.lit(EVENT), start_utc=start, utc_offset_s=pl.lit(0, pl.Int32))
    to_archive(Session({**{name: race.scan(name) for name in TABLES}, "session": info}), tree)
    _official_result(tree, race)
    return tree


def _official_result(tree: Path, race: Session) -> None:
    rows = [
        {
            "position": str(place), "positionText": str(place), "number": row["number"], "laps": "3", "points": "1",
            "status": "Finished", "Time": {"millis": str(270_000 + 1000 * place)},
            "Driver": {"driverId": row["driver"].lower(), "code": row["driver"], "givenName": "A", "familyName": row["driver"]},
            "Constructor": {"name": row["team"]},
        }
        for place, row in enumerate(race.drivers.to_dicts(), 1)
    ]  # fmt: skip
    races = [{"round": "3", "date": "2025-05-04", "raceName": EVENT, "Results": rows}]
    path = tree / JOLPICA / "ergast/f1/2025/3/results.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"MRData": {"total": "4", "limit": "30", "RaceTable": {"Races": races}}}))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("F1_USERNAME", "F1_PASSWORD", "FASTF1_AUTH_METHOD", "F1NB_STORE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def hosts(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    host = Host(tree)
    monkeypatch.setenv("F1NB_ARCHIVE", host.url)
    yield host
    host.close()


# -- moods of the hosts -------------------------------------------------------------------------------------------------------


def says(status: int, *parts: str, **headers: str) -> Mood:
    """Answer so wherever one of these parts is in the path."""
    return lambda handler, path: any(part in path for part in parts) and answer(handler, status, b"", **headers) is None


def all_of(*moods: Mood) -> Mood:
    return lambda handler, path: any(mood(handler, path) for mood in moods)


def the_first_time(part: str, act: Callable[[BaseHTTPRequestHandler, str], object]) -> Mood:
    """Do this to the first request for every path with this part."""
    seen: set[str] = set()

    def mood(handler: BaseHTTPRequestHandler, path: str) -> bool:
        if part not in path or path in seen:
            return False
        seen.add(path)
        act(handler, path)
        return True

    return mood


def cut(tree: Path) -> Callable[[BaseHTTPRequestHandler, str], None]:
    """Send the first half of what was promised, and hang up."""

    def act(handler: BaseHTTPRequestHandler, path: str) -> None:
        file = tree / path.lstrip("/")
        content = file.read_bytes() if file.is_file() else b"{}"
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[: len(content) // 2])
        handler.close_connection = True

    return act


def packed(tree: Path, left_out: int) -> Callable[[BaseHTTPRequestHandler, str], bool]:
    """Send a file packed, and so many bytes less than all of it, as if that were all."""

    def act(handler: BaseHTTPRequestHandler, path: str) -> bool:
        file = tree / path.lstrip("/")
        if not file.is_file():
            return False
        content = gzip.compress(file.read_bytes())
        answer(handler, 200, content[: len(content) - left_out], Content_Encoding="gzip")
        return True

    return act


# -- what is looked at after it -----------------------------------------------------------------------------------------------


def load(**options: Any) -> Session:
    return f1nb.load(2025, "Dutch", "R", **options)


def states(session: Session) -> dict[str, str]:
    return dict(session.data_sets.select("table", "state").iter_rows())


def note(session: Session, table: str) -> str | None:
    return session.data_sets.filter(table=table)["note"].item()


def asked(hosts: Host, part: str) -> dict[str, int]:
    return {path.rsplit("/", 1)[-1]: count for path, count in hosts.asked.items() if part in path}


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    """Run the command, which fails, and return the line that it says."""
    assert main(["load", "2025", "Dutch", "R"]) == 1
    said = capsys.readouterr()
    line = said.err.split("f1nb: ")[-1]  # a bar is before it where a kernel is in this process
    assert (said.out, line.count("\n")) == ("", 1)
    return line.strip()


def nothing_is_stored() -> bool:
    return Store().catalog() == []


# -- not signed in ------------------------------------------------------------------------------------------------------------


def test_all_is_well_when_all_hosts_answer(hosts: Host, home: Path) -> None:
    race = load()
    assert race.laps.height == OFFICIAL_LAPS
    assert not race.results["is_provisional"].any()
    assert states(race)["weather"] == states(race)["race_control"] == states(race)["results"] == "available"
    assert Store().manifest(RACE)["source"] == "archive; results from jolpica"
    assert not list((home / "downloads").rglob("*.jsonStream"))
    assert asked(hosts, PER_LAP) == {}  # it has nothing that is lacking


def test_without_sign_in_the_next_source_has_the_laps_and_the_rest_says_what_it_needs(hosts: Host) -> None:
    hosts.mood = says(401, OFFICIAL)
    race = load()
    assert race.laps.height == PER_LAP_LAPS
    assert Store().manifest(RACE)["source"].startswith("tracinginsights")
    for table in ("weather", "radio", "mini_sectors", "session_status"):
        assert (states(race)[table], note(race, table)) == ("needs_sign_in", f"{WANTS_ACCOUNT}.")
    assert states(race)["race_control"] == "needs_sign_in"
    assert str(note(race, "race_control")).startswith(f"{WANTS_ACCOUNT}. Until then: ")
    assert states(race)["laps"] == "available"


def test_without_sign_in_the_panels_say_so(hosts: Host, tmp_path: Path) -> None:
    hosts.mood = says(401, OFFICIAL)
    race = load()
    [blank] = f1nb.Weather(race).get_state("_notes")["_notes"]
    assert (blank["title"], blank["text"], blank["blank"]) == ("Weather: needs sign-in.", f"{WANTS_ACCOUNT}.", True)
    [badge] = f1nb.RaceControl(race).get_state("_notes")["_notes"]
    assert (badge["title"], badge["blank"]) == ("derived, needs sign-in", False)
    assert badge["text"].startswith(WANTS_ACCOUNT)
    header = f1nb.SessionHeader(race).badges
    assert any(
        b["kind"] == "sign_in" and b["text"].endswith("data sets: needs sign-in") and WANTS_ACCOUNT in b["title"]
        for b in header
    )
    DataSets(race).to_html(tmp_path / "sets.html")
    assert "needs sign-in" in f1nb.Weather(race).to_html(tmp_path / "weather.html").read_text()


def test_signing_in_makes_it_whole(hosts: Host) -> None:
    hosts.mood = says(401, OFFICIAL)
    load()
    hosts.mood = friendly
    race = load(force=True)
    assert (race.laps.height, states(race)["weather"]) == (OFFICIAL_LAPS, "available")


@pytest.mark.parametrize(("status", "sentence"), [(401, WANTS_ACCOUNT), (403, FORBIDDEN)])
def test_what_nobody_else_has_needs_the_account(
    hosts: Host, status: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    hosts.mood = all_of(says(status, OFFICIAL), says(404, PER_LAP))
    with pytest.raises(SignInError) as caught:
        load()
    assert str(caught.value) == one_line(capsys) == sentence
    assert nothing_is_stored()


def test_laps_alone_that_need_the_account(hosts: Host) -> None:
    hosts.mood = all_of(says(401, "TimingData"), says(404, PER_LAP))
    with pytest.raises(SignInError, match=f"^{WANTS_ACCOUNT}$"):
        load()
    assert nothing_is_stored()


def test_an_account_that_may_not_hear_the_radio_has_the_rest(hosts: Host) -> None:
    hosts.mood = says(403, "TeamRadio")
    race = load()
    assert (states(race)["radio"], note(race, "radio")) == ("needs_sign_in", f"{FORBIDDEN}.")
    assert race.laps.height == OFFICIAL_LAPS
    assert set(states(race).values()) <= {"available", "partial", "needs_sign_in"}


def test_a_sign_in_that_has_expired_says_when(hosts: Host, capsys: pytest.CaptureFixture[str]) -> None:
    path = user_data_path("fastf1") / "f1auth_token.json"
    path.parent.mkdir(parents=True)
    expired = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    path.write_text(json.dumps({"version": 1, "value": "a.b.c", "expires_at": expired.timestamp()}))
    hosts.mood = all_of(says(401, OFFICIAL), says(404, PER_LAP))
    assert one_line(capsys) == "the sign-in expired on 2026-11-20 09:30 UTC; sign in again with: f1nb auth login"


# -- not there ----------------------------------------------------------------------------------------------------------------


def test_what_no_host_has_names_those_that_were_asked(hosts: Host, capsys: pytest.CaptureFixture[str]) -> None:
    hosts.mood = says(404, "/")
    with pytest.raises(NotFoundError) as caught:
        load()
    said = str(caught.value)
    assert said.startswith(
        "archive: the schedule has no R of the 2025 Dutch Grand Prix. tracinginsights: the per-lap archive has"
    )
    assert one_line(capsys) == said
    assert nothing_is_stored()


@pytest.fixture
def moved(hosts: Host, tree: Path, tmp_path: Path) -> Host:
    """The hosts, of which the official one has the race on another day than the schedule says."""
    hosts.root = tmp_path / "moved"
    shutil.copytree(tree, hosts.root)
    year = hosts.root / OFFICIAL / "static/2025"
    (year / "2025-05-04_Dutch_Grand_Prix").rename(year / "2025-05-05_Dutch_Grand_Prix")
    sessions = [{"Name": "Race", "Path": "2025/2025-05-05_Dutch_Grand_Prix/2025-05-04_Race/"}, {"Name": None}]
    (year / "Index.json").write_bytes(
        b"\xef\xbb\xbf" + json.dumps({"Year": 2025, "Meetings": [{"Name": EVENT, "Sessions": sessions}]}).encode()
    )
    return hosts


def test_a_session_on_another_day_than_scheduled_is_found_in_the_hosts_list(moved: Host) -> None:
    race = load()
    assert (race.laps.height, race.info["source"]) == (OFFICIAL_LAPS, "archive")


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"Meetings": [{"Name": 7}]}'])
def test_a_damaged_list_is_a_sentence(moved: Host, content: bytes) -> None:
    (moved.root / OFFICIAL / "static/2025/Index.json").write_bytes(content)
    with pytest.raises(SourceError, match=r"static/2025 answered in another form than it used to; update f1nb$"):
        load(source="archive")
    assert load().info["source"] == "tracinginsights"


def test_a_list_does_not_lead_elsewhere(moved: Host) -> None:
    index = moved.root / OFFICIAL / "static/2025/Index.json"
    index.write_text(index.read_text("utf-8-sig").replace("2025/2025-05-05_Dutch", "../uat/2025-05-05_Dutch"))
    with pytest.raises(NotFoundError, match=r"^the official archive has no files of the 2025 Dutch Grand Prix, R$"):
        load(source="archive")


# -- out of order -------------------------------------------------------------------------------------------------------------


def test_a_host_that_fails_once_is_asked_again(hosts: Host) -> None:
    hosts.mood = the_first_time("jsonStream", lambda handler, _: answer(handler, 500))
    race = load(source="archive")
    assert race.laps.height == OFFICIAL_LAPS
    assert set(asked(hosts, "jsonStream").values()) == {2}


def test_a_host_that_always_fails_leaves_the_laps_to_the_next(hosts: Host) -> None:
    hosts.mood = says(500, OFFICIAL)
    race = load()
    assert race.laps.height == PER_LAP_LAPS
    assert (states(race)["weather"], note(race, "weather")) == ("failed", "127.0.0.1 answered 500; try again later.")


def test_where_all_hosts_fail_it_is_said_of_each(hosts: Host, capsys: pytest.CaptureFixture[str]) -> None:
    hosts.mood = all_of(says(429, OFFICIAL, Retry_After="3000"), says(500, PER_LAP))
    said = one_line(capsys)
    assert "archive: 127.0.0.1 has been asked too often; try again in 50 min" in said
    assert "tracinginsights: 127.0.0.1 answered 500; try again later" in said
    assert nothing_is_stored()


def test_a_host_that_asks_for_a_short_wait_gets_it(hosts: Host) -> None:
    """Given in seconds or as a date: the host counts the requests that come too early."""
    until: dict[str, float] = {}
    early: list[str] = []

    def mood(handler: BaseHTTPRequestHandler, path: str) -> bool:
        if not path.endswith(("LapCount.jsonStream", "WeatherData.jsonStream")):
            return False
        if path in until:
            early.extend([path] if time.time() < until[path] else [])
            return False
        date = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
        until[path] = date.timestamp() if "LapCount" in path else time.time() + 1
        answer(handler, 429, Retry_After=format_datetime(date, usegmt=True) if "LapCount" in path else "1")
        return True

    hosts.mood = mood
    assert load(source="archive").laps.height == OFFICIAL_LAPS
    assert (len(until), early) == (2, [])


@pytest.mark.parametrize("source", ["archive", "tracinginsights"])
def test_a_host_that_asks_for_a_long_wait_is_left_alone(hosts: Host, source: str) -> None:
    hosts.mood = says(429, OFFICIAL, PER_LAP, Retry_After="600")
    with pytest.raises(SourceError, match=r"^127.0.0.1 has been asked too often; try again in 10 min$"):
        load(source=source)
    assert set(asked(hosts, source.replace("archive", OFFICIAL).replace("tracinginsights", PER_LAP)).values()) == {1}
    assert nothing_is_stored()


@pytest.mark.parametrize(("source", "part"), [("archive", OFFICIAL), ("tracinginsights", "_tel.json")])
def test_a_connection_that_is_cut_is_made_again(hosts: Host, tree: Path, source: str, part: str) -> None:
    whole = load(source=source)
    tables = {name: whole.scan(name).collect() for name in TABLES}
    hosts.mood = the_first_time(part, cut(tree))
    race = load(source=source, force=True)
    assert max(asked(hosts, part).values()) == 3  # once before, then twice
    for name, frame in tables.items():
        assert race.scan(name).collect().equals(frame), name


def test_a_connection_that_is_always_cut_is_said(hosts: Host, tree: Path) -> None:
    always = cut(tree)
    hosts.mood = lambda handler, path: OFFICIAL in path and always(handler, path) is None
    with pytest.raises(SourceError, match=r"^the connection to 127.0.0.1 was cut; check the network, then try again$"):
        load(source="archive")
    assert nothing_is_stored()


def test_packed_files_are_unpacked_and_one_that_was_cut_is_asked_for_again(hosts: Host, tree: Path) -> None:
    whole = load(source="archive")
    tables = {name: whole.scan(name).collect() for name in TABLES}
    short, full = packed(tree, left_out=200), packed(tree, left_out=0)
    hosts.mood = all_of(the_first_time("WeatherData", short), full)
    race = load(source="archive", force=True)
    assert asked(hosts, "WeatherData") == {"WeatherData.jsonStream": 3}
    for name, frame in tables.items():
        assert race.scan(name).collect().equals(frame), name


def test_packed_files_that_are_always_damaged_are_said(hosts: Host) -> None:
    hosts.mood = lambda handler, path: OFFICIAL in path and answer(handler, 200, b"no gzip", Content_Encoding="gzip") is None
    with pytest.raises(SourceError, match=r"^the connection to 127.0.0.1 was cut"):
        load(source="archive")


def test_a_stream_that_ends_in_the_middle_of_a_line_says_so(hosts: Host, tree: Path) -> None:
    file = next((tree / OFFICIAL).rglob("WeatherData.jsonStream"))
    hosts.mood = lambda handler, path: "WeatherData" in path and answer(handler, 200, file.read_bytes()[:-30]) is None
    race = load()
    assert (states(race)["weather"], note(race, "weather")) == ("partial", "1 line of WeatherData could not be read.")
    assert race.weather.height == len(file.read_bytes().splitlines()) - 1


def test_json_that_ends_in_the_middle_is_a_sentence(hosts: Host) -> None:
    hosts.mood = lambda handler, path: path.endswith("drivers.json") and answer(handler, 200, b'{"drivers": [{"dri') is None
    with pytest.raises(SourceError, match=r"drivers.json"):
        load(source="tracinginsights")
    assert nothing_is_stored()


def test_the_page_of_a_hotel_is_no_data(hosts: Host, capsys: pytest.CaptureFixture[str]) -> None:
    hosts.mood = page
    assert "127.0.0.1 answered with a page instead of data; sign in to the network, then try again" in one_line(capsys)
    assert nothing_is_stored()
    hosts.mood = friendly
    assert load().laps.height == OFFICIAL_LAPS


def test_after_an_interruption_only_the_rest_is_fetched(hosts: Host) -> None:
    hosts.mood = says(500, "RaceControlMessages", "Position.z")
    with pytest.raises(SourceError, match=r"^127.0.0.1 answered 500; try again later$"):
        load(source="archive")
    assert nothing_is_stored()
    before = asked(hosts, "jsonStream")
    hosts.mood = friendly
    assert load(source="archive").laps.height == OFFICIAL_LAPS
    now = asked(hosts, "jsonStream")
    kept = {name for name in now if now[name] == before.get(name)}
    assert {"SessionInfo.jsonStream", "TimingData.jsonStream"} <= kept
    assert not {"RaceControlMessages.jsonStream", "Position.z.jsonStream"} & kept


# -- what is asked about it ---------------------------------------------------------------------------------------------------


def test_without_the_official_result_the_order_is_provisional_and_the_reason_said(hosts: Host) -> None:
    hosts.mood = says(500, JOLPICA)
    race = load()
    assert race.results["is_provisional"].all()
    assert states(race)["results"] == "partial"
    assert str(note(race, "results")).startswith("Provisional: ")
    assert str(note(race, "results")).endswith("api.jolpi.ca answered 500; try again later.")


def test_without_a_schedule_the_next_source_is_asked_and_the_reason_said(hosts: Host) -> None:
    hosts.mood = says(500, SCHEDULE)
    race = load()
    assert race.laps.height == PER_LAP_LAPS
    assert (states(race)["weather"], note(race, "weather")) == (
        "failed",
        "raw.githubusercontent.com answered 500; try again later.",
    )


def test_without_a_schedule_and_a_source_the_cause_is_named(hosts: Host, capsys: pytest.CaptureFixture[str]) -> None:
    hosts.mood = all_of(says(500, SCHEDULE), says(404, PER_LAP))
    assert "archive: raw.githubusercontent.com answered 500; try again later" in one_line(capsys)
    assert nothing_is_stored()


def test_a_schedule_that_is_kept_is_enough(hosts: Host) -> None:
    load()
    hosts.mood = says(500, SCHEDULE)
    assert load(force=True).info["source"] == "archive"


# -- this machine -------------------------------------------------------------------------------------------------------------


def test_a_full_disk_under_the_downloads_is_one_sentence(hosts: Host, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    small = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(home)]
    if subprocess.run(small, capture_output=True, check=False).returncode:
        pytest.skip("a full disk needs the right to mount a small one")
    try:
        with pytest.raises(
            StoreError, match=r"downloads.*archive: the disk is full; free some space, or set F1NB_HOME to another"
        ):
            load()
        assert one_line(capsys).startswith("cannot write to ")
        subprocess.run(["mount", "-o", "remount,size=20m", str(home)], check=True)
        assert load().laps.height == OFFICIAL_LAPS
        subprocess.run(["mount", "-o", "remount,ro", str(home)], check=True)
        assert load().laps.height == OFFICIAL_LAPS
        with pytest.raises(StoreError, match="it is read-only, or set F1NB_HOME to another folder"):
            load(force=True)
    finally:
        subprocess.run(["umount", str(home)], check=True)


# -- secrets ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mood",
    [friendly, says(401, OFFICIAL), all_of(says(401, OFFICIAL), says(404, PER_LAP)), says(500, "/")],
    ids=["all is well", "not signed in", "refused", "down"],
)
def test_name_password_and_token_are_told_to_nobody(
    hosts: Host, mood: Mood, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = [f"marker.{what}.{os.urandom(4).hex()}" for what in ("name", "password", "token")]
    monkeypatch.setenv("F1_USERNAME", secrets[0])
    monkeypatch.setenv("F1_PASSWORD", secrets[1])
    path = user_data_path("fastf1") / "f1auth_token.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"version": 1, "value": secrets[2], "expires_at": time.time() + 86400}))
    sent: list[str] = []

    def listening(handler: BaseHTTPRequestHandler, path: str) -> bool:
        sent.append(str(handler.headers))
        return mood(handler, path)

    hosts.mood = listening
    said: list[str] = []
    with caplog.at_level(logging.DEBUG):
        try:
            race = load()
            panel = f1nb.dashboard(race)
            said += [panel.to_html(tmp_path / "race.html").read_text(), repr(race), race._repr_html_(), repr(panel.get_state())]
        except F1nbError as error:
            said += [repr(error), repr(error.__cause__), repr(error.__context__)]
    assert sent
    files = [file.read_bytes() for file in home.rglob("*") if file.is_file()]
    for secret in secrets:
        assert not any(secret in text for text in (*said, *sent, caplog.text))
        assert not any(secret.encode() in content for content in files)
