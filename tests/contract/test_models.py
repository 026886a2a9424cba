"""Every model in `models.__all__` keeps the contract of ARCHITECTURE.md."""

import math
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm

import models
from bayes_ps import Effects
from models import (
    BiasAdjusted,
    CommonEffect,
    MetaRegression,
    Network,
    PooledEvidence,
    RandomEffects,
    StudentTEffects,
    ThreeLevel,
    priors,
)

Y, SE = np.array([-3.0, -1.0, 0.5, -6.0]), np.array([1.0, 0.8, 1.5, 2.0])
EFFECTS = Effects.from_estimates(
    Y, se=SE, study=list("abcd"), measure="MD", unit="points", better="lower"
).with_data(
    pd.DataFrame(
        {
            "dose": [1.0, 2.0, 3.0, 4.0],
            "setting": ["x", "y", "y", "x"],
            "trial": ["1", "1", "2", "3"],
            "treatment": ["y", "z", "z", "y"],
            "comparator": ["x", "x", "y", "x"],
            "rob_overall": ["high", "low", "some concerns", "high"],
            "rob_blinding": ["low", "high", "low", "high"],
        }
    )
)
V = np.diag(SE**2)
V[0, 1] = V[1, 0] = 0.3
SHARED = replace(EFFECTS, V=V)
V = V.copy()
V[0, 3] = V[3, 0] = -0.4
ACROSS = replace(EFFECTS, V=V)  # people shared by estimates of different trials
POOL = EFFECTS.where(np.arange(4) == 0)

BIAS = {"high": priors.normal(1.5, 0.7), "some concerns": priors.point(0.4)}
OFF = np.array([-1.5, 0, -0.4, -1.5]), np.array([0.7, 0, 0, 0.7])  # mean, SD; lower is better
DOMAINS = {"rob_overall": BIAS, "rob_blinding": {"high": priors.normal(0.8, 2.4)}}
OFF_DOMAINS = np.array([-1.5, -0.8, -0.4, -2.3]), np.array([0.7, 2.4, 0, 2.5])  # 0.7² + 2.4² = 2.5²
MU, TAU, WIDE = priors.normal(0, 4), priors.half_normal(2), priors.normal(0, 20)
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
    "RandomEffects Jeffreys": (RandomEffects(priors.flat(), priors.jeffreys()), EFFECTS),
    "RandomEffects conventional": (RandomEffects(MU, priors.conventional()), EFFECTS),
    "RandomEffects DuMouchel V": (RandomEffects(MU, priors.dumouchel()), SHARED),
    "RandomEffects robust": (RandomEffects(priors.mixture([(0.8, MU), (0.2, WIDE)]), TAU), EFFECTS),
    "RandomEffects t": (RandomEffects(priors.student_t(5, 0, 2), TAU), EFFECTS),
    "ThreeLevel": (ThreeLevel("trial", MU, TAU, priors.half_normal(1)), EFFECTS),
    "ThreeLevel V": (ThreeLevel("trial", MU, TAU, priors.half_normal(1)), SHARED),
    "ThreeLevel V across": (ThreeLevel("trial", MU, TAU, priors.half_normal(1)), ACROSS),
    "BiasAdjusted": (BiasAdjusted(MU, TAU, BIAS), EFFECTS),
    "BiasAdjusted DuMouchel V": (BiasAdjusted(MU, priors.dumouchel(), BIAS), SHARED),
    "BiasAdjusted domains": (BiasAdjusted(MU, TAU, DOMAINS), EFFECTS),
    "StudentTEffects": (StudentTEffects(MU, TAU, nu=3), EFFECTS),
    "StudentTEffects nu": (StudentTEffects(MU, TAU, priors.gamma(2, 0.1)), EFFECTS),
    "Network": (Network("x", MU, TAU), EFFECTS),
    "Network V alone": (Network("x", MU, TAU), SHARED),
    "Network V": (Network("x", MU, TAU, trial="trial"), SHARED),
}
PARTS = list(CASES.values())
POINT = {"mu": -1.2, "tau": 1.1, "omega": 0.7, "nu": 3.0}
POINT |= {"beta": np.array([-1.2, 0.3]), "d": np.array([-1.2, 0.3])}
GAUSSIAN = {name: part for name, part in CASES.items() if hasattr(part[0], "gaussian")}
LINEAR = pytest.mark.parametrize(("model", "effects"), GAUSSIAN.values(), ids=list(GAUSSIAN))
HERE = pytest.mark.parametrize(("model", "effects"), PARTS, ids=list(CASES))
MEMBER = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1.0]])  # of the trials 1, 2, 3
ARMS = {  # what each arm adds to the four estimates, in units of tau / sqrt(2)
    "1: x": [-1, -1, 0, 0],
    "1: y": [1, 0, 0, 0],
    "1: z": [0, 1, 0, 0],
    "2: y": [0, 0, -1, 0],
    "2: z": [0, 0, 1, 0],
    "3: x": [0, 0, 0, -1],
    "3: y": [0, 0, 0, 1],
}
HALVES = np.array(list(ARMS.values())).T / 2**0.5


