"""What must hold for every effect size: its unit, its origin, and which arm comes first."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from pytest import approx

import bayes_ps as bps
from tests.properties.strategies import arms, numbers

EACH = pytest.mark.parametrize(
    ("measure", "variance"), [("MD", "LS"), ("SMD", "LS"), ("SMD", "RevMan")]
)


def sizes(table, measure, variance):
    unit = "points" if measure == "MD" else None
    return bps.effect_sizes(table, measure=measure, variance=variance, better="lower", unit=unit)


@EACH
@given(table=arms(), factor=numbers(1e-3, 1e3), origin=numbers(-1000, 1000))
def test_unit_and_origin(measure, variance, table, factor, origin):
    """An SMD does not know them; an MD is multiplied by the unit."""
    one = sizes(table, measure, variance)
    other = table.copy()
    for arm in "tc":
        other[f"mean_{arm}"] = factor * table[f"mean_{arm}"] + origin
        other[f"sd_{arm}"] = factor * table[f"sd_{arm}"]
    other = sizes(other, measure, variance)
    times = factor if measure == "MD" else 1
    rounding = 1e-13 * (np.abs(origin) / factor + 100) / table[["sd_t", "sd_c"]].to_numpy().min()
    assert other.y / times == approx(one.y, rel=1e-12, abs=rounding * 50)
    assert other.se / times == approx(one.se, rel=1e-9, abs=rounding)


@EACH
@given(table=arms())
def test_swapping_the_arms_flips_y_and_keeps_se(measure, variance, table):
    names = {f"{part}_{a}": f"{part}_{b}" for part in ("n", "mean", "sd") for a, b in ("tc", "ct")}
    one, other = (
        sizes(table, measure, variance),
        sizes(table.rename(columns=names), measure, variance),
    )
    assert other.y.tolist() == (-one.y).tolist() and other.se.tolist() == one.se.tolist()


@EACH
@given(table=arms(least=2), data=st.data())
def test_a_study_does_not_know_the_others(measure, variance, table, data):
    row = data.draw(st.integers(0, len(table) - 1))
    alone, together = (sizes(t, measure, variance) for t in (table.iloc[[row]], table))
    assert alone.y[0] == approx(together.y[row], rel=1e-13)
    assert alone.se[0] == approx(together.se[row], rel=1e-13)


@given(table=arms(), doubled=st.integers(2, 9))
def test_more_patients_make_a_smaller_error(table, doubled):
    more = table.assign(n_t=doubled * table["n_t"], n_c=doubled * table["n_c"])
    one, other = (sizes(t, "MD", "LS") for t in (table, more))
    assert other.se == approx(one.se / doubled**0.5, rel=1e-13)
