"""An MCID that is a range, a distribution or a list: everything integrates over it."""

from itertools import pairwise

import numpy as np
import pytest
from pytest import approx
from scipy import integrate, stats

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.checks import BayesPSError, PriorError, UnitError
from bayes_ps.decision import MCID, anchors
from bayes_ps.decision.over_mcid import beyond
from models import CommonEffect, RandomEffects
from tests.unit.making import PAIN, fitted, made, sampled

UNIT = "points (0-100)"
FIT = fitted(seed=2)
ONE = fitted(made([-8], [3]), CommonEffect(priors.flat()))


@pytest.mark.parametrize(("better", "sign"), [("lower", -1), ("higher", 1)])
def test_normal_minus_normal_in_closed_form(better, sign):
    """Benefit ~ N(8, 3²), M ~ N(10, 1.5²): P(benefit >= M) = Phi(-2 / sqrt(3² + 1.5²))."""
    fit = fitted(made([8 * sign], [3], better=better), CommonEffect(priors.flat()))
    found = bps.decide(fit, MCID(priors.normal(10, 1.5), UNIT)).mean
    width = np.hypot(3, 1.5)
    assert found.p_mcid == approx(stats.norm.cdf(-2 / width), abs=1e-11)  # M <= 0: 1e-11
    assert found.p_harm == approx(stats.norm.cdf(-18 / width), abs=1e-11)
    assert found.p_mcid + found.p_trivial + found.p_harm == approx(1, abs=1e-15)


def test_a_range_in_closed_form():
    """The mean of Phi((8 - m) / 3) over m in 8 to 12 is (G(0) - G(-4/3)) 3/4, G = z Phi + phi."""
    found = bps.decide(ONE, MCID(priors.uniform(8, 12), UNIT)).mean.p_mcid

    def g(z):
        return z * stats.norm.cdf(z) + stats.norm.pdf(z)

    assert found == approx((g(0) - g(-4 / 3)) * 3 / 4, abs=1e-14)


def test_a_published_list_is_the_mean_over_it():
    listed = bps.decide(FIT, MCID([8, 10, 19.9], UNIT))
    singly = [bps.decide(FIT, MCID(value, UNIT)) for value in (8, 10, 19.9)]
    for target in ("mean", "new"):
        for name in ("p_mcid", "p_trivial", "p_harm"):
            want = np.mean([getattr(getattr(one, target), name) for one in singly])
            assert getattr(getattr(listed, target), name) == approx(want, abs=1e-14)
    assert "MCID 8, 10, 19.9 (each counted equally) points (0-100)" in str(listed)


PARTS = [
    (priors.normal(10, 2), stats.truncnorm(-5, np.inf, 10, 2)),
    (priors.log_normal(2.3, 0.3), stats.lognorm(0.3, scale=np.exp(2.3))),
    (stats.gamma(4, scale=2), stats.gamma(4, scale=2)),
    (priors.normal(10, 0.01), stats.norm(10, 0.01)),
]


@pytest.mark.parametrize(("value", "law"), PARTS, ids=["normal", "log-normal", "gamma", "narrow"])
def test_any_distribution_against_quad(value, law):
    decision = bps.decide(FIT, MCID(value, UNIT))
    edges = [*law.ppf(np.linspace(0, 1, 12)[:-1]), law.isf(1e-15)]
    for found, m in ((decision.mean, FIT.average()), (decision.new, FIT.predictive())):
        want = sum(
            integrate.quad(lambda x, m=m: float(m.cdf(-x)) * law.pdf(x), *ends, epsabs=1e-13)[0]
            for ends in pairwise(edges)
        )
        assert found.p_mcid == approx(want, abs=2e-12)
        assert (found.mcse_mcid, found.mcse_harm) == (0, 0)


@pytest.mark.parametrize("width", [3.0, 1e-2, 1e-4, 1e-6])
def test_a_posterior_far_narrower_than_the_mcid(width):
    fit = fitted(made([-9.5], [width]), CommonEffect(priors.flat()))
    found = bps.decide(fit, MCID(priors.normal(10, 2), UNIT)).mean.p_mcid
    below = stats.norm.cdf(-5)
    want = stats.norm.cdf(-0.5 / np.hypot(2, width))
    assert found == approx((want - below) / (1 - below), abs=2e-9 if width == 3 else 1e-10)


def test_an_effect_known_for_sure_is_the_distribution_function_of_the_mcid():
    model = RandomEffects(mu=priors.point(-9), tau=priors.half_normal(5))
    size = MCID(priors.uniform(8, 12), UNIT).spread
    found = beyond(fitted(model=model).average(), size, -1)
    assert (found.p_mcid, found.p_harm, found.p_trivial) == (0.25, 0, 0.75)


