"""Results, standings and old calendars from Jolpica, the successor of Ergast: 1950 on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl

from f1nb.errors import SourceError
from f1nb.schema import TABLES
from f1nb.seasons import least_laps
from f1nb.sources import _identity
from f1nb.sources._answers import Limits, answer, kept_answer, known_form
from f1nb.sources.archive.values import seconds
from f1nb.sources.schedule import COLUMNS, FIRST_YEAR

_ADDRESS = "https://api.jolpi.ca/ergast/f1/"
_LIMITS = Limits(per_second=4, per_hour=200)
_PAGE = 100  # the most that it gives at once
_PATHS = {"R": ("results", "Results"), "S": ("sprint", "SprintResults"), "Q": ("qualifying", "QualifyingResults")}
SESSIONS = tuple(_PATHS)
_RESULTS = {
    "position": pl.Int32, "driver": pl.String, "driver_id": pl.String, "jolpica_id": pl.String, "number": pl.String,
    "permanent_number": pl.String, "full_name": pl.String, "team": pl.String, "grid_position": pl.Int32,
    "classified": pl.Boolean, "status": pl.String, "reason": pl.String, "points": pl.Float64, "laps_completed": pl.Int32,
    "time_s": pl.Float64, "gap_s": pl.Float64, "q1_time_s": pl.Float64, "q2_time_s": pl.Float64, "q3_time_s": pl.Float64,
}  # fmt: skip
_DRIVERS = {
    "position": pl.Int32, "driver": pl.String, "driver_id": pl.String, "jolpica_id": pl.String, "full_name": pl.String,
    "teams": pl.List(pl.String), "points": pl.Float64, "wins": pl.Int32,
}  # fmt: skip
_TEAMS = {"position": pl.Int32, "team": pl.String, "jolpica_id": pl.String, "points": pl.Float64, "wins": pl.Int32}


@known_form("api.jolpi.ca")
def season_schedule(year: int, *, fetch: bool = True) -> pl.DataFrame | None:
    """Return the races of a season as `f1nb.sources.schedule` has its sessions: without times where none are known.

    Parameters
    ----------
    year
        Season, from 1950.
    fetch
        Whether the network may be asked.
    """
    rows = []
    for race in _races(f"{year}.json", year, fetch=fetch):
        where = race["Circuit"]["Location"]
        start = datetime.fromisoformat(f"{race['date']}T{race['time']}") if race.get("time") else None
        rows.append(
            {"year": year, "round": int(race["round"]), "event": race["raceName"], "country": where["country"],
             "location": where["locality"], "session": "R", "session_name": "Race", "date": date.fromisoformat(race["date"]),
             "start_utc": start, "format": "conventional"}
        )  # fmt: skip
    return pl.DataFrame(rows, schema=COLUMNS) if rows else None


@known_form("api.jolpi.ca")
def results(year: int, round_: int, session: str, *, on: date | None = None) -> pl.DataFrame | None:
    """Return the classification of a session, None where there is none (yet).

    Parameters
    ----------
    year, round_
        Season and round.
    session
        ``R``, ``S`` or ``Q``.
    on
        Day of the race. Calendars move: where the round here is of another day, the one of that day is taken.
    """
    path, key = _PATHS[session]
    races = _races(f"{year}/{round_}/{path}.json", year)
    if on and races and not _near(races[0], on):
        moved = [race["round"] for race in _races(f"{year}.json", year) if _near(race, on)]
        races = _races(f"{year}/{moved[0]}/{path}.json", year) if moved else []
    rows = [row for race in races for row in race.get(key, [])]
    if not rows:
        return None
    rows.sort(key=lambda row: int(row["position"]))
    frame = pl.DataFrame([_result(row, rows[0], year) for row in rows], schema=_RESULTS)
    if frame["position"].is_duplicated().any():  # two on one place and none on the next: in the order in which they are listed
        return frame.with_columns(position=pl.int_range(1, pl.len() + 1, dtype=pl.Int32))
    return frame


def session_results(year: int, round_: int, session: str, *, on: date | None = None) -> pl.DataFrame | None:
    """Return table ``results`` of a session, None where there is none (yet); see `results`."""
    found = results(year, round_, session, on=on)
    if found is None:
        return None
    if session in {"R", "S"}:
        found = _with_gaps_to_winner(found).with_columns(position=pl.when("classified").then("position"))
    full = found.with_columns(is_provisional=pl.lit(value=False))
    return TABLES["results"].frame(full.select(TABLES["results"].schema.names()))


def _with_gaps_to_winner(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with their times in order: a gap less than that of the car ahead is one to that car (2023 Azerbaijan)."""
    gaps: list[float | None] = []
    ahead = 0.0
    for gap in rows["gap_s"]:
        gaps.append(gap if gap is None or gap >= ahead else round(ahead + gap, 3))
        ahead = gaps[-1] or ahead
    gap_s = pl.Series("gap_s", gaps, pl.Float64)
    return rows.with_columns(gap_s, time_s=(rows["time_s"].first() + gap_s).round(3))


