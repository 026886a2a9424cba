"""Conversions of quantiles: printed examples, Wan's table, and simulated normal data."""

import numpy as np
import pytest
from pytest import approx
from scipy import integrate, stats

from bayes_ps.effects import conversions as conv

EXAMPLE = {"q1": 4, "q3": 10, "minimum": 2, "maximum": 14}  # metafor's help of conv.fivenum, n = 20
OF = {"S1": ("minimum", "maximum"), "S2": ("q1", "q3"), "S3": ("minimum", "q1", "q3", "maximum")}


def test_help_of_metablue():
    """metaBLUE 1.0.0, Luo.mean and Wan.std of 1, 4, 10 with n = 30: 4.356748 and 2.205578."""
    found = conv.mean_sd_from_quantiles(4, 30, minimum=1, maximum=10)
    assert (found.mean, found.sd) == approx((4.356748, 2.205578), abs=5e-7)
    assert conv.sd_from_range(1, 10, 30) == found.sd


@pytest.mark.parametrize("n", [5, 25, 101, 501])
def test_expected_ranges_by_integration(n):
    """ξ and η beside the exact expectations of normal order statistics, of which they are Blom's.

    In n = 4Q + 1 the quartiles are the values Q + 1 and 3Q + 1. d₂ of control charts is 2.326 for 5
    and 3.931 for 25.
    """

    def expected(j):
        place = stats.beta(j, n - j + 1)
        value = lambda x: x * place.pdf(stats.norm.cdf(x)) * stats.norm.pdf(x)  # noqa: E731
        return integrate.quad(value, -8, 8, epsabs=1e-10, limit=200)[0]

    xi, eta = expected(n) - expected(1), expected(3 * n // 4 + 1) - expected(n // 4 + 1)
    if n in (5, 25):
        assert xi == approx({5: 2.326, 25: 3.931}[n], abs=5e-4)
    assert 1 / conv.sd_from_range(0, 1, n) == approx(xi, rel=0.015)
    assert 1 / conv.sd_from_iqr(0, 1, n) == approx(eta, rel=0.005)


@pytest.mark.parametrize(
    ("scenario", "mean", "statistic", "critical"),
    [
        ("S1", 4 / (4 + 20**0.75) * 2 + 6, 4 / 12, 1 / np.log(29) + 2.5 / 21),
        ("S2", (0.7 + 0.39 / 20) * 1 + 6, 2 / 6, 2.65 / 20**0.5 - 6 / 400),
        ("S3", None, 2.65 * np.log(12) / 20**0.5 * 4 / 12, 3 / 20**0.5 - 40 / 8000),
    ],
)
def test_example_of_metafor_by_hand(scenario, mean, statistic, critical):
    """The three studies of the help of conv.fivenum; none is skewed, as its comment says."""
    given = {name: EXAMPLE[name] for name in OF[scenario]}
    found = conv.mean_sd_from_quantiles(6, 20, **given)
    assert found.skewness.scenario == scenario and found.skewness.skewed is False
    assert found.skewness.statistic == approx(statistic, rel=1e-14)
    assert found.skewness.critical == approx(critical, rel=1e-14)
    if mean is not None:
        assert found.mean == approx(mean, rel=1e-14)
    else:
        w1, w2 = 2.2 / (2.2 + 20**0.75), 0.7 - 0.72 / 20**0.55
        assert found.mean == approx(w1 * 8 + w2 * 7 + (1 - w1 - w2) * 6, rel=1e-14)
        v = 1 / (1 + 0.07 * 20**0.6)
        parts = conv.sd_from_range(2, 14, 20), conv.sd_from_iqr(4, 10, 20)
        assert found.sd == approx(v * parts[0] + (1 - v) * parts[1], rel=1e-14)


def test_skewed_example_of_metafor():
    """Its second example: with q3 = 14 and maximum = 20 the third study is skewed."""
    test = conv.skewness_test(6, 20, q1=4, q3=14, minimum=2, maximum=20)
    assert test.skewed is True
    assert test.statistic == approx(2.65 * np.log(12) / 20**0.5 * 10 / 18, rel=1e-14)


def normal_samples(n, times):
    """Minimum, quartiles and maximum of normal samples with n = 4Q + 1 (their order statistics)."""
    sample = np.sort(np.random.default_rng(n).normal(50, 10, (times, n)), axis=1)
    low, q1, median, q3, high = sample[:, [0, n // 4, n // 2, 3 * (n // 4), n - 1]].T
    return median, {"minimum": low, "q1": q1, "q3": q3, "maximum": high}


@pytest.mark.parametrize("scenario", OF)
@pytest.mark.parametrize("n", [21, 101])
def test_unbiased_and_of_level_5_percent_for_normal_data(scenario, n):
    """Bias within 4 Monte Carlo SEs + 0.5 % of sigma; 4 to 6 % rejected (Shi 2023)."""
    times = 20_000
    median, quantiles = normal_samples(n, times)
    given = {name: quantiles[name] for name in OF[scenario]}
    found = conv.mean_sd_from_quantiles(median, n, **given, skewed="keep")
    for values, truth in ((found.mean, 50), (found.sd, 10)):
        assert abs(values.mean() - truth) < 4 * values.std() / times**0.5 + 0.05
    assert 0.04 < found.skewness.skewed.mean() < 0.06


def test_more_quantiles_estimate_better():
    """Luo 2018, Shi 2020: the mean squared errors of S3 are the smallest of the three."""
    median, quantiles = normal_samples(101, 20_000)
    errors = {}
    for scenario, names in OF.items():
        given = {name: quantiles[name] for name in names}
        found = conv.mean_sd_from_quantiles(median, 101, **given, skewed="keep")
        errors[scenario] = [((v - t) ** 2).mean() for v, t in ((found.mean, 50), (found.sd, 10))]
    assert errors["S3"][0] < min(errors["S1"][0], errors["S2"][0])
    assert errors["S3"][1] < min(errors["S1"][1], errors["S2"][1])
    assert errors["S3"][0] < 1.2 * 100 / 101  # the mean of all 101 has 100/101


@pytest.mark.parametrize("n", [25, 101])
def test_the_weights_are_the_best_ones(n):
    """Weights that least squares finds in normal samples: Luo's and Shi's come within 0.04."""
    median, quantiles = normal_samples(n, 40_000)
    low, q1, q3, high = (quantiles[name] for name in ("minimum", "q1", "q3", "maximum"))
    middle, quarter = (low + high) / 2 - median, (q1 + q3) / 2 - median
    target = 50 - median

    def best(*parts):
        return np.linalg.lstsq(np.column_stack(parts), target, rcond=None)[0]

    def used(scenario, move):
        """How the estimate follows one quantile: twice the weight of its pair."""
        given = {"minimum": 1.0, "q1": 4.0, "q3": 8.0, "maximum": 11.0}
        given = {name: given[name] for name in OF[scenario]}
        moved = given | {move: given[move] + 0.5}
        ends = (conv.mean_sd_from_quantiles(6, n, **g, skewed="keep") for g in (moved, given))
        return 4 * np.subtract(*(end.mean for end in ends))

    assert used("S1", "maximum") == approx(best(middle)[0], abs=0.04)
    assert used("S2", "q3") == approx(best(quarter)[0], abs=0.04)
    both = [used("S3", "maximum"), used("S3", "q3")]
    assert both == approx(best(middle, quarter), abs=0.04)
    ends, quartiles = conv.sd_from_range(low, high, n), conv.sd_from_iqr(q1, q3, n)
    shi = conv.mean_sd_from_quantiles(median, n, **quantiles, skewed="keep").sd
    v = ((shi - quartiles) @ (ends - quartiles)) / ((ends - quartiles) @ (ends - quartiles))
    gap = ends - quartiles
    assert v == approx(((10 - quartiles) @ gap) / (gap @ gap), abs=0.04)


def test_exponential_data_are_found_out():
    """The test has power: most exponential samples of 101 are rejected by each scenario."""
    sample = np.sort(np.random.default_rng(8).exponential(size=(4000, 101)), axis=1)
    low, q1, median, q3, high = sample[:, [0, 25, 50, 75, 100]].T
    both = conv.skewness_test(median, 101, minimum=low, maximum=high, q1=q1, q3=q3)
    ends = conv.skewness_test(median, 101, minimum=low, maximum=high)
    assert both.skewed.mean() > 0.9 and ends.skewed.mean() > 0.9
