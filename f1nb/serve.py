"""Dashboards in the browser: the only way f1nb serves one.

Voilà runs the notebook in a kernel of its own for each viewer and shows what it displays. As it comes it leaves a few
doors open; what closes them is in `f1nb.voila` and switched on here, by `voila_config`.
"""

import errno
import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from f1nb.errors import F1nbError

DEFAULT_PORT = 8866
HOST = "127.0.0.1"
THEMES = ("dark", "light")

# 'unsafe-eval' and blob: are what widgets need: a widget's script arrives as text, and BokehJS is evaluated.
# media-src: a recording of team radio that somebody plays comes from the official host.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; "
    "font-src 'self' data:; "
    "media-src https://livetiming.formula1.com; "
    "connect-src 'self' ws: wss: data: blob:; "
    "worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


class ServeError(F1nbError):
    """A dashboard cannot be served; the message says why and what to do."""


def dashboard_notebook(name: str = "session") -> Path:
    """Find the notebook of a dashboard that comes with f1nb.

    An installed f1nb carries it in the package, a checkout in `notebooks/`.

    Raises
    ------
    ServeError
        If there is no dashboard of that name.

    Examples
    --------
    >>> dashboard_notebook("session").name
    'session.ipynb'
    """
    package = Path(__file__).parent
    folders = [package / "dashboards", package.parent / "notebooks"]
    for folder in folders:
        if (notebook := folder / f"{name}.ipynb").is_file():
            return notebook
    known = sorted({path.stem for folder in folders for path in folder.glob("*.ipynb")})
    raise ServeError(f"There is no dashboard '{name}'; there is {', '.join(known) or 'none: reinstall f1nb'}.")


def voila_config(*, max_kernels: int = 16, preheat: bool = False) -> dict[str, Any]:
    """Return Voilà's configuration, as in `voila.json`.

    Parameters
    ----------
    max_kernels
        Kernels at once, those starting or preheated included.
    preheat
        Keep one kernel that has already run the notebook up to the point where it asks for its query string.
    """
    return {
        "Voila": {
            "ip": HOST,
            "kernel_websocket_connection_class": "f1nb.voila.guards.GuardedConnection",
            "tornado_settings": {
                # Without this a page of another site, whose name is made to point here, could talk to the server.
                "allow_remote_access": False,
                "headers": {
                    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
                    "X-Content-Type-Options": "nosniff",
                    "Referrer-Policy": "same-origin",
                },
            },
        },
        "VoilaConfiguration": {
            "template": "f1nb",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "show_tracebacks": False,
            "strip_sources": True,
            "file_allowlist": [],
            "extension_allowlist": ["@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", "anywidget"],
            "multi_kernel_manager_class": "f1nb.voila.guards.DashboardKernels",
            "kernel_spec_manager_class": "f1nb.voila.guards.OwnPython",
            "preheat_kernel": preheat,
            "default_pool_size": int(preheat),
        },
        "DashboardKernels": {"max_kernels": max_kernels},
        # Closing the tab ends its kernel. What is left are browsers that vanished: their kernels end half a minute later.
        "MappingKernelManager": {
            "cull_idle_timeout": 30,
            "cull_interval": 5,
            "cull_connected": False,
            "allow_tracebacks": False,
        },
        "VoilaKernelManager": {"fill_delay": 3.0},  # seconds: first let the page that took the last one draw
        "KernelRestarter": {"restart_limit": 0},  # a restarted kernel knows nothing of the page: it must say so instead
    }


def serve(
    notebook: Path,
    *,
    port: int | None = None,
    open_browser: bool = True,
    theme: str | None = None,
    params: Mapping[str, str] | None = None,
    max_kernels: int = 16,
    preheat: bool = True,
) -> None:
    """Serve a notebook as a dashboard, on this machine only, until ctrl-C or SIGTERM.

    The address is printed when the page can be opened.

    Parameters
    ----------
    notebook
        The notebook, for example `dashboard_notebook("session")`.
    port
        The default is 8866, or the next free one.
    open_browser
        Open the page in the user's browser.
    theme
        `"dark"` or `"light"`; the default follows the viewer's system.
    params
        What the page is opened with, for example `{"year": "2025", "event": "Dutch", "session": "R"}`.
    max_kernels
        Kernels at once; each viewer has one. Who comes later is asked to try again.
    preheat
        Keep one kernel ready for the next viewer. It saves about a second and costs one of `max_kernels`.

    Raises
    ------
    ServeError
        If Voilà is not installed, the notebook does not exist, the port is taken or an argument is out of range.
    """
    if not notebook.is_file():
        raise ServeError(f"There is no notebook {notebook}.")
    if theme is not None and theme not in THEMES:
        raise ServeError(f"There is no theme '{theme}'; choose {' or '.join(THEMES)}.")
    if max_kernels < 1:
        raise ServeError(f"max_kernels is {max_kernels}; a dashboard needs at least 1.")
    try:
        from tornado.log import access_log, app_log, gen_log

        from f1nb.voila.server import DashboardServer, open_in_browser
    except ModuleNotFoundError as error:
        raise ServeError(f"Serving a dashboard needs {error.name}: pip install 'f1nb[voila]'.") from error
    from traitlets.config import Config

    sockets = _bind(port)
    bound_port = sockets[0].getsockname()[1]
    query = urlencode({**(params or {}), **({"theme": theme} if theme else {})})
    url = f"http://{HOST}:{bound_port}/" + (f"?{query}" if query else "")

    def ready() -> None:
        sys.stdout.write(f"The dashboard is at {url} (ctrl-C ends it)\n")
        sys.stdout.flush()
        if open_browser:
            open_in_browser(url)

    for log in (access_log, app_log, gen_log):
        log.setLevel(logging.ERROR)
    config = Config(voila_config(max_kernels=max_kernels, preheat=preheat and max_kernels > 1))
    server = DashboardServer(
        config=config,
        config_file_paths=[],  # a voila.json in the user's folder is for `voila`, and must not undo this
        log_level=logging.ERROR,
        notebook_path=str(notebook.resolve()),
        port=bound_port,
        sockets=sockets,
        on_ready=ready,
    )
    server.initialize([])
    server.start()


def _bind(port: int | None) -> list[Any]:
    """Listen on a port, or on the first free one from the default upwards."""
    from tornado.netutil import bind_sockets

    for candidate in [port] if port is not None else range(DEFAULT_PORT, DEFAULT_PORT + 50):
        try:
            return bind_sockets(candidate, HOST)
        except OSError as error:
            if error.errno == errno.EACCES:
                raise ServeError(f"Port {candidate} is not allowed: choose one from 1024 with --port.") from error
            if error.errno != errno.EADDRINUSE:
                raise
    if port is not None:
        raise ServeError(f"Port {port} is in use: stop what runs there, or choose another with --port.")
    raise ServeError(f"The ports {DEFAULT_PORT} to {DEFAULT_PORT + 49} are in use: choose another with --port.")
