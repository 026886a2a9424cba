"""Tipping priors: closed form of a common effect, and what is said when nothing tips."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bayes_ps as bps
from bayes_ps.checks import BayesPSError, ModelError
from bayes_ps.sensitivity import tipping_prior
from models import CommonEffect, MetaRegression, RandomEffects, priors
from tests.unit.making import PAIN, fitted, made


@pytest.mark.parametrize(("cut", "z_cut"), [(0.975, 1.959963984540054), (0.95, 1.6448536269514722)])
def test_the_sceptical_prior_of_a_common_effect(cut, z_cut):
    """P(mu > 0) = Phi(z sd / sqrt(sd² + se²)) with z = y / se, so that it is the cut at
    sd² = se² / (z² / z_cut² − 1): the sceptical prior of Matthews 2018, doi:10.1098/rsos.171047."""
    fit = fitted(made([3.2], [1.1], better="higher"), CommonEffect(priors.flat()))
    found = tipping_prior(fit, cut=cut)
    want = 1.1 / np.sqrt((3.2 / 1.1) ** 2 / z_cut**2 - 1)
    assert found.mu.crossing == pytest.approx((want,), rel=1e-10)
    assert found.tau is None
    assert found.p == pytest.approx(stats.norm.cdf(3.2 / 1.1), abs=1e-14)
    assert f"below {cut:g} where sd < {want:.4g}" in str(found)


@pytest.mark.parametrize("target", ["mean", "new"])
def test_at_the_tipping_prior_p_is_the_cut(target):
    mcid = bps.MCID(4, unit=PAIN.unit)
    found = tipping_prior(fitted(), mcid, 0.75, target=target)
    assert found.mu.crossing
    for sd in found.mu.crossing:
        fit = fitted(model=RandomEffects(priors.normal(0, sd), priors.half_normal(5)))
        asked = fit.average() if target == "mean" else fit.predictive()
        assert asked.cdf(-4.0) == pytest.approx(0.75, abs=1e-10)
    for scale in found.tau.crossing:
        fit = fitted(model=RandomEffects(priors.flat(), priors.half_normal(scale)))
        asked = fit.average() if target == "mean" else fit.predictive()
        assert asked.cdf(-4.0) == pytest.approx(0.75, abs=1e-10)


def test_the_ends_are_no_effect_and_a_flat_prior():
    found = tipping_prior(fitted(), None, 0.9)
    assert found.mu.p[0] == pytest.approx(0.5, abs=0.02)
    assert found.mu.p[-1] == pytest.approx(found.p, abs=1e-6)
    assert (np.diff(found.mu.p) > -1e-12).all()


def test_it_says_when_nothing_tips_and_when_it_has_already():
    mcid = bps.MCID(5, unit=PAIN.unit)
    never = tipping_prior(fitted(), mcid, 0.8)
    assert never.tau.crossing == ()
    assert "Under every tau ~ half_normal(scale) it is at or above 0.8 (0.825 to" in str(never)
    already = tipping_prior(fitted(), mcid, 0.95)
    assert already.mu.crossing == already.tau.crossing == ()
    assert "already below 0.95" in str(already)
    assert "Under every mu ~ normal(0, sd) it is below 0.95 (< 0.001 to 0.888)" in str(already)


def test_a_narrow_prior_of_the_analysis_may_have_flipped_it():
    fit = fitted(model=RandomEffects(priors.normal(0, 1), priors.half_normal(5)))
    found = tipping_prior(fit, None, 0.98)
    assert found.p < 0.98 <= found.mu.p[-1]
    assert "already below 0.98" in str(found)
    assert f"below 0.98 where sd < {found.mu.crossing[0]:.4g}" in str(found)


def test_the_table_holds_the_widths_tried_and_those_that_tip():
    found = tipping_prior(fitted(), None, 0.99)
    frame = found.to_frame()
    of_mu = frame[frame["unknown"] == "mu"]
    assert len(of_mu) == found.mu.width.size + len(found.mu.crossing)
    assert of_mu["width"].is_monotonic_increasing
    assert of_mu.loc[of_mu["width"] == found.mu.crossing[0], "p"].item() == 0.99


def test_coefficients_of_moderators_keep_their_priors():
    effects = PAIN.with_data(pd.DataFrame({"dose": range(8)}))
    fit = fitted(effects, MetaRegression(["dose"], priors.flat(), priors.half_normal(5)))
    found = tipping_prior(fit, cut=0.9, at={"dose": 1})
    assert found.mu is None and found.tau is not None


def test_what_is_refused():
    with pytest.raises(BayesPSError, match="cut"):
        tipping_prior(fitted(), cut=1)
    with pytest.raises(BayesPSError, match="target"):
        tipping_prior(fitted(), target="study")

    class Mine:
        def gaussian(self, effects):
            return CommonEffect(priors.flat()).gaussian(effects)

    with pytest.raises(ModelError, match="frozen specification"):
        tipping_prior(fitted(model=Mine()))
