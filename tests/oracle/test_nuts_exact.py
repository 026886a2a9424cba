"""NUTS against the exact engine on every reference data set, in Monte Carlo standard errors."""

import numpy as np
import pytest

import bayes_ps as bps
from models import CommonEffect, MetaRegression, PooledEvidence, RandomEffects, ThreeLevel, priors
from tests import references
from tests.oracle import test_network as senn

HALF = priors.half_normal(0.5)
PRIORS_OF_MU = {
    "t": priors.student_t(4, 0, 20),
    "mixture": priors.mixture([(0.8, priors.normal(0, 5)), (0.2, priors.normal(0, 50))]),
}


def schools():
    """Konstantopoulos 2011: 56 schools in 11 districts."""
    data = references.table("konstantopoulos")[["district"]]
    return references.effects("konstantopoulos").with_data(data)


def three_levels():
    return ThreeLevel("district", priors.flat(), HALF, HALF)


def network():
    """Senn 2013: ten treatments, 26 trials, one of them with three arms."""
    return senn.model(priors.flat(), HALF)


def certified(model, effects, seed=11):
    """A fit by NUTS without a problem, of which every number agrees with the exact engine."""
    fit = bps.fit(model, effects, engine="nuts", seed=seed)
    diagnosis, certificate = bps.diagnose(fit), bps.certify(fit)
    assert diagnosis.divergences == 0
    assert diagnosis.ok, str(diagnosis)
    assert certificate.ok, str(certificate)
    assert set(certificate.table["unknown"]) >= set(fit.unknowns)
    return fit


@pytest.mark.parametrize("name", references.UNIVARIATE)
def test_no_divergence_and_a_passed_certificate(name):
    unit = references.expected(name)["unit_scale_u"]
    model = RandomEffects(mu=priors.flat(), tau=priors.half_normal(0.5 * unit))
    certified(model, references.effects(name))


def test_three_levels():
    fit = certified(three_levels(), schools())
    assert fit.unknowns == ("mu", "tau", "omega") and len(fit.studies) == 56


def test_network():
    fit = certified(network(), senn.effects())
    assert fit.unknowns[:2] == ("d[acarbose]", "d[benfluorex]") and len(fit.unknowns) == 10
    at = {"treat1": "metformin", "treat2": "acarbose"}
    exact = bps.fit(network(), senn.effects())
    for asked in ("average", "predictive"):
        ours, want = (getattr(each, asked)(at) for each in (fit, exact))
        assert abs(ours.mean - want.mean) < 4 * ours.mcse("mean")
        assert abs(ours.sd - want.sd) < 4 * ours.mcse("sd")


@pytest.mark.parametrize("prior", PRIORS_OF_MU.values(), ids=list(PRIORS_OF_MU))
def test_priors_of_mu_that_are_mixtures_of_normals(prior):
    certified(RandomEffects(prior, priors.half_normal(5)), references.effects("eight_schools"))


def test_certificate_fails_for_draws_of_another_posterior():
    """The negative test: draws under tau ~ half-normal(2.5) are not those under half-normal(5)."""
    from dataclasses import replace

    effects = references.effects("eight_schools")
    right = RandomEffects(mu=priors.flat(), tau=priors.half_normal(5))
    wrong = RandomEffects(mu=priors.flat(), tau=priors.half_normal(2.5))
    fit = bps.fit(wrong, effects, engine="nuts", seed=11)
    assert bps.certify(fit).ok
    assert not bps.certify(replace(fit, model=right)).ok


def test_meta_regression_common_effect_and_pool():
    table = references.table("bcg")
    effects = references.effects("bcg").with_data(table[["ablat", "alloc"]])
    models = [
        MetaRegression(["ablat", "alloc"], priors.normal(0, 10), priors.half_cauchy(0.5)),
        CommonEffect(mu=priors.normal(0, 1)),
    ]
    for model in models:
        certified(model, effects, seed=5)
    pool = effects.where(np.arange(effects.k) == 0)
    fit = bps.fit(
        PooledEvidence(priors.flat(), priors.log_normal(-1, 0.5)), pool, engine="nuts", seed=5
    )
    assert bps.certify(fit).ok, str(bps.certify(fit))


