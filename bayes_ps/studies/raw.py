"""A table of cells as the file has them, and the rows of it that are broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from bayes_ps.checks import StudyTableError

Cell = str | int | float
Row = list[Cell]


@dataclass(frozen=True)
class Trouble:
    """What is wrong with one row (from 0), in which column ("" for the row as a whole)."""

    row: int
    column: str
    said: str


@dataclass(frozen=True)
class RawTable:
    """Cells of text (a spreadsheet's numbers stay numbers), all rows as long as the header."""

    file: str
    names: tuple[str, ...]
    rows: list[Row]
    lines: list[int]
    notes: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()

    @cached_property
    def columns(self) -> dict[str, list[Cell]]:
        """The cells by column."""
        return dict(zip(self.names, map(list, zip(*self.rows, strict=True)), strict=True))


def tabulate(file: str, records: Iterable[tuple[int, Row]], notes: tuple[str, ...]) -> RawTable:
    """The table of records (line, cells) whose first one names the columns.

    Raises
    ------
    StudyTableError
        If there is no header or no row, if a column with data has no name (a merged header), if a
        name stands twice, or if every row is longer than the header.
    """
    kept = [(line, row) for line, row in records if any(row) or any(cell != "" for cell in row)]
    if not kept:
        raise StudyTableError(
            f"{file} is not a CSV table with a header line: No columns to parse from file. "
            f"The first line must name the columns."
        )
    header, body = [str(cell).strip() for cell in kept[0][1]], kept[1:]
    if not body:
        raise StudyTableError(f"{file} has a header line but no study.")
    while header[-1] == "" and all(row[len(header) - 1 :][:1] in ([], [""]) for _, row in body):
        header.pop()
    rows, troubles = _squared(file, len(header), body)
    names, keep, said = _named(file, header, rows)
    if len(keep) < len(header):
        rows = [[row[index] for index in keep] for row in rows]
    lines = [line for line, _ in body]
    return RawTable(file, names, rows, lines, (*notes, *said), troubles)


def _squared(
    file: str, width: int, body: list[tuple[int, Row]]
) -> tuple[list[Row], tuple[Trouble, ...]]:
    """Rows of the header's length: empty cells beyond it are cut, other misfits are troubles."""
    rows: list[Row] = []
    troubles = []
    for line, row in body:
        if len(row) != width:
            if len(row) < width or any(cell != "" for cell in row[width:]):
                said = f"Expected {width} fields in line {line}, saw {len(row)}"
                troubles.append(Trouble(len(rows), "", said))
            row = [*row[:width], *[""] * (width - len(row))]
        rows.append(row)
    if len(troubles) == len(body) and all(len(row) > width for _, row in body):
        raise StudyTableError(
            f"{file} is not a CSV table with a header line: Length of header or names does not "
            f"match the rows ({width} names, {len(body[0][1])} fields). Name every column."
        )
    return rows, tuple(troubles)


def _named(
    file: str, header: list[str], rows: list[Row]
) -> tuple[tuple[str, ...], list[int], list[str]]:
    """The names, which columns to keep, and what was done about those without a name."""
    empty = [i for i, name in enumerate(header) if name == ""]
    unnamed = [i for i in empty if any(row[i] != "" for row in rows)]
    said = []
    if unnamed and unnamed[0] == 0 and len(header) > 1 and "row" not in header:
        header = ["row", *header[1:]]
        said.append('The first column has no name; it is called "row".')
        unnamed = unnamed[1:]
    if unnamed:
        raise StudyTableError(
            f"{file}: column {unnamed[0] + 1} has no name. The first line must name every column "
            f"once: split merged cells of the header, and put titles out of the table."
        )
    keep = [i for i, name in enumerate(header) if name != ""]
    for i in keep:
        if header[i] in header[:i]:
            raise StudyTableError(
                f'{file}: the name "{header[i]}" stands over columns {header.index(header[i]) + 1} '
                f"and {i + 1}. Give each column a name of its own, for example "
                f'"{header[i]} intervention" and "{header[i]} control".'
            )
    return tuple(header[i] for i in keep), keep, said


def settled(
    raw: RawTable, troubles: Iterable[Trouble], on_bad: str, name_of: Callable[[int], str]
) -> tuple[list[int], tuple[str, ...]]:
    """The rows to keep and a sentence for each dropped one; raises unless dropping was asked for.

    Raises
    ------
    StudyTableError
        For the first trouble, with file, row, line, study and column.
    """
    listed = sorted(troubles, key=lambda trouble: trouble.row)
    if not listed:
        return list(range(len(raw.rows))), ()
    first: dict[int, Trouble] = {}
    for trouble in listed:
        first.setdefault(trouble.row, trouble)
    if on_bad == "raise":
        more = f" ({len(first) - 1} more rows like it)" if len(first) > 1 else ""
        raise StudyTableError(
            f"{raw.file}, {_place(raw, listed[0], name_of)}{listed[0].said}{more}. Correct the "
            f'file, or leave such rows out with on_bad="drop".'
        )
    keep = [row for row in range(len(raw.rows)) if row not in first]
    if not keep:
        raise StudyTableError(f"{raw.file} has no row that can be read: {listed[0].said}.")
    said = (f"Dropped {_place(raw, trouble, name_of)}{trouble.said}." for trouble in first.values())
    return keep, tuple(said)


def _place(raw: RawTable, trouble: Trouble, name_of: Callable[[int], str]) -> str:
    study = name_of(trouble.row)
    named = f' "{study}"' if study else ""
    column = f', column "{trouble.column}"' if trouble.column else ""
    return f"row {trouble.row + 1} (line {raw.lines[trouble.row]}){named}{column}: "
