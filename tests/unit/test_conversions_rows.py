"""What every conversion does with scalars, arrays, gaps and impossible values."""

import inspect

import numpy as np
import pandas as pd
import pytest

import bayes_ps.effects.conversions as conv
from bayes_ps.checks import StudyTableError
from bayes_ps.effects.conversions import cluster_size_cv, sd_from_se


def test_scalars_give_floats_and_arrays_broadcast():
    assert type(sd_from_se(2, 25)) is float
    assert sd_from_se([1, 2, 3], 25).tolist() == [5, 10, 15]
    assert sd_from_se([[1], [2]], [25, 100]).shape == (2, 2)
    assert sd_from_se(pd.Series([1, 2], index=[7, 8]), pd.Series([4, 9])).tolist() == [2, 6]


@pytest.mark.parametrize("gap", [np.nan, None, pd.NA])
def test_a_value_that_was_not_reported_stays_missing(gap):
    found = sd_from_se([1, gap, 3], [4, 4, 4])
    assert np.isnan(found).tolist() == [False, True, False]
    assert np.isnan(sd_from_se(gap, 4))


def test_text_that_is_a_number_is_one():
    assert sd_from_se(["1", " 2 "], [4, 4]).tolist() == [2, 4]


@pytest.mark.parametrize(
    ("se", "n", "said"),
    [
        ([1, 0, -1], 4, r'"se" must be above 0, but is 0 in row 2 \(1 more like it\)'),
        ([1, "2,5"], 4, r"\"se\" must be a number, but is '2,5' in row 2"),
        ([1, np.inf], 4, r'"se" must be finite, but is inf in row 2'),
        (1, 0.5, r'"n" must be 1 or more, but is 0.5\. '),
        ([1, 2], [4, 4, 4], r'do not have one length: "se" \(2,\), "n" \(3,\)'),
        ([[1, 2], [3, -4]], 4, r"but is -4 in row 2, column 2"),
    ],
)
def test_an_impossible_value_is_named_with_its_row(se, n, said):
    with pytest.raises(StudyTableError, match=said):
        sd_from_se(se, n)


def test_the_result_does_not_share_memory_with_the_input():
    sizes = np.array([1.0, 2.0])
    found = sd_from_se(sizes, 1)
    found[0] = 9
    assert sizes.tolist() == [1, 2]


def test_frozen_results_hold_read_only_arrays():
    made = [
        conv.combine_arms([[2, 3]], [[1, 2]], [[1, 1]]).sd,
        conv.effective_counts([1, 2], 9, 2).events,
        conv.log_or_from_smd([1, 2], 1).se,
        conv.log_hr_from_o_e([1, 2], 3).y,
        conv.mean_sd_from_quantiles([5, 6], 9, q1=4, q3=7).mean,
        conv.skewness_test([5, 6], 9, q1=4, q3=7).skewed,
        conv.split_shared_control(9, parts=2).n,
    ]
    assert not any(values.flags.writeable for values in made)


@pytest.mark.parametrize("name", conv.__all__)
def test_docstrings_name_what_is_refused(name):
    thing = getattr(conv, name)
    assert thing.__doc__.strip().splitlines()[0].endswith(".")
    if inspect.isfunction(thing):
        assert "Raises" in thing.__doc__


def test_a_single_cluster_has_no_variation():
    assert cluster_size_cv([7]) == 0
