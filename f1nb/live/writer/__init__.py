"""A stored session becomes a feed: what the official one would have said, message by message, as far as its tables know it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from f1nb.live.protocol import Message, merge
from f1nb.live.recordings import Recording
from f1nb.live.writer import cars, topics, tyres
from f1nb.live.writer.course import course
from f1nb.live.writer.samples import samples as packed_samples
from f1nb.live.writer.top_three import first_three, top_three
from f1nb.live.writer.topics import Sent
from f1nb.session import Session

_BEFORE_S = 60.0  # so long before the start the feed begins; what was said earlier is in its first snapshot


def written(session: Session, *, samples: bool = True) -> Recording:
    """Return the feed of a session.

    Where the tables do not say when a session took place, its feed is dated noon of the first day of that year.

    Parameters
    ----------
    session
        Any session.
    samples
        ``CarData.z`` and ``Position.z``, too, which the free stream has not had since August 2025.

    Returns
    -------
    recording, with the state a minute before the start and all messages from then on

    Examples
    --------
    >>> import f1nb
    >>> race = f1nb.simulate(seed=7, laps=3, cars=4)
    >>> written(race).state().tables()["laps"].select("driver", "lap").equals(race.laps.select("driver", "lap"))
    True
    """
    start_utc = session.info["start_utc"] or datetime(session.info["year"], 1, 1, 12, tzinfo=UTC)

    def utc(time_s: float) -> str:
        instant = start_utc + timedelta(milliseconds=round(time_s * 1000))
        return instant.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"

    numbers = topics.race_numbers(session)
    line = cars.start_order(session, list(numbers))
    how = course(session)
    timing = [*_lines("TimingData", cars.timing(session, how, line), numbers)]
    sent = [
        *topics.of_course(how, session, utc),
        *timing,
        *_lines("TimingAppData", tyres.stints(session), numbers),
        *topics.race_control(session, numbers, utc),
        *topics.weather(session),
        *topics.team_radio(session, numbers, utc),
    ]
    entries = topics.driver_list(session, numbers, line)
    sent += top_three(timing, entries, is_race=session.is_race)
    if samples:
        sent += packed_samples(session, numbers, utc)
    sent += topics.heartbeats(-_BEFORE_S, max((message.time_s for message in sent), default=0.0), utc)
    sent.sort(key=lambda message: message.time_s)

    state: dict[str, Any] = {
        "SessionInfo": topics.session_info(session, start_utc),
        "DriverList": entries,
        "TimingData": cars.first_lines(session, numbers, line),
        "TimingAppData": tyres.first_lines(session, numbers, line),
        "TopThree": {"Withheld": False, "Lines": first_three(entries)},
        "SessionStatus": {"Status": "Inactive"},
        "SessionData": {"Series": [], "StatusSeries": []},
        "RaceControlMessages": {"Messages": []},
        "TeamRadio": {"Captures": []},
        "Heartbeat": {"Utc": utc(-_BEFORE_S)},
    }
    if session.is_race:
        state["LapCount"] = {"CurrentLap": 1, "TotalLaps": session.info["total_laps"]}
    messages: list[Message] = []
    for time_s, topic, patch in sent:
        if time_s < -_BEFORE_S:
            merge(state, topic, patch)
        else:
            messages.append(Message(topic, patch, utc(time_s)))
    return Recording(state, messages)


def _lines(topic: str, said: Iterable[cars.Said], numbers: Mapping[str, str]) -> Iterator[Sent]:
    """Yield what is said of cars as messages: one for all that is said at the same millisecond."""
    dated = [(time_s if time_s == float("-inf") else round(time_s, 3), driver, patch) for time_s, driver, patch in said]
    dated.sort(key=lambda row: row[0])
    for time_s, rows in groupby(dated, key=lambda row: row[0]):
        lines: dict[str, Any] = {}
        for _, driver, patch in rows:
            number = numbers[driver]
            lines[number] = _both(lines[number], patch) if number in lines else patch
        yield Sent(time_s, topic, {"Lines": lines})


def _both(patch: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return two patches as one; neither is changed, because parts of them are in others, too."""
    one = {**patch, **other}
    for key in patch.keys() & other.keys():
        if isinstance(patch[key], dict) and isinstance(other[key], dict):
            one[key] = _both(patch[key], other[key])
    return one
