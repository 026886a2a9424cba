"""Kenward and Roger's correction of the standard error and its degrees of freedom, for REML."""

from __future__ import annotations

from typing import Any

import numpy as np

from bayes_ps.baseline import quadratic_form
from bayes_ps.baseline.weighting import Pooled


def small_sample(pooled: Pooled) -> tuple[Any, Any]:
    r"""kenward-roger: the variance of mu enlarged for the estimation of tau², t with fitted df.

    .. math:: I = \tfrac12 W_2 - \frac{W_3}{W_1} + \frac{W_2^2}{2 W_1^2}, \quad
              se^2 = \frac{1}{W_1}\left[1 + \frac{2}{I}
                     \left(\frac{W_3}{W_1} - \frac{W_2^2}{W_1^2}\right)\right], \quad
              df = \frac{2 I}{(se^2 W_2)^2}, \quad W_r = \sum w^r

    with I the expected information on tau² of REML, so for ``tau2="REML"`` only. With equal
    standard errors it is Wald's se with k − 1 df. Kenward and Roger's own df, 2 I (W_1/W_2)², has
    the uncorrected 1/W_1 in place of se² and is larger; this one is that of Partlett and Riley and
    of R's meta and pimeta.

    Partlett & Riley 2017, Stat Med 36:301, doi:10.1002/sim.7140; Kenward & Roger 1997, Biometrics
    53:983, doi:10.2307/2533558.
    Test: ``tests/unit/test_baseline_intervals.py``, the general formula by numerical derivatives.
    """
    w = np.sort(pooled.weights, axis=-1)[..., ::-1]
    total, squares = np.add.reduce(w, -1), np.vecdot(w, w)
    spread = np.vecdot(w, (w - (squares / total)[..., np.newaxis]) ** 2) / total
    # tr(PP)/2, from the form with these weights where every study has s = 1.
    sd = quadratic_form.standard_deviation(np.ones_like(w), w, np.zeros(total.shape))
    information = sd**2 / 4
    variance = (1 + 2 * spread / information) / total
    return variance**0.5, 2 * information / (variance * squares) ** 2
