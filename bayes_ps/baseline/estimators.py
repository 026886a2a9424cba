"""The estimators of tau² to choose from, by metafor's codes. A new one: two functions, a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bayes_ps.baseline import moments, tau2_errors
from bayes_ps.baseline.likelihood import maximum_likelihood, restricted_maximum_likelihood
from bayes_ps.baseline.methods import Method, by_code
from bayes_ps.checks import Array

VIECHTBAUER = "doi:10.3102/10769986030003261"
TWO_STEP = "doi:10.1016/j.cct.2006.04.004"


@dataclass(frozen=True)
class Estimator(Method[Callable[[Array, Array], Array]]):
    """An estimator of tau² from y and v, and its standard error from y, v and the estimate."""

    error: Callable[[Array, Array, Array], Array] | None


TAU2 = by_code(
    Estimator("FE", "common effect", "tau2 = 0 by assumption", moments.common_effect, None),
    Estimator(
        "DL",
        "DerSimonian-Laird",
        "doi:10.1016/0197-2456(86)90046-2",
        moments.dersimonian_laird,
        tau2_errors.of_dersimonian_laird,
    ),
    Estimator(
        "DL2",
        "two-step DerSimonian-Laird",
        TWO_STEP,
        moments.two_step_dersimonian_laird,
        tau2_errors.of_two_step_dersimonian_laird,
    ),
    Estimator("HE", "Hedges", VIECHTBAUER, moments.hedges, tau2_errors.of_hedges),
    Estimator(
        "HE2",
        "two-step Hedges",
        TWO_STEP,
        moments.two_step_hedges,
        tau2_errors.of_two_step_hedges,
    ),
    Estimator(
        "HS", "Hunter-Schmidt", VIECHTBAUER, moments.hunter_schmidt, tau2_errors.of_hunter_schmidt
    ),
    Estimator(
        "HSk",
        "Hunter-Schmidt, corrected for few studies",
        "doi:10.1177/1094428117741966",
        moments.hunter_schmidt_corrected,
        tau2_errors.of_hunter_schmidt_corrected,
    ),
    Estimator(
        "SJ",
        "Sidik-Jonkman",
        "doi:10.1111/j.1467-9876.2005.00489.x",
        moments.sidik_jonkman,
        tau2_errors.of_sidik_jonkman,
    ),
    Estimator(
        "PM",
        "Paule-Mandel",
        "doi:10.6028/jres.087.022",
        moments.paule_mandel,
        tau2_errors.of_paule_mandel,
    ),
    Estimator(
        "PMM",
        "median-unbiased Paule-Mandel",
        "Viechtbauer 2021, as metafor's PMM",
        moments.median_unbiased_paule_mandel,
        tau2_errors.of_paule_mandel,
    ),
    Estimator(
        "EB",
        "empirical Bayes, the same as Paule-Mandel",
        "doi:10.1080/01621459.1983.10477920",
        moments.paule_mandel,
        tau2_errors.of_paule_mandel,
    ),
    Estimator(
        "REML",
        "restricted maximum likelihood",
        VIECHTBAUER,
        restricted_maximum_likelihood,
        tau2_errors.of_restricted_maximum_likelihood,
    ),
    Estimator(
        "ML",
        "maximum likelihood",
        VIECHTBAUER,
        maximum_likelihood,
        tau2_errors.of_maximum_likelihood,
    ),
)
