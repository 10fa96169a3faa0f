"""What Python packs, the browser's half unpacks: checked with the built file in Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from f1nb.panels import _wire
from f1nb.schema import TABLES, steps_per_unit
from f1nb.session import GrowingSession, Session

READER = """
import columns from "%s";
import { createInterface } from "node:readline";
const view = (data) => {
  const bytes = Buffer.from(data, "base64");
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};
for await (const line of createInterface({ input: process.stdin })) {
  const { data, columns: wanted, grown } = JSON.parse(line);
  let hear;
  const asked = [];
  const state = { data: view(data), version: 0 };
  const model = { get: (name) => state[name], on: (_, callback) => { hear = callback; }, send: (m) => asked.push(m.type) };
  const { signal } = new AbortController();
  const table = await columns.initialize({ model, signal }).table();
  for (const [message, payload] of grown) {
    const told = new Promise((resolve) => table.watch(resolve, signal));
    hear(message, [view(payload)]);
    await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 50))]);
  }
  const out = { rows: table.rows, columns: {}, asked };
  for (const [name, kind] of wanted) {
    const numbers = () => Array.from(table.number(name), (v) => (Number.isNaN(v) ? null : v));
    out.columns[name] = kind === "text" ? table.text(name) : numbers();
  }
  console.log(JSON.stringify(out));
}
"""

Unpack = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def unpack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unpack]:
    """The browser's half: takes a frame, returns its columns as JavaScript sees them."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is needed to run the browser's half of the wire")
    script = tmp_path_factory.mktemp("wire") / "reader.mjs"
    built = tmp_path_factory.mktemp("built") / "columns.mjs"
    built.write_text((_wire.STATIC / "columns.js").read_text())
    script.write_text(READER % built.as_uri())
    process = subprocess.Popen([node, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    stdin, stdout = process.stdin, process.stdout

    def ask(frame: pl.DataFrame, grown: Sequence[tuple[dict[str, Any], bytes]] = ()) -> dict[str, Any]:
        kinds = [
            (c.name, "text" if c.dtype in (pl.String, pl.Enum, pl.Categorical) else "number") for c in frame.iter_columns()
        ]
        said = [[message, b64encode(payload).decode()] for message, payload in grown]
        asked = {"data": b64encode(_wire.encode(frame)).decode(), "columns": kinds, "grown": said}
        stdin.write(json.dumps(asked) + "\n")
        stdin.flush()
        return json.loads(stdout.readline())

    yield ask
    stdin.close()
    process.wait(10)
    stdout.close()


def assert_same(frame: pl.DataFrame, got: dict[str, Any]) -> None:
    assert got["rows"] == frame.height
    for column in frame.iter_columns():
        seen = got["columns"][column.name]
        if column.dtype.is_float():
            step = 1 / steps_per_unit(column.name)
            assert seen == [None if v is None else pytest.approx(v, abs=0.5001 * step) for v in column]
        else:
            assert seen == column.to_list()


INT32 = st.integers(-(2**31), 2**31 - 1)
KINDS = {
    "lap_time_s": (pl.Float64, st.floats(-2e6, 2e6)),
    "speed_kmh": (pl.Float32, st.floats(0, 400, width=32)),
    "rpm": (pl.Float32, st.floats(0, 15_000, width=32)),
    "lap": (pl.Int32, INT32),
    "gear": (pl.Int8, st.integers(-128, 127)),
    "is_pit_in": (pl.Boolean, st.booleans()),
    "message": (pl.String, st.text()),
    "compound": (pl.Enum(["SOFT", "MEDIUM", "HARD"]), st.sampled_from(["SOFT", "MEDIUM", "HARD"])),
    "team": (pl.Categorical, st.sampled_from(["McLaren", "Kick Sauber", "Ferrari 🏎"])),
}


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    rows = draw(st.integers(0, 12))
    names = draw(st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=5, unique=True))
    data = {name: draw(st.lists(st.none() | KINDS[name][1], min_size=rows, max_size=rows)) for name in names}
    return pl.DataFrame(data, schema={name: KINDS[name][0] for name in names})


@given(frames())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_packed_is_unpacked(unpack: Unpack, frame: pl.DataFrame) -> None:
    assert_same(frame, unpack(frame))


@pytest.mark.parametrize(
    "values",
    [
        [],
        [None, None],
        [-(2**31), 2**31 - 1, -(2**31), 0, 2**31 - 1],  # differences that do not fit into 32 bits
        list(range(100_000)),
        [n * n for n in range(40_000)],
        [0, None, 0, None],
    ],
    ids=["empty", "all null", "widest", "steady", "speeding up", "holes"],
)
def test_numbers_at_the_edges(unpack: Unpack, values: list[int | None]) -> None:
    frame = pl.DataFrame({"lap": values}, schema={"lap": pl.Int32})
    assert_same(frame, unpack(frame))


def test_tables_of_a_session(unpack: Unpack, simulated: Session) -> None:
    for name in ("laps", "timing", "positions", "race_control", "circuit", "weather"):
        frame = simulated.scan(name).collect()
        frame = frame.select(c for c in frame.columns if not isinstance(TABLES[name].schema[c], pl.List))
        columns = frame.with_columns(pl.col(pl.Boolean).cast(pl.Int8))
        assert_same(columns, unpack(frame))


def test_a_race_of_positions_is_small(dutch: Session) -> None:
    frame = dutch.positions.select("time_s", "x_m", "y_m")
    assert len(_wire.encode(frame)) < frame.estimated_size() / 4


@pytest.mark.parametrize(
    ("values", "dtype"),
    [([[1]], pl.List(pl.Int32)), ([date(2025, 8, 31)], pl.Date), ([b"x"], pl.Binary), ([{"a": 1}], pl.Struct({"a": pl.Int8}))],
)
def test_other_types_are_refused(values: list[Any], dtype: pl.DataType) -> None:
    with pytest.raises(TypeError, match=r"column 'odd' of type .* cannot be sent to the browser"):
        _wire.encode(pl.DataFrame({"odd": values}, schema={"odd": dtype}))


@pytest.mark.parametrize(
    ("name", "values"), [("lap", [2**31]), ("lap", [-(2**40)]), ("time_s", [2**31 / 1000]), ("x_m", [float("inf")])]
)
def test_a_number_that_does_not_fit_is_refused(name: str, values: list[float]) -> None:
    with pytest.raises(ValueError, match=f"column '{name}' has a value that does not fit"):
        _wire.encode(pl.DataFrame({name: values}))


def test_nan_is_missing(unpack: Unpack) -> None:
    assert unpack(pl.DataFrame({"x_m": [1.0, float("nan")]}))["columns"]["x_m"] == [1.0, None]


class Heard:
    """What a table says to the browser."""

    def __init__(self, table: _wire.Columns) -> None:
        self.messages: list[tuple[dict[str, Any], bytes]] = []
        assert table.comm is not None
        table.comm.publish_msg = self._take  # type: ignore[method-assign]

    def _take(self, _kind: str, data: Any = None, buffers: Any = None, **_: Any) -> None:
        if data and data.get("method") == "custom":
            self.messages.append((data["content"], bytes(buffers[0])))


def weather(rows: int, air_temp_c: float = 20.0) -> pl.DataFrame:
    return TABLES["weather"].frame({"time_s": [60.0 * i for i in range(rows)], "air_temp_c": [air_temp_c] * rows})


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from([20.0, 21.0])), min_size=1, max_size=6))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_table_that_grows_is_the_same_in_the_browser(unpack: Unpack, steps: list[tuple[int, float]]) -> None:
    session = GrowingSession()
    table = _wire.columns(session, "weather")
    heard = Heard(table)
    before = session.weather
    for rows, air_temp_c in steps:
        session.update({"weather": weather(rows, air_temp_c)})
    now = session.weather
    got = unpack(before, heard.messages)
    assert_same(now.with_columns(pl.col(pl.Boolean).cast(pl.Int8)), got)
    assert not got["asked"]


