"""Regression, subgroups, dependent effects and counts against printed numbers: papers and books.

A tolerance is half the last printed digit, plus the error of the reference where it has one. Where
metafor's own tests of a paper state a number with a digit more, or note that the paper differs in
its last digit, theirs is taken and the paper's digit is named. By default metafor's REML stops when
tau² changes by less than 1e-5, its confint() at the tolerance of R's uniroot, 1.2e-4.
"""

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps.baseline.components import multilevel, multivariate
from bayes_ps.baseline.regression import meta_regression, subgroups
from bayes_ps.baseline.robust import cluster_robust
from bayes_ps.baseline.two_by_two import mantel_haenszel, peto
from bayes_ps.effects import Effects
from tests import references
from tests.validation.data_levels import periodontal

COLUMNS = {"events_t": "ai", "n_t": "n1i", "events_c": "ci", "n_c": "n2i"}


def effects_of(y, v, measure="SMD", **data) -> Effects:
    names = range(len(y))
    effects = Effects.from_estimates(
        y, se=np.sqrt(v), study=names, measure=measure, unit="given", better="lower"
    )
    return effects.with_data(pd.DataFrame(data, index=names)) if data else effects


def to(digits: int, reference_error: float = 0.0) -> dict[str, float]:
    """A tolerance of half the last printed digit, plus the error of the reference."""
    return {"rel": 0, "abs": 0.5001 * 10.0**-digits + reference_error}


def bcg_table() -> pd.DataFrame:
    t = references.table("bcg")
    return t.assign(study=[f"{row} {name}" for row, name in enumerate(t["study"])])


# Counts ------------------------------------------------------------------------------------------


def test_bcg_mantel_haenszel_and_peto_as_stata():
    """metan of Stata, in metafor's tests of rma.mh and rma.peto: estimates, intervals, z and Q."""
    rr = mantel_haenszel(bcg_table(), measure="RR", columns=COLUMNS)
    assert (rr.mu, rr.lower, rr.upper) == approx((-0.4537, -0.5308, -0.3766), **to(4))
    assert (rr.statistic, rr.q) == approx((-11.5338, 152.5676), **to(4))
    odds = mantel_haenszel(bcg_table(), columns=COLUMNS)
    assert (odds.mu, odds.lower, odds.upper) == approx((-0.4734, -0.5538, -0.3930), **to(4))
    assert (odds.statistic, odds.q) == approx((-11.5444, 163.9426), **to(4))
    one_step = peto(bcg_table(), columns=COLUMNS)
    found = (one_step.mu, one_step.lower, one_step.upper)
    assert found == approx((-0.4744, -0.5541, -0.3948), **to(4))
    assert (one_step.statistic, one_step.q) == approx((-11.6689, 167.7302), **to(4))


def test_bcg_risk_difference_has_two_variances():
    """z is 11.56 in Stata (Greenland and Robins), and 11.4708 in metafor (Sato)."""
    stata = mantel_haenszel(bcg_table(), measure="RD", convention="RevMan", columns=COLUMNS)
    metafor = mantel_haenszel(bcg_table(), measure="RD", convention="metafor", columns=COLUMNS)
    assert -stata.statistic == approx(11.56, **to(2))
    assert -metafor.statistic == approx(11.4708, **to(4))
    assert metafor.q == approx(386.7759, **to(4))
    assert stata.mu == metafor.mu == approx(-0.0033, **to(4))


YUSUF = """Balcon 14 56 15 58|Clausen 18 66 19 64|Multicentre 15 100 12 95|Barber 10 52 12 47|
Norris 21 226 24 228|Kahler 3 38 6 31|Ledwich 2 20 3 20|Snow 2 19 76 15 67|
Fuccella 15 106 9 114|Briant 5 62 4 57|Pitt 0 9 0 8|Lombardo 8 133 11 127|
Thompson 3 48 3 49|Hutton 0 16 0 13|Tonkin 1 42 1 46|Gupta 0 25 3 25|
Barber b 14 221 15 228|Yusuf 0 11 0 11|Wilcox 1 8 259 7 129|Wilcox 2 6 157 4 158|
CPRG 3 177 2 136"""


