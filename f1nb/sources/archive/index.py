"""The host's own list of a season: where each session is, whatever the schedule says. And whose files a folder has."""

from __future__ import annotations

import re
from urllib.parse import quote

import orjson

from f1nb.errors import NotFoundError
from f1nb.seasons import season
from f1nb.sources._answers import known_form
from f1nb.sources._files import Files
from f1nb.sources.archive.streams import BOM, messages

NAME = "Index.json"
_PATH = re.compile(r"\d{4}/[^/]+/[^/]+/")  # tests of the host's own are elsewhere


def listed(files: Files, year: int, event: str, session: str) -> str:
    """Return the folder of a session, as a part of an address below that of the season.

    Parameters
    ----------
    files
        Those of the season.
    year, event, session
        What the session is called.

    Raises
    ------
    NotFoundError
        When the list has no such session, or there is no list.
    SourceError
        When it cannot be read.
    """
    content = files.read(NAME)
    name = season(year).session_names.get(session)
    with known_form(files.name):
        paths = [
            held["Path"]
            for meeting in (orjson.loads(content.removeprefix(BOM))["Meetings"] if content else ())
            if meeting["Name"].casefold() == event.casefold()
            for held in meeting["Sessions"]
            if held.get("Name") == name and _PATH.fullmatch(held.get("Path") or "")
        ]
    if not paths:
        raise NotFoundError(f"the official archive does not list a {session} of the {year} {event}")
    return quote(paths[-1].strip("/").partition("/")[2])


def session_of(files: Files) -> tuple[int, str, str] | None:
    """Return year, event and session whose files these are, None where they do not say."""
    said, _ = messages(files.read("SessionInfo.jsonStream") or b"")
    info = {key: value for _, patch in said if isinstance(patch, dict) for key, value in patch.items()}
    meeting, begun = info.get("Meeting"), str(info.get("StartDate"))[:4]
    event = meeting.get("Name") if isinstance(meeting, dict) else None
    if not event or not begun.isdigit():
        return None
    kinds = {name: kind for kind, name in season(int(begun)).session_names.items()}
    kind = kinds.get(str(info.get("Name")))
    return (int(begun), event, kind) if kind else None
