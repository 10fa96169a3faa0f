"""FastF1 for the length of one load: with its own cache, from the hosts or from what stands in their place, without a word.

FastF1 keeps its requests, its cache and its log in globals of the process. Whoever uses it in the same notebook finds them
as they were. Nothing here signs in or asks for anything: a token that is stored is sent, to the official host alone.
"""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from fastf1.req import Cache
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.util import Retry

from f1nb import account
from f1nb.errors import SourceError
from f1nb.sources._hosts import mirror, mirrored

_OFFICIAL = "https://livetiming.formula1.com/"
_GLOBALS = (
    "_CACHE_DIR", "_IGNORE_VERSION", "_FORCE_RENEW", "_requests_session_cached", "_requests_session",
    "_http_tmp_disabled", "_func_tmp_disabled", "_ci_mode",
)  # fmt: skip
_SILENT = logging.CRITICAL + 1
_one_at_a_time = threading.Lock()


class Answers:
    """What the hosts answered, by the name of the file: the last part of its path.

    Parameters
    ----------
    report
        Called with the number of files that were answered.
    """

    def __init__(self, report: Callable[[int], None]) -> None:
        self._statuses: dict[str, set[int]] = {}
        self._report = report

    def note(self, response: requests.Response, *_: Any, **__: Any) -> None:
        """Remember a response; a hook of requests."""
        name = urlsplit(response.request.url or "").path.rsplit("/", 1)[-1]
        self._statuses.setdefault(name, set()).add(response.status_code)
        self._report(len(self._statuses))

    def state(self, name: str) -> str:
        """Return why a file is not at hand, as a state of ``data_sets``; ``available`` when it came."""
        statuses = self._statuses.get(name, set())
        if 200 in statuses:
            return "available"
        if statuses & {401, 403}:
            return "needs_sign_in"
        return "not_published" if statuses == {404} else "failed"  # its second host has less: that it lacks a file says nothing


class _FromTree(BaseAdapter):
    """Answers every request from the tree that stands in place of the hosts."""

    def __init__(self) -> None:
        super().__init__()
        retries = Retry(2, respect_retry_after_header=False)  # it would wait without a word, however long
        self._remote = HTTPAdapter(max_retries=retries)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Return the file, or 404."""
        place = mirrored(request.url or "")
        if "://" in place:
            moved = request.copy()
            moved.url = place
            return self._remote.send(moved, **kwargs)
        response = requests.Response()
        response.request, response.url, response.encoding = request, request.url or "", "utf-8"
        path = Path(unquote(place)).expanduser()
        response.status_code = 200 if path.is_file() else 404
        response.raw = BytesIO(path.read_bytes() if path.is_file() else b"")
        return response

    def close(self) -> None:
        """Close the connections."""
        self._remote.close()


class _WithToken(HTTPAdapter):
    """Sends the stored token along; FastF1's own adapter would sign in, and ask for a name and a password."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Send the request."""
        token = account.token()
        signed = request.copy()
        if token:
            signed.headers["Authorization"] = f"Bearer {token}"
        response = super().send(signed, **kwargs)
        response.request = request  # what is kept of it has no token in it
        return response


@contextmanager
def borrowed(cache: Path, report: Callable[[int], None]) -> Iterator[Answers]:
    """Have FastF1 to oneself inside of a ``with`` statement.

    Parameters
    ----------
    cache
        Folder that keeps what the hosts answered; a mirror is read where it is.
    report
        See `Answers`.
    """
    log = logging.getLogger("fastf1")
    answers = Answers(report)
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        level, before = log.level, {name: getattr(Cache, name) for name in _GLOBALS}
        log.setLevel(_SILENT)
        try:
            session = _tree() if mirror() else _hosts(cache)
            # its second cache, of parsed data, would keep a session as it was an hour after the race; and it ends the process
            here = {"_CACHE_DIR": str(cache), "_ci_mode": False, "_http_tmp_disabled": False, "_func_tmp_disabled": True}
            for name, value in here.items():
                setattr(Cache, name, value)
            session.hooks["response"].append(answers.note)
            with session:
                yield answers
        finally:
            log.setLevel(level)
            for name, value in before.items():
                setattr(Cache, name, value)


def _tree() -> requests.Session:
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, _FromTree())
    Cache._requests_session_cached, Cache._requests_session = None, session  # FastF1 has no setting for it
    return session


def _hosts(cache: Path) -> requests.Session:
    try:
        cache.mkdir(parents=True, exist_ok=True)
        Cache.configure(cache_dir=str(cache))
    except OSError as error:
        raise SourceError(f"cannot keep downloads in {cache}: {error.strerror}; set F1NB_HOME to another folder") from error
    session: Any = Cache._requests_session_cached
    session.mount(_OFFICIAL, _WithToken())
    return session
