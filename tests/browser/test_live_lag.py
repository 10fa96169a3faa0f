"""How long it takes from a message of the feed to its figure on the screen; run by `make bench`."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from feed_host import FeedHost, now_utc

from f1nb.live.protocol import Message

pytestmark = pytest.mark.browser

CARS = [str(number) for number in range(1, 21)]
STATE = {
    "SessionInfo": {
        "Key": 1, "Name": "Race", "Type": "Race", "StartDate": "2025-08-31T15:00:00", "Meeting": {"Name": "Dutch Grand Prix"},
    },
    "DriverList": {n: {"RacingNumber": n, "Tla": f"C{int(n):02d}", "Line": int(n)} for n in CARS},
    "TimingData": {"Lines": {n: {"RacingNumber": n, "Position": n, "LastLapTime": {"Value": "1:20.000"}} for n in CARS}},
    "TrackStatus": {"Status": "1"},
}  # fmt: skip
# what the flag's plate has said, and when that was painted
_WATCH = """() => {
  window.seen = [];
  const look = () => {
    const text = document.querySelector(".f1nb-plate b")?.textContent;
    if (!text || text === "Track clear" && !seen.length || seen.at(-1)?.[0] === text) return;
    const entry = [text, 0];
    seen.push(entry);
    requestAnimationFrame(() => setTimeout(() => { entry[1] = Date.now(); }));
  };
  const what = { subtree: true, childList: true, characterData: true };
  new MutationObserver(look).observe(document.querySelector(".f1nb-top"), what);
}"""
FLAGS = {"2": "Yellow flag", "4": "Safety car", "5": "Red flag", "6": "Virtual SC", "1": "Track clear"}


def lags(sent: list[tuple[str, float]], seen: list[tuple[str, float]]) -> Iterator[float]:
    """Yield how long each message took to be painted; those that never were are left out."""
    painted = iter(seen)
    name, at = next(painted, ("", 0.0))
    for i, (text, sent_at) in enumerate(sent):
        next_at = sent[i + len(FLAGS)][1] if i + len(FLAGS) < len(sent) else float("inf")
        if text == name and sent_at <= at < next_at:
            yield at - sent_at
            name, at = next(painted, ("", 0.0))


@pytest.mark.benchmark(group="live, from a message to its figure on the screen")
def test_message_to_pixel(
    benchmark, open_page, home, server_environment: dict[str, str], address_of: Callable[[subprocess.Popen[str]], str]
) -> None:
    """A race's rate, 40 messages a second, and among them every 0.4 s one that is timed."""
    host = FeedHost(STATE)
    command = [sys.executable, "-m", "f1nb.cli", "dashboard", "--live", host.url, "--no-browser"]
    process = subprocess.Popen(
        command, env=server_environment, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        watched = open_page(address_of(process))
        watched.page.get_by_text("Track clear").wait_for()
        watched.page.wait_for_timeout(3000)
        watched.page.evaluate(_WATCH)
        sent: list[tuple[str, float]] = []

        def play() -> list[float]:
            for i in range(150):
                code, name = list(FLAGS.items())[i % len(FLAGS)]
                sent.append((name, time.time() * 1000))
                host.publish([Message("TrackStatus", {"Status": code}, now_utc())])
                for k in range(16):
                    time.sleep(0.025)
                    line = {"Sectors": {str(k % 3): {"Value": f"{20 + i / 10:.3f}"}}, "NumberOfLaps": i}
                    host.publish([Message("TimingData", {"Lines": {CARS[(i + k) % 20]: line}}, now_utc())])
            watched.page.wait_for_timeout(2000)
            return sorted(lags(sent, watched.page.evaluate("seen")))

        lags_ms = benchmark.pedantic(play, rounds=1)
        assert len(lags_ms) >= 140  # one that is followed by the next before a refresh is never painted
        centiles = statistics.quantiles(lags_ms, n=100)
        benchmark.extra_info |= {"p50_ms": centiles[49], "p90_ms": centiles[89], "p99_ms": centiles[98]}
    finally:
        process.terminate()
        process.wait(20)
        host.close()
