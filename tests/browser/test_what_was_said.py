"""Race control, track limits and team radio in the browser: what they say, and when they chime."""

from __future__ import annotations

import io
import time
import wave
from pathlib import Path

import polars as pl
import pytest
from feed_host import FeedHost, now_utc
from playwright.sync_api import Route, expect

import f1nb
from f1nb.live.protocol import Message
from f1nb.schema import TABLES
from f1nb.session import Session

pytestmark = pytest.mark.browser

_HOST = "https://livetiming.formula1.com/static/"
# the browser's own sounds and notifications, heard and seen by the test
_HEARD = """
window.notes = [];
window.OscillatorNode = class extends OscillatorNode {
  constructor(context, options) { super(context, options); notes.push(Date.now() / 1000); }
};
window.shown = [];
window.Notification = class {
  static permission = "%s";
  static requestPermission = async () => Notification.permission;
  constructor(title, options) { shown.push([title, options.body]); }
};
"""


@pytest.fixture(scope="module")
def race() -> Session:
    """Return a short race, of which something else was said."""
    simulated = f1nb.simulate(laps=6, cars=4)
    a, b = simulated.drivers["driver"][:2]
    numbers = dict(simulated.drivers.select("driver", "number").iter_rows())
    limits = f"CAR {numbers[a]} ({a}) TIME 1:3%d.500 DELETED - TRACK LIMITS AT TURN 4 LAP %d 15:0%d:00"
    said = [
        (20.0, "", "Other", limits % (1, 1, 1)),
        (30.0, "", "Other", limits % (2, 2, 2)),
        (40.0, "", "Other", limits % (3, 3, 3)),
        (50.0, "BLACK AND WHITE", "Flag", f"BLACK AND WHITE FLAG FOR CAR {numbers[a]} ({a}) - TRACK LIMITS"),
        *((60.0 + n, "", "Other", f"TRACK SURFACE SLIPPERY IN TRACK SECTOR {n}") for n in range(12)),
        (100.0, "RED", "Flag", "RED FLAG"),
        (130.0, "", "Other", f"INCIDENT INVOLVING CAR {numbers[b]} ({b}) NOTED - <I>UNSAFE</I> RELEASE"),
    ]
    tables = {name: simulated.scan(name) for name in TABLES if name != "telemetry"}
    tables["race_control"] = (
        TABLES["race_control"]
        .frame(
            [{"time_s": t, "flag": flag, "category": category, "message": text, "lap": 1} for t, flag, category, text in said]
        )
        .lazy()
    )
    radio = {"time_s": [25.0, 45.0], "driver": [a, b], "url": [f"{_HOST}a.mp3", "http://example.org/<b>.mp3"]}
    tables["radio"] = TABLES["radio"].frame(radio).lazy()
    tables["data_sets"] = tables["data_sets"].filter(pl.col("table") != "radio")
    return Session(tables)


@pytest.fixture
def opened(open_page, race: Session, tmp_path: Path):
    """Return a function that opens a panel as a file, its clock at a moment."""

    def open_(panel: type, time_s: float, *, permission: str = "granted"):
        shown = panel(race)
        shown.clock.time_s, shown.clock.speed = time_s, 10
        path = shown.to_html(tmp_path / "panel.html")
        watched = open_page("about:blank")
        watched.page.add_init_script(_HEARD % permission)
        watched.page.goto(path.as_uri())
        watched.slider.wait_for()
        return watched

    return open_


def switch_on(page, *labels: str) -> None:
    page.get_by_role("button", name="Alerts: off").click()
    for label in labels:
        page.get_by_label(label).check()
    page.keyboard.press("Escape")


def test_a_red_flag_chimes_as_the_clock_passes_it_and_not_when_one_jumps_over_it(opened):
    watched = opened(f1nb.RaceControl, 95.0)
    page = watched.page
    switch_on(page, "Chime")
    page.wait_for_function("notes.length > 0")  # how it sounds
    page.evaluate("notes.length = 0")
    watched.press("End", "Home")
    assert page.evaluate("notes") == []
    watched.press("PageDown")
    while watched.clock_s < 95:
        watched.press("ArrowRight")
    watched.play(1.5)
    assert page.evaluate("notes.length") == 3
    assert page.evaluate("shown") == []


def test_a_favourite_is_told_of_by_the_browser(opened, race: Session):
    watched = opened(f1nb.RaceControl, 125.0)
    page = watched.page
    switch_on(page, "Browser notification")
    page.get_by_role("button", name="Alerts: on").click()
    page.get_by_role("button", name=race.drivers["driver"][1]).click()
    page.keyboard.press("Escape")
    watched.play(1.5)
    ((title, body),) = page.evaluate("shown")
    assert title == race.drivers["driver"][1]
    assert "<i>unsafe</i> release" in body
    assert page.locator(".f1nb-list i").count() == 0
    page.reload()
    page.get_by_role("button", name="Alerts: on").wait_for()


def test_notifications_that_the_browser_blocks_say_so(opened):
    page = opened(f1nb.RaceControl, 95.0, permission="denied").page
    page.get_by_role("button", name="Alerts: off").click()
    assert page.get_by_label("Browser notification").is_disabled()
    assert page.get_by_text("Blocked: allow notifications").is_visible()


