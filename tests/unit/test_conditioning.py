"""What the exact engine conditions on leaves the model as it was: each identity by scipy."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy import integrate, stats

from bayes_ps import priors
from bayes_ps.exact.conditioning import Continuous, Discrete, condition
from models import MetaRegression, RandomEffects, ThreeLevel
from tests.unit.making import made

TAU = priors.half_normal(1)
DATA = pd.DataFrame({"trial": list("aabb"), "dose": [1.0, 2, 4, 3]})
EFFECTS = made([0.3, 0.5, -0.2, 0.1], [0.2, 0.3, 0.25, 0.4]).with_data(DATA)
V = np.diag(EFFECTS.se**2)
V[0, 1] = V[1, 0] = 0.01
T_PRIORS = [
    priors.student_t(1, 0.4, 2),
    priors.student_t(5, 0, 0.43),
    priors.student_t(30, -3, 1e-3),
    priors.cauchy(1, 0.7),
]


def under(prior):
    """The hierarchy of random effects under a prior of mu."""
    return RandomEffects(prior, TAU).gaussian(EFFECTS)


def normal(x, sd):
    return np.exp(-0.5 * (x / sd) ** 2) / (sd * np.sqrt(2 * np.pi))


@pytest.mark.parametrize("prior", [priors.flat(), priors.normal(0, 1), priors.point(0)], ids=repr)
def test_nothing_is_left_to_condition_on(prior):
    assert condition(under(prior)) is None


@pytest.mark.parametrize("prior", T_PRIORS, ids=repr)
def test_a_t_prior_is_normal_given_its_scale(prior):
    """The density of s integrates to 1, and N(m, s²) over it to the density of t."""
    on = condition(under(prior))
    assert isinstance(on, Continuous) and on.name == "" and on.support == (0, np.inf)

    def over_s(of):
        def at(u):
            s = prior.scale * np.exp(u)
            return np.exp(on.log_prior(np.array(s))) * s * of(s)

        return integrate.quad(at, -9, 60, points=[-1, 0, 1, 3], limit=400, epsabs=0, epsrel=1e-11)[
            0
        ]

    df = getattr(prior, "df", 1)
    assert over_s(lambda s: 1.0) == approx(1, rel=1e-10)
    for z in (-3.0, 0.0, 0.5, 20.0):
        off = z * prior.scale
        want = stats.t(df, 0, prior.scale).pdf(off)
        assert over_s(partial(normal, off)) == approx(want, rel=1e-9)
    given = on.at(1.7)
    assert given.beta == (priors.normal(prior.location, 1.7),) and condition(given) is None


def test_a_scale_whose_square_is_0_or_infinite_stays_a_number():
    on = condition(under(priors.student_t(4, 0, 1)))
    low, high = on.log_prior(np.array([1e-304, 1e304]))  # density 8 s⁻⁵ exp(−2 / s²)
    assert low == -np.inf and high == approx(np.log(8) - 5 * 304 * np.log(10), rel=1e-14)
    for s in (0.0, 1e-300, 1e300):
        sd = on.at(s).beta[0].sd
        assert 0 < sd**2 < np.inf and 1 / sd**2 < np.inf


def test_a_mixture_is_one_of_its_parts():
    parts = [(0.7, priors.normal(-1, 0.5)), (0.3, priors.student_t(4, 0, 2))]
    on = condition(under(priors.mixture(parts)))
    assert isinstance(on, Discrete) and on.probability.tolist() == [0.7, 0.3]
    assert [case.beta for case in on.cases] == [(prior,) for _, prior in parts]
    assert isinstance(condition(on.cases[1]), Continuous)


def test_one_coefficient_after_the_other():
    """Only the coefficient at hand changes."""
    t, n = priors.student_t(4, 0, 2), priors.normal(0, 3)
    h = MetaRegression(["dose"], {"intercept": n, "dose": t}, TAU).gaussian(EFFECTS)
    assert condition(h).at(2.0).beta == (n, priors.normal(0, 2))
    both = MetaRegression(["dose"], t, TAU).gaussian(EFFECTS)
    first = condition(both).at(2.0)
    assert first.beta == (priors.normal(0, 2), t)
    assert condition(first).at(3.0).beta == (priors.normal(0, 2), priors.normal(0, 3))


@pytest.mark.parametrize("dense", [False, True])
def test_given_omega_it_is_sampling_variance(dense):
    effects = made(EFFECTS.y, EFFECTS.se, V if dense else None).with_data(DATA)
    h = ThreeLevel("trial", priors.flat(), TAU, priors.half_cauchy(0.3)).gaussian(effects)
    on = condition(h)
    assert isinstance(on, Continuous) and on.name == "omega"
    x = np.array([0.1, 2.0])
    assert on.log_prior(x) == approx(stats.halfcauchy(scale=0.3).logpdf(x), abs=1e-13)
    given = on.at(0.7)
    full = given.V if given.V.ndim == 2 else np.diag(given.V)
    np.testing.assert_allclose(full, (V if dense else np.diag(EFFECTS.se**2)) + 0.49 * np.eye(4))
    assert given.within is None and given.component is h.component
    assert np.isfinite(on.at(1e300).V).all() and np.array_equal(on.at(0.0).V, h.V)
