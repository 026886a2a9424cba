"""A weighted straight line: how effects change with the size of a study."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bayes_ps.baseline.methods import chosen
from bayes_ps.baseline.regression.estimators import RESIDUAL_TAU2
from bayes_ps.baseline.regression.weighting import independent_studies
from bayes_ps.checks import Array
from bayes_ps.effects import Effects


@dataclass(frozen=True)
class Line:
    """y = intercept + slope x, and how sure both are.

    Parameters
    ----------
    intercept, slope : with their standard errors `se_intercept`, `se_slope`.
    df : degrees of freedom of their t distribution; inf for the normal.
    dispersion : by which the variances were multiplied; 1 where tau² is added instead.
    tau2 : what was added to the variances; 0 where they are multiplied instead.
    """

    intercept: float
    slope: float
    se_intercept: float
    se_slope: float
    df: float
    dispersion: float
    tau2: float


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """Weighted least squares of y on (1, x): sums of which tests are made.

    `total` is Σ w, `center` the weighted mean of x, `spread` Σ w (x − center)².
    """

    intercept: float
    slope: float
    total: float
    center: float
    spread: float
    residuals: Array


def least_squares(y: Array, x: Array, weights: Array) -> LeastSquares:
    """Least squares from differences to the weighted means, so that a large mean costs no digit."""
    total = float(weights.sum())
    center = float(weights @ x) / total
    mean = float(y[0]) + float(weights @ (y - y[0])) / total
    spread = float(weights @ (x - center) ** 2)
    slope = float((weights * (x - center)) @ (y - mean)) / spread
    residuals = y - mean - slope * (x - center)
    return LeastSquares(mean - slope * center, slope, total, center, spread, residuals)


def multiplicative_line(y: Array, x: Array, weights: Array) -> Line:
    """The line of R's ``lm(y ~ x, weights=)``: variances 1/weights times an estimated dispersion.

    `y`, `x`, `weights` are (k,), k > 2. Test: ``tests/golden/test_metafor_small_study.py``.
    """
    fit, df = least_squares(y, x, weights), y.size - 2
    dispersion = float(weights @ fit.residuals**2) / df
    return _line(fit, df, dispersion, tau2=0.0)


def additive_line(effects: Effects, x: Array, tau2: str) -> Line:
    """The line of a mixed-effects meta-regression: variances se² + tau² by `tau2`, z tests."""
    X = np.column_stack([np.ones(effects.k), x])
    estimator = chosen(RESIDUAL_TAU2, tau2, "tau2")
    between = float(estimator.compute(independent_studies(effects, X)))
    fit = least_squares(effects.y, x, 1 / (effects.se**2 + between))
    return _line(fit, math.inf, 1.0, tau2=between)


def _line(fit: LeastSquares, df: float, dispersion: float, *, tau2: float) -> Line:
    of_intercept = 1 / fit.total + fit.center**2 / fit.spread
    return Line(
        intercept=fit.intercept,
        slope=fit.slope,
        se_intercept=math.sqrt(dispersion * of_intercept),
        se_slope=math.sqrt(dispersion / fit.spread),
        df=df,
        dispersion=dispersion,
        tau2=tau2,
    )
