"""Leave-one-out, cumulative, influence: what they refuse, what they say, their identities."""

import math

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps.baseline import baseline
from bayes_ps.baseline.influence import (
    baseline_cumulative,
    baseline_influence,
    baseline_leave_one_out,
)
from bayes_ps.checks import ModelError, StudyTableError
from tests.unit.making import PAIN, made

YEARS = PAIN.with_data(pd.DataFrame({"year": [2003, 2001, 2002, 2001, 2008, 2007, 2006, 2005]}))


@pytest.mark.parametrize("function", [baseline_leave_one_out, baseline_influence])
@pytest.mark.parametrize(("k", "tau2", "least"), [(1, "REML", 3), (2, "DL", 3), (1, "FE", 2)])
def test_too_few_studies_to_leave_one_out(function, k, tau2, least):
    with pytest.raises(ModelError, match=f'at least {least} studies with tau2="{tau2}"'):
        function(PAIN.where(np.arange(8) < k), tau2)


def test_two_studies_have_a_common_effect_without_each():
    two = PAIN.where(np.arange(8) < 2)
    assert baseline_leave_one_out(two, "FE").to_frame().mu.tolist() == approx([-4.5, -12])
    frame = baseline_influence(two, "FE").to_frame()
    assert frame.rstudent.tolist() == approx([-7.5 / math.hypot(4, 2.5), 7.5 / math.hypot(4, 2.5)])
    assert frame.drop(columns="study").notna().to_numpy().all()


def test_equal_effects_move_nothing():
    found = baseline_influence(made([3.0, 3.0, 3.0, 3.0], [1, 2, 3, 4])).to_frame()
    for column in ("rstudent", "dffits", "cook.d", "dfbs", "baujat.x", "baujat.y"):
        assert found[column].tolist() == [0, 0, 0, 0]
    assert not found["inf"].any()


def test_common_effect_has_the_closed_forms_of_regression():
    """Without tau², deletion formulas of weighted least squares with known variances hold."""
    found = baseline_influence(PAIN, "FE")
    v, mu = PAIN.se**2, baseline(PAIN, "FE").mu
    h = (1 / v) / (1 / v).sum()
    residual = PAIN.y - mu
    assert found.hat == approx(h)
    assert found.rstudent == approx(residual / np.sqrt(v * (1 - h)))
    assert found.cook_d == approx(residual**2 / v * h / (1 - h) ** 2)
    assert found.cov_r == approx(1 / (1 - h))
    assert found.dffits == approx(found.dfbetas)
    assert found.baujat_q.sum() == approx(baseline(PAIN, "FE").q)
    assert found.baujat_shift == approx(found.cook_d * (1 - h))


def test_marks_follow_the_rules_of_thumb():
    far = made([0.0, 0.1, -0.1, 0.05, -0.05, 0.1, 5.0], [0.2] * 6 + [0.1])
    found = baseline_influence(far)
    assert found.influential.tolist() == [False] * 6 + [True]
    assert "Marked by metafor's rules of thumb: G" in str(found)
    assert "furthest from the others is G" in str(found)
    assert "none" in str(baseline_influence(PAIN))


def test_leave_one_out_is_the_baseline_of_the_others():
    refits = baseline_leave_one_out(PAIN, "DL", "hksj", level=0.9)
    for name, fit in zip(refits.changed, refits.fits, strict=True):
        alone = baseline(PAIN.drop(name), "DL", "hksj", level=0.9)
        assert (fit.mu, fit.lower, fit.tau2) == (alone.mu, alone.lower, alone.tau2)
    assert refits.full.mu == baseline(PAIN, "DL").mu
    assert list(refits.to_frame().columns)[:3] == ["omitted", "k", "mu"]


def test_leave_one_out_says_what_turns():
    said = str(baseline_leave_one_out(PAIN))
    assert "between -8.036 (without E) and -6.373 (without A)" in said and "Without" not in said
    fragile = made([-5, -1, 0.5, -6], [1.2, 2, 2, 3])
    refits = baseline_leave_one_out(fragile, "FE")
    turned = [fit.upper > 0 for fit in refits.fits]
    assert turned == [True, False, False, False] and refits.full.upper < 0
    assert str(refits).endswith("Without A the interval includes no effect.")


def test_cumulative_follows_the_order_and_says_since_when():
    steps = baseline_cumulative(YEARS, "year", "DL")
    assert steps.changed == ("B", "D", "C", "A", "H", "G", "F", "E")
    assert [fit.k for fit in steps.fits] == list(range(1, 9))
    assert steps.fits[-1].mu == approx(baseline(PAIN, "DL").mu, rel=1e-14)
    first = steps.to_frame().iloc[0]
    assert (first.mu, first.se) == (-4.5, 2.5) and first[["tau2", "i2", "q", "q_p"]].isna().all()
    assert steps.fits[0].ci == "wald" and "one study" in steps.notes[0]
    since = [fit.upper < 0 for fit in steps.fits]
    last_within = max(n for n, below in enumerate(since) if not below)
    assert f"has lain below no effect since {steps.changed[last_within + 1]}." in str(steps)


def test_ties_are_told_and_can_enter_together():
    steps = baseline_cumulative(YEARS, "year", "FE")
    assert any("share a value" in note for note in steps.notes)
    together = baseline_cumulative(YEARS, "year", "FE", together=True)
    assert together.changed[0] == "B, D" and together.fits[0].k == 2
    assert together.notes == () and len(together.fits) == 7


def test_cumulative_by_precision():
    assert baseline_cumulative(PAIN, "se").changed == ("E", "B", "F", "G", "A", "H", "C", "D")


def test_cumulative_needs_a_known_order():
    with pytest.raises(StudyTableError, match="no column 'year'"):
        baseline_cumulative(PAIN, "year")
    gap = PAIN.with_data(pd.DataFrame({"year": [2000, None, 2002, 2003, 2004, 2005, 2006, 2007]}))
    with pytest.raises(StudyTableError, match='"year" is missing for "B"'):
        baseline_cumulative(gap, "year")


def test_results_are_frozen_and_read_only():
    found = baseline_influence(PAIN)
    with pytest.raises(AttributeError):
        found.estimator = "DL"
    assert not found.rstudent.flags.writeable
