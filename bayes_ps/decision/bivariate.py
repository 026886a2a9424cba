"""P(two normals are both above 0), in closed form by Owen's T."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, owens_t

from bayes_ps.checks import Array


def beyond_both(mean: Array, sd: Array, covariance: Array) -> Array:
    r"""P(X > 0 and Y > 0) of bivariate normals; one whose sd is 0 is known for sure, 0 not above.

    With h = mean / sd and r the correlation, Phi2(h, k; r) is

        (Phi(h) + Phi(k)) / 2 − T(h, (k − r h) / (h s)) − T(k, (h − r k) / (k s)) − d,

    s = sqrt(1 − r²), d = 1/2 where h and k have different signs, else 0. Owen 1956,
    doi:10.1214/aoms/1177728074.

    Parameters
    ----------
    mean, sd : (n, 2).
    covariance : (n,) of the two.

    Returns
    -------
    (n,) Absolute error below 1e-14. Test: ``tests/unit/test_decision_together.py``, against 30
    digits.
    """
    known = sd == 0
    scale = np.where(known, 1.0, sd)
    h, k = np.where(known, np.where(mean > 0, 40.0, -40.0), mean / scale).T
    r = np.where(known.any(axis=1), 0.0, np.clip(covariance / scale.prod(axis=1), -1, 1))
    both = (ndtr(h) + ndtr(k)) / 2 - _half(h, k, r) - _half(k, h, r)
    apart = (h * k < 0) | ((h * k == 0) & (h + k < 0))
    return np.clip(both - apart / 2, 0, np.minimum(ndtr(h), ndtr(k)))


def _half(h: Array, k: Array, r: Array) -> Array:
    """T(h, a) with a = (k − r h) / (h s); its limits at h = 0 and at |r| = 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (k - r * h) / (h * np.sqrt((1 - r) * (1 + r)))
        at_origin = np.arctan(np.sqrt((1 - r) / (1 + r)))
    limit = np.where(k == 0, at_origin, np.copysign(np.pi / 2, k)) / (2 * np.pi)
    return np.where(h == 0, limit, owens_t(h, np.where(np.isnan(slope), 0.0, slope)))
