"""The two halves of a widget use the same names: its synced traits are the keys of its interface Model."""

import re
from importlib import import_module
from pathlib import Path

import anywidget
import pytest

from f1nb.schema import COMPOUNDS

SOURCES = Path(__file__).parents[2] / "widgets" / "src"
WIDGETS = sorted(path.parent.name for path in SOURCES.glob("*/model.ts"))


def python_traits(widget: str) -> set[str]:
    module = import_module("f1nb.panels._wire" if widget == "columns" else f"f1nb.panels.{widget}")
    panel = getattr(module, widget.title().replace("_", ""))
    return set(panel.class_trait_names(sync=True)) - set(anywidget.AnyWidget.class_trait_names(sync=True))


def typescript_keys(widget: str) -> set[str]:
    text = (SOURCES / "shared" / "models.ts").read_text() + (SOURCES / widget / "model.ts").read_text()
    interfaces = {
        name: (parents or "", body)
        for name, parents, body in re.findall(
            r"interface (\w+)(?: extends ([\w, ]+))? \{(?:\}|\n(.*?)^\})", text, re.DOTALL | re.MULTILINE
        )
    }
    renamed = re.search(r"\b(\w+) as Model\b", text)
    waiting, keys = [renamed[1] if renamed else "Model"], set()
    while waiting:
        parents, body = interfaces[waiting.pop()]
        waiting += re.findall(r"\w+", parents)
        keys |= set(re.findall(r"^  (\w+)\??:", body, re.MULTILINE))
    return keys


@pytest.mark.parametrize("widget", WIDGETS)
def test_python_and_typescript_agree(widget):
    assert typescript_keys(widget) == python_traits(widget)


def test_compounds_are_counted_alike():
    listed = re.search(r"COMPOUNDS = \[(.*?)\]", (SOURCES / "shared" / "status.ts").read_text(), re.DOTALL)
    assert listed
    assert tuple(re.findall(r'"(\w+)"', listed[1])) == COMPOUNDS
