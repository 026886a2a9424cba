"""SMD: the difference of two means in units of their pooled standard deviation (Hedges' g)."""

from __future__ import annotations

import numpy as np
from scipy.special import poch

from bayes_ps.checks import Array
from bayes_ps.effects.mean_difference import pooled_variance
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.reported import Arms


def exact_j(df: Array) -> Array:
    r"""Hedges' exact correction Γ(m/2) / (√(m/2) Γ((m − 1)/2)), m degrees of freedom.

    Hedges 1981, J Educ Stat 6:107, doi:10.3102/10769986006002107, equation 6e.
    """
    return np.asarray(poch((df - 1) / 2, 0.5) / np.sqrt(df / 2))


def hedges_g(arms: Arms, variance: str) -> tuple[Array, Array]:
    r"""g = J d, d = (mean_t − mean_c) / sd_pooled, and its se; N = n_t + n_c, m = N − 2.

    ========  ================  ==================================================
    variance  J                 se²
    ========  ================  ==================================================
    LS        exact             1/n_t + 1/n_c + g²/(2N)
    LS2       exact             J² (1/n_t + 1/n_c + d²/(2N))
    UB        exact             1/n_t + 1/n_c + (1 − (m − 2)/(m J²)) g²
    AV        exact             1/n_t + 1/n_c + ḡ²/(2N), ḡ = Σ N g / Σ N
    RevMan    1 − 3/(4N − 9)    N/(n_t n_c) + g²/(2(N − 3.94))
    ========  ================  ==================================================

    The first four are metafor's ``escalc(measure="SMD", vtype=...)``: LS is its default (Hedges &
    Olkin 1985), LS2 that of Borenstein 2009, UB is unbiased (Hedges 1983), AV takes one mean g for
    all studies of the table, so that se does not depend on the study's own g. RevMan's is in Deeks
    & Higgins, Statistical algorithms in Review Manager 5, 2010, section 4.

    Test: ``tests/golden/test_metafor_escalc.py``, Normand 1999, to 1e-12.
    """
    n = arms.n_t + arms.n_c
    d = (arms.mean_t - arms.mean_c) / np.sqrt(pooled_variance(arms))
    sizes = 1 / arms.n_t + 1 / arms.n_c
    if variance == "RevMan":
        g = d * (1 - 3 / (4 * n - 9))
        return g, np.sqrt(sizes + g**2 / (2 * (n - 3.94)))
    j = exact_j(n - 2)
    g = d * j
    if variance == "LS2":
        return g, j * np.sqrt(sizes + d**2 / (2 * n))
    if variance == "UB":
        return g, np.sqrt(sizes + (1 - (n - 4) / ((n - 2) * j**2)) * g**2)
    around = np.average(g, weights=n) if variance == "AV" else g
    return g, np.sqrt(sizes + around**2 / (2 * n))


SMD = Measure(
    code="SMD",
    compute=hedges_g,
    variances={
        "LS": "Hedges' g with exact J, large-sample variance LS as in metafor",
        "LS2": "Hedges' g with exact J, large-sample variance LS2 as in metafor",
        "UB": "Hedges' g with exact J, unbiased variance UB as in metafor",
        "AV": "Hedges' g with exact J, variance AV at the mean g as in metafor",
        "RevMan": "Hedges' g with J = 1 − 3/(4N − 9) and RevMan's variance",
    },
    unit="SD units",
)
