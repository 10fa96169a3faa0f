"""The command that serves a recording as the live feed."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from f1nb.cli._words import Commands, command, port, say

if TYPE_CHECKING:
    from f1nb.live.protocol import Message

PORT = 8766


def add(kinds: Commands) -> None:
    """Add the command."""
    replay = command(kinds, "replay", _replay, "Serve a recording as the live feed, from when the first client subscribes.")
    replay.add_argument("recording", type=Path, help="a file, or a folder with live.txt and subscribe.txt")
    replay.add_argument("--speed", type=_speed, default=1.0, metavar="1..60|max", help="times real time (default: 1)")
    replay.add_argument("--port", type=port, default=PORT, help=f"default: {PORT}")


def _replay(options: argparse.Namespace) -> None:
    try:
        asyncio.run(_serve(options))
    except KeyboardInterrupt:
        say("\nstopped")


async def _serve(options: argparse.Namespace) -> None:
    from f1nb.live.server import LiveServer, replay, serving

    state, messages = _recorded(options.recording)
    server = LiveServer(state, is_patient=options.speed is None)
    async with serving(server, port=options.port) as url:
        say(f"{len(messages):,} messages at {url}; they start with the first client; Ctrl-C ends it")
        await server.joined()
        count = await replay(server, messages, speed=options.speed)
        say(f"the end after {count:,} messages; the last state stays at {url}")
        await asyncio.Event().wait()


def _recorded(path: Path) -> tuple[dict[str, Any], list[Message]]:
    """Return the first snapshot of a recording and its messages; a later snapshot is a message for each of its topics."""
    from f1nb.live import recorder, recordings
    from f1nb.live.protocol import Message, Snapshot

    if not path.name.endswith(".gz"):
        found = recordings.read(path)
        return found.snapshot, [Message(sent.topic, sent.patch, str(sent.utc)) for sent in found.messages]
    state, messages = {}, []
    for event in recorder.read(path):
        if isinstance(event, Message):
            messages.append(event)
        elif isinstance(event, Snapshot):
            if not state and not messages:
                state = event.topics
            else:
                utc = messages[-1].utc if messages else ""
                messages += [Message(topic, data, utc) for topic, data in event.topics.items()]
    return state, messages


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 1 <= speed <= 60:
        raise argparse.ArgumentTypeError(f"{text} is no speed; give one from 1 to 60, or max")
    return speed
