"""How it ended: results and standings, 1950 on."""

from __future__ import annotations

from typing import Any

import polars as pl

from f1nb.calendar import events
from f1nb.errors import NotFoundError
from f1nb.naming import FIRST_CHAMPIONSHIP, find_event, listed, season_of, session_kind
from f1nb.sources import jolpica

_FIRST_TEAMS = 1958


def results(year: int | str, event: str | int, session: str = "R") -> pl.DataFrame:
    """Return the classification of a race, a sprint or a qualifying.

    Parameters
    ----------
    year
        Season, from 1950; sprints from 2021, qualifying from 1994.
    event
        Name, town, country, or round.
    session
        ``R``, ``S`` or ``Q``, or its name.

    Returns
    -------
    frame with ``position`` (of everybody; see ``classified``), ``driver`` (the code; null before there were codes),
    ``driver_id``, ``jolpica_id``, ``number``, ``permanent_number``, ``full_name``, ``team``, ``grid_position`` (null: from the
    pit lane), ``classified``, ``status``, ``reason``, ``points``, ``laps_completed``, ``time_s`` and ``gap_s`` (on the winner's
    lap), ``q1_time_s``, ``q2_time_s``, ``q3_time_s``

    Raises
    ------
    NotFoundError
        When there is no such session, or no result of it.
    SourceError
        When it cannot be read.

    Examples
    --------
    >>> import f1nb
    >>> f1nb.results(2025, "Dutch", "R").head(3)  # doctest: +SKIP
    """
    season = season_of(year, first=FIRST_CHAMPIONSHIP)
    kind = session_kind(session, season)
    if kind not in jolpica.SESSIONS:
        raise NotFoundError(
            f"results are published for {listed(list(jolpica.SESSIONS))}, not for {kind}; "
            f"load the session instead: f1nb.load({season}, {event!r}, {kind!r}).results"
        )
    race = _race(season, event)
    found = jolpica.results(season, race["round"], kind, on=race["date"])
    if found is None:
        raise NotFoundError(
            f"Jolpica has no result of {season} {race['event']} {kind}; it may not have been driven, or not be there yet"
        )
    return found


def standings(year: int | str, *, after: str | int | None = None, teams: bool = False) -> pl.DataFrame:
    """Return the table of the drivers' or the teams' championship.

    Parameters
    ----------
    year
        Season, from 1950; teams from 1958.
    after
        Event or round after which; by default the latest.
    teams
        Teams instead of drivers.

    Returns
    -------
    frame with ``position``, ``driver``, ``driver_id``, ``jolpica_id``, ``full_name``, ``teams``, ``points``, ``wins``; of teams
    with ``position``, ``team``, ``jolpica_id``, ``points``, ``wins``

    Raises
    ------
    NotFoundError
        When there is no such season or event, or nothing was driven yet.
    SourceError
        When they cannot be read.

    Examples
    --------
    >>> import f1nb
    >>> f1nb.standings(1950, teams=True)
    Traceback (most recent call last):
      ...
    f1nb.errors.NotFoundError: there was no championship of teams in 1950; the first was in 1958
    """
    season = season_of(year, first=FIRST_CHAMPIONSHIP)
    if teams and season < _FIRST_TEAMS:
        raise NotFoundError(f"there was no championship of teams in {season}; the first was in {_FIRST_TEAMS}")
    race = _race(season, after) if after is not None else None
    found = jolpica.standings(season, race["round"] if race else None, teams=teams)
    if found is None:
        when = f" after the {race['event']}" if race else ""
        raise NotFoundError(f"Jolpica has no standings of {season}{when} yet")
    return found


def _race(year: int, event: str | int) -> dict[str, Any]:
    """Return the row of the schedule with an event's round and day."""
    rows = events(year)
    name = find_event(event, rows)
    return next(row for row in rows if row["event"] == name)
