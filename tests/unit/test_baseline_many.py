"""Many analyses at once are the same as one by one, and a bad one spoils no other."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps.baseline import baseline, baseline_many
from bayes_ps.baseline.batch import COLUMNS
from bayes_ps.baseline.estimators import TAU2
from bayes_ps.baseline.mean_intervals import CI
from bayes_ps.checks import BayesPSError, StudyTableError
from bayes_ps.effects import Effects
from tests import references
from tests.unit.test_baseline_numbers import HARD

EVERYTHING = {name: references.effects(name) for name in references.UNIVARIATE} | HARD
AT_ONCE = [code for code in CI if code != "henmi-copas"]


def long_table(named: dict[str, Effects]) -> pd.DataFrame:
    """All studies in one table, the analyses interleaved."""
    tables = [
        pd.DataFrame({"analysis": name, "y": each.y, "se": each.se}) for name, each in named.items()
    ]
    return pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)


TABLE = long_table(EVERYTHING)


def same(found: pd.Series, one, effects: Effects) -> None:
    smallest = effects.se.min() ** 2
    assert found["tau2"] == approx(one.tau2, rel=1e-12, abs=1e-13 * smallest)
    for column in ("mu", "lower", "upper"):
        scale = max(abs(getattr(one, column)), one.se)
        assert found[column] == approx(getattr(one, column), rel=0, abs=1e-12 * scale)
    for column in ("se", "statistic", "df", "q", "h2"):
        assert found[column] == approx(getattr(one, column), rel=1e-12), column
    assert found["i2"] == approx(one.i2, rel=1e-12, abs=1e-11)
    for column in ("p", "q_p"):  # the tail of a distribution at a value known to 1e-15
        assert found[column] == approx(getattr(one, column), rel=1e-11, abs=1e-300), column
    if one.prediction is None:
        assert math.isnan(found["prediction_lower"]) and math.isnan(found["prediction_upper"])
    else:
        width = one.prediction.upper - one.prediction.lower
        ends = (found["prediction_lower"], found["prediction_upper"])
        assert ends == approx(tuple(one.prediction), rel=0, abs=1e-12 * (width + abs(one.mu)))


@pytest.mark.parametrize("tau2", TAU2)
@pytest.mark.parametrize("ci", AT_ONCE)
def test_every_method_is_the_same_as_for_one(tau2, ci):
    if ci == "kenward-roger" and tau2 != "REML":
        with pytest.raises(BayesPSError, match='derived for tau2="REML"'):
            baseline_many(TABLE, "analysis", tau2, ci)
        return
    found = baseline_many(TABLE, "analysis", tau2, ci).set_index("analysis")
    assert list(found.index) == list(EVERYTHING) and not any(found["problem"])
    for name, effects in EVERYTHING.items():
        assert found["k"][name] == effects.k
        same(found.loc[name], baseline(effects, tau2, ci), effects)


@pytest.mark.parametrize("prediction", ["z", "HTS", "k-1", "KR"])
@pytest.mark.parametrize("level", [0.8, 0.99])
def test_every_prediction_interval_and_level_is_the_same_as_for_one(prediction, level):
    ci = "kenward-roger" if prediction == "KR" else "hksj"
    options = {"prediction": prediction, "level": level}
    found = baseline_many(TABLE, "analysis", "REML", ci, **options).set_index("analysis")
    for name, effects in EVERYTHING.items():
        same(found.loc[name], baseline(effects, "REML", ci, **options), effects)


def test_the_default_interval_is_that_of_one():
    random, common = (baseline_many(TABLE, "analysis", tau2) for tau2 in ("REML", "FE"))
    assert math.isinf(common["df"].min()) and random["df"].iloc[0] == 12
    assert common["prediction_lower"].isna().all()


def test_an_analysis_with_a_bad_row_is_marked_and_no_other_is_touched():
    spoilt = TABLE.copy()
    row = spoilt.index[spoilt["analysis"] == "hinks"][1]
    spoilt.loc[row, "se"] = -1.0
    good, bad = (baseline_many(each, "analysis") for each in (TABLE, spoilt))
    of_hinks = bad["analysis"] == "hinks"
    assert bad.loc[of_hinks, "problem"].item() == (
        f"'se' must be a number > 0, but is -1 in row {row + 1}."
    )
    assert bad.loc[of_hinks, list(COLUMNS)].isna().all(axis=None)
    pd.testing.assert_frame_equal(bad[~of_hinks], good[~of_hinks])


def test_one_study_is_a_problem_of_random_effects_only():
    table = pd.DataFrame({"outcome": ["a", "b", "b"], "y": [1.0, 2.0, 3.0], "se": [0.5, 1.0, 1.0]})
    found = baseline_many(table, "outcome")
    assert "One study says nothing of tau²" in found["problem"][0] and found["problem"][1] == ""
    assert math.isnan(found["mu"][0]) and found["mu"][1] == 2.5
    common = baseline_many(table, "outcome", "FE")
    assert list(common["problem"]) == ["", ""] and list(common["mu"]) == [1.0, 2.5]
    assert (common["q"][0], common["q_df"][0]) == (0, 0) and math.isnan(common["i2"][0])
    assert "needs k - 1 > 0" in baseline_many(table, "outcome", "FE", "t")["problem"][0]


def test_several_columns_may_name_an_analysis_and_columns_may_have_other_names():
    table = TABLE.assign(half=TABLE.index % 2).rename(columns={"y": "estimate", "se": "error"})
    found = baseline_many(table, ["analysis", "half"], y="estimate", se="error")
    assert list(found.columns[:3]) == ["analysis", "half", "k"]
    assert found["k"].sum() == len(TABLE)
    with pytest.raises(StudyTableError, match="no column 'y'"):
        baseline_many(table, "analysis")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"tau2": "DLx"}, 'tau2 must be one of "FE", "DL"'),
        ({"ci": "HKSJ"}, "ci must be one of"),
        ({"level": 95}, "For 95 % pass 0.95"),
        ({"tau2": "DL", "ci": "henmi-copas"}, "one analysis at a time"),
        ({"prediction": "bootstrap"}, "one analysis at a time"),
        ({"prediction": "PI"}, "prediction must be one of"),
    ],
)
def test_what_cannot_be_done_for_many_is_refused(wrong, message):
    with pytest.raises(BayesPSError, match=message):
        baseline_many(TABLE, "analysis", **wrong)


def test_an_empty_table_gives_an_empty_one():
    found = baseline_many(TABLE.iloc[:0], "analysis")
    assert len(found) == 0 and list(found.columns) == ["analysis", "k", *COLUMNS, "problem"]


def test_identical_estimates_are_no_nan():
    table = pd.DataFrame({"a": [1] * 3 + [2] * 3, "y": [0.0] * 3 + [5.0] * 3, "se": [1, 2, 3] * 2})
    found = baseline_many(table, "a")
    numbers = found[[c for c in COLUMNS if not c.startswith("prediction")]].to_numpy()
    assert not np.isnan(numbers).any()
    assert list(found["p"]) == [1, 0] and list(found["tau2"]) == [0, 0]
