"""Bias-adjusted and Student-t random effects against independent integration."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import mpmath
import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy import stats
from scipy.special import ndtr

import bayes_ps as bps
from bayes_ps.checks import ModelError, PriorError
from bayes_ps.robustness import robustness
from bayes_ps.sensitivity import leave_one_out
from models import BiasAdjusted, RandomEffects, StudentTEffects, priors
from tests.unit.brute import legendre
from tests.unit.making import PAIN, made

FLAT, TAU = priors.flat(), priors.half_normal(5)
RISK = ["high", "low", "some concerns", "high", "low", "low", "low", "low"]
RATED = PAIN.with_data(pd.DataFrame({"rob_overall": RISK}))
BIAS = {"high": priors.normal(3, 2), "some concerns": priors.normal(1, 1)}


FEWER = RATED.drop("C")


def with_each_bias(better):
    """E(mu), P(mu beyond the MCID of 4), P(theta of A beyond): biases not integrated out.

    The biases of A, C and D on Gauss-Hermite points; each time random effects of what is left.
    """
    sign = -1 if better == "lower" else 1
    x, w = np.polynomial.hermite_e.hermegauss(20)
    w = w / w.sum()
    tau, weight = legendre(0, 2, 5, 10, 20, 40, n=24)
    weight = weight * np.exp(-(tau**2) / 50)
    precision = 1 / (RATED.se**2 + tau[:, None] ** 2)
    sd = precision.sum(1) ** -0.5
    shrunk = tau**2 * precision[:, 0]  # of y − mu towards theta − mu, for A
    theta_sd = np.sqrt(shrunk * RATED.se[0] ** 2 + ((1 - shrunk) * sd) ** 2)
    total = np.zeros(4)
    for a, c, d in np.ndindex(x.size, x.size, x.size):
        y = sign * np.abs(RATED.y)  # all of one sign
        y[[0, 2, 3]] -= sign * np.array([3 + 2 * x[a], 1 + x[c], 3 + 2 * x[d]])
        mean = (precision * y).sum(1) * sd**2
        q = (precision * (y - mean[:, None]) ** 2).sum(1)
        joint = w[a] * w[c] * w[d] * weight * np.sqrt(precision.prod(1)) * sd * np.exp(-q / 2)
        theta = mean + shrunk * (y[0] - mean)
        beyond, far = ndtr((sign * mean - 4) / sd), ndtr((sign * theta - 4) / theta_sd)
        total += joint @ np.column_stack([np.ones_like(tau), mean, beyond, far])
    return total[1:] / total[0]


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_bias_adjusted_equals_integration_over_each_bias(better):
    sign = -1 if better == "lower" else 1
    effects = replace(RATED, y=sign * np.abs(RATED.y), better=better)
    fit = bps.fit(BiasAdjusted(FLAT, TAU, BIAS), effects)
    mean, beyond, far = with_each_bias(better)
    assert fit.marginal("mu").mean == approx(mean, abs=1e-9)
    decision = bps.decide(fit, bps.MCID(4, unit=PAIN.unit))
    assert decision.mean.p_mcid == approx(beyond, abs=1e-9)
    assert decision.studies[0].p_mcid == approx(far, abs=1e-9)


def test_bias_of_a_common_effect_is_a_shift_and_a_variance():
    """By hand: tau = 0, weights 1 / (se² + s²)."""
    fit = bps.fit(BiasAdjusted(FLAT, priors.point(0), BIAS), RATED)
    y, v = PAIN.y.copy(), PAIN.se**2
    y[[0, 2, 3]] += [3, 1, 3]
    v = v + np.array([4, 0, 1, 4, 0, 0, 0, 0])
    assert fit.marginal("mu").mean == approx((y / v).sum() / (1 / v).sum(), rel=1e-13)
    assert fit.marginal("mu").sd == approx((1 / v).sum() ** -0.5, rel=1e-13)


def test_without_bias_it_is_random_effects():
    fit = bps.fit(BiasAdjusted(FLAT, TAU, {"high": priors.point(0)}), FEWER)
    plain = bps.fit(RandomEffects(FLAT, TAU), FEWER)
    q = [0.025, 0.5, 0.975]
    assert fit.marginal("mu").ppf(q) == approx(plain.marginal("mu").ppf(q), abs=1e-12)
    assert fit.log_evidence == approx(plain.log_evidence, abs=1e-12)


def test_checks_of_a_bias_adjusted_fit_hold_like_against_like():
    """A known bias: leave-one-out and predictive checks as of the estimates without it."""
    known = {"high": priors.point(3), "some concerns": priors.point(1)}
    fit = bps.fit(BiasAdjusted(FLAT, TAU, known), RATED)
    moved = replace(RATED, y=RATED.y + np.array([3, 0, 1, 3, 0, 0, 0, 0]))
    plain = bps.fit(RandomEffects(FLAT, TAU), moved)
    one, other = leave_one_out(fit), leave_one_out(plain)
    assert one.pit == approx(other.pit, abs=1e-12)
    assert one.elpd_i == approx(other.elpd_i, abs=1e-12)
    assert bps.predictive_check(fit).observed == approx(bps.predictive_check(plain).observed)


def test_what_a_bias_adjusted_model_refuses():
    with pytest.raises(ModelError, match="\"C\" has rob_overall 'some concerns'"):
        bps.fit(BiasAdjusted(FLAT, TAU, {"high": priors.point(0)}), RATED)
    with pytest.raises(ModelError, match="rob_overall"):
        bps.fit(BiasAdjusted(FLAT, TAU, BIAS), PAIN)
    with pytest.raises(PriorError, match="known in advance"):
        BiasAdjusted(FLAT, TAU, {"high": priors.half_normal(1)})
    for nothing in ({}, None, 3):
        with pytest.raises(PriorError, match="mapping from a level"):
            BiasAdjusted(FLAT, TAU, nothing)


OUTLYING = made([0.4, 0.6, 0.3, 0.5, 3.0], [0.2, 0.25, 0.3, 0.2, 0.3], better="higher")
MU, SCALE = priors.normal(0, 2), priors.half_normal(0.5)
CUT = 0.4


@cache
def by_grid(nu):
    """P(mu > CUT), E(mu), E(tau), P(theta_new > CUT) by Gauss-Legendre over mu, tau and theta."""
    mu, dmu = legendre(-2, 0, 0.4, 1, 2.5, n=40)
    tau, dtau = legendre(0, 0.1, 0.5, 1.5, 4, n=32)
    joint = np.outer(dmu * stats.norm(0, 2).pdf(mu), dtau * np.exp(-2 * tau**2))
    for y, se in zip(OUTLYING.y, OUTLYING.se, strict=True):
        e, de = legendre(-9, -3, -1, 0, 1, 3, 9, n=32)  # errors in standard errors
        t = (y - se * e - mu[:, None, None]) / tau[:, None]
        density = stats.t.pdf(t, nu) / tau[:, None]
        joint *= density @ (de * stats.norm.pdf(e))
    joint /= joint.sum()
    new = stats.t.sf((CUT - mu[:, None]) / tau, nu)
    return {
        "above": float(joint[mu > CUT].sum()),
        "mu": float(joint.sum(1) @ mu),
        "tau": float(joint.sum(0) @ tau),
        "new": float((joint * new).sum()),
    }


@cache
def by_nuts():
    return bps.fit(StudentTEffects(MU, SCALE, nu=4), OUTLYING, engine="nuts", seed=2, draws=3000)


def test_student_t_by_nuts_equals_integration():
    fit, want = by_nuts(), by_grid(4)
    mu, tau = fit.marginal("mu"), fit.marginal("tau")
    assert mu.sf(CUT) == approx(want["above"], abs=4.5 * mu.mcse("cdf", CUT))
    assert mu.mean == approx(want["mu"], abs=4.5 * mu.mcse("mean"))
    assert tau.mean == approx(want["tau"], abs=4.5 * tau.mcse("mean"))
    assert bps.diagnose(fit).ok
    assert "theta" not in fit.dt["posterior"] and fit.studies == ()
    normal = bps.fit(RandomEffects(MU, SCALE), OUTLYING).marginal("mu").mean
    assert want["mu"] < normal - 0.1  # the outlying study pulls less


def test_a_new_setting_and_the_share_of_settings_have_the_tails_of_the_student_t():
    fit, want = by_nuts(), by_grid(4)
    new, share = fit.predictive(), fit.share(CUT)
    assert new.sf(CUT) == approx(want["new"], abs=4.5 * new.mcse("cdf", CUT))
    assert share.mean == approx(want["new"], abs=4.5 * share.mcse("mean"))
    drawn, posterior = new.draws, fit.dt["posterior"]
    z = ((drawn - posterior["mu"].values) / posterior["tau"].values).ravel()
    assert stats.kstest(z, stats.t(4).cdf).pvalue > 1e-4
    x = (posterior["mu"].values - CUT) / posterior["tau"].values
    np.testing.assert_allclose(share.draws, stats.t(4).cdf(x), rtol=1e-12)


def test_handed_in_to_robustness_it_is_sampled_and_says_so():
    fit = bps.fit(RandomEffects(MU, SCALE), OUTLYING, seed=3)
    mcid = bps.MCID(CUT, unit=OUTLYING.unit)
    found = robustness(fit, mcid, models=[StudentTEffects(MU, SCALE, nu=4)]).variants[-1]
    assert (found.kind, found.changed) == ("model", "Student-t random effects")
    assert 0 < found.mcse_mean < 0.02
    assert found.p_mean == approx(by_grid(4)["above"], abs=4.5 * found.mcse_mean)


@pytest.mark.parametrize("nu", [0.5, 1, 4, 10])
@pytest.mark.parametrize("se", [0.01, 0.3, 3])
def test_the_mixture_of_normals_is_the_convolution(nu, se):
    """log p(y) of one study by mpmath, up to 30 tau from mu."""
    effects = made([0.0, 1, 6, 30], [se] * 4)
    point = {"mu": priors.point(0), "tau": priors.point(1), "nu": nu}
    built = StudentTEffects(**point).build(effects)
    found = built.compile_logp(sum=False, mode="FAST_COMPILE")({})[0]
    for y, log_p in zip(effects.y, found, strict=True):
        assert log_p == approx(_convolution(float(y), se, nu), abs=1e-10)


def _convolution(y, se, nu):
    with mpmath.workdps(25):
        nu, y, se = map(mpmath.mpf, (nu, y, se))
        scale = mpmath.gamma((nu + 1) / 2) / mpmath.gamma(nu / 2) / mpmath.sqrt(nu * mpmath.pi)

        def joint(x):
            return mpmath.npdf(y, x, se) * scale * (1 + x**2 / nu) ** (-(nu + 1) / 2)

        ends = {-mpmath.inf, -10, -3, 0, 3, 10, mpmath.inf}
        ends |= {y + c * se for c in (-8, -2, 0, 2, 8)}
        return float(mpmath.log(mpmath.quad(joint, sorted(ends))))


def test_what_a_student_t_refuses():
    with pytest.raises(ModelError, match="share no participants"):
        StudentTEffects(MU, SCALE).build(replace(OUTLYING, V=np.diag(OUTLYING.se**2)))
    with pytest.raises(PriorError, match="nu"):
        StudentTEffects(MU, SCALE, nu=0)
    with pytest.raises(PriorError, match="nu"):
        StudentTEffects(MU, SCALE, nu=priors.normal(4, 1))
    with pytest.raises(ModelError, match='engine="nuts"'):
        bps.fit(StudentTEffects(MU, SCALE), OUTLYING)
