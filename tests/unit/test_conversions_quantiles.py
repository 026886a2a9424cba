"""Mean and SD from quantiles: which scenario a row takes, and what it is told."""

import numpy as np
import pytest
from pytest import approx

from bayes_ps.checks import StudyTableError
from bayes_ps.effects.conversions import mean_sd_from_quantiles, sd_from_iqr, sd_from_range

NAN = np.nan
TABLE = {
    "q1": [NAN, 4, 4, NAN],
    "q3": [NAN, 10, 10, NAN],
    "minimum": [2, NAN, 2, NAN],
    "maximum": [14, NAN, 14, NAN],
}


def test_each_row_takes_the_scenario_of_what_it_has():
    found = mean_sd_from_quantiles([6, 6, 6, 6], 20, **TABLE)
    assert found.skewness.scenario.tolist() == ["S1", "S2", "S3", ""]
    for row in range(3):
        one = mean_sd_from_quantiles(6, 20, **{name: v[row] for name, v in TABLE.items()})
        assert (found.mean[row], found.sd[row]) == (one.mean, one.sd)
        assert type(one.mean) is float
    assert np.isnan(found.mean[3]) and np.isnan(found.sd[3])
    assert str(found) == (
        "Mean and SD from quantiles in 3 of 4 rows; none of 3 rows looks skewed at 5 %"
    )
    assert str(one) == (
        "Mean 6.939, SD 3.679 from quantiles; no skewness shown (S3: 0.49, 5 % limit 0.67)"
    )


def test_symmetric_quantiles_give_the_median():
    found = mean_sd_from_quantiles(6, [10, 100], q1=4, q3=8, minimum=1, maximum=11)
    assert found.mean == approx([6, 6], rel=1e-15)


def test_the_sd_needs_no_median():
    found = mean_sd_from_quantiles(6, 20, q1=4, q3=10)
    assert sd_from_iqr(4, 10, 20) == found.sd
    assert sd_from_range(2, 14, 20) == mean_sd_from_quantiles(6, 20, minimum=2, maximum=14).sd


def test_skewed_rows_are_refused_kept_or_left_out():
    given = {"q1": 4, "q3": [8, 20, 8], "n": 100}
    with pytest.raises(StudyTableError, match=r'in row 2 look skewed: 0.75 .* skewed="keep"'):
        mean_sd_from_quantiles([6, 6, 6], **given)
    kept = mean_sd_from_quantiles([6, 6, 6], **given, skewed="keep")
    assert kept.skewness.skewed.tolist() == [False, True, False]
    assert np.isfinite(kept.mean).all()
    assert str(kept.skewness) == "1 of 3 rows look skewed at 5 % (row 2)"
    left_out = mean_sd_from_quantiles([6, 6, 6], **given, skewed="missing")
    assert np.isnan(left_out.mean).tolist() == [False, True, False]
    assert np.isnan(left_out.sd).tolist() == [False, True, False]
    with pytest.raises(StudyTableError, match=r"quantiles look skewed: 0.75 is above 0.26"):
        mean_sd_from_quantiles(6, 100, q1=4, q3=20)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"q1": 7}, '"median" must be at or above q1, but is 6 in row 1'),
        ({"minimum": 5}, '"q1" must be at or above minimum'),
        ({"maximum": [30, 9]}, '"maximum" must be at or above q3, but is 9 in row 2'),
        ({"q3": [10, NAN]}, '"q1" is given without "q3" in row 2'),
        ({"minimum": NAN}, '"maximum" is given without "minimum" in row 1'),
        ({"q1": 6, "q3": 6, "n": 9}, '"q3" must be above q1, but is 6 in row 1'),
        ({"n": 4}, '"n" must be 5 or more'),
        ({"skewed": "drop"}, 'skewed must be "raise", "keep" or "missing"'),
    ],
)
def test_impossible_quantiles(changed, said):
    given = {"q1": 4, "q3": 10, "minimum": 2, "maximum": 14, "n": 20} | changed
    with pytest.raises(StudyTableError, match=said):
        mean_sd_from_quantiles([6, 6], **given)


@pytest.mark.parametrize("convert", [sd_from_range, sd_from_iqr])
def test_impossible_spreads(convert):
    with pytest.raises(StudyTableError, match="must be above"):
        convert(2, 1, 20)
    with pytest.raises(StudyTableError, match='"n" must be 5 or more'):
        convert(1, 2, 4)
