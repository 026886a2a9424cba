"""The data-rows CSV of a Cochrane data package as a table, each number under our name."""

from __future__ import annotations

from pathlib import PurePath

import numpy as np
import pandas as pd

from bayes_ps.checks import StudyTableError
from bayes_ps.studies.cells import GAPS, found_decimal, inferred, read_numbers, text
from bayes_ps.studies.raw import Cell, RawTable, Trouble, settled
from bayes_ps.studies.risk_of_bias import domain_of_column, judgements

DATA_ROWS = "-data-rows.csv"
NUMBERS = {
    "experimental mean": "mean_t", "experimental sd": "sd_t", "experimental cases": "events_t",
    "experimental n": "n_t", "control mean": "mean_c", "control sd": "sd_c",
    "control cases": "events_c", "control n": "n_c", "giv mean": "estimate", "giv se": "se",
    "o-e": "o_e", "variance": "v", "weight": "weight", "mean": "published",
    "ci start": "published_low", "ci end": "published_high",
}  # fmt: skip
TEXTS = {
    "study": "study", "analysis name": "outcome", "subgroup": "subgroup",
    "applicability": "applicability", "footnotes": "footnotes", "review_doi": "review",
}  # fmt: skip
NEEDED = ("Analysis group", "Analysis number", "Study", "Mean", "CI start", "CI end")
ORDER = (
    "review", "comparison", "analysis", "outcome", "subgroup", "study", "year", "data_type",
    "events_t", "n_t", "mean_t", "sd_t", "events_c", "n_c", "mean_c", "sd_c",
    "estimate", "se", "o_e", "v", "published", "published_low", "published_high", "weight",
    "applicability", "footnotes",
)  # fmt: skip
ENDLESS = frozenset(["Infinity", "-Infinity", "∞", "-∞"])


def data_rows(raw: RawTable, on_bad: str) -> tuple[pd.DataFrame, list[str]]:
    """All columns of the file, ours under our names; every number of :data:`NUMBERS` is there.

    Raises
    ------
    StudyTableError
        For a missing column, text in a number, or a row without study or analysis.
    """
    cells = raw.columns
    by_key = {key(name): name for name in cells}
    missing = [name for name in NEEDED if key(name) not in by_key]
    if missing:
        raise StudyTableError(
            f'{raw.file} has no column "{missing[0]}", so it is not the data-rows CSV of a '
            f"Cochrane data package. It has: {', '.join(raw.names[:12])}. Give the file whose name "
            f'ends in "{DATA_ROWS}", or use bps.read_studies(path).'
        )
    troubles = list(raw.troubles)
    values: dict[str, np.ndarray] = {}
    numeric = {by_key[name]: cells[by_key[name]] for name in NUMBERS if name in by_key}
    decimal = found_decimal(numeric, numeric)
    for spelled, ours in NUMBERS.items():
        theirs = by_key.get(spelled)
        column: list[Cell] = cells[theirs] if theirs else [""] * len(raw.rows)
        if ours.startswith("published"):  # an interval without end is none
            column = ["" if cell in ENDLESS else cell for cell in column]
        values[ours], wrong, _ = read_numbers(column, theirs or ours, decimal)
        troubles += wrong
    study = cells[by_key["study"]]
    group, number = cells[by_key["analysis group"]], cells[by_key["analysis number"]]
    for name, column in (("Study", study), ("Analysis group", group), ("Analysis number", number)):
        empty = [row for row, cell in enumerate(column) if cell in GAPS]
        troubles += [Trouble(row, name, "must be filled, but is empty") for row in empty]
    keep, dropped = settled(raw, troubles, on_bad, lambda row: str(study[row]))
    table = pd.DataFrame(values)
    nothing = (table[["published", "published_low", "published_high"]] == 0).all(axis=1)
    table.loc[nothing, ["published", "published_low", "published_high"]] = np.nan
    table["analysis"] = analysis_labels(group, number)
    table = _with_texts(table, raw, by_key).iloc[keep].reset_index(drop=True)
    return table, list(dropped)


def _with_texts(table: pd.DataFrame, raw: RawTable, by_key: dict[str, str]) -> pd.DataFrame:
    cells = raw.columns
    for spelled, ours in TEXTS.items():
        if spelled in by_key:
            table[ours] = text(cells[by_key[spelled]])
    named = PurePath(raw.file.split(", ")[-1]).name.removesuffix(DATA_ROWS)
    table["review"] = table["review"].fillna(named) if "review" in table else named
    if "study year" in by_key:
        table["year"] = inferred(cells[by_key["study year"]], ".")
    for ours, column in judgements(cells).items():
        table[ours] = pd.Series(column, dtype="str")
    known = {*NUMBERS, *TEXTS, "study year", "analysis group", "analysis number"}
    for name in [name for name in raw.names if key(name) not in known]:
        if domain_of_column(name) is None:
            table[name] = inferred(cells[name], ".")
    return table


def analysis_labels(group: list[Cell], number: list[Cell]) -> list[str]:
    """ "1.2" for analysis 2 of group 1."""
    pairs = list(zip(group, number, strict=True))
    labels = {pair: ".".join(str(cell).removesuffix(".0") for cell in pair) for pair in set(pairs)}
    return [labels[pair] for pair in pairs]


def key(name: str) -> str:
    """How a column is recognised: letters of any case, single spaces."""
    return " ".join(name.lower().split())


def arranged(table: pd.DataFrame) -> pd.DataFrame:
    """Our columns in their order, without those the file has nothing for; then the others."""
    ours = [name for name in ORDER if name in table]
    kept = [n for n in ours if table[n].notna().any() or n.startswith("published")]
    return table[[*kept, *(name for name in table if name not in ORDER)]]
