"""The race itself: cars move from timing line to timing line in order of time, and meet at each."""

from __future__ import annotations

from dataclasses import replace
from heapq import heappop, heappush

import numpy as np

from f1nb.sources.simulated.circuit import LINES, Circuit, braking_limit
from f1nb.sources.simulated.entry_list import Entry
from f1nb.sources.simulated.motion import Drive, profile_of
from f1nb.sources.simulated.state import NEVER, Car, Event, Lap, Neutralisation, Retirement
from f1nb.sources.simulated.tyres import Rain, dry_compound_for, needs_change, random_strategy, tyre_loss_s

GRID_SPACING_M = 8.0
_FUEL_KG, _FUEL_S_PER_KG = 105.0, 0.03
_FORM_S = 0.12
_FOLLOWING_S, _PASSING_S = 0.5, 0.12
_SAFETY_CAR_LEADER, _SAFETY_CAR_FIELD, _VSC = 1.5, 1.15, 1.37  # times as long as a racing lap
_SAFETY_CAR_MPS = 55.0


class Race:
    """A race from lights out to the last car home: ``run`` once, then read ``cars``, ``events`` and ``flag_s``."""

    def __init__(
        self,
        rng: np.random.Generator,
        circuit: Circuit,
        entries: list[Entry],
        *,
        laps: int,
        year: int,
        rain: Rain,
        neutralised_by: str,
    ) -> None:
        self.circuit, self.laps, self.rain = circuit, laps, rain
        self.events: list[Event] = []
        self.flag_s = NEVER
        self._rng = rng
        self._neutralised_by = neutralised_by
        self._neutral: Neutralisation | None = None
        self._yellows: list[tuple[float, float, int]] = []
        self._queues: list[list[tuple[float, Car]]] = [[] for _ in range(LINES)]
        self._taken_ms: set[int] = set()
        self._box_free_s = [0.0] * len(entries)
        self._lead_progress = -1
        self._leader_lap_s: dict[int, float] = {}
        self._leader_margin_s = 0.0
        self._boost_delay = 1 if year >= 2024 else 2  # laps before DRS (from 2026 the overtake mode) is enabled
        self._boost_on, self._boost_lap = False, self._boost_delay
        self._draw_lines()
        self.cars = self._line_up(entries)

    @property
    def leader_times_s(self) -> list[float]:
        """Session times at which the first car finished each lap."""
        return list(self._leader_lap_s.values())

    @property
    def last_s(self) -> float:
        """Session time when the last car crossed a line."""
        return max(car.time_s for car in self.cars)

    def _draw_lines(self) -> None:
        ideal = np.array(profile_of(self.circuit, Drive(self.circuit.dry_lap_s)).lines_s) / self.circuit.dry_lap_s
        self.sector_lines = tuple(int(np.argmin(np.abs(ideal - share))) for share in (0.31, 0.68, 1.0))
        spacing = self.circuit.length_m / LINES
        self._zone_of = [-1] * LINES  # which overtaking straight a part of the lap belongs to
        self._attempt = [False] * LINES
        for zone, (start_m, brake_m) in enumerate(self.circuit.braking_zones_m):
            brake = int(brake_m / spacing)
            for part in range(int(start_m / spacing), brake + 1):
                self._zone_of[part] = zone
            self._attempt[brake] = self._attempt[(brake + 1) % LINES] = True

    def _line_up(self, entries: list[Entry]) -> list[Car]:
        rng, shape = self._rng, (len(entries), self.laps)
        self._noise_s = (rng.normal(0, 0.012, (*shape, LINES)) + rng.normal(0, 0.006, (*shape, 1))).tolist()
        retirements = _random_retirements(rng, laps=self.laps, cars=len(entries))
        cars = []
        for index, entry in enumerate(entries):
            compound, plan = random_strategy(rng, self.laps)
            form, caution, gamble = rng.normal(0, _FORM_S), rng.uniform(-1, 1), rng.random()
            car = Car(index, entry, compound, plan, float(form), float(caution), float(gamble), retirements.get(index))
            if compound == "SOFT":  # the set of qualifying
                car.tyre_age, car.fresh = 3, False
            cars.append(car)
        return cars

    def run(self) -> None:
        """Run the race."""
        waiting: list[tuple[float, int]] = []
        for car in self.cars:
            self._begin_lap(car)
            heappush(waiting, (car.time_s, car.index))
        while waiting:
            _, index = heappop(waiting)
            car = self.cars[index]
            if self._advance(car):
                heappush(waiting, (car.time_s, index))
        self.events.sort(key=lambda e: e.time_s)

    # ---- one car, one step

    def _advance(self, car: Car) -> bool:
        """Take a car from the line where it is to the next one; False when its race is over."""
        if car.in_lane and car.line == 2 and self._must_wait_to_merge(car):
            return True
        if car.line == LINES:
            self._end_lap(car)
            if car.time_s >= self.flag_s:
                return False
            self._begin_lap(car)
            if not car.lap.is_finished:
                return False
        leads = car.progress > self._lead_progress
        if leads:
            self._lead_progress = car.progress
            self._follow_leader(car)
        retirement = car.retirement
        if retirement and retirement.kind != "pits" and retirement.lap == car.lap.number:
            car.limping = retirement.kind == "stop" and car.line >= retirement.line - 3
            if car.line == retirement.line:
                self._stop_on_track(car, retirement.kind)
                return False
        if car.line == LINES - 2 and self._wants_to_stop(car):
            self._turn_in(car)
        self._drive_on(car, leads=leads)
        return True

    def _drive_on(self, car: Car, *, leads: bool) -> None:
        part, lap = car.line, car.lap
        planned = lap.profile.lines_s[part + 1] - lap.profile.lines_s[part]
        if (car.stopping and part == LINES - 1) or (car.in_lane and part < 2):
            time = car.time_s + planned
        else:
            time = car.time_s + planned * self._slowing(car, part, leads=leads) + car.debt_s
            time += self._noise_s[car.index][lap.number - 1][part]
            car.debt_s = 0.0
            time = self._queue_up(car, part, time)
        if part + 1 in self.sector_lines:
            time = self._on_the_clock(time, finish=part + 1 == LINES)
        car.line += 1
        car.time_s = time
        lap.lines_s.append(time)

    def _on_the_clock(self, time_s: float, *, finish: bool) -> float:
        """Round to the millisecond; at the finish line no two cars share one."""
        ms = round(time_s * 1000)
        if finish:
            while ms in self._taken_ms:
                ms += 1
            self._taken_ms.add(ms)
        return ms / 1000

    # ---- laps

    def _begin_lap(self, car: Car) -> None:
        number = len(car.laps) + 1
        car.tyre_age += 1
        car.line = 0
        car.pace_s = self._pace_s(car, number)
        drive = Drive(car.pace_s)
        if number == 1:
            slot = GRID_SPACING_M * car.entry.grid_position
            reaction = float(np.clip(self._rng.normal(0.3, 0.07), 0.16, 0.55))
            drive = replace(drive, grid_slot_m=slot, standing_m=-slot, standing_s=reaction)
            car.debt_s = float(abs(self._rng.normal(0, 0.22)))  # wheelspin
        elif car.in_lane:
            box = self.circuit.box_m(car.entry.team)
            drive = replace(drive, limits_mps=(self.circuit.pit_exit_limit_mps(car.entry.team),), standing_m=box)
            if self._retires_in_pits(car):
                drive = replace(drive, stops_m=box)
            else:
                drive = replace(drive, standing_s=self._service_s(car, drive))
        car.drive = drive
        lap = Lap(
            number, car.time_s, [car.time_s], profile_of(self.circuit, drive), car.compound, car.tyre_age, car.fresh, car.stint
        )
        lap.is_pit_out = car.in_lane and drive.stops_m is None
        lap.is_finished = drive.stops_m is None
        car.laps.append(lap)
        if not lap.is_finished:
            self.events.append(Event(car.time_s + float(lap.profile.time_s[-1]), "retired_in_pits", car.index))

    def _end_lap(self, car: Car) -> None:
        number = car.lap.number
        if number not in self._leader_lap_s:
            self._leader_lap_s[number] = car.time_s
            self._leader_margin_s = 0.0
        elif self._leader_margin_s == 0.0 and number == len(self._leader_lap_s):
            self._leader_margin_s = car.time_s - self._leader_lap_s[number]
        if number == self.laps and self.flag_s == NEVER:
            self.flag_s = car.time_s
        if car.stopping:
            car.lap.is_pit_in = True
            car.stopping, car.in_lane = False, True
            if not self._retires_in_pits(car):
                self._change_tyres(car)

    def _retires_in_pits(self, car: Car) -> bool:
        return car.retirement is not None and car.retirement.kind == "pits" and len(car.laps) >= car.retirement.lap

    def _pace_s(self, car: Car, number: int) -> float:
        """Lap time with a clear road."""
        fuel = _FUEL_S_PER_KG * _FUEL_KG * (self.laps - number) / self.laps
        tyre = tyre_loss_s(car.compound, car.tyre_age, self.rain.wetness(car.time_s), self.laps)
        saving = 0.0
        if number > 2 and self._leader_lap_s.get(number - 1) == car.time_s:  # a leader drives no faster than needed
            saving = min(0.6, 0.06 * max(0.0, self._leader_margin_s - 2.0))
        return self.circuit.dry_lap_s + car.entry.pace_s + car.form_s + fuel + tyre + saving + float(self._rng.normal(0, 0.12))

    # ---- meeting other cars

    def _is_neutral(self, time_s: float) -> bool:
        return self._neutral is not None and self._neutral.covers(time_s)

    def _slowing(self, car: Car, part: int, *, leads: bool) -> float:
        """How much longer than with a clear road this part of the lap takes."""
        neutral = self._neutral
        if neutral and neutral.covers(car.time_s):
            if car.stopping:
                return 1.0  # the plan has it
            if neutral.kind == "vsc":
                return _VSC
            return _SAFETY_CAR_LEADER if leads else _SAFETY_CAR_FIELD
        slowing = 1.1 if car.limping else 1.0
        if any(start <= car.time_s < end and part == at for start, end, at in self._yellows):
            slowing *= 1.07
        zone = self._zone_of[part]
        if zone >= 0 and car.gap_s < 1.0 and self._boost_on:
            car.lap.boosted |= 1 << zone
            return slowing * 0.984
        if zone < 0 and car.gap_s < 1.4:
            slowing *= 1 + 0.0028 * (1 - car.gap_s / 1.4)  # dirty air
        return slowing

    def _may_race(self, car: Car, part: int) -> bool:
        """Whether overtaking is allowed: no neutralisation, the line crossed since the last one, no yellow here."""
        neutral = self._neutral
        if neutral and neutral.start_s <= car.time_s and (neutral.covers(car.time_s) or car.lap.start_s < neutral.end_s):
            return neutral.kind == "vsc" and not neutral.covers(car.time_s)
        return not any(start <= car.time_s < end and part == at for start, end, at in self._yellows)

    def _queue_up(self, car: Car, part: int, time: float) -> float:
        """Find a car's place among those that reach the next line about now; return when it gets there."""
        queue = self._queues[(part + 1) % LINES]
        place = len(queue)
        car.gap_s = NEVER
        if car.lap.number == 1 and part == 0:  # off the grid everybody drives where there is room
            while place and queue[place - 1][0] > time:
                place -= 1
        else:
            racing = self._may_race(car, part)
            while place:
                ahead_s, ahead = queue[place - 1]
                if time >= ahead_s + self._following_s(car):
                    break
                free = ahead.limping or (racing and (car.target is ahead and car.progress < car.target_until))
                if not free and racing and self._gets_past(car, ahead, part, behind_s=max(time - ahead_s, _PASSING_S)):
                    car.target, car.target_until, free = ahead, car.progress + 4, True
                    time = max(time, ahead_s + _PASSING_S)
                if free and time <= ahead_s - _PASSING_S / 2:
                    place -= 1
                    continue
                time = max(time, ahead_s + (_PASSING_S if free else self._following_s(car)))
                break
        while place < len(queue) and time > queue[place][0] - 0.02:  # held up by the next car: no room in front of this one
            time = max(time, queue[place][0] + _PASSING_S)
            place += 1
        if place:
            car.gap_s = time - queue[place - 1][0]
        queue.insert(place, (time, car))
        if len(queue) > 12:
            del queue[0]
        return time

    def _following_s(self, car: Car) -> float:
        if self._is_neutral(car.time_s):
            return 0.8
        if car.lap.number == 1:
            return 0.2 if car.line < 4 else 0.55
        return _FOLLOWING_S

    def _gets_past(self, car: Car, ahead: Car, part: int, *, behind_s: float) -> bool:
        """Whether a car right behind another one finds a way past, and what that costs the other."""
        if car.progress - ahead.progress > LINES // 2:
            if car.time_s > ahead.blue_until_s:
                self.events.append(Event(car.time_s, "blue", ahead.index))
                ahead.blue_until_s = car.time_s + 25
            ahead.debt_s += behind_s + 0.2
            return True
        advantage = ahead.pace_s - car.pace_s
        if car.lap.number == 1:
            chance = 0.05 + 0.05 * advantage
        elif self._attempt[part]:
            chance = 0.04 + 0.25 * advantage + (0.06 if self._boost_on else 0.0)
        else:
            return False
        if self._rng.random() >= min(max(chance, 0.012), 0.8):
            return False
        ahead.debt_s += behind_s + float(self._rng.uniform(0.1, 0.3))
        return True

    # ---- pit stops

    def _wants_to_stop(self, car: Car) -> bool:
        number, left = car.lap.number, self.laps - car.lap.number
        if car.retirement and car.retirement.kind == "pits" and number == car.retirement.lap:
            return True
        if left < 1 or car.time_s > self.flag_s:
            return False
        if needs_change(
            car.compound, self.rain.wetness(car.time_s), raining=self.rain.is_raining(car.time_s), caution=car.caution
        ):
            return left >= 2
        if car.compound == "INTERMEDIATE":
            return False
        if car.plan and number >= car.plan[0].lap:
            return True
        if not self._is_neutral(car.time_s) or car.tyre_age < 0.12 * self.laps or left < 0.12 * self.laps:
            return False
        if car.plan:  # a cheap moment for a stop that is due soon anyway
            return car.plan[0].lap - number <= 0.3 * self.laps and car.gamble < 0.85
        return car.tyre_age > 0.25 * self.laps and car.gamble < 0.3

    def _turn_in(self, car: Car) -> None:
        car.stopping = True
        limits = (*car.drive.limits_mps, self.circuit.pit_entry_limit_mps)
        if self._is_neutral(car.time_s):
            slow = np.full_like(self.circuit.distance_m, np.inf)
            slow[self.circuit.line_nodes[car.line] + 1 :] = _SAFETY_CAR_MPS
            limits = (*limits, slow)
        car.drive = replace(car.drive, limits_mps=limits)
        car.lap.profile = profile_of(self.circuit, car.drive)

    def _change_tyres(self, car: Car) -> None:
        left, time = self.laps - car.lap.number, car.time_s
        if needs_change(car.compound, self.rain.wetness(time), raining=self.rain.is_raining(time), caution=car.caution):
            car.plan = []
            compound = dry_compound_for(left, self.laps) if car.compound == "INTERMEDIATE" else "INTERMEDIATE"
        elif car.plan:
            compound = car.plan.pop(0).compound
        else:
            compound = dry_compound_for(left, self.laps)
        car.compound, car.tyre_age, car.fresh = compound, 0, True
        car.form_s = float(self._rng.normal(0, _FORM_S))  # one set suits a car, the next does not
        car.stint += 1

    def _service_s(self, car: Car, drive: Drive) -> float:
        """Time at the box: the stop itself, and waiting for the team mate who is there already."""
        way_in = profile_of(self.circuit, replace(drive, stops_m=drive.standing_m)).time_s[-1]
        arrives = car.time_s + float(way_in)
        work = float(min(2.05 + self._rng.gamma(1.6, 0.28), 4.0))
        leaves = max(arrives, self._box_free_s[car.entry.team]) + work
        self._box_free_s[car.entry.team] = leaves + 1.5
        return leaves - arrives

    def _must_wait_to_merge(self, car: Car) -> bool:
        """Let a car from the pit lane into the traffic at the first line after the exit; True: it waits for a gap."""
        queue = self._queues[2]
        time = car.time_s
        for passes_s, _ in queue:
            if abs(passes_s - time) < 0.3:
                time = passes_s + 0.3
        if time > car.time_s:
            car.time_s = car.lap.lines_s[-1] = time
            return True
        place = len(queue)
        while place and queue[place - 1][0] > time:
            place -= 1
        queue.insert(place, (time, car))
        car.in_lane = False
        return False

    # ---- incidents

    def _stop_on_track(self, car: Car, kind: str) -> None:
        """End a car's race beside the track, with yellow flags and perhaps a safety car."""
        node = int(self.circuit.line_nodes[car.line])
        speed = float(car.lap.profile.speed_mps[node - self.circuit.distance_m.size])  # lap 1 has more points in front
        way_m = round(self.circuit.length_m / LINES * (0.6 if kind == "crash" else 2.4) / 5) * 5
        stops_m = float(self.circuit.distance_m[node] + way_m)
        slowing = braking_limit(stops_m - self.circuit.distance_m, 0.0, deceleration_mps2=1.02 * speed**2 / (2 * way_m))
        slowing[:node] = np.inf  # what has been driven stays as it was
        car.drive = replace(car.drive, limits_mps=(*car.drive.limits_mps, slowing), stops_m=stops_m)
        car.lap.profile = profile_of(self.circuit, car.drive)
        car.lap.is_finished = False
        rest_s = float(car.lap.profile.time_s[-1]) - car.lap.profile.lines_s[car.line]
        stopped_s = car.time_s + rest_s
        yellow_s = stopped_s - rest_s * (0.5 if kind == "crash" else 0.1)
        until_s = stopped_s + float(self._rng.uniform(24, 48))
        if kind == "crash":
            starts_s = stopped_s + float(self._rng.uniform(11, 18))
            self._neutral = Neutralisation(self._neutralised_by, starts_s, laps=int(np.clip(self.laps // 24, 1, 3)))
            if self._neutralised_by == "vsc":
                self._neutral.end_s = starts_s + float(self._rng.uniform(85, 130))
                self.events.append(Event(starts_s, "vsc", until_s=self._neutral.end_s))
            else:
                self.events.append(Event(starts_s, "safety_car"))
            until_s = starts_s + 60.0
            self._boost_on, self._boost_lap = False, self.laps + 1
        self._yellows.append((yellow_s, until_s, int(stops_m / self.circuit.length_m * LINES)))
        self.events.append(Event(stopped_s, kind, car.index, stops_m))
        self.events.append(Event(yellow_s, "double_yellow" if kind == "crash" else "yellow", car.index, stops_m, until_s))

    def _follow_leader(self, car: Car) -> None:
        """Decide what race control decides when the leader reaches a line: the end of a safety car, DRS on or off."""
        neutral, time = self._neutral, car.time_s
        if neutral and neutral.start_s <= time:
            if neutral.start_progress < 0:
                neutral.start_progress = car.progress
            due = car.progress - neutral.start_progress >= neutral.laps * LINES or car.lap.number >= self.laps - 3
            if neutral.kind == "safety_car" and not neutral.called_in and due and car.line == LINES // 2:
                neutral.called_in, neutral.end_progress = True, car.lap.number * LINES
                self.events.append(Event(time, "safety_car_in"))
            if neutral.called_in and neutral.end_s == NEVER and car.progress >= neutral.end_progress:
                neutral.end_s = time
                self.events.append(Event(time, "track_clear"))
            if self._boost_lap > self.laps and neutral.end_s <= time:
                self._boost_lap = car.lap.number + self._boost_delay
        if car.line:
            return
        wetness = self.rain.wetness(time)
        if self._boost_on and wetness > 0.3:
            self._boost_on = False
            self.events.append(Event(time, "boost_off"))
        elif not self._boost_on and car.lap.number > self._boost_lap and wetness < 0.15 and not self._is_neutral(time):
            self._boost_on = True
            self.events.append(Event(time, "boost_on"))


def _random_retirements(rng: np.random.Generator, *, laps: int, cars: int) -> dict[int, Retirement]:
    """Draw who will not finish: first the accident that neutralises a long race, then failures."""
    count = min(int(rng.integers(2, 5)), cars // 4) if laps >= 3 else 0
    who = rng.choice(np.arange(cars // 2, cars), size=1).tolist() + rng.permutation(cars).tolist()
    retirements: dict[int, Retirement] = {}
    for car in list(dict.fromkeys(who))[:count]:
        line = int(rng.integers(4, LINES - 4))
        if not retirements and laps >= 8:
            retirements[car] = Retirement(round(laps * rng.uniform(0.25, 0.5)), line, "crash")
        else:
            lap = int(rng.integers(2, laps))
            retirements[car] = Retirement(lap, line, "stop" if rng.random() < 0.55 else "pits")
    return retirements
