"""How charts look: the design tokens that Bokeh needs, and their place on a figure."""

from __future__ import annotations

from dataclasses import dataclass

from bokeh.models import FixedTicker
from bokeh.plotting import figure


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours and font of a chart, as in ``widgets/src/shared/tokens.css``; a panel replaces them by what its page has."""

    ink: str
    label: str
    line: str
    font: str = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"


LIGHT = Theme(ink="#12191d", label="#566369", line="#dedfdf")
DARK = Theme(ink="#eef2f4", label="#93a1a9", line="#313639")


def style(chart: figure, theme: Theme) -> None:
    """Give a figure the plain look: no frame, hairline grid, small tick labels, the page showing through.

    Grids and axis are named ``x-grid``, ``y-grid`` and ``y-axis``, so that a page can change their colours.
    """
    chart.update(background_fill_color=None, border_fill_color=None, outline_line_color=None, toolbar_location=None)
    chart.xaxis.visible = False
    for axis in chart.yaxis:
        axis.update(
            name="y-axis",
            axis_line_color=None,
            major_tick_line_color=None,
            minor_tick_line_color=None,
            major_label_text_color=theme.label,
            major_label_text_font=theme.font,
            major_label_text_font_size="10px",
            major_label_standoff=2,
        )
    for grid in chart.xgrid:
        grid.update(name="x-grid", grid_line_color=theme.line, ticker=FixedTicker(ticks=[]))
    for grid in chart.ygrid:
        grid.update(name="y-grid", grid_line_color=theme.line, grid_line_alpha=0.6)
