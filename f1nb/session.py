"""A session: its tables as polars frames, and ways to look at a part of it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from html import escape
from typing import Any, overload

import polars as pl

from f1nb.schema import TABLES
from f1nb.seasons import Season, season

_BY_DRIVER = frozenset(
    {"drivers", "laps", "telemetry", "positions", "traces", "timing", "mini_sectors", "results", "radio", "repairs"}
)
_BY_LAP = frozenset({"laps", "telemetry", "traces"})
_BY_TIME = frozenset(
    {
        "telemetry", "positions", "timing", "mini_sectors", "weather", "race_control", "track_status", "session_status",
        "session_clock", "radio",
    }
)  # fmt: skip
_ABOUT_LAPS = frozenset({"repairs", "health"})
_SESSION_NAMES = {
    "FP1": "Practice 1",
    "FP2": "Practice 2",
    "FP3": "Practice 3",
    "Q": "Qualifying",
    "SQ": "Sprint qualifying",
    "S": "Sprint",
    "R": "Race",
}
_STATE_GLYPHS = {"available": "✓", "partial": "◐", "not_published": "○", "needs_sign_in": "🔒", "failed": "✕"}


class _Table:
    """A table as an attribute of `Session`: read once, when it is first asked for, unless it can still change."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.__doc__ = TABLES[name].meaning

    @overload
    def __get__(self, session: None, owner: type) -> _Table: ...
    @overload
    def __get__(self, session: Session, owner: type) -> pl.DataFrame: ...
    def __get__(self, session: Session | None, owner: type) -> _Table | pl.DataFrame:
        if session is None:
            return self
        frame = session.scan(self.name).collect()
        if not session._can_change:
            session.__dict__[self.name] = frame
        return frame


