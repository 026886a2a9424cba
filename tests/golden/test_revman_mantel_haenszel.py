"""Mantel-Haenszel beside RevMan: only its own tau² gives the weights that Cochrane reviews publish.

The weights, with six decimals: ``tests/validation/cases_two_by_two.py``. A weight of "M-H, Random"
is 1/(v + tau²), so that it shows tau² itself: RevMan takes it from Q around the Mantel-Haenszel
estimate, whose counts have ½ added where a trial has a zero cell.
"""

import numpy as np
import pytest
from pytest import approx

from bayes_ps.baseline.two_by_two import mantel_haenszel
from bayes_ps.baseline.two_by_two.counts import counts_of
from bayes_ps.baseline.two_by_two.heterogeneity_of_trials import around
from bayes_ps.baseline.two_by_two.mantel_haenszel_formulas import risk_ratio
from tests.validation.cases_two_by_two import PRINTED
from tests.validation.data_revman import PAIN_AT_4_TO_7_DAYS, RANDOM, WITHDRAWALS, trials


def test_a_trial_without_events_has_no_weight():
    found = mantel_haenszel(trials(WITHDRAWALS), measure="RR", tau2="DL")
    assert found.weights[0] == 0 and not np.isfinite(found.y[0])


@pytest.mark.parametrize("rows", RANDOM.values(), ids=RANDOM)
def test_tau2_around_the_inverse_variance_mean_is_not_what_revman_prints(rows):
    """The weights can tell the variants apart: with the other tau² they miss by far more."""
    printed_rows = trials(rows)
    found = mantel_haenszel(printed_rows, measure="RR", tau2="DL")
    there = np.isfinite(found.y)
    y, v = found.y[there], found.se_study[there] ** 2
    inverse_variance = float((y / v).sum() / (1 / v).sum())
    other = 1 / (v + around(inverse_variance, y, v).tau2)
    printed = printed_rows["weight"].dropna().to_numpy()
    assert np.abs(100 * other / other.sum() - printed).max() > 100 * PRINTED


def test_halves_enter_the_pooled_counts():
    """Without them the weights of an analysis with a zero cell miss RevMan's by 0.03 per cent."""
    printed_rows = trials(PAIN_AT_4_TO_7_DAYS)
    found = mantel_haenszel(printed_rows, measure="RR", tau2="DL")
    y, v = found.y, found.se_study**2
    raw = risk_ratio(counts_of(printed_rows, None)).mu
    other = 1 / (v + around(raw, y, v).tau2)
    error = np.abs(100 * other / other.sum() - printed_rows["weight"].to_numpy()).max()
    assert error == approx(0.026, abs=0.001)
