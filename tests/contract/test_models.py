"""Every model in `models.__all__` keeps the contract of ARCHITECTURE.md."""

from dataclasses import FrozenInstanceError, fields, is_dataclass, replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal, norm

import models
from bayes_ps import Effects
from models import CommonEffect, MetaRegression, PooledEvidence, RandomEffects, priors

Y, SE = np.array([-3.0, -1.0, 0.5, -6.0]), np.array([1.0, 0.8, 1.5, 2.0])
EFFECTS = Effects.from_estimates(
    Y, se=SE, study=list("abcd"), measure="MD", unit="points", better="lower"
).with_data(pd.DataFrame({"dose": [1.0, 2.0, 3.0, 4.0], "setting": ["x", "y", "y", "x"]}))
V = np.diag(SE**2)
V[0, 1] = V[1, 0] = 0.3
SHARED = replace(EFFECTS, V=V)
POOL = EFFECTS.where(np.arange(4) == 0)

MU, TAU = priors.normal(0, 4), priors.half_normal(2)
CASES = {
    "CommonEffect": (CommonEffect(MU), EFFECTS),
    "RandomEffects": (RandomEffects(MU, TAU), EFFECTS),
    "RandomEffects flat": (RandomEffects(priors.flat(), priors.half_cauchy(1)), EFFECTS),
    "RandomEffects log-t": (RandomEffects(MU, priors.log_student_t(5, -1, 1)), EFFECTS),
    "RandomEffects V": (RandomEffects(MU, TAU), SHARED),
    "MetaRegression": (MetaRegression(["dose"], MU, TAU), EFFECTS),
    "MetaRegression V": (MetaRegression(["dose"], MU, TAU), SHARED),
    "MetaRegression subgroups": (MetaRegression(["setting"], MU, TAU, intercept=False), EFFECTS),
    "MetaRegression mixed": (
        MetaRegression(["dose"], {"intercept": priors.flat(), "dose": MU}, TAU),
        EFFECTS,
    ),
    "PooledEvidence": (PooledEvidence(MU, TAU), POOL),
}
PARTS = list(CASES.values())
POINT = {"mu": -1.2, "beta": np.array([-1.2, 0.3]), "tau": 1.1}


def test_every_model_has_a_case():
    assert {type(model).__name__ for model, _ in PARTS} == set(models.__all__) - {"priors"}


@pytest.mark.parametrize(("model", "effects"), PARTS, ids=list(CASES))
def test_is_a_frozen_specification_that_prints_itself(model, effects):
    assert is_dataclass(model)
    with pytest.raises(FrozenInstanceError):
        setattr(model, fields(model)[0].name, None)
    assert model == replace(model) and hash(model) == hash(replace(model))
    shown = str(model)
    for field in fields(model):
        prior = getattr(model, field.name)
        if isinstance(prior, priors.Prior):
            assert str(prior) in shown


@pytest.mark.parametrize("marginal", [True, False])
@pytest.mark.parametrize(("model", "effects"), PARTS, ids=list(CASES))
def test_names_and_dims(model, effects, marginal):
    built = model.build(effects, marginal=marginal)
    dims = {name: built.named_vars_to_dims.get(name) for name in built.named_vars}
    assert built.coords["study"] == tuple(effects.study)
    assert dims["y"] == ("study",)
    assert [v.name for v in built.observed_RVs] == ["y"]
    regression = isinstance(model, MetaRegression)
    assert ("beta" in dims) is regression and ("mu" in dims) is not regression
    if regression:
        assert dims["beta"] == ("moderator",)
    assert ("tau" in dims) is not isinstance(model, CommonEffect)
    with_theta = not marginal and isinstance(model, RandomEffects | MetaRegression)
    assert ("theta" in dims) is with_theta
    if with_theta:
        assert dims["theta"] == ("study",)
    assert "theta_new" not in dims


@pytest.mark.parametrize(("model", "effects"), PARTS, ids=list(CASES))
def test_marginal_form_is_the_hierarchy_with_theta_integrated_out(model, effects):
    """log p(y | tau) = log p(y, theta | tau) − log p(theta | y, tau), for any theta; the last is
    N(m, C) with C⁻¹ = V⁻¹ + I/tau² by hand."""
    marginal = _logp(model.build(effects), POINT)
    assert np.isfinite(marginal)
    hierarchy = model.build(effects, marginal=False)
    if "theta" not in hierarchy.named_vars:
        assert marginal == pytest.approx(_logp(hierarchy, POINT), rel=1e-12)
        return
    theta = np.array([-2.0, -1.5, 0.2, -3.0])
    mean = np.full(4, POINT["mu"])
    if isinstance(model, MetaRegression):
        mean = model.gaussian(effects).X @ POINT["beta"]
    covariance = np.diag(effects.se**2) if effects.V is None else effects.V
    C = np.linalg.inv(np.linalg.inv(covariance) + np.eye(4) / POINT["tau"] ** 2)
    m = C @ (np.linalg.solve(covariance, effects.y) + mean / POINT["tau"] ** 2)
    conditional = multivariate_normal(m, C).logpdf(theta)
    joint = _logp(hierarchy, POINT | {"theta": theta})
    assert marginal == pytest.approx(joint - conditional, rel=1e-10)


