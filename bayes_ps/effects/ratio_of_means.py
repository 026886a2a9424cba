"""ROM: the log of the ratio of two means."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.effects.mean_difference import pooled_variance
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.reported import Arms


def log_ratio_of_means(arms: Arms, variance: str) -> tuple[Array, Array]:
    r"""y = log(mean_t / mean_c); both means above 0, on a scale whose 0 is nothing.

    ============  =============================================================
    variance      se²
    ============  =============================================================
    LS, RevMan    sd_t²/(n_t mean_t²) + sd_c²/(n_c mean_c²)
    HO            sd_pooled² (1/(n_t mean_t²) + 1/(n_c mean_c²))
    ============  =============================================================

    Hedges, Gurevitch & Curtis 1999, Ecology 80:1150, as in metafor.
    Test: ``tests/golden/test_metafor_escalc.py``, to 1e-12.
    """
    var_t, var_c = arms.sd_t**2, arms.sd_c**2
    if variance == "HO":
        var_t = var_c = pooled_variance(arms)
    v = var_t / (arms.n_t * arms.mean_t**2) + var_c / (arms.n_c * arms.mean_c**2)
    return np.log(arms.mean_t / arms.mean_c), np.sqrt(v)


ROM = Measure(
    code="ROM",
    compute=log_ratio_of_means,
    variances={
        "LS": "log ratio of means, unequal variances, by the delta method",
        "HO": "log ratio of means, pooled sd, by the delta method",
        "RevMan": "log ratio of means, unequal variances, by the delta method",
    },
    ratio=True,
    positive=("mean_t", "mean_c"),
)
