"""`peto`: pool 2 x 2 tables by observed minus expected events."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from bayes_ps.baseline.two_by_two.counts import counts_of
from bayes_ps.baseline.two_by_two.heterogeneity_of_trials import (
    around,
    cochran_mantel_haenszel,
    hypergeometric,
)
from bayes_ps.baseline.two_by_two.notes import notes_on
from bayes_ps.baseline.two_by_two.results import PooledCounts, tested_mean
from bayes_ps.checks import ModelError, read_only

METHOD = "Peto's one-step log odds ratio (doi:10.1016/S0033-0620(85)80003-7)"
AROUND = "Q around Peto's estimate"


def peto(
    table: pd.DataFrame,
    *,
    correct: bool = True,
    columns: Mapping[str, str] | None = None,
    level: float = 0.95,
) -> PooledCounts:
    r"""Peto's meta-analysis of 2 x 2 tables: an odds ratio for rare events, without corrections.

    Parameters
    ----------
    table : a row a trial, with columns `study, events_t, n_t, events_c, n_c`.
    correct : continuity correction of the Cochran-Mantel-Haenszel test.
    columns : your names for ours, as in ``{"events_t": "Experimental cases"}``.
    level : of the interval, 0.95.

    Returns
    -------
    PooledCounts
        `mu` is a log odds ratio; ``measure`` is ``"PETO"``.

    Raises
    ------
    StudyTableError
        For a missing column or cell, counts below 0, and more events than people.
    ModelError
        Where no trial has both an event and somebody spared.

    Notes
    -----
    .. math:: \mu = \frac{\sum (O - E)}{\sum V}, \quad se = 1 / \sqrt{\sum V}, \quad
              E = \frac{n_t m}{N}, \quad V = \frac{m (N - m) n_t n_c}{N^2 (N - 1)}

    O the treated events, m all events of a trial of N people. Good where events are rare, effects
    small and arms of about one size; biased where any of the three fails. RevMan and metafor agree.

    Yusuf et al. 1985, Prog Cardiovasc Dis 27:335, doi:10.1016/S0033-0620(85)80003-7.
    Tests: ``tests/golden/test_papers_regression.py`` (Yusuf 1985, p. 107, OR 0.93, 0.74 to 1.18),
    ``tests/golden/test_metafor_two_by_two.py``.
    """
    counts = counts_of(table, columns)
    expected, V = hypergeometric(counts)
    if not counts.informative.any():
        raise ModelError(
            "Every trial has no event, or nothing but events, in both arms: the counts say nothing "
            "of the odds ratio. There is nothing to pool."
        )
    total = float(V.sum())
    mu = float((counts.a - expected).sum()) / total
    rows = counts.informative
    y, se = np.full(rows.size, np.nan), np.full(rows.size, np.nan)
    y[rows], se[rows] = (counts.a - expected)[rows] / V[rows], V[rows] ** -0.5
    spread = around(mu, y[rows], 1 / V[rows])
    return PooledCounts(
        **tested_mean(mu, total**-0.5, level),
        study=counts.study,
        weights=read_only(100 * V / total),
        y=read_only(y),
        se_study=read_only(se),
        measure="PETO",
        tau2=0.0,
        q=spread.q,
        q_df=spread.q_df,
        q_p=spread.q_p,
        cmh=cochran_mantel_haenszel(counts, corrected=correct),
        method="Peto",
        convention="RevMan and metafor",
        estimator="FE",
        methods=(METHOD, AROUND, "Cochran-Mantel-Haenszel test"),
        notes=notes_on(counts, "PETO", "FE", "Peto"),
    )
