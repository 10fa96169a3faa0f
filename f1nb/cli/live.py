"""Commands for the live feed: record it, and replay a recording as it."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path

from f1nb.cli import replay
from f1nb.cli._words import Commands, command, say

_SUFFIX = ".jsonl.gz"


def add(commands: Commands) -> None:
    """Add the commands."""
    live = commands.add_parser("live", help="Record the live feed, or replay a recording as it.", description="The live feed.")
    kinds = live.add_subparsers(title="commands", metavar="COMMAND", required=True)
    record = command(kinds, "record", _record, "Record the live feed until Ctrl-C.")
    record.add_argument("--url", help="address of the feed (default: F1NB_LIVE_URL, else the official host)")
    record.add_argument("--out", type=Path, metavar="FILE", help="append to this file (default: a new one in F1NB_HOME)")
    replay.add(kinds)


def _record(options: argparse.Namespace) -> None:
    from f1nb._disk import home
    from f1nb.live.feed import Feed
    from f1nb.live.recorder import Recorder, record

    out = options.out or home() / "recordings" / f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}{_SUFFIX}"
    feed = Feed(options.url)
    with Recorder(out) as recorder:
        say(f"recording to {out}; Ctrl-C ends it")
        try:
            asyncio.run(record(feed, recorder, say))
        except KeyboardInterrupt:
            say(f"\n{recorder.messages:,} messages in {out}")
