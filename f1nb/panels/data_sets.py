"""What a session has, where it came from, and what is wrong or was repaired in it."""

from __future__ import annotations

import traitlets as t

from f1nb.panels._base import Panel
from f1nb.panels._wire import STATIC


class DataSets(Panel):
    """Every data set of a session with its state, origin, size and what is to be known of it.

    Below stands what was found in the data, and what was repaired.

    Examples
    --------
    >>> import f1nb
    >>> DataSets(f1nb.simulate(laps=3, cars=4)).title
    'Data'
    """

    _esm = STATIC / "data_sets.js"
    _css = STATIC / "data_sets.css"
    _needs = ("data_sets", "health", "repairs")

    title = t.Unicode("Data", help="Heading.").tag(sync=True)
