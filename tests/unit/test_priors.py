"""Every prior against scipy.stats, its tail against its own slope, and what it refuses."""

import dataclasses

import numpy as np
import pytest
from pytest import approx
from scipy import stats

from bayes_ps import priors
from bayes_ps.checks import PriorError


class LogT:
    """log x ~ t(df, location, scale): scipy has the t only."""

    def __init__(self, df, location, scale):
        self.log_x = stats.t(df, location, scale)

    def logpdf(self, x):
        return self.log_x.logpdf(np.log(x)) - np.log(x)

    def cdf(self, x):
        return self.log_x.cdf(np.log(x))

    def ppf(self, q):
        return np.exp(self.log_x.ppf(q))


PAIRS = {
    "normal(1, 2)": (priors.normal(1, 2), stats.norm(1, 2)),
    "student_t(5, 1, 0.43)": (priors.student_t(5, 1, 0.43), stats.t(5, 1, 0.43)),
    "cauchy(1, 0.7)": (priors.cauchy(1, 0.7), stats.cauchy(1, 0.7)),
    "half_normal(0.5)": (priors.half_normal(0.5), stats.halfnorm(scale=0.5)),
    "half_cauchy(0.5)": (priors.half_cauchy(0.5), stats.halfcauchy(scale=0.5)),
    "uniform(0, 5)": (priors.uniform(0, 5), stats.uniform(0, 5)),
    "uniform(2, 3)": (priors.uniform(2, 3), stats.uniform(2, 1)),
    "exponential(2)": (priors.exponential(2), stats.expon(scale=0.5)),
    "gamma(2, 0.0001)": (priors.gamma(2, 1e-4), stats.gamma(2, scale=1e4)),
    "gamma(0.5, 3)": (priors.gamma(0.5, 3), stats.gamma(0.5, scale=1 / 3)),
    "inverse_gamma(1.71, 0.4)": (priors.inverse_gamma(1.71, 0.4), stats.invgamma(1.71, scale=0.4)),
    "log_normal(-1.28, 0.87)": (
        priors.log_normal(-1.28, 0.87),
        stats.lognorm(0.87, scale=np.exp(-1.28)),
    ),
    "log_student_t(5, -1, 0.7)": (priors.log_student_t(5, -1, 0.7), LogT(5, -1, 0.7)),
    "dumouchel(0.6)": (priors.dumouchel(0.6), stats.fisk(1, scale=0.6)),
    "uniform_shrinkage(0.6)": (priors.uniform_shrinkage(0.6), stats.fisk(2, scale=0.6)),
    "uniform_i2(0.6)": (priors.uniform_i2(0.6), stats.fisk(2, scale=0.6)),
}
EACH = pytest.mark.parametrize("name", PAIRS)
Q = np.array([1e-6, 0.025, 0.3, 0.5, 0.975, 1 - 1e-6])
TAILS = {
    priors.half_cauchy(0.5): 2,
    priors.half_student_t(4, 0.5): 5,
    priors.student_t(4, 0, 0.5): 5,
    priors.cauchy(0, 0.5): 2,
    priors.inverse_gamma(1.71, 0.4): 2.71,
    priors.improper_uniform(): 0,
    priors.sqrt_uniform(): 0.5,
    priors.flat(): 0,
    priors.dumouchel(0.5): 2,
    priors.uniform_shrinkage(0.5): 3,
    priors.uniform_i2(0.5): 3,
    priors.jeffreys([0.5, 0.8]): 1,
    priors.berger_deely([0.5, 0.8]): 1,
    priors.overall_jeffreys([0.5, 0.8]): 2,
    priors.conventional([0.5, 0.8]): 2,
    priors.mixture([(0.5, priors.student_t(4, 0, 1)), (0.5, priors.cauchy(0, 0.1))]): 2,
}


