"""``TopThree``: the first three of the screen, as they change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from f1nb.live.writer.topics import Sent

_SHOWN = 3


def first_three(entries: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the lines before the start; ``entries`` is the state of ``DriverList``."""
    order = sorted(entries.values(), key=lambda entry: entry["Line"])
    return [_row(place, entry, {}) for place, entry in enumerate(order[:_SHOWN], 1)]


def top_three(timing: Iterable[Sent], entries: Mapping[str, Any], *, is_race: bool) -> Iterator[Sent]:
    """Yield what changes of the first three with each message.

    Parameters
    ----------
    timing
        The messages of ``TimingData``, in order.
    entries
        State of ``DriverList``.
    is_race
        Whether the times that are shown are last laps; else best ones.
    """
    at = {number: entry["Line"] for number, entry in entries.items()}
    texts: dict[str, dict[str, Any]] = {number: {} for number in entries}
    shown = {str(i): row for i, row in enumerate(first_three(entries))}
    for time_s, _, patch in timing:
        lines = patch.get("Lines", {})
        for number, line in lines.items():
            at[number] = line.get("Line", at[number])
            texts[number].update(_texts(line, is_race=is_race))
        changed = {}
        for number in lines:
            place = at[number]
            if place > _SHOWN:
                continue
            row = _row(place, entries[number], texts[number])
            key = str(place - 1)
            news = {name: value for name, value in row.items() if shown[key][name] != value}
            if news:
                shown[key] = row
                changed[key] = news
        if changed:
            yield Sent(time_s, "TopThree", {"Lines": changed})


def _texts(line: Mapping[str, Any], *, is_race: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    timed = line.get("LastLapTime" if is_race else "BestLapTime", {})
    if "Value" in timed:
        found["LapTime"] = timed["Value"]
    found |= {name: timed[name] for name in ("OverallFastest", "PersonalFastest") if name in timed}
    if "GapToLeader" in line:
        found |= {"DiffToLeader": line["GapToLeader"], "DiffToAhead": line["IntervalToPositionAhead"]["Value"]}
    for stats in line.get("Stats", {}).values():
        found |= {"DiffToLeader": stats["TimeDiffToFastest"], "DiffToAhead": stats["TimeDifftoPositionAhead"]}
    if "TimeDiffToFastest" in line:
        found |= {"DiffToLeader": line["TimeDiffToFastest"], "DiffToAhead": line["TimeDiffToPositionAhead"]}
    return found


def _row(place: int, entry: Mapping[str, Any], texts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Position": str(place),
        "ShowPosition": True,
        "RacingNumber": entry["RacingNumber"],
        "Tla": entry["Tla"],
        "BroadcastName": entry["BroadcastName"],
        "FullName": entry["FullName"],
        "Team": entry["TeamName"],
        "TeamColour": entry["TeamColour"],
        "LapTime": "",
        "DiffToAhead": "",
        "DiffToLeader": "",
        "OverallFastest": False,
        "PersonalFastest": False,
        **texts,
    }
