"""`Effects`: what it refuses, what nobody can change, and that its parts stay together."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from bayes_ps.checks import StudyTableError
from bayes_ps.effects import Effects
from tests.unit.making import PAIN, made

SHARED = np.array([[4.0, 1.5, 0], [1.5, 9, 0], [0, 0, 1]])
THREE = made([1, 2, 3], [2, 3, 1], SHARED).with_data(
    pd.DataFrame({"dose": [30, 10, 20], "blind": ["yes", "no", "yes"]}, index=[7, 8, 9])
)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("column", ["y", "se"])
def test_what_is_not_finite_is_refused(column, value):
    values = {"y": [1.0, 2.0, 3.0], "se": [1.0, 1.0, 1.0]}
    values[column][1] = value
    with pytest.raises(StudyTableError) as caught:
        Effects(["A", "Barlow", "C"], **values, measure="MD", unit="points", better="lower")
    assert f'"{column}" must be finite, but is {value:g} in "Barlow" (row 2)' in str(caught.value)
    assert "leave the study out" in str(caught.value)


@pytest.mark.parametrize("se", [0, -0.5])
def test_a_standard_error_is_above_0(se):
    with pytest.raises(
        StudyTableError, match=r'"se" must be > 0.* in "B" \(row 2\).*ci=\(low, high'
    ):
        made([1, 2], [1, se])


def test_repeated_names_are_refused():
    with pytest.raises(StudyTableError, match='"Chan" stands in row 1 and in row 2'):
        made([1, 2], [1, 1], study=["Chan", "Chan"])


@pytest.mark.parametrize(("y", "se", "column"), [([1, 2, 3], [1, 1], "y"), ([1, 2], [1], "se")])
def test_lengths_must_match(y, se, column):
    with pytest.raises(StudyTableError, match=f'"{column}" has shape .*, but there are 2 studies'):
        made(y, se, study=["A", "B"])
    with pytest.raises(StudyTableError, match="data has 1 rows, but there are 2 studies"):
        made([1, 2], [1, 1]).with_data(pd.DataFrame({"dose": [1]}))


def test_direction_and_unit_must_be_said():
    with pytest.raises(
        StudyTableError, match='better must be "lower" or "higher", but is \'less\''
    ):
        made([1], [1], better="less")
    for unit in ("", " ", None):
        with pytest.raises(StudyTableError, match="The effects need a unit, for example unit="):
            made([1], [1], unit=unit)


@pytest.mark.parametrize(
    ("V", "message"),
    [
        (np.eye(2), "symmetric 3 x 3 matrix"),
        ([[4, 1.5, 0], [1, 9, 0], [0, 0, 1]], "symmetric 3 x 3 matrix"),
        ([[4, np.nan, 0], [np.nan, 9, 0], [0, 0, 1]], "symmetric 3 x 3 matrix"),
        (2 * SHARED, "diagonal of V must be se²"),
        ([[4, 6, 0], [6, 9, 0], [0, 0, 1]], "not positive definite"),
        ([[4, 7, 0], [7, 9, 0], [0, 0, 1]], "not positive definite"),
    ],
)
def test_V_must_be_the_covariance_of_these_estimates(V, message):
    with pytest.raises(StudyTableError, match=message):
        made([1, 2, 3], [2, 3, 1], V)


def test_nobody_can_change_it():
    with pytest.raises(dataclasses.FrozenInstanceError):
        THREE.y = np.zeros(3)
    for name in ("study", "y", "se", "V"):
        array = getattr(THREE, name)
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]


def test_what_was_given_is_copied():
    y, se, V = np.array([1.0, 2]), np.array([1.0, 1]), np.eye(2)
    frame = pd.DataFrame({"dose": [1, 2]})
    effects = made(y, se, V).with_data(frame)
    y[0] = se[0] = V[0, 0] = 9
    frame.loc[0, "dose"] = 9
    assert (effects.y[0], effects.se[0], effects.V[0, 0], effects.data["dose"][0]) == (1, 1, 1, 1)


def test_data_and_frame_are_copies():
    effects = made([1, 2], [1, 1]).with_data(pd.DataFrame({"dose": [1, 2]}))
    changed = effects.data
    changed["dose"] = 0
    frame = effects.to_frame()
    frame.loc[0, ["y", "dose"]] = 0
    assert effects.data["dose"].tolist() == [1, 2] and effects.y.tolist() == [1, 2]


def test_frame_has_the_estimates_then_the_data():
    frame = THREE.to_frame()
    assert list(frame) == ["study", "y", "se", "dose", "blind"]
    assert frame.iloc[1].tolist() == ["B", 2, 3, 10, "no"]
    clash = THREE.with_data(pd.DataFrame({"y": [7, 7, 7], "n": [1, 2, 3]})).to_frame()
    assert list(clash) == ["study", "y", "se", "n"] and clash["y"].tolist() == [1, 2, 3]


def test_drop_takes_rows_from_every_part():
    two = THREE.drop("B")
    assert two.study.tolist() == ["A", "C"] and two.y.tolist() == [1, 3]
    assert two.se.tolist() == [2, 1] and two.V.tolist() == [[4, 0], [0, 1]]
    assert two.data.to_dict("list") == {"dose": [30, 20], "blind": ["yes", "yes"]}
    assert (two.k, len(two), two.unit, two.better) == (2, 2, "points (0-100)", "lower")


def test_drop_says_what_there_is():
    with pytest.raises(StudyTableError, match=r"no study 'Z' to drop. There are: A, B, C\."):
        THREE.drop("A", "Z")
    with pytest.raises(StudyTableError, match="No study would be left"):
        THREE.drop("A", "B", "C")
    many = made(np.zeros(20), np.ones(20))
    with pytest.raises(StudyTableError, match=r"K, L …\."):
        many.drop("Z")


def test_where_wants_a_truth_value_a_study():
    assert THREE.where(THREE.data["blind"] == "yes").study.tolist() == ["A", "C"]
    for mask in ([True, False], [1, 0, 1], ["A"]):
        with pytest.raises(StudyTableError, match=r"where\(\) needs 3 truth values, one a study"):
            THREE.where(mask)


def test_sort_by_any_column_and_ties_keep_their_order():
    assert THREE.sort("dose").study.tolist() == ["B", "C", "A"]
    assert THREE.sort("dose").V.tolist() == [[9, 0, 1.5], [0, 1, 0], [1.5, 0, 4]]
    assert THREE.sort("se", descending=True).se.tolist() == [3, 2, 1]
    assert THREE.sort("blind").study.tolist() == ["B", "A", "C"]
    assert THREE.sort("blind", descending=True).study.tolist() == ["A", "C", "B"]
    with pytest.raises(StudyTableError, match=r"no column 'year' to sort by. Have \['study', 'y'"):
        THREE.sort("year")


def test_a_study_is_found_by_its_name():
    assert [THREE.row(name) for name in "ABC"] == [0, 1, 2]
    with pytest.raises(StudyTableError, match=r"There is no study 'Z'\. There are: A, B, C"):
        THREE.row("Z")


def test_benefit_has_the_sign_that_better_says():
    assert PAIN.benefit_sign == -1
    assert made([1], [1], better="higher").benefit_sign == 1


def test_prints_one_sentence():
    assert str(made([1], [1])) == "1 study, MD in points (0-100), lower is better (se from se (1))"
    assert repr(PAIN).startswith("<Effects: 8 studies, MD in points (0-100), lower is better")


def test_ratios_on_their_natural_scale_are_refused():
    """As printed in a paper; as logs they pass."""
    y, low, high = np.array([0.5, 0.6, 0.55]), [0.3, 0.4, 0.35], [0.83, 0.9, 0.86]
    given = {"study": list("abc"), "measure": "OR", "unit": "log OR", "better": "lower"}
    with pytest.raises(StudyTableError, match=r"natural scale: the interval 0\.3 to 0\.83 of .a."):
        Effects.from_estimates(y, ci=(low, high), **given)
    logged = Effects.from_estimates(np.log(y), ci=(np.log(low), np.log(high)), **given)
    assert logged.se == pytest.approx(np.log(np.divide(high, low)) / (2 * 1.959963984540054))
    above_1 = Effects.from_estimates(
        [0.7, 0.9], ci=([0.2, 0.5], [1.2, 1.3]), **given | {"study": ["a", "b"]}
    )
    assert above_1.k == 2
