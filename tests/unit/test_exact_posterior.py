"""The exact engine against integration over a grid by scipy, and in 20 digits at the extremes."""

import mpmath
import numpy as np
import pytest
from pytest import approx
from scipy import integrate, stats

from bayes_ps import priors
from bayes_ps.checks import ModelError
from models import CommonEffect, PooledEvidence, RandomEffects
from tests.unit.brute import Brute, by_mpmath
from tests.unit.making import PAIN, fitted, made

HALF = stats.halfnorm(scale=2).logpdf
WIDE = (-90.0, -30, -10, -3, 1, 5, 15, 40, 90)  # edges for mu; 1 is where P(mu <= 1) is asked
TAUS = (0.0, 0.5, 2, 6, 18)


def agree(fit, brute, at_mu=1.0, at_tau=2.0, tolerance=1e-11):
    """Where tau -> 0 the grid sees P(theta_new <= x) as a cliff, and knows fewer digits of it."""
    mu, tau, new = fit.marginal("mu"), fit.marginal("tau"), fit.predictive()
    assert fit.log_evidence == approx(brute.log_evidence, abs=tolerance)
    assert mu.cdf(at_mu) == approx(brute.p_mu(at_mu), abs=tolerance)
    assert tau.cdf(at_tau) == approx(brute.p_tau(at_tau), abs=tolerance)
    assert new.cdf(at_mu) == approx(brute.p_new(at_mu), abs=100 * tolerance)
    assert mu.mean == approx(brute.mean(brute.m), abs=100 * tolerance)
    assert tau.mean == approx(brute.mean(brute.t[:, None]), abs=100 * tolerance)
    assert new.mean == approx(mu.mean, abs=1e-12)
    assert mu.sd == approx(brute.mean((brute.m - mu.mean) ** 2) ** 0.5, rel=1e-8)
    for row, study in enumerate(fit.effects.study):
        assert fit.study(study).cdf(at_mu) == approx(brute.p_theta(row, at_mu), abs=100 * tolerance)


def test_two_studies_that_share_their_control_arm():
    """V is dense: cov = sd²/n of the shared arm; a third study stands alone."""
    V = np.array([[2.0, 0.8, 0], [0.8, 1.5, 0], [0, 0, 3]])
    y = np.array([1.0, 2.5, -2])
    model = RandomEffects(priors.flat(), priors.half_normal(2))
    shared = fitted(made(y, np.sqrt(np.diag(V)), V), model)
    agree(shared, Brute(y, V, HALF, TAUS, WIDE))
    apart = fitted(made(y, np.sqrt(np.diag(V))), model)
    assert abs(shared.marginal("mu").mean - apart.marginal("mu").mean) > 0.01
    diagonal = fitted(made(y, np.sqrt(np.diag(V)), np.diag(np.diag(V))), model)
    assert diagonal.log_evidence == approx(apart.log_evidence, abs=1e-13)
    assert diagonal.marginal("mu").cdf(1.0) == approx(apart.marginal("mu").cdf(1.0), abs=1e-14)


def test_only_two_studies_and_they_share_their_control_arm():
    V = np.array([[2.0, 1.2], [1.2, 1.5]])
    model = RandomEffects(priors.normal(0, 3), priors.half_normal(2))
    fit = fitted(made([4, -1], np.sqrt(np.diag(V)), V), model)
    brute = Brute([4, -1], V, HALF, TAUS, WIDE, mu_prior=stats.norm(0, 3).logpdf)
    agree(fit, brute)


@pytest.mark.parametrize(("y", "se"), [([3], [1.5]), ([3, -1], [1.5, 1])])
def test_one_and_two_studies_with_proper_priors(y, se):
    model = RandomEffects(priors.normal(0, 3), priors.half_normal(2))
    V = np.diag(np.square(se))
    brute = Brute(y, V, HALF, TAUS, WIDE, mu_prior=stats.norm(0, 3).logpdf)
    agree(fitted(made(y, se), model), brute)


def test_a_uniform_prior_of_tau_that_starts_above_0():
    y, se = [1.0, 4, -3, 2], [1, 1.5, 1, 2]
    fit = fitted(made(y, se), RandomEffects(priors.flat(), priors.uniform(1.5, 5)))
    brute = Brute(y, np.diag(np.square(se)), stats.uniform(1.5, 3.5).logpdf, (1.5, 2, 5), WIDE)
    agree(fit, brute)
    tau = fit.marginal("tau")
    assert tau.cdf([0, 1.5, 5, 9]) == approx([0, 0, 1, 1], abs=1e-15)
    assert tau.ppf([0, 1]).tolist() == [1.5, 5]
    assert tau.pdf([1.4, 5.1]).tolist() == [0, 0] and (tau.pdf([1.51, 4.9]) > 0).all()


