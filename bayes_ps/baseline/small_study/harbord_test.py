"""`harbord`: efficient scores over the root of their information."""

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


def harbord(
    table: pd.DataFrame, *, columns: Mapping[str, str] | None = None, level: float = 0.95
) -> AsymmetryTest:
    r"""Harbord's test: Egger's, with the score of the log odds ratio and its variance under OR = 1.

    Parameters
    ----------
    table : counts, a row a study: `study, events_t, n_t, events_c, n_c`.
    columns : your names for ours, as in ``{"events_t": "Experimental cases"}``.
    level : of the interval of the limit effect.

    Returns
    -------
    AsymmetryTest
        `bias` is the intercept of Z/√V on √V, `limit_effect` its slope: a log odds ratio (Peto).

    Raises
    ------
    ModelError
        For fewer than 3 studies with events, or if all have one V.
    StudyTableError
        For a missing column or impossible counts.

    Notes
    -----
    With a the treated events, m all events, n = n_t + n_c participants:

    .. math:: Z = a - \frac{m\, n_t}{n}, \quad V = \frac{n_t n_c m (n - m)}{n^2 (n - 1)}

    No cell needs a correction. Same as ``metabias(method.bias="Harbord")`` of R's meta.

    Harbord, Egger & Sterne 2006, Stat Med 25:3443, doi:10.1002/sim.2380.
    Test: ``tests/golden/test_metafor_small_study.py`` (meta 8.5.0: −0.6342, t −0.5606).
    """
    found, left_out = informative_counts(table, columns, "Harbord's test")
    m, n, k = found.events, found.n, len(found.study)
    score = found.a - m * found.n_t / n
    information = found.n_t * found.n_c * m * (n - m) / (n**2 * (n - 1))
    x = 1 / np.sqrt(information)
    refuse_constant(x, "information on the odds ratio")
    line = multiplicative_line(score / information, x, information)
    refuse_no_scatter(line, "Harbord's test")
    return tested_slope(
        line,
        test="Harbord's test (score of the log OR, t with k - 2 df; doi:10.1002/sim.2380)",
        k=k,
        level=level,
        notes=tuple(note for note in (few(k), left_out) if note),
    )
