"""A session that is followed has at its end what a stored one has, and says until then how it is going."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import AsyncGenerator, Callable
from zlib import compressobj

import orjson
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


def until(session: LiveSession, is_so: Callable[[], bool]) -> None:
    """Wait for something, which on a busy machine takes a while."""
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        session.wait(0.05)


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
        assert session.begun(60)
        until(session, lambda: session.track_status.height == 2)
        assert session.track_status["status"].to_list() == ["clear", "safety_car"]
        assert session.is_live
        assert session.badges[0]["kind"] == "live"
        assert session.end_time_s >= 30.0  # and goes on, as the feed does
    assert not session.is_live
    assert session.track_status.height == 2


def test_what_the_feed_does_is_said() -> None:
    lost = Notice("lost", "nothing heard from http://127.0.0.1:1 for 35 s; connecting again in 1.0 s")
    with LiveSession(open_end(Snapshot(START), flag("1", 0), lost)) as session:
        until(session, lambda: session.badges[0]["kind"] == "lost")
        assert session.badges == [{"kind": "lost", "text": "Lost", "title": lost.text}]
        header = f1nb.SessionHeader(session)
        assert header.badges[0]["text"] == "Lost"


def test_what_was_missed_is_said_of_the_tables() -> None:
    weather = Message("WeatherData", {"AirTemp": "24.1"}, "2025-08-31T13:00:01Z")
    gap = Gap("2025-08-31T13:00:05Z", "2025-08-31T13:00:25Z", 20.0)
    then = Snapshot(START | {"TrackStatus": {"Status": "4"}})
    with LiveSession(feed_of(Snapshot(START), flag("1", 0), weather, gap, then)) as session:
        session.wait(60)
        said = session.data_sets.row(by_predicate=pl.col("table") == "weather", named=True)
        assert (said["state"], said["note"]) == ("partial", "Messages may be missing between 13:00:05 and 13:00:25 UTC.")
        assert session.track_status["status"][-1] == "safety_car"


def test_who_is_refused_is_told_so() -> None:
    async def refused() -> AsyncGenerator[Event, None]:
        raise SignInError("the feed refuses the connection; sign in with: f1nb auth login")
        yield

    session = LiveSession(refused)
    with pytest.raises(SignInError, match="sign in with: f1nb auth login"):
        session.begun(60)
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
        assert session.begun(60)
        assert page.title == "2025 Dutch Grand Prix, race"


def test_another_session_in_the_middle_takes_the_place_of_the_first() -> None:
    other = {"SessionInfo": START["SessionInfo"] | {"Key": 2, "Name": "Practice 1", "Type": "Practice", "Number": 1}}
    with LiveSession(feed_of(Snapshot(START), flag("4", 0), Snapshot(other), flag("1", 40))) as session:
        session.wait(60)
        assert session.info["session"] == "FP1"
        assert session.track_status["status"].to_list() == ["clear"]


def test_where_the_cars_of_the_session_before_were_is_not_in_the_next_one() -> None:
    def packed(said: object) -> str:
        packing = compressobj(wbits=-15)
        return b64encode(packing.compress(orjson.dumps(said)) + packing.flush()).decode()

    def place(second: int) -> Message:
        utc = f"2025-08-31T13:00:{second:02d}Z"
        entry = {"Timestamp": utc, "Entries": {"4": {"Status": "OnTrack", "X": 10 * second, "Y": 50, "Z": 0}}}
        return Message("Position.z", packed({"Position": [entry]}), utc)

    entries = {"DriverList": {"4": {"RacingNumber": "4", "Tla": "NOR", "Line": 1}}}
    other = {"SessionInfo": START["SessionInfo"] | {"Key": 2, "Name": "Practice 1", "Type": "Practice", "Number": 1}}
    first = (Snapshot(START | entries), flag("1", 0), *map(place, range(1, 20)))
    with LiveSession(feed_of(*first)) as session:
        session.wait(60)
        assert session.positions["driver"].unique().to_list() == ["NOR"]
    with LiveSession(feed_of(*first, Snapshot(other | entries), flag("1", 40))) as session:
        session.wait(60)
        assert session.info["session"] == "FP1"
        assert session.positions.is_empty()


def test_a_simulated_race_is_labelled_while_it_is_replayed() -> None:
    with f1nb.replay(f1nb.simulate(laps=3, cars=4), speed=60) as race:
        assert race.info["is_simulated"]
        assert [badge["text"] for badge in f1nb.SessionHeader(race).badges][:2] == ["Replay 60×", "SIMULATED"]


def test_a_session_without_a_name_shows_itself() -> None:
    with LiveSession(feed_of(flag("1", 0))) as session:
        session.wait(60)
        assert repr(session.at(time_s=0)) == "<Session Live session: 0 drivers, 0 laps>"


def test_whoever_watches_can_close_it() -> None:
    with LiveSession(open_end(Snapshot(START), flag("1", 0))) as session:
        session.watch(session.close)
        session.wait(60)
        assert not session.is_live
        assert session.badges[0]["text"] == "Not followed"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # it is in the log, too
def test_a_watcher_that_fails_ends_it_and_says_so() -> None:
    def fail() -> None:
        raise ZeroDivisionError("no such thing")

    session = LiveSession(open_end(Snapshot(START), flag("1", 0)))
    session.begun(60)
    session.watch(fail)
    with pytest.raises(ZeroDivisionError):
        session.wait(60)
    assert session.badges[0]["text"] == "Failed"
    session.close()


def test_a_gap_is_no_faster_session() -> None:
    async def feed() -> AsyncGenerator[Event, None]:
        yield Snapshot(START)
        yield flag("1", 0)
        await asyncio.sleep(2.2)  # longer than a pace is measured over at least
        yield Gap("2025-08-31T13:00:00Z", "2025-08-31T13:00:50Z", 2.2)
        yield flag("4", 50)
        await asyncio.Event().wait()

    with LiveSession(feed) as session:
        until(session, lambda: session.track_status.height == 2)
        assert session.track_status.height == 2
        assert session.rate == 1.0


def test_a_replay_needs_nothing_of_the_network_and_a_feed_says_what_it_needs() -> None:
    code = """
