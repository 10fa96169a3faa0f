"""Whatever is in an archive ends as tables of the schema, a state in data_sets, or one clear sentence."""

from __future__ import annotations

import json
import math
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from archive_files import session as archive_session
from archive_files import telemetry, to_folder, to_zip
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import f1nb
from f1nb.errors import SourceError
from f1nb.schema import TABLES
from f1nb.session import Session
from f1nb.sources import tracinginsights
from f1nb.sources._files import FolderFiles


class InMemory:
    """The files of a session as a dict of values or bytes."""

    name = "memory"

    def __init__(self, files: dict[str, Any]) -> None:
        self.files = files

    def read(self, name: str) -> bytes | None:
        value = self.files.get(name)
        return value if value is None or isinstance(value, bytes) else json.dumps(value).encode()

    def read_many(self, names):
        return map(self.read, names)

    def names(self, folder: str) -> list[str]:
        return [n.removeprefix(f"{folder}/") for n in self.files if n.startswith(f"{folder}/")]


def read(files: dict[str, Any], session: str = "R", year: int = 2025) -> dict[str, pl.DataFrame]:
    return tracinginsights.read(InMemory(files), year=year, event="Dutch Grand Prix", session=session)


def state(tables: dict[str, pl.DataFrame], table: str) -> tuple[str, str | None]:
    row = tables["data_sets"].row(by_predicate=pl.col("table") == table, named=True)
    return row["state"], row["note"]


@pytest.fixture
def files() -> dict[str, Any]:
    return archive_session()


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("F1NB_HOME", str(tmp_path / "home"))


# -- a good one ---------------------------------------------------------------------------------------------------------------


def test_values_are_those_of_the_files(files: dict[str, Any]) -> None:
    tables = read(files)
    for code in ("NOR", "VER"):
        own = tables["laps"].filter(driver=code)
        assert own["lap_time_s"].to_list() == files[f"{code}/laptimes.json"]["time"]
        raw = files[f"{code}/2_tel.json"]["tel"]
        samples = tables["telemetry"].filter(driver=code, lap=2)
        assert samples["lap_time_s"].to_list() == raw["time"]
        assert_frame_equal(
            samples.select(pl.col("x_m", "distance_m").cast(pl.Float64)),
            pl.DataFrame({"x_m": np.array(raw["x"]) / 10, "distance_m": raw["distance"]}),
            abs_tol=0.001,
        )
    assert state(tables, "laps")[0] == state(tables, "telemetry")[0] == "available"


def test_a_lap_begins_when_the_one_before_ends(files: dict[str, Any]) -> None:
    own = read(files)["laps"].filter(driver="NOR")
    assert own["start_time_s"][0] == 0
    assert own["start_time_s"][1:].to_list() == own["end_time_s"][:-1].to_list()
    assert own["end_time_s"][2] == pytest.approx(sum(files["NOR/laptimes.json"]["time"]), abs=0.0005)


def test_tables_are_sorted_as_the_schema_says(files: dict[str, Any]) -> None:
    for name, frame in read(files).items():
        if TABLES[name].sorted_by:
            assert frame.equals(frame.sort(TABLES[name].sorted_by, maintain_order=True, nulls_last=True))


def test_progress_is_reported(files: dict[str, Any]) -> None:
    calls: list[tuple[int, int]] = []
    tracinginsights.read(
        InMemory(files), year=2025, event="Dutch Grand Prix", session="R", progress=lambda *call: calls.append(call)
    )
    assert calls == [(n, 6) for n in range(1, 7)]


# -- what is odd --------------------------------------------------------------------------------------------------------------


def test_an_older_export_with_three_keys(files: dict[str, Any]) -> None:
    for code in ("NOR", "VER"):
        files[f"{code}/laptimes.json"] = {k: files[f"{code}/laptimes.json"][k] for k in ("time", "lap", "compound")}
    laps = read(files)["laps"]
    assert laps["lap_time_s"].null_count() == laps["compound"].null_count() == 0
    assert laps["sector_1_time_s"].null_count() == laps["position"].null_count() == laps.height


