"""The laps of a session, put right step by step, and what each step has changed."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from f1nb.analysis import checks
from f1nb.analysis import laps as lap_rules
from f1nb.analysis.deletions import deletions
from f1nb.analysis.tyres import METHODS as TYRE_METHODS
from f1nb.analysis.tyres import tyres
from f1nb.schema import TABLES

_BEST_METHODS = {"is_personal_best": "Deleted lap times do not count, and what was slower than one may count instead."}


def ledger(tables: Mapping[str, pl.DataFrame], *, is_race: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return ``laps`` as all else uses them, and ``repairs``: what of that differs from the origin, and why.

    Parameters
    ----------
    tables
        ``session``, ``drivers``, ``laps``, ``telemetry``, ``race_control``, ``results`` and the ``repairs`` of the source.
    is_race
        Whether all start together and the first to finish ends it.
    """
    repairs = [tables["repairs"]]
    laps = tables["laps"]

    def kept(after: pl.DataFrame, why: str) -> pl.DataFrame:
        repairs.append(checks.dropped(laps, after, why))
        return after

    def changed(after: pl.DataFrame, methods: Mapping[str, str]) -> pl.DataFrame:
        repairs.append(checks.changes(laps, after, methods))
        return after

    laps = kept(checks.one_row_per_lap(laps), "The lap was there twice: the row that says most is used.")
    laps = kept(checks.of_starters(laps, tables["results"]), "The car did not start.")
    if is_race:
        laps = kept(checks.within_race(laps, tables["session"]["total_laps"][0]), "The race was over.")
    laps = changed(checks.lap_times(laps), checks.TIME_METHODS)
    laps = changed(checks.places_of_generated(laps), checks.POSITION_METHODS)
    if tables["telemetry"].height:
        laps = lap_rules.pit_times(laps, tables["telemetry"], is_race=is_race)
    if is_race:
        laps = lap_rules.race_start_is_no_pit_exit(laps)
        laps = lap_rules.positions_by_lap(laps)
    laps = changed(tyres(laps), TYRE_METHODS)
    laps = deletions(laps, tables["race_control"], tables["drivers"], tables["session"]["start_utc"][0])
    timed = lap_rules.personal_bests(laps)
    repairs.append(checks.changes(laps, timed, _BEST_METHODS).drop_nulls("published"))  # else nobody had said anything
    return timed, TABLES["repairs"].frame(pl.concat(repairs))