class Session:
    """One session of a race weekend.

    Tables are attributes and polars frames: ``race.laps``, ``race.drivers``, ``race.weather`` … (see `f1nb.schema`).
    ``race.telemetry`` is a ``LazyFrame``, because it is large: filter it, then ``.collect()``.

    Parameters
    ----------
    tables
        Frames by table name; a table that is absent is empty.

    Examples
    --------
    >>> import f1nb
    >>> race = f1nb.simulate(seed=7, laps=3, cars=4)
    >>> race.laps.height
    12
    >>> race.pick(driver=race.drivers["driver"][0], lap=2).laps["lap"].to_list()
    [2]
    """

    session = _Table()
    drivers = _Table()
    laps = _Table()
    positions = _Table()
    traces = _Table()
    timing = _Table()
    mini_sectors = _Table()
    weather = _Table()
    race_control = _Table()
    track_status = _Table()
    session_status = _Table()
    session_clock = _Table()
    results = _Table()
    circuit = _Table()
    radio = _Table()
    repairs = _Table()
    data_sets = _Table()

    _can_change = False

    def __init__(self, tables: Mapping[str, pl.DataFrame | pl.LazyFrame]) -> None:
        unknown = sorted(set(tables) - set(TABLES))
        if unknown:
            raise ValueError(f"no such table: {', '.join(unknown)}; the tables are {', '.join(TABLES)}")
        self._tables = dict(tables)
        self._only: dict[frozenset[str], pl.Expr] = {}  # what `pick` leaves of the tables of each group

    def scan(self, table: str) -> pl.LazyFrame:
        """Return a table as ``LazyFrame``, whatever its size."""
        frame = self._tables.get(table)
        if frame is None:
            return TABLES[table].empty().lazy()
        conditions = [condition for group, condition in self._only.items() if table in group]
        return frame.lazy().filter(conditions) if conditions else frame.lazy()

    @property
    def telemetry(self) -> pl.LazyFrame:
        """Car data and position, merged: a ``LazyFrame`` with the ``telemetry`` columns."""
        return self.scan("telemetry")

    # -- what it is ---------------------------------------------------------------------------------------------------

    @property
    def info(self) -> dict[str, Any]:
        """The one row of the ``session`` table."""
        return self.session.row(0, named=True)

    @property
    def season(self) -> Season:
        """The rules of its season."""
        return season(self.info["year"])

    @property
    def is_race(self) -> bool:
        """True for a race or a sprint."""
        return self.info["session"] in {"R", "S"}

    @property
    def title(self) -> str:
        """Year, event and session, as a heading."""
        if not (self.info["event"] and self.info["session"]):  # a feed that has not said which one it is of
            return "Live session"
        return f"{self.info['year']} {self.info['event']}, {_SESSION_NAMES[self.info['session']].lower()}"

    @property
    def end_time_s(self) -> float:
        """Session clock at the last moment there is anything of."""
        return self._last_time_s

    @cached_property
    def _last_time_s(self) -> float:
        last = [
            self.laps.select(pl.max_horizontal(pl.col("start_time_s").max(), pl.col("end_time_s").max())).item(),
            self.scan("positions").select(pl.col("time_s").max()).collect().item(),
            self.race_control["time_s"].max(),
        ]
        return float(max((t for t in last if t is not None), default=0.0))

    def health(self) -> pl.DataFrame:
        """Return what is wrong or doubtful in the data, the gravest first: table ``health``.

        Without rows, nothing was found. Which data sets are missing is said in ``data_sets``, each repaired value in
        ``repairs``.

        Examples
        --------
        >>> import f1nb
        >>> f1nb.simulate(laps=3, cars=4).health().is_empty()
        True
        """
        if "health" not in self._tables:
            unchecked = "These data have not been checked; load the session again with force=True."
            return TABLES["health"].frame([{"severity": "info", "finding": unchecked, "n": 1}])
        return self.scan("health").collect()

    # -- parts of it --------------------------------------------------------------------------------------------------

    def pick(self, *, driver: str | Iterable[str] | None = None, lap: int | Iterable[int] | None = None) -> Session:
        """Return the session with only these drivers and laps in it.

        Parameters
        ----------
        driver
            One code or several.
        lap
            One lap number or several, e.g. ``range(10, 20)``; applies to ``laps`` and ``telemetry``.

        Raises
        ------
        ValueError
            When a driver did not take part.
        """
        drivers = None if driver is None else [driver] if isinstance(driver, str) else list(driver)
        laps = None if lap is None else [lap] if isinstance(lap, int) else list(lap)
        for code in drivers or ():
            self._require(code)
        part = Session(self._tables)
        part._only = dict(self._only)
        for group, column, values in ((_BY_DRIVER, "driver", drivers), (_BY_LAP, "lap", laps)):
            if values is not None:
                wanted = pl.col(column) == values[0] if len(values) == 1 else pl.col(column).is_in(values)
                part._only[group] = part._only[group] & wanted if group in part._only else wanted
        return part

    def fastest_lap(self, driver: str | None = None) -> Session:
        """Return the session with only the fastest lap in it: of a driver, or of all.

        Deleted laps do not count.

        Raises
        ------
        ValueError
            When there is no timed lap.
        """
        if driver is not None:
            self._require(driver)
        timed = self.laps.filter(
            pl.col("lap_time_s").is_not_null(),
            ~pl.col("is_deleted").fill_null(value=False),
            pl.lit(value=True) if driver is None else pl.col("driver") == driver,
        )
        if timed.is_empty():
            raise ValueError(f"{driver or 'nobody'} has no timed lap in the {self.title}")
        row = timed.sort("lap_time_s").row(0, named=True)
        return self.pick(driver=row["driver"], lap=row["lap"])

    def at(self, *, lap: int | None = None, time_s: float | None = None) -> Session:
        """Return the session as it was known at a moment: nothing of what came later is in it.

        Parameters
        ----------
        lap
            The moment when the first car completes this lap.
        time_s
            A moment on the session clock.

        Raises
        ------
        ValueError
            When not exactly one of them is given, or nobody completed the lap.
        """
        if (lap is None) == (time_s is None):
            raise ValueError("give one of lap=… and time_s=…")
        if lap is not None:
            first = self.laps.filter(pl.col("lap") == lap)["end_time_s"].min()
            if first is None:
                raise ValueError(
                    f"nobody completed lap {lap}; the last one is lap {self.laps.drop_nulls('end_time_s')['lap'].max()}"
                )
            time_s = float(first)  # pyright: ignore[reportArgumentType]
        assert time_s is not None  # noqa: S101 - tells the type checker what the lines above have settled
        tables: dict[str, pl.DataFrame | pl.LazyFrame] = {name: self.scan(name) for name in self._tables}
        for name in _BY_TIME & set(tables):
            tables[name] = tables[name].filter(pl.col("time_s") <= time_s)
        tables["laps"] = _laps_at(self.laps, time_s)
        for name in _ABOUT_LAPS & set(tables):
            tables[name] = _about(self.scan(name), tables["laps"])
        finished = tables["laps"].drop_nulls("end_time_s").select("driver", "lap")
        if "traces" in tables:
            tables["traces"] = tables["traces"].lazy().join(finished.lazy(), on=["driver", "lap"], how="semi")
        last = self.laps["end_time_s"].max()
        if last is None or time_s < float(last):  # pyright: ignore[reportArgumentType]
            tables["results"] = TABLES["results"].empty()
        return Session(tables)

    def _require(self, driver: str) -> None:
        codes = self.drivers["driver"].to_list()
        if driver not in codes:
            near = difflib.get_close_matches(str(driver).upper(), codes, n=3, cutoff=0.3) or codes
            raise ValueError(f"no driver {driver!r} in the {self.title}; did you mean {', '.join(near)}?")

    # -- how it shows itself ------------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        simulated = " (simulated)" if self.info["is_simulated"] else ""
        return f"<Session {self.title}{simulated}: {_count(self.drivers, 'driver')}, {_count(self.laps, 'lap')}>"

    def _repr_html_(self) -> str:
        info, sets = self.info, self.data_sets.sort("table")
        winner = self.results.filter(pl.col("position") == 1).join(self.drivers, on="driver", how="left")
        first = ""
        if winner.height:
            row = winner.row(0, named=True)
            note = " (provisional)" if row["is_provisional"] else ""
            first = (
                f"<p>{'Won by' if self.is_race else 'Fastest:'} <b>{escape(row['full_name'] or row['driver'])}</b>{note}</p>"
            )
        place = " · ".join(escape(str(v)) for v in (info["circuit"] or info["location"], info["country"]) if v)
        badge = " <b>SIMULATED</b>" if info["is_simulated"] else ""
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(r['table'])}</th>"
            f"<td style='text-align:left'>{_STATE_GLYPHS[r['state']]} {r['state'].replace('_', ' ')}</td>"
            f"<td>{(r['rows'] or 0):,}</td><td style='text-align:left'>{escape(r['origin'] or '–')}</td>"
            f"<td style='text-align:left'>{escape(r['note'] or '')}</td></tr>"
            for r in sets.iter_rows(named=True)
        )
        return (
            f"<div><h4>{escape(self.title)}{badge}</h4><p>{place}</p>{first}"
            "<details><summary>Data sets</summary><table><thead><tr><th>table</th><th>state</th><th>rows</th>"
            f"<th>origin</th><th>note</th></tr></thead><tbody>{rows}</tbody></table></details></div>"
        )


