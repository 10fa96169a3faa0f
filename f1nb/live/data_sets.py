"""Table ``data_sets`` of a session that is followed live: what the feed tells, and what of it was missed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import polars as pl

from f1nb.live.history import instant_ms
from f1nb.schema import TABLES
from f1nb.sources.archive import TOPIC_OF_TABLE

_TOPICS = TOPIC_OF_TABLE | {"positions": "Position.z"}
_PACKED = frozenset({"CarData.z", "Position.z"})
OF_MOMENTS = frozenset({"laps", "timing", "mini_sectors", "telemetry", "positions", "weather", "session_clock"})
"""Tables of what is said once: what was missed of the others, the next snapshot brings."""

_LISTED = 3
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Gap = tuple[str | None, str | None]  # instants between which messages may be missing, as the feed writes them


def data_sets(
    tables: Mapping[str, pl.DataFrame], heard: Collection[str], gaps: Sequence[Gap], since: datetime | None
) -> pl.DataFrame:
    """Return the table.

    Parameters
    ----------
    tables
        Of the session as far as it has come.
    heard
        Topics of which the feed has said something.
    gaps
        Where messages may be missing.
    since
        From when on the feed was followed, where that is not from the start of the session.

    Examples
    --------
    >>> weather = TABLES["weather"].frame({"time_s": [0.0]})
    >>> found = data_sets({"weather": weather}, {"WeatherData"}, [("2024-05-19T13:20:05Z", "2024-05-19T13:21:00Z")], None)
    >>> found.filter(table="weather")["note"].item()
    'Messages may be missing between 13:20:05 and 13:21:00 UTC.'
    """
    missed = " ".join(_missed(gaps, since)) or None
    rows: list[tuple[str, str, str | None, int | None, str | None]] = []
    for table, topic in _TOPICS.items():
        n = tables[table].height if table in tables else None
        if n == 0 or (n is None and topic not in heard):
            rows.append((table, "not_published", None, n, _why_not(table, topic, topic in heard)))
        else:
            note = missed if table in OF_MOMENTS else None
            rows.append((table, "partial" if note else "available", "live", n, note))
    if "results" in tables and tables["results"].height:
        note = "Provisional: the order on the screen; decisions taken later are not in it."
        rows.append(("results", "partial", "live", tables["results"].height, note))
    return pl.DataFrame(rows, schema=TABLES["data_sets"].schema, orient="row").sort(TABLES["data_sets"].sorted_by)


def _why_not(table: str, topic: str, is_heard: bool) -> str:
    if is_heard:
        return f"Nothing that the feed has said by now makes up {table.replace('_', ' ')}."
    if topic in _PACKED:
        return f"The feed has no {topic}: since August 2025 the free stream leaves it out."
    return f"The feed has not said anything about it so far ({topic})."


def _missed(gaps: Sequence[Gap], since: datetime | None) -> list[str]:
    said = [] if since is None else [f"Followed from {since:%H:%M:%S} UTC on: what came before was not seen."]
    between = [_between(*gap) for gap in gaps]
    if between:
        more = f", and {len(between) - _LISTED} times more" if len(between) > _LISTED else ""
        said.append(f"Messages may be missing {', '.join(between[:_LISTED])}{more}.")
    return said


def _between(since_utc: str | None, until_utc: str | None) -> str:
    since, until = (_time(instant_ms(utc)) for utc in (since_utc, until_utc))
    if since and until:
        return f"between {since} and {until} UTC"
    return f"after {since} UTC" if since else f"before {until} UTC" if until else "at an unknown time"


def _time(at_ms: int | None) -> str | None:
    return None if at_ms is None else f"{_EPOCH + timedelta(milliseconds=at_ms):%H:%M:%S}"
