"""The baseline against printed numbers: papers, and metafor's own tests of them.

A tolerance is half the last printed digit, plus the error of the reference where it has one: by
default metafor's REML, ML and EB stop when tau² changes by less than 1e-5, its PM and confint() at
the tolerance of R's uniroot, 1.2e-4. Pages are those that metafor's tests (and ours) compare with;
where a paper differs from metafor in its last digit, metafor's is taken and the paper's named.
"""

import numpy as np
import pytest
from pytest import approx

from bayes_ps.baseline import baseline, plug_in
from bayes_ps.baseline.heterogeneity import h2_interval_from_q, i2_of
from bayes_ps.effects import Effects
from tests import references


def effects_of(y, v, measure="OR") -> Effects:
    return Effects.from_estimates(
        y, se=np.sqrt(v), study=range(len(y)), measure=measure, unit="given", better="lower"
    )


def log_odds_ratios(events_t, n_t, events_c, n_c, add=0.0) -> Effects:
    a, n1, c, n2 = (np.asarray(x, dtype=float) for x in (events_t, n_t, events_c, n_c))
    a, b, c, d = a + add, n1 - a + add, c + add, n2 - c + add
    return effects_of(np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d)


def rounded(digits: int, reference_error: float = 0.0) -> dict[str, float]:
    """A tolerance of half the last printed digit, plus the error of the reference."""
    return {"rel": 0, "abs": 0.5001 * 10.0**-digits + reference_error}


BCG = references.table("bcg")
BCG_LOG_OR = log_odds_ratios(BCG.ai, BCG.n1i, BCG.ci, BCG.n2i)


def test_van_houwelingen_2002_bcg_log_odds_ratio():
    """van Houwelingen, Arends & Stijnen 2002, Stat Med 21:589, pp. 596-599, doi:10.1002/sim.1040.

    The HKSJ interval and the Q-profile are not in the paper, but in metafor's test of it.
    """
    common = baseline(BCG_LOG_OR, "FE")
    # p. 596: 0.647 (0.595 to 0.703); metafor's upper end is 0.702.
    assert np.exp([common.mu, common.lower, common.upper]) == approx(
        [0.647, 0.595, 0.702], **rounded(3)
    )
    wald, hksj = baseline(BCG_LOG_OR, "ML", "wald"), baseline(BCG_LOG_OR, "ML", "hksj")
    found = np.exp([wald.mu, wald.lower, wald.upper, hksj.lower, hksj.upper])
    assert found == approx([0.4762, 0.3360, 0.6749, 0.3175, 0.7141], **rounded(4))
    assert wald.tau2 == approx(0.3025, **rounded(4))
    # 50-digit arithmetic gives 0.13014912 for the lower end: metafor's uniroot stopped early.
    assert tuple(wald.tau2_interval) == approx((0.1302, 1.1812), **rounded(4, 1.2e-4))
    profile = baseline(BCG_LOG_OR, "ML", tau2_ci="PL").tau2_interval
    assert tuple(profile) == approx((0.12, 0.89), **rounded(2))  # p. 597
    assert tuple(profile) == approx((0.1151, 0.8937), **rounded(4, 1.2e-4))
    spread = 1.959964 * wald.tau  # p. 599: the paper's interval of a new trial has no se of mu
    assert (wald.mu - spread, wald.mu + spread) == approx((-1.820, 0.336), **rounded(3, 1e-5))
    z = baseline(BCG_LOG_OR, "ML", "wald", prediction="z").prediction
    assert tuple(z) == approx((-1.875, 0.391), **rounded(3, 1e-5))
    dl = baseline(BCG_LOG_OR, "DL")
    assert (dl.mu, dl.tau2) == approx((-0.7474, 0.3663), **rounded(4))


def test_bcg_log_risk_ratio_against_stata():
    """Stata's metan on the BCG trials, as in metafor's tests: common effect, DL, and confint()."""
    bcg = references.effects("bcg")
    common, dl = baseline(bcg, "FE"), baseline(bcg, "DL", "wald")
    assert (common.mu, common.lower, common.upper) == approx(
        (-0.4303, -0.5097, -0.3509), **rounded(4)
    )
    assert (common.statistic, common.q) == approx((-10.6247, 152.2330), **rounded(4))
    assert (dl.mu, dl.lower, dl.upper) == approx((-0.7141, -1.0644, -0.3638), **rounded(4))
    assert (dl.tau2, dl.i2, dl.h2) == approx((0.3088, 92.1173, 12.6861), **rounded(4))
    assert tuple(dl.tau2_interval) == approx((0.1197, 1.1115), **rounded(4, 1.2e-4))
    # dI²/dtau² and dH²/dtau² at the ends, times the 1.2e-4 of uniroot.
    assert dl.i2_interval.lower == approx(81.9177, **rounded(4, 124 * 1.2e-4))
    assert dl.i2_interval.upper == approx(97.6781, **rounded(4, 2.1 * 1.2e-4))
    assert tuple(dl.h2_interval) == approx((5.5303, 43.0680), **rounded(4, 38 * 1.2e-4))


