"""A feed that is followed live says the same as the session that is stored of it, whatever comes and however often."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
from feed_session import to_archive
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from real_data import DATA
from test_streams import PATCHES, nonsense

import f1nb
from f1nb.live import recordings
from f1nb.live.recordings import Recording
from f1nb.live.state import State
from f1nb.live.writer import written
from f1nb.schema import TABLES
from f1nb.session import Session
from f1nb.sources import archive
from f1nb.sources._files import FolderFiles
from f1nb.sources.archive.streams import STAMP, merged, messages

IMOLA = DATA / "recordings" / "2024_Imola_Qualifying"


def at(time_ms: int) -> str:
    return f"2025-08-31T{12 + time_ms // 3_600_000:02}:{time_ms // 60_000 % 60:02}:{time_ms / 1000 % 60:06.3f}Z"


@pytest.fixture(scope="module")
def imola() -> Recording:
    if not IMOLA.is_dir():
        pytest.skip(f"no real data: {IMOLA} is missing; set F1NB_TEST_DATA")
    return recordings.read(IMOLA)


@pytest.fixture(scope="module")
def state(imola: Recording) -> State:
    return imola.state()


@pytest.fixture(scope="module")
def tables(state: State) -> dict[str, pl.DataFrame]:
    return state.tables()


# -- a real qualifying hour --------------------------------------------------------------------------------------------------


def test_the_last_classification_is_the_official_one(tables: dict[str, pl.DataFrame]) -> None:
    path = DATA / "f1db" / "results.parquet"
    if not path.is_file():
        pytest.skip(f"no real data: {path} is missing; set F1NB_TEST_DATA")
    official = pl.read_parquet(path).filter(season=2024, round=7, session="qualifying").sort("position_order")
    found = tables["results"].join(tables["drivers"].select("driver", "number"), on="driver").sort("position")
    assert found["number"].to_list() == official["driver_number"].cast(pl.String).to_list()
    assert found["driver"].to_list()[:5] == ["VER", "PIA", "NOR", "LEC", "SAI"]
    for part in ("q1", "q2", "q3"):
        assert (found[f"{part}_time_s"] * 1000).round().cast(pl.Int64).to_list() == official[f"{part}_ms"].to_list()


def test_order_best_laps_and_who_is_out_are_what_the_feed_last_said(state: State, tables: dict[str, pl.DataFrame]) -> None:
    drivers = dict(tables["drivers"].select("number", "driver").iter_rows())
    last = {drivers[n]: line for n, line in state.of("TimingData")["Lines"].items()}
    order = sorted(last, key=lambda driver: int(last[driver]["Position"]))
    assert tables["results"].sort("position")["driver"].to_list() == order

    def shown(field: str) -> dict[str, float | None]:
        values = tables["timing"].filter(pl.col("field") == field).sort("time_s").group_by("driver").last()
        return dict(values.select("driver", "value").iter_rows())

    out = {driver for driver, value in shown("is_knocked_out").items() if value == 1}
    assert out == {driver for driver, line in last.items() if line["KnockedOut"]} == set(order[10:])
    best = tables["laps"].group_by("driver").agg(pl.col("lap_time_s"))
    for driver, times in best.iter_rows():
        for part in last[driver]["BestLapTimes"].values():
            if part.get("Value"):
                minutes, seconds = part["Value"].split(":")
                assert round(int(minutes) * 60 + float(seconds), 3) in times


def test_best_laps_of_the_parts_stand_as_soon_as_they_are_driven(tables: dict[str, pl.DataFrame]) -> None:
    log = tables["timing"].filter(pl.col("field").cast(pl.String).str.contains("^q[123]_time_s$"))
    last = log.group_by("driver", "field", maintain_order=True).last().drop_nulls("value")
    for part in ("q1_time_s", "q2_time_s", "q3_time_s"):
        shown = dict(last.filter(field=part).select("driver", "value").iter_rows())
        results = tables["results"].drop_nulls(part)
        assert shown == dict(results.select("driver", part).iter_rows())
    assert log.filter(driver="SAR", field="q1_time_s")["value"].to_list() == [77.188, None, 76.731, None]  # both were deleted


def test_the_clock_counts_down_in_each_part(tables: dict[str, pl.DataFrame]) -> None:
    started = tables["session_clock"].filter("is_running")
    assert started["remaining_s"].to_list() == [17 * 60 + 59, 14 * 60 + 59, 11 * 60 + 59]
    assert started["time_s"].round(0).to_list() == [1, 1501, 2881]
    assert tables["session_clock"].row(-1, named=True) == {"time_s": 3599.507, "remaining_s": 0.0, "is_running": False}


def test_the_session_is_named_and_has_a_start(tables: dict[str, pl.DataFrame], state: State) -> None:
    (row,) = tables["session"].to_dicts()
    assert (row["event"], row["session"], row["year"]) == ("Emilia Romagna Grand Prix", "Q", 2024)
    assert f"{row['start_utc']:%Y-%m-%d %H:%M:%S}" == "2024-05-18 14:00:00"
    assert state.session().title.startswith("2024 Emilia Romagna")


def test_tables_grow_to_what_they_are_at_the_end(imola: Recording, tables: dict[str, pl.DataFrame]) -> None:
    chance = random.Random(0)  # noqa: S311 - repeatable
    looks = sorted(chance.sample(range(len(imola.messages)), 60))
    growing, laps = State(), 0
    growing.snapshot(imola.snapshot)
    for n, message in enumerate(imola.messages):
        growing.apply(*message)
        if n in looks:
            now = growing.tables()
            assert now["laps"].height >= laps
            laps = now["laps"].height
    after = growing.tables()
    assert all(after[name].equals(frame) for name, frame in tables.items())


def test_the_log_grows_at_its_end(imola: Recording) -> None:
    growing = State()
    growing.snapshot(imola.snapshot)
    for message in imola.messages[:6000]:
        growing.apply(*message)
    before = growing.tables()["timing"]
    for message in imola.messages[6000:6020]:
        growing.apply(*message)
    after = growing.tables()["timing"]
    kept = before.filter(pl.col("time_s") < before["time_s"].max() - 10)
    assert after.head(kept.height).equals(kept)
    assert before.height < after.height < before.height + 200


def test_a_table_that_has_not_changed_is_the_same_object(imola: Recording) -> None:
    state = imola.state()
    before = state.tables()
    assert all(frame is before[name] for name, frame in state.tables().items())
    state.apply("WeatherData", {"AirTemp": "44.4"}, imola.messages[-1].utc)
    changed = {name for name, frame in state.tables().items() if frame is not before[name]}
    assert changed == {"weather", "data_sets"}
    state.apply("DriverList", {"1": {"Line": 5}}, imola.messages[-1].utc)  # of which no table tells
    state.apply("TimingData", {"Lines": {"1": {"Position": "2"}}}, imola.messages[-1].utc)
    changed = {name for name, frame in state.tables().items() if frame is not before[name]}
    assert changed == {"weather", "timing", "results", "data_sets"}


def test_messages_that_come_again_change_nothing(imola: Recording, tables: dict[str, pl.DataFrame]) -> None:
    state = imola.state()
    assert not any(state.apply(*message) for message in imola.messages)
    again = state.tables()
    assert all(again[name].equals(frame) for name, frame in tables.items())


def test_a_replay_that_starts_over_is_followed_from_its_start(imola: Recording, tables: dict[str, pl.DataFrame]) -> None:
    state = imola.state()
    state.snapshot(imola.snapshot)
    assert state.tables()["laps"].is_empty()
    for message in imola.messages:
        state.apply(*message)
    again = state.tables()
    assert all(again[name].equals(frame) for name, frame in tables.items())


def test_a_snapshot_after_an_interruption_brings_what_was_missed(imola: Recording, state: State) -> None:
    joined = State()
    joined.snapshot(imola.snapshot)
    for message in imola.messages[:3000]:
        joined.apply(*message)
    now = {topic: orjson.loads(orjson.dumps(state.of(topic))) for topic in state.topics}
    assert joined.snapshot(now, imola.messages[-1].utc)
    assert {topic: joined.of(topic) for topic in state.topics} == now
    assert joined.snapshot(now, imola.messages[-1].utc) == []
    assert joined.tables()["results"]["driver"].equals(state.tables()["results"]["driver"])


def test_who_joins_late_knows_when_things_were(imola: Recording, state: State, tables: dict[str, pl.DataFrame]) -> None:
    late = State()
    late.snapshot(_copy({topic: state.of(topic) for topic in state.topics}), imola.messages[-1].utc)
    found = late.tables()
    assert found["session_status"]["status"].equals(tables["session_status"]["status"])
    assert (found["race_control"]["time_s"] - tables["race_control"]["time_s"]).abs().max() < 3
    assert found["race_control"]["message"].equals(tables["race_control"]["message"])
    assert found["laps"].filter(pl.col("lap_time_s").is_not_null()).is_empty()  # none of them was seen


# -- the same as stored ------------------------------------------------------------------------------------------------------


def test_a_live_race_has_the_tables_of_the_stored_one(tmp_path: Path) -> None:
    folder = to_archive(f1nb.simulate(seed=7, laps=6, cars=6), tmp_path)
    stored = archive.read(FolderFiles(Path(folder)), year=2026, event="Simulated Grand Prix", session="R", address="")
    sent = []
    for topic in archive.TOPICS:
        content = (folder / f"{topic}.jsonStream").read_bytes() if (folder / f"{topic}.jsonStream").is_file() else b""
        sent += [(time_ms, topic, patch) for time_ms, patch in messages(content)[0]]
    for topic in ("CarData.z", "Position.z"):
        for line in (folder / f"{topic}.jsonStream").read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines():
            (message,), _ = messages(line)
            sent.append((message.time_ms, topic, message.patch))
    live = State()
    live.apply("Heartbeat", {"Utc": at(0)}, at(0))
    live.apply("SessionInfo", {"Name": "Race", "Key": 1, "StartDate": "2026-08-31T13:00:00"}, at(0))
    chance = random.Random(1)  # noqa: S311 - repeatable
    for time_ms, topic, patch in sorted(sent, key=lambda message: message[0]):
        live.apply(topic, patch, at(time_ms))
        if chance.random() < 0.004:
            live.tables()
    found = live.tables(telemetry=True)
    for name in ("laps", "timing", "mini_sectors", "race_control", "track_status", "session_status", "weather", "results",
                 "drivers", "repairs"):  # fmt: skip
        assert found[name].equals(stored[name]), name
    assert found["telemetry"].height == stored["telemetry"].height > 0


def test_what_is_missing_is_said(imola: Recording, tables: dict[str, pl.DataFrame]) -> None:
    said = {row["table"]: row for row in tables["data_sets"].iter_rows(named=True)}
    assert said["laps"]["state"] == "available"
    assert said["laps"]["rows"] == tables["laps"].height
    assert said["telemetry"]["state"] == said["positions"]["state"] == said["radio"]["state"] == "not_published"
    assert said["results"]["state"] == "partial"
    state = State()
    state.snapshot(imola.snapshot)
    for message in imola.messages[:2000]:
        state.apply(*message)
    state.missed("2024-05-18T14:10:00Z", "2024-05-18T14:11:30.5Z")
    state.missed("2024-05-18T14:20:00Z", None)
    found = state.tables()["data_sets"].filter(state="partial", note=(
        "Messages may be missing between 14:10:00 and 14:11:30 UTC, after 14:20:00 UTC."
    ))  # fmt: skip
    assert set(found["table"]) == {"laps", "timing", "mini_sectors", "weather", "session_clock"}


def test_who_joins_late_is_told_so(imola: Recording, state: State) -> None:
    late = State()
    late.snapshot(_copy({topic: state.of(topic) for topic in state.topics}), imola.messages[-1].utc)
    sets = late.tables()["data_sets"]
    assert sets.filter(table="timing")["note"].item() == "Followed from 15:03:07 UTC on: what came before was not seen."
    assert sets.filter(table="race_control")["state"].item() == "available"


def test_the_order_after_the_flag_is_that_of_the_screen_until_the_end() -> None:
    state = State()
    state.apply("SessionInfo", {"Name": "Race", "Key": 1, "StartDate": "2025-08-31T15:00:00"}, at(0))
    state.apply("DriverList", {"4": {"Tla": "NOR"}, "1": {"Tla": "VER"}}, at(0))
    state.apply("SessionStatus", {"Status": "Started"}, at(0))
    for time_ms, number in ((90_000, "4"), (92_000, "1")):
        line = {"NumberOfLaps": 1, "Sectors": {"2": {"Value": "30.0"}}, "Position": "1" if number == "4" else "2"}
        state.apply("TimingData", {"Lines": {number: line}}, at(time_ms))
    state.apply("SessionStatus", {"Status": "Finished"}, at(95_000))
    assert state.tables()["results"]["driver"].to_list() == ["NOR", "VER"]
    state.apply("SessionStatus", {"Status": "Finalised"}, at(400_000))
    state.apply("TimingData", {"Lines": {"4": {"Position": "2"}, "1": {"Position": "1"}}}, at(401_000))  # a penalty
    tables = state.tables()
    assert tables["results"]["driver"].to_list() == ["VER", "NOR"]
    places = tables["timing"].filter(field="position").group_by("driver", maintain_order=True).last()
    assert dict(places.select("driver", "value").iter_rows()) == {"VER": 1.0, "NOR": 2.0}


# -- whatever comes ----------------------------------------------------------------------------------------------------------


@given(st.lists(PATCHES.filter(lambda patch: isinstance(patch, dict | list)), max_size=8))
@settings(max_examples=100, deadline=None)
def test_the_state_is_that_of_all_patches_and_changes_lead_to_it(patches: list[Any]) -> None:
    state, expected, followed = State(), {}, {}
    for n, patch in enumerate(patches):
        before = _copy(followed)
        expected = merged(expected, _copy(patch))
        changes = state.apply("TimingStats", patch, at(n * 1000))
        followed = merged(followed, _copy(changes)) if changes != {} else followed
        assert state.of("TimingStats") == expected
        if n:
            assert followed == expected
            if _written(before) == _written(expected) and "_deleted" not in str(patch):
                assert changes == {}
        assert state.apply("TimingStats", patch, at(n * 1000)) == {}


def _copy(value: Any) -> Any:
    return orjson.loads(orjson.dumps(value))


def _written(state: Any) -> bytes:
    return orjson.dumps(state, option=orjson.OPT_SORT_KEYS)


def test_time_in_the_pit_lane_is_known_when_the_car_leaves_it() -> None:
    state = State()
    state.apply("SessionInfo", {"Name": "Race", "Key": 1, "StartDate": "2025-08-31T15:00:00"}, at(0))
    state.apply("SessionStatus", {"Status": "Started"}, at(0))
    said = [(90_000, {"NumberOfLaps": 1, "Sectors": {"2": {"Value": "30.1"}}}), (150_000, {"InPit": True}),
            (161_000, {"NumberOfLaps": 2, "LastLapTime": {"Value": "1:11.000"}}), (172_500, {"InPit": False}),
            (175_000, {"Sectors": {"0": {"Segments": {"1": {"Status": 2048}}}}})]  # fmt: skip
    for time_ms, line in said:
        state.apply("TimingData", {"Lines": {"4": line}}, at(time_ms))
    (shown,) = state.tables()["timing"].filter(field="last_pit_lane_s").rows()
    assert shown == (172.5, "NOR", "last_pit_lane_s", 22.5)


def test_a_clock_that_does_not_extrapolate_is_frozen() -> None:
    state = State()
    state.apply("ExtrapolatedClock", {"Utc": at(0), "Remaining": "00:18:00", "Extrapolating": True}, at(0))
    running = state.clock
    state.apply("ExtrapolatedClock", {"Utc": at(60_000), "Remaining": "00:17:00", "Extrapolating": False}, at(60_000))
    frozen = state.clock
    state.apply("Heartbeat", {"Utc": at(300_000)}, at(300_000))
    later = state.latest_utc
    assert running
    assert frozen
    assert later
    assert (running.remaining(later), frozen.remaining(later)) == (780.0, 1020.0)


def test_another_session_in_the_middle_begins_anew() -> None:
    state = State()
    state.snapshot({"TrackStatus": {"Status": "5"}, "SessionInfo": {"Key": 1, "Name": "Practice 3"}}, at(0))
    state.snapshot({"WeatherData": {"AirTemp": "24.1"}, "SessionInfo": {"Key": 2, "Name": "Qualifying"}}, at(7_200_000))
    assert state.key == 2
    assert state.tables()["track_status"].is_empty()
    assert state.tables()["session"]["session"].to_list() == ["Q"]


def test_a_wrong_time_does_not_stop_the_clock() -> None:
    state = State()
    for n, utc in enumerate(["2099-01-01T00:00:00Z", at(0), at(1000), "yesterday", None, at(2000)]):
        state.apply("TrackStatus", {"Status": str(1 + n % 2)}, utc)
    assert f"{state.latest_utc:%H:%M:%S}" == "12:00:02"


def test_no_feed_is_so_odd_that_it_cannot_be_followed() -> None:
    applied = 0
    feeds = [list(nonsense(random.Random(seed)).lines.items()) for seed in range(10)]  # noqa: S311 - repeatable
    for seed in range(10):
        chance = random.Random(seed)  # noqa: S311 - repeatable
        state = State()
        lines = [(topic, line) for topic, own in feeds[seed] for line in own]
        chance.shuffle(lines)
        if seed % 3 == 0:
            state.apply("SessionInfo", {"Key": 1, "Name": chance.choice(("Race", "Qualifying", [], "x"))}, at(0))
        for topic, line in lines:
            try:
                patch = orjson.loads(line[STAMP:])
            except ValueError:
                continue
            utc = chance.choice((at(chance.randrange(7_200_000)), None, "", 5, "2099-01-01T00:00:00Z"))
            if chance.random() < 0.002:
                state.snapshot(chance.choice((None, [], {topic: patch}, {"SessionInfo": {"Key": "2"}, topic: patch})), utc)
            state.apply(chance.choice((topic, topic, topic, "Unknown", "CarData.z", "SessionData")), patch, utc)
            applied += 1
        if seed % 7 == 0:
            for name, frame in state.tables(telemetry=True).items():
                assert frame.schema == TABLES[name].schema, (seed, name)
    assert applied > 19_000


@pytest.mark.parametrize("lap", [3, 6, 9])
def test_who_joins_late_knows_how_old_tyres_are(simulated: Session, lap: int) -> None:
    joined = written(simulated, samples=False).from_lap(lap).state().tables()["laps"]
    stored = simulated.laps.select("driver", "lap", "stint", "compound", "tyre_age_laps")
    seen = joined.select("driver", "lap", "stint", "compound", "tyre_age_laps").filter(pl.col("lap") > lap)
    assert seen.height > 10
    assert_frame_equal(seen, stored.join(seen.select("driver", "lap"), on=["driver", "lap"], how="semi"))
