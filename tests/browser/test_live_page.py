"""The live dashboard as people see it: a qualifying that comes in, a feed that breaks off, one that talks nonsense."""

from __future__ import annotations

import random
import re
from typing import Any

import polars as pl
import pytest
from feed_host import FeedHost, now_utc
from playwright.sync_api import expect
from real_data import DATA

from f1nb.live import recordings
from f1nb.live.protocol import Message

pytestmark = pytest.mark.browser

IMOLA = DATA / "recordings" / "2024_Imola_Qualifying"
START = {
    "SessionInfo": {
        "Key": 1, "Name": "Race", "Type": "Race", "StartDate": "2025-08-31T15:00:00", "Meeting": {"Name": "Dutch Grand Prix"},
    },
    "DriverList": {
        number: {"RacingNumber": number, "Tla": code, "FullName": code, "TeamName": team, "TeamColour": "ff8000", "Line": line}
        for line, (number, code, team) in enumerate((("4", "NOR", "McLaren"), ("1", "VER", "Red Bull")), 1)
    },
    "TimingData": {"Lines": {n: {"RacingNumber": n, "Position": p, "Line": int(p)} for n, p in (("4", "1"), ("1", "2"))}},
}  # fmt: skip
_CLOCK = '.f1nb-header [data-part="clock"]'


def badge(watched: Any, kind: str) -> Any:
    return watched.page.locator(f'.f1nb-badge[data-kind="{kind}"]')


def test_a_qualifying_comes_in_part_by_part(open_page, served) -> None:
    if not IMOLA.is_dir():
        pytest.skip(f"no real data: {IMOLA} is missing; set F1NB_TEST_DATA")
    recording = recordings.read(IMOLA)
    messages = recording.messages
    flags = [i for i, m in enumerate(messages) if m.topic == "SessionData" and "Finished" in str(m.data)]
    assert len(flags) == 3
    host = FeedHost(recording.snapshot)
    try:
        watched = open_page(served(host.url)).wait_until_drawn()
        expect(badge(watched, "live")).to_be_visible()
        expect(watched.page.locator(".f1nb-event h1")).to_have_text("Emilia Romagna Grand Prix")
        begun = 0
        for part, flag in enumerate(flags, 1):
            host.publish(messages[begun : flag - 200])
            expect(watched.page.locator(f"{_CLOCK} .f1nb-lab")).to_have_text(f"Q{part}", timeout=20_000)
            assert not watched.slips()
            host.publish(messages[flag - 200 : flag + 300])
            begun = flag + 300
        host.publish(messages[begun:])

        state = recording.state()
        results = state.tables()["results"]
        order = results.sort("position")["driver"].to_list()
        expect(watched.row().nth(19)).to_have_attribute("data-driver", order[19], timeout=20_000)
        watched.wait_for_order(order)
        assert order[:3] == ["VER", "PIA", "NOR"]
        expect(watched.row("VER")).to_contain_text("1:14.746")
        for driver, best in results.filter(pl.col("position") > 15).select("driver", "q1_time_s").drop_nulls().iter_rows():
            minutes, seconds = divmod(best, 60)
            expect(watched.row(driver)).to_contain_text(f"{minutes:.0f}:{seconds:06.3f}", timeout=20_000)

        # back to the first part, which is still there, and to the live edge again
        watched.press("Home", *["PageDown"] * 8)
        expect(watched.page.locator(f"{_CLOCK} .f1nb-lab")).to_have_text("Q1")
        watched.page.get_by_role("button", name=re.compile("^Live")).click()
        expect(watched.page.locator(f"{_CLOCK} .f1nb-lab")).to_have_text("Q3")
        assert not watched.slips()
    finally:
        host.close()


def test_a_feed_that_breaks_off_is_joined_again_and_said_so(open_page, served) -> None:
    host = FeedHost(dict(START))
    try:
        watched = open_page(served(host.url))
        watched.row("VER").wait_for()
        host.publish([Message("TrackStatus", {"Status": "1"}, now_utc())])
        host.close()
        expect(badge(watched, "lost").or_(badge(watched, "connecting"))).to_be_visible(timeout=10_000)
        host = FeedHost(START | {"TrackStatus": {"Status": "5"}, "Heartbeat": {"Utc": now_utc()}})
        expect(badge(watched, "live")).to_be_visible(timeout=20_000)
        expect(watched.page.locator(".f1nb-plate b")).to_have_text("Red flag")
    finally:
        host.close()


