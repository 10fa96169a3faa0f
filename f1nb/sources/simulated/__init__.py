"""A whole race from a seed: the source that needs no network, no key and no account.

Everything is invented: teams, drivers, circuit, race. Frames have the columns of `f1nb.schema` and say that they are simulated.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from f1nb.analysis.results import race_results
from f1nb.schema import TABLES
from f1nb.seasons import SEASONS
from f1nb.sources.simulated import control, tables
from f1nb.sources.simulated.circuit import random_circuit
from f1nb.sources.simulated.entry_list import MAX_CARS, random_entries
from f1nb.sources.simulated.race import Race
from f1nb.sources.simulated.telemetry import telemetry_of
from f1nb.sources.simulated.tyres import random_rain

__all__ = ["simulate_tables"]

_UTC_OFFSET_S = 7200
_STREAM = 57  # chosen so that the default seed tells a good story


def simulate_tables(*, seed: int = 7, year: int = 2026, laps: int = 57, cars: int = 22) -> dict[str, pl.DataFrame]:
    """Return the tables of a simulated race, consistent with one another to the millisecond.

    The clock's zero is lights out. Lap 1 starts at the grid, so it has no lap time and no first sector, and its distance is
    longer than the circuit by the grid slot's distance from the line. The same arguments give the same frames.

    Parameters
    ----------
    seed
        Which race, from 0. Of five seeds one is rainy: 3, 8, 13, … Every fourth has a virtual safety car instead of a safety
        car: 0, 4, 8, …
    year
        Season, 2018 to 2026: decides about points and DRS.
    laps
        Race distance. From 8 laps on the race is neutralised once.
    cars
        Cars on the grid, 2 to 24.

    Returns
    -------
    frames by table name: session, drivers, laps, telemetry, weather, race_control, track_status, results, circuit, and radio,
    which is empty

    Raises
    ------
    ValueError
        When an argument is out of range.

    Examples
    --------
    >>> tables = simulate_tables(laps=3, cars=4)
    >>> tables["laps"].select("driver", "lap").height
    12
    >>> tables["session"]["is_simulated"].item()
    True
    """
    if seed < 0:
        raise ValueError(f"seed is {seed}; give a whole number from 0")
    if year not in SEASONS:
        raise ValueError(f"year is {year}; give one from {min(SEASONS)} to {max(SEASONS)}")
    if laps < 1:
        raise ValueError(f"laps is {laps}; give at least 1")
    if not 2 <= cars <= MAX_CARS:
        raise ValueError(f"cars is {cars}; give 2 to {MAX_CARS}")
    rng = np.random.default_rng([_STREAM, seed])
    circuit = random_circuit(rng)
    rain = random_rain(rng, rainy=seed % 5 == 3, race_s=laps * (circuit.dry_lap_s + 3))
    race = Race(
        rng,
        circuit,
        random_entries(rng, cars),
        laps=laps,
        year=year,
        rain=rain,
        neutralised_by="vsc" if seed % 4 == 0 else "safety_car",
    )
    race.run()

    start_utc = _sunday_afternoon(year, month=3 + seed % 9)
    local_start = start_utc + timedelta(seconds=_UTC_OFFSET_S)
    has_drs = SEASONS[year].has_drs
    changes = control.status_changes(race)
    deletions = control.random_deletions(rng, race, changes, local_start)
    telemetry, loops = telemetry_of(race, has_drs=has_drs)
    laps_table = tables.laps_table(race, loops, changes, deletions)
    drivers = tables.drivers_table(race)
    results = race_results(laps_table, drivers, SEASONS[year], sprint=False)
    return {
        "session": tables.session_table(race, seed=seed, year=year, start_utc=start_utc, utc_offset_s=_UTC_OFFSET_S),
        "drivers": drivers,
        "laps": laps_table,
        "telemetry": TABLES["telemetry"].frame(telemetry),
        "weather": tables.weather_table(rng, race),
        "race_control": TABLES["race_control"].frame(
            control.messages(rng, race, deletions, start=local_start, has_drs=has_drs)
        ),
        "track_status": TABLES["track_status"].frame({"time_s": [c[0] for c in changes], "status": [c[1] for c in changes]}),
        "results": results.with_columns(is_provisional=pl.lit(value=False)),  # there are no stewards
        "circuit": tables.circuit_table(race),
        "radio": TABLES["radio"].empty(),
    }


def _sunday_afternoon(year: int, *, month: int) -> datetime:
    first = datetime(year, month, 1, 13, tzinfo=UTC)
    return first + timedelta(days=6 - first.weekday())
