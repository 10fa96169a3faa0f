"""The relay: one connection upstream, any number of clients, who get all of it, through every interruption."""

from __future__ import annotations

import asyncio
import copy
import re
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
from feed_follower import QUICK, Followed
from feed_wire import Wire
from imola import imola

from f1nb.cli import main
from f1nb.errors import F1nbError
from f1nb.live import recordings
from f1nb.live.feed import Feed
from f1nb.live.protocol import Message, Snapshot
from f1nb.live.recorder import SessionRecorder
from f1nb.live.relay import Relay
from f1nb.live.server import LiveServer, serving
from f1nb.live.state import State

LAPS = [Message("LapCount", {"CurrentLap": lap}, f"2024-05-19T13:{lap % 60:02}:00Z") for lap in range(100)]


@asynccontextmanager
async def relayed(url: str, recorder=None, **options):
    """Run a relay of a feed, and give it, its address, and what it says."""
    relay, said = Relay(Feed(url, **(QUICK | {"silence_s": 30.0})), **options), []
    async with serving(relay) as address:
        running = asyncio.create_task(relay.run(said.append, recorder))
        try:
            yield relay, address, said
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


async def asked(url: str, **options) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url, **options) as answer:
        return answer.status, await answer.text()


async def health(url: str, status: int) -> dict:
    """Return what a relay says of itself, once it is so."""
    async with asyncio.timeout(60):
        while (await asked(f"{url}/healthz"))[0] != status:  # noqa: ASYNC110 - the relay is asked as others would
            await asyncio.sleep(0.02)
        async with aiohttp.ClientSession() as session, session.get(f"{url}/healthz") as answer:
            return await answer.json()


async def metrics(url: str) -> dict[str, float]:
    status, text = await asked(f"{url}/metrics")
    assert status == 200
    values = {}
    for line in text.splitlines():
        if not line.startswith("# "):
            found = re.fullmatch(r'(f1nb_relay_[a-z_]+(?:\{le="[^"]+"\})?) (\d+(?:\.\d+)?)', line)
            assert found, line
            values[found[1].removeprefix("f1nb_relay_")] = float(found[2])
    return values


def test_twenty_clients_have_all_that_the_source_has_although_it_is_cut_off_twice(tmp_path):
    snapshot, messages = imola()
    parts = [messages[n : n + 200] for n in range(2000, 3000, 200)]
    is_cut = (False, True, False, True, False)

    async def scenario():
        source = LiveServer(copy.deepcopy(snapshot))
        async with serving(source) as direct:
            wire = Wire(int(direct.rsplit(":", 1)[1]))
            with SessionRecorder(tmp_path, lambda _: None) as recorder:
                async with wire as url, relayed(url, recorder, lost_s=0.0) as (_, address, said):
                    clients = [Followed(address, silence_s=30.0) for _ in range(20)]
                    joined = (client.until(lambda client=client: client.said("connected to")) for client in clients)
                    await asyncio.gather(*joined)
                    for part, cut in zip(parts, is_cut, strict=True):
                        if cut:
                            wire.cut()
                            wire.is_silent = True
                        await source.publish(part)
                        if not cut:
                            await asyncio.gather(*(c.until(lambda c=c, last=part[-1]: c.events[-1] == last) for c in clients))
                        else:
                            await health(address, 503)
                            wire.is_silent = False
                            await health(address, 200)
                    end = Message("Heartbeat", {"Utc": "2024-05-18T15:00:00Z"}, "2024-05-18T15:00:00Z")
                    await source.publish([end])
                    await asyncio.gather(*(c.until(lambda c=c: c.events[-1] == end) for c in clients))
                    counted = await metrics(address)
                    for client in clients:
                        await client.close()
        return source, clients, said, counted

    source, clients, said, counted = asyncio.run(scenario())
    sent = [message for part, cut in zip(parts, is_cut, strict=True) if not cut for message in part]
    written = {repr(message) for message in sent}
    for client in clients:
        assert client.state == source.state
        assert not client.gaps
        got = [message for message in client.messages if repr(message) in written]
        assert got == sent
    assert counted["upstream_gaps_total"] == 2
    assert counted["upstream_reconnects_total"] >= 2
    assert counted["clients"] == 20
    assert counted["clients_dropped_total"] == 0
    assert counted["lag_seconds_count"] == counted['lag_seconds_bucket{le="+Inf"}'] == len(sent) + 1
    assert sum("messages may be missing" in text for text in said) == 2
    recorded = recordings.read(tmp_path / "2024-05-18_imola_Q.jsonl.gz")
    assert recorded.gaps == 2
    state = recorded.state()
    assert {topic: state.of(topic) for topic in ("TimingData", "DriverList")} == _normal(source.state)


