"""The prediction interval: where the effect in a new setting is expected."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from bayes_ps.baseline.interval import Interval, quantile
from bayes_ps.baseline.methods import Method, by_code

DegreesOfFreedom = Callable[[int, Any], Any]

PREDICTION = by_code(
    Method[DegreesOfFreedom | None](
        "z",
        "prediction interval, normal quantiles",
        "as metafor's test='z'",
        lambda k, df: math.inf,
    ),
    Method(
        "HTS",
        "Higgins-Thompson-Spiegelhalter prediction interval, t with k - 2 df",
        "doi:10.1111/j.1467-985X.2008.00552.x",
        lambda k, df: k - 2,
    ),
    Method(
        "k-1",
        "prediction interval, t with k - 1 df",
        "as metafor's test='knha'",
        lambda k, df: k - 1,
    ),
    Method(
        "KR",
        "Partlett-Riley prediction interval, t with one df less than Kenward-Roger's",
        "doi:10.1002/sim.7140",
        lambda k, df: df - 1,
    ),
    Method(
        "bootstrap",
        "Nagashima-Noma-Furukawa prediction interval, parametric bootstrap",
        "doi:10.1177/0962280218773520",
        None,
    ),
)


def half_width(se: Any, tau2: Any, df: Any, level: float) -> Any:
    r"""Half a prediction interval: q √(tau² + se²), q the quantile of t with `df`.

    `se` is that of the chosen interval of the mean. It says where theta_new lies, not the estimate
    of a new study, which has sampling error on top.

    Higgins, Thompson & Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x.
    Test: ``tests/golden/test_metafor_baseline.py``, metafor's predict(), BCG and others.
    """
    return quantile(level, df) * np.hypot(np.sqrt(tau2), se)


def prediction_interval(
    mu: float, se: float, tau2: float, df: float, *, level: float, method: str
) -> Interval | None:
    """mu ± :func:`half_width`; None if `df` is not above 0."""
    if df <= 0:
        return None
    half = float(half_width(se, tau2, df, level))
    return Interval(mu - half, mu + half, df, level, method)
