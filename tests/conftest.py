"""Real sessions for all tests: from F1NB_TEST_DATA, loaded once into a store of their own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from real_data import DATA

import f1nb
from f1nb.session import Session


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep every test away from the user's own store."""
    path = tmp_path_factory.mktemp("home")
    os.environ["F1NB_HOME"] = str(path)
    return path


def archive(name: str) -> Path:
    """Return a zip of the per-lap archive, or skip."""
    path = DATA / "tracinginsights" / name
    if not path.is_file():
        pytest.skip(f"no real data: {path} is missing; set F1NB_TEST_DATA")
    return path


@pytest.fixture(scope="session")
def mirror() -> Path:
    """What the hosts have published, as ``host/path``: for ``F1NB_ARCHIVE``."""
    path = DATA / "mirror"
    if not path.is_dir():
        pytest.skip(f"no real data: {path} is missing; set F1NB_TEST_DATA")
    return path


@pytest.fixture(scope="session")
def dutch_zip() -> Path:
    return archive("2025_Dutch_Grand_Prix_Race.zip")


@pytest.fixture(scope="session")
def australian_zip() -> Path:
    return archive("2025_Australian_Grand_Prix_Qualifying.zip")


@pytest.fixture(scope="session")
def dutch(home: Path, dutch_zip: Path) -> Session:
    return f1nb.load(2025, "Dutch Grand Prix", "R", source=dutch_zip)


@pytest.fixture(scope="session")
def australian(home: Path, australian_zip: Path) -> Session:
    return f1nb.load(2025, "Australian Grand Prix", "Q", source=australian_zip)


@pytest.fixture(scope="session")
def simulated() -> Session:
    """A short simulated race with a neutralisation."""
    return f1nb.simulate(seed=7, laps=12, cars=10)
