"""What a simulated race is made of while it runs: cars, laps, retirements, events."""

from __future__ import annotations

from dataclasses import dataclass, field

from f1nb.sources.simulated.circuit import LINES
from f1nb.sources.simulated.entry_list import Entry
from f1nb.sources.simulated.motion import Drive, Profile
from f1nb.sources.simulated.tyres import Stop

NEVER = float("inf")


@dataclass(slots=True)
class Lap:
    """One lap as driven; ``lines_s`` are the session times at the timing lines, the first is its start."""

    number: int
    start_s: float
    lines_s: list[float]
    profile: Profile
    compound: str
    tyre_age: int
    fresh: bool
    stint: int
    is_pit_in: bool = False
    is_pit_out: bool = False
    is_finished: bool = True
    boosted: int = 0  # bit 0, 1: DRS open in the first, second zone


@dataclass(frozen=True, slots=True)
class Retirement:
    """How a car's race is going to end: in ``lap``, after timing line ``line``."""

    lap: int
    line: int
    kind: str  # crash, stop, pits


@dataclass(frozen=True, slots=True)
class Event:
    """Something race control sees: ``kind`` and who, where (metres from the line) and until when it concerns."""

    time_s: float
    kind: str
    car: int = -1
    distance_m: float = 0.0
    until_s: float = 0.0


@dataclass(slots=True)
class Neutralisation:
    """A safety car or virtual safety car."""

    kind: str
    start_s: float
    laps: int
    start_progress: int = -1
    called_in: bool = False
    end_progress: int = -1
    end_s: float = NEVER

    def covers(self, time_s: float) -> bool:
        """Whether it is out at a time."""
        return self.start_s <= time_s < self.end_s


@dataclass(slots=True, eq=False)
class Car:
    """A car and its state at its last timing line."""

    index: int
    entry: Entry
    compound: str
    plan: list[Stop]
    form_s: float
    caution: float
    gamble: float
    retirement: Retirement | None
    laps: list[Lap] = field(default_factory=list)
    line: int = 0
    time_s: float = 0.0
    debt_s: float = 0.0
    gap_s: float = NEVER
    pace_s: float = 0.0
    drive: Drive = field(default_factory=lambda: Drive(0.0))
    tyre_age: int = 0
    fresh: bool = True
    stint: int = 1
    stopping: bool = False
    in_lane: bool = False
    limping: bool = False
    target: Car | None = None
    target_until: int = 0
    blue_until_s: float = 0.0

    @property
    def lap(self) -> Lap:
        """The current lap."""
        return self.laps[-1]

    @property
    def progress(self) -> int:
        """Timing lines crossed since the start."""
        return (len(self.laps) - 1) * LINES + self.line
