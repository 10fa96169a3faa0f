"""The circuit of a simulated race: shape, corners, pit lane and the speeds its bends allow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

STEP_M = 5.0
LINES = 24  # timing lines around the lap; cars interact at these
PIT_ENTRY_M = 150.0  # before the line
PIT_EXIT_M = 320.0  # after the line
PIT_LIMIT_MPS = 79.0 / 3.6  # drivers leave a margin to 80 km/h
PIT_OFFSET_M = 16.0
_PIT_TAPER_M = 70.0
_FIRST_BOX_M, _BOX_SPACING_M = 20.0, 15.0
_LINE_TO_FIRST_CORNER_M = 560.0

_BRAKING_MPS2 = 26.0
TOP_SPEED_MPS = 92.0
_TRACTION_MPS2 = 11.0
_POWER_W_PER_KG = 940.0
_DRAG_PER_M = 0.0012


@dataclass(frozen=True, slots=True)
class Corner:
    """One corner: where its apex is and where its label stands."""

    number: int
    distance_m: float
    angle_deg: float


@dataclass(frozen=True)
class Circuit:
    """A closed circuit, sampled every 5 m from the start line; the first point is repeated at the end.

    Arrays have ``n + 1`` items for a lap of ``n`` steps.
    """

    distance_m: np.ndarray
    x_m: np.ndarray
    y_m: np.ndarray
    z_m: np.ndarray
    curvature_per_m: np.ndarray
    corners: tuple[Corner, ...]
    rotation_deg: float
    pit_side: float  # +1: the pit lane is to the left of the track

    @property
    def length_m(self) -> float:
        """Length of one lap."""
        return float(self.distance_m[-1])

    @property
    def line_nodes(self) -> np.ndarray:
        """Indices of the timing lines, ``LINES + 1`` of them, the last is the start line again."""
        return np.arange(LINES + 1) * ((self.distance_m.size - 1) // LINES)

    @cached_property
    def dry_speed_mps(self) -> np.ndarray:
        """Speed of the ideal dry lap."""
        return _speed_profile(self.curvature_per_m, grip=1.0)

    @cached_property
    def _wet_extra_s_per_m(self) -> np.ndarray:
        return 1 / _speed_profile(self.curvature_per_m, grip=0.55) - 1 / self.dry_speed_mps

    @cached_property
    def dry_lap_s(self) -> float:
        """Time of the ideal dry lap."""
        return float(travel_time(self.distance_m, self.dry_speed_mps)[-1])

    def speed_for(self, lap_time_s: float) -> np.ndarray:
        """Speed along a lap of about ``lap_time_s``: slower laps lose in the corners, not on the straights."""
        extra = (lap_time_s - self.dry_lap_s) / float(np.sum(self._wet_extra_s_per_m[1:]) * STEP_M)
        return 1 / (1 / self.dry_speed_mps + extra * self._wet_extra_s_per_m)

    @cached_property
    def braking_zones_m(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The two straights where cars overtake: (start, braking point), the better one first."""
        speed, n = self.dry_speed_mps, self.distance_m.size - 1
        drops = []
        for corner in self.corners:
            apex = int(corner.distance_m / STEP_M)
            before = np.arange(apex - 60, apex) % n
            brake = int(np.argmax(speed[before]))
            drops.append((float(speed[before[brake]] - speed[apex]), (apex - 60 + brake) % n * STEP_M, corner))
        zones: list[tuple[float, float]] = []
        for _, brake_m, corner in sorted(drops, key=lambda d: -d[0]):
            last = self.corners[corner.number - 2].distance_m if corner.number > 1 else 0.0
            start_m = max(last + 90.0, brake_m - 550.0)
            if start_m < brake_m and all(abs(brake_m - b) > 600 for _, b in zones):
                zones.append((start_m, brake_m))
        return zones[0], zones[1]

    @property
    def speed_trap_m(self) -> float:
        """Distance of the speed trap, at the fastest point between the line and the first corner."""
        return float(np.argmax(self.dry_speed_mps[: int(self.corners[0].distance_m / STEP_M)]) * STEP_M)

    @cached_property
    def pit_entry_limit_mps(self) -> np.ndarray:
        """Highest speed along a lap that ends in the pit lane."""
        return braking_limit(self.length_m - PIT_ENTRY_M - self.distance_m, PIT_LIMIT_MPS)

    def box_m(self, team: int) -> float:
        """Distance of a team's pit box after the line."""
        return _FIRST_BOX_M + _BOX_SPACING_M * team

    def pit_exit_limit_mps(self, team: int) -> np.ndarray:
        """Highest speed along a lap that starts in the pit lane and stops at the team's box."""
        s, box = self.distance_m, self.box_m(team)
        to_limit_m = np.interp(PIT_LIMIT_MPS, _LAUNCH_MPS, _LAUNCH_M)
        lane = np.where(s <= PIT_EXIT_M, PIT_LIMIT_MPS, launch_limit(s - PIT_EXIT_M + to_limit_m))
        return np.minimum(lane, np.where(s <= box, braking_limit(box - s, 0.0, deceleration_mps2=8.0), launch_limit(s - box)))

    def place(self, distance_m: np.ndarray, left_m: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Coordinates of points by distance from the line and offset to the left of the track, metres."""
        at = np.mod(distance_m, self.length_m)
        heading = np.arctan2(np.interp(at, self.distance_m, self._sin), np.interp(at, self.distance_m, self._cos))
        x = np.interp(at, self.distance_m, self.x_m) - left_m * np.sin(heading)
        y = np.interp(at, self.distance_m, self.y_m) + left_m * np.cos(heading)
        return x, y, np.interp(at, self.distance_m, self.z_m)

    @cached_property
    def _cos(self) -> np.ndarray:
        return _closed_gradient(self.x_m)

    @cached_property
    def _sin(self) -> np.ndarray:
        return _closed_gradient(self.y_m)

    def pit_offset_m(self, distance_m: np.ndarray) -> np.ndarray:
        """How far left of the track the pit lane is, by signed distance from the line."""
        into = np.clip((distance_m + PIT_ENTRY_M + _PIT_TAPER_M) / _PIT_TAPER_M, 0, 1)
        out = np.clip((PIT_EXIT_M + _PIT_TAPER_M - distance_m) / _PIT_TAPER_M, 0, 1)
        ramp = np.minimum(into, out)
        return self.pit_side * PIT_OFFSET_M * ramp * ramp * (3 - 2 * ramp)

    @property
    def pit_lane_m(self) -> np.ndarray:
        """Signed distances of the pit lane's path."""
        return np.arange(-PIT_ENTRY_M - _PIT_TAPER_M, PIT_EXIT_M + _PIT_TAPER_M + 1, STEP_M)


def _closed_gradient(values: np.ndarray) -> np.ndarray:
    around = np.concatenate([values[-2:-1], values, values[1:2]])
    return (around[2:] - around[:-2]) / (2 * STEP_M)


def travel_time(distance_m: np.ndarray, speed_mps: np.ndarray) -> np.ndarray:
    """Time at each point from the first, exact for constant acceleration in between (so a standing start has a time)."""
    steps = 2 * np.diff(distance_m) / (speed_mps[1:] + speed_mps[:-1])
    return np.concatenate([[0.0], np.cumsum(steps)])


def braking_limit(ahead_m: np.ndarray, speed_mps: float, *, deceleration_mps2: float = _BRAKING_MPS2) -> np.ndarray:
    """Highest speed from which a car is down to ``speed_mps`` in ``ahead_m``; the same speed beyond that point."""
    return np.sqrt(speed_mps**2 + 2 * deceleration_mps2 * np.maximum(ahead_m, 0.0))


def launch_limit(done_m: np.ndarray) -> np.ndarray:
    """Speed of a car ``done_m`` after a standing start."""
    return np.interp(done_m, _LAUNCH_M, _LAUNCH_MPS)


def _acceleration_mps2(speed_mps: float) -> float:
    return min(_TRACTION_MPS2, _POWER_W_PER_KG / max(speed_mps, 1.0)) - _DRAG_PER_M * speed_mps**2


def full_throttle_mps2(speed_mps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what the engine gives at full throttle, and what drag takes, at a speed."""
    return np.minimum(_TRACTION_MPS2, _POWER_W_PER_KG / np.maximum(speed_mps, 1.0)), _DRAG_PER_M * speed_mps**2


def _launch_curve() -> tuple[np.ndarray, np.ndarray]:
    distance = np.arange(0.0, 2000.0, STEP_M)
    speed = np.zeros_like(distance)
    for i in range(1, speed.size):
        speed[i] = min(np.sqrt(speed[i - 1] ** 2 + 2 * STEP_M * _acceleration_mps2(speed[i - 1])), TOP_SPEED_MPS)
    return distance, speed


_LAUNCH_M, _LAUNCH_MPS = _launch_curve()


def _speed_profile(curvature_per_m: np.ndarray, *, grip: float) -> np.ndarray:
    """Speed along the lap: cornering limit with downforce, then what engine and brakes can do."""
    bend = np.maximum(np.abs(curvature_per_m[:-1]) - 0.0045 * grip, 17.0 * grip / TOP_SPEED_MPS**2)
    speed = np.minimum(np.sqrt(17.0 * grip / bend), TOP_SPEED_MPS)
    n = speed.size
    slowest = int(np.argmin(speed))
    v = np.roll(speed, -slowest).tolist()  # from the slowest point once around is enough in both directions
    for i in range(1, n):
        v[i] = min(v[i], (v[i - 1] ** 2 + 2 * STEP_M * grip**0.3 * _acceleration_mps2(v[i - 1])) ** 0.5)
    for i in range(n - 1, -1, -1):
        after = v[(i + 1) % n]
        v[i] = min(v[i], (after**2 + 2 * STEP_M * grip * (16.0 + 0.0042 * after**2)) ** 0.5)
    speed = np.roll(np.array(v), slowest)
    return np.append(speed, speed[0])


# Layouts by hand, metres, driven anticlockwise; the last and the first point are the ends of the start straight.
# Random polygons look like stars; these have the hairpins, esses and back straights that people expect.
_LAYOUTS = (
    [(640, 0), (700, 180), (420, 270), (450, 430), (730, 470), (770, 650), (-250, 780), (-190, 570),
     (-410, 500), (-500, 650), (-710, 610), (-740, 420), (-520, 300), (-570, 170), (-780, 150), (-720, 0)],
    [(600, 0), (580, 170), (820, 300), (790, 540), (520, 620), (310, 270), (130, 320), (190, 640),
     (-60, 770), (-330, 630), (-520, 720), (-770, 600), (-640, 330), (-790, 150), (-690, 0)],
    [(560, 0), (770, 170), (700, 420), (470, 330), (390, 480), (600, 650), (480, 840), (110, 690),
     (-70, 790), (-170, 570), (-340, 510), (-420, 710), (-650, 660), (-570, 310), (-790, 230), (-770, 60), (-640, 0)],
    [(650, 0), (690, 230), (480, 330), (560, 520), (830, 590), (760, 780), (420, 720), (150, 330),
     (-30, 300), (-60, 480), (130, 690), (-30, 830), (-480, 640), (-440, 440), (-730, 330), (-760, 80), (-660, 0)],
)  # fmt: skip


def random_circuit(rng: np.random.Generator) -> Circuit:
    """Return a circuit of 4.8 to 5.8 km with 14 to 18 corners and one long straight, from the generator's state.

    A layout is varied at random until it neither crosses itself nor has corners that a car could not take.
    """
    layout = np.array(_LAYOUTS[int(rng.integers(len(_LAYOUTS)))], dtype=float)
    while True:
        vertices = np.roll(layout, 1, axis=0) * rng.uniform(0.88, 1.12, 2) + rng.uniform(-38, 38, layout.shape)
        shape = _rounded_polygon(rng, vertices)
        if shape is None:
            continue
        points, apexes, straight_end = shape
        length_m = STEP_M * LINES * int(rng.integers(41, 48))
        circuit = _sampled(rng, points * (length_m / _length(points)), apexes, straight_end, length_m)
        if circuit is not None:
            return circuit


def _length(points: np.ndarray) -> float:
    return float(np.sum(np.hypot(*(np.roll(points, -1, axis=0) - points).T)))


def _evenly(points: np.ndarray, n: int, *, from_m: float = 0.0) -> np.ndarray:
    """``n`` points at even distances along a closed line, starting ``from_m`` along it."""
    edges = np.hypot(*(np.roll(points, -1, axis=0) - points).T)
    along = np.concatenate([[0.0], np.cumsum(edges)])
    closed = np.concatenate([points, points[:1]])
    at = np.mod(from_m + np.arange(n) * along[-1] / n, along[-1])
    return np.stack([np.interp(at, along, closed[:, k]) for k in (0, 1)], axis=1)


def _rounded_polygon(rng: np.random.Generator, vertices: np.ndarray) -> tuple[np.ndarray, np.ndarray, int] | None:
    """Replace the corners of a polygon by arcs; its first edge is the start straight.

    Returns the points, the index of each corner's apex, and the index where the straight ends; None: not drivable.
    """
    corners = len(vertices)
    before, after = vertices - np.roll(vertices, 1, axis=0), np.roll(vertices, -1, axis=0) - vertices
    turn = np.arctan2(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0], np.sum(before * after, axis=1))
    if np.any(np.abs(turn) < np.radians(22)) or np.any(np.abs(turn) > np.radians(142)):
        return None
    reach = 0.46 * np.minimum(np.hypot(*before.T), np.hypot(*after.T))
    wanted = rng.uniform(0.7, 1.5, corners) * np.interp(np.abs(np.degrees(turn)), [22, 60, 100, 142], [160, 68, 28, 16])
    tangent = np.minimum(wanted * np.tan(np.abs(turn) / 2), reach)
    arc_radius = tangent / np.tan(np.abs(turn) / 2)
    if np.any(arc_radius < 13):
        return None

    pieces, apexes, count = [], [], 0
    for i in range(corners):
        direction = np.arctan2(before[i, 1], before[i, 0])
        start = vertices[i] - tangent[i] * np.array([np.cos(direction), np.sin(direction)])
        sweep = np.linspace(0, turn[i], max(6, int(abs(turn[i]) * arc_radius[i] / 4)))
        side = np.sign(turn[i])
        middle = start + side * arc_radius[i] * np.array([-np.sin(direction), np.cos(direction)])
        spoke = direction + sweep - side * np.pi / 2
        pieces.append(middle + arc_radius[i] * np.stack([np.cos(spoke), np.sin(spoke)], axis=1))
        apexes.append(count + sweep.size // 2)
        count += sweep.size
    straight_end = pieces[0].shape[0]  # the corner after it is the second vertex
    return np.concatenate(pieces), np.array(apexes), straight_end


def _sampled(
    rng: np.random.Generator, points: np.ndarray, apexes: np.ndarray, straight_end: int, length_m: float
) -> Circuit | None:
    """Sample a polygon from the start line on, smooth the joints, and turn it; None where it is no circuit."""
    edges = np.hypot(*(np.roll(points, -1, axis=0) - points).T)
    along = np.concatenate([[0.0], np.cumsum(edges)])
    start_of_straight, end_of_straight = along[straight_end - 1], along[straight_end]
    if end_of_straight - start_of_straight < _LINE_TO_FIRST_CORNER_M + 300:
        return None
    line = end_of_straight - _LINE_TO_FIRST_CORNER_M
    n = int(length_m / STEP_M)
    xy = _evenly(points, n, from_m=line)
    for _ in range(3):  # easements instead of kinks
        blur = np.exp(-2 * (np.pi * np.fft.fftfreq(n) * 2.0) ** 2)[:, None]
        xy = _evenly(np.fft.ifft(np.fft.fft(xy, axis=0) * blur, axis=0).real, n)
        xy *= length_m / _length(xy)
    xy -= xy[0]
    if not _is_clear(xy):
        return None

    apex_m = np.sort(np.mod(along[apexes] - line, along[-1])) * length_m / along[-1]
    if np.min(np.diff(apex_m)) < 55:
        return None
    mirrored = rng.random() < 0.75  # most circuits run clockwise
    rotation_deg = float(np.round(rng.uniform(0, 360)))
    turned = (xy[:, 0] + 1j * xy[:, 1] * (-1 if mirrored else 1)) * np.exp(-1j * np.radians(rotation_deg))
    x, y = turned.real, turned.imag
    step = np.roll(turned, -1) - turned
    curvature = np.angle(step / np.roll(step, 1)) / STEP_M
    phase, height = rng.uniform(0, 2 * np.pi, 3), rng.uniform(2, 7, 3)
    lap = np.linspace(0, 2 * np.pi, n, endpoint=False)
    z = sum(height[k] * np.sin((k + 1) * lap + phase[k]) for k in range(3))
    corners = []
    for number, distance in enumerate(apex_m, start=1):
        node = round(distance / STEP_M) % n
        window = (node + np.arange(-8, 9)) % n
        node = int(window[np.argmax(np.abs(curvature[window]))])
        outward = np.angle(step[node]) - np.sign(curvature[node]) * np.pi / 2
        corners.append(Corner(number, node * STEP_M, float(np.round(np.degrees(np.angle(np.exp(1j * outward))), 1))))
    around = np.append(np.arange(n), 0)
    return Circuit(
        distance_m=np.arange(n + 1) * STEP_M,
        x_m=x[around],
        y_m=y[around],
        z_m=np.asarray(z)[around],
        curvature_per_m=curvature[around],
        corners=tuple(corners),
        rotation_deg=rotation_deg,
        pit_side=-1.0 if mirrored else 1.0,
    )


def _is_clear(xy: np.ndarray, *, clearance_m: float = 45.0, apart_m: float = 200.0) -> bool:
    """Whether parts of the track that are far apart by distance are apart on the ground, too."""
    some = xy[::4]
    n = some.shape[0]
    gap = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    apart = np.minimum(gap, n - gap) * 4 * STEP_M > apart_m
    ground = np.hypot(np.subtract.outer(some[:, 0], some[:, 0]), np.subtract.outer(some[:, 1], some[:, 1]))
    return bool(np.all(ground[apart] > clearance_m))
