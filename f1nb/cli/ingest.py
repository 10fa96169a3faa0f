"""Commands that load whole seasons: ingest, mirror."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from f1nb.cli._words import Commands, command
from f1nb.errors import F1nbError

if TYPE_CHECKING:
    import polars as pl

_WHY = {"not_published": "not published", "needs_sign_in": "needs sign-in: f1nb auth login", "failed": "failed"}


def add(commands: Commands) -> None:
    """Add the commands."""
    ingest = command(commands, "ingest", _ingest, "Load whole seasons into the store; what is there already is left alone.")
    _season_words(ingest)
    mirror = command(
        commands, "mirror", _mirror, "Fill a store for others with whole seasons, from this machine's store or loaded first."
    )
    _season_words(mirror)
    mirror.add_argument(
        "--to",
        required=True,
        metavar="TARGET",
        help="folder, or an address such as s3://bucket/f1; others read it with F1NB_STORE=TARGET",
    )


def _season_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("years", type=_years, help="seasons from 2018, e.g. 2025, 2018-2025 or 2019,2021-2023")
    parser.add_argument("--sessions", type=_list, metavar="LIST", help="kinds of session, e.g. Q,R (default: all)")
    parser.add_argument("--events", type=_list, metavar="LIST", help="events, e.g. monza,spa (default: all)")
    parser.add_argument(
        "--source", default="auto", metavar="SOURCE", help="as for f1nb load (default: auto, which asks one after the other)"
    )
    parser.add_argument("--workers", type=_count, metavar="N", help="processes (default: one for each core, at most 4)")
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="Dask scheduler, tcp://…, whose workers do it instead. For ingest F1NB_HOME must be a folder that they all reach; "
        "where there is none, mirror to s3://…: then each worker loads into its own store. Needs f1nb[dask]",
    )


def _years(text: str) -> list[int]:
    years = []
    for part in text.split(","):
        span = re.fullmatch(r"\s*(\d{4})(?:-(\d{4}))?\s*", part)
        seasons = range(int(span[1]), int(span[2] or span[1]) + 1) if span else ()
        if not seasons:
            raise argparse.ArgumentTypeError(f"{part!r} is no season; give e.g. 2025 or 2018-2025")
        years += seasons
    return years


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _count(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text} is no number of processes; give 1 or more")
    return int(text)


def _ingest(options: argparse.Namespace) -> None:
    from f1nb.ingest import ingest

    _run(ingest, options, "in the store")


def _mirror(options: argparse.Namespace) -> None:
    from f1nb.ingest import mirror

    _run(mirror, options, f"in {options.to}", to=options.to)


def _run(fill: Callable[..., pl.DataFrame], options: argparse.Namespace, where: str, **more: Any) -> None:
    words = ("years", "sessions", "events", "source", "workers", "scheduler")
    try:
        outcomes = fill(**{word: getattr(options, word) for word in words}, **more)
    except KeyboardInterrupt:
        raise F1nbError(f"stopped; what was loaded so far is {where}, and the same command goes on from there") from None
    print(_summary(outcomes))
    lacking = outcomes.filter(outcomes["state"].is_in(["failed", "needs_sign_in"])).height
    if lacking:
        raise F1nbError(f"{_sessions(lacking)} could not be loaded; the same command tries them again")


def _summary(outcomes: pl.DataFrame) -> str:
    """Return what was done, as text: how many sessions, and each that is missing with the reason."""
    counts = dict(outcomes.group_by("state").len().iter_rows())
    missing = outcomes.filter(outcomes["state"].is_in(list(_WHY)))
    loaded, stored = (counts.get(state, 0) for state in ("loaded", "stored"))
    lines = [f"{_sessions(outcomes.height)}: {loaded} loaded, {stored} already there, {missing.height} missing"]
    for state, why in _WHY.items():
        rows = missing.filter(state=state)
        if rows.is_empty():
            continue
        lines.append(f"\n{why} ({rows.height})")
        by = ["note"] if state == "failed" else ["state"]  # what failed can have one reason for all, or each its own
        for (reason,), same in rows.group_by(by, maintain_order=True):
            lines += [f"  {reason}"] * (state == "failed")
            weekends = same.group_by("year", "event", maintain_order=True).agg("session")
            lines += [f"    {year} {event} {' '.join(kinds)}" for year, event, kinds in weekends.iter_rows()]
    return "\n".join(lines)


def _sessions(count: int) -> str:
    return f"{count} session{'s' * (count != 1)}"
