"""The client of the live feed on bad networks: it comes back by itself, says so, and repeats nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import aclosing

import pytest
from imola import imola

from f1nb.live.feed import Feed, Gap, Notice
from f1nb.live.protocol import Message, Snapshot, merge
from f1nb.live.recorder import Recorder, read
from f1nb.live.server import LiveServer, replay, serving

QUICK = {"answer_s": 1.0, "silence_s": 1.0, "backoff_s": (0.05, 0.2)}


async def until(events, is_last) -> list:
    """Return the events up to the first that is the last."""
    got = []
    async with asyncio.timeout(10), aclosing(events):
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

        async def collect(feed):
            got.extend(await until(feed.events(), lambda event: event == messages[-1]))

        server = LiveServer()
        async with serving(server) as url:
            port = int(url.rsplit(":", 1)[1])
            collecting = asyncio.create_task(collect(Feed(url, **QUICK)))
            await server.joined()
            await replay(server, messages[:20], speed=None)
            await asyncio.sleep(0.2)
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
            got = asyncio.create_task(until(Feed(url, **QUICK).events(), lambda event: event == messages[-1]))
            await server.joined()
            for message in messages:  # all of them take longer than the silence that is allowed
                await asyncio.sleep(0.4)
                await server.publish([message])
            return await got

    got = asyncio.run(scenario())
    assert [event for event in got if isinstance(event, Message)] == messages
    assert not any(lost(event) for event in got)


def test_the_token_goes_to_no_other_host(monkeypatch):
    seen: list = []

    async def answer(reader, writer):
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    monkeypatch.setattr("f1nb.account.token", lambda: "secret-token")

    async def scenario():
        server, url = await listening(answer)
        got = await until(Feed(url, **QUICK).events(), lost)
        server.close()
        return got

    assert "503" in asyncio.run(scenario())[-1].text
    assert seen
    assert not any(b"secret-token" in request or b"authorization" in request.lower() for request in seen)


def test_who_is_refused_is_told_in_one_sentence_how_to_sign_in(tmp_path):
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
    assert "f1nb auth login" in said


def test_a_recording_cut_anywhere_is_read_up_to_there_and_continued(tmp_path):
    path = tmp_path / "cut.jsonl.gz"
    messages = [Message("LapCount", {"CurrentLap": lap}, "2024-05-19T13:00:00Z") for lap in range(30)]
    with Recorder(path) as recorder:
        for message in messages:
            recorder.add(message)
            recorder.write()
    path.write_bytes(path.read_bytes()[:-7])
    assert list(read(path)) == messages[:-1]
    with Recorder(path) as recorder:
        recorder.add(Gap("2024-05-19T13:00:00Z", None, 2.5))
        recorder.add(Snapshot({"LapCount": {"CurrentLap": 30}}))
    assert list(read(path)) == [
        *messages[:-1],
        Gap("2024-05-19T13:00:00Z", None, 2.5),
        Snapshot({"LapCount": {"CurrentLap": 30}}),
    ]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_a_recorder_that_is_killed_has_all_but_the_last_second(tmp_path):
    snapshot, messages = imola()
    path = tmp_path / "killed.jsonl.gz"

    async def scenario():
        server = LiveServer(snapshot, is_patient=True)
        async with serving(server) as url:
            command = [sys.executable, "-m", "f1nb.cli", "live", "record", "--out", str(path)]
            process = subprocess.Popen(command, env={**os.environ, "F1NB_LIVE_URL": url}, stdout=subprocess.PIPE)  # noqa: ASYNC220
            try:
                async with asyncio.timeout(15):
                    await server.joined()
                await replay(server, messages[:2000], speed=None)
                await asyncio.sleep(1.5)
                await replay(server, messages[2000:2010], speed=None)
            finally:
                process.kill()
                process.communicate()

    asyncio.run(scenario())
    recorded = [event for event in read(path) if isinstance(event, Message)]
    assert len(recorded) >= 2000
    assert recorded == messages[: len(recorded)]
