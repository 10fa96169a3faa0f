"""Other people's clients read our replay as they read the official feed: all of it."""

from __future__ import annotations

import ast
import asyncio
import json
import logging
import re
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import aclosing

import aiohttp
import pytest
from imola import imola

from f1nb.cli import main
from f1nb.live.feed import Feed
from f1nb.live.protocol import CLASSIC, CORE, TOPICS, Message, Snapshot, merge
from f1nb.live.server import LiveServer, replay, serving
from f1nb.live.writer import written
from f1nb.store import Store


async def received(url: str, count: int, **options) -> list:
    """Return the snapshots and messages until there are ``count`` messages."""
    got, messages = [], 0
    async with asyncio.timeout(90), aclosing(Feed(url, **options).events()) as events:
        async for event in events:
            if isinstance(event, Snapshot | Message):
                got.append(event)
                messages += isinstance(event, Message)
            if messages == count:
                return got
    return got


async def subscribed(session: aiohttp.ClientSession, url: str, topics: list[str]) -> aiohttp.ClientWebSocketResponse:
    """Return the connection of a client that has its snapshot."""
    socket = await session.ws_connect(f"{url}/signalrcore")
    await socket.send_str(CORE.handshake.decode())
    await socket.receive_str()
    await socket.send_str(CORE.subscribe(topics).decode())
    await socket.receive_str()
    return socket


