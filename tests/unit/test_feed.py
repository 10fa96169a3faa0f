"""The client of the live feed on bad networks: it comes back by itself, says so, and repeats nothing."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from feed_follower import QUICK, Followed
from feed_wire import Wire
from hypothesis import given
from hypothesis import strategies as st

from f1nb.errors import SourceError
from f1nb.live import current
from f1nb.live.continuity import Continuity
from f1nb.live.feed import FRAME_BYTES, Feed, Gap, Notice, address, sign_in
from f1nb.live.protocol import CLASSIC, CORE, Damaged, Message, Snapshot, merge
from f1nb.live.server import LiveServer, replay, serving


async def until(events, is_last) -> list:
    """Return the events up to the first that is the last."""
    got = []
    async with asyncio.timeout(60), aclosing(events):
        async for event in events:
            got.append(event)
            if is_last(event):
                return got
    return got


def lost(event) -> bool:
    return isinstance(event, Notice) and event.state == "lost"


def state_after(messages) -> dict:
    state: dict = {}
    for message in messages:
        merge(state, message.topic, message.data)
    return state


def test_a_server_killed_and_started_again_a_little_earlier_gives_a_gap_and_no_message_twice():
    messages = [Message("LapCount", {"CurrentLap": lap}, f"2024-05-19T13:{lap:02}:00Z") for lap in range(50)]

    async def scenario():
        got: list = []

        has_first = asyncio.Event()

        def is_last(event):
            if event == messages[19]:
                has_first.set()
            return event == messages[-1]

        async def collect(feed):
            got.extend(await until(feed.events(), is_last))

        server = LiveServer()
        async with serving(server) as url:
            port = int(url.rsplit(":", 1)[1])
            collecting = asyncio.create_task(collect(Feed(url, **QUICK)))
            await server.joined()
            await replay(server, messages[:20], speed=None)
            await has_first.wait()
        again = LiveServer(state_after(messages[:10]))
        async with serving(again, port=port):
            await again.joined()
            await replay(again, messages[10:], speed=None)
            await collecting
        return got

    got = asyncio.run(scenario())
    assert [event for event in got if isinstance(event, Message)] == messages
    assert [event.since_utc for event in got if isinstance(event, Gap)] == [messages[19].utc]
    after_gap = got[next(n for n, event in enumerate(got) if isinstance(event, Gap)) + 1]
    assert after_gap == Snapshot({"LapCount": {"CurrentLap": 9}})
    assert any(lost(event) and "connecting again in" in event.text for event in got)


async def listening(answer) -> tuple[asyncio.Server, str]:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def sectors(count: int) -> list[Message]:
    """Return messages that each say something which no later one says again."""
    at = "2024-05-19T13:{:02}:{:02}Z"
    return [Message("TimingData", {"Lines": {str(n % 7): {f"S{n}": str(n)}}}, at.format(*divmod(n, 60))) for n in range(count)]


async def over_a_wire(spoil) -> tuple[Followed, LiveServer, list[Message]]:
    """Follow a feed of 300 messages of which a hundred are sent while ``spoil(wire)`` keeps them from coming through."""
    messages, server = sectors(300), LiveServer()
    async with serving(server) as direct:
        wire = Wire(int(direct.rsplit(":", 1)[1]))
        async with wire as url:
            followed = Followed(url)
            await followed.until(lambda: followed.state == {} and followed.said("connected to"))
            await server.publish(messages[:100])
            await followed.until(lambda: len(followed.messages) == 100)
            spoil(wire)
            await server.publish(messages[100:200])
            await followed.until(lambda: followed.said("connecting again in"))
            wire.is_silent = False
            await followed.until(lambda: len(followed.gaps) == 1 and isinstance(followed.events[-1], Snapshot))
            await server.publish(messages[200:])
            await followed.until(lambda: messages[-1] in followed.events)
            await followed.close()
    return followed, server, messages


def silent(wire: Wire) -> None:
    wire.is_silent = True


@pytest.mark.parametrize(("spoil", "words"), [(Wire.cut, "the connection"), (silent, "nothing heard from")])
def test_what_was_sent_while_the_wire_was_cut_or_dead_is_in_the_next_snapshot(spoil, words):
    followed, server, messages = asyncio.run(over_a_wire(spoil))
    assert followed.state == server.state
    assert followed.messages == messages[:100] + messages[200:]
    assert followed.gaps[0].since_utc == messages[99].utc
    assert followed.said(words)


def test_a_server_that_answers_late_and_in_trickles_is_given_more_time_until_it_is_heard():
    messages, server = sectors(120), LiveServer({"TimingData": {"Text": "x" * 3000}})

    async def scenario():
        async with serving(server) as direct:
            wire = Wire(int(direct.rsplit(":", 1)[1]))
            wire.late_s, wire.pieces = 0.15, 500  # the four answers up to the snapshot take over a second
            async with wire as url:
                followed = Followed(url)
                await followed.until(lambda: followed.said("connected to"))
                wire.late_s = 0.01
                await server.publish(messages)
                await followed.until(lambda: len(followed.messages) == len(messages))
                await followed.close()
        return followed

    followed = asyncio.run(scenario())
    assert followed.said("has not answered within 1 s")
    assert followed.messages == messages
    assert followed.state == server.state


def test_what_another_server_is_behind_is_not_lost_although_it_repeats_it():
    """It was in the snapshot of neither: the messages were known before, and the new state came without them."""
    messages = sectors(50)

    async def scenario():
        server = LiveServer()
        async with serving(server) as url:
            port, followed = int(url.rsplit(":", 1)[1]), Followed(url)
            await followed.until(lambda: followed.said("connected to"))
            await server.publish(messages[:30])
            await followed.until(lambda: len(followed.messages) == 30)
        behind = LiveServer(state_after(messages[:20]))
        async with serving(behind, port=port):
            await followed.until(lambda: len(followed.gaps) == 1 and isinstance(followed.events[-1], Snapshot))
            await behind.publish(messages[20:])
            await followed.until(lambda: messages[-1] in followed.events)
            await followed.close()
        return followed, behind

    followed, behind = asyncio.run(scenario())
    assert followed.messages == messages
    assert followed.state == behind.state == state_after(messages)


@given(st.lists(st.tuples(st.integers(-15, 15), st.integers(0, 20)), min_size=1, max_size=8))
def test_whatever_connections_begin_at_and_reach_the_state_is_the_last_ones_and_no_message_comes_twice(connections):
    messages = [Message("TimingData", {"Lines": {}}, "2024-05-19T13:00:00Z"), *sectors(300)]
    at, state, got = 1, {}, []
    received = Continuity()
    for step, count in connections:  # each server begins before or after where the last one ended
        start = max(1, at + step)
        at = start + count
        received.connected()
        for heard in (Snapshot(state_after(messages[:start])), *messages[start:at]):
            for event in received.hear(heard):
                if isinstance(event, Snapshot):
                    current.renewed(state, event)
                elif isinstance(event, Message):
                    current.take(state, event)
                    got.append(event)
    assert state == state_after(messages[:at])
    assert len(got) == len(set(map(repr, got)))


def test_a_feed_that_starts_over_is_followed_again_from_there():
    heartbeat, messages = Message("Heartbeat", {"Utc": "2024-05-19T13:00:00Z"}, "2024-05-19T13:00:00Z"), sectors(200)

    async def scenario():
        server = LiveServer(state_after([heartbeat]))
        async with serving(server) as url:
            port, followed = int(url.rsplit(":", 1)[1]), Followed(url)
            await followed.until(lambda: followed.said("connected to"))
            await server.publish(messages)
            await followed.until(lambda: len(followed.messages) == len(messages))
        again = LiveServer(state_after([heartbeat]))
        async with serving(again, port=port):
            await followed.until(lambda: followed.said("has started over") and isinstance(followed.events[-1], Snapshot))
            await again.publish(messages[:10])
            await followed.until(lambda: len(followed.messages) == len(messages) + 10)
            await followed.close()
        return followed, again

    followed, again = asyncio.run(scenario())
    assert followed.messages == messages + messages[:10]
    assert {**followed.state, "TimingData": again.state["TimingData"]} == again.state


def test_another_session_is_said_whether_it_comes_as_a_message_or_after_a_gap():
    def info(key: int, name: str) -> dict:
        return {"Key": key, "Name": name, "Meeting": {"Name": "Emilia Romagna\x1b[2J Grand Prix"}}

    def session(key: int, name: str) -> dict:
        return {"SessionInfo": info(key, name), "LapCount": {"CurrentLap": key}}

    async def scenario():
        server = LiveServer(session(1, "Practice 3"))
        async with serving(server) as url:
            port, followed = int(url.rsplit(":", 1)[1]), Followed(url)
            await followed.until(lambda: followed.said("connected to"))
            await server.publish([Message("SessionInfo", info(2, "Qualifying"), "2024-05-18T13:45:00Z")])
            await followed.until(lambda: followed.said("has begun: Emilia Romagna[2J Grand Prix, Qualifying"))
            assert followed.state == {"SessionInfo": info(2, "Qualifying")}
        async with serving(LiveServer(session(3, "Race")), port=port):
            await followed.until(lambda: followed.said("has begun: Emilia Romagna[2J Grand Prix, Race"))
            await followed.close()
        return followed

    followed = asyncio.run(scenario())
    assert followed.state == session(3, "Race")
    assert len(followed.gaps) == 1


def test_what_is_nested_beyond_what_anybody_can_follow_is_no_message():
    deep = "[" * 900 + "]" * 900
    core = '{"type":1,"target":"feed","arguments":["LapCount",' + deep + ',""]}\x1e'
    classic = '{"M":[{"H":"Streaming","M":"feed","A":["LapCount",' + deep + ',""]}]}'
    for dialect, frame in ((CORE, core), (CLASSIC, classic)):
        assert [type(heard) for heard in dialect.read(frame)] == [Damaged]


def test_a_host_that_never_answers_is_given_up_and_tried_again():
    async def mute(_reader, writer):
        try:
            await asyncio.sleep(3)
        finally:
            writer.close()

    async def scenario():
        server, url = await listening(mute)
        feed = Feed(url, answer_s=0.2, backoff_s=(0.05, 0.2))
        got = await until(feed.events(), lambda event, seen=[]: lost(event) and (seen.append(event) or len(seen) == 2))
        server.close()
        return got

    got = asyncio.run(scenario())
    assert [event.state for event in got] == ["connecting", "lost"] * 2
    assert "has not answered within 0.2 s" in got[1].text


def test_a_half_open_connection_counts_as_dead_after_a_silence():
    async def scenario():
        server = LiveServer()  # it pings after 10 s: until then it is as silent as a dead one
        async with serving(server) as url:
            seen: list = []
            return await until(
                Feed(url, **QUICK).events(), lambda event: isinstance(event, Gap) and (seen.append(event) or len(seen) == 1)
            )

    got = asyncio.run(scenario())
    assert any(lost(event) and "nothing heard" in event.text for event in got)
    assert got[-1].lasted_s >= 1.0


def test_a_server_that_is_slow_but_alive_is_not_left():
    messages = [Message("LapCount", {"CurrentLap": lap}, "2024-05-19T13:00:00Z") for lap in range(4)]

    async def scenario():
        server = LiveServer()
        async with serving(server) as url:
            feed = Feed(url, **QUICK | {"silence_s": 2.0})
            got = asyncio.create_task(until(feed.events(), lambda event: event == messages[-1]))
            await server.joined()
            for message in messages:  # all of them take longer than the silence that is allowed
                await asyncio.sleep(0.6)
                await server.publish([message])
            return await got

    got = asyncio.run(scenario())
    assert [event for event in got if isinstance(event, Message)] == messages
    assert not any(lost(event) for event in got)


def test_the_token_of_the_account_goes_to_no_other_host_but_that_of_relays_does(monkeypatch):
    seen: list = []

    async def answer(reader, writer):
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    monkeypatch.setattr("f1nb.account.token", lambda: "secret-token")
    monkeypatch.setenv("F1NB_RELAY_TOKEN", "pit-wall")

    async def scenario():
        server, url = await listening(answer)
        got = await until(Feed(url, **QUICK).events(), lost)
        server.close()
        return got

    assert "503" in asyncio.run(scenario())[-1].text
    assert seen
    assert all(b"Authorization: Bearer pit-wall\r\n" in request and b"secret-token" not in request for request in seen)
    assert sign_in("https://livetiming.formula1.com") == {"Authorization": "Bearer secret-token"}


def test_an_address_with_a_password_is_refused_without_being_shown(monkeypatch):
    monkeypatch.setenv("F1NB_LIVE_URL", "https://team:pit-wall@relay.example.org")
    with pytest.raises(SourceError, match="set F1NB_RELAY_TOKEN to it") as refused:
        address()
    assert "pit-wall" not in str(refused.value)


@pytest.mark.parametrize("given", ["ftp://relay:8766", "http://", "http://[::1", "http://relay:port", "relay:99999"])
def test_what_is_no_address_is_said_to_be_none(given):
    with pytest.raises(SourceError, match="is no address of a live feed; give one as http"):
        address(given)


def test_a_server_that_sends_without_end_is_left():
    async def answer(request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.receive()
        await socket.send_str("x" * (FRAME_BYTES + 1))
        return socket

    async def negotiate(_):
        return web.json_response({"connectionId": "1"})

    async def scenario():
        app = web.Application()
        app.router.add_route("*", "/signalrcore/negotiate", negotiate)
        app.router.add_get("/signalrcore", answer)
        async with TestServer(app) as server:
            return await until(Feed(str(server.make_url("/")), **QUICK).events(), lost)

    assert "has broken" in asyncio.run(scenario())[-1].text


def test_a_token_that_no_header_could_hold_is_refused_without_being_shown(monkeypatch):
    monkeypatch.setenv("F1NB_RELAY_TOKEN", "pit\nwall")
    with pytest.raises(SourceError, match="letters, digits and signs only") as refused:
        sign_in("http://127.0.0.1:8766")
    assert "wall" not in str(refused.value)


def test_whom_a_relay_refuses_is_told_in_one_sentence_what_it_wants(tmp_path):
    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async def scenario():
        server, url = await listening(answer)
        command = [sys.executable, "-m", "f1nb.cli", "live", "record", "--url", url, "--out", str(tmp_path / "none.jsonl.gz")]
        process = await asyncio.create_subprocess_exec(
            *command, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
        )
        _, said = await process.communicate()
        server.close()
        return process.returncode, said.decode()

    code, said = asyncio.run(scenario())
    assert (code, said.count("\n")) == (1, 1)
    assert "set F1NB_RELAY_TOKEN to the token of that relay" in said
