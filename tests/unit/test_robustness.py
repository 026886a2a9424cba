"""Does the decision flip: against closed forms of a common effect, and refits by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy.stats import norm

import bayes_ps as bps
from bayes_ps.checks import ModelError, PriorError, StudyTableError, UnitError
from bayes_ps.robustness.flipping import robustness
from bayes_ps.robustness.mean_priors import enthusiastic, sceptical
from bayes_ps.robustness.tau_priors import other_tau_priors, rescaled
from bayes_ps.robustness.variants import Variant
from models import CommonEffect, MetaRegression, PooledEvidence, RandomEffects, priors
from tests.unit.making import PAIN, fitted, made

MCID = bps.MCID(4, unit=PAIN.unit)
RATED = PAIN.with_data(
    pd.DataFrame(
        {"rob_overall": ["High", "low", "low", "high ", "low", "", "some concerns", "low"]}
    )
)
FLAT, TAU = priors.flat(), priors.half_normal(5)


def row(found, changed):
    return next(v for v in found.variants if v.changed == changed)


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_what_the_sceptic_and_the_enthusiast_rule_out(better):
    effects, sign = made([1.0], [1.0], better=better), -1 if better == "lower" else 1
    doubt, hope = sceptical(effects, MCID), enthusiastic(effects, MCID)
    assert norm(0, doubt.sd).sf(4) == approx(0.05, abs=1e-15) and doubt.mean == 0
    assert norm(hope.mean, hope.sd).cdf(0) == approx(0.95 if sign < 0 else 0.05, abs=1e-15)
    assert hope.mean == 4 * sign and hope.sd == doubt.sd


@pytest.mark.parametrize("sign", [-1, 1])
def test_of_a_common_effect_in_closed_form(sign):
    """N(m, s²) times N(y, v): precision 1/s² + 1/v, mean by precision."""
    y, v, s = sign * 5.2, 1 / (1 / 1.3**2 + 1 / 0.9**2), 4 / norm.ppf(0.95)
    effects = made([y, y], [1.3, 0.9], better="lower" if sign < 0 else "higher")
    found = robustness(fitted(effects, CommonEffect(FLAT)), MCID)
    for changed, mean, precision in [
        ("as fitted", 0, 0),
        ("sceptical mu", 0, 1 / s**2),
        ("enthusiastic mu", sign * 4, 1 / s**2),
    ]:
        total = precision + 1 / v
        centre = sign * (precision * mean + y / v) / total
        want = norm.sf((4 - centre) * total**0.5)
        assert row(found, changed).p_mean == row(found, changed).p_new == approx(want, abs=1e-14)
    assert {v.kind for v in found.variants} == {"as fitted", "priors", "leave one out"}
    assert row(found, "without 'A'").p_mean == approx(norm.cdf(1.2 / 0.9), abs=1e-14)


def test_each_row_is_the_refit_that_it_names():
    found = robustness(fitted(RATED), MCID, tau=[priors.half_normal(1)])
    s = sceptical(RATED, MCID)
    kept = ~np.array([True, False, False, True, False, False, False, False])
    hands = {
        "as fitted": (FLAT, TAU, RATED),
        "tau half the scale": (FLAT, priors.half_normal(2.5), RATED),
        "tau twice the scale": (FLAT, priors.half_normal(10), RATED),
        "tau half-Cauchy": (FLAT, priors.half_cauchy(5 * norm.ppf(0.75)), RATED),
        "sceptical mu, tau twice the scale": (s, priors.half_normal(10), RATED),
        "sceptical mu, tau ~ half_normal(1)": (s, priors.half_normal(1), RATED),
        "without 'C'": (FLAT, TAU, RATED.drop("C")),
        "without 2 at high risk": (FLAT, TAU, RATED.where(kept)),
    }
    for changed, (mu, tau, effects) in hands.items():
        fit, got = fitted(effects, RandomEffects(mu, tau)), row(found, changed)
        mean = fit.average()
        assert got.p_mean == approx(mean.cdf(-4), abs=1e-12)
        assert got.p_new == approx(fit.predictive().cdf(-4), abs=1e-12)
        assert (got.lower, got.median, got.upper) == approx(tuple(mean.ppf([0.025, 0.5, 0.975])))
        assert got.k == effects.k and got.mcse_mean == 0
    common = fitted(RATED, CommonEffect(FLAT))
    assert row(found, "no heterogeneity").p_mean == approx(common.average().cdf(-4), abs=1e-14)
    # 3 priors of mu times 5 of tau, a common effect, 8 left out, high risk
    assert len(found.variants) == 15 + 1 + 8 + 1 == len(found.to_frame())


def test_fragile_names_what_flips_it_and_stable_names_nothing():
    found = robustness(fitted(RATED), MCID)
    assert found.verdict == "fragile" and row(found, "sceptical mu") in found.flips
    said = str(found)
    assert said.startswith("Fragile: P(mean effect: benefit of at least 4 points (0-100)) is 0.967")
    assert "sceptical mu (0.727), enthusiastic mu (0.939), without 'A' (0.921)" in said
    assert "0.967 under a flat, 0.727 under a sceptical, 0.939 under an enthusiastic" in said
    assert "expects the MCID, and the studies show more" in said
    assert "rob_overall is empty for F" in said
    table = found.to_frame()
    assert table["flips"].sum() == len(found.flips)
    assert (table["flips"] == (table["p_mean"] < 0.95)).all()
    sure = robustness(fitted(RATED), MCID, cut=0.5)
    assert sure.verdict == "stable" and not sure.flips
    assert "and so it is in each of 21 other analyses" in str(sure)
    assert robustness(fitted(RATED), bps.MCID(40, unit=PAIN.unit)).verdict == "stable"


@pytest.mark.parametrize("k", [1, 2, 3])
def test_few_studies_only_point(k):
    effects = PAIN.where(np.arange(8) < k)
    found = robustness(fitted(effects), MCID)
    assert found.verdict == "directional" and str(found).startswith("Directional: ")
    assert ("A single study says" if k == 1 else f"{k} studies say") in str(found)
    assert sum(v.kind == "leave one out" for v in found.variants) == (k if k > 1 else 0)


def test_a_flat_prior_stands_beside_a_prior_of_ones_own():
    found = robustness(fitted(model=RandomEffects(priors.normal(0, 3), TAU)), MCID)
    want = fitted().average().cdf(-4)
    assert row(found, "flat mu").p_mean == approx(want, abs=1e-13)
    assert row(found, "as fitted").p_mean < want
    assert f"{want:.3f} under a flat, 0.727 under a sceptical" in str(found)


def test_models_handed_in_and_a_failed_one():
    class Unfit:
        def gaussian(self, effects):
            raise ModelError("it has no theta")

        def __str__(self):
            return "Unfit: nothing"

    found = robustness(fitted(), MCID, models=[CommonEffect(FLAT), Unfit()])
    assert row(found, "Common effect").p_mean == row(found, "no heterogeneity").p_mean
    assert [v.changed for v in found.failed] == ["Unfit"] and np.isnan(found.failed[0].p_mean)
    assert "Not carried out: Unfit (it has no theta)" in str(found)
    assert found.failed[0] not in found.flips and found.failed[0].side(0.95) == ""


def test_a_sampled_probability_near_the_cut_is_unclear():
    near = Variant("model", "x", 5, p_mean=0.953, mcse_mean=0.002)
    assert near.side(0.95) == "unclear"
    assert replace(near, p_mean=0.955).side(0.95) == "at or above"
    assert replace(near, p_mean=0.945).side(0.95) == "below"


def test_with_moderators_at_a_setting():
    data = pd.DataFrame({"dose": [1.0, 2, 3, 4, 5, 6, 7, 8], "rob_overall": ["high"] * 8})
    fit = fitted(PAIN.with_data(data), MetaRegression(["dose"], priors.normal(0, 20), TAU))
    found = robustness(fit, MCID, at={"dose": 3})
    assert row(found, "as fitted").p_mean == approx(fit.average(at={"dose": 3}).cdf(-4), abs=1e-13)
    assert not any("mu" in v.changed for v in found.variants)
    assert "sceptical and enthusiastic ones were not tried" in str(found)
    assert "Every study is at high risk" in str(found)
    with pytest.raises(ModelError, match="dose"):
        robustness(fit, MCID)


def test_a_published_pool_has_no_study_to_leave_out():
    pool = PAIN.where(np.arange(8) == 0)
    found = robustness(fitted(pool, PooledEvidence(FLAT, TAU)), MCID)
    assert {v.kind for v in found.variants} == {"as fitted", "priors"}
    assert found.verdict == "directional"


def test_high_risk_by_name():
    found = robustness(fitted(), MCID, high_risk=["A", "D"])
    same = robustness(fitted(RATED), MCID)
    changed = "without 2 at high risk"
    assert row(found, changed).p_mean == row(same, changed).p_mean
    with pytest.raises(StudyTableError, match="no study 'Z'"):
        robustness(fitted(), MCID, high_risk=["Z"])


@pytest.mark.parametrize(
    "prior",
    [
        TAU,
        priors.half_cauchy(2),
        priors.half_student_t(4, 2),
        priors.log_normal(-1, 0.8),
        priors.log_student_t(5, -1, 0.5),
        priors.uniform(0, 4),
        priors.exponential(0.5),
        priors.gamma(2, 0.3),
        priors.inverse_gamma(1.7, 0.4),
    ],
)
def test_a_prior_of_c_times_tau(prior):
    q = np.array([0.1, 0.5, 0.9])
    assert rescaled(prior, 0.5).ppf(q) == approx(0.5 * prior.ppf(q), rel=1e-12)
    assert "times 0.5" in rescaled(replace(prior, source="x"), 0.5).source
    names = set(other_tau_priors(prior, PAIN.se))
    cauchy = {"half-Cauchy"} - ({"half-Cauchy"} if "cauchy" in prior.family else set())
    assert names == {"half the scale", "twice the scale"} | cauchy


def test_a_prior_without_a_scale_has_a_half_cauchy():
    found = other_tau_priors(priors.improper_uniform(), PAIN.se)
    assert found == {"half-Cauchy": priors.half_cauchy(3.75)}
    found = other_tau_priors(priors.uniform_shrinkage(), PAIN.se)
    median = priors.uniform_shrinkage().given(PAIN.se).ppf(0.5)
    assert found == {"half-Cauchy": priors.half_cauchy(float(median))}
    assert other_tau_priors(priors.point(0), PAIN.se) == {"half-Cauchy": priors.half_cauchy(3.75)}


def test_what_is_refused():
    with pytest.raises(UnitError, match="MCID"):
        robustness(fitted(), 4)
    with pytest.raises(UnitError, match="SD units"):
        robustness(fitted(), bps.MCID(0.5, unit="SD units"))
    with pytest.raises(PriorError, match="list of priors"):
        robustness(fitted(), MCID, tau=TAU)
    with pytest.raises(PriorError, match="has no tau"):
        robustness(fitted(model=CommonEffect(FLAT)), MCID, tau=[TAU])
    with pytest.raises(bps.checks.BayesPSError, match="cut"):
        robustness(fitted(), MCID, cut=95)
