"""Published Bayesian results: bayesmeta's paper and manual, and exact values of known data.

Röver 2020, J Stat Softw 93(6), doi:10.18637/jss.v093.i06, pages 20-34: the Crins 2014 data under
mu ~ N(0, 4²), tau ~ half-normal(0.5). Tolerance is half the last printed digit.
"""

import numpy as np
import pytest

import bayes_ps as bps
from bayes_ps.posterior import study_weights
from models import RandomEffects, priors

MODEL = RandomEffects(mu=priors.normal(0, 4), tau=priors.half_normal(0.5))
STUDIES = ["Heffron", "Gibelli", "Schuller", "Ganschow", "Spada", "Gras"]


@pytest.fixture(scope="module")
def crins():
    y = [-2.30970256, -0.45953233, -2.30258509, -1.75785792, -1.25846099, -2.41789594]
    se = [0.59947630, 0.55639556, 0.88034084, 0.45586850, 0.64199618, 1.52881075]
    effects = bps.Effects.from_estimates(
        y, se=se, study=STUDIES, measure="OR", unit="log OR", better="lower"
    )
    return bps.fit(MODEL, effects)


def test_crins_tau(crins):
    tau = crins.marginal("tau")
    assert tau.median == pytest.approx(0.3445, abs=2e-4)  # bayesmeta's own error is 1e-4 sd
    assert tau.mean == pytest.approx(0.3811, abs=2e-4)
    assert tau.sd == pytest.approx(0.2594, abs=2e-4)
    assert tau.interval(kind="shortest") == pytest.approx((0, 0.8607), abs=5e-4)
    assert tau.sf(1.0) == pytest.approx(0.02097, abs=5e-6)
    assert tau.ppf(0.99) == pytest.approx(1.1092, abs=5e-4)


def test_crins_mu(crins):
    mu = crins.marginal("mu")
    assert mu.median == pytest.approx(-1.5735, abs=2e-4)
    assert mu.mean == pytest.approx(-1.5764, abs=2e-4)
    assert mu.sd == pytest.approx(0.3295, abs=3e-4)
    assert mu.interval(kind="shortest") == pytest.approx((-2.2311, -0.9263), abs=1e-3)
    # bayesmeta prints 6.187e-05: 2.9 % off, its grid is too coarse for the tail; 30-digit
    # arithmetic gives 6.0127e-05 (ground truth row 1).
    assert mu.sf(0.0) == pytest.approx(6.0127e-05, abs=5e-10)


def test_crins_new_setting_and_evidence(crins):
    new = crins.predictive()
    assert new.median == pytest.approx(-1.5702, abs=3e-4)
    # bayesmeta prints 0.5672, 0.12 % off as its default grid is; scipy's quad gives 0.5665320505.
    assert new.sd == pytest.approx(0.5665320505, abs=5e-11)
    assert new.interval(kind="shortest") == pytest.approx((-2.7661, -0.4073), abs=3e-3)
    assert np.exp(crins.log_evidence) == pytest.approx(6.554e-05, abs=5e-9)


def test_crins_weights_and_shrinkage(crins):
    weights = study_weights(crins)
    printed = [0.1891, 0.2103, 0.1055, 0.2760, 0.1712, 0.0411]
    assert weights / 100 == pytest.approx(printed, abs=6e-5)
    assert 100 - weights.sum() == pytest.approx(0.68, abs=5e-3)
    assert crins.study("Heffron").mean == pytest.approx(-1.7779, abs=5e-4)
    assert crins.study("Gibelli").mean == pytest.approx(-1.2340, abs=5e-4)


def test_crins_two_randomised_trials(crins):
    """Section 3.6: mu −1.78 [−2.86, −0.69], new [−3.25, −0.28], P(mu < 0) .9975."""
    fit = bps.fit(MODEL, crins.effects.where(np.isin(crins.effects.study, ["Heffron", "Spada"])))
    mu = fit.marginal("mu")
    assert mu.median == pytest.approx(-1.78, abs=5e-3)
    assert mu.interval(kind="shortest") == pytest.approx((-2.86, -0.69), abs=6e-3)
    assert fit.predictive().interval(kind="shortest") == pytest.approx((-3.25, -0.28), abs=6e-3)
    assert mu.cdf(0.0) == pytest.approx(0.9975319, abs=5e-8)


EIGHT = {
    "decimals": [28.39, 7.94, -2.75, 6.82, -0.64, 0.63, 18.01, 12.16],
    "rounded": [28, 8, -3, 7, -1, 1, 18, 12],
}
EIGHT_SE = {
    "decimals": [14.9, 10.2, 16.3, 11.0, 9.4, 11.4, 10.4, 17.6],
    "rounded": [15, 10, 16, 11, 9, 11, 10, 18],
}


def eight_schools(which, mu, tau):
    effects = bps.Effects.from_estimates(
        EIGHT[which],
        se=EIGHT_SE[which],
        study=list("ABCDEFGH"),
        measure="MD",
        unit="points",
        better="higher",
    )
    return bps.fit(RandomEffects(mu=mu, tau=tau), effects)


def test_eight_schools_of_bayesmeta():
    """bayesmeta's example: mu ~ N(0, 50²), tau ~ half-Cauchy(25)."""
    fit = eight_schools("decimals", priors.normal(0, 50), priors.half_cauchy(25))
    mu, tau = fit.marginal("mu"), fit.marginal("tau")
    assert mu.median == pytest.approx(7.9630, abs=2e-3)
    assert mu.sd == pytest.approx(4.9958, abs=6e-3)
    assert mu.sf(0.0) == pytest.approx(0.94875, abs=1e-4)
    assert mu.sf(5.0) == pytest.approx(0.7334, abs=1e-4)
    assert tau.median == pytest.approx(4.7585, abs=2e-3)
    assert tau.interval(kind="shortest") == pytest.approx((0, 15.166), abs=1e-2)
    assert fit.study("A").mean == pytest.approx(11.095, abs=1e-2)


def test_eight_schools_rounded_flat():
    """Ground truth row 6, by quadrature elsewhere."""
    mu = eight_schools("rounded", priors.flat(), priors.improper_uniform()).marginal("mu")
    assert mu.mean == pytest.approx(7.932, abs=5e-4)
    assert mu.sd == pytest.approx(5.178, abs=5e-4)
    assert mu.sf(0.0) == pytest.approx(0.94444, abs=5e-6)
    assert mu.sf(5.0) == pytest.approx(0.72664, abs=5e-6)


def test_eight_schools_of_stan_and_arviz():
    """Ground truth row 7: N(0, 5²), half-Cauchy(5)."""
    mu = eight_schools("rounded", priors.normal(0, 5), priors.half_cauchy(5)).marginal("mu")
    assert mu.mean == pytest.approx(4.397, abs=5e-4)
    assert mu.sd == pytest.approx(3.318, abs=5e-4)
    assert mu.sf(5.0) == pytest.approx(0.42955, abs=5e-6)