def test_tabs_stay_when_the_entry_list_changes(open_page, served) -> None:
    host = FeedHost(START)
    try:
        watched = open_page(served(host.url)).wait_until_drawn()
        tab = watched.page.get_by_role("tab", name="Limits and radio")
        expect(tab).to_be_visible()
        host.publish([Message("DriverList", {"81": {"RacingNumber": "81", "Tla": "PIA", "Line": 3}}, now_utc())])
        expect(watched.row("PIA")).to_be_visible()  # the header is drawn anew with the drivers, too
        tab.click()
        expect(watched.page.get_by_text("Track limits", exact=True)).to_be_visible()
        watched.page.set_viewport_size({"width": 1000, "height": 900})
        keys = watched.page.get_by_role("button", name="Keys").bounding_box()
        pages = watched.page.get_by_role("tablist").bounding_box()
        assert pages["y"] <= keys["y"] < pages["y"] + pages["height"]  # in one line
    finally:
        host.close()


def test_the_delay_holds_for_every_panel(open_page, served) -> None:
    host = FeedHost(START | {"TrackStatus": {"Status": "1"}})
    try:
        watched = open_page(served(host.url))
        watched.row("VER").wait_for()
        watched.page.get_by_role("spinbutton", name="TV delay in seconds").fill("6")
        watched.page.keyboard.press("Enter")
        utc = now_utc()
        said = {"Utc": utc, "Category": "Flag", "Flag": "RED", "Scope": "Track", "Message": "RED FLAG"}
        host.publish(
            [
                Message("TrackStatus", {"Status": "5"}, utc),
                Message("RaceControlMessages", {"Messages": {"0": said}}, utc),
                Message("TimingData", {"Lines": {"1": {"LastLapTime": {"Value": "1:11.111"}}}}, utc),
            ]
        )
        watched.page.wait_for_timeout(1500)
        expect(watched.page.locator(".f1nb-plate b")).to_have_text("Track clear")
        expect(watched.page.locator(".f1nb-rc .f1nb-list")).not_to_contain_text("Red flag")
        expect(watched.row("VER")).not_to_contain_text("1:11.111")
        expect(watched.page.locator(".f1nb-plate b")).to_have_text("Red flag", timeout=30_000)
        expect(watched.page.locator(".f1nb-rc .f1nb-list")).to_contain_text("Red flag")
        expect(watched.row("VER")).to_contain_text("1:11.111")
    finally:
        host.close()


def test_nonsense_freezes_no_panel(open_page, served) -> None:
    chance = random.Random(7)  # noqa: S311 - which nonsense it is must be the same each time
    host = FeedHost(dict(START))
    try:
        watched = open_page(served(host.url))
        watched.row("VER").wait_for()
        nothing: list[Any] = [None, "", "nan", -1, [], {}, {"Value": None}, "<img src=x onerror=alert(1)>", 2**60, True]
        fields = ("Position", "GapToLeader", "Sectors", "LastLapTime", "InPit", "NumberOfLaps", "Stats", "Speeds")
        topics = ("TimingData", "TimingAppData", "WeatherData", "TrackStatus", "LapCount", "ExtrapolatedClock", "Nonsense")
        for _ in range(40):
            line = {chance.choice(fields): chance.choice(nothing) for _ in range(3)}
            lines = {"Lines": {chance.choice(["1", "4", "99", "x"]): line}}
            host.publish(
                [
                    Message(chance.choice(topics), chance.choice([lines, *nothing]), chance.choice([now_utc(), "", "soon"]))
                    for _ in range(50)
                ]
            )
        host.publish(
            [
                Message("TimingData", {"Lines": {"1": {"LastLapTime": {"Value": "1:12.345"}}}}, now_utc()),
                Message("TrackStatus", {"Status": "4"}, now_utc()),
            ]
        )
        expect(watched.row("VER")).to_contain_text("1:12.345", timeout=20_000)
        expect(watched.page.locator(".f1nb-plate b")).to_have_text("Safety car")
        assert not watched.slips()
    finally:
        host.close()
