"""Read a table of studies from a CSV file or a workbook; errors name file, row and column."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from os import PathLike
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from bayes_ps.checks import StudyTableError
from bayes_ps.studies.cells import (
    checked_decimal,
    found_decimal,
    inferred,
    read_numbers,
    tidy,
)
from bayes_ps.studies.delimited import read_delimited
from bayes_ps.studies.raw import RawTable, settled
from bayes_ps.studies.spellings import guessed
from bayes_ps.studies.spreadsheet import read_spreadsheet
from bayes_ps.studies.studies import NUMBERS, Studies, remembering

OnBad = Literal["raise", "drop"]
_COCHRANE = {"Analysis group", "Analysis number", "Study", "CI start", "CI end"}


def read_studies(
    path: str | PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    on_bad: OnBad = "raise",
) -> Studies:
    """The table of a CSV file or an XLSX workbook, a row a comparison.

    Columns that can only mean one of ours are renamed ("SD control", "sd.c", "sd2i" are `sd_c`);
    all others keep their names. Every guess stands in ``table.notes``.

    Parameters
    ----------
    path : a CSV file (comma, semicolon or tab), or a workbook (.xlsx). The first line names the
        columns.
    columns : your names for ours, as in ``{"mean_t": "Experimental mean"}``; goes before guesses.
    sheet : name of the sheet, or its number from 0; the first one with data.
    encoding : found if not given: UTF-8, UTF-16, else Windows (cp1252).
    delimiter : found if not given.
    decimal : ``"."`` or ``","``; found if not given. Thousands must not be separated.
    on_bad : ``"raise"`` an error for the first row that cannot be read, or ``"drop"`` such rows;
        each is then listed in ``table.notes`` with its reason.

    Returns
    -------
    Studies
        A DataFrame with `source` and `notes`.

    Raises
    ------
    StudyTableError
        If there is no such file, or it is empty, cut off, not text or not one table; if a column
        of `columns` is missing; for text in a column of numbers. It names file, row and column.

    Notes
    -----
    `ai, bi, ci, di` give `n_t = ai + bi` and `n_c = ci + di`; `vi` gives `se` = √vi.
    Tests: ``tests/unit/test_reader.py``, ``tests/unit/test_readers_guesses.py``.
    """
    checked_on_bad(on_bad)
    checked_decimal(decimal)
    file = str(path)
    data = contents(path, "a CSV file")
    if _is_workbook(data, file):
        raw, kind = read_spreadsheet(data, file, sheet=sheet), "XLSX"
    else:
        raw, kind = read_delimited(data, file, encoding=encoding, delimiter=delimiter), "CSV"
    cells, names, said = _named(raw, columns or {})
    table, more = _settled(raw, cells, names, decimal=decimal, on_bad=on_bad)
    return remembering(table, f"{Path(path).name} ({kind})", (*raw.notes, *said, *more))


def contents(path: str | PathLike[str], kind: str) -> bytes:
    """The bytes of a file that must be there."""
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise StudyTableError(f"There is no file {path}. Give the path of {kind}.") from None
    except OSError as error:
        raise StudyTableError(f"{path} cannot be read: {error.strerror or error}.") from None


def checked_on_bad(on_bad: str) -> None:
    """Refuse an `on_bad` that does not exist."""
    if on_bad not in ("raise", "drop"):
        raise StudyTableError(f'on_bad must be "raise" or "drop", but is {on_bad!r}.')


def _is_workbook(data: bytes, file: str) -> bool:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise StudyTableError(f"{file} is an old .xls workbook. Save it as .xlsx or CSV.")
    if data.startswith(b"PK") and b"data-rows.csv" in data:
        raise StudyTableError(f"{file} is a Cochrane data package. Use bps.read_cochrane(path).")
    return data.startswith(b"PK") or file.lower().endswith((".xlsx", ".xlsm"))


def _named(
    raw: RawTable, columns: Mapping[str, str]
) -> tuple[dict[str, list], dict[str, str], list[str]]:
    """The cells under our names, {ours: theirs}, and the sentences about guesses."""
    cells = dict(raw.columns)
    for ours, theirs in columns.items():
        if theirs not in cells:
            near = get_close_matches(theirs, cells, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            raise StudyTableError(
                f"{raw.file}: There is no column {theirs!r} to read {ours!r} from.{hint} Have: "
                f"{', '.join(cells)}."
            )
    said = [f"Read '{theirs}' as {ours}, as declared." for ours, theirs in columns.items()]
    for ours in [o for o in columns if o in cells and o not in columns.values()]:
        said.append(f"Left out: the file's own '{ours}', because another column is declared.")
        del cells[ours]
    guesses: dict[str, str] = {}
    if cells.keys() >= _COCHRANE:
        said.append("These are data rows of a Cochrane review: bps.read_cochrane(path) knows them.")
    else:
        declared = set(columns.values())
        guesses, why = guessed([name for name in cells if name not in declared], columns)
        said += why
    names: dict[str, str] = {}
    for theirs in cells:
        declared_as = [ours for ours, meant in columns.items() if meant == theirs]
        names |= dict.fromkeys(declared_as or [guesses.get(theirs, theirs)], theirs)
    return {ours: cells[theirs] for ours, theirs in names.items()}, names, said


def _settled(
    raw: RawTable,
    cells: dict[str, list],
    theirs: dict[str, str],
    *,
    decimal: str | None,
    on_bad: OnBad,
) -> tuple[pd.DataFrame, list[str]]:
    """Numbers where numbers must be, anything elsewhere; bad rows raised or dropped."""
    mark = decimal or found_decimal(cells, NUMBERS & cells.keys())
    said = ["Numbers have decimal commas."] if mark == "," else []
    troubles = list(raw.troubles)
    for name in [name for name in cells if name in NUMBERS]:
        _, wrong, gaps = read_numbers(cells[name], theirs[name], mark)
        troubles += wrong
        said += gaps
    study = cells.get("study", [])
    keep, dropped = settled(raw, troubles, on_bad, lambda row: str(study[row]) if study else "")
    table = {}
    for name, column in cells.items():
        kept = [column[row] for row in keep]
        if name in NUMBERS:
            table[name] = pd.Series(tidy(read_numbers(kept, name, mark)[0], set(kept)))
        else:
            table[name] = inferred(kept, mark)
    frame = pd.DataFrame(table)
    return frame, [*said, *_computed(frame), *dropped]


def _computed(frame: pd.DataFrame) -> list[str]:
    """Columns that metafor's names imply: totals from the four cells, `se` from a variance."""
    said = []
    for total, events, others in (("n_t", "events_t", "bi"), ("n_c", "events_c", "di")):
        numeric = {events, others} <= set(frame) and frame[others].dtype.kind in "if"
        if numeric and total not in frame and "bi" in frame and "di" in frame:
            frame[total] = frame[events] + frame[others]
            said.append(f"Computed {total} = {events} + {others}.")
    variance = frame.get("vi")
    if variance is None or "estimate" not in frame or "se" in frame:
        return said
    if variance.dtype.kind in "if" and not (variance < 0).any():
        frame["se"] = np.sqrt(variance)
        said.append("Computed se as the square root of the variance 'vi'.")
    return said