def test_yusuf_1985_peto():
    """Prog Cardiovasc Dis 27:335, table 6; p. 107 in metafor's test: 0.93 (0.74 to 1.18)."""
    rows = [row.rsplit(" ", 4) for row in YUSUF.replace("\n", "").split("|")]
    trials = pd.DataFrame(rows, columns=["study", "events_t", "n_t", "events_c", "n_c"])
    trials = trials.astype(dict.fromkeys(["events_t", "n_t", "events_c", "n_c"], int))
    found = peto(trials)
    ends = np.exp([found.mu, found.lower, found.upper])
    assert ends == approx([0.9332, 0.7385, 1.1792], **to(4))
    assert found.k == 21
    assert "so no weight: Pitt, Hutton, Yusuf" in found.notes[0]


CAFFEINE = pd.DataFrame(
    {
        "study": [
            "Amore-Coffea 2000",
            "Deliciozza 2004",
            "Kahve-Paradiso 2002",
            "Mama-Kaffa 1999",
            "Morrocona 1998",
            "Norscafe 1998",
            "Oohlahlazza 1998",
            "Piazza-Allerta 2003",
        ],
        "events_t": [2, 10, 0, 12, 3, 19, 4, 8],
        "n_t": [31, 40, 0, 53, 15, 68, 35, 35],
        "events_c": [10, 9, 0, 9, 1, 9, 2, 6],
        "n_c": [34, 40, 0, 61, 17, 64, 37, 37],
    }
)


def test_caffeine_as_revman():
    """Cochrane's practice review of caffeine (fictitious), risk ratio of headache, by package meta.

    Q and tau² are around Mantel-Haenszel; around inverse variance Q is 8.58. The trial without
    people drops.
    """
    common = mantel_haenszel(CAFFEINE, measure="RR")
    assert np.exp([common.mu, common.lower, common.upper]) == approx(
        [1.3115, 0.9217, 1.8662], **to(4)
    )
    assert (common.q, common.i2) == (approx(8.66, **to(2)), approx(30.7, **to(1)))
    random = mantel_haenszel(CAFFEINE, measure="RR", tau2="DL")
    assert np.exp([random.mu, random.lower, random.upper]) == approx(
        [1.3429, 0.8412, 2.1437], **to(4)
    )
    assert random.tau2 == approx(0.1169, **to(4))
    assert common.notes == ("Left out, because an arm holds nobody: Kahve-Paradiso 2002.",)
    trials = effects_of(common.y, common.se_study**2, "RR")
    inverse_variance = meta_regression(trials, "1", "FE")
    assert inverse_variance.qe == approx(8.58, **to(2))
    assert np.exp(
        [inverse_variance.beta[0], inverse_variance.lower[0], inverse_variance.upper[0]]
    ) == approx([1.3843, 0.9580, 2.0004], **to(4))
    hksj = meta_regression(trials, "1", "REML", "knha")
    assert np.exp([hksj.lower[0], hksj.upper[0]]) == approx([0.7990, 2.3982], **to(4))


def rothman(*cells):
    """Strata of a, b, c, d."""
    rows = [(a, a + b, c, c + d) for a, b, c, d in cells]
    frame = pd.DataFrame(rows, columns=["events_t", "n_t", "events_c", "n_c"])
    return frame.assign(study=range(len(rows)))


def test_rothman_2008_tolbutamide():
    """Modern Epidemiology 3rd ed., table 15-1, 90 % intervals, and metafor's test of it.

    RD 0.0349 (−0.0176 to 0.0874; the chapter has 0.088), RR 1.33 (0.87 to 2.03), OR 1.40 (0.84 to
    2.34), Mantel-Haenszel chi² 1.1914 without correction.
    """
    strata = rothman((8, 98, 5, 115), (22, 76, 16, 69))
    rd = mantel_haenszel(strata, measure="RD", convention="metafor", level=0.9)
    assert (rd.mu, rd.lower, rd.upper) == approx((0.0349, -0.0176, 0.0874), **to(4))
    assert (rd.q, rd.q_p) == approx((0.0017, 0.9669), **to(4))
    rr = mantel_haenszel(strata, measure="RR", level=0.9)
    assert np.exp([rr.mu, rr.lower, rr.upper]) == approx([1.3256, 0.8658, 2.0296], **to(4))
    assert (rr.q, rr.q_p) == approx((0.4472, 0.5037), **to(4))
    odds = mantel_haenszel(strata, correct=False, level=0.9)
    assert np.exp([odds.mu, odds.lower, odds.upper]) == approx([1.4031, 0.8411, 2.3409], **to(4))
    assert (odds.q, odds.q_p) == approx((0.3474, 0.5556), **to(4))
    assert (odds.cmh.statistic, odds.cmh.p) == approx((1.1914, 0.2750), **to(4))


