"""The samples of all cars in ``CarData.z.jsonStream`` and ``Position.z.jsonStream``.

A line is a time since the stream began and, in quotes, base64 of raw deflate of JSON: a few instants, each with a sample of
every car. A race has a million samples, so no Python runs for each of them: C loops take the values of a document into columns,
and only a document that is not as it should be is looked at car by car.
"""

from __future__ import annotations

import binascii
import zlib
from collections.abc import Sequence
from itertools import repeat
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import orjson
import polars as pl

from f1nb.sources.archive.streams import BOM, STAMP, milliseconds


class _Shape(NamedTuple):
    """How a document is laid out: the keys of its instants, of their time, of the cars, of what a sample is in; the values."""

    instants: str
    time: str
    cars: str
    inside: str | None
    values: dict[str, tuple[str, type[pl.DataType]]]


_WHOLE = pl.Int32  # what the feed sends, and three times as fast to take over as floats
_CAR_DATA = _Shape(
    instants="Entries",
    time="Utc",
    cars="Cars",
    inside="Channels",
    values={
        "rpm": ("0", _WHOLE),
        "speed": ("2", _WHOLE),
        "gear": ("3", _WHOLE),
        "throttle": ("4", _WHOLE),
        "brake": ("5", _WHOLE),
        "drs": ("45", _WHOLE),
    },
)
_POSITION = _Shape(
    instants="Position",
    time="Timestamp",
    cars="Entries",
    inside=None,
    values={"status": ("Status", pl.String), "x": ("X", _WHOLE), "y": ("Y", _WHOLE), "z": ("Z", _WHOLE)},
)
_MOST = {"rpm": 25_000, "speed": 500, "gear": 9, "throttle": 100, "brake": 100, "drs": 14}


def decode_car_data(content: bytes) -> tuple[pl.DataFrame, int]:
    """Return the samples of ``CarData.z.jsonStream`` in the order of the stream, and how many lines were damaged.

    What is intact in a damaged line is kept. A value that cannot be is null: 104 is how the feed says that it does not know
    throttle or brake.

    Returns
    -------
    frame with ``stream_time_ms`` (when the line was sent), ``utc`` (when the sample was taken), ``number``, ``rpm``,
    ``speed`` (km/h), ``gear``, ``throttle`` (0 to 100), ``brake`` (0 or 100) and ``drs`` (8: allowed; 10, 12, 14: open)

    Examples
    --------
    >>> line = (
    ...     b'00:00:01.500"HYoxCoAwEAT/snWUu4sBvVb8gTaKhYigICnULvh3Ly7LLgyT0MXnOrYbOiUMzwqFkI'
    ...     b'SC6sJzz17JGkoJIxza5TIxocrT7kuM2/kDgjITkYNApWEHD61dFjnTALWt7Fhey/x+"'
    ... )
    >>> samples, damaged = decode_car_data(line)
    >>> samples.select("number", "rpm", "speed", "drs").rows(), damaged
    ([('4', 11000, 291, 12)], 0)
    """
    frame, damaged = _decode(content, _CAR_DATA)
    possible = [pl.when(pl.col(name).is_between(0, most)).then(pl.col(name)) for name, most in _MOST.items()]
    return frame.with_columns(possible), damaged


def decode_positions(content: bytes) -> tuple[pl.DataFrame, int]:
    """Return the samples of ``Position.z.jsonStream`` in the order of the stream, and how many lines were damaged.

    Returns
    -------
    frame with ``stream_time_ms``, ``utc``, ``number``, ``status`` (``OnTrack``, ``OffTrack``), ``x``, ``y`` and ``z`` (1/10 m)
    """
    return _decode(content, _POSITION)


def _decode(content: bytes, shape: _Shape) -> tuple[pl.DataFrame, int]:
    columns = _Columns(shape)
    damaged: set[int] = set()
    for number, line in enumerate(content.removeprefix(BOM).splitlines()):
        if not line.strip():
            continue
        try:
            time_ms, document = milliseconds(line[:STAMP]), _unpacked(line[STAMP:])
        except (ValueError, zlib.error):
            damaged.add(number)
            continue
        if not columns.add(number, time_ms, document):
            usable, is_whole = _usable(document, shape)
            columns.add(number, time_ms, usable)
            if not is_whole:
                damaged.add(number)
    frame = columns.frame()
    timeless = frame.filter(pl.col("utc").is_null())["line"].unique()
    return frame.drop_nulls("utc").drop("line"), len(damaged.union(timeless))


