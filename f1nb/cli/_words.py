"""What the commands have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def command(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], None],
    help_text: str,
) -> argparse.ArgumentParser:
    """Add a command and return its parser; ``options.parser`` is this parser again."""
    added = commands.add_parser(name, help=help_text, description=help_text)
    added.set_defaults(run=run, parser=added)
    return added


def port(text: str) -> int:
    """Return a port."""
    port = int(text) if text.isdigit() else 0
    if not 0 < port < 65536:
        raise argparse.ArgumentTypeError(f"{text} is no port; give one from 1024 to 65535")
    return port


def session_words(command: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """Add the three words that name a session."""
    count = "?" if optional else None
    command.add_argument("year", nargs=count, help="season, e.g. 2025")
    command.add_argument("event", nargs=count, help='name, town, country or circuit, e.g. "Dutch" or zandvoort')
    command.add_argument("session", nargs=count, help="FP1 FP2 FP3 Q SQ S R, or its name")


def say(text: str) -> None:
    """Print a line, at once where nobody is at a terminal, too."""
    print(text, flush=True)
