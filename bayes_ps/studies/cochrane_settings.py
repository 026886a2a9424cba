"""The overall-estimates-and-settings CSV: what a Cochrane review says of each analysis."""

from __future__ import annotations

from dataclasses import fields

import pandas as pd

from bayes_ps.checks import StudyTableError
from bayes_ps.studies.analysis_words import Settings, settings
from bayes_ps.studies.cells import GAPS
from bayes_ps.studies.cochrane_rows import analysis_labels, key
from bayes_ps.studies.data_types import CONTINUOUS, DICHOTOMOUS, INVERSE_VARIANCE, O_E
from bayes_ps.studies.raw import RawTable

KINDS = {
    "continuous": CONTINUOUS,
    "dichotomous": DICHOTOMOUS,
    "contrast level": INVERSE_VARIANCE,
    "generic inverse variance": INVERSE_VARIANCE,
    "o-e and variance": O_E,
}
CARRIED = {  # text of the file that is handed on as it stands
    "analysis group name": "comparison",
    "unit of effect measure": "unit",
    "heterogeneity estimator": "heterogeneity_estimator",
    "ci method": "ci_method",
    "study ci": "ci_level",
    "ci/pi level": "ci_level",
}


def analysis_settings(raw: RawTable) -> pd.DataFrame:
    """A row an analysis, by its label "1.2".

    Raises
    ------
    StudyTableError
        For a file without the columns, a broken row, or an analysis that stands twice.
    """
    if raw.troubles:
        raise StudyTableError(f"{raw.file}: {raw.troubles[0].said}. Download it again.")
    cells = {key(name): [_plain(c) for c in column] for name, column in raw.columns.items()}
    for needed in ("analysis group", "analysis number", "effect measure"):
        if needed not in cells:
            raise StudyTableError(
                f'{raw.file} has no column "{needed}". Give the file whose name ends in '
                f'"-overall-estimates-and-settings.csv" as overall=.'
            )
    empty = [""] * len(raw.rows)
    asked = ("effect measure", "statistical method", "analysis model", "swap event and non-event")
    stated = [
        settings(*words) for words in zip(*(cells.get(name, empty) for name in asked), strict=True)
    ]
    labels = analysis_labels(cells["analysis group"], cells["analysis number"])  # type: ignore[arg-type]
    table = pd.DataFrame(stated, index=labels)
    kinds = cells.get("data type", empty)
    table["stated_type"] = [KINDS.get(kind.lower(), "") for kind in kinds]
    for theirs, ours in CARRIED.items():
        if any(cells.get(theirs, [])):
            table[ours] = cells[theirs]
    twice = table.index[table.index.duplicated()]
    if len(twice):
        raise StudyTableError(f"{raw.file} has analysis {twice[0]} twice. Give one review a file.")
    return table


def with_settings(
    table: pd.DataFrame, analyses: pd.DataFrame | None, file: str
) -> tuple[pd.DataFrame, pd.Series]:
    """The rows with the settings of their analysis, and the kind of data that is stated for each.

    Raises
    ------
    StudyTableError
        If the rows are of several reviews, or no analysis is in both files.
    """
    if analyses is None:
        analyses = pd.DataFrame(columns=[*(f.name for f in fields(Settings)), "stated_type"])
    elif len(reviews := table["review"].unique()) > 1:
        raise StudyTableError(
            f"{file} holds {len(reviews)} reviews, but settings are of one. Read each review with "
            f"its own settings."
        )
    elif not table["analysis"].isin(analyses.index).any():
        raise StudyTableError(
            f"{file}: no analysis of the data rows is in the settings. Are both of one review?"
        )
    found = analyses.reindex(table["analysis"]).set_index(table.index)
    stated = found.pop("stated_type").fillna("").astype(object)
    found["swap_events"] = found["swap_events"].map(lambda said: said is True)
    for name in [name for name in found if name != "swap_events"]:
        found[name] = found[name].astype("str").fillna("")
    found["measure_stated"] = found["measure"] != ""
    return pd.concat([table, found], axis=1), stated


def _plain(cell: object) -> str:
    return "" if cell in GAPS else str(cell)
