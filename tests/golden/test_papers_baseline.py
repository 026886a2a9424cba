"""The baseline against printed numbers: papers, and metafor's own tests of them.

A tolerance is half the last printed digit, plus the error of the reference where it has one: by
default metafor's REML and ML stop when tau² changes by less than 1e-5, its PM and confint() at the
tolerance of R's uniroot, 1.2e-4.
"""

import numpy as np
import pytest
from pytest import approx

from bayes_ps.baseline import baseline, plug_in
from bayes_ps.effects import Effects
from tests import references


def effects_of(y, v, measure="OR") -> Effects:
    return Effects.from_estimates(
        y, se=np.sqrt(v), study=range(len(y)), measure=measure, unit="given", better="lower"
    )


def log_odds_ratios(events_t, n_t, events_c, n_c) -> Effects:
    a, n1, c, n2 = (np.asarray(x, dtype=float) for x in (events_t, n_t, events_c, n_c))
    b, d = n1 - a, n2 - c
    return effects_of(np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d)


def rounded(digits: int, reference_error: float = 0.0) -> dict[str, float]:
    """A tolerance of half the last printed digit, plus the error of the reference."""
    return {"rel": 0, "abs": 0.5001 * 10.0**-digits + reference_error}


def test_van_houwelingen_2002_bcg_log_odds_ratio():
    """Stat Med 21:589, p. 597, doi:10.1002/sim.1040; CIs as in metafor's test of that example."""
    bcg = references.table("bcg")
    effects = log_odds_ratios(bcg.ai, bcg.n1i, bcg.ci, bcg.n2i)
    wald, hksj = baseline(effects, "ML", "wald"), baseline(effects, "ML", "hksj")
    found = np.exp([wald.mu, wald.lower, wald.upper, hksj.lower, hksj.upper])
    assert found == approx([0.4762, 0.3360, 0.6749, 0.3175, 0.7141], **rounded(4))
    assert wald.tau2 == approx(0.3025, **rounded(4))
    # 50-digit arithmetic gives 0.13014912 for the lower end: metafor's uniroot stopped early.
    assert tuple(wald.tau2_interval) == approx((0.1302, 1.1812), **rounded(4, 1.2e-4))
    dl = baseline(effects, "DL")
    assert (dl.mu, dl.tau2) == approx((-0.7474, 0.3663), **rounded(4))


def test_normand_1999_length_of_stay():
    """Stat Med 18:321, doi:10.1002/(SICI)1097-0258(19990215)18:3<321::AID-SIM28>3.0.CO;2-P.

    The paper pools the two standard deviations of a trial; the reference data set does not.
    """
    t = references.table("normand")
    pooled = ((t.n1i - 1) * t.sd1i**2 + (t.n2i - 1) * t.sd2i**2) / (t.n1i + t.n2i - 2)
    effects = effects_of(t.m1i - t.m2i, pooled * (1 / t.n1i + 1 / t.n2i), "MD")
    assert baseline(effects, "FE").mu == approx(-3.4939, **rounded(4))
    dl, reml = baseline(effects, "DL", "wald"), baseline(effects, "REML", "wald")
    assert (dl.mu, dl.lower, dl.upper) == approx((-14.0972, -24.4454, -3.7490), **rounded(4))
    assert (dl.tau2, reml.tau2) == approx((218.72, 685.20), **rounded(2))
    assert (reml.mu, reml.lower) == approx((-15.1217, -32.67), **rounded(2))


@pytest.mark.parametrize(
    ("tau2", "tau", "mu", "se"),
    [
        ("PM", 0.3681, -0.3811, 0.2060),
        ("DL", 0.2323, -0.3240, 0.1540),
        ("REML", 0.1843, -0.2980, 0.1343),
    ],
)
def test_dersimonian_and_kacker_2007_clasp(tau2, tau, mu, se):
    """Contemp Clin Trials 28:105, doi:10.1016/j.cct.2006.04.004, table 1.

    It prints tau, not tau². metafor's ML stops at tau 0.0023 (tau² 5e-6, within its 1e-5 of 0); the
    score at 0 is −21 in 50-digit arithmetic, so the maximum is at the boundary.
    """
    effects = log_odds_ratios(
        [5, 5, 12, 69, 9, 313],
        [156, 303, 565, 1570, 103, 4659],
        [8, 17, 9, 94, 11, 352],
        [74, 303, 477, 1565, 105, 4650],
    )
    found = baseline(effects, tau2, "wald")
    assert (found.tau, found.mu, found.se) == approx((tau, mu, se), **rounded(4))
    assert baseline(effects, "ML").tau2 == 0
    assert plug_in(effects, 0.0023**2) == approx((-0.1974, 0.0694), **rounded(4))


