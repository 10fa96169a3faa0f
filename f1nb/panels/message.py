"""A sentence where a panel would be."""

from __future__ import annotations

import anywidget
import traitlets as t

from f1nb.panels._wire import STATIC


class Message(anywidget.AnyWidget):
    """What is missing, why, and what to do about it.

    Examples
    --------
    >>> Message(title="Nothing here yet", text="The store is empty.", code="f1nb load 2025 Dutch R").title
    'Nothing here yet'
    """

    _esm = STATIC / "message.js"
    _css = STATIC / "message.css"

    title = t.Unicode(help="What is the matter, in a few words.").tag(sync=True)
    text = t.Unicode(help="Why, in a sentence.").tag(sync=True)
    code = t.Unicode(help="A command that helps.").tag(sync=True)
