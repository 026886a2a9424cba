"""Many analyses in one long table: which rows belong together, and which cannot be analysed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, StudyTableError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Ragged:
    """Estimates of m analyses laid end to end.

    Attributes
    ----------
    keys : (m,) the analyses, or (m, len(by)) frame where several columns name them, in the order
        in which they appear first.
    start : (m + 1,) analysis j holds the estimates ``start[j]:start[j + 1]``.
    row : (n,) which row of the table each estimate was.
    y, se : (n,) estimates and standard errors.
    problem : (m,) why an analysis cannot be done, "" where it can.
    """

    keys: pd.DataFrame
    start: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]
    y: Array
    se: Array
    problem: npt.NDArray[np.object_]

    @property
    def k(self) -> npt.NDArray[np.int64]:
        """(m,) number of estimates in each analysis."""
        return np.diff(self.start)


def ragged(table: pd.DataFrame, by: str | Sequence[str], *, y: str = "y", se: str = "se") -> Ragged:
    """Gather the rows of each analysis.

    Parameters
    ----------
    table : one row an estimate.
    by : the column, or columns, that name the analysis of a row.
    y, se : the columns of the estimates and their standard errors.

    Raises
    ------
    StudyTableError
        If a column is missing. A value that is missing, infinite or (an SE) not above 0 is no
        error: it is the `problem` of its analysis, which names the row.
    """
    import pandas as pd

    names = [by] if isinstance(by, str) else list(by)
    for column in [*names, y, se]:
        if column not in table:
            raise StudyTableError(
                f"The table has no column {column!r}. It has: {', '.join(map(str, table))}."
            )
    group = table.groupby(names, sort=False, dropna=False, observed=True).ngroup().to_numpy()
    row = np.arange(group.size)
    if np.any(np.diff(group) < 0):
        row = np.argsort(group, kind="stable")
    m = int(group.max(initial=-1)) + 1
    start = np.searchsorted(group[row], np.arange(m + 1))
    keys = table[names].iloc[row[start[:-1]]].reset_index(drop=True)
    values, ses = (
        pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float)[row]
        for column in (y, se)
    )
    return Ragged(keys, start, row, values, ses, _problems(start, row, {y: values, se: ses}, se))


def _problems(
    start: npt.NDArray[np.int64],
    row: npt.NDArray[np.int64],
    columns: dict[str, Array],
    se: str,
) -> npt.NDArray[np.object_]:
    """The first bad value of each analysis, in words."""
    found = np.full(start.size - 1, "", dtype=object)
    for column, values in columns.items():
        bad = ~np.isfinite(values)
        if column == se:
            bad |= ~(values > 0)
        for at in np.flatnonzero(bad)[::-1]:
            rule = "a number > 0" if column == se else "a number"
            j = int(np.searchsorted(start, at, side="right")) - 1
            found[j] = f"{column!r} must be {rule}, but is {values[at]:g} in row {row[at] + 1}."
    return found
