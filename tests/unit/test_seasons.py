"""The rules of each season."""

from __future__ import annotations

import polars as pl
import pytest

import f1nb
from f1nb.analysis.results import race_results
from f1nb.schema import COMPOUNDS, SESSIONS
from f1nb.seasons import SEASONS, season


@pytest.mark.parametrize(
    ("year", "grid", "cut"), [(2018, 20, (15, 10)), (2025, 20, (15, 10)), (2026, 22, (16, 10))]
)  # fmt: skip
def test_how_many_cars_go_on_in_qualifying(year: int, grid: int, cut: tuple[int, int]) -> None:
    assert (season(year).grid_size, season(year).qualifying_cut) == (grid, cut)


@pytest.mark.parametrize(
    ("year", "points", "weekend"),
    [
        (2020, (), None),
        (2021, (3, 2, 1), ("FP1", "Q", "FP2", "S", "R")),
        (2022, (8, 7, 6, 5, 4, 3, 2, 1), ("FP1", "Q", "FP2", "S", "R")),
        (2023, (8, 7, 6, 5, 4, 3, 2, 1), ("FP1", "Q", "SQ", "S", "R")),
        (2024, (8, 7, 6, 5, 4, 3, 2, 1), ("FP1", "SQ", "S", "Q", "R")),
        (2026, (8, 7, 6, 5, 4, 3, 2, 1), ("FP1", "SQ", "S", "Q", "R")),
    ],
)
def test_the_sprint_of_each_season(year: int, points: tuple[int, ...], weekend: tuple[str, ...] | None) -> None:
    rules = season(year)
    assert rules.sprint_points == points
    assert rules.formats["conventional"] == ("FP1", "FP2", "FP3", "Q", "R")
    assert rules.formats.get(rules.sprint_format or "") == weekend


def test_what_sessions_were_called() -> None:
    assert season(2021).session_names["S"] == "Sprint Qualifying"
    assert season(2022).session_names["S"] == "Sprint"
    assert season(2023).session_names["SQ"] == "Sprint Shootout"
    assert season(2024).session_names["SQ"] == "Sprint Qualifying"
    assert "SQ" not in season(2022).session_names
    assert "S" not in season(2020).session_names


@pytest.mark.parametrize(("year", "point"), [(2018, False), (2019, True), (2024, True), (2025, False)])
def test_the_point_for_the_fastest_lap_came_and_went(year: int, point: bool) -> None:
    assert season(year).fastest_lap_point is point


def test_drs_ended_with_2025() -> None:
    assert [year for year in SEASONS if season(year).has_drs] == list(range(2018, 2026))


def test_the_tyres_of_2018_had_other_names_for_the_same_colours() -> None:
    old, new = season(2018).compound_colors, season(2019).compound_colors
    assert list(old)[:3] == ["HYPERSOFT", "ULTRASOFT", "SUPERSOFT"]
    assert list(new) == ["SOFT", "MEDIUM", "HARD", "INTERMEDIATE", "WET"]
    assert old["SUPERSOFT"] == new["SOFT"]
    assert old["SOFT"] == new["MEDIUM"]
    assert old["MEDIUM"] == new["HARD"]


def test_every_season_speaks_the_words_of_the_schema() -> None:
    for rules in SEASONS.values():
        assert set(rules.compound_colors) <= set(COMPOUNDS)
        assert set(rules.session_names) <= set(SESSIONS)
        assert {kind for kinds in rules.formats.values() for kind in kinds} == set(rules.session_names)


def test_a_season_without_rules_yet_has_those_of_the_nearest() -> None:
    assert season(2031) == season(max(SEASONS))
    assert season(2001) == season(2018)


# -- shortened races ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "laps", "planned", "first_two"),
    [
        (2021, 44, 44, (25, 18)),
        (2021, 3, 44, (12.5, 9)),  # Spa
        (2021, 2, 44, ()),
        (2021, 33, 44, (25, 18)),  # three quarters are enough
        (2022, 28, 53, (25, 18)),  # Suzuka: resumed, so full points
        (2024, 1, 57, ()),
        (2024, 2, 57, (6, 4)),
        (2024, 15, 57, (13, 10)),
        (2024, 30, 57, (19, 14)),
        (2024, 43, 57, (25, 18)),
        (2024, 43, None, (25, 18)),
    ],
)
def test_a_shortened_race_gives_fewer_points(year: int, laps: int, planned: int | None, first_two: tuple[float, ...]) -> None:
    assert season(year).race_points(laps, planned)[:2] == first_two


def test_half_points_in_the_classification_of_a_race_of_three_laps() -> None:
    race = f1nb.simulate(seed=3, laps=3, cars=12, year=2021)
    full = race_results(race.laps, race.drivers, season(2021), sprint=False)
    half = race_results(race.laps, race.drivers, season(2021), sprint=False, planned_laps=44)
    assert half["points"].head(10).to_list() == [12.5, 9, 7.5, 6, 5, 4, 3, 2, 1, 0.5]
    assert half.select(pl.exclude("points")).equals(full.select(pl.exclude("points")))
