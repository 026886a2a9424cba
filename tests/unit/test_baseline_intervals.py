"""Intervals of mu and tau², and standard errors of tau²: matrices, derivatives, other integrals."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from pytest import approx

from bayes_ps.baseline import baseline, plug_in
from bayes_ps.baseline.estimators import TAU2
from bayes_ps.effects import Effects
from tests import references
from tests.unit.test_baseline_numbers import HARD, log_likelihood

EVERY = pytest.mark.parametrize("name", references.UNIVARIATE)


def made(y, se) -> Effects:
    return Effects.from_estimates(
        y, se=se, study=range(len(y)), measure="MD", unit="points (0-100)", better="lower"
    )


EQUAL = made([0.1, 0.9, -0.4, 1.7, 0.3], [0.3] * 5)


def projection(a):
    return np.diag(a) - np.outer(a, a) / a.sum()


def dense_error(tau2, effects, between):
    """√Var of an estimator by its matrices, as in Viechtbauer 2005, appendix."""
    y, v, k = effects.y, effects.se**2, effects.k
    first = {"DL2": "DL", "HE2": "HE"}.get(tau2)
    start = baseline(effects, first).tau2 if first else 0.0
    crude = ((y - y.mean()) ** 2).mean()
    a = {"HE": np.ones(k), "SJ": 1 / (v + crude)}.get(tau2, 1 / (v + start))
    P, S, W = projection(a), np.diag(v + between), 1 / (v + between)
    sd = math.sqrt(2 * np.trace(P @ S @ P @ S))
    if tau2 in ("HS", "HSk"):
        return sd / a.sum() * (k / (k - 1) if tau2 == "HSk" else 1)
    if tau2 == "SJ":
        return crude / (k - 1) * sd
    if tau2 in ("PM", "PMM", "EB"):
        return k / (k - 1) / W.sum() * math.sqrt(2 * (k - 1))
    if tau2 == "ML":
        return math.sqrt(2 / (W**2).sum())
    if tau2 == "REML":
        return math.sqrt(2 / np.trace(projection(W) @ projection(W)))
    return sd / np.trace(P)


@EVERY
@pytest.mark.parametrize("tau2", list(TAU2)[1:])
def test_standard_error_of_tau2_is_that_of_the_matrices(name, tau2):
    effects = references.effects(name)
    found = baseline(effects, tau2)
    assert found.tau2_se == approx(dense_error(tau2, effects, found.tau2), rel=1e-11)


def test_a_common_effect_has_no_standard_error_of_tau2():
    assert baseline(EQUAL, "FE").tau2_se is None


@EVERY
@pytest.mark.parametrize(("tau2", "first"), [("DL2", "DL"), ("HE2", "HE")])
def test_two_step_estimators_match_the_expectation_of_their_form(name, tau2, first):
    effects = references.effects(name)
    v, found = effects.se**2, baseline(effects, tau2).tau2
    P = projection(1 / (v + baseline(effects, first).tau2))
    surplus = effects.y @ P @ effects.y - np.trace(P @ np.diag(v))
    assert found == approx(max(0, surplus / np.trace(P)), rel=1e-10, abs=1e-13)


@EVERY
def test_kenward_roger_is_the_general_formula(name):
    """Kenward & Roger 1997, eq. 4 and section 3, with every derivative taken numerically.

    The traces are differentiated in 40 digits; the covariance is linear in tau², so that R of their
    formula is 0. Their df is 2/A with A = Var(tau²) (PΦ)²; that of Partlett and Riley, which we
    give, has the corrected variance in the place of Φ.
    """
    effects = references.effects(name)
    found = baseline(effects, "REML", "kenward-roger")
    with mpmath.workdps(40):
        v = [mpmath.mpf(float(se)) ** 2 for se in effects.se]
        at = mpmath.mpf(found.tau2)

        def precision(tau2):  # X'S⁻¹X
            return mpmath.fsum(1 / (each + tau2) for each in v)

        # −E of the second derivative of the restricted log-likelihood, by a central difference of
        # tr(S⁻¹ dS) = Σ 1/(v + tau²) and of log X'S⁻¹X: 2I = tr(P P), and −d tr(P)/dtau² = tr(P P).
        def trace(tau2):
            squares = mpmath.fsum(1 / (each + tau2) ** 2 for each in v)
            return precision(tau2) - squares / precision(tau2)

        information = -mpmath.diff(trace, at) / 2
        phi = 1 / precision(at)
        p = mpmath.diff(precision, at)  # −X'S⁻¹ dS S⁻¹X
        q = mpmath.diff(precision, at, 2) / 2  # X'S⁻¹ dS S⁻¹ dS S⁻¹X
        corrected = phi + 2 * phi * (q - p * phi * p) * phi / information
        own_df = 2 * information / (p * phi) ** 2
        df = 2 * information / (p * corrected) ** 2
    assert found.se == approx(float(mpmath.sqrt(corrected)), rel=1e-11)
    assert found.df == approx(float(df), rel=1e-11)
    assert found.df <= float(own_df) * (1 + 1e-12)


def test_kenward_roger_with_equal_standard_errors_is_wald_with_k_minus_1_df():
    found, wald = (baseline(EQUAL, "REML", ci) for ci in ("kenward-roger", "t"))
    assert (found.se, found.df) == (approx(wald.se, rel=1e-14), approx(4, rel=1e-14))
    new = baseline(EQUAL, "REML", "kenward-roger", prediction="KR").prediction
    assert new.df == approx(3, rel=1e-14)
    two = baseline(made([0, 3], [1, 1]), "REML", "kenward-roger", prediction="KR")
    assert two.prediction is None or two.prediction.df < 1e-12


@pytest.mark.parametrize("precise", [1e-3, 1e-5, 1e-9])
def test_kenward_roger_says_when_it_says_nothing(precise):
    found = baseline(made([0.3, 0.31, 0.29], [precise, 1, 1]), "REML", "kenward-roger")
    assert found.df < 0.01 and "its interval says nothing" in " ".join(found.notes)
    assert found.lower < -1e50 and found.upper > 1e50
    assert not any(math.isnan(x) for x in (found.mu, found.se, found.lower, found.p))


def henmi_copas_tail(x, effects, tau2):
    """The integral of Henmi & Copas 2010, section 3, written out with W1..W4, in 30 digits."""
    w = [1 / mpmath.mpf(float(se)) ** 2 for se in effects.se]
    w1 = mpmath.fsum(w)
    w2, w3, w4 = (mpmath.fsum(each**n for each in w) / w1 for n in (2, 3, 4))
    k, vr = len(w), 1 + tau2 * w2

    def integrand(r):
        raw = vr * r**2
        mean = (k - 1) + tau2 * (w1 - w2) + tau2**2 * (raw / vr**2 - 1 / vr) * (w3 - w2**2)
        variance = (
            2 * (k - 1)
            + 4 * tau2 * (w1 - w2)
            + 2 * tau2**2 * (w1 * w2 - 2 * w3 + w2**2)
            + 4 * tau2**2 * (raw / vr**2 - 1 / vr) * (w3 - w2**2)
            + 4 * tau2**3 * (raw / vr**2 - 1 / vr) * (w4 - 2 * w2 * w3 + w2**3)
            + 2 * tau2**4 * (1 / vr**2 - 2 * raw / vr**3) * (w3 - w2**2) ** 2
        )
        q = (w1 / w2 - 1) * ((r / x) ** 2 - 1) + (k - 1)
        below = mpmath.gammainc(mean**2 / variance, 0, q * mean / variance, regularized=True)
        return below * mpmath.npdf(r)

    return mpmath.quad(integrand, [x, x + 0.3, x + 1, x + 2, x + 4, x + 8, x + 14])


@pytest.mark.parametrize(
    ("name", "level"), [("bcg", 0.95), ("crins_rct_k2", 0.99), ("hinks", 0.8), ("crins_ar", 0.99)]
)
def test_henmi_copas_is_its_integral(name, level):
    effects = references.effects(name)
    found = baseline(effects, "DL", "henmi-copas", level=level)
    common = baseline(effects, "FE")
    assert (found.mu, found.weights) == (common.mu, approx(common.weights, rel=1e-14))
    with mpmath.workdps(30):
        tau2 = mpmath.mpf(found.tau2)
        w = [1 / mpmath.mpf(float(se)) ** 2 for se in effects.se]
        inflation = 1 + tau2 * mpmath.fdot(w, w) / mpmath.fsum(w)
        unit = inflation / mpmath.sqrt(mpmath.fsum(w))
        x = (found.upper - found.mu) / unit
        assert float(henmi_copas_tail(x, effects, tau2)) == approx((1 - level) / 2, rel=1e-9)
        p = 2 * float(henmi_copas_tail(abs(found.mu) / unit, effects, tau2))
    assert found.se == approx(float(mpmath.sqrt(inflation / mpmath.fsum(w))), rel=1e-13)
    assert found.p == approx(p, rel=1e-7)


def test_henmi_copas_at_an_estimate_of_0_says_nothing_against_0():
    found = baseline(made([-0.5, 0.5, 0.0], [0.2, 0.2, 0.1]), "DL", "henmi-copas")
    assert (found.mu, found.statistic, found.p) == (0, 0, 1)
    assert found.lower == -found.upper


@pytest.mark.parametrize("name", references.UNIVARIATE)
@pytest.mark.parametrize("tau2", ["PM", "REML"])
def test_iqwig_floors_only_where_hksj_is_narrower_than_dl_wald(name, tau2):
    effects = references.effects(name)
    plain, floored = baseline(effects, tau2, "hksj"), baseline(effects, tau2, "hksj-adhoc")
    classic = baseline(effects, "DL", "wald")
    narrower = plain.upper - plain.lower < classic.upper - classic.lower
    found, want = baseline(effects, tau2, "hksj-iqwig"), floored if narrower else plain
    assert (found.se, found.lower, found.df) == (want.se, want.lower, want.df)


def test_both_sides_of_the_rules_occur_in_the_reference_data():
    sides = set()
    for name in references.UNIVARIATE:
        effects = references.effects(name)
        plain = baseline(effects, "REML", "hksj")
        sides.add(baseline(effects, "REML", "hksj-iqwig").se == plain.se)
        sides.add(("hybrid", baseline(effects, "REML", "hksj-hybrid").df == plain.df))
    assert sides == {True, False, ("hybrid", True), ("hybrid", False)}


@EVERY
def test_hybrid_is_the_wider_interval(name):
    effects = references.effects(name)
    plain, wald, found = (baseline(effects, "REML", ci) for ci in ("hksj", "wald", "hksj-hybrid"))
    wider = max((plain, wald), key=lambda each: each.upper - each.lower)
    assert (found.lower, found.p, found.df) == (wider.lower, wider.p, wider.df)
    truncated, adhoc = (baseline(effects, ci=ci) for ci in ("hksj-truncated", "hksj-adhoc"))
    assert (truncated.lower, truncated.p) == (adhoc.lower, adhoc.p)


@pytest.mark.parametrize("tau2", ["REML", "ML"])
@pytest.mark.parametrize("case", [*HARD, "eight_schools", "konstantopoulos"])
def test_profile_likelihood_ends_where_the_likelihood_is_so_low(case, tau2):
    effects = HARD[case] if case in HARD else references.effects(case)
    found = baseline(effects, tau2, tau2_ci="PL")
    restricted = tau2 == "REML"

    def height(values):
        return log_likelihood(effects, np.atleast_1d(values), restricted=restricted)

    least = height(found.tau2)[0] - 3.841458820694124
    lower, upper = found.tau2_interval
    for end in (lower, upper):
        if end > 0:
            near = 1e-7 * (end + effects.se.min() ** 2)
            inside, outside = (end + near, end - near) if end == lower else (end - near, end + near)
            assert height(inside)[0] > least > height(max(outside, 0))[0]
    if lower == 0:
        assert height(0.0)[0] >= least
    beyond = height(np.geomspace(upper * 1.001, 1e6 * upper, 500))
    assert np.all(beyond < least)


def test_profile_likelihood_spans_two_maxima_that_both_reach_so_high():
    effects = HARD["two local maxima of REML"]
    found = baseline(effects, tau2_ci="PL")
    grid = np.geomspace(1e-4, 1e3, 4000)
    heights = log_likelihood(effects, grid, restricted=True)
    reached = grid[heights >= heights.max() - 3.841458820694124]
    lower, upper = found.tau2_interval
    assert lower <= reached.min() and upper == approx(reached.max(), rel=0.01)


@pytest.mark.parametrize("ci", ["wald", "t", "hksj-adhoc", "kenward-roger"])
def test_the_interval_at_level_1_minus_p_ends_at_0(ci):
    effects = references.effects("crins_ar")
    found = baseline(effects, "REML", ci)
    touching = baseline(effects, "REML", ci, level=1 - found.p)
    assert touching.upper == approx(0, abs=1e-9 * found.se)


def test_the_interval_of_mu_does_not_hang_on_the_interval_of_tau2():
    effects = references.effects("bcg")
    mu, se = plug_in(effects, baseline(effects, tau2_ci="J").tau2)
    assert (mu, se) == (baseline(effects, ci="wald").mu, baseline(effects, ci="wald").se)
