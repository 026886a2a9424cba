"""`begg`: the rank correlation test of funnel asymmetry."""

from __future__ import annotations

import numpy as np

from bayes_ps.baseline.small_study.asymmetry import AsymmetryTest, at_least_three, few
from bayes_ps.baseline.small_study.predictors import refuse_constant
from bayes_ps.baseline.weighting import independent, pool
from bayes_ps.checks import ModelError
from bayes_ps.effects import Effects


def begg(effects: Effects) -> AsymmetryTest:
    r"""Begg and Mazumdar's test: Kendall's rank correlation of effects and their variances.

    Parameters
    ----------
    effects : k >= 3 independent studies.

    Returns
    -------
    AsymmetryTest
        `bias` is Kendall's tau-b. P is exact; with ties it is by the normal approximation without
        continuity correction, and `statistic` is its z.

    Raises
    ------
    ModelError
        For fewer than 3 studies, or if all have one standard error or all have one effect.

    Notes
    -----
    With the common effect mu and w = 1/v, tau between v and

    .. math:: y_i^* = \frac{y_i - \mu}{\sqrt{v_i - 1/\sum w}}

    Same as metafor's ``ranktest()``. It has less power than Egger's test and the same faults:
    the Cochrane Handbook does not recommend it.

    Begg & Mazumdar 1994, Biometrics 50:1088, doi:10.2307/2533446.
    Tests: ``tests/golden/test_metafor_small_study.py`` (12 data sets; BCG 0.0256, P 0.9524) and
    ``tests/golden/test_papers_small_study.py`` (magnesium trials 0.15, P 0.4503).
    """
    from scipy.stats import kendalltau

    y, v = independent(effects)
    at_least_three(effects.k, "Begg's test")
    refuse_constant(effects.se, "se")
    pooled = pool(y, v, 0.0)
    standardised = pooled.residuals / np.sqrt(v - float(pooled.se) ** 2)
    if not standardised.any():
        raise ModelError("All effects are equal: there are no ranks to correlate. Look at them.")
    tied = min(np.unique(v).size, np.unique(standardised).size) < effects.k
    found = kendalltau(standardised, v, method="asymptotic" if tied else "exact")
    tau, p = float(found.statistic), float(found.pvalue)
    notes = (few(effects.k),) if effects.k < 10 else ()
    how = "normal approximation, because of ties" if tied else "exact P"
    return AsymmetryTest(
        test=f"Begg and Mazumdar's rank correlation test ({how}; doi:10.2307/2533446)",
        k=effects.k,
        bias=tau,
        se=None,
        statistic=_z(tau, p) if tied else None,
        df=np.inf,
        p=p,
        notes=notes,
    )


def _z(tau: float, p: float) -> float:
    """The z of the normal approximation, from its two-sided P."""
    from scipy.special import ndtri

    return float(np.copysign(ndtri(1 - p / 2), tau))
