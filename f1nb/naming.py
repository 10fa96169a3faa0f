"""What people mean: the season, the event and the session that they type."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from f1nb.errors import NotFoundError
from f1nb.schema import SESSIONS
from f1nb.seasons import season

FIRST_YEAR = 2018
FIRST_CHAMPIONSHIP = 1950
SIMULATED_EVENT = "Simulated Grand Prix"
_ALIASES = {
    "race": "R", "qualifying": "Q", "quali": "Q", "sprint": "S", "sprint race": "S", "sprint qualifying": "SQ",
    "sprint shootout": "SQ", "ss": "SQ", "practice 1": "FP1", "practice 2": "FP2", "practice 3": "FP3",
    "p1": "FP1", "p2": "FP2", "p3": "FP3",
    "free practice 1": "FP1", "free practice 2": "FP2", "free practice 3": "FP3",
}  # fmt: skip
_COUNTRIES = {
    "america": "united states", "us": "united states", "usa": "united states", "england": "great britain",
    "uk": "great britain", "united kingdom": "great britain", "holland": "netherlands", "uae": "united arab emirates",
}  # fmt: skip


def session_kind(session: str, year: int | str | None = None) -> str:
    """Return the code of a session however it is written.

    Parameters
    ----------
    session
        Code or name.
    year
        Season: "Sprint Qualifying" was the sprint itself in its first two years, and decides its grid since.

    Raises
    ------
    NotFoundError
        When it is no session, or none of that season; the message lists those there are.

    Examples
    --------
    >>> session_kind("Race"), session_kind("fp1"), session_kind("Sprint Shootout")
    ('R', 'FP1', 'SQ')
    >>> session_kind("Sprint Qualifying", 2021), session_kind("Sprint Qualifying", 2024)
    ('S', 'SQ')
    """
    text = " ".join(str(session).replace("_", " ").split())
    kind = text.upper() if text.upper() in SESSIONS else _ALIASES.get(text.lower())
    if text.lower() == "sprint qualifying" and str(year) in {"2021", "2022"}:
        kind = "S"
    if kind is None:
        near = difflib.get_close_matches(text.lower(), [*_ALIASES, *(s.lower() for s in SESSIONS)], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise NotFoundError(f"there is no session {session!r}; it is one of {', '.join(SESSIONS)}{hint}")
    if year is not None:
        held = season(int(year)).session_names
        if kind not in held:
            raise NotFoundError(f"there was no {kind} in {year}; the sessions were {', '.join(held)}")
    return kind


def season_of(year: int | str, *, first: int = FIRST_YEAR, ahead: int = 0) -> int:
    """Return the season as a number.

    Parameters
    ----------
    year
        As people type it.
    first
        Earliest season that there can be: of lap data 2018, of results 1950.
    ahead
        How many years to come there can be.

    Raises
    ------
    NotFoundError
        When there cannot be data of it.
    """
    try:
        number = int(year)
    except (TypeError, ValueError):
        raise NotFoundError(f"{year!r} is not a year") from None
    latest = datetime.now(UTC).year
    if number < first == FIRST_CHAMPIONSHIP:
        raise NotFoundError(f"there was no championship in {number}; the first was in {FIRST_CHAMPIONSHIP}")
    if number < first:
        raise NotFoundError(f"there are no lap data for {number}; the archives begin with {first}")
    if number > latest + ahead:
        raise NotFoundError(f"the {number} season has not begun; the latest is {latest}")
    return number


def _plain(text: str) -> str:
    """Return a name as it is compared: no accents, no case, no signs, without "Grand Prix"."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    words = [w for w in re.findall("[a-z0-9]+", folded) if w not in {"grand", "prix", "gp"}]
    plain = " ".join(words)
    return _COUNTRIES.get(plain, plain)


