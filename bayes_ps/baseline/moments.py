"""Moment estimators of tau²: no assumption on the shape of the distribution of effects."""

from __future__ import annotations

from bayes_ps.baseline.generalised_q import tau2_where_q_is
from bayes_ps.baseline.weighting import pair_sum, pool
from bayes_ps.checks import Array


def common_effect(y: Array, v: Array) -> float:
    """FE: tau² = 0 by assumption, every study estimates one effect."""
    return 0.0


def dersimonian_laird(y: Array, v: Array) -> float:
    r"""DL: what Cochran's Q exceeds its expectation by, in closed form; `y`, `v` are (k,).

    .. math:: \tau^2 = \max\left(0, \frac{Q - (k - 1)}{\sum w - \sum w^2 / \sum w}\right),
              \quad w = 1/v

    Before REML the default of RevMan; too small on average where heterogeneity is large.

    DerSimonian & Laird 1986, Control Clin Trials 7:177, doi:10.1016/0197-2456(86)90046-2.
    Test: ``tests/golden/test_metafor_baseline.py``, BCG log RR 0.3088.
    """
    pooled = pool(y, v, 0.0)
    excess = float(pooled.q) - (y.size - 1)
    return max(0.0, excess * float(pooled.weights.sum() / pair_sum(pooled.weights)))


def paule_mandel(y: Array, v: Array) -> float:
    r"""PM: the tau² at which Q(tau²) = Σ (y − mu)²/(v + tau²) equals its expectation k − 1.

    The same as the empirical Bayes estimator EB. `y`, `v` are (k,).

    Paule & Mandel 1982, J Res Natl Bur Stand 87:377, doi:10.6028/jres.087.022.
    Test: ``tests/golden/test_metafor_baseline.py``, BCG log RR 0.3181.
    """
    return tau2_where_q_is(float(y.size - 1), y, v)