import sys
sys.modules["aiohttp"] = None
import f1nb
with f1nb.replay(f1nb.simulate(laps=3, cars=4), speed=60) as race:
    print(race.title)
try:
    f1nb.live()
except f1nb.F1nbError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    remedy = 'the live feed needs aiohttp; install it with: pip install "f1nb[live]"'
    assert done.stdout.splitlines() == ["2026 Simulated Grand Prix, race", remedy]


def test_the_clock_has_the_live_edge() -> None:
    with LiveSession(open_end(Snapshot(START), flag("1", 0), flag("4", 30))) as session:
        session.begun(60)
        clock = f1nb.Clock(session)
        assert clock.following
        clock.seek(5)
        assert (clock.following, clock.time_s) == (False, 5.0)
        clock.follow()
        assert (clock.following, clock.playing) == (True, True)
    assert not clock.live
    with pytest.raises(ValueError, match="the session is over"):
        clock.follow()


def test_a_feed_that_had_nothing_to_say_for_a_while_is_no_fast_one() -> None:
    async def joined_in_a_silence() -> AsyncGenerator[Event, None]:
        yield Snapshot(START | {"Heartbeat": {"Utc": "2025-08-31T13:00:00Z"}})
        await asyncio.sleep(2.2)  # longer than the pace of a feed needs to be measured
        yield flag("1", 14)
        await asyncio.sleep(0.3)
        yield flag("4", 15)
        await asyncio.Event().wait()

    with LiveSession(joined_in_a_silence) as session:
        while session.track_status.height < 2:
            session.wait(0.05)
        assert session.rate == 1.0


def test_only_what_was_known_is_in_a_part_of_it() -> None:
    with LiveSession(feed_of(Snapshot(START), flag("1", 0), flag("4", 30))) as session:
        session.wait(60)
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
