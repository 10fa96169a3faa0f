"""What a stop costs: the lap in and the lap out against two laps on the track."""

from __future__ import annotations

import polars as pl

from f1nb.analysis.laps import is_stop, under

_LAPS_OF_PACE = 6  # before the stop: enough that one bad lap does not count, few enough to be on the same tyres


def pit_losses(laps: pl.DataFrame) -> pl.DataFrame:
    """Return what each stop of a race on a clear track has cost.

    The loss is the in lap and the out lap minus two laps as the driver had been driving: the median of his last representative
    ones before. Stops under a flag or a safety car are left out, because two laps on the track are not known there well enough
    to measure against.

    Parameters
    ----------
    laps
        Table ``laps`` of a race.

    Returns
    -------
    frame with ``time_s`` (when the out lap was over, and the loss known), ``driver``, ``lap`` (the in lap) and ``loss_s``, in
    order of time

    Examples
    --------
    >>> import f1nb
    >>> race = f1nb.simulate(seed=7, laps=40)
    >>> bool(pit_losses(race.laps)["loss_s"].median() > 15)
    True
    """
    representative = pl.when(pl.col("is_representative")).then(pl.col("lap_time_s"))
    is_clear = ~under("yellow", "safety_car", "red", "vsc", "vsc_ending")
    with_next = laps.sort("driver", "lap").with_columns(
        pace_s=representative.rolling_median(_LAPS_OF_PACE, min_samples=2).shift(1).over("driver"),
        is_stop=is_stop() & is_clear & is_clear.shift(-1).over("driver"),
        out_lap=pl.col("lap").shift(-1).over("driver"),
        out_lap_time_s=pl.col("lap_time_s").shift(-1).over("driver"),
        time_s=pl.col("end_time_s").shift(-1).over("driver"),
    )
    return (
        with_next.filter("is_stop", pl.col("out_lap") == pl.col("lap") + 1)
        .select("time_s", "driver", "lap", loss_s=pl.col("lap_time_s") + pl.col("out_lap_time_s") - 2 * pl.col("pace_s"))
        .drop_nulls()
        .sort("time_s", "driver")
    )
