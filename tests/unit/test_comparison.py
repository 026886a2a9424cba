"""Comparing and averaging models: closed forms, points, refusals, and the averaged fit."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bayes_ps as bps
from bayes_ps.checks import BayesPSError, ModelError
from bayes_ps.comparison import Averaged, compare
from bayes_ps.posterior.point_mass import PointMass
from models import CommonEffect, MetaRegression, RandomEffects, priors
from tests.unit.making import PAIN, fitted, made, sampled

ONE = made([-2.0], [1.0])
NULL, NORMAL = CommonEffect(priors.point(0)), CommonEffect(priors.normal(0, 3))
MCID = bps.MCID(3, unit=PAIN.unit)
Q = np.array([0.001, 0.02, 0.3, 0.5, 0.9, 0.999])


@pytest.fixture(scope="module")
def simple():
    """y = −2, se 1, mu = 0 or mu ~ N(0, 3²)."""
    return compare({"null": fitted(ONE, NULL), "effect": fitted(ONE, NORMAL)})


@pytest.fixture(scope="module")
def four():
    tau = priors.half_normal(5)
    models = {
        "effect, tau": RandomEffects(priors.normal(0, 10), tau),
        "no effect, tau": RandomEffects(priors.point(0), tau),
        "effect": CommonEffect(priors.normal(0, 10)),
        "nothing": CommonEffect(priors.point(0)),
    }
    return compare({name: fitted(model=model) for name, model in models.items()})


def test_the_evidence_of_one_estimate_is_a_normal_density(simple):
    want = [stats.norm.logpdf(-2), stats.norm.logpdf(-2, scale=10**0.5)]
    assert simple.log_evidence == pytest.approx(want, abs=1e-14)
    odds = float(np.exp(want[1] - want[0]))
    assert simple.bayes_factor("effect", "null") == pytest.approx(odds)
    assert simple.probability == pytest.approx([1 / (1 + odds), odds / (1 + odds)])
    assert simple.best == "effect"
    assert "effect 0.6" in str(simple) and "(prior 0.5, log evidence" in str(simple)


def test_prior_probabilities_count(simple):
    fits = dict(zip(simple.name, simple.fits, strict=True))
    found = compare(fits, prior_probability={"effect": 0.2, "null": 0.8})
    odds = found.bayes_factor("effect", "null") * 0.2 / 0.8
    assert found.probability[1] == pytest.approx(odds / (1 + odds))
    assert found.inclusion_factor(["effect"]) == pytest.approx(
        found.bayes_factor("effect", "null"), rel=1e-12
    )
    listed = compare(list(fits.values()), prior_probability=[0.8, 0.2])
    assert listed.probability == pytest.approx(found.probability)
    assert listed.name == tuple(str(fit.model) for fit in fits.values())


def test_inclusion_weighs_the_models_of_a_group(four):
    joint = np.exp(four.log_evidence)
    want = joint[[0, 2]].mean() / joint[[1, 3]].mean()
    assert four.inclusion_factor(["effect", "effect, tau"]) == pytest.approx(want, rel=1e-10)
    fits = dict(zip(four.name, four.fits, strict=True))
    uneven = compare(fits, prior_probability=[0.4, 0.3, 0.2, 0.1])
    want = (0.4 * joint[0] + 0.2 * joint[2]) / 0.6 / ((0.3 * joint[1] + 0.1 * joint[3]) / 0.4)
    assert uneven.inclusion_factor(["effect", "effect, tau"]) == pytest.approx(want, rel=1e-10)


def test_the_table(four):
    frame = four.to_frame()
    assert frame["probability"].sum() == pytest.approx(1)
    assert frame["bayes_factor"].max() == 1
    against = four.to_frame(against="nothing").set_index("model")
    assert against["bayes_factor"]["nothing"] == 1
    assert against["bayes_factor"]["effect"] == pytest.approx(
        four.bayes_factor("effect", "nothing")
    )
    assert np.exp(against["log_bayes_factor"]).to_numpy() == pytest.approx(against["bayes_factor"])


# --- the averaged marginal ----------------------------------------------------------------------


def test_an_average_with_a_point_by_hand(simple):
    """p(mu | y) = p0 at 0, and 1 − p0 times N(−1.8, 0.9)."""
    mu, p0 = simple.average("mu"), simple.probability[0]
    law = stats.norm(-1.8, 0.9**0.5)
    assert mu.points == {0.0: pytest.approx(p0)}
    assert mu.mean == pytest.approx(-1.8 * (1 - p0))
    assert mu.sd**2 == pytest.approx((1 - p0) * (0.9 + 1.8**2) - mu.mean**2)
    for x in (-3.0, -0.1):
        assert mu.cdf(x) == pytest.approx((1 - p0) * law.cdf(x), abs=1e-15)
        assert mu.pdf(x) == pytest.approx((1 - p0) * law.pdf(x), abs=1e-15)
    assert mu.cdf(0.0) == pytest.approx((1 - p0) * law.cdf(0) + p0, abs=1e-15)
    assert mu.sf(0.0) == pytest.approx((1 - p0) * law.sf(0), abs=1e-15)
    assert mu.pdf(0.0) == np.inf
    assert mu.mcse("mean") == 0


def test_quantiles_across_the_jump(simple):
    mu, p0 = simple.average("mu"), simple.probability[0]
    law = stats.norm(-1.8, 0.9**0.5)
    before = (1 - p0) * law.cdf(0)
    q = np.array([0.01, before - 1e-9, before + 1e-9, before + p0 / 2, before + p0 - 1e-9])
    want = [law.ppf(q[0] / (1 - p0)), law.ppf(q[1] / (1 - p0)), 0, 0, 0]
    assert mu.ppf(q) == pytest.approx(want, abs=1e-11)
    after = before + p0 + 1e-4
    assert mu.ppf(after) == pytest.approx(law.ppf((after - p0) / (1 - p0)), abs=1e-9)
    assert mu.ppf(after) > 0
    assert mu.ppf([0.0, 1.0]).tolist() == [-np.inf, np.inf]
    assert mu.interval(0.5)[1] == 0


def test_quantiles_of_the_average_are_the_inverse(four):
    for m in (four.average("mu"), four.average("tau"), four.predictive(), four.study("C")):
        x = m.ppf(Q)
        jump = np.isin(x, list(m.points))
        assert m.cdf(x)[~jump] == pytest.approx(Q[~jump], abs=1e-12)
        assert (m.cdf(x)[jump] >= Q[jump]).all()
        assert (m.cdf(x[jump] - 1e-9) < Q[jump]).all()
        assert (np.diff(x) >= 0).all()


def test_points_alone():
    m = Averaged(
        [PointMass(at, shape=(1, 1)) for at in (0.0, 1.0, 1.0)],
        np.array([0.5, 0.25, 0.25]),
        draws=lambda: np.zeros((1, 1)),
    )
    assert m.points == {0.0: 0.5, 1.0: 0.5}
    assert m.ppf([0.1, 0.5, 0.500001, 1.0]).tolist() == [0, 0, 1, 1]
    assert m.mean == 0.5 and m.sd == 0.5


def test_a_model_without_weight_says_nothing():
    far = made([-200.0], [1.0])
    found = compare(
        {"null": fitted(far, NULL), "effect": fitted(far, CommonEffect(priors.normal(0, 200)))}
    )
    mu = found.average("mu")
    assert found.probability[0] == 0
    assert mu.points == {} and mu.mean == pytest.approx(found.fits[1].average().mean)


def test_the_shortest_interval_of_a_jump_is_refused(simple, four):
    with pytest.raises(BayesPSError, match="lies at a point"):
        simple.average("mu").interval(kind="shortest")
    new = compare({"a": four.fits[0], "b": four.fits[2]}).average("mu")
    low, high = new.interval(0.9, kind="shortest")
    assert new.cdf(high) - new.cdf(low) == pytest.approx(0.9, abs=1e-9)


def test_moments_that_a_model_lacks_the_average_lacks():
    heavy = RandomEffects(priors.normal(0, 10), priors.log_student_t(5, -1, 1))
    found = compare({"heavy": fitted(ONE, heavy), "light": fitted(ONE, NORMAL)})
    assert np.isnan(found.predictive().mean) and np.isfinite(found.average("mu").mean)


# --- the averaged fit ---------------------------------------------------------------------------


def test_decide_takes_the_average(four):
    kept = {name: fit for name, fit in zip(four.name, four.fits, strict=True) if "no " not in name}
    found = compare(kept)
    decision = bps.decide(found.fit, MCID)
    for target, of in (("mean", lambda f: f.average()), ("new", lambda f: f.predictive())):
        want = sum(p * of(f).cdf(-3.0) for p, f in zip(found.probability, found.fits, strict=True))
        assert getattr(decision, target).p_mcid == pytest.approx(want, abs=1e-14)
    assert decision.share.mean == pytest.approx(decision.new.p_mcid, abs=1e-12)
    assert 0 <= decision.share.lower <= decision.share.upper <= 1
    assert len(decision.studies) == 8
    assert "Average of 3 models by posterior probability" in str(found.fit)
    evidence = np.log(np.exp(found.log_evidence).mean())
    assert found.fit.log_evidence == pytest.approx(evidence)


def test_decide_takes_no_effect_with_heterogeneity(four):
    assert bps.decide(four.fit, MCID).share.mean > 0


def test_the_draws_are_mixed_jointly(four):
    draws = four.fit.dt["posterior"]
    which = draws["model"].values
    share = np.bincount(which.ravel(), minlength=4) / which.size
    error = np.sqrt(four.probability * (1 - four.probability) / which.size)
    assert (np.abs(share - four.probability) <= 4 * error + 1e-3).all()
    assert (draws["tau"].values[which == 2] == 0).all()
    assert (draws["mu"].values[(which == 1) | (which == 3)] == 0).all()
    mu = four.average("mu")
    assert mu.draws == pytest.approx(draws["mu"].values)
    for x in mu.ppf([0.1, 0.5, 0.9]):
        assert (mu.draws <= x).mean() == pytest.approx(mu.cdf(x), abs=0.03)
    assert four.fit.dt["posterior_predictive"]["y"].shape == (4, 1000, 8)
    share = four.fit.share(-3.0)
    assert share.draws.mean() == pytest.approx(share.mean, abs=0.03)


def test_moderators_are_asked_at_a_setting():
    effects = PAIN.with_data(pd.DataFrame({"dose": range(8)}))
    tau, proper = priors.half_normal(5), priors.normal(0, 10)
    found = compare(
        {
            "dose": fitted(effects, MetaRegression(["dose"], proper, tau)),
            "no dose": fitted(effects, RandomEffects(proper, tau)),
        }
    )
    at = {"dose": 7}
    p, (dose, none) = found.probability, found.fits
    want = p[0] * dose.average(at).cdf(-3.0) + p[1] * none.average().cdf(-3.0)
    assert found.fit.average(at).cdf(-3.0) == pytest.approx(want, abs=1e-14)
    assert found.predictive(at).cdf(-3.0) > 0
    assert found.fit.unknowns == ("tau",)
    with pytest.raises(ModelError, match="do not all have 'mu'"):
        found.average("mu")
    with pytest.raises(ModelError, match="must name"):
        found.fit.average()
    with pytest.raises(ModelError, match=r"No model has the moderators \['age'\]"):
        found.fit.average({"age": 1})


def test_a_flat_intercept_is_a_flat_mean():
    """Moving the origin of a moderator moves the intercept, so the two flat priors cancel."""
    effects = PAIN.with_data(pd.DataFrame({"dose": range(8), "year": range(2000, 2008)}))
    beta = {"intercept": priors.flat(), "dose": priors.normal(0, 3)}
    moved = {"intercept": priors.flat(), "year": priors.normal(0, 3)}
    tau = priors.half_normal(5)
    alone = fitted(effects, RandomEffects(priors.flat(), tau))
    one = compare({"m": fitted(effects, MetaRegression(["dose"], beta, tau)), "0": alone})
    other = compare({"m": fitted(effects, MetaRegression(["year"], moved, tau)), "0": alone})
    assert one.bayes_factor("m", "0") == pytest.approx(other.bayes_factor("m", "0"), rel=1e-9)


def test_warnings_say_of_which_model():
    models = {
        scale: RandomEffects(priors.normal(0, 9), priors.half_normal(scale)) for scale in (0.1, 5)
    }
    found = compare({"narrow": fitted(model=models[0.1]), "wide": fitted(model=models[5])})
    assert found.fit.warnings == found.notes
    assert found.notes[0].startswith("In narrow: The prior of tau") and "Note: In" in str(found)


# --- refusals -----------------------------------------------------------------------------------


def test_improper_priors_must_be_shared():
    flat, tau = priors.flat(), priors.half_normal(5)
    shared = compare(
        {"a": fitted(model=RandomEffects(flat, tau)), "b": fitted(model=CommonEffect(flat))}
    )
    assert np.isfinite(shared.bayes_factor("a", "b"))
    with pytest.raises(ModelError, match=r"in 'a' the prior mu ~ flat\(\) is improper"):
        compare({"null": fitted(model=CommonEffect(priors.point(0))), "a": shared.fits[0]})
    with pytest.raises(ModelError, match=r"improper_uniform\(\) is improper.*half_normal"):
        compare(
            {
                "a": shared.fits[1],
                "b": fitted(model=RandomEffects(flat, priors.improper_uniform())),
            }
        )


def test_what_else_is_refused(simple):
    other = fitted(made([-2.5], [1.0]), NORMAL)
    with pytest.raises(ModelError, match="their y differs"):
        compare({"a": simple.fits[0], "b": other})
    flipped = fitted(made([-2.0], [1.0], better="higher"), NORMAL)
    with pytest.raises(ModelError, match="their better differs"):
        compare({"a": simple.fits[0], "b": flipped})
    with pytest.raises(ModelError, match="it must be an exact fit"):
        compare({"a": simple.fits[0], "b": sampled(fitted())})
    with pytest.raises(BayesPSError, match="two fits or more"):
        compare({"a": simple.fits[0]})
    with pytest.raises(BayesPSError, match="print alike"):
        compare([simple.fits[0], simple.fits[0]])
    for wrong in ([0.5, 0.6], [1.0, 0.0], {"null": 1.0}, [1.0]):
        with pytest.raises(BayesPSError, match="prior_probability"):
            compare(dict(zip(simple.name, simple.fits, strict=True)), wrong)
    with pytest.raises(BayesPSError, match="no model 'x'"):
        simple.bayes_factor("x", "null")
    for group in ([], ["null", "effect"], "null"):
        with pytest.raises(BayesPSError, match="A group of models"):
            simple.inclusion_factor(group)
