"""The clock: where it can stand, how fast it goes, what it refuses."""

import math

import pytest
import traitlets as t
from hypothesis import given, settings
from hypothesis import strategies as st

from f1nb.panels.clock import Clock
from f1nb.panels.selection import Selection
from f1nb.schema import TABLES
from f1nb.session import Session

LAP_S = 80.0


def session(laps: int = 5) -> Session:
    rows = [
        {"driver": d, "lap": n + 1, "start_time_s": n * LAP_S + late, "end_time_s": (n + 1) * LAP_S + late, "lap_time_s": LAP_S}
        for d, late in (("NOR", 0.0), ("PIA", 2.0))
        for n in range(laps)
    ]
    info = {"year": 2025, "event": "Test Grand Prix", "session": "R"}
    return Session(
        {
            "session": TABLES["session"].frame([info]),
            "drivers": TABLES["drivers"].frame([{"driver": "NOR"}, {"driver": "PIA"}]),
            "laps": TABLES["laps"].frame(rows) if rows else TABLES["laps"].empty(),
        }
    )


RACE = session()


def test_it_spans_the_session_and_starts_at_its_zero():
    clock = Clock(RACE)
    assert (clock.start_s, clock.time_s) == (0.0, 0.0)
    assert clock.end_s >= 5 * LAP_S + 2
    assert not clock.playing


@pytest.mark.parametrize(
    ("at", "time_s"), [("lap 3", 160.0), ("Lap 3", 160.0), ("L3", 160.0), (" lap3 ", 160.0), (12.5, 12.5), (7, 7.0)]
)
def test_a_moment_is_seconds_or_the_leaders_lap(at, time_s):
    assert Clock(RACE, at=at).time_s == time_s
    clock = Clock(RACE)
    clock.seek(at)
    assert clock.time_s == time_s


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("lap 9", "no lap 9; the last one is lap 5"),
        ("half time", 'give seconds or "lap 54"'),
        ("", 'give seconds or "lap 54"'),
        (math.nan, 'give seconds or "lap 54"'),
        (math.inf, 'give seconds or "lap 54"'),
    ],
)
def test_a_moment_that_is_none_is_refused_with_the_remedy(at, says):
    with pytest.raises(ValueError, match=says):
        Clock(RACE).seek(at)


def test_a_session_without_laps_says_so():
    with pytest.raises(ValueError, match="no laps; give seconds"):
        Clock(session(laps=0), at="lap 1")


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(deadline=None)
def test_it_never_leaves_the_session(time_s):
    moved, told = Clock(RACE), Clock(RACE)
    moved.time_s = time_s
    told.set_state({"time_s": time_s})
    for clock in (Clock(RACE, at=time_s), moved, told):
        assert clock.start_s <= clock.time_s <= clock.end_s
        assert clock.time_s == min(max(time_s, clock.start_s), clock.end_s)


@pytest.mark.parametrize("time_s", [math.nan, math.inf, -math.inf])
def test_a_time_that_is_none_is_refused(time_s):
    clock = Clock(RACE, at=30)
    with pytest.raises(t.TraitError, match="no moment of the session; give seconds"):
        clock.time_s = time_s
    with pytest.raises(t.TraitError, match="no moment of the session; give seconds"):
        clock.set_state({"time_s": time_s})
    assert clock.time_s == 30


def test_the_end_moves_on_while_a_session_is_live():
    clock = Clock(RACE)
    before = clock.end_s
    clock.end_s = before + 60
    clock.time_s = before + 50
    assert clock.time_s == before + 50
    clock.set_state({"time_s": before + 100, "end_s": before + 120})  # together, in any order
    assert clock.time_s == before + 100


@pytest.mark.parametrize(("wanted", "speed"), [(0.5, 0.5), (30, 30.0), (0, 0.5), (-1, 0.5), (1000, 30.0)])
def test_speed_stays_between_half_and_thirty(wanted, speed):
    clock = Clock(RACE)
    clock.play(speed=wanted)
    assert clock.playing
    assert clock.speed == speed
    clock.pause()
    assert not clock.playing


@pytest.mark.parametrize(("wanted", "delay_s"), [(0, 0.0), (45, 45.0), (601, 600.0), (-5, 0.0)])
def test_delay_stays_between_none_and_ten_minutes(wanted, delay_s):
    clock = Clock(RACE)
    clock.delay_s = wanted
    assert clock.delay_s == delay_s


def test_a_selection_is_optional():
    assert Clock(RACE).selection is None
    selection = Selection(drivers=["NOR"])
    assert Clock(RACE, selection=selection).get_state(["selection"]) == {"selection": f"anywidget:{selection.model_id}"}


def test_python_hears_of_a_pause_and_a_seek_in_the_browser():
    clock, heard = Clock(RACE), []
    clock.observe(lambda change: heard.append(change["new"]), "time_s")
    clock.set_state({"playing": False, "time_s": 33.0})
    assert heard == [33.0]