@EACH
def test_density_probabilities_and_quantiles_are_scipys(name):
    ours, theirs = PAIRS[name]
    x = theirs.ppf(Q)
    assert ours.ppf(Q) == approx(x, rel=1e-9)
    assert ours.logpdf(x) == approx(theirs.logpdf(x), rel=1e-11, abs=1e-11)
    assert ours.cdf(x) == approx(theirs.cdf(x), rel=1e-9, abs=1e-15)


@EACH
def test_quantiles_at_0_and_1_are_the_ends_of_the_support(name):
    ours, _ = PAIRS[name]
    assert tuple(ours.ppf([0.0, 1.0])) == ours.support
    assert tuple(ours.cdf(np.array(ours.support))) == (0, 1)


def test_a_half_t_is_a_folded_t():
    ours, t = priors.half_student_t(4, 0.5), stats.t(4, 0, 0.5)
    x = np.array([0, 0.1, 3, 100])
    assert ours.logpdf(x) == approx(np.log(2) + t.logpdf(x), rel=1e-12)
    assert ours.ppf(Q) == approx(t.ppf((1 + Q) / 2), rel=1e-9)
    assert ours.cdf(x) == approx(2 * t.cdf(x) - 1, rel=1e-9) and ours.cdf(-1) == 0
    assert tuple(ours.ppf([0.0, 1.0])) == (0, np.inf)


@EACH
def test_shapes_are_kept_and_nothing_is_outside_the_support(name):
    ours, _ = PAIRS[name]
    inside = float(ours.ppf(0.5))
    for ask, at in ((ours.logpdf, inside), (ours.cdf, inside), (ours.ppf, 0.5)):
        assert np.shape(ask(at)) == () and ask(np.full((2, 3), at)).shape == (2, 3)
    low, high = ours.support
    assert low <= ours.ppf(1e-9) and ours.ppf(1 - 1e-9) <= high
    for end, outside, below in ((low, low - 1, 0), (high, high + 1, 1)):
        if np.isfinite(end):
            assert ours.logpdf(outside) == -np.inf and ours.cdf(outside) == below
    if low == 0:
        at = ours.logpdf([-1.0, 0.0, inside])  # no warning, though log 0 is in some of them
        assert at[0] == -np.inf and np.isfinite(at[2]) and not np.isnan(at[1])


@pytest.mark.parametrize("prior", TAILS, ids=repr)
def test_the_tail_is_the_slope_of_the_log_density(prior):
    x = np.array([1e8, 1e9])
    slope = np.diff(prior.logpdf(x))[0] / np.log(10)
    assert prior.tail == approx(-slope, abs=1e-6) == TAILS[prior]
    assert prior.proper is (prior.tail > 1)


@pytest.mark.parametrize(
    "prior",
    [
        priors.half_normal(0.5),
        priors.exponential(2),
        priors.gamma(2, 3),
        priors.log_normal(-1, 0.5),
        priors.uniform(0, 5),
        priors.normal(0, 2),
    ],
    ids=repr,
)
def test_a_light_tail_falls_faster_than_any_power(prior):
    assert prior.tail == np.inf and prior.proper
    x = np.array([1e30, 1e40])
    assert (prior.logpdf(x) < -20 * np.log(x)).all()


def test_the_tail_of_a_log_t_is_heavier_than_any_that_has_a_mean():
    prior = priors.log_student_t(5, -1, 0.7)
    x = np.array([1e200, 1e300])
    slope = np.diff(prior.logpdf(x))[0] / (100 * np.log(10))
    assert prior.tail == 1 and 1 < -slope < 1.02  # x^-1 over powers of log x


def test_improper_priors_have_no_quantiles():
    assert priors.flat().logpdf([-1e9, 0, 3]).tolist() == [0, 0, 0]
    assert priors.improper_uniform().logpdf([-1, 0, 3]).tolist() == [-np.inf, 0, 0]
    assert priors.sqrt_uniform().logpdf([-1, 0, 4]) == approx([-np.inf, np.inf, -np.log(2)])
    for prior in (priors.flat(), priors.improper_uniform(), priors.sqrt_uniform()):
        assert not prior.proper
        with pytest.raises(PriorError, match="has no quantiles and cannot be drawn from"):
            prior.ppf(0.5)
        with pytest.raises(PriorError, match="has no probabilities and cannot be drawn from"):
            prior.cdf(0.5)


