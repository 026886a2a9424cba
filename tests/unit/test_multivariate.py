"""Several outcomes: the closed form of complete data, missing outcomes, and the boundary."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy.optimize import minimize
from scipy.stats import multivariate_normal

from bayes_ps.baseline.components import impute_covariance, multivariate
from bayes_ps.baseline.regression import meta_regression
from bayes_ps.checks import ModelError
from tests.unit.making import made

RNG = np.random.default_rng(12)
G = np.array([[2.0, 1.2, 0.4], [1.2, 1.5, 0.3], [0.4, 0.3, 1.0]])
TRUE = RNG.multivariate_normal([1, -2, 0], G, size=14)


def outcomes(y, se=0.3, keep=None):
    """A table of studies by outcomes as effects; `keep` are the rows that are reported."""
    s, q = y.shape
    frame = pd.DataFrame({"trial": np.repeat(range(s), q), "outcome": list("pqr")[:q] * s})
    kept = np.ones(s * q, dtype=bool) if keep is None else keep
    errors = np.broadcast_to(se, (s * q,))[kept]
    names = [str(row) for row in np.flatnonzero(kept)]
    return made(y.ravel()[kept], errors, study=names).with_data(frame[kept])


@pytest.mark.parametrize("q", [2, 3])
@pytest.mark.parametrize(("method", "ddof"), [("REML", 1), ("ML", 0)])
def test_complete_data_have_a_closed_form(q, method, ddof):
    """With one V for every study: G = the covariance of the outcomes − V, mean = plain means."""
    y = TRUE[:, :q]
    found = multivariate(outcomes(y), "outcome", "trial", within=0.4, method=method)
    V = 0.09 * (0.4 + 0.6 * np.eye(q))
    expected = np.cov(y.T, ddof=ddof) - V
    assert np.linalg.eigvalsh(expected)[0] > 0
    assert approx(expected, rel=1e-9) == found.G
    assert found.beta == approx(y.mean(axis=0), rel=1e-11)
    assert found.covariance == approx((expected + V) / 14, rel=1e-9)
    assert found.correlation[0, 1] == approx(
        expected[0, 1] / math.sqrt(expected[0, 0] * expected[1, 1]), rel=1e-9
    )
    assert (found.outcomes, found.studies) == (("p", "q", "r")[:q], 14)
    assert found.score < 1e-10


def test_standard_error_of_tau2_in_closed_form():
    """Of a variance of complete data under REML: (tau² + v) √(2/(s − 1))."""
    found = multivariate(outcomes(TRUE[:, :2]), "outcome", "trial", within=0.4)
    assert found.tau2_se == approx((found.tau2 + 0.09) * math.sqrt(2 / 13), rel=1e-8)


def test_missing_outcomes_against_a_search_of_scipys_likelihood():
    keep = np.ones(28, dtype=bool)
    keep[[1, 4, 9, 18]] = False
    effects = outcomes(TRUE[:, :2], RNG.uniform(0.2, 0.8, 28), keep)
    found = multivariate(effects, "outcome", "trial", within=0.5, method="ML")
    trial, outcome = effects.data["trial"].to_numpy(), effects.data["outcome"].to_numpy()
    V = impute_covariance(effects.se, trial, 0.5)
    X = (outcome[:, None] == np.array(["p", "q"])).astype(float)
    index = (outcome == "q").astype(int)

    def negative(x):
        L = np.array([[x[0], 0], [x[1], x[2]]])
        between = (L @ L.T)[np.ix_(index, index)] * (trial[:, None] == trial)
        M = V + between
        beta = np.linalg.solve(X.T @ np.linalg.solve(M, X), X.T @ np.linalg.solve(M, effects.y))
        return -multivariate_normal(X @ beta, M).logpdf(effects.y)

    search = minimize(negative, [1.0, 0.5, 1.0], method="BFGS")
    L = np.array([[search.x[0], 0], search.x[1:]])
    assert found.log_likelihood == approx(-search.fun, rel=1e-10)
    assert found.log_likelihood >= -search.fun - 1e-11
    assert approx(L @ L.T, rel=1e-3) == found.G
    assert (found.k, found.studies) == (24, 14)


def test_noise_that_is_larger_than_the_spread_puts_g_at_0():
    found = multivariate(outcomes(TRUE[:, :2] / 100, 2.0), "outcome", "trial", within=0.0)
    assert (found.G == 0).all() and (found.tau2 == 0).all()
    assert np.isnan(found.tau2_se).all()
    assert found.correlation[0, 1] == 0
    assert "boundary 0 for p, q" in found.notes[0]
    assert found._best.rising < 0
    assert np.isfinite(found.se).all()


def test_one_outcome_without_heterogeneity():
    y = TRUE[:, :2] * [1.0, 0.001]
    found = multivariate(outcomes(y, 0.3), "outcome", "trial", within=0.0)
    assert found.tau2[0] > 0.5
    assert found.tau2[1] < 1e-3
    assert np.linalg.eigvalsh(found.G)[0] >= -1e-15
    assert np.isfinite(found.correlation).all()


def test_a_correlation_at_its_boundary():
    """Outcomes that are one: their covariance is singular, and the score certifies it."""
    twin = np.column_stack([TRUE[:, 0], TRUE[:, 0] + 0.05 * TRUE[:, 1]])
    found = multivariate(outcomes(twin, 0.5), "outcome", "trial", within=0.0)
    assert found.correlation[0, 1] == approx(1, abs=1e-9)
    assert "singular" in found.notes[0]
    assert found._best.rising < 1e-6 and found.score < 1e-9
    assert np.isnan(found.tau2_se).all()
    low, high = found.tau2_interval("p")
    assert low < found.tau2[0] < high


def test_predictions_know_their_outcome():
    found = multivariate(outcomes(TRUE[:, :2]), "outcome", "trial", within=0.4)
    new = found.predict({"outcome": ["q", "p"]})
    assert new.mean == approx(found.beta[[1, 0]])
    half = 1.959963984540054 * np.sqrt(new.se**2 + found.tau2[[1, 0]])
    assert new.new_upper == approx(new.mean + half, rel=1e-12)
    pooled = multivariate(outcomes(TRUE[:, :2]), "outcome", "trial", "1", within=0.4)
    with pytest.raises(ModelError, match="unclear which outcome to predict"):
        pooled.predict()


def test_a_covariance_of_the_effects_is_used():
    effects = outcomes(TRUE[:, :2])
    V = impute_covariance(effects.se, effects.data["trial"], 0.4)
    given = multivariate(replace(effects, V=V), "outcome", "trial")
    stated = multivariate(effects, "outcome", "trial", within=0.4)
    assert approx(stated.G, rel=1e-12) == given.G
    with pytest.raises(ModelError, match="have a covariance V already"):
        multivariate(replace(effects, V=V), "outcome", "trial", within=0.4)
    with pytest.raises(ModelError, match=r"State how much with within=0\.5"):
        multivariate(effects, "outcome", "trial")


def test_refusals():
    effects = outcomes(TRUE[:, :2])
    data = effects.data
    with pytest.raises(ModelError, match="There is one outcome only"):
        multivariate(effects.where(data["outcome"] == "p"), "outcome", "trial", within=0)
    twice = effects.with_data(data.assign(outcome=["p", "p", *data["outcome"][2:]]))
    with pytest.raises(ModelError, match=r"\"1\" \(row 2\) is a second effect on 'p' of study '0'"):
        multivariate(twice, "outcome", "trial", within=0)
    apart = effects.with_data(data.assign(trial=range(28)))
    with pytest.raises(ModelError, match="No study reports both 'p' and 'q'"):
        multivariate(apart, "outcome", "trial", within=0)
    found = multivariate(effects, "outcome", "trial", within=0)
    with pytest.raises(ModelError, match="There is no outcome 'r'"):
        found.tau2_interval("r")


def test_result_reads_well():
    found = multivariate(outcomes(TRUE), "outcome", "trial", within=0.4)
    assert str(found).startswith("Multivariate model (REML, z) of MD on 0 + outcome, 42 effects")
    rows = list(found.to_frame()["quantity"])
    assert rows[-6:] == [
        *("tau2 p", "tau2 q", "tau2 r"),
        *("correlation p, q", "correlation p, r", "correlation q, r"),
    ]
    assert repr(found).startswith("<Multivariate: ")
    with pytest.raises(ValueError, match="read-only"):
        found.G[0, 0] = 1
    assert meta_regression(outcomes(TRUE), "0 + outcome", "FE").names == found.names
