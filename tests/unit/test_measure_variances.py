"""Variances against the delta method by numerical derivatives, and against simulated studies.

For measures of which no program's values are stored these are the check of the formula.
"""

import numpy as np
import pytest
from pytest import approx
from scipy import stats

from bayes_ps.effects import MEASURES
from bayes_ps.effects.reported import (
    Arms,
    Change,
    Correlation,
    Events,
    LogRank,
    OneMean,
    OneProportion,
    Paired,
    Rates,
    TwoGroups,
)
from bayes_ps.effects.standardised_mean_difference import exact_j


def delta(estimate, at, variances):
    """Variance of `estimate` of independent statistics by central differences."""
    at = np.asarray(at, dtype=float)
    gradient = []
    for i, step in enumerate(1e-5 * np.abs(at)):
        shift = np.where(np.arange(at.size) == i, step, 0)
        gradient.append((estimate(*(at + shift)) - estimate(*(at - shift))) / (2 * step))
    return float(np.sum(np.square(np.ravel(gradient)) * variances))


def binomial(x, n):
    return x * (n - x) / n


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
def test_two_proportions(measure):
    a, n_t, c, n_c = 12.0, 40.0, 30.0, 90.0
    compute = MEASURES[measure].compute
    want = delta(
        lambda a, c: compute(Events(a, n_t, c, n_c), "LS")[0],
        [a, c],
        [binomial(a, n_t), binomial(c, n_c)],
    )
    assert compute(Events(a, n_t, c, n_c), "LS")[1] ** 2 == approx(want, rel=1e-7)


@pytest.mark.parametrize("x", [5.0, 17.0])
def test_the_arcsine_stabilises_the_variance(x):
    one, two = MEASURES["PAS"].compute, MEASURES["AS"].compute
    spread = binomial(x, 40)
    want = delta(lambda a: one(OneProportion(40.0, a), "LS")[0], [x], [spread])
    assert want == approx(1 / 160, rel=1e-6)
    assert one(OneProportion(40.0, x), "LS")[1] ** 2 == approx(1 / 160, rel=1e-14)
    want = delta(lambda a, c: two(Events(a, 40.0, c, 40.0), "LS")[0], [x, x], [spread] * 2)
    assert want == approx(1 / 80, rel=1e-6)
    assert two(Events(x, 40.0, x, 40.0), "LS")[1] ** 2 == approx(1 / 80, rel=1e-14)


@pytest.mark.parametrize("measure", ["IRR", "IRD"])
def test_two_rates(measure):
    compute = MEASURES[measure].compute
    want = delta(lambda a, c: compute(Rates(a, 80.0, c, 120.0), "LS")[0], [12, 30], [12, 30])
    assert compute(Rates(12.0, 80.0, 30.0, 120.0), "LS")[1] ** 2 == approx(want, rel=1e-7)


@pytest.mark.parametrize("measure", ["PR", "PLO"])
def test_one_proportion(measure):
    compute = MEASURES[measure].compute
    want = delta(lambda x: compute(OneProportion(40.0, x), "LS")[0], [12], [binomial(12, 40)])
    assert compute(OneProportion(40.0, 12.0), "LS")[1] ** 2 == approx(want, rel=1e-7)


@pytest.mark.parametrize(("measure", "standardiser", "df"), [("SMDH", 6.5, 98), ("SMD1H", 4, 59)])
def test_standardisers_with_unequal_variances(measure, standardiser, df):
    """Var(mean) = sd²/(n − 1) and Var(sd²) = 2 sd⁴/(n − 1), as Bonett has them.

    J is in g, and so in what the sds add, not in what the means add.
    """
    compute = MEASURES[measure].compute

    def g(mean_t, mean_c, var_t, var_c):
        return compute(Arms(40.0, mean_t, var_t**0.5, 60.0, mean_c, var_c**0.5), "LS")[0]

    y, se = compute(Arms(40.0, 11.0, 3.0, 60.0, 10.0, 2.0), "LS")
    j = y * standardiser**0.5
    assert j == approx(exact_j(np.array(float(df))), rel=1e-13)
    means = delta(lambda t, c: g(t, c, 9.0, 4.0), [11, 10], [9 / 39, 4 / 59])
    sds = delta(lambda t, c: g(11.0, 10.0, t, c), [9, 4], [2 * 81 / 39, 2 * 16 / 59])
    assert se**2 == approx(means / j**2 + sds, rel=1e-7)