def _normal(topics: dict) -> dict:
    """Return the state as `State` has it, which has lists as objects."""
    state = State()
    state.snapshot(topics)
    return {topic: state.of(topic) for topic in ("TimingData", "DriverList")}


def test_another_session_upstream_reaches_clients_as_all_of_it(tmp_path):
    snapshot, _ = imola()
    before = {
        "SessionInfo": {"Key": 1, "Name": "Practice 3"},
        "TimingData": {"Lines": {"99": {"Position": "1"}}},
        "LapCount": {"CurrentLap": 20},
    }

    async def scenario():
        async with serving(LiveServer(copy.deepcopy(before))) as url:
            port = int(url.rsplit(":", 1)[1])
            relaying = relayed(url)
            _, address, _ = await relaying.__aenter__()
            await health(address, 200)
            client = Followed(address, silence_s=30.0)
            await client.until(lambda: client.said("connected to"))
            assert client.state == before
        async with serving(LiveServer(copy.deepcopy(snapshot)), port=port):
            await client.until(lambda: client.said("another session has begun") and client.state == snapshot)
            late = Followed(address, silence_s=30.0)
            await late.until(lambda: late.said("connected to"))
            await client.close()
            await late.close()
            await relaying.__aexit__(None, None, None)
        return late

    late = asyncio.run(scenario())
    assert next(event for event in late.events if isinstance(event, Snapshot)) == Snapshot(snapshot)


def test_who_comes_after_the_feed_has_turned_to_another_session_gets_nothing_of_the_one_before():
    turn = Message("SessionInfo", {"Key": 2, "Name": "Qualifying"}, "2024-05-18T13:45:00Z")

    async def scenario():
        source = LiveServer({"SessionInfo": {"Key": 1, "Name": "Practice 3"}, "LapCount": {"CurrentLap": 20}})
        async with serving(source) as url, relayed(url) as (_, address, said):
            await health(address, 200)
            client = Followed(address, silence_s=30.0)
            await client.until(lambda: client.said("connected to"))
            await source.publish([turn, LAPS[1]])
            await client.until(lambda: LAPS[1] in client.events)
            late = Followed(address, silence_s=30.0)
            await late.until(lambda: late.said("connected to"))
            await client.close()
            await late.close()
        return client, late, said

    client, late, said = asyncio.run(scenario())
    assert client.state == late.state == {"SessionInfo": turn.data, "LapCount": LAPS[1].data}
    assert "another session has begun: Qualifying" in said


def test_when_a_replay_upstream_starts_over_clients_do_too():
    beat = {"Heartbeat": {"Utc": "2024-05-19T13:00:00Z"}, "LapCount": {"CurrentLap": 0}}

    async def scenario():
        async with serving(LiveServer(copy.deepcopy(beat))) as url:
            port = int(url.rsplit(":", 1)[1])
            relaying = relayed(url)
            relay, address, _ = await relaying.__aenter__()
            await health(address, 200)
            client = Followed(address, silence_s=30.0)
            await client.until(lambda: client.said("connected to"))
            await relay.publish(LAPS[:50])
            await client.until(lambda: LAPS[49] in client.events)
        async with serving(again := LiveServer(copy.deepcopy(beat)), port=port):
            await client.until(lambda: client.said("has started over") and client.state == beat)
            await again.publish(LAPS[:3])
            await client.until(lambda: client.messages == LAPS[:50] + LAPS[:3])
            await client.close()
            await relaying.__aexit__(None, None, None)

    asyncio.run(scenario())


