"""Tyres and grid, as ``TimingAppData`` says them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from f1nb.session import Session

_BEFORE_EXIT_S = 3.0  # the feed names a set when the car stands on it
_AFTER_LINE_S = 0.9


def first_lines(session: Session, numbers: Mapping[str, str], line: Mapping[str, int]) -> dict[str, Any]:
    """Return the state of ``TimingAppData`` before the start."""
    grid = dict(session.drivers.select("driver", "grid_position").iter_rows()) if session.is_race else {}
    lines = {}
    for driver, number in numbers.items():
        place = grid.get(driver)
        given = {"GridPos": str(place)} if place else {}
        lines[number] = {"RacingNumber": number, "Line": line[driver], **given, "Stints": []}
    return {"Lines": lines}


def stints(session: Session) -> Iterator[tuple[float, str, dict[str, Any]]]:
    """Yield when each set was fitted, and how many laps it has with each lap; in no order."""
    laps = session.laps.drop_nulls("stint").sort("driver", "lap")
    for (driver,), of_driver in laps.group_by("driver", maintain_order=True):
        for index, (_, own) in enumerate(of_driver.group_by("stint", maintain_order=True)):
            first = own.row(0, named=True)
            is_first = index == 0 and session.is_race
            fitted_s = None if is_first else first["pit_out_time_s"] or first["start_time_s"]
            yield _before(fitted_s), str(driver), {"Stints": {str(index): _fitted(first)}}
            for lap, age, end_s in (
                own.drop_nulls(["end_time_s", "tyre_age_laps"]).select("lap", "tyre_age_laps", "end_time_s").iter_rows()
            ):
                yield end_s + _AFTER_LINE_S, str(driver), {"Stints": {str(index): {"TotalLaps": age, "LapNumber": lap}}}


def _before(fitted_s: float | None) -> float:
    return float("-inf") if fitted_s is None else fitted_s - _BEFORE_EXIT_S


def _fitted(lap: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {"LapFlags": 0, "Compound": lap["compound"] or "UNKNOWN", "TyresNotChanged": "0"}
    if lap["fresh_tyre"] is not None:
        said["New"] = str(lap["fresh_tyre"]).lower()
    if lap["tyre_age_laps"] is not None:
        said |= {"TotalLaps": lap["tyre_age_laps"] - 1, "StartLaps": lap["tyre_age_laps"] - 1}
    return said