def test_normand_1999_length_of_stay():
    """Normand 1999, Stat Med 18:321, p. 352, table IX: nine trials, common effect, DL and REML.

    The paper pools the two standard deviations of a trial; the reference data set does not.
    """
    t = references.table("normand")
    pooled = ((t.n1i - 1) * t.sd1i**2 + (t.n2i - 1) * t.sd2i**2) / (t.n1i + t.n2i - 2)
    effects = effects_of(t.m1i - t.m2i, pooled * (1 / t.n1i + 1 / t.n2i), "MD")
    common = baseline(effects, "FE")
    assert common.mu == approx(-3.4939, **rounded(4))
    assert (common.lower, common.upper) == approx((-5.03, -1.96), **rounded(2))
    dl, reml = baseline(effects, "DL", "wald"), baseline(effects, "REML", "wald")
    assert (dl.mu, dl.lower, dl.upper) == approx((-14.0972, -24.4454, -3.7490), **rounded(4))
    assert (dl.tau2, reml.tau2) == approx((218.72, 685.20), **rounded(2))
    assert (reml.mu, reml.lower, reml.upper) == approx((-15.1217, -32.67, 2.43), **rounded(2))


@pytest.mark.parametrize("tau2", ["FE", "DL", "REML"])
def test_normand_1999_lidocaine(tau2):
    """Hine 1989 in Normand 1999, p. 349, table VII: risk differences in per cent; tau² is 0."""
    n1, n2 = np.array([39, 44, 107, 103, 110, 154.0]), np.array([43, 44, 110, 100, 106, 146.0])
    a, c = np.array([2, 4, 6, 7, 7, 11]), np.array([1, 4, 4, 5, 3, 4])
    p, q = a / n1, c / n2
    effects = effects_of(100 * (p - q), 1e4 * (p * (1 - p) / n1 + q * (1 - q) / n2), "RD")
    found = baseline(effects, tau2, "wald")
    assert (found.mu, found.lower, found.upper) == approx((2.9444, 0.3831, 5.5058), **rounded(4))
    assert found.tau2 == 0


