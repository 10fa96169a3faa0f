"""Writes tables as the official archive publishes them: the ``.jsonStream`` files of CarData.z and Position.z."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import orjson
import polars as pl

BOM = b"\xef\xbb\xbf"
BEGAN_UTC = datetime(2025, 8, 31, 12, 3, 5, 250_000)  # noqa: DTZ001 - what a stamp says; UTC is its "Z"
DELAYS_MS = (130, 40, 310, 0, 75, 220)  # from the last sample of a line to the stamp in front of it

_CAR = {
    "0": pl.col("rpm").round().cast(pl.Int32).fill_null(0),
    "2": pl.col("speed_kmh").round().cast(pl.Int32).fill_null(0),
    "3": pl.col("gear").cast(pl.Int32).fill_null(0),
    "4": pl.col("throttle_pct").round().cast(pl.Int32).fill_null(104),
    "5": pl.when("is_braking").then(100).when(pl.col("is_braking").is_null()).then(104).otherwise(0),
    "45": pl.when("drs").then(14).when(pl.col("drs").is_null()).then(0).otherwise(8),
}
_POSITION = {
    "Status": pl.when(pl.col("x_m").is_null()).then(pl.lit("OffTrack")).otherwise(pl.lit("OnTrack")),
    "X": (pl.col("x_m") * 10).round().cast(pl.Int32).fill_null(0),
    "Y": (pl.col("y_m") * 10).round().cast(pl.Int32).fill_null(0),
    "Z": (pl.col("z_m") * 10).round().cast(pl.Int32).fill_null(0),
}


def line(time_ms: int, content: bytes) -> bytes:
    """Return one line: the time since the stream began, then JSON."""
    seconds, thousandths = divmod(time_ms, 1000)
    return b"%02d:%02d:%02d.%03d%b\r\n" % (seconds // 3600, seconds // 60 % 60, seconds % 60, thousandths, content)


def zipped(document: Any) -> bytes:
    """Return a document as the topics ending in ``.z`` carry it: JSON, raw deflate, base64, in quotes."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return b'"%b"' % base64.b64encode(packer.compress(orjson.dumps(document)) + packer.flush())


def utc(time_ms: int) -> str:
    """Return an instant as the feed writes it, with seven digits."""
    return f"{(BEGAN_UTC + timedelta(milliseconds=time_ms)).isoformat(timespec='microseconds')}0Z"


def car_data(samples: pl.DataFrame, *, entries_a_line: int = 4) -> bytes:
    """Return ``CarData.z.jsonStream``.

    Parameters
    ----------
    samples
        Columns of table ``telemetry`` and ``number``; ``time_s`` counts since the stream began.
    entries_a_line
        Instants that are sent together.
    """
    entries = (
        (ms, {"Utc": utc(ms), "Cars": {n: {"Channels": row} for n, row in cars}}) for ms, cars in _instants(samples, _CAR)
    )
    return _stream("Entries", entries, entries_a_line)


def positions(samples: pl.DataFrame, *, entries_a_line: int = 4) -> bytes:
    """Return ``Position.z.jsonStream`` of the same columns."""
    entries = ((ms, {"Timestamp": utc(ms), "Entries": dict(cars)}) for ms, cars in _instants(samples, _POSITION))
    return _stream("Position", entries, entries_a_line)


def _instants(samples: pl.DataFrame, channels: dict[str, pl.Expr]) -> Iterator[tuple[int, list[tuple[str, dict[str, Any]]]]]:
    """Yield the milliseconds of each instant and the cars that have a sample then."""
    rows = (
        samples.with_columns(ms=(pl.col("time_s") * 1000).round().cast(pl.Int64))
        .unique(["ms", "number"], keep="first", maintain_order=True)
        .sort("ms", maintain_order=True)
        .select("ms", "number", *(value.alias(name) for name, value in channels.items()))
    )
    for ms, group in groupby(rows.iter_rows(), key=lambda row: row[0]):
        yield ms, [(number, dict(zip(channels, values, strict=True))) for _, number, *values in group]


def _stream(key: str, entries: Iterator[tuple[int, dict[str, Any]]], entries_a_line: int) -> bytes:
    lines = [BOM]
    batch: list[dict[str, Any]] = []
    last_ms = 0

    def send() -> None:
        if batch:
            lines.append(line(last_ms + DELAYS_MS[len(lines) % len(DELAYS_MS)], zipped({key: batch})))
            batch.clear()

    for last_ms, entry in entries:  # noqa: B007 - read by send
        batch.append(entry)
        if len(batch) == entries_a_line:
            send()
    send()
    return b"".join(lines)
