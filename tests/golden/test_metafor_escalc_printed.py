"""Measures without stored values, against what metafor's own tests and its author print."""

import numpy as np
import pandas as pd
import pytest
from pytest import approx

import bayes_ps as bps

# Morris 2008, Organ Res Methods 11:364, doi:10.1177/1094428106291059: five trials of training.
TREATED = pd.DataFrame(
    {
        "study": list("ABCDE"),
        "mean_pre": [30.6, 23.5, 0.5, 53.4, 35.6],
        "mean_post": [38.5, 26.8, 0.7, 75.9, 36.0],
        "sd_pre": [15.0, 3.1, 0.1, 14.5, 4.7],
        "sd_post": [11.6, 4.1, 0.1, 4.4, 4.6],
        "n": [20, 50, 9, 10, 14],
        "r": [0.47, 0.64, 0.77, 0.89, 0.44],
    }
)
CONTROL = TREATED.assign(
    mean_pre=[23.1, 24.9, 0.6, 55.7, 34.8],
    mean_post=[19.7, 25.3, 0.6, 60.7, 33.4],
    sd_pre=[13.8, 4.1, 0.2, 17.3, 3.1],
    sd_post=[14.8, 3.3, 0.2, 17.9, 6.9],
    n=[20, 42, 9, 11, 14],
)
BOTH = TREATED[["study"]].join(
    [
        table.drop(columns="study").add_suffix(arm)
        for arm, table in (("_t", TREATED), ("_c", CONTROL))
    ]
)


def sizes(table, measure, unit=None):
    return bps.effect_sizes(table, measure=measure, better="higher", unit=unit)


@pytest.mark.parametrize(
    ("measure", "table", "y", "v"),
    [
        (
            "SMCR",
            TREATED,
            [0.5056, 1.0481, 1.8054, 1.4181, 0.0801],
            [0.0594, 0.0254, 0.2322, 0.1225, 0.0802],
        ),
        (
            "SMCR",
            CONTROL,
            [-0.2365, 0.0958, 0, 0.2667, -0.4250],
            [0.0544, 0.0173, 0.0511, 0.0232, 0.0864],
        ),
        (
            "SMCC",
            TREATED,
            [0.5417, 1.0198, 2.6619, 1.9088, 0.0765],
            [0.0573, 0.0304, 0.5048, 0.2822, 0.0716],
        ),
        (
            "SMCC",
            CONTROL,
            [-0.2213, 0.1219, 0, 0.5575, -0.2126],
            [0.0512, 0.0240, 0.1111, 0.1050, 0.0730],
        ),
    ],
)
def test_standardised_changes_of_morris_2008(measure, table, y, v):
    """metafor, tests/testthat/test_analysis_example_morris2008.r, four decimals."""
    found = sizes(table, measure)
    assert found.y == approx(y, abs=5.1e-5) and found.se**2 == approx(v, abs=5.1e-5)


@pytest.mark.parametrize(
    ("measure", "y", "v"),
    [
        ("SMCR", [0.74, 0.95, 1.81, 1.15, 0.51], [0.1138, 0.0426, 0.2833, 0.1458, 0.1667]),
        ("SMCC", [0.76, 0.90, 2.66, 1.35, 0.29], [0.1086, 0.0544, 0.6159, 0.3872, 0.1447]),
    ],
)
def test_differences_between_arms_of_morris_2008(measure, y, v):
    """Morris 2008, page 368, Table 1 (SMCR), and the same test of metafor."""
    found = sizes(BOTH, measure)
    assert found.y == approx(y, abs=5.1e-3) and found.se**2 == approx(v, abs=5.1e-5)


def test_the_mean_change():
    """metafor, test_misc_escalc.r: 26 − 22, sd √30 and √20, r = 0.7, n = 60: 4.0000, 0.2618."""
    pair = {"study": ["A"], "n": [60], "mean_pre": [22], "mean_post": [26], "r": [0.7]}
    table = pd.DataFrame(pair | {"sd_pre": [20**0.5], "sd_post": [30**0.5]})
    found = sizes(table, "MC", "points")
    assert found.y[0] == 4 and found.se[0] ** 2 == approx(0.2618, abs=5e-5)


def test_the_freeman_tukey_double_arcsine():
    """Viechtbauer on R-help, 16 December 2010 (263286): escalc(measure="PFT")."""
    table = pd.DataFrame(
        {"study": list("ABCDE"), "events": [0, 1, 12, 38, 40], "n": [10, 10, 20, 40, 40]}
    )
    found = sizes(table, "PFT")
    y = [0.1531387, 0.3733940, 0.8813361, 1.3224900, 1.4923885]
    v = [0.02380952, 0.02380952, 0.01219512, 0.00617284, 0.00617284]
    assert found.y == approx(y, abs=5e-8) and found.se**2 == approx(v, abs=5e-9)


def test_the_arcsine_of_a_proportion():
    """metafor, test_misc_escalc.r: 10 of 20: 0.7854, 0.0125."""
    found = sizes(pd.DataFrame({"study": ["A"], "events": [10], "n": [20]}), "PAS")
    assert found.y[0] == approx(0.7854, abs=5e-5) and found.se[0] ** 2 == approx(0.0125, rel=1e-14)


def test_correlations_of_mcdaniel_1994():
    """metafor, test_misc_escalc.r, McDaniel 1994, rows 1, 13, 33, 102."""
    r = [0, 0.62, 0.99, -0.13]
    n = [123, 15, 6, 41]  # from the printed variances of ZCOR, 1/(n − 3)
    table = pd.DataFrame({"study": list("ABCD"), "r": r, "n": n})
    assert sizes(table, "COR").se ** 2 == approx([0.0082, 0.0271, 0.0001, 0.0242], abs=5e-5)
    found = sizes(table, "ZCOR")
    assert found.y == approx([0, 0.7250, 2.6467, -0.1307], abs=5e-5)
    assert np.round(found.se**2, 4).tolist() == [0.0083, 0.0833, 0.3333, 0.0263]
