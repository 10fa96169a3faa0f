"""Messages and weather: what the panels say of their data, and what they refuse."""

import pytest
import traitlets

from f1nb.panels.clock import Clock
from f1nb.panels.race_control import RaceControl
from f1nb.panels.weather import Weather
from f1nb.schema import TABLES
from f1nb.session import GrowingSession, Session


def session(**states: tuple[str, str, int]) -> Session:
    rows = [
        {"table": t, "state": state, "origin": origin, "rows": n, "note": "So it is."}
        for t, (state, origin, n) in states.items()
    ]
    return Session(
        {
            "session": TABLES["session"].frame([{"year": 2025, "event": "Test Grand Prix", "session": "R"}]),
            "drivers": TABLES["drivers"].frame([{"driver": "NOR"}]),
            "race_control": TABLES["race_control"].frame([{"time_s": 5.0, "message": "<b>SAFETY CAR</b>"}]),
            "data_sets": TABLES["data_sets"].frame(rows) if rows else TABLES["data_sets"].empty(),
        }
    )


@pytest.mark.parametrize("panel", [RaceControl, Weather])
def test_a_panel_alone_brings_its_own_clock(panel):
    race = session()
    assert panel(race)._owns_clock
    clock = Clock(race)
    shared = panel(race, clock=clock)
    assert shared.clock is clock
    assert not shared._owns_clock


def test_derived_messages_carry_the_reason_as_a_badge():
    notes = RaceControl(session(race_control=("partial", "derived", 1)))._notes
    assert [(n["kind"], n["text"], n["blank"]) for n in notes] == [("derived", "So it is.", False)]


def test_weather_that_was_not_published_leaves_the_panel_blank_with_the_reason():
    (note,) = Weather(session(weather=("not_published", "", 0)))._notes
    assert note["blank"]
    assert note["title"] == "Weather: not published."
    assert note["text"] == "So it is."


def test_before_the_first_message_of_a_live_session_the_panel_is_there_to_be_set_up():
    row = {"table": "race_control", "state": "not_published", "origin": "live", "rows": 0, "note": "Nothing by now."}
    live = GrowingSession()
    live.update({"data_sets": TABLES["data_sets"].frame([row])})
    panel = RaceControl(live)
    assert panel._notes == []
    live.is_live = False
    live.update({})
    assert [note["blank"] for note in panel._notes] == [True]


@pytest.mark.parametrize("category", ["flags", "stewards", "track_limits"])
def test_the_filter_knows_its_categories(category):
    panel = RaceControl(session(), category=category)
    assert panel.category == category
    with pytest.raises(traitlets.TraitError):
        panel.category = "flag"


def test_an_unknown_option_names_the_near_one():
    with pytest.raises(TypeError, match="did you mean 'category'"):
        RaceControl(session(), categroy="flags")
