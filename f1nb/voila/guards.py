"""The holes of Voilà 0.5, closed: kernels, their environment and number, and the messages a browser may send.

Each class here is named in Voilà's configuration (see `f1nb.serve.voila_config`) and replaces the class it extends.
"""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError
from traitlets import Integer

KERNEL_PROTOCOL = "v1.kernel.websocket.jupyter.org"
LOOPBACK = "127.0.0.1,localhost"

_PASSED_ON = re.compile(
    r"PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TEMP|TMP"
    r"|PYTHON\w+|VIRTUAL_ENV|CONDA_PREFIX|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH"
    r"|JUPYTER_\w+|IPYTHONDIR|XDG_\w+|F1NB_\w+|POLARS_\w+|ANYWIDGET_HMR|OMP_NUM_THREADS"
    r"|AWS_(PROFILE|REGION|DEFAULT_REGION|ENDPOINT_URL|ENDPOINT_URL_S3|CONFIG_FILE)"  # keys of a shared store stay in files
    r"|SSL_CERT_FILE|SSL_CERT_DIR|HTTPS?_PROXY|ALL_PROXY|NO_PROXY"
    r"|SYSTEMROOT|SYSTEMDRIVE|WINDIR|APPDATA|LOCALAPPDATA|PROGRAMDATA|USERPROFILE|COMSPEC|PATHEXT"
    r"|VOILA_(PREHEAT|BASE_URL|SERVER_URL|APP_IP|APP_PORT|WS_PROTOCOL|WS_BASE_URL)"
    r"|QUERY_STRING|SCRIPT_NAME|PATH_INFO|SERVER_(NAME|PORT|PROTOCOL|SOFTWARE)",
    re.IGNORECASE,  # proxies are often written in lower case, and Windows does not distinguish
)
_SECRET = re.compile(r"TOKEN|KEY|PASSW|SECRET|CREDENTIAL|COOKIE", re.IGNORECASE)


def kernel_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Keep the part of an environment that a dashboard's kernel may see.

    Only variables on a list are passed on. A name that speaks of a token, key, password, secret, credential or cookie
    never is, and neither is a proxy address with a user in it.

    Examples
    --------
    >>> kernel_environment({"HOME": "/home/jo", "GROQ_API_KEY": "gsk", "F1NB_TOKEN": "t", "F1NB_HOME": "/data"})
    {'HOME': '/home/jo', 'F1NB_HOME': '/data'}
    """
    kept = {
        name: value
        for name, value in environment.items()
        if _PASSED_ON.fullmatch(name) and not _SECRET.search(name) and not ("PROXY" in name.upper() and "@" in value)
    }
    if any("PROXY" in name.upper() for name in kept):
        # a preheated kernel asks this server for its query string, and must not ask the proxy for it
        others = kept.get("NO_PROXY") or kept.get("no_proxy")
        kept["NO_PROXY"] = kept["no_proxy"] = f"{others},{LOOPBACK}" if others else LOOPBACK
    return kept


def is_well_framed(message: str | bytes) -> bool:
    """Whether a browser's message has a header that can be read in bounded time.

    The header is the number `n` of offsets, then the offsets, each 8 bytes, little endian. The parsers of Voilà and
    jupyter_server believe any `n`, so nine bytes keep them busy, and filling the memory, for ever.

    Examples
    --------
    >>> is_well_framed((2**40).to_bytes(8, "little"))
    False
    """
    if not isinstance(message, bytes):
        return False
    count = int.from_bytes(message[:8], "little")
    if not 0 < count < 64 or len(message) < 8 * (count + 1):
        return False
    offsets = [int.from_bytes(message[8 * i : 8 * i + 8], "little") for i in range(1, count + 1)]
    return offsets == sorted(offsets) and offsets[-1] <= len(message)


class GuardedConnection(ZMQChannelsWebsocketConnection):
    """A browser's connection to its kernel: the one protocol whose messages can be checked, and only well-formed ones."""

    async def prepare(self) -> None:
        """Refuse a browser that does not offer the protocol.

        Raises
        ------
        tornado.web.HTTPError
            400, before the WebSocket is opened.
        """
        offered = self.websocket_handler.request.headers.get("Sec-WebSocket-Protocol", "")
        if KERNEL_PROTOCOL not in (name.strip() for name in offered.split(",")):
            raise HTTPError(400, reason=f"Open the WebSocket with the subprotocol {KERNEL_PROTOCOL}")
        await super().prepare()

    def handle_incoming_message(self, incoming_msg: str | bytes) -> None:
        """Pass a well-formed message on to the kernel; end the connection at any other."""
        if is_well_framed(incoming_msg):
            super().handle_incoming_message(incoming_msg)  # pyright: ignore[reportArgumentType] (bytes, whatever it says)
        else:
            self.websocket_handler.close(1002, "malformed message")

    def on_restart_failed(self) -> None:
        """Hang up when the kernel has died, so that the page can say so."""
        super().on_restart_failed()
        self.websocket_handler.close(1001, "the kernel has ended")


