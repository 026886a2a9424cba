"""Numbers that cannot be, in every shape of table: the study, the column, the row and the mend."""

import numpy as np
import pandas as pd
import pytest

from bayes_ps.checks import StudyTableError
from bayes_ps.effects import effect_sizes

ARMS = {"n_t": 20, "mean_t": 5, "sd_t": 2, "n_c": 20, "mean_c": 4, "sd_c": 2}
COUNTS = {"events_t": 3, "n_t": 20, "events_c": 5, "n_c": 20}
RATES = {"events_t": 3, "time_t": 20, "events_c": 5, "time_c": 20}
PAIRED = {"n": 20, "mean_pre": 5, "sd_pre": 2, "mean_post": 4, "sd_post": 2, "r": 0.5}
ONE = {"n": 20, "events": 4}
COR = {"n": 20, "r": 0.3}
LOG_RANK = {"o_e": -3, "v": 5}


def sizes(measure, columns, **cell):
    table = pd.DataFrame([columns] * 3, dtype=object).assign(study=["Adams", "Barlow", "Chan"])
    for column, value in cell.items():
        table.loc[1, column] = value
    return effect_sizes(
        table, measure=measure, better="lower", unit="m" if measure in ("MC", "IRD") else None
    )


@pytest.mark.parametrize(
    ("measure", "columns", "cell", "rule", "mend"),
    [
        ("OR", COUNTS, {"events_t": 21}, "at most n_t, but is 21", "swapped, or is n_t the number"),
        ("RD", COUNTS, {"events_c": -1}, ">= 0, but is -1", "code of missing values"),
        ("RR", COUNTS, {"n_c": 0}, "at least 1, but is 0", "Look at the arm"),
        ("PETO", COUNTS, {"n_t": np.nan}, "known, but is nan", "leave the study out"),
        ("AS", COUNTS, {"n_t": "many"}, "a number, but is 'many'", "Correct the cell"),
        ("PR", ONE, {"events": 25}, "at most n, but is 25", "swapped"),
        ("PLO", ONE, {"n": -5}, "at least 1, but is -5", "Look at the arm"),
        ("IRR", RATES, {"time_c": 0}, "> 0, but is 0", "person-time"),
        ("IRD", RATES, {"events_t": -2}, ">= 0, but is -2", "not negative"),
        ("HR", LOG_RANK, {"v": 0}, "> 0, but is 0", "variance of o_e"),
        ("COR", COR, {"r": 1}, "between -1 and 1, but is 1", "Fisher z"),
        ("ZCOR", COR, {"r": -30}, "between -1 and 1, but is -30", "percentage"),
        ("ZCOR", COR, {"n": 3}, "at least 4, but is 3", "Look at the arm"),
        ("SMCC", PAIRED, {"r": 1.2}, "between -1 and 1, but is 1.2", "correlation"),
        ("SMCR", PAIRED, {"n": 2}, "at least 3, but is 2", "Look at the arm"),
        ("MC", PAIRED, {"sd_post": 0}, "> 0, but is 0", "sd = se * sqrt"),
        ("SMD1", ARMS, {"n_c": 2}, "at least 3, but is 2", "Look at the arm"),
        ("ROM", ARMS, {"mean_c": -4}, "> 0, but is -4", 'measure="MD"'),
    ],
)
def test_a_number_that_cannot_be(measure, columns, cell, rule, mend):
    with pytest.raises(StudyTableError) as caught:
        sizes(measure, columns, **cell)
    said = str(caught.value)
    assert f'"{next(iter(cell))}" must be {rule} in "Barlow" (row 2)' in said
    assert mend in said
    assert sizes(measure, columns).k == 3


def test_a_variance_of_0_is_no_standard_error():
    with pytest.raises(
        StudyTableError, match=r'OR of "Barlow" \(row 2\).*correction=.none. leaves'
    ):
        effect_sizes(
            pd.DataFrame([COUNTS] * 2).assign(study=["Adams", "Barlow"], events_t=[3, 0]),
            measure="OR",
            better="lower",
            correction="none",
        )