@pytest.mark.parametrize(
    ("make", "given", "name"),
    [
        (priors.half_normal, (0,), "scale must be finite and > 0, but is 0"),
        (priors.half_cauchy, (-1,), "scale must be finite and > 0, but is -1"),
        (priors.half_student_t, (0, 1), "df must be finite and > 0, but is 0"),
        (priors.normal, (0, 0), "sd must be finite and > 0, but is 0"),
        (priors.normal, (np.nan, 1), "mean must be finite, but is nan"),
        (priors.student_t, (5, 0, np.inf), "scale must be finite and > 0, but is inf"),
        (priors.cauchy, (0, 0), "scale must be finite and > 0, but is 0"),
        (priors.point, (np.inf,), "value must be finite, but is inf"),
        (priors.gamma, (2, -1e-4), "rate must be finite and > 0, but is -0.0001"),
        (priors.inverse_gamma, (0, 1), "shape must be finite and > 0, but is 0"),
        (priors.exponential, (0,), "rate must be finite and > 0, but is 0"),
        (priors.log_normal, (0, 0), "scale must be finite and > 0, but is 0"),
        (priors.log_student_t, (0, 0, 1), "df must be finite and > 0, but is 0"),
        (priors.dumouchel, (0,), "scale must be finite and > 0, but is 0"),
        (priors.uniform, (0, np.inf), "upper must be finite, but is inf"),
        (priors.uniform, (5, 5), r"lower \(5\) must be below upper \(5\)"),
        (priors.half_normal, ("0.5",), "scale must be finite and > 0, but is '0.5'"),
        (priors.half_normal, (None,), "scale must be finite and > 0, but is None"),
    ],
)
def test_impossible_parameters_are_named(make, given, name):
    with pytest.raises(PriorError, match=name):
        make(*given)


def test_a_prior_is_a_value():
    prior = priors.half_normal(0.5)
    assert prior == priors.half_normal(0.5) != priors.half_normal(0.6)
    assert prior != priors.half_cauchy(0.5) and len({prior, priors.half_normal(0.5)}) == 1
    assert dataclasses.replace(prior, scale=2).parameters == (2,)
    with pytest.raises(dataclasses.FrozenInstanceError):
        prior.scale = 2
    assert priors.half_normal(np.float32(0.5)).parameters == (0.5,)


def test_prints_itself_with_its_source():
    sourced = priors.student_t(5, 0, 0.43, source="Bartoš 2021, doi:10.1002/sim.9170")
    assert str(sourced).startswith("student-t(df 5, location 0, scale 0.43) [Bartoš 2021")
    assert str(priors.flat()) == "flat" and repr(priors.flat()) == "flat()"
    assert str(priors.jeffreys()) == "jeffreys, on the scale of the standard errors"
    assert str(priors.jeffreys([0.5, 0.6])) == "jeffreys(2 standard errors)"
    assert repr(priors.half_normal(1 / 3)) == "half_normal(0.3333333333333333)"


@pytest.mark.parametrize(
    "prior",
    [
        *(pair[0] for pair in PAIRS.values()),
        *TAILS,
        priors.half_normal(1 / 3),
        priors.point(0.1),
        priors.jeffreys(),
        priors.uniform_i2(),
        priors.rhodes2015("other", "mental health", "non", sd=21.7),
    ],
    ids=str,
)
def test_its_repr_is_how_it_is_written(prior):
    noted = dataclasses.replace(prior, source="a paper", warning="doubtful")
    for each in (prior, noted):
        assert eval(repr(each), dict(vars(priors))) == each
