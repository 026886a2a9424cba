"""Every prior as a PyMC variable has the log density that it says, also as a vector."""

import numpy as np
import pymc as pm
import pytest
from pytest import approx

from bayes_ps import priors
from bayes_ps.checks import PriorError

SE = [0.3, 0.9, 2.0]
LOG = priors.log_student_t(5, -1, 0.7)
EFFECT = [
    priors.normal(1, 2),
    priors.student_t(5, 1, 0.43),
    priors.cauchy(1, 0.7),
    priors.mixture([(0.8, priors.normal(-1, 0.5)), (0.2, priors.student_t(3, 0, 5))]),
    priors.mixture([(0.5, priors.cauchy(-1, 0.5)), (0.5, priors.cauchy(1, 0.5))]),
]
HALVES = priors.mixture([(0.3, priors.half_normal(0.2)), (0.7, priors.half_cauchy(2))])
SCALE = [
    priors.half_normal(0.5),
    priors.half_student_t(4, 0.5),
    priors.half_cauchy(0.5),
    priors.exponential(2),
    priors.gamma(2, 3),
    priors.inverse_gamma(1.71, 0.4),
    priors.log_normal(-1.28, 0.87),
    LOG,
    priors.dumouchel(0.6),
    priors.uniform_shrinkage(0.6),
    priors.uniform_i2().given(SE),
    priors.jeffreys(SE),
    priors.overall_jeffreys(SE),
    priors.berger_deely(SE),
    priors.conventional(SE),
    priors.sqrt_uniform(),
    priors.improper_uniform(),
    HALVES,
    priors.mixture([(0.3, LOG), (0.7, priors.dumouchel(0.6))]),
]
X = np.array([0.2, 1.7])
# PyMC 6.4 has log(2) of its half-Cauchy and half-t in single precision: a constant of 1.9e-9.
ROUGH = (priors.half_cauchy(0.5), priors.half_student_t(4, 0.5), HALVES)


def log_density(model, **values):
    """log p at `values` (natural scale) of the free variables, which may be on their logs."""
    at, log_slope = {}, 0.0
    for rv in model.free_RVs:
        on_log = rv.name.startswith("log_")
        natural = np.asarray(values[rv.name.removeprefix("log_")])
        moved = on_log or model.rvs_to_transforms[rv] is not None
        at[model.rvs_to_values[rv].name] = np.log(natural) if moved else natural
        log_slope += np.log(natural).sum() if on_log else 0
    logp = model.compile_logp(jacobian=False, mode="FAST_COMPILE")
    return float(logp(at)) - log_slope


@pytest.mark.parametrize("prior", [*EFFECT, *SCALE], ids=repr)
def test_pymc_has_the_same_density(prior):
    with pm.Model(coords={"which": ["a", "b"]}) as model:
        prior.variable("x")
        assert prior.variable("beta", dims="which").type.ndim == 1
    want = prior.logpdf(0.4) + prior.logpdf(X).sum()
    assert log_density(model, x=0.4, beta=X) == approx(want, abs=1e-8 if prior in ROUGH else 1e-12)


@pytest.mark.parametrize("prior", SCALE, ids=repr)
def test_a_standard_deviation_is_sampled_on_the_whole_line_from_where_it_has_density(prior):
    with pm.Model() as model:
        prior.variable("x")
    (rv,) = model.free_RVs
    start = model.initial_point()[model.rvs_to_values[rv].name]
    assert rv.name == "log_x" or model.rvs_to_transforms[rv] is not None
    assert np.isfinite(start) and np.isfinite(prior.logpdf(np.exp(start)))


def test_parameters_are_data_that_can_be_exchanged():
    """Another number of studies, and other weights: the same model under new data."""
    with pm.Model() as model:
        priors.jeffreys(SE).variable("x")
    other = priors.jeffreys([0.5, 0.6, 0.7, 0.8])
    model["x_prior"].set_value(other._stored())
    assert log_density(model, x=1.3) == approx(float(other.logpdf(1.3)), abs=1e-12)
    with pm.Model() as model:
        EFFECT[3].variable("x")
    other = priors.mixture([(0.1, priors.normal(2, 1)), (0.9, priors.student_t(4, 1, 2))])
    model["x_prior"].set_value(np.array(other.parameters))
    assert log_density(model, x=1.3) == approx(float(other.logpdf(1.3)), abs=1e-12)


def test_a_point_is_a_constant():
    with pm.Model(coords={"which": ["a", "b", "c"]}) as model:
        priors.point(0.5).variable("x")
        priors.point(-1).variable("beta", dims="which")
    assert model.free_RVs == [] and model["x"].eval() == 0.5
    assert model["beta"].eval().tolist() == [-1, -1, -1]


def test_an_incomplete_prior_makes_no_variable():
    for prior in (priors.jeffreys(), priors.dumouchel()):
        with pm.Model(), pytest.raises(PriorError, match="takes its scale from the standard err"):
            prior.variable("x")
