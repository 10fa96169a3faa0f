"""Stints that agree with the stops and with each other, whatever was published."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lap_frames import laps, session

import f1nb
from f1nb.analysis.events import events
from f1nb.analysis.tyres import tyres
from f1nb.schema import COMPOUNDS
from f1nb.session import Session

SOFT, HARD = {"compound": "SOFT"}, {"compound": "HARD"}


def worn(first: int, n: int, stint: int | None = 1, **more: object) -> list[dict[str, object]]:
    return [{"stint": stint, "tyre_age_laps": first + i, **more} for i in range(n)]


def column(frame: pl.DataFrame, name: str) -> list[object]:
    return frame[name].to_list()


def check_invariants(race: Session) -> None:
    """Stints from 1 without holes, each in one piece, tyres older by one each lap, no more stints than stops and red flags."""
    stops = dict(race.timing.filter(field="stops").group_by("driver").agg(pl.col("value").max()).iter_rows())
    for (driver,), own in race.laps.sort("driver", "lap").group_by("driver", maintain_order=True):
        steps = own["stint"].diff().drop_nulls()
        assert own["stint"][0] == 1, driver
        assert steps.is_in([0, 1]).all(), driver
        same = own.filter((pl.col("stint") == pl.col("stint").shift(1)) & (pl.col("lap") == pl.col("lap").shift(1) + 1))
        aged = own.with_columns(step=pl.col("tyre_age_laps").diff()).join(same, on="lap", how="semi")
        assert (aged["step"].drop_nulls() == 1).all(), driver
        reds = own["track_status"].list.contains(pl.lit("red")).fill_null(value=False).any()
        assert own["stint"].n_unique() <= stops.get(driver, 0) + 1 + int(reds), driver


def test_stints_of_real_and_simulated_races_hold_together(dutch: Session, simulated: Session) -> None:
    check_invariants(dutch)
    check_invariants(simulated)


@pytest.mark.parametrize("key", [(2018, "Azerbaijan", "R"), (2023, "Azerbaijan", "S"), (2025, "Miami", "S")])
def test_stints_of_the_official_archive_hold_together(
    mirror: Path, monkeypatch: pytest.MonkeyPatch, key: tuple[int, str, str]
) -> None:
    monkeypatch.setenv("F1NB_ARCHIVE", str(mirror))
    check_invariants(f1nb.load(*key, source="archive"))


def test_phantom_stints_at_the_start_are_the_one_that_was_driven() -> None:
    published = laps("NOR", [{"stint": 2, **HARD}, {"stint": 3, **SOFT}, {"stint": 3, **SOFT}, {"stint": 3, **SOFT}])
    race = session(published)
    assert column(race.laps, "stint") == [1, 1, 1, 1]
    assert column(race.laps, "compound") == ["SOFT"] * 4
    check_invariants(race)
    told = race.repairs.filter(column="compound").select("driver", "lap", "published", "used").rows()
    assert told == [("NOR", 1, "HARD", "SOFT")]


def test_age_that_is_missing_and_restarts_at_one_is_counted_from_the_stop() -> None:
    """2025 Miami: no age on 24 laps, then 1 on a set that is 25 laps old."""
    unknown = [{"stint": 1, "tyre_age_laps": None, "fresh_tyre": True} for _ in range(24)]
    done = tyres(laps("NOR", [*unknown, {"stint": 1, "tyre_age_laps": 1, "fresh_tyre": True}]))
    assert column(done, "tyre_age_laps") == list(range(1, 26))


def test_age_of_a_used_set_that_nobody_names_stays_unknown() -> None:
    unknown = [{"stint": 1, "tyre_age_laps": None, "fresh_tyre": False} for _ in range(4)]
    done = tyres(laps("NOR", [*unknown, {"stint": 1, "tyre_age_laps": 1, "fresh_tyre": False}]))
    assert column(done, "tyre_age_laps") == [None] * 5


def test_one_wrong_age_inside_a_stint_is_put_right() -> None:
    rows = worn(4, 6, **SOFT)
    rows[3] = rows[3] | {"tyre_age_laps": 1}
    race = session(laps("NOR", rows))
    assert column(race.laps, "tyre_age_laps") == [4, 5, 6, 7, 8, 9]
    assert race.repairs.select("lap", "column", "published", "used").rows() == [(4, "tyre_age_laps", "1", "7")]
    assert column(race.laps, "stint") == [1] * 6


def test_overlapping_stints_become_one_after_the_other() -> None:
    """2024 Hungary: lap 41 belonged to the stint before and to the one after."""
    before, after = worn(1, 4, 1, **SOFT), worn(1, 4, 2, **HARD)
    before[3]["pit"], after[0]["pit"] = "in", "out"
    published = laps("LEC", [*before, *after])
    again = published.filter(lap=5).with_columns(compound=pl.lit("SOFT").cast(pl.Enum(COMPOUNDS)), stint=pl.lit(1, pl.Int32))
    race = session(published, again.with_columns(fresh_tyre=None, position=None))
    assert column(race.laps, "lap") == list(range(1, 9))
    assert column(race.laps, "stint") == [1, 1, 1, 1, 2, 2, 2, 2]
    check_invariants(race)


def test_a_stint_whose_compound_is_null_on_some_laps_has_one_compound() -> None:
    rows = [{"stint": 1, "compound": c} for c in (None, "MEDIUM", None, "MEDIUM")]
    assert column(tyres(laps("LEC", rows)), "compound") == ["MEDIUM"] * 4


def test_tyres_that_nobody_names_are_unknown_and_not_soft() -> None:
    """2024 Qatar sprint: the first laps of three cars have no tyres."""
    race = session(laps("PER", [{}, {}, {}]), laps("NOR", worn(1, 3, **SOFT)))
    assert column(race.laps.filter(driver="PER"), "compound") == [None] * 3
    assert column(race.laps.filter(driver="PER"), "tyre_age_laps") == [None] * 3
    assert "It is not known which tyres were on 3 laps." in race.health()["finding"].to_list()


def test_tyres_that_become_known_a_lap_after_the_stop_belong_to_the_stop() -> None:
    rows = [{"pit": "", **r} for r in worn(1, 3, 1, **SOFT)]
    rows[2]["pit"] = "in"
    late = [{"pit": "out", "stint": 1, "tyre_age_laps": 4, **SOFT}, *worn(2, 3, 2, **HARD)]
    done = tyres(laps("NOR", [*rows, *late]))
    assert column(done, "stint") == [1, 1, 1, 2, 2, 2, 2]
    assert column(done, "compound") == ["SOFT"] * 3 + ["HARD"] * 4
    assert column(done, "tyre_age_laps") == [1, 2, 3, 1, 2, 3, 4]


def test_a_drive_through_is_no_new_set() -> None:
    rows = [dict(r) for r in worn(1, 6, **SOFT)]
    rows[2]["pit"], rows[3]["pit"] = "in", "out"
    assert column(tyres(laps("NOR", rows)), "stint") == [1] * 6


def test_a_stop_of_which_nobody_says_what_was_fitted_begins_a_stint() -> None:
    rows = [{"pit": p} for p in ("", "in", "out", "", "in", "out")]
    assert column(tyres(laps("NOR", rows)), "stint") == [1, 1, 2, 2, 2, 3]


def red_flagged() -> Session:
    red = {"track_status": ["red"]}
    first = [*worn(1, 3, 1, **SOFT), {"stint": 1, "tyre_age_laps": 4, "pit": "in", **SOFT, **red}]
    second = [{"stint": 2, "tyre_age_laps": 1, "pit": "out", "lap_time_s": 1500.0, **HARD, **red}, *worn(2, 2, 2, **HARD)]
    third = [{"pit": "in", **worn(4, 1, 2, **HARD)[0]}, {"pit": "out", **worn(1, 1, 3, **SOFT)[0]}]
    return session(laps("NOR", [*first, *second, *third]))


def test_a_tyre_change_under_a_red_flag_is_a_stint_and_no_stop() -> None:
    race = red_flagged()
    assert column(race.laps, "stint") == [1, 1, 1, 1, 2, 2, 2, 2, 3]
    stops = race.timing.filter(field="stops").sort("time_s")["value"].to_list()
    assert stops == [0.0, 1.0]
    assert events(race).filter(kind="pit_stop")["lap"].to_list() == [8]
    check_invariants(race)


def test_a_change_without_stop_that_cannot_be_an_error_stays_and_is_found() -> None:
    race = session(laps("NOR", [*worn(1, 5, 1, **SOFT), *worn(1, 5, 2, **HARD)]))
    assert column(race.laps, "stint") == [1] * 5 + [2] * 5
    assert "NOR has other tyres from lap 6 on, without a stop." in race.health()["finding"].to_list()


@pytest.mark.parametrize("name", ["HYPERSOFT", "ULTRASOFT", "SUPERSOFT", "SUPERHARD"])
def test_the_names_of_2018_are_compounds(name: str) -> None:
    assert column(tyres(laps("NOR", [{"compound": name}, {}])), "compound") == [name] * 2


PUBLISHED = st.fixed_dictionaries(
    {
        "stint": st.none() | st.integers(1, 4),
        "compound": st.none() | st.sampled_from(COMPOUNDS[:4]),
        "tyre_age_laps": st.none() | st.integers(1, 40),
        "fresh_tyre": st.none() | st.booleans(),
        "pit": st.sampled_from(["", "", "", "in", "out", "in out"]),
        "track_status": st.sampled_from([None, ["clear"], ["red"]]),
    }
)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(PUBLISHED, min_size=1, max_size=12))
def test_whatever_is_published_stints_are_in_one_piece_on_one_set(rows: list[dict[str, object]]) -> None:
    given_laps = laps("NOR", rows)
    done = tyres(given_laps)
    steps = done["stint"].diff().drop_nulls()
    assert done["stint"][0] == 1
    assert steps.is_in([0, 1]).all()
    assert done.drop("stint", "compound", "tyre_age_laps", "fresh_tyre").equals(
        given_laps.drop("stint", "compound", "tyre_age_laps", "fresh_tyre")
    )
    for _, own in done.group_by("stint"):
        assert own["compound"].n_unique() == own["fresh_tyre"].n_unique() == 1
        ages = own.sort("lap")["tyre_age_laps"]
        assert ages.null_count() in (0, own.height)
        assert (ages.diff().drop_nulls() == 1).all()
        assert (ages.drop_nulls() >= 1).all()
    named = given_laps["compound"].drop_nulls()
    assert done["compound"].drop_nulls().is_in(named.implode()).all()