def test_rothman_2008_spermicides():
    """The same, table 15-5: OR 3.78 (1.43 to 10.0), chi² 5.8092."""
    odds = mantel_haenszel(rothman((3, 9, 104, 1059), (1, 3, 5, 86)), correct=False, level=0.9)
    assert np.exp([odds.mu, odds.lower, odds.upper]) == approx([3.7812, 1.4304, 9.9954], **to(4))
    assert (odds.cmh.statistic, odds.cmh.p) == approx((5.8092, 0.0159), **to(4))
    assert (odds.q, odds.q_p) == approx((0.1378, 0.7105), **to(4))


# Regression --------------------------------------------------------------------------------------


def smoothed_bcg() -> Effects:
    """Log risk ratios whose variances use the mean odds of all trials, as Berkey et al. 1995."""
    t = references.table("bcg")
    b, d = t.n1i - t.ai, t.n2i - t.ci
    y = np.log(t.ai / t.n1i) - np.log(t.ci / t.n2i)
    v = (b / t.ai).sum() / (13 * t.n1i) + (d / t.ci).sum() / (13 * t.n2i)
    return effects_of(y, v, "RR", latitude=t.ablat - 33.46)


def test_berkey_1995_bcg_on_latitude():
    """Stat Med 14:395, p. 408, doi:10.1002/sim.4780140406 (it prints −0.6304, −0.5950, 0.0039)."""
    alone = meta_regression(smoothed_bcg(), "1", "EB", "z")
    assert (alone.beta[0], alone.se[0]) == approx((-0.5429, 0.1842), **to(4))
    assert alone.tau2 == approx(0.2682, **to(4))
    found = meta_regression(smoothed_bcg(), "latitude", "EB", "z")
    assert found.beta == approx([-0.6303, -0.0268], **to(4))
    assert found.se == approx([0.1591, 0.0110], **to(4))
    assert (found.tau2, found.r2) == (approx(0.157, **to(3)), approx(41.38, **to(2)))
    predicted = np.exp(found.predict({"latitude": [0, 42 - 33.46]}).mean)
    assert predicted == approx([0.53, 0.42], **to(2))
    common = meta_regression(smoothed_bcg(), "latitude", "FE")
    assert common.beta == approx([-0.5949, -0.0282], **to(4))
    assert common.se == approx([0.0696, 0.0040], **to(4))
    assert np.exp(common.predict({"latitude": [0, 8.54]}).mean) == approx([0.55, 0.43], **to(2))


def test_van_houwelingen_2002_bcg_log_odds_ratio_on_latitude():
    """Stat Med 21:589, pp. 608-609, doi:10.1002/sim.1040."""
    t = references.table("bcg")
    b, d = t.n1i - t.ai, t.n2i - t.ci
    y, v = np.log(t.ai * d / (b * t.ci)), 1 / t.ai + 1 / b + 1 / t.ci + 1 / d
    found = meta_regression(effects_of(y, v, "OR", latitude=t.ablat), "latitude", "ML", "z")
    assert found.beta == approx([0.371, -0.033], **to(3))
    assert found.beta[1] == approx(-0.0327, **to(4))
    assert found.se == approx([0.106, 0.003], **to(3))
    assert (found.tau2, found.r2) == (approx(0.0040, **to(4)), approx(98.7, **to(1)))


RAUDENBUSH_Y = (0.03, 0.12, -0.14, 1.18, 0.26, -0.06, -0.02, -0.32, 0.27, 0.80)
RAUDENBUSH_Y += (0.54, 0.18, -0.02, 0.23, -0.18, -0.06, 0.30, 0.07, -0.07)
RAUDENBUSH_V = (0.0156, 0.0216, 0.0279, 0.1391, 0.1362, 0.0106, 0.0106, 0.0484, 0.0269, 0.0630)
RAUDENBUSH_V += (0.0912, 0.0497, 0.0835, 0.0841, 0.0253, 0.0279, 0.0193, 0.0088, 0.0303)
WEEKS = (2, 21, 19, 0, 0, 3, 17, 24, 0, 1, 0, 0, 1, 2, 17, 5, 1, 2, 7)  # of contact before