def test_who_reads_on_below_is_told_how_much_is_new(opened):
    watched = opened(f1nb.RaceControl, 95.0)
    page = watched.page
    page.locator(".f1nb-list").evaluate("list => list.scrollTo({ top: 200 })")
    watched.play(1.5)
    page.get_by_role("button", name="1 new").click()
    page.wait_for_function("document.querySelector('.f1nb-list').scrollTop === 0")
    assert page.get_by_role("button", name="1 new").count() == 0
    assert "Red flag" in page.locator(".f1nb-list > li").first.inner_text()


def test_filters_find_what_one_looks_for(opened, race: Session):
    page = opened(f1nb.RaceControl, 140.0).page
    lines = page.locator(".f1nb-list > li")
    for name, count in (("Stewards", 2), ("Limits", 4), ("Flags", 2), ("SC", 0), ("All", 18)):
        page.get_by_role("button", name=name, exact=True).click()
        assert lines.count() == count, name
    page.get_by_role("button", name="Find in messages").click()
    page.keyboard.type("slippery 11")
    assert lines.count() == 1
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Only selected drivers").click()
    assert page.get_by_text("No such message yet.").is_visible()


def test_track_limits_are_counted_up_to_the_clock(opened, race: Session):
    watched = opened(f1nb.TrackLimits, 35.0)
    page = watched.page
    row = page.locator(".f1nb-tallies > li")
    assert row.inner_text().split()[:2] == [race.drivers["driver"][0], "2"]
    assert page.get_by_text("next: penalty").count() == 0
    watched.press("End")
    assert row.inner_text().split()[:2] == [race.drivers["driver"][0], "3"]
    assert page.get_by_text("next: penalty").is_visible()
    row.locator("summary").click()
    assert page.get_by_text("turn 4, lap 3 · 1:33.500").is_visible()
    watched.press("Home")
    assert page.get_by_text("No lap time has been deleted").is_visible()


def test_only_an_address_of_the_official_host_is_a_link(opened):
    watched = opened(f1nb.TeamRadio, 200.0)
    links = watched.page.locator(".f1nb-calls a")
    assert [link.get_attribute("href") for link in links.all()] == [f"{_HOST}a.mp3"]
    assert watched.page.get_by_text("not at the official host: http://example.org/<b>.mp3").is_visible()
    assert watched.requests == []


_START = {
    "SessionInfo": {
        "Key": 1,
        "Name": "Race",
        "Type": "Race",
        "Path": "2025/dutch/",
        "StartDate": "2025-08-31T15:00:00",
        "Meeting": {"Name": "Dutch Grand Prix"},
    },
    "DriverList": {"4": {"RacingNumber": "4", "Tla": "NOR", "FullName": "NOR", "TeamName": "McLaren", "Line": 1}},
}


def message(text: str, flag: str = "") -> dict[str, str]:
    return {"Utc": now_utc(), "Category": "Flag" if flag else "Other", "Flag": flag, "Scope": "Track", "Message": text}


def test_what_is_said_live_is_counted_played_and_chimes_after_the_delay(open_page, served):
    host = FeedHost(_START | {"RaceControlMessages": {"Messages": [message("PIT EXIT CLOSED")]}})
    try:
        watched = open_page(served(host.url))
        page = watched.page
        expect(page.locator(".f1nb-list")).to_contain_text("Pit exit closed", timeout=60_000)
        page.evaluate(_HEARD % "granted" + "null")
        switch_on(page, "Chime")
        page.wait_for_function("notes.length > 0")
        page.evaluate("notes.length = 0")
        page.get_by_role("spinbutton", name="TV delay in seconds").fill("3")
        page.keyboard.press("Enter")
        deleted = "CAR 4 (NOR) TIME 1:13.777 DELETED - TRACK LIMITS AT TURN 9 LAP 3 15:07:34"
        messages = {"Messages": {"1": message(deleted), "2": message("RED FLAG", "RED")}}
        captures = {"Captures": {"0": {"Utc": now_utc(), "RacingNumber": "4", "Path": "TeamRadio/NOR.mp3"}}}
        said_s = time.time()
        host.publish([Message("RaceControlMessages", messages, now_utc()), Message("TeamRadio", captures, now_utc())])
        page.wait_for_function("notes.length === 3")
        assert page.evaluate("notes[0]") >= said_s + 2.9
        expect(page.locator(".f1nb-list")).to_contain_text("Red flag")

        page.get_by_role("tab", name="Limits and radio").click()
        expect(page.locator(".f1nb-tallies > li")).to_contain_text("T9, L3")
        asked = []

        def answer(route: Route) -> None:
            asked.append(route.request.url)
            route.fulfill(body=silence(seconds=5), content_type="audio/wav")

        page.route(f"{_HOST}**", answer)
        page.get_by_role("button", name="Play NOR").click()
        page.wait_for_function("document.querySelector('audio').currentTime > 0.2")
        assert asked == [f"{_HOST}2025/dutch/TeamRadio/NOR.mp3"]
    finally:
        host.close()


def silence(seconds: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8000)
        out.writeframes(b"\x80" * 8000 * seconds)
    return file.getvalue()
