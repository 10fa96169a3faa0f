"""How a frame reaches the browser: typed columns, once, as binary.

One payload is ``zlib(u32 header length | header JSON | buffers)``. Numbers are int32 in a fixed unit (ms, 1/10 m …, see
`steps_per_unit`), stored as first or second difference where that is smaller, zigzag, in byte planes: a race of positions
shrinks to a tenth of its float64 size, and the browser needs nothing but its own ``DecompressionStream``. Texts are a
dictionary and codes. Missing values have a mask of their own, so that they do not disturb the differences.
"""

from __future__ import annotations

import time
import zlib
from pathlib import Path
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary

import anywidget
import numpy as np
import orjson
import polars as pl
import traitlets as t

from f1nb.panels._tables import TABLES, Wire
from f1nb.schema import steps_per_unit
from f1nb.session import GrowingSession, Session

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
    """One table of one session in the browser. It has no view: panels refer to it and share it.

    Of one that grows only what differs is sent. The payload is the whole table, for a page that is opened later.
    """

    _esm = STATIC / "columns.js"

    name = t.Unicode(help="Name of the table.").tag(sync=True)
    data = t.Any(help="The payload of `encode`.").tag(sync=True, to_json=lambda _, columns: columns._payload())
    version = t.Any(help="How often it has grown.").tag(sync=True, to_json=lambda _, columns: columns._version)

    def __init__(self, frame: pl.DataFrame, **traits: Any) -> None:
        self._frame, self._encoded, self._version = frame, encode(frame), 0
        self._lock = RLock()  # a page can be opened while a feed's thread sends what is new
        super().__init__(**traits)
        self.on_msg(self._send_again)

    def renew(self, frame: pl.DataFrame) -> None:
        """Send what differs from what was sent before: how many rows stay as they are, and those that follow."""
        with self._lock:
            kept = _rows_alike(self._frame, frame)
            if kept == self._frame.height == frame.height:
                return
            self._frame, self._encoded = frame, b""
            self._version += 1
            self.send({"kept": kept, "version": self._version}, [encode(frame[kept:])])

    def get_state(self, *args: Any, **options: Any) -> dict[str, Any]:
        """Return the state, of one moment."""
        with self._lock:
            return super().get_state(*args, **options)

    def _payload(self) -> bytes:
        self._encoded = self._encoded or encode(self._frame)
        return self._encoded

    def _send_again(self, *_: Any) -> None:
        """Send all of it to a page that missed something while it was being drawn."""
        with self._lock:
            self.send({"kept": 0, "version": self._version}, [self._payload()])


def _rows_alike(before: pl.DataFrame, after: pl.DataFrame) -> int:
    """Return how many rows at the top are the same."""
    n = min(before.height, after.height)
    if not n:
        return 0
    differs = pl.select(pl.any_horizontal([before[name].head(n).ne_missing(after[name].head(n)) for name in before.columns]))
    column = differs.to_series()
    return int(column.arg_max() or 0) if column.any() else n


_sent: WeakKeyDictionary[Session, dict[str, Columns]] = WeakKeyDictionary()


def columns(session: Session, name: str) -> Columns:
    """Return the table of this name in `f1nb.panels._tables`, made once per session and shared by all panels.

    That of a session that grows is renewed with it.
    """
    tables = _sent.setdefault(session, {})
    if name not in tables or tables[name].comm is None:  # closed, e.g. by Widget.close_all()
        wire = TABLES[name]
        tables[name] = made = Columns(wire.make(session), name=name)
        if isinstance(session, GrowingSession):
            session.watch(_Growth(session, wire, made))
    return tables[name]


class _Growth:
    """Renews a table when those that it is made of have changed and its time has come."""

    def __init__(self, session: GrowingSession, wire: Wire, table: Columns) -> None:
        self._session, self._wire, self._table = session, wire, table
        self._made_s, self._read = time.monotonic(), self._sources()

    def __call__(self) -> None:
        if self._table.comm is None:
            self._session.unwatch(self)
            return
        sources = self._sources()
        is_new = any(new is not old for new, old in zip(sources, self._read, strict=True))
        if is_new and time.monotonic() - self._made_s >= self._wire.every_s:
            self._made_s, self._read = time.monotonic(), sources
            self._table.renew(self._wire.make(self._session))

    def _sources(self) -> list[object]:
        return [self._session.frame(table) for table in self._wire.reads]
