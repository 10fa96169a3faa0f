"""A browser that tells on the page, and a server with a store of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import chromium
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, WebSocket, sync_playwright

PROJECT = Path(__file__).parents[2]
LOCAL = {"127.0.0.1", "localhost"}

_EVERY_TEXT = """() => {
  const found = [document.title, document.body.innerText];
  const walk = (root) => {
    for (const e of root.querySelectorAll("*")) {
      for (const name of ["title", "aria-label", "aria-valuetext", "aria-description", "alt", "placeholder", "value"])
        if (e.hasAttribute(name)) found.push(e.getAttribute(name));
      if (e.localName === "option") found.push(e.textContent);
      if (e.shadowRoot) {
        for (const child of e.shadowRoot.children)
          if (child.localName !== "style") found.push(child.innerText ?? child.textContent);
        walk(e.shadowRoot);
      }
    }
  };
  walk(document);
  return found;
}"""
_ORDER = """() => [...document.querySelectorAll("table tr[data-driver]")]
  .map((row) => [row.getBoundingClientRect().top, row.dataset.driver])
  .sort((a, b) => a[0] - b[0])
  .map(([, driver]) => driver)"""
_NOT_FOR_PEOPLE = re.compile(r"\b(None|nan|NaN|undefined|null)\b")


@dataclass
class Watched:
    """One page, and everything it did that a user should not have to put up with."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    frames_sent: int = 0

    def watch(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("crash", lambda _: self.complaints.append("the page crashed"))
        self.page.on("requestfailed", lambda r: self.complaints.append(f"failed: {r.url} {r.failure}"))
        self.page.on("response", lambda r: r.status >= 400 and self.complaints.append(f"status {r.status}: {r.url}"))
        self.page.on("websocket", self._socket)
        self.page.route("**/*", self._request)

    def _console(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _socket(self, socket: WebSocket) -> None:
        def sent(_: object) -> None:
            self.frames_sent += 1

        socket.on("framesent", sent)

    def _request(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.scheme in {"http", "https", "ws", "wss"}:
            self.requests.append(route.request.url)
        if url.scheme in {"file", "blob", "data"} or url.hostname in LOCAL:
            route.continue_()
        else:
            self.complaints.append(f"external request: {route.request.url}")
            route.abort()

    # -- what a user does ---------------------------------------------------------------------------------------------

    def play(self, seconds: float) -> None:
        """Play for this long, then pause."""
        self.page.get_by_role("button", name="Play", exact=True).first.click()
        self.page.wait_for_timeout(seconds * 1000)
        self.page.get_by_role("button", name="Pause", exact=True).first.click()

    def press(self, *keys: str) -> None:
        """Move the clock by the keys of the seek bar."""
        self.slider.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def wait_until_drawn(self) -> Watched:
        self.slider.wait_for(timeout=60_000)
        self.row().first.wait_for()
        return self

    # -- what a user sees ---------------------------------------------------------------------------------------------

    def row(self, driver: str | None = None) -> Locator:
        """Return the row of a driver in the timing table; of all of them without a name."""
        return self.page.locator(f'table tr[data-driver="{driver}"]' if driver else "table tr[data-driver]")

    @property
    def clock_s(self) -> float:
        """The session time as the seek bar tells it to a screen reader."""
        return float(self.slider.get_attribute("aria-valuenow"))

    @property
    def slider(self) -> Locator:
        return self.page.get_by_role("slider", name="Session time").first

    def order(self) -> list[str]:
        """Driver codes, top to bottom, as the timing table shows them."""
        return self.page.evaluate(_ORDER)

    def texts(self) -> list[str]:
        """Every text of the page, those of tooltips and for screen readers included."""
        return self.page.evaluate(_EVERY_TEXT)

    def slips(self) -> list[str]:
        """Texts in which a missing value shows its programming language."""
        return [text for text in self.texts() if _NOT_FOR_PEOPLE.search(text)]

    def overflow_px(self) -> int:
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    def is_dark(self) -> bool:
        return self.page.evaluate("document.body.dataset.jpThemeLight") == "false"


Open = Callable[..., Watched]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        (pytest.fail if chromium.is_ci() else pytest.skip)(chromium.MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Return a function that opens an address; at the end of the test no page may have anything to complain about."""
    opened: list[Watched] = []

    def open_(url: str, *, width: int = 1440, height: int = 900, **context: object) -> Watched:
        page = browser.new_context(viewport={"width": width, "height": height}, **context).new_page()
        page.set_default_timeout(30_000)
        watched = Watched(page)
        watched.watch()
        opened.append(watched)
        page.goto(url)
        return watched

    yield open_
    for watched in opened:
        watched.page.context.close()
    assert [complaint for watched in opened for complaint in watched.complaints] == []


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="session")
def f1nb_command(home: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "f1nb.cli", *arguments]
        done = subprocess.run(command, env=environment(home), cwd=home, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done

    return run


@pytest.fixture(scope="session")
def dutch(f1nb_command, dutch_zip: Path) -> dict[str, str]:
    """The 2025 Dutch Grand Prix, in the store; its part of an address."""
    f1nb_command("load", "2025", "Dutch Grand Prix", "R", "--source", str(dutch_zip))
    return {"year": "2025", "event": "dutch", "session": "R"}


def environment(home: Path) -> dict[str, str]:
    return os.environ | {"F1NB_HOME": str(home), "PYTHONPATH": str(PROJECT), "JUPYTER_PLATFORM_DIRS": "1"}


@pytest.fixture(scope="session")
def server(home: Path) -> Iterator[str]:
    """Address of a dashboard server on the simulated race."""
    command = [sys.executable, "-m", "f1nb.cli", "dashboard", "--simulated", "--no-browser"]
    log: list[str] = []
    process = subprocess.Popen(
        command, env=environment(home), cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    found = threading.Event()

    def listen() -> None:
        for line in process.stdout or ():
            log.append(line)
            if "http://" in line:
                found.set()
        found.set()

    threading.Thread(target=listen, daemon=True).start()
    try:
        found.wait(60)
        address = re.search(r"http://[\w.]+:\d+/", "".join(log))
        assert address, "the server did not start:\n" + "".join(log)
        yield address[0]
    finally:
        process.terminate()
        process.wait(20)
