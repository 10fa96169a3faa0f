"""What a session says of its own data."""

from __future__ import annotations

import polars as pl
import pytest
from lap_frames import laps, session

import f1nb
from f1nb.panels._tables import TABLES as TABLES_SENT
from f1nb.panels.data_sets import DataSets
from f1nb.panels.session_header import SessionHeader
from f1nb.schema import SEVERITIES, TABLES
from f1nb.session import Session


def findings(race: Session) -> list[str]:
    return race.health()["finding"].to_list()


def told(text: str = "GREEN LIGHT - PIT EXIT OPEN", time_s: float = 0.0) -> dict[str, pl.DataFrame]:
    return {"race_control": TABLES["race_control"].frame({"time_s": [time_s], "message": [text]})}


def clean(driver: str, n: int, place: int = 1, **more: object) -> pl.DataFrame:
    rows = [{"position": place, "compound": "SOFT", "tyre_age_laps": i + 1, "stint": 1, **more} for i in range(n)]
    return laps(driver, rows, from_s=float(place))


def test_a_simulated_race_is_healthy() -> None:
    race = f1nb.simulate(seed=7, laps=20, cars=8)
    assert race.health().is_empty()
    assert race.health().schema == TABLES["health"].schema


def test_a_session_without_errors_has_no_findings() -> None:
    assert findings(session(clean("NOR", 3), clean("VER", 3, 2), **told())) == []


def test_real_sessions_say_only_what_their_archive_lacks(dutch: Session, australian: Session) -> None:
    unknown = "It is not known which lap times were deleted: there are no messages of race control."
    assert findings(dutch) == [unknown]
    assert unknown in findings(australian)
    assert set(australian.health()["severity"]) <= {"warning", "info"}


def test_a_lap_that_is_missing_for_everyone_is_found() -> None:
    """2026 Miami: nobody has a lap 2."""
    race = session(*(clean(d, 4, i).filter(pl.col("lap") != 2) for i, d in ((1, "NOR"), (2, "VER"))), **told())
    assert race.health().select("severity", "lap", "finding").row(0) == ("error", 2, "Lap 2 is missing for everyone.")


def test_laps_that_one_driver_lacks_are_found() -> None:
    """2025 Bahrain: Russell has 38 of 57 laps."""
    race = session(clean("NOR", 5), clean("RUS", 5, 2).filter(~pl.col("lap").is_in([3, 4])), **told())
    assert "RUS lacks 2 laps from 3 to 4." in findings(race)
    assert race.results["driver"].to_list() == ["NOR", "RUS"]


def test_two_cars_on_one_place_are_found() -> None:
    race = session(clean("NOR", 2), clean("VER", 2, 2).with_columns(position=pl.lit(1, pl.Int32)), **told())
    assert "NOR and VER share place 1 at the end of lap 2." in findings(race)


def test_places_against_the_order_across_the_line_are_found() -> None:
    """2023 Netherlands: the places of lap 72 are not those at the flag."""
    swapped = [clean("NOR", 2), clean("VER", 2, 2)]
    last = pl.when(pl.col("lap") == 2).then(3 - pl.col("position")).otherwise("position").cast(pl.Int32)
    race = session(*(own.with_columns(position=last) for own in swapped), **told())
    assert "Places at the end of lap 2 are not in the order in which the cars crossed the line." in findings(race)
    assert race.results["driver"].to_list() == ["NOR", "VER"]


@pytest.mark.parametrize(
    ("places", "expected"),
    [([1, 1, 3], ["NOR and VER share place 1.", "Nobody is classified on place 2."]), ([1, 2, None], []), ([1, 2, 3], [])],
)
def test_two_cars_in_one_place_of_the_classification_are_found(places: list[int | None], expected: list[str]) -> None:
    """2026 Miami: a place was given twice, and one was missing."""
    results = TABLES["results"].frame({"position": places, "driver": ["NOR", "VER", "LEC"]})
    cars = [clean(d, 2, i) for i, d in enumerate(("NOR", "VER", "LEC"), 1)]
    race = session(*cars, results=results, **told())
    assert race.health().filter(table="results")["finding"].to_list() == expected


def test_laps_of_somebody_who_is_not_among_the_drivers_are_found() -> None:
    drivers = TABLES["drivers"].frame({"driver": ["NOR"]})
    race = session(clean("NOR", 2), clean("F2X", 2, 2), drivers=drivers, **told())
    assert "F2X has 2 laps but is not among the drivers." in findings(race)


def test_repairs_are_counted_by_column() -> None:
    rows = [{"compound": c, "position": 1, "tyre_age_laps": i + 1, "stint": 1} for i, c in enumerate(("SOFT", None, None))]
    race = session(laps("NOR", rows), **told())
    assert race.health().select("severity", "n", "finding").rows() == [("info", 2, "Repaired: 2 values of compound.")]


def test_deletions_without_a_lap_are_found() -> None:
    race = session(clean("NOR", 2), **told("CAR 4 (NOR) TIME 1:29.000 DELETED - X", 300.0))
    assert "Race control deleted 1 lap time more than the laps say." in findings(race)


def test_the_gravest_comes_first() -> None:
    race = session(clean("NOR", 4).filter(pl.col("lap") != 2), clean("VER", 4, 2, compound=None).filter(pl.col("lap") != 2))
    severities = race.health()["severity"].cast(pl.String).to_list()
    assert len(set(severities)) > 1
    assert severities == sorted(severities, key=SEVERITIES.index)


def test_at_a_moment_nothing_is_said_of_later_laps() -> None:
    race = session(clean("NOR", 6).filter(pl.col("lap") != 5), clean("VER", 6, 2).filter(pl.col("lap") != 5), **told())
    assert "Lap 5 is missing for everyone." in findings(race)
    assert findings(race.at(lap=2)) == []


def test_header_and_data_panel_carry_findings_and_repairs() -> None:
    rows = [{"compound": c, "position": 1, "tyre_age_laps": i + 1, "stint": 1} for i, c in enumerate(("SOFT", None, None))]
    race = session(laps("NOR", rows), **told())
    assert "health" in SessionHeader(race).get_state("_tables")["_tables"]
    repairs = TABLES_SENT["repairs"].make(race)
    assert repairs.select("column", "n", "driver", "lap", "published", "used").rows() == [
        ("compound", 2, "NOR", 2, None, "SOFT")
    ]
    assert TABLES_SENT["health"].make(race)["finding"].to_list() == findings(race)
    assert {"health", "repairs"} <= set(DataSets(race).get_state("_tables")["_tables"])


def test_data_that_were_never_checked_are_not_called_healthy() -> None:
    race = session(clean("NOR", 3), **told())
    stored_before = Session({name: race.scan(name) for name in TABLES if name != "health"})
    assert findings(stored_before) == ["These data have not been checked; load the session again with force=True."]


def test_two_cars_at_the_line_in_the_same_millisecond_are_no_contradiction() -> None:
    level = [clean("NOR", 2, 2).with_columns(pl.col("start_time_s", "end_time_s") - 1.0), clean("VER", 2)]
    assert findings(session(*level, **told())) == []