def find_event(query: str | int, events: Iterable[dict[str, Any]]) -> str:
    """Return the event that is meant.

    Parameters
    ----------
    query
        Name, town, country, circuit, or round.
    events
        Dicts with ``event`` and, where known, ``round``, ``country``, ``location``, ``circuit``.

    Raises
    ------
    NotFoundError
        When nothing matches, or more than one does; the message lists the near ones.

    Examples
    --------
    >>> places = [{"event": "Dutch Grand Prix", "location": "Zandvoort"}, {"event": "Italian Grand Prix", "location": "Monza"}]
    >>> find_event("zandvoort", places)
    'Dutch Grand Prix'
    """
    known = {row["event"]: row for row in events}
    text = str(query).strip()
    hits = _meant(text, known)
    if len(hits) == 1:
        return hits[0]
    rounds = [row["round"] for row in known.values() if row.get("round")]
    if text.isdigit() and not rounds:
        raise NotFoundError(f"the rounds are not known here; name the event instead of {text}")
    if len(hits) > 1:
        raise NotFoundError(f"{query!r} can be {listed(hits)}; say which one")
    if text.isdigit():
        raise NotFoundError(f"there is no event {query!r}; the rounds are {min(rounds)} to {max(rounds)}")
    forms = {_plain(str(row[f])): name for name, row in known.items() for f in ("location", "country", "event") if row.get(f)}
    close = difflib.get_close_matches(_plain(text), list(forms), n=4, cutoff=0.55)
    near = list(dict.fromkeys(forms[c] for c in close))
    hint = f"; did you mean {listed(near)}?" if near else f"; there are {listed(sorted(known))}" if known else ""
    raise NotFoundError(f"there is no event {query!r}{hint}")


def find_events(query: str | int, seasons: Mapping[int, list[dict[str, Any]]]) -> dict[int, str]:
    """Return the event that is meant, by season, in those seasons that have it.

    Parameters
    ----------
    query
        Name, town, country, circuit, or round.
    seasons
        Events by season, as `find_event` wants them.

    Raises
    ------
    NotFoundError
        When no season has it, or more than one event of a season can be meant.

    Examples
    --------
    >>> dutch, italian = {"event": "Dutch Grand Prix"}, {"event": "Italian Grand Prix"}
    >>> find_events("dutch", {2019: [italian], 2025: [dutch, italian]})
    {2025: 'Dutch Grand Prix'}
    """
    text = str(query).strip()
    having = {year: events for year, events in seasons.items() if _meant(text, {row["event"]: row for row in events})}
    if not having:  # says so, with the near ones of all seasons
        find_event(query, [row for events in seasons.values() for row in events])
    return {year: find_event(query, events) for year, events in having.items()}


def _meant(text: str, known: Mapping[str, dict[str, Any]]) -> list[str]:
    """Return the events that a text can mean."""
    if text.isdigit():
        return [name for name, row in known.items() if row.get("round") == int(text)]
    wanted = _plain(text)
    words = wanted.split()
    names = {
        name: [_plain(str(row[f])) for f in ("event", "location", "country", "circuit") if row.get(f)]
        for name, row in known.items()
    }
    hits = [n for n, forms in names.items() if forms and wanted == forms[0]]
    hits = hits or [n for n, forms in names.items() if wanted in forms]
    hits = hits or [n for n, forms in names.items() if words and any(set(words) <= set(f.split()) for f in forms)]
    return hits or [n for n, forms in names.items() if words and any(_begin(words, f) for f in forms)]


def _begin(words: list[str], form: str) -> bool:
    """Return whether each of the words begins one of the form: "usa" is no part of Lusail."""
    return all(any(f.startswith(w) for f in form.split()) for w in words)


def listed(names: list[str], most: int = 30) -> str:
    """Return names as they are listed in a sentence: "a, b or c"."""
    shown = names[:most]
    if len(shown) == 1:
        return shown[0]
    return ", ".join(shown[:-1]) + f" or {shown[-1]}"
