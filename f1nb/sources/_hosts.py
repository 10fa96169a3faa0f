"""Where a host's files are read from: the host itself, or the tree that ``F1NB_ARCHIVE`` names in place of all hosts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from urllib.parse import unquote

from f1nb.errors import SourceError
from f1nb.sources._files import Files, FolderFiles


def mirror() -> str | None:
    """Return the folder or address that stands in place of the hosts, None where the hosts themselves are asked."""
    tree = os.environ.get("F1NB_ARCHIVE") or None
    if tree and "://" not in tree and not Path(tree).expanduser().is_dir():
        raise SourceError(f"F1NB_ARCHIVE names {tree}, and there is no such folder; give another or an address, or unset it")
    return tree


def mirrored(address: str) -> str:
    """Return where what is at this address is read from: the address, or its place in the mirror, laid out ``host/path``.

    Examples
    --------
    >>> mirrored("https://api.jolpi.ca/ergast/f1/2025.json")
    'https://api.jolpi.ca/ergast/f1/2025.json'
    """
    tree = mirror()
    if tree is None:
        return address
    path = address.split("://", 1)[-1]
    return f"{tree.rstrip('/')}/{path if '://' in tree else unquote(path)}"  # in a folder names have no percent signs


def files_at(address: str, copies: Path, *, headers: Mapping[str, str] | None = None) -> AbstractContextManager[Files]:
    """Return the files below an address of a host, to be used in a ``with`` statement.

    Parameters
    ----------
    address
        Where the host has them, ``https://host/path``.
    copies
        Local folder that keeps what was fetched until the session is complete.
    headers
        Sent to the host itself, never to a mirror: a token is for nobody else.
    """
    place = mirrored(address)
    if "://" not in place:
        return nullcontext(FolderFiles(Path(place).expanduser()))
    from f1nb.sources._http import HttpFiles

    return HttpFiles(place, copies, headers=headers if place == address else None)
