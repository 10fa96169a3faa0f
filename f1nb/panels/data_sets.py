"""What a session has, and where it came from."""

from __future__ import annotations

import traitlets as t

from f1nb.panels._base import Panel
from f1nb.panels._wire import STATIC


class DataSets(Panel):
    """Every data set of a session with its state, origin, size and what is to be known of it.

    Examples
    --------
    >>> import f1nb
    >>> DataSets(f1nb.simulate(laps=3, cars=4)).title
    'Data'
    """

    _esm = STATIC / "data_sets.js"
    _css = STATIC / "data_sets.css"
    _needs = ("data_sets",)

    title = t.Unicode("Data", help="Heading.").tag(sync=True)
