"""Bundles: a stored session as one zip for others, and on its way to a store that others read."""

from __future__ import annotations

from pathlib import Path

from f1nb._manifest import Key
from f1nb.store import Store


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
