"""The quadratic form y'Py = Σ a (y − ȳ_a)² for any fixed weights a: its value, mean and variance.

With s = v + tau² its mean is tr(PV) + tau² tr(P) and its variance 2 tr(PSPS), where P = A − aa'/Σa,
A = diag(a), V = diag(v) and S = diag(s). Every moment estimator of tau² and its standard error is
made of these three. Only sums of terms >= 0 are used, so that no digit is lost where one study
dwarfs the rest; that needs the most precise study first, see :func:`ordered`.

Jackson 2013, Res Synth Methods 4:220, doi:10.1002/jrsm.1081; DerSimonian & Kacker 2007,
Contemp Clin Trials 28:105, doi:10.1016/j.cct.2006.04.004.
"""

from __future__ import annotations

import numpy as np

from bayes_ps.baseline.weighting import pair_sum
from bayes_ps.checks import Array


def ordered(y: Array, v: Array) -> tuple[Array, Array]:
    """The studies with the most precise one first, `y` less its estimate: (..., k) each."""
    if v.ndim == 1:
        order = v.argsort(kind="stable")
        y, v = y[order], v[order]
        return y - y[0], v
    order = v.argsort(axis=-1, kind="stable")
    y, v = (np.take_along_axis(each, order, -1) for each in (y, v))
    return y - y[..., :1], v


def value(y: Array, a: Array) -> Array:
    """y'Py = Σ a (y − ȳ_a)², for `y` and `a` (..., k)."""
    centred = y - (np.vecdot(a, y) / np.add.reduce(a, -1))[..., np.newaxis]
    return np.vecdot(a * centred, centred)


def sum_of_squares(y: Array) -> Array:
    """Σ (y − ȳ)², for `y` (..., k)."""
    centred = y - (np.add.reduce(y, -1) / y.shape[-1])[..., np.newaxis]
    return np.vecdot(centred, centred)


def trace(a: Array) -> Array:
    """tr P, for `a` (..., k) with the largest first."""
    return np.asarray(np.add.reduce(_diagonal(a), -1))


def mean(v: Array, a: Array) -> Array:
    """tr PV, the mean of y'Py at tau² = 0, for `v` and `a` (..., k), the largest `a` first."""
    return np.vecdot(_diagonal(a), v)


def standard_deviation(v: Array, a: Array, tau2: Array) -> Array:
    """√(2 tr(PSPS)) at `tau2` (...), for `v` and `a` (..., k), the largest `a` first."""
    s = v + np.asarray(tau2)[..., np.newaxis]
    own = _diagonal(a) * s
    between = pair_sum(a * a * s) / np.add.reduce(a, -1) ** 2
    return np.asarray(np.sqrt(2 * (np.vecdot(own, own) + between)))


def _diagonal(a: Array) -> Array:
    """P_ii = a_i Σ_{j≠i} a_j / Σa."""
    total = np.add.reduce(a, -1)[..., np.newaxis]
    others = total - a
    others[..., 0] = np.add.reduce(a[..., 1:], -1)
    return np.asarray(a * others / total)
