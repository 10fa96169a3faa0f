"""Tables ``timing`` and ``mini_sectors`` from ``TimingData``: each value that the official screen showed, and since when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from f1nb.schema import CAR_STATES, COMPOUNDS, MARKS
from f1nb.sources.archive.laps import Lap
from f1nb.sources.archive.log import Change
from f1nb.sources.archive.streams import Leaf
from f1nb.sources.archive.tyres import Fitted
from f1nb.sources.archive.values import gap, seconds, whole

Line = list[tuple[int, list[Leaf]]]
_STATE = {name: float(code) for code, name in enumerate(CAR_STATES)}
_COMPOUND = {name: float(code) for code, name in enumerate(COMPOUNDS)}
_MINI_SECTOR = {0: "none", 2048: "slower", 2049: "personal", 2051: "best", 2052: "stopped", 2064: "pit_lane"}
_VALUES: dict[tuple[str, ...], tuple[str, Callable[[Any], float | int | None]]] = {
    ("Position",): ("position", whole),
    ("LastLapTime", "Value"): ("last_lap_time_s", seconds),
    ("BestLapTime", "Value"): ("best_lap_time_s", seconds),
    **{("Sectors", str(i), "Value"): (f"sector_{i + 1}_time_s", seconds) for i in range(3)},
    **{("Speeds", trap, "Value"): (f"speed_{trap.lower()}_kmh", seconds) for trap in ("I1", "I2", "FL", "ST")},
    ("NumberOfPitStops",): ("stops", whole),
    ("KnockedOut",): ("is_knocked_out", lambda value: float(value is True)),
    ("IntervalToPositionAhead", "Catching"): ("is_catching", lambda value: float(value is True)),
}
_GAPS = {
    ("GapToLeader",): "gap", ("TimeDiffToFastest",): "gap",
    ("IntervalToPositionAhead", "Value"): "interval", ("TimeDiffToPositionAhead",): "interval",
}  # fmt: skip
_PART_GAPS = {"TimeDiffToFastest": "gap", "TimeDifftoPositionAhead": "interval", "TimeDiffToPositionAhead": "interval"}
_MARKED: dict[tuple[str, ...], str] = {("LastLapTime",): "last_lap", ("BestLapTime",): "best_lap"} | {
    ("Sectors", str(i)): f"sector_{i + 1}" for i in range(3)
}


_SAYS_STATE = ("InPit", "PitOut", "Stopped", "Retired")


class Screen:
    """What the screen showed of one car, as its line grows.

    Attributes
    ----------
    changes
        The values that it published; the number of pieces grows, and no piece changes.
    gaps
        When a gap to the leader in seconds was said, and the gap, both in ms.
    mini_sectors
        Time of the stream in ms, sector, number in the sector, and how the car went through it.
    place, best_s
        What stands there now.
    """

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.gaps: list[tuple[int, int]] = []
        self.mini_sectors: list[tuple[int, int, int, str]] = []
        self.place: int | None = None
        self.best_s: float | None = None
        self._part = 0
        self._flags: dict[tuple[str, ...], dict[str, bool]] = {}
        self._of_parts: dict[str, list[float | None]] = {"0": [], "1": [], "2": []}
        self._said: list[tuple[int, dict[str, bool]]] = [(0, dict.fromkeys(_SAYS_STATE, False))]

    def read(self, line: Line) -> None:
        """Take what is new of the line."""
        for time_ms, values in line:
            touched: set[tuple[str, ...]] = set()
            said: dict[str, bool] = {}
            for _, path, value in values:
                self._take(time_ms, path, value)
                if path[:-1] in _MARKED:
                    touched.add(path[:-1])
                    self._take_flag(path, value)
                elif len(path) == 1 and path[0] in _SAYS_STATE:
                    said[path[0]] = value is True
            for place in touched:
                self.changes.append((time_ms, f"{_MARKED[place]}_mark", _mark(self._flags.get(place))))
            before = self._said[-1][1]
            if said and before | said != before:
                self._said.append((time_ms, before | said))

    def _take(self, time_ms: int, path: tuple[str, ...], value: Any) -> None:
        known = _VALUES.get(path)
        if known:
            number = known[1](value)
            self.changes.append((time_ms, known[0], None if number is None else float(number)))
            if path == ("Position",):
                self.place = whole(value)
            elif path == ("BestLapTime", "Value"):
                self.best_s = seconds(value)
            elif path == ("KnockedOut",) and value is True:
                self._drop_gaps(time_ms)
            return
        if len(path) == 5 and path[0] == "Sectors" and path[2] == "Segments" and path[4] == "Status":
            sector, place = whole(path[1]), whole(path[3])
            mark = _MINI_SECTOR.get(value)
            if mark and sector is not None and place is not None and 0 <= sector < 3 and 0 <= place < 100:
                self.mini_sectors.append((time_ms, sector + 1, place + 1, mark))
            return
        if len(path) == 3 and path[0] == "BestLapTimes" and path[2] == "Value" and path[1] in self._of_parts:
            self._take_best_of_part(time_ms, int(path[1]), seconds(value))
            if path[1] == str(self._part + 1) and any(self._of_parts[str(self._part)]):
                self._part += 1  # the car goes on, and its gap was to the fastest of the part before
                self._drop_gaps(time_ms)
            return
        kind = _GAPS.get(path)
        if len(path) == 3 and path[0] == "Stats" and path[2] in _PART_GAPS:
            part, kind = whole(path[1]), _PART_GAPS[path[2]]
            if part is None or part < self._part or (part > self._part and not value):
                return  # all parts are listed, empty, before the first begins
            self._part = part
        if kind:
            distance = gap(value)
            self.changes.append((time_ms, f"{kind}_s", distance.seconds))
            self.changes.append((time_ms, f"{kind}_laps", None if distance.laps is None else float(distance.laps)))
            behind_s = seconds(value) if path == ("GapToLeader",) else None
            if behind_s is not None:
                self.gaps.append((time_ms, round(behind_s * 1000)))

    def _take_best_of_part(self, time_ms: int, part: int, best_s: float | None) -> None:
        times = self._of_parts[str(part)]
        if part and not times:  # the car goes on: what was cleared of the part before it stands again
            before = [time for time in self._of_parts[str(part - 1)] if time is not None]
            if before:
                self.changes.append((time_ms, f"q{part}_time_s", before[-1]))
        times.append(best_s)
        self.changes.append((time_ms, f"q{part + 1}_time_s", best_s))

    def _drop_gaps(self, time_ms: int) -> None:
        self.changes += [(time_ms, f"{kind}_{unit}", None) for kind in ("gap", "interval") for unit in ("s", "laps")]

    def _take_flag(self, path: tuple[str, ...], value: Any) -> None:
        """Keep the marks of a time, which belong to its last value."""
        if path[-1] in {"OverallFastest", "PersonalFastest"}:
            self._flags.setdefault(path[:-1], {})[path[-1]] = value is True
        elif path[-1] == "Value" and seconds(value) is None:
            self._flags.pop(path[:-1], None)

    def bests_of_parts(self) -> list[float | None]:
        """Return the best time of each part of qualifying; the screen may have cleared that of a car that goes on."""
        bests = []
        for part, times in enumerate(self._of_parts.values()):
            known = [time for time in times if time is not None]
            goes_on = bool(self._of_parts.get(str(part + 1)))
            bests.append(known[-1] if known and (goes_on or times[-1] is not None) else None)
        return bests

    @property
    def n_states(self) -> int:
        """How many states the car has been in."""
        return len(self._said)

    def states(self, *, is_race: bool, from_ms: int, flag_ms: int | None) -> Iterator[Change]:
        """Yield the state of the car whenever what the feed says of it changes.

        Parameters
        ----------
        is_race
            Whether a car that is in the pit lane is on its way through, or back in its garage.
        from_ms, flag_ms
            Start of the session, and in a race when the car was given the chequered flag.
        """
        yield from_ms if is_race else 0, "state", _STATE["running" if is_race else "garage"]
        for time_ms, said in self._said[1:]:
            if (is_race and time_ms < from_ms) or (flag_ms is not None and time_ms >= flag_ms):
                continue
            yield time_ms, "state", _STATE[_state(said, is_race=is_race)]
        if flag_ms is not None:
            yield flag_ms, "state", _STATE["finished"]


def changes_with_laps(
    screen: Screen, laps: list[Lap], tyres: Mapping[int, Fitted], *, is_race: bool, from_ms: int, until_ms: int | None
) -> list[Change]:
    """Return what the screen shows of one car beyond the values that are published: its state, lap and tyres.

    A lap begins in the log when the end of the one before was told, like all else that is in it. What the laps make of that
    can be another moment with each lap that comes, and a log grows at its end.

    Parameters
    ----------
    screen
        What its line said.
    laps, tyres
        Its laps and sets of tyres.
    is_race
        Whether a car that is in the pit lane is on its way through, or back in its garage.
    from_ms, until_ms
        Start of the session, and in a race when the chequered flag was shown.
    """
    ends = [lap.told_ms for lap in laps if lap.told_ms is not None]
    flag_ms = next((end_ms for end_ms in ends if until_ms is not None and end_ms >= until_ms), None)
    changes = list(screen.states(is_race=is_race, from_ms=from_ms, flag_ms=flag_ms))
    if is_race:
        changes += [(out_ms, "last_pit_lane_s", (out_ms - in_ms) / 1000) for in_ms, out_ms in _visits(laps)]
    for lap in laps:
        if lap.shown_ms is not None:
            changes.append((lap.shown_ms, "lap", float(lap.number)))
        fitted = lap.pit_out_ms if lap.pit_out_ms is not None else lap.shown_ms
        known = tyres.get(lap.number)
        if fitted is not None and known is not None:
            changes.append((fitted, "compound", _COMPOUND.get(known.compound or "")))
            changes.append((fitted, "tyre_age_laps", None if known.age_laps is None else float(known.age_laps)))
    return changes


def _visits(laps: list[Lap]) -> Iterator[tuple[int, int]]:
    """Yield when a car came into the pit lane and when it left it again, both in ms."""
    came = [(lap.pit_in_ms, False) for lap in laps if lap.pit_in_ms is not None]
    left = [(lap.pit_out_ms, True) for lap in laps if lap.pit_out_ms is not None]
    for (in_ms, was_out), (out_ms, is_out) in pairwise(sorted(came + left)):
        if is_out and not was_out:
            yield in_ms, out_ms


def _mark(flags: dict[str, bool] | None) -> float | None:
    if flags is None:
        return None
    name = "best" if flags.get("OverallFastest") else "personal" if flags.get("PersonalFastest") else "slower"
    return float(MARKS.index(name))


def _state(said: dict[str, bool], *, is_race: bool) -> str:
    if said["Retired"] and is_race:
        return "retired"
    if said["Stopped"]:
        return "stopped"
    if said["InPit"]:
        return "pit" if is_race else "garage"
    return "out_lap" if said["PitOut"] else "running"