@pytest.mark.parametrize(
    ("tau2", "tau", "mu", "se"),
    [
        ("PM", 0.3681, -0.3811, 0.2060),
        ("EB", 0.3681, -0.3811, 0.2060),
        ("HE", 0.4410, -0.4035, 0.2327),
        ("HE2", 0.3831, -0.3861, 0.2115),
        ("DL", 0.2323, -0.3240, 0.1540),
        ("DL2", 0.3254, -0.3655, 0.1901),
        ("REML", 0.1843, -0.2980, 0.1343),
        ("HS", 0.1330, -0.2666, 0.1125),
        ("SJ", 0.4572, -0.4079, 0.2386),
    ],
)
def test_dersimonian_and_kacker_2007_clasp(tau2, tau, mu, se):
    """DerSimonian & Kacker 2007, Contemp Clin Trials 28:105, pp. 111-112, tables 3 and 4: CLASP.

    doi:10.1016/j.cct.2006.04.004; HE and HE2 are its CA and CA2. It prints tau, not tau². metafor's
    ML stops at tau 0.0023 (tau² 5e-6, within its 1e-5 of 0); the score at 0 is −21 in 50-digit
    arithmetic, so the maximum is at the boundary.
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


def raudenbush() -> Effects:
    y = "3 12 -14 118 26 -6 -2 -32 27 80 54 18 -2 23 -18 -6 30 7 -7"
    v = "156 216 279 1391 1362 106 106 484 269 630 912 497 835 841 253 279 193 88 303"
    return effects_of(np.array(y.split(), float) / 1e2, np.array(v.split(), float) / 1e4, "SMD")


@pytest.mark.parametrize(
    ("tau2", "between", "mu", "wald", "hksj"),
    [
        ("FE", 0, 0.060, (0.036, 1.655, -0.011, 0.132), (0.051, 1.173, -0.048, 0.168)),
        ("ML", 0.013, 0.078, (0.047, 1.637, -0.015, 0.171), (0.059, 1.311, -0.047, 0.202)),
        ("REML", 0.019, 0.084, (0.052, 1.621, -0.018, 0.185), (0.062, 1.359, -0.046, 0.213)),
        ("DL", 0.026, 0.089, (0.056, 1.601, -0.020, 0.199), (0.064, 1.405, -0.044, 0.223)),
        ("HE", 0.080, 0.114, (0.079, 1.443, -0.041, 0.270), (0.071, 1.608, -0.035, 0.264)),
    ],
)
def test_raudenbush_2009_by_estimator(tau2, between, mu, wald, hksj):
    """Raudenbush 2009 (teacher expectancy, 19 studies), table 16.3, p. 309, Wald and Knapp-Hartung.

    In Cooper, Hedges & Valentine, Handbook of Research Synthesis, 2nd ed., pp. 295-315.
    """
    for ci, golden in (("wald", wald), ("hksj", hksj)):
        found = baseline(raudenbush(), tau2, ci)
        assert (found.tau2, found.mu) == approx((between, mu), **rounded(3))
        shown = (found.se, found.statistic, found.lower, found.upper)
        assert shown == approx(golden, **rounded(3, 3e-4 if tau2 in ("ML", "REML") else 0))


def test_raudenbush_1985_with_four_digits():
    """Raudenbush's teacher expectancy studies as in metafor's tests: Q, prediction, HKSJ."""
    printed = {"FE": (0, 0.0515), "ML": (0.0126, 0.0593), "REML": (0.0188, 0.0616)}
    printed |= {"DL": (0.0259, 0.0636), "HE": (0.0804, 0.0711)}
    for tau2, golden in printed.items():
        found = baseline(raudenbush(), tau2, "hksj")
        assert (found.tau2, found.se) == approx(golden, **rounded(4))
    found = baseline(raudenbush(), "REML", "wald", prediction="z")
    assert found.mu == approx(0.0837, **rounded(4))
    # d(1.96 √(tau² + se²)) = 6.7e-5 for the 1e-5 in tau² at which metafor stops.
    assert tuple(found.prediction) == approx((-0.2036, 0.3711), **rounded(4, 6.7e-5))
    assert found.q == approx(35.8295, **rounded(4))


VIECHTBAUER = [
    (
        "-0.581 0.530 0.771 1.031 0.553 0.295 0.078 0.573 -0.176 -0.232",
        "0.023 0.052 0.060 0.115 0.095 0.203 0.200 0.211 0.051 0.040",
        {"HS": (0.228, 77.23, 4.39), "HE": (0.148, 68.80, 3.21), "DL": (0.277, 80.44, 5.11)}
        | {"ML": (0.197, 74.51, 3.92), "REML": (0.223, 76.84, 4.32), "EB": (0.192, 74.05, 3.85)}
        | {"SJ": (0.199, 74.75, 3.96)},
    ),
    (
        "0.100 -0.162 -0.090 -0.049 -0.046 -0.010 -0.431 -0.261 0.134 0.019 0.175 0.056 0.045 "
        "0.103 0.121 -0.482 0.290 0.342",
        "0.016 0.015 0.050 0.050 0.032 0.052 0.036 0.024 0.034 0.033 0.031 0.034 0.039 0.167 "
        "0.134 0.096 0.016 0.035",
        {"HS": (0.010, 22.93, 1.30), "HE": (0.000, 0.00, 1.00), "DL": (0.013, 27.53, 1.38)}
        | {"ML": (0.013, 28.45, 1.40), "REML": (0.016, 32.02, 1.47), "EB": (0.010, 23.72, 1.31)}
        | {"SJ": (0.025, 42.67, 1.74)},
    ),
]


@pytest.mark.parametrize(("y", "v", "printed"), VIECHTBAUER, ids=["p. 271", "p. 272"])
def test_viechtbauer_2005_by_estimator(y, v, printed):
    """Viechtbauer 2005, J Educ Behav Stat 30:261, pp. 271-272: tau², I² and H² by seven estimators.

    doi:10.3102/10769986030003261.
    """
    effects = effects_of(np.array(y.split(), float), np.array(v.split(), float), "SMD")
    for tau2, (between, i2, h2) in printed.items():
        found = baseline(effects, tau2)
        iterated = 1 if tau2 in ("ML", "REML", "EB") else 0
        assert found.tau2 == approx(between, **rounded(3, 1e-5 * iterated))
        # dI²/dtau² is at most 100/typical variance, 1500 and 3000 here.
        assert found.i2 == approx(i2, **rounded(2, 0.03 * iterated))
        assert found.h2 == approx(h2, **rounded(2, 3e-4 * iterated))


def collins() -> Effects:
    return log_odds_ratios(
        [14, 21, 14, 6, 12, 138, 15, 6, 65],
        [131, 385, 57, 38, 1011, 1370, 506, 108, 153],
        [14, 17, 24, 18, 35, 175, 20, 2, 40],
        [136, 134, 48, 40, 760, 1336, 524, 103, 102],
    )


def test_viechtbauer_2007_diuretics():
    """Viechtbauer 2007, Stat Med 26:37, p. 44, table II: diuretics and pre-eclampsia, nine trials.

    doi:10.1002/sim.2514. Estimates of tau², Q-profile, profile likelihood, and Wald intervals,
    which are tau² ± 1.96 of its standard error. Biggerstaff and Tweedie's interval (0.048 to 2.355)
    puts a gamma in place of the exact distribution of Q, by which ``tau2_ci="BJ"`` is 0.047 to
    1.431.
    """
    for tau2, between in {"DL": 0.230, "ML": 0.239, "REML": 0.301, "SJ": 0.456}.items():
        assert baseline(collins(), tau2).tau2 == approx(between, **rounded(3, 1e-5))
    reml, ml = (baseline(collins(), tau2, tau2_ci="PL") for tau2 in ("REML", "ML"))
    assert tuple(baseline(collins(), "DL").tau2_interval) == approx((0.072, 2.203), **rounded(3))
    assert tuple(ml.tau2_interval) == approx((0.027, 1.131), **rounded(3))
    assert tuple(reml.tau2_interval) == approx((0.043, 1.475), **rounded(3))
    for found, ends in ((ml, (-0.101, 0.578)), (reml, (-0.131, 0.732))):
        half = 1.96 * found.tau2_se
        assert (found.tau2 - half, found.tau2 + half) == approx(ends, **rounded(3, 4e-5))


def test_berkey_1995_empirical_bayes():
    """Berkey et al. 1995, Stat Med 14:395, p. 408: BCG log RR with smoothed variances, EB.

    doi:10.1002/sim.4780140406.
    """
    t, bcg = BCG, references.effects("bcg")
    b, d = t.n1i - t.ai, t.n2i - t.ci
    v = (b / t.ai).sum() / (13 * t.n1i) + (d / t.ci).sum() / (13 * t.n2i)
    found = baseline(effects_of(bcg.y, v, "RR"), "EB", "wald")
    assert (found.mu, found.se) == approx((-0.5429, 0.1842), **rounded(4))
    assert found.tau2 == approx(0.268, **rounded(3))
    assert found.tau2 == approx(0.2682, **rounded(4, 1e-5))


def test_konstantopoulos_2011_two_levels():
    """Konstantopoulos 2011, Res Synth Methods 2:61, 56 schools at two levels: REML 0.1279 (0.0439).

    doi:10.1002/jrsm.35, as in metafor's test.
    """
    found = baseline(references.effects("konstantopoulos"), "REML", "wald")
    assert (found.mu, found.se, found.tau2) == approx((0.1279, 0.0439, 0.0884), **rounded(4, 1e-5))


def test_stijnen_2010_normal_model_of_rare_events():
    """Stijnen, Hamza & Ozdemir 2010, Stat Med 29:3046, p. 3052, table III: catheters, OR by REML.

    doi:10.1002/sim.4040. ½ is added to trials with one zero cell; the one with none in both arms
    drops. The paper prints an se of 0.244 and an upper end of 0.62; metafor 0.243 and 0.60.
    """
    n1 = [116, 44, 208, 130, 151, 98, 174, 74, 97, 113, 66, 70, 188, 187, 252, 345, 64]
    n2 = [117, 35, 195, 136, 157, 139, 177, 39, 103, 122, 64, 58, 175, 180, 262, 362, 69]
    a = [0, 1, 2, 0, 5, 1, 1, 1, 1, 1, 0, 0, 3, 6, 0, 1, 4]
    c = [3, 3, 9, 7, 6, 4, 3, 2, 19, 2, 7, 1, 5, 11, 1, 3, 1]
    zero = 0.5 * ((np.array(a) == 0) | (np.array(c) == 0))
    found = baseline(log_odds_ratios(a, n1, c, n2, add=zero), "REML", "wald")
    assert (found.mu, found.se) == approx((-0.9804, 0.2435), **rounded(4, 1e-4))
    assert found.tau == approx(0.19, **rounded(2))
    shown = np.exp([found.mu, found.lower, found.upper])
    assert shown == approx([0.38, 0.23, 0.60], **rounded(2))


def test_henmi_and_copas_2010_acupoint_stimulation():
    """Henmi & Copas 2010, Stat Med 29:2969, p. 2978: Lee & Done's 16 trials of nausea, log OR.

    doi:10.1002/sim.4029.
    """
    effects = log_odds_ratios(
        [18, 5, 9, 32, 9, 11, 69, 3, 1, 11, 7, 4, 1, 24, 16, 28],
        [100, 50, 20, 135, 23, 18, 122, 25, 30, 30, 44, 47, 30, 40, 50, 110],
        [20, 18, 7, 31, 10, 12, 80, 12, 1, 19, 16, 6, 13, 71, 53, 25],
        [100, 50, 20, 139, 23, 18, 122, 25, 30, 30, 39, 47, 30, 80, 88, 111],
    )
    dl = baseline(effects, "DL", "wald")
    assert (dl.mu, dl.lower, dl.upper) == approx((-0.6787, -1.0664, -0.2911), **rounded(4))
    assert dl.tau2 == approx(0.3325, **rounded(4))
    found = baseline(effects, "DL", "henmi-copas")
    assert (found.mu, found.lower, found.upper) == approx((-0.5145, -0.9994, -0.0295), **rounded(4))
    assert found.df is None and found.prediction is None


def test_nagashima_2019_cisapride():
    """Nagashima, Noma & Furukawa's pimeta 1.1.4, vignette: 13 trials of cisapride, bootstrap.

    doi:10.1177/0962280218773520, data of Hartung & Knapp 2001. The vignette draws 25 000 with ½
    added to every cell. Its Monte Carlo error is twice that of our 100 000 draws; together √5 of
    ours.
    """
    effects = log_odds_ratios(
        [15, 12, 29, 42, 14, 44, 14, 29, 10, 17, 38, 19, 21],
        [16, 16, 34, 56, 22, 54, 17, 58, 14, 26, 44, 29, 38],
        [9, 1, 18, 31, 6, 17, 7, 23, 3, 6, 12, 22, 19],
        [16, 16, 34, 56, 22, 55, 15, 58, 15, 27, 45, 30, 38],
        add=0.5,
    )
    assert (effects.y[:3], effects.se[:3]) == (
        approx([2.098986, 3.357026, 1.565232], **rounded(6)),
        approx([0.9847737, 1.0165653, 0.5747840], **rounded(7)),
    )
    found = baseline(effects, "DL", prediction="bootstrap", seed=20161102)
    assert (np.exp(found.mu), found.tau2) == approx((4.141, 0.718), **rounded(3))
    errors = np.array([0.011, 0.012])  # of our ends, in the log, as `method` says
    assert "Monte Carlo error of its ends 0.01" in found.prediction.method
    gap = np.array([*found.prediction]) - np.log([0.533, 33.692])
    assert np.all(np.abs(gap) < 3 * np.sqrt(5) * errors)


@pytest.mark.parametrize(
    ("q", "df", "i2", "h"),
    [
        (27.24, 16, (0.0, 67.0), (1.00, 1.74)),
        (198.57, 19, (86.7, 93.1), (2.74, 3.82)),
        (199.79, 14, (90.0, 95.1), (3.17, 4.51)),
        (122.14, 19, (77.2, 89.4), (2.09, 3.07)),
        (1242.67, 173, (84.2, 87.7), (2.52, 2.85)),
        (10182.55, 217, (97.7, 98.0), (6.64, 7.07)),
        (8.93, 10, (0.0, 60.2), (1.00, 1.59)),
        (5.51, 9, (0.0, 62.4), (1.00, 1.63)),
        (2.85, 4, (0.0, 79.2), (1.00, 2.19)),
    ],
)
def test_intervals_of_i2_and_h_as_r_meta_prints_them(q, df, i2, h):
    """Higgins & Thompson 2002, Stat Med 21:1539, p. 1549: I² and H from Q, as R's meta prints them.

    From analyses printed with meta in public repositories: Q, df, and the intervals; the last three
    have Q below its df.
    """
    found = h2_interval_from_q(q, df, 0.95)
    assert tuple(i2_of(found)) == approx(i2, **rounded(1, 0.005))
    assert (found.lower**0.5, found.upper**0.5) == approx(h, **rounded(2, 1e-4))


def log_ratios(text: str) -> Effects:
    """From ratios, each followed by its 95% interval."""
    ratio, low, high = np.log(np.array(text.split(), float)).reshape(-1, 3).T
    return effects_of(ratio, ((high - low) / (2 * 1.959963984540054)) ** 2)


def test_corrections_of_hksj_as_r_meta_prints_them():
    """R's meta on two sets of five trials of JAK inhibitors: HKSJ with adhoc.hakn.ci="ci" and "se".

    Printed in a public repository, with odds ratios of four decimals as our input. In the first
    HKSJ is wider than Wald, so that the hybrid is HKSJ; its prediction interval has Wald's se. In
    the second HKSJ is narrower, so that the floor holds.
    """
    first = log_ratios(
        "1.4947 0.6349 3.5190  0.9731 0.7149 1.3244  0.8980 0.6700 1.2034  0.9713 0.6530 1.4447 "
        "0.3945 0.1009 1.5426"
    )
    found = baseline(first, "ML", "hksj-hybrid")
    shown = np.exp([found.mu, found.lower, found.upper])
    assert shown == approx([0.9463, 0.7620, 1.1752], **rounded(4, 1e-4))
    assert (found.statistic, found.p) == (approx(-0.71, **rounded(2)), approx(0.5184, abs=4e-4))
    new = baseline(first, "ML", "wald").prediction
    assert np.exp([*new]) == approx([0.7050, 1.2702], **rounded(4))
    assert found.tau2_interval.upper == approx(1.5710, **rounded(4, 1e-4))
    second = log_ratios(
        "0.6565 0.3052 1.4120  0.7041 0.3996 1.2406  0.7909 0.1654 3.7807  2.5366 0.1928 33.3748 "
        "0.1816 0.0126 2.6139"
    )
    for ci in ("hksj-adhoc", "hksj-truncated", "hksj-iqwig"):
        found = baseline(second, "REML", ci)
        shown = np.exp([found.mu, found.lower, found.upper])
        assert shown == approx([0.6953, 0.3805, 1.2705], **rounded(4, 1e-4))
        assert (found.statistic, found.p) == (approx(-1.67, **rounded(2)), approx(0.1695, abs=1e-4))
    assert tuple(found.tau2_interval) == approx((0, 5.4355), **rounded(4, 1e-3))
    assert (found.q, found.q_p) == approx((1.99, 0.7372), abs=2e-3)


def test_sidik_and_jonkman_2007_by_estimator():
    """Sidik & Jonkman 2007, Stat Med 26:1964: 29 trials of hernia repair, six estimators.

    doi:10.1002/sim.2688, as R's bayesmeta quotes them: MM, VC, ML, REML, EB and MV. Its MVvc
    (0.747), SJ from the start HE, is not ours.
    """
    effects = references.effects("sidik_jonkman")
    printed = {"DL": 0.429, "HE": 0.841, "ML": 0.562, "REML": 0.598, "EB": 0.703, "SJ": 0.818}
    for tau2, between in printed.items():
        assert baseline(effects, tau2).tau2 == approx(between, **rounded(3))


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
    """Eight pain studies with metafor 3.8-1: rma(yi, sei=sei, method=tau2)."""
    found = baseline(EIGHT, tau2, "wald")
    digits = 7 if tau2 == "PM" else 8
    assert (found.tau2, found.mu, found.se) == approx((between, mu, se), **rounded(digits))


def test_eight_pain_studies_intervals():
    """Eight pain studies with metafor 3.8-1: test="knha" and "adhoc", predict(), confint()."""
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
    for tau2, between in {"ML": 5.39412296, "HE": 2.79464286, "SJ": 9.94955709}.items():
        assert baseline(EIGHT, tau2).tau2 == approx(between, **rounded(8))
    reml = baseline(EIGHT, "REML", prediction="k-1")
    assert reml.i2 == approx(40.6931, **rounded(4))
    assert (reml.lower, reml.upper) == approx((-10.61331865, -3.58324132), **rounded(8))
    assert tuple(reml.prediction) == approx((-14.493570, 0.297010), **rounded(6))


def test_bcg_log_risk_ratio_with_many_digits():
    """BCG log risk ratio with metafor 3.8-1 and its default tolerances."""
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
