"""What a session is called in a store, and the manifest that commits its files there."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from f1nb._disk import digest
from f1nb.errors import StoreError
from f1nb.schema import SESSIONS

FORMAT = 2
MANIFEST = "manifest.json"


def slug(name: str) -> str:
    """Return a name as it stands in a path.

    Examples
    --------
    >>> slug("São Paulo Grand Prix")
    'sao-paulo-grand-prix'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@dataclass(frozen=True, slots=True)
class Key:
    """What a session is called in the store."""

    year: int
    event: str
    session: str

    @property
    def path(self) -> str:
        """Folder below the root."""
        return f"{self.year}/{slug(self.event)}/{self.session}"

    def __str__(self) -> str:
        return f"{self.year} {self.event} {self.session}"


def parse_manifest(content: bytes, path: str, remedy: str = "load the session again with --force") -> dict[str, Any]:
    """Return a manifest that has all that is read of it, each of its type, and is that of the session of its folder."""
    try:
        manifest = orjson.loads(content)
    except orjson.JSONDecodeError:
        manifest = None
    match manifest:
        case {"format": int(number)} if number != FORMAT:
            raise StoreError(f"{path} has format {number}, this version reads {FORMAT}; {remedy}")
        case {
            "format": int(),
            "created_utc": str(),
            "source": str() | None,
            "bytes": int(),
            "info": {"year": int(year), "event": str(event), "session": str(session), **more},
            "files": {**files},
        } if (
            session in SESSIONS
            and f"{Key(year, event, session).path}/{MANIFEST}" == path
            and isinstance(more.get("start_utc") or "", str)
            and slug(event)
            and all(is_entry(table, entry) for table, entry in files.items())
        ):
            return manifest
    raise StoreError(f"{path} is damaged; {remedy}")


def key_of(manifest: Mapping[str, Any]) -> Key:
    """Return the session that a manifest is of."""
    info = manifest["info"]
    return Key(info["year"], info["event"], info["session"])


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Return a manifest as it is written, the same for the same manifest."""
    return orjson.dumps(manifest, option=orjson.OPT_INDENT_2)


def is_entry(table: str, entry: object) -> bool:
    """Return whether this is what a manifest says of a table's file. A name with a slash would be a way out of the folder."""
    match entry:
        case {"file": str(file), "sha256": str(sha256), "bytes": int()}:
            known = re.fullmatch(r"[a-z_]+", table) and re.fullmatch(r"[0-9a-f]{64}", sha256)
            return bool(known) and file == f"{table}-{sha256[:12]}.parquet"
    return False


def checked(content: bytes | None, entry: Mapping[str, Any], whose: str, remedy: str) -> bytes:
    """Return the content of a file if it is what the manifest says.

    Raises
    ------
    StoreError
        When it is missing or differs.
    """
    if content is None:
        why = "it is missing"
    elif len(content) != entry["bytes"]:
        why = f"{entry['bytes']:,} bytes expected, {len(content):,} found"
    elif hashlib.sha256(content).hexdigest() != entry["sha256"]:
        why = "its content does not match its hash"
    else:
        return content
    raise StoreError(f"{entry['file']} of {whose} is damaged ({why}); {remedy}")


def is_file_of(path: Path, entry: Mapping[str, Any], *, check: bool = True) -> bool:
    """Return whether the file is there in full and, if that is to be checked, is what the manifest says."""
    with suppress(OSError):
        return path.stat().st_size == entry["bytes"] and (not check or digest(path) == entry["sha256"])
    return False
