"""What can go wrong, in words that say what to do."""

from __future__ import annotations


class F1nbError(Exception):
    """A problem that the message explains, with its remedy. Commands and notebooks show it as one line, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class NotFoundError(F1nbError):
    """There is no such season, event, session or table here."""


class SourceError(F1nbError):
    """A source could not be read, or what it gave is damaged."""


class SignInError(SourceError):
    """The source wants a signed-in account, or has refused the one that is signed in."""


class StoreError(F1nbError):
    """The store could not be read or written, or a bundle in it is damaged."""
