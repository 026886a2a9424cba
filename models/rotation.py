"""Coordinates of y in which tau and omega change no more than a diagonal: O(k q) a density."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bayes_ps.checks import Array


@dataclass(frozen=True, eq=False)
class Rotation:
    """R (y − mean) ~ N(0, diag(variance + omega²) + tau² Z Z'), columns of Z sharing no row.

    Attributes
    ----------
    R : (k, k), from y to these coordinates.
    variance : (k,) what remains there of the sampling variance.
    Z : (k, q).
    log_det : log |det R|.
    """

    R: Array
    variance: Array
    Z: Array
    log_det: float


def rotate(V: Array, Z: Array, *, within: bool) -> Rotation | None:
    """The coordinates in which V + tau² Z Z' + omega² I is as simple; None if there are none.

    Without omega (`within` False) V and Z Z' are diagonalised together. With omega the columns of
    Z are clusters, and V is diagonalised in each; where V links clusters, nothing is simple.
    """
    if not within:
        L = np.linalg.cholesky(V)
        half = np.linalg.solve(L, Z)
        d, U = np.linalg.eigh(half @ half.T)
        R = np.linalg.solve(L.T, U).T
        shares = np.diag(np.sqrt(np.maximum(d, 0.0)))
        return Rotation(R, np.ones(len(V)), shares, -float(np.log(np.diag(L)).sum()))
    if np.any(V[Z @ Z.T == 0]):
        return None
    R, variance = np.zeros_like(V), np.empty(len(V))
    for member in (Z != 0).T:
        block = np.ix_(member, member)
        variance[member], U = np.linalg.eigh(V[block])
        R[block] = U.T
    return Rotation(R, variance, R @ Z, 0.0)
