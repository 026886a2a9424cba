"""The table that a reviewer ticks: each number is that of the baseline it names."""

from __future__ import annotations

import math

import pytest
from pytest import approx

from bayes_ps.baseline import BaselineTable, baseline, baseline_table
from bayes_ps.checks import BayesPSError
from tests import references
from tests.unit.test_baseline_numbers import PAIN

MODELS = {
    "common effect": ("FE", "wald"),
    "random effects, DL/Wald": ("DL", "wald"),
    "random effects, REML/Wald": ("REML", "wald"),
    "random effects, REML/HKSJ": ("REML", "hksj"),
}


@pytest.mark.parametrize("name", references.UNIVARIATE)
def test_it_is_metafor_row_by_row(name):
    effects, metafor = references.effects(name), references.expected(name)["frequentist"]
    frame = baseline_table(effects).to_frame().set_index("result")
    random = metafor["RE"]
    want = {
        "common effect": metafor["FE"],
        "random effects, DL/Wald": random["DL"],
        "random effects, REML/Wald": random["REML"],
        "random effects, REML/HKSJ": random["REML"]["knha"] | {"est": random["REML"]["est"]},
    }
    for model, theirs in want.items():
        row = frame.loc[model]
        shown = (row["value"], row["lower"], row["upper"])
        assert shown == approx(
            (theirs["est"], theirs["ci_lb"], theirs["ci_ub"]), rel=1e-10, abs=1e-10 * theirs["se"]
        )
    assert frame["value"]["I2, from Q"] == approx(metafor["Q"]["I2_from_Q_pct"], rel=1e-12)
    assert frame["value"]["tau2, DL"] == approx(random["DL"]["tau2"], rel=1e-12)


def test_each_row_is_the_baseline_that_it_names():
    table = baseline_table(PAIN)
    frame = table.to_frame().set_index("result")
    assert isinstance(table, BaselineTable) and list(frame.index[:4]) == list(MODELS)
    for model, (tau2, ci) in MODELS.items():
        found, row = baseline(PAIN, tau2, ci), frame.loc[model]
        assert (row["value"], row["lower"], row["statistic"], row["df"], row["p"]) == (
            found.mu, found.lower, found.statistic, found.df, found.p,
        )  # fmt: skip
        assert row["method"] == "; ".join(found.methods[:2])
    reml = baseline(PAIN, "REML")
    assert frame["upper"]["tau, REML"] == math.sqrt(reml.tau2_interval.upper)
    assert "Q-profile" in frame["method"]["tau2, REML"]
    assert (frame["value"]["Q"], frame["p"]["Q"]) == (reml.q, reml.q_p)
    assert frame["upper"]["I2, REML"] == reml.i2_interval.upper
    assert frame["upper"]["I2, from Q"] == reml.i2_from_q_interval.upper
    assert frame["lower"]["prediction, REML/HKSJ"] == reml.prediction.lower
    assert frame["df"]["prediction, DL/Wald"] == 6


def test_it_is_one_sentence():
    assert str(baseline_table(PAIN)) == (
        "8 studies, MD in points (0-100), 95% intervals: common effect -6.056 (-8.272 to -3.84); "
        "DL/Wald -7.051 (-10.09 to -4.015); REML/Wald -7.098 (-10.19 to -4.005); "
        "REML/HKSJ -7.098 (-10.61 to -3.583); tau² 6.942 (DL), 7.571 (REML); "
        "Q 11.4 on 7 df (P = 0.12), I² 39%; prediction interval (REML/HKSJ) -14.75 to 0.5544."
    )
    assert repr(baseline_table(PAIN)).startswith("<BaselineTable: 8 studies")


def test_two_studies_have_no_prediction_interval_and_one_has_a_common_effect_only():
    two = baseline_table(references.effects("crins_rct_k2")).to_frame().set_index("result")
    assert math.isnan(two["lower"]["prediction, DL/Wald"])
    assert two["method"]["prediction, DL/Wald"] == "does not exist for so few studies"
    one = PAIN.where(PAIN.se == PAIN.se.min())
    table = baseline_table(one)
    assert table.random == () and list(table.to_frame()["result"]) == ["common effect"]
    assert str(table) == (
        "1 study, MD in points (0-100), 95% intervals: common effect -2 (-5.92 to 1.92)."
    )


def test_options_are_those_of_the_baseline():
    frame = baseline_table(PAIN, level=0.9, prediction="k-1").to_frame().set_index("result")
    found = baseline(PAIN, "REML", level=0.9, prediction="k-1")
    assert frame["lower"]["prediction, REML/HKSJ"] == found.prediction.lower
    with pytest.raises(BayesPSError, match="level must be between 0 and 1"):
        baseline_table(PAIN, level=95)