def test_only_what_is_new_is_sent() -> None:
    session = GrowingSession()
    session.update({"weather": weather(500)})
    heard = Heard(_wire.columns(session, "weather"))
    session.update({"weather": weather(501)})
    session.update({"weather": weather(501)})  # nothing in it is new
    session.update({"race_control": TABLES["race_control"].frame({"time_s": [1.0]})})
    ((message, payload),) = heard.messages
    assert message["kept"] == 500
    assert len(payload) < 400


def test_a_page_that_missed_something_asks_for_all_of_it(unpack: Unpack) -> None:
    session = GrowingSession()
    session.update({"weather": weather(2)})
    table = _wire.columns(session, "weather")
    heard = Heard(table)
    session.update({"weather": weather(3)})
    session.update({"weather": weather(4)})
    assert unpack(weather(2), heard.messages[1:])["asked"] == ["again"]
    assert table.comm is not None
    table.comm.handle_msg({"content": {"data": {"method": "custom", "content": {"type": "again"}}}, "buffers": []})
    got = unpack(weather(2), heard.messages[1:])
    assert_same(weather(4).with_columns(pl.col(pl.Boolean).cast(pl.Int8)), got)


def test_a_page_that_is_opened_later_gets_all_of_it(unpack: Unpack) -> None:
    session = GrowingSession()
    table = _wire.columns(session, "weather")
    session.update({"weather": weather(3)})
    state = table.get_state()
    assert state["version"] == 1
    assert state["data"] == _wire.encode(weather(3))


def test_static_folder_is_in_the_package() -> None:
    assert (Path(_wire.__file__).parent / "static" / "columns.js").is_file()
