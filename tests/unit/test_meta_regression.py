"""The specification of a meta-regression: which coefficients it has, and what it refuses."""

import numpy as np
import pandas as pd
import pytest

from bayes_ps import priors
from bayes_ps.checks import ModelError
from models import MetaRegression
from tests.unit.making import made

DATA = pd.DataFrame(
    {
        "dose": [10, 20, 30, 40],
        "control": ["sham", "none", "sham", "none"],
        "risk": pd.Categorical(["low", "high", "low", "some"]),
        "blind": [True, False, True, True],
        "country": "UK",
        "double": [20, 40, 60, 80],
        "gap": [1, np.nan, 3, 4],
        "unknown": ["a", None, "b", "a"],
        "endless": [1, 2, np.inf, 4],
        "same": 3.0,
    }
)
EFFECTS = made([1, 2, 4, 3], [1, 1, 2, 1]).with_data(DATA)
TAU, FLAT, NORMAL = priors.half_normal(1), priors.flat(), priors.normal(0, 2)


def gaussian(*moderators, beta=FLAT, **options):
    return MetaRegression(list(moderators), beta, TAU, **options).gaussian(EFFECTS)


def test_a_number_is_one_coefficient_and_text_one_for_each_further_level():
    h = gaussian("dose", "control", beta=NORMAL)
    assert h.design.names == ("intercept", "dose", "control=sham")
    assert h.X.tolist() == [[1, 10, 1], [1, 20, 0], [1, 30, 1], [1, 40, 0]]
    assert h.beta == (NORMAL,) * 3 and h.component.prior == TAU and h.component.Z is None
    assert gaussian("risk").design.names == ("intercept", "risk=low", "risk=some")
    assert gaussian("blind").design.names == ("intercept", "blind=True")
    assert gaussian("blind").design.at({"blind": True}).tolist() == [1, 1]


def test_without_intercept_the_first_text_gives_each_level_its_mean():
    assert gaussian("control", intercept=False).X.tolist() == [[0, 1], [1, 0], [0, 1], [1, 0]]
    names = gaussian("dose", "control", "risk", intercept=False, beta=NORMAL).design.names
    assert names == ("dose", "control=none", "control=sham", "risk=low", "risk=some")
    assert gaussian("country", intercept=False).design.names == ("country=UK",)


@pytest.mark.parametrize(
    ("moderators", "said"),
    [
        (["year"], r"effects\.data has no column 'year'\. It has: dose, control, risk"),
        (["gap"], r"'gap' is missing or infinite for \"B\"\. Fill it, or leave the study out: eff"),
        (["unknown"], "'unknown' is missing or infinite for \"B\""),
        (["endless"], "'endless' is missing or infinite for \"C\""),
        (["country"], "'country' is 'UK' in every study, so it cannot moderate. Leave it out"),
        (
            ["same"],
            r"\(intercept, same\) are collinear for these 4 studies\. Leave a moderator out",
        ),
        (["dose", "double"], r"\(intercept, dose, double\) are collinear"),
        (["dose", "control", "risk"], r"4 studies cannot carry 5 coefficients with flat priors"),
    ],
)
def test_moderators_that_cannot_be_used(moderators, said):
    with pytest.raises(ModelError, match=said):
        gaussian(*moderators)


def test_without_data_it_says_so():
    with pytest.raises(ModelError, match=r"has no column 'dose'\. It has: none\."):
        MetaRegression(["dose"], FLAT, TAU).gaussian(made([1, 2], [1, 1]))


@pytest.mark.parametrize("moderators", ["dose", [], ()])
def test_moderators_are_a_list(moderators):
    with pytest.raises(
        ModelError, match=r"moderators must be a list of columns, as in \[\"dose\"\]"
    ):
        MetaRegression(moderators, FLAT, TAU)


def test_each_coefficient_may_have_its_own_prior():
    own = {"intercept": FLAT, "dose": NORMAL}
    h = gaussian("dose", beta=own)
    assert h.beta == (FLAT, NORMAL)
    assert gaussian("dose", beta=dict(reversed(own.items()))).beta == (FLAT, NORMAL)
    assert MetaRegression(["dose"], own, TAU) == MetaRegression(["dose"], own, TAU)
    assert isinstance(hash(MetaRegression(["dose"], own, TAU)), int)
    with pytest.raises(ModelError) as caught:
        gaussian("dose", beta={"dose": NORMAL})
    assert "beta names ['dose'], but the coefficients are" in str(caught.value)
    assert "['intercept', 'dose']" in str(caught.value)


def test_with_proper_priors_it_may_have_more_coefficients_than_studies():
    own = {"intercept": FLAT} | dict.fromkeys(
        ["dose", "control=sham", "risk=low", "risk=some"], NORMAL
    )
    assert gaussian("dose", "control", "risk", beta=own).X.shape == (4, 5)


def test_prints_its_terms():
    said = str(MetaRegression(["dose", "control"], FLAT, TAU))
    assert said.endswith("x = 1 + dose + control, beta ~ flat, tau ~ half-normal(scale 1)")
    assert "x = control," in str(MetaRegression(["control"], FLAT, TAU, intercept=False))