def teachers() -> Effects:
    return effects_of(RAUDENBUSH_Y, RAUDENBUSH_V, weeks=np.minimum(WEEKS, 3))


def test_raudenbush_1985_teacher_expectancy():
    """Raudenbush & Bryk 1985, J Educ Stat 10:75, pp. 83-92 (it prints QE 35.85 and 16.58)."""
    mean = meta_regression(teachers(), "1", "REML", "z")
    assert (mean.beta[0], mean.tau2) == approx((0.0837, 0.0188), **to(4))
    assert (mean.qe, mean.statistic[0]) == (approx(35.8295, **to(4)), approx(1.6208, **to(4)))
    new = mean.predict(prediction="z")
    slope = 1.96 / 2 / np.sqrt(mean.tau2 + mean.se[0] ** 2)  # of its ends in tau²
    ends = approx((-0.2036, 0.3711), **to(4, 1e-5 * slope))
    assert (new.new_lower[0], new.new_upper[0]) == ends
    found = meta_regression(teachers(), "weeks", "REML", "z")
    assert found.beta == approx([0.4072, -0.1572], **to(4))
    # metafor's tau² stops at about 7e-7 (its BLUPs show it) where the maximum is 0: z 2e-5 lower.
    assert found.statistic == approx([4.6782, -4.3884], **to(4, 2e-5 * 4.7))
    assert (found.tau2, found.qe) == (0, approx(16.5708, **to(4)))
    assert found.predict({"weeks": 0}).lower[0] == approx(0.2366, **to(4))


@pytest.mark.parametrize(
    ("tau2", "value", "wald", "knha", "huber_white"),
    [
        ("FE", 0.000, (0.036, 1.655), (0.051, 1.173, -0.048, 0.168), (0.040, 1.515, -0.023, 0.144)),
        ("ML", 0.013, (0.047, 1.637), (0.059, 1.311, -0.047, 0.202), (0.047, 1.637, -0.022, 0.178)),
        (
            "REML",
            0.019,
            (0.052, 1.621),
            (0.062, 1.359, -0.046, 0.213),
            (0.050, 1.676, -0.021, 0.189),
        ),
        ("DL", 0.026, (0.056, 1.601), (0.064, 1.405, -0.044, 0.223), (0.052, 1.710, -0.020, 0.199)),
        ("HE", 0.080, (0.079, 1.443), (0.071, 1.608, -0.035, 0.264), (0.062, 1.850, -0.015, 0.244)),
    ],
)
def test_raudenbush_2009_three_standard_errors(tau2, value, wald, knha, huber_white):
    """Handbook of Research Synthesis, 2nd ed., p. 309, table 16.3: Huber-White is our CR0."""
    plain = meta_regression(teachers(), "1", tau2, "z")
    assert plain.tau2 == approx(value, **to(3))
    assert (plain.se[0], plain.statistic[0]) == approx(wald, **to(3))
    scaled = meta_regression(teachers(), "1", tau2, "knha")
    robust = cluster_robust(plain, "study", "CR0")
    for found, printed in ((scaled, knha), (robust, huber_white)):
        numbers = (found.se[0], found.statistic[0], found.lower[0], found.upper[0])
        assert numbers == approx(printed, **to(3))


LIPSEY_Y = (-0.33, 0.32, 0.39, 0.31, 0.17, 0.64, -0.33, 0.15, -0.02, 0.00)
LIPSEY_V = (0.084, 0.035, 0.017, 0.034, 0.072, 0.117, 0.102, 0.093, 0.012, 0.067)


def challenge() -> Effects:
    data = {"random": [0] * 6 + [1] * 4, "intensity": [7, 3, 7, 5, 7, 7, 4, 4, 5, 6]}
    return effects_of(LIPSEY_Y, LIPSEY_V, **data)


