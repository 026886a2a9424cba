"""Zip archives, read in memory and within limits: nothing is written, no member climbs out."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

from bayes_ps.checks import StudyTableError

LIMIT = 256 * 2**20  # bytes of all members together: a review's package has less than a hundredth
MEMBERS = 10_000
_BROKEN = (  # what zipfile and its decompressors raise for damaged, encrypted or unknown members
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError,
    ValueError, OverflowError,
)  # fmt: skip


def opened(data: bytes, file: str) -> zipfile.ZipFile:
    """The archive in these bytes.

    Raises
    ------
    StudyTableError
        If it is cut off, names a member outside its own folder, or would inflate beyond
        256 MB or 10 000 members.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as error:
        raise StudyTableError(
            f"{file} is not a whole zip archive: {error}. Download or save it again."
        ) from None
    members = archive.infolist()
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or member.filename[1:2] == ":":
            raise StudyTableError(
                f'{file} has a member "{member.filename}" outside its own folder. Do not trust it.'
            )
    size = sum(member.file_size for member in members)
    if size > LIMIT or len(members) > MEMBERS:
        raise StudyTableError(
            f"{file} would inflate to {len(members)} members of {size / 2**20:.0f} MB; at most "
            f"{MEMBERS} of {LIMIT / 2**20:.0f} MB are read. Unpack it and give the CSV file."
        )
    return archive


def member(archive: zipfile.ZipFile, name: str, file: str) -> bytes:
    """The bytes of one member.

    Raises
    ------
    StudyTableError
        If the member is damaged, encrypted or larger than it says.
    """
    try:
        with archive.open(name) as stream:
            data = stream.read(LIMIT + 1)
    except _BROKEN as error:
        raise StudyTableError(f'{file}: "{name}" cannot be unpacked: {error}.') from None
    if len(data) > LIMIT:
        raise StudyTableError(f'{file}: "{name}" inflates beyond {LIMIT / 2**20:.0f} MB.')
    return data