class DashboardKernels(AsyncMappingKernelManager):
    """The kernels of one server: limited in number, each with an allow-listed environment."""

    max_kernels = Integer(16, config=True, help="Kernels at once, those that are starting or preheated included.")

    def __init__(self, **kwargs: Any) -> None:
        self._starting: set[str] = set()
        self._heated: WeakKeyDictionary[asyncio.Task, str] = WeakKeyDictionary()
        super().__init__(**kwargs)

    @property
    def is_full(self) -> bool:
        """Whether no further viewer can be served.

        A preheated kernel that waits is no viewer's, but it takes a place: the last ones are kept for the pool.
        """
        pool = [task for tasks in getattr(self, "_pools", {}).values() for task in tasks]
        waiting = {self._heated[task] for task in pool if task in self._heated}
        viewers = (set(self.list_kernel_ids()) | self._starting) - waiting
        configuration = self.parent.voila_configuration  # pyright: ignore[reportOptionalMemberAccess] (Voilà is the parent)
        reserved = configuration.default_pool_size if configuration.preheat_kernel else 0
        return len(viewers) >= self.max_kernels - reserved

    def has_preheated(self, notebook: str) -> bool:
        """Whether a kernel that has at least begun to preheat waits for the next viewer of a notebook."""
        pool = getattr(self, "_pools", {}).get(notebook, [])
        return bool(pool) and pool[0] in self._heated and not (pool[0].done() and pool[0].exception())

    async def start_kernel(self, *, env: Mapping[str, str] | None = None, **kwargs: Any) -> str:
        """Start a kernel with the allowed part of `env`.

        Raises
        ------
        tornado.web.HTTPError
            503, when the server is full.
        """
        env = env or {}
        task = asyncio.current_task()
        kernel_id = self.new_kernel_id(**kwargs)
        if env.get("VOILA_PREHEAT") == "True" and task is not None:
            self._heated[task] = kernel_id
        elif self.is_full:
            raise HTTPError(503)
        self._starting.add(kernel_id)
        try:
            return await super().start_kernel(kernel_id=kernel_id, env=kernel_environment(env), **kwargs)
        finally:
            self._starting.discard(kernel_id)

    def notify_disconnect(self, kernel_id: str) -> None:
        """Count a kernel as idle from the moment its viewer leaves, not from the viewer's last click."""
        super().notify_disconnect(kernel_id)
        if kernel_id in self:
            kernel: Any = self.get_kernel(kernel_id)
            kernel.last_activity = datetime.now(UTC)


class OwnPython(KernelSpecManager):
    """One kernel, `python3`: the Python that runs the server.

    The one found on Jupyter's path may belong to another environment, where there is no f1nb. History is switched off:
    it opens a database in the user's home for every viewer. So is the kernel's own log, which complains in the server's
    terminal whenever a viewer leaves early; errors of the notebook come from the server.
    """

    def find_kernel_specs(self) -> dict[str, str]:
        """Return the resource folder of the one kernel, by name."""
        return {"python3": RESOURCES}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the kernel's command line.

        Raises
        ------
        jupyter_client.kernelspec.NoSuchKernel
            If it is not `python3`.
        """
        if kernel_name != "python3":
            raise NoSuchKernel(kernel_name)
        command = get_kernel_dict(extra_arguments=["--HistoryManager.enabled=False", "--log-level=CRITICAL"])
        return KernelSpec(name=kernel_name, resource_dir=RESOURCES, **command)

    def get_all_specs(self) -> dict[str, Any]:
        """Return the one kernel, as Jupyter lists it."""
        return {"python3": {"resource_dir": RESOURCES, "spec": self.get_kernel_spec("python3").to_dict()}}
