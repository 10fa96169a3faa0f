"""One HTML file that plays without kernel, server or network.

It holds the state of the widget and of all widgets it refers to, each script and style once, and a small runtime
(``widgets/src/standalone``) in place of Jupyter's widget manager. Data stays compressed as it travels to a panel.
"""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from html import escape
from pathlib import Path
from typing import Any, Literal

import orjson
from ipywidgets import Widget, widget_serialization

from f1nb.errors import F1nbError

_RUNTIME = Path(__file__).parent / "panels" / "static" / "standalone.js"
_REFERENCES = ("anywidget:", "IPY_MODEL_")

# blob: is where the modules of panels are loaded from, data: what the page carries in itself; everything else is closed
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; connect-src data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'"
)

_PAGE = """<!doctype html>
<html lang="en" data-f1nb="standalone">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>
html, body {{ margin: 0; background: #ffffff; color: #12191d }}
body[data-jp-theme-light="false"] {{ background: #0b0e10; color: #eef2f4 }}
body:not(:has(.f1nb--dashboard)) > main {{ padding: 12px; font-family: system-ui, sans-serif }}
</style>
</head>
<body>
<main id="f1nb-root" aria-busy="true"></main>
<noscript>This page needs JavaScript.</noscript>
<script type="application/json" id="f1nb-state">{state}</script>
<script type="module">{runtime}</script>
</body>
</html>
"""


def to_html(widget: Widget, path: str | Path, *, title: str, theme: Literal["light", "dark"] | None = None) -> Path:
    """Write a widget, and all widgets it refers to, into one HTML file.

    The file makes no request and plays from the disk, as it stands now: the moment of the clock and the selection are kept.

    Parameters
    ----------
    widget
        A panel, a dashboard, or a box of ipywidgets around them.
    path
        Where to write. A file that is there is replaced, at once and completely.
    title
        Title of the page.
    theme
        Dark or light; None: as the reader's system is set. ``?theme=dark`` in the address overrides it.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    F1nbError
        When the folder does not exist or cannot be written, or when the widget, or one that it refers to, was closed.

    Examples
    --------
    >>> import f1nb
    >>> from f1nb.export import to_html
    >>> race = f1nb.simulate(laps=2, cars=3)
    >>> to_html(f1nb.Clock(race), "clock.html", title="The clock")
    PosixPath('clock.html')
    """
    target = Path(path).expanduser()
    text = _document(widget, title=title, theme=theme)
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as temporary:
            try:
                temporary.write(text)
                temporary.close()
                Path(temporary.name).chmod(0o666 & ~_umask())  # a temporary file is private, what it becomes is not
                Path(temporary.name).replace(target)
            except BaseException:
                Path(temporary.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise F1nbError(f"cannot write {target}: {reason}; choose another place for the file") from error
    return target


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _document(widget: Widget, *, title: str, theme: str | None) -> str:
    if widget.comm is None:
        raise _closed(widget)
    page: dict[str, Any] = {"root": widget.model_id, "theme": theme, "widgets": {}, "texts": {}, "styles": []}
    waiting = [widget]
    while waiting:
        current = waiting.pop()
        if current.model_id in page["widgets"]:
            continue
        entry, references = _entry(current, page)
        page["widgets"][current.model_id] = entry
        waiting += [_find(ref, current) for ref in references]
    # "<" inside JSON is always inside a text: written as an escape, no data can end the script it stands in
    state = orjson.dumps(page).decode().replace("<", "\\u003c")
    runtime = _RUNTIME.read_text("utf-8").replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return _PAGE.format(policy=_POLICY, title=escape(title), state=state, runtime=runtime)


def _entry(widget: Widget, page: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the widget as the runtime reads it, and what it refers to; its script and style go into the page."""
    raw = widget.get_state()
    name = raw["_model_name"]
    entry: dict[str, Any] = {"name": name, "buffers": []}
    esm, css = raw.pop("_esm", None), raw.pop("_css", None)
    if esm is not None:
        entry["esm"] = _keep(esm, page)
    if css:
        style = _keep(css, page)
        if style not in page["styles"]:
            page["styles"].append(style)
    for key in list(raw):  # what only Jupyter's own widget manager asks for
        if key.startswith(("_model_", "_view_", "_anywidget_")) or (name == "LayoutModel" and raw[key] is None):
            del raw[key]
    references: list[str] = []
    entry["state"] = _plain(raw, (), entry["buffers"], references)
    return entry, references


def _keep(text: str, page: dict[str, Any]) -> str:
    key = hashlib.sha256(text.encode()).hexdigest()[:12]
    page["texts"][key] = text
    return key


def _plain(value: Any, path: tuple[str | int, ...], buffers: list[Any], references: list[str]) -> Any:
    """Return a state as plain JSON; bytes and references to other widgets are collected on the way."""
    if isinstance(value, bytes | bytearray | memoryview):
        buffers.append([path, base64.b64encode(value).decode()])
        return None
    if isinstance(value, dict):
        return {key: _plain(v, (*path, key), buffers, references) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v, (*path, i), buffers, references) for i, v in enumerate(value)]
    if isinstance(value, Widget):  # one that is open has become a reference by now
        raise _closed(value)
    if isinstance(value, str) and value.startswith(_REFERENCES):
        references.append(value)
    return value


def _find(reference: str, owner: Widget) -> Widget:
    for prefix in _REFERENCES:
        reference = reference.removeprefix(prefix)
    found = widget_serialization["from_json"](f"IPY_MODEL_{reference}", owner)
    if not isinstance(found, Widget):
        raise _closed(owner)
    return found


def _closed(widget: Widget) -> F1nbError:
    return F1nbError(f"{type(widget).__name__}, or a widget that it shows, was closed; make it again, then export it")
