"""Shapes of circuits that another project publishes."""

from __future__ import annotations

from pathlib import Path

import orjson
import polars as pl
import pytest

from f1nb.analysis.circuit import Outline
from f1nb.errors import SourceError
from f1nb.sources.multiviewer import circuit

ADDRESS = "api.multiviewer.app/api/v1/circuits/39/2020"
SQUARE = {"x": [0, 10_000, 10_000, 0], "y": [0, 0, 10_000, 10_000], "rotation": 95}


def test_monza_is_as_long_as_it_is(mirror: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("F1NB_ARCHIVE", str(mirror))
    found = circuit(39, 2020)
    assert found is not None
    points, rotation_deg = found
    assert rotation_deg == 95.0
    assert Outline(points).length_m == pytest.approx(5793, rel=0.01)  # the official length
    assert points.filter(kind="corner")["number"].to_list() == list(range(1, 12))
    assert points.filter(kind="marshal_sector").height == 17


def test_the_line_is_closed_and_corners_keep_their_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corner = {"number": 11, "letter": "A", "angle": 90.5, "length": 0, "trackPosition": {"x": 10_000, "y": 5_000}}
    file = tmp_path / ADDRESS
    file.parent.mkdir(parents=True)
    file.write_bytes(orjson.dumps(SQUARE | {"corners": [corner]}))
    monkeypatch.setenv("F1NB_ARCHIVE", str(tmp_path))
    found = circuit(39, 2020)
    assert found is not None
    points, _ = found
    outline = points.filter(kind="outline").select("x_m", "y_m", "distance_m")
    assert outline.row(0)[:2] == outline.row(-1)[:2] == (0.0, 0.0)
    assert outline["distance_m"].max() == 4000.0
    assert points.filter(pl.col("kind") == "corner").select("number", "letter", "x_m", "y_m").row(0) == (11, "A", 1000.0, 500.0)


def test_a_circuit_that_is_not_known_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("F1NB_ARCHIVE", str(tmp_path))
    assert circuit(999, 2026) is None


@pytest.mark.parametrize("odd", [b"[]", b'{"x": [1]}', b'{"x": [1, 2], "y": [1, 2], "corners": [{"number": 1}]}'])
def test_an_answer_of_another_form_is_one_sentence(odd: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ADDRESS
    file.parent.mkdir(parents=True)
    file.write_bytes(odd)
    monkeypatch.setenv("F1NB_ARCHIVE", str(tmp_path))
    with pytest.raises(SourceError, match="MultiViewer's circuit 39 has changed its form; update f1nb"):
        circuit(39, 2020)


def test_mini_sectors_end_where_the_line_says_and_the_last_one_at_the_start_line(
    mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("F1NB_ARCHIVE", str(mirror))
    found = circuit(39, 2020)
    assert found is not None
    points, _ = found
    ends = points.filter(kind="mini_sector").sort("number")
    assert ends.height == 24
    assert ends["distance_m"].is_sorted()
    assert ends["distance_m"][-1] == pytest.approx(5793, rel=0.01)
    along, off = Outline(points).project(ends["x_m"].to_numpy(), ends["y_m"].to_numpy())
    assert abs(off).max() < 1
    assert abs(along[:-1] - ends["distance_m"].to_numpy()[:-1]).max() < 10
