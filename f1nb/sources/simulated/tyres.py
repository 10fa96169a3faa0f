"""Tyres, rain and pit-stop plans of a simulated race."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SET_LAPS = 57  # wear is stated for a race of this length and scales with shorter ones, so that strategy matters there, too
_INTERMEDIATE_TO_DRY_WETNESS, _DRY_TO_INTERMEDIATE_WETNESS = 0.30, 0.42


@dataclass(frozen=True, slots=True)
class Tyre:
    """A compound on a dry track: offset to the medium, wear per lap, and the age at which it falls off the cliff."""

    offset_s: float
    wear_s: float
    cliff_laps: int


DRY = {
    "SOFT": Tyre(-0.5, 0.062, 19),
    "MEDIUM": Tyre(0.0, 0.042, 28),
    "HARD": Tyre(0.42, 0.028, 40),
}
_INTERMEDIATE = Tyre(4.6, 0.05, 30)


def tyre_loss_s(compound: str, age_laps: float, wetness: float, laps: int) -> float:
    """Return what a lap takes longer than on a new medium, for a race of ``laps``.

    Examples
    --------
    >>> tyre_loss_s("MEDIUM", 1, 0.0, 57) < tyre_loss_s("MEDIUM", 20, 0.0, 57) < tyre_loss_s("MEDIUM", 35, 0.0, 57)
    True
    >>> tyre_loss_s("INTERMEDIATE", 1, 0.8, 57) < tyre_loss_s("SOFT", 1, 0.8, 57)
    True
    """
    tyre = DRY.get(compound, _INTERMEDIATE)
    age = (age_laps - 1) * SET_LAPS / max(laps, 12)
    wear = tyre.wear_s * age + 0.03 * max(0.0, age - tyre.cliff_laps) ** 2
    if compound == "INTERMEDIATE":
        return tyre.offset_s + min(wear, 2.0) + 5.0 * wetness + 3.0 * max(0.0, 0.3 - wetness)
    return tyre.offset_s + min(wear, 6.0) + 16.0 * wetness


@dataclass(frozen=True, slots=True)
class Rain:
    """One shower: the track gets wet while it falls and dries after it. ``peak`` is between 0 (dry race) and 1."""

    start_s: float
    end_s: float
    peak: float
    soak_s: float
    dry_s: float

    def is_raining(self, time_s: float) -> bool:
        """Whether it rains."""
        return self.peak > 0 and self.start_s <= time_s < self.end_s

    def wetness(self, time_s: float) -> float:
        """How wet the track is, 0 to 1."""
        if self.peak == 0 or time_s <= self.start_s:
            return 0.0
        wet = self.peak * (1 - np.exp(-(min(time_s, self.end_s) - self.start_s) / self.soak_s))
        return float(wet * np.exp(-max(0.0, time_s - self.end_s) / self.dry_s))


def random_rain(rng: np.random.Generator, *, rainy: bool, race_s: float) -> Rain:
    """Return the shower of a rainy race in its middle part; one that never falls for a dry race."""
    start, length, peak = rng.uniform(0.28, 0.45), rng.uniform(0.16, 0.24), rng.uniform(0.65, 0.85)
    return Rain(start * race_s, (start + length) * race_s, float(peak) if rainy else 0.0, 0.035 * race_s, 0.07 * race_s)


@dataclass(frozen=True, slots=True)
class Stop:
    """A planned stop: at the end of ``lap``, for ``compound``."""

    lap: int
    compound: str


def random_strategy(rng: np.random.Generator, laps: int) -> tuple[str, list[Stop]]:
    """Return the compound at the start and the planned stops: one or two, two dry compounds at least."""
    draw = float(rng.random())
    jitter = rng.normal(0, 0.025, 2)
    if draw < 0.38:
        start, plan = "MEDIUM", [(0.43, "HARD")]
    elif draw < 0.52:
        start, plan = "HARD", [(0.57, "MEDIUM")]
    elif draw < 0.72:
        start, plan = "MEDIUM", [(0.31, "HARD"), (0.70, "MEDIUM")]
    elif draw < 0.88:
        start, plan = "SOFT", [(0.25, "HARD"), (0.66, "MEDIUM")]
    else:
        start, plan = "SOFT", [(0.30, "HARD")]
    stops = [Stop(round((share + jitter[i]) * laps), compound) for i, (share, compound) in enumerate(plan)]
    return start, [s for s in stops if 2 <= s.lap <= laps - 2]


def needs_change(compound: str, wetness: float, *, raining: bool, caution: float) -> bool:
    """Whether the tyre is wrong for the track; ``caution`` (-1 to 1) moves the moment from driver to driver."""
    if compound == "INTERMEDIATE":
        return not raining and wetness < _INTERMEDIATE_TO_DRY_WETNESS - 0.06 * caution
    return raining and wetness > _DRY_TO_INTERMEDIATE_WETNESS - 0.06 * caution


def dry_compound_for(laps_left: int, laps: int) -> str:
    """Return the fastest dry compound that lasts ``laps_left`` of a race of ``laps``."""
    left = laps_left * SET_LAPS / max(laps, 12)
    return "SOFT" if left <= 18 else "MEDIUM" if left <= 30 else "HARD"
