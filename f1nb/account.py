"""The F1 TV account that the official archive asks for: the sign-in that FastF1 stores on this machine, and how to get one.

Reading it needs no FastF1. Nothing here asks for a name or a password: they come from the caller or from ``F1_USERNAME`` and
``F1_PASSWORD``, and neither they nor the token stand in a message, a log or a repr.
"""

from __future__ import annotations

import json
import logging
import os
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from f1nb.errors import SignInError, SourceError

METHODS = ("password", "browser")
NO_FASTF1 = 'FastF1 is not installed; install it with: pip install "f1nb[fastf1]"'
_FORMAT = 1
_MARGIN_S = 300  # FastF1, too, takes a token for expired that is about to be


@dataclass(frozen=True, slots=True)
class Status:
    """Whether this machine is signed in, and for how long."""

    state: Literal["none", "valid", "expired"]
    expires_utc: datetime | None
    days_left: float
    method: str


@dataclass(frozen=True, slots=True)
class _Stored:
    value: str = field(repr=False)
    expires_s: float

    @property
    def is_valid(self) -> bool:
        return self.expires_s - _MARGIN_S > time.time()


def token() -> str | None:
    """Return the stored token while it is valid. Never signs in and never asks.

    Examples
    --------
    >>> import os
    >>> headers = {"Authorization": f"Bearer {token()}"} if token() else {}
    """
    stored = _stored()
    return stored.value if stored and stored.is_valid else None


def status() -> Status:
    """Return whether this machine is signed in.

    Examples
    --------
    >>> status().state in ("none", "valid", "expired")
    True
    """
    stored = _stored()
    if stored is None:
        return Status("none", None, 0.0, _method())
    return Status(
        "valid" if stored.is_valid else "expired",
        datetime.fromtimestamp(stored.expires_s, UTC),
        max(stored.expires_s - time.time(), 0.0) / 86400,
        _method(),
    )


def expired() -> SignInError | None:
    """Return what to say when the stored sign-in has expired, None when it has not."""
    known = status()
    if known.state != "expired":
        return None
    return SignInError(f"the sign-in expired on {known.expires_utc:%Y-%m-%d %H:%M} UTC; sign in again with: f1nb auth login")


def sign_in(method: str | None = None, *, username: str | None = None, password: str | None = None) -> Status:
    """Sign in and store the token for the next days.

    Parameters
    ----------
    method
        ``"password"`` or, with FastF1's browser add-on, ``"browser"``; by default what ``FASTF1_AUTH_METHOD`` says, else
        ``"password"``.
    username, password
        Of the account; by default ``F1_USERNAME`` and ``F1_PASSWORD``.

    Raises
    ------
    SignInError
        When they are missing or refused, or the account's host cannot be reached.
    SourceError
        When FastF1 is not installed.
    """
    method = _method(method)
    username = username or os.environ.get("F1_USERNAME")
    password = password or os.environ.get("F1_PASSWORD")
    if method == "password" and not (username and password):
        raise SignInError("no name and password; set F1_USERNAME and F1_PASSWORD, or run f1nb auth login in a terminal")
    try:
        import requests
        from fastf1.exceptions import F1AuthError
        from fastf1.internals.f1account.browser import login_browser
        from fastf1.internals.f1account.login import login
        from fastf1.internals.f1account.tokens import TokenManager
    except ImportError:
        raise SourceError(NO_FASTF1) from None
    log = logging.getLogger("fastf1")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        new = login(username or "", password or "") if method == "password" else login_browser()
        TokenManager(login_browser, _path()).store(new)
    except F1AuthError as error:
        if isinstance(error.__cause__, requests.RequestException):
            raise SignInError("the account's host does not answer; check the network, then try again") from None
        said = str(error).rstrip(".")
        if any(secret and secret in said for secret in (username, password)):
            said = "the name or the password was refused"
        raise SignInError(f"the sign-in failed: {said}; check the account, then try again") from None
    except (requests.RequestException, ValueError):
        raise SignInError("the account's host answered with something else than expected; try again later") from None
    except OSError as error:
        raise SignInError(f"the sign-in cannot be kept in {_path().parent} ({error.strerror}); make room there") from None
    finally:
        log.setLevel(level)
    return status()


def sign_out() -> None:
    """Remove the stored token."""
    _path().unlink(missing_ok=True)


def _method(given: str | None = None) -> str:
    method = given or os.environ.get("FASTF1_AUTH_METHOD") or METHODS[0]
    if method not in METHODS:
        raise SignInError(f"there is no sign-in method {method!r}; it is one of {', '.join(METHODS)}")
    return method


def _path() -> Path:
    """Return where FastF1 stores the token."""
    from platformdirs import user_data_path

    return user_data_path("fastf1") / "f1auth_token.json"


def _stored() -> _Stored | None:
    """Return the token of FastF1's file, None where there is none or the file is damaged."""
    try:
        match json.loads(_path().read_bytes()):
            case {"version": version, "value": str(value), "expires_at": int() | float() as expires_s} if (
                version == _FORMAT and re.fullmatch(r"[\w.~+/=-]+", value, re.ASCII) and 0 < expires_s < 1e11
            ):
                return _Stored(value, float(expires_s))
    except (OSError, ValueError):
        pass
    return None
