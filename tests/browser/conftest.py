"""A browser that tells on the page, and a server with a store of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import chromium
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Route, WebSocket, sync_playwright

from f1nb.session import Session

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
# Voilà's scripts and those of the widgets' manager were built against different versions of JupyterLab, and say so
_JUPYTER = re.compile(r"/voila/(labextensions/|static/)")
_NOT_FOR_PEOPLE = re.compile(r"\b(None|nan|NaN|undefined|null)\b")


@dataclass
class Watched:
    """One page, and everything it did that a user should not have to put up with."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    frames: int = 0
    """Messages to and from the kernel."""

    def watch(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("crash", lambda _: self.complaints.append("the page crashed"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", lambda r: r.status >= 400 and self.complaints.append(f"status {r.status}: {r.url}"))
        self.page.on("websocket", self._socket)
        self.page.route("**/*", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        source = message.location.get("url", "")
        is_jupyters = message.type == "warning" and _JUPYTER.search(source)
        if message.type in {"error", "warning"} and not is_jupyters:
            self.complaints.append(f"console {message.type}: {message.text} ({source})")

    def _failed(self, request: Request) -> None:
        if request.resource_type != "ping":  # a page that is left says goodbye to its kernel and does not wait
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def _socket(self, socket: WebSocket) -> None:
        def count(_: object) -> None:
            self.frames += 1

        socket.on("framesent", count)
        socket.on("framereceived", count)

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

    def wait_for_order(self, first: Sequence[str]) -> None:
        """Wait until these are the first of the timing table, whose rows take a moment to change places."""
        self.page.wait_for_function(f"(first) => ({_ORDER})().join(' ').startsWith(first)", arg=" ".join(first))

    def selected(self) -> set[str]:
        pressed = self.page.locator('table tr[data-driver]:has(button[aria-pressed="true"])')
        return {row.get_attribute("data-driver") for row in pressed.all()}

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


@pytest.fixture(scope="module")
def open_page(browser: Browser) -> Iterator[Open]:
    """Return a function that opens an address; pages stay open for the tests of one file."""

    def open_(url: str, *, width: int = 1440, height: int = 900, **context: object) -> Watched:
        page = browser.new_context(viewport={"width": width, "height": height}, **context).new_page()
        page.set_default_timeout(30_000)
        watched = Watched(page)
        watched.watch()
        _PAGES.append(watched)
        page.goto(url)
        return watched

    yield open_
    while _PAGES:
        _PAGES.pop().page.context.close()


_PAGES: list[Watched] = []


@pytest.fixture(autouse=True)
def no_complaints() -> Iterator[None]:
    """No test may leave a page with anything to complain about."""
    yield
    complaints = [complaint for watched in _PAGES for complaint in watched.complaints]
    for watched in _PAGES:
        watched.complaints.clear()
    assert not complaints, "\n".join(complaints)


@pytest.fixture(scope="session")
def f1nb_command(home: Path, server_environment: dict[str, str]) -> Callable[..., None]:
    """Return the command, as in a terminal."""

    def run(*arguments: str) -> None:
        command = [sys.executable, "-m", "f1nb.cli", *arguments]
        done = subprocess.run(command, env=server_environment, cwd=home, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    return run


@pytest.fixture(scope="session")
def dutch_query(dutch: Session) -> dict[str, str]:
    """Return the part of an address that names the 2025 Dutch Grand Prix, which is in the store."""
    return {"year": str(dutch.info["year"]), "event": "dutch", "session": "R"}


@pytest.fixture(scope="session")
def server_environment(home: Path) -> dict[str, str]:
    """Return the environment of a command whose store is the tests' own."""
    return os.environ | {"F1NB_HOME": str(home), "PYTHONPATH": str(PROJECT), "JUPYTER_PLATFORM_DIRS": "1"}


@pytest.fixture(scope="session")
def address_of() -> Callable[[subprocess.Popen[str]], str]:
    """Return a function that waits until a server says where it is."""

    def wait(process: subprocess.Popen[str]) -> str:
        log: list[str] = []
        found = threading.Event()

        def listen() -> None:
            for line in process.stdout or ():
                log.append(line)
                if "The dashboard is at" in line:
                    found.set()
            found.set()

        threading.Thread(target=listen, daemon=True).start()
        found.wait(60)
        address = re.search(r"The dashboard is at (http://[\w.]+:\d+/\S*)", "".join(log))
        assert address, "the server did not start:\n" + "".join(log)
        return address[1].split("?")[0]

    return wait


@pytest.fixture(scope="session")
def server(home: Path, server_environment: dict[str, str], address_of: Callable[[subprocess.Popen[str]], str]) -> Iterator[str]:
    """Address of a dashboard server on the simulated race."""
    command = [sys.executable, "-m", "f1nb.cli", "dashboard", "--simulated", "--no-browser"]
    process = subprocess.Popen(
        command, env=server_environment, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield address_of(process)
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def live_servers() -> Iterator[dict[str, tuple[subprocess.Popen[str], str]]]:
    """Keep the servers of live dashboards by the feed that they follow, each with its address: they take long to start."""
    running: dict[str, tuple[subprocess.Popen[str], str]] = {}
    yield running
    for process, _ in running.values():
        process.terminate()
        process.wait(20)


@pytest.fixture
def served(
    home: Path,
    server_environment: dict[str, str],
    address_of: Callable[[subprocess.Popen[str]], str],
    live_servers: dict[str, tuple[subprocess.Popen[str], str]],
) -> Iterator[Callable[[str], str]]:
    """Return a function that serves the live dashboard of a feed, and gives its address."""

    def serve(url: str) -> str:
        if url not in live_servers:
            command = [sys.executable, "-m", "f1nb.cli", "dashboard", "--live", url, "--no-browser"]
            process = subprocess.Popen(
                command, env=server_environment, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            live_servers[url] = process, address_of(process)
        return live_servers[url][1]

    yield serve
    addresses = tuple(address for _, address in live_servers.values())
    for watched in [watched for watched in _PAGES if watched.page.url.startswith(addresses)]:
        watched.page.goto("about:blank")  # it says goodbye to its kernel, or that would follow the feed of the next test
        watched.page.context.close()
        _PAGES.remove(watched)
