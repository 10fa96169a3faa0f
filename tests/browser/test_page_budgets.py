"""The budgets of the design that need a browser; run by `make bench`, not by `make test`."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from f1nb.compose import dashboard

pytestmark = pytest.mark.browser

_DRAWN = """() => document.querySelectorAll("table tr[data-driver]").length > 9
  && [...document.querySelectorAll(".f1nb-map canvas")].some((c) => c.width > 0)
  && document.querySelector("[data-area=telemetry] .f1nb-panel .f1nb-body")?.childElementCount > 0
  && document.querySelector("[role=slider]")"""
_FRAMES = """(ms) => new Promise((done) => {
  const start = performance.now();
  let frames = 0, busy = 0;
  const observer = new PerformanceObserver((list) => list.getEntries().forEach((e) => { busy += e.duration; }));
  observer.observe({ entryTypes: ["longtask"] });
  const step = (now) => {
    frames += 1;
    if (now - start < ms) requestAnimationFrame(step);
    else done({ fps: (frames * 1000) / (now - start), long_tasks_ms: busy });
  };
  requestAnimationFrame(step);
})"""
_SEEK = """async () => {
  const slider = document.querySelector("[role=slider]");
  const costs = [];
  for (let i = 0; i < 24; i++) {
    const key = i % 8 < 5 ? "PageDown" : "PageUp";
    const start = performance.now();
    slider.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    const handled = performance.now() - start;
    const frame = await new Promise(requestAnimationFrame);
    const drawn = await new Promise((done) => setTimeout(() => done(performance.now())));
    costs.push(handled + drawn - Math.max(frame, start));
  }
  return costs.sort((a, b) => a - b)[12];
}"""
_KERNEL = """
import sys
from f1nb.serve import dashboard_notebook, serve
serve(dashboard_notebook("session"), open_browser=False, preheat=False, params={"event": "simulated"})
"""


@pytest.fixture(scope="module")
def cold_server(home: Path, server: str, server_environment: dict[str, str]) -> Iterator[str]:
    """Address of a server that keeps no kernel ready. The other one has simulated the race by now."""
    process = subprocess.Popen(
        [sys.executable, "-c", _KERNEL], env=server_environment, cwd=home, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    found = re.search(r"http://[\w.]+:\d+/", process.stdout.readline())
    assert found
    yield found[0]
    process.terminate()
    process.wait(20)


def get_to_drawn(open_page, url: str) -> float:
    start = time.perf_counter()
    watched = open_page(url)
    watched.page.wait_for_function(_DRAWN, timeout=60_000)
    seconds = time.perf_counter() - start
    watched.page.context.close()
    return seconds


@pytest.mark.benchmark(group="dashboard, GET to all panels drawn")
@pytest.mark.parametrize("race", ["simulated", "dutch"])
def test_preheated(benchmark, open_page, server: str, dutch_query, race: str) -> None:
    query = "event=simulated" if race == "simulated" else "&".join(f"{k}={v}" for k, v in dutch_query.items())
    benchmark.pedantic(
        lambda: get_to_drawn(open_page, f"{server}?{query}"), setup=lambda: time.sleep(7), rounds=5, warmup_rounds=1
    )


@pytest.mark.benchmark(group="dashboard, GET to all panels drawn")
def test_cold(benchmark, open_page, cold_server: str) -> None:
    benchmark.pedantic(
        lambda: get_to_drawn(open_page, f"{cold_server}?event=simulated"),
        setup=lambda: time.sleep(3),
        rounds=5,
        warmup_rounds=1,
    )


@pytest.mark.benchmark(group="playing the Dutch Grand Prix")
def test_playing(benchmark, open_page, server: str, dutch_query) -> None:
    query = "&".join(f"{k}={v}" for k, v in dutch_query.items())
    watched = open_page(f"{server}?{query}&t=1600&drivers=NOR,PIA").wait_until_drawn()
    watched.page.wait_for_timeout(3000)
    kernels = _kernel_megabytes()
    watched.page.get_by_role("button", name="Play", exact=True).first.click()
    watched.page.wait_for_timeout(1000)
    frames = watched.frames
    result = benchmark.pedantic(lambda: watched.page.evaluate(_FRAMES, 5000), rounds=1)
    benchmark.extra_info |= result | {"kernel_messages": watched.frames - frames, "kernel_mb": kernels}
    watched.page.get_by_role("button", name="Pause", exact=True).first.click()
    benchmark.extra_info["seek_ms"] = watched.page.evaluate(_SEEK)


def _kernel_megabytes() -> float:
    """Return the resident memory of the largest kernel."""
    sizes = [0.0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if b"ipykernel_launcher" in (status.parent / "cmdline").read_bytes():
                sizes.append(int(status.read_text().split("VmRSS:")[1].split()[0]) / 1024)
        except (FileNotFoundError, ProcessLookupError, IndexError):
            continue
    return max(sizes)


@pytest.mark.benchmark(group="standalone file of the Dutch Grand Prix")
def test_standalone(benchmark, open_page, dutch, tmp_path: Path) -> None:
    path = dashboard(dutch).to_html(tmp_path / "race.html")
    benchmark.extra_info["megabytes"] = path.stat().st_size / 1e6
    benchmark.pedantic(lambda: get_to_drawn(open_page, path.as_uri()), rounds=5, warmup_rounds=1)
