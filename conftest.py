"""What all tests and doctests share: a store of their own, and where the real data is."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent


@pytest.fixture(autouse=True)
def own_place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No test sees the store of the person who runs it; what the example of a docstring writes goes to a temporary folder."""
    monkeypatch.setenv("F1NB_HOME", str(tmp_path_factory.mktemp("home")))
    if isinstance(request.node, pytest.DoctestItem):
        monkeypatch.chdir(tmp_path_factory.mktemp("doctest"))


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Return the folder of real data: F1NB_TEST_DATA, else ../shared/data."""
    folder = Path(os.environ.get("F1NB_TEST_DATA") or PROJECT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no real data: {folder} does not exist; F1NB_TEST_DATA names another folder")
    return folder


@pytest.fixture(scope="session")
def dutch_zip(data_folder: Path) -> Path:
    """Return the zip of the 2025 Dutch Grand Prix, as its public archive exports it."""
    path = data_folder / "tracinginsights" / "2025_Dutch_Grand_Prix_Race.zip"
    if not path.is_file():
        pytest.skip(f"no real data: {path} does not exist")
    return path
