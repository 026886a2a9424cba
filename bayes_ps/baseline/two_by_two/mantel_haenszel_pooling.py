"""`mantel_haenszel`: pool 2 x 2 tables by the sums of their counts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from bayes_ps.baseline.methods import Method, chosen
from bayes_ps.baseline.two_by_two.counts import Counts, counts_of
from bayes_ps.baseline.two_by_two.heterogeneity_of_trials import around, cochran_mantel_haenszel
from bayes_ps.baseline.two_by_two.mantel_haenszel_formulas import FORMULAS, Estimate
from bayes_ps.baseline.two_by_two.notes import notes_on
from bayes_ps.baseline.two_by_two.results import PooledCounts, tested_mean
from bayes_ps.baseline.two_by_two.study_estimates import ESTIMATES
from bayes_ps.checks import Array, ModelError, read_only

AROUND = "Q around the Mantel-Haenszel estimate (not Cochran's, which is around inverse variance)"
DL = "tau² by DerSimonian-Laird around the Mantel-Haenszel estimate, then inverse variance (RevMan)"


def mantel_haenszel(
    table: pd.DataFrame,
    *,
    measure: str = "OR",
    tau2: str = "FE",
    convention: str | None = None,
    correct: bool = True,
    columns: Mapping[str, str] | None = None,
    level: float = 0.95,
) -> PooledCounts:
    r"""The Mantel-Haenszel meta-analysis of 2 x 2 tables.

    Parameters
    ----------
    table : a row a trial, with columns `study, events_t, n_t, events_c, n_c`.
    measure : ``"OR"``, ``"RR"`` (mu on the log scale) or ``"RD"``.
    tau2 : ``"FE"`` for a common effect; ``"DL"`` for random effects as RevMan 5 does under
        "M-H, Random": tau² from Q around the Mantel-Haenszel estimate, then inverse variance.
    convention : ``"metafor"`` (the default for ``"FE"``; rma.mh) adds ½ to the four cells of a
        trial with a zero for its own estimate only, and takes the variance of Sato for RD.
        ``"RevMan"`` (the default for ``"DL"``) adds ½ to the pooled counts too (OR, RR), keeps for
        RR a trial with nothing but events (as a ratio of 1), and takes the variance of Greenland
        and Robins for RD. Without a zero cell OR and RR are the same.
    correct : continuity correction of the Cochran-Mantel-Haenszel test.
    columns : your names for ours, as in ``{"events_t": "Experimental cases"}``.
    level : of the interval, 0.95.

    Returns
    -------
    PooledCounts

    Raises
    ------
    StudyTableError
        For a missing column or cell, counts below 0, and more events than people.
    ModelError
        For an unknown option, and where the counts define no estimate: no event at all, none in
        one of the arms of any trial.

    Notes
    -----
    .. math:: OR = \frac{\sum ad/N}{\sum bc/N}, \quad RR = \frac{\sum a n_c/N}{\sum c n_t/N}, \quad
              RD = \frac{\sum (a n_c - c n_t)/N}{\sum n_t n_c/N}

    A trial without an event in either arm has no weight for OR and RR; for RD it has, but metafor
    leaves it out of Q. An arm that holds nobody sets its trial aside, by name, in `notes`. For RD
    in trials with a zero cell ``"RevMan"`` takes the counts as they are, which is not held against
    RevMan's output. The pooled counts need no ½ unless a sum is 0, and are less biased without it
    (Cochrane Handbook 10.4.4.2).

    Mantel & Haenszel 1959, J Natl Cancer Inst 22:719, doi:10.1093/jnci/22.4.719; Deeks & Higgins
    2010, Statistical algorithms in Review Manager 5. Formulas and sources of the variances:
    :mod:`bayes_ps.baseline.two_by_two.mantel_haenszel_formulas`.
    Tests: ``tests/golden/test_metafor_two_by_two.py`` (metafor 3.8-1, BCG log OR −0.4734) and
    ``tests/golden/test_revman_mantel_haenszel.py`` (weights of Cochrane reviews).
    """
    convention = convention or ("RevMan" if tau2 == "DL" else "metafor")
    formula = _formula(measure, tau2, convention)
    counts = counts_of(table, columns)
    common = _defined(formula.compute(_in_pool(counts, measure, convention)), counts, measure)
    y, v = _study_estimates(counts, measure, convention)
    there = np.isfinite(v)
    spread = around(common.mu, y[there], v[there])
    mean = common if tau2 == "FE" else _random_effects(y, v, spread.tau2)
    cmh = "Cochran-Mantel-Haenszel test, " + ("continuity corrected" if correct else "uncorrected")
    return PooledCounts(
        **tested_mean(mean.mu, mean.se, level),
        study=counts.study,
        weights=read_only(100 * mean.weights / mean.weights.sum()),
        y=read_only(y),
        se_study=read_only(np.sqrt(v)),
        measure=measure,
        tau2=spread.tau2 if tau2 == "DL" else 0.0,
        q=spread.q,
        q_df=spread.q_df,
        q_p=spread.q_p,
        cmh=cochran_mantel_haenszel(counts, corrected=correct),
        method="Mantel-Haenszel",
        convention=convention,
        estimator=tau2,
        methods=(f"Mantel-Haenszel, {formula}", AROUND, cmh, *([DL] if tau2 == "DL" else [])),
        notes=notes_on(counts, measure, tau2, convention),
    )


def _in_pool(counts: Counts, measure: str, convention: str) -> Counts:
    """The counts whose sums are pooled."""
    if convention == "RevMan" and measure == "RR":
        return counts.with_equal_risks()
    return counts.with_halves() if convention == "RevMan" and measure == "OR" else counts


def _formula(measure: str, tau2: str, convention: str) -> Method[Callable[[Counts], Estimate]]:
    if convention not in FORMULAS:
        known = ", ".join(f'"{name}"' for name in FORMULAS)
        raise ModelError(f"convention must be one of {known}, but is {convention!r}.")
    if tau2 not in ("FE", "DL"):
        raise ModelError(
            f'tau2 must be "FE" or "DL" for Mantel-Haenszel, but is {tau2!r}. For other estimators '
            f"compute the effects of the trials and use baseline(effects, tau2={tau2!r})."
        )
    if tau2 == "DL" and convention != "RevMan":
        raise ModelError(
            "Random effects around Mantel-Haenszel are RevMan's: convention=\"RevMan\". metafor's "
            'are around inverse variance: baseline(effects, tau2="DL").'
        )
    return chosen(FORMULAS[convention], measure, "measure")


def _defined(found: Estimate, counts: Counts, measure: str) -> Estimate:
    """The estimate, if the counts define it."""
    if math.isfinite(found.mu) and math.isfinite(found.se) and found.se > 0:
        return found
    if not counts.informative.any():
        raise ModelError(
            "Every trial has no event, or nothing but events, in both arms: the counts say nothing "
            f"of the {measure} but that both arms are alike. There is nothing to pool."
        )
    nowhere = {
        "no event in a treated arm": counts.a,
        "no event in a control arm": counts.c,
        "nobody spared in a treated arm": counts.b,
        "nobody spared in a control arm": counts.d,
    }
    found_none = [what for what, cell in nowhere.items() if cell.sum() == 0]
    raise ModelError(
        f"In all trials together there is {' and '.join(found_none) or 'a zero in every sum'}, so "
        f"the pooled counts give no {measure} with a standard error. For a ratio "
        f'convention="RevMan" adds 1/2 to such trials; a model of the counts needs no correction.'
    )


def _study_estimates(counts: Counts, measure: str, convention: str) -> tuple[Array, Array]:
    """Estimate and variance of each trial, NaN where it has none."""
    y, v = np.full(counts.study.size, np.nan), np.full(counts.study.size, np.nan)
    if convention == "RevMan" and measure == "RD":
        rows = (counts.a * counts.b > 0) | (counts.c * counts.d > 0)
        y[rows], v[rows] = ESTIMATES[measure](counts.keep(rows))
        return y, v
    if convention == "RevMan" and measure == "RR":
        rows = counts.informative | counts.everybody
        y[rows], v[rows] = ESTIMATES[measure](counts.keep(rows).with_halves(everybody=True))
        y[counts.everybody] = 0.0
        return y, v
    rows = counts.informative
    y[rows], v[rows] = ESTIMATES[measure](counts.keep(rows).with_halves())
    return y, v


def _random_effects(y: Array, v: Array, tau2: float) -> Estimate:
    weights = np.where(np.isfinite(v), 1 / (v + tau2), 0.0)
    total = float(weights.sum())
    return Estimate(float(weights @ np.nan_to_num(y)) / total, total**-0.5, weights)
