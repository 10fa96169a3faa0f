"""The track map of a session that is going on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from feed_host import FeedHost, now_utc
from playwright.sync_api import expect

from f1nb.live.protocol import Message

pytestmark = pytest.mark.browser

START = {
    "SessionInfo": {
        "Key": 1, "Name": "Practice 1", "Type": "Practice", "StartDate": "2025-08-29T12:30:00",
        "Meeting": {"Name": "Dutch Grand Prix"},
    },
    "DriverList": {
        number: {"RacingNumber": number, "Tla": code, "FullName": code, "TeamName": team, "TeamColour": "ff8000", "Line": line}
        for line, (number, code, team) in enumerate((("4", "NOR", "McLaren"), ("1", "VER", "Red Bull")), 1)
    },
}  # fmt: skip


def segments(*done: int) -> dict[str, Any]:
    """Return three sectors of two mini-sectors each; the numbers of those that are completed, from 0."""
    return {
        str(sector): {"Segments": {str(i): {"Status": 2049 if 2 * sector + i in done else 0} for i in range(2)}}
        for sector in range(3)
    }


def test_it_waits_for_cars_and_shows_them_when_they_come(open_page, served) -> None:
    host = FeedHost(START)
    try:
        watched = open_page(served(host.url))
        track = watched.page.locator(".f1nb-map")
        expect(track).to_contain_text("Waiting for the first cars")
        for done, is_in in (((), True), ((0,), False), ((0, 1), False)):
            came = {"Sectors": segments(*done), "InPit": is_in, "Position": "1", "NumberOfLaps": 1}
            lines = {"4": came, "1": {"InPit": True, "Position": "2"}}
            host.publish([Message("TimingData", {"Lines": lines}, now_utc())])
            watched.page.wait_for_timeout(300)
        expect(track).to_contain_text("by mini-sectors")
        expect(track).to_contain_text("this circuit’s shape is not known")
        expect(track.locator("[data-driver]")).to_have_text(["VER"])  # in the pits
        expect(track.get_by_role("img").first).to_have_attribute("aria-label", re.compile("placed by mini-sectors. NOR lead"))
    finally:
        host.close()