async def until(is_true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(90):
        while not is_true():  # noqa: ASYNC110 - it happens in the server
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("source", ["recorded", "written"])
def test_fastf1_records_our_replay_completely(source, simulated, tmp_path, monkeypatch):
    client = pytest.importorskip("fastf1.livetiming.client")
    if source == "recorded":
        snapshot, messages = imola()
        messages = messages[:6000]
    else:
        feed = written(simulated)
        snapshot, messages = feed.snapshot, feed.messages
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
                async with asyncio.timeout(90):
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
    utcs = [
        "0001-01-01T00:00:00Z", "2024-05-18T14:00:00.4921234Z", "yesterday", "2099-05-18T14:00:00Z", "2024-05-18T14:00:01Z",
        "2024-05-18T13:00:00Z", "",
    ]  # fmt: skip
    messages = [Message("LapCount", {"n": n}, utc) for n, utc in enumerate(utcs)]

    async def scenario():
        server = LiveServer()
        async with serving(server) as url:
            got = asyncio.create_task(received(url, len(utcs)))
            await server.joined()
            await replay(server, messages, speed=60.0)
            return await got

    assert asyncio.run(scenario())[1:] == messages


def test_a_client_that_reads_nothing_is_dropped_and_the_others_get_everything():
    messages = [Message("LapCount", {"n": n, "filling": "x" * 100_000}, "2024-05-18T14:00:00Z") for n in range(200)]

    async def scenario():
        server = LiveServer()
        async with serving(server) as url, aiohttp.ClientSession() as session:
            _lazy = await subscribed(session, url, ["LapCount"])
            got = asyncio.create_task(received(url, len(messages), topics=["LapCount"]))
            await until(lambda: server.clients == 2)
            for message in messages:
                await server.publish([message])
                await asyncio.sleep(0.002)  # the other one reads
            return await got, server.clients, server.dropped

    got, _, dropped = asyncio.run(scenario())
    assert got[1:] == messages
    assert dropped == 1


def test_a_patient_server_waits_for_a_client_that_reads_slowly():
    messages = [Message("LapCount", {"n": n, "filling": "x" * 10_000}, "2024-05-18T14:00:00Z") for n in range(2000)]

    async def scenario():
        server = LiveServer(is_patient=True)
        async with serving(server) as url, aiohttp.ClientSession() as session:
            slow = await subscribed(session, url, ["LapCount"])
            replaying = asyncio.create_task(replay(server, messages, speed=None))
            got = []
            while len(got) < len(messages):
                got += [heard for heard in CORE.read(await slow.receive_str()) if isinstance(heard, Message)]
                await asyncio.sleep(0.001)
            await replaying
            return got, server.dropped

    assert asyncio.run(scenario()) == (messages, 0)


def test_a_classic_client_that_reconnects_has_the_state_of_then_and_what_follows_without_subscribing_again():
    def message(lap):
        return Message("LapCount", {"CurrentLap": lap}, f"2024-05-18T14:0{lap}:00Z")

    async def scenario():
        server = LiveServer({"LapCount": {"CurrentLap": 1, "TotalLaps": 63}})
        async with serving(server) as url, aiohttp.ClientSession() as session:
            async with session.get(f"{url}/signalr/negotiate") as answer:
                query = {"transport": "webSockets", "connectionToken": (await answer.json())["ConnectionToken"]}
            first = await session.ws_connect(f"{url}/signalr/connect", params=query)
            await first.send_str(CLASSIC.subscribe(["LapCount"]).decode())
            await until(lambda: server.clients == 1)
            await first.close()
            await until(lambda: server.clients == 0)
            await server.publish([message(2), message(3)])
            again = await session.ws_connect(f"{url}/signalr/reconnect", params=query)
            await until(lambda: server.clients == 1)
            await server.publish([message(4)])
            got = []
            while len(got) < 2:
                got += CLASSIC.read(await again.receive_str())
            return got

    async def bounded():
        async with asyncio.timeout(90):
            return await scenario()

    state = Message("LapCount", {"CurrentLap": 3, "TotalLaps": 63}, "2024-05-18T14:03:00Z")
    assert asyncio.run(bounded()) == [state, message(4)]


def test_a_server_with_a_token_serves_whoever_gives_it():
    async def scenario():
        async with serving(LiveServer(token="pit wall")) as url, aiohttp.ClientSession() as session:
            statuses = []
            for headers, query in (
                ({}, {}),
                ({"Authorization": "Bearer pit lane"}, {}),
                ({"Authorization": "Bearer pit wall"}, {}),
                ({}, {"access_token": "pit wall"}),
            ):
                async with session.post(f"{url}/signalrcore/negotiate", headers=headers, params=query) as answer:
                    statuses.append(answer.status)
            return statuses

    assert asyncio.run(scenario()) == [401, 401, 200, 200]


# -- the command -------------------------------------------------------------------------------------------------------------


async def replayed(words: list[str], count: int) -> tuple[list[str], list]:
    """Run ``f1nb live replay`` and return what it says until it has served ``count`` messages, and what a client got."""
    port = free_port()
    command = [sys.executable, "-m", "f1nb.cli", "live", "replay", *words, "--port", str(port)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            said = [(await process.stdout.readline()).decode() for _ in range(2)]
            got = await received(f"http://127.0.0.1:{port}", count)
            said.append((await process.stdout.readline()).decode())
    finally:
        process.send_signal(signal.SIGINT)
        rest = (await process.communicate())[0]
    return [*said, rest.decode()], got


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_command_replays_a_recording_at_its_speed_and_says_so(tmp_path):
    messages = [Message("LapCount", {"CurrentLap": n}, f"2024-05-18T14:{n:02}:00Z") for n in range(2)]  # a second at 60x
    (tmp_path / "live.txt").write_text("\n".join(repr([*message]) for message in messages))
    said, got = asyncio.run(replayed([str(tmp_path), "--speed", "60"], len(messages)))
    assert got[1:] == messages
    assert said[0] == f"{tmp_path}: 2 messages, at 60×, 0:01 in all\n"
    assert re.fullmatch(
        r"it begins with the first client of (http://127.0.0.1:\d+), e.g. .* --live \1; Ctrl-C ends it\n", said[1]
    )
    assert said[2].startswith("the end after 2 messages; the last state stays at http://127.0.0.1:")
    assert said[3] == "\nstopped\n"


def test_the_command_replays_a_stored_session_from_a_lap_on_without_its_telemetry(simulated, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("F1NB_HOME", str(tmp_path))
    monkeypatch.setenv("F1NB_ARCHIVE", str(tmp_path))  # no schedule: what is in the store has its name from there
    wanted = written(Store().open(Store().write(simulated)), samples=False).from_lap(11)
    words = ["2026", "simulated", "race", "--speed", "max", "--no-telemetry", "--start"]
    said, got = asyncio.run(replayed([*words, "11"], len(wanted.messages)))
    assert said[0] == f"2026 Simulated Grand Prix, race: {len(wanted.messages):,} messages, as fast as it goes\n"
    assert got[0] == Snapshot({topic: state for topic, state in wanted.snapshot.items() if topic in TOPICS})
    assert got[1:] == wanted.messages
    assert got[1].data == {"CurrentLap": 11}
    assert main(["live", "replay", *words, "13"]) == 1
    assert capsys.readouterr().err == "f1nb: there is no lap 13; give one from 1 to 12\n"


@pytest.mark.parametrize(
    ("words", "code", "answer"),
    [
        ("nowhere", 1, "there is no recording nowhere; give the file, or a folder with live.txt"),
        ("2025 Dutch", 2, "name a recording, a session by year, event and kind, e.g. 2025 Dutch R, or simulated"),
        ("2031 Dutch R", 1, "2031"),
        ("simulated --speed 0.5", 2, "0.5 is no speed; give one from 1 to 60, or max"),
        ("simulated --start soon", 2, "soon is neither a lap nor a time; give one as 30, 12:30 or 1:05:00"),
    ],
)
def test_what_cannot_be_replayed_is_said_in_one_sentence(words, code, answer, capsys):
    try:
        returned = main(["live", "replay", *words.split()])
    except SystemExit as stop:
        returned = stop.code
    assert returned == code
    assert answer in capsys.readouterr().err
