"""The timing table's options, and what it sends to the browser."""

import polars as pl
import pytest
import traitlets as t

import f1nb
from f1nb.panels._tables import TABLES
from f1nb.panels.clock import Clock
from f1nb.panels.selection import Selection
from f1nb.panels.timing_table import COLUMNS, TimingTable
from f1nb.schema import TABLES as SCHEMA
from f1nb.session import GrowingSession, Session


@pytest.fixture(scope="module")
def race() -> Session:
    return f1nb.simulate(laps=3, cars=4)


def test_leaves_the_columns_to_the_kind_of_session_unless_told(race):
    table = TimingTable(race)
    assert table.title == "Timing"
    assert table.columns is None
    table.columns = ["gap"]
    table.columns = None
    assert table.columns is None


def test_columns_stand_in_the_order_of_the_table(race):
    assert TimingTable(race, columns=["state", "lap", "gap", "gap"]).columns == ["lap", "gap", "state"]


def test_columns_can_be_changed_later(race):
    table = TimingTable(race)
    table.columns = ["tyre", "last"]
    assert table.columns == ["last", "tyre"]


@pytest.mark.parametrize(
    ("name", "hint"), [("intervall", "did you mean 'interval'?"), ("zzz", "there are gained, lap, gap, interval, compare")]
)
def test_an_unknown_column_is_refused_with_the_near_one(race, name, hint):
    with pytest.raises(t.TraitError, match=f"no column {name!r}") as error:
        TimingTable(race, columns=["gap", name])
    assert hint in str(error.value)
    table = TimingTable(race)
    with pytest.raises(t.TraitError):
        table.columns = [name]
    assert table.columns is None


def test_an_unknown_option_is_refused(race):
    with pytest.raises(TypeError, match="did you mean 'columns'"):
        TimingTable(race, column=["gap"])


def test_compares_with_a_driver_of_the_session(race):
    driver = race.drivers["driver"][1]
    table = TimingTable(race, compare=driver)
    assert table.compare == driver
    table.compare = ""
    with pytest.raises(t.TraitError, match=rf"no driver 'XXX'.*{driver}"):
        table.compare = "XXX"
    assert table.compare == ""


def test_any_driver_can_be_compared_with_before_the_entry_list_of_a_live_session_is_there():
    assert TimingTable(GrowingSession(), compare="NOR").compare == "NOR"


def sent(session: Session, table: str) -> pl.DataFrame:
    return TABLES[table].make(session)


def test_the_cuts_of_qualifying_are_those_of_the_season(race):
    for year, cut in ((2026, (16, 10)), (2025, (15, 10))):
        tables = {name: race.scan(name) for name in SCHEMA}
        tables["session"] = race.session.with_columns(year=pl.lit(year, dtype=pl.Int32))
        assert sent(Session(tables), "session").select("q2_cars", "q3_cars").row(0) == cut


def test_every_set_of_tyres_is_sent_with_its_first_lap(simulated):
    stints = sent(simulated, "stints")
    assert stints["time_s"].is_sorted()
    for driver, own in stints.group_by("driver"):
        laps = simulated.laps.filter(pl.col("driver") == driver[0])
        assert own["lap"].to_list() == laps.group_by("stint").agg(pl.col("lap").min()).sort("stint")["lap"].to_list()
        assert (
            own["compound"].to_list() == laps.sort("lap").group_by("stint", maintain_order=True).first()["compound"].to_list()
        )


def test_deleted_laps_are_sent_with_when_that_was_known(simulated):
    told = simulated.drivers["driver"][0]
    is_deleted = pl.col("lap") == 2
    tables = {name: simulated.scan(name) for name in SCHEMA}
    tables["laps"] = simulated.laps.with_columns(
        is_deleted=is_deleted, deleted_at_s=pl.when(is_deleted, pl.col("driver") == told).then(500.0)
    )
    rows = sent(Session(tables), "deleted_laps")
    assert rows.height == simulated.laps.filter(is_deleted, pl.col("end_time_s").is_not_null()).height
    for driver, end_s, at_s in rows.select("driver", "end_time_s", "deleted_at_s").iter_rows():
        assert at_s == (500.0 if driver == told else end_s)


def test_shares_clock_selection_and_tables(race):
    clock, selection = Clock(race), Selection()
    one, two = (TimingTable(race, clock=clock, selection=selection) for _ in range(2))
    assert one.get_state("_tables") == two.get_state("_tables")
    assert one.get_state("clock") == two.get_state("clock")
    assert {"session", "drivers", "timing", "mini_sectors", "stewards"} <= set(one._tables)
    assert not one._owns_clock
    assert TimingTable(race)._owns_clock


def test_the_help_names_every_column():
    assert all(name in TimingTable.columns.help for name in COLUMNS)
