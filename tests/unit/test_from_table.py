"""`effect_sizes`: from tables of arms or estimates, and what a broken table is told."""

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy import stats

from bayes_ps.checks import StudyTableError
from bayes_ps.effects import effect_sizes

ARMS = pd.DataFrame(
    {
        "study": ["Adams 2001", "Barlow 2000", "Chan 2010"],
        "n_t": [25, 10, 40],
        "mean_t": [40.0, 31.5, 22],
        "sd_t": [20.0, 5, 8],
        "n_c": [25, 12, 10],
        "mean_c": [50.0, 30, 22],
        "sd_c": [15.0, 6, 4],
        "comparator": ["active", "none", "none"],
    },
    index=[5, 3, 1],
)
ESTIMATES = pd.DataFrame(
    {"study": ["A", "B"], "estimate": [-1.0, 2], "se": [0.5, np.nan], "p": [0.9, 0.05]}
)


def sizes(table=ARMS, **changed):
    given = {"measure": "MD", "better": "lower", "unit": "points"} | changed
    return effect_sizes(table, **given)


def with_cell(column, value, row=1):
    table = ARMS.astype({column: object})
    table.iloc[row, table.columns.get_loc(column)] = value
    return table


def test_a_table_of_arms_by_hand():
    """−10 ± sqrt(400/25 + 225/25) = 5; 1.5 ± sqrt(25/10 + 36/12); 0 ± sqrt(64/40 + 16/10)."""
    effects = sizes()
    assert effects.y.tolist() == [-10, 1.5, 0]
    assert effects.se == approx([5, 5.5**0.5, 3.2**0.5], rel=1e-15)
    assert effects.formulas == "MD with unequal variances, sd²/n of each arm"
    assert sizes(variance="RevMan").se == approx(effects.se, rel=1e-15)


def test_the_other_columns_are_carried_along():
    effects = sizes()
    assert list(effects.data) == [column for column in ARMS if column != "study"]
    assert effects.where(effects.data["comparator"] == "none").study.tolist() == [
        "Barlow 2000",
        "Chan 2010",
    ]


def test_a_path_is_read(tmp_path):
    ARMS.to_csv(tmp_path / "pain.csv", index=False)
    assert sizes(tmp_path / "pain.csv").se.tolist() == sizes().se.tolist()


@pytest.mark.parametrize("column", ["study", "sd_c"])
def test_a_missing_column_says_which_and_how_to_name_it(column):
    with pytest.raises(StudyTableError) as caught:
        sizes(ARMS.drop(columns=column))
    assert f"The table has no column '{column}'. It has: " in str(caught.value)
    assert f'columns={{"{column}": "your name"}}' in str(caught.value)


def test_text_in_a_number_names_the_study():
    with pytest.raises(
        StudyTableError, match=r"\"sd_t\".*'not given' in \"Barlow 2000\" \(row 2\)"
    ):
        sizes(with_cell("sd_t", "not given"))


@pytest.mark.parametrize("value", [np.nan, None, np.inf])
def test_a_gap_in_a_number_names_the_study(value):
    with pytest.raises(StudyTableError, match=r'"mean_c" must be known.*"Barlow 2000".*Fill it'):
        sizes(with_cell("mean_c", value))


@pytest.mark.parametrize("sd", [0, -5])
def test_an_sd_is_above_0_and_may_be_a_standard_error_in_truth(sd):
    with pytest.raises(StudyTableError) as caught:
        sizes(with_cell("sd_t", sd))
    assert f'"sd_t" must be > 0, but is {sd} in "Barlow 2000" (row 2)' in str(caught.value)
    assert "sd = se * sqrt(n)" in str(caught.value)


@pytest.mark.parametrize("n", [1, 0, -3])
def test_an_arm_has_two_patients(n):
    with pytest.raises(StudyTableError, match=rf'"n_c" must be at least 2, but is {n} in "Barlow'):
        sizes(with_cell("n_c", n))


def test_names_may_be_others():
    theirs = ARMS.rename(columns={"mean_t": "Experimental mean", "study": "Trial"})
    names = {"mean_t": "Experimental mean", "study": "Trial"}
    assert sizes(theirs, columns=names).y.tolist() == [-10, 1.5, 0]
    with pytest.raises(StudyTableError, match="no column 'Mean' to read 'mean_t' from"):
        sizes(theirs, columns={"mean_t": "Mean"})
    with pytest.raises(StudyTableError, match="Have: study, n_t, mean_t, 7, n_c"):
        sizes(ARMS.rename(columns={"sd_t": 7}), columns={"sd_t": "SD"})


def test_a_renamed_column_wins_over_one_of_our_name():
    table = ARMS.assign(change_t=[-5.0, -6, -7])
    effects = sizes(table, columns={"mean_t": "change_t"})
    assert effects.y.tolist() == [-55, -36, -29]


def test_arms_can_be_swapped_by_their_names():
    pairs = [("n_t", "n_c"), ("mean_t", "mean_c"), ("sd_t", "sd_c")]
    swapped = sizes(columns=dict(pairs) | {c: t for t, c in pairs})
    assert swapped.y.tolist() == [10, -1.5, 0] and swapped.se.tolist() == sizes().se.tolist()


