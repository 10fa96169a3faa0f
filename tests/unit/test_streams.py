"""Whatever a feed sends, it is read: what can be is applied in its order, and the rest is left out."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import orjson
import pytest
from hand_made_feed import Feed
from hypothesis import given, settings
from hypothesis import strategies as st

from f1nb.schema import TABLES
from f1nb.sources import archive
from f1nb.sources._files import FolderFiles
from f1nb.sources.archive.streams import merged, messages

KEYS = st.sampled_from(["Lines", "0", "1", "2", "4", "81", "Sectors", "Value", "Stints", "x"])
PATCHES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 9000) | st.sampled_from(["", "1:30.000", "LAP 4", "None", "26.1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS | st.just("_deleted"), inner | st.lists(KEYS, max_size=2), max_size=4)
    ),
    max_leaves=12,
)


def applied(patches: list[Any]) -> dict[tuple[str, ...], Any]:
    """Return the values that stand after all patches, by their place: the rules of the feed, written as plainly as can be."""
    values: dict[tuple[str, ...], Any] = {}

    def clear(place: tuple[str, ...]) -> None:
        for known in [k for k in values if k[: len(place)] == place]:
            del values[known]

    def put(place: tuple[str, ...], patch: Any) -> None:
        values.pop(place, None)  # a value gives way to what is below it
        if isinstance(patch, list):
            clear(place)
            for index, item in enumerate(patch):
                put((*place, str(index)), item)
        elif isinstance(patch, dict):
            for key, item in patch.items():
                if key == "_deleted" and isinstance(item, list):
                    for gone in item:
                        clear((*place, str(gone)))
                else:
                    put((*place, key), item)
        else:
            clear(place)
            values[place] = patch

    for patch in patches:
        put((), patch)
    return values


def leaves(state: Any, place: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    if not isinstance(state, dict):
        return {place: state}
    return {k: v for key, item in state.items() for k, v in leaves(item, (*place, key)).items()}


@given(st.lists(PATCHES, max_size=8))
@settings(max_examples=300, deadline=None)
def test_the_state_is_that_of_all_patches_in_order(patches: list[Any]) -> None:
    state: Any = {}
    for patch in orjson.loads(orjson.dumps(patches)):
        state = merged(state, patch)
    assert leaves(state) == applied(patches)


@given(PATCHES)
def test_a_patch_that_is_sent_again_changes_nothing(patch: Any) -> None:
    once = merged({}, orjson.loads(orjson.dumps(patch)))
    twice = merged(merged({}, orjson.loads(orjson.dumps(patch))), patch)
    assert leaves(once) == leaves(twice)


@given(st.lists(PATCHES, max_size=6), st.data())
def test_of_a_file_that_is_cut_short_what_is_whole_comes_out(patches: list[Any], data: st.DataObject) -> None:
    feed = Feed()
    for n, patch in enumerate(patches):
        feed.say(n / 8, "TimingData", patch)
    content = b"\xef\xbb\xbf" + b"\r\n".join(feed.lines["TimingData"])
    cut = data.draw(st.integers(0, len(content)))
    found, damaged = messages(content[:cut])
    whole = orjson.loads(orjson.dumps(patches))[: max(len(found) - 1, 0)]  # of a number that is cut a shorter one is left
    assert [(m.time_ms, m.patch) for m in found[: len(whole)]] == [(n * 125, patch) for n, patch in enumerate(whole)]
    assert len(found) + damaged in {len(patches), content[:cut].count(b"\n") + 1, content[:cut].count(b"\n")}
    assert damaged <= 1


# -- a whole session of nonsense --------------------------------------------------------------------------------------------

MESSAGES_A_SESSION = 2_000
ODD = ("", None, True, False, 0, -1, 104, 2049, "None", "nan", "1:30.5", "54.123", "LAP 3", "1L", "+1 LAP", [], {}, [None], "ÿ",
       10**12, 1e300, "9" * 30, "0001-01-01T00:00:00", "02:00:00")  # fmt: skip
NAMES: dict[str, tuple[str, ...]] = {
    "TimingData": (
        "GapToLeader", "IntervalToPositionAhead", "Position", "NumberOfLaps", "NumberOfPitStops", "InPit", "PitOut", "Stopped",
        "Retired", "KnockedOut", "Sectors", "Speeds", "BestLapTime", "BestLapTimes", "LastLapTime", "Stats", "Surprise",
    ),
    "TimingAppData": ("Stints", "GridPos", "Line"),
    "DriverList": ("Tla", "FullName", "TeamColour", "FirstName", "LastName"),
    "RaceControlMessages": ("Messages",),
    "WeatherData": ("AirTemp", "Rainfall", "WindSpeed"),
    "SessionInfo": ("Meeting", "GmtOffset", "StartDate"),
    "TrackStatus": ("Status",),
    "SessionStatus": ("Status",),
    "LapCount": ("TotalLaps", "CurrentLap"),
    "TeamRadio": ("Captures",),
}  # fmt: skip
INNER = ("Value", "Status", "Segments", "0", "1", "2", "I1", "FL", "OverallFastest", "Catching", "Compound", "New", "StartLaps",
         "Utc", "Message", "RacingNumber", "Path", "Name", "Lap", "_deleted")  # fmt: skip
STATES = ("Inactive", "Started", "Aborted", "Finished", "Finalised", "Ends", "Nonsense")


def value(chance: random.Random, depth: int = 0) -> Any:
    """Return a time, a number, a text, something odd, or an object or list of such."""
    kind = chance.random()
    if kind < 0.35:
        return f"{chance.randrange(0, 3)}:{chance.randrange(60):02}.{chance.randrange(1000):03}"
    if kind < 0.5:
        return f"{chance.uniform(15, 60):.3f}"
    if kind < 0.75 and depth < 4:
        inner = {chance.choice(INNER): value(chance, depth + 1) for _ in range(chance.randrange(3))}
        return inner if chance.random() < 0.8 else list(inner.values())
    return chance.choice(ODD) if kind < 0.95 else chance.randrange(0, 80)


def patch(chance: random.Random, topic: str) -> Any:
    """Return a message of a topic: mostly of its form."""
    if chance.random() < 0.03:
        return chance.choice(ODD)
    fields = {chance.choice(NAMES[topic]): value(chance) for _ in range(chance.randrange(1, 4))}
    if topic in {"TimingData", "TimingAppData", "DriverList"}:
        number = chance.choice(("1", "4", "16", "44", "81", "x", ""))
        if topic == "TimingData" and chance.random() < 0.5:  # the end of a lap, or of a sector, as it is
            fields |= {"NumberOfLaps": chance.randrange(60), "Sectors": {str(chance.randrange(3)): {"Value": "30.000"}}}
        return {number: fields} if topic == "DriverList" else {"Lines": {number: fields}}
    if topic == "SessionStatus":
        return {"Status": chance.choice(STATES)}
    return fields


def nonsense(chance: random.Random) -> Feed:
    """Return a session in which messages are repeated, out of order, cut short, of unknown kinds and of the wrong types."""
    feed = Feed(session=chance.choice(("R", "S", "Q", "SQ", "FP1")), year=chance.choice((2018, 2021, 2026)))
    time_s = 0.0
    for _ in range(MESSAGES_A_SESSION):
        time_s = max(0.0, time_s + chance.choice((0.0, 0.2, 1.0, 4.0, 30.0, -20.0)))
        topic = chance.choices(list(NAMES), weights=[60, 12, 4, 8, 4, 1, 3, 4, 2, 2])[0]
        content = orjson.dumps(patch(chance, topic))
        if chance.random() < 0.02:
            content = content[: chance.randrange(len(content))]
        for _ in range(2 if chance.random() < 0.05 else 1):
            feed.write(time_s, topic, content)
    return feed


@pytest.mark.parametrize("block", range(5))
def test_no_feed_is_so_odd_that_it_cannot_be_read(block: int, tmp_path: Path) -> None:
    """100,000 messages over all blocks."""
    for seed in range(10 * block, 10 * block + 10):
        feed = nonsense(random.Random(seed))  # noqa: S311 - repeatable
        files = FolderFiles(feed.folder(tmp_path / str(seed)))
        tables = archive.read(files, year=feed.year, event="Dutch Grand Prix", session=feed.session, address="https://host")
        for name, frame in tables.items():
            assert frame.schema == TABLES[name].schema, (seed, name)
        laps = tables["laps"]
        assert not laps.select("driver", "lap").is_duplicated().any(), seed
        assert (laps["end_time_s"] >= laps["start_time_s"]).drop_nulls().all(), seed
