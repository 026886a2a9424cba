"""CR2 and its degrees of freedom from their definition, for the models of clubSandwich's pages.

The numbers that the pages print, and their data: ``tests/validation/cases_levels.py``. Here they
are computed once more with k x k matrices and scipy's matrix square roots.
"""

import numpy as np
import pytest
from pytest import approx
from scipy.linalg import pinvh, sqrtm

from bayes_ps.baseline.robust import cluster_robust
from tests.validation.cases_levels import three_level, two_level


def by_definition(result, cluster):
    """CR2 and its df with nothing but the definitions, in k x k matrices."""
    X, M = np.array(result.model.design.X), np.array(result.model.M)
    k = M.shape[0]
    W = np.linalg.inv(M)
    B = np.linalg.inv(X.T @ W @ X)
    left = np.eye(k) - X @ B @ X.T @ W
    e = left @ result.model.effects.y
    meat, maps = np.zeros((X.shape[1], X.shape[1])), []
    for name in np.unique(cluster):
        rows = np.flatnonzero(cluster == name)
        D = np.linalg.cholesky(M[np.ix_(rows, rows)]).T
        inner = D @ left[rows] @ M @ left[rows].T @ D.T
        A = D.T @ np.real(sqrtm(pinvh((inner + inner.T) / 2, atol=1e-12 * np.trace(inner)))) @ D
        score = X[rows].T @ W[np.ix_(rows, rows)] @ A
        meat += np.outer(score @ e[rows], score @ e[rows])
        maps.append(B @ score @ left[rows])
    df = []
    for column in range(X.shape[1]):
        p = np.array([one[column] for one in maps])
        S = p @ M @ p.T
        df.append(np.trace(S) ** 2 / (S**2).sum())
    return B @ meat @ B, np.array(df)


@pytest.mark.parametrize("model", [two_level, three_level])
def test_against_the_definition(model):
    result = model()
    found = cluster_robust(result, "trial")
    covariance, df = by_definition(result, result.model.effects.data["trial"].to_numpy())
    assert found.covariance == approx(covariance, rel=1e-6, abs=1e-9)
    assert found.df == approx(df, rel=1e-6)
