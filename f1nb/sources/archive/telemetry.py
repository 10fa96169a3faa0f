"""Table ``telemetry`` from the samples of car data and positions.

- A row is a sample of the car data. Positions are sampled at other instants; they are interpolated between the two around it,
  which at four a second are a few metres apart. With a row for each position too, as other tools have it, speed, gear and
  throttle would be invented as often as they are measured, and twice as many rows stored.
- Each lap also has a row at its start and one at its end, interpolated, so that its distance and time are whole.
- A sample says in UTC when it was taken, the stream in its own time when it was sent. The stream began at the instant which the
  sample with the least delay says.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from f1nb.schema import TABLES

_HOLE_MS = 3000  # nothing is interpolated across a longer one
_MOST_EARLY_MS = 10_000  # a sample that claims to be sent earlier than this before it was taken, against the others, is wrong
_MOVING_KMH = 20.0  # a car this fast is not where it was a quarter of a second ago
_DRS_OPEN = (10, 12, 14)
_SMOOTH = ("speed_kmh", "rpm", "throttle_pct")
_STEPS = ("gear", "is_braking", "drs")
_CHANNELS = (*_SMOOTH, *_STEPS)
_APART_MS = 2**40  # between the clocks of two drivers, where all are laid on one line


def telemetry(
    car: pl.DataFrame,
    positions: pl.DataFrame,
    laps: pl.DataFrame,
    drivers: pl.DataFrame,
    *,
    zero_stream_s: float,
    has_drs: bool,
) -> pl.DataFrame:
    """Return table ``telemetry``.

    Parameters
    ----------
    car, positions
        What `car_data` decodes; either can be empty.
    laps
        Table ``laps``. A lap without an end lasts until the next one starts, else until the car stops for good.
    drivers
        Table ``drivers``; cars with another number are left out.
    zero_stream_s
        Seconds of the stream at the session's zero.
    has_drs
        Whether the season has it; else its channel means nothing.
    """
    began_ms = stream_began_ms(car, positions)
    if began_ms is None:
        return TABLES["telemetry"].empty()
    zero_ms = began_ms + round(zero_stream_s * 1000)
    codes = drivers.select("number", "driver").drop_nulls().unique("number", keep="first").sort("driver").with_row_index("car")
    places = _placed(_on_clock(positions, codes, zero_ms))
    samples = _channels(_on_clock(car, codes, zero_ms), has_drs=has_drs)
    if samples.is_empty():  # a map needs no more than where the cars were
        samples = places.select("at_ms", *(pl.lit(None, samples.schema[c]).alias(c) for c in _CHANNELS))
    spans = _spans(laps.join(codes, on="driver").sort("car", "lap"), samples)
    rows = pl.concat([_inside(samples, spans), _edges(samples, spans)])
    rows = rows.with_columns(_position_at(rows, places)).sort("span", "at_ms")
    return _table(rows, spans)


def stream_began_ms(*streams: pl.DataFrame) -> int | None:
    """Return when the streams began, in milliseconds since 1970: when the sample that was sent with the least delay says."""
    delay = pl.col("stream_time_ms") - pl.col("utc").dt.epoch("ms")
    delays = pl.concat([stream.select(delay.alias("delay")) for stream in streams])["delay"]
    usual = delays.median()
    if not isinstance(usual, float):
        return None
    least = delays.filter(delays >= usual - _MOST_EARLY_MS).min()
    return -least if isinstance(least, int) else None


def _on_clock(samples: pl.DataFrame, codes: pl.DataFrame, zero_ms: int) -> pl.DataFrame:
    """Return the samples of known cars, each once, in order, on a line on which the drivers' sessions follow one another."""
    clock = pl.col("utc").dt.epoch("ms") - zero_ms
    near = samples.join(codes, on="number").filter(clock.abs() < _APART_MS // 4)
    at = (pl.col("car").cast(pl.Int64) * _APART_MS + clock).alias("at_ms")
    return near.with_columns(at).sort("at_ms", maintain_order=True).filter(pl.col("at_ms").is_first_distinct())


def _channels(samples: pl.DataFrame, *, has_drs: bool) -> pl.DataFrame:
    drs = pl.col("drs").is_in(_DRS_OPEN) if has_drs else pl.lit(None, pl.Boolean)
    return samples.select(
        "at_ms",
        speed_kmh=pl.col("speed").cast(pl.Float32),
        rpm=pl.col("rpm").cast(pl.Float32),
        throttle_pct=pl.col("throttle").cast(pl.Float32),
        gear=pl.col("gear").cast(pl.Int8),
        is_braking=pl.col("brake") > 0,
        drs=drs,
    )


def _placed(positions: pl.DataFrame) -> pl.DataFrame:
    """Return the positions that are some, in metres: the feed has 0, 0, 0 for cars that it does not locate."""
    is_place = (pl.col("x") != 0) | (pl.col("y") != 0) | (pl.col("z") != 0)
    known = positions.filter(is_place).drop_nulls(["x", "y"])
    return known.select("at_ms", *((pl.col(c) / 10).cast(pl.Float32).alias(f"{c}_m") for c in "xyz"))


def _spans(laps: pl.DataFrame, samples: pl.DataFrame) -> pl.DataFrame:
    """Return from when to when each lap lasts on the line of samples, in order; ``is_open``: its end is not a line crossed."""
    base = pl.col("car").cast(pl.Int64) * _APART_MS
    at = {name: base + (pl.col(f"{name}_time_s") * 1000).round().cast(pl.Int64) for name in ("start", "end")}
    spans = (
        laps.select("driver", "lap", "car", "start_time_s", start_ms=at["start"], end_ms=at["end"])
        .drop_nulls("start_ms")
        .sort("start_ms", maintain_order=True)
    )
    moved = samples.filter(pl.col("speed_kmh").fill_null(0) > 0).group_by(car=pl.col("at_ms").add(_APART_MS // 2) // _APART_MS)
    stopped = moved.agg(stopped_ms=pl.col("at_ms").max() + 1).with_columns(pl.col("car").cast(pl.UInt32))
    return (
        spans.join(stopped, on="car", how="left", maintain_order="left")
        .with_columns(is_open=pl.col("end_ms").is_null())
        .with_columns(end_ms=pl.coalesce("end_ms", pl.col("start_ms").shift(-1).over("car"), "stopped_ms", "start_ms"))
        .drop("stopped_ms", "car")
        .with_row_index("span")
    )


def _inside(samples: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Return the samples between the start and the end of a lap, with the number of the lap's span."""
    at = samples["at_ms"].to_numpy()
    span = np.searchsorted(spans["start_ms"].to_numpy(), at, side="left") - 1
    is_inside = span >= 0
    is_inside[is_inside] = at[is_inside] < spans["end_ms"].to_numpy()[span[is_inside]]
    return samples.with_columns(pl.Series("span", span, pl.Int64)).filter(pl.Series(is_inside))


def _edges(samples: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Return a row at the start and one at the end of each lap, as far as there are samples on both sides."""
    edges = pl.concat(
        [
            spans.select(at_ms="start_ms", span=pl.col("span").cast(pl.Int64)),
            spans.filter(~pl.col("is_open"), pl.col("end_ms") > pl.col("start_ms")).select(
                at_ms="end_ms", span=pl.col("span").cast(pl.Int64)
            ),
        ]
    )
    around = _Around.of(edges["at_ms"], samples["at_ms"])
    values = [around.between(samples[name]) for name in _SMOOTH] + [samples[name].gather(around.before) for name in _STEPS]
    return edges.with_columns(values).filter(around.before.is_not_null()).select("at_ms", *_CHANNELS, "span")


def _position_at(rows: pl.DataFrame, places: pl.DataFrame) -> list[pl.Series]:
    """Return x, y and z of each row; null in a hole, and where the feed repeats a position of a car that moves."""
    around = _Around.of(rows["at_ms"], places["at_ms"])
    is_stuck = (around.before != around.after) & (rows["speed_kmh"] > _MOVING_KMH)
    for name in ("x_m", "y_m"):
        is_stuck &= places[name].gather(around.before) == places[name].gather(around.after)
    return [around.between(places[name]).set(is_stuck.fill_null(value=False), None) for name in ("x_m", "y_m", "z_m")]


class _Around(NamedTuple):
    """The samples before and after each of some instants, and how far it is between the two; null in a hole."""

    before: pl.Series
    after: pl.Series
    weight: pl.Series

    @classmethod
    def of(cls, wanted: pl.Series, known: pl.Series) -> _Around:
        """Look up instants among those of the samples, both in milliseconds."""
        at = wanted.to_numpy()
        after = pl.Series(known.search_sorted(at, side="left"), dtype=pl.Int64)
        before = pl.Series(known.search_sorted(at, side="right"), dtype=pl.Int64) - 1
        is_hit = before >= after  # a sample of that instant is both
        after = pl.select(pl.when(is_hit).then(before).otherwise(after)).to_series()
        before, after = (i.set((i < 0) | (i >= len(known)), None) for i in (before, after))
        first, second = known.gather(before), known.gather(after)
        is_hole = (second - first > _HOLE_MS).fill_null(value=True)
        weight = (wanted - first) / (second - first).clip(1)
        return cls(*(series.set(is_hole, None) for series in (before, after, weight.cast(pl.Float32))))

    def between(self, values: pl.Series) -> pl.Series:
        """Return the samples' values interpolated; null where one of the two is."""
        first, second = values.gather(self.before), values.gather(self.after)
        return (first + (second - first) * self.weight).alias(values.name)


def _table(rows: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Return the rows as the table, with the distance since the start of the lap."""
    seconds = (pl.col("at_ms").diff() / 1000).fill_null(0)
    speed_mps = pl.col("speed_kmh").interpolate().forward_fill().backward_fill() / 3.6
    metres = (seconds * (speed_mps + speed_mps.shift().fill_null(0)) / 2).cum_sum()
    lap = spans.select(pl.col("span").cast(pl.Int64), "driver", "lap", "start_ms", "start_time_s")
    table = rows.join(lap, on="span", maintain_order="left").with_columns(
        distance_m=metres.over("span"), lap_time_s=(pl.col("at_ms") - pl.col("start_ms")) / 1000
    )
    table = table.with_columns(time_s=(pl.col("start_time_s") + pl.col("lap_time_s")).round(3))
    return TABLES["telemetry"].frame(table.drop("span", "at_ms", "start_ms", "start_time_s"))
