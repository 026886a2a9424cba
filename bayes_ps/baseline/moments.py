"""Moment estimators of tau²: no assumption on the shape of the distribution of effects.

Each takes `y` and `v`, (k,) for one analysis or (..., k) for many, and gives tau² of shape (...).
"""

from __future__ import annotations

import numpy as np
from scipy.special import chdtri

from bayes_ps.baseline import quadratic_form
from bayes_ps.baseline.generalised_q import tau2_where_q_is
from bayes_ps.checks import Array


def common_effect(y: Array, v: Array) -> Array:
    """FE: tau² = 0 by assumption, every study estimates one effect."""
    return np.zeros(y.shape[:-1])


def dersimonian_laird(y: Array, v: Array) -> Array:
    r"""DL: what Cochran's Q exceeds its expectation by, in closed form.

    .. math:: \tau^2 = \max\left(0, \frac{Q - (k - 1)}{\sum w - \sum w^2 / \sum w}\right),
              \quad w = 1/v

    Before REML the default of RevMan; too small on average where heterogeneity is large.

    DerSimonian & Laird 1986, Control Clin Trials 7:177, doi:10.1016/0197-2456(86)90046-2.
    Test: ``tests/golden/test_metafor_baseline.py``, BCG log RR 0.3088.
    """
    y, v = quadratic_form.ordered(y, v)
    return _excess(y, v, 1 / v)


def two_step_dersimonian_laird(y: Array, v: Array) -> Array:
    """DL2: DerSimonian-Laird again, with the weights 1/(v + tau²_DL) of its first result.

    metafor: ``method="GENQ", weights=1/(vi + tau2)``. Closer to Paule-Mandel, which is its limit.

    DerSimonian & Kacker 2007, Contemp Clin Trials 28:105, doi:10.1016/j.cct.2006.04.004.
    Test: ``tests/golden/test_papers_baseline.py``, CLASP tau 0.3254 (table 3 there).
    """
    y, v = quadratic_form.ordered(y, v)
    first = _excess(y, v, 1 / v)
    return _excess(y, v, 1 / (v + first[..., np.newaxis]))


def hedges(y: Array, v: Array) -> Array:
    r"""HE: the variance of the estimates less the mean of their sampling variances.

    .. math:: \tau^2 = \max\left(0, \frac{\sum (y - \bar y)^2}{k - 1} - \bar v\right)

    Unbiased before it is cut off at 0, but inefficient where precisions differ. Also known as
    Cochran's ANOVA estimator, Hedges-Olkin, or the variance component estimator.

    Hedges & Olkin 1985, Statistical Methods for Meta-Analysis, p. 194.
    Test: ``tests/golden/test_papers_baseline.py``, Viechtbauer 2005 p. 271, 0.148.
    """
    y, v = quadratic_form.ordered(y, v)
    return _excess(y, v, np.ones_like(v))


def two_step_hedges(y: Array, v: Array) -> Array:
    """HE2: DerSimonian-Laird with the weights 1/(v + tau²_HE); DerSimonian & Kacker's "CA2".

    doi:10.1016/j.cct.2006.04.004. Test: ``tests/golden/test_papers_baseline.py``, CLASP tau 0.3831.
    """
    y, v = quadratic_form.ordered(y, v)
    first = _excess(y, v, np.ones_like(v))
    return _excess(y, v, 1 / (v + first[..., np.newaxis]))


def hunter_schmidt(y: Array, v: Array) -> Array:
    r"""HS: :math:`\max(0, (Q - k)/\sum w)`, w = 1/v. Too small on average.

    Hunter & Schmidt 1990; as in Viechtbauer 2005, doi:10.3102/10769986030003261.
    Test: ``tests/golden/test_papers_baseline.py``, Viechtbauer 2005 p. 271, 0.228.
    """
    y, v = quadratic_form.ordered(y, v)
    a, k = 1 / v, y.shape[-1]
    return np.maximum(0, (quadratic_form.value(y, a) - k) / np.add.reduce(a, -1))


def hunter_schmidt_corrected(y: Array, v: Array) -> Array:
    r"""HSk: :math:`\max(0, (Q k/(k-1) - k)/\sum w)`, HS with a small-sample correction.

    Brannick, Potter, Benitez & Morris 2019, Organ Res Methods 22:490,
    doi:10.1177/1094428117741966.
    Test: ``tests/golden/test_metafor_baseline.py``, BCG log RR 0.2492.
    """
    y, v = quadratic_form.ordered(y, v)
    a, k = 1 / v, y.shape[-1]
    return np.maximum(0, (k / (k - 1) * quadratic_form.value(y, a) - k) / np.add.reduce(a, -1))


def sidik_jonkman(y: Array, v: Array) -> Array:
    r"""SJ: a crude tau²_0, corrected once; above 0 unless all estimates are the same.

    .. math:: \tau_0^2 = \tfrac1k \sum (y - \bar y)^2, \qquad
              \tau^2 = \frac{\tau_0^2}{k - 1} \sum w (y - \mu)^2, \quad w = 1/(v + \tau_0^2)

    Too large on average where heterogeneity is small.

    Sidik & Jonkman 2005, J R Stat Soc C 54:367, doi:10.1111/j.1467-9876.2005.00489.x.
    Test: ``tests/golden/test_papers_baseline.py``, Viechtbauer 2005 p. 271, 0.199.
    """
    y, v = quadratic_form.ordered(y, v)
    crude = crude_variance(y)
    form = quadratic_form.value(y, 1 / (v + crude[..., np.newaxis]))
    return np.asarray(crude / (y.shape[-1] - 1) * form)


def crude_variance(y: Array) -> Array:
    """Sidik and Jonkman's first guess of tau²: Σ (y − ȳ)²/k, for `y` (..., k)."""
    return np.asarray(quadratic_form.sum_of_squares(y) / y.shape[-1])


def paule_mandel(y: Array, v: Array) -> Array:
    r"""PM: the tau² at which Q(tau²) = Σ (y − mu)²/(v + tau²) equals its expectation k − 1.

    The same as the empirical Bayes estimator EB.

    Paule & Mandel 1982, J Res Natl Bur Stand 87:377, doi:10.6028/jres.087.022.
    Test: ``tests/golden/test_metafor_baseline.py``, BCG log RR 0.3181.
    """
    return tau2_where_q_is(y.shape[-1] - 1, y, v)


def median_unbiased_paule_mandel(y: Array, v: Array) -> Array:
    """PMM: the tau² at which Q(tau²) equals the median of chi² with k − 1 df.

    It is above and below the true tau² equally often. Larger than PM, as the median of chi² is
    below its mean.

    Viechtbauer 2021, European Congress of Methodology, Valencia; metafor's ``method="PMM"``.
    Test: ``tests/golden/test_metafor_baseline.py``, BCG log RR 0.3434.
    """
    return tau2_where_q_is(chdtri(y.shape[-1] - 1, 0.5), y, v)


def _excess(y: Array, v: Array, a: Array) -> Array:
    """(y'Py − tr(PV))/tr(P) for weights `a`, not below 0: the generalised method of moments."""
    surplus = quadratic_form.value(y, a) - quadratic_form.mean(v, a)
    return np.maximum(0, surplus / quadratic_form.trace(a))
