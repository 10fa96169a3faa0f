"""Bundles: a stored session as one zip for others, and on its way to a store that others read."""

from __future__ import annotations

import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from f1nb._disk import explained, replace
from f1nb._manifest import MANIFEST, Key, checked, key_of, manifest_bytes, parse_manifest
from f1nb._remote import reason, without_secrets
from f1nb.errors import StoreError
from f1nb.store import Store

_ANOTHER = "get another one from whoever made it"
_LARGEST_MANIFEST = 1 << 20


def push(key: Key, source: Store, target: str | Path | Store) -> bool:
    """Put a stored session into another store: a folder, or any address that fsspec can write (``s3://bucket/f1``).

    Data files go first and the manifest last, which commits the session, so readers see the old bundle or the new one. Files
    that are there under the same hash are not sent again: a push that was cut off goes on where it was, and one of what is
    there already does nothing.

    Several machines may push to one address. Of two that push the same session at the same time the last one wins, whole. No
    file there is ever removed, since another's push or a reader may be about to need it. The index that spares readers a
    request for each session is only a shortcut: whatever it says, what is listed is what is there.

    Parameters
    ----------
    key
        Which session.
    source
        The store that has it.
    target
        The store that is to have it. What it needs to sign in comes from the environment, e.g. ``AWS_PROFILE`` or
        ``AWS_ACCESS_KEY_ID`` and ``AWS_ENDPOINT_URL``.

    Returns
    -------
    whether anything had to be written

    Raises
    ------
    NotFoundError
        When the source does not have the session.
    StoreError
        When a file of it is damaged, or the target cannot be written.

    Examples
    --------
    >>> import tempfile, f1nb
    >>> source = Store(tempfile.mkdtemp())
    >>> key = source.write(f1nb.simulate(laps=2, cars=3))
    >>> team = tempfile.mkdtemp()
    >>> push(key, source, team), push(key, source, team)
    (True, False)
    """
    target = target if isinstance(target, Store) else Store(target)
    return target.adopt(source.manifest(key), lambda entry: source.content(key, entry))


def export(key: Key, path: str | Path | None = None, *, store: Store | None = None) -> Path:
    """Write a stored session as a bundle: one zip, the same bytes for the same session.

    A bundle is laid out like a store, so it can be read in place too: ``Store("zip://::2025-dutch-grand-prix-R.zip")``.

    Parameters
    ----------
    key
        Which session.
    path
        Where to; by default a file named after the session, in this folder.
    store
        The store that has it, by default this machine's.

    Returns
    -------
    path of the file

    Raises
    ------
    NotFoundError, StoreError
        When the session is not there, a file of it is damaged, or the bundle cannot be written.

    Examples
    --------
    >>> import tempfile, f1nb
    >>> store = Store(tempfile.mkdtemp())
    >>> key = store.write(f1nb.simulate(laps=2, cars=3))
    >>> bundle = export(key, f"{tempfile.mkdtemp()}/race.zip", store=store)
    >>> import_bundle(bundle, store=Store(tempfile.mkdtemp()))
    Key(year=2026, event='Simulated Grand Prix', session='R')
    """
    store = store or Store()
    manifest = store.manifest(key)
    files = {MANIFEST: manifest_bytes(manifest)}
    files |= {entry["file"]: store.content(key, entry) for entry in manifest["files"].values()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as bundle:  # Parquet is packed already
        for name, content in files.items():
            bundle.writestr(zipfile.ZipInfo(f"{key.path}/{name}"), content)
    path = Path(path or f"{key.path.replace('/', '-')}.zip")
    with explained(path.parent, "give another place with --out"):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, packed.getvalue())
    return path


def import_bundle(path: str | Path, *, store: Store | None = None) -> Key:
    """Put a bundle into a store; what is there of the same session is replaced.

    Every file is compared with its hash before any is kept: a bundle comes in whole or not at all.

    Parameters
    ----------
    path
        A file, or an address that fsspec can read (``https://…``, ``s3://…``).
    store
        By default this machine's.

    Returns
    -------
    key of the session

    Raises
    ------
    StoreError
        When it cannot be read, is no bundle, is damaged, or cannot be stored.
    """
    manifest, contents = _whole(path)
    (store or Store()).adopt(manifest, lambda entry: contents[entry["file"]])
    return key_of(manifest)


def verify_bundle(path: str | Path) -> Key:
    """Read a bundle as `import_bundle` does, and keep nothing.

    Raises
    ------
    StoreError
        When it cannot be read, is no bundle, or is damaged.
    """
    manifest, _ = _whole(path)
    return key_of(manifest)


def _whole(path: str | Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the manifest and the files of a bundle, all compared with their hashes."""
    name = without_secrets(str(path))
    with _fetched(str(path), name) as file:
        try:
            with zipfile.ZipFile(file) as bundle:
                return _read(bundle, name)
        except StoreError:
            raise
        except Exception as error:  # a damaged zip ends in any of a dozen
            raise StoreError(f"{name} is no complete zip; {_ANOTHER}") from error


@contextmanager
def _fetched(path: str, name: str) -> Iterator[Path]:
    """Give the file, from an address as a temporary copy."""
    if "://" not in path:
        file = Path(path).expanduser()
        if not file.is_file():
            raise StoreError(f"there is no file {name!r}")
        yield file
        return
    import fsspec

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "bundle.zip"
        try:
            with fsspec.open(path, "rb") as there, copy.open("wb") as here:
                shutil.copyfileobj(there, here)  # pyright: ignore[reportArgumentType]
        # without the causes: a traceback would show the address with what is secret in it
        except FileNotFoundError:  # of a host that does not answer, too
            raise StoreError(
                f"{name} cannot be read: it is not there, or its host does not answer; check the address and the network"
            ) from None
        except Exception as error:  # noqa: BLE001 - each of fsspec's file systems has its own
            raise StoreError(f"{name} cannot be read ({reason(error, path)}); check the address and the network") from None
        yield copy


def _read(bundle: zipfile.ZipFile, name: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what is in a bundle if it is nothing but one whole session."""
    members = [member for member in bundle.infolist() if not member.is_dir()]
    if any(member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1 for member in members):
        raise StoreError(f"{name} is packed in another way than f1nb does; have it made with: f1nb bundle export")
    manifests = [member for member in members if member.filename.rpartition("/")[2] == MANIFEST]
    if len(manifests) != 1 or manifests[0].file_size > _LARGEST_MANIFEST:
        raise StoreError(f"{name} is no bundle of a session; make one with: f1nb bundle export")
    place = manifests[0].filename
    manifest = parse_manifest(bundle.read(manifests[0]), place, f"it came in {name}; {_ANOTHER}")
    folder = place.removesuffix(MANIFEST)
    entries = {folder + entry["file"]: entry for entry in manifest["files"].values()}
    found = [member.filename for member in members if member.filename != place]
    for foreign in set(found) - set(entries):
        raise StoreError(f"{name} holds {foreign!r}, which its manifest does not name; {_ANOTHER}")
    for lacking in set(entries) - set(found):
        raise StoreError(f"{name} lacks {lacking}; {_ANOTHER}")
    if len(found) > len(entries):
        raise StoreError(f"{name} holds a file twice; {_ANOTHER}")
    return manifest, {entry["file"]: checked(bundle.read(at), entry, name, _ANOTHER) for at, entry in entries.items()}
