"""Answers of web services, as JSON: asked for within the service's limits, kept, and used again while they are good.

What was fetched after its season's year had ended stays for good. Before that an answer is asked for again after an hour, and
stands in, with a word about it, when the service cannot be reached.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from f1nb._disk import explained, home, replace
from f1nb.errors import SourceError
from f1nb.sources._hosts import mirrored

_FRESH_S = 3600.0
_TRIES = 3
_TIMEOUT_S = 10.0
_LONGEST_WAIT_S = 5.0  # asked to wait longer, people rather hear about it

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How often a service may be asked, by all processes of this machine together."""

    per_second: int
    per_hour: int

    def wait(self, host: str) -> None:
        """Wait for the next call that is allowed and count it.

        Raises
        ------
        SourceError
            When those of an hour are used up.
        """
        from filelock import FileLock

        path = home() / "answers" / f"{host}.calls"
        with explained(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{path}.lock"):
                now = time.time()
                calls = [call for call in _calls(path) if now - 3600 < call <= now]
                if len(calls) >= self.per_hour:
                    minutes = int((calls[-self.per_hour] + 3600 - now) // 60) + 1
                    raise SourceError(
                        f"{host} answers {self.per_hour} calls an hour and they are used up; try again in {minutes} min"
                    )
                if len(calls) >= self.per_second:
                    time.sleep(max(0.0, calls[-self.per_second] + 1 - now))
                replace(path, orjson.dumps([*calls, time.time()]))


def _calls(path: Path) -> list[float]:
    with suppress(OSError, orjson.JSONDecodeError):  # none yet, or not ours: counted from now on
        return orjson.loads(path.read_bytes())
    return []


def answer(address: str, *, year: int, limits: Limits | None = None) -> Any | None:
    """Return what a service answers, None where it has nothing at this address.

    Parameters
    ----------
    address
        ``https://host/path``.
    year
        Season that the answer is about.
    limits
        Of the service.

    Raises
    ------
    SourceError
        When it cannot be asked, or answers with something else, and nothing is kept.
    """
    place = mirrored(address)
    if "://" not in place:
        return kept_answer(address)
    path = _path(address)
    data, fetched = _kept(path)
    now = datetime.now(UTC)
    if fetched and (fetched.year > year or (now - fetched).total_seconds() < _FRESH_S):
        return data
    host = address.split("/")[2]
    try:
        content = _ask(place, host, limits)
        new = None if content is None else _parsed(content, host)
    except SourceError as error:
        if not fetched:
            raise
        logger.warning("%s; this is its answer of %s UTC", error, f"{fetched:%Y-%m-%d %H:%M}")
        return data
    if content is not None:
        with explained(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            replace(path, content)
    return new


def kept_answer(address: str) -> Any | None:
    """Return what is here without a network, however old: in a local mirror, or fetched before; None where nothing is."""
    place = mirrored(address)
    if "://" in place:
        return _kept(_path(address))[0]
    path = Path(place).expanduser()
    return _parsed(path.read_bytes(), str(path)) if path.is_file() else None


@contextmanager
def known_form(host: str) -> Iterator[None]:
    """Say in a sentence that an answer is of another form than what is read here knows."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise SourceError(f"{host} answered in another form than it used to; update f1nb") from error


def _path(address: str) -> Path:
    return home() / "answers" / quote(address.split("://", 1)[1], safe="/")


def _kept(path: Path) -> tuple[Any | None, datetime | None]:
    """Return what is kept and when it was fetched; a damaged file counts as none and is written anew."""
    try:
        return orjson.loads(path.read_bytes()), datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, orjson.JSONDecodeError):
        return None, None


def _ask(url: str, host: str, limits: Limits | None) -> bytes | None:
    """Return the content, None where there is none; tries again when the service is busy or the connection is cut."""
    import httpx

    wait = 0.3
    for attempt in range(1, _TRIES + 1):
        if limits:
            limits.wait(host)
        try:
            response = httpx.get(url, timeout=_TIMEOUT_S, follow_redirects=True, headers={"user-agent": "f1nb"})
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise SourceError(f"{host} cannot be reached; check the network") from error
        except httpx.RequestError as error:
            problem, cause = f"the connection to {host} was cut; check the network, then try again", error
        else:
            if response.status_code == 200:
                return response.content
            if response.status_code == 404:
                return None
            if response.status_code == 429:
                asked = response.headers.get("retry-after", "")
                wait = float(asked) if asked.isdigit() else wait
                problem = f"{host} has been asked too often; try again in {max(1, round(wait))} s"
            else:
                problem = f"{host} answered {response.status_code}; try again later"
            if response.status_code != 429 and response.status_code < 500:
                raise SourceError(problem)
            cause = None
        if attempt == _TRIES or wait > _LONGEST_WAIT_S:
            raise SourceError(problem) from cause
        time.sleep(wait)
        wait *= 2
    raise AssertionError("the last try returns or raises")


def _parsed(content: bytes, origin: str) -> Any:
    if content.lstrip()[:1] == b"<":
        raise SourceError(f"{origin} answered with a page instead of data; sign in to the network, then try again")
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        raise SourceError(f"{origin} answered with incomplete data; try again") from None
