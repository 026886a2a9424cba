"""Estimators of the residual tau²: by their definition in dense matrices, and by their score."""

import numpy as np
import pytest
from pytest import approx
from scipy.stats import chi2

from bayes_ps.baseline.regression.estimators import RESIDUAL_TAU2
from bayes_ps.baseline.regression.weighting import Studies, independent_studies
from tests import references
from tests.unit.making import made

Y = np.array([-0.9, -1.6, 0.3, -1.4, -0.2, 0.8, 1.9, 0.0, -0.5, 1.2])
V = np.array([0.33, 0.19, 0.42, 0.02, 0.05, 0.01, 0.22, 0.004, 0.06, 0.07])
X = np.column_stack([np.ones(10), np.arange(10.0) ** 1.5, [0, 1, 1, 0, 0, 1, 0, 1, 1, 0]])
K, P = X.shape
CASES = {"spread": (Y, V), "alike": (0.1 * Y + X @ [1, 0.2, -0.5], 50 * V), "tight": (Y, V / 100)}
EACH = pytest.mark.parametrize("case", CASES)


def studies(y, v, X=X) -> Studies:
    return Studies(y, X, v, np.ones(y.size), float(np.var(y)))


def projection(W, X=X):
    return W - W @ X @ np.linalg.solve(X.T @ W @ X, X.T @ W)


def estimate(code, y, v, X=X):
    return RESIDUAL_TAU2[code].compute(studies(y, v, X))


@EACH
def test_moment_estimators_by_definition(case):
    y, v = CASES[case]
    fixed, plain = projection(np.diag(1 / v)), projection(np.eye(K))
    q, df = y @ fixed @ y, K - P
    start = np.var(y)
    after = y @ projection(np.diag(1 / (v + start))) @ y
    expected = {
        "FE": 0.0,
        "DL": (q - df) / np.trace(fixed),
        "HE": (y @ plain @ y - np.trace(plain @ np.diag(v))) / df,
        "HS": (q - K) / (1 / v).sum(),
        "HSk": (q * K / df - K) / (1 / v).sum(),
        "SJ": start * after / df,
    }
    for code, value in expected.items():
        assert estimate(code, y, v) == approx(max(0.0, value), rel=1e-11, abs=1e-14), code


@EACH
@pytest.mark.parametrize(
    ("code", "target"), [("PM", K - P), ("EB", K - P), ("PMM", chi2.median(K - P))]
)
def test_paule_mandel_by_definition(case, code, target):
    y, v = CASES[case]
    found = estimate(code, y, v)
    q = y @ projection(np.diag(1 / (v + found))) @ y
    assert q == approx(target, rel=1e-11) if found > 0 else q <= target


def dense_log_likelihood(tau2, y, v, restricted):
    M = np.diag(v + tau2)
    W = np.linalg.inv(M)
    value = np.linalg.slogdet(M)[1] + y @ projection(W) @ y
    if restricted:
        value += np.linalg.slogdet(X.T @ W @ X)[1]
    return -value / 2


def dense_score(tau2, y, v, restricted):
    W = np.diag(1 / (v + tau2))
    projected = projection(W)
    trace = np.trace(projected if restricted else W)
    return (y @ projected @ projected @ y - trace) / 2


@EACH
@pytest.mark.parametrize(("code", "restricted"), [("ML", False), ("REML", True)])
def test_likelihood_estimators_have_score_0_and_no_higher_point(case, code, restricted):
    y, v = CASES[case]
    found = estimate(code, y, v)
    score = dense_score(found, y, v, restricted)
    if found == 0:
        assert score <= 0
    else:
        size = (1 / (v + found)).sum()
        assert abs(score) < 1e-9 * size
    best = dense_log_likelihood(found, y, v, restricted)
    others = [0.0, *np.geomspace(1e-6, 1e4, 400)]
    assert max(dense_log_likelihood(t, y, v, restricted) for t in others) <= best + 1e-10


def test_likelihood_with_two_maxima_gives_the_higher():
    """Precise studies that agree, imprecise ones that do not: 0 is a maximum, 35 the higher."""
    v = np.array([1e-4, 1e-4, 1e-4, 1e-4, 4.0, 4.0, 4.0, 4.0])
    y = np.array([0.0, 0.01, -0.01, 0.0, 9.0, -9.0, 8.0, -8.0])

    def value(tau2):
        w = 1 / (v + tau2)
        mu = w @ y / w.sum()
        return (np.log(w).sum() - np.log(w.sum()) - w @ (y - mu) ** 2) / 2

    found = estimate("REML", y, v, np.ones((8, 1)))
    assert value(0.0) > value(1e-3) > value(0.2) < value(found)
    assert value(found) > max(value(0.0), value(0.999 * found), value(1.001 * found))


@pytest.mark.parametrize("code", RESIDUAL_TAU2)
def test_units_and_identical_estimates(code):
    y, v = CASES["spread"]
    one, hundred = estimate(code, y, v), estimate(code, 100 * y, 1e4 * v)
    assert hundred == approx(1e4 * one, rel=1e-9)
    assert estimate(code, np.full(K, 2.5), v, np.ones((K, 1))) == 0


@pytest.mark.parametrize("code", RESIDUAL_TAU2)
def test_a_diagonal_covariance_is_the_variances(code):
    effects = references.effects("bcg")
    correlated = made(effects.y, effects.se, np.diag(effects.se**2))
    X = np.column_stack([np.ones(13), references.table("bcg")["ablat"]])
    plain = RESIDUAL_TAU2[code].compute(independent_studies(effects, X))
    rotated = RESIDUAL_TAU2[code].compute(independent_studies(correlated, X))
    assert rotated == approx(plain, rel=1e-9)


@pytest.mark.parametrize("code", ["DL", "HE", "PM", "REML", "ML"])
def test_correlated_errors_by_definition(code):
    """Estimating equations with a full V, in dense matrices."""
    y, v = CASES["spread"]
    full = 0.4 * np.sqrt(np.outer(v, v))
    np.fill_diagonal(full, v)
    effects = made(y, np.sqrt(v), full)
    found = RESIDUAL_TAU2[code].compute(independent_studies(effects, X))
    W = np.linalg.inv(full + found * np.eye(K))
    at, fixed, plain = projection(W), projection(np.linalg.inv(full)), projection(np.eye(K))
    expected = {
        "DL": (y @ fixed @ y - (K - P)) - found * np.trace(fixed),
        "HE": y @ plain @ y - np.trace(plain @ full) - found * (K - P),
        "PM": y @ at @ y - (K - P),
        "REML": y @ at @ at @ y - np.trace(at),
        "ML": y @ at @ at @ y - np.trace(W),
    }
    assert found > 0
    assert expected[code] == approx(0, abs=1e-9 * np.trace(W))
