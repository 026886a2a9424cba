"""The exact distribution of weighted squares, and what is made of it: independent integrals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pytest import approx
from scipy.integrate import quad
from scipy.special import ndtr
from scipy.stats import chi2
from scipy.stats import t as student

from bayes_ps.baseline import baseline
from bayes_ps.baseline.confidence_distribution import bootstrap_interval, tau2_quantiles
from bayes_ps.baseline.q_distribution import survival
from bayes_ps.baseline.quadratic_form import value
from tests import references

SPREAD = np.array([1e-4, 0.02, 0.3, 0.31, 4.0, 900.0])


def eigenvalues(v, a, tau2):
    P = np.diag(a) - np.outer(a, a) / a.sum()
    root = np.sqrt(v + tau2)
    return np.linalg.eigvalsh(root[:, None] * P * root)[1:]


def ruben(q, weights) -> float:
    """P(Σ weights χ²_1 > q) by a series of chi²: Ruben 1962, Ann Math Stat 33:542."""
    smallest, n = weights.min(), weights.size
    gaps = 1 - smallest / weights
    g = np.array([(gaps**r).sum() / 2 for r in range(1, 3000)])
    c = [np.sqrt(smallest / weights).prod()]
    while 1 - sum(c) > 1e-14 and len(c) < g.size:
        c.append(float(np.dot(g[: len(c)][::-1], c)) / len(c))
    return float(np.dot(c, chi2.sf(q / smallest, n + 2 * np.arange(len(c)))))


@pytest.mark.parametrize("k", [2, 3, 5, 8, 20, 60, 200])
def test_at_tau2_0_with_the_weights_of_q_it_is_chi2(k):
    v = np.geomspace(0.01, 5, k)
    for p in (1e-6, 0.025, 0.5, 0.975, 1 - 1e-6):
        q = float(chi2.isf(p, k - 1))
        assert float(survival(q, v, 1 / v, 0.0)) == approx(p, rel=0, abs=1e-11)


@pytest.mark.parametrize("k", [300, 1000])
def test_far_out_rounding_never_wins(k):
    v = np.ones(k)
    for q in (k / 1e6, k / 3, 0.9 * k, 1.5 * k, 2.0 * k, 3.0 * k, 1e3 * k, 1e9 * k):
        assert float(survival(q, v, v, 0.0)) == approx(chi2.sf(q, k - 1), rel=0, abs=1e-7)


def test_two_studies_are_one_chi2():
    v, a = np.array([1e-4, 3.0]), np.array([100.0, 1 / math.sqrt(3)])
    # Σ a (y − ȳ)² = (y1 − y2)² a1 a2/(a1 + a2), and y1 − y2 has variance v1 + v2 + 2 tau².
    for tau2 in (0.0, 0.7, 1e6):
        scale = a.prod() / a.sum() * (v.sum() + 2 * tau2)
        for q in (1e-3, 0.3, 10.0, 500.0):
            found = float(survival(q, v, a, tau2))
            assert found == approx(chi2.sf(q / scale, 1), rel=0, abs=1e-12)


@pytest.mark.parametrize("tau2", [0.0, 0.05, 3.0])
@pytest.mark.parametrize("power", [0.5, 1.0])
def test_it_is_rubens_series(tau2, power):
    v = np.array([0.05, 0.1, 0.3, 0.31, 1.2, 4.0])
    a = v**-power
    weights = eigenvalues(v, a, tau2)
    for q in weights.sum() * np.array([0.2, 1.0, 2.5]):
        assert float(survival(q, v, a, tau2)) == approx(ruben(q, weights), rel=0, abs=1e-12)


@pytest.mark.parametrize("tau2", [0.0, 0.05, 3.0])
def test_three_studies_of_any_precision_are_an_integral(tau2):
    """P(λ1 x² + λ2 z² > q) = ∫ P(z² > (q − λ1 x²)/λ2) φ(x) dx."""
    v = np.array([1e-6, 0.3, 900.0])
    for a in (1 / v, v**-0.5):
        small, large = eigenvalues(v, a, tau2)
        for q in (0.3 * large, large, 3 * large, 0.5 * small):
            end = np.sqrt(q / large)

            def inside(x, q=q, small=small, large=large):
                return chi2.sf(max(q - large * x * x, 0) / small, 1) * np.exp(-x * x / 2)

            points = [0.9 * end, 0.99 * end, 0.9999 * end]
            part, _ = quad(inside, 0, end, points=points, epsabs=1e-14, epsrel=1e-12, limit=500)
            want = 2 * part / np.sqrt(2 * np.pi) + 2 * ndtr(-end)
            assert float(survival(q, v, a, tau2)) == approx(want, rel=0, abs=1e-9)


def test_it_rises_with_tau2_and_is_1_where_all_agree():
    grid = np.concatenate([[0], np.geomspace(1e-6, 1e6, 50)])
    found = survival(3.0, SPREAD, 1 / SPREAD, grid)
    assert np.all(np.diff(found) >= 0) and found[-1] > 0.999
    assert np.all(survival(0.0, SPREAD, 1 / SPREAD, grid) == 1)


@pytest.mark.parametrize("name", references.UNIVARIATE)
@pytest.mark.parametrize("code", ["BJ", "J"])
def test_generalised_q_intervals_end_where_q_is_a_quantile(name, code):
    effects = references.effects(name)
    v = effects.se**2
    a = 1 / v if code == "BJ" else 1 / effects.se
    found = baseline(effects, "DL", tau2_ci=code).tau2_interval
    q = float(value(effects.y, a))
    for end, tail in ((found.lower, 0.025), (found.upper, 0.975)):
        if end == 0:
            assert float(survival(q, v, a, 0.0)) >= tail
        else:
            assert float(survival(q, v, a, end)) == approx(tail, rel=0, abs=1e-11)


def test_with_equal_standard_errors_all_intervals_of_q_are_the_same():
    y = np.array([0.1, 0.9, -0.4, 1.7, 0.3])
    effects = references.effects("bcg").where(np.arange(13) < 5)
    same = type(effects).from_estimates(
        y, se=np.full(5, 0.3), study=range(5), measure="MD", unit="points", better="lower"
    )
    profile, *others = (
        tuple(baseline(same, tau2_ci=code).tau2_interval) for code in ("QP", "BJ", "J")
    )
    for other in others:
        assert other == approx(profile, rel=1e-9)


@pytest.mark.parametrize("name", ["crins_ar", "bcg", "hinks", "karner"])
def test_confidence_distribution_of_tau2_is_inverted(name):
    effects = references.effects(name)
    v = effects.se**2
    q = float(value(effects.y, 1 / v))
    probability = np.random.default_rng(1).random(500)
    tau2 = tau2_quantiles(effects.y, v, probability)
    at_zero = float(survival(q, v, 1 / v, 0.0))
    assert np.all((tau2 == 0) == (probability <= at_zero))
    inside = tau2 > 0
    assert survival(q, v, 1 / v, tau2[inside]) == approx(probability[inside], abs=2e-6)


@pytest.mark.parametrize("name", ["crins_ar", "crins_ptld_k3", "bcg"])
def test_bootstrap_prediction_has_the_quantiles_of_its_mixture(name):
    """Its distribution by quadrature over tau² and t, at the ends, in Monte Carlo errors."""
    effects = references.effects(name)
    y, v, k, draws = effects.y, effects.se**2, effects.k, 100_000
    found = bootstrap_interval(y, v, 0.95, seed=3, draws=draws)
    middles = (np.arange(2000) + 0.5) / 2000
    tau2 = tau2_quantiles(y, v, middles)
    w = 1 / (v + tau2[:, None])
    mu = (w * y).sum(1) / w.sum(1)
    error = np.sqrt((w * (y - mu[:, None]) ** 2).sum(1) / (k - 1) / w.sum(1))
    t = student.ppf((np.arange(400) + 0.5) / 400, k - 1)[:, None]
    tau = np.sqrt(np.maximum(tau2, 1e-300))
    for end, tail in ((found.lower, 0.025), (found.upper, 0.975)):
        below = ndtr((end - mu + t * error) / tau).mean()
        assert below == approx(tail, abs=4 * math.sqrt(0.025 * 0.975 / draws) + 2e-4)


def test_bootstrap_is_its_seed_and_is_not_made_for_two_studies():
    effects = references.effects("crins_ar")
    given = {"prediction": "bootstrap", "draws": 2000}
    first, again, other = (baseline(effects, seed=seed, **given).prediction for seed in (1, 1, 2))
    assert first == again and first != other
    assert "2000 draws, seed 1, Monte Carlo error of its ends" in first.method
    two = baseline(references.effects("crins_rct_k2"), seed=1, **given)
    assert two.prediction is None and "needs three studies" in " ".join(two.notes)
    same = baseline(effects, "PM", "t", seed=1, **given)
    assert same.prediction == first and "is the same for every tau2 and ci" in same.notes[-1]
