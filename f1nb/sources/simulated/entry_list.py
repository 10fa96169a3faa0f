"""The invented teams and drivers of a simulated race, and how fast they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MAX_CARS = 24

# Colours keep 3:1 or nearly so on white and on near-black, and no two are neighbours in hue and lightness.
_TEAMS = (
    ("Meridian", "#3671f0"),
    ("Corvane", "#e0352f"),
    ("Halberd", "#f28a1c"),
    ("Solenne", "#12a594"),
    ("Northgate", "#8e5cf0"),
    ("Brightwater", "#2fa8e0"),
    ("Tessaly", "#e667ae"),
    ("Ravenscar", "#1f9d4d"),
    ("Vantor", "#b8960c"),
    ("Lumenor", "#8fb31a"),
    ("Ostara", "#7b8b99"),
    ("Kestrel Works", "#b5683a"),
)
_DRIVERS = (
    ("VOS", "Daan Voskamp", "33", "NED"),
    ("ARK", "Ellis Arkwright", "8", "GBR"),
    ("IBA", "Álvaro Ibarrola", "15", "ESP"),
    ("FEL", "Jonas Feldhaus", "28", "GER"),
    ("DUV", "Théo Duvernay", "19", "FRA"),
    ("MOK", "Kenji Morikawa", "26", "JPN"),
    ("TAV", "Rui Tavarede", "52", "POR"),
    ("CST", "Nico Castellari", "64", "ITA"),
    ("KOS", "Matti Koskela", "71", "FIN"),
    ("WHI", "Jack Whitcombe", "9", "AUS"),
    ("OKF", "Tunde Okafori", "34", "NGR"),
    ("PRA", "Lucas Pradera", "82", "BRA"),
    ("DUN", "Fraser Dunmore", "17", "GBR"),
    ("REY", "Diego Reynoza", "46", "MEX"),
    ("TRE", "Étienne Tremont", "37", "CAN"),
    ("ZIE", "Lukas Zielonka", "50", "POL"),
    ("NAG", "Arjun Nagarkot", "58", "IND"),
    ("HOL", "Magnus Holmvik", "21", "NOR"),
    ("ROW", "Tyler Rowancroft", "76", "USA"),
    ("QIU", "Qiu Haoran", "68", "CHN"),
    ("FAR", "Karim Faroukh", "39", "MAR"),
    ("DEW", "Pieter Dewolder", "91", "BEL"),
    ("BAU", "Simon Bauernthal", "54", "AUT"),
    ("NVK", "Adéla Novarik", "85", "CZE"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One driver with a car: ``pace_s`` is what a lap takes longer than the ideal, ``team`` counts from 0."""

    driver: str
    full_name: str
    number: str
    country_code: str
    team: int
    team_name: str
    team_color: str
    pace_s: float
    grid_position: int


def random_entries(rng: np.random.Generator, cars: int) -> list[Entry]:
    """Return ``cars`` entries in order of the grid: two drivers a team, the order of the teams drawn at random."""
    teams = rng.permutation(len(_TEAMS))[: (cars + 1) // 2]
    deficit = np.cumsum(np.concatenate([[0.0], rng.uniform(0.03, 0.27, len(teams) - 1)]))
    deficit[-1] += rng.uniform(0.3, 0.8)  # somebody is always nowhere
    drivers = rng.permutation(len(_DRIVERS))[:cars]
    pace = [float(deficit[i // 2] + rng.uniform(0.0, 0.22)) for i in range(cars)]
    grid = np.argsort(np.argsort(np.array(pace) + rng.normal(0, 0.17, cars))) + 1
    entries = []
    for i, person in enumerate(drivers):
        code, name, number, country = _DRIVERS[person]
        team, color = _TEAMS[teams[i // 2]]
        entries.append(Entry(code, name, number, country, i // 2, team, color, pace[i], int(grid[i])))
    return sorted(entries, key=lambda e: e.grid_position)
