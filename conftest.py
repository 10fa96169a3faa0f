"""Examples in docstrings run in a folder of their own, with a store of their own; no notebook asks the official feed."""

import os

import pytest


def pytest_configure() -> None:
    """Point notebooks that follow a live session to where there is none."""
    os.environ["F1NB_LIVE_URL"] = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def own_folder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep what an example writes away from the project and from the store of the person who runs it."""
    if isinstance(request.node, pytest.DoctestItem):
        monkeypatch.chdir(tmp_path_factory.mktemp("example"))
        monkeypatch.setenv("F1NB_HOME", str(tmp_path_factory.mktemp("home")))
