"""Writes a race as the official archive publishes it: a ``.jsonStream`` file for each topic, laid out as its host has them."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import orjson
import polars as pl
from feed_writer import BOM, DELAYS_MS, car_data, line, positions

from f1nb.live.history import instant_ms
from f1nb.live.protocol import Message
from f1nb.live.recordings import Recording
from f1nb.live.writer import written
from f1nb.session import Session

ZERO_MS = 3_600_000  # of the stream, at lights out
_AT_A_LINE = {"NumberOfLaps", "LastLapTime", "BestLapTime", "Sectors", "Speeds", "InPit", "PitOut"}


def _files(race: Session, recording: Recording) -> dict[str, bytes]:
    """Return the content of each file by its name; what is said of a car at a line comes late, as from the official host."""
    content = {topic: _stream(messages) for topic, messages in _topics(recording, race).items()}
    samples = (
        race.telemetry.collect()
        .join(race.drivers.select("driver", "number"), on="driver")
        .with_columns(pl.col("time_s") + ZERO_MS / 1000)
    )
    a_second = 4 * race.drivers.height  # in a simulated race each car has instants of its own
    content["CarData.z"] = car_data(samples, entries_a_line=a_second)
    content["Position.z"] = positions(samples, entries_a_line=a_second)
    return {f"{topic}.jsonStream": data for topic, data in content.items()}


def _topics(recording: Recording, race: Session) -> dict[str, list[tuple[int, Any]]]:
    zero_ms = int(race.info["start_utc"].timestamp() * 1000) - ZERO_MS
    topics: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    for topic, state in recording.snapshot.items():
        topics[topic].append((0, state))
    for n, message in enumerate(recording.messages):
        time_ms = (instant_ms(message.utc) or 0) - zero_ms
        if message.topic == "TimingData":
            topics[message.topic] += _late(time_ms, message, DELAYS_MS[n % len(DELAYS_MS)])
        else:
            topics[message.topic].append((time_ms, message.data))
    return topics


def _late(time_ms: int, message: Message, delay_ms: int) -> list[tuple[int, Any]]:
    """Return what is late and what is not of a message of the cars."""
    lines = message.data["Lines"].items()
    late = {n: {key: said[key] for key in said.keys() & _AT_A_LINE} for n, said in lines}
    on_time = {n: {key: said[key] for key in said.keys() - _AT_A_LINE} for n, said in lines}
    return [
        (at_ms, {"Lines": {n: said for n, said in part.items() if said}})
        for at_ms, part in ((time_ms, on_time), (time_ms + delay_ms, late))
        if any(part.values())
    ]


def _stream(messages: list[tuple[int, Any]]) -> bytes:
    """Return the file of a topic."""
    ordered = sorted(messages, key=lambda sent: sent[0])
    return BOM + b"".join(line(time_ms, orjson.dumps(patch)) for time_ms, patch in ordered)


def to_archive(race: Session, root: Path) -> Path:
    """Write the files as ``F1NB_ARCHIVE=root`` has them, and return the session's folder."""
    recording = written(race, samples=False)
    folder = root / "livetiming.formula1.com/static" / recording.snapshot["SessionInfo"]["Path"]
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _files(race, recording).items():
        (folder / name).write_bytes(content)
    return folder
