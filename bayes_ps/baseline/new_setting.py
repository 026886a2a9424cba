"""The prediction interval: where the effect in a new setting is expected."""

from __future__ import annotations

import math
from collections.abc import Callable

from bayes_ps.baseline.interval import Interval, quantile
from bayes_ps.baseline.methods import Method, by_code

PREDICTION = by_code(
    Method[Callable[[int], float]](
        "z", "prediction interval, normal quantiles", "as metafor's test='z'", lambda k: math.inf
    ),
    Method(
        "HTS",
        "Higgins-Thompson-Spiegelhalter prediction interval, t with k - 2 df",
        "doi:10.1111/j.1467-985X.2008.00552.x",
        lambda k: k - 2,
    ),
    Method(
        "k-1", "prediction interval, t with k - 1 df", "as metafor's test='knha'", lambda k: k - 1
    ),
)


def prediction_interval(
    mu: float, se: float, tau2: float, df: float, *, level: float, method: str
) -> Interval | None:
    r"""Where the effect of a new setting is expected: mu ± q √(tau² + se²); None if `df` < 1.

    `se` is that of the chosen interval of the mean, q the quantile of t with `df`. It says where
    theta_new lies, not the estimate of a new study, which has sampling error on top.

    Higgins, Thompson & Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x.
    Test: ``tests/golden/test_metafor_baseline.py``, metafor's predict(), BCG and others.
    """
    if df < 1:
        return None
    half = quantile(level, df) * math.hypot(math.sqrt(tau2), se)
    return Interval(mu - half, mu + half, df, level, method)
