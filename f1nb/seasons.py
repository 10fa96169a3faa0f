"""What changes from season to season: grid, formats, points, tyres. Nothing else in the package knows a year's rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_RACE = (25, 18, 15, 12, 10, 8, 6, 4, 2, 1)
_HALF = tuple(p / 2 for p in _RACE)
_NAMES = {
    "FP1": "Practice 1", "FP2": "Practice 2", "FP3": "Practice 3", "Q": "Qualifying", "SQ": "Sprint Qualifying", "S": "Sprint",
    "R": "Race",
}  # fmt: skip
_FORMATS: dict[str, tuple[str, ...]] = {  # in the order in which they are driven
    "conventional": ("FP1", "FP2", "FP3", "Q", "R"),
    "sprint": ("FP1", "Q", "FP2", "S", "R"),
    "sprint_shootout": ("FP1", "Q", "SQ", "S", "R"),
    "sprint_qualifying": ("FP1", "SQ", "S", "Q", "R"),
}
_RAIN_TYRES = {"INTERMEDIATE": "#39b54a", "WET": "#0067ad"}
_TYRES = {"SOFT": "#da291c", "MEDIUM": "#ffd12e", "HARD": "#f0f0ec", **_RAIN_TYRES}
_TYRES_2018 = {
    "HYPERSOFT": "#feb4c3", "ULTRASOFT": "#a42fbe", "SUPERSOFT": "#da291c", "SOFT": "#ffd12e", "MEDIUM": "#f0f0ec",
    "HARD": "#00a0dd", "SUPERHARD": "#f68a1e", **_RAIN_TYRES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Season:
    """The rules of one season that data and panels depend on.

    Attributes
    ----------
    year
        Season.
    grid_size
        Cars of a full grid.
    qualifying_cut
        How many cars go on to the second and to the third part of qualifying.
    points, sprint_points
        Points of a race and of a sprint by place, the first place first; empty where there are no sprints.
    short_race_points
        Pairs of a share of the planned distance and the points of a race that ended before it, the smallest share first.
    fastest_lap_point
        Whether the fastest lap of a race brings a point to a car in the points.
    has_drs
        Whether cars have DRS.
    sprint_format
        Format of its sprint weekends, ``sprint``, ``sprint_shootout`` or ``sprint_qualifying``; None where there are none.
    session_names
        Official name of each kind of session.
    compound_colors
        Compounds from the softest on, and the colour of their ring as ``#rrggbb``.
    """

    year: int
    grid_size: int
    qualifying_cut: tuple[int, int]
    points: tuple[float, ...]
    sprint_points: tuple[float, ...]
    short_race_points: tuple[tuple[float, tuple[float, ...]], ...]
    fastest_lap_point: bool
    has_drs: bool
    sprint_format: str | None
    session_names: Mapping[str, str] = field(hash=False)
    compound_colors: Mapping[str, str] = field(hash=False)

    @property
    def formats(self) -> dict[str, tuple[str, ...]]:
        """The sessions of each format of a weekend that this season has, in the order in which they are driven."""
        return {name: _FORMATS[name] for name in ("conventional", self.sprint_format) if name}

    def race_points(self, laps: int, planned_laps: int | None) -> tuple[float, ...]:
        """Return the points of a race by place.

        Parameters
        ----------
        laps
            Laps that the winner drove.
        planned_laps
            Laps that the race should have had; None: not known, and the race counts as complete.

        Examples
        --------
        >>> season(2021).race_points(3, 44)[:3]
        (12.5, 9.0, 7.5)
        >>> season(2025).race_points(20, 57)
        (13, 10, 8, 6, 5, 4, 3, 2, 1)
        """
        if not planned_laps or not self.short_race_points:
            return self.points
        if laps <= (2 if self.year <= 2021 else 1):  # two laps or less; from 2022 on two laps are enough
            return ()
        return next((points for share, points in self.short_race_points if laps < share * planned_laps), self.points)


def least_laps(winner_laps: int) -> int:
    """Return how many laps a car needs to be classified: nine tenths of the winner's, rounded down, and at least one.

    Examples
    --------
    >>> least_laps(72), least_laps(0)
    (64, 1)
    """
    return max(9 * winner_laps // 10, 1)


def _short(year: int) -> tuple[tuple[float, tuple[float, ...]], ...]:
    if year <= 2021:
        return ((0.75, _HALF),)
    if year == 2022:
        return ()  # the scale held only for races that ended under a red flag, and none did: Suzuka gave full points
    return (
        (0.25, (6, 4, 3, 2, 1)),
        (0.5, (13, 10, 8, 6, 5, 4, 3, 2, 1)),
        (0.75, (19, 14, 12, 9, 8, 6, 5, 3, 2, 1)),
    )


def _sprint_format(year: int) -> str | None:
    if year < 2021:
        return None
    return {2021: "sprint", 2022: "sprint", 2023: "sprint_shootout"}.get(year, "sprint_qualifying")


def _session_names(year: int) -> dict[str, str]:
    own = {2021: {"S": "Sprint Qualifying"}, 2023: {"SQ": "Sprint Shootout"}}.get(year, {})
    held = {kind for name in ("conventional", _sprint_format(year)) if name for kind in _FORMATS[name]}
    return {kind: own.get(kind, name) for kind, name in _NAMES.items() if kind in held}


SEASONS: dict[int, Season] = {
    year: Season(
        year=year,
        grid_size=22 if year >= 2026 else 20,
        qualifying_cut=(16, 10) if year >= 2026 else (15, 10),
        points=_RACE,
        sprint_points=() if year < 2021 else (3, 2, 1) if year == 2021 else (8, 7, 6, 5, 4, 3, 2, 1),
        short_race_points=_short(year),
        fastest_lap_point=2019 <= year <= 2024,
        has_drs=year <= 2025,
        sprint_format=_sprint_format(year),
        session_names=_session_names(year),
        compound_colors=_TYRES_2018 if year == 2018 else _TYRES,
    )
    for year in range(2018, 2027)
}


def season(year: int) -> Season:
    """Return the rules of a season; of one that is not in the table, those of the nearest that is.

    Examples
    --------
    >>> season(2026).grid_size, season(2021).session_names["S"]
    (22, 'Sprint Qualifying')
    >>> season(2018).compound_colors["SOFT"] == season(2019).compound_colors["MEDIUM"]
    True
    """
    return SEASONS[min(max(year, min(SEASONS)), max(SEASONS))]
