"""Variance inflation against what it means: 1/(1 − R²) of a weighted regression on the others."""

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps.baseline.regression import meta_regression
from tests import references
from tests.unit.making import made

RNG = np.random.default_rng(8)
A = RNG.normal(size=30)
B = 0.9 * A + 0.3 * RNG.normal(size=30)
C = RNG.normal(size=30)
G = np.array(["u", "v", "w"] * 10)
EFFECTS = made(
    RNG.normal(size=30), RNG.uniform(0.3, 2, 30), study=[str(row) for row in range(30)]
).with_data(pd.DataFrame({"a": A, "b": B, "c": C, "g": G}))


@pytest.mark.parametrize("test", ["z", "knha"])
def test_vif_is_one_over_one_minus_r2(test):
    found = meta_regression(EFFECTS, "a + b + c", "REML", test)
    table = found.vif().set_index("term")
    w = 1 / (EFFECTS.se**2 + found.tau2)
    for name, column in {"a": A, "b": B, "c": C}.items():
        others = [x for other, x in {"a": A, "b": B, "c": C}.items() if other != name]
        X = np.column_stack([np.ones(30), *others])
        beta = np.linalg.solve(X.T @ (w[:, None] * X), X.T @ (w * column))
        mean = w @ column / w.sum()
        r2 = 1 - w @ (column - X @ beta) ** 2 / (w @ (column - mean) ** 2)
        assert table.loc[name, "gvif"] == approx(1 / (1 - r2), rel=1e-9)
        assert table.loc[name, "per_coefficient"] == approx((1 - r2) ** -0.5, rel=1e-9)
    assert table.loc["a", "gvif"] > 5 > table.loc["c", "gvif"] > 1


def test_a_term_of_several_columns_does_not_depend_on_its_reference():
    one = meta_regression(EFFECTS, "a + g").vif().set_index("term")
    order = {"u": "z", "v": "y", "w": "x"}
    renamed = EFFECTS.with_data(EFFECTS.data.assign(g=[order[level] for level in G]))
    other = meta_regression(renamed, "a + g").vif().set_index("term")
    assert list(one.columns) == ["columns", "gvif", "per_coefficient"]
    assert one.loc["g", "columns"] == 2
    assert other.loc["g", "gvif"] == approx(one.loc["g", "gvif"], rel=1e-9)
    # Two terms: the generalised inflation of one is that of the other (Fox & Monette 1992).
    assert one.loc["g", "gvif"] == approx(one.loc["a", "gvif"], rel=1e-9)
    assert one.loc["g", "per_coefficient"] == approx(one.loc["g", "gvif"] ** 0.25, rel=1e-12)


def test_one_moderator_is_not_inflated():
    moderators = references.table("bcg")[["ablat"]]
    effects = references.effects("bcg").with_data(moderators)
    assert meta_regression(effects, "ablat").vif()["gvif"][0] == approx(1)
    assert len(meta_regression(effects, "1").vif()) == 0
