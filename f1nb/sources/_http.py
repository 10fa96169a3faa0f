"""The files of one session over https: many small ones, fetched concurrently, kept until the session is complete."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote
from uuid import uuid4

import httpx

from f1nb.errors import SignInError, SourceError
from f1nb.sources._files import FolderFiles, in_order

_AT_ONCE = 16
_TRIES = 4
_LONGEST_WAIT_S = 60.0
_BUSY = {408, 425, 429}  # with all from 500 on: worth another try

_SIGN_IN_HOST = "livetiming.formula1.com"
_REFUSED = {
    401: "wants an F1 TV account; sign in with: f1nb auth login",
    403: "refuses this account or this machine; see f1nb auth status. It answers no cloud host: load there from a store that "
    "was filled elsewhere (F1NB_STORE)",
}


class HttpFiles(FolderFiles):
    """Files below an address, copied into a local folder as they are needed.

    A run that is interrupted keeps what it has; the next one fetches only the rest. Use it in a ``with`` statement: at its end
    connections are closed and downloads under way are given up.

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
        self._client = httpx.Client(timeout=20, follow_redirects=True, headers={"user-agent": "f1nb", **(headers or {})})
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
        if kept is not None:
            return kept
        content = self._get(f"{self.name}/{quote(name)}")
        if content is not None:
            target = self.root / name
            part = target.with_name(f".{target.name}.{uuid4().hex}")
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                part.write_bytes(content)
                part.replace(target)
            except OSError as error:
                raise SourceError(
                    f"cannot keep downloads in {self.root}: {error.strerror}; set F1NB_HOME to another"
                ) from error
        return content

    def read_many(self, names: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the contents in the same order, fetched concurrently."""
        # stopped, threads that wait for a busy host end at once and not in a minute
        yield from in_order(self.read, names, threads=_AT_ONCE, ahead=4 * _AT_ONCE, stop=self._stopped.set)

    def _get(self, url: str) -> bytes | None:
        """Return the content, None where there is none; tries again when the host is busy or the connection is cut."""
        host = httpx.URL(url).host
        wait = 0.3
        for attempt in range(1, _TRIES + 1):
            try:
                response = self._client.get(url)
            except httpx.RequestError as error:
                problem = f"{host} cannot be reached; check the network, or pass a folder or zip as source"
                cause = error
            else:
                if response.status_code == 200:
                    if response.content.lstrip()[:1] == b"<":
                        raise SourceError(
                            f"{host} answered with a page instead of data; sign in to the network, then try again"
                        )
                    return response.content
                if response.status_code == 404:
                    return None
                if response.status_code in {401, 403} and _SIGN_IN_HOST in url:
                    raise SignInError(f"{_SIGN_IN_HOST} {_REFUSED[response.status_code]}")
                if response.status_code not in _BUSY and response.status_code < 500:
                    raise SourceError(f"{url} answered {response.status_code}; the archive may have moved")
                problem = f"{host} answered {response.status_code} {attempt} times; try again later"
                cause = None
                wait = _retry_after(response, otherwise=wait)
            if attempt == _TRIES or self._stopped.wait(wait):
                raise SourceError(problem) from cause
            wait = min(wait * 2, _LONGEST_WAIT_S)
        raise AssertionError("the last try returns or raises")


def _retry_after(response: httpx.Response, *, otherwise: float) -> float:
    value = response.headers.get("retry-after", "")
    return min(float(value), _LONGEST_WAIT_S) if value.isdigit() else otherwise
