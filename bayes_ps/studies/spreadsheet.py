"""XLSX workbooks: one sheet as a table of cells."""

from __future__ import annotations

import io
import warnings
from datetime import date, time
from typing import Any

from bayes_ps.checks import StudyTableError
from bayes_ps.studies.package import opened
from bayes_ps.studies.raw import Cell, RawTable, Row, tabulate


def read_spreadsheet(data: bytes, file: str, *, sheet: str | int | None = None) -> RawTable:
    """The table of one sheet, by name or by number from 0; without either, the first with data.

    Raises
    ------
    StudyTableError
        If the file is not a whole workbook, there is no such sheet or nothing in it, cells of the
        header are merged, or a formula has no stored value.
    """
    from openpyxl import load_workbook

    opened(data, file)  # a truncated or inflated file is refused before it is read
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of styles that openpyxl does not know
            values = load_workbook(io.BytesIO(data), data_only=True)
            formulas = load_workbook(io.BytesIO(data))
    except Exception as error:  # openpyxl raises whatever the broken part happens to raise
        why = str(error) or type(error).__name__
        raise StudyTableError(
            f"{file} is not a workbook that can be read: {why}. Save it as .xlsx or CSV again."
        ) from None
    page = _sheet(values, file, sheet)
    _refuse_merged_header(page, file)
    said = [f'Read sheet "{page.title}".']
    others = [other.title for other in values.worksheets if other is not page and _filled(other)]
    if others:
        said.append(f"Not read: {', '.join(f'sheet "{name}"' for name in others)}.")
    records = _records(page, formulas[page.title], f'{file}, sheet "{page.title}"')
    return tabulate(f'{file}, sheet "{page.title}"', records, tuple(said))


def _sheet(book: Any, file: str, sheet: str | int | None) -> Any:
    pages = book.worksheets
    names = ", ".join(f'"{page.title}"' for page in pages)
    if sheet is None:
        filled = [page for page in pages if _filled(page)]
        if not filled:
            raise StudyTableError(f"{file} has nothing in its sheets {names}.")
        return filled[0]
    for index, page in enumerate(pages):
        if sheet in (page.title, index):
            if not _filled(page):
                raise StudyTableError(f'{file}: sheet "{page.title}" is empty. Sheets: {names}.')
            return page
    raise StudyTableError(f"{file} has no sheet {sheet!r}. Its sheets are {names}.")


def _filled(page: Any) -> bool:
    return any(cell is not None for row in page.iter_rows(values_only=True) for cell in row)


def _refuse_merged_header(page: Any, file: str) -> None:
    first = next(row[0].row for row in page.iter_rows() if any(c.value is not None for c in row))
    for merged in page.merged_cells.ranges:
        if merged.min_row <= first <= merged.max_row:
            raise StudyTableError(
                f'{file}, sheet "{page.title}": the cells {merged.coord} of the header are merged. '
                f'Split them, and give each column its own name, such as "mean intervention".'
            )


def _records(page: Any, formulas: Any, file: str) -> list[tuple[int, Row]]:
    records = []
    for row, asked in zip(page.iter_rows(), formulas.iter_rows(), strict=True):
        for cell, formula in zip(row, asked, strict=True):
            if cell.value is None and isinstance(formula.value, str) and formula.value[:1] == "=":
                raise StudyTableError(
                    f"{file}, cell {cell.coordinate}: the formula {formula.value} has no stored "
                    f"value. Open the workbook, let it calculate, and save it."
                )
        records.append((row[0].row, [_cell(cell.value) for cell in row]))
    return records


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, (date, time)):
        return f"{value.isoformat()} (a date, perhaps made of a number by the spreadsheet)"
    return str(value).strip()
