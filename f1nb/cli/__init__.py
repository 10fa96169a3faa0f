"""The command ``f1nb``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import f1nb
from f1nb.cli import auth, bundles, ingest, live, seasons, sessions
from f1nb.errors import F1nbError

_EXAMPLES = """examples:
  f1nb load 2025 "Dutch Grand Prix" R
  f1nb dashboard 2025 Dutch R --theme dark
  f1nb export html 2025 Dutch R --out race.html
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, 1 for a problem, 2 for wrong words."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
        sys.stdout.flush()
    except F1nbError as error:
        print(f"f1nb: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nf1nb: stopped; what was there before is unchanged", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of a pipe has gone, e.g. `f1nb sessions | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it writes out the rest
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="f1nb",
        description="A pit wall in a notebook: load sessions, open and export their dashboards.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"f1nb {f1nb.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in (sessions, ingest, seasons, bundles, live, auth):
        group.add(commands)
    return parser
