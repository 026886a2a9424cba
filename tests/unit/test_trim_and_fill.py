"""Trim and fill: refusals, symmetry, what is filled, what it says."""

import numpy as np
import pytest
from pytest import approx

from bayes_ps.baseline import baseline
from bayes_ps.baseline.small_study import trim_and_fill
from bayes_ps.checks import ModelError
from tests.unit.making import PAIN, made

LOPSIDED = made(
    [0.10, 0.15, 0.2, 0.3, 0.35, 0.5, 0.8, 0.9, 1.2, 1.4],
    [0.08, 0.10, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5],
)


def test_a_lopsided_funnel_is_completed_by_mirror_images():
    found = trim_and_fill(LOPSIDED, "FE")
    assert (found.side, found.imputed.sum()) == ("left", found.k0) and found.k0 > 0
    filled = found.filled
    trimmed = np.argsort(LOPSIDED.y)[-found.k0 :]
    center = baseline(LOPSIDED.where(~np.isin(np.arange(10), trimmed)), "FE").mu
    assert filled.y[found.imputed] == approx(2 * center - LOPSIDED.y[trimmed])
    assert filled.se[found.imputed] == approx(LOPSIDED.se[trimmed])
    assert list(filled.study[:10]) == list(LOPSIDED.study)
    assert filled.study[-1].startswith("Filled: ")
    assert found.adjusted.mu == baseline(filled, "FE").mu < found.observed.mu


def test_turning_the_signs_turns_the_side():
    turned = made(-LOPSIDED.y, LOPSIDED.se)
    one, other = trim_and_fill(LOPSIDED), trim_and_fill(turned)
    assert (one.side, other.side) == ("left", "right") and one.k0 == other.k0
    assert one.adjusted.mu == approx(-other.adjusted.mu)


def test_a_symmetric_funnel_needs_nothing():
    found = trim_and_fill(made([1, 3, 0, 4, 2, -1, 5], [1, 1, 2, 2, 0.5, 3, 3]), "FE", side="left")
    assert found.k0 == 0 and not found.imputed.any()
    assert found.adjusted.mu == found.observed.mu
    assert "None filled does not show" in " ".join(found.notes)


def test_r0_tests_and_l0_does_not():
    assert trim_and_fill(LOPSIDED, estimator="L0").p_k0 is None
    found = trim_and_fill(LOPSIDED, estimator="R0")
    assert found.p_k0 == 0.5 ** (found.k0 + 1)
    assert f"P of none {found.p_k0:.3f}" in str(found)


def test_it_says_what_was_computed_and_that_it_is_no_evidence():
    sentence, *notes = str(trim_and_fill(LOPSIDED, "DL", "wald")).splitlines()
    assert sentence.startswith("Trim and fill (L0, DL, wald): ")
    assert "missing on the left" in sentence
    assert "mirror images, not evidence" in notes[0] and "side was chosen" in notes[1]
    assert trim_and_fill(LOPSIDED).to_frame().studies.tolist() == ["observed", "filled"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"estimator": "Q0"}, 'estimator must be one of "L0", "R0"'),
        ({"side": "up"}, 'side must be "left" or "right"'),
        ({"tau2": "SJx"}, "tau2 must be one of"),
    ],
)
def test_unknown_options_say_what_exists(wrong, message):
    with pytest.raises(ModelError, match=message):
        trim_and_fill(LOPSIDED, **wrong)


def test_studies_that_show_no_funnel_are_refused():
    with pytest.raises(ModelError, match="at least 3 studies"):
        trim_and_fill(PAIN.where(np.arange(8) < 2))
    with pytest.raises(ModelError, match="All effects are equal"):
        trim_and_fill(made([2, 2, 2, 2], [1, 2, 3, 4]))
    one_size = made([1, 2, 4, 3], [1, 1, 1, 1])
    with pytest.raises(ModelError, match="same se"):
        trim_and_fill(one_size)
    assert trim_and_fill(one_size, side="left").k0 >= 0
