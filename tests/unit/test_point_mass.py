"""What a model fixes: the marginal answers every question, and nothing is asked of the sampler."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pytest import approx

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.posterior.point_mass import PointMass
from models import CommonEffect, MetaRegression, RandomEffects, ThreeLevel
from tests.unit.making import PAIN, draws, fitted, made, sampled, with_draws

AT = PointMass(0.2, shape=(4, 1000))
HALF = priors.half_normal(5)
NULL = fitted(model=RandomEffects(priors.point(-7), HALF), seed=11)
KNOWN = fitted(model=RandomEffects(priors.flat(), priors.point(2)), seed=11)
CLUSTERS = PAIN.with_data(pd.DataFrame({"trial": list("aabbccde")}))


def test_every_question_has_an_answer():
    assert (AT.mean, AT.sd, AT.median) == (0.2, 0, 0.2)
    assert AT.interval(0.9) == AT.interval(0.5, "shortest") == (0.2, 0.2)
    x = np.array([[-np.inf, 0.1999], [0.2, np.inf]])
    assert AT.cdf(x).tolist() == [[0, 0], [1, 1]] and AT.sf(x).tolist() == [[1, 1], [0, 0]]
    assert AT.pdf(x).tolist() == [[0, 0], [np.inf, 0]]
    assert AT.ppf([0.01, 0.5, 0.99]).tolist() == [0.2] * 3 and AT.ppf(0.3).shape == ()
    assert AT.draws.shape == (4, 1000) and (AT.draws == 0.2).all()
    for of, at in (("mean", None), ("sd", None), ("cdf", 0.2), ("ppf", 0.5)):
        assert AT.mcse(of, at) == 0
    assert AT.mcse_between(0, 1) == 0 and AT.moments == 4
    with pytest.raises(bps.checks.BayesPSError, match="level must be between 0 and 1"):
        AT.interval(95)


@pytest.mark.parametrize("turn", [lambda fit: fit, sampled], ids=["exact", "sampled"])
def test_a_fixed_mean_or_tau_is_what_it_is(turn):
    for fit, name, value in ((NULL, "mu", -7), (KNOWN, "tau", 2)):
        marginal = turn(fit).marginal(name)
        assert marginal.interval() == (value, value) and (marginal.draws == value).all()
        assert (marginal.mean, marginal.sd, marginal.median) == (value, 0, value)
        assert f"{name} {value}.00 ({value}.00 to {value}.00)" in str(turn(fit))
        row = turn(fit).to_frame().set_index("unknown").loc[name]
        assert row.tolist() == [value, 0, value, value, value]


def test_given_tau_everything_is_closed_form():
    """tau = 2: mu is the inverse-variance mean with weights 1 / (se² + 4)."""
    w = 1 / (PAIN.se**2 + 4)
    mu = KNOWN.marginal("mu")
    assert mu.mean == approx(w @ PAIN.y / w.sum(), rel=1e-13)
    assert mu.sd == approx(w.sum() ** -0.5, rel=1e-13)
    assert KNOWN.predictive().sd == approx((1 / w.sum() + 4) ** 0.5, rel=1e-13)
    B = 4 / (4 + PAIN.se**2)
    theta = B * PAIN.y + (1 - B) * mu.mean
    assert [KNOWN.study(name).mean for name in PAIN.study] == approx(theta, rel=1e-12)


def test_omega_that_is_fixed_counts_wherever_estimates_differ():
    """omega = 2 is sampling variance to mu and tau, but not to theta and a new setting."""
    fit = fitted(CLUSTERS, ThreeLevel("trial", priors.flat(), HALF, priors.point(2)), seed=3)
    assert fit.marginal("omega").interval() == (2, 2) and fit.unknowns == ("mu", "tau", "omega")
    wider = made(PAIN.y, np.hypot(PAIN.se, 2)).with_data(CLUSTERS.data)
    without = fitted(wider, ThreeLevel("trial", priors.flat(), HALF, priors.point(0)))
    for name in ("mu", "tau"):
        at = without.marginal(name).ppf([0.025, 0.5, 0.975])
        assert fit.marginal(name).ppf([0.025, 0.5, 0.975]) == approx(at, rel=1e-10)
    mu, tau, new = fit.marginal("mu"), fit.marginal("tau"), fit.predictive()
    assert new.sd**2 == approx(mu.sd**2 + tau.sd**2 + tau.mean**2 + 4, rel=1e-10)
    for name, y, se in zip(PAIN.study, PAIN.y, PAIN.se, strict=True):
        # Given its cluster's mean kappa, theta is a weighted mean of y and kappa.
        kappa, B = without.study(name).mean, 4 / (4 + se**2)
        assert fit.study(name).mean == approx(B * y + (1 - B) * kappa, rel=1e-10)
    assert (fit.marginal("omega").draws == 2).all()
    assert new.draws.std() == approx(new.sd, rel=5 / 4000**0.5)


def test_nothing_is_diagnosed_of_what_is_fixed():
    for fit, name in ((NULL, "mu"), (KNOWN, "tau")):
        found = bps.diagnose(sampled(fit))
        assert found.ok, str(found)
        assert name not in found.table["unknown"].tolist() and len(found.table) == 10


def test_a_fixed_value_is_certified_as_that_value():
    for fit, name in ((NULL, "mu"), (KNOWN, "tau")):
        found = bps.certify(sampled(fit))
        assert found.ok, str(found)
        row = found.table.loc[found.table["unknown"] == name].squeeze()
        assert (
            row["statistic"] == "value" and row["nuts"] == row["exact"] == fit.marginal(name).mean
        )
        assert row["mcse"] == row["z"] == 0 and row["passed"] and np.isfinite(found.blur)


def test_another_value_is_not():
    fit = sampled(KNOWN)
    tau = draws(fit, "tau")
    tau[2, 7] = 2.001
    found = bps.certify(with_draws(fit, tau=tau))
    assert not found.ok and str(found).startswith("Certificate FAILED")
    row = found.table.loc[found.table["unknown"] == "tau"].squeeze()
    assert row["nuts"] == 2.001 and np.isinf(row["z"]) and not row["passed"]


def test_a_pole_of_the_density_is_no_certainty():
    """mu fixed: the density of theta_new has a pole at mu, where a quantile has no usual MCSE."""
    exact = fitted(model=RandomEffects(priors.point(-7), priors.half_normal(0.5)), seed=2)
    table = bps.certify(sampled(exact)).table.set_index(["unknown", "statistic"])
    mcse = table.loc[("theta_new", "50% quantile"), "mcse"]
    new, e = exact.predictive(), 0.5 / 4000**0.5
    want = float(new.ppf(0.5 + e) - new.ppf(0.5 - e)) / 2
    assert mcse == approx(want, rel=0.1) and want > 1.2 * e / float(new.pdf(-7 + 1e-6))


def test_one_of_several_coefficients_is_fixed():
    dosed = PAIN.with_data(pd.DataFrame({"dose": [1.0, 2, 3, 4, 1, 2, 3, 4]}))
    given = {"intercept": priors.flat(), "dose": priors.point(-1)}
    fit = fitted(dosed, MetaRegression(["dose"], given, HALF), seed=11)
    assert fit.marginal("beta[dose]").interval() == (-1, -1)
    moved = fitted(replace(PAIN, y=PAIN.y + dosed.data["dose"].to_numpy()))
    at = moved.marginal("mu").ppf([0.025, 0.5, 0.975])
    assert fit.marginal("beta[intercept]").ppf([0.025, 0.5, 0.975]) == approx(at, abs=1e-11)
    found, certificate = bps.diagnose(sampled(fit)), bps.certify(sampled(fit))
    assert found.ok and certificate.ok
    assert "beta[dose]" not in found.table["unknown"].tolist()


def test_a_common_effect_that_is_fixed_is_a_likelihood():
    fit = fitted(model=CommonEffect(priors.point(-5)))
    z = (PAIN.y + 5) / PAIN.se
    want = -0.5 * (z**2).sum() - np.log(PAIN.se * (2 * np.pi) ** 0.5).sum()
    assert fit.log_evidence == approx(want, rel=1e-13)
    assert fit.predictive().interval() == fit.study("A").interval() == (-5, -5)