def test_a_table_of_estimates_takes_what_each_study_has():
    effects = sizes(ESTIMATES)
    assert effects.y.tolist() == [-1, 2]
    assert effects.se == approx([0.5, 2 / stats.norm.isf(0.025)], rel=1e-14)
    assert effects.data.columns.empty
    with pytest.raises(StudyTableError, match='needs both "ci_low" and "ci_high"'):
        sizes(ESTIMATES.assign(ci_low=0))
    with_ci = sizes(ESTIMATES.drop(columns=["se", "p"]).assign(ci_low=-2, ci_high=3))
    assert with_ci.se == approx([5 / (2 * stats.norm.isf(0.025))] * 2, rel=1e-14)


def test_a_table_of_estimates_may_carry_the_numbers_of_patients():
    effects = sizes(ESTIMATES.assign(n_t=[20, 30], n_c=[20, 31]), measure="OR", unit="log odds")
    assert (effects.measure, effects.y.tolist()) == ("OR", [-1, 2])
    assert effects.data["n_c"].tolist() == [20, 31]


def test_measures_and_variances_that_do_not_exist():
    with pytest.raises(
        StudyTableError, match=r"one of MD, SMD, .* for a table of arms, but is 'X'"
    ):
        sizes(measure="X")
    with pytest.raises(StudyTableError, match="one of LS, LS2, UB, AV, RevMan for SMD, but is"):
        sizes(measure="SMD", variance="HO")


def test_a_measure_that_wants_other_columns_says_the_first_that_is_missing():
    with pytest.raises(StudyTableError, match=r"no column 'events_t'. It has: study, n_t"):
        sizes(measure="OR")
    with pytest.raises(StudyTableError, match="no column 'o_e'"):
        sizes(measure="HR")


def test_rows_without_arms_are_taken_from_their_estimate():
    """One trial reports a difference with its interval only; the others their arms."""
    table = ARMS.assign(estimate=[np.nan, -3.0, 99.0], ci_low=[np.nan, -5, 0], ci_high=[9, -1, 200])
    table.iloc[1, table.columns.get_indexer(["n_t", "mean_t", "sd_t", "n_c", "mean_c", "sd_c"])] = (
        np.nan
    )
    effects = sizes(table)
    assert effects.y.tolist() == [-10, -3, 0]
    assert effects.se == approx([5, 4 / (2 * stats.norm.isf(0.025)), 3.2**0.5], rel=1e-14)
    assert effects.formulas.endswith("of each arm (2); se from 95% CI (1)")
    with pytest.raises(
        StudyTableError, match=r'"sd_c" must be > 0, but is -1 in "Chan 2010" \(row 3'
    ):
        sizes(table.assign(sd_c=[15, np.nan, -1]))
    with pytest.raises(
        StudyTableError, match="the 1 rows that have an estimate only: Nothing states"
    ):
        sizes(table.drop(columns=["ci_low", "ci_high"]))


def test_scales_that_run_the_other_way_are_flipped_once():
    table = ARMS.assign(better=["lower", "higher", None])
    for measure, unit in (("MD", "points"), ("SMD", None), ("ROM", None)):
        plain = sizes(measure=measure, unit=unit)
        effects = sizes(table, measure=measure, unit=unit)
        assert effects.y.tolist() == (plain.y * [1, -1, 1]).tolist()
        assert effects.se.tolist() == plain.se.tolist()
        assert effects.data["flipped"].tolist() == [False, True, False]
        assert "y → −y where the scale runs the other way (1)" in effects.formulas
        assert effects.data["mean_t"].tolist() == ARMS["mean_t"].tolist()
    stated = sizes(ESTIMATES.assign(better="higher"))
    assert stated.y.tolist() == [1, -2] and stated.data["flipped"].all()
    with pytest.raises(StudyTableError, match=r"but is 'low' in \"Barlow 2000\" \(row 2\)"):
        sizes(ARMS.assign(better=["lower", "low", None]))


def test_what_cannot_be_turned_over_by_its_sign_is_refused():
    table = pd.DataFrame({"study": ["A"], "n": [20], "mean": [5], "sd": [2], "better": ["higher"]})
    with pytest.raises(StudyTableError, match="a MN turned over is not −y"):
        sizes(table, measure="MN")
    assert sizes(table, measure="MN", better="higher").y.tolist() == [5]


def test_units_of_ratios_and_of_measures_that_have_their_own():
    counts = pd.DataFrame(
        {"study": ["A"], "events_t": [3], "n_t": [9], "events_c": [4], "n_c": [9]}
    )
    assert sizes(counts, measure="OR", unit=None).unit == "log OR"
    assert sizes(counts, measure="OR", unit="log odds ratio").unit == "log odds ratio"
    with pytest.raises(StudyTableError, match="A RD is in 'risk difference', not in 'points'"):
        sizes(counts, measure="RD")


def test_an_smd_is_in_sd_units_and_in_no_other():
    """Else an MCID of 10 points would be accepted for a standardised effect."""
    for table in (ARMS, ESTIMATES):
        with pytest.raises(StudyTableError, match="SMD is in 'SD units', not in 'points'"):
            sizes(table, measure="SMD", unit="points")
        assert sizes(table, measure="SMD", unit=None).unit == "SD units"
        with pytest.raises(StudyTableError, match="The effects need a unit"):
            sizes(table, unit=None)
