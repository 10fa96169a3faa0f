"""The command that serves a recording as the live feed."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from f1nb.cli._words import Commands, command, port, say

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
    from f1nb.live import recordings
    from f1nb.live.server import LiveServer, replay, serving

    recording = recordings.read(options.recording)
    server = LiveServer(recording.snapshot, is_patient=options.speed is None)
    async with serving(server, port=options.port) as url:
        say(f"{len(recording.messages):,} messages at {url}; they start with the first client; Ctrl-C ends it")
        await server.joined()
        count = await replay(server, recording.messages, speed=options.speed)
        say(f"the end after {count:,} messages; the last state stays at {url}")
        await asyncio.Event().wait()


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
