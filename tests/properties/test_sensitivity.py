"""What must hold for every sensitivity analysis and every average: order, unit, sign, inverses."""

import hypothesis.strategies as st
import numpy as np
from hypothesis import Phase, given, settings
from pytest import approx

from bayes_ps import priors
from bayes_ps.comparison import compare
from bayes_ps.decision import MCID
from bayes_ps.sensitivity import cumulative, leave_one_out, power_scaling
from bayes_ps.sensitivity import priors as prior_grid
from models import CommonEffect, RandomEffects
from tests.properties.strategies import correlated, effects, numbers
from tests.unit.making import fitted, made

MODEL = RandomEffects(priors.normal(0, 20), priors.half_normal(5))
Q = np.array([0.01, 0.2, 0.5, 0.9])
FEW = settings(max_examples=6, phases=[Phase.generate])


@FEW
@given(given_effects=correlated())
def test_leave_one_out_does_not_know_the_order(given_effects):
    one = leave_one_out(fitted(given_effects, MODEL)).to_frame().set_index("study")
    other = leave_one_out(fitted(given_effects.sort("y"), MODEL)).to_frame().set_index("study")
    for name in ("p_mean", "elpd", "pit", "tau"):
        assert other.loc[one.index, name].to_numpy() == approx(one[name].to_numpy(), abs=1e-9)


@FEW
@given(given_effects=correlated())
def test_foretelling_is_the_ratio_of_two_evidences(given_effects):
    """log p(y_i | y_-i) = log p(y) − log p(y_-i), where the prior does not depend on the data."""
    fit = fitted(given_effects, MODEL)
    found = leave_one_out(fit)
    rest = np.array([each.log_evidence for each in found.fits])
    assert found.elpd_i == approx(fit.log_evidence - rest, abs=1e-9)


@FEW
@given(given_effects=effects(least=2), factor=st.sampled_from([1e-3, 7.0, 1e4]))
def test_a_unit_changes_no_probability(given_effects, factor):
    """y, se, priors and MCID by c: P and PIT stay; a density of y is divided by c."""
    scaled = made(factor * given_effects.y, factor * given_effects.se)
    prior = RandomEffects(priors.normal(0, 20 * factor), priors.half_normal(5 * factor))
    one = leave_one_out(fitted(given_effects, MODEL), MCID(3, given_effects.unit))
    other = leave_one_out(fitted(scaled, prior), MCID(3 * factor, scaled.unit))
    assert other.answers.p_new == approx(one.answers.p_new, abs=1e-9)
    assert other.pit == approx(one.pit, abs=1e-9)
    assert other.elpd_i == approx(one.elpd_i - np.log(factor), abs=1e-8)


@FEW
@given(given_effects=effects(least=2), mcid=numbers(0.5, 20))
def test_the_mirror_image_has_the_same_benefit(given_effects, mcid):
    turned = made(-given_effects.y, given_effects.se, better="higher")
    size = MCID(mcid, given_effects.unit)
    mu, tau = [priors.normal(0, 20), priors.flat()], [priors.half_normal(5)]
    one, other = (prior_grid(e, mu=mu, tau=tau, mcid=size) for e in (given_effects, turned))
    for name in ("p_mean", "p_new", "harm_mean", "harm_new"):
        assert getattr(other.answers, name) == approx(getattr(one.answers, name), abs=1e-12)
    assert other.answers.upper == approx(-one.answers.lower, abs=1e-9)


@FEW
@given(given_effects=effects(least=2))
def test_the_last_step_is_all_studies(given_effects):
    fit = fitted(given_effects, MODEL)
    found = cumulative(fit, "se")
    assert found.answers.p_mean[-1] == approx(fit.average().cdf(0.0), abs=1e-10)
    assert found.answers.median[-1] == approx(fit.average().median, abs=1e-8)


@FEW
@given(given_effects=effects(least=2), alpha=numbers(0.3, 3))
def test_a_power_of_the_prior_of_mu_is_another_normal(given_effects, alpha):
    found = power_scaling(fitted(given_effects, MODEL), alphas=[alpha]).to_frame()
    other = RandomEffects(priors.normal(0, 20 / alpha**0.5), priors.half_normal(5))
    row = found[found["component"] == "prior of mu"].iloc[0]
    assert row["p_mean"] == approx(fitted(given_effects, other).average().cdf(0.0), abs=1e-10)


@FEW
@given(given_effects=effects(least=1), share=numbers(0.05, 0.95))
def test_an_average_is_its_own_inverse_and_lies_between(given_effects, share):
    models = {"null": CommonEffect(priors.point(0)), "effect": MODEL}
    fits = {name: fitted(given_effects, model) for name, model in models.items()}
    found = compare(fits, prior_probability=[share, 1 - share])
    assert found.probability.sum() == approx(1)
    mu = found.average("mu")
    x = mu.ppf(Q)
    assert (mu.cdf(x) >= Q - 1e-12).all() and (np.diff(x) >= 0).all()
    below = np.nextafter(x, -np.inf) - 1e-9 * np.maximum(1, np.abs(x))
    assert (mu.cdf(below) <= Q + 1e-7).all()
    of_effect = fits["effect"].average()
    for at in (-5.0, 0.0, 5.0):
        ends = sorted([float(at >= 0), float(of_effect.cdf(at))])
        assert ends[0] - 1e-14 <= mu.cdf(at) <= ends[1] + 1e-14
