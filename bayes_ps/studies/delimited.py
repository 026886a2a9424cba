"""Text files of cells: which encoding, which delimiter, and the table they give."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice

from bayes_ps.checks import StudyTableError
from bayes_ps.studies.raw import RawTable, Row, tabulate

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_LOOK = 2**16  # characters from which the delimiter is told
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_delimited(
    data: bytes, file: str, *, encoding: str | None = None, delimiter: str | None = None
) -> RawTable:
    """The table of a CSV file's bytes; what was found is the first of its notes.

    Raises
    ------
    StudyTableError
        If the bytes are not text in that encoding, the delimiter is not the file's, a quotation
        mark is never closed, or the table has no header (see :func:`bayes_ps.studies.raw.tabulate`)
    """
    text, found = _text(data, file, encoding)
    skipped = 0
    declared = re.match(r"sep=(.)\r?\n", text)  # a line that Excel writes and reads
    if declared:
        text, skipped = text[declared.end() :], 1
        delimiter = delimiter or declared.group(1)
    chosen = delimiter or _delimiter(text)
    _refuse_one_column(text, file, delimiter)
    named = DELIMITERS.get(chosen, repr(chosen))
    note = f"Read as {found} text, separated by {named}."
    return tabulate(file, _records(text, file, chosen, skipped), (note,))


def _records(text: str, file: str, delimiter: str, skipped: int) -> list[tuple[int, Row]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, Row]] = []
    try:
        for row in reader:
            records.append((reader.line_num + skipped, list(map(str.strip, row))))
    except csv.Error as error:
        after = records[-1][0] if records else 0
        raise StudyTableError(
            f"{file} is not a CSV table with a header line: after line {after}, {error}. Look for "
            f"a quotation mark that is not closed, or for a file that was cut off."
        ) from None
    return records


def _text(data: bytes, file: str, encoding: str | None) -> tuple[str, str]:
    if encoding is not None:
        return _decoded(data, file, encoding), encoding
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return _decoded(data, file, marked), marked
    if b"\x00" in data[:4096]:
        even, odd = data[0:4096:2].count(0), data[1:4096:2].count(0)
        if max(even, odd) < len(data[:4096]) / 8 or min(even, odd) > max(even, odd) / 8:
            raise StudyTableError(f"{file} is not text. Give a CSV file, or an .xlsx workbook.")
        guess = "utf-16-le" if odd > even else "utf-16-be"
        return _decoded(data, file, guess), guess
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decoded(data, file, "cp1252"), "cp1252"


def _decoded(data: bytes, file: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise StudyTableError(f"There is no encoding {encoding!r}. Use utf-8 or cp1252.") from None
    except UnicodeDecodeError as error:
        raise StudyTableError(
            f"{file} cannot be read as {encoding.upper()} text: {error}. Save it as UTF-8, or name "
            f'its encoding with encoding="…".'
        ) from None


def _head(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text[:_LOOK], newline=""), delimiter=delimiter)
    try:
        return [row for row in islice(reader, 20) if row]
    except csv.Error:
        return []


def _delimiter(text: str) -> str:
    """The one that gives the most columns; of equals, the one by which more rows agree."""

    def score(delimiter: str) -> tuple[int, int]:
        rows = _head(text, delimiter)
        width = len(rows[0]) if rows else 0
        return width, sum(len(row) == width for row in rows)

    return max(DELIMITERS, key=score)


def _refuse_one_column(text: str, file: str, delimiter: str | None) -> None:
    if delimiter is None:
        return
    own = _head(text, delimiter)
    better = _delimiter(text)
    width = len(_head(text, better)[0]) if _head(text, better) else 0
    if own and len(own[0]) == 1 and width > 1:
        raise StudyTableError(
            f"{file} has one column if {delimiter!r} separates the cells, but {width} with "
            f"{better!r}. Leave delimiter= out, or use delimiter={better!r}."
        )
