"""FILE as a table of studies, whatever it is: CSV, XLSX, Cochrane's data package, RevMan 5."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from bayes_ps.checks import StudyTableError

if TYPE_CHECKING:
    import pandas as pd

    from bayes_ps.studies import Studies

HEADER = ("Analysis group", "Analysis number")  # of Cochrane's data rows
LISTED = ["analysis", "outcome", "rows"]


def read(options: Namespace) -> tuple[Studies, bool]:
    """The table, and whether it is of a review: with analyses, of which one is to be named."""
    from bayes_ps.studies import read_cochrane, read_rm5, read_studies

    path = Path(options.file)
    columns = dict(pair(each, "--column", "mean_t=NAME") for each in options.columns)
    kind = _kind(path)
    if kind and (columns or options.sheet):
        raise StudyTableError(f"{path.name} is a {kind}: --column and --sheet are not for it.")
    if kind == "RevMan 5 file":
        return read_rm5(path), True
    if kind:
        return read_cochrane(path), True
    sheet = int(options.sheet) if (options.sheet or "").isdecimal() else options.sheet
    return read_studies(path, columns=columns, sheet=sheet), False


def chosen(table: pd.DataFrame, options: Namespace, *, review: bool) -> pd.DataFrame:
    """The rows that --analysis, --where, --subgroup and --drop choose.

    Raises
    ------
    StudyTableError
        If nothing is named or fits, with what there is.
    """
    rows = _of_analysis(table, options.analysis, review=review)
    wanted = [pair(each, "--where", "outcome='knee pain'") for each in options.where]
    if options.subgroup is not None:
        wanted.append(("subgroup", options.subgroup))
    for column, value in wanted:
        rows = _where(rows, column, value)
    for name in options.drop:
        kept = rows[rows["study"].astype(str).str.strip() != name.strip()]
        if len(kept) == len(rows):
            raise _nothing("study", name, list(rows["study"].astype(str)))
        rows = kept
    if not len(rows):
        raise StudyTableError("No row is left.")
    return rows


def pair(text: str, option: str, example: str) -> tuple[str, str]:
    """NAME=VALUE as two texts."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise StudyTableError(f"{option} is written as in {option} {example}, but is {text!r}.")
    return name.strip(), value.strip()


def _kind(path: Path) -> str:
    """What of Cochrane's it is; "" if nothing. A file that cannot be read is left to the reader."""
    try:
        data = path.read_bytes()
    except OSError:
        return ""
    if path.suffix.lower() == ".rm5":
        return "RevMan 5 file"
    packed = data.startswith(b"PK")
    if packed and (path.suffix.lower() == ".zip" or b"data-rows.csv" in data):
        return "Cochrane data package"
    first = data.split(b"\n", 1)[0]
    rows = not packed and all(name.encode() in first for name in HEADER)
    return "Cochrane data package" if rows else ""


def _of_analysis(table: pd.DataFrame, number: str | None, *, review: bool) -> pd.DataFrame:
    if not review:
        if number is not None:
            raise StudyTableError("--analysis is for reviews: this file has no analyses.")
        return table
    from bayes_ps.reviews import analyses

    listed = analyses(table)
    if number is None or number not in set(listed["analysis"].astype(str)):
        said = "Name one by --analysis" if number is None else f"There is no analysis {number!r}"
        have = [f"\n  {a}  {o} ({n} rows)" for a, o, n in listed[LISTED].to_numpy()]
        raise StudyTableError(f"{said}. The file has:{''.join(have)}")
    return table[table["analysis"].astype(str) == number]


def _where(rows: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    if column not in rows:
        raise _nothing("column", column, list(map(str, rows)))
    text = rows[column].astype(str).str.strip()
    kept = rows[[one == value or _same_number(one, value) for one in text]]
    if not len(kept):
        raise _nothing(f"{column!r} equal to", value, list(text))
    return kept


def _same_number(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _nothing(what: str, asked: str, there: Sequence[str]) -> StudyTableError:
    names = list(dict.fromkeys(there))
    near = get_close_matches(asked, names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    shown = "; ".join(names[:12]) + (" …" if len(names) > 12 else "")
    return StudyTableError(f"There is no {what} {asked!r}.{hint} Have: {shown}.")
