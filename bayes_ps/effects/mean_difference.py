"""MD: the raw difference of two means."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.reported import Arms


def pooled_variance(arms: Arms) -> Array:
    """((n_t − 1) sd_t² + (n_c − 1) sd_c²) / (n_t + n_c − 2)."""
    df_t, df_c = arms.n_t - 1, arms.n_c - 1
    return (df_t * arms.sd_t**2 + df_c * arms.sd_c**2) / (df_t + df_c)


def difference_of_means(arms: Arms, variance: str) -> tuple[Array, Array]:
    r"""y = mean_t − mean_c.

    ============  ======================================================
    variance      se²
    ============  ======================================================
    LS, RevMan    sd_t²/n_t + sd_c²/n_c
    HO            sd_pooled² (1/n_t + 1/n_c), equal variances assumed
    ============  ======================================================

    LS and HO are metafor's ``escalc(measure="MD", vtype=...)``; RevMan's MD is LS.
    Test: ``tests/golden/test_metafor_escalc.py``, Normand 1999, Edinburgh −20 (6.3646).
    """
    y = arms.mean_t - arms.mean_c
    if variance == "HO":
        return y, np.sqrt(pooled_variance(arms) * (1 / arms.n_t + 1 / arms.n_c))
    return y, np.sqrt(arms.sd_t**2 / arms.n_t + arms.sd_c**2 / arms.n_c)


MD = Measure(
    code="MD",
    compute=difference_of_means,
    variances={
        "LS": "MD with unequal variances, sd²/n of each arm",
        "HO": "MD with equal variances, pooled sd² (1/n + 1/n)",
        "RevMan": "MD as in RevMan, sd²/n of each arm",
    },
)
