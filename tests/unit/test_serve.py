"""The server as a stranger meets it: a real one as a subprocess, spoken to over HTTP, WebSocket and a browser."""

import ast
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from f1nb.serve import ServeError, dashboard_notebook, serve, voila_config
from f1nb.voila.guards import KERNEL_PROTOCOL, is_well_framed, kernel_environment

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
SECRETS = {"GROQ_API_KEY": "gsk-1", "F1_PASSWORD": "pw-1", "F1NB_TOKEN": "tok-1", "DATABASE_URL": "postgres://jo:pw-2@db"}

# Shows what its kernel knows. `?fail` is for a state of the page.
PROBE = """
import json, os
from urllib.parse import parse_qs
from IPython.display import HTML
from f1nb.query import query_string
query = query_string()
asked = parse_qs(query, keep_blank_values=True)
if "fail" in asked:
    raise ValueError("the reason")
display(json.dumps({"query": query, "pid": os.getpid(), "environment": dict(os.environ)}))
HTML("<p id='drawn'>drawn</p>")
"""


def write_notebook(folder: Path, name: str, *cells: str) -> Path:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"title": "Probe", "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return path


@contextlib.contextmanager
def running(notebook: Path, **options: object) -> Iterator[SimpleNamespace]:
    """A server in a process of its own, with its address; ended as a terminal or a supervisor ends it."""
    program = f"from pathlib import Path; from f1nb.serve import serve; serve(Path({str(notebook)!r}), **{options!r})"
    environment = {**os.environ, **SECRETS, "F1NB_HOME": "/somewhere", "LC_TIME": "C"}
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    try:
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/\S*", line)
        assert found, line + process.stderr.read()
        yield SimpleNamespace(process=process, url=found[0], port=int(found[1]), base=f"http://127.0.0.1:{found[1]}")
    finally:
        process.terminate()
        try:
            process.communicate(timeout=15)
        except subprocess.TimeoutExpired:  # the server hangs, which is what some tests are about
            process.kill()
            process.communicate()
            raise


@contextlib.contextmanager
def viewing(server: SimpleNamespace, query: str = "") -> Iterator[SimpleNamespace]:
    """One viewer's page; leaving closes the tab, which is a POST the page sends."""
    with httpx.Client(base_url=server.base, timeout=30) as client:
        response = client.get(f"/?{query}")
        kernel = re.search(r'page\.started\("([\w-]+)"\)', response.text)
        outputs = re.findall(r'<script type="application/vnd.voila.cell-output\+json">(.*?)</script>', response.text, re.DOTALL)
        texts = [json.loads(output)["data"].get("text/plain", "") for output in outputs]
        facts = [json.loads(ast.literal_eval(text)) for text in texts if text.startswith("'{")]
        try:
            yield SimpleNamespace(response=response, kernel=kernel and kernel[1], facts=facts[0] if facts else None)
        finally:
            if kernel:
                closed = client.post(f"/voila/api/shutdown/{kernel[1]}", data={"_xsrf": client.cookies["_xsrf"]})
                assert closed.status_code == 204


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return met


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def frame(*parts: bytes, channel: bytes = b"shell") -> bytes:
    """A message as the browser sends it: number of offsets, offsets, channel, parts."""
    chunks = [channel, *parts]
    offset = 8 * (len(chunks) + 2)
    offsets = [offset]
    offsets += [offset := offset + len(chunk) for chunk in chunks]
    return b"".join(number.to_bytes(8, "little") for number in [len(offsets), *offsets]) + b"".join(chunks)


def request(kind: str, content: dict[str, object]) -> bytes:
    header = {
        "msg_id": kind,
        "msg_type": kind,
        "session": "s",
        "username": "u",
        "date": "2025-08-31T13:00:00Z",
        "version": "5.4",
    }
    return frame(json.dumps(header).encode(), b"{}", b"{}", json.dumps(content).encode())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dashboards")
    write_notebook(folder, "other", "1")
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[SimpleNamespace]:
    with running(
        write_notebook(folder, "probe", PROBE), port=free_port(), open_browser=False, preheat=False, max_kernels=2
    ) as server:
        yield server


@pytest.fixture(scope="module")
def preheated(folder: Path) -> Iterator[SimpleNamespace]:
    options = {"params": {"event": "Emilia Romagna"}, "theme": "dark", "open_browser": False, "preheat": True, "max_kernels": 2}
    with running(write_notebook(folder, "preheated", PROBE), port=free_port(), **options) as server:
        yield server


def hear_out(browser: ClientConnection) -> None:
    while True:
        browser.recv(timeout=10)


def socket_url(server: SimpleNamespace, kernel: str) -> str:
    return f"ws://127.0.0.1:{server.port}/api/kernels/{kernel}/channels?session_id=s"


