"""A feed made by hand: what the official archive would have of a session that is told in a few lines."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from f1nb.sources import archive
from f1nb.sources._files import FolderFiles


class Feed:
    """Collects messages by topic and reads them back as tables. Times are seconds of the stream."""

    def __init__(self, session: str = "R", year: int = 2025) -> None:
        self.session, self.year = session, year
        self.lines: dict[str, list[bytes]] = defaultdict(list)

    def say(self, time_s: float, topic: str, patch: Any) -> Feed:
        """Add a message."""
        return self.write(time_s, topic, orjson.dumps(patch))

    def write(self, time_s: float, topic: str, content: bytes) -> Feed:
        """Add a line with any content."""
        ms = round(time_s * 1000)
        stamp = f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
        self.lines[topic].append(stamp.encode() + content)
        return self

    def car(self, time_s: float, number: str, **line: Any) -> Feed:
        """Add a message of one car's line."""
        return self.say(time_s, "TimingData", {"Lines": {number: line}})

    def status(self, time_s: float, status: str) -> Feed:
        """Add a change of the session's status."""
        return self.say(time_s, "SessionStatus", {"Status": status})

    def lap(self, start_s: float, number: str, count: int, sectors: tuple[float, float, float]) -> float:
        """Add the messages of one whole lap and return when it ended."""
        first, second, third = sectors
        late_s = 0.2
        if count > 1:
            self.car(start_s + first + late_s, number, Sectors={"0": {"Value": f"{first:.3f}"}})
        self.car(start_s + first + second + late_s, number, Sectors={"1": {"Value": f"{second:.3f}"}})
        end_s = start_s + sum(sectors)
        line: dict[str, Any] = {"Sectors": {"2": {"Value": f"{third:.3f}"}}, "NumberOfLaps": count}
        if count > 1:
            line["LastLapTime"] = {"Value": written(sum(sectors))}
        self.car(end_s + late_s, number, **line)
        return end_s

    def folder(self, path: Path) -> Path:
        """Write the files."""
        path.mkdir(parents=True, exist_ok=True)
        for topic, lines in self.lines.items():
            (path / f"{topic}.jsonStream").write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines) + b"\r\n")
        return path

    def read(self, path: Path) -> dict[str, pl.DataFrame]:
        """Return the tables that the archive source makes of it."""
        files = FolderFiles(self.folder(path))
        return archive.read(files, year=self.year, event="Dutch Grand Prix", session=self.session, address="https://host/x")


def written(time_s: float) -> str:
    """Return a lap time as the feed writes it."""
    minutes, seconds = divmod(round(time_s * 1000), 60_000)
    return f"{minutes}:{seconds // 1000:02}.{seconds % 1000:03}"
