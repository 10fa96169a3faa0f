"""What a feed that is joined late tells of what came before: messages, radio and changes of status carry their own instant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from f1nb.seasons import season
from f1nb.sources.archive.streams import Message

_DATED = {"RaceControlMessages": "Messages", "TeamRadio": "Captures"}
_TRACK = {"AllClear": "1", "Yellow": "2", "SCDeployed": "4", "Red": "5", "VSCDeployed": "6", "VSCEnding": "7"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIER_NAMES = {"Sprint Shootout": "SQ", "Sprint Qualifying": "S"}


def instant_ms(utc: Any) -> int | None:
    """Return an instant as the feed writes it, in milliseconds since 1970; None for what is none: year 1 says unknown.

    Examples
    --------
    >>> instant_ms("2024-05-18T14:00:00.4923456Z"), instant_ms("0001-01-01T00:00:00"), instant_ms("soon")
    (1716040800492, None, None)
    """
    if not isinstance(utc, str):
        return None
    try:
        instant = datetime.fromisoformat(utc)
        since = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)) - _EPOCH
    except (ValueError, OverflowError):
        return None
    return None if since.days < 0 else since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000


def kind_of(info: Mapping[str, Any]) -> str | None:
    """Return the kind of a session from the state of ``SessionInfo``, None for one that is none of a race weekend.

    Examples
    --------
    >>> kind_of({"Name": "Practice 2"}), kind_of({"Name": "Sprint Shootout"}), kind_of({"Name": "Pre-Season Test"})
    ('FP2', 'SQ', None)
    """
    name = info.get("Name")
    year = str(info.get("StartDate"))[:4]
    names = season(int(year) if year.isdecimal() else datetime.now(UTC).year).session_names
    kinds = {official: kind for kind, official in names.items()}
    return kinds.get(name, _EARLIER_NAMES.get(name)) if isinstance(name, str) else None


def of_snapshot(topic: str, patch: Any, utc: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the messages that a part of a snapshot stands for: instant, and patch."""
    if topic == "ExtrapolatedClock" and isinstance(patch, dict) and instant_ms(patch.get("Utc")) is not None:
        yield patch["Utc"], patch
        return
    items = patch.get(_DATED[topic]) if topic in _DATED and isinstance(patch, dict) else None
    items = dict(enumerate(items)) if isinstance(items, list) else items
    if not isinstance(items, dict) or "_deleted" in items:
        yield utc, patch
        return
    name = _DATED[topic]
    for index, item in items.items():
        own = item.get("Utc") if isinstance(item, dict) else None
        yield own if instant_ms(own) is not None else utc, {name: {str(index): item}}
    rest = {key: value for key, value in patch.items() if key != name}
    if rest:
        yield utc, rest


def of_status_series(said: Any, streams: Mapping[str, list[Message]], began_ms: int) -> dict[str, list[Message]]:
    """Return the changes of status with those before the first message of their topic, as ``SessionData`` lists them.

    Parameters
    ----------
    said
        State of ``SessionData``.
    streams
        What has come of ``SessionStatus`` and ``TrackStatus``.
    began_ms
        Instant of the stream's zero.
    """
    series = said.get("StatusSeries") if isinstance(said, dict) else None
    found: dict[str, list[Message]] = {"SessionStatus": [], "TrackStatus": []}
    for item in series.values() if isinstance(series, dict) else ():
        at_ms = instant_ms(item.get("Utc")) if isinstance(item, dict) else None
        if at_ms is None:
            continue
        for topic, earlier in found.items():
            status = item.get(topic)
            status = _TRACK.get(str(status)) if topic == "TrackStatus" else status
            if isinstance(status, str):
                earlier.append(Message(at_ms - began_ms, {"Status": status}))
    for topic, earlier in found.items():
        known = streams[topic]
        before = sorted((m for m in earlier if not known or m.time_ms < known[0].time_ms), key=lambda m: m.time_ms)
        found[topic] = [*before, *known]
    return found
