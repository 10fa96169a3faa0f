"""BokehJS in the browser, from the installed package: no content delivery network is asked."""

from __future__ import annotations

import gzip
from pathlib import Path

import anywidget
import bokeh
import traitlets as t

from f1nb.panels._wire import STATIC


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
        script = Path(bokeh.__file__).parent / "server" / "static" / "js" / "bokeh.min.js"
        if not script.exists():
            raise FileNotFoundError(
                f"Bokeh {bokeh.__version__} is installed without {script.name}: pip install --force-reinstall bokeh"
            )
        # mtime=0: the same bytes for the same version, so an exported file does not change by itself
        _shared[:] = [Bokeh(version=bokeh.__version__, data=gzip.compress(script.read_bytes(), compresslevel=9, mtime=0))]
    return _shared[0]
