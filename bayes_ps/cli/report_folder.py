"""A folder that appears whole or not at all: written beside its place, then renamed."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bayes_ps.checks import BayesPSError
from bayes_ps.cli.exit_codes import NotWrittenError

RESULTS = "results.json"
FILES = "files"
"""The key of the results under which the files of the folder are listed."""


def checked_folder(path: str | Path, *, force: bool) -> Path:
    """The path of the folder, if it may be made, or replaced by `force`.

    Only a folder that this program wrote is replaced, and only if nothing else lies in it.

    Raises
    ------
    BayesPSError
        If something is there already, or the folder that it shall be in is not.
    NotWrittenError
        If that folder may not be written to.
    """
    place = Path(path).resolve()
    parent = place.parent
    if not parent.is_dir():
        raise BayesPSError(f"There is no folder {str(parent)!r}. Make it: mkdir -p '{parent}'.")
    if place == Path.cwd() or place == parent:
        raise BayesPSError(f"--out must name a folder of its own, such as {place / 'report'}.")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise NotWrittenError(
            f"The folder {str(parent)!r} may not be written to. Choose another --out."
        )
    if place.exists() and not place.is_dir():
        raise BayesPSError(f"{str(place)!r} is a file. Choose another --out.")
    if place.is_dir() and any(place.iterdir()):
        if not force:
            raise BayesPSError(
                f"{str(place)!r} is there already. Choose another --out, or replace it by --force."
            )
        _refuse_strangers(place)
    return place


@contextmanager
def whole_folder(path: str | Path, *, force: bool) -> Iterator[Path]:
    """A folder to write to, which takes its place at the end; if anything is raised, it is removed.

    Raises
    ------
    BayesPSError, NotWrittenError
        As :func:`checked_folder`; and NotWrittenError if the disk is full or fails.
    """
    place = checked_folder(path, force=force)
    part: Path | None = None
    try:
        part = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent))
        yield part
        part.chmod(0o777 & ~_mask())
        _take_place(part, place)
    except BaseException as error:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
        cause = error if isinstance(error, OSError) else error.__cause__
        if isinstance(cause, OSError):
            why = cause.strerror or str(cause)
            raise NotWrittenError(f"{str(place)!r} could not be written: {why}.") from cause
        raise


def _take_place(part: Path, place: Path) -> None:
    """Rename `part` to `place`; a folder that is there steps aside, and back if that fails."""
    if not place.exists():
        os.rename(part, place)
        return
    old = part.with_suffix(".old")
    os.rename(place, old)
    try:
        os.rename(part, place)
    except BaseException:
        os.rename(old, place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _refuse_strangers(place: Path) -> None:
    """Raise unless every file in the folder is one that its own results list."""
    try:
        listed = json.loads((place / RESULTS).read_text(encoding="utf-8"))[FILES]
        own = {place / str(name) for name in listed}
    except (OSError, ValueError, KeyError, TypeError):
        raise BayesPSError(
            f"{str(place)!r} was not written by bayes-ps analyse, so --force does not replace it. "
            f"Choose another --out."
        ) from None
    for file in sorted(place.rglob("*")):
        if not file.is_dir() and not own & {file, *file.parents}:
            raise BayesPSError(
                f"{str(place)!r} holds {file.relative_to(place)}, which bayes-ps did not write. "
                f"Move it, or choose another --out."
            )


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