def _unpacked(content: bytes) -> Any:
    packed = binascii.a2b_base64(content.strip(b'" '))
    return orjson.loads(zlib.decompress(packed, -zlib.MAX_WBITS).removeprefix(BOM))


class _Columns:
    """What has been read: a row for each instant, and growing columns of the samples of all cars, instant after instant."""

    def __init__(self, shape: _Shape) -> None:
        self._shape = shape
        self._instants: list[tuple[int, int, Any, int]] = []  # line, its time, when it was, how many cars
        self._number: list[str] = []
        self._values: dict[str, list[Any]] = {name: [] for name in shape.values}
        self._by_key = [(self._values[name], key) for name, (key, _) in shape.values.items()]
        self._sample = itemgetter(shape.inside) if shape.inside else None

    def add(self, line: int, time_ms: int, document: Any) -> bool:
        """Add all samples of a document, or none where it is not as it should be; return which."""
        instants_before, before = len(self._instants), len(self._number)
        try:
            samples: list[dict[str, Any]] = []
            for instant in document[self._shape.instants]:
                cars = instant[self._shape.cars]
                samples.extend(map(self._sample, cars.values()) if self._sample else cars.values())
                self._number.extend(cars)
                self._instants.append((line, time_ms, instant[self._shape.time], len(cars)))
            for column, key in self._by_key:
                column.extend(map(dict.get, samples, repeat(key)))
        except (KeyError, TypeError, AttributeError):
            del self._instants[instants_before:]
            for column in (self._number, *self._values.values()):
                del column[before:]
            return False
        return True

    def frame(self) -> pl.DataFrame:
        """Return the columns; a value of another kind is null."""
        lines, times_ms, utc, cars = zip(*self._instants, strict=True) if self._instants else ((), (), (), ())
        instants = pl.DataFrame(
            {"line": lines, "stream_time_ms": times_ms, "utc": _series("utc", utc, pl.String)},
            schema={"line": pl.Int64, "stream_time_ms": pl.Int64, "utc": pl.String},
        ).with_columns(_instant("utc"))
        values = [_series(name, self._values[name], dtype) for name, (_, dtype) in self._shape.values.items()]
        of_sample = np.repeat(np.arange(len(cars)), np.array(cars, int))
        return instants[of_sample].with_columns(pl.Series("number", self._number, pl.String), *values)


def _series(name: str, values: Sequence[Any], dtype: type[pl.DataType]) -> pl.Series:
    """Return values as a series; those of another kind are null."""
    try:
        return pl.Series(name, values, dtype)
    except (TypeError, OverflowError):
        plain = [value if isinstance(value, int | float | str) else None for value in values]
        return pl.Series(name, plain, dtype, strict=False)


def _instant(column: str) -> pl.Expr:
    """Return an instant such as ``2020-08-08T09:45:03.0619797Z``, which has any number of digits, or null."""
    text = pl.col(column).str.strip_suffix("Z")
    parsed = text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
    return parsed.dt.round("1ms").dt.cast_time_unit("ms").dt.replace_time_zone("UTC").alias(column)


def _usable(document: Any, shape: _Shape) -> tuple[dict[str, Any], bool]:
    """Return what a document has of the shape, and whether nothing had to be left out."""
    instants = document.get(shape.instants) if isinstance(document, dict) else None
    if isinstance(instants, dict):  # a list as the feed patches one
        instants = list(instants.values())
    is_whole = isinstance(instants, list)
    kept = []
    for instant in instants if isinstance(instants, list) else ():
        cars = instant.get(shape.cars) if isinstance(instant, dict) else None
        if not isinstance(cars, dict):
            is_whole = False
            continue
        samples = {}
        for number, car in cars.items():
            sample = car.get(shape.inside) if shape.inside and isinstance(car, dict) else car
            if isinstance(sample, dict):
                samples[number] = car
            else:
                is_whole = False
        kept.append({shape.time: instant.get(shape.time), shape.cars: samples})
    return {shape.instants: kept}, is_whole
