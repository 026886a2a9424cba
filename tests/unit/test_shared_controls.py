"""`with_shared_controls`: by hand, signs of flipped rows, what is refused, and by simulation."""

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps.checks import StudyTableError
from bayes_ps.effects import MEASURES, Effects, effect_sizes, with_shared_controls
from bayes_ps.effects.reported import Arms, Events, Rates

TABLE = pd.DataFrame(
    {
        "study": ["A1", "B", "A2", "C"],
        "trial": ["A", None, "A", None],
        "n_t": [20, 30, 25, 40],
        "mean_t": [30.0, 31, 35, 20],
        "sd_t": [8.0, 9, 7, 8],
        "n_c": [22, 31, 22, 41],
        "mean_c": [40.0, 33, 40, 22],
        "sd_c": [9.0, 8, 9, 7],
    }
)


def sizes(table=TABLE, measure="MD", **options):
    unit = "points" if measure == "MD" else None
    return effect_sizes(table, measure=measure, better="lower", unit=unit, **options)


def test_by_hand():
    effects = with_shared_controls(sizes())
    want = np.diag(effects.se**2)
    want[0, 2] = want[2, 0] = 81 / 22
    assert approx(want) == effects.V
    assert effects.formulas.endswith("; 1 shared control in V")
    g = with_shared_controls(sizes(measure="SMD"))
    assert g.V[0, 2] == approx(1 / 22 + g.y[0] * g.y[2] / (2 * 67))
    delta = with_shared_controls(sizes(measure="SMD1"))
    assert delta.V[0, 2] == approx(1 / 22 + delta.y[0] * delta.y[2] / 44)
    ratio = with_shared_controls(sizes(measure="ROM"))
    assert ratio.V[0, 2] == approx(81 / (22 * 1600))


@pytest.mark.parametrize("measure", ["MD", "SMD", "ROM"])
def test_a_flipped_row_has_the_opposite_sign(measure):
    plain = with_shared_controls(sizes(measure=measure)).V
    one = with_shared_controls(sizes(TABLE.assign(better=["lower", None, "higher", None]), measure))
    both = with_shared_controls(sizes(TABLE.assign(better="higher"), measure))
    assert one.V[0, 2] == approx(-plain[0, 2]) and approx(plain) == both.V


def test_a_control_without_events_is_taken_with_halves():
    table = pd.DataFrame({"study": list("AB"), "trial": 1, "events_t": [3, 4], "n_t": 20})
    table = table.assign(events_c=0, n_c=20)
    effects = with_shared_controls(sizes(table, "OR"))
    assert effects.V[0, 1] == approx(1 / 0.5 + 1 / 20.5)
    assert with_shared_controls(sizes(table, "RD")).V[0, 1] == approx(0.5 * 20.5 / 21**3)


def test_nothing_shared_leaves_the_effects_as_they_are():
    effects = sizes(TABLE.assign(trial=list("abcd")))
    assert with_shared_controls(effects) is effects


def test_what_is_refused():
    with pytest.raises(
        StudyTableError, match=r'"n_c" is 22 in "A1" \(row 1\) and 11 in "A2" \(row 3'
    ):
        with_shared_controls(sizes(TABLE.assign(n_c=[22, 31, 11, 41])))
    with pytest.raises(StudyTableError, match="no column 'id', which the shared controls need"):
        with_shared_controls(sizes(), trial="id")
    with pytest.raises(StudyTableError, match=r"formula for MD, SMD, .* not for SMDH"):
        with_shared_controls(sizes(measure="SMDH"))
    with pytest.raises(StudyTableError, match="have a V already"):
        with_shared_controls(with_shared_controls(sizes()))


def drawn(measure, rng, reps=40_000):
    """Two comparisons of each of many simulated trials with one control arm of 60 or so."""
    if measure in ("MD", "SMD", "SMD1", "ROM"):
        n, mean = np.array([50, 70, 60]), np.array([24.0, 23, 20])
        means = rng.normal(mean, 5 / np.sqrt(n), (reps, 3))
        sds = 5 * np.sqrt(rng.chisquare(n - 1, (reps, 3)) / (n - 1))
        arms = [(np.full(reps, float(n[i])), means[:, i], sds[:, i]) for i in range(3)]
        return [Arms(*arms[i], *arms[2]) for i in (0, 1)], dict(
            zip(("n_t", "mean_c", "sd_c", "n_c"), (n[:2], 20.0, 5.0, 60.0), strict=True)
        )
    if measure in ("IRR", "IRD"):
        time, rate = np.array([90.0, 80, 100]), np.array([0.7, 0.8, 1.0])
        counts = rng.poisson(time * rate, (reps, 3)).astype(float)
        shape = [Rates(counts[:, i], time[i], counts[:, 2], time[2]) for i in (0, 1)]
        return shape, {"events_c": 100.0, "time_c": 100.0}
    n, risk = np.array([200.0, 150, 160]), np.array([0.3, 0.35, 0.4])
    counts = rng.binomial(n.astype(int), risk, (reps, 3)).astype(float)
    shape = [Events(counts[:, i], n[i], counts[:, 2], n[2]) for i in (0, 1)]
    return shape, {"events_c": 64.0, "n_c": 160.0}


@pytest.mark.parametrize(
    "measure", ["MD", "SMD", "SMD1", "ROM", "OR", "RR", "RD", "AS", "IRR", "IRD"]
)
def test_covariances_are_those_of_simulated_trials(measure):
    """40 000 trials: the covariance of two normals has a relative error of about 1 %."""
    shapes, control = drawn(measure, np.random.default_rng(3))
    (one, _), (other, _) = (MEASURES[measure].compute(shape, "LS") for shape in shapes)
    columns = {name: np.broadcast_to(value, 2).astype(float) for name, value in control.items()}
    columns.setdefault("n_t", np.array([50.0, 70.0]))
    table = pd.DataFrame(columns).assign(trial="A")
    y = [one.mean(), other.mean()]
    effects = Effects.from_estimates(
        y,
        se=[one.std(), other.std()],
        study=["1", "2"],
        measure=measure,
        unit=MEASURES[measure].unit or "unit",
        better="lower",
    ).with_data(table)
    found = with_shared_controls(effects).V[0, 1]
    assert np.cov(one, other)[0, 1] == approx(found, rel=0.05)