@pytest.mark.parametrize("nothing", ["None", "nan", "NaN", "", None, math.nan, math.inf, [], {}, "soft?", True, -1, 1e300])
def test_whatever_stands_for_nothing_is_null(files: dict[str, Any], nothing: object) -> None:
    lap_times = files["NOR/laptimes.json"]
    for name in set(lap_times) - {"lap"}:
        lap_times[name][1] = nothing
    row = read(files)["laps"].row(by_predicate=(pl.col("driver") == "NOR") & (pl.col("lap") == 2), named=True)
    told = {"driver", "lap", "start_time_s", "end_time_s"}  # from the laps before and the telemetry
    assert {k for k, v in row.items() if v is not None} - told <= ({"is_personal_best"} if nothing is True else set())


@pytest.mark.parametrize("nothing", ["None", "nan", None, math.nan, math.inf, [], {}])
def test_a_missing_sample_is_null_and_the_others_stay(files: dict[str, Any], nothing: object) -> None:
    columns = files["NOR/2_tel.json"]["tel"]
    for name in set(columns) - {"time"}:
        columns[name][5] = nothing
    lap = read(files)["telemetry"].filter(driver="NOR", lap=2)
    values = lap.drop("driver", "lap", "time_s", "lap_time_s")
    assert values.row(5) == (None,) * values.width
    assert values[4].null_count().row(0) == values[6].null_count().row(0) == (0,) * values.width


def test_numbers_written_as_text_are_numbers(files: dict[str, Any]) -> None:
    columns = files["NOR/2_tel.json"]["tel"]
    columns["speed"] = [str(v) for v in columns["speed"]]
    assert read(files)["telemetry"].filter(driver="NOR", lap=2)["speed_kmh"].null_count() == 0


def test_bare_nan_is_read(files: dict[str, Any]) -> None:
    files["NOR/laptimes.json"] = json.dumps(files["NOR/laptimes.json"]).replace("true", "NaN").encode()
    files["NOR/2_tel.json"] = json.dumps(files["NOR/2_tel.json"]).replace("[7,", "[NaN,").encode()
    tables = read(files)
    assert tables["laps"].filter(driver="NOR")["lap_time_s"].null_count() == 0
    assert tables["telemetry"].filter(driver="NOR", lap=2)["gear"][:2].to_list() == [None, 7]


def test_throttle_104_and_impossible_values_are_null(files: dict[str, Any]) -> None:
    columns = files["NOR/2_tel.json"]["tel"]
    columns["throttle"][3], columns["speed"][3], columns["gear"][3], columns["x"][3] = 104.0, -5, 300, 1e12
    row = read(files)["telemetry"].filter(driver="NOR", lap=2).row(3, named=True)
    assert (row["throttle_pct"], row["speed_kmh"], row["gear"], row["x_m"]) == (None, None, None, None)


def test_drs_that_may_be_opened_is_not_open(files: dict[str, Any]) -> None:
    columns = files["NOR/2_tel.json"]["tel"]
    columns["drs"][:6] = [0, 1, 8, 10, 12, 14]
    assert read(files)["telemetry"].filter(driver="NOR", lap=2)["drs"][:6].to_list() == [False, True, False, True, True, True]
    assert read(files, year=2026)["telemetry"]["drs"].null_count() == 1937


def test_samples_out_of_order_are_put_in_order(files: dict[str, Any]) -> None:
    columns = files["NOR/2_tel.json"]["tel"]
    straight = read(files)["telemetry"]
    for values in columns.values():
        values[10], values[20] = values[20], values[10]
    assert read(files)["telemetry"].equals(straight)


def test_one_sample_is_no_lap_time(files: dict[str, Any]) -> None:
    files["NOR/laptimes.json"]["time"][1] = "None"
    files["NOR/laptimes.json"]["s1"][1] = "None"
    files["NOR/2_tel.json"] = {"tel": telemetry([0.0])}
    tables = read(files)
    lap = tables["laps"].row(by_predicate=(pl.col("driver") == "NOR") & (pl.col("lap") == 2), named=True)
    assert lap["end_time_s"] is None
    assert state(tables, "laps")[0] == "partial"
    assert "NOR: lap 2 has no time" in (state(tables, "laps")[1] or "")