class GrowingSession(Session):
    """A session that is still going on: its tables are replaced as it goes, and who watches it is told.

    It reads like any `Session`, as far as it has come: ``live.laps`` read again has the latest laps. `Session.pick` and
    `Session.at` return a part of it as it is at that moment, which grows no more.

    Attributes
    ----------
    is_live
        Whether more is to come.
    rate
        Seconds of the session for each second of the feed: 1, or the speed of a replay.
    has_news
        Whether the latest update was more than the time.
    badges
        What a header says of where it comes from, and how that is going: dicts of kind, text and title.

    Examples
    --------
    >>> session = GrowingSession()
    >>> session.watch(lambda: print(session.track_status.height))
    >>> session.update({"track_status": TABLES["track_status"].frame({"time_s": [0.0], "status": ["clear"]})})
    1
    """

    _can_change = True  # by a thread of its own, so that a table that was just read can be an old one already

    def __init__(self) -> None:
        row = {"year": datetime.now(UTC).year, "source": "live", "is_simulated": False}
        super().__init__({"session": TABLES["session"].frame([row])})
        self.is_live = True
        self.has_news = False
        self.rate = 1.0
        self.badges: list[dict[str, str]] = []
        self._edge_s = 0.0
        self._watchers: list[Callable[[], None]] = []

    @property
    def end_time_s(self) -> float:
        """Session clock at the live edge: the latest moment that the feed has told of."""
        return self._edge_s

    def frame(self, table: str) -> pl.DataFrame | pl.LazyFrame | None:
        """Return a table as it was last given, for whoever compares it with what it was before."""
        return self._tables.get(table)

    def update(self, tables: Mapping[str, pl.DataFrame | pl.LazyFrame], *, edge_s: float | None = None) -> None:
        """Take what is new, and tell those who watch.

        Parameters
        ----------
        tables
            Those that have changed.
        edge_s
            Session clock at the live edge.
        """
        self.has_news = bool(tables)
        self._tables = {**self._tables, **tables}  # another one: somebody may be reading them
        if edge_s is not None:
            self._edge_s = edge_s
        for watcher in list(self._watchers):
            watcher()

    def at(self, *, lap: int | None = None, time_s: float | None = None) -> Session:
        """Return it as `Session.at` does, all of it as it has come by one moment."""
        return Session(self._tables).at(lap=lap, time_s=time_s)

    def watch(self, callback: Callable[[], None]) -> None:
        """Call back after each update, in the order in which callbacks were given."""
        self._watchers.append(callback)

    def unwatch(self, callback: Callable[[], None]) -> None:
        """Call back no more."""
        if callback in self._watchers:
            self._watchers.remove(callback)