@pytest.mark.parametrize(("model", "effects"), PARTS, ids=list(CASES))
def test_gaussian_form_has_the_same_likelihood(model, effects):
    """log p(y | beta, tau) of the PyMC model is that of y ~ N(X beta, V + tau² Z Z') by SciPy."""
    h = model.gaussian(effects)
    beta = POINT["beta"] if isinstance(model, MetaRegression) else np.array([POINT["mu"]])
    tau = POINT["tau"] if h.component is not None else 0.0
    prior = sum(float(p.logpdf(b)) for p, b in zip(h.beta, beta, strict=True))
    cov = np.diag(h.V) if h.V.ndim == 1 else h.V
    if h.component is not None:
        Z = np.eye(h.k) if h.component.Z is None else h.component.Z
        cov = cov + tau**2 * Z @ Z.T
        prior += float(h.component.prior.logpdf(tau))
    want = multivariate_normal(h.X @ beta, cov).logpdf(h.y) + prior
    # PyMC 6.4 has log(2) of its half-Cauchy in single precision: a constant of 1.9e-9.
    half_cauchy = isinstance(getattr(model, "tau", None), priors.half_cauchy)
    want += 1.904654e-9 if half_cauchy else 0
    assert _logp(model.build(effects), POINT) == pytest.approx(want, rel=1e-12)


def test_prior_predictive_of_the_tree_is_that_of_pymc():
    """Draws from the priors by quantiles, against PyMC's own, in standard errors of each mean."""
    import pymc as pm

    import bayes_ps as bps

    model = RandomEffects(priors.normal(1, 2), priors.half_normal(2))
    ours = bps.fit(model, EFFECTS).dt["prior_predictive"]["y"]
    theirs = pm.sample_prior_predictive(4000, model=model.build(EFFECTS), random_seed=1)
    theirs = theirs["prior_predictive"]["y"].values.reshape(-1, 4)
    ours = ours.values.reshape(-1, 4)
    for power in (1, 2):
        a, b = ours**power, theirs**power
        z = (a.mean(0) - b.mean(0)) / np.hypot(a.std(0) / len(a) ** 0.5, b.std(0) / len(b) ** 0.5)
        assert np.abs(z).max() < norm.isf(1e-5)


def test_a_model_of_twenty_lines_can_be_fitted():
    """Anyone's model with `build`, not Gaussian: t random effects, sampled as it is."""
    from dataclasses import dataclass

    import bayes_ps as bps

    @dataclass(frozen=True)
    class TEffects:
        mu: priors.Prior
        tau: priors.Prior

        def build(self, effects, *, marginal=True):
            import pymc as pm

            with pm.Model(coords={"study": list(effects.study)}) as model:
                mu, tau = self.mu.variable("mu"), self.tau.variable("tau")
                z = pm.StudentT("z", nu=4, mu=0, sigma=1, dims="study")
                theta = pm.Deterministic("theta", mu + tau * z, dims="study")
                pm.Normal("y", mu=theta, sigma=effects.se, observed=effects.y, dims="study")
            return model

    fit = bps.fit(TEffects(MU, TAU), EFFECTS, engine="nuts", seed=1, draws=500)
    assert fit.unknowns == ("mu", "tau", "theta_new")
    decision = bps.decide(fit, bps.MCID(2, unit="points"))
    assert decision.mean.p_mcid == (fit.dt["posterior"]["mu"].values <= -2).mean()
    assert 0 < decision.mean.mcse_mcid < 0.1
    with pytest.raises(bps.checks.ModelError, match='engine="nuts"'):
        bps.fit(TEffects(MU, TAU), EFFECTS)


def _logp(built, point):
    """Log density at a point in the natural space: transformed variables get their Jacobian off."""
    value = {}
    for rv in built.free_RVs:
        natural = np.asarray(_value(rv.name, point), dtype=float)
        transform = built.rvs_to_transforms[rv]
        name = built.rvs_to_values[rv].name
        value[name] = np.log(natural) if transform is not None else natural
    return float(built.compile_logp(jacobian=False, mode="FAST_COMPILE")(value)) + _log_tau(
        point, built
    )


def _value(name, point):
    if name == "log_tau":
        return np.log(point["tau"])
    if name.startswith("beta["):
        return point["beta"][0 if "intercept" in name else 1]
    return point[name]


def _log_tau(point, built):
    """p(log tau) = p(tau) tau: what a prior that is stated on log tau has more."""
    return -float(np.log(point["tau"])) if "log_tau" in built.named_vars else 0.0
