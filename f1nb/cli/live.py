"""Commands for the live feed: record it, and replay a recording as it."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from f1nb.cli import replay
from f1nb.cli._words import Commands, command, say


def add(commands: Commands) -> None:
    """Add the commands."""
    live = commands.add_parser("live", help="Record the live feed, or replay a recording as it.", description="The live feed.")
    kinds = live.add_subparsers(title="commands", metavar="COMMAND", required=True)
    record = command(kinds, "record", _record, "Record the live feed until Ctrl-C.")
    record.add_argument("--url", help="address of the feed (default: F1NB_LIVE_URL, else the official host)")
    record.add_argument(
        "--out",
        type=Path,
        metavar="FILE|FOLDER",
        help="append to this FILE.jsonl.gz, or to a file for each session in this folder (default: a folder in F1NB_HOME)",
    )
    replay.add(kinds)


def _record(options: argparse.Namespace) -> None:
    from f1nb.live import recorder
    from f1nb.live.feed import Feed

    feed, out = Feed(options.url), options.out or recorder.folder()
    is_file = out.name.endswith(recorder.SUFFIX) and not out.is_dir()
    with recorder.Recorder(out) if is_file else recorder.SessionRecorder(out, say) as recording:
        say(f"{recording}; Ctrl-C ends it")
        try:
            asyncio.run(recorder.record(feed, recording, say))
        except KeyboardInterrupt:
            say(f"\n{recording.messages:,} messages in {recording.path}")