@pytest.mark.parametrize("common_tau2", [True, False])
def test_lipsey_2001_subgroups(common_tau2):
    """Practical Meta-Analysis, p. 138, exhibit 7.4 (it prints 7.0738, 7.6902 and 6.4383)."""
    found = subgroups(challenge(), "random", "FE", common_tau2=common_tau2)
    first, second = found.groups
    values = (first.mu, first.se, first.lower, first.upper)
    assert values == approx((0.2984, 0.0813, 0.1390, 0.4578), **to(4))
    values = (second.mu, second.se, second.lower, second.upper)
    assert values == approx((-0.0277, 0.0917, -0.2075, 0.1521), **to(4))
    assert (found.difference.statistic, found.difference.p) == approx((7.0739, 0.0078), **to(4))
    assert (first.q, first.q_p, second.q, second.q_p) == approx(
        (6.4382, 0.2659, 1.2519, 0.7406), **to(4)
    )


def test_lipsey_2001_regression():
    """The same, p. 141, exhibits 7.6 (common effect) and 7.7 (DL; it prints QM 5.5709)."""
    common = meta_regression(challenge(), "random + intensity", "FE")
    assert common.beta == approx([0.3223, -0.3298, -0.0041], **to(4))
    assert common.se == approx([0.2998, 0.1304, 0.0493], **to(4))
    assert common.p == approx([0.2823, 0.0115, 0.9339], **to(4))
    assert (common.omnibus.statistic, common.qe) == approx((7.0807, 7.6832), **to(4))
    mixed = meta_regression(challenge(), "random + intensity", "DL", "z")
    assert mixed.beta == approx([0.3311, -0.3269, -0.0068], **to(4))
    assert mixed.se == approx([0.3198, 0.1439, 0.0528], **to(4))
    assert mixed.lower == approx([-0.2958, -0.6090, -0.1103], **to(4))
    assert mixed.upper == approx([0.9579, -0.0448, 0.0967], **to(4))
    assert (mixed.omnibus.statistic, mixed.omnibus.p) == approx((5.5711, 0.0617), **to(4))
    assert (mixed.tau2, mixed.r2) == (approx(0.00488, **to(5)), approx(81.2, **to(1)))


def test_subgroups_of_bcg_with_one_tau2_or_two():
    """metafor-project.org, tips:comp_two_independent_estimates: random allocation or another."""
    effects = references.effects("bcg")
    allocation = np.where(references.table("bcg")["alloc"] == "random", "random", "other")
    effects = effects.with_data(pd.DataFrame({"allocation": allocation}))
    apart = subgroups(effects, "allocation", "REML", "z")
    other, random = apart.groups
    assert (random.mu, random.se, random.tau2) == approx((-0.971, 0.276, 0.393), **to(3))
    assert (other.mu, other.se, other.tau2) == approx((-0.481, 0.217, 0.212), **to(3))
    assert (apart.difference.statistic, apart.difference.p) == approx((1.946, 0.163), **to(3))
    shared = subgroups(effects, "allocation", "REML", "z", common_tau2=True)
    assert shared.groups[0].tau2 == approx(0.318, **to(3))
    assert (shared.difference.statistic, shared.difference.p) == approx((1.833, 0.176), **to(3))


# Dependent effects -------------------------------------------------------------------------------


def schools() -> Effects:
    t = references.table("konstantopoulos")
    data = t[["district"]].assign(year=t.year - t.year.mean())
    return references.effects("konstantopoulos").with_data(data)


def test_konstantopoulos_2011_two_levels():
    """Res Synth Methods 2:61, p. 70, table 4, doi:10.1002/jrsm.35 (it prints 0.043 and 0.088)."""
    mean = meta_regression(schools(), "1", "REML", "z")
    assert (mean.beta[0], mean.se[0], mean.tau2) == approx((0.1279, 0.0439, 0.0884), **to(4))
    assert tuple(mean.tau2_interval) == approx((0.0564, 0.1388), **to(4, 1.2e-4))
    found = meta_regression(schools(), "year", "REML", "z")
    assert found.beta == approx([0.1258, 0.0052], **to(4))
    assert found.se == approx([0.0440, 0.0044], **to(4))
    assert found.tau2 == approx(0.0889, **to(4))
    assert tuple(found.tau2_interval) == approx((0.0560, 0.1376), **to(4, 1.2e-4))


