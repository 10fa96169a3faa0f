"""What the header says of its session."""

import polars as pl
import pytest

import f1nb
from f1nb.panels.clock import Clock
from f1nb.panels.session_header import SessionHeader
from f1nb.panels.session_picker import SessionPicker
from f1nb.schema import TABLES
from f1nb.session import Session


@pytest.fixture(scope="module")
def race() -> Session:
    return f1nb.simulate(laps=3, cars=4)


def texts(header: SessionHeader) -> list[str]:
    return [badge["text"] for badge in header.badges]


def published(race: Session, *, is_provisional: bool, data_sets: list[dict[str, object]]) -> Session:
    """Return the race as if it had been published."""
    tables = {name: race.scan(name).collect() for name in TABLES}
    tables["session"] = tables["session"].with_columns(is_simulated=pl.lit(value=False))
    tables["results"] = tables["results"].with_columns(is_provisional=pl.lit(is_provisional))
    tables["data_sets"] = TABLES["data_sets"].frame(data_sets)
    return Session(tables)


def test_a_simulated_session_is_plainly_labelled(race):
    assert texts(SessionHeader(race)) == ["SIMULATED"]


def test_recorded_and_provisional_data_say_so(race):
    assert texts(SessionHeader(published(race, is_provisional=False, data_sets=[]))) == ["Replay"]
    assert texts(SessionHeader(published(race, is_provisional=True, data_sets=[]))) == ["Replay", "Provisional"]


def test_the_badge_says_what_is_provisional_about_it(race):
    note = "Provisional: the order on the screen at the end; decisions taken later are not in it."
    sets = [{"table": "results", "state": "partial", "note": note}]
    assert SessionHeader(published(race, is_provisional=True, data_sets=sets)).badges[1]["title"] == note


def test_data_sets_that_need_something_are_named_with_the_remedy(race):
    sets = [
        {"table": "radio", "state": "needs_sign_in", "note": "Sign in at …"},
        {"table": "race_control", "state": "failed"},
        {"table": "weather", "state": "not_published"},
        {"table": "laps", "state": "available"},
    ]
    header = SessionHeader(published(race, is_provisional=False, data_sets=sets))
    assert texts(header) == ["Replay", "Radio: needs sign-in", "Race control: failed"]
    assert header.badges[1] == {"kind": "sign_in", "text": "Radio: needs sign-in", "title": "Radio: Sign in at …"}
    assert all(badge["title"] for badge in header.badges)


def test_several_data_sets_that_need_the_same_share_a_badge(race):
    sets = [{"table": name, "state": "needs_sign_in", "note": "Sign in at …"} for name in ("weather", "radio", "mini_sectors")]
    header = SessionHeader(published(race, is_provisional=False, data_sets=sets))
    assert texts(header) == ["Replay", "3 data sets: needs sign-in"]
    assert header.badges[1]["title"] == "Mini sectors, radio, weather: Sign in at …"


def test_badges_can_be_given(race):
    mine = [{"kind": "replay", "text": "Recorded", "title": "On my own machine"}]
    assert SessionHeader(race, badges=mine).badges == mine


def test_carries_a_picker_and_the_shared_clock(race):
    clock, picker = Clock(race), SessionPicker()
    header = SessionHeader(race, clock=clock, picker=picker)
    assert header.get_state("picker") == {"picker": f"anywidget:{picker.model_id}"}
    assert header.get_state("clock") == {"clock": f"anywidget:{clock.model_id}"}
    assert SessionHeader(race).get_state("picker") == {"picker": None}