# The kernel -----------------------------------------------------------------------------------------------------------


def test_the_notebook_sees_what_it_needs_and_no_secret(server: SimpleNamespace) -> None:
    with viewing(server) as page:
        seen = page.facts["environment"]
    assert not seen.keys() & SECRETS.keys()
    assert not set(SECRETS.values()) & set(seen.values())
    assert seen["F1NB_HOME"] == "/somewhere"
    assert seen["LC_TIME"] == "C"
    assert seen["PATH"] == os.environ["PATH"]


def test_the_notebook_reads_the_query_string(server: SimpleNamespace) -> None:
    with viewing(server, "year=2025&event=dutch") as page:
        assert page.facts["query"] == "year=2025&event=dutch"


def test_a_preheated_kernel_gets_its_own_viewers_query_string_in_any_theme(preheated: SimpleNamespace) -> None:
    def got(query: str) -> bool:
        with viewing(preheated, query) as page:
            assert page.facts["query"] == query
            assert not page.facts["environment"].keys() & SECRETS.keys()
            return page.facts["environment"]["VOILA_PREHEAT"] == "True"

    assert got("event=dutch&theme=dark")
    assert eventually(lambda: got("event=monza&theme=light"), 30)  # a new one is heated when the first page has drawn


def test_the_address_carries_parameters_and_theme(preheated: SimpleNamespace) -> None:
    assert preheated.url.endswith("/?event=Emilia+Romagna&theme=dark")


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.text(max_size=20), st.text(max_size=20)))
def test_no_environment_lets_a_secret_through(environment: dict[str, str]) -> None:
    named = {f"F1NB_{name}{word}": value for name, value in environment.items() for word in ("_TOKEN", "_api_key", "Password")}
    assert not kernel_environment(named)
    kept = kernel_environment(environment)
    assert all(environment[name] == value for name, value in kept.items() if name.upper() != "NO_PROXY")


def test_a_proxy_is_passed_on_without_its_password_and_never_stands_between_kernel_and_server() -> None:
    assert not kernel_environment({"HTTPS_PROXY": "http://jo:pw@proxy:3128"})
    kept = kernel_environment({"https_proxy": "http://proxy:3128", "NO_PROXY": "intra"})
    assert kept["https_proxy"] == "http://proxy:3128"
    assert kept["NO_PROXY"] == "intra,127.0.0.1,localhost"


# The number of kernels ------------------------------------------------------------------------------------------------


def test_a_full_server_says_so_until_somebody_leaves(server: SimpleNamespace) -> None:
    with viewing(server) as first, viewing(server):
        with viewing(server, "event=dutch") as third:
            assert third.response.status_code == 503
            assert third.response.headers["Retry-After"] == "10"
            assert "The server is full" in third.response.text
            assert not re.search(r'(src|href)="(https?:)?//', third.response.text)
        assert is_alive(first.facts["pid"])
    assert eventually(lambda: not is_alive(first.facts["pid"]))
    with viewing(server) as page:
        assert page.response.status_code == 200