def test_pooled_evidence_leaves_tau_at_its_prior():
    tau_prior = stats.lognorm(0.87, scale=np.exp(-1.28))
    model = PooledEvidence(mu=priors.flat(), tau=priors.log_normal(-1.28, 0.87))
    fit = fitted(made([-0.4], [0.15]), model)
    x = np.array([0.01, 0.1, 0.28, 1, 5])
    tau, new = fit.marginal("tau"), fit.predictive()
    assert tau.cdf(x) == approx(tau_prior.cdf(x), abs=1e-13)
    assert tau.pdf(x) == approx(tau_prior.pdf(x), rel=1e-11)
    assert (tau.mean, tau.sd) == approx((tau_prior.mean(), tau_prior.std()), rel=1e-10)
    assert fit.marginal("mu").cdf(-0.5) == approx(stats.norm(-0.4, 0.15).cdf(-0.5), abs=1e-14)
    assert fit.log_evidence == approx(0, abs=1e-12)  # the integral of N(y; mu, se²) over mu

    def given(log_tau: float) -> float:
        t = np.exp(log_tau)
        return stats.norm(-0.4, np.hypot(0.15, t)).cdf(-0.5) * tau_prior.pdf(t) * t

    want, _ = integrate.quad(given, -12, 9, epsabs=1e-13, limit=200)
    assert new.cdf(-0.5) == approx(want, abs=1e-11)
    assert new.sd**2 == approx(0.15**2 + tau_prior.moment(2), rel=1e-9)


def test_a_common_effect_is_one_weighted_mean():
    w = PAIN.se**-2
    flat = fitted(model=CommonEffect(priors.flat()))
    want = stats.norm(w @ PAIN.y / w.sum(), w.sum() ** -0.5)
    assert flat.marginal("mu").cdf([-8, -6]) == approx(want.cdf([-8, -6]), abs=1e-14)
    proper = fitted(model=CommonEffect(priors.normal(1, 2)))
    cov = np.diag(PAIN.se**2) + 4
    evidence = stats.multivariate_normal(np.ones(8), cov).logpdf(PAIN.y)
    assert proper.log_evidence == approx(evidence, abs=1e-11)
    v = 1 / (w.sum() + 1 / 4)
    posterior = stats.norm(v * (w @ PAIN.y + 1 / 4), v**0.5)
    assert proper.marginal("mu").cdf(-5) == approx(posterior.cdf(-5), abs=1e-14)


EXTREMES = {
    "tiny": ([1e-6, 3e-6, -1e-6], [1e-6, 2e-6, 1e-6], 1e-6, 1e-6),
    "huge": ([1e6, 3e6, -1e6], [1e6, 2e6, 1e6], 1e6, 1e6),
    "se ratio 1e4": ([0.3, 1.2, -4, 7], [1e-4, 0.01, 0.5, 1], 1.0, 0.3),
    "far from 0": ([1e6, 1e6 + 3, 1e6 - 1], [1, 2, 1], 1.0, 1e6 + 1),
    "identical": ([0.25] * 5, [0.1, 0.2, 0.3, 0.4, 0.5], 0.5, 0.2),
    "far apart": ([-1000, 0, 1000], [1, 1, 1], 1000.0, 300.0),
}


@pytest.mark.parametrize("case", EXTREMES)
def test_extremes_in_20_digits(case):
    y, se, scale, at = EXTREMES[case]

    def prior(t):
        return mpmath.sqrt(2 / mpmath.pi) / scale * mpmath.exp(-((t / mpmath.mpf(scale)) ** 2) / 2)

    points = [0, *(min(se) * 10.0 ** np.arange(-1, 2)), scale / 3, 2 * scale, 5 * scale, 14 * scale]
    want = by_mpmath(y, se, prior, points, mu=at, tau=scale)
    rounding = 2e-12 + np.finfo(float).eps * np.max(np.abs(y)) / np.median(se)
    fit = fitted(made(y, se), RandomEffects(priors.flat(), priors.half_normal(scale)))
    assert fit.log_evidence == approx(want[0], abs=1e-11, rel=1e-12)
    assert fit.marginal("mu").cdf(at) == approx(want[1], abs=rounding)
    assert fit.marginal("tau").cdf(scale) == approx(want[2], abs=rounding)
    assert fit.error < 1e-12


@pytest.mark.parametrize(
    ("k", "prior"), [(1, priors.improper_uniform()), (2, priors.improper_uniform())]
)
def test_an_improper_posterior_is_refused(k, prior):
    with pytest.raises(ModelError) as caught:
        fitted(PAIN.drop(*PAIN.study[k:]), RandomEffects(priors.flat(), prior))
    assert f"the posterior of tau is improper for {k} stud" in str(caught.value)
    assert "priors.half_normal(scale)" in str(caught.value)


def test_a_proper_prior_of_mu_is_worth_a_study_to_an_improper_tau():
    two = PAIN.where(PAIN.se < 3)
    fit = fitted(two, RandomEffects(priors.normal(0, 10), priors.improper_uniform()))
    assert 0 < fit.marginal("tau").cdf(5) < 1 and np.isnan(fit.marginal("tau").mean)
