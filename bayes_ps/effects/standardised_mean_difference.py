"""SMD: the difference of two means in units of their pooled standard deviation (Hedges' g)."""

from __future__ import annotations

import numpy as np
from scipy.special import poch

from bayes_ps.checks import Array
from bayes_ps.effects.measure import Arms, Measure


def exact_j(df: Array) -> Array:
    r"""Hedges' exact correction Γ(m/2) / (√(m/2) Γ((m − 1)/2)), m degrees of freedom.

    Hedges 1981, J Educ Stat 6:107, doi:10.3102/10769986006002107, equation 6e.
    """
    return np.asarray(poch((df - 1) / 2, 0.5) / np.sqrt(df / 2))


def hedges_g(arms: Arms, variance: str) -> tuple[Array, Array]:
    r"""g = J (mean_t − mean_c) / sd_pooled and its standard error, N = n_t + n_c.

    ========  =============================  =====================================
    variance  J                              se²
    ========  =============================  =====================================
    LS        exact (gamma functions)        1/n_t + 1/n_c + g²/(2N)
    RevMan    1 − 3/(4N − 9)                 N/(n_t n_c) + g²/(2(N − 3.94))
    ========  =============================  =====================================

    LS is metafor's default (``escalc(measure="SMD", vtype="LS")``; Hedges & Olkin 1985);
    RevMan's is in Deeks & Higgins, Statistical algorithms in Review Manager 5, 2010, section 4.

    Test: ``tests/golden/test_metafor_escalc.py``, Normand 1999, to 1e-12.
    """
    n, df = arms.n_t + arms.n_c, arms.n_t + arms.n_c - 2
    pooled = ((arms.n_t - 1) * arms.sd_t**2 + (arms.n_c - 1) * arms.sd_c**2) / df
    d = (arms.mean_t - arms.mean_c) / np.sqrt(pooled)
    if variance == "RevMan":
        g = d * (1 - 3 / (4 * n - 9))
        return g, np.sqrt(n / (arms.n_t * arms.n_c) + g**2 / (2 * (n - 3.94)))
    g = d * exact_j(df)
    return g, np.sqrt(1 / arms.n_t + 1 / arms.n_c + g**2 / (2 * n))


SMD = Measure(
    code="SMD",
    compute=hedges_g,
    variances={
        "LS": "Hedges' g with exact J, large-sample variance LS as in metafor",
        "RevMan": "Hedges' g with J = 1 − 3/(4N − 9) and RevMan's variance",
    },
    unit="SD units",
)
