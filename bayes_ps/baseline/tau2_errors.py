"""The standard error of each estimator of tau², as metafor's ``se.tau2``.

Each takes `y` and `v`, (..., k), and the estimate `tau2` (...). Of a moment estimator it is the
standard deviation of its quadratic form, at that tau²; of a likelihood, from its expected
information. An estimated tau² is far from normal for few studies: for an interval take
``tau2_interval``, not ± 2 of these.

Viechtbauer 2005, J Educ Behav Stat 30:261, doi:10.3102/10769986030003261; metafor 3.8.
Test: ``tests/golden/test_metafor_baseline.py``, BCG log RR, DL 0.2299, REML 0.1664.
"""

from __future__ import annotations

import numpy as np

from bayes_ps.baseline import quadratic_form
from bayes_ps.baseline.moments import crude_variance, dersimonian_laird, hedges
from bayes_ps.checks import Array


def of_dersimonian_laird(y: Array, v: Array, tau2: Array) -> Array:
    """DL: the form with a = 1/v, over tr P."""
    _, v = quadratic_form.ordered(y, v)
    return _of_excess(v, 1 / v, tau2)


def of_two_step_dersimonian_laird(y: Array, v: Array, tau2: Array) -> Array:
    """DL2: the form with a = 1/(v + tau²_DL), taken as fixed, over tr P."""
    _, sorted_v = quadratic_form.ordered(y, v)
    return _of_excess(sorted_v, 1 / (sorted_v + dersimonian_laird(y, v)[..., np.newaxis]), tau2)


def of_hedges(y: Array, v: Array, tau2: Array) -> Array:
    """HE: the form with a = 1, over k − 1."""
    _, v = quadratic_form.ordered(y, v)
    return _of_excess(v, np.ones_like(v), tau2)


def of_two_step_hedges(y: Array, v: Array, tau2: Array) -> Array:
    """HE2: the form with a = 1/(v + tau²_HE), taken as fixed, over tr P."""
    _, sorted_v = quadratic_form.ordered(y, v)
    return _of_excess(sorted_v, 1 / (sorted_v + hedges(y, v)[..., np.newaxis]), tau2)


def of_hunter_schmidt(y: Array, v: Array, tau2: Array) -> Array:
    """HS: the form with a = 1/v, over Σ 1/v."""
    _, v = quadratic_form.ordered(y, v)
    a = 1 / v
    return np.asarray(quadratic_form.standard_deviation(v, a, tau2) / np.add.reduce(a, -1))


def of_hunter_schmidt_corrected(y: Array, v: Array, tau2: Array) -> Array:
    """HSk: k/(k − 1) times that of HS."""
    k = y.shape[-1]
    return np.asarray(k / (k - 1) * of_hunter_schmidt(y, v, tau2))


def of_sidik_jonkman(y: Array, v: Array, tau2: Array) -> Array:
    """SJ: tau²_0/(k − 1) times the form with a = 1/(v + tau²_0), tau²_0 taken as fixed."""
    crude = crude_variance(y)
    _, v = quadratic_form.ordered(y, v)
    a = 1 / (v + crude[..., np.newaxis])
    sd = quadratic_form.standard_deviation(v, a, tau2)
    return np.asarray(crude / (y.shape[-1] - 1) * sd)


def of_paule_mandel(y: Array, v: Array, tau2: Array) -> Array:
    """PM, PMM and EB: √(2 k²/(k − 1)) / Σw, w = 1/(v + tau²)."""
    k = y.shape[-1]
    return np.asarray(np.sqrt(2 * k * k / (k - 1)) / np.add.reduce(_weights(v, tau2), -1))


def of_maximum_likelihood(y: Array, v: Array, tau2: Array) -> Array:
    """ML: √(2/Σw²)."""
    w = _weights(v, tau2)
    return np.sqrt(2 / np.vecdot(w, w))


def of_restricted_maximum_likelihood(y: Array, v: Array, tau2: Array) -> Array:
    """REML: √(2/tr PP), P at a = 1/(v + tau²)."""
    _, v = quadratic_form.ordered(y, v)
    # The form with these weights has variance 2 tr(PP) where every study has s = 1.
    return 2 / quadratic_form.standard_deviation(np.ones_like(v), _weights(v, tau2), _zeros(tau2))


def _of_excess(v: Array, a: Array, tau2: Array) -> Array:
    return np.asarray(quadratic_form.standard_deviation(v, a, tau2) / quadratic_form.trace(a))


def _weights(v: Array, tau2: Array) -> Array:
    return np.asarray(1 / (v + np.asarray(tau2)[..., np.newaxis]))


def _zeros(tau2: Array) -> Array:
    return np.zeros(np.shape(tau2))
