"""What every marginal answers: intervals of both kinds, and the inverse of a distribution."""

import numpy as np
import pytest
from pytest import approx
from scipy import optimize, stats

from bayes_ps.checks import BayesPSError
from bayes_ps.exact import invert
from bayes_ps.posterior.marginal import Exact


class Known(Exact):
    """A distribution of scipy as a marginal."""

    def __init__(self, law):
        super().__init__(lambda: np.zeros((1, 1)), moments=4)
        self.law = law

    mean = property(lambda self: float(self.law.mean()))
    sd = property(lambda self: float(self.law.std()))

    def cdf(self, x):
        return self.law.cdf(x)

    def pdf(self, x):
        return self.law.pdf(x)

    def ppf(self, q):
        return self.law.ppf(q)


LAWS = {
    "normal": stats.norm(3, 2),
    "gamma": stats.gamma(3),
    "log-normal": stats.lognorm(1),
    "half-normal, falling": stats.halfnorm(scale=2),
    "exponential, falling": stats.expon(),
    "rising": stats.beta(4, 1),
}
EACH = pytest.mark.parametrize("law", LAWS)


@EACH
@pytest.mark.parametrize("level", [0.5, 0.89, 0.95, 0.999])
def test_central_leaves_the_same_on_either_side(law, level):
    assert Known(LAWS[law]).interval(level) == approx(LAWS[law].interval(level), rel=1e-14)


@EACH
@pytest.mark.parametrize("level", [0.5, 0.89, 0.95, 0.999])
def test_shortest_is_the_shortest_that_holds_the_level(law, level):
    law = LAWS[law]
    low, high = Known(law).interval(level, kind="shortest")
    assert law.cdf(high) - law.cdf(low) == approx(level, abs=1e-12)
    best = optimize.minimize_scalar(
        lambda left: law.ppf(min(left + level, 1)) - law.ppf(left),
        bounds=(0, 1 - level),
        method="bounded",
        options={"xatol": 1e-12},
    )
    ends = [law.ppf(level) - law.ppf(0), law.ppf(1) - law.ppf(1 - level)]
    assert high - low == approx(min(best.fun, *ends), rel=1e-8)


def test_shortest_starts_at_the_end_towards_which_the_density_rises():
    assert Known(LAWS["exponential, falling"]).interval(0.9, kind="shortest") == (
        0,
        approx(np.log(10)),
    )
    assert Known(LAWS["rising"]).interval(0.9, kind="shortest") == (approx(0.1**0.25), 1)


def test_an_interval_has_a_level_and_a_kind():
    known = Known(LAWS["normal"])
    for level in (95, 0, 1, -0.1):
        with pytest.raises(BayesPSError, match="between 0 and 1, as in"):
            known.interval(level)
    with pytest.raises(BayesPSError, match='kind must be "central" or "shortest", but is \'hdi\''):
        known.interval(0.95, kind="hdi")


def test_default_level_is_95_percent():
    assert Known(LAWS["normal"]).interval() == approx(stats.norm(3, 2).interval(0.95))


def test_what_is_not_below_is_above():
    known = Known(LAWS["gamma"])
    x = np.array([[0.1, 1], [3, 9]])
    assert known.sf(x) == approx(LAWS["gamma"].sf(x), rel=1e-12)
    assert known.median == approx(LAWS["gamma"].median(), rel=1e-14)


@EACH
def test_invert_finds_quantiles_from_a_wide_bracket(law):
    law = LAWS[law]
    q = np.array([[1e-9, 0.025, 0.5], [0.7, 0.975, 1 - 1e-9]])
    bracket = np.full(q.shape, -1e3), np.full(q.shape, 1e3)
    found = invert(law.cdf, law.pdf, q, bracket)
    assert found.shape == q.shape
    rounding = 4 * np.finfo(float).eps * (1e3 + 1 / law.pdf(law.ppf(q)))  # of bracket and cdf
    assert (np.abs(found - law.ppf(q)) <= 2 * rounding).all()
