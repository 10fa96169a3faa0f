"""The files of one session over https: many small ones, fetched concurrently, kept until the session is complete."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from urllib.parse import quote

import httpx

from f1nb.errors import SourceError
from f1nb.sources._files import FolderFiles

_AT_ONCE = 16
_TRIES = 4
_ABSENT = ".absent"  # remembers a 404, so that a resumed run does not ask again

Progress = Callable[[int, int], None]


class HttpFiles(FolderFiles):
    """Files below an address, copied into a local folder as they are needed.

    A run that is interrupted keeps what it has; the next one fetches only the rest.

    Parameters
    ----------
    url
        Address of the session's folder.
    cache
        Local folder of the copies.
    progress
        Called with the number of files done and wanted.
    """

    def __init__(self, url: str, cache: Path, progress: Progress | None = None) -> None:
        super().__init__(cache)
        self.url = url.rstrip("/")
        self.name = self.url
        self.progress = progress
        self.client = httpx.Client(timeout=30, follow_redirects=True, headers={"user-agent": "f1nb"})

    def exists(self, name: str) -> bool:
        """Return whether there is such a file."""
        self.fetch([name])
        return super().exists(name)

    def list(self, folder: str) -> list[str] | None:  # noqa: ARG002 - the same method as of other files
        """Return None: the host lists no folders."""
        return None

    def fetch(self, names: list[str]) -> None:
        """Copy these files; those that the host does not have are remembered as absent."""
        missing = [n for n in names if not (self.root / n).is_file() and not (self.root / f"{n}{_ABSENT}").is_file()]
        if not missing:
            return
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            jobs = [pool.submit(self._copy, name) for name in missing]
            try:
                for done, job in enumerate(as_completed(jobs), 1):
                    job.result()
                    if self.progress:
                        self.progress(len(names) - len(missing) + done, len(names))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def read_many(self, names: list[str]) -> Iterator[bytes]:
        """Yield the contents in the same order."""
        self.fetch(names)
        yield from super().read_many(names)

    def _copy(self, name: str) -> None:
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        content = self._get(f"{self.url}/{quote(name)}")
        if content is None:
            (self.root / f"{name}{_ABSENT}").touch()
            return
        part = target.with_name(f"{target.name}.part")
        part.write_bytes(content)
        part.replace(target)

    def _get(self, url: str) -> bytes | None:
        """Return the content, None where there is none; tries again when the host is busy."""
        wait = 0.5
        for attempt in range(1, _TRIES + 1):
            try:
                response = self.client.get(url)
            except httpx.TransportError as error:
                if attempt == _TRIES:
                    raise SourceError(
                        f"{httpx.URL(url).host} cannot be reached; check the network, or pass a folder or zip as source"
                    ) from error
            else:
                if response.status_code == 404:
                    return None
                if response.status_code == 200:
                    return response.content
                if response.status_code not in {408, 425, 429} and response.status_code < 500:
                    raise SourceError(f"{url} answered {response.status_code}; the archive may have moved")
                wait = _retry_after(response) or wait
                if attempt == _TRIES:
                    raise SourceError(f"{httpx.URL(url).host} answered {response.status_code} {_TRIES} times; try again later")
            time.sleep(wait)
            wait = min(wait * 2, 30.0)
        raise AssertionError("the last try returns or raises")


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("retry-after", "")
    return min(float(value), 60.0) if value.isdigit() else None
