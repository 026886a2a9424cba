"""IRR, IRD: two incidence rates compared."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.reported import Form, Rates


def log_rate_ratio(r: Rates, variance: str) -> tuple[Array, Array]:
    """y = log((x_t/time_t) / (x_c/time_c)), se² = 1/x_t + 1/x_c."""
    y = np.log(r.events_t * r.time_c / (r.time_t * r.events_c))
    return y, np.sqrt(1 / r.events_t + 1 / r.events_c)


def rate_difference(r: Rates, variance: str) -> tuple[Array, Array]:
    """y = x_t/time_t − x_c/time_c, se² = x_t/time_t² + x_c/time_c², in events per unit of time."""
    y = r.events_t / r.time_t - r.events_c / r.time_c
    return y, np.sqrt(r.events_t / r.time_t**2 + r.events_c / r.time_c**2)


IRR = Measure(
    code="IRR",
    compute=log_rate_ratio,
    variances={"LS": "log ratio of incidence rates, Poisson variance"},
    reads=(Form(Rates),),
    ratio=True,
    corrected=True,
    silent=True,
)
IRD = Measure(
    code="IRD",
    compute=rate_difference,
    variances={"LS": "difference of incidence rates, Poisson variance"},
    reads=(Form(Rates),),
    corrected=True,
)