def test_a_row_without_telemetry_and_telemetry_without_a_row(files: dict[str, Any]) -> None:
    del files["NOR/2_tel.json"]
    columns = files["VER/laptimes.json"]
    for values in columns.values():
        del values[1]
    tables = read(files)
    assert tables["laps"].select("driver", "lap").rows() == [(d, n) for d in ("NOR", "VER") for n in (1, 2, 3)]
    assert tables["telemetry"].filter(driver="NOR")["lap"].unique().sort().to_list() == [1, 3]
    ver = tables["laps"].filter(driver="VER")
    assert ver["lap_time_s"].null_count() == 1
    assert ver["end_time_s"][1] - ver["start_time_s"][1] == pytest.approx(files["VER/2_tel.json"]["tel"]["time"][-1])


@pytest.mark.parametrize(
    ("damage", "note"),
    [
        (b'{"tel": {"time": [0.0, 0.1', "is damaged"),
        (b"", "is damaged"),
        ([1, 2], "is damaged"),
        ({"tel": {"time": 7}}, "is damaged"),
        ({"tel": {"time": []}}, "is empty"),
        ({"tel": {"time": ["None", None]}}, "is empty"),
        ({"tel": telemetry([0.0, 1.0]) | {"speed": [1.0]}}, "has columns of unequal length"),
        (b"[" * 100_000, "is damaged"),
    ],
)
def test_a_bad_telemetry_file_is_left_out_and_named(files: dict[str, Any], damage: object, note: str) -> None:
    files["NOR/2_tel.json"] = damage
    tables = read(files)
    assert tables["telemetry"].select("driver", "lap").unique().height == 5
    assert tables["laps"].height == 6
    assert state(tables, "telemetry") == ("partial", f"NOR/2_tel.json {note}")


def test_a_missing_column_of_telemetry_is_null(files: dict[str, Any]) -> None:
    del files["NOR/2_tel.json"]["tel"]["drs"]
    assert read(files)["telemetry"].filter(driver="NOR", lap=2)["drs"].is_null().all()


@pytest.mark.parametrize("damage", [None, b"{", b"[]", b'"lap"', b'{"lap": 3}'])
def test_a_driver_without_lap_file_is_named(files: dict[str, Any], damage: bytes | None) -> None:
    files["NOR/laptimes.json"] = damage
    tables = read(files)
    assert tables["laps"].filter(driver="NOR").height == 3  # from the telemetry
    assert "NOR:" in (state(tables, "laps")[1] or "")
    assert state(tables, "laps")[0] == "partial"


def test_a_missing_driver_folder(tmp_path: Path, files: dict[str, Any]) -> None:
    kept = {name: value for name, value in files.items() if not name.startswith("NOR/")}
    session = f1nb.load(2025, "Dutch", "R", source=to_zip(kept, tmp_path / "a.zip"))
    assert sorted(session.drivers["driver"]) == ["NOR", "VER"]
    assert session.laps["driver"].unique().to_list() == ["VER"]
    assert session.results.filter(driver="NOR")["status"].item() == "Did not start"
    assert "NOR: no lap file" in session.data_sets.filter(table="laps")["note"].item()


@pytest.mark.parametrize("corners", [None, b"{", b"[]", {"CornerNumber": ["None"], "X": ["x"]}, {"CornerNumber": 3, "X": {}}])
def test_without_usable_corners_there_are_none(files: dict[str, Any], corners: object) -> None:
    files["corners.json"] = corners
    assert read(files)["circuit"].is_empty()


@pytest.mark.parametrize(
    "drivers",
    [None, b"{", b"[]", {}, {"drivers": []}, {"drivers": [{"driver": "None"}]}, {"drivers": [{"driver": "../../etc"}]},
     {"drivers": ["NOR"]}, {"drivers": 7}],
)  # fmt: skip
def test_without_drivers_it_is_an_error(files: dict[str, Any], drivers: object) -> None:
    files["drivers.json"] = drivers
    with pytest.raises(SourceError, match=r"drivers(.json)?"):
        read(files)