def test_who_comes_before_anything_is_known_is_asked_to_try_again_and_then_gets_the_snapshot():
    async def scenario():
        server = LiveServer({"LapCount": {"CurrentLap": 5}})
        async with serving(server) as direct:
            wire = Wire(int(direct.rsplit(":", 1)[1]))
            wire.is_silent = True
            async with wire as url, relayed(url, lost_s=0.1) as (_, address, _):
                client = Followed(address)
                await client.until(lambda: client.said("503"))
                unwell = await health(address, 503)
                wire.is_silent = False
                await client.until(lambda: client.said("connected to"))
                well = await health(address, 200)
                await client.close()
        return client, unwell, well

    client, unwell, well = asyncio.run(scenario())
    assert client.state == {"LapCount": {"CurrentLap": 5}}
    assert unwell == {"upstream": unwell["upstream"], "seconds_since_last_message": None, "clients": 0}
    assert unwell["upstream"] in {"connecting", "lost"}
    assert (well["upstream"], well["clients"], well["seconds_since_last_message"] >= 0) == ("live", 1, True)


def test_a_client_that_does_not_read_is_dropped_and_holds_nobody_up():
    large = [Message("ContentStreams", {"Text": str(n) * 200_000}, f"2024-05-19T13:00:{n:02}Z") for n in range(40)]

    async def scenario():
        source = LiveServer()
        async with serving(source) as url, relayed(url) as (relay, address, _):
            await health(address, 200)
            async with aiohttp.ClientSession() as session:
                sleeper = await session.ws_connect(f"{address}/signalrcore")
                for frame in ('{"protocol":"json","version":1}\x1e', '{"type":1,"invocationId":"0","target":"Subscribe",'):
                    await sleeper.send_str(frame + ('"arguments":[["ContentStreams"]]}\x1e' if "Subscribe" in frame else ""))
                client = Followed(address, silence_s=30.0)
                await client.until(lambda: client.said("connected to") and relay.clients == 2)
                for message in large:
                    await source.publish([message])
                    await client.until(lambda message=message: message in client.events)
                await sleeper.close()
            counted = await metrics(address)
            await client.close()
        return client, counted

    client, counted = asyncio.run(scenario())
    assert client.messages == large
    assert (counted["clients"], counted["clients_dropped_total"], counted["messages_total"]) == (1, 1, len(large))
    assert counted["sent_bytes_total"] > 40 * 200_000


def test_a_token_guards_the_feed_and_nothing_else(monkeypatch, capfd):
    token = "4f1c-pit-wall"

    async def scenario():
        async with serving(LiveServer({"LapCount": {"CurrentLap": 5}})) as url, relayed(url, token=token) as (_, address, said):
            await health(address, 200)
            negotiate = f"{address}/signalr/negotiate"
            statuses = [
                (await asked(where, headers=headers))[0]
                for where, headers in (
                    (negotiate, {}),
                    (negotiate, {"Authorization": "Bearer 4f1c"}),
                    (negotiate, {"Authorization": f"Bearer {token}"}),
                    (f"{negotiate}?access_token={token}", {}),
                    (f"{negotiate}?access_token=%ff", {}),
                    (f"{address}/signalrcore", {}),
                    (f"{address}/metrics", {}),
                )
            ]
            async with aiohttp.ClientSession() as session, session.options(f"{address}/signalrcore/negotiate") as answer:
                cookie = answer.cookies["AWSALBCORS"].value
            stranger = Followed(address)
            with pytest.raises(F1nbError, match="set F1NB_RELAY_TOKEN"):
                await stranger.until(lambda: stranger.said("connected to"))
            monkeypatch.setenv("F1NB_RELAY_TOKEN", token)
            client = Followed(address)
            await client.until(lambda: client.said("connected to"))
            await client.close()
        return statuses, cookie, client, said

    statuses, cookie, client, said = asyncio.run(scenario())
    assert statuses == [401, 401, 200, 200, 401, 401, 200]
    assert cookie
    assert client.state == {"LapCount": {"CurrentLap": 5}}
    captured = capfd.readouterr()
    assert token not in captured.out + captured.err + "".join(said)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "pit-wall.example.org"])  # noqa: S104 - it is refused
def test_what_everybody_could_read_is_not_served_without_a_token(host, monkeypatch, capsys):
    monkeypatch.delenv("F1NB_RELAY_TOKEN", raising=False)
    assert main(["live", "relay", "--host", host]) == 1
    said = capsys.readouterr().err
    assert "set F1NB_RELAY_TOKEN" in said
    assert said.count("\n") == 1
