"""Counts of 0: what each correction adds, and what becomes of studies without events."""

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps.checks import StudyTableError
from bayes_ps.effects import effect_sizes

Z = 1.959963984540054
ZEROS = pd.DataFrame(
    {
        "study": ["Adams", "Barlow", "Chan", "Davis"],
        "events_t": [0, 0, 30, 4],
        "n_t": [20, 30, 30, 20],
        "events_c": [3, 0, 10, 5],
        "n_c": [25, 10, 10, 20],
    }
)


def sizes(measure="OR", table=ZEROS, **options):
    return effect_sizes(table, measure=measure, better="lower", **options)


def test_metafor_adds_a_half_to_each_cell_of_a_study_with_a_zero():
    effects = sizes("RD", correction="metafor")
    assert effects.y == approx(
        [0.5 / 21 - 3.5 / 26, 0.5 / 31 - 0.5 / 11, 30.5 / 31 - 10.5 / 11, -0.05]
    )
    assert effects.formulas.endswith("½ added to each cell of 3 studies with a zero")


def test_nothing_is_added_where_nothing_is_0():
    whole = ZEROS.iloc[[3]]
    for correction in ("metafor", "revman", "treatment-arm", "none"):
        effects = sizes(table=whole, correction=correction)
        assert effects.y == approx(np.log(4 * 15 / (16 * 5))) and "added" not in effects.formulas


def test_the_treatment_arm_correction_by_hand_and_its_log_odds_ratio_of_nothing():
    """Sweeting 2004: 0/20 and 3/25 become (20/45)/(20 + 20/45) and (3 + 25/45)/(22 + 25/45)."""
    effects = sizes(correction="treatment-arm", double_zero="keep")
    t, c = 20 / 45, 25 / 45
    assert effects.y[0] == approx(np.log(t * (22 + c) / ((20 + t) * (3 + c))))
    assert effects.se[0] ** 2 == approx(1 / t + 1 / (20 + t) + 1 / (3 + c) + 1 / (22 + c))
    assert effects.y[1:3] == approx([0, 0], abs=1e-15)
    half = sizes(correction="metafor", double_zero="keep")
    assert abs(half.y[1]) > 1  # ½ says that the larger of two empty arms did better


def test_revman_by_the_rows_that_it_printed():
    """CD001703 analysis 1.25 (28/28 and 29/29: RR 1), CD015804 1.2 and 1.9, Cochrane Library."""
    table = pd.DataFrame(
        [
            ("A", 28, 28, 29, 29),
            ("B", 105, 106, 53, 53),
            ("C", 0, 224, 2, 224),
            ("D", 10, 31, 0, 31),
        ],
        columns=["study", "events_t", "n_t", "events_c", "n_c"],
    )
    effects = sizes("RR", table, correction="revman", variance="RevMan")
    assert np.exp(effects.y) == approx([1, 0.995196, 0.2, 21], rel=1e-6)
    low, high = np.exp(effects.y - Z * effects.se), np.exp(effects.y + Z * effects.se)
    assert low == approx([0.935159, 0.961656, 0.009656, 1.284181], rel=1e-4)
    assert high == approx([1.069337, 1.029905, 4.142490, 343.409608], rel=1e-6)


def test_revman_peto_is_not_corrected():
    """CD001703 analysis 1.26: 1/38 and 0/33 is 6.478060 (0.127293 to 329.674380)."""
    table = pd.DataFrame(
        {"study": ["A"], "events_t": [1], "n_t": [38], "events_c": [0], "n_c": [33]}
    )
    effects = sizes("PETO", table, correction="revman")
    assert np.exp(effects.y[0]) == approx(6.478060, rel=1e-6)
    assert np.exp(effects.y[0] - Z * effects.se[0]) == approx(0.127293, rel=1e-5)


def test_revman_rd_is_corrected_only_where_its_se_would_be_0():
    effects = sizes("RD", correction="revman")
    assert effects.y.tolist() == [-3 / 25, 0, 0, 4 / 20 - 5 / 20]
    assert effects.se[0] ** 2 == approx(3 * 22 / 25**3)
    assert effects.se[1] ** 2 == approx(0.5 * 30.5 / 31**3 + 0.5 * 10.5 / 11**3)


@pytest.mark.parametrize("measure", ["OR", "PETO"])
def test_a_study_that_says_nothing_of_a_ratio_is_named(measure):
    with pytest.raises(StudyTableError) as caught:
        sizes(measure)
    said = str(caught.value)
    assert '"Barlow" (row 2) (1 more like it) has no event in either arm' in said
    assert f"says nothing of the {measure}" in said and 'double_zero="drop"' in said
    effects = sizes(measure, double_zero="drop")
    assert effects.study.tolist() == ["Adams", "Davis"]
    assert effects.data["n_t"].tolist() == [20, 20]
    assert effects.formulas.endswith(
        "left out, as both arms have no event or nothing else: Barlow, Chan"
    )


def test_the_rr_keeps_a_study_with_nothing_but_events():
    assert sizes("RR", double_zero="drop").study.tolist() == ["Adams", "Chan", "Davis"]


def test_measures_that_keep_studies_without_events():
    for measure in ("RD", "AS"):
        assert sizes(measure).k == 4
    raw = sizes("AS")
    assert raw.y[1] == 0 and raw.se[1] ** 2 == approx(1 / 120 + 1 / 40)


def test_rates_and_proportions():
    rates = pd.DataFrame(
        {
            "study": ["A", "B"],
            "events_t": [0, 0],
            "time_t": [9, 9],
            "events_c": [2, 0],
            "time_c": [8, 8],
        }
    )
    assert sizes("IRR", rates, double_zero="drop").y == approx(np.log(0.5 / 9 / (2.5 / 8)))
    ird = sizes("IRD", rates, unit="per year")
    assert ird.y == approx([0.5 / 9 - 2.5 / 8, 0.5 / 9 - 0.5 / 8])
    one = pd.DataFrame({"study": ["A", "B"], "n": [10, 10], "events": [0, 4]})
    assert sizes("PLO", one).y == approx([np.log(0.5 / 10.5), np.log(4 / 6)])
    assert sizes("PR", one).y == approx([0.5 / 11, 0.4])
    assert sizes("PAS", one).y == approx([0, np.arcsin(0.4**0.5)])


def test_options_that_do_not_exist():
    with pytest.raises(StudyTableError, match="one of metafor, revman, none, treatment-arm for OR"):
        sizes(correction="half")
    rates = pd.DataFrame(
        {"study": ["A"], "events_t": [1], "time_t": [9], "events_c": [2], "time_c": [8]}
    )
    with pytest.raises(StudyTableError, match="one of metafor, none for IRR, but is 'revman'"):
        sizes("IRR", rates, correction="revman")
    with pytest.raises(StudyTableError, match=r'"error", "drop" or "keep", but is .leave'):
        sizes(double_zero="leave")
    with pytest.raises(StudyTableError, match="they say nothing of the OR"):
        sizes(table=ZEROS.iloc[[1, 2]], double_zero="drop")
