"""The standalone file: complete, closed, and written whole or not at all."""

import json
import re
from pathlib import Path

import anywidget
import ipywidgets
import polars as pl
import pytest
import traitlets as t

from f1nb.errors import F1nbError
from f1nb.export import to_html
from f1nb.panels._wire import Columns

HOSTILE = '</script><!--<script>alert("1")</script>'


class Sample(anywidget.AnyWidget):
    _esm = "export default { render({ el }) { el.textContent = '</script>'; } }"
    _css = ".sample { color: red } /* </style> */"
    text = t.Unicode().tag(sync=True)
    other = anywidget.WidgetTrait().tag(sync=True)
    _tables = t.Dict().tag(sync=True)


def state_of(path: Path) -> dict:
    found = re.search(r'<script type="application/json" id="f1nb-state">(.*?)</script>', path.read_text(), re.DOTALL)
    assert found
    return json.loads(found[1])


def test_everything_a_widget_refers_to_is_in_the_file(tmp_path):
    table = Columns(pl.DataFrame({"lap": [1, 2]}), name="laps")
    inner = Sample(text="inner", _tables={"laps": f"anywidget:{table.model_id}"})
    outer = Sample(text="outer", other=inner)
    box = ipywidgets.VBox([outer, ipywidgets.Label("a label")])
    state = state_of(to_html(box, tmp_path / "page.html", title="A race"))
    assert {box.model_id, outer.model_id, inner.model_id, table.model_id} <= set(state["widgets"])
    (path, data) = state["widgets"][table.model_id]["buffers"][0]
    assert path == ["data"]
    assert len(data) > 10


def test_scripts_and_styles_are_there_once(tmp_path):
    first = Sample()
    file = to_html(ipywidgets.HBox([first, Sample(), Sample()]), tmp_path / "page.html", title="A race")
    state = state_of(file)
    assert len(state["styles"]) == 1
    assert len(state["texts"]) == 2


def test_no_text_can_leave_its_place(tmp_path):
    file = to_html(Sample(text=HOSTILE), tmp_path / "page.html", title=f"</title>{HOSTILE}")
    page = file.read_text()
    assert page.count("<script") == 2
    assert page.count("</script") == 2
    assert page.count("</title") == 1
    assert "<!--" not in page
    assert HOSTILE in {widget["state"].get("text") for widget in state_of(file)["widgets"].values()}


def test_the_page_may_not_ask_for_anything(tmp_path):
    page = to_html(Sample(), tmp_path / "page.html", title="A race").read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert "http" not in policy[1]


def test_a_folder_that_does_not_exist_is_one_clear_error(tmp_path):
    with pytest.raises(F1nbError, match=r"cannot write .*missing.*: No such file or directory; choose another place"):
        to_html(Sample(), tmp_path / "missing" / "page.html", title="A race")


def test_a_failed_export_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "page.html"
    target.write_text("the old one")
    closed = Sample()
    outer = Sample(other=closed)
    closed.close()
    with pytest.raises(F1nbError, match="closed"):
        to_html(outer, target, title="A race")
    with pytest.raises(F1nbError, match="closed"):
        to_html(closed, target, title="A race")
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]
    assert target.read_text() == "the old one"


def test_the_file_can_be_read_by_others(tmp_path):
    ordinary = tmp_path / "ordinary"
    ordinary.touch()
    file = to_html(Sample(), tmp_path / "page.html", title="A race")
    assert file.stat().st_mode == ordinary.stat().st_mode
