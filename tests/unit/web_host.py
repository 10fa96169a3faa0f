"""A web server in this process that plays a host, with its moods."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

Mood = Callable[[BaseHTTPRequestHandler, str], bool]


def friendly(_handler: BaseHTTPRequestHandler, _path: str) -> bool:
    """Serve the file."""
    return False


def page(handler: BaseHTTPRequestHandler, _path: str) -> bool:
    """Answer as a network that wants a sign-in."""
    answer(handler, 200, b"<html>Sign in to the hotel</html>")
    return True


def slow(_handler: BaseHTTPRequestHandler, _path: str) -> bool:
    """Take a moment, then serve the file."""
    time.sleep(0.01)
    return False


class Host:
    """Serves a folder and counts; ``mood`` may answer in its place."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.asked: Counter[str] = Counter()
        self.raw_paths: list[str] = []
        self.tokens: list[str | None] = []  # sent with each request
        self.at_once = self.most_at_once = 0
        self.mood: Mood = friendly
        self.lock = threading.Lock()
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = unquote(self.path)
                with host.lock:
                    host.asked[path] += 1
                    host.raw_paths.append(self.path)
                    host.tokens.append(self.headers.get("authorization"))
                    host.at_once += 1
                    host.most_at_once = max(host.most_at_once, host.at_once)
                try:
                    if not host.mood(self, path):
                        file = host.root / path.lstrip("/")
                        answer(self, 200, file.read_bytes()) if file.is_file() else answer(self, 404)
                finally:
                    with host.lock:
                        host.at_once -= 1

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def answer(handler: BaseHTTPRequestHandler, status: int, content: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)
