"""Shape of a circuit from MultiViewer: its line, corners, marshal and mini-sectors, and how far its map is turned."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from f1nb.errors import SourceError
from f1nb.schema import TABLES
from f1nb.sources._answers import answer

_ADDRESS = "https://api.multiviewer.app/api/v1/circuits/{key}/{year}"
_POINTS = {"corners": "corner", "marshalSectors": "marshal_sector"}


def circuit(key: int, year: int) -> tuple[pl.DataFrame, float | None] | None:
    """Return table ``circuit`` and the rotation of its map in degrees, None where this circuit is not known.

    Parameters
    ----------
    key
        Key of the circuit in the official timing.
    year
        Season: circuits are rebuilt.

    Raises
    ------
    SourceError
        When it cannot be read.
    """
    found = answer(_ADDRESS.format(key=key, year=year), year=year)
    if found is None:
        return None
    try:
        rows = [_point(kind, item) for name, kind in _POINTS.items() for item in found.get(name) or []]
        line = np.array([found["x"], found["y"]], dtype=float) / 10
        rows += _mini_sectors(line, found.get("miniSectorsIndexes") or [])
        rotation = found.get("rotation")
        return TABLES["circuit"].frame(pl.concat([TABLES["circuit"].frame(rows), _outline(line)])), rotation and float(rotation)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise SourceError(f"MultiViewer's circuit {key} has changed its form; update f1nb") from error


def _point(kind: str, item: dict[str, Any]) -> dict[str, Any]:
    place = item["trackPosition"]
    return {
        "kind": kind,
        "number": int(item["number"]),
        "letter": item.get("letter") or None,
        "x_m": place["x"] / 10,
        "y_m": place["y"] / 10,
        "angle_deg": item.get("angle"),
    }


def _mini_sectors(line: np.ndarray, ends: list[int]) -> list[dict[str, Any]]:
    """Return where each mini-sector ends, from the places of these points in the line of a lap."""
    along = np.append(0.0, np.cumsum(np.hypot(*np.diff(line))))
    return [
        {"kind": "mini_sector", "number": n, "x_m": line[0, end], "y_m": line[1, end], "distance_m": along[end]}
        for n, end in enumerate(ends, start=1)
    ]


def _outline(line: np.ndarray) -> pl.DataFrame:
    """Return the line of a lap as the outline: closed, with a point every 5 m."""
    closed = np.hstack([line, line[:, :1]])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(closed)))])
    distance = np.append(np.arange(0.0, along[-1], 5.0), along[-1])
    x, y = (np.interp(distance, along, axis) for axis in closed)
    kind, number = ["outline"] * len(distance), np.arange(len(distance))
    return TABLES["circuit"].frame({"kind": kind, "number": number, "x_m": x, "y_m": y, "distance_m": distance})
