"""`summarise`: the numbers of `fit` and `decide` for one analysis, and its calibration."""

from __future__ import annotations

import numpy as np
import pytest
from pytest import approx
from scipy.stats import kstest

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.checks import ModelError, PriorError, StudyTableError, UnitError
from bayes_ps.many import pit_many, summarise
from models import RandomEffects
from tests.unit.making import PAIN, made

MCID = bps.MCID(10, unit="points (0-100)")
HALF = priors.half_normal(5)
MIXED = priors.mixture([(0.5, HALF), (0.5, priors.half_normal(20))])


@pytest.mark.parametrize("mu", [priors.flat(), priors.normal(0, 10)])
@pytest.mark.parametrize("prior", [HALF, priors.half_cauchy(3), priors.uniform(0, 20), MIXED])
def test_every_number_is_that_of_fit_and_decide(prior, mu):
    found = summarise(PAIN, prior=prior, mu=mu, mcid=MCID, level=0.9).to_frame()
    fit = bps.fit(RandomEffects(mu=mu, tau=prior), PAIN)
    want = fit.to_frame(0.9).set_index("unknown").loc[list(found["unknown"])]
    found = found.set_index("unknown")
    numbers = found[["mean", "sd", "median", "lower", "upper"]]
    off = (numbers - want).abs().div(want["upper"] - want["lower"], axis=0)
    assert off.max().max() < 1e-11 and list(numbers.isna()) == list(want.isna())
    p = bps.decide(fit, MCID).to_frame()[["p_benefit", "p_mcid", "p_harm"]].to_numpy()
    asked = found.drop("tau")[["p_benefit", "p_mcid", "p_harm"]].to_numpy()
    assert asked == approx(p, rel=1e-9, abs=1e-14)
    assert found.loc["tau", ["p_benefit", "p_mcid", "p_harm"]].isna().all()


def test_it_answers_by_name_says_a_sentence_and_carries_the_warnings():
    found = summarise(PAIN, prior=priors.half_normal(0.05))
    assert found["mu"].mean == found.to_frame()["mean"][0] and np.isnan(found["mu"].p_mcid)
    assert found["theta[A]"].lower < found["theta[A]"].median < found["theta[A]"].upper
    assert "mu -" in str(found) and "95% central interval" in str(found)
    assert "fakes certainty" in str(found) and len(found.warnings) == 1
    assert found.error < 1e-10 and not found.numbers.flags.writeable
    with pytest.raises(ModelError, match=r"no 'omega'. Have: mu, tau, theta_new, theta\[A\]"):
        found["omega"]


def test_rooms_grow_and_are_used_again():
    small, large = PAIN.where(PAIN.study < "C"), PAIN
    first = summarise(small, prior=HALF).numbers
    summarise(large, prior=HALF)
    assert np.array_equal(summarise(small, prior=HALF).numbers, first, equal_nan=True)


@pytest.mark.parametrize(
    ("effects", "given", "error", "said"),
    [
        (PAIN, {"prior": HALF, "mcid": 10}, UnitError, r"bps.MCID\(10, unit="),
        (PAIN, {"prior": HALF, "mcid": bps.MCID(1, unit="SD")}, UnitError, "is in 'SD'"),
        (PAIN, {"prior": 5}, PriorError, "prior must be a prior"),
        (made([1.0], [1.0]), {"prior": priors.improper_uniform()}, ModelError, "improper for 1"),
        (made([1.0, 2], [1, 1], [[1, 0.5], [0.5, 1]]), {"prior": HALF}, ModelError, "bps.fit"),
        (made([0.0, 1e250], [1e-250, 1]), {"prior": HALF}, ModelError, "too far apart"),
    ],
)
def test_what_cannot_be_summarised_is_refused(effects, given, error, said):
    with pytest.raises(error, match=said):
        summarise(effects, **given)


def simulated(prior, m=2000, k=5):
    """Reviews simulated from normal(0, 1) and `prior`, and their truth."""
    rng = np.random.default_rng(8)
    mu, tau = rng.normal(0, 1, m), prior.ppf(rng.uniform(size=m))
    se = rng.uniform(0.2, 1, k)
    y = rng.normal(mu[:, None], np.hypot(se, tau[:, None]), (m, k))
    return y, se, {"mu": mu, "tau": tau, "theta_new": rng.normal(mu, tau)}


@pytest.mark.parametrize("prior", [priors.half_normal(0.5), priors.log_normal(-1.0, 0.8)])
def test_the_truth_lies_anywhere_in_the_posterior_evenly(prior):
    y, se, truth = simulated(prior)
    found = pit_many(y, se, truth, prior=prior, mu=priors.normal(0, 1))
    assert list(found) == ["mu", "tau", "theta_new", "error", "problem"]
    assert min(kstest(found[name], "uniform").pvalue for name in truth) > 0.001
    wrong = pit_many(y, se, truth, prior=priors.half_normal(0.1), mu=priors.normal(0, 1))
    assert kstest(wrong["tau"], "uniform").pvalue < 1e-6


def test_the_ends_of_the_support_of_tau_have_probability_0_and_1():
    y, se = np.tile([0.1, 0.5, -0.2], (4, 1)), np.array([0.2, 0.3, 0.25])
    tau = {"tau": [0.0, 1e-300, 2.0, 5.0]}
    found = pit_many(y, se, tau, prior=priors.uniform(0, 2))["tau"]
    assert list(found) == approx([0, 0, 1, 1], abs=1e-15)


def test_reviews_may_have_fewer_studies_and_problems_of_their_own():
    y = np.array([[0.1, 0.5], [0.3, np.nan], [0.2, 0.1]])
    se = np.array([[0.2, 0.2], [0.3, np.nan], [0.2, 0.0]])
    found = pit_many(y, se, {"mu": np.zeros(3)}, prior=priors.half_normal(1))
    assert np.isfinite(found["mu"]).tolist() == [True, True, False]
    assert "SE that is not a number > 0" in found["problem"][2]
    alone = made([0.3], [0.3])
    fit = bps.fit(RandomEffects(mu=priors.flat(), tau=priors.half_normal(1)), alone)
    assert found["mu"][1] == approx(float(fit.marginal("mu").cdf(0)), abs=1e-12)


def test_what_cannot_be_calibrated_is_refused():
    with pytest.raises(StudyTableError, match="any of mu, tau, theta_new"):
        pit_many(np.ones((2, 2)), np.ones(2), {"theta": [0, 0]}, prior=HALF)
    with pytest.raises(PriorError, match="does not know"):
        pit_many(np.ones((2, 2)), np.ones(2), {"mu": [0, 0]}, prior=MIXED)
