"""Priors that the standard errors complete: formulas, Fisher information, who completes them."""

import numpy as np
import pytest
from pytest import approx
from scipy import integrate, stats

from bayes_ps import priors
from bayes_ps.checks import PriorError
from models import CommonEffect, MetaRegression, PooledEvidence, RandomEffects
from tests.unit.making import PAIN, made

SE = np.array([0.3, 0.55, 0.9, 2.0])
TAU = np.array([1e-3, 0.2, 1.0, 7.0, 500.0])
BY_ERRORS = {
    "jeffreys": priors.jeffreys(),
    "overall_jeffreys": priors.overall_jeffreys(),
    "berger_deely": priors.berger_deely(),
    "conventional": priors.conventional(),
    "dumouchel": priors.dumouchel(),
    "uniform_shrinkage": priors.uniform_shrinkage(),
    "uniform_i2": priors.uniform_i2(),
}
PROPER = [name for name, prior in BY_ERRORS.items() if prior.proper]


def by_hand(name, t, se):
    """The densities of bayesmeta's manual, as printed; the proper ones up to a constant."""
    ratio = t / (se**2 + t**2)
    s2 = se.size / np.sum(se**-2.0)
    w = se**-2.0
    typical = (se.size - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum())
    return {
        "jeffreys": np.sqrt(np.sum(ratio**2)),
        "overall_jeffreys": np.sqrt(np.sum(1 / (se**2 + t**2)) * np.sum(ratio**2)),
        "berger_deely": np.prod(ratio ** (1 / se.size)),
        "conventional": np.prod((t / (se**2 + t**2) ** 1.5) ** (1 / se.size)),
        "dumouchel": np.sqrt(s2) / (np.sqrt(s2) + t) ** 2,
        "uniform_shrinkage": 2 * s2 * t / (s2 + t**2) ** 2,
        "uniform_i2": 2 * typical * t / (typical + t**2) ** 2,
    }[name]


@pytest.mark.parametrize("name", BY_ERRORS)
def test_density_is_the_formula_of_the_manual(name):
    prior = BY_ERRORS[name].given(SE)
    want = np.log([by_hand(name, t, SE) for t in TAU])
    if name in ("overall_jeffreys", "conventional"):

        def density(t):
            return by_hand(name, t, SE)

        pieces = [(0, 1), (1, 100), (100, np.inf)]
        total = sum(integrate.quad(density, *ends, epsabs=0, epsrel=1e-12)[0] for ends in pieces)
        want -= np.log(total)
    assert prior.logpdf(TAU) == approx(want, abs=1e-12)
    assert prior.logpdf(-1.0) == -np.inf and prior.logpdf(np.ones((2, 3))).shape == (2, 3)


@pytest.mark.parametrize("name", PROPER)
def test_quantiles_and_probabilities_are_integrals_of_the_density(name):
    prior = BY_ERRORS[name].given(SE)
    for q in (1e-4, 0.3, 0.5, 0.9):
        x = float(prior.ppf(q))
        got = integrate.quad(lambda t: np.exp(prior.logpdf(t)), 0, x, epsabs=0, epsrel=1e-12)[0]
        assert got == approx(q, rel=2e-10) and prior.cdf(x) == approx(q, rel=2e-10)
    assert tuple(prior.ppf([0.0, 1.0])) == (0, np.inf) and prior.cdf([-1, 0]).tolist() == [0, 0]


def test_jeffreys_priors_are_roots_of_the_fisher_information():
    """By quadrature over y of the score of y ~ N(mu, se² + tau²); the constant is bayesmeta's:
    sqrt(2) smaller than the information on tau."""
    tau, mu, step = 0.7, 0.4, 1e-5
    information = np.zeros((2, 2))
    z, weight = np.polynomial.hermite_e.hermegauss(40)
    for se in SE:
        y = mu + np.hypot(se, tau) * z

        def log_p(m, t, se=se, y=y):
            return stats.norm(m, np.hypot(se, t)).logpdf(y)

        score = np.array(
            [
                (log_p(mu + step, tau) - log_p(mu - step, tau)) / (2 * step),
                (log_p(mu, tau + step) - log_p(mu, tau - step)) / (2 * step),
            ]
        )
        information += score * weight @ score.T / weight.sum()
    alone = priors.jeffreys(SE).logpdf(tau)
    assert alone == approx(np.log(information[1, 1] / 2) / 2, abs=1e-8)
    both, other = priors.overall_jeffreys(SE), 2.3
    ratio = both.logpdf(tau) - both.logpdf(other)
    w, v = 1 / (SE**2 + tau**2), 1 / (SE**2 + other**2)
    closed = np.log(np.linalg.det(information)) / 2 - np.log(
        np.sqrt(v.sum() * 2 * other**2 * (v**2).sum())
    )
    assert ratio == approx(closed, abs=1e-8)
    assert np.linalg.det(information) == approx(w.sum() * 2 * tau**2 * (w**2).sum(), rel=1e-8)


