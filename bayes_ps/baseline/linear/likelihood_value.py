"""The log-likelihood of y ~ N(X beta, M), full or restricted, with the constants of metafor."""

from __future__ import annotations

import math

import numpy as np

from bayes_ps.baseline.linear.gls import LeastSquares
from bayes_ps.checks import Array


def log_likelihood(fit: LeastSquares, log_det_M: float, X: Array, *, restricted: bool) -> float:
    r"""log p(y) at the GLS estimate, or log p of k − p orthonormal contrasts of y.

    .. math:: \ell = -\tfrac12 [k \log 2\pi + \log|M| + y'Py], \quad
        \ell_R = -\tfrac12 [(k - p) \log 2\pi + \log|M| + \log|X'M^{-1}X| - \log|X'X| + y'Py]

    With log|XᵀX| the restricted likelihood does not depend on how the columns of X are scaled.
    Programs that leave it out differ by ½ log|XᵀX|.

    Harville 1974, Biometrika 61:383, doi:10.1093/biomet/61.2.383.
    Test: ``tests/golden/test_metafor_multilevel.py``, Konstantopoulos REML −7.9587.
    """
    k, p = X.shape
    if not restricted:
        return -(k * math.log(2 * math.pi) + log_det_M + fit.rss) / 2
    scale = fit.log_det - float(np.linalg.slogdet(X.T @ X)[1])
    return -((k - p) * math.log(2 * math.pi) + log_det_M + scale + fit.rss) / 2
