"""Commands for the live feed: record it, make a stored session of that, pass it on."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import nullcontext
from pathlib import Path

from f1nb.cli import replay
from f1nb.cli._words import Commands, command, port, say
from f1nb.cli.replay import PORT

_OF_FILES = {".gz", ".json", ".jsonl", ".txt"}
_URL = "address of the feed (default: F1NB_LIVE_URL, else the official host)"


def add(commands: Commands) -> None:
    """Add the commands."""
    live = commands.add_parser("live", help="The live feed: record it, pass it on, replay it.", description="The live feed.")
    kinds = live.add_subparsers(title="commands", metavar="COMMAND", required=True)
    record = command(kinds, "record", _record, "Record the live feed until Ctrl-C.")
    record.add_argument("--url", help=_URL)
    record.add_argument(
        "--out",
        type=Path,
        metavar="FILE|FOLDER",
        help="append to this FILE.jsonl.gz, or to a file for each session in this folder (default: a folder in F1NB_HOME)",
    )
    finish = command(kinds, "finish", _finish, "Put a recording into the store, as a session like any other one.")
    finish.add_argument("recording", type=Path, nargs="?", help="default: the latest one of f1nb live record")
    finish.add_argument("--force", action="store_true", help="put it in the place of what the store has from a better source")
    replay.add(kinds)
    relay = command(kinds, "relay", _relay, "Pass the live feed on to any number of clients, over one connection to it.")
    relay.add_argument("--url", help=_URL)
    relay.add_argument("--port", type=port, default=PORT, help=f"default: {PORT}")
    relay.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this machine only); others want F1NB_RELAY_TOKEN"
    )
    relay.add_argument(
        "--record", type=Path, nargs="?", const="", metavar="FOLDER", help="record it, too (default folder: in F1NB_HOME)"
    )


def _record(options: argparse.Namespace) -> None:
    from f1nb.live import recorder
    from f1nb.live.feed import Feed

    feed, out = Feed(options.url), options.out or recorder.folder()
    is_file = out.name.endswith(recorder.SUFFIX) and not out.is_dir()
    if not is_file and out.suffix in _OF_FILES and not out.is_dir():
        options.parser.error(f"the name of a recording ends in {recorder.SUFFIX}, that of a folder has no ending")
    with recorder.Recorder(out) if is_file else recorder.SessionRecorder(out, say) as recording:
        say(f"{recording}; Ctrl-C ends it")
        try:
            asyncio.run(recorder.record(feed, recording, say))
        except KeyboardInterrupt:
            say(f"\n{recording.messages:,} messages in {recording.path}")


def _finish(options: argparse.Namespace) -> None:
    from f1nb.live.finishing import finish

    for session, missing in finish(options.recording, force=options.force):
        samples = session.data_sets.filter(table="telemetry")["rows"].sum()
        say(f"{session.title}: {session.drivers.height} drivers, {session.laps.height:,} laps, {samples:,} samples")
        for sentence in missing:
            say(f"  {sentence}")
        lacking = session.data_sets.filter(~session.data_sets["state"].is_in(["available", "partial"]))
        if lacking.height:
            say(f"  Not in it: {', '.join(lacking['table'])}.")
        say(f"  f1nb dashboard {session.info['year']} {session.info['event']!r} {session.info['session']}")


def _relay(options: argparse.Namespace) -> None:
    from f1nb.live.feed import relay_token
    from f1nb.live.relay import allow_many, check

    check(options.host, relay_token())
    allow_many()
    try:
        asyncio.run(_pass_on(options))
    except KeyboardInterrupt:
        say("\nstopped")


async def _pass_on(options: argparse.Namespace) -> None:
    from f1nb.live import recorder
    from f1nb.live.feed import Feed, relay_token
    from f1nb.live.relay import Relay
    from f1nb.live.server import serving

    feed = Feed(options.url)
    relay = Relay(feed, token=relay_token())
    folder = recorder.folder() if options.record == "" else options.record
    with recorder.SessionRecorder(folder, say) if folder else nullcontext() as recording:
        async with serving(relay, host=options.host, port=options.port) as url:
            say(f"{url} passes on {feed.url}; Ctrl-C ends it")
            await relay.run(say, recording)
