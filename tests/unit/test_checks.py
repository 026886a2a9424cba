"""The checks: what they return, and that a message names the study, the row and the mend."""

import numpy as np
import pandas as pd
import pytest

from bayes_ps import checks
from bayes_ps.checks import BayesPSError, ModelError, PriorError, StudyTableError, UnitError


@pytest.mark.parametrize("error", [StudyTableError, UnitError, PriorError, ModelError])
def test_every_error_is_ours_and_a_value_error(error):
    assert issubclass(error, BayesPSError) and issubclass(error, ValueError)


def test_read_only_is_a_private_copy():
    given = np.array([1.0, 2.0])
    kept = checks.read_only(given)
    given[0] = 9
    assert kept.tolist() == [1, 2]
    with pytest.raises(ValueError, match="read-only"):
        kept[0] = 9


def test_numbers_come_as_floats_one_a_study():
    found = checks.numbers(["1.5", 2, None], "y", ["A", "B", "C"])
    assert found[:2].tolist() == [1.5, 2] and np.isnan(found[2])
    assert checks.numbers(3, "y", ["A"]).tolist() == [3]


@pytest.mark.parametrize("text", ["about 3", "", "1,5", "<0.05", pd.NA])
def test_text_in_a_number_names_the_study(text):
    with pytest.raises(StudyTableError, match=r'"sd_t" must be a number, but is .* in "B" \(row 2'):
        checks.numbers([1, text], "sd_t", ["A", "B"])


@pytest.mark.parametrize("values", [[1, 2], [1, 2, 3, 4], [[1, 2, 3]], 1])
def test_another_length_than_the_studies_is_refused(values):
    with pytest.raises(StudyTableError, match=r'"se" has shape .*, but there are 3 studies'):
        checks.numbers(values, "se", ["A", "B", "C"])


def test_require_points_at_the_first_bad_row_and_counts_the_others():
    values = np.array([1.0, -2, -3, -4])
    with pytest.raises(StudyTableError) as caught:
        checks.require(values > 0, values, "se", "> 0", study=list("ABCD"), mend="Look.")
    assert str(caught.value) == '"se" must be > 0, but is -2 in "B" (row 2) (2 more like it). Look.'
    checks.require(values < 2, values, "se", "< 2", study=list("ABCD"), mend="never shown")


def test_names_are_text_without_blanks_around():
    names = checks.study_names([" Adams 2001 ", 1999, np.str_("Çelik")])
    assert names.tolist() == ["Adams 2001", "1999", "Çelik"] and not names.flags.writeable
    assert checks.study_names("Pool").tolist() == ["Pool"]


@pytest.mark.parametrize("missing", [None, "", "  ", np.nan, pd.NA, pd.NaT])
def test_a_study_without_a_name_is_refused(missing):
    with pytest.raises(StudyTableError, match="study in row 2 has no name"):
        checks.study_names(["A", missing])


def test_a_name_twice_says_both_rows_and_what_to_do():
    with pytest.raises(StudyTableError) as caught:
        checks.study_names(["Barlow", "Chan", " Barlow"])
    assert str(caught.value).startswith('"Barlow" stands in row 1 and in row 3. Two comparisons')
    assert '"Barlow (arm 2)"' in str(caught.value)


def test_no_study_at_all_is_refused():
    with pytest.raises(StudyTableError, match="There is no study"):
        checks.study_names([])
