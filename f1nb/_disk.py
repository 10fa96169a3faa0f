"""What f1nb keeps on this machine: where, how a file is put there in one step, and what is said when it cannot be."""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from f1nb.errors import StoreError

_REASONS = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "the quota is used up; free some space",
    errno.EFBIG: "files of this size are not allowed; raise the limit",
    errno.EROFS: "it is read-only",
    errno.EACCES: "it may not be written",
    errno.EPERM: "it may not be written",
}


def home() -> Path:
    """Return the folder of everything that f1nb keeps: ``F1NB_HOME``, by default the user's data folder."""
    from platformdirs import user_data_path

    return Path(os.environ.get("F1NB_HOME") or user_data_path("f1nb"))


@contextmanager
def explained(folder: Path, otherwise: str = "set F1NB_HOME to another folder") -> Iterator[None]:
    """Turn what the system says about a full or read-only disk into a sentence with the remedy."""
    try:
        yield
    except OSError as error:
        why = _REASONS.get(error.errno or 0, f"{error.strerror or error}; check the place")
        raise StoreError(f"cannot write to {folder}: {why}, or {otherwise}") from error


def replace(path: Path, content: bytes) -> None:
    """Put the content at the path in one step, and on the disk before anything else is told of it."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
