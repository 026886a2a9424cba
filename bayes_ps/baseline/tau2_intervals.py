"""The confidence interval of tau²: Q-profile, generalised Q, or profile likelihood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri, ndtri

from bayes_ps.baseline import quadratic_form
from bayes_ps.baseline.generalised_q import root_between, tau2_where_q_is
from bayes_ps.baseline.interval import Interval
from bayes_ps.baseline.likelihood import local_maxima, log_likelihood
from bayes_ps.baseline.methods import Method, by_code
from bayes_ps.baseline.q_distribution import survival
from bayes_ps.checks import Array

MOST_STUDIES = 1000


@dataclass(frozen=True, eq=False)
class Heterogeneous:
    """Studies `y`, `v` (k,) with the `estimator` of tau² that was used, and the wanted `level`."""

    y: Array
    v: Array
    estimator: str
    level: float


def q_profile(y: Array, v: Array, level: float) -> Interval:
    r"""QP: where Q(tau²) meets the quantiles of chi² with k − 1 df.

    Exact for normal effects whose `v` are known. An end at which even Q(0) is below its quantile is
    0; if that is the upper end too, no tau² fits and the interval is 0 to 0.

    Viechtbauer 2007, Stat Med 26:37, doi:10.1002/sim.2514.
    Test: ``tests/golden/test_metafor_baseline.py``, BCG log RR 0.1197 to 1.1115.
    """
    df, tail = y.size - 1, (1 - level) / 2
    lower, upper = tau2_where_q_is(chdtri(df, [tail, 1 - tail]), y, v)
    return Interval(float(lower), float(upper), df, level, "Q-profile (doi:10.1002/sim.2514)")


def _by_q_profile(given: Heterogeneous) -> Interval:
    return q_profile(given.y, given.v, given.level)


def _by_biggerstaff_jackson(given: Heterogeneous) -> Interval:
    """BJ: generalised Q with the weights 1/v, which is Cochran's Q: the interval that fits DL."""
    return _generalised(given, 1 / given.v, BIGGERSTAFF_JACKSON)


def _by_jackson(given: Heterogeneous) -> Interval:
    """J: generalised Q with the weights 1/se, a compromise between small and large tau²."""
    return _generalised(given, 1 / np.sqrt(given.v), JACKSON)


def _generalised(given: Heterogeneous, a: Array, method: str) -> Interval:
    r"""Where the observed Σ a (y − ȳ_a)² is a quantile of its exact distribution at tau².

    Exact, too, for normal effects whose `v` are known. Ends at 0 read as in :func:`q_profile`.
    """
    q = float(quadratic_form.value(given.y - given.y[given.v.argmin()], a))

    def end(probability: float) -> float:
        def excess(tau2: float) -> float:
            return float(survival(q, given.v, a, tau2)) - probability

        high = q / float(quadratic_form.trace(np.sort(a)[::-1]))
        while excess(high) < 0:
            high *= 4
        return 0.0 if excess(0.0) >= 0 else root_between(excess, 0.0, high)

    tail = (1 - given.level) / 2
    return Interval(end(tail), end(1 - tail), None, given.level, method)


def _by_profile_likelihood(given: Heterogeneous) -> Interval:
    r"""PL: the tau² whose profile log-likelihood is within half a chi² quantile of the highest.

    Of ML or of REML, whichever estimated tau². Where the likelihood has several maxima that reach
    so high, the interval runs from the lowest to the highest tau² that does.
    """
    restricted = given.estimator == "REML"
    peaks = local_maxima(given.y, given.v, restricted=restricted)

    def height(tau2: float) -> float:
        at = np.float64(tau2)
        return float(log_likelihood(given.y, given.v, at, restricted=restricted))

    heights = [height(peak) for peak in peaks]
    least = max(heights) - float(ndtri((1 + given.level) / 2)) ** 2 / 2
    inside = [p for p, value in zip(peaks, heights, strict=True) if value >= least]
    lower = 0.0
    if height(0.0) < least:
        lower = root_between(lambda t: height(t) - least, 0.0, inside[0])
    beyond = 2 * inside[-1] + float(given.v.max())
    while height(beyond) >= least:
        beyond *= 4
    upper = root_between(lambda t: height(t) - least, inside[-1], beyond)
    return Interval(
        lower, upper, 1, given.level, f"profile likelihood, {given.estimator} ({HARDY})"
    )


HARDY = "doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A"
BIGGERSTAFF_JACKSON = "generalised Q with weights 1/se², Biggerstaff-Jackson (doi:10.1002/sim.3428)"
JACKSON = "generalised Q with weights 1/se, Jackson (doi:10.1002/jrsm.1081)"
TAU2_CI = by_code(
    Method[Callable[[Heterogeneous], Interval]](
        "QP", "Q-profile", "doi:10.1002/sim.2514", _by_q_profile
    ),
    Method("BJ", "generalised Q, weights 1/se²", "doi:10.1002/sim.3428", _by_biggerstaff_jackson),
    Method("J", "generalised Q, weights 1/se", "doi:10.1002/jrsm.1081", _by_jackson),
    Method("PL", "profile likelihood", HARDY, _by_profile_likelihood),
)
