"""Tests of funnel asymmetry, PET-PEESE and fail-safe N: refusals, variants, notes, identities."""

import dataclasses
import itertools
import math

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps.baseline import baseline
from bayes_ps.baseline.small_study import begg, egger, fail_safe_n, harbord, pet_peese, peters
from bayes_ps.checks import BayesPSError, ModelError, StudyTableError
from tests.unit.making import PAIN, made

SIZES = pd.DataFrame({"n_t": range(20, 28), "n_c": range(30, 38)})
SMD = dataclasses.replace(PAIN, measure="SMD", unit="SD units").with_data(SIZES)
TABLE = pd.DataFrame(
    {
        "study": list("ABCDE"),
        "events_t": [5, 8, 2, 20, 0],
        "n_t": [50, 70, 30, 200, 25],
        "events_c": [9, 12, 6, 31, 4],
        "n_c": [52, 68, 33, 190, 26],
    }
)
FUNCTIONS = {"Egger": egger, "Begg": begg, "PET-PEESE": pet_peese}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("k", [1, 2])
def test_too_few_studies(name, k):
    with pytest.raises(ModelError, match=rf"{name}.*at least 3 studies.*there (is 1|are 2)\."):
        FUNCTIONS[name](PAIN.where(np.arange(8) < k))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_studies_of_one_size_have_no_funnel(name):
    with pytest.raises(ModelError, match=r"All studies have the same (se|variance)"):
        FUNCTIONS[name](made([1, 2, 4, 3], [0.7] * 4))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_equal_effects_leave_nothing_to_test(name):
    with pytest.raises(ModelError, match=r"without any scatter|All effects are equal"):
        FUNCTIONS[name](made([0.1 + 0.2] * 4, [1, 2, 3, 4]))


def test_effects_on_a_line_leave_nothing_to_test():
    se = np.array([1.0, 2, 3, 5])
    with pytest.raises(ModelError, match="without any scatter"):
        egger(made(3 - 2 * se, se))


def test_shared_participants_are_refused():
    shared = made([1, 2, 4], [1, 2, 3], V=np.diag([1.0, 4, 9]))
    for function in (egger, begg, pet_peese, fail_safe_n):
        with pytest.raises(ModelError, match="independent studies"):
            function(shared)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"model": "lm"}, 'model must be one of "classical", "mixed"'),
        ({"predictor": "sei"}, 'predictor must be one of "se", "variance"'),
        ({"model": "mixed", "tau2": "SJx"}, "tau2 must be one of"),
        ({"level": 95}, "For 95 % pass 0.95"),
        ({"predictor": "n"}, 'neither "n" nor "n_t" and "n_c"'),
        ({"predictor": "modified-se"}, "for standardised mean differences, but these are MD"),
    ],
)
def test_egger_refuses_what_it_does_not_know(wrong, message):
    with pytest.raises(BayesPSError, match=message):
        egger(PAIN, **wrong)


def test_no_variation_in_the_number_of_participants():
    alike = PAIN.with_data(pd.DataFrame({"n": [40] * 8}))
    with pytest.raises(ModelError, match="same 1/n"):
        egger(alike, predictor="1/n")
    zero = PAIN.with_data(pd.DataFrame({"n": [40] * 7 + [0]}))
    with pytest.raises(StudyTableError, match='"n" must be > 0, but is 0 in "H"'):
        egger(zero, predictor="n")


def wls(x, y, weights):
    """Coefficients and standard errors of lm(y ~ x, weights), by the normal equations."""
    X = np.column_stack([np.ones_like(x), x])
    bread = np.linalg.inv(X.T @ (weights[:, None] * X))
    b = bread @ X.T @ (weights * y)
    dispersion = (weights * (y - X @ b) ** 2).sum() / (len(y) - 2)
    return b, np.sqrt(dispersion * np.diag(bread))


PREDICTORS = {
    "se": PAIN.se,
    "variance": PAIN.se**2,
    "n": np.arange(50.0, 66, 2),
    "1/n": 1 / np.arange(50.0, 66, 2),
    "1/sqrt(n)": np.arange(50.0, 66, 2) ** -0.5,
    "modified-se": np.sqrt(1 / np.arange(20.0, 28) + 1 / np.arange(30.0, 38)),
}


@pytest.mark.parametrize("predictor", PREDICTORS)
def test_egger_is_weighted_least_squares_over_every_predictor(predictor):
    found = egger(SMD, predictor=predictor)
    b, se = wls(PREDICTORS[predictor], SMD.y, SMD.se**-2)
    if predictor == "n":
        assert found.limit_effect is found.limit is None
        assert "without sampling error" not in str(found)
    else:
        assert found.limit_effect == approx(b[0], rel=1e-9)
    assert found.bias == approx(b[1], rel=1e-9)
    assert found.se == approx(se[1], rel=1e-9)
    assert found.df == 6 and found.statistic == approx(b[1] / se[1], rel=1e-9)


def test_mixed_without_heterogeneity_is_the_common_effect_line():
    se = PAIN.se
    agreeing = made(2 + 0.1 * se, se)
    found = egger(agreeing, "mixed")
    assert found.tau2 == 0 and math.isinf(found.df)
    assert (found.limit_effect, found.bias) == approx((2, 0.1))
    assert "tau² by REML" in found.test


