"""Small-study methods against printed numbers: papers, and metafor's own tests of them.

Data are those of the R package metadat (data-raw/*.txt of wviechtb/metadat). Tolerances are half
the last printed digit, plus the error of the reference where it has one.

Not here: Lui 2015 (PET −.00087, 3PSM .3220): the RoBMA tutorial prints its 18 correlations, but
only six of its sample sizes.
"""

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps.baseline.small_study import begg, egger, fail_safe_n, selection_model
from bayes_ps.effects import Effects

MAGNESIUM = """1 40 2 36  9 135 23 135  2 200 7 200  1 48 1 46  10 150 8 148  1 59 9 56  1 25 3 23
0 22 1 21  6 76 11 75  1 27 7 27  2 89 12 80  5 23 13 33  4 130 8 122  90 1159 118 1157
4 107 17 108  2216 29011 2103 29039"""
SMOKING = """
1.18 0.90 1.54 1.45 1.02 2.08 2.02 0.48 8.56 1.20 0.80 1.60 0.75 0.43 1.30 2.07 0.81 5.25
2.13 1.19 3.83 0.80 0.34 1.90 0.79 0.25 2.45 2.01 1.09 3.72 1.23 0.81 1.87 1.20 0.50 3.30
1.52 0.87 2.63 1.03 0.41 2.55 1.55 0.90 2.67 1.03 0.61 1.74 2.34 0.81 6.75 1.65 1.16 2.35
1.19 0.82 1.73 1.52 0.39 5.96 2.16 1.08 4.29 1.08 0.64 1.82 2.55 0.74 8.78 1.62 0.90 2.91
1.06 0.74 1.52 0.79 0.62 1.02 0.74 0.32 1.69 2.27 0.75 6.82 0.97 0.78 1.21 1.60 0.80 3.00
1.19 0.66 2.13 1.66 0.73 3.78 1.26 1.04 1.54 1.10 0.62 1.96 1.66 1.12 2.45 1.16 0.80 1.69
1.11 0.67 1.84"""
RATINGS_R = ".68 .56 .23 .64 .49 -.04 .49 .33 .58 .18 -.11 .27 .26 .40 .49 .51 .40 .34 .42 .16"
RATINGS_N = "10 20 13 22 28 12 12 36 19 12 36 75 33 121 37 14 40 16 14 20"
EXPECTANCY_Y = "3 12 -14 118 26 -6 -2 -32 27 80 54 18 -2 23 -18 -6 30 7 -7"
EXPECTANCY_V = "156 216 279 1391 1362 106 106 484 269 630 912 497 835 841 253 279 193 88 303"


def numbers(text: str) -> np.ndarray:
    return np.array(text.split(), float)


def effects_of(y, se, measure, better="higher") -> Effects:
    return Effects.from_estimates(
        y, se=se, study=range(len(y)), measure=measure, unit="given", better=better
    )


def magnesium() -> Effects:
    """Intravenous magnesium after myocardial infarction, log odds ratios: Egger et al. 2001."""
    a, n1, c, n2 = numbers(MAGNESIUM).reshape(-1, 4).T
    add = np.where((a == 0) | (c == 0), 0.5, 0.0)
    a, b, c, d = a + add, n1 - a + add, c + add, n2 - c + add
    effects = effects_of(
        np.log(a * d / (b * c)), np.sqrt(1 / a + 1 / b + 1 / c + 1 / d), "OR", "lower"
    )
    return effects.with_data(pd.DataFrame({"n_t": n1, "n_c": n2}))


def smoking() -> Effects:
    """Passive smoking and lung cancer, log odds ratios: Hackshaw, Law & Wald 1997, BMJ 315:980."""
    ratio, low, high = numbers(SMOKING).reshape(-1, 3).T
    se = (np.log(high) - np.log(low)) / (2 * 1.959963984540054)
    return effects_of(np.log(ratio), se, "OR", "lower")


def test_magnesium_trials_egger_2001():
    """metafor's test_misc_pub_bias.r: regtest −4.6686, over 1/√n −5.6083; ranktest .15, P .4503."""
    effects = magnesium()
    assert egger(effects, "mixed").statistic == approx(-4.6686, abs=0.5e-4)
    assert egger(effects, predictor="1/sqrt(n)").statistic == approx(-5.6083, abs=0.5e-4)
    found = begg(effects)
    assert (found.bias, found.p) == approx((0.15, 0.4503), abs=0.5e-4)
    assert "contains the effect itself" in " ".join(egger(effects).notes)


def test_passive_smoking_step_function():
    """metafor's test_misc_selmodel.r, dat.hackshaw1998, steps .05 .10 .50; optimiser error 2e-6."""
    found = selection_model(smoking(), (0.05, 0.10, 0.50, 1), alternative="greater")
    assert list(found.counts) == [7, 8, 16, 6]
    assert found.delta == approx(np.array([1, 2.422079, 0.977543, 0.396713]), abs=2.5e-6)
    assert found.se_delta[1:] == approx(np.array([1.66085, 0.820387, 0.469235]), abs=2.5e-6)
    assert (found.lrt, found.lrt_df) == approx((7.066137, 3), abs=0.5e-6)
    assert found.tau2 == approx(0.03071325, abs=1e-7)
    assert np.abs(found.score).max() < 1e-12


STEPS = (0.005, 0.01, 0.05, 0.10, 0.25, 0.35, 0.50, 0.65, 0.75, 0.90, 0.95, 0.99, 0.995, 1)
APRIORI = {
    "moderate, one-sided": (
        "1 .99 .95 .80 .75 .65 .60 .55 .50 .50 .50 .50 .50 .50",
        (0.351894, 0.0045),
    ),
    "severe, one-sided": (
        "1 .99 .90 .75 .60 .50 .40 .35 .30 .25 .10 .10 .10 .10",
        (0.321518, 0.009544),
    ),
    "moderate, two-sided": (
        "1 .99 .95 .90 .80 .75 .60 .60 .75 .80 .90 .95 .99 1",
        (0.362019, 0.002774),
    ),
    "severe, two-sided": (
        "1 .99 .90 .75 .60 .50 .25 .25 .50 .60 .75 .90 .99 1",
        (0.33218, 0.005652),
    ),
}


@pytest.mark.parametrize("kind", APRIORI)
def test_student_ratings_with_weights_fixed_a_priori(kind):
    """Vevea & Woods 2005, Psychol Methods 10:428, table 1; metafor's test_misc_selmodel.r."""
    r, n = numbers(RATINGS_R), numbers(RATINGS_N)
    effects = effects_of(np.arctanh(r), 1 / np.sqrt(n - 3), "ZCOR")
    delta, golden = APRIORI[kind]
    found = selection_model(effects, STEPS, delta=numbers(delta))
    assert (found.mu, found.tau2) == approx(golden, abs=0.6e-6)
    assert found.lrt is None and np.abs(found.score).max() < 1e-12


def test_fail_safe_n_of_becker_2005():
    """metafor's test_misc_fsn.r: teacher expectancy 26, passive smoking 393."""
    y, v = numbers(EXPECTANCY_Y) / 1e2, numbers(EXPECTANCY_V) / 1e4
    assert fail_safe_n(effects_of(y, np.sqrt(v), "SMD")).n == 26
    assert fail_safe_n(smoking()).n == 393
