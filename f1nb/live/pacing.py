"""When the messages of a recording are due, if it is played as fast as they once came, or faster."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator

from f1nb.live.history import instant_ms
from f1nb.live.protocol import Message

_TOGETHER = 64  # messages that are due at once and given at once
_PAUSE_MS = 3_600_000  # nobody waits longer: it is between two sessions, or an instant is wrong


async def paced(messages: Iterable[Message], speed: float | None) -> AsyncGenerator[list[Message], None]:
    """Yield messages when they are due, those together that are due at the same moment.

    Parameters
    ----------
    messages
        In the order in which they came.
    speed
        Seconds of them per second; None: as fast as it goes.
    """
    loop = asyncio.get_running_loop()
    start_s = loop.time()
    for due_s, batch in _batches(messages, speed):
        await asyncio.sleep(max(start_s + due_s - loop.time(), 0.0))
        yield batch


def _batches(messages: Iterable[Message], speed: float | None) -> Iterator[tuple[float, list[Message]]]:
    """Yield what is due together, with the second from the start.

    What steps back in time is due at once. A step of more than an hour takes no time, and counts when two messages agree on it.

    Examples
    --------
    >>> sent = [Message("LapCount", {"CurrentLap": n}, f"2024-05-19T13:0{n}:00Z") for n in (1, 1, 2, 4)]
    >>> [(due_s, len(batch)) for due_s, batch in _batches(sent, 10.0)]
    [(0.0, 2), (6.0, 1), (18.0, 1)]
    """
    due_s, batch = 0.0, []
    latest_ms: int | None = None
    odd_ms: int | None = None
    for message in messages:
        next_s, at_ms = due_s, instant_ms(message.utc) if speed else None
        if speed and at_ms is not None:
            step_ms = 0 if latest_ms is None else at_ms - latest_ms
            if abs(step_ms) > _PAUSE_MS:
                if odd_ms is not None and abs(at_ms - odd_ms) <= _PAUSE_MS:
                    latest_ms = at_ms
                odd_ms = at_ms
            elif step_ms >= 0:
                next_s, latest_ms = due_s + step_ms / 1000 / speed, at_ms
        if batch and (next_s > due_s or len(batch) == _TOGETHER):
            yield due_s, batch
            batch = []
        due_s = next_s
        batch.append(message)
    if batch:
        yield due_s, batch