@known_form("api.jolpi.ca")
def standings(year: int, round_: int | None = None, *, teams: bool = False) -> pl.DataFrame | None:
    """Return the table of a championship, None where there is none (yet).

    Parameters
    ----------
    year
        Season.
    round_
        After this round; None: after the latest.
    teams
        Teams instead of drivers.
    """
    kind = "Constructor" if teams else "Driver"
    path = "/".join(str(part) for part in (year, round_, f"{kind.lower()}standings.json") if part)
    lists = [one for page in _pages(path, year) for one in page["StandingsTable"]["StandingsLists"]]
    rows = [_standing(row, year, teams=teams) for one in lists for row in one[f"{kind}Standings"]]
    return pl.DataFrame(rows, schema=_TEAMS if teams else _DRIVERS) if rows else None


def _pages(path: str, year: int, *, fetch: bool = True) -> list[dict[str, Any]]:
    """Return what is at a path: one page as a rule, more where it has more rows than one takes."""

    def page(query: str = "") -> dict[str, Any] | None:
        address = f"{_ADDRESS}{path}{query}"
        found = answer(address, year=year, limits=_LIMITS) if fetch else kept_answer(address)
        return None if found is None else found["MRData"]

    first = page()
    if first is None:
        return []
    if int(first["total"]) <= int(first["limit"]):
        return [first]
    starts = range(0, int(first["total"]), _PAGE)
    pages = [page(f"?limit={_PAGE}" + (f"&offset={start}" if start else "")) for start in starts]
    if None in pages:
        raise SourceError(f"api.jolpi.ca gave only a part of {path}; try again")
    return [one for one in pages if one]


def _races(path: str, year: int, *, fetch: bool = True) -> list[dict[str, Any]]:
    return [race for page in _pages(path, year, fetch=fetch) for race in page["RaceTable"]["Races"]]


def _near(race: dict[str, Any], on: date) -> bool:
    """Return whether a race is that of a day: one source names the day at the track, another that of UTC."""
    return abs((date.fromisoformat(race["date"]) - on).days) <= 2


def _result(row: dict[str, Any], first: dict[str, Any], year: int) -> dict[str, Any]:
    time = int(row["Time"]["millis"]) / 1000 if _on_lead_lap(row, first) else None
    quickest = [seconds(row.get(part)) for part in ("Q1", "Q2", "Q3")]
    is_race = "positionText" in row
    classified = _is_classified(row, first, year) if is_race else any(quickest)
    return {
        "position": int(row["position"]),
        **_driver(row["Driver"], year),
        "number": row.get("number"),
        "permanent_number": row["Driver"].get("permanentNumber"),
        "team": row.get("Constructor", {}).get("name"),
        "grid_position": int(row.get("grid") or 0) or None,  # 0 is the pit lane
        "classified": classified,
        "status": _status(row) if is_race else None,
        "reason": _reason(row) if is_race else None,
        "points": float(row["points"]) if is_race else None,
        "laps_completed": int(row["laps"]) if row.get("laps") else None,
        "time_s": time,
        "gap_s": None if time is None else round(time - int(first["Time"]["millis"]) / 1000, 3),
        **{f"q{n}_time_s": best for n, best in enumerate(quickest, 1)},
    }


def _on_lead_lap(row: dict[str, Any], first: dict[str, Any]) -> bool:
    """Return whether a time is one of the whole distance: since 2023 lapped cars have one, too, when they crossed the line."""
    return "Time" in row and "Time" in first and row.get("laps") == first.get("laps")


def _is_classified(row: dict[str, Any], first: dict[str, Any], year: int) -> bool:
    """Return whether a car is classified: in our time also one that stopped after nine tenths of the winner's laps."""
    if row["positionText"] == "R" and year >= FIRST_YEAR:
        return int(row.get("laps", 0)) >= least_laps(int(first.get("laps", 0)))
    return row["positionText"].isdigit()


def _status(row: dict[str, Any]) -> str:
    text, letter = row.get("status", ""), row["positionText"]
    if letter in {"D", "E"}:
        return "Disqualified"
    if text == "Lapped" or text.startswith("+"):
        return "Lapped"
    if text == "Finished" or text.startswith(("Did not", "Not classified")):
        return text
    return "Did not start" if letter == "W" and row.get("laps", "0") == "0" else "Retired"


def _reason(row: dict[str, Any]) -> str | None:
    """Return what the status does not say already: the gearbox, an accident."""
    text = row.get("status", "")
    return None if text.startswith("+") or text in {"", "Retired", _status(row)} else text


def _driver(driver: dict[str, Any], year: int) -> dict[str, Any]:
    """Return who it is.

    Codes name fathers and sons alike: they tell who it is only in the seasons of `_identity`.
    """
    code = driver.get("code")
    known = _identity.NAMES.get(code or "") if year >= FIRST_YEAR else None
    full_name = known or f"{driver['givenName']} {driver['familyName']}"
    return {
        "driver": code,
        "driver_id": _identity.driver_id(full_name),
        "jolpica_id": driver["driverId"],
        "full_name": full_name,
    }


def _standing(row: dict[str, Any], year: int, *, teams: bool) -> dict[str, Any]:
    place = row.get("position") or row.get("positionText") or ""
    counted = {
        "position": int(place) if place.isdigit() else None,
        "points": float(row["points"]),
        "wins": int(row["wins"]),
    }
    if teams:
        return {**counted, "team": row["Constructor"]["name"], "jolpica_id": row["Constructor"]["constructorId"]}
    return {**counted, **_driver(row["Driver"], year), "teams": [team["name"] for team in row.get("Constructors", [])]}
