"""The confidence interval of the mean: which standard error, how many degrees of freedom."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, stdtr

from bayes_ps.baseline.interval import quantile
from bayes_ps.baseline.methods import Method, by_code
from bayes_ps.baseline.weighting import Pooled

SEandDF = Callable[[Pooled], tuple[float, float]]


@dataclass(frozen=True)
class MeanEffect:
    """mu with its standard error, interval, and test of mu = 0; `df` is inf for the normal."""

    mu: float
    se: float
    lower: float
    upper: float
    level: float
    statistic: float
    df: float
    p: float


def estimated_mean(pooled: Pooled, method: SEandDF, level: float) -> MeanEffect:
    r"""mu ± q se with the `se` and `df` of `method`; statistic = mu/se and its two-sided P.

    With se = 0 (identical estimates, Hartung-Knapp) the statistic is infinite, or NaN at mu = 0.
    """
    mu, (se, df) = float(pooled.mu), method(pooled)
    half = quantile(level, df) * se
    statistic = mu / se if se > 0 else math.copysign(math.inf, mu) if mu else math.nan
    tail = ndtr(-abs(statistic)) if math.isinf(df) else stdtr(df, -abs(statistic))
    return MeanEffect(mu, se, mu - half, mu + half, level, statistic, df, 2 * float(tail))


def wald(pooled: Pooled) -> tuple[float, float]:
    """Wald: se = 1/√Σw with normal quantiles, as if tau² were known. Too narrow for few studies.

    DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2.
    Test: ``tests/golden/test_metafor_baseline.py``, metafor's ``test="z"``.
    """
    return float(pooled.se), math.inf


def wald_t(pooled: Pooled) -> tuple[float, float]:
    """t: the Wald standard error with quantiles of t on k − 1 degrees of freedom.

    Follmann & Proschan 1999, Biometrics 55:732, doi:10.1111/j.0006-341X.1999.00732.x.
    Test: ``tests/golden/test_metafor_baseline.py``, metafor's ``test="t"``.
    """
    return float(pooled.se), pooled.weights.size - 1


def knapp_hartung(pooled: Pooled) -> tuple[float, float]:
    r"""hksj: se = √(Q(tau²)/(k − 1)) · 1/√Σw, with t on k − 1 degrees of freedom.

    Keeps its level for few studies, but can come out narrower than Wald where studies happen to
    agree, and is very wide for two.

    Hartung & Knapp 2001, doi:10.1002/sim.1009; Sidik & Jonkman 2002, doi:10.1002/sim.1262;
    Knapp & Hartung 2003, doi:10.1002/sim.1482.
    Test: ``tests/golden/test_metafor_baseline.py``, metafor's ``test="knha"``.
    """
    df = pooled.weights.size - 1
    return float(pooled.se * np.sqrt(pooled.q / df)), df


def knapp_hartung_floored(pooled: Pooled) -> tuple[float, float]:
    """hksj-adhoc: as hksj, but its standard error never falls below Wald's.

    Knapp & Hartung 2003, doi:10.1002/sim.1482; Röver et al. 2015, doi:10.1186/s12874-015-0091-1.
    Test: ``tests/golden/test_metafor_baseline.py``, metafor's ``test="adhoc"``.
    """
    se, df = knapp_hartung(pooled)
    return max(se, float(pooled.se)), df


CI = by_code(
    Method[SEandDF]("wald", "Wald, normal quantiles", "doi:10.1016/0197-2456(86)90046-2", wald),
    Method("t", "Wald, t with k - 1 df", "doi:10.1111/j.0006-341X.1999.00732.x", wald_t),
    Method(
        "hksj",
        "Hartung-Knapp-Sidik-Jonkman, t with k - 1 df",
        "doi:10.1002/sim.1482",
        knapp_hartung,
    ),
    Method(
        "hksj-adhoc",
        "Hartung-Knapp-Sidik-Jonkman with se never below Wald, t with k - 1 df",
        "doi:10.1186/s12874-015-0091-1",
        knapp_hartung_floored,
    ),
)
