"""Two outcomes at once: SciPy's multivariate normal, 30 digits, and the joint posterior by hand."""

from dataclasses import replace

import mpmath
import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy import stats

import bayes_ps as bps
from bayes_ps.checks import BayesPSError, ModelError, UnitError
from bayes_ps.decision import MCID
from bayes_ps.decision.bivariate import beyond_both
from bayes_ps.decision.together import decide_together
from models import MetaRegression, priors
from tests.unit.brute import legendre
from tests.unit.making import fitted, made, sampled

UNIT = "SD units"
Y = np.array([-0.5, -0.35, -0.8, -0.4, -0.45, -0.2])
SE = np.array([0.15, 0.16, 0.2, 0.18, 0.12, 0.14])
WITHIN = 0.6  # correlation of pain and function of the same patients
BLOCK = np.eye(6) + WITHIN * np.kron(np.eye(3), np.array([[0, 1], [1, 0]]))
EFFECTS = replace(
    made(
        Y,
        SE,
        measure="SMD",
        unit=UNIT,
        study=[f"{s} {o}" for s in "ABC" for o in ("pain", "function")],
    ),
    V=BLOCK * np.outer(SE, SE),
).with_data(pd.DataFrame({"outcome": ["pain", "function"] * 3}))
MCIDS = {"pain": MCID(0.4, UNIT), "function": MCID(0.25, UNIT)}
TAU, FLAT = priors.half_normal(0.3), priors.flat()


def joint(tau, beta=FLAT, effects=EFFECTS):
    return fitted(effects, MetaRegression(["outcome"], beta, tau, intercept=False))


def by_hand(tau, V):
    """Mean and covariance of (pain, function) given tau, flat priors: generalised least squares."""
    X = np.tile(np.eye(2), (3, 1))
    W = np.linalg.inv(V + tau**2 * np.eye(6))
    covariance = np.linalg.inv(X.T @ W @ X)
    return covariance @ X.T @ W @ Y, covariance


def quadrants(mean, covariance):
    """P(both, pain only, function only, neither) of one bivariate normal, lower being better."""
    away = -mean - np.array([0.4, 0.25])
    p = []
    for side in ([1, 1], [1, -1], [-1, 1], [-1, -1]):
        turned = covariance * np.outer(side, side)
        p.append(stats.multivariate_normal(np.zeros(2), turned).cdf(away * side))
    return np.array(p)


def of(found):
    return np.array([found.p_both, found.p_first_only, found.p_second_only, found.p_neither])


def test_a_common_effect_is_one_bivariate_normal():
    found = decide_together(joint(priors.point(0)), MCIDS)
    mean, covariance = by_hand(0.0, EFFECTS.V)
    assert of(found) == approx(quadrants(mean, covariance), abs=1e-9)
    want = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
    assert found.correlation == approx(want, abs=1e-13)


def test_over_tau_it_is_the_mixture():
    tau, weight = legendre(0, 0.1, 0.3, 0.8, 2, n=40)
    density = weight * np.exp(-(tau**2) / (2 * 0.3**2))
    X = np.tile(np.eye(2), (3, 1))
    total, p = 0.0, np.zeros(4)
    for t, w in zip(tau, density, strict=True):
        mean, covariance = by_hand(t, EFFECTS.V)
        V = EFFECTS.V + t**2 * np.eye(6)
        residual = Y - X @ mean
        log_p = -0.5 * (np.linalg.slogdet(V)[1] + residual @ np.linalg.solve(V, residual))
        height = w * np.exp(log_p) * np.sqrt(np.linalg.det(covariance))
        total, p = total + height, p + height * quadrants(mean, covariance)
    found = decide_together(joint(TAU), MCIDS)
    assert of(found) == approx(p / total, abs=1e-8)
    assert of(found).sum() == approx(1, abs=1e-13)


def test_each_by_itself_is_what_decide_says():
    fit = joint(TAU)
    found = decide_together(fit, MCIDS)
    for name, p in (("pain", found.p_first), ("function", found.p_second)):
        said = bps.decide(fit, MCIDS[name], at={"outcome": name})
        assert p == approx(said.mean.p_mcid, abs=1e-13)
    turned = decide_together(fit, dict(reversed(MCIDS.items())))
    assert turned.p_both == approx(found.p_both, abs=1e-14)
    assert (turned.first, turned.p_first_only) == ("function", approx(found.p_second_only))


def test_better_may_be_higher():
    up = replace(EFFECTS, y=-Y, better="higher")
    assert of(decide_together(joint(TAU, effects=up), MCIDS)) == approx(
        of(decide_together(joint(TAU), MCIDS)), abs=1e-13
    )


