"""Tests of several coefficients at once."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, fdtrc

from bayes_ps.checks import Array


@dataclass(frozen=True)
class JointTest:
    """A test that every coefficient in `tested` is 0: F on `df` and `df2`, chi² if `df2` is inf."""

    statistic: float
    df: int
    df2: float
    p: float
    tested: tuple[str, ...]

    def __str__(self) -> str:
        told = ", ".join(self.tested)
        p = f"P = {self.p:.2g}"
        if math.isinf(self.df2):
            return f"chi² {self.statistic:.4g} on {self.df} df ({p}; {told})"
        return f"F {self.statistic:.4g} on {self.df} and {self.df2:.3g} df ({p}; {told})"


def wald_test(
    estimate: Array, covariance: Array, df2: float, *, tested: tuple[str, ...]
) -> JointTest:
    r"""bᵀ V⁻¹ b for `estimate` b (m,) with `covariance` V: chi² with m df, or F = it/m if `df2`.

    Test: ``tests/golden/test_metafor_regression.py``, QM and its F.
    """
    m = estimate.size
    q = float(estimate @ np.linalg.solve(covariance, estimate))
    if math.isinf(df2):
        return JointTest(q, m, df2, float(chdtrc(m, q)), tested)
    return JointTest(q / m, m, df2, float(fdtrc(m, df2, q / m)), tested)
