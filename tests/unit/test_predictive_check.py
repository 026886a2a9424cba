"""Posterior predictive P values against chi-squared and one-dimensional integrals."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

import bayes_ps as bps
from bayes_ps.checks import BayesPSError
from bayes_ps.diagnostics import predictive_check
from models import CommonEffect, MetaRegression, RandomEffects, priors
from tests.unit.making import PAIN, fitted, made, sampled

Z = 4.5  # one sound number in 150 000 is farther off


def agrees(found, p):
    assert abs(found.p - p) < Z * np.sqrt(p * (1 - p) / found.replicated.size)
    assert found.mcse == pytest.approx(np.sqrt(p * (1 - p) / found.replicated.size), rel=0.2)


def test_q_of_a_common_effect_is_the_chi_squared_test():
    """Q of replicates does not depend on mu: it is chi-squared with k − 1 degrees of freedom."""
    found = predictive_check(fitted(model=CommonEffect(priors.flat())))
    base = bps.baseline(PAIN, "FE", "wald")
    assert found.observed == pytest.approx(base.q, rel=1e-12)
    agrees(found, base.q_p)
    assert found.statistic == "Q"


def test_q_around_moderators_has_fewer_degrees_of_freedom():
    effects = PAIN.with_data(pd.DataFrame({"dose": [1, 5, 2, 8, 3, 1, 9, 4]}))
    beta = MetaRegression(["dose"], priors.flat(), priors.point(0))
    found = predictive_check(fitted(effects, beta))
    X = np.column_stack([np.ones(8), effects.data["dose"]]) / PAIN.se[:, None]
    _, rest, *_ = np.linalg.lstsq(X, PAIN.y / PAIN.se)
    assert found.observed == pytest.approx(rest[0], rel=1e-10)
    agrees(found, stats.chi2.sf(rest[0], 6))


def test_q_of_studies_that_share_participants():
    V = np.array([[4.0, 1.5], [1.5, 9.0]])
    found = predictive_check(fitted(made([1, 5], [2, 3], V), CommonEffect(priors.flat())))
    q = 4**2 / (4 + 9 - 2 * 1.5)
    assert found.observed == pytest.approx(q, rel=1e-12)
    agrees(found, stats.chi2.sf(q, 1))


def test_replicates_have_new_true_effects():
    """k = 2: y_1 − y_2 ~ N(0, se_1² + se_2² + 2 tau²), tau from its posterior, by scipy."""
    y, se, scale = np.array([2.0, -4.0]), np.array([1.0, 1.5]), 3.0
    apart, v = abs(y[0] - y[1]), (se**2).sum()

    def joint(tau):
        return stats.halfnorm.pdf(tau, scale=scale) * stats.norm.pdf(
            apart, 0, np.sqrt(v + 2 * tau**2)
        )

    def beyond(tau):
        return joint(tau) * 2 * stats.norm.sf(apart / np.sqrt(v + 2 * tau**2))

    p = integrate.quad(beyond, 0, 40)[0] / integrate.quad(joint, 0, 40)[0]
    fit = fitted(made(y, se), RandomEffects(priors.flat(), priors.half_normal(scale)))
    agrees(predictive_check(fit), p)
    agrees(predictive_check(fit, "range"), p)


def test_one_study_and_a_known_answer():
    """mu ~ N(0, 1), y = 3, se 1: mu | y ~ N(1.5, 0.5), y_rep ~ N(1.5, 1.5)."""
    fit = fitted(made([3.0], [1.0]), CommonEffect(priors.normal(0, 1)))
    law = stats.norm(1.5, 1.5**0.5)
    agrees(predictive_check(fit, "max"), law.sf(3))
    agrees(predictive_check(fit, "min"), law.sf(3))

    def precise(y, se):
        return y[0] / se[0]

    found = predictive_check(fit, precise)
    agrees(found, law.sf(3))
    assert found.statistic == "precise" and found.observed == 3


def test_an_event_that_no_replicate_shows_has_an_error():
    fit = fitted(made([0, 0, 50], [1, 1, 1]), CommonEffect(priors.flat()))
    found = predictive_check(fit)
    assert found.p == 0 and 0 < found.mcse < 1e-3
    assert "P(replicated >= observed) < 0.001 (MCSE" in str(found)


def test_the_sentence_says_how_to_read_it():
    found = predictive_check(fitted())
    assert f"observed {found.observed:.4g}" in str(found)
    assert f"observed) = {found.p:.3f} (MCSE" in str(found) and "used twice" in str(found)
    row = found.to_frame().iloc[0]
    assert row["p"] == found.p and row["lower"] < row["median"] < row["upper"]


def test_sampled_fits_are_checked_too():
    exact = fitted()
    assert predictive_check(sampled(exact)).p == predictive_check(exact).p


def test_what_is_refused():
    with pytest.raises(BayesPSError, match="one of Q, max, min, range, or a function"):
        predictive_check(fitted(), "median")
    with pytest.raises(BayesPSError, match="not a finite number"):
        predictive_check(fitted(), lambda y, se: np.nan)
