"""What all panels have in common: what they own, what they share, what is selected."""

import numpy as np
import pytest
import traitlets as t

from f1nb.panels.clock import Clock
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


def is_open(widget) -> bool:
    return widget.comm is not None


# -- what is closed with a panel ----------------------------------------------------------------------------------------------


def test_a_closed_panel_takes_the_clock_and_the_selection_that_it_made_with_it():
    panel = Weather(RACE)
    clock, selection = panel.clock, panel.selection
    panel.close()
    panel.close()
    assert not any(map(is_open, (panel, clock, selection)))


def test_a_closed_panel_leaves_what_it_was_given():
    clock, selection = Clock(RACE), Selection()
    panel, other = Weather(RACE, clock=clock, selection=selection), RaceControl(RACE, clock=clock, selection=selection)
    tables = [*panel._columns.values()]
    panel.close()
    assert not is_open(panel)
    assert all(map(is_open, (clock, selection, other, *tables)))


def test_an_unknown_option_is_named_with_the_near_one():
    with pytest.raises(TypeError, match="Weather has no option 'titel'; did you mean 'title'"):
        Weather(RACE, titel="Rain")


# -- the selection ------------------------------------------------------------------------------------------------------------

FIVE = ["NOR", "PIA", "VER", "LEC", "HAM"]


def changes(**traits):
    """The ways a selection can come by its values."""

    def made() -> Selection:
        return Selection(**traits)

    def set_in_python() -> Selection:
        selection = Selection()
        for name, value in traits.items():
            setattr(selection, name, value)
        return selection

    def set_in_the_browser() -> Selection:
        selection = Selection()
        selection.set_state(traits)
        return selection

    return made, set_in_python, set_in_the_browser


def test_up_to_four_drivers_are_selected_each_once():
    for change in changes(drivers=FIVE[:4]):
        assert change().drivers == FIVE[:4]
    for change in changes(drivers=["NOR", "PIA", "NOR"]):
        assert change().drivers == ["NOR", "PIA"]


def test_a_fifth_driver_is_refused():
    for change in changes(drivers=FIVE):
        with pytest.raises(t.TraitError, match="at most 4 drivers can be selected, not 5: NOR, PIA, VER, LEC, HAM"):
            change()


def test_laps_are_pairs_of_driver_and_lap_each_once():
    for change in changes(laps=[["NOR", 41], ("PIA", np.int32(40)), ("NOR", 41)]):
        selection = change()
        assert selection.laps == [("NOR", 41), ("PIA", 40)]
        assert selection.frame.rows() == [("NOR", 41), ("PIA", 40)]


NO_LAPS = [
    "NOR", 41, None, [], ["NOR"], ["NOR", "41"], ["NOR", 41.5], ["NOR", 0], ["NOR", None], ["NOR", True], [41, "NOR"], ["", 1],
    ["NOR", 41, 42], {"driver": "NOR", "lap": 41},
]  # fmt: skip


@pytest.mark.parametrize("lap", NO_LAPS)
def test_what_is_no_lap_is_refused(lap):
    for change in changes(laps=[["PIA", 40], lap]):
        with pytest.raises(t.TraitError, match=r"cannot read the lap .*; give \(driver, lap\), e.g. \(\"NOR\", 41\)"):
            change()


def test_what_was_selected_stays_when_something_is_refused():
    selection = Selection(drivers=["NOR"], laps=[("NOR", 41)])
    with pytest.raises(t.TraitError):
        selection.set_state({"laps": [["PIA", 40]], "drivers": FIVE})
    assert (selection.drivers, selection.laps) == (["NOR"], [("NOR", 41)])
