"""A session: its tables, parts of it, and what was known at a moment."""

from __future__ import annotations

import polars as pl
import pytest

import f1nb
from f1nb.schema import TABLES
from f1nb.session import GrowingSession, Session


def test_every_table_has_its_schema(simulated: Session) -> None:
    for name, table in TABLES.items():
        assert simulated.scan(name).collect().schema == table.schema, name


def test_no_table_holds_nan_or_words_for_nothing(simulated: Session) -> None:
    for name in TABLES:
        frame = simulated.scan(name).collect()
        for column, dtype in frame.schema.items():
            if dtype.is_float():
                assert not frame[column].is_nan().any(), (name, column)
            if dtype == pl.String:
                assert not frame[column].is_in(["None", "nan", "NaN", "null", ""]).any(), (name, column)


def test_pick(simulated: Session) -> None:
    first, second = simulated.drivers["driver"][:2]
    part = simulated.pick(driver=[first, second], lap=range(2, 5))
    assert part.drivers["driver"].to_list() == [first, second]
    assert set(part.laps.select("driver", "lap").iter_rows()) == {(d, n) for d in (first, second) for n in (2, 3, 4)}
    assert part.telemetry.select("lap").unique().collect().height == 3
    assert part.weather.equals(simulated.weather)


def test_picks_add_up_and_go_with_at(simulated: Session) -> None:
    first, second = simulated.drivers["driver"][:2]
    part = simulated.pick(driver=[first, second]).pick(lap=3).pick(driver=first)
    assert part.laps.select("driver", "lap").rows() == [(first, 3)]
    assert simulated.pick(driver=first).at(lap=4).drivers["driver"].to_list() == [first]


def test_pick_refuses_who_was_not_there(simulated: Session) -> None:
    near = simulated.drivers["driver"][0]
    with pytest.raises(ValueError, match=near):
        simulated.pick(driver=near[:2] + "?")


def test_fastest_lap_is_not_a_deleted_one(simulated: Session) -> None:
    best = simulated.fastest_lap().laps.row(0, named=True)
    times = simulated.laps.filter(~pl.col("is_deleted").fill_null(value=False))["lap_time_s"]
    assert best["lap_time_s"] == times.min()
    driver = simulated.drivers["driver"][3]
    assert simulated.fastest_lap(driver).laps["driver"].to_list() == [driver]


def test_fastest_lap_without_laps_says_so(simulated: Session) -> None:
    nothing = Session({"session": simulated.session, "drivers": simulated.drivers})
    with pytest.raises(ValueError, match="no timed lap"):
        nothing.fastest_lap()


@pytest.mark.parametrize("lap", [1, 4, 9])
def test_at_holds_nothing_of_later(simulated: Session, lap: int) -> None:
    then = simulated.at(lap=lap)
    moment = simulated.laps.filter(pl.col("lap") == lap)["end_time_s"].min()
    for name in ("timing", "weather", "race_control", "track_status", "positions"):
        assert then.scan(name).select((pl.col("time_s") <= moment).all()).collect().item(), name
    laps = then.laps
    assert (laps["start_time_s"] <= moment).all()
    unfinished = laps.filter(pl.col("end_time_s").is_null())
    assert unfinished["lap_time_s"].is_null().all()
    assert unfinished["position"].is_null().all()
    assert (laps["pit_in_time_s"].drop_nulls() <= moment).all()
    assert then.results.is_empty()
    assert then.traces.join(laps.drop_nulls("end_time_s"), on=["driver", "lap"], how="anti").is_empty()
    assert simulated.at(time_s=1e9).results.equals(simulated.results)


def test_a_deletion_is_known_from_its_message_on() -> None:
    race = f1nb.simulate(seed=7)
    deleted = race.laps.filter("is_deleted")
    assert deleted.height > 3
    messages = race.race_control.filter(pl.col("message").str.contains("DELETED"))
    for driver, lap, end in deleted.select("driver", "lap", "end_time_s").iter_rows():
        told = messages.filter(pl.col("driver") == driver, pl.col("time_s") >= end)["time_s"][0]

        def known(time_s: float, driver: str = driver, lap: int = lap) -> bool | None:
            return race.at(time_s=time_s).laps.filter(driver=driver, lap=lap)["is_deleted"].item()

        assert known(told) is True
        assert known(told - 0.01) is not True
    without = Session({**{n: race.scan(n) for n in TABLES}, "race_control": TABLES["race_control"].empty()})
    assert without.at(time_s=1e9).laps["is_deleted"].sum() == deleted.height


def test_at_of_a_session_without_laps(simulated: Session) -> None:
    empty = Session({"session": simulated.session, "drivers": simulated.drivers, "laps": TABLES["laps"].empty()})
    assert empty.at(time_s=10.0).laps.is_empty()


def test_at_wants_one_moment(simulated: Session) -> None:
    with pytest.raises(ValueError, match="one of"):
        simulated.at()
    with pytest.raises(ValueError, match="nobody completed lap 99"):
        simulated.at(lap=99)


def test_it_shows_itself(simulated: Session) -> None:
    html = simulated._repr_html_()
    winner = simulated.results.row(0, named=True)["driver"]
    name = simulated.drivers.filter(driver=winner)["full_name"].item()
    assert name in html
    assert "SIMULATED" in html
    assert "available" in html
    assert "simulated" in repr(simulated)
    driver = simulated.drivers["driver"][0]
    assert repr(simulated.pick(driver=driver, lap=2)).endswith(": 1 driver, 1 lap>")


def test_what_it_shows_is_escaped(simulated: Session) -> None:
    session = simulated.session.with_columns(event=pl.lit("<img src=x onerror=alert(1)>"))
    drivers = simulated.drivers.with_columns(full_name=pl.lit("<b>x</b>"))
    html = Session({**simulated._tables, "session": session, "drivers": drivers})._repr_html_()
    assert "<img" not in html
    assert "<b>x</b>" not in html


def test_frames_go_to_pandas(simulated: Session) -> None:
    pytest.importorskip("pandas")
    assert simulated.laps.to_pandas().shape == simulated.laps.shape


def test_unknown_table_is_refused() -> None:
    with pytest.raises(ValueError, match="lapps"):
        Session({"lapps": TABLES["laps"].empty()})


def test_a_table_read_while_it_is_replaced_is_the_new_one_when_it_is_read_again() -> None:
    session, table = GrowingSession(), TABLES["weather"]

    def replaced_meanwhile(frame: pl.DataFrame) -> pl.DataFrame:
        session.update({"weather": table.frame([{"time_s": 60.0}])})
        return frame

    session.update({"weather": table.frame([{"time_s": 0.0}]).lazy().map_batches(replaced_meanwhile)})
    assert session.weather["time_s"].to_list() == [0.0]
    assert session.weather["time_s"].to_list() == [60.0]


def test_importing_is_light() -> None:
    import subprocess
    import sys

    code = "import sys, f1nb; print([m for m in ('polars', 'pandas', 'bokeh', 'fastf1', 'anywidget') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_every_public_name_is_there() -> None:
    for name in f1nb.__all__:
        assert getattr(f1nb, name) is not None
    with pytest.raises(AttributeError, match="nonsense"):
        _ = f1nb.nonsense
