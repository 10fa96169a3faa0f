"""The budgets of the design that need no browser. Each group has what it is compared with, measured in the same run."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import orjson
import polars as pl
import pytest

import f1nb
from f1nb.panels._tables import TABLES
from f1nb.panels._wire import encode
from f1nb.session import Session

DATA = Path(os.environ.get("F1NB_TEST_DATA") or Path(__file__).parents[3] / "shared" / "data").resolve()

_IMPORT = """
import sys, time
start = time.perf_counter()
import {module}
seconds = time.perf_counter() - start
status = open("/proc/self/status").read()
print(seconds, int(status.split("VmRSS:")[1].split()[0]) / 1024)
"""


@pytest.mark.benchmark(group="import")
@pytest.mark.parametrize("module", ["f1nb", "fastf1"])
def test_import(benchmark, module: str, fastf1) -> None:
    seconds, megabytes = [], []

    def once() -> None:
        out = subprocess.run([sys.executable, "-c", _IMPORT.format(module=module)], capture_output=True, text=True, check=True)
        s, mb = map(float, out.stdout.split())
        seconds.append(s)
        megabytes.append(mb)

    benchmark.pedantic(once, rounds=7, warmup_rounds=1)
    benchmark.extra_info |= {"import_s": statistics.median(seconds), "rss_mb": statistics.median(megabytes)}


@pytest.mark.benchmark(group="open a stored race")
def test_open_f1nb(benchmark, dutch: Session) -> None:
    def once() -> None:
        race = f1nb.load(2025, "Dutch Grand Prix", "R")
        _ = race.session, race.drivers, race.laps, race.weather, race.race_control

    benchmark(once)


@pytest.mark.benchmark(group="open a stored race")
def test_open_fastf1(benchmark, fastf1, home: Path) -> None:
    """A warm FastF1 session of the mirror: the 2018 Azerbaijan race, laps only."""
    session = _fastf1_session(fastf1, home)
    session.load(telemetry=False, weather=False, messages=True)  # fills the cache

    def once() -> None:
        _fastf1_session(fastf1, home).load(telemetry=False, weather=False, messages=True)

    benchmark.pedantic(once, rounds=5)


def _fastf1_session(fastf1, home: Path):
    import logging

    import requests
    from requests.adapters import BaseAdapter

    root = DATA / "mirror"
    if not root.is_dir():
        pytest.skip(f"no real data: {root} is missing; set F1NB_TEST_DATA")

    class Disk(BaseAdapter):
        def send(self, request, **_):
            response = requests.Response()
            url = request.url.split("://", 1)[1]
            path = next((p for p in (root / url, root / url.split("?")[0]) if p.is_file()), None)
            response.status_code = 200 if path else 404
            response._content = path.read_bytes() if path else b""
            response.request, response.url = request, request.url
            return response

        def close(self) -> None:
            pass

    logging.getLogger("fastf1").setLevel(logging.CRITICAL)
    cache = home / "fastf1"
    cache.mkdir(exist_ok=True)
    fastf1.Cache.configure(cache_dir=str(cache), use_requests_cache=False)
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, Disk())
    fastf1.Cache._requests_session = session
    return fastf1.get_session(2018, "Azerbaijan", "R")


@pytest.mark.benchmark(group="telemetry of one lap")
def test_one_lap_f1nb(benchmark, dutch: Session) -> None:
    frame = benchmark(lambda: dutch.pick(driver="NOR", lap=41).telemetry.collect())
    assert frame.height > 500


@pytest.mark.benchmark(group="telemetry of one lap")
def test_one_lap_fastf1(benchmark, fastf1, dutch: Session) -> None:
    """FastF1's way from its car and position data of one driver to a lap's telemetry: slice, merge, add distance."""
    from fastf1.core import Telemetry

    own = dutch.pick(driver="NOR").telemetry.collect().to_pandas()
    lap = dutch.pick(driver="NOR", lap=41).laps.row(0, named=True)
    import pandas as pd

    time = pd.to_timedelta(own["time_s"], unit="s")
    date = pd.Timestamp("2025-08-31 13:00") + time
    session = SimpleNamespace(t0_date=pd.Timestamp("2025-08-31 13:00"))  # all that the merge asks of it
    base = {"SessionTime": time, "Time": time, "Date": date}
    car = Telemetry(
        {**base, "Speed": own["speed_kmh"], "RPM": own["rpm"], "nGear": own["gear"].astype(float),
         "Throttle": own["throttle_pct"], "Brake": own["is_braking"].astype(bool), "DRS": 0, "Source": "car"},
        session=session,
    )[::2]  # fmt: skip
    pos = Telemetry(
        {**base, "X": own["x_m"], "Y": own["y_m"], "Z": own["z_m"], "Status": "OnTrack", "Source": "pos"}, session=session
    )[1::2]
    start, end = (pd.to_timedelta(lap[c], unit="s") for c in ("start_time_s", "end_time_s"))

    def once():
        a = car.slice_by_time(start, end, pad=1, pad_side="both")
        b = pos.slice_by_time(start, end, pad=1, pad_side="both")
        return a.merge_channels(b).slice_by_time(start, end, interpolate_edges=True).add_distance()

    benchmark.pedantic(once, rounds=5, warmup_rounds=1)


@pytest.mark.benchmark(group="telemetry of the whole race")
def test_whole_race(benchmark, dutch: Session, dutch_folder: Path) -> None:
    frame = benchmark(lambda: dutch.telemetry.collect())
    assert frame.height == 837_025
    size = max(dutch_folder.glob("telemetry-*.parquet"), key=lambda p: p.stat().st_mtime).stat().st_size
    benchmark.extra_info["megabytes"] = size / 1e6


@pytest.mark.benchmark(group="ingest a race from its zip")
def test_ingest_f1nb(benchmark, dutch_zip: Path) -> None:
    benchmark.pedantic(lambda: f1nb.load(2025, "Dutch", "R", source=dutch_zip, force=True), rounds=5, warmup_rounds=1)


@pytest.mark.benchmark(group="ingest a race from its zip")
def test_ingest_orjson(benchmark, dutch_zip: Path) -> None:
    """Inflate and parse the same bytes, and nothing else."""

    def once() -> None:
        archive = zipfile.ZipFile(dutch_zip)
        for name in archive.namelist():
            if name.endswith(".json"):
                orjson.loads(archive.read(name))

    benchmark.pedantic(once, rounds=5, warmup_rounds=1)


@pytest.mark.benchmark(group="replay to the browser")
def test_browser_payload(benchmark, dutch: Session) -> None:
    frames = {name: wire.make(dutch) for name, wire in TABLES.items()}
    sizes = benchmark(lambda: {name: len(encode(frame)) for name, frame in frames.items()})
    benchmark.extra_info |= {"megabytes": sum(sizes.values()) / 1e6, "tables": sizes}


@pytest.mark.benchmark(group="simulate a race")
def test_simulate(benchmark) -> None:
    race = benchmark.pedantic(lambda: f1nb.simulate(), rounds=3, warmup_rounds=1)
    assert race.laps["lap"].max() == 57


@pytest.mark.benchmark(group="lap delta")
def test_lap_delta(benchmark, dutch: Session) -> None:
    from f1nb.analysis.telemetry import lap_delta, traces

    frame = traces(dutch, [("NOR", 59), ("PIA", 60)])
    nor, pia = (frame.filter(pl.col("driver") == d) for d in ("NOR", "PIA"))
    delta = benchmark(lambda: lap_delta(nor, reference=pia))
    assert np.isclose(delta["delta_s"][-1], 72.379 - 72.271, atol=0.0005)