def test_the_share_is_the_mixture_of_the_shares():
    share = bps.decide(FIT, MCID([6, 14], UNIT)).share
    parts = [FIT.share(-6), FIT.share(-14)]
    for q, at in ((0.025, share.lower), (0.5, share.median), (0.975, share.upper)):
        assert np.mean([part.cdf(at) for part in parts]) == approx(q, abs=1e-9)
    wide = bps.decide(FIT, MCID(priors.normal(10, 2), UNIT))
    assert wide.share.mean == wide.new.p_mcid
    for q, at in ((0.5, wide.share.median), (0.975, wide.share.upper)):
        p = integrate.quad(
            lambda m, at=at: float(FIT.share(-m).cdf(at)) * stats.norm.pdf(m, 10, 2), 0.1, 20
        )[0]
        assert p == approx(q, abs=1e-6)


def test_the_share_of_many_precise_studies():
    """mu and tau are known well beside the MCID, so the rule over it must be finer."""
    y = -9 + 2 * stats.norm.ppf((np.arange(200) + 0.5) / 200)
    fit = fitted(made(y, np.full(200, 0.5), study=[f"S{i}" for i in range(200)]))
    share = bps.decide(fit, MCID(priors.normal(10, 2), UNIT)).share
    m = np.linspace(2, 18, 161)
    for q, at in ((0.025, share.lower), (0.5, share.median), (0.975, share.upper)):
        p = np.array([float(fit.share(-size).cdf(at)) for size in m])
        assert stats.norm.pdf(m, 10, 2) @ p * 0.1 == approx(q, abs=1e-4)


def test_from_draws_it_is_a_mean_with_its_error():
    draws, mcid = sampled(FIT), MCID(priors.uniform(6, 12), UNIT)
    found = bps.decide(draws, mcid).mean
    mu = draws.marginal("mu").draws
    want = np.clip((-mu - 6) / 6, 0, 1)
    assert found.p_mcid == approx(want.mean(), abs=1e-15)
    assert found.mcse_mcid == approx(want.std() / 4000**0.5, rel=0.15)
    assert found.p_harm == 0 and 0 < found.mcse_harm < 1e-3
    assert found.p_mcid == approx(bps.decide(FIT, mcid).mean.p_mcid, abs=4 * found.mcse_mcid)


def test_the_curve_marks_the_mean_over_the_mcid():
    mcid = MCID(priors.uniform(8, 20), UNIT)
    curve, decision = bps.mcid_curve(FIT, mcid), bps.decide(FIT, mcid)
    assert curve.p_mean_at_mcid == decision.mean.p_mcid
    assert curve.p_new_at_mcid == decision.new.p_mcid
    assert curve.threshold[-1] >= 19.7
    assert bps.mcid_curve(FIT).p_mean_at_mcid is None


def test_it_says_what_it_does():
    mcid = MCID(priors.normal(10, 2), UNIT, source="a paper", method="distribution")
    assert str(mcid) == (
        "MCID normal(mean 10, sd 2), median 10 (95% 6.08 to 13.9), points (0-100) "
        "(not stated; a paper)"
    )
    assert "Its uncertainty is integrated over, as independent of the effect" in mcid.caveat
    assert "it says what can be measured, not what patients value" in mcid.caveat
    assert mcid.caveat in bps.decide(FIT, mcid).notes
    assert "gamma(4, scale 2)" in str(MCID(stats.gamma(4, scale=2), UNIT))


def test_one_number_is_asked_of_a_quantile():
    mcid = MCID(priors.uniform(8, 12), UNIT)
    with pytest.raises(BayesPSError, match=r"not one number.*mcid\.quantile\(0\.5\)"):
        mcid.threshold(PAIN)
    assert mcid.quantile(0.5).threshold(PAIN) == approx(-10, abs=1e-12)
    listed = MCID([10, 8, 19.9], UNIT)
    assert [listed.quantile(q).value for q in (0.3, 0.5, 1)] == [8, 10, 19.9]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (priors.normal(1, 2), "has probability 0.31 outside"),
        (priors.half_cauchy(5).__class__, "An MCID is a size > 0"),
        (priors.flat(), "proper distribution"),
        ([8, -2], "An MCID is a size > 0, but is -2"),
        ([], "the list is empty"),
        ("8 to 12", "An MCID is a size > 0"),
    ],
)
def test_what_is_no_size_is_refused(value, said):
    with pytest.raises((BayesPSError, PriorError), match=said):
        MCID(value, UNIT)


def test_units_are_kept():
    with pytest.raises(UnitError, match=r"MCID\(\(1, 2\), unit='points \(0-100\)'\)"):
        bps.decide(FIT, MCID([1, 2], "points (0-10)"))


def test_several_anchors_at_once():
    eight = MCID(8, UNIT, source="a", kind="within patient", method="anchor")
    more = MCID(priors.uniform(10, 20), UNIT, source="b", kind="within patient", caveats=("Old.",))
    both = anchors([eight, more])
    want = np.mean([bps.decide(FIT, one).mean.p_mcid for one in (eight, more)])
    assert bps.decide(FIT, both).mean.p_mcid == approx(want, abs=1e-14)
    assert (both.source, both.kind, both.method) == ("a; b", "within patient", "not stated")
    assert both.caveat.endswith("Old.")
    with pytest.raises(UnitError, match="several units"):
        anchors([eight, MCID(1, "SD units")])
    with pytest.raises(BayesPSError, match="takes a list of MCIDs"):
        anchors([])