def test_egger_warns_where_it_is_known_to_be_wrong():
    assert any("Fewer than 10 studies" in note for note in egger(PAIN).notes)
    assert any('predictor="modified-se"' in note for note in egger(SMD).notes)
    assert not any("SMD" in note for note in egger(SMD, predictor="modified-se").notes)
    ratio = dataclasses.replace(PAIN, measure="OR")
    assert any("bps.harbord(table)" in note for note in egger(ratio).notes)
    alike = made([1, 2, 4, 3], [0.70, 0.71, 0.72, 0.74])
    assert any("similar size" in note and "1.1 times" in note for note in egger(alike).notes)
    many = made(np.arange(12.0) % 5, np.linspace(1, 4, 12))
    assert egger(many).notes == ()


def test_the_sentence_says_the_variant_and_how_to_read_it():
    sentence, *notes = str(egger(PAIN)).splitlines()
    assert sentence.startswith(
        "Egger's test (weighted regression, multiplicative dispersion, t with k - 2 df; over "
        "standard error; doi:10.1136/bmj.315.7109.629), 8 studies: bias -3.24 (SE 0.6134), t -5.28 "
        "on 6 df, P = 0.0019;"
    )
    assert "Unpublished results are one reason for that among several" in sentence
    assert notes == [f"Note: {note}" for note in egger(PAIN).notes]


def test_frames_have_a_row_a_quantity():
    frame = egger(PAIN, level=0.9).to_frame().set_index("quantity")
    assert list(frame.index) == ["bias", "limit effect"]
    assert frame.lower["limit effect"] == egger(PAIN, level=0.9).limit.lower
    tau = begg(PAIN).to_frame()
    assert len(tau) == 1 and math.isnan(tau.se[0]) and tau.p[0] == begg(PAIN).p


def test_begg_is_kendalls_tau_with_its_exact_distribution():
    five = made([1.0, 4, 2, 8, 3], [0.5, 1.5, 0.9, 2.0, 0.7])
    v = five.se**2
    standardised = (five.y - baseline(five, "FE").mu) / np.sqrt(v - 1 / (1 / v).sum())

    def score(a, b):
        pairs = itertools.combinations(range(5), 2)
        return sum(np.sign((a[i] - a[j]) * (b[i] - b[j])) for i, j in pairs)

    observed = score(standardised, v)
    orders = [score(np.array(order), v) for order in itertools.permutations(range(5))]
    beyond = np.mean(np.abs(orders) >= abs(observed))
    assert (begg(five).bias, begg(five).p) == approx((observed / 10, beyond))


def test_peters_and_harbord_leave_out_what_says_nothing():
    more = pd.concat(
        [
            TABLE,
            pd.DataFrame(
                {
                    "study": ["None", "All"],
                    "events_t": [0, 10],
                    "n_t": [10, 10],
                    "events_c": [0, 12],
                    "n_c": [11, 12],
                }
            ),
        ]
    )
    for test in (peters, harbord):
        plain, longer = test(TABLE), test(more)
        assert (longer.k, longer.bias, longer.p) == (5, plain.bias, plain.p)
        assert any("None, All" in note for note in longer.notes)


@pytest.mark.parametrize("test", [peters, harbord])
def test_counts_are_checked(test):
    with pytest.raises(ModelError, match="at least 3 studies in which somebody"):
        test(TABLE[:2])
    with pytest.raises(StudyTableError, match="events_t"):
        test(TABLE.assign(events_t=[51, 8, 2, 20, 0]))
    with pytest.raises(StudyTableError, match="no column 'events_t'"):
        test(TABLE.drop(columns="events_t"))
    renamed = TABLE.rename(columns={"events_t": "cases"})
    assert test(renamed, columns={"events_t": "cases"}).p == test(TABLE).p
    alike = TABLE.assign(events_t=4, n_t=40, events_c=[6, 6, 6, 6, 6], n_c=40)
    with pytest.raises(ModelError, match="All studies have the same"):
        test(alike)


def test_pet_over_se_is_egger_and_chooses_by_its_p():
    found = pet_peese(PAIN)
    assert found.pet.mu == egger(PAIN).limit_effect
    assert found.pet.slope == egger(PAIN).bias
    assert found.peese.mu == egger(PAIN, predictor="variance").limit_effect
    assert (found.chosen, found.limit) == ("PET", found.pet)
    assert found.pet.p > 0.1
    other = pet_peese(PAIN, alpha=0.9)
    assert (other.chosen, other.limit) == ("PEESE", other.peese)
    assert "chosen because P of PET is below 0.9" in str(other)
    assert found.to_frame().chosen.tolist() == [True, False]
    with pytest.raises(ModelError, match=r"as in 0\.10"):
        pet_peese(PAIN, alpha=5)


def test_pet_peese_warns():
    assert any("Fewer than 20" in note for note in pet_peese(PAIN).notes)
    assert any("contains the SMD itself" in note for note in pet_peese(SMD).notes)


def test_fail_safe_n_adds_studies_until_stouffers_p_reaches_alpha():
    found = fail_safe_n(PAIN)
    z = abs((PAIN.y / PAIN.se).sum())
    assert z / math.sqrt(8 + found.n) < 1.6448536269514722 < z / math.sqrt(8 + found.n - 1)
    assert "advises against it" in str(found)
    nothing = made([0.1, -0.1, 0.05], [1, 1, 2])
    assert fail_safe_n(nothing).n == 0
    with pytest.raises(ModelError, match=r"as in 0\.05"):
        fail_safe_n(PAIN, 0.7)
