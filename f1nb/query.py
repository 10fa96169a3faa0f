"""What the viewer asked for, read in the kernel."""

import json
import os
from functools import cache


@cache
def query_string() -> str:
    """Return the query string of the page this kernel draws; empty where there is no page, as in JupyterLab.

    A preheated kernel waits here until it gets a viewer: import what the dashboard needs before. `voila.utils` has a
    function for this as well, but to import it takes a kernel two to five seconds.

    Examples
    --------
    >>> query_string()
    ''
    """
    if os.environ.get("VOILA_PREHEAT") != "True":
        return os.environ.get("QUERY_STRING", "")
    from websockets.sync.client import connect

    port, base = os.environ["VOILA_APP_PORT"], os.environ["VOILA_SERVER_URL"]
    address = f"ws://127.0.0.1:{port}{base}voila/query/{os.environ['VOILA_KERNEL_ID']}"
    with connect(address, proxy=None) as server:
        request = json.loads(server.recv())
    return request["QUERY_STRING"]
