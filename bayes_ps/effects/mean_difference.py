"""MD: the raw difference of two means."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.effects.measure import Arms, Measure


def difference_of_means(arms: Arms, variance: str) -> tuple[Array, Array]:
    r"""y = mean_t − mean_c, se² = sd_t²/n_t + sd_c²/n_c ("LS", unequal variances).

    Same as metafor ``escalc(measure="MD", vtype="LS")`` and RevMan's MD.
    Test: ``tests/golden/test_metafor_escalc.py``, Normand 1999, Edinburgh −20 (6.3646).
    """
    return arms.mean_t - arms.mean_c, np.sqrt(arms.sd_t**2 / arms.n_t + arms.sd_c**2 / arms.n_c)


MD = Measure(
    code="MD",
    compute=difference_of_means,
    variances={
        "LS": "MD with unequal variances, sd²/n of each arm",
        "RevMan": "MD as in RevMan, sd²/n of each arm",
    },
)
