"""The timing table's options, and what it sends to the browser."""

import pytest
import traitlets as t

import f1nb
from f1nb.panels.clock import Clock
from f1nb.panels.selection import Selection
from f1nb.panels.timing_table import COLUMNS, TimingTable
from f1nb.session import Session


@pytest.fixture(scope="module")
def race() -> Session:
    return f1nb.simulate(laps=3, cars=4)


def test_shows_the_usual_columns_unless_told(race):
    table = TimingTable(race)
    assert table.title == "Timing"
    assert {"gap", "interval", "last", "best", "tyre", "state"} <= set(table.columns)
    assert not {"lap", "gained"} & set(table.columns)


def test_columns_stand_in_the_order_of_the_table(race):
    assert TimingTable(race, columns=["state", "lap", "gap", "gap"]).columns == ["lap", "gap", "state"]


def test_columns_can_be_changed_later(race):
    table = TimingTable(race)
    table.columns = ["tyre", "last"]
    assert table.columns == ["last", "tyre"]


@pytest.mark.parametrize(("name", "hint"), [("intervall", "did you mean 'interval'?"), ("zzz", "there are gained, lap, gap")])
def test_an_unknown_column_is_refused_with_the_near_one(race, name, hint):
    with pytest.raises(t.TraitError, match=f"no column {name!r}") as error:
        TimingTable(race, columns=["gap", name])
    assert hint in str(error.value)
    table = TimingTable(race)
    with pytest.raises(t.TraitError):
        table.columns = [name]
    assert name not in table.columns


def test_an_unknown_option_is_refused(race):
    with pytest.raises(TypeError, match="did you mean 'columns'"):
        TimingTable(race, column=["gap"])


def test_shares_clock_selection_and_tables(race):
    clock, selection = Clock(race), Selection()
    one, two = (TimingTable(race, clock=clock, selection=selection) for _ in range(2))
    assert one.get_state("_tables") == two.get_state("_tables")
    assert one.get_state("clock") == two.get_state("clock")
    assert set(one._tables) == {"session", "drivers", "timing", "status"}
    assert not one._owns_clock
    assert TimingTable(race)._owns_clock


def test_the_help_names_every_column():
    assert all(name in TimingTable.columns.help for name in COLUMNS)
