"""A made-up season as the hosts have it, for F1NB_ARCHIVE: its schedule, and small sessions of the per-lap archive."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import psutil
import pytest
from archive_files import session, to_folder

_SCHEDULE = "raw.githubusercontent.com/theOehrly/f1schedule/master/schedule_{year}.json"
_ARCHIVE = "cdn.jsdelivr.net/gh/TracingInsights/{year}@main/{event}/{folder}"
EVENTS = ("Australian Grand Prix", "Chinese Grand Prix", "Dutch Grand Prix", "Italian Grand Prix")
_WEEKEND = {"Practice 1": (0, 11), "Practice 2": (0, 15), "Practice 3": (1, 10), "Qualifying": (1, 14), "Race": (2, 13)}


def archive(tree: Path, year: int, event: str, folder: str) -> Path:
    """Return the folder of a session of the per-lap archive."""
    return tree / _ARCHIVE.format(year=year, event=event, folder=folder)


def season(
    tree: Path, year: int, have: Iterable[str] = ("Race",), events: Iterable[str] = EVENTS, first_day: date | None = None
) -> Path:
    """Write a season of conventional weekends, all on one date, of which the archive has these sessions."""
    rows = []
    for number, event in enumerate(events, 1):
        row: dict[str, object] = {"round_number": number, "event_name": event, "official_event_name": f"FORMULA 1 {event}"}
        row |= {"country": "Somewhere", "location": "Town", "event_format": "conventional", "gmt_offset": "+00:00"}
        for n, (name, (day, hour)) in enumerate(_WEEKEND.items(), 1):
            when = (first_day or date(year, 5, 2)) + timedelta(days=day)
            row |= {f"session{n}": name, f"session{n}_date": f"{when}T{hour}:00:00"}
            row |= {"event_date": f"{when}T00:00:00", "f1_api_support": True}
        rows.append(row)
        for folder in have:
            to_folder(session(laps=1, seed=number), archive(tree, year, event, folder))
    path = tree / _SCHEDULE.format(year=year)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({column: {str(n): row[column] for n, row in enumerate(rows)} for column in rows[0]}))
    return tree


class Trap:
    """A file whose readers wait, so that a test can do something to them in the middle of a load."""

    def __init__(self, path: Path) -> None:
        if not Path("/proc/self/fd").is_dir():
            pytest.skip("needs /proc to see who reads a file")
        self.path, self._content = path, path.read_bytes()
        self._end: int | None = None
        path.unlink()
        os.mkfifo(path)

    def caught(self, among: psutil.Process, timeout_s: float = 120) -> psutil.Process:
        """Wait for a process, among those that this one has started, that reads the file."""
        self._let_go()
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            with suppress(OSError):  # there is no reader
                self._end = self._end or os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
            for process in among.children(recursive=True) if self._end else ():
                with suppress(OSError, psutil.Error):
                    if any(fd.readlink() == self.path for fd in Path(f"/proc/{process.pid}/fd").iterdir()):
                        return process
            time.sleep(0.02)
        raise TimeoutError(f"nobody reads {self.path}")

    def release(self) -> None:
        """Give the file to those that wait, and to all others."""
        self.path.unlink()
        self.path.write_bytes(self._content)
        self._let_go()

    def _let_go(self) -> None:
        if self._end is not None:
            with suppress(BrokenPipeError):  # who waited is dead
                os.write(self._end, self._content)
            os.close(self._end)
            self._end = None
