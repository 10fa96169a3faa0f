"""A table of many sessions as one frame."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl

from f1nb import _packed
from f1nb._manifest import key_of
from f1nb.errors import NotFoundError, StoreError
from f1nb.naming import FIRST_CHAMPIONSHIP, find_events, listed, season_of, session_kind
from f1nb.schema import TABLES
from f1nb.store import Key, Store, listing

_IN_FRONT = {column: TABLES["session"].schema[column] for column in ("year", "round", "event", "session")}
_FILE = "file it comes from"
_AT_ONCE = 8  # manifests and files that are read at the same time: at an address each one takes its time


def scan(
    table: str,
    *,
    years: int | str | Iterable[int | str] | None = None,
    session: str | Iterable[str] | None = None,
    event: str | int | None = None,
    store: Store | str | Path | None = None,
) -> pl.LazyFrame:
    """Return a table of many stored sessions as one lazy frame.

    Only files of the sessions that are asked for are opened, and of them only the columns and rows that the query needs.

    Parameters
    ----------
    table
        Which table, see `f1nb.schema`.
    years
        One season or several; by default all.
    session
        One kind of session or several, as people write them, of the seasons that had them; by default all.
    event
        As for `f1nb.load`; meant in every season that has it.
    store
        Where to look; by default this machine's store and the one that ``F1NB_STORE`` names.

    Returns
    -------
    frame with ``year``, ``round`` (null where it is not known), ``event`` and ``session`` in front of the columns of the table;
    sessions come in the order in which they were driven, as far as that is known

    Raises
    ------
    NotFoundError
        When there is no such table, or nothing of it is stored.
    StoreError
        When a session that is asked for is damaged.

    Examples
    --------
    >>> import tempfile, f1nb
    >>> from f1nb.store import Store
    >>> store = Store(tempfile.mkdtemp())
    >>> key = store.write(f1nb.simulate(laps=2, cars=3))
    >>> laps = f1nb.scan("laps", years=2026, session="R", store=store)
    >>> laps.group_by("year", "driver").agg(pl.col("lap").max()).collect().shape
    (3, 3)
    """
    if table not in TABLES:
        near = difflib.get_close_matches(str(table), TABLES, n=3) or list(TABLES)
        raise NotFoundError(f"there is no table {table!r}; did you mean {listed(near)}?")
    given = Store(store) if isinstance(store, str | Path) else store
    stored = listing() if given is None else [(key, given) for key in given.listing()]
    wanted = _of(stored, years, session)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        manifests = [*pool.map(lambda at: at[1].manifest(at[0]), wanted)]
        files = [(m, place) for m, (_, place) in zip(manifests, wanted, strict=True)]
        if event is not None:
            events: dict[int, list[dict[str, Any]]] = {}
            for m in manifests:
                events.setdefault(m["info"]["year"], []).append(m["info"])
            meant = find_events(event, events)
            files = [(m, place) for m, place in files if meant.get(m["info"]["year"]) == m["info"]["event"]]
        files.sort(key=lambda at: _when(at[0]["info"]))
        paths = [*pool.map(lambda at: _path(table, *at), files)]
    sessions = pl.LazyFrame(
        [(str(path), *(m["info"].get(column) for column in _IN_FRONT)) for path, (m, _) in zip(paths, files, strict=True)],
        schema={_FILE: pl.String, **_IN_FRONT},
        orient="row",
    )
    rows = _packed.scan(table, paths, file=_FILE).drop(*_IN_FRONT, strict=False)
    return rows.join(sessions, on=_FILE, maintain_order="left").select(*_IN_FRONT, pl.exclude(*_IN_FRONT, _FILE))


def _of(
    stored: list[tuple[Key, Store]], years: int | str | Iterable[int | str] | None, session: str | Iterable[str] | None
) -> list[tuple[Key, Store]]:
    """Return what is stored of these seasons and kinds of session."""
    if not stored:
        raise NotFoundError('the store is empty; load a session, e.g. f1nb load 2025 "Dutch Grand Prix" R')
    have = sorted({key.year for key, _ in stored})
    asked = have if years is None else [years] if isinstance(years, int | str) else years
    seasons = [season_of(year, first=FIRST_CHAMPIONSHIP, ahead=1) for year in asked]
    here = [(key, place) for key, place in stored if key.year in seasons]
    if not here:
        wanted, there = (listed([str(year) for year in y]) for y in (seasons, have))
        raise NotFoundError(f"nothing of {wanted} is stored; there are sessions of {there}")
    if session is None:
        return here
    names = [session] if isinstance(session, str) else list(session)
    kinds = {year: _kinds(names, year) for year in seasons}
    found = [(key, place) for key, place in here if key.session in kinds[key.year]]
    if not found:
        there = listed(sorted({key.session for key, _ in here}))
        raise NotFoundError(f"no {listed(names)} of these seasons is stored; there are {there}")
    return found


def _kinds(names: list[str], year: int) -> set[str]:
    """Return the kinds of session that are meant, of those that the season had."""
    kinds = set()
    for name in names:
        session_kind(name)
        with suppress(NotFoundError):  # a session, but none of this season
            kinds.add(session_kind(name, year))
    return kinds


def _when(info: dict[str, Any]) -> tuple[Any, ...]:
    return info["year"], info.get("round") or 0, info.get("start_utc") or "", info["event"]


def _path(table: str, manifest: dict[str, Any], store: Store) -> Path:
    key = key_of(manifest)
    entry = manifest["files"].get(table)
    if entry is None:
        raise StoreError(f"{key} was stored without the table {table}; load it again with --force")
    return store.local(key, entry)
