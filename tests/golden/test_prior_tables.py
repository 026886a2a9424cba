"""Tables of published heterogeneity priors: Turner 2012, Turner 2015, Rhodes 2015, Bartoš 2021.

Turner 2012, Int J Epidemiol 41:818, doi:10.1093/ije/dys041, prints medians and 95 % ranges beside
its parameters. Turner 2015, Stat Med 34:984, doi:10.1002/sim.6381, Table IV, and Rhodes 2015,
J Clin Epidemiol 68:52, doi:10.1016/j.jclinepi.2014.08.012, Tables 3, A.3.1 and A.3.2, are
predictions of regressions without interactions: every location is a sum of an effect of its row and
one of its column, up to rounding, so that a wrong digit would show.
"""

from collections import defaultdict

import numpy as np
import pytest
from pytest import approx

from bayes_ps import priors
from bayes_ps.priors.tables import cells

ROUNDING = 0.011  # of a difference of two numbers with two decimals


def residuals(table):
    """What median polish leaves of the locations, by (area, outcome, comparison)."""
    left = {(c.area, c.outcome, c.comparison): c.location for c in cells(table)[1:]}
    for _ in range(50):
        for part in range(3):
            groups = defaultdict(list)
            for key, value in left.items():
                groups[key[part]].append(value)
            left = {key: value - np.median(groups[key[part]]) for key, value in left.items()}
    return left


@pytest.mark.parametrize(("table", "number"), [("turner2012", 9), ("turner2015", 80)])
def test_locations_are_additive(table, number):
    left = residuals(table)
    assert len(left) == number and np.abs(list(left.values())).max() < ROUNDING


def test_locations_of_rhodes_are_additive_but_for_the_two_suspect_cells():
    """−3.85 is 1 below what the 70 others imply, −0.13 is +0.13 with the wrong sign."""
    left = residuals("rhodes2015")
    suspect = {(c.area, c.outcome, c.comparison) for c in cells("rhodes2015") if c.suspect}
    assert len(left) == 72 and len(suspect) == 2
    off = {key: value for key, value in left.items() if abs(value) > ROUNDING}
    assert set(off) == suspect
    assert sorted(off.values()) == approx([-1, -0.26], abs=ROUNDING)


TURNER_2012 = [  # outcome, comparison, median and 95 % range of tau² as printed
    ("", "", "0.08", "0.003", "2.34"),
    ("all-cause", "pharmacological vs placebo", "0.017", "0.001", "0.3"),
    ("semi", "pharmacological vs placebo", "0.049", "0.001", "1.83"),
    ("subjective", "pharmacological vs placebo", "0.12", "0.005", "2.63"),
    ("all-cause", "pharmacological vs pharm", "0.014", "0.0008", "0.25"),
    ("semi", "pharmacological vs pharm", "0.04", "0.001", "1.58"),
    ("subjective", "pharmacological vs pharm", "0.096", "0.004", "2.31"),
    ("all-cause", "non-pharmacological", "0.02", "0.001", "0.38"),
    ("semi", "non-pharmacological", "0.056", "0.001", "2.35"),
    ("subjective", "non-pharmacological", "0.13", "0.005", "3.33"),
]


@pytest.mark.parametrize(("outcome", "comparison", "median", "low", "high"), TURNER_2012)
def test_turner_2012_has_the_printed_median_and_range(outcome, comparison, median, low, high):
    """Half a unit of the last digit, and what the rounding of location and scale to 0.005 adds:
    1 % of the upper limit."""
    tau2 = priors.turner2012(outcome, comparison).ppf([0.5, 0.025, 0.975]) ** 2
    for got, printed in zip(tau2, (median, low, high), strict=True):
        half_a_digit = 0.5 * 10.0 ** -len(printed.split(".")[1])
        assert abs(got - float(printed)) < half_a_digit + 0.015 * float(printed)


TURNER_2015 = {  # cells of Table IV, for log tau²
    ("all-cause mortality", "pharmacological vs placebo"): (-3.95, 1.34),
    ("all-cause mortality", "non-pharmacological vs pharm"): (-2.92, 1.02),
    ("cause-specific", "non-pharmacological vs non"): (-3.27, 1.68),
    ("surgical", "pharmacological vs placebo"): (-2.14, 1.74),
    ("pain", "pharmacological vs pharm"): (-2.06, 1.58),
    ("quality of life", "non-pharmacological vs placebo"): (-2.77, 1.73),
    ("subjective outcomes", "non-pharmacological vs non"): (-2.26, 1.45),
}
RHODES_2015 = {
    ("other", "obstetric", "pharmacological vs placebo"): (-4.13, 2.34),
    ("other", "pain", "non"): (-3.02, 2.27),
    ("other", "mental", "non"): (-3.85, 1.93),
    ("respiratory", "biological", "pharmacological vs pharm"): (-5.59, 2.78),
    ("respiratory", "various", "non"): (-4.52, 2.41),
    ("cancer", "resource", "pharmacological vs placebo"): (0.01, 2.83),
    ("cancer", "internal", "pharmacological vs placebo"): (-0.13, 2.61),
    ("cancer", "various", "non"): (-0.06, 2.53),
}


@pytest.mark.parametrize("asked", TURNER_2015)
def test_turner_2015(asked):
    location, scale = TURNER_2015[asked]
    assert priors.turner2015(*asked).parameters == approx((location / 2, scale / 2))


@pytest.mark.parametrize("asked", RHODES_2015)
def test_rhodes_2015(asked):
    location, scale = RHODES_2015[asked]
    assert priors.rhodes2015(*asked).parameters == approx((5, location / 2, scale / 2))


@pytest.mark.parametrize(
    ("measure", "mu", "tau"),
    [
        ("SMD", (5, 0, 0.43), (1.71, 0.40)),
        ("OR", (4, 0, 0.58), (1.77, 0.55)),
        ("RR", (3, 0, 0.32), (1.51, 0.23)),
        ("RD", (1, 0, 0.034), (0.099,)),
        ("HR", (2, 0, 0.13), (2.42, 0.30)),
    ],
)
def test_bartos_2021_and_2023(measure, mu, tau):
    """As in `prior_informed("Cochrane", ...)` of BayesTools, the authors' package."""
    pair = priors.cochrane(measure)
    assert pair.mu.parameters == mu and pair.tau.parameters == tau
