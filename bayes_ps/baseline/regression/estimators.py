"""The estimators of the residual tau² and the tests to choose from, by metafor's codes."""

from __future__ import annotations

import math
from collections.abc import Callable

from bayes_ps.baseline.methods import Method, by_code
from bayes_ps.baseline.regression import tau2_iterated, tau2_moments
from bayes_ps.baseline.regression.weighting import Studies

LIKELIHOOD = "doi:10.3102/10769986030003261"
RESIDUAL_TAU2 = by_code(
    Method[Callable[[Studies], float]](
        "FE", "common effect given the moderators", "tau2 = 0", tau2_moments.common_effect
    ),
    Method(
        "DL",
        "DerSimonian-Laird",
        "doi:10.1016/0197-2456(86)90046-2",
        tau2_moments.dersimonian_laird,
    ),
    Method("HE", "Hedges", "doi:10.1037/0033-2909.93.2.388", tau2_moments.hedges),
    Method("HS", "Hunter-Schmidt", LIKELIHOOD, tau2_moments.hunter_schmidt),
    Method(
        "HSk",
        "Hunter-Schmidt with the small-sample correction",
        "doi:10.1177/1094428117741966",
        tau2_moments.hunter_schmidt_corrected,
    ),
    Method(
        "SJ", "Sidik-Jonkman", "doi:10.1111/j.1467-9876.2005.00489.x", tau2_moments.sidik_jonkman
    ),
    Method("PM", "Paule-Mandel", "doi:10.6028/jres.087.022", tau2_iterated.paule_mandel),
    Method("EB", "empirical Bayes", "doi:10.1002/sim.4780140406", tau2_iterated.paule_mandel),
    Method(
        "PMM",
        "median-unbiased Paule-Mandel",
        "Viechtbauer 2021, European Congress of Methodology",
        tau2_iterated.paule_mandel_median,
    ),
    Method(
        "REML",
        "restricted maximum likelihood",
        LIKELIHOOD,
        tau2_iterated.restricted_maximum_likelihood,
    ),
    Method("ML", "maximum likelihood", LIKELIHOOD, tau2_iterated.maximum_likelihood),
)

KNAPP_HARTUNG = "doi:10.1002/sim.1482"
# By what the covariance (XᵀWX)⁻¹ is multiplied, given yᵀPy and k − p, and the degrees of freedom.
TESTS = by_code(
    Method[Callable[[float, int], tuple[float, float]]](
        "z", "Wald, normal quantiles", "doi:10.1002/sim.1040", lambda rss, df: (1.0, math.inf)
    ),
    Method(
        "t",
        "Wald, t with k - p df",
        "doi:10.1111/j.0006-341X.1999.00732.x",
        lambda rss, df: (1.0, df),
    ),
    Method("knha", "Knapp-Hartung, t with k - p df", KNAPP_HARTUNG, lambda rss, df: (rss / df, df)),
    Method(
        "adhoc",
        "Knapp-Hartung never below Wald, t with k - p df",
        KNAPP_HARTUNG,
        lambda rss, df: (max(1.0, rss / df), df),
    ),
)
