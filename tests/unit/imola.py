"""The recording of a real qualifying, as messages of the live feed."""

from __future__ import annotations

import pytest
from real_data import DATA

from f1nb.live import recordings
from f1nb.live.protocol import Message

FOLDER = DATA / "recordings" / "2024_Imola_Qualifying"


def imola() -> tuple[dict, list[Message]]:
    """Return the snapshot and the messages, or skip."""
    if not FOLDER.is_dir():
        pytest.skip(f"no real data: {FOLDER} is missing; set F1NB_TEST_DATA")
    found = recordings.read(FOLDER)
    return found.snapshot, found.messages
