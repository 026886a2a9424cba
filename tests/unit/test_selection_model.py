"""The selection model: its likelihood by other arithmetic, its maximum, refusals and sentences."""

import math

import numpy as np
import pytest
from pytest import approx
from scipy.integrate import quad
from scipy.stats import norm

from bayes_ps.baseline import baseline
from bayes_ps.baseline.small_study import selection_model
from bayes_ps.baseline.small_study.selection_likelihood import step_selection
from bayes_ps.checks import ModelError
from tests import references
from tests.unit.making import made

rng = np.random.default_rng(20)
Y, SE = rng.normal(0.3, 0.35, 14), rng.uniform(0.08, 0.4, 14)
EFFECTS = made(Y, SE, better="higher")
AT = (0.17, 0.06, np.log([0.5, 0.2]))
STEPS = np.array([0.025, 0.4])


def publication(y, se, delta, two_sided):
    """The probability of publication of one estimate, read off its P value."""
    p = 2 * norm.sf(abs(y) / se) if two_sided else norm.sf(y / se)
    return delta[np.searchsorted(STEPS, p)]


@pytest.mark.parametrize("two_sided", [False, True])
def test_the_likelihood_is_the_density_of_published_estimates(two_sided):
    """Normal density times the probability of publication, over its integral by quadrature."""
    mu, tau2, log_delta = AT
    delta = np.array([1, *np.exp(log_delta)])
    expected = 0.0
    for y, se in zip(Y, SE, strict=True):
        density = norm(mu, math.hypot(se, math.sqrt(tau2)))
        ends = norm.isf(STEPS / 2 if two_sided else STEPS) * se
        total, _ = quad(
            lambda x, se=se, density=density: publication(x, se, delta, two_sided) * density.pdf(x),
            -8,
            8,
            points=sorted([*ends, *-ends]),
            limit=200,
            epsabs=1e-13,
        )
        expected += math.log(publication(y, se, delta, two_sided) * density.pdf(y) / total)
    model = step_selection(Y, SE**2, STEPS, two_sided=two_sided)
    assert model.derivatives(*AT).value == approx(expected, rel=1e-11)


@pytest.mark.parametrize("two_sided", [False, True])
def test_derivatives_are_those_of_the_likelihood(two_sided):
    """Against Richardson-extrapolated central differences."""
    model = step_selection(Y, SE**2, STEPS, two_sided=two_sided)
    at = np.array([AT[0], AT[1], *AT[2]])

    def found(x):
        return model.derivatives(x[0], x[1], x[2:])

    def slope(read, direction, h=2e-4):
        def central(step):
            return (read(found(at + step * direction)) - read(found(at - step * direction))) / step

        return (4 * central(h / 2) / 2 - central(h) / 2) / 3

    exact = found(at)
    for n, direction in enumerate(np.eye(4)):
        by_value = slope(lambda d: d.value, direction)
        by_gradient = slope(lambda d: d.gradient, direction)
        assert exact.gradient[n] == approx(by_value, rel=1e-7, abs=1e-9)
        assert exact.hessian[n] == approx(by_gradient, rel=1e-6, abs=1e-8)
    assert exact.hessian == approx(exact.hessian.T)


@pytest.mark.parametrize("alternative", ["greater", "less", "two-sided"])
def test_nothing_near_the_estimates_is_more_likely(alternative):
    steps = {"greater": (0.05, 0.5), "less": (0.5, 0.99), "two-sided": (0.05, 0.5)}[alternative]
    found = selection_model(EFFECTS, steps, alternative=alternative)
    sign = -1 if alternative == "less" else 1
    two_sided = alternative == "two-sided"
    model = step_selection(sign * Y, SE**2, np.array(steps), two_sided=two_sided)
    top = model.derivatives(sign * found.mu, found.tau2, np.log(found.delta[1:])).value
    assert top == approx(found.log_likelihood, rel=1e-13)
    for _ in range(200):
        step = rng.normal(0, 0.02, 4)
        tau2 = abs(found.tau2 + step[1] / 10)
        log_delta = np.log(found.delta[1:]) + step[2:]
        assert model.derivatives(sign * found.mu + step[0], tau2, log_delta).value <= top
    assert np.abs(found.score).max() < 1e-10


def test_equal_probabilities_are_maximum_likelihood_without_selection():
    found, plain = selection_model(EFFECTS, delta=(1, 1)), baseline(EFFECTS, "ML", "wald")
    assert (found.mu, found.tau2) == approx((plain.mu, plain.tau2), rel=1e-9)
    assert found.lrt is None and found.lrt_p is None and math.isnan(found.delta_lower[1])
    common, fixed = selection_model(EFFECTS, delta=(1, 1), tau2="FE"), baseline(EFFECTS, "FE")
    assert (common.mu, common.se, common.tau2) == approx((fixed.mu, fixed.se, 0), rel=1e-9)
    assert common.se_tau2 is None


def test_turning_the_signs_turns_the_estimate():
    one = selection_model(EFFECTS, alternative="greater")
    other = selection_model(made(-Y, SE), alternative="less")
    assert (one.mu, one.lower, one.upper) == approx((-other.mu, -other.upper, -other.lower))
    assert one.delta == approx(other.delta)


def test_selection_favours_benefit_unless_told_otherwise():
    assert selection_model(EFFECTS).alternative == "greater"
    assert selection_model(made(-Y, SE, better="lower")).alternative == "less"