def test_viewers_who_come_at_once_do_not_pass_the_limit(server: SimpleNamespace) -> None:
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=30)) for _ in range(4)]
        for connection in connections:
            connection.sendall(b"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        answers = [stack.enter_context(connection.makefile("rb")).read().decode() for connection in connections]
    codes = sorted(answer.split()[1] for answer in answers)
    assert codes == ["200", "200", "503", "503"]
    for answer in answers:
        if kernel := re.search(r'page\.started\("([\w-]+)"\)', answer):
            xsrf = re.search(r"_xsrf=([^;]+)", answer)[1]
            path = f"{server.base}/voila/api/shutdown/{kernel[1]}"
            assert httpx.post(path, data={"_xsrf": xsrf}, headers={"Cookie": f"_xsrf={xsrf}"}).status_code == 204


def test_a_preheated_kernel_counts_as_one(preheated: SimpleNamespace) -> None:
    with viewing(preheated) as first:
        assert first.response.status_code == 200
        with viewing(preheated) as second:
            assert second.response.status_code == 503
    with viewing(preheated) as later:
        assert later.response.status_code == 200


def test_idle_kernels_without_a_viewer_end_and_those_with_one_stay() -> None:
    config = voila_config()["MappingKernelManager"]
    assert 0 < config["cull_interval"] < config["cull_idle_timeout"] <= 60
    assert config["cull_connected"] is False


# The WebSocket --------------------------------------------------------------------------------------------------------


def test_a_socket_without_the_protocol_is_refused(server: SimpleNamespace) -> None:
    with viewing(server) as page:
        for protocols in (None, ["v2.kernel.websocket.jupyter.org"]):
            with pytest.raises(InvalidStatus) as refused, connect(socket_url(server, page.kernel), subprotocols=protocols):
                pass
            assert refused.value.response.status_code == 400


def test_a_malformed_message_ends_the_connection_and_not_the_server(server: SimpleNamespace) -> None:
    endless = (2**40).to_bytes(8, "little") + b"\0"
    with viewing(server) as page:
        for message in (endless, b"", "text"):
            with connect(socket_url(server, page.kernel), subprotocols=[KERNEL_PROTOCOL]) as browser:
                browser.send(message)
                with pytest.raises(ConnectionClosed):
                    hear_out(browser)
            assert httpx.get(f"{server.base}/voila/static/voila.js", timeout=5).status_code == 200


def test_a_browser_cannot_run_code(server: SimpleNamespace, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    with viewing(server) as page, connect(socket_url(server, page.kernel), subprotocols=[KERNEL_PROTOCOL]) as browser:
        browser.send(request("execute_request", {"code": f"open({str(proof)!r}, 'w')", "silent": False}))
        browser.send(request("kernel_info_request", {}))
        while b"kernel_info_reply" not in browser.recv(timeout=10):
            pass
    assert not proof.exists()


def test_another_sites_page_cannot_connect(server: SimpleNamespace) -> None:
    with viewing(server) as page:
        url = socket_url(server, page.kernel)
        with (
            pytest.raises(InvalidStatus) as refused,
            connect(url, subprotocols=[KERNEL_PROTOCOL], origin="http://evil.example"),
        ):
            pass
        assert refused.value.response.status_code == 403


def test_a_stranger_cannot_take_the_query_string_of_a_preheated_kernel(preheated: SimpleNamespace) -> None:
    url = f"ws://127.0.0.1:{preheated.port}/voila/query/00000000-0000-4000-8000-000000000000"
    for _ in range(2):
        with connect(url) as stranger, pytest.raises(ConnectionClosed):
            stranger.recv(timeout=10)
    with viewing(preheated, "event=monza") as page:
        assert page.facts["query"] == "event=monza"


@settings(deadline=None, max_examples=50)
@given(st.lists(st.binary(max_size=40), min_size=4, max_size=40))
def test_every_message_of_a_browser_is_well_framed(parts: list[bytes]) -> None:
    message = frame(*parts)
    assert is_well_framed(message)
    assert not is_well_framed(message[: 8 * (len(parts) + 2)])


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=200), st.integers(0, 2**64 - 1))
def test_any_header_is_judged_in_bounded_time(body: bytes, count: int) -> None:
    message = count.to_bytes(8, "little") + body
    assert not is_well_framed(message) or (0 < count < 64 and len(message) >= 8 * (count + 1))


# The addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "voila/api/contents",
        "voila/tree",
        "voila/render/other.ipynb",
        "voila/files/probe.ipynb",
        "voila/files/../probe.ipynb",
        "other.ipynb",
        "api/kernels",
        "api/contents",
        "api/terminals",
        "favicon.ico",
    ],
)
def test_there_is_one_notebook_and_nothing_else(server: SimpleNamespace, path: str) -> None:
    answer = httpx.get(f"{server.base}/{path}")
    assert answer.status_code == 404
    assert "ipynb" not in answer.text


@pytest.mark.parametrize("path", ["", "nothing", "voila/static/voila.js", "voila/static/nothing.js"])
def test_every_answer_is_guarded_and_compressed(server: SimpleNamespace, path: str) -> None:
    with contextlib.ExitStack() as stack:
        answer = stack.enter_context(viewing(server)).response if path == "" else httpx.get(f"{server.base}/{path}")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert [part for part in policy.split() if "http" in part] == ["https://livetiming.formula1.com;"]  # team radio
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    if path in ("", "voila/static/voila.js"):
        assert answer.headers["Content-Encoding"] == "gzip"


def test_a_name_that_only_points_here_is_refused(server: SimpleNamespace) -> None:
    assert httpx.get(f"{server.base}/", headers={"Host": "evil.example"}).status_code == 403


def test_the_page_cannot_be_rendered_with_another_template(server: SimpleNamespace) -> None:
    with viewing(server, "template=lab") as page:
        assert page.response.status_code == 200
        assert "cdn" not in page.response.text


# Starting and ending --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_and_its_kernels_quietly(folder: Path, number: signal.Signals) -> None:
    with (
        running(folder / "probe.ipynb", open_browser=False) as server,
        httpx.Client(base_url=server.base, timeout=30) as client,
    ):
        pid = int(re.search(r'\\"pid\\": (\d+)', client.get("/").text)[1])
        server.process.send_signal(number)
        output, errors = server.process.communicate(timeout=30)
    assert server.process.returncode == 0
    assert "Traceback" not in output + errors
    assert eventually(lambda: not is_alive(pid))


