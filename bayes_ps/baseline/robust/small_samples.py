"""Tests for few clusters: Satterthwaite's df for one contrast, Hotelling's T² for several."""

from __future__ import annotations

import numpy as np
from scipy.special import fdtrc

from bayes_ps.baseline.linear.joint_tests import JointTest
from bayes_ps.baseline.robust.sandwich import Sandwich
from bayes_ps.checks import Array, ModelError


def satterthwaite(sandwich: Sandwich, contrast: Array) -> float:
    r"""Degrees of freedom of cᵀb for `contrast` c (p,), if the working covariance is right.

    .. math:: \nu = \left(\sum_i S_{ii}\right)^2 / \sum_{ij} S_{ij}^2

    S is the covariance of what clusters add to cᵀb. Below about 4 the P values are not to be
    trusted.

    Bell & McCaffrey 2002; Tipton 2015, Psychol Methods 20:375, doi:10.1037/met0000011.
    Test: ``tests/golden/test_clubsandwich.py``, Assink 2016.
    """
    S = sandwich.crossed(contrast, contrast)
    return float(np.trace(S) ** 2 / (S**2).sum())


def hotelling(
    sandwich: Sandwich, covariance: Array, rows: list[int], *, names: tuple[str, ...]
) -> JointTest:
    r"""That the coefficients in `rows` are 0: the approximate Hotelling T² test of Zhang (HTZ).

    .. math:: F = \frac{\eta - q + 1}{\eta q} Q \sim F(q, \eta - q + 1)

    Q is Wald's statistic, and eta the degrees of freedom of a Wishart matrix with the mean and the
    total variance that the sandwich has if the working covariance is right.

    Tipton & Pustejovsky 2015, J Educ Behav Stat 40:604, doi:10.3102/1076998615606099.
    Test: ``tests/golden/test_clubsandwich.py``, F 30.6 on 2 and 0.842 df.
    """
    q = len(rows)
    units = np.eye(sandwich.beta.size)[rows]
    crossed = np.array([[sandwich.crossed(first, second) for second in units] for first in units])
    expected = np.trace(crossed, axis1=2, axis2=3)
    values, vectors = np.linalg.eigh(expected)
    if values[0] <= 1e-12 * values[-1]:
        raise ModelError(
            f"{', '.join(names)} rest on too few clusters to be tested together: no residual shows "
            f"how one of their combinations varies. Test fewer at once."
        )
    root = (vectors / np.sqrt(values)) @ vectors.T
    S = np.einsum("as,bt,abij->stij", root, root, crossed)
    total = float(np.einsum("ssij,ttij->", S, S) + np.einsum("stij,tsij->", S, S))
    eta = q * (q + 1) / total
    df2 = eta - q + 1
    if df2 <= 0:
        raise ModelError(
            f"{', '.join(names)} rest on too few clusters to be tested together (eta {eta:.2g} for "
            f"{q} coefficients). Test fewer at once."
        )
    beta = sandwich.beta[rows]
    wald = float(beta @ np.linalg.solve(covariance[np.ix_(rows, rows)], beta))
    F = df2 / (eta * q) * wald
    return JointTest(F, q, df2, float(fdtrc(q, df2, F)), names)
