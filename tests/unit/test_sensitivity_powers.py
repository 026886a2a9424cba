"""Power-scaling: conjugate closed forms and integration by brute force."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bayes_ps as bps
from bayes_ps.checks import BayesPSError, ModelError
from bayes_ps.sensitivity import power_scaling
from bayes_ps.sensitivity.distance import cjs_distance, gradient, grid
from bayes_ps.sensitivity.power_scales import CONFLICT, NOTHING, STRONG, diagnosis
from bayes_ps.sensitivity.scaling import Powers, power, scaled
from models import CommonEffect, MetaRegression, RandomEffects, ThreeLevel, priors
from tests.unit.brute import legendre
from tests.unit.making import PAIN, fitted, made

MODEL = RandomEffects(priors.normal(0, 5), priors.half_normal(5))
# As tau falls to 0, P(theta_new <= -5 | mu, tau) becomes a step at mu = -5.
TAU_EDGES = (0, 0.02, 0.1, 0.4, 1, 2, 4, 8, 16, 32, 60)
MU_EDGES = (-60, -25, -12, -8, -6, -5.3, -5.05, -5, -4.95, -4.7, -4, -3, 0, 5, 15, 50)


@pytest.mark.parametrize("alpha", [0.4, 1.0, 2.5])
def test_a_common_effect_is_conjugate(alpha):
    """N(y, se²) to the power alpha is N(y, se² / alpha); so is the prior."""
    fit = fitted(made([4.0], [2.0]), CommonEffect(priors.normal(1, 3)))
    for powers, weight, prior in (
        (Powers(likelihood=alpha), alpha / 4, 1 / 9),
        (Powers(beta=alpha), 1 / 4, alpha / 9),
    ):
        total = weight + prior
        want = stats.norm((weight * 4 + prior) / total, total**-0.5)
        x = np.array([-1.0, 2, 5])
        assert scaled(fit, powers).average().cdf(x) == pytest.approx(want.cdf(x), abs=1e-14)


def by_hand(effects, powers, edges_tau, edges_mu):
    """p(mu, tau | y) with each factor to its power, on a grid; nothing in closed form."""
    (tau, dt), (mu, dm) = legendre(*edges_tau, n=24), legendre(*edges_mu, n=24)
    V = np.diag(effects.se**2) if effects.V is None else effects.V
    log_lik = np.array(
        [
            stats.multivariate_normal(cov=V + t**2 * np.eye(effects.k)).logpdf(
                effects.y - mu[:, None]
            )
            for t in tau
        ]
    )
    log_p = powers.likelihood * log_lik + powers.beta * stats.norm(0, 5).logpdf(mu)
    log_p = log_p + powers.tau * stats.halfnorm(scale=5).logpdf(tau)[:, None]
    weight = np.exp(log_p - log_p.max()) * dt[:, None] * dm
    return tau, mu, weight / weight.sum()


@pytest.mark.parametrize(
    "powers",
    [Powers(likelihood=0.5), Powers(likelihood=2), Powers(beta=0.5, tau=0.5), Powers(tau=2.0)],
)
@pytest.mark.parametrize("shared", [False, True])
def test_random_effects_by_brute_force(powers, shared):
    effects = made([-9, -2, -4], [2, 3, 2.5], _shared() if shared else None)
    tau, mu, weight = by_hand(effects, powers, TAU_EDGES, MU_EDGES)
    found = scaled(fitted(effects, MODEL), powers)
    assert found.average().cdf(-5.0) == pytest.approx(weight[:, mu <= -5].sum(), abs=1e-9)
    assert found.tau_cdf(np.array(2.0)) == pytest.approx(weight[tau <= 2].sum(), abs=1e-9)
    new = (weight * stats.norm.cdf(-5, mu, tau[:, None])).sum()
    assert found.predictive().cdf(-5.0) == pytest.approx(new, abs=1e-9)


def _shared():
    V = np.diag([4.0, 9, 6.25])
    V[0, 1] = V[1, 0] = 2.0
    return V


@pytest.mark.parametrize(
    "prior", [priors.normal(1, 2), priors.student_t(4, 1, 2), priors.cauchy(-1, 0.7)]
)
@pytest.mark.parametrize("alpha", [0.8, 1.6])
def test_the_power_of_a_prior_is_its_density_to_that_power(prior, alpha):
    x = np.array([-30.0, -1, 0, 2, 50])
    off = power(prior, alpha).logpdf(x) - alpha * prior.logpdf(x)
    assert off == pytest.approx(off[0], abs=1e-12)


def test_the_distance_is_the_published_formula():
    """CJS(P || Q) + CJS(Q || P) over the bound, term by term, and the larger of both sides."""
    P, Q = stats.norm(0, 1), stats.norm(0.3, 1.2)
    x = np.linspace(-6, 7, 200_001)

    def term(p, q):
        apart = p * np.log2(p / ((p + q) / 2))
        return np.trapezoid(apart, x) + np.trapezoid(q - p, x) / (2 * np.log(2))

    want = max(
        np.sqrt((term(p, q) + term(q, p)) / np.trapezoid(p + q, x))
        for p, q in ((P.cdf(x), Q.cdf(x)), (P.sf(x), Q.sf(x)))
    )
    points, weight = grid(-6, 7)
    assert cjs_distance(P.cdf(points), Q.cdf(points), weight) == pytest.approx(want, rel=1e-7)
    assert cjs_distance(P.cdf(points), P.cdf(points), weight) == 0
    assert gradient(0.002, 0.003) == pytest.approx(
        (0.003 / np.log2(1.01) - 0.002 / np.log2(0.99)) / 2
    )


NARROW = RandomEffects(priors.normal(5, 1.5), priors.half_normal(1))


def test_a_prior_far_from_the_studies_is_a_conflict():
    table = power_scaling(fitted(model=NARROW)).sensitivity.set_index("unknown")
    assert table.loc["mean effect", "diagnosis"] == CONFLICT
    assert table.loc["mean effect", "prior of mu"] > table.loc["mean effect", "prior of tau"]
    vague = fitted(
        made([-4, 3], [30, 40]), RandomEffects(priors.normal(0, 2), priors.half_normal(2))
    )
    table = power_scaling(vague).sensitivity.set_index("unknown")
    assert table.loc["mean effect", "diagnosis"] == STRONG
    calm = fitted(made(-5 + np.arange(30) % 5, np.ones(30), study=range(30)))
    assert (power_scaling(calm).sensitivity["diagnosis"] == NOTHING).all()


def test_the_diagnosis_in_words():
    assert diagnosis(0.06, 0.2) == "potential prior-data conflict"
    assert diagnosis(0.06, 0.01) == "potential strong prior / weak likelihood"
    assert diagnosis(0.04, 0.2) == diagnosis(0.04, 0.01) == "–"


def test_the_table_has_a_row_a_component_and_power():
    mcid = bps.MCID(5, unit=PAIN.unit)
    fit = fitted(model=MODEL)
    found = power_scaling(fit, mcid, alphas=(2.0, 0.5))
    frame = found.to_frame()
    assert frame["component"].tolist() == ["as it is"] + [
        name for name in ("prior of mu", "prior of tau", "prior", "likelihood") for _ in range(2)
    ]
    assert frame["alpha"].tolist() == [1.0] + [0.5, 2.0] * 4
    assert frame["p_mean"][0] == pytest.approx(fit.average().cdf(-5.0), abs=1e-13)
    wide = fitted(model=RandomEffects(priors.normal(0, 5 * 2**0.5), priors.half_normal(5)))
    assert frame["p_mean"][1] == pytest.approx(wide.average().cdf(-5.0), abs=1e-12)
    assert f"is {frame['p_mean'][0]:.3f}, and {frame['p_mean'].min():.3f} to" in str(found)


def test_a_flat_prior_is_its_own_power():
    table = power_scaling(fitted()).sensitivity
    assert table["prior of mu"].tolist() == [0, 0, 0]
    assert table["prior"].tolist() == table["prior of tau"].tolist()


def test_a_common_effect_has_no_tau_and_moderators_need_a_setting():
    found = power_scaling(fitted(model=CommonEffect(priors.normal(0, 3))))
    assert found.sensitivity["unknown"].tolist() == ["mean effect"]
    assert found.sensitivity["prior"].tolist() == found.sensitivity["prior of mu"].tolist()
    effects = PAIN.with_data(pd.DataFrame({"dose": range(8)}))
    fit = fitted(effects, MetaRegression(["dose"], priors.normal(0, 5), priors.half_normal(5)))
    assert "prior of beta" in power_scaling(fit, at={"dose": 2}).sensitivity
    with pytest.raises(ModelError, match="must name"):
        power_scaling(fit)


FIXED = RandomEffects(priors.normal(1, 3), priors.point(2))


def test_a_known_tau_is_conjugate():
    """tau = 2: N(y, S) to the power alpha is N(y, S / alpha), S = se² + 4."""
    fit = fitted(made([4.0], [2.0]), FIXED)
    total = 0.5 / 8 + 1 / 9
    want = stats.norm((0.5 / 8 * 4 + 1 / 9) / total, total**-0.5)
    half = scaled(fit, Powers(likelihood=0.5))
    assert half.average().cdf(2.0) == pytest.approx(want.cdf(2), abs=1e-14)
    new = stats.norm(want.mean(), np.hypot(want.std(), 2))
    assert half.predictive().cdf(2.0) == pytest.approx(new.cdf(2), abs=1e-14)


def test_what_a_prior_fixes_has_no_sensitivity():
    null = power_scaling(fitted(model=RandomEffects(priors.point(0), priors.half_normal(5))))
    assert null.sensitivity["unknown"].tolist() == ["tau", "new setting"]
    assert null.answers.p_mean.tolist() == [0] * null.alpha.size


def test_a_fixed_tau_has_no_sensitivity():
    table = power_scaling(fitted(model=FIXED)).sensitivity
    assert table["unknown"].tolist() == ["mean effect", "new setting"]


def test_what_is_refused():
    with pytest.raises(BayesPSError, match="powers > 0"):
        power_scaling(fitted(), alphas=(0.0, 2.0))
    with pytest.raises(ModelError, match="improper"):
        power(priors.cauchy(0, 1), 0.4)
    with pytest.raises(ModelError, match="No prior is known"):
        power(priors.mixture([(0.5, priors.normal(0, 1)), (0.5, priors.normal(2, 1))]), 2.0)
    effects = PAIN.with_data(pd.DataFrame({"where": list("aabbccdd")}))
    three = ThreeLevel("where", priors.flat(), priors.half_normal(5), priors.point(2))
    with pytest.raises(ModelError, match="one variance component"):
        power_scaling(fitted(effects, three))
