"""What people type, and what they mean by it."""

from __future__ import annotations

from typing import Any

import pytest

from f1nb.errors import NotFoundError
from f1nb.naming import find_event, season_of, session_kind
from f1nb.schema import SESSIONS
from f1nb.sources import _identity


def calendar(year: int) -> list[dict[str, Any]]:
    rows = []
    for number, event in enumerate(_identity.events(year), 1):
        place = _identity.place(event, year)
        assert place
        rows.append({"event": event, "round": number, **place._asdict()})
    return rows


# -- events -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "event"),
    [
        ("Dutch Grand Prix", "Dutch Grand Prix"),
        ("DUTCH GP", "Dutch Grand Prix"),
        ("dutch_grand_prix", "Dutch Grand Prix"),
        (" zandvoort ", "Dutch Grand Prix"),
        ("netherlands", "Dutch Grand Prix"),
        ("sao paulo", "São Paulo Grand Prix"),
        ("São Paulo", "São Paulo Grand Prix"),
        ("interlagos", "São Paulo Grand Prix"),
        ("montreal", "Canadian Grand Prix"),
        ("spa", "Belgian Grand Prix"),
        ("imola", "Emilia Romagna Grand Prix"),
        ("monza", "Italian Grand Prix"),
        ("silverstone", "British Grand Prix"),
        ("vegas", "Las Vegas Grand Prix"),
        ("austin", "United States Grand Prix"),
        ("usa", "United States Grand Prix"),
        ("uk", "British Grand Prix"),
        ("mexico", "Mexico City Grand Prix"),
        ("sakhir", "Bahrain Grand Prix"),
        ("monaco", "Monaco Grand Prix"),
        ("spain", "Spanish Grand Prix"),
    ],
)
def test_events_as_people_type_them(typed: str, event: str) -> None:
    assert find_event(typed, calendar(2025)) == event


def test_a_part_in_the_middle_of_a_word_means_nothing() -> None:
    with pytest.raises(NotFoundError, match="there is no event 'ling'"):  # Spielberg is not Sterling
        find_event("ling", calendar(2025))


@pytest.mark.parametrize("typed", [15, "15", " 15 "])
def test_the_round_where_it_is_known(typed: str | int) -> None:
    assert find_event(typed, [{"event": "Dutch Grand Prix", "round": 15}, {"event": "Italian Grand Prix", "round": 16}]) == (
        "Dutch Grand Prix"
    )


def test_the_same_town_means_the_event_of_that_season() -> None:
    assert find_event("barcelona", calendar(2025)) == "Spanish Grand Prix"
    assert find_event("barcelona", calendar(2026)) == "Barcelona Grand Prix"
    assert find_event("madrid", calendar(2026)) == "Spanish Grand Prix"


def test_an_ambiguous_name_lists_what_it_can_be() -> None:
    with pytest.raises(NotFoundError, match=r"'spielberg' can be Austrian Grand Prix or Styrian Grand Prix; say which one"):
        find_event("spielberg", calendar(2020))
    with pytest.raises(NotFoundError, match="say which one"):
        find_event("united", calendar(2025))


@pytest.mark.parametrize(("typed", "near"), [("zandfort", "Dutch"), ("Hungarain", "Hungarian"), ("Monzza", "Italian")])
def test_a_misspelt_name_lists_the_near_ones(typed: str, near: str) -> None:
    with pytest.raises(NotFoundError, match=f"there is no event '{typed}'; did you mean .*{near} Grand Prix"):
        find_event(typed, calendar(2025))


@pytest.mark.parametrize("typed", ["", "  ", "grand prix", "日本", "x" * 300, 99, "-1"])
def test_a_name_that_means_nothing(typed: str | int) -> None:
    with pytest.raises(NotFoundError, match="there is no event"):
        find_event(typed, calendar(2025))


def test_a_round_that_there_is_not_lists_the_rounds() -> None:
    rows = [{"event": "Bahrain Grand Prix", "round": 1}, {"event": "Dutch Grand Prix", "round": 15}]
    with pytest.raises(NotFoundError, match=r"there is no event '99'; the rounds are 1 to 15$"):
        find_event("99", rows)


def test_nothing_known_is_said_without_a_list() -> None:
    with pytest.raises(NotFoundError, match=r"there is no event 'dutch'$"):
        find_event("dutch", [])


# -- sessions -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("R", "R"), ("race", "R"), (" Race ", "R"), ("q", "Q"), ("Quali", "Q"), ("Qualifying", "Q"), ("fp2", "FP2"),
     ("Practice 3", "FP3"), ("Sprint", "S"), ("sprint shootout", "SQ"), ("Sprint Qualifying", "SQ"), ("ss", "SQ"),
     ("Free Practice 1", "FP1"), ("free_practice_3", "FP3")],
)  # fmt: skip
def test_sessions_as_people_type_them(typed: str, kind: str) -> None:
    assert session_kind(typed) == kind


def test_an_unknown_session_lists_the_kinds() -> None:
    with pytest.raises(NotFoundError, match=f"there is no session 'qualy'; it is one of {', '.join(SESSIONS)}; did you mean"):
        session_kind("qualy")


@pytest.mark.parametrize(
    ("typed", "year", "kind"),
    [
        ("Sprint Qualifying", 2021, "S"),
        ("sprint_qualifying", "2021", "S"),
        ("Sprint", 2022, "S"),
        ("Sprint Shootout", 2023, "SQ"),
        ("Sprint", 2023, "S"),
        ("Sprint Qualifying", 2024, "SQ"),
        ("Sprint Qualifying", "2026", "SQ"),
        ("SQ", 2024, "SQ"),
        ("Race", "2021", "R"),
    ],
)
def test_the_name_of_a_session_is_that_of_its_season(typed: str, year: int | str, kind: str) -> None:
    assert session_kind(typed, year) == kind


def test_results_go_back_to_the_first_championship() -> None:
    assert season_of("1950", first=1950) == 1950
    with pytest.raises(NotFoundError, match="there was no championship in 1949; the first was in 1950"):
        season_of(1949, first=1950)
    with pytest.raises(NotFoundError, match="there are no lap data for 2017; the archives begin with 2018"):
        season_of(2017)


def test_a_season_that_had_no_such_session_lists_those_it_had() -> None:
    with pytest.raises(NotFoundError, match="there was no S in 2020; the sessions were FP1, FP2, FP3, Q, R"):
        session_kind("sprint", 2020)
    with pytest.raises(NotFoundError, match="there was no SQ in 2022; the sessions were FP1, FP2, FP3, Q, S, R"):
        session_kind("SQ", "2022")
