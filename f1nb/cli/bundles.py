"""Commands for bundles: a stored session as one file, and whether what is stored is whole."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from f1nb.cli._words import Commands, command, session_words
from f1nb.errors import StoreError

if TYPE_CHECKING:
    from f1nb.store import Store


def add(commands: Commands) -> None:
    """Add the commands."""
    text = "Hand a stored session on as one file, and check what is stored."
    bundle = commands.add_parser("bundle", help=text, description=text)
    kinds = bundle.add_subparsers(title="commands", metavar="COMMAND", required=True)

    export = command(kinds, "export", _export, "Write a stored session as one file, the same bytes for the same session.")
    session_words(export)
    export.add_argument("--out", type=Path, metavar="FILE", help="default: named after the session, in this folder")

    take = command(kinds, "import", _import, "Put bundles into the store; each comes in whole or not at all.")
    take.add_argument("bundles", nargs="+", metavar="FILE", help="a file that `f1nb bundle export` wrote, or its address")

    verify = command(kinds, "verify", _verify, "Compare every file with its hash: of the whole store, a session, or a bundle.")
    verify.add_argument("words", nargs="*", metavar="YEAR EVENT SESSION | FILE", help="default: the whole store")
    verify.add_argument("--store", metavar="FOLDER|URL", help="of another whole store, e.g. s3://bucket/f1")


def _export(options: argparse.Namespace) -> None:
    from f1nb.bundles import export
    from f1nb.compose import stored

    key, store = stored(options.year, options.event, options.session)
    written = export(key, options.out, store=store)
    print(f"{written} ({written.stat().st_size / 1e6:.1f} MB)")


def _import(options: argparse.Namespace) -> None:
    from f1nb.bundles import import_bundle

    for bundle in options.bundles:
        print(f"{import_bundle(bundle)} is in the store")


def _verify(options: argparse.Namespace) -> None:
    from f1nb.bundles import verify_bundle
    from f1nb.compose import stored
    from f1nb.store import Store

    match options.words:
        case []:
            _verify_all(Store(options.store))
        case [file]:
            print(f"{verify_bundle(file)} is whole")
        case [year, event, session]:
            key, store = stored(year, event, session)
            store.verify(key)
            print(f"{key} is whole")
        case _:
            options.parser.error("name a session, e.g. 2025 Dutch R, or a file, or neither")


def _verify_all(store: Store) -> None:
    problems = list(store.problems())
    damaged = [problem for problem in problems if problem]
    for problem in damaged:
        print(problem)
    sessions = "1 session" if len(problems) == 1 else f"{len(problems)} sessions"
    if damaged:
        raise StoreError(f"of {sessions} {len(damaged)} {'is' if len(damaged) == 1 else 'are'} damaged")
    print(f"{sessions} in {store.name}, whole")