def test_tau2_on_its_boundary_is_told():
    agreeing = made(0.2 + 0.3 * SE * np.resize([1, -1, 0.2], 14), SE, better="higher")
    found = selection_model(agreeing, (0.2,))
    assert found.tau2 == 0 and found.se_tau2 is None
    assert any("boundary 0" in note for note in found.notes)
    assert np.isfinite([found.mu, found.se, *found.delta]).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"level": 95}, "For 95 % pass 0.95"),
        ({"steps": ()}, "steps must rise between 0 and 1"),
        ({"steps": (0.5, 0.025)}, "steps must rise"),
        ({"steps": (2.5,)}, "steps must rise"),
        ({"alternative": "up"}, "alternative must be one of"),
        ({"tau2": "REML"}, 'tau2 must be "ML" or "FE"'),
        ({"delta": (1, 0.5, 0.2)}, "delta needs 2 numbers > 0"),
        ({"delta": (0.5, 1)}, "the first 1"),
        ({"steps": (1e-12, 0.5)}, r"No study has P between 0 and 1e-12"),
    ],
)
def test_impossible_requests_say_why(wrong, message):
    with pytest.raises(ModelError, match=message):
        selection_model(EFFECTS, **wrong)


def test_more_unknowns_than_studies_are_refused():
    with pytest.raises(ModelError, match="needs more than 3 studies, but there are 3"):
        selection_model(made([0.1, 0.5, 0.9], [0.2, 0.1, 0.2], better="higher"))


def test_a_delta_of_which_the_studies_say_nothing_is_told():
    """One significant study of seven: a maximum at delta = 1125 whose log has an se of 42."""
    y = [29.53, 0.93, -0.57, -1.61, -2.99, -0.6, 32.12]
    se = [39.83, 0.13, 1.95, 2.18, 4.63, 1.76, 26.64]
    effects = made(y, se, better="higher")
    found = selection_model(effects)
    profile = [selection_model(effects, delta=(1, np.exp(at))) for at in (6, 7.026, 8)]
    assert max(fit.log_likelihood for fit in profile) == profile[1].log_likelihood
    assert found.log_likelihood == approx(profile[1].log_likelihood, abs=1e-6)
    assert np.log(found.delta[1]) == approx(7.026, abs=0.01) and found.delta_upper[1] > 1e30
    assert "The studies say next to nothing of a delta: see its interval." in found.notes


def test_estimates_that_run_away_are_refused():
    """Four P just below 0.025 and one estimate far on the other side: delta falls to 0."""
    effects = made([2.0, 2.0, 2.1, 2.2, -30.0], [1.0] * 5, better="higher")
    rising = [
        selection_model(effects, delta=(1, d)).log_likelihood for d in (1, 1e-2, 1e-4, 1e-8, 1e-16)
    ]
    assert np.all(np.diff(rising) > 1)
    with pytest.raises(ModelError, match=r"no inner maximum.*Use fewer steps"):
        selection_model(effects)


def test_a_tiny_probability_of_publication_keeps_its_digits():
    """Hardly a study of this size is published: delta 1e-14, and significance 8 to 26 se away."""
    mu, delta = -2.0, 1e-14
    away = norm.isf(0.025) - mu / SE
    published = norm.sf(away) + delta * norm.cdf(away)
    significant = norm.sf(Y / SE) <= 0.025
    expected = np.where(significant, 0.0, math.log(delta)) + norm.logpdf(Y, mu, SE)
    model = step_selection(Y, SE**2, np.array([0.025]), two_sided=False)
    found = model.derivatives(mu, 0.0, np.log([delta])).value
    assert found == approx((expected - np.log(published)).sum(), rel=1e-13)


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_the_unit_of_the_effects_does_not_matter(scale):
    one, other = (
        selection_model(EFFECTS),
        selection_model(made(scale * Y, scale * SE, better="higher")),
    )
    assert (scale * one.mu, scale * one.se) == approx((other.mu, other.se), rel=1e-9)
    assert (one.lrt, list(one.delta)) == (approx(other.lrt), approx(list(other.delta)))


def test_equal_effects_never_give_nan():
    se = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5]
    found = selection_model(made([0.3] * 6, se, better="higher"), (0.2,))
    assert np.isfinite([found.mu, found.se, found.tau2, *found.delta, found.lrt_p]).all()
    with pytest.raises(ModelError, match=r"No study has P between 0 and 0\.2"):
        selection_model(made([0.0] * 6, se, better="higher"), (0.2,))


def test_prints_one_sentence_and_a_frame():
    found = selection_model(references.effects("bcg"), alternative="less")
    sentence = str(found).splitlines()[0]
    assert sentence.startswith(
        "Step-function selection model by one-sided P for an effect below 0, 13 studies: RR -0.62 "
    )
    assert "0.64 (0.1 to 3.9) up to 1; no selection: chi² 0.242 on 1 df, P = 0.62" in sentence
    frame = found.to_frame().set_index("quantity")
    assert list(frame.index) == ["mu", "tau2", "delta(0, 0.025]", "delta(0.025, 1]", "LRT"]
    assert frame.k["delta(0, 0.025]"] == 8 and frame.p["LRT"] == found.lrt_p
    few = selection_model(references.effects("bcg"), (0.025, 0.5), alternative="less")
    assert any("Few studies in an interval of P (8, 3, 2)" in note for note in few.notes)
