"""A stored session that becomes a feed, goes over the official protocol and is put together again is the same session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest
from real_data import DATA

import f1nb
from f1nb.live.feed import Feed
from f1nb.live.protocol import Message, Snapshot
from f1nb.live.recordings import Recording
from f1nb.live.server import LiveServer, replay, serving
from f1nb.live.state import State
from f1nb.live.writer import written
from f1nb.schema import TABLES
from f1nb.session import Session

LAPS = [
    "driver", "lap", "lap_time_s", "sector_1_time_s", "sector_2_time_s", "sector_3_time_s", "stint", "compound",
    "tyre_age_laps", "is_pit_in", "is_pit_out", "start_time_s", "end_time_s", "pit_in_time_s", "pit_out_time_s",
]  # fmt: skip


class Followed(NamedTuple):
    """A session, its feed, and what a client made of that."""

    session: Session
    feed: Recording
    state: State
    tables: dict[str, pl.DataFrame]


def follow(session: Session) -> Followed:
    """Serve a session at full speed and follow it as a client does."""
    feed = written(session, samples=False)
    state = State()

    async def listen(url: str) -> None:
        n = 0
        async with aclosing(Feed(url).events()) as events:
            async for event in events:
                if isinstance(event, Snapshot):
                    state.snapshot(event.topics)
                elif isinstance(event, Message):
                    state.apply(*event)
                    n += 1
                if n == len(feed.messages):
                    return

    async def scenario() -> None:
        server = LiveServer(feed.snapshot, is_patient=True)
        async with serving(server) as url, asyncio.timeout(120):
            listening = asyncio.create_task(listen(url))
            await server.joined()
            await replay(server, feed.messages, speed=None)
            await listening

    asyncio.run(scenario())
    return Followed(session, feed, state, state.tables())


@pytest.fixture(scope="module")
def simulated_one(simulated: Session) -> Followed:
    return follow(simulated)


@pytest.fixture(scope="module")
def short() -> Session:
    """Return a race that is short enough to be written often."""
    return f1nb.simulate(seed=7, laps=5, cars=5)


@pytest.fixture(scope="module")
def dutch_one(dutch: Session) -> Followed:
    return follow(dutch)


@pytest.fixture(scope="module", params=["simulated", "dutch"])
def race(request: pytest.FixtureRequest) -> Followed:
    return request.getfixturevalue(f"{request.param}_one")


def last(timing: pl.DataFrame, field: str) -> dict[str, float | None]:
    """Return what the screen showed at the end."""
    values = timing.filter(pl.col("field") == field).group_by("driver", maintain_order=True).last()
    return dict(values.select("driver", "value").iter_rows())


def test_laps_stops_and_tyres_are_those_of_the_stored_race(race: Followed) -> None:
    stored, followed = (laps.select(LAPS).sort("driver", "lap") for laps in (race.session.laps, race.tables["laps"]))
    assert stored.height > 0
    assert followed.equals(stored)
    assert last(race.tables["timing"], "stops") == last(race.session.timing, "stops")


def test_the_order_is_that_of_the_stored_race(race: Followed) -> None:
    columns = ["position", "driver", "classified", "laps_completed"]
    assert race.tables["results"].select(columns).equals(race.session.results.select(columns))
    lines = race.state.of("TimingData")["Lines"].values()
    names = {number: entry["Tla"] for number, entry in race.state.of("DriverList").items()}
    order = [names[line["RacingNumber"]] for line in sorted(lines, key=lambda line: int(line["Position"]))]
    assert order == race.session.results["driver"].to_list()


def test_the_screen_is_the_same_all_along(race: Followed) -> None:
    end = race.session.end_time_s
    moments = pl.DataFrame({"time_s": pl.int_range(10, int(end), 10, eager=True).cast(pl.Float64)})

    def shown(timing: pl.DataFrame, field: str) -> pl.DataFrame:
        values = timing.filter(pl.col("field") == field).select("driver", "time_s", "value").sort("time_s")
        asked = moments.join(values.select("driver").unique(), how="cross").sort("time_s")
        return asked.join_asof(values, on="time_s", by="driver", check_sortedness=False).drop_nulls()

    for field in ("position", "last_lap_time_s", "best_lap_time_s", "sector_1_time_s", "state", "compound"):
        theirs = shown(race.session.timing, field)
        both = theirs.join(shown(race.tables["timing"], field), on=["driver", "time_s"], suffix="_read")
        assert both.height == theirs.height > 0, field
        assert both["value"].equals(both["value_read"]), field


def test_gaps_are_written_as_the_feed_writes_them(simulated_one: Followed) -> None:
    lines = simulated_one.state.of("TimingData")["Lines"]
    names = {number: entry["Tla"] for number, entry in simulated_one.state.of("DriverList").items()}
    gaps = {names[number]: line["GapToLeader"] for number, line in lines.items()}
    results = simulated_one.session.results
    winner, second = results["driver"].to_list()[:2]
    assert gaps[winner] == f"LAP {simulated_one.session.info['total_laps']}"
    assert gaps[second] == f"+{results['gap_s'][1]:.3f}"


def test_messages_flags_and_weather_are_the_same(simulated_one: Followed) -> None:
    session, tables = simulated_one.session, simulated_one.tables
    for table, columns in (
        ("race_control", ["time_s", "lap", "category", "flag", "scope", "sector", "driver", "message"]),
        ("track_status", ["time_s", "status"]),
        ("weather", session.weather.columns),
        ("drivers", ["driver", "number", "full_name", "team", "team_color", "country_code", "grid_position"]),
    ):
        stored = session.scan(table).collect().select(columns).sort(columns[0], maintain_order=True)
        assert tables[table].select(columns).sort(columns[0], maintain_order=True).equals(stored), table
    assert tables["session"]["start_utc"].equals(session.session["start_utc"])
    assert tables["session_status"]["status"].to_list() == ["inactive", "started", "finished", "finalised", "ends"]


def test_the_first_three_are_those_of_the_screen(race: Followed) -> None:
    shown = [race.state.of("TopThree")["Lines"][str(i)] for i in range(3)]
    assert [line["Tla"] for line in shown] == race.session.results["driver"].to_list()[:3]
    assert shown[1]["DiffToLeader"] == f"+{race.session.results['gap_s'][1]:.3f}"


def test_a_feed_has_a_heartbeat_every_fifteen_seconds_to_its_end(simulated_one: Followed) -> None:
    beats = [datetime.fromisoformat(message.utc) for message in simulated_one.feed.messages if message.topic == "Heartbeat"]
    assert {(later - beat).total_seconds() for beat, later in pairwise(beats)} == {15.0}
    assert (datetime.fromisoformat(simulated_one.feed.messages[-1].utc) - beats[-1]).total_seconds() < 15.0


def test_samples_are_there_four_times_a_second_unless_they_are_not_wanted(short: Session) -> None:
    session = short.pick(driver=short.drivers["driver"].to_list()[:2])
    with_samples, without = written(session), written(session, samples=False)
    packed = {"CarData.z", "Position.z"}
    assert not packed & {message.topic for message in without.messages}
    telemetry = with_samples.state().session().telemetry.collect()
    stored = session.telemetry.collect()
    assert set(telemetry["driver"]) == set(stored["driver"])
    inside = telemetry.filter(pl.col("lap") == 3, pl.col("lap_time_s").is_between(1, 60)).sort("time_s")
    near = inside.join_asof(stored.sort("time_s"), on="time_s", by="driver", strategy="nearest", check_sortedness=False)
    assert (near["speed_kmh"] - near["speed_kmh_right"]).abs().sum() < 10 * near.height  # between two samples
    step = inside.sort("driver", "time_s").select(pl.col("time_s").diff().over("driver").drop_nulls())["time_s"]
    assert step.round(3).unique().to_list() == [0.25]


def test_a_replay_can_start_when_the_leader_begins_a_lap(simulated_one: Followed) -> None:
    from_lap = simulated_one.feed.from_lap(6)
    state = from_lap.state()
    began = min(simulated_one.session.laps.filter(lap=5)["end_time_s"])
    assert from_lap.snapshot["LapCount"]["CurrentLap"] == 5
    assert from_lap.messages[0].data == {"CurrentLap": 6}
    assert min(state.tables()["laps"]["end_time_s"].drop_nulls()) >= began
    assert state.tables()["results"]["driver"].equals(simulated_one.session.results["driver"])
    same = simulated_one.tables["race_control"]["message"]
    assert state.tables()["race_control"]["message"].equals(same)


def test_a_replay_can_start_at_a_time(simulated_one: Followed) -> None:
    later = simulated_one.feed.from_time(600.0)
    first_utc = datetime.fromisoformat(later.messages[0].utc)
    assert 600 <= (first_utc - simulated_one.session.info["start_utc"]).total_seconds() < 602
    assert later.snapshot["SessionStatus"] == {"Status": "Started"}


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda feed: feed.from_lap(99), "there is no lap 99; give one from 1 to 12"),
        (lambda feed: feed.from_lap(0), "there is no lap 0; give one from 1 to 12"),
        (lambda feed: feed.from_time(99_999), "the session is over by then: it ends .* after its start"),
    ],
)
def test_a_start_that_is_not_there_is_refused(simulated_one: Followed, ask: Callable[[Recording], Any], answer: str) -> None:
    with pytest.raises(f1nb.errors.NotFoundError, match=answer):
        ask(simulated_one.feed)


@pytest.mark.parametrize("table", ["drivers", "laps", "timing", "results", "track_status"])
def test_a_session_of_which_a_table_is_missing_is_a_feed_all_the_same(short: Session, table: str) -> None:
    rest = Session({name: short.scan(name).collect() for name in TABLES if name not in {table, "telemetry"}})
    feed = written(rest)
    tables = feed.state().tables()
    assert set(tables["drivers"]["driver"]) == set(short.drivers["driver"])
    assert {message.topic for message in feed.messages} >= {"Heartbeat", "SessionStatus", "SessionData"}


def test_a_session_of_which_nothing_is_known_is_a_feed_without_cars(simulated: Session) -> None:
    tables = written(Session({"session": simulated.session})).state().tables()
    assert tables["drivers"].is_empty()
    assert tables["session"]["event"].to_list() == ["Simulated Grand Prix"]


# -- what the official archive has ---------------------------------------------------------------------------------------------


@contextmanager
def official(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not (DATA / "mirror").is_dir():
        pytest.skip(f"no real data: {DATA / 'mirror'} is missing; set F1NB_TEST_DATA")
    with monkeypatch.context() as patched:
        patched.setenv("F1NB_ARCHIVE", str(DATA / "mirror"))
        yield


def test_a_qualifying_keeps_its_parts_its_order_and_who_is_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with official(monkeypatch):
        session = f1nb.load(2024, "Spanish", "Q", source="archive")
    state = written(session).state()
    tables = state.tables()
    columns = ["position", "driver", "q1_time_s", "q2_time_s", "q3_time_s"]
    assert tables["results"].select(columns).equals(session.results.select(columns))
    laps = ["driver", "lap", "lap_time_s", "stint", "compound", "is_pit_in", "is_pit_out"]
    assert tables["laps"].select(laps).sort("driver", "lap").equals(session.laps.select(laps).sort("driver", "lap"))
    out = {line["RacingNumber"] for line in state.of("TimingData")["Lines"].values() if line["KnockedOut"]}
    numbers = dict(session.drivers.select("driver", "number").iter_rows())
    assert out == {numbers[driver] for driver in session.results["driver"][10:]}
    assert state.of("TimingData")["SessionPart"] == 3
    assert tables["mini_sectors"].height == session.mini_sectors.height > 0


def test_a_qualifying_without_published_status_has_its_parts_from_the_laps(australian: Session) -> None:
    state = written(australian, samples=False).state()
    tables = state.tables()
    assert tables["session_status"]["status"].to_list() == ["inactive", *["started", "finished"] * 3, "finalised", "ends"]
    assert tables["results"]["driver"].equals(australian.results["driver"])
    assert [line["KnockedOut"] for line in _in_order(state)] == [False] * 10 + [True] * 10
    assert tables["laps"].height == australian.laps.height


def _in_order(state: State) -> list[dict[str, Any]]:
    return sorted(state.of("TimingData")["Lines"].values(), key=lambda line: int(line["Position"]))


# -- other people's readers ----------------------------------------------------------------------------------------------------


def test_fastf1_reads_the_laps_of_a_written_feed(short: Session, tmp_path: Path) -> None:
    api = pytest.importorskip("fastf1._api")
    from fastf1.livetiming.data import LiveTimingData
    from pandas import NaT

    feed = written(short)
    file = tmp_path / "recorded.txt"
    first = [Message(topic, state, feed.messages[0].utc) for topic, state in feed.snapshot.items()]
    file.write_text("\n".join(repr([*message]) for message in [*first, *feed.messages]))
    recording = LiveTimingData(str(file))
    recording.load()
    assert recording.errorcount == 0
    laps, _ = api.timing_data("", livedata=recording)
    names = dict(short.drivers.select("number", "driver").iter_rows())
    rows = [
        (names[number], int(lap), None if time is NaT else round(time.total_seconds(), 3))
        for number, lap, time in laps[["Driver", "NumberOfLaps", "LapTime"]].itertuples(index=False)
    ]
    read = pl.DataFrame(rows, schema=["driver", "lap", "lap_time_s"], orient="row").sort("driver", "lap")
    finished = short.laps.drop_nulls("end_time_s").sort("driver", "lap")
    assert read.rows() == finished.select("driver", "lap", "lap_time_s").rows()
    cars = api.car_data("", livedata=recording)
    assert {names[number] for number in cars} == set(short.drivers["driver"])
    assert len({len(samples) for samples in cars.values()}) == 1
    assert api.session_info("", livedata=recording)["Name"] == "Race"
