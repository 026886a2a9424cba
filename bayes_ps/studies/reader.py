"""Read a table of studies from a CSV file, with errors that say what was expected."""

from __future__ import annotations

import warnings
from os import PathLike
from pathlib import Path

import pandas as pd

from bayes_ps.checks import StudyTableError


def read_studies(path: str | PathLike[str]) -> pd.DataFrame:
    """The table of a CSV file (comma, UTF-8, first line names the columns), a row a comparison.

    Raises
    ------
    StudyTableError
        If there is no such file, or it is empty, not UTF-8, or not one table.
    """
    file = Path(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(file, encoding="utf-8-sig", index_col=False)
    except FileNotFoundError:
        raise StudyTableError(f"There is no file {file}. Give the path of a CSV file.") from None
    except (pd.errors.EmptyDataError, pd.errors.ParserError, pd.errors.ParserWarning) as error:
        said = str(error).strip().rstrip(".")
        raise StudyTableError(
            f"{file} is not a CSV table with a header line: {said}. Save it comma-separated."
        ) from None
    except (UnicodeDecodeError, IsADirectoryError) as error:
        raise StudyTableError(f"{file} cannot be read as UTF-8 text: {error}.") from None
    if not len(frame):
        raise StudyTableError(f"{file} has a header line but no study.")
    return frame.rename(columns=lambda name: str(name).strip())