def test_raudenbush_teacher_expectancy():
    """metadat's dat.raudenbush1985, as in metafor's tests: tau² and Knapp-Hartung by estimator."""
    y = "3 12 -14 118 26 -6 -2 -32 27 80 54 18 -2 23 -18 -6 30 7 -7"
    v = "156 216 279 1391 1362 106 106 484 269 630 912 497 835 841 253 279 193 88 303"
    effects = effects_of(np.array(y.split(), float) / 1e2, np.array(v.split(), float) / 1e4, "SMD")
    printed = {"FE": (0, 0.0515), "ML": (0.0126, 0.0593), "REML": (0.0188, 0.0616)}
    printed["DL"] = (0.0259, 0.0636)
    for tau2, golden in printed.items():
        found = baseline(effects, tau2, "hksj")
        assert (found.tau2, found.se) == approx(golden, **rounded(4))
    found = baseline(effects, "REML", "wald", prediction="z")
    assert found.mu == approx(0.0837, **rounded(4))
    # d(1.96 √(tau² + se²)) = 6.7e-5 for the 1e-5 in tau² at which metafor stops.
    assert tuple(found.prediction) == approx((-0.2036, 0.3711), **rounded(4, 6.7e-5))
    assert found.q == approx(35.8295, **rounded(4))


EIGHT = effects_of(
    [-12, -4.5, -9, -15.5, -2, -8.5, -6, -11],
    np.array([4, 2.5, 5, 6, 2, 3, 3.5, 4.5]) ** 2,
    "MD",
)


@pytest.mark.parametrize(
    ("tau2", "between", "mu", "se"),
    [
        ("FE", 0, -6.05570042, 1.13053600),
        ("DL", 6.94162696, -7.05062070, 1.54858497),
        ("PM", 5.5636976, -6.93244222, 1.48103233),
        ("REML", 7.57135049, -7.09827998, 1.57800837),
    ],
)
def test_eight_pain_studies_by_estimator(tau2, between, mu, se):
    """metafor 3.8-1, rma(yi, sei=sei, method=tau2)."""
    found = baseline(EIGHT, tau2, "wald")
    digits = 7 if tau2 == "PM" else 8
    assert (found.tau2, found.mu, found.se) == approx((between, mu, se), **rounded(digits))


def test_eight_pain_studies_intervals():
    """metafor 3.8-1: test="knha" and "adhoc", predict(), confint()."""
    hksj = baseline(EIGHT, "DL", "hksj", prediction="k-1")
    assert (hksj.se, hksj.lower, hksj.upper) == approx(
        (1.48496976, -10.56201620, -3.53922520), **rounded(8)
    )
    assert tuple(hksj.prediction) == approx((-14.202099, 0.100858), **rounded(6))
    floored = baseline(EIGHT, "DL", "hksj-adhoc")
    assert (floored.lower, floored.upper) == approx((-10.71244228, -3.38879912), **rounded(8))
    wald = baseline(EIGHT, "DL", "wald", prediction="z")
    assert tuple(wald.prediction) == approx((-13.040465, -1.060776), **rounded(6))
    assert (wald.q, wald.q_p) == approx((11.403529, 0.12196), **rounded(5))
    assert wald.i2 == approx(38.6155, **rounded(4))
    assert tuple(wald.tau2_interval) == approx((0, 61.5741), **rounded(4))
    assert baseline(EIGHT, "ML").tau2 == approx(5.39412296, **rounded(8))
    assert baseline(EIGHT, "REML").i2 == approx(40.6931, **rounded(4))


def test_bcg_log_risk_ratio_with_many_digits():
    """metafor 3.8-1 with its default tolerances."""
    bcg = references.effects("bcg")
    common, dl = baseline(bcg, "FE"), baseline(bcg, "DL", "wald")
    assert (common.mu, common.se) == approx((-0.43028516, 0.04049875), **rounded(8))
    assert (dl.mu, dl.se, dl.tau2) == approx((-0.71411722, 0.17874209, 0.30876026), **rounded(8))
    pm, reml = baseline(bcg, "PM"), baseline(bcg, "REML", "wald")
    assert (reml.mu, reml.se, reml.tau2) == approx(
        (-0.71453235, 0.17978153, 0.31324333), **rounded(8, 1e-5)
    )
    # With a tight tolerance metafor's PM is 0.318068452205 (tests/reference), and so is ours.
    assert (pm.mu, pm.tau2) == approx((-0.71497041, 0.31809371), **rounded(8, 1.2e-4))
