"""The official archive's files of a race into tables: ours against FastF1's own reader of the same bytes."""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path
from types import ModuleType

import pytest

from f1nb.sources import archive
from f1nb.sources._files import FolderFiles

RACE = "livetiming.formula1.com/static/2018/2018-04-29_Azerbaijan_Grand_Prix/2018-04-29_Race"
CPU = {"rounds": 3, "warmup_rounds": 1}


@pytest.fixture
def race(mirror: Path) -> Path:
    return mirror / RACE


@pytest.mark.benchmark(group="timing of a race from the archive", timer=time.process_time)
def test_archive_f1nb(benchmark, race: Path) -> None:
    """All tables: laps, the change log of the screen, tyres, messages, status."""
    tables = benchmark.pedantic(
        lambda: archive.read(FolderFiles(race), year=2018, event="Azerbaijan Grand Prix", session="R", address=""), **CPU
    )
    assert tables["laps"].height > 840


@pytest.mark.benchmark(group="timing of a race from the archive", timer=time.process_time)
def test_archive_fastf1(benchmark, fastf1: ModuleType, race: Path) -> None:
    """FastF1's parse of TimingData and TimingAppData, without what it does to the laps afterwards."""
    from fastf1 import _api

    logging.getLogger("fastf1").setLevel(logging.CRITICAL)

    def responses(topic: str) -> list[list[object]]:
        text = (race / f"{topic}.jsonStream").read_text(encoding="utf-8-sig")
        return [[line[:12], json.loads(line[12:])] for line in text.splitlines() if line]

    def parse() -> int:
        laps, *_ = _api._extended_timing_data.__wrapped__("", response=responses("TimingData"))
        _api.timing_app_data.__wrapped__("", response=responses("TimingAppData"))
        return len(laps)

    assert benchmark.pedantic(parse, **CPU) > 800
