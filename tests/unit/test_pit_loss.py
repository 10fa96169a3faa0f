"""What a stop costs, against what is known of real races."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import f1nb
from f1nb.analysis.pit_loss import pit_losses
from f1nb.session import Session


def test_a_stop_at_zandvoort_costs_as_much_as_it_did(dutch: Session) -> None:
    stops = pit_losses(dutch.laps)
    assert dict(stops.select("driver", "lap").iter_rows()).keys() >= {"STR", "TSU", "HUL", "BOR"}
    assert stops["loss_s"].median() == pytest.approx(17.5, abs=1)


def test_stops_under_the_safety_car_are_not_measured(dutch: Session) -> None:
    stops = pit_losses(dutch.laps)
    assert stops.filter(pl.col("driver").is_in(["NOR", "PIA", "VER"])).is_empty()  # all of theirs were


def test_a_stop_at_baku_costs_as_much_as_it_did(mirror: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("F1NB_ARCHIVE", str(mirror))
    stops = pit_losses(f1nb.load(2018, "Azerbaijan", "R", source="archive").laps)
    assert stops["loss_s"].median() == pytest.approx(21, abs=1)


def test_a_loss_is_known_when_the_out_lap_is_over_and_not_before(dutch: Session) -> None:
    whole = pit_losses(dutch.laps)
    assert whole["time_s"].is_sorted()
    for time_s in (1500.0, 2000.0, 4000.0):
        assert pit_losses(dutch.at(time_s=time_s).laps).equals(whole.filter(pl.col("time_s") <= time_s))


def test_without_laps_there_are_none(dutch: Session) -> None:
    assert pit_losses(dutch.laps.clear()).columns == ["time_s", "driver", "lap", "loss_s"]
