"""Stints that hold together: each begins at a stop, on one compound, and its tyres grow older by one each lap."""

from __future__ import annotations

import polars as pl

from f1nb.analysis.laps import under

METHODS = {
    "stint": "A stint begins where the car was in the pits, or under a red flag; counted from 1.",
    "compound": "A set has one compound: the one that most laps of the stint name.",
    "tyre_age_laps": "Tyres grow older by one each lap: counted from the age that most laps of the stint agree on.",
    "fresh_tyre": "A set was new or not for the whole stint: as most of its laps say.",
}
"""What `tyres` changes, and why: one sentence for each column."""


def tyres(laps: pl.DataFrame) -> pl.DataFrame:
    """Return the laps with stints, compounds and tyre ages that agree with the pit stops and with each other.

    A new stint needs a visit to the pits or a red flag. One published without either is believed only if, after at least two
    laps, compound and age change together: then the stop was missed. Where nobody says what was fitted at a stop, it was
    another set.

    Within a stint stand the compound that most of its laps name and the age that most agree on. An age that cannot be, such as
    1 after 24 laps, counts for nothing: the set is counted from 1 if it was new, else its age is unknown.

    Parameters
    ----------
    laps
        Table ``laps`` with pit laps and track status.

    Returns
    -------
    frame
        ``laps`` in order, with ``stint``, ``compound``, ``tyre_age_laps`` and ``fresh_tyre``.
    """
    known = laps.sort("driver", "lap")
    known = known.with_columns(stint=_new_set(known).cast(pl.Int32)).with_columns(pl.col("stint").cum_sum().over("driver"))
    set_of = ["driver", "stint"]
    base = pl.col("tyre_age_laps") - (pl.col("lap") - pl.col("lap").min().over(set_of))
    known = known.with_columns(
        compound=_most(pl.col("compound")).over(set_of),
        fresh_tyre=_most(pl.col("fresh_tyre")).over(set_of),
        _base=pl.when(base >= 1).then(base),
    )
    first_age = pl.coalesce(_most(pl.col("_base")).over(set_of), pl.when("fresh_tyre").then(pl.lit(1, dtype=pl.Int32)))
    age = first_age + pl.col("lap") - pl.col("lap").min().over(set_of)
    return known.with_columns(tyre_age_laps=age).select(laps.columns)


def _most(column: pl.Expr) -> pl.Expr:
    """Return the value that is named most often; of several the last one: a correction comes after the error."""
    named = column.drop_nulls()
    return named.reverse().mode(maintain_order=True).first()


def _new_set(laps: pl.DataFrame) -> pl.Series:
    """Return whether another set than on the lap before was on the car; ``laps`` in order."""

    def before(name: str) -> pl.Expr:
        return pl.col(name).shift(1).over("driver")

    def yes(condition: pl.Expr) -> pl.Expr:
        return condition.fill_null(value=False)

    visited = yes(pl.col("is_pit_out")) | yes(before("is_pit_in"))
    others = pl.col("compound") != before("compound")
    younger = pl.col("tyre_age_laps") <= before("tyre_age_laps")
    jumped = pl.col("tyre_age_laps") != before("tyre_age_laps") + pl.col("lap") - before("lap")
    counted_on = pl.col("stint") != before("stint")
    lap_of_driver = pl.int_range(pl.len()).over("driver")
    facts = laps.select(
        "driver",
        visited=visited,
        silent=younger.is_null() & counted_on.is_null(),
        told=yes(others) | yes(younger) | yes(counted_on),
        is_first=lap_of_driver == 0,
        could=visited | under("red") | yes(under("red").shift(1).over("driver")),
        missed=yes(counted_on & (pl.col("is_pit_out").is_null() | (others & jumped & (lap_of_driver > 1)))),
    )
    next_told = yes((pl.col("told") & ~pl.col("visited")).shift(-1).over("driver"))
    late = pl.col("visited") & ~pl.col("told") & next_told  # what was fitted became known a lap after the stop
    facts = facts.with_columns(late=late, was_late=yes(late.shift(1).over("driver")))
    told = pl.col("told") & (pl.col("could") | pl.col("missed")) & ~pl.col("was_late")
    return facts.select(new=pl.col("is_first") | told | pl.col("late") | (pl.col("visited") & pl.col("silent")))["new"]
