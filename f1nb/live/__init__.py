"""The live timing feed: what it says now, and the same tables as from a stored session, growing.

``f1nb.live()`` follows a session, see `f1nb.live.session.live`.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from f1nb.live.session import LiveSession


class _Live(ModuleType):
    """Makes ``f1nb.live()`` work although ``f1nb.live`` is a package: whichever is imported first, it is both."""

    def __call__(self, url: str | None = None) -> "LiveSession":
        from f1nb.live.session import live

        return live(url)


sys.modules[__name__].__class__ = _Live