def test_uniform_in_what_their_names_say():
    """I² and the shrinkage factor are uniform under their priors; Berger-Deely is Jeffreys for
    equal standard errors, up to sqrt(k)."""
    q = np.array([0.1, 0.5, 0.8])
    w = SE**-2.0
    typical = 3 * w.sum() / (w.sum() ** 2 - (w**2).sum())
    tau2 = priors.uniform_i2().given(SE).ppf(q) ** 2
    assert tau2 / (typical + tau2) == approx(q, rel=1e-12)
    tau2, s2 = priors.uniform_shrinkage().given(SE).ppf(q) ** 2, 4 / w.sum()
    assert 1 - s2 / (s2 + tau2) == approx(q, rel=1e-12)
    equal = np.full(4, 0.7)
    gap = priors.jeffreys(equal).logpdf(TAU) - priors.berger_deely(equal).logpdf(TAU)
    assert gap == approx(np.full(5, np.log(2)), abs=1e-12)


@pytest.mark.parametrize("name", BY_ERRORS)
def test_neither_tiny_nor_huge_tau_over_or_underflows(name):
    prior = BY_ERRORS[name].given(SE)
    at = prior.logpdf(np.exp([-700.0, -300.0, 150.0, 300.0]))
    assert np.isfinite(at).all()
    scaled = BY_ERRORS[name].given(SE * 1e8)
    shift = np.log(1e8) if name in PROPER or name in ("jeffreys", "berger_deely") else 0
    assert scaled.logpdf(TAU * 1e8) == approx(prior.logpdf(TAU) - shift, abs=1e-10)


@pytest.mark.parametrize("name", BY_ERRORS)
def test_without_standard_errors_it_says_who_gives_them(name):
    prior = BY_ERRORS[name]
    asks = [lambda: prior.logpdf(1.0), lambda: prior.ppf(0.5), lambda: prior.cdf(1.0)]
    for ask in asks:
        with pytest.raises(PriorError, match=rf"{name}\(\) takes its scale from the standard err"):
            ask()
    assert prior.parameters == () and not prior.complete
    bound = prior.given(SE)
    assert bound.complete and bound.given([9.0, 9.0]) is bound


def test_other_priors_do_not_depend_on_standard_errors():
    prior = priors.half_normal(0.5)
    assert prior.complete and prior.given(SE) is prior


@pytest.mark.parametrize("name", [n for n in BY_ERRORS if n not in PROPER])
def test_an_improper_one_has_no_quantiles(name):
    with pytest.raises(PriorError, match="is improper: it has no quantiles"):
        BY_ERRORS[name].given(SE).ppf(0.5)


@pytest.mark.parametrize("se", [[], [0.5, 0.0], [0.5, np.nan], [-1.0]])
def test_impossible_standard_errors_are_refused(se):
    for prior in (priors.jeffreys(), priors.dumouchel()):
        with pytest.raises(PriorError, match="standard errors must be finite and > 0"):
            prior.given(se)
    with pytest.raises(PriorError, match="se must be finite and > 0"):
        priors.jeffreys(se)


def test_one_study_has_no_i2():
    with pytest.raises(PriorError, match=r"uniform_i2\(\) needs two studies"):
        priors.uniform_i2().given([0.5])
    assert priors.uniform_shrinkage().given([0.5]) == priors.uniform_shrinkage(0.5)


def test_a_model_completes_it_with_the_effects_at_hand_anew_each_time():
    data = PAIN.with_data(PAIN.data.assign(dose=np.arange(8.0)))
    for model in (
        RandomEffects(priors.flat(), priors.jeffreys()),
        MetaRegression(["dose"], priors.flat(), priors.jeffreys()),
    ):
        for effects in (data, data.drop("A")):
            assert model.gaussian(effects).component.prior == priors.jeffreys(effects.se)
        assert str(priors.jeffreys()) in str(model) and model.tau == priors.jeffreys()
    fixed = RandomEffects(priors.flat(), priors.jeffreys(SE))
    assert fixed.gaussian(data).component.prior == priors.jeffreys(SE)


def test_correlated_estimates_count_by_their_own_standard_errors():
    effects = made([1, 3], [1, 2], V=[[1.0, 0.4], [0.4, 4.0]])
    prior = RandomEffects(priors.flat(), priors.jeffreys()).gaussian(effects).component.prior
    assert prior == priors.jeffreys([1, 2])


def test_it_is_a_prior_of_tau_of_studies_and_of_nothing_else():
    with pytest.raises(PriorError, match=r"jeffreys\(\) is a prior of tau, not of mu"):
        CommonEffect(priors.jeffreys())
    with pytest.raises(PriorError, match="tau must come from outside, but dumouchel"):
        PooledEvidence(priors.flat(), priors.dumouchel())
    PooledEvidence(priors.flat(), priors.dumouchel(2.0))