def test_without_covariances_it_says_so():
    apart = replace(EFFECTS, V=None)
    found = decide_together(joint(priors.point(0), effects=apart), MCIDS)
    assert found.correlation == approx(0, abs=1e-15)
    assert found.p_both == approx(found.p_first * found.p_second, abs=1e-15)
    assert any("effects.V is not given" in note for note in found.notes)
    assert not any("effects.V" in n for n in decide_together(joint(TAU), MCIDS).notes)
    assert any("varying independently" in n for n in decide_together(joint(TAU), MCIDS).notes)


def test_from_draws_it_is_a_count_with_its_error():
    fit = joint(TAU)
    exact, drawn = (decide_together(one, MCIDS) for one in (fit, sampled(fit)))
    beta = sampled(fit).dt["posterior"]["beta"].values  # function, pain
    want = ((beta[..., 1] <= -0.4) & (beta[..., 0] <= -0.25)).mean()
    assert drawn.p_both == approx(want, abs=1e-15)
    assert drawn.mcse_both == approx(np.sqrt(want * (1 - want) / 4000), rel=0.2)
    assert of(drawn) == approx(of(exact), abs=4 * drawn.mcse_both)
    assert exact.mcse_both == 0


@pytest.mark.parametrize("pain", [priors.normal(0, 0.5), priors.student_t(4, 0, 0.5)])
def test_with_other_priors(pain):
    """Against the joint draws of the same posterior, to 4 Monte Carlo errors."""
    beta = {"outcome=pain": pain, "outcome=function": priors.normal(0, 0.5)}
    fit = joint(TAU, beta, replace(EFFECTS, V=None))
    exact, drawn = decide_together(fit, MCIDS), decide_together(sampled(fit), MCIDS)
    assert exact.p_both == approx(drawn.p_both, abs=4 * drawn.mcse_both)
    assert exact.p_first == approx(fit.average({"outcome": "pain"}).cdf(-0.4), abs=1e-12)


@pytest.mark.parametrize("r", [-1, -0.999, -0.5, 0, 0.3, 0.95, 1])
@pytest.mark.parametrize("h", [-3.0, -0.4, 0.0, 1.2])
@pytest.mark.parametrize("k", [-1.0, 0.0, 0.4, 5.0])
def test_two_normals_to_many_digits(h, k, r):
    with mpmath.workdps(20):
        if abs(r) == 1:
            want = (
                min(mpmath.ncdf(h), mpmath.ncdf(k))
                if r > 0
                else max(0, mpmath.ncdf(h) + mpmath.ncdf(k) - 1)
            )
        else:
            s = mpmath.sqrt(1 - mpmath.mpf(r) ** 2)
            ends = sorted({-40, -8, -3, min(h, 0), h} | ({k / r} if r and k / r < h else set()))
            want = mpmath.quad(lambda x: mpmath.npdf(x) * mpmath.ncdf((k - r * x) / s), ends)
    found = beyond_both(np.array([[2 * h, 3 * k]]), np.array([[2.0, 3.0]]), np.array([6.0 * r]))
    assert found[0] == approx(float(want), abs=1e-14)


def test_what_is_known_for_sure_is_a_step():
    sd, mean = np.array([[0.0, 1.0], [0.0, 0.0]]), np.array([[0.2, 0.5], [0.1, 0.0]])
    assert beyond_both(mean, sd, np.zeros(2)) == approx([stats.norm.cdf(0.5), 0], abs=1e-15)


def test_it_prints_and_tabulates():
    found = decide_together(joint(TAU), MCIDS)
    said = str(found)
    assert "are both beyond the MCID with probability" in said and "Taken as independent" in said
    assert found.to_frame()["p_both"][0] == found.p_both and len(found.to_frame()) == 1


def test_what_is_refused():
    fit = joint(TAU)
    with pytest.raises(ModelError, match=r'MetaRegression\(\["outcome"\]'):
        decide_together(fitted(), MCIDS)
    with pytest.raises(BayesPSError, match="two outcomes at a time"):
        decide_together(fit, {"pain": MCID(0.4, UNIT)})
    with pytest.raises(ModelError, match="'outcome' is one of function, pain, not 'sleep'"):
        decide_together(fit, {"pain": MCID(0.4, UNIT), "sleep": MCID(0.4, UNIT)})
    with pytest.raises(UnitError, match="The MCID is in 'points"):
        decide_together(fit, {"pain": MCID(4, "points (0-100)"), "function": MCID(0.4, UNIT)})
    with pytest.raises(UnitError, match=r"bps\.MCID\(0\.4, unit='SD units'\)"):
        decide_together(fit, {"pain": 0.4, "function": 0.3})
    with pytest.raises(BayesPSError, match="not one number"):
        decide_together(fit, {"pain": MCID([0.3, 0.4], UNIT), "function": MCID(0.4, UNIT)})
    uniform = {"outcome=pain": priors.uniform(-1, 1), "outcome=function": FLAT}
    with pytest.raises(ModelError, match="flat, normal, Student-t"):
        decide_together(joint(TAU, uniform), MCIDS)
