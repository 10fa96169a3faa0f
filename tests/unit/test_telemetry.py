"""The Python half of the telemetry panel, and its charts."""

import gzip
import subprocess
import sys

import pytest
import traitlets as t
from bokeh.models import ColumnDataSource

import f1nb
from f1nb.analysis.telemetry import TRACE_SCHEMA, default_laps, traces
from f1nb.charts.channels import CHANNELS
from f1nb.charts.telemetry import telemetry_figure
from f1nb.panels.bokeh import bokeh_js
from f1nb.panels.telemetry import Telemetry


@pytest.fixture(scope="module")
def race():
    return f1nb.simulate(seed=7, laps=4, cars=4)


@pytest.fixture(scope="module")
def other_laps(race):
    """Laps that a page does not carry from the start."""
    return [lap for lap in race.laps.select("driver", "lap").rows() if lap not in set(default_laps(race))]


def test_it_takes_laps_and_sends_those_that_no_page_carries(race, other_laps):
    assert Telemetry(race, laps=default_laps(race)[:2])._asked == b""
    panel = Telemetry(race, laps=[*default_laps(race)[:1], other_laps[0]])
    assert panel.laps == [default_laps(race)[0], other_laps[0]]
    assert panel._asked
    before = panel._asked
    panel.laps = other_laps[:2]
    assert panel._asked != before


def test_a_lap_twice_is_shown_once(race):
    lap = default_laps(race)[0]
    assert Telemetry(race, laps=[lap, list(lap)]).laps == [lap]


@pytest.mark.parametrize(
    ("laps", "message"),
    [
        ([("NOBODY", 2)], "no driver 'NOBODY'.*did you mean"),
        ([("{code}", 99)], "has no lap 99.*his laps are 1 to 4"),
        (["{code}"], "give \\(driver, lap\\)"),
        ([5], "give \\(driver, lap\\)"),
    ],
)
def test_laps_that_are_not_there_are_refused_with_the_remedy(race, laps, message):
    code = race.drivers["driver"][0]
    given = [(code, lap[1]) if isinstance(lap, tuple) and lap[0] == "{code}" else lap for lap in laps]
    with pytest.raises(t.TraitError, match=message):
        Telemetry(race, laps=given)


def test_channels_are_checked_by_name_and_season(race):
    assert Telemetry(race, channels=["rpm", "speed"]).channels == ["rpm", "speed"]
    with pytest.raises(t.TraitError, match="'sped'; did you mean 'speed'"):
        Telemetry(race, channels=["sped"])
    with pytest.raises(t.TraitError, match="at least one"):
        Telemetry(race, channels=[])
    with pytest.raises(t.TraitError, match="2026 have no DRS"):
        Telemetry(race, channels=["drs"])


def test_drs_is_there_in_seasons_that_had_it(race):
    assert "drs" not in Telemetry(race).channels
    before = f1nb.simulate(seed=7, year=2024, laps=2, cars=2)
    assert "drs" in Telemetry(before).channels


def test_engine_speed_is_off_at_first(race):
    panel = Telemetry(race)
    assert "rpm" not in panel.channels
    assert "rpm" in [figure["channel"] for figure in panel._figures]


def test_the_axis_is_distance_or_time(race):
    assert Telemetry(race, over="time").over == "time"
    with pytest.raises(t.TraitError, match="time"):
        Telemetry(race, over="lap")


def test_a_lap_the_browser_asks_for_comes(race, other_laps):
    panel = Telemetry(race)
    panel._handle_custom_msg({"type": "laps", "laps": [list(other_laps[0]), ["NOBODY", 3]]}, [])
    assert panel._asked
    assert panel._missing == [["NOBODY", 3]]


def test_all_panels_share_one_script_of_the_installed_bokeh(race):
    assert Telemetry(race)._bokeh is Telemetry(race)._bokeh is bokeh_js()
    assert b"Bokeh" in gzip.decompress(bokeh_js().data)[:2000]


def test_every_lap_given_is_carried(simulated):
    laps = [(driver, lap) for driver in simulated.drivers["driver"][:5] for lap in range(2, 12)]
    panel = f1nb.Telemetry(simulated, laps=laps)
    assert panel.laps == laps
    known = set(simulated.traces.select("driver", "lap").unique().iter_rows()) | set(panel._extra)
    assert set(laps) <= known


def test_a_viewers_kernel_does_without_bokeh():
    """Its figures are drawn once for a release of Bokeh and kept."""
    code = "import f1nb, sys; f1nb.dashboard(f1nb.simulate(laps=2, cars=2)); print('bokeh' in sys.modules)"
    runs = [subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True) for _ in range(2)]
    assert runs[1].stdout.strip() == "False"


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_chart_shows_the_laps_it_is_given(race, channel):
    laps = traces(race, default_laps(race)[:2], step_m=5.0)
    source = telemetry_figure(channel, laps, length_m=5000.0).select_one({"type": ColumnDataSource, "name": "data"})
    rows = len(source.data["color"])
    assert rows == 2 if not CHANNELS[channel].is_lanes else rows >= 0
    empty = telemetry_figure(channel, TRACE_SCHEMA.to_frame(), length_m=5000.0)
    assert len(empty.select_one({"type": ColumnDataSource, "name": "data"}).data["color"]) == 0


def test_the_reference_is_drawn_last_and_its_delta_is_zero(race):
    laps = traces(race, default_laps(race)[:2], step_m=5.0)
    source = telemetry_figure("delta", laps, length_m=5000.0).select_one({"type": ColumnDataSource})
    assert abs(source.data["ys"][-1]).max() == 0
