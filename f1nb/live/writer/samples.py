"""``CarData.z`` and ``Position.z`` from the telemetry: four instants a second, the same for all cars."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from f1nb.live.writer.topics import Sent, Utc
from f1nb.session import Session

_EVERY_S = 0.25
_TOGETHER = 4  # instants in a message
_HOLE_S = 3.0  # nothing is interpolated across a longer one
_SMOOTH = ("rpm", "speed_kmh", "throttle_pct", "x_m", "y_m", "z_m")
_STEPS = ("gear", "is_braking", "drs")


def samples(session: Session, numbers: Mapping[str, str], utc: Utc) -> Iterator[Sent]:
    """Yield the messages of both topics, each when its last instant has passed."""
    frame = _on_grid(session, numbers)
    if frame.is_empty():
        return
    rounded = {name: pl.col(name).round().cast(pl.Int32) for name in ("rpm", "speed_kmh", "throttle_pct")}
    channels = {
        "0": rounded["rpm"].fill_null(0),
        "2": rounded["speed_kmh"].fill_null(0),
        "3": pl.col("gear").cast(pl.Int32).fill_null(0),
        "4": rounded["throttle_pct"].fill_null(104),  # as the feed says that it does not know
        "5": pl.when(pl.col("is_braking").is_null()).then(104).when("is_braking").then(100).otherwise(0),
        "45": pl.when(pl.col("drs").is_null()).then(0).when("drs").then(14).otherwise(8),
    }
    status = pl.when(pl.col("x_m").is_null()).then(pl.lit('"OffTrack"')).otherwise(pl.lit('"OnTrack"'))
    axes = {axis.upper(): (pl.col(f"{axis}_m") * 10).round().cast(pl.Int32).fill_null(0) for axis in "xyz"}
    car = pl.concat_str(pl.lit('"'), "number", pl.lit('":{"Channels":'), _object(channels), pl.lit("}"))
    place = pl.concat_str(pl.lit('"'), "number", pl.lit('":'), _object({"Status": status, **axes}))
    instants = (
        frame.select("n", car=car, place=place)
        .group_by("n", maintain_order=True)
        .agg(pl.col("car").str.join(","), pl.col("place").str.join(","))
        .sort("n")
    )
    for first in range(0, instants.height, _TOGETHER):
        rows = instants.slice(first, _TOGETHER).rows()
        time_s = rows[-1][0] * _EVERY_S
        stamps = [(utc(n * _EVERY_S), cars, places) for n, cars, places in rows]
        entries = ",".join(f'{{"Utc":"{at}","Cars":{{{cars}}}}}' for at, cars, _ in stamps)
        yield Sent(time_s, "CarData.z", _packed(f'{{"Entries":[{entries}]}}'))
        entries = ",".join(f'{{"Timestamp":"{at}","Entries":{{{places}}}}}' for at, _, places in stamps)
        yield Sent(time_s, "Position.z", _packed(f'{{"Position":[{entries}]}}'))


def _object(values: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return JSON of an object for each row."""
    parts = [
        part for i, (name, value) in enumerate(values.items()) for part in (pl.lit(f'{"," if i else "{"}"{name}":'), value)
    ]
    return pl.concat_str(*parts, pl.lit("}"))


def _on_grid(session: Session, numbers: Mapping[str, str]) -> pl.DataFrame:
    """Return the samples at the instants of the feed, each with all cars: those of which nothing is known have nulls."""
    wanted = session.telemetry.select("driver", "time_s", *_SMOOTH, *_STEPS).drop_nulls("time_s").collect()
    if wanted.is_empty():
        return wanted
    first, last = (round(float(end_s) / _EVERY_S) for end_s in wanted.select(pl.min("time_s"), b=pl.max("time_s")).row(0))
    instants = pl.DataFrame({"n": np.arange(first, last + 1)})
    of_driver = {driver: own for (driver,), own in wanted.sort("driver", "time_s").group_by("driver", maintain_order=True)}
    frames = [
        instants.join(
            _interpolated(of_driver.get(driver, wanted.clear())), on="n", how="left", maintain_order="left"
        ).with_columns(number=pl.lit(number))
        for driver, number in numbers.items()
    ]
    return pl.concat(frames)


def _interpolated(own: pl.DataFrame) -> pl.DataFrame:
    """Return the samples of one car at the instants that lie between two of them."""
    time_s = own["time_s"].to_numpy()
    inside = time_s[[0, -1]] / _EVERY_S if len(time_s) > 1 else np.array([1, 0])
    n = np.arange(np.ceil(inside[0]), np.floor(inside[1]) + 1)
    after = np.clip(np.searchsorted(time_s, n * _EVERY_S), 1, max(len(time_s) - 1, 1))
    is_known = time_s[after] - time_s[after - 1] <= _HOLE_S
    n, before = n[is_known], (after - 1)[is_known]
    columns = {name: np.interp(n * _EVERY_S, time_s, own[name].cast(pl.Float64).to_numpy()) for name in _SMOOTH}
    frame = pl.DataFrame({"n": n.astype(np.int64), **columns}).with_columns(pl.col(pl.Float64).fill_nan(None))
    return frame.hstack(own.select(_STEPS)[before])


def _packed(text: str) -> str:
    packer = zlib.compressobj(1, wbits=-zlib.MAX_WBITS)
    return b64encode(packer.compress(text.encode()) + packer.flush()).decode()
