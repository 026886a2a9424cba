"""The mean effect with its interval: which standard error, how many degrees of freedom."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr, stdtr

from bayes_ps.baseline.interval import quantile
from bayes_ps.baseline.weighting import Pooled
from bayes_ps.checks import Array


@dataclass(frozen=True, eq=False)
class Given:
    """What an interval of mu is made from: y and v (..., k), tau² (...), the pool, the level."""

    y: Array
    v: Array
    tau2: Any
    pooled: Pooled
    level: float


@dataclass(frozen=True)
class MeanEffect:
    """mu with its standard error, interval, and test of mu = 0.

    `df` is inf for the normal, and None where neither t nor the normal made the interval.
    """

    mu: Any
    se: Any
    lower: Any
    upper: Any
    statistic: Any
    df: Any
    p: Any


def estimated_mean(mu: Any, se: Any, df: Any, level: float) -> MeanEffect:
    r"""mu ± q se with quantiles of t on `df`, or normal ones; statistic = mu/se and two-sided P.

    With se = 0 (identical estimates, Hartung-Knapp) the statistic is infinite, or 0 at mu = 0.
    """
    half = quantile(level, df) * se
    statistic: Any
    if isinstance(mu, np.ndarray):
        with np.errstate(divide="ignore", invalid="ignore"):
            statistic = np.where(mu == 0, 0.0, mu / se)
    else:
        statistic = mu / se if se > 0 else math.copysign(math.inf, mu) if mu else 0.0
    normal = not isinstance(df, np.ndarray) and math.isinf(df)
    tail = ndtr(-abs(statistic)) if normal else stdtr(df, -abs(statistic))
    p = 2 * tail if isinstance(tail, np.ndarray) else 2 * float(tail)
    return MeanEffect(mu, se, mu - half, mu + half, statistic, df, p)


def wald(pooled: Pooled) -> tuple[Any, Any]:
    """Wald: se = 1/√Σw with normal quantiles, as if tau² were known. Too narrow for few studies.

    DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2.
    Test: ``tests/golden/test_metafor_baseline.py``, metafor's ``test="z"``.
    """
    return pooled.se, math.inf


def wald_t(pooled: Pooled) -> tuple[Any, Any]:
    """t: the Wald standard error with quantiles of t on k − 1 degrees of freedom.

    Follmann & Proschan 1999, Biometrics 55:732, doi:10.1111/j.0006-341X.1999.00732.x.
    Test: ``tests/golden/test_metafor_baseline.py``, metafor's ``test="t"``.
    """
    return pooled.se, pooled.k - 1


def knapp_hartung(pooled: Pooled) -> tuple[Any, Any]:
    r"""hksj: se = √(Q(tau²)/(k − 1)) · 1/√Σw, with t on k − 1 degrees of freedom.

    Keeps its level for few studies, but can come out narrower than Wald where studies happen to
    agree, and is very wide for two.

    Hartung & Knapp 2001, doi:10.1002/sim.1009; Sidik & Jonkman 2002, doi:10.1002/sim.1262;
    Knapp & Hartung 2003, doi:10.1002/sim.1482.
    Test: ``tests/golden/test_metafor_baseline.py``, metafor's ``test="knha"``.
    """
    df = pooled.k - 1
    return pooled.se * (pooled.q / df) ** 0.5, df


def knapp_hartung_floored(pooled: Pooled) -> tuple[Any, Any]:
    """hksj-adhoc, hksj-truncated: as hksj, but its standard error never falls below Wald's.

    Q(tau²)/(k − 1) is truncated at 1. Also "modified Knapp-Hartung" (mKH).

    Knapp & Hartung 2003, doi:10.1002/sim.1482; Röver et al. 2015, doi:10.1186/s12874-015-0091-1.
    Test: ``tests/golden/test_metafor_baseline.py``, metafor's ``test="adhoc"``.
    """
    se, df = knapp_hartung(pooled)
    return np.maximum(se, pooled.se), df
