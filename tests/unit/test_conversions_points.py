"""SMDs as points by a stated SD: everything but the unit stays."""

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps.checks import StudyTableError, UnitError
from bayes_ps.effects.conversions import points_from_smd, smd_from_points
from tests.unit.making import made

SMD = made(
    [-0.5, -0.25], [0.2, 0.1], [[0.04, 0.005], [0.005, 0.01]], measure="SMD", unit="SD units"
).with_data(pd.DataFrame({"year": [2001, 2002]}))


def test_y_se_and_covariance():
    points = points_from_smd(SMD, 20, unit="points (0-100)", source="Smith 2010")
    assert points.y.tolist() == [-10, -5] and points.se.tolist() == [4, 2]
    np.testing.assert_allclose(points.V, [[16, 2], [2, 4]], rtol=1e-14)
    assert (points.measure, points.unit, points.better) == ("MD", "points (0-100)", "lower")
    assert points.data["year"].tolist() == [2001, 2002]
    assert points.formulas == ("se from se (2); × SD 20 (Smith 2010) into points (0-100)")
    assert SMD.measure == "SMD" and SMD.y[0] == -0.5


def test_and_back():
    back = smd_from_points(points_from_smd(SMD, 17.3, unit="points"), 17.3)
    assert back.y == approx(SMD.y, rel=1e-14)
    np.testing.assert_allclose(back.V, SMD.V, rtol=1e-14)
    assert (back.measure, back.unit) == ("SMD", "SD units")
    assert back.formulas.endswith("; / SD 17.3 points")


def test_changes_of_one_group_stay_changes():
    assert points_from_smd(made([1], [1], measure="SMCR"), 20, unit="points").measure == "MC"


def test_only_the_right_measure():
    with pytest.raises(UnitError, match=r"These effects are MD in points \(0-100\), not standard"):
        points_from_smd(made([1], [1]), 20, unit="points")
    with pytest.raises(UnitError, match="These effects are SMD in SD units, not mean differences"):
        smd_from_points(SMD, 20)


@pytest.mark.parametrize("sd", [0, -1, np.nan, np.inf, [20, 10], "20", None])
def test_an_sd_that_is_none(sd):
    with pytest.raises(StudyTableError, match="sd must be one number above 0"):
        points_from_smd(SMD, sd, unit="points")
