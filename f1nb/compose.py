"""Dashboards: the only place that joins sessions and panels."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qs

import polars as pl

from f1nb.errors import F1nbError, NotFoundError
from f1nb.loading import event_named, events_of, simulated_race
from f1nb.naming import find_event, season_of, session_kind
from f1nb.panels.clock import Clock
from f1nb.panels.dashboard import Dashboard
from f1nb.panels.data_sets import DataSets
from f1nb.panels.message import Message
from f1nb.panels.race_control import RaceControl
from f1nb.panels.selection import Selection
from f1nb.panels.session_header import SessionHeader
from f1nb.panels.session_picker import SessionPicker
from f1nb.panels.team_radio import TeamRadio
from f1nb.panels.telemetry import Telemetry
from f1nb.panels.timing_table import TimingTable
from f1nb.panels.track_limits import TrackLimits
from f1nb.panels.track_map import TrackMap
from f1nb.panels.weather import Weather
from f1nb.query import query_string
from f1nb.session import GrowingSession, Session
from f1nb.store import Key, Store, catalog, find


def sessions() -> pl.DataFrame:
    """Return what is in the store and in the shared one, ``F1NB_STORE``: the latest season's first, in it the one loaded last.

    Returns
    -------
    frame with ``year``, ``event``, ``session``, ``source``, ``size_mb``, ``created_utc``, a text, and ``where``: the folder or
    address of the store

    Examples
    --------
    >>> sessions().columns
    ['year', 'event', 'session', 'source', 'size_mb', 'created_utc', 'where']
    """
    schema = {
        "year": pl.Int32, "event": pl.String, "session": pl.String, "source": pl.String, "size_mb": pl.Float64,
        "created_utc": pl.String, "where": pl.String,
    }  # fmt: skip
    rows = []
    for row in catalog():
        key = row["key"]
        size_mb = row["bytes"] / 1e6
        rows.append((key.year, key.event, key.session, row["source"], size_mb, row["created_utc"], row["store"].name))
    return pl.DataFrame(rows, schema=schema, orient="row")


def dashboard(
    session: Session,
    *,
    clock: Clock | None = None,
    selection: Selection | None = None,
    picker: SessionPicker | None = None,
) -> Dashboard:
    """Return all panels of a session on one page, linked.

    Parameters
    ----------
    session
        What it shows.
    clock, selection
        To share with panels elsewhere; by default its own.
    picker
        A session picker for the header.

    Examples
    --------
    >>> import f1nb
    >>> page = dashboard(f1nb.simulate(laps=3, cars=4))
    >>> page.title
    '2026 Simulated Grand Prix, race'
    """
    given = (clock, selection)
    # who to begin with must not tell how it ends: the front row, or the first two of the entry list
    first = session.drivers.sort("grid_position", nulls_last=True, maintain_order=True)["driver"].head(2)
    selection = selection or Selection(drivers=first.to_list())
    clock = clock or Clock(session, selection=selection)
    shared: dict[str, Any] = {"clock": clock, "selection": selection}
    is_live = isinstance(session, GrowingSession)
    areas = {
        "header": SessionHeader(session, picker=picker, **shared),
        "map": TrackMap(session, **shared),
        "timing": TimingTable(session, **shared),
        "race_control": RaceControl(session, **shared),
        "weather": Weather(session, **shared),
        "transport": clock,
    }
    if not is_live:  # samples are put together when a session is over
        areas["telemetry"] = Telemetry(session, **shared)
    said = {"track_limits": TrackLimits(session, **shared), "radio": TeamRadio(session, **shared)}
    data = {"data": DataSets(session, **shared)}
    name = "Live" if is_live else "Race" if session.is_race else "Session"
    made = [widget for widget in (*areas.values(), *said.values(), *data.values(), selection) if widget not in given]
    tabs = {"Limits and radio": said, "Data": data}
    page = Dashboard(areas, title=session.title, tabs=tabs, first_tab=name, owned=made, **shared)
    if is_live:
        session.watch(lambda: _retitle(page, session))
    return page


def _retitle(page: Dashboard, session: Session) -> None:
    """Name the page after the session that the feed has come to."""
    if page.comm is not None:
        page.title = session.title


def open_dashboard() -> Dashboard:
    """Return the dashboard of the session that the page's address asks for.

    ``?year=2025&event=dutch&session=R`` names one in the store, ``?event=simulated`` the simulated Grand Prix. Without them it
    is the first of `sessions`, else the simulated one. Where the address asks for what is not there, the page says so and
    offers what is.
    """
    asked = {name: values[0] for name, values in parse_qs(query_string()).items()}
    rows = catalog()
    here = Store().name
    entries = [{**asdict(row["key"]), "is_shared": row["store"].name != here} for row in rows]
    try:
        session = _asked(asked, rows)
    except F1nbError as error:
        message = Message(title="This session cannot be shown", text=_sentence(error), code=_load_command(asked))
        return Dashboard({"picker": SessionPicker(entries), "message": message}, title="f1nb")
    info = session.info
    value = {"year": info["year"], "event": info["event"], "session": info["session"], "is_simulated": info["is_simulated"]}
    return dashboard(session, picker=SessionPicker(entries, value=value))


def open_live() -> Dashboard:
    """Return the dashboard of the session that goes on now: of the feed at ``F1NB_LIVE_URL``, else of the official one.

    Where the feed refuses to be read, the page says so and what can be done.
    """
    from f1nb.live.session import live

    try:
        return dashboard(live())
    except F1nbError as error:
        message = Message(title="The live session cannot be followed", text=_sentence(error), code="f1nb auth status")
        return Dashboard({"message": message}, title="f1nb live")


def _asked(asked: dict[str, str], stored: list[dict[str, Any]]) -> Session:
    event = asked.get("event", "")
    year = str(season_of(asked["year"])) if "year" in asked else None
    if event.casefold().startswith("simulated") or not (event or year or stored):
        return simulated_race()
    kind = session_kind(asked["session"], year) if "session" in asked else None
    rows = [r for r in stored if year in {None, str(r["key"].year)} and kind in {None, r["key"].session}]
    if event:
        years = {r["key"].year for r in rows}
        name = find_event(event, [row for y in years for row in events_of(y, stored)]) if years else event
        rows = [row for row in rows if row["key"].event == name]
    if not rows:
        what = " ".join(asked[k] for k in ("year", "event", "session") if k in asked)
        raise NotFoundError(f"{what or 'this session'} is not in the store")
    return rows[0]["store"].open(rows[0]["key"])


def _sentence(error: F1nbError) -> str:
    text = str(error)
    return text[:1].upper() + text[1:] + ("" if text.endswith("?") else ".")


def _load_command(asked: dict[str, str]) -> str:
    """Return a command to copy: quoted, because what was asked for came with a link."""
    if {"year", "event", "session"} <= set(asked):
        return shlex.join(["f1nb", "load", asked["year"], asked["event"], asked["session"]])
    return "f1nb sessions"


def stored(year: int | str, event: str, session: str) -> tuple[Key, Store]:
    """Return the key of a session, named as people type it, and the store that has it: this machine's or the shared one.

    Raises
    ------
    NotFoundError
        When it is in neither; the message says how to load it.
    """
    season, kind = season_of(year), session_kind(session, year)
    key = Key(season, event_named(event, season, catalog()), kind)
    store = find(key)
    if store is None:
        command = shlex.join(["f1nb", "load", str(season), key.event, kind])
        raise NotFoundError(f"{key} is not in the store; load it first: {command}")
    return key, store