def test_preliz_distributions_as_priors():
    import preliz as pz

    effects = references.effects("eight_schools")
    model = RandomEffects(mu=pz.Normal(0, 20), tau=pz.Gamma(2, 0.3))
    ours = RandomEffects(mu=priors.normal(0, 20), tau=priors.gamma(2, 0.3))
    exact, want = (bps.fit(m, effects).marginal("mu") for m in (model, ours))
    assert exact.ppf([0.1, 0.9]) == pytest.approx(want.ppf([0.1, 0.9]), rel=1e-11)
    fit = bps.fit(model, effects, engine="nuts", seed=5)
    assert bps.certify(fit).ok, str(bps.certify(fit))


def test_own_model_is_compiled_anew_for_another_number_of_studies():
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class NonCentred:
        def build(self, effects, *, marginal=True):
            import pymc as pm

            with pm.Model(coords={"study": list(effects.study)}) as model:
                y = pm.Data("y_observed", effects.y, dims="study")
                se = pm.Data("se", effects.se, dims="study")
                mu, tau = pm.Normal("mu", 0, 20), pm.HalfNormal("tau", 5)
                z = pm.Normal("z", dims="study")
                theta = pm.Deterministic("theta", mu + tau * z, dims="study")
                pm.Normal("y", mu=theta, sigma=se, observed=y, dims="study")
            return model

    effects = references.effects("eight_schools")
    exact = RandomEffects(mu=priors.normal(0, 20), tau=priors.half_normal(5))
    for kept in (effects, effects.drop("1 A")):
        fit = bps.fit(NonCentred(), kept, engine="nuts", seed=5)
        assert fit.studies == tuple(kept.study)
        mu, want = fit.marginal("mu"), bps.fit(exact, kept).marginal("mu")
        assert abs(mu.mean - want.mean) < 4 * mu.mcse("mean")


@pytest.mark.parametrize("kind", ["random effects", "three levels", "network"])
def test_refit_with_other_data_compiles_nothing(kind):
    """Fewer studies, fewer clusters, other numbers in the priors."""
    from dataclasses import replace

    from bayes_ps import nuts

    if kind == "random effects":
        effects = references.effects("eight_schools")
        model, fewer = RandomEffects(priors.flat(), priors.half_normal(5)), effects.drop("1 A")
    elif kind == "three levels":
        model, effects = three_levels(), schools()
        fewer = effects.where(effects.data["district"] > 50)
    else:
        model, effects = network(), senn.effects()
        fewer = effects.drop(*effects.study[:2])
    few = {"draws": 100, "tune": 200}
    bps.fit(model, effects, engine="nuts", seed=1, **few)
    compiled = len(nuts._COMPILED)
    other = replace(model, tau=priors.half_normal(0.3))
    fit = bps.fit(other, fewer, engine="nuts", seed=1, **few)
    assert len(nuts._COMPILED) == compiled
    assert fit.dt["posterior"].sizes["study"] == fewer.k < effects.k
    exact = bps.fit(other, fewer)
    for name in fit.unknowns:
        ours, want = fit.marginal(name), exact.marginal(name)
        assert abs(ours.mean - want.mean) < 5 * ours.mcse("mean")


def test_same_seed_same_draws():
    effects = references.effects("eight_schools")
    model = RandomEffects(mu=priors.flat(), tau=priors.half_normal(5))
    first, second = (bps.fit(model, effects, engine="nuts", seed=3) for _ in range(2))
    for name in ("mu", "tau", "theta", "theta_new"):
        np.testing.assert_array_equal(first.dt["posterior"][name], second.dt["posterior"][name])
