"""BokehJS in the browser, from the installed package: no content delivery network is asked."""

from __future__ import annotations

import gzip
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import anywidget
import traitlets as t

from f1nb.panels._wire import STATIC
from f1nb.store import kept


class Bokeh(anywidget.AnyWidget):
    """The script of the installed Bokeh, compressed. It has no view: charts refer to it and share it.

    Make it with `bokeh_js`.
    """

    _esm = STATIC / "bokeh.js"

    version = t.Unicode(help="Version of Bokeh.").tag(sync=True)
    data = t.Bytes(help="bokeh.min.js, gzip.").tag(sync=True)


_shared: list[Bokeh] = []


def bokeh_js() -> Bokeh:
    """Return the one `Bokeh` of this kernel.

    Raises
    ------
    FileNotFoundError
        When the installed Bokeh does not carry its script.
    """
    if not _shared or _shared[0].comm is None:  # closed, e.g. by Widget.close_all()
        release = version("bokeh")
        _shared[:] = [Bokeh(version=release, data=kept(f"bokeh-{release}.min.js.gz", _script))]
    return _shared[0]


def _script() -> bytes:
    spec = find_spec("bokeh")  # not imported: that takes half a second and 20 MB, and a viewer's kernel needs only the file
    script = Path(spec.origin if spec and spec.origin else "").parent / "server" / "static" / "js" / "bokeh.min.js"
    if not script.exists():
        raise FileNotFoundError("Bokeh is installed without bokeh.min.js: pip install --force-reinstall bokeh")
    # mtime=0: the same bytes for the same version, so an exported file does not change by itself
    return gzip.compress(script.read_bytes(), compresslevel=9, mtime=0)
