"""A file appears whole or not at all: written beside its place, then renamed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bayes_ps.checks import BayesPSError


def checked_place(path: str | Path, *, force: bool) -> Path:
    """The path, if a file may be put there.

    Raises
    ------
    BayesPSError
        If its folder is missing or may not be written to, or something stands there already.
    """
    place = Path(path)
    folder = place.parent
    if not folder.is_dir():
        raise BayesPSError(
            f"There is no folder {str(folder)!r}. Make it: "
            f"Path({str(folder)!r}).mkdir(parents=True)."
        )
    if not os.access(folder, os.W_OK):
        raise BayesPSError(f"The folder {str(folder)!r} may not be written to. Choose another.")
    if place.is_dir():
        raise BayesPSError(f"{str(place)!r} is a folder. Name a file in it.")
    if place.exists() and not force:
        raise BayesPSError(
            f"{str(place)!r} is there already. Choose another name, or replace it by force=True."
        )
    return place


def place_file(path: str | Path, content: bytes, *, force: bool) -> Path:
    """Write `content` to `path` in one step: whoever looks sees the old file, or the whole new one.

    Raises
    ------
    BayesPSError
        As :func:`checked_place`, and if the disk is full; then nothing is left behind.
    """
    place = checked_place(path, force=force)
    written: str | None = None
    try:
        handle, written = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(written, _mode())
        os.replace(written, place)
    except BaseException as error:
        if written is not None:
            Path(written).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise BayesPSError(f"{str(place)!r} could not be written: {error}.") from error
        raise
    return place


def _mode() -> int:
    """That of any new file; mkstemp's is private."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
