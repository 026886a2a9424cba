"""`peters`: log odds ratios over the inverse of the sample size."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from bayes_ps.baseline.small_study.asymmetry import (
    AsymmetryTest,
    few,
    refuse_no_scatter,
    tested_slope,
)
from bayes_ps.baseline.small_study.lines import multiplicative_line
from bayes_ps.baseline.small_study.predictors import refuse_constant
from bayes_ps.baseline.small_study.telling_counts import informative_counts


def peters(
    table: pd.DataFrame, *, columns: Mapping[str, str] | None = None, level: float = 0.95
) -> AsymmetryTest:
    r"""Peters' test: log odds ratios over 1/n, weighted without the effect itself.

    Parameters
    ----------
    table : counts, a row a study: `study, events_t, n_t, events_c, n_c`.
    columns : your names for ours, as in ``{"events_t": "Experimental cases"}``.
    level : of the interval of the limit effect.

    Returns
    -------
    AsymmetryTest
        `bias` is the slope over 1/n, `limit_effect` the log odds ratio of an endless study.

    Raises
    ------
    ModelError
        For fewer than 3 studies with a log odds ratio, or if all are of one size.
    StudyTableError
        For a missing column or impossible counts.

    Notes
    -----
    .. math:: \log OR_i = b_0 + b_1 / n_i, \quad weight_i = events_i (n_i - events_i) / n_i

    In a table with a zero, 0.5 is added to its four cells for the log OR. Same as
    ``metabias(method.bias="Peters")`` of R's meta.

    Peters et al. 2006, JAMA 295:676, doi:10.1001/jama.295.6.676.
    Test: ``tests/golden/test_metafor_small_study.py`` (meta 8.5.0: −166.0175, t −1.5445).
    """
    found, left_out = informative_counts(table, columns, "Peters' test")
    x = 1 / found.n
    refuse_constant(x, "number of participants")
    halves = found.with_halves()
    log_odds_ratio = np.log(halves.a * halves.d / (halves.b * halves.c))
    line = multiplicative_line(log_odds_ratio, x, found.events * (1 - found.events * x))
    refuse_no_scatter(line, "Peters' test")
    k = len(found.study)
    return tested_slope(
        line,
        test="Peters' test (log OR over 1/n, t with k - 2 df; doi:10.1001/jama.295.6.676)",
        k=k,
        level=level,
        notes=tuple(note for note in (few(k), left_out) if note),
    )
