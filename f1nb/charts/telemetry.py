"""Telemetry of laps laid over one another: one figure per channel, all over the same x axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from bokeh.models import ColumnDataSource, FixedTicker, Range1d
from bokeh.plotting import figure

from f1nb.analysis.telemetry import lap_delta
from f1nb.charts.channels import CHANNELS, Channel
from f1nb.charts.theme import LIGHT, Theme, style

DASHES = ([], [7, 3], [2, 3], [9, 3, 2, 3])


def telemetry_figure(
    channel: str,
    traces: pl.DataFrame,
    *,
    length_m: float,
    corners_m: Sequence[float] = (),
    colors: Sequence[str] = (),
    theme: Theme = LIGHT,
) -> figure:
    """Return the figure of one channel over the place on the circuit.

    Its parts have names, so that a page can fill and change them: the source ``data``, the ranges ``x`` and ``y``, and those
    of `f1nb.charts.theme.style`.

    Parameters
    ----------
    channel
        One of `CHANNELS`.
    traces
        Laps one after the other, as of `f1nb.analysis.telemetry.traces`; the first is the reference of the delta.
    length_m
        Length of the circuit.
    corners_m
        Places of the corners: vertical lines.
    colors
        A colour for each lap; without them all are in ink, told apart by their dashes.
    theme
        `LIGHT` or `DARK`.

    Examples
    --------
    >>> from f1nb.analysis.telemetry import TRACE_SCHEMA
    >>> chart = telemetry_figure("speed", TRACE_SCHEMA.to_frame(), length_m=4200.0)
    >>> chart.x_range.end
    4200.0
    """
    shown = CHANNELS[channel]
    chart = figure(
        height=round(4.2 * shown.share) + 20,
        sizing_mode="stretch_both",
        tools="",
        x_range=Range1d(start=0, end=length_m, name="x"),
        y_range=Range1d(start=shown.low, end=shown.high, name="y"),
        min_border_left=32,
        min_border_right=6,
        min_border_top=1 if shown.is_lanes else 4,
        min_border_bottom=1 if shown.is_lanes else 4,
    )
    style(chart, theme)
    chart.yaxis.ticker = chart.ygrid.ticker = FixedTicker(name="y-ticks", ticks=list(shown.ticks))
    if channel == "rpm":
        chart.yaxis.major_label_overrides = {tick: f"{tick / 1000:g}" for tick in shown.ticks}
    chart.xgrid.ticker = FixedTicker(name="x-ticks", ticks=list(corners_m))
    laps = [] if traces.is_empty() else traces.partition_by("driver", "lap", maintain_order=True)
    colors = list(colors) or [theme.ink] * len(laps)
    if shown.is_lanes:
        source = ColumnDataSource(_lanes(shown, laps, colors), name="data")
        chart.quad("left", "right", "top", "bottom", fill_color="color", line_color=None, source=source)
    else:
        source = ColumnDataSource(_lines(shown, laps, colors), name="data")
        chart.multi_line("xs", "ys", line_color="color", line_dash="dash", line_width="width", line_join="round", source=source)
    return chart


def _lines(channel: Channel, laps: list[pl.DataFrame], colors: Sequence[str]) -> dict[str, Any]:
    data: dict[str, Any] = {name: [] for name in ("xs", "ys", "color", "dash", "width")}
    for i, lap in reversed(list(enumerate(laps))):  # the reference is drawn last, on top
        if channel.name == "delta":
            delta = lap_delta(lap, reference=laps[0])
            x, y = delta["distance_m"].to_numpy(), delta["delta_s"].to_numpy()
        else:
            x, y = lap["track_m"].to_numpy(), lap[channel.column].cast(pl.Float64).to_numpy()
        if channel.name == "gear":
            x, y = np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
        values = (x, y, colors[i % len(colors)], DASHES[i % len(DASHES)], 1.6 if i else 1.9)
        for name, value in zip(data, values, strict=True):
            data[name].append(value)
    return data


def _lanes(channel: Channel, laps: list[pl.DataFrame], colors: Sequence[str]) -> dict[str, Any]:
    data: dict[str, Any] = {name: [] for name in ("left", "right", "top", "bottom", "color")}
    for i, lap in enumerate(laps):
        on = lap[channel.column].fill_null(value=False).to_numpy().astype(int)
        x = lap["track_m"].to_numpy()
        for start, end in np.flatnonzero(np.diff(np.r_[0, on, 0])).reshape(-1, 2):
            top = 1 - i / len(laps)
            values = (x[start], x[min(end, len(x) - 1)], top - 0.1 / len(laps), top - 0.9 / len(laps), colors[i % len(colors)])
            for name, value in zip(data, values, strict=True):
                data[name].append(value)
    return data
