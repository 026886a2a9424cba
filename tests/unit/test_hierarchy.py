"""The design of a model: its columns, a new setting, and what it cannot carry."""

import numpy as np
import pytest

from bayes_ps import priors
from bayes_ps.checks import ModelError
from bayes_ps.hierarchy import (
    INTERCEPT,
    Component,
    Design,
    GaussianHierarchy,
    Term,
    sampling_covariance,
)

DATA = {"dose": [10, 20, 30], "control": ["none", "active", "none"]}
DESIGN = Design(
    (Term("intercept"), Term("dose", "dose"), Term("control=none", "control", "none")),
    {"control": ("active", "none")},
)


def hierarchy(X, beta, y=(1, 2, 3)):
    names = tuple(Term(f"x{i}", f"x{i}") for i in range(np.shape(X)[1]))
    k = len(y)
    tau = Component("tau", priors.half_normal(1))
    return GaussianHierarchy(tuple("ABCDE"[:k]), y, np.ones(k), Design(names, {}), X, beta, tau)


def test_columns_of_the_design():
    assert DESIGN.names == ("intercept", "dose", "control=none")
    assert DESIGN.moderators == ("dose", "control")
    assert DESIGN.matrix(DATA, 3).tolist() == [[1, 10, 1], [1, 20, 0], [1, 30, 1]]
    with pytest.raises(ModelError, match=r"There is no moderator 'year'. Have: dose, control\."):
        Term("year", "year").values(DATA, 3)


def test_a_setting_is_a_row_of_the_design():
    assert DESIGN.at({"control": "none", "dose": 15}).tolist() == [1, 15, 1]
    assert DESIGN.at({"control": "active", "dose": np.float64(0)}).tolist() == [1, 0, 0]
    assert INTERCEPT.at(None).tolist() == INTERCEPT.at({}).tolist() == [1]


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (
            None,
            'must name the moderators of the model: at={"dose": …, "control": …}, but names none',
        ),
        ({"dose": 1}, "must name exactly the moderators of the model: at={"),
        ({"dose": 1, "control": "none", "age": 3}, "but names ['age', 'control', 'dose']"),
        ({"dose": 1, "control": "sham"}, "'control' is one of active, none, not 'sham'"),
        ({"dose": "high", "control": "none"}, "'dose' is a number, not 'high'"),
        ({"dose": np.nan, "control": "none"}, "'dose' is a number, not nan"),
    ],
)
def test_a_setting_that_does_not_fit_says_what_does(setting, said):
    with pytest.raises(ModelError) as caught:
        DESIGN.at(setting)
    assert said in str(caught.value)


def test_flat_priors_need_as_many_studies():
    X, flat = np.array([[1.0, 0, 2], [1, 1, 5]]), priors.flat()
    with pytest.raises(ModelError) as caught:
        hierarchy(X, (flat,) * 3, y=(1, 2))
    assert "2 studies cannot carry 3 coefficients with flat priors (x0, x1, x2)" in str(
        caught.value
    )
    assert "beta=priors.normal(0, sd)" in str(caught.value)
    assert hierarchy(X, (flat, flat, priors.normal(0, 1)), y=(1, 2)).k == 2


@pytest.mark.parametrize("scale", [1, 1e-9, 1e12])
def test_collinear_columns_are_found_in_any_unit(scale):
    X = np.array([[1, 2.0], [1, 2], [1, 2]]) * [1, scale]
    with pytest.raises(ModelError, match=r"\(x0, x1\) are collinear for these 3 studies. Leave a"):
        hierarchy(X, (priors.flat(),) * 2)
    different = X * [[1, 1], [1, 2], [1, 1]]
    assert hierarchy(different, (priors.flat(),) * 2).X.tolist() == different.tolist()


def test_collinear_columns_are_fine_where_their_priors_are_proper():
    X = np.array([[1.0, 1, 0], [1, 0, 1], [1, 1, 0]])
    proper = priors.normal(0, 1)
    for beta in ((priors.flat(), proper, proper), (proper,) * 3):
        assert hierarchy(X, beta).X.shape == (3, 3)
    with pytest.raises(ModelError, match="collinear"):
        hierarchy(X, (priors.flat(),) * 3)


def test_its_arrays_are_read_only_copies():
    X = np.ones((3, 1))
    made = hierarchy(X, (priors.flat(),))
    X[0] = 7
    assert made.X[0, 0] == 1
    for array in (made.y, made.V, made.X):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_component_that_y_knows_nothing_of_is_external():
    prior = priors.half_normal(1)
    assert Component("tau", prior, np.zeros((2, 1))).is_external
    assert not Component("tau", prior, np.array([[0.0], [1.0]])).is_external
    assert not Component("tau", prior).is_external


def test_sampling_covariance_is_the_matrix_only_where_studies_share_participants():
    se = np.array([2.0, 3.0])
    assert sampling_covariance(se, None).tolist() == [4, 9]
    assert sampling_covariance(se, [[4, 1], [1, 9]]).tolist() == [[4, 1], [1, 9]]