def test_every_model_has_a_case():
    assert {type(model).__name__ for model, _ in PARTS} == set(models.__all__) - {"priors"}


@HERE
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
@HERE
def test_names_and_dims(model, effects, marginal):
    """mu, beta or d; tau and omega as far as there are; and on the board what lies between."""
    built = model.build(effects, marginal=marginal)
    dims = {name: built.named_vars_to_dims.get(name) for name in built.named_vars}
    assert built.coords["study"] == tuple(effects.study)
    assert [v.name for v in built.observed_RVs] == ["y"]
    kind = type(model).__name__
    named = {"MetaRegression": ("beta", "moderator"), "Network": ("d", "treatment")}
    variable, dim = named.get(kind, ("mu", ""))
    want = {variable: (dim,) if dim else None, "y": ("study",)}
    scales = {"CommonEffect": (), "ThreeLevel": ("tau", "omega")}.get(kind, ("tau",))
    want |= dict.fromkeys(scales)
    for name, along, labels in () if marginal else _between(model, effects):
        want |= {name: (along,), "theta": ("study",)}
        assert built.coords[along] == tuple(labels)
    assert {name: dims[name] for name in want} == want
    if hasattr(model, "gaussian"):
        h = model.gaussian(effects)
        assert (h.design.variable, h.design.dim) == (variable, dim)
        assert tuple(each.name for each in h.components) == scales
        assert not dim or built.coords[dim] == h.design.names
    lacking = {"mu", "beta", "d", "tau", "omega", "theta", "kappa", "u", "theta_new"} - set(want)
    assert not lacking & set(dims)


@LINEAR
def test_marginal_form_is_the_hierarchy_with_what_lies_between_integrated_out(model, effects):
    """log p(y) = log p(y, z) − log p(z | y) for any z, the deviations of the hierarchy.

    With z ~ N(m, P⁻¹) and y ~ N(a + H z, V), p(z | y) is N(n, C), C⁻¹ = P + H' V⁻¹ H and
    C⁻¹ n = P m + H' V⁻¹ (y − a), written out for each model.
    """
    marginal, hierarchy = _logp(model.build(effects), POINT), model.build(effects, marginal=False)
    assert np.isfinite(marginal)
    between = _between(model, effects)
    if not between:
        assert marginal == pytest.approx(_logp(hierarchy, POINT), rel=1e-12)
        return
    P, m, H, a = _deviations(model, effects)
    inverse = np.linalg.inv(np.diag(effects.se**2) if effects.V is None else effects.V)
    C = np.linalg.inv(P + H.T @ inverse @ H)
    conditional = multivariate_normal(C @ (P @ m + H.T @ inverse @ (effects.y - a)), C)
    z = np.random.default_rng(3).normal(-1, 1, len(P))
    parts = np.split(z, np.cumsum([len(names) for *_, names in between])[:-1])
    values = {name: part for (name, *_), part in zip(between, parts, strict=True)}
    joint = _logp(hierarchy, POINT | values)
    assert marginal == pytest.approx(joint - conditional.logpdf(z), rel=1e-10)


@LINEAR
def test_gaussian_form_has_the_same_likelihood(model, effects):
    """log p(y | …) of the PyMC model is that of N(X beta, V + tau² Z Z' + omega² I) by SciPy."""
    h = model.gaussian(effects)
    beta = np.atleast_1d(POINT[h.design.variable])
    prior = sum(float(p.logpdf(b)) for p, b in zip(h.beta, beta, strict=True))
    cov = np.diag(h.V) if h.V.ndim == 1 else h.V
    for each in h.components:
        Z = np.eye(h.k) if each.Z is None else each.Z
        cov = cov + POINT[each.name] ** 2 * Z @ Z.T
        prior += float(each.prior.logpdf(POINT[each.name]))
    want = multivariate_normal(h.X @ beta, cov).logpdf(h.y) + prior
    # PyMC 6.4 has log(2) of its half-Cauchy in single precision: a constant of 1.9e-9.
    half_cauchy = isinstance(getattr(model, "tau", None), priors.half_cauchy)
    want += 1.904654e-9 if half_cauchy else 0
    assert _logp(model.build(effects), POINT) == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize("case", ["StudentTEffects", "StudentTEffects nu"])
def test_marginal_form_is_the_hierarchy_with_theta_integrated_out_by_quadrature(case):
    """Not Gaussian: SciPy integrates Student-t times normal over each theta."""
    model, effects = CASES[case]
    mu, tau, nu = POINT["mu"], POINT["tau"], POINT["nu"]
    prior = float(MU.logpdf(mu) + TAU.logpdf(tau))
    prior += float(model.nu.logpdf(nu)) if case.endswith("nu") else 0.0
    of_t = math.gamma((nu + 1) / 2) / math.gamma(nu / 2) / math.sqrt(nu * math.pi) / tau

    def joint(x, y, se):
        bell = math.exp(-(((y - x) / se) ** 2) / 2) / se / math.sqrt(2 * math.pi)
        return bell * of_t * (1 + ((x - mu) / tau) ** 2 / nu) ** (-(nu + 1) / 2)

    of = [*zip(effects.y, effects.se, strict=True)]
    each = [
        quad(joint, y - 12 * se, y + 12 * se, (y, se), epsabs=0, epsrel=1e-12, limit=200)[0]
        for y, se in of
    ]
    marginal = _logp(model.build(effects), POINT)
    assert marginal == pytest.approx(prior + np.log(each).sum(), abs=1e-10)
    theta = np.array([-2.0, -1, 0, -4])
    want = prior + sum(math.log(joint(x, *pair)) for x, pair in zip(theta, of, strict=True))
    board = _logp(model.build(effects, marginal=False), POINT | {"theta": theta})
    assert board == pytest.approx(want, abs=1e-12)


