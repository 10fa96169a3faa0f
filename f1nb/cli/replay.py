"""The command that serves a session as the live feed, as if it were going on."""

from __future__ import annotations

import argparse
import asyncio
import re
from dataclasses import replace as with_other
from pathlib import Path
from typing import TYPE_CHECKING

from f1nb.cli._words import Commands, command, port, say

if TYPE_CHECKING:
    from f1nb.live.recordings import Recording
    from f1nb.session import Session

PORT = 8766
_SIMULATED = "simulated"
_SAMPLES = frozenset({"CarData.z", "Position.z"})


def add(kinds: Commands) -> None:
    """Add the command."""
    replay = command(kinds, "replay", _replay, "Serve a session as the live feed, from when the first client connects.")
    replay.add_argument(
        "what",
        nargs="+",
        metavar="WHAT",
        help="a recording, which is a file or a folder with live.txt; a session in the store, e.g. 2025 Dutch R; or the "
        "simulated Grand Prix",
    )
    replay.add_argument("--speed", type=_speed, default=1.0, metavar="1..60|max", help="times real time (default: 1)")
    replay.add_argument(
        "--start",
        type=_start,
        metavar="LAP|TIME",
        help="lap that the leader begins, or time since the session's start, e.g. 12:30 (default: the beginning)",
    )
    replay.add_argument(
        "--no-telemetry",
        action="store_true",
        help="without car data and positions, as the free stream has been since August 2025",
    )
    replay.add_argument("--port", type=port, default=PORT, help=f"default: {PORT}")


def _replay(options: argparse.Namespace) -> None:
    name, recording = _opened(options)
    if isinstance(options.start, int):
        recording = recording.from_lap(options.start)
    elif options.start is not None:
        recording = recording.from_time(options.start)
    if options.no_telemetry:
        messages = [message for message in recording.messages if message.topic not in _SAMPLES]
        recording = with_other(recording, messages=messages)
    try:
        asyncio.run(_serve(name, recording, options))
    except KeyboardInterrupt:
        say("\nstopped")


def _opened(options: argparse.Namespace) -> tuple[str, Recording]:
    """Return what is to be replayed, and what to call it."""
    from f1nb.live import recordings
    from f1nb.live.writer import written

    words = options.what
    if len(words) == 1 and (words[0] != _SIMULATED or Path(_SIMULATED).exists()):
        return words[0], recordings.read(Path(words[0]).expanduser())
    session = _session(words, options.parser)
    return session.title, written(session, samples=not options.no_telemetry)


def _session(words: list[str], parser: argparse.ArgumentParser) -> Session:
    if words == [_SIMULATED]:
        from f1nb.loading import simulated_race

        return simulated_race()
    if len(words) != len(("year", "event", "session")):
        parser.error("name a recording, a session by year, event and kind, e.g. 2025 Dutch R, or simulated")
    from f1nb.compose import stored

    key, store = stored(*words)
    return store.open(key)


async def _serve(name: str, recording: Recording, options: argparse.Namespace) -> None:
    from f1nb.live.recordings import clock
    from f1nb.live.server import LiveServer, replay, serving

    server = LiveServer(recording.snapshot, is_patient=options.speed is None)
    async with serving(server, port=options.port) as url:
        lasts_s = recording.lasts_s
        pace = (
            "as fast as it goes" if options.speed is None else f"at {options.speed:g}×, {clock(lasts_s / options.speed)} in all"
        )
        say(f"{name}: {len(recording.messages):,} messages, {pace}")
        say(f"it begins with the first client of {url}, e.g. f1nb dashboard --live {url}; Ctrl-C ends it")
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


def _start(text: str) -> int | float:
    """Return a lap as a whole number, or a time in seconds."""
    if text.isdecimal():
        return int(text)
    time = re.fullmatch(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})", text)
    if time is None:
        raise argparse.ArgumentTypeError(f"{text} is neither a lap nor a time; give one as 30, 12:30 or 1:05:00")
    hours, minutes, seconds = (int(part or 0) for part in time.groups())
    return float(hours * 3600 + minutes * 60 + seconds)