def test_konstantopoulos_2011_three_levels():
    """The same, p. 71, table 5 (ML; its intercept 0.183 of the last model seems a misprint)."""
    ml = multilevel(schools(), "district", method="ML")
    assert (ml.beta[0], ml.se[0]) == approx((0.1845, 0.0805), **to(4))
    assert [c.variance for c in ml.components] == approx([0.0577, 0.0329], **to(4))
    new = ml.predict()
    assert (new.new_lower[0], new.new_upper[0]) == approx((-0.4262, 0.7951), **to(4))
    year = multilevel(schools(), "district", "year", method="ML")
    assert year.beta == approx([0.1780, 0.0051], **to(4))
    assert year.se == approx([0.0805, 0.0085], **to(4))
    assert [c.variance for c in year.components] == approx([0.0565, 0.0329], **to(4))
    reml = multilevel(schools(), "district")
    assert (reml.beta[0], reml.se[0]) == approx((0.1847, 0.0846), **to(4))
    assert [c.variance for c in reml.components] == approx([0.0651, 0.0327], **to(4))
    assert (reml.correlation, reml.tau2) == approx((0.6653, 0.0978), **to(4))
    assert reml.log_likelihood == approx(-7.9587, **to(4))


def arms() -> Effects:
    """Log odds of tuberculosis of both arms of the BCG trials."""
    t = references.table("bcg")
    events = np.concatenate([t.ai, t.ci])
    others = np.concatenate([t.n1i - t.ai, t.n2i - t.ci])
    return effects_of(
        np.log(events / others),
        1 / events + 1 / others,
        "PLO",
        trial=list(range(13)) * 2,
        group=["vaccine"] * 13 + ["control"] * 13,
        latitude=np.tile(t.ablat - 33, 2),
    )


def test_van_houwelingen_2002_bivariate():
    """Stat Med 21:589, pp. 604-605, doi:10.1002/sim.1040, ML."""
    found = multivariate(arms(), "group", "trial", within=0, method="ML")
    assert found.beta == approx([-4.0960, -4.8337], **to(4))  # control, vaccine
    assert found.tau2 == approx([2.407, 1.431], **to(3))
    assert found.correlation[0, 1] == approx(0.9467, **to(4))
    difference = multivariate(arms(), "group", "trial", "group", within=0, method="ML")
    assert difference.beta == approx([-4.096, -0.738], **to(3))
    assert difference.se == approx([0.435, 0.180], **to(3))
    ends = np.exp([difference.beta[1], difference.lower[1], difference.upper[1]])
    assert ends == approx([0.478, 0.336, 0.680], **to(3))
    a, b, c = found.G[0, 0], found.G[1, 1], found.G[0, 1]
    assert a + b - 2 * c == approx(0.324, **to(3))


def test_van_houwelingen_2002_bivariate_on_latitude():
    """The same, pp. 612-613: the correlation is 1, which is the boundary."""
    formula = "0 + group + group:latitude"
    found = multivariate(arms(), "group", "trial", formula, within=0, method="ML")
    assert found.beta == approx([-4.117, -4.826, 0.072, 0.039], **to(3))
    assert found.se == approx([0.306, 0.313, 0.022, 0.022], **to(3))
    assert found.tau2 == approx([1.18, 1.23], **to(2))
    assert found.correlation[0, 1] == approx(1, abs=1e-12)
    assert "singular" in found.notes[0]
    crossed = multivariate(arms(), "group", "trial", "group * latitude", within=0, method="ML")
    assert crossed.beta == approx([-4.117, -0.708, 0.072, -0.033], **to(3))
    assert crossed.se == approx([0.306, 0.048, 0.022, 0.003], **to(3))


def test_berkey_1998_periodontal_disease():
    """Stat Med 17:2537, p. 2545, table II, and metafor's test for the model without year."""
    mean = multivariate(periodontal(), "outcome", "trial", method="ML")
    assert mean.beta == approx([-0.3379, 0.3448], **to(4))
    assert mean.se == approx([0.0798, 0.0495], **to(4))
    assert mean.tau2 == approx([0.0261, 0.0070], **to(4))
    assert mean.correlation[0, 1] == approx(0.6992, **to(4))
    formula = "0 + outcome + outcome:I(year - 1983)"
    year = multivariate(periodontal(), "outcome", "trial", formula, method="ML")
    assert year.beta == approx([-0.3351, 0.3479, -0.0108, 0.0010], **to(4))
    assert year.se == approx([0.0787, 0.0520, 0.0243, 0.0154], **to(4))
    assert year.tau2 == approx([0.0250, 0.0080], **to(4))
    assert year.correlation[0, 1] == approx(0.6587, **to(4))
    assert year.G[0, 1] == approx(0.0093, **to(4))
