"""Other people's clients read our replay as they read the official feed: all of it."""

from __future__ import annotations

import ast
import asyncio
import json
import logging
from contextlib import aclosing

import pytest
from imola import imola

from f1nb.live.feed import Feed
from f1nb.live.protocol import Message, Snapshot, merge
from f1nb.live.server import LiveServer, replay, serving


async def received(url: str, count: int, **options) -> list:
    """Return the snapshots and messages until there are ``count`` messages."""
    got, messages = [], 0
    async with asyncio.timeout(20), aclosing(Feed(url, **options).events()) as events:
        async for event in events:
            if isinstance(event, Snapshot | Message):
                got.append(event)
                messages += isinstance(event, Message)
            if messages == count:
                return got
    return got


def test_fastf1_records_our_replay_completely(tmp_path, monkeypatch):
    client = pytest.importorskip("fastf1.livetiming.client")
    snapshot, messages = imola()
    file = tmp_path / "recorded.txt"
    recording = client.SignalRClient(str(file), timeout=0, logger=logging.getLogger("recording"))
    messages = [message for message in messages if message.topic in recording.topics]
    shown = {topic: json.loads(json.dumps(state)) for topic, state in snapshot.items() if topic in recording.topics}
    monkeypatch.setattr(recording, "_access_token_factory", lambda: lambda: "")  # with none, signalrcore does not connect

    async def scenario():
        server = LiveServer(snapshot, is_patient=True)
        async with serving(server) as url:
            recording._connection_url = url.replace("http", "ws") + "/signalrcore"
            recording._negotiate_url = url + "/signalrcore/negotiate"
            await asyncio.to_thread(recording._run)
            try:
                await server.joined()
                await replay(server, messages, speed=None)
                async with asyncio.timeout(20):
                    while file.read_text().count("\n") < len(messages) + len(shown):  # noqa: ASYNC110 - FastF1 writes it
                        await asyncio.sleep(0.1)
            finally:
                leaving = asyncio.create_task(asyncio.to_thread(recording._exit))
                await asyncio.sleep(0.1)
        await leaving  # it waits to hear something once more: here the end of the server

    asyncio.run(scenario())
    lines = [ast.literal_eval(line) for line in file.read_text().splitlines()]
    assert {topic: json.loads(state) for topic, state, utc in lines[: len(shown)] if utc == ""} == shown
    assert lines[len(shown) :] == [[*message] for message in messages]


@pytest.mark.parametrize("kind", ["core", "classic"])
def test_our_client_gets_the_snapshot_and_every_message_in_order(kind):
    snapshot, messages = imola()
    first = json.loads(json.dumps(snapshot))
    topics = tuple({*snapshot, *(message.topic for message in messages)})

    async def scenario():
        server = LiveServer(snapshot, is_patient=True)
        async with serving(server) as both:
            url = await classic_only(server, stack) if kind == "classic" else both
            got = asyncio.create_task(received(url, len(messages), topics=topics))
            await server.joined()
            await replay(server, messages, speed=None)
            return await got

    async def classic_only(server, stack):
        from aiohttp import web

        @web.middleware
        async def absent(request, handler):
            if request.path.startswith("/signalrcore"):
                raise web.HTTPNotFound
            return await handler(request)

        app = server.app()
        app.middlewares.append(absent)
        runner = web.AppRunner(app, shutdown_timeout=0.5)
        await runner.setup()
        stack.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    stack: list = []

    async def cleaned():
        try:
            return await scenario()
        finally:
            for runner in stack:
                await runner.cleanup()

    got = asyncio.run(cleaned())
    assert got[0] == Snapshot(first)
    assert got[1:] == messages


def test_a_client_that_comes_later_starts_with_the_state_of_then():
    _, messages = imola()
    messages = messages[:400]
    half = messages[:200]

    async def scenario():
        server = LiveServer(is_patient=True)
        async with serving(server) as url:
            await replay(server, half, speed=None)
            got = asyncio.create_task(received(url, 200))
            await server.joined()
            await replay(server, messages[200:], speed=None)
            return await got

    got = asyncio.run(scenario())
    state: dict = {}
    for message in half:
        merge(state, message.topic, message.data)
    assert got == [Snapshot(state), *messages[200:]]


def test_a_client_gets_only_the_topics_it_asked_for():
    messages = [Message(topic, {"n": n}, "2024-05-18T14:00:00Z") for n in range(5) for topic in ("LapCount", "Heartbeat")]

    async def scenario():
        server = LiveServer()
        async with serving(server) as url:
            got = asyncio.create_task(received(url, 5, topics=["LapCount"]))
            await server.joined()
            await replay(server, messages, speed=None)
            return await got

    assert {event.topic for event in asyncio.run(scenario())[1:]} == {"LapCount"}


def test_a_replay_keeps_order_when_times_go_back_or_make_no_sense():
    utcs = ["2024-05-18T14:00:00.4921234Z", "yesterday", "2024-05-18T14:00:01Z", "2024-05-18T13:00:00Z", ""]
    messages = [Message("LapCount", {"n": n}, utc) for n, utc in enumerate(utcs)]

    async def scenario():
        server = LiveServer()
        async with serving(server) as url:
            got = asyncio.create_task(received(url, 5))
            await server.joined()
            await replay(server, messages, speed=60.0)
            return await got

    assert asyncio.run(scenario())[1:] == messages
