"""When and where: schedules as they are published, in track time and UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import polars as pl
import pytest

import f1nb
from f1nb import calendar
from f1nb.cli import main
from f1nb.errors import NotFoundError
from f1nb.naming import find_event
from f1nb.seasons import season
from f1nb.session import Session
from f1nb.sources import _identity

SEASONS = range(2018, 2027)


@pytest.fixture(autouse=True)
def hosts(mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("F1NB_ARCHIVE", str(mirror))
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "home"))


def session(year: int, event: str, kind: str) -> dict[str, object]:
    return f1nb.schedule(year).row(
        by_predicate=(pl.col("event") == f"{event} Grand Prix") & (pl.col("session") == kind), named=True
    )


# -- what is in it ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", SEASONS)
def test_every_event_is_one_whose_place_is_known(year: int) -> None:
    for event in f1nb.schedule(year)["event"].unique():
        assert _identity.place(event, year), event
        assert event in _identity.events(year)


@pytest.mark.parametrize("year", SEASONS)
def test_rounds_count_from_one_and_belong_to_one_event(year: int) -> None:
    rounds = f1nb.schedule(year).select("round", "event").unique().sort("round")
    assert rounds["round"].to_list() == list(range(1, rounds.height + 1))
    assert rounds["event"].n_unique() == rounds.height


@pytest.mark.parametrize("year", SEASONS)
def test_a_weekend_has_the_sessions_of_its_format(year: int) -> None:
    for (event, form), rows in f1nb.schedule(year).group_by("event", "format"):
        if (year, event) != (2020, "Emilia Romagna Grand Prix"):
            assert tuple(rows.sort("start_utc")["session"]) == season(year).formats[str(form)]
    assert not f1nb.schedule(year).null_count().sum_horizontal().item()


def test_the_weekend_of_two_days() -> None:
    imola = f1nb.schedule(2020).filter(event="Emilia Romagna Grand Prix")
    assert imola["session"].to_list() == ["FP1", "Q", "R"]


@pytest.mark.parametrize(
    ("year", "form", "sprints", "name"),
    [
        (2020, None, 0, None),
        (2021, "sprint", 3, "Sprint Qualifying"),
        (2022, "sprint", 3, "Sprint"),
        (2023, "sprint_shootout", 6, "Sprint"),
        (2025, "sprint_qualifying", 6, "Sprint"),
    ],
)
def test_sprint_weekends_over_the_years(year: int, form: str | None, sprints: int, name: str | None) -> None:
    found = f1nb.schedule(year).filter(session="S")
    assert found.height == sprints
    assert set(found["format"]) == ({form} if form else set())
    assert set(found["session_name"]) == ({name} if name else set())


def test_the_shootout_of_2023() -> None:
    shootouts = f1nb.schedule(2023).filter(session="SQ")
    assert shootouts.height == 6
    assert set(shootouts["session_name"]) == {"Sprint Shootout"}


def test_the_schedule_of_1979_has_races_without_times() -> None:
    races = f1nb.schedule("1979")
    assert races.columns == f1nb.schedule(2025).columns
    assert races.height == 15
    assert races.row(0, named=True)["event"] == "Argentine Grand Prix"
    assert races.row(0, named=True)["date"] == date(1979, 1, 21)
    assert set(races["session"]) == {"R"}
    assert races["start_utc"].is_null().all()


@pytest.mark.parametrize(
    ("year", "message"), [(1949, "the first was in 1950"), (2099, "has not begun"), ("soon", "is not a year")]
)
def test_a_season_without_a_schedule(year: int | str, message: str) -> None:
    with pytest.raises(NotFoundError, match=message):
        f1nb.schedule(year)


# -- times --------------------------------------------------------------------------------------------------------------------


def test_las_vegas_races_on_saturday_and_it_is_sunday_in_utc() -> None:
    race = session(2026, "Las Vegas", "R")
    assert race["start_utc"] == datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    assert race["start_local"] == datetime(2026, 11, 21, 20, 0)  # noqa: DTZ001 - the clocks at the track
    assert race["date"] == date(2026, 11, 21)
    assert race["utc_offset_s"] == -8 * 3600


@pytest.mark.parametrize(
    ("year", "event", "qualifying", "race"),
    [
        (2019, "United States", -5, -6),
        (2020, "Portuguese", 1, 0),
        (2022, "Mexico City", -5, -6),
        (2023, "Australian", 11, 10),
        (2024, "United States", -5, -5),
        (2021, "Mexico City", -6, -6),
    ],
)
def test_summer_time_can_end_in_the_night_before_the_race(year: int, event: str, qualifying: int, race: int) -> None:
    assert session(year, event, "Q")["utc_offset_s"] == qualifying * 3600
    assert session(year, event, "R")["utc_offset_s"] == race * 3600


@pytest.mark.parametrize("year", SEASONS)
def test_track_time_is_utc_and_the_offset(year: int) -> None:
    rows = f1nb.schedule(year)
    local = rows["start_utc"].dt.replace_time_zone(None) + pl.select(pl.duration(seconds=rows["utc_offset_s"])).to_series()
    assert local.equals(rows["start_local"])


# -- the next one -------------------------------------------------------------------------------------------------------------


def test_the_next_session_counts_down() -> None:
    coming = f1nb.next_session(datetime(2026, 11, 21, 5, 30, tzinfo=UTC))
    assert (coming.event, coming.session, coming.starts_in) == ("Las Vegas Grand Prix", "R", timedelta(hours=22, minutes=30))
    assert repr(coming) == (
        "2026 Las Vegas Grand Prix, Race: in 22 hours 30 minutes (Saturday 20:00 in Las Vegas, Sunday 22 November 04:00 UTC)"
    )


def test_the_next_session_wherever_one_is() -> None:
    tokyo = datetime(2026, 3, 6, 10, 0, tzinfo=timezone(timedelta(hours=9)))
    assert f1nb.next_session(tokyo).start_utc == datetime(2026, 3, 6, 1, 30, tzinfo=UTC)
    assert f1nb.next_session(tokyo + timedelta(minutes=30)).session == "FP2"  # a session that has started is not the next


def test_after_the_last_race_the_next_season_is_asked_for() -> None:
    assert f1nb.next_session(datetime(2024, 12, 24, tzinfo=UTC)).event == "Australian Grand Prix"
    with pytest.raises(NotFoundError, match="no session after 24 December 2026 is published yet"):
        f1nb.next_session(datetime(2026, 12, 24, tzinfo=UTC))


# -- rounds -------------------------------------------------------------------------------------------------------------------


def test_a_round_means_the_event_of_that_season(dutch: Session, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("F1NB_HOME", str(home))
    assert f1nb.load(2025, 15, "R").info["event"] == dutch.info["event"] == "Dutch Grand Prix"
    with pytest.raises(NotFoundError, match="there is no event 25"):
        f1nb.load(2025, 25, "R")


def test_a_race_that_was_moved_is_found_under_its_name_and_where_it_is() -> None:
    assert find_event("bahrain", calendar.events(2026)) == find_event("sepang", calendar.events(2026)) == "Bahrain Grand Prix"


def test_events_without_a_network_have_their_rounds_where_the_schedule_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    here = {row["event"]: row["round"] for row in calendar.events(2025, fetch=False)}
    assert here["Dutch Grand Prix"] == 15
    monkeypatch.setenv("F1NB_ARCHIVE", "http://127.0.0.1:9")
    assert {row.get("round") for row in calendar.events(2025, fetch=False)} == {None}


# -- the command --------------------------------------------------------------------------------------------------------------


def test_the_command_lists_sessions_in_both_times(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schedule", "2026"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == f1nb.schedule(2026).height
    assert "21  Las Vegas Grand Prix      Race               Sat 21 Nov  20:00  Sun 04:00 UTC" in lines
    assert main(["schedule", "1979"]) == 0
    assert capsys.readouterr().out.startswith(" 1  Argentine Grand Prix           Race  Sun 21 Jan\n")