def test_drivers_without_laps_are_an_error(files: dict[str, Any]) -> None:
    with pytest.raises(SourceError, match="has drivers but no laps; fetch the archive again"):
        read({"drivers.json": files["drivers.json"]})


# -- damaged zips -------------------------------------------------------------------------------------------------------------


def test_a_truncated_zip(tmp_path: Path, files: dict[str, Any]) -> None:
    path = to_zip(files, tmp_path / "a.zip")
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(SourceError, match=r"a.zip is not a complete zip file; fetch it again"):
        f1nb.load(2025, "Dutch", "R", source=path)
    assert not list((tmp_path / "home").rglob("*.parquet"))


@pytest.mark.parametrize("where", ["header", "content"])
def test_a_corrupt_member(tmp_path: Path, files: dict[str, Any], where: str) -> None:
    path = to_zip(files, tmp_path / "a.zip")
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("Dutch Grand Prix/Race/NOR/2_tel.json")
    content = bytearray(path.read_bytes())
    content[info.header_offset + (0 if where == "header" else 200)] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"a.zip is damaged at NOR/2_tel.json; fetch it again"):
        f1nb.load(2025, "Dutch", "R", source=path)
    assert not (tmp_path / "home/sessions/2025").exists()


def test_an_encrypted_zip(tmp_path: Path, files: dict[str, Any]) -> None:
    path = to_zip(files, tmp_path / "a.zip")
    content = path.read_bytes()
    at = content.index(b"PK\x01\x02") + 8  # flags of the first member in the directory
    path.write_bytes(content[:at] + struct.pack("<H", 1) + content[at + 2 :])
    with pytest.raises(SourceError, match="encrypted"):
        f1nb.load(2025, "Dutch", "R", source=path)


def test_the_real_zip_with_a_truncated_member(tmp_path: Path, dutch_zip: Path, dutch: Session) -> None:
    """A file cut short inside an otherwise whole zip: that lap has no telemetry, all else is as it was."""
    inside = "Dutch Grand Prix/Race/"
    with zipfile.ZipFile(dutch_zip) as archive:
        names = [n for n in archive.namelist() if n.startswith((f"{inside}NOR/", f"{inside}d")) and not n.endswith("/")]
        files = {n.removeprefix(inside): archive.read(n) for n in names}
    files["NOR/30_tel.json"] = files["NOR/30_tel.json"][:20_000]
    session = f1nb.load(2025, "Dutch", "R", source=to_zip(files, tmp_path / "a.zip"))
    lost = (pl.col("driver") == "NOR") & (pl.col("lap") != 30)
    columns = ["lap", "lap_time_s", "speed_kmh", "x_m"]
    assert_frame_equal(
        session.telemetry.filter(driver="NOR").select(columns).collect(), dutch.telemetry.filter(lost).select(columns).collect()
    )
    row = session.data_sets.row(by_predicate=pl.col("table") == "telemetry", named=True)
    assert (row["state"], row["note"]) == ("partial", "NOR/30_tel.json is damaged")


# -- any garbage --------------------------------------------------------------------------------------------------------------

odd = st.sampled_from(["None", "nan", "NaN", "", "1", "-1", "SOFT", "12", "soft"]) | st.none() | st.booleans()
numbers = st.floats(allow_nan=True, allow_infinity=True) | st.integers(-3, 200) | st.integers() | st.floats(0, 200)
cells = st.lists(odd | numbers | st.text(max_size=4) | st.just([]) | st.just({}), max_size=6)
KEYS = ("time", "lap", "compound", "stint", "s1", "s2", "s3", "life", "pos", "status", "pb", "del", "delR", "fresh")
lap_files = st.fixed_dictionaries({"lap": cells | st.just([1.0, 2.0, 3.0])}, optional=dict.fromkeys(KEYS[2:], cells | odd))
lap_tables = st.tuples(lap_files, cells).map(lambda t: t[0] | {"time": t[1]})
TELEMETRY_KEYS = ("rpm", "speed", "gear", "throttle", "brake", "drs", "distance", "x", "y", "z")
samples = st.integers(1, 5).flatmap(
    lambda n: st.fixed_dictionaries(
        {"time": st.lists(odd | numbers, min_size=n, max_size=n)},
        optional=dict.fromkeys(TELEMETRY_KEYS, st.lists(odd | numbers, min_size=n, max_size=n)),
    )
)
GOOD = {name: json.dumps(value).encode() for name, value in archive_session(laps=2).items()}
UNSHOWN = {"None", "nan", "NaN", "null", "undefined"}


