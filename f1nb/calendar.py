"""When and where: the sessions of a season, and which one is next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from f1nb.errors import NotFoundError
from f1nb.naming import FIRST_CHAMPIONSHIP, season_of
from f1nb.sources import _identity, jolpica
from f1nb.sources import schedule as f1schedule


def schedule(year: int | str | None = None) -> pl.DataFrame:
    """Return the sessions of a season, in order; before 2018 the races alone, with a time where one is known.

    Parameters
    ----------
    year
        Season, from 1950; by default this year's.

    Returns
    -------
    frame with ``year``, ``round``, ``event``, ``official_name``, ``country``, ``location``, ``format`` (of the weekend),
    ``session``, ``session_name``, ``date`` (at the track), ``start_utc``, ``start_local``, ``utc_offset_s``

    Raises
    ------
    NotFoundError
        When there is no such season.
    SourceError
        When the schedule cannot be read.

    Examples
    --------
    >>> import f1nb
    >>> f1nb.schedule(1949)
    Traceback (most recent call last):
      ...
    f1nb.errors.NotFoundError: there was no championship in 1949; the first was in 1950
    """
    season = season_of(datetime.now(UTC).year if year is None else year, first=FIRST_CHAMPIONSHIP, ahead=1)
    found = _schedule(season)
    if found is None:
        raise NotFoundError(f"the schedule of {season} is not published")
    return found


@dataclass(frozen=True, slots=True)
class NextSession:
    """The session that starts next.

    Attributes
    ----------
    year, round, event, location, session, session_name
        Which it is.
    start_utc
        When it starts.
    start_local
        The same by the clocks at the track.
    starts_in
        Time until then.
    """

    year: int
    round: int
    event: str
    location: str
    session: str
    session_name: str
    start_utc: datetime
    start_local: datetime | None
    starts_in: timedelta

    def __repr__(self) -> str:
        utc = f"{self.start_utc:%A %d %B %H:%M} UTC"
        local = f"{self.start_local:%A %H:%M} in {self.location}, " if self.start_local else ""
        return f"{self.year} {self.event}, {self.session_name}: in {_words(self.starts_in)} ({local}{utc})"


def next_session(now: datetime | None = None) -> NextSession:
    """Return the session that starts next, with the time until then.

    Parameters
    ----------
    now
        By default this moment; without a time zone it is UTC.

    Raises
    ------
    NotFoundError
        When none is published.

    Examples
    --------
    >>> import f1nb
    >>> f1nb.next_session().starts_in  # doctest: +SKIP
    datetime.timedelta(days=2, seconds=35400)
    """
    moment = now or datetime.now(UTC)
    moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    for year in (moment.year, moment.year + 1):
        sessions = _schedule(year)
        ahead = sessions.filter(pl.col("start_utc") > moment) if sessions is not None else None
        if ahead is not None and ahead.height:
            row = ahead.sort("start_utc").row(0, named=True)
            fields = {k: row[k] for k in NextSession.__dataclass_fields__ if k in row}
            return NextSession(**fields, starts_in=row["start_utc"] - moment)
    raise NotFoundError(f"no session after {moment:%d %B %Y} is published yet")


def events(year: int, *, fetch: bool = True) -> list[dict[str, Any]]:
    """Return the events of a season, as `f1nb.naming.find_event` wants them: with their rounds where the schedule is here.

    Parameters
    ----------
    year
        Season.
    fetch
        Whether the network may be asked. Where it may not and no schedule is kept, these are the events that the season can
        have had, without rounds.
    """
    sessions = _schedule(year, fetch=fetch)
    if sessions is None:
        return [_event(name, year) for name in _identity.events(year)]
    races = sessions.unique("round", keep="last", maintain_order=True).select("event", "round", "country", "location", "date")
    return [{**row, **_event(row["event"], year)} for row in races.iter_rows(named=True)]


def _schedule(year: int, *, fetch: bool = True) -> pl.DataFrame | None:
    found = f1schedule.season_schedule(year, fetch=fetch) if year >= f1schedule.FIRST_YEAR else None
    return jolpica.season_schedule(year, fetch=fetch) if found is None else found


def _event(name: str, year: int) -> dict[str, Any]:
    where = _identity.place(name, year) if year >= f1schedule.FIRST_YEAR else None
    return {"event": name, **(where._asdict() if where else {})}


def _words(length: timedelta) -> str:
    """Return a time span as it is said: days and hours, or hours and minutes."""
    minutes = int(length.total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    parts = [(days, "day"), (hours, "hour"), (minutes % 60, "minute")]
    said = [f"{count} {unit}{'s' * (count != 1)}" for count, unit in parts if count][:2]
    return " ".join(said) or "less than a minute"