def test_a_taken_port_is_named_and_the_default_moves_on(server: SimpleNamespace, folder: Path) -> None:
    with pytest.raises(ServeError, match=rf"Port {server.port} is in use.*--port"):
        serve(folder / "probe.ipynb", port=server.port)
    with contextlib.ExitStack() as stack:
        blocker = stack.enter_context(socket.socket())
        blocker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # taken by somebody else is as good
            blocker.bind(("127.0.0.1", 8866))
            blocker.listen()
        moved = stack.enter_context(running(folder / "probe.ipynb", open_browser=False, preheat=False))
        assert moved.port > 8866


@pytest.mark.parametrize(
    ("options", "sentence"),
    [({"theme": "neon"}, "choose dark or light"), ({"max_kernels": 0}, "at least 1")],
)
def test_a_wrong_option_is_explained(folder: Path, options: dict[str, object], sentence: str) -> None:
    with pytest.raises(ServeError, match=sentence):
        serve(folder / "probe.ipynb", **options)


def test_a_missing_notebook_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match=r"no notebook .*gone\.ipynb"):
        serve(tmp_path / "gone.ipynb")
    with pytest.raises(ServeError, match=r"no dashboard 'gone'; there is .*session"):
        dashboard_notebook("gone")


def test_the_session_dashboard_is_short_and_committed_without_outputs() -> None:
    notebook = nbformat.read(dashboard_notebook("session"), as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) <= 3
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert notebook.metadata.kernelspec.name == "python3"


def test_voila_json_says_what_serve_does() -> None:
    written = json.loads((ROOT / "voila.json").read_text())
    assert written["Voila"].pop("notebook_path") == "notebooks/session.ipynb"
    assert written == voila_config()


# The page -------------------------------------------------------------------------------------------------------------


def test_an_error_in_the_notebook_is_a_sentence_without_traceback(server: SimpleNamespace) -> None:
    with viewing(server, "fail") as page:
        assert "page.failed()" in page.response.text
        assert "the reason" not in page.response.text
        assert "Traceback" not in page.response.text


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """One context for all pages: closing a context at once with its page would swallow the page's last message."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    arguments = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments.split())
        yield browser.new_context(color_scheme="dark")
        browser.close()


def kernel_of(page: Any) -> int:
    """Return the process that drew a page."""
    return json.loads(ast.literal_eval(page.inner_text("#dashboard pre")))["pid"]


@pytest.mark.browser
def test_the_page_draws_without_a_stray_request_and_frees_its_kernel(server: SimpleNamespace, browser: object) -> None:
    page = browser.new_page()
    requests, problems = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("requestfailed", lambda request: problems.append(request.url))
    page.on("response", lambda response: problems.append(response.url) if response.status >= 400 else None)
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))

    page.goto(f"{server.base}/?year=2025&event=%3Cb%3Edutch&session=R", wait_until="commit")
    page.wait_for_selector("text=2025 <b>dutch R")
    page.wait_for_selector("#drawn")

    assert page.title() == "2025 <b>dutch R · f1nb"
    assert page.evaluate("document.body.dataset.jpThemeLight") == "false"
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
    assert not page.is_visible("#waiting")
    assert problems == []
    assert [url for url in requests if not url.startswith((server.base, "data:", "blob:"))] == []
    pid = kernel_of(page)
    page.close(run_before_unload=True)
    assert eventually(lambda: not is_alive(pid))


@pytest.mark.browser
def test_the_address_decides_the_theme(server: SimpleNamespace, browser: object) -> None:
    page = browser.new_page()
    page.goto(f"{server.base}/?theme=light", wait_until="commit")
    page.wait_for_selector("#drawn")
    assert page.evaluate("document.body.dataset.jpThemeLight") == "true"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(241, 244, 245)"
    page.close(run_before_unload=True)


@pytest.mark.browser
def test_the_page_says_when_its_notebook_failed_and_when_its_kernel_is_gone(server: SimpleNamespace, browser: object) -> None:
    failed, lost = browser.new_page(), browser.new_page()
    failed.goto(f"{server.base}/?fail")
    failed.wait_for_selector("text=The dashboard could not be drawn")
    assert not failed.is_visible("#waiting")
    failed.close(run_before_unload=True)

    lost.goto(f"{server.base}/")
    lost.wait_for_selector("#drawn")
    assert not lost.is_visible("#lost")
    os.kill(kernel_of(lost), signal.SIGKILL)
    lost.wait_for_selector("#lost", timeout=20_000)
    assert lost.is_visible("text=Reload")
    lost.close(run_before_unload=True)
