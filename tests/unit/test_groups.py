"""The rows of each analysis are found in any order, and a bad row is named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bayes_ps.checks import StudyTableError
from bayes_ps.effects.groups import ragged

TABLE = pd.DataFrame(
    {
        "analysis": ["pain", "sleep", "pain", "pain", "sleep"],
        "y": [1.0, 2.0, 3.0, 4.0, 5.0],
        "se": [0.1, 0.2, 0.3, 0.4, 0.5],
    }
)


def test_rows_are_gathered_in_order_of_first_appearance():
    found = ragged(TABLE, "analysis")
    assert list(found.keys["analysis"]) == ["pain", "sleep"]
    assert list(found.start) == [0, 3, 5] and list(found.k) == [3, 2]
    assert list(found.row) == [0, 2, 3, 1, 4]
    assert list(found.y) == [1, 3, 4, 2, 5]
    assert not any(found.problem)


def test_several_columns_may_name_an_analysis():
    found = ragged(TABLE.assign(term=[1, 1, 2, 1, 1]), ["analysis", "term"])
    assert found.keys.to_numpy().tolist() == [["pain", 1], ["sleep", 1], ["pain", 2]]
    assert list(found.k) == [2, 2, 1]


@pytest.mark.parametrize(("column", "value"), [("se", 0.0), ("se", np.nan), ("y", np.inf)])
def test_a_bad_value_is_the_problem_of_its_analysis_alone(column, value):
    table = TABLE.copy()
    table.loc[2, column] = value
    found = ragged(table, "analysis")
    assert column in found.problem[0] and "row 3" in found.problem[0]
    assert found.problem[1] == ""


def test_text_in_a_number_column_is_a_problem_not_a_crash():
    table = TABLE.astype({"y": object})
    table.loc[4, "y"] = "n.s."
    assert "row 5" in ragged(table, "analysis").problem[1]


def test_a_missing_column_is_named():
    with pytest.raises(StudyTableError, match=r"'outcome'.*analysis, y, se"):
        ragged(TABLE, "outcome")


def test_an_empty_table_has_no_analyses():
    assert ragged(TABLE.iloc[:0], "analysis").k.size == 0
