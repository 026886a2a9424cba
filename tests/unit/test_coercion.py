"""What may stand where a prior is asked for: ours, PreliZ's, and nothing else."""

import numpy as np
import preliz as pz
import pytest
from pytest import approx
from scipy import stats

from bayes_ps import priors
from bayes_ps.checks import PriorError
from models import CommonEffect, RandomEffects
from tests.unit.brute import Brute
from tests.unit.making import fitted, made

FAMILIES = [
    (pz.Normal(1, 2), priors.normal(1, 2)),
    (pz.StudentT(5, 1, 0.43), priors.student_t(5, 1, 0.43)),
    (pz.Cauchy(1, 0.7), priors.cauchy(1, 0.7)),
    (pz.HalfNormal(0.5), priors.half_normal(0.5)),
    (pz.HalfStudentT(4, 0.5), priors.half_student_t(4, 0.5)),
    (pz.HalfCauchy(0.5), priors.half_cauchy(0.5)),
    (pz.Uniform(1, 5), priors.uniform(1, 5)),
    (pz.Exponential(2), priors.exponential(2)),
    (pz.Exponential(scale=0.5), priors.exponential(2)),
    (pz.Gamma(2, 3), priors.gamma(2, 3)),
    (pz.Gamma(mu=2 / 3, sigma=2**0.5 / 3), priors.gamma(2, 3)),
    (pz.InverseGamma(1.71, 0.4), priors.inverse_gamma(1.71, 0.4)),
    (pz.LogNormal(-1.28, 0.87), priors.log_normal(-1.28, 0.87)),
]


@pytest.mark.parametrize(("theirs", "ours"), FAMILIES, ids=lambda d: repr(d))
def test_a_family_that_we_have_becomes_ours_with_the_same_density(theirs, ours):
    taken = priors.for_location(theirs, "mu")
    assert type(taken) is type(ours) and taken.source == "PreliZ"
    assert taken.parameters == approx(ours.parameters, rel=1e-12)
    x = ours.ppf([0.01, 0.5, 0.99])
    assert taken.logpdf(x) == approx(np.array([float(theirs.logpdf(each)) for each in x]), rel=1e-9)


def test_a_moment_that_does_not_exist_is_nan_whoever_wrote_the_prior():
    """Two studies under a half-Cauchy: p(tau | y) falls like tau^-3, so tau has a mean, no SD."""
    for prior in (pz.HalfCauchy(1), priors.half_cauchy(1)):
        tau = fitted(made([1, 2], [1, 1]), RandomEffects(priors.flat(), prior)).marginal("tau")
        assert np.isfinite(tau.mean) and np.isnan(tau.sd)


def test_another_family_answers_by_preliz():
    prior = priors.for_scale(pz.Weibull(1.5, 2), "tau")
    want = stats.weibull_min(1.5, scale=2)
    x = np.array([[0.1, 1], [2, 9]])
    assert isinstance(prior, priors.PreliZ) and prior.support == (0, np.inf)
    assert prior.logpdf(x) == approx(want.logpdf(x), rel=1e-9)
    assert prior.logpdf(-1.0) == -np.inf and np.shape(prior.logpdf(1.0)) == ()
    assert prior.ppf(0.3) == approx(want.ppf(0.3), rel=1e-9)
    assert prior.cdf(x) == approx(want.cdf(x), rel=1e-9) and np.shape(prior.cdf(1.0)) == ()
    assert prior.ppf(np.full((2, 2), 0.3)).shape == (2, 2)
    assert prior.parameters == (1.5, 2)
    assert repr(prior) == "Weibull(alpha=1.5, beta=2)" and str(prior).endswith("[PreliZ]")


def test_the_exact_engine_integrates_under_a_prior_that_only_preliz_has():
    y, se = np.array([1.0, 4]), np.array([1.0, 1.5])
    fit = fitted(made(y, se), RandomEffects(priors.normal(0, 3), pz.Weibull(1.5, 2)))
    brute = Brute(
        y=y,
        V=np.diag(se**2),
        prior=stats.weibull_min(1.5, scale=2).logpdf,
        mu_prior=stats.norm(0, 3).logpdf,
        tau=(0, 1e-4, 0.01, 0.1, 1, 3, 16),
        mu=(-20, -5, 1, 5, 25),
    )
    assert fit.log_evidence == approx(brute.log_evidence, abs=1e-9)
    assert fit.marginal("tau").cdf(1) == approx(brute.p_tau(1), abs=1e-9)
    assert fit.marginal("mu").cdf(1) == approx(brute.p_mu(1), abs=1e-9)


@pytest.mark.parametrize(
    "prior",
    [priors.normal(0, 1), priors.flat(), priors.uniform(-0.1, 2), pz.Normal(0, 1), pz.Gumbel(0, 1)],
    ids=repr,
)
def test_a_standard_deviation_has_no_mass_below_0(prior):
    with pytest.raises(PriorError) as caught:
        RandomEffects(mu=priors.flat(), tau=prior)
    assert "tau is a standard deviation, but " in str(caught.value)
    assert "mass below 0. Use for example priors.half_normal(scale)" in str(caught.value)


@pytest.mark.parametrize("prior", [0.5, "half_normal(0.5)", None, stats.norm(0, 1), pz.Normal])
def test_what_is_no_prior_is_refused_by_name(prior):
    with pytest.raises(PriorError, match="mu must be a prior such as"):
        CommonEffect(mu=prior)


def test_a_preliz_distribution_has_its_parameters():
    with pytest.raises(PriorError, match="The PreliZ distribution for tau lacks parameters"):
        RandomEffects(mu=priors.flat(), tau=pz.HalfNormal())