def test_the_mean_and_the_mean_change():
    y, se = MEASURES["MN"].compute(OneMean(25.0, 7.0, 10.0), "LS")
    assert (y, se) == (7, 2)
    pair = Paired(25.0, 10.0, 4.0, 7.0, 5.0, 0.6)
    y, se = MEASURES["MC"].compute(pair, "LS")
    assert y == -3 and se**2 == approx((16 + 25 - 2 * 0.6 * 20) / 25)
    assert MEASURES["MC"].compute(Change(25.0, -3.0, 17**0.5), "LS")[1] == approx(se)
    both = MEASURES["MC"].compute(TwoGroups(pair, Change(16.0, -1.0, 4.0)), "LS")
    assert both[0] == -2 and both[1] ** 2 == approx(17 / 25 + 1)


def test_the_sd_of_a_change_keeps_its_digits_where_r_is_near_1():
    change = Paired(9.0, 0.0, 4.0, 0.0, 4.0, 1 - 1e-13).sd_change
    assert change == approx(4 * (2e-13) ** 0.5, rel=1e-3)


def test_the_log_rank_statistic():
    y, se = MEASURES["HR"].compute(LogRank(-6.0, 16.0), "LS")
    assert (y, se) == (-0.375, 0.25)
    peto = MEASURES["PETO"].compute(LogRank(-6.0, 16.0), "LS")
    assert (float(peto[0]), float(peto[1])) == (-0.375, 0.25)


def test_petos_variance_is_hypergeometric():
    e = Events(8.0, 40.0, 15.0, 50.0)
    y, se = MEASURES["PETO"].compute(e, "LS")
    of = stats.hypergeom(90, 23, 40)
    assert y == approx((8 - of.mean()) / of.var(), rel=1e-12)
    assert se**2 == approx(1 / of.var(), rel=1e-12)


REPS = 40_000


def before_and_after(rng, n=80, r=0.6):
    """Summaries of pairs of normals: before N(10, 4²), after N(12, 5²)."""
    x = rng.normal(size=(REPS // 4, n))
    z = r * x + (1 - r**2) ** 0.5 * rng.normal(size=x.shape)
    pre, post = 10 + 4 * x, 12 + 5 * z
    known = [f(part, axis=1) for part in (pre, post) for f in (np.mean, sd)]
    both = np.mean((pre - known[0][:, None]) * (post - known[2][:, None]), axis=1) * n / (n - 1)
    return Paired(np.full(x.shape[0], float(n)), *known, both / (known[1] * known[3]))


def sd(values, axis):
    return np.std(values, axis=axis, ddof=1)


@pytest.mark.parametrize("measure", ["MC", "SMCC", "SMCR", "COR", "ZCOR", "PFT", "MN", "PETO"])
def test_se_is_the_spread_of_simulated_studies(measure):
    """The variance over simulated studies is the mean of se² to 6 %: noise 1 %, then large-sample.

    SMCR assumes one sd before and after; its own simulation has it.
    """
    rng = np.random.default_rng(11)
    pairs = before_and_after(rng)
    if measure == "SMCR":
        data = Paired(
            pairs.n, pairs.mean_pre, pairs.sd_pre, pairs.mean_post, pairs.sd_post, pairs.r
        )
        same = 10 + (pairs.mean_post - 12) * 4 / 5 + 2
        data = Paired(pairs.n, pairs.mean_pre, pairs.sd_pre, same, pairs.sd_post, pairs.r)
    elif measure in ("COR", "ZCOR"):
        data = Correlation(pairs.n, pairs.r)
    elif measure == "MN":
        data = OneMean(pairs.n, pairs.mean_pre, pairs.sd_pre)
    elif measure == "PFT":
        data = OneProportion(np.full(REPS, 80.0), rng.binomial(80, 0.3, REPS).astype(float))
    elif measure == "PETO":
        a, c = rng.binomial(200, 0.3, (2, REPS)).astype(float)
        data = Events(a, np.full(REPS, 200.0), c, np.full(REPS, 200.0))
    else:
        data = pairs
    y, se = MEASURES[measure].compute(data, "LS")
    assert y.var() == approx(np.mean(np.square(se)), rel=0.06)
