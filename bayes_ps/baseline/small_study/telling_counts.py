"""The counts that say something of an odds ratio, for the tests that are made for counts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from bayes_ps.baseline.two_by_two.counts import Counts, counts_of
from bayes_ps.checks import ModelError


def informative_counts(
    table: pd.DataFrame, columns: Mapping[str, str] | None, test: str
) -> tuple[Counts, str]:
    """Studies in which somebody, but not everybody, had the event; and who was left out, in words.

    Raises
    ------
    StudyTableError
        For a missing column and impossible counts.
    ModelError
        For fewer than 3 such studies.
    """
    every = counts_of(table, columns)
    kept = every.keep(every.informative)
    left = [*every.empty, *map(str, every.study[~every.informative])]
    if (k := len(kept.study)) < 3:
        raise ModelError(
            f"{test} needs at least 3 studies in which somebody, but not everybody, had the event, "
            f"and 10 to be of use, but there " + ("is 1." if k == 1 else f"are {k}.")
        )
    said = "nobody was there, or nobody or everybody had the event"
    return kept, f"Left out, because {said}: {', '.join(left)}." if left else ""
