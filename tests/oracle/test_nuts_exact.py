"""NUTS against the exact engine on every reference data set, in Monte Carlo standard errors."""

import numpy as np
import pytest

import bayes_ps as bps
from models import CommonEffect, MetaRegression, PooledEvidence, RandomEffects, priors
from tests import references


@pytest.mark.parametrize("name", references.UNIVARIATE)
def test_no_divergence_and_a_passed_certificate(name):
    unit = references.expected(name)["unit_scale_u"]
    model = RandomEffects(mu=priors.flat(), tau=priors.half_normal(0.5 * unit))
    fit = bps.fit(model, references.effects(name), engine="nuts", seed=11)
    diagnosis, certificate = bps.diagnose(fit), bps.certify(fit)
    assert diagnosis.divergences == 0
    assert diagnosis.ok, str(diagnosis)
    assert certificate.ok, str(certificate)


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
        fit = bps.fit(model, effects, engine="nuts", seed=5)
        assert bps.diagnose(fit).ok, str(bps.diagnose(fit))
        assert bps.certify(fit).ok, str(bps.certify(fit))
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


def test_a_prior_of_mu_that_the_exact_engine_refuses():
    """Student-t on mu: NUTS fits it, theta and all, and nothing exact can certify it."""
    effects = references.effects("eight_schools")
    model = RandomEffects(mu=priors.student_t(1e6, 0, 20), tau=priors.half_normal(5))
    fit = bps.fit(model, effects, engine="nuts", seed=5)
    with pytest.raises(bps.checks.ModelError, match="flat or normal prior, not student_t"):
        bps.certify(fit)
    normal = RandomEffects(mu=priors.normal(0, 20), tau=priors.half_normal(5))
    want = bps.fit(normal, effects)
    for study in effects.study:
        ours, exact = fit.study(study), want.study(study)
        assert abs(ours.mean - exact.mean) < 4 * ours.mcse("mean")


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


def test_refit_with_other_data_compiles_nothing():
    from bayes_ps import nuts

    effects = references.effects("eight_schools")
    model = RandomEffects(mu=priors.flat(), tau=priors.half_normal(5))
    bps.fit(model, effects, engine="nuts", seed=1)
    compiled = len(nuts._COMPILED)
    fit = bps.fit(
        RandomEffects(mu=priors.flat(), tau=priors.half_normal(3)),
        effects.drop("1 A"),
        engine="nuts",
        seed=1,
    )
    assert len(nuts._COMPILED) == compiled
    assert bps.certify(fit).ok
    assert fit.dt["posterior"].sizes["study"] == 7


def test_same_seed_same_draws():
    effects = references.effects("eight_schools")
    model = RandomEffects(mu=priors.flat(), tau=priors.half_normal(5))
    first, second = (bps.fit(model, effects, engine="nuts", seed=3) for _ in range(2))
    for name in ("mu", "tau", "theta", "theta_new"):
        np.testing.assert_array_equal(first.dt["posterior"][name], second.dt["posterior"][name])
