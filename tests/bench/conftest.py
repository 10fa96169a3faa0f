"""What the budgets are measured on: the Dutch Grand Prix, stored once."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def dutch_folder(dutch, home: Path) -> Path:
    """Folder of the stored race."""
    return home / "sessions/2025/dutch-grand-prix/R"


@pytest.fixture(scope="session")
def fastf1() -> ModuleType:
    if importlib.util.find_spec("fastf1") is None:
        pytest.skip("FastF1 is not installed: pip install 'f1nb[fastf1]'")
    import fastf1

    return fastf1
