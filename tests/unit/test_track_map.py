"""The Python half of the track map."""

import pytest
import traitlets as t

import f1nb
from f1nb.panels.clock import Clock
from f1nb.panels.selection import Selection
from f1nb.panels.track_map import TrackMap
from f1nb.schema import TABLES
from f1nb.session import Session


def session(**states):
    rows = {
        "session": [{"year": 2026, "event": "Test Grand Prix", "session": "R"}],
        "drivers": [{"driver": "NOR", "team": "A"}, {"driver": "PIA", "team": "A"}],
        "positions": [{"driver": "NOR", "time_s": i / 2, "x_m": 10.0 * i, "y_m": 0.0} for i in range(5)],
        "data_sets": [
            {"table": name, "state": state, "rows": None, "note": "No positions were published."}
            for name, state in states.items()
        ],
    }
    if states.get("positions") == "not_published":
        del rows["positions"]
    return Session({name: TABLES[name].frame(data) for name, data in rows.items() if data})


def test_it_shares_clock_and_selection():
    race = session()
    clock, selection = Clock(race), Selection(drivers=["NOR"])
    panel = TrackMap(race, clock=clock, selection=selection)
    assert panel.clock is clock
    assert panel.selection is selection


def test_it_shows_speed_and_the_whole_circuit_by_default():
    panel = TrackMap(session())
    assert (panel.title, panel.color_by, panel.follow) == ("Track", "speed", None)


@pytest.mark.parametrize("color_by", ["plain", "speed", "throttle", "brake", "gear"])
def test_colors(color_by):
    assert TrackMap(session(), color_by=color_by).color_by == color_by


def test_an_unknown_color_is_refused_with_the_choices():
    with pytest.raises(t.TraitError, match="throttle"):
        TrackMap(session(), color_by="tyres")


def test_an_unknown_driver_is_refused_with_the_near_ones():
    with pytest.raises(t.TraitError, match="'NORR' to follow; did you mean NOR"):
        TrackMap(session(), follow="NORR")
    panel = TrackMap(session(), follow="PIA")
    with pytest.raises(t.TraitError, match="did you mean"):
        panel.follow = "VER"
    assert panel.follow == "PIA"
    panel.follow = None


def test_an_unknown_option_is_refused_with_the_near_one():
    with pytest.raises(TypeError, match="did you mean 'color_by'"):
        TrackMap(session(), colour_by="gear")


def test_without_positions_it_says_why():
    blank = [note for note in TrackMap(session(positions="not_published"))._notes if note["blank"]]
    assert [note["text"] for note in blank] == ["No positions were published."]


def test_positions_that_begin_in_the_middle_are_shown():
    (note,) = TrackMap(session(positions="partial"))._notes
    assert (note["title"], note["blank"]) == ("Positions: partial.", False)


def with_mini_sectors(**states):
    race = session(**states)
    marks = TABLES["mini_sectors"].frame([{"driver": "NOR", "time_s": 3.0, "sector": 1, "mini_sector": 1, "mark": "slower"}])
    tables = {name: getattr(race, name) for name in ("session", "drivers", "data_sets")}
    return Session(tables | {"mini_sectors": marks})


def test_without_positions_it_says_that_cars_are_placed_by_mini_sectors():
    (note,) = TrackMap(with_mini_sectors(positions="not_published", circuit="not_published"))._notes
    assert (note["kind"], note["title"], note["blank"]) == ("derived", "by mini-sectors", False)
    assert "Positions are not in the data." in note["text"]


def test_positions_that_one_can_sign_in_for_are_still_offered():
    notes = TrackMap(with_mini_sectors(positions="needs_sign_in"))._notes
    assert [(n["kind"], n["blank"]) for n in notes] == [("act", False), ("derived", False)]


def test_without_mini_sectors_cars_are_placed_by_sectors(mirror, monkeypatch):
    monkeypatch.setenv("F1NB_ARCHIVE", str(mirror))
    notes = TrackMap(f1nb.load(2018, "Azerbaijan", "R", source="archive"))._notes
    assert [n["title"] for n in notes] == ["by sectors"]


def test_without_an_outline_the_rest_is_still_shown():
    notes = TrackMap(session(circuit="not_published"))._notes
    assert notes
    assert not any(note["blank"] for note in notes)


def test_it_sends_only_tables_once_for_all_maps_of_a_session():
    race = session()
    one, two = TrackMap(race), TrackMap(race)
    assert one._tables == two._tables
