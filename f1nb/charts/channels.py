"""What telemetry charts show. Apart from the charts, because a panel asks for it before anything needs Bokeh."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Channel:
    """What one figure shows: a column of the traces as a line, or as a lane of bars per lap."""

    name: str
    label: str
    unit: str
    column: str
    share: int  # of the height of all
    low: float
    high: float
    ticks: tuple[float, ...] = ()
    is_lanes: bool = False


CHANNELS: dict[str, Channel] = {
    c.name: c
    for c in (
        Channel("speed", "Speed", "km/h", "speed_kmh", 42, 50, 350, (100, 200, 300)),
        Channel("delta", "Delta", "s", "delta_s", 20, -0.1, 0.1, (0,)),
        Channel("throttle", "Throttle", "%", "throttle_pct", 14, -2, 102, (0, 100)),
        Channel("brake", "Brake", "", "is_braking", 6, 0, 1, is_lanes=True),
        Channel("gear", "Gear", "", "gear", 18, 0.6, 8.4, (2, 4, 6, 8)),
        Channel("rpm", "Engine", "1000/min", "rpm", 18, 4000, 13500, (6000, 9000, 12000)),
        Channel("drs", "DRS", "", "drs", 6, 0, 1, is_lanes=True),
    )
}
