"""The server: Voilà with one notebook, one page and a short list of addresses."""

# Voilà annotates with traitlets' own `Dict`, `List` and `Bool`, which are no types of values.
# pyright: reportIncompatibleMethodOverride=false, reportGeneralTypeIssues=false, reportAttributeAccessIssue=false

import signal
import socket
import threading
import webbrowser
from collections.abc import Callable
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPHeaders
from tornado.ioloop import IOLoop
from tornado.web import GZipContentEncoding, HTTPError, OutputTransform, RequestHandler
from voila.app import Voila
from voila.request_info_handler import RequestInfoSocketHandler
from voila.static_file_handler import AllowListFileHandler
from voila.tornado.handler import TornadoVoilaHandler

RETRY_AFTER_S = 10


class PageHandler(TornadoVoilaHandler):
    """The page at `/`. Every other path that nothing else answers is a 404, a full server a 503."""

    async def get(self, path: str | None = None) -> None:
        """Stream the page while the notebook runs.

        Raises
        ------
        tornado.web.HTTPError
            404 for another path, 503 when no further kernel may be started.
        """
        if path:
            raise HTTPError(404)
        if self.kernel_manager.is_full:
            raise HTTPError(503)
        _ = self.xsrf_token  # sets the cookie with which the page ends its kernel when it is closed
        await super().get(path)

    def should_use_rendered_notebook(self, *_: Any) -> bool:
        """Whether a preheated kernel waits: the page takes its theme in the browser, so any kernel does for any theme."""
        return self.kernel_manager.has_preheated(self.notebook_path)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with a page that says what happened."""
        if status_code == 503:
            self.set_header("Retry-After", str(RETRY_AFTER_S))
        super().write_error(status_code, **kwargs)


class QueryHandler(RequestInfoSocketHandler):
    """Where a preheated kernel waits for its viewer's query string.

    Voilà lets anybody wait here under any name, and forgets the wrong one when a stranger leaves.
    """

    def open(self, kernel_id: str) -> None:
        """Let a kernel of ours wait; hang up on others."""
        if kernel_id in self.settings["kernel_manager"]:
            super().open(kernel_id)
            self._cache.pop(kernel_id, None)
        else:
            self.close(1008, "unknown kernel")

    def on_close(self) -> None:
        """Forget this waiting kernel and no other."""
        for kernel_id in [name for name, waiter in self._waiters.items() if waiter is self]:
            del self._waiters[kernel_id]


class Compressed(GZipContentEncoding):
    """gzip at its fastest: level 1 takes a third of the time of Tornado's level 6 and saves nearly as much."""

    GZIP_LEVEL = 1


class DashboardServer(Voila):
    """Voilà for one notebook on a socket that is already bound.

    Parameters
    ----------
    sockets
        Bound and listening.
    on_ready
        Called once, when requests are answered.
    """

    def __init__(self, *, sockets: list[socket.socket], on_ready: Callable[[], None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._sockets = sockets
        self._on_ready = on_ready

    def init_settings(self) -> dict[str, Any]:
        """Voilà's settings, and headers and compression for every answer, static files included."""
        guards = self.tornado_settings["headers"]

        class Guarded(OutputTransform):
            def transform_first_chunk(
                self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
            ) -> tuple[int, HTTPHeaders, bytes]:
                headers.update(guards)
                return super().transform_first_chunk(status_code, headers, chunk, finishing)

        return {**super().init_settings(), "transforms": [Guarded, Compressed]}

    def init_handlers(self) -> list[tuple]:
        """Voilà's handlers without the one for files, and with ours for the page and the query string."""
        ours: dict[type[RequestHandler], type[RequestHandler]] = {
            TornadoVoilaHandler: PageHandler,
            RequestInfoSocketHandler: QueryHandler,
        }
        return [
            (pattern, ours.get(handler, handler), *arguments)
            for pattern, handler, *arguments in super().init_handlers()
            if handler is not AllowListFileHandler
        ]

    def listen(self) -> None:
        """Answer requests until ctrl-C or SIGTERM, then end the kernels."""
        HTTPServer(self.app).add_sockets(self._sockets)
        self.ioloop = IOLoop.current()
        for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            signal.signal(number, self._handle_signal_stop)
        self.ioloop.add_callback(self._on_ready)
        try:
            self.ioloop.start()
        finally:
            self.stop()


def open_in_browser(url: str) -> None:
    """Open a page in the user's browser, without waiting for it."""
    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
