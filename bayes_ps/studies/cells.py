"""Cells of text as numbers: decimal commas, gaps, and what is no number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import nan

import numpy as np
import pandas as pd

from bayes_ps.checks import Array, StudyTableError
from bayes_ps.studies.raw import Cell, Trouble

GAPS = frozenset(
    ["", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "<NA>", "#N/A", "#NA"]
)
NOT_REPORTED = frozenset(["NR", "nr", "n.r.", "not reported", "Not reported", "-", "–", "—", "."])
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WHOLE = re.compile(r"[+-]?\d+")
_COMMA = re.compile(r"[-+−]?\d*,\d+")
_THOUSANDS = re.compile(r"[-+−]?[1-9]\d{0,2}(,\d{3})+")
_EXACT = 2.0**53  # beyond this a float cannot hold every whole number


def number(cell: Cell, decimal: str) -> float | None:
    """The number in a cell, NaN for a gap, None for text."""
    if not isinstance(cell, str):
        return float(cell)
    if cell in GAPS:
        return nan
    text = cell.replace("−", "-")  # the minus sign that journals print
    if decimal == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    return float(text) if _NUMBER.fullmatch(text) else None


def found_decimal(columns: Mapping[str, list[Cell]], numbers: Iterable[str]) -> str:
    """ "," if cells hold decimal commas and no number has a point, else ".".

    A comma before exactly three digits ("1,200") may be one of thousands, and decides nothing.
    """
    known = set(numbers)
    comma = point = False
    for name, cells in columns.items():
        texts = {cell for cell in set(cells) if isinstance(cell, str)} - GAPS
        numeric = name in known or all(
            _COMMA.fullmatch(text) or _NUMBER.fullmatch(text.replace("−", "-")) for text in texts
        )
        if numeric:
            comma |= any(_COMMA.fullmatch(t) and not _THOUSANDS.fullmatch(t) for t in texts)
            point |= any("." in t and _NUMBER.fullmatch(t.replace("−", "-")) for t in texts)
    return "," if comma and not point else "."


def read_numbers(
    cells: list[Cell], column: str, decimal: str
) -> tuple[Array, list[Trouble], list[str]]:
    """A column that must hold numbers: values, what is wrong with them, what was taken as a gap."""
    parsed = {cell: number(cell, decimal) for cell in set(cells)}
    gaps = [cell for cell, value in parsed.items() if value is None and cell in NOT_REPORTED]
    wrong = {cell for cell, value in parsed.items() if value is None} - set(gaps)
    values = np.array([nan if (v := parsed[c]) is None else v for c in cells], dtype=float)
    troubles = [
        Trouble(row, column, f"must be a number, but is {cell!r}{_hint(str(cell), decimal)}")
        for row, cell in enumerate(cells)
        if wrong and cell in wrong
    ]
    said = [f'Read "{gap}" in "{column}" as not reported.' for gap in sorted(map(str, gaps))]
    return values, troubles, said


def _hint(cell: str, decimal: str) -> str:
    if decimal == "." and _THOUSANDS.fullmatch(cell):
        return f' (write {cell.replace(",", "")}, or say decimal="," if the comma is decimal)'
    if decimal == "." and _COMMA.fullmatch(cell):
        return " (a decimal comma, but other numbers of the file have points)"
    if decimal == "," and _NUMBER.fullmatch(cell):
        return " (a decimal point, but other numbers of the file have commas)"
    if cell[:1] in "<>≤≥":
        return " (a bound is no value: give the exact value, or leave the cell empty)"
    if re.fullmatch(r".*\d.*[(±/].*\d.*", cell):
        return " (one number a cell: give each its own column)"
    return ""


def inferred(cells: list[Cell], decimal: str) -> pd.Series:
    """A column of any kind: whole numbers, numbers, yes or no, or text, whatever fits all cells."""
    distinct = set(cells)
    parsed = {cell: number(cell, decimal) for cell in distinct}
    if all(value is not None and not abs(value) >= _EXACT for value in parsed.values()):
        return pd.Series(tidy(np.array([parsed[cell] for cell in cells], dtype=float), distinct))
    if {str(cell).lower() for cell in distinct} <= {"true", "false"}:
        return pd.Series([str(cell).lower() == "true" for cell in cells])
    return text(cells)


def tidy(values: Array, distinct: set[Cell]) -> np.ndarray:
    """Whole numbers as integers, as pandas reads them, where every cell is one."""
    whole = all(
        isinstance(c, int) or (isinstance(c, str) and _WHOLE.fullmatch(c)) for c in distinct
    )
    return values.astype(np.int64) if whole and np.all(np.abs(values) < _EXACT) else values


def text(cells: list[Cell]) -> pd.Series:
    """A column of text; gaps are missing values."""
    return pd.Series([None if cell in GAPS else str(cell) for cell in cells], dtype="str")


def checked_decimal(decimal: str | None) -> str | None:
    """`decimal`, if it is one that can be read."""
    if decimal not in (None, ".", ","):
        raise StudyTableError(f'decimal must be "." or ",", but is {decimal!r}.')
    return decimal