def best_so_far(deleted: pl.Expr) -> pl.Expr:
    """Whether a lap is faster than all of the driver's laps before it, deleted ones aside; laps in order."""
    counted = pl.when(~deleted).then("lap_time_s")
    before = counted.cum_min().shift(1).forward_fill().over("driver")
    return (counted.is_not_null() & (before.is_null() | (counted < before))).fill_null(value=False)


def _count(frame: pl.DataFrame, what: str) -> str:
    return f"{frame.height:,} {what}{'' if frame.height == 1 else 's'}"


def _laps_at(laps: pl.DataFrame, time_s: float) -> pl.DataFrame:
    """Laps begun by ``time_s``, with only the values that were known then.

    That a lap was deleted is known from race control's message on; where it is not known when that came, from the end of the
    lap.
    """
    start, s1, s2 = pl.col("start_time_s"), pl.col("sector_1_time_s"), pl.col("sector_2_time_s")
    done = (pl.col("end_time_s") <= time_s).fill_null(value=False)
    told = pl.col("deleted_at_s").is_null() | (pl.col("deleted_at_s") <= time_s)
    taken_back = (pl.col("reinstated_at_s") <= time_s).fill_null(value=False)
    was_deleted = pl.col("is_deleted") | pl.col("deleted_at_s").is_not_null()
    is_deleted = pl.when(done).then(was_deleted & told & ~taken_back)
    deleted = is_deleted.fill_null(value=False)
    reason = pl.col("exclude_reason")
    reason = (
        pl.when(deleted & reason.is_null())
        .then(pl.lit("deleted", dtype=TABLES["laps"].schema["exclude_reason"]))
        .otherwise(pl.when(deleted | (reason != "deleted")).then(reason))
    )
    counts_anew = (pl.col("deleted_at_s") > time_s) | (pl.col("reinstated_at_s") > time_s)

    def when(condition: pl.Expr, *columns: str) -> list[pl.Expr]:
        return [pl.when(condition).then(pl.col(c)).alias(c) for c in columns]

    return (
        laps.with_columns(
            is_personal_best=pl.when(counts_anew.any().over("driver")).then(best_so_far(deleted)).otherwise("is_personal_best"),
            is_representative=pl.when(pl.col("is_representative").is_not_null()).then(reason.is_null()),
            exclude_reason=reason,
            is_deleted=is_deleted,
            deleted_reason=pl.when(deleted).then("deleted_reason"),
            deleted_at_s=pl.when(done & (pl.col("deleted_at_s") <= time_s)).then("deleted_at_s"),
            reinstated_at_s=pl.when(done & taken_back).then("reinstated_at_s"),
        )
        .filter(start <= time_s)
        .with_columns(
            *when(
                done,
                "end_time_s", "lap_time_s", "sector_3_time_s", "position", "is_personal_best", "is_representative",
                "exclude_reason", "speed_fl_kmh", "track_status",
            ),
            *when(done | (start + s1 <= time_s), "sector_1_time_s", "speed_i1_kmh"),
            *when(done | (start + s1 + s2 <= time_s), "sector_2_time_s", "speed_i2_kmh", "speed_st_kmh"),
            *when(pl.col("pit_in_time_s") <= time_s, "pit_in_time_s", "is_pit_in"),
            *when(pl.col("pit_out_time_s") <= time_s, "pit_out_time_s"),
        )
    )  # fmt: skip


def _about(frame: pl.LazyFrame, laps: pl.DataFrame) -> pl.LazyFrame:
    """Leave of repairs or findings those about no lap, or about one that has begun."""
    begun = laps.group_by("driver").agg(begun=pl.col("lap").max()).lazy()
    anybody = pl.lit(laps["lap"].max(), dtype=pl.Int32)
    seen = frame.join(begun, on="driver", how="left", maintain_order="left")
    is_seen = pl.col("lap").is_null() | (pl.col("lap") <= pl.coalesce("begun", anybody))
    return seen.filter(is_seen).drop("begun")
