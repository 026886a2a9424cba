"""The band of the MCID curve: against closed forms, and fits made one by one."""

from itertools import product

import numpy as np
import pytest
from pytest import approx
from scipy.stats import norm

import bayes_ps as bps
from bayes_ps.checks import BayesPSError, ModelError, UnitError
from bayes_ps.robustness.band import mcid_band
from models import CommonEffect, PooledEvidence, RandomEffects, priors
from tests.unit.making import PAIN, fitted, made

MCID = bps.MCID(4, unit=PAIN.unit)
S = 4 / norm.ppf(0.95)


@pytest.mark.parametrize("sign", [-1, 1])
def test_of_a_common_effect_in_closed_form(sign):
    """N(m, s²) times N(y, v): precision 1/s² + 1/v, mean by precision."""
    y, v = sign * 5.2, 1 / (1 / 1.3**2 + 1 / 0.9**2)
    effects = made([y, y], [1.3, 0.9], better="lower" if sign < 0 else "higher")
    band = mcid_band(fitted(effects, CommonEffect(priors.flat())), MCID)
    assert band.changed == ("as fitted", "sceptical mu", "enthusiastic mu")
    for p, at_mcid, mean, precision in zip(
        band.mean.p, band.mean.at_mcid, (0, 0, 4), (0, 1 / S**2, 1 / S**2), strict=True
    ):
        total = precision + 1 / v
        centre = (precision * mean + 5.2 / v) / total
        assert p == approx(norm.sf((band.threshold - centre) * total**0.5), abs=1e-13)
        assert at_mcid == approx(norm.sf((4 - centre) * total**0.5), abs=1e-13)
    assert np.array_equal(band.new.p, band.mean.p)
    assert band.lowest() == "sceptical mu"


def test_each_curve_is_that_of_the_fit_made_by_hand():
    band = mcid_band(fitted(), MCID, tau=[priors.half_normal(1)])
    mu = {
        "": priors.flat(),
        "sceptical mu": priors.normal(0, S),
        "enthusiastic mu": priors.normal(-4, S),
    }
    tau = {
        "": priors.half_normal(5),
        "tau half the scale": priors.half_normal(2.5),
        "tau twice the scale": priors.half_normal(10),
        "tau half-Cauchy": priors.half_cauchy(5 * norm.ppf(0.75)),
        "tau ~ half_normal(1)": priors.half_normal(1),
    }
    models = {
        ", ".join(filter(None, (m, t))) or "as fitted": RandomEffects(mu[m], tau[t])
        for m, t in product(mu, tau)
    } | {"no heterogeneity": CommonEffect(priors.flat())}
    assert set(band.changed) == set(models)
    for n, changed in enumerate(band.changed):
        fit = fitted(PAIN, models[changed])
        for curves, m in ((band.mean, fit.average()), (band.new, fit.predictive())):
            assert curves.p[n] == approx(m.cdf(-band.threshold), abs=1e-11)
            assert curves.at_mcid[n] == approx(float(m.cdf(-4)), abs=1e-11)


def test_own_lowest_and_highest():
    fit = fitted()
    band, curve = mcid_band(fit, MCID, points=31), bps.mcid_curve(fit, MCID, points=31)
    assert band.threshold == approx(curve.threshold, abs=0)
    for curves, p in ((band.mean, curve.p_mean), (band.new, curve.p_new)):
        assert curves.own == approx(p, abs=0)
        assert (curves.lowest <= curves.p).all() and (curves.p <= curves.highest).all()
        assert (curves.lowest[:, None] == curves.p.T).any(axis=1).all()
    frame = band.to_frame()
    assert list(frame) == [
        "threshold", "p_mean", "p_mean_lowest", "p_mean_highest",
        "p_new", "p_new_lowest", "p_new_highest",
    ]  # fmt: skip
    assert frame["p_new_highest"].to_numpy() == approx(band.new.highest, abs=0)


def test_the_sentence_names_the_ends_as_robustness_finds_them():
    fit = fitted()
    band, found = mcid_band(fit, MCID), bps.robustness(fit, MCID)
    tried = {v.changed: v for v in found.variants if v.changed in band.changed}
    assert [tried[changed].p_mean for changed in band.changed] == approx(band.mean.at_mcid)
    assert [tried[changed].p_new for changed in band.changed] == approx(band.new.at_mcid)
    low = min(tried.values(), key=lambda v: v.p_mean)
    assert band.lowest() == low.changed
    assert (
        "P(mean effect: benefit of at least the MCID) is 0.967 as fitted; over 13 analyses it "
        "runs from 0.683 (sceptical mu, tau twice the scale) to 0.972 (tau half the scale)."
    ) in str(band)
    assert MCID.caveat in str(band)


def test_models_handed_in_and_those_that_fail():
    class Refused(RandomEffects):
        def gaussian(self, effects):
            raise ModelError("not today")

        def __str__(self):
            return "Refused: a model"

    given = [CommonEffect(priors.normal(-20, 0.1)), Refused(priors.flat(), priors.half_normal(1))]
    band = mcid_band(fitted(), MCID, models=given)
    assert band.failed == (("Refused", "not today"),)
    assert "Not carried out: Refused (not today)" in str(band)
    assert band.highest() == str(given[0]).split(":")[0]
    assert band.mean.highest[-1] > 0.5


def test_behind_a_pool_there_are_no_studies_to_pool_otherwise():
    pool = made([-3.48], [1.6], study=["Wilson 2024"])
    fit = fitted(pool, PooledEvidence(mu=priors.flat(), tau=priors.half_normal(5)))
    assert "no heterogeneity" not in mcid_band(fit, MCID).changed


def test_what_is_refused():
    with pytest.raises(UnitError, match=r"mcid_band\(\) needs bps.MCID\(4"):
        mcid_band(fitted(), 4)
    with pytest.raises(UnitError, match="in 'SD units'"):
        mcid_band(fitted(), bps.MCID(0.5, unit="SD units"))
    with pytest.raises(BayesPSError, match="a list of priors"):
        mcid_band(fitted(), MCID, tau=priors.half_normal(1))
    with pytest.raises(BayesPSError, match='target must be "mean"'):
        mcid_band(fitted(), MCID).lowest("pooled")


def test_an_uncertain_mcid_is_averaged_over():
    mcid, fit = bps.MCID([3, 5], unit=PAIN.unit), fitted()
    band = mcid_band(fit, mcid)
    assert band.mean.at_mcid[0] == approx(np.mean(fit.average().cdf([-3, -5])), abs=1e-12)
    assert "sceptical mu" in band.changed
