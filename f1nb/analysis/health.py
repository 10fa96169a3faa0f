"""What is wrong or doubtful in the data of a session: one sentence for each finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from f1nb.analysis.deletions import rulings
from f1nb.analysis.laps import is_stop, under
from f1nb.schema import TABLES

_CLOCK_S = 1.0
Finding = dict[str, Any]


def health(tables: Mapping[str, pl.DataFrame], *, is_race: bool) -> pl.DataFrame:
    """Return table ``health``: what contradicts itself, what is missing inside what there is, what was repaired.

    Data sets that are missing as a whole are no findings: ``data_sets`` says so.

    Parameters
    ----------
    tables
        The completed tables of a session.
    is_race
        Whether all start together and have places on each lap.
    """
    laps = tables["laps"].sort("driver", "lap")
    findings = [*_people(tables), *_results(tables["results"]), *_repaired(tables["repairs"])]
    if laps.height:
        findings += [*_numbers(laps, is_race=is_race), *_times(laps), *_tyres(laps), *_deleted(laps, tables["race_control"])]
    if laps.height and is_race:
        findings += [*_distance(laps, tables["session"]["total_laps"][0]), *_places(laps)]
    return TABLES["health"].frame(findings) if findings else TABLES["health"].empty()


def _finding(severity: str, table: str, sentence: str, n: int = 1, **about: Any) -> Finding:
    return {"severity": severity, "table": table, "finding": sentence, "n": n, **about}


def amount(n: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun.

    Examples
    --------
    >>> amount(1, "lap"), amount(3, "lap")
    ('1 lap', '3 laps')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def _people(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    drivers, laps = tables["drivers"]["driver"], tables["laps"]
    absent = tables["results"].filter(pl.col("status") == "Did not start")["driver"]
    for code in sorted(set(laps["driver"]) - set(drivers)):
        n = laps.filter(pl.col("driver") == code).height
        yield _finding("error", "drivers", f"{code} has {amount(n, 'lap')} but is not among the drivers.", n, driver=code)
    if laps.height:
        for code in sorted(set(drivers) - set(laps["driver"]) - set(absent)):
            yield _finding("info", "laps", f"{code} has no laps.", driver=code)


def _numbers(laps: pl.DataFrame, *, is_race: bool) -> Iterator[Finding]:
    last = laps["lap"].to_numpy().max()
    everyones = sorted(set(range(1, last + 1)) - set(laps["lap"])) if is_race else []
    for lap in everyones:
        yield _finding("error", "laps", f"Lap {lap} is missing for everyone.", lap=lap)
    gaps = laps.group_by("driver", maintain_order=True).agg("lap")
    for code, own in gaps.iter_rows():
        missing = sorted(set(range(min(own), max(own) + 1)) - set(own) - set(everyones))
        if missing:
            which = f"lap {missing[0]}" if len(missing) == 1 else f"{len(missing)} laps from {missing[0]} to {missing[-1]}"
            yield _finding("warning", "laps", f"{code} lacks {which}.", len(missing), driver=code, lap=missing[0])
    made_up = int(laps["is_generated"].sum())
    if made_up:
        yield _finding("info", "laps", f"{amount(made_up, 'lap was', 'laps were')} worked out, not published.", made_up)


def _times(laps: pl.DataFrame) -> Iterator[Finding]:
    untimed = laps.filter(
        pl.col("lap") > 1, pl.col("end_time_s").is_not_null(), pl.col("lap_time_s").is_null(),
        ~pl.col("is_pit_in").fill_null(value=False), ~pl.col("is_pit_out").fill_null(value=False),
        ~pl.col("is_generated").fill_null(value=False), ~under("red"),
    ).height  # fmt: skip
    if untimed:
        yield _finding("warning", "laps", f"{amount(untimed, 'finished lap has', 'finished laps have')} no time.", untimed)
    clock = pl.col("end_time_s") - pl.col("start_time_s")
    off = laps.filter((clock - pl.col("lap_time_s")).abs() > _CLOCK_S, pl.col("lap") > 1).height
    if off:
        which = amount(off, "lap lasts", "laps last")
        yield _finding("warning", "laps", f"On the session clock {which} another time than the lap time says.", off)


def _tyres(laps: pl.DataFrame) -> Iterator[Finding]:
    for column, words in (
        ("compound", "It is not known which tyres were on"),
        ("tyre_age_laps", "The age of the tyres is unknown on"),
    ):
        n = laps[column].null_count()
        if 0 < n < laps.height:
            yield _finding("warning", "laps", f"{words} {amount(n, 'lap')}.", n)
    visits = laps.with_columns(stop=is_stop() | pl.col("is_pit_in").fill_null(value=False), red=under("red"))
    begun = (pl.col("stint") != pl.col("stint").shift(1)).over("driver").fill_null(value=False)
    excused = pl.col("stop").shift(1).over("driver").fill_null(value=False) | pl.col("is_pit_out").fill_null(value=False)
    excused = excused | pl.col("red") | pl.col("red").shift(1).over("driver").fill_null(value=False)
    for code, lap in visits.filter(begun, ~excused, pl.col("is_pit_out").is_not_null()).select("driver", "lap").iter_rows():
        yield _finding("warning", "laps", f"{code} has other tyres from lap {lap} on, without a stop.", driver=code, lap=lap)


def _deleted(laps: pl.DataFrame, race_control: pl.DataFrame) -> Iterator[Finding]:
    if laps["is_deleted"].is_null().all():
        sentence = "It is not known which lap times were deleted: there are no messages of race control."
        yield _finding("warning", "laps", sentence, laps.height)
        return
    messages = race_control.filter(~pl.col("is_derived").fill_null(value=False))["message"].drop_nulls().unique()
    if messages.is_empty():
        return
    wanted = sum(ruling.is_deleted for message in messages for ruling in rulings(message))
    told = int(laps["deleted_at_s"].is_not_null().sum())
    if wanted > told:
        n = wanted - told
        yield _finding("warning", "laps", f"Race control deleted {amount(n, 'lap time')} more than the laps say.", n)
    silent = laps.filter("is_deleted", pl.col("deleted_at_s").is_null()).height
    if silent:
        which = amount(silent, "lap counts", "laps count")
        yield _finding("warning", "laps", f"{which} as deleted, but no message of race control says so.", silent)


def _distance(laps: pl.DataFrame, total_laps: int | None) -> Iterator[Finding]:
    beyond = 0 if total_laps is None else laps.filter(pl.col("lap") > total_laps)["driver"].n_unique()
    if beyond:
        sentence = f"{amount(beyond, 'car')} went further than the {total_laps} laps of the race."
        yield _finding("error", "session", sentence, beyond)


def _places(laps: pl.DataFrame) -> Iterator[Finding]:
    placed = laps.drop_nulls("position")
    shared = placed.group_by("lap", "position").agg("driver").filter(pl.col("driver").list.len() > 1).sort("lap", "position")
    for lap, place, codes in shared.iter_rows():
        who = " and ".join(sorted(codes))
        yield _finding("error", "laps", f"{who} share place {place} at the end of lap {lap}.", len(codes), lap=lap)
    crossed = placed.drop_nulls("end_time_s").sort("lap", "end_time_s", "position")
    wrong = crossed.filter((pl.col("position") < pl.col("position").shift(1)).over("lap").fill_null(value=False))
    laps_of = wrong["lap"].unique().sort().to_list()
    if laps_of:
        which = f"lap {laps_of[0]}" if len(laps_of) == 1 else f"{len(laps_of)} laps"
        sentence = f"Places at the end of {which} are not in the order in which the cars crossed the line."
        yield _finding("warning", "laps", sentence, len(laps_of), lap=laps_of[0])


def _results(results: pl.DataFrame) -> Iterator[Finding]:
    places = sorted(results["position"].drop_nulls())
    shared = sorted({place for place in places if places.count(place) > 1})
    for place in shared:
        who = " and ".join(results.filter(pl.col("position") == place)["driver"].sort())
        yield _finding("error", "results", f"{who} share place {place}.", places.count(place))
    missing = sorted(set(range(1, max(places, default=0) + 1)) - set(places))
    if missing:
        which = ", ".join(map(str, missing))
        yield _finding("error", "results", f"Nobody is classified on place {which}.", len(missing))


def _repaired(repairs: pl.DataFrame) -> Iterator[Finding]:
    for table, column, n in repairs.group_by("table", "column", maintain_order=True).len().iter_rows():
        what = "too many" if column == "lap" else f"of {column}"
        yield _finding("info", table, f"Repaired: {amount(n, 'lap' if column == 'lap' else 'value')} {what}.", n)
