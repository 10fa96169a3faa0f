"""A session that is followed has at its end what a stored one has, and says until then how it is going."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable

import polars as pl
import pytest
from imola import imola
from polars.testing import assert_frame_equal

import f1nb
from f1nb.errors import NotFoundError, SignInError
from f1nb.live.feed import Event, Gap, Notice
from f1nb.live.protocol import Message, Snapshot
from f1nb.live.session import LiveSession
from f1nb.live.state import State

START = {
    "SessionInfo": {
        "Key": 1,
        "Name": "Race",
        "Type": "Race",
        "StartDate": "2025-08-31T15:00:00",
        "Meeting": {"Name": "Dutch Grand Prix"},
    }
}


def feed_of(*events: Event) -> Callable[[], AsyncGenerator[Event, None]]:
    """Return what yields these events and is then at its end."""

    async def feed() -> AsyncGenerator[Event, None]:
        for event in events:
            yield event

    return feed


def open_end(*events: Event) -> Callable[[], AsyncGenerator[Event, None]]:
    """Return what yields these events and then waits for ever."""

    async def feed() -> AsyncGenerator[Event, None]:
        for event in events:
            yield event
        await asyncio.Event().wait()

    return feed


def flag(status: str, second: int) -> Message:
    return Message("TrackStatus", {"Status": status}, f"2025-08-31T13:00:{second:02d}Z")


def test_a_qualifying_that_was_followed_is_the_one_that_was_recorded() -> None:
    snapshot, messages = imola()
    state = State()
    state.snapshot(snapshot)
    for message in messages:
        state.apply(*message)
    said = state.tables()
    with LiveSession(feed_of(Snapshot(snapshot), *messages)) as session:
        session.wait(60)
        assert not session.is_live
        assert session.title == "2024 Emilia Romagna Grand Prix, qualifying"
        for name in ("timing", "results", "race_control", "mini_sectors", "weather", "drivers"):
            assert_frame_equal(getattr(session, name), said[name])
        verstappen = session.results.row(0, named=True)
        assert (verstappen["driver"], verstappen["q3_time_s"]) == ("VER", 74.746)
        # laps are put right: race control's deletions are in them, and which of them show pace
        assert session.laps.filter("is_deleted").height > 0
        assert session.laps["is_representative"].sum() > 50


def test_the_session_grows_while_it_is_followed() -> None:
    seen = []
    with LiveSession(open_end(Snapshot(START), flag("1", 0), flag("4", 30))) as session:
        session.watch(lambda: seen.append(session.track_status.height))
        assert session.begun(5)
        for _ in range(100):
            if session.track_status.height == 2:
                break
            session.wait(0.05)
        assert session.track_status["status"].to_list() == ["clear", "safety_car"]
        assert session.is_live
        assert session.badges[0]["kind"] == "live"
        assert session.end_time_s >= 30.0  # and goes on, as the feed does
    assert not session.is_live
    assert session.track_status.height == 2


def test_what_the_feed_does_is_said() -> None:
    lost = Notice("lost", "nothing heard from http://127.0.0.1:1 for 35 s; connecting again in 1.0 s")
    with LiveSession(open_end(Snapshot(START), flag("1", 0), lost)) as session:
        for _ in range(100):
            if session.badges[0]["kind"] == "lost":
                break
            session.wait(0.05)
        assert session.badges == [{"kind": "lost", "text": "Lost", "title": lost.text}]
        header = f1nb.SessionHeader(session)
        assert header.badges[0]["text"] == "Lost"


def test_what_was_missed_is_said_of_the_tables() -> None:
    weather = Message("WeatherData", {"AirTemp": "24.1"}, "2025-08-31T13:00:01Z")
    gap = Gap("2025-08-31T13:00:05Z", "2025-08-31T13:00:25Z", 20.0)
    then = Snapshot(START | {"TrackStatus": {"Status": "4"}})
    with LiveSession(feed_of(Snapshot(START), flag("1", 0), weather, gap, then)) as session:
        session.wait(10)
        said = session.data_sets.row(by_predicate=pl.col("table") == "weather", named=True)
        assert (said["state"], said["note"]) == ("partial", "Messages may be missing between 13:00:05 and 13:00:25 UTC.")
        assert session.track_status["status"][-1] == "safety_car"


def test_who_is_refused_is_told_so() -> None:
    async def refused() -> AsyncGenerator[Event, None]:
        raise SignInError("the feed refuses the connection; sign in with: f1nb auth login")
        yield

    session = LiveSession(refused)
    with pytest.raises(SignInError, match="sign in with: f1nb auth login"):
        session.begun(5)
    assert session.badges[0]["text"] == "Not connected"
    assert "sign in with" in session.badges[0]["title"]


def test_panels_can_be_made_before_the_feed_has_said_anything() -> None:
    has_page = threading.Event()

    async def late() -> AsyncGenerator[Event, None]:
        await asyncio.to_thread(has_page.wait)
        yield Snapshot(START)
        yield flag("1", 0)
        await asyncio.Event().wait()

    with LiveSession(late) as session:
        page = f1nb.dashboard(session)
        assert page.title == "Live session"
        assert page.clock.live
        assert page.clock.following
        has_page.set()
        assert session.begun(5)
        assert page.title == "2025 Dutch Grand Prix, race"


def test_another_session_in_the_middle_takes_the_place_of_the_first() -> None:
    other = {"SessionInfo": START["SessionInfo"] | {"Key": 2, "Name": "Practice 1", "Type": "Practice", "Number": 1}}
    with LiveSession(feed_of(Snapshot(START), flag("4", 0), Snapshot(other), flag("1", 40))) as session:
        session.wait(10)
        assert session.info["session"] == "FP1"
        assert session.track_status["status"].to_list() == ["clear"]


def test_the_clock_has_the_live_edge() -> None:
    with LiveSession(open_end(Snapshot(START), flag("1", 0), flag("4", 30))) as session:
        session.begun(5)
        clock = f1nb.Clock(session)
        assert clock.following
        clock.seek(5)
        assert (clock.following, clock.time_s) == (False, 5.0)
        clock.follow()
        assert (clock.following, clock.playing) == (True, True)
    assert not clock.live
    with pytest.raises(ValueError, match="the session is over"):
        clock.follow()


def test_only_what_was_known_is_in_a_part_of_it() -> None:
    with LiveSession(feed_of(Snapshot(START), flag("1", 0), flag("4", 30))) as session:
        session.wait(10)
        then = session.at(time_s=10)
        assert then.track_status["status"].to_list() == ["clear"]
        session.update({"track_status": pl.concat([session.track_status] * 2)})
        assert then.track_status.height == 1


def test_a_replay_says_what_it_cannot_play() -> None:
    with pytest.raises(ValueError, match="90 is no speed; give one from 1 to 60"):
        f1nb.replay("anything", speed=90)
    with pytest.raises(NotFoundError, match="there is no recording"):
        f1nb.replay("no/such/file")


def test_live_is_a_function_and_a_package() -> None:
    import f1nb.live.protocol

    assert f1nb.live.protocol.CORE
    with pytest.raises(f1nb.F1nbError, match="is no address of a live feed"):
        f1nb.live("ftp://somewhere")
