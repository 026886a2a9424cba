"""How far the studies disagree: Cochran's Q, I² and H² by both definitions, and their intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtrc, ndtri

from bayes_ps.baseline.interval import Interval
from bayes_ps.baseline.quadratic_form import value
from bayes_ps.baseline.weighting import pair_sum
from bayes_ps.checks import Array

TEST_BASED = "test-based, from Q (doi:10.1002/sim.1186)"


@dataclass(frozen=True)
class Heterogeneity:
    """Q with its test, I² in per cent and H²; NaN where one study says nothing."""

    q: float
    q_df: int
    q_p: float
    i2: float
    h2: float


def i2_from_q(q: float, df: int) -> float:
    r"""I² in per cent from Cochran's Q: 100 max(0, (Q − df)/Q); RevMan's I² under FE and DL.

    The share of the variation of the estimates that is not chance. It is not how much effects
    differ: that is tau, and the prediction interval. NaN with one study (df = 0).

    Higgins & Thompson 2002, Stat Med 21:1539, doi:10.1002/sim.1186.
    Test: ``tests/golden/test_metafor_baseline.py``, BCG log RR 92.12 (Q 152.23, df 12).
    """
    if df == 0:
        return math.nan
    return 100 * (q - df) / q if q > df else 0.0


def typical_variance(v: Array) -> Array:
    r"""The sampling variance of a typical study: (k − 1) Σw / ((Σw)² − Σw²), w = 1/v, `v` (..., k).

    Higgins & Thompson 2002, doi:10.1002/sim.1186, equation 9.
    Test: ``tests/golden/test_metafor_baseline.py``, through I² and H².
    """
    weights = 1 / v
    return np.asarray((v.shape[-1] - 1) * np.add.reduce(weights, -1) / pair_sum(weights))


def disagreement(y: Array, v: Array, tau2: float | None) -> Heterogeneity:
    r"""Q of the common effect, I² and H² at `tau2` (None: from Q, as for a common effect).

    I² = 100 tau²/(tau² + s²) and H² = 1 + tau²/s² with s² the typical variance, as in metafor;
    with `tau2` None, I² = 100 max(0, (Q − df)/Q) and H² = Q/df. At tau²_DL both are the same.
    """
    q, df = float(value(y - y[v.argmin()], 1 / v)), y.size - 1
    if df == 0:
        return Heterogeneity(q, df, math.nan, math.nan, math.nan)
    if tau2 is None:
        i2, h2 = i2_from_q(q, df), q / df
    else:
        ratio = tau2 / float(typical_variance(v))
        i2, h2 = 100 * ratio / (1 + ratio), 1 + ratio
    return Heterogeneity(q, df, float(chdtrc(df, q)), i2, h2)


def i2_at(tau2: Interval, v: Array) -> Interval:
    """I² = 100 tau²/(tau² + s²), in per cent, at the ends of an interval of tau², as metafor's."""
    typical = float(typical_variance(v))
    low, high = (100 * end / (end + typical) for end in tau2)
    return replace(tau2, lower=low, upper=high)


def h2_at(tau2: Interval, v: Array) -> Interval:
    """H² = 1 + tau²/s² at the ends of an interval of tau², as metafor's confint()."""
    typical = float(typical_variance(v))
    low, high = (1 + end / typical for end in tau2)
    return replace(tau2, lower=low, upper=high)


def h2_interval_from_q(q: float, df: int, level: float) -> Interval | None:
    r"""The test-based interval of H² = Q/df, not below 1; None with one study, or two where Q <= 2.

    Normal in ln H, which starts from max(1, H), with the standard error

    .. math:: \tfrac12 \frac{\ln Q - \ln(k-1)}{\sqrt{2Q} - \sqrt{2k-3}} \text{ if } Q > k,
              \quad \sqrt{\frac{1}{2(k-2)} \left(1 - \frac{1}{3 (k-2)^2}\right)} \text{ otherwise}

    Higgins & Thompson 2002, doi:10.1002/sim.1186, p. 1549; the same as R's meta.
    Test: ``tests/golden/test_papers_baseline.py``, Q 198.57, df 19: H 2.74 to 3.82.
    """
    k = df + 1
    if k < 2 or (k == 2 and q <= k):
        return None
    if q > k:
        error = (math.log(q) - math.log(df)) / (math.sqrt(2 * q) - math.sqrt(2 * k - 3)) / 2
    else:
        error = math.sqrt((1 - 1 / (3 * (k - 2) ** 2)) / (2 * (k - 2)))
    centre, half = math.log(max(1.0, q / df)), 2 * float(ndtri((1 + level) / 2)) * error
    low, high = (max(1.0, math.exp(centre + sign * half)) for sign in (-1, 1))
    return Interval(low, high, math.inf, level, TEST_BASED)


def i2_of(h2: Interval) -> Interval:
    """I² = 100 (1 − 1/H²), in per cent, at the ends of an interval of H²."""
    low, high = (100 * (1 - 1 / end) for end in h2)
    return replace(h2, lower=low, upper=high)
