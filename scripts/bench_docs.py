"""Write docs/benchmarks.md from the figures of a run of `make bench`."""

from __future__ import annotations

import json
import platform
import sys
from pathlib import Path

_MESSAGES = 9_991  # of the recorded qualifying hour
TARGET = Path(__file__).parents[1] / "docs" / "benchmarks.md"

HEAD = """# Benchmarks

Written by `make bench` ({date}, {machine}). Medians of one run on a shared machine: compare the ratios, not the times. FastF1
and plain orjson are measured in the same run. The browser is headless Chromium with software rendering.

| what | budget | measured | compared |
|---|---|---|---|
"""


def main(path: str) -> None:
    """Read the report at `path` and write the page."""
    report = json.loads(Path(path).read_text())
    runs = {entry["name"]: entry for entry in report["benchmarks"]}

    def ms(name: str) -> float | None:
        return runs[name]["stats"]["median"] * 1000 if name in runs else None

    def extra(name: str, key: str) -> float | None:
        return runs[name]["extra_info"].get(key) if name in runs else None

    def shown(value: float | None, unit: str) -> str:
        if value is None:
            return "not measured"
        if unit == "s":
            return f"{value / 1000:.2f} s"
        if unit == "ms" and value < 0.1:
            return f"{value * 1000:.0f} µs"
        return f"{value:.{0 if value >= 100 else 1}f} {unit}"

    def ratio(a: float | None, b: float | None) -> str:
        return "" if not a or not b else f", {b / a:.0f}×" if b / a >= 10 else f", {b / a:.1f}×"

    def rate(took_ms: float | None) -> str:
        return "not measured" if not took_ms else f"{_MESSAGES / took_ms * 1000:,.0f}/s"

    def centiles(name: str) -> str:
        return f"p50 {shown(extra(name, 'p50_ms'), 'ms')}, p99 {shown(extra(name, 'p99_ms'), 'ms')}"

    def import_of(module: str) -> str:
        seconds, size = extra(f"test_import[{module}]", "import_s"), extra(f"test_import[{module}]", "rss_mb")
        return "not measured" if seconds is None or size is None else f"{seconds:.2f} s, {size:.0f} MB"

    ours, theirs = ms("test_ingest_f1nb"), ms("test_ingest_orjson")
    fps, messages = extra("test_playing", "fps"), extra("test_playing", "kernel_messages")
    rows = [
        ("`import f1nb`", "≤ 0.25 s, ≤ 90 MB", import_of("f1nb"), f"FastF1 {import_of('fastf1')}"),
        ("open a stored race: session, drivers, laps, weather, messages", "≤ 15 ms", shown(ms("test_open_f1nb"), "ms"),
         f"FastF1 warm, 2018 Azerbaijan, laps and messages: {shown(ms('test_open_fastf1'), 'ms')}"
         + ratio(ms("test_open_f1nb"), ms("test_open_fastf1"))),
        ("telemetry of one lap", "≤ 2 ms", shown(ms("test_one_lap_f1nb"), "ms"),
         f"FastF1's slice, merge and distance of the same lap: {shown(ms('test_one_lap_fastf1'), 'ms')}"
         + ratio(ms("test_one_lap_f1nb"), ms("test_one_lap_fastf1"))),
        ("telemetry of the whole race, 837,025 rows", "≤ 40 ms, ≤ 7 MB",
         f"{shown(ms('test_whole_race'), 'ms')}, {shown(extra('test_whole_race', 'megabytes'), 'MB')}", "157 MB of JSON"),
        ("ingest the Dutch GP from its zip, derived tables and store included", "≤ 3 × orjson", shown(ours, "s"),
         f"inflate and orjson of the same bytes {shown(theirs, 's')}: {(ours or 0) / (theirs or 1):.1f} ×"),
        ("decode car and position data of a race, 834,000 samples", "≥ 3 × faster than FastF1",
         f"{shown(ms('test_decode_f1nb'), 's')} of CPU",
         f"FastF1 on the same bytes: {shown(ms('test_decode_fastf1'), 's')}"
         + ratio(ms("test_decode_f1nb"), ms("test_decode_fastf1"))),
        ("merge them into telemetry, cut into laps", "", shown(ms("test_merge"), "s"), ""),
        ("timing of a race from the official files, all tables", "", f"{shown(ms('test_archive_f1nb'), 's')} of CPU",
         f"FastF1, laps and tyres only: {shown(ms('test_archive_fastf1'), 's')}"
         + ratio(ms("test_archive_f1nb"), ms("test_archive_fastf1"))),
        ("the fastest lap of each of 200 stored sessions", "", shown(ms("test_scan_all"), "ms"),
         f"opening one after the other: {shown(ms('test_open_all'), 'ms')}" + ratio(ms("test_scan_all"), ms("test_open_all"))),
        ("replay to the browser, 20 cars, all tables", "≤ 1 MB",
         shown(extra("test_browser_payload", "megabytes"), "MB"), f"packed in {shown(ms('test_browser_payload'), 'ms')}"),
        ("playing: map, table, telemetry cursor", "60 fps, 0 messages",
         f"{shown(fps, 'fps')}, {messages} messages",
         f"long tasks {shown(extra('test_playing', 'long_tasks_ms'), 'ms')} in 5 s"),
        ("seek", "≤ 50 ms", shown(extra("test_playing", "seek_ms"), "ms"), ""),
        ("dashboard, GET to all panels drawn, cold", "≤ 3 s", shown(ms("test_cold"), "s"), "simulated, 22 cars"),
        ("the same, preheated", "≤ 2 s", shown(ms("test_preheated[simulated]"), "s"),
         f"Dutch GP {shown(ms('test_preheated[dutch]'), 's')}"),
        ("kernel of a viewer", "≤ 150 MB", shown(extra("test_playing", "kernel_mb"), "MB"), ""),
        ("standalone HTML", "≤ 6 MB, drawn ≤ 1.5 s",
         f"{shown(extra('test_standalone', 'megabytes'), 'MB')}, {shown(ms('test_standalone'), 's')}", "no request"),
        ("simulate 57 laps of 22 cars, derived tables included", "< 5 s", shown(ms("test_simulate"), "s"), ""),
        ("delta between two laps", "", shown(ms("test_lap_delta"), "ms"), ""),
        ("the live feed: state and changes of a qualifying hour, 9,991 messages", "≥ 200,000/s",
         f"{shown(ms('test_live_state'), 'ms')} of CPU, {rate(ms('test_live_state'))}",
         f"the plainest merge of them: {shown(ms('test_live_plain_merge'), 'ms')}, {rate(ms('test_live_plain_merge'))}"),
        ("tables of a live session after ten more messages", "", f"{shown(ms('test_live_refresh'), 'ms')} of CPU",
         f"made anew: {shown(ms('test_live_tables'), 'ms')}"),
        ("from a message to its figure on the screen, at a race's rate", "p99 ≤ 250 ms",
         centiles("test_message_to_pixel"), "ten growths a second at most"),
        ("a relay with 500 clients, the feed cut twice", "p99 ≤ 250 ms, nothing lost",
         f"{centiles('test_relay_500')}, {extra('test_relay_500', 'lost')} lost",
         f"the relay: {shown(extra('test_relay_500', 'relay_cpu_pct'), '%')} of a core"),
    ]  # fmt: skip
    cpu = report["machine_info"]["cpu"]
    machine = (
        f"{cpu['count']} cores, {cpu.get('brand_raw', platform.machine())}, Python {report['machine_info']['python_version']}"
    )
    text = HEAD.format(date=report["datetime"][:10], machine=machine)
    TARGET.write_text(text + "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n")
    print(f"wrote {TARGET.name}")


if __name__ == "__main__":
    main(sys.argv[1])
