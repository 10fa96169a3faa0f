"""How a frame reaches the browser: typed columns, once, as binary.

One payload is ``zlib(u32 header length | header JSON | buffers)``. Numbers are int32 in a fixed unit (ms, 1/10 m …, see
`steps_per_unit`), stored as first or second difference where that is smaller, zigzag, in byte planes: a race of positions
shrinks to a tenth of its float64 size, and the browser needs nothing but its own ``DecompressionStream``. Texts are a
dictionary and codes. Missing values have a mask of their own, so that they do not disturb the differences.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from weakref import WeakKeyDictionary

import anywidget
import numpy as np
import orjson
import polars as pl
import traitlets as t

from f1nb.schema import steps_per_unit
from f1nb.session import Session

STATIC = Path(__file__).parent / "static"


def encode(frame: pl.DataFrame) -> bytes:
    """Return the frame as one payload for `Columns`.

    Parameters
    ----------
    frame
        Numbers, booleans, texts and enums; the unit is taken from each column's name.

    Raises
    ------
    TypeError
        When a column has another type.
    ValueError
        When a number is too large for 32 bits in its unit.
    """
    header, buffers = [], []
    for column in frame.iter_columns():
        entry, parts = _encode_column(column)
        header.append(entry)
        buffers += parts
    head = orjson.dumps({"rows": frame.height, "columns": header})
    head += b" " * (-len(head) % 4)
    return zlib.compress(len(head).to_bytes(4, "little") + head + b"".join(buffers), level=6)


def _encode_column(column: pl.Series) -> tuple[dict[str, object], list[bytes]]:
    entry: dict[str, object] = {"name": column.name}
    if column.dtype in (pl.String, pl.Enum, pl.Categorical):
        text = column.cast(pl.String)
        values = text.drop_nulls().unique(maintain_order=True)
        entry["values"] = values.to_list()
        codes = text.cast(pl.Enum(values)).to_physical().to_numpy().astype(np.float64)  # missing is NaN
        missing = np.isnan(codes)
        steps = np.where(missing, 0, codes).astype(np.int32)
    elif column.dtype.is_numeric() or column.dtype == pl.Boolean:
        per_unit = steps_per_unit(column.name) if column.dtype.is_float() else 1
        entry["scale"] = per_unit
        numbers = column.cast(pl.Float64).to_numpy()  # missing is NaN
        missing = np.isnan(numbers)
        if missing.any():  # filled with the value before, which makes no difference
            before = np.maximum.accumulate(np.where(missing, -1, np.arange(len(numbers))))
            numbers = np.where(before < 0, 0.0, numbers[np.maximum(before, 0)])
        scaled = np.round(numbers * per_unit)
        if (np.abs(scaled + 0.5) >= 2**31).any():
            raise ValueError(f"column {column.name!r} has a value that does not fit into 32 bits in steps of {1 / per_unit:g}")
        steps = scaled.astype(np.int32)
    else:
        raise TypeError(f"column {column.name!r} of type {column.dtype} cannot be sent to the browser")
    order, coded = _differences(steps)
    zigzag = ((coded << 1) ^ (coded >> 31)).view(np.uint32)
    planes = (int(zigzag.max(initial=0)).bit_length() + 7) // 8
    entry |= {"order": order, "planes": planes}
    parts = [(zigzag >> (8 * i)).astype(np.uint8).tobytes() for i in range(planes)]
    if missing.any():
        entry["missing"] = True
        parts.insert(0, missing.astype(np.uint8).tobytes())
    return entry, parts


def _differences(steps: np.ndarray) -> tuple[int, np.ndarray]:
    """Return the order of differences (0, 1, 2) that needs the fewest bits, and the differences, modulo 2**32."""
    candidates, current = [], steps
    for _ in range(3):
        candidates.append(current)
        current = np.diff(current, prepend=np.int32(0)).astype(np.int32)
    bits = [np.log2(1.0 + np.abs(c.astype(np.float64))).sum() for c in candidates]
    order = int(np.argmin(bits))
    return order, candidates[order]


class Columns(anywidget.AnyWidget):
    """One table of one session in the browser. It has no view: panels refer to it and share it."""

    _esm = STATIC / "columns.js"

    name = t.Unicode(help="Name of the table.").tag(sync=True)
    data = t.Bytes(help="The payload of `encode`.").tag(sync=True)


_sent: WeakKeyDictionary[Session, dict[str, Columns]] = WeakKeyDictionary()


def columns(session: Session, name: str, frame: Callable[[Session], pl.DataFrame]) -> Columns:
    """Return the table of this name as `Columns`, made once per session and shared by all panels."""
    tables = _sent.setdefault(session, {})
    if name not in tables or tables[name].comm is None:  # closed, e.g. by Widget.close_all()
        tables[name] = Columns(name=name, data=encode(frame(session)))
    return tables[name]
