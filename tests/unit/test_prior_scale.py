"""Priors made for another unit: a warning on the result, with the call that mends it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayes_ps import priors
from bayes_ps.effects.conversions.points import points_from_smd
from bayes_ps.effects.patients import outcome_sd
from models import CommonEffect, MetaRegression, PooledEvidence, RandomEffects
from tests.unit.making import MODEL, PAIN, fitted, made

ARMS = pd.DataFrame({"n_t": 11.0, "n_c": 21.0, "sd_t": 20.0, "sd_c": 23.0}, index=range(8))


def warnings(effects=PAIN, **changed):
    return fitted(effects, replace(MODEL, **changed)).warnings


def test_a_prior_for_an_smd_on_a_scale_of_100_points_is_a_warning_on_the_fit():
    fit = fitted(model=RandomEffects(priors.flat(), priors.half_normal(0.5)))
    (said,) = fit.warnings
    assert "half_normal(0.5), has its median at 0.337 and 97.5 % below 1.12 points (0-100)" in said
    assert 'a typical study ("A") has a standard error of 4' in said
    assert "all but rules out heterogeneity whatever the data say, and fakes certainty" in said
    assert "tau=priors.half_normal(0.5 * sd), sd that of the outcome" in said
    assert said in str(fit)


@pytest.mark.parametrize(
    "prior", [priors.half_normal(5), priors.half_cauchy(2), priors.uniform(0, 50)], ids=repr
)
def test_a_prior_that_fits_is_silent(prior):
    assert warnings(tau=prior) == ()


def test_the_boundary_is_half_a_typical_standard_error():
    """97.5 % of half-normal(s) lie below 2.2414 s; the median standard error is 4."""
    assert len(warnings(tau=priors.half_normal(0.89))) == 1
    assert warnings(tau=priors.half_normal(0.9)) == ()
    assert "97.5 % below 1.9 points" in warnings(tau=priors.uniform(0.5, 1.935))[0]


def test_the_sd_of_the_outcome_is_taken_from_the_arms():
    """Pooled: sqrt((10 · 20² + 20 · 23²)/30) = 22.04; a prior of half of it."""
    (said,) = warnings(PAIN.with_data(ARMS), tau=priors.half_normal(0.5))
    assert said.endswith("tau=priors.half_normal(11).")
    smd = made(PAIN.y, PAIN.se, measure="SMD", unit="SD units").with_data(ARMS)
    assert "0.5 * sd" in warnings(smd, tau=priors.half_normal(0.5))[0]


def test_smds_that_were_made_points_have_the_stated_sd():
    """Their arms are in the units of many instruments."""
    smd = made(PAIN.y / 20, PAIN.se / 20, measure="SMD", unit="SD units").with_data(ARMS)
    points = points_from_smd(smd, 20, unit="points (0-100)", source="a table (of 2020)")
    assert outcome_sd(points) == 20
    (said,) = warnings(points, tau=priors.half_normal(0.5))
    assert said.endswith("tau=priors.half_normal(10).")


@pytest.mark.parametrize("gap", [np.nan, None, "not reported"])
def test_arms_with_gaps_do_not_stop_a_fit(gap):
    data = ARMS.astype({"sd_t": object})
    data.loc[0, "sd_t"] = gap
    (said,) = warnings(PAIN.with_data(data), tau=priors.half_normal(0.5))
    assert said.endswith("tau=priors.half_normal(11).")
    (said,) = warnings(PAIN.with_data(data.assign(sd_t=gap, sd_c=gap)), tau=priors.half_normal(0.5))
    assert "0.5 * sd" in said


def test_a_prior_that_dwarfs_every_contrast_is_a_warning():
    """Points taken for a log ratio: the studies lie within 0.2 of each other."""
    close = made([0.1, 0.2, 0.15], [0.1, 0.05, 0.1], unit="log odds")
    (said,) = warnings(close, tau=priors.half_normal(20))
    assert "has its median at 13.5 log odds, but the studies lie within 0.2 of each other" in said
    assert "it was made for another unit" in said
    assert warnings(close, tau=priors.half_normal(5)) == ()


def test_a_prior_of_mu_that_contradicts_the_studies_is_a_warning():
    (said,) = warnings(mu=priors.normal(0, 0.5))
    assert "by inverse variance, without heterogeneity, they say -6.06 points (0-100), 4.9" in said
    assert said.endswith("or use priors.flat().")
    assert warnings(mu=priors.normal(0, 5)) == ()
    common = fitted(model=CommonEffect(priors.normal(0, 0.5)))
    assert common.warnings == (said,)


def test_there_is_nothing_to_say_of_an_improper_prior():
    assert warnings(tau=priors.improper_uniform()) == ()


def test_an_external_prior_is_held_against_the_pool():
    """Pain −3.48 with se 1.6: an SMD's prior is a warning, times an SD of 20 it is not."""
    pool = made([-3.48], [1.6])
    for scale in (1, 20):
        tau = priors.log_student_t(5, -1.51 + np.log(scale), 1.135)
        said = fitted(pool, PooledEvidence(priors.flat(), tau)).warnings
        assert len(said) == (scale == 1)


@pytest.mark.parametrize(
    "prior",
    [priors.half_cauchy(0.5), priors.inverse_gamma(1.71, 0.4), priors.log_normal(-1.5, 1.1)],
)
def test_heavy_tails_do_not_hide_a_prior_for_an_smd(prior):
    """On 0-100 with an SD of 22 only the middle of these gives them away."""
    (said,) = warnings(PAIN.with_data(ARMS), tau=prior)
    assert "made for an SMD" in said


def test_one_and_two_studies_are_said_to_leave_tau_to_the_prior():
    for k in (1, 2, 3):
        said = warnings(made([-3, -5, -4][:k], [2, 2, 2][:k]), tau=priors.half_normal(5))
        assert len(said) == (k < 3)
        assert all("prior of tau" in each and "decides" in each for each in said)


def test_a_coefficient_that_contradicts_the_studies_is_a_warning():
    """Normal(0, 0.5) on 0-100 for every subgroup mean."""
    data = pd.DataFrame({"group": ["a", "b"] * 4})
    effects = made(PAIN.y - 10, PAIN.se).with_data(data)
    model = MetaRegression(["group"], priors.normal(0, 0.5), priors.half_normal(5), intercept=False)
    said = fitted(effects, model).warnings
    assert len(said) == 2 and "The prior of group=a, normal(0, 0.5)" in said[0]