def assert_clean(name: str, frame: pl.DataFrame) -> None:
    assert frame.schema == TABLES[name].schema
    for column in frame.iter_columns():
        if column.dtype.is_float():
            assert column.drop_nulls().is_finite().all(), (name, column.name)
        if column.dtype == pl.String:
            assert not UNSHOWN & set(column.drop_nulls()), (name, column.name)
            assert not (column == "").any()


@given(lap_tables, samples, st.sampled_from(["R", "Q"]))
@settings(max_examples=80, deadline=None)
def test_no_garbage_gets_through(table: dict[str, Any], tel: dict[str, Any], kind: str) -> None:
    files = GOOD | {"NOR/laptimes.json": table, "NOR/2_tel.json": {"tel": tel}}
    try:
        tables = read(files, session=kind)
    except SourceError:
        return
    for name, frame in tables.items():
        assert_clean(name, frame)


@given(table=lap_tables, tel=samples, kind=st.sampled_from(["R", "Q"]))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbage_is_stored_clean(tmp_path: Path, table: dict[str, Any], tel: dict[str, Any], kind: str) -> None:
    folder = {"R": "Race", "Q": "Qualifying"}[kind]
    files = GOOD | {"NOR/laptimes.json": table, "NOR/2_tel.json": {"tel": tel}}
    to_folder(files, tmp_path / "Dutch Grand Prix" / folder)
    session = f1nb.load(2025, "Dutch", kind, source=tmp_path, force=True)
    for name in TABLES:
        assert_clean(name, session.scan(name).collect())


# -- one clock for all cars ---------------------------------------------------------------------------------------------------


def test_cars_are_aligned_by_the_instants_of_their_samples() -> None:
    starts = {"VER": 12.345, "NOR": 0.5, "PIA": 370.007, "LEC": 195.0}  # PIA went out after VER and NOR had come in
    laps = read(archive_session(starts, laps=4), session="Q")["laps"]
    first = dict(laps.filter(lap=1).select("driver", "start_time_s").iter_rows())
    assert first == {code: pytest.approx(start - 0.5, abs=1e-9) for code, start in starts.items()}


def test_a_car_with_too_few_samples_is_named() -> None:
    files = archive_session({"VER": 10.0, "NOR": 0.0, "PIA": 300.0}, laps=2)
    for lap in (1, 2):
        files[f"PIA/{lap}_tel.json"] = {"tel": telemetry([0.0, 40.0, 85.0])}
    tables = read(files, session="Q")
    assert tables["laps"].filter(lap=1).sort("driver")["start_time_s"].to_list() == [0.0, 0.0, 10.0]
    assert state(tables, "laps")[1] == (
        "Clock from lap times, cars aligned to the millisecond by the pattern of their sample instants; not aligned: PIA"
    )


def test_a_driver_whose_first_laps_are_missing_is_put_in_his_place() -> None:
    files = archive_session({"VER": 0.0, "NOR": 0.0}, laps=4)
    whole = read(files)["laps"].filter(driver="NOR", lap=3)["start_time_s"].item()
    for lap in (1, 2):
        del files[f"NOR/{lap}_tel.json"]
    for values in files["NOR/laptimes.json"].values():
        del values[:2]
    assert read(files)["laps"].filter(driver="NOR", lap=3)["start_time_s"].item() == whole


def test_folder_and_memory_read_the_same(tmp_path: Path, files: dict[str, Any]) -> None:
    here = tracinginsights.read(FolderFiles(to_folder(files, tmp_path)), year=2025, event="Dutch Grand Prix", session="R")
    for name, frame in read(files).items():
        assert here[name].equals(frame)
