"""Conversions there and back, and what must not matter to them."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given
from pytest import approx

from bayes_ps.effects import conversions as conv
from tests.properties.strategies import numbers

SD = numbers(1e-3, 1e3)
SIZE = st.integers(5, 2000)
R = numbers(-0.95, 0.95)
LEVEL = numbers(0.5, 0.999)
QUANTILE = st.sampled_from(["handbook", "t", "normal"])


@given(sd=SD, n=SIZE, level=LEVEL, quantile=QUANTILE)
def test_sd_of_a_group(sd, n, level, quantile):
    assert conv.sd_from_se(conv.se_from_sd(sd, n), n) == approx(sd, rel=1e-13)
    ends = conv.ci_from_sd(0, sd, n, level, quantile=quantile)
    assert conv.sd_from_ci(*ends, n, level, quantile=quantile) == approx(sd, rel=1e-12)


@given(sd=SD, n_t=SIZE, n_c=SIZE, t=numbers(0.01, 30), sign=st.sampled_from([-1, 1]))
def test_sd_behind_a_difference(sd, n_t, n_c, t, sign):
    """SD → SE → difference of t SEs → t, F, P, interval → SD."""
    se = conv.se_of_difference(sd, n_t, n_c)
    difference, df = sign * t * se, n_t + n_c - 2
    assert conv.sd_from_difference_t(difference, t, n_t, n_c) == approx(sd, rel=1e-12)
    assert conv.sd_from_difference_f(difference, t**2, n_t, n_c) == approx(sd, rel=1e-12)
    p = conv.p_from_t(t, df)
    assume(p > 1e-100)
    assert conv.sd_from_difference_p(difference, p, n_t, n_c) == approx(sd, rel=1e-8)
    half = se * conv.t_from_p(0.05, df)
    found = conv.sd_from_difference_ci(difference - half, difference + half, n_t, n_c, quantile="t")
    assert found == approx(sd, rel=1e-9)


@given(pre=SD, ratio=numbers(0.1, 10), r=R, n=SIZE)
def test_correlations_of_change_and_of_pairs(pre, ratio, r, n):
    post = pre * ratio
    change = conv.sd_of_change(pre, post, r)
    assert conv.correlation_from_sds(pre, post, change) == approx(r, abs=1e-11)
    se = conv.se_of_paired_difference(pre, post, n, r)
    assert se == approx(change / n**0.5, rel=1e-13)
    assert conv.correlation_from_paired_se(se, pre, post, n) == approx(r, abs=1e-11)


@given(
    arms=st.lists(st.tuples(SIZE, numbers(-100, 100), SD), min_size=3, max_size=6), data=st.data()
)
def test_arms_combine_in_any_order_and_in_steps(arms, data):
    def close(one, other):
        assert (one.n, one.sd) == (other.n, approx(other.sd, rel=1e-9))
        assert one.mean == approx(other.mean, rel=1e-9, abs=1e-11)

    columns = [list(column) for column in zip(*arms, strict=True)]
    whole = conv.combine_arms(*columns)
    shuffled = data.draw(st.permutations(arms))
    close(conv.combine_arms(*map(list, zip(*shuffled, strict=True))), whole)
    first = conv.combine_arms(*(column[:2] for column in columns))
    steps = zip((first.n, first.mean, first.sd), columns, strict=True)
    close(conv.combine_arms(*([start, *column[2:]] for start, column in steps)), whole)


@given(n=SIZE, risk=numbers(0, 1), sizes=st.lists(numbers(1, 500), min_size=2, max_size=5))
def test_a_split_control_adds_up(n, risk, sizes):
    parts = conv.split_shared_control(n, events=risk * n, in_proportion_to=sizes)
    assert parts.n.sum() == approx(n, rel=1e-13)
    assert parts.events == approx(risk * parts.n, rel=1e-12, abs=1e-300)


@given(m=numbers(1.5, 300), icc=numbers(0, 1), cv=numbers(0, 2), se=SD)
def test_clusters(m, icc, cv, se):
    effect = conv.design_effect(m, icc, cv=cv)
    assert effect >= 1
    assert conv.icc_from_design_effect(effect, m, cv=cv) == approx(icc, abs=1e-12)
    assert conv.design_effect_from_se(conv.inflate_se(se, effect), se) == approx(effect, rel=1e-13)
    assert conv.design_effect(m, icc, cv=cv + 0.1) >= effect


@given(y=numbers(-5, 5), se=SD, p0=numbers(1e-6, 0.99), n=SIZE, other=SIZE)
def test_effects_there_and_back(y, se, p0, n, other):
    sizes = {"n_t": n, "n_c": other}
    pairs = [
        (conv.log_or_from_smd, conv.smd_from_log_or, {}),
        (conv.log_or_from_smd, conv.smd_from_log_or, {"distribution": "normal"}),
        (conv.r_from_smd, conv.smd_from_r, {}),
        (conv.r_from_smd, conv.smd_from_r, sizes),
        (conv.r_from_z, conv.z_from_r, {}),
        (conv.log_rr_from_log_or, conv.log_or_from_log_rr, {"baseline_risk": p0}),
    ]
    for there, back, options in pairs:
        new = there(y, se, **options)
        old = back(new.y, new.se, **options)
        assert old.y == approx(y, rel=1e-7, abs=1e-9) and old.se == approx(se, rel=1e-7)
        assert np.sign(new.y) == np.sign(y)
    rank = conv.o_e_from_log_hr(y, se)
    found = conv.log_hr_from_o_e(rank.o_e, rank.v)
    assert (found.y, found.se) == approx((y, se), rel=1e-12)


FIVE = st.lists(numbers(0.01, 10), min_size=4, max_size=4)


@pytest.mark.parametrize("names", [("q1", "q3"), ("minimum", "maximum"), None])
@given(steps=FIVE, n=SIZE, factor=numbers(1e-3, 1e3), origin=numbers(-50, 50))
def test_quantiles_know_no_unit_and_no_origin(names, steps, n, factor, origin):
    low, q1, median, q3, high = np.cumsum([1.0, *steps])
    given_all = {"minimum": low, "q1": q1, "q3": q3, "maximum": high}
    chosen = {name: given_all[name] for name in names or given_all}

    def convert(scale, shift):
        moved = {name: scale * value + shift for name, value in chosen.items()}
        return conv.mean_sd_from_quantiles(scale * median + shift, n, **moved, skewed="keep")

    one, other = convert(1, 0), convert(factor, factor * origin)
    assert other.sd == approx(factor * one.sd, rel=1e-10)
    assert other.mean == approx(factor * (one.mean + origin), rel=1e-10, abs=1e-11 * factor)
    assert other.skewness.statistic == approx(one.skewness.statistic, rel=1e-9, abs=1e-9)
    mirrored = {"minimum": "maximum", "maximum": "minimum", "q1": "q3", "q3": "q1"}
    turned = {mirrored[name]: -value for name, value in chosen.items()}
    back = conv.mean_sd_from_quantiles(-median, n, **turned, skewed="keep")
    assert (back.mean, back.sd) == approx((-one.mean, one.sd), rel=1e-12)
    assert chosen[min(chosen, key=chosen.get)] <= one.mean <= max(chosen.values())
