"""`read_cochrane`: Cochrane's analysis data package, or the CSV files that are in it."""

from __future__ import annotations

from os import PathLike
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

import pandas as pd

from bayes_ps.checks import StudyTableError
from bayes_ps.studies.cochrane_rows import DATA_ROWS, arranged, data_rows
from bayes_ps.studies.cochrane_settings import analysis_settings, with_settings
from bayes_ps.studies.data_types import DICHOTOMOUS, data_type, only_what_applies
from bayes_ps.studies.delimited import read_delimited
from bayes_ps.studies.package import member, opened
from bayes_ps.studies.raw import RawTable
from bayes_ps.studies.reader import OnBad, checked_on_bad, contents
from bayes_ps.studies.risk_of_bias import judgements
from bayes_ps.studies.studies import Studies, remembering

SETTINGS, RISK_OF_BIAS = "-overall-estimates-and-settings.csv", "-risk-of-bias.csv"


def read_cochrane(
    path: str | PathLike[str],
    *,
    overall: str | PathLike[str] | None = None,
    on_bad: OnBad = "raise",
) -> Studies:
    """The rows of a Cochrane review's data package, a row a study in an analysis.

    The package is what the Cochrane Library offers as "Download statistical data", or RevMan
    exports: a zip with "…-data-rows.csv", "…-overall-estimates-and-settings.csv" and, in reviews
    with RoB 1, "…-risk-of-bias.csv". The data rows alone can be read too.

    Parameters
    ----------
    path : the zip, or the data-rows CSV.
    overall : the overall-estimates-and-settings CSV that belongs to a data-rows CSV. Only there
        does the format say measure, pooling and model; without it these columns are empty.
    on_bad : ``"raise"`` an error for the first row that cannot be read, or ``"drop"`` such rows;
        each is then listed in ``table.notes``.

    Returns
    -------
    Studies
        `data_type` says which columns of a row apply ("continuous", "dichotomous",
        "inverse variance", "O-E and variance"); the others are gaps, also where the file has 0.
        `published`, `published_low`, `published_high` are the study's effect as on the forest
        plot, ratios on the natural scale; gaps where RevMan shows none (no event, an SD of 0).
        `estimate` and `se` of ratios are logs. If `swap_events`, the published effect is of the
        non-event, while `events_t` and `events_c` count what the file counts.

    Raises
    ------
    StudyTableError
        For a file that is missing, cut off or of another kind, a zip that cannot be trusted, a
        missing column, text in a number. It names file, row and column.

    References
    ----------
    Cochrane, RevMan Knowledge Base, "Data package specification",
    https://documentation.cochrane.org/revman-kb/data-package-specification-249561249.html

    Tests: ``tests/golden/test_cochrane_files.py`` (ten reviews, 1317 rows).
    """
    checked_on_bad(on_bad)
    data = contents(path, "a data-rows CSV, or of the zip of a Cochrane data package")
    if data.startswith(b"PK") or str(path).lower().endswith(".zip"):
        tables = _of_package(opened(data, str(path)), str(path))
    else:
        tables = {DATA_ROWS: read_delimited(data, str(path))}
    if overall is not None:
        settings = contents(overall, "the settings CSV")
        tables[SETTINGS] = read_delimited(settings, str(overall))
    raw = tables[DATA_ROWS]
    table, said = data_rows(raw, on_bad)
    analyses = analysis_settings(tables[SETTINGS]) if SETTINGS in tables else None
    table, stated = with_settings(table, analyses, raw.file)
    kind = data_type(table, table["review"] + " " + table["analysis"], stated)
    said += _silent(kind)
    table["data_type"] = kind.mask(kind == "", DICHOTOMOUS).astype("str")
    table = only_what_applies(table, table["data_type"])
    if RISK_OF_BIAS in tables and not any(name.startswith("rob_") for name in table):
        table = _with_risk_of_bias(table, tables[RISK_OF_BIAS])
    counts = table["data_type"].value_counts()
    read = f"{len(table)} rows: {', '.join(f'{n} {kind}' for kind, n in counts.items())}."
    notes = (*raw.notes, f"Read {read}", *said, *_unstated(table))
    return remembering(arranged(table), f"{Path(path).name} (Cochrane data package)", notes)


def _of_package(archive: ZipFile, file: str) -> dict[str, RawTable]:
    """The tables of a package by the end of their names; the Library wraps the zip in another."""
    names = [name for name in archive.namelist() if not name.endswith("/")]
    rows = [name for name in names if name.lower().endswith(DATA_ROWS)]
    inner = [name for name in names if name.lower().endswith("-data.zip")]
    if not rows and len(inner) == 1:
        within = f"{file}, {PurePosixPath(inner[0]).name}"
        return _of_package(opened(member(archive, inner[0], file), within), within)
    if not rows and any(name.lower().endswith("-parameters.csv") for name in names):
        raise StudyTableError(f"{file} is a review of diagnostic accuracy, which is not read.")
    if len(rows) != 1:
        raise StudyTableError(
            f'{file} has {len(rows)} members that end in "{DATA_ROWS}"; a data package has one. It '
            f"has {', '.join(PurePosixPath(name).name for name in names[:8]) or 'nothing'}."
        )
    tables = {}
    for end in (DATA_ROWS, SETTINGS, RISK_OF_BIAS):
        for name in [name for name in names if name.lower().endswith(end)][:1]:
            within = f"{file}, {PurePosixPath(name).name}"
            tables[end] = read_delimited(member(archive, name, file), within)
    return tables


def _silent(kind: pd.Series) -> list[str]:
    count = int((kind == "").sum())
    if not count:
        return []
    return [
        f"{count} rows hold no number but their N, in analyses that tell no kind of data; they are "
        f"read as dichotomous with no event in either arm."
    ]


def _unstated(table: pd.DataFrame) -> list[str]:
    said = []
    if not table["measure_stated"].all():
        count = table.loc[~table["measure_stated"], "analysis"].nunique()
        which = "1 analysis" if count == 1 else f"{count} analyses"
        said.append(f"The measure of {which} is not stated in the file.")
    if table["swap_events"].any():
        analyses = ", ".join(table.loc[table["swap_events"], "analysis"].unique())
        said.append(f"Effects are of the non-event in analyses {analyses}: see swap_events.")
    return said


def _with_risk_of_bias(table: pd.DataFrame, raw: RawTable) -> pd.DataFrame:
    """RoB 1 of the package stands by study, in a file of its own."""
    cells = raw.columns
    if "Study" not in cells:
        return table
    found = pd.DataFrame(judgements(cells), index=[str(cell) for cell in cells["Study"]])
    found = found[~found.index.duplicated()]
    return table.join(found, on="study")
