"""A made-up season as the hosts have it, for F1NB_ARCHIVE: its schedule, and small sessions of the per-lap archive."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from archive_files import session, to_folder

_SCHEDULE = "raw.githubusercontent.com/theOehrly/f1schedule/master/schedule_{year}.json"
_ARCHIVE = "cdn.jsdelivr.net/gh/TracingInsights/{year}@main/{event}/{folder}"
_WEEKEND = {
    "Practice 1": "05-02 11:30:00",
    "Practice 2": "05-02 15:00:00",
    "Practice 3": "05-03 10:30:00",
    "Qualifying": "05-03 14:00:00",
    "Race": "05-04 13:00:00",
}


def season(tree: Path, year: int, events: Iterable[str], have: Iterable[str] = ("Race",), laps: int = 2) -> Path:
    """Write a season of conventional weekends, all on one date, of which the archive has these sessions."""
    columns: dict[str, list[object]] = {"round_number": [], "event_name": [], "official_event_name": [], "country": []}
    columns |= {"location": [], "event_format": [], "gmt_offset": []}
    columns |= {f"session{n}{end}": [] for n in range(1, 6) for end in ("", "_date")}
    for number, event in enumerate(events, 1):
        about = (number, event, f"FORMULA 1 {event.upper()} {year}", "Somewhere", "Town", "conventional", "+00:00")
        for column, value in zip(columns, about, strict=False):
            columns[column].append(value)
        for n, (name, start) in enumerate(_WEEKEND.items(), 1):
            columns[f"session{n}"].append(name)
            columns[f"session{n}_date"].append(f"{year}-{start}")
        for folder in have:
            to_folder(session(laps=laps, seed=number), tree / _ARCHIVE.format(year=year, event=event, folder=folder))
    path = tree / _SCHEDULE.format(year=year)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({name: dict(enumerate(values)) for name, values in columns.items()}))
    return tree
