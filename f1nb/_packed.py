"""A table as Parquet, small and exact, and back.

Numbers are stored as int32 in the unit that the sources resolve (ms, 1/10 m, …), delta-packed: exact, and a third of the size
of floats.
"""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from f1nb.schema import TABLES, steps_per_unit

_BY_DRIVER = frozenset({"telemetry", "positions"})  # one row group per driver, so that one lap reads one of them
_SINCE_START = ("telemetry", "lap_time_s")


def packed(name: str, frame: pl.DataFrame) -> bytes:
    """Return the table of this name as a Parquet file."""
    import pyarrow.parquet as pq  # 30 MB that a viewer's kernel, which only reads, does without

    table = TABLES[name]
    steps = frame.select(_pack(name, c.name, table.schema[c.name]) for c in table.columns)
    arrow = steps.to_arrow(compat_level=pl.CompatLevel.oldest())
    integers = [f.name for f in arrow.schema if str(f.type) in {"int8", "int32"}]
    texts = [f.name for f in arrow.schema if "string" in str(f.type) and "list" not in str(f.type)]
    buffer = io.BytesIO()
    with pq.ParquetWriter(
        buffer,
        arrow.schema,
        compression="zstd",
        use_dictionary=texts,  # pyright: ignore[reportArgumentType] - the stub knows only bool
        column_encoding=dict.fromkeys(integers, "DELTA_BINARY_PACKED"),
    ) as writer:
        if name in _BY_DRIVER and frame.height:
            ends = frame["driver"].rle_id().rle().struct.field("len").cum_sum().to_list()
            for start, end in zip([0, *ends], ends, strict=False):
                writer.write_table(arrow.slice(start, end - start))
        else:
            writer.write_table(arrow)
    return buffer.getvalue()


def _pack(table: str, name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype.is_float():
        steps = (column * steps_per_unit(name)).round().cast(pl.Int32)
        # kept as the start of the lap, which does not change inside a lap: a megabyte less for a race
        return (
            ((pl.col("time_s") * 1000).round().cast(pl.Int32) - steps).alias(name) if (table, name) == _SINCE_START else steps
        )
    if isinstance(dtype, pl.Enum):
        return column.cast(pl.String)
    if isinstance(dtype, pl.List):
        return column.cast(pl.List(pl.String))
    return column


def scan(name: str, paths: Path | list[Path], file: str | None = None) -> pl.LazyFrame:
    """Return the table as its schema says. Only columns that were packed are touched, so filters reach the file.

    Of several files the rows come one file after the other, with the path in the column that ``file`` names.
    """
    unpacked = []
    for column, dtype in TABLES[name].schema.items():
        if dtype.is_float():
            steps = pl.col("time_s") - pl.col(column) if (name, column) == _SINCE_START else pl.col(column)
            value = (steps.cast(dtype) / steps_per_unit(column)).alias(column)
            # polars divides by multiplying with the inverse: rounding makes 1.2710000000000001 the 1.271 that was written
            unpacked.append(value.round(len(str(steps_per_unit(column))) - 1) if dtype == pl.Float64 else value)
        elif isinstance(dtype, pl.Enum | pl.List):
            unpacked.append(pl.col(column).cast(dtype))
    return pl.scan_parquet(paths, glob=False, include_file_paths=file).with_columns(unpacked)
