"""Ask the sources for a session, one after another, and put the best of their tables together.

Which one is best is said for each table in `BEST`. All time tables of a session are on one clock, that of its laps: tables of
another source are taken only where its clock is the same.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import quote

import polars as pl

from f1nb.errors import F1nbError, NotFoundError, SignInError, SourceError
from f1nb.schema import TABLES
from f1nb.sources._files import MARK
from f1nb.sources._hosts import files_at
from f1nb.store import home, slug

Tables = dict[str, pl.DataFrame]
Progress = Callable[[int, int], None]

_OFFICIAL = ("archive", "fastf1")
BEST: dict[str, tuple[str, ...]] = {
    "session": ("archive", "fastf1", "tracinginsights"),
    "drivers": ("archive", "fastf1", "tracinginsights"),
    "laps": ("archive", "fastf1", "tracinginsights"),
    "telemetry": ("archive", "fastf1", "tracinginsights"),
    "timing": ("archive",),
    "mini_sectors": ("archive",),
    "weather": _OFFICIAL,
    "race_control": _OFFICIAL,
    "track_status": _OFFICIAL,
    "session_status": _OFFICIAL,
    "session_clock": ("archive",),
    "radio": ("archive",),
    "results": ("jolpica", "fastf1", "archive"),
    "circuit": ("multiviewer", "fastf1", "tracinginsights"),
}
"""The sources of each table, the best one first. What is not named here is worked out."""

AUTO = ("archive", "tracinginsights", "fastf1")
"""The order in which sources are asked: FastF1 reads the same host as the archive, so only where nobody else has the laps."""

ALSO = ("jolpica", "schedule")
"""What is asked about a session that somebody has: the official result, and its place in the calendar."""

_ON_THE_CLOCK = (
    "weather", "race_control", "track_status", "session_status", "session_clock", "radio", "timing", "mini_sectors",
)  # fmt: skip
_LIGHTS_OUT = {"R", "S"}  # sessions in which the zero of every source is the same moment
_TRACING_INSIGHTS = "https://cdn.jsdelivr.net/gh/TracingInsights"


class Wanted(NamedTuple):
    """The session that is asked for."""

    year: int
    event: str
    session: str

    def __str__(self) -> str:
        return f"{self.year} {self.event}, {self.session}"


class Gathered(NamedTuple):
    """What the sources gave, and where each table came from."""

    tables: Tables
    source: str


def gather(wanted: Wanted, sources: tuple[str, ...], progress: Progress) -> Gathered:
    """Return the tables of a session, each from the best source that has it.

    Parameters
    ----------
    wanted
        The session.
    sources
        Names of the sources that may be asked, in this order, until nothing is lacking that the next one could have.
    progress
        Called with the number of files read and wanted, anew for each source.

    Raises
    ------
    NotFoundError
        When no source has laps of it.
    SignInError
        When those that have it want an account.
    SourceError
        When a source that may have it could not be read.
    """
    found: dict[str, Tables] = {}
    problems: dict[str, F1nbError] = {}

    def ask(name: str, read: Callable[[], Tables]) -> None:
        try:
            found[name] = read()
        except (NotFoundError, SourceError) as problem:
            problems[name] = problem

    for name in sources:
        if _is_needed(name, found):
            ask(name, partial(_READERS[name], wanted, progress))
    base = next((n for n in BEST["laps"] if _rows(found.get(n, {}), "laps")), None)
    if base is None:
        raise _nothing(wanted, found, problems)
    if len(sources) > 1:
        for name in ALSO:
            ask(name, partial(_READERS[name], wanted, progress))
        key = found[base]["session"]["circuit_key"][0]
        if key is not None:
            ask("multiviewer", partial(_multiviewer, wanted, key))
    return _joined(wanted, base, found, problems)


def _is_needed(name: str, found: Mapping[str, Tables]) -> bool:
    """Return whether a source has something that is lacking so far."""
    lacking = {table for table in BEST if not any(_rows(tables, table) for tables in found.values())}
    if name == "fastf1":
        return "laps" in lacking
    return any(table in lacking for table in ("laps", "telemetry") if name in BEST[table])


def _rows(tables: Mapping[str, pl.DataFrame], table: str) -> int:
    return tables[table].height if table in tables else 0


def _nothing(wanted: Wanted, found: Mapping[str, Tables], problems: Mapping[str, F1nbError]) -> F1nbError:
    """Return what to say when no source has laps: that an account is wanted, and else what each source answered."""
    for name, tables in found.items():
        said = tables["data_sets"].filter(table="laps") if "data_sets" in tables else None
        if said is not None and said.filter(state="needs_sign_in").height:
            problems = {**problems, name: SignInError(said["note"].item().rstrip("."))}
    refused = [(name, problem) for name, problem in problems.items() if isinstance(problem, SignInError)][:1]  # one account
    failed = [(n, p) for n, p in problems.items() if isinstance(p, SourceError) and not isinstance(p, SignInError)]
    worth = refused + failed if refused else list(problems.items())
    kind = SignInError if refused else SourceError if failed else NotFoundError
    if not worth:
        return NotFoundError(f"no source has laps of the {wanted}")
    if len({str(problem) for _, problem in worth}) == 1:
        return kind(str(worth[0][1]))
    return kind(". ".join(f"{name}: {problem}" for name, problem in worth))


def _joined(wanted: Wanted, base: str, found: Mapping[str, Tables], problems: Mapping[str, F1nbError]) -> Gathered:
    """Return the best of each table, on the clock of the laps of ``base``."""
    same_clock = {n for n in found if n == base or wanted.session in _LIGHTS_OUT or {n, base} <= set(_OFFICIAL)}
    tables: Tables = {}
    origins: dict[str, str] = {}
    for table, best in BEST.items():
        allowed = [n for n in best if n in found and (table not in _ON_THE_CLOCK or n in same_clock)]
        chosen = base if table in {"session", "drivers", "laps"} else next((n for n in allowed if _rows(found[n], table)), None)
        if chosen is not None and _rows(found[chosen], table):
            tables[table], origins[table] = found[chosen][table], chosen
    laps = tables["laps"]
    if origins.get("telemetry", base) != base:
        tables["telemetry"] = _on_clock_of(laps, tables["telemetry"])
    for name, other in found.items():
        if name != base:
            tables["drivers"] = _filled(tables["drivers"], other.get("drivers"), on="driver")
            if name in same_clock or name not in AUTO:  # the others know no instant of the session
                tables["session"] = _filled(tables["session"], other.get("session"), on="year")
    classified = found.get(origins.get("results", ""), {}).get("drivers")
    if classified is not None:  # who did not start has no laps, and is in the result all the same
        drivers = pl.concat([tables["drivers"], classified.join(tables["drivers"], on="driver", how="anti")])
        if classified["grid_position"].is_not_null().any():  # the screen has a place for who starts from the pit lane, too
            grid = classified.select("driver", "grid_position")
            drivers = drivers.drop("grid_position").join(grid, on="driver", how="left", maintain_order="left")
        tables["drivers"] = TABLES["drivers"].frame(drivers)
    if _rows(tables, "telemetry") and _rows(tables, "circuit"):  # the line of this session's cars is the truer one
        tables["circuit"] = tables["circuit"].filter(pl.col("kind") != "outline")
    if "repairs" in found[base]:
        tables["repairs"] = found[base]["repairs"]
    tables["data_sets"] = _data_sets(found, problems, origins)
    others = [f"{table} from {name}" for table, name in sorted(origins.items()) if name != base]
    return Gathered(tables, "; ".join([base, *others]))


def _on_clock_of(laps: pl.DataFrame, telemetry: pl.DataFrame) -> pl.DataFrame:
    """Return the telemetry with each lap begun when these laps say; what belongs to no lap is left out."""
    starts = laps.select("driver", "lap", "start_time_s").drop_nulls()
    moved = telemetry.join(starts, on=["driver", "lap"]).with_columns(time_s=pl.col("start_time_s") + pl.col("lap_time_s"))
    return TABLES["telemetry"].frame(moved.drop("start_time_s"))


def _filled(frame: pl.DataFrame, other: pl.DataFrame | None, *, on: str) -> pl.DataFrame:
    """Return the frame with its nulls filled from another one that has rows for the same keys."""
    if other is None or other.is_empty():
        return frame
    other = other.unique(on, keep="first", maintain_order=True)
    columns = [c for c in frame.columns if c in other.columns and c != on]
    both = frame.join(other.select(on, *columns), on=on, how="left", maintain_order="left", suffix="_other")
    return both.with_columns(pl.coalesce(c, f"{c}_other") for c in columns).select(frame.columns)


def _data_sets(found: Mapping[str, Tables], problems: Mapping[str, F1nbError], origins: Mapping[str, str]) -> pl.DataFrame:
    """Return what is said of each table: by the source it came from, else why the best source that was asked gave none."""
    said = {
        (name, row["table"]): row
        for name, tables in found.items()
        if "data_sets" in tables
        for row in tables["data_sets"].iter_rows(named=True)
    }
    rows = []
    for table, best in BEST.items():
        chosen = origins.get(table)
        first = next((name for name in best if name in found or name in problems), "")
        if chosen is None:
            rows.append(_lacking(table, problems.get(first), [row for (_, of), row in said.items() if of == table]))
            continue
        row = {**said.get((chosen, table), {"table": table, "state": "available", "note": None}), "origin": chosen}
        better = problems.get(first)
        if row["state"] == "partial" and isinstance(better, SourceError):
            row["note"] = " ".join(filter(None, [row["note"], _sentence(better)]))
        rows.append(row)
    return TABLES["data_sets"].frame(rows)


def _lacking(table: str, why: F1nbError | None, said: list[dict[str, object]]) -> dict[str, object]:
    """Return why there is no such table: what the best source answered, or what is said by those that could be read."""
    if isinstance(why, SourceError):
        return {"table": table, "state": "needs_sign_in" if isinstance(why, SignInError) else "failed", "note": _sentence(why)}
    if any(row["rows"] for row in said):
        return {"table": table, "state": "not_published", "note": "What is published is on another clock than the laps."}
    return said[0] if said else {"table": table, "state": "not_published"}


def _sentence(problem: F1nbError) -> str:
    text = str(problem)
    first = text.split(" ", 1)[0]
    return f"{text if '.' in first else text[:1].upper() + text[1:]}."  # a host is written as it is


# -- readers ------------------------------------------------------------------------------------------------------------


def downloads(wanted: Wanted, source: str) -> Path:
    """Return the folder that keeps what was fetched of a session until it is complete."""
    return _downloads(wanted) / source


def _downloads(wanted: Wanted) -> Path:
    return home() / "downloads" / str(wanted.year) / slug(wanted.event) / wanted.session


def forget(wanted: Wanted) -> None:
    """Remove what was fetched of a session: it is in the store."""
    shutil.rmtree(_downloads(wanted), ignore_errors=True)


def _archive(wanted: Wanted, progress: Progress) -> Tables:
    from f1nb import account

    token = account.token()
    try:
        return _official(wanted, {"authorization": f"Bearer {token}"} if token else None, progress)
    except SignInError as refused:
        raise account.expired() or refused from None


def _official(wanted: Wanted, headers: Mapping[str, str] | None, progress: Progress) -> Tables:
    from f1nb.sources import archive

    def read(address: str) -> Tables:
        with files_at(address, downloads(wanted, "archive"), headers=headers) as files:
            return archive.read(
                files, year=wanted.year, event=wanted.event, session=wanted.session, address=address, progress=progress
            )

    try:
        return read(archive.address(*wanted))
    except NotFoundError:
        with suppress(NotFoundError):  # of the two, the first says more
            return read(_listed(wanted, headers))
        raise


def _listed(wanted: Wanted, headers: Mapping[str, str] | None) -> str:
    """Return where the official host says that the session is. Calendars move, and the list grows: no copy is kept."""
    from f1nb.sources import archive
    from f1nb.sources.archive.index import listed

    season = f"{archive.HOST}/{wanted.year}"
    with TemporaryDirectory() as copies, files_at(season, Path(copies), headers=headers) as files:
        return f"{season}/{listed(files, *wanted)}"


def _tracinginsights(wanted: Wanted, progress: Progress) -> Tables:
    from f1nb.sources import tracinginsights

    year, event, session = wanted
    for folder in tracinginsights.SESSION_FOLDERS[session]:
        address = f"{_TRACING_INSIGHTS}/{year}@main/{quote(event)}/{quote(folder)}"
        with files_at(address, downloads(wanted, "tracinginsights")) as files:
            if files.read(MARK) is not None:
                return tracinginsights.read(files, year=year, event=event, session=session, progress=progress)
    raise NotFoundError(
        f"the per-lap archive has no {session} of the {year} {event}; it may not have been held, or not be there yet"
    )


def _fastf1(wanted: Wanted, progress: Progress) -> Tables:
    from f1nb.sources import fastf1

    return fastf1.read(year=wanted.year, event=wanted.event, session=wanted.session, cache=home() / "fastf1", progress=progress)


def _jolpica(wanted: Wanted, _: Progress) -> Tables:
    from f1nb.sources import jolpica

    if wanted.session not in jolpica.SESSIONS:
        return {}
    row = _scheduled(wanted)
    which = (wanted.year, row["round"][0], wanted.session)
    full = jolpica.results(*which, on=row["race_date"][0])
    results = jolpica.session_results(*which, on=row["race_date"][0])
    if full is None or results is None:
        return {}
    own = full.select("driver", "driver_id", "number", "full_name", "team", "grid_position")
    return {"results": results, "drivers": TABLES["drivers"].frame(own.drop_nulls("driver"))}


def _multiviewer(wanted: Wanted, circuit_key: int) -> Tables:
    from f1nb.sources import multiviewer

    known = multiviewer.circuit(circuit_key, wanted.year)
    if known is None:
        return {}
    points, rotation_deg = known
    row = {"year": [wanted.year], "circuit_rotation_deg": [rotation_deg]}
    return {"circuit": points, "session": pl.DataFrame(row, schema={"year": pl.Int32, "circuit_rotation_deg": pl.Float64})}


def _schedule(wanted: Wanted, _: Progress) -> Tables:
    return {"session": _scheduled(wanted).select("year", "round", "official_name", "country", "location", "utc_offset_s")}


def _scheduled(wanted: Wanted) -> pl.DataFrame:
    """Return the session's row of the schedule, and the day of the weekend's last session as ``race_date``."""
    from f1nb.sources.schedule import season_schedule

    sessions = season_schedule(wanted.year)
    weekend = sessions.filter(pl.col("event") == wanted.event) if sessions is not None else pl.DataFrame()
    if weekend.is_empty():
        raise NotFoundError(f"the schedule of {wanted.year} has no {wanted.event}")
    return weekend.with_columns(race_date=pl.col("date").max()).filter(pl.col("session") == wanted.session)


_READERS: dict[str, Callable[[Wanted, Progress], Tables]] = {
    "archive": _archive,
    "tracinginsights": _tracinginsights,
    "fastf1": _fastf1,
    "jolpica": _jolpica,
    "schedule": _schedule,
}
