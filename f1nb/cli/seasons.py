"""Commands for whole seasons: schedule, results, standings."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from f1nb.cli._words import Commands, command

_NONE = "–"


def add(commands: Commands) -> None:
    """Add the commands."""
    schedule = command(commands, "schedule", _schedule, "List the sessions of a season, in track time and UTC.")
    schedule.add_argument("year", nargs="?", help="season, from 1950 (default: this one)")

    results = command(commands, "results", _results, "List the classification of a race, a sprint or a qualifying.")
    results.add_argument("year", help="season, from 1950")
    results.add_argument("event", help='name, town, country or round, e.g. "Dutch" or 15')
    results.add_argument("session", nargs="?", default="R", help="R, S or Q, or its name (default: R)")

    standings = command(commands, "standings", _standings, "List the table of a championship.")
    standings.add_argument("year", help="season, from 1950")
    standings.add_argument("--after", metavar="EVENT", help="event or round after which (default: the latest)")
    standings.add_argument("--teams", action="store_true", help="teams instead of drivers; from 1958")


def _schedule(options: argparse.Namespace) -> None:
    from f1nb.calendar import schedule

    rows = [
        (
            row["round"],
            row["event"],
            row["session_name"],
            f"{row['date']:%a %d %b}",
            f"{row['start_local']:%H:%M}" if row["start_local"] else "",
            f"{row['start_utc']:%a %H:%M} UTC" if row["start_utc"] else "",
        )
        for row in schedule(options.year).iter_rows(named=True)
    ]
    _print(rows, right={0})


def _results(options: argparse.Namespace) -> None:
    from f1nb.history import results

    frame = results(options.year, options.event, options.session)
    rows = []
    for row in frame.iter_rows(named=True):
        place = row["position"] if row["classified"] else _NONE
        if row["points"] is None:
            outcome = [_time(row[f"q{n}_time_s"]) for n in (1, 2, 3)]
        else:
            outcome = [_gap(row), f"{row['points']:g}"]
        rows.append((place, row["driver"] or "", row["full_name"], row["team"] or "", *outcome))
    _print(rows, right={0, 4, 5, 6})


def _standings(options: argparse.Namespace) -> None:
    from f1nb.history import standings

    rows = []
    for row in standings(options.year, after=options.after, teams=options.teams).iter_rows(named=True):
        who = (row["team"],) if options.teams else (row["driver"] or "", row["full_name"], ", ".join(row["teams"]))
        rows.append((row["position"] or _NONE, *who, f"{row['points']:g}"))
    _print(rows, right={0, 2 if options.teams else 4})


def _gap(row: dict[str, Any]) -> str:
    """Return the winner's time, the gap of those on the same lap, and of the others what became of them."""
    if row["time_s"] is None:
        return f"{row['status']} ({row['reason']})" if row["reason"] else row["status"]
    return _time(row["time_s"]) if not row["gap_s"] else f"+{_time(row['gap_s'])}"


def _time(seconds: float | None) -> str:
    if seconds is None:
        return _NONE
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{rest / 1000:06.3f}"
    return f"{minutes}:{rest / 1000:06.3f}" if minutes else f"{rest / 1000:.3f}"


def _print(rows: list[tuple[Any, ...]], right: Iterable[int]) -> None:
    """Print rows as columns, numbers to the right."""
    texts = [[str(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        cells = [t.rjust(w) if n in right else t.ljust(w) for n, (t, w) in enumerate(zip(row, widths, strict=True))]
        print("  ".join(cells).rstrip())
