"""The page that puts panels together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import anywidget
import traitlets as t

from f1nb.export import to_html
from f1nb.panels._wire import STATIC
from f1nb.panels.clock import Clock
from f1nb.panels.selection import Selection

AREAS = ("picker", "header", "timing", "map", "telemetry", "race_control", "weather", "transport")
"""Places of the race page. Any of them may stay empty; areas of other names stand below, in the order given."""


class Dashboard(anywidget.AnyWidget):
    """Panels on one surface: header, track map, timing, telemetry, messages, weather, and the clock's bar at the foot.

    It fills a Voilà page or a standalone file, and is 860 pixels high in a notebook cell. On a page of its own the address is a
    bookmark: ``?t=3120&drivers=NOR,PIA&theme=dark``.

    Parameters
    ----------
    areas
        Widgets by area: ``picker header timing map telemetry race_control weather transport``, any of them; further names are
        placed below.
    title
        Title of the page.
    clock
        The clock that the panels share: its track status colours the header's line.
    selection
        The selection that the panels share.
    tabs
        Further pages by name, each with its areas; drawn when first opened.
    first_tab
        Name of the first page, shown where there are others.
    owned
        Widgets that were made for this page alone: they are closed with it, all others stay.

    Raises
    ------
    TypeError
        When something in an area is no widget.

    Examples
    --------
    >>> import f1nb
    >>> race = f1nb.simulate(laps=3, cars=4)
    >>> clock, selection = f1nb.Clock(race), f1nb.Selection()
    >>> page = Dashboard(
    ...     {"weather": f1nb.Weather(race, clock=clock), "transport": clock}, title="Weather", clock=clock, selection=selection
    ... )
    """

    _esm = STATIC / "dashboard.js"
    _css = STATIC / "dashboard.css"

    title = t.Unicode(help="Title of the page.").tag(sync=True)
    clock = anywidget.WidgetTrait().tag(sync=True)
    selection = anywidget.WidgetTrait().tag(sync=True)

    _areas = t.Dict(help="Reference of the widget in each area of the first page.").tag(sync=True)
    _tabs = t.List(help="Further pages: name and areas.").tag(sync=True)
    _first_tab = t.Unicode().tag(sync=True)

    _owned: Sequence[anywidget.AnyWidget] = ()

    def __init__(
        self,
        areas: Mapping[str, anywidget.AnyWidget],
        *,
        title: str = "",
        clock: Clock | None = None,
        selection: Selection | None = None,
        tabs: Mapping[str, Mapping[str, anywidget.AnyWidget]] | None = None,
        first_tab: str = "Race",
        owned: Sequence[anywidget.AnyWidget] = (),
    ) -> None:
        tabs = tabs or {}
        self._owned = owned
        self._widgets = (areas, tabs)  # keeps them alive as long as the page
        super().__init__(
            title=title,
            clock=clock,
            selection=selection,
            _areas=_references(areas),
            _tabs=[{"name": name, "areas": _references(page)} for name, page in tabs.items()],
            _first_tab=first_tab,
        )

    def close(self) -> None:
        """Close the page and what was made for it alone."""
        super().close()
        for widget in self._owned:
            widget.close()

    def to_html(self, path: str | Path, *, theme: Literal["light", "dark"] | None = None) -> Path:
        """Write it as one HTML file that plays without kernel, server or network; return its path. See `f1nb.export`."""
        return to_html(self, path, title=self.title, theme=theme)


def _references(areas: Mapping[str, anywidget.AnyWidget]) -> dict[str, str]:
    for area, widget in areas.items():
        if not isinstance(widget, anywidget.AnyWidget):
            raise TypeError(f"area {area!r} needs a panel, not {type(widget).__name__}")
    return {area: f"anywidget:{widget.model_id}" for area, widget in areas.items()}
