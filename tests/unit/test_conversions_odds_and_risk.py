"""SMD, log odds ratio, log risk ratio: beside the distributions and tables that define them."""

import numpy as np
import pytest
from pytest import approx
from scipy import stats

from bayes_ps.checks import StudyTableError
from bayes_ps.effects.conversions import (
    log_or_from_log_rr,
    log_or_from_smd,
    log_rr_from_log_or,
    smd_from_log_or,
)


@pytest.mark.parametrize("cut", [-3.0, 0.2, 5.0])
def test_logistic_outcomes_have_one_odds_ratio_at_every_cut(cut):
    """Scale 1 has SD π/√3; a shift of 0.5 SD."""
    shift = 0.5 * stats.logistic.std()
    risk = stats.logistic.sf(cut - shift), stats.logistic.sf(cut)
    log_or = np.log(risk[0] / (1 - risk[0])) - np.log(risk[1] / (1 - risk[1]))
    assert log_or_from_smd(0.5).y == approx(log_or, rel=1e-12)


def test_normal_outcomes_near_the_middle():
    """Cox's 1.65 beside the odds ratio of a normal outcome cut between the means: within 4 %."""
    for d in (0.2, 0.5, 0.8):
        risk = stats.norm.sf(-d / 2)
        assert log_or_from_smd(d, distribution="normal").y == approx(
            2 * np.log(risk / (1 - risk)), rel=0.04
        )


@pytest.mark.parametrize(("distribution", "factor"), [("logistic", 1.813799364), ("normal", 1.65)])
def test_y_and_se_by_one_factor(distribution, factor):
    found = log_or_from_smd([0.5, -1], [0.1, 0.2], distribution=distribution)
    assert found.y == approx([0.5 * factor, -factor], rel=1e-9)
    assert found.se == approx([0.1 * factor, 0.2 * factor], rel=1e-9)
    back = smd_from_log_or(found.y, found.se, distribution=distribution)
    assert back.y == approx([0.5, -1], rel=1e-14) and back.se == approx([0.1, 0.2], rel=1e-14)
    assert str(found) == "2 estimates with SEs"
    assert str(log_or_from_smd(0.5, distribution="normal")) == "0.825"


def test_risk_ratio_of_a_table():
    """Risks 0.7 and 0.4: OR 3.5, RR 1.75 (help of R's effectsize)."""
    found = log_rr_from_log_or(np.log(3.5), 0.3, baseline_risk=0.4)
    assert np.exp(found.y) == approx(1.75, rel=1e-14)
    assert found.se == approx(0.3 * 0.6 / 2, rel=1e-14)
    back = log_or_from_log_rr(found.y, found.se, baseline_risk=0.4)
    assert np.exp(back.y) == approx(3.5, rel=1e-14) and back.se == approx(0.3, rel=1e-14)
    assert str(found) == "0.5596 (SE 0.09)"


def test_the_se_is_the_slope():
    h, y = 1e-6, np.array([-2.0, 0.1, 1.5])
    ends = [log_rr_from_log_or(y + step, baseline_risk=0.2).y for step in (h, -h)]
    found = log_rr_from_log_or(y, 1, baseline_risk=0.2)
    assert found.se == approx((ends[0] - ends[1]) / (2 * h), rel=1e-8)


def test_rare_outcomes_have_one_ratio():
    assert log_rr_from_log_or(0.7, baseline_risk=1e-9).y == approx(0.7, rel=1e-8)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: log_or_from_smd(1, 0), '"se" must be above 0'),
        (lambda: log_or_from_smd(1, distribution="cox"), '"logistic" or "normal"'),
        (lambda: log_rr_from_log_or(1, baseline_risk=[0.2, 30]), '"baseline_risk" must be .*row 2'),
        (lambda: log_rr_from_log_or(1, -1, baseline_risk=0.2), '"se" must be above 0'),
        (lambda: log_or_from_log_rr([0, 1], baseline_risk=0.5), "baseline_risk × RR.* row 2"),
        (lambda: log_or_from_log_rr(1, baseline_risk=0), '"baseline_risk" must be between 0 and'),
    ],
)
def test_what_cannot_be_converted(call, said):
    with pytest.raises(StudyTableError, match=said):
        call()
