"""The files of one session over https: many small ones, fetched concurrently, kept until the session is complete."""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote
from uuid import uuid4

import httpx

from f1nb._disk import explained
from f1nb.errors import SignInError, SourceError
from f1nb.sources._files import FolderFiles, in_order

_AT_ONCE = 16
_TRIES = 4
_LONGEST_WAIT_S = 60.0
_FRESH_S = 3600.0
_BOM = b"\xef\xbb\xbf"
_BUSY = {408, 425, 429}  # with all from 500 on: worth another try

_SIGN_IN_HOST = "livetiming.formula1.com"
_NOT_SIGNED_IN = "wants an F1 TV account; sign in with: f1nb auth login"
_NOT_ACCEPTED = "does not accept this sign-in; sign in again with: f1nb auth login"
_FORBIDDEN = (
    "refuses this account, or this machine, as it refuses all cloud hosts; see f1nb auth status, or set F1NB_STORE to a store "
    "that was filled elsewhere"
)


class HttpFiles(FolderFiles):
    """Files below an address, copied into a local folder as they are needed.

    A run that is interrupted keeps what it has; the next one, within the hour, fetches only the rest. What is older is fetched
    again: files of a session that was going on have grown. Use it in a ``with`` statement: at its end connections are closed,
    and downloads under way are given up.

    Parameters
    ----------
    url
        Address of the session's folder.
    cache
        Local folder of the copies.
    headers
        Sent with each request.
    """

    def __init__(self, url: str, cache: Path, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(cache)
        self.name = url.rstrip("/")
        sent = httpx.Headers({"user-agent": "f1nb", "accept-encoding": "gzip", **(headers or {})})
        self._is_signed_in = "authorization" in sent
        self._client = httpx.Client(timeout=20, follow_redirects=True, headers=sent)
        self._stopped = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stopped.set()
        self._client.close()

    def names(self, folder: str) -> list[str] | None:  # noqa: ARG002 - the same method as of other files
        """Return None: the host lists no folders."""
        return None

    def read(self, name: str) -> bytes | None:
        """Return the content of a file, None where the host has no such file."""
        kept = super().read(name)
        if kept is not None and _age_s(self.root / name) < _FRESH_S:
            return kept
        content = self._get(f"{self.name}/{quote(name)}")
        if content is not None:
            target = self.root / name
            part = target.with_name(f".{target.name}.{uuid4().hex}")
            with explained(self.root):
                target.parent.mkdir(parents=True, exist_ok=True)
                try:
                    part.write_bytes(content)
                    part.replace(target)
                finally:
                    part.unlink(missing_ok=True)
        return content

    def read_many(self, names: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the contents in the same order, fetched concurrently."""
        # stopped, threads that wait for a busy host end at once and not in a minute
        yield from in_order(self.read, names, threads=_AT_ONCE, ahead=4 * _AT_ONCE, stop=self._stopped.set)

    def _get(self, url: str) -> bytes | None:
        """Return the content, None where there is none; tries again when the host is busy or the connection is cut."""
        host = httpx.URL(url).host
        wait_s = 0.3
        for attempt in range(1, _TRIES + 1):
            cause = None
            try:
                with self._client.stream("GET", url) as response:
                    content = _whole(response)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                problem, cause = f"{host} cannot be reached; check the network, or pass a folder or zip as source", error
            except httpx.TimeoutException as error:
                problem, cause = f"{host} does not answer; try again later", error
            except httpx.RequestError as error:
                problem, cause = f"the connection to {host} was cut; check the network, then try again", error
            else:
                status = response.status_code
                if status == 200:
                    if content.removeprefix(_BOM).lstrip()[:1] == b"<":
                        raise SourceError(
                            f"{host} answered with a page instead of data; sign in to the network, then try again"
                        )
                    return content
                if status == 404:
                    return None
                if status in {401, 403} and _SIGN_IN_HOST in url:
                    refused = _FORBIDDEN if status == 403 else _NOT_ACCEPTED if self._is_signed_in else _NOT_SIGNED_IN
                    raise SignInError(f"{_SIGN_IN_HOST} {refused}")
                if status not in _BUSY and status < 500:
                    raise SourceError(f"{url} answered {status}; the archive may have moved")
                asked_s = _retry_after_s(response)
                wait_s = wait_s if asked_s is None else asked_s
                said = "has been asked too often" if status == 429 else f"answered {status}"
                problem = f"{host} {said}; try again {'later' if asked_s is None else _in(asked_s)}"
            if attempt == _TRIES or wait_s > _LONGEST_WAIT_S or self._stopped.wait(wait_s):
                self._stopped.set()  # without this file there is no session: nobody is to wait for another one
                raise SourceError(problem) from cause
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)
        raise AssertionError("the last try returns or raises")


def _age_s(path: Path) -> float:
    """Return how long ago a file was written."""
    with suppress(OSError):
        return time.time() - path.stat().st_mtime
    return 0.0  # another run has just put it into the store


def _whole(response: httpx.Response) -> bytes:
    """Return the content, unpacked here: httpx takes packed content that was cut for whole."""
    raw = b"".join(response.iter_raw())
    if response.headers.get("content-encoding", "").lower() != "gzip":
        return raw
    packed = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        content = packed.decompress(raw)
    except zlib.error as error:
        raise httpx.DecodingError(str(error)) from error
    if not packed.eof:
        raise httpx.DecodingError("the end is missing")
    return content


def _retry_after_s(response: httpx.Response) -> float | None:
    """Return for how long the host wants to be left alone: it gives seconds or a date."""
    value = response.headers.get("retry-after", "")
    if value.isdigit():
        return float(value)
    with suppress(TypeError, ValueError):  # none, or no date
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    return None


def _in(wait_s: float) -> str:
    return f"in {max(1, round(wait_s))} s" if wait_s < 120 else f"in {round(wait_s / 60)} min"
