"""The page frame: which widget stands where."""

import ipywidgets
import pytest

import f1nb
from f1nb.panels.clock import Clock
from f1nb.panels.dashboard import Dashboard
from f1nb.panels.race_control import RaceControl
from f1nb.panels.selection import Selection
from f1nb.panels.weather import Weather
from f1nb.schema import TABLES
from f1nb.session import Session

RACE = Session(
    {
        "session": TABLES["session"].frame([{"year": 2025, "event": "Test Grand Prix", "session": "R"}]),
        "drivers": TABLES["drivers"].frame([{"driver": "NOR"}]),
    }
)


def test_areas_refer_to_their_widgets_in_the_order_given():
    clock, selection = Clock(RACE), Selection()
    weather = Weather(RACE, clock=clock, selection=selection)
    page = Dashboard({"weather": weather, "transport": clock}, title="Test", clock=clock, selection=selection)
    state = page.get_state(["title", "clock", "selection", "_areas", "_tabs"])
    assert state == {
        "title": "Test",
        "clock": f"anywidget:{clock.model_id}",
        "selection": f"anywidget:{selection.model_id}",
        "_areas": {"weather": f"anywidget:{weather.model_id}", "transport": f"anywidget:{clock.model_id}"},
        "_tabs": [],
    }


def test_further_pages_have_areas_of_their_own():
    messages = RaceControl(RACE)
    page = Dashboard({}, tabs={"Messages": {"race_control": messages}})
    assert page._tabs == [{"name": "Messages", "areas": {"race_control": f"anywidget:{messages.model_id}"}}]


@pytest.mark.parametrize("wrong", [ipywidgets.Button(), "weather", None])
def test_what_is_no_panel_is_refused_by_the_name_of_its_area(wrong):
    with pytest.raises(TypeError, match=f"area 'map' needs a panel, not {type(wrong).__name__}"):
        Dashboard({"map": wrong})
    with pytest.raises(TypeError, match="area 'map'"):
        Dashboard({}, tabs={"More": {"map": wrong}})


def test_closing_a_page_closes_what_was_made_for_it_and_nothing_else():
    clock, selection = Clock(RACE), Selection()
    weather, messages = (kind(RACE, clock=clock, selection=selection) for kind in (Weather, RaceControl))
    page = Dashboard({"weather": weather, "transport": clock}, clock=clock, selection=selection, owned=[weather, selection])
    page.close()
    page.close()
    assert [w.comm is None for w in (page, weather, selection, messages, clock)] == [True, True, True, False, False]


def test_a_closed_dashboard_leaves_only_the_clock_that_it_was_given(simulated):
    clock = Clock(simulated)
    page = f1nb.dashboard(simulated, clock=clock)
    panels = [widget for areas in (page._widgets[0], *page._widgets[1].values()) for widget in areas.values()]
    page.close()
    assert [widget for widget in (page, page.selection, *panels) if widget.comm is not None] == [clock]
