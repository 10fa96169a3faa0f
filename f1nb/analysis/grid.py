"""The grid, from where the cars stood at lights out."""

from __future__ import annotations

import numpy as np
import polars as pl

from f1nb.analysis.circuit import Outline

_LONGEST_GRID_M = 320.0  # twenty-four slots of 8 m, and as much as the start line may lie from the finish line
_WIDEST_GRID_M = 5.0  # positions follow the middle of the road; further away a car stands in the pit lane


def grid_positions(drivers: pl.DataFrame, telemetry: pl.DataFrame, circuit: pl.DataFrame) -> pl.DataFrame:
    """Return the drivers with ``grid_position``, by how far along the track each car stood at lights out.

    Cars that stood beside the track started from the pit lane and have none. The slots are 8 m apart and positions are good
    to about a metre, so neighbours are told apart.

    Parameters
    ----------
    drivers, telemetry, circuit
        Tables of a race.
    """
    if circuit.filter(pl.col("kind") == "outline").is_empty():
        return drivers
    first = (
        telemetry.filter(pl.col("lap") == 1, pl.col("x_m").is_not_null(), pl.col("y_m").is_not_null())
        .group_by("driver", maintain_order=True)
        .first()
    )
    if first.is_empty():
        return drivers
    outline = Outline(circuit)
    place, offset = outline.project(first["x_m"].to_numpy().astype(float), first["y_m"].to_numpy().astype(float))
    half = outline.length_m / 2
    ahead = np.mod(place + half, outline.length_m) - half  # the grid may begin behind the line or after it
    stood = first.select("driver").with_columns(
        ahead=pl.Series(ahead), on_track=pl.Series((np.abs(ahead) < _LONGEST_GRID_M) & (np.abs(offset) < _WIDEST_GRID_M))
    )
    ranked = stood.filter("on_track").sort("ahead", descending=True)
    slots = ranked.select("driver", slot=pl.int_range(1, pl.len() + 1).cast(pl.Int32))
    return drivers.join(slots, on="driver", how="left", maintain_order="left").with_columns(grid_position="slot").drop("slot")