def test_what_a_network_shares_is_what_the_arms_add():
    """X and the heterogeneity by hand: contrasts of trial 1 share its arm x, and half of tau²."""
    for network, want in (("Network V", HALVES @ HALVES.T), ("Network V alone", np.eye(4))):
        model, effects = CASES[network]
        h = model.gaussian(effects)
        Z = np.eye(4) if h.component.Z is None else h.component.Z
        np.testing.assert_allclose(Z @ Z.T, want, atol=1e-15)
        assert h.X.tolist() == [[1, 0], [0, 1], [-1, 1], [1, 0]]
        assert h.design.names == ("y", "z") and model.reference == "x"


@pytest.mark.parametrize("case", ["ThreeLevel V", "Network V"])
def test_data_that_pymc_draws_have_the_covariance(case):
    """Forward draws at fixed parameters: V + tau² Z Z' + omega² I, in standard errors of each."""
    import pymc as pm

    model, effects = CASES[case]
    fixed = {name: priors.point(POINT[name]) for name in ("mu", "tau", "omega")}
    fixed["d"] = priors.point(0.3)
    names = {field.name for field in fields(model)}
    model = replace(model, **{name: prior for name, prior in fixed.items() if name in names})
    h = model.gaussian(effects)
    want = np.diag(h.V) if h.V.ndim == 1 else h.V
    for each in h.components:
        Z = np.eye(h.k) if each.Z is None else each.Z
        want = want + POINT[each.name] ** 2 * Z @ Z.T
    drawn = pm.draw(model.build(effects)["y"], 4000, random_seed=1, mode="FAST_COMPILE")
    mean = h.X @ [prior.value for prior in h.beta]
    size, var = len(drawn), np.diag(want)
    assert np.abs((drawn.mean(0) - mean) / (var / size) ** 0.5).max() < norm.isf(1e-5)
    error = ((np.outer(var, var) + want**2) / size) ** 0.5
    assert np.abs((np.cov(drawn.T) - want) / error).max() < norm.isf(1e-5)


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


def _between(model, effects):
    """What the board has between the coefficients and y: name, dimension, labels."""
    if isinstance(model, ThreeLevel):
        return [("kappa", "cluster", ["1", "2", "3"]), ("theta", "study", effects.study)]
    if isinstance(model, Network) and model.trial is not None:
        return [("u", "arm", list(ARMS))]
    if isinstance(model, BiasAdjusted):
        return [("theta", "study", effects.study), ("z", "study", effects.study)]
    if isinstance(model, RandomEffects | MetaRegression | Network | StudentTEffects):
        return [("theta", "study", effects.study)]
    return []


def _deviations(model, effects):
    """Precision P and mean m of what lies between; H and a, with y ~ N(a + H z, V)."""
    tau2, k = POINT["tau"] ** 2, effects.k
    h = model.gaussian(effects)
    mean, zero = h.X @ np.atleast_1d(POINT[h.design.variable]), np.zeros(k)
    if isinstance(model, ThreeLevel):
        omega2 = POINT["omega"] ** 2
        of_kappa = np.eye(3) / tau2 + MEMBER.T @ MEMBER / omega2
        P = np.block([[of_kappa, -MEMBER.T / omega2], [-MEMBER / omega2, np.eye(k) / omega2]])
        return P, np.full(3 + k, POINT["mu"]), np.hstack([np.zeros((k, 3)), np.eye(k)]), zero
    if isinstance(model, Network) and model.trial is not None:
        return np.eye(7) / tau2, np.zeros(7), HALVES, mean
    if isinstance(model, BiasAdjusted):
        off, sd = OFF_DOMAINS if "rob_blinding" in dict(model.bias) else OFF
        P, H = np.diag([1 / tau2] * k + [1.0] * k), np.hstack([np.eye(k), np.diag(sd)])
        return P, np.concatenate([mean, zero]), H, off
    return np.eye(k) / tau2, mean, np.eye(k), zero


def _value(name, point):
    if name == "log_tau":
        return np.log(point["tau"])
    if name.startswith("beta["):
        return point["beta"][0 if "intercept" in name else 1]
    return point[name]


def _log_tau(point, built):
    """p(log tau) = p(tau) tau: what a prior that is stated on log tau has more."""
    return -float(np.log(point["tau"])) if "log_tau" in built.named_vars else 0.0
