"""How far the studies disagree: Cochran's Q, I², H² and the Q-profile interval of tau²."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import chdtrc, chdtri

from bayes_ps.baseline.generalised_q import tau2_where_q_is
from bayes_ps.baseline.interval import Interval
from bayes_ps.baseline.weighting import pair_sum, pool
from bayes_ps.checks import Array


@dataclass(frozen=True)
class Heterogeneity:
    """Q with its test, I² in per cent, H², and an interval of tau² (None with one study)."""

    q: float
    q_df: int
    q_p: float
    i2: float
    h2: float
    tau2_interval: Interval | None


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


def typical_variance(v: Array) -> float:
    r"""The sampling variance of a typical study: (k − 1) Σw / ((Σw)² − Σw²), w = 1/v, `v` is (k,).

    Higgins & Thompson 2002, doi:10.1002/sim.1186, equation 9.
    Test: ``tests/golden/test_metafor_baseline.py``, through I² and H².
    """
    weights = 1 / v
    return float((v.size - 1) * weights.sum() / pair_sum(weights))


def q_profile(y: Array, v: Array, level: float) -> Interval:
    r"""Interval of tau² of `level`: where Q(tau²) meets the quantiles of chi² with k − 1 df.

    Exact for normal effects whose `v` are known. An end at which even Q(0) is below its quantile is
    0; if that is the upper end too, no tau² fits and the interval is 0 to 0.

    Viechtbauer 2007, Stat Med 26:37, doi:10.1002/sim.2514.
    Test: ``tests/golden/test_metafor_baseline.py``, BCG log RR 0.1197 to 1.1115.
    """
    df, tail = y.size - 1, (1 - level) / 2
    lower = tau2_where_q_is(float(chdtri(df, tail)), y, v)
    upper = tau2_where_q_is(float(chdtri(df, 1 - tail)), y, v)
    return Interval(lower, upper, df, level, "Q-profile (doi:10.1002/sim.2514)")


def disagreement(y: Array, v: Array, tau2: float | None, level: float) -> Heterogeneity:
    r"""Q of the common effect, I² and H² at `tau2` (None: from Q, as for a common effect).

    I² = 100 tau²/(tau² + s²) and H² = 1 + tau²/s² with s² the typical variance, as in metafor;
    with `tau2` None, I² = 100 max(0, (Q − df)/Q) and H² = Q/df. At tau²_DL both are the same.
    """
    q, df = float(pool(y, v, 0.0).q), y.size - 1
    if df == 0:
        return Heterogeneity(q, df, math.nan, math.nan, math.nan, None)
    if tau2 is None:
        i2, h2 = i2_from_q(q, df), q / df
    else:
        ratio = tau2 / typical_variance(v)
        i2, h2 = 100 * ratio / (1 + ratio), 1 + ratio
    return Heterogeneity(q, df, float(chdtrc(df, q)), i2, h2, q_profile(y, v, level))
