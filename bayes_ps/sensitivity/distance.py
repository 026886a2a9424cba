"""How far two distributions lie apart: the cumulative Jensen-Shannon distance of priorsense."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array

PANELS, POINTS = 12, 24


def grid(low: float, high: float) -> tuple[Array, Array]:
    """Points and weights of Gauss-Legendre rules between `low` and `high`."""
    x, w = np.polynomial.legendre.leggauss(POINTS)
    edges = np.linspace(low, high, PANELS + 1)
    half = np.diff(edges)[:, None] / 2
    return (edges[:-1, None] + half * (1 + x)).ravel(), (half * w).ravel()


def cjs_distance(P: Array, Q: Array, weight: Array) -> float:
    r"""Distance of two distribution functions, given at the points of a rule with these weights.

    sqrt(∫ P log2(P / M) + Q log2(Q / M) dx / ∫ P + Q dx) with M = (P + Q) / 2, or the same of the
    survival functions where that is larger; 0 to 1. Nguyen & Vreeken 2015,
    doi:10.1007/978-3-319-23525-7_11, as normalised by Kallioinen et al. 2023,
    doi:10.1007/s11222-023-10366-5.
    """
    return max(_one_sided(P, Q, weight), _one_sided(1 - P, 1 - Q, weight))


def _one_sided(P: Array, Q: Array, weight: Array) -> float:
    total = P + Q
    r = np.divide(P - Q, total, out=np.zeros_like(total), where=total > 0)
    apart = total / 2 * (_x_log(1 + r, r) + _x_log(1 - r, -r)) / np.log(2)
    return float(np.sqrt(max(float(weight @ apart), 0.0) / float(weight @ total)))


def _x_log(x: Array, r: Array) -> Array:
    """x log x at x = 1 + r, accurate for small r."""
    return x * np.log1p(r, out=np.zeros_like(r), where=x > 0)


def gradient(below: float, above: float, step: float = 0.01) -> float:
    """Change a doubling of alpha, from the distances at alpha = 1 − `step` and 1 + `step`."""
    return float((above / np.log2(1 + step) - below / np.log2(1 - step)) / 2)
