"""What must hold for every measure: arms swapped, more people, unit and origin, its neighbours."""

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from pytest import approx

from bayes_ps.effects import MEASURES, effect_sizes
from bayes_ps.effects.reported import Arms, Events, Rates
from tests.properties.strategies import numbers

SDS = numbers(0.5, 50)
MEANS = numbers(1, 100)
SIZES = st.integers(4, 500)


@st.composite
def counts(draw, least=1):
    """Two arms with between `least` and n − `least` events in each."""
    cells = []
    for _ in "tc":
        n = draw(st.integers(4, 400))
        cells += [draw(st.integers(least, n - least)), n]
    return dict(zip(("events_t", "n_t", "events_c", "n_c"), cells, strict=True))


def arms():
    return st.fixed_dictionaries(
        {
            f"{part}_{arm}": s
            for arm in "tc"
            for part, s in (("n", SIZES), ("mean", MEANS), ("sd", SDS))
        }
    )


def rates():
    time = numbers(0.1, 1000)
    return st.fixed_dictionaries(
        {f"{part}_{arm}": s for arm in "tc" for part, s in (("events", SIZES), ("time", time))}
    )


def paired():
    sides = {
        f"{part}_{side}": s
        for side in ("pre", "post")
        for part, s in (("mean", MEANS), ("sd", SDS))
    }
    one = {"n": SIZES, "r": numbers(-0.95, 0.95)} | sides
    return st.fixed_dictionaries({f"{name}_{arm}": s for arm in "tc" for name, s in one.items()})


MADE = {Arms: arms(), Events: counts(), Rates: rates()}
TWO_ARMS = [
    (measure, variance)
    for measure in MEASURES.values()
    for variance in measure.variances
    if measure.reads[0].shape in MADE or measure.reads[0].arms
]
LABELS = [f"{measure.code}-{variance}" for measure, variance in TWO_ARMS]
EACH = pytest.mark.parametrize(("measure", "variance"), TWO_ARMS, ids=LABELS)


def one_row(data, measure):
    return data.draw(paired() if measure.reads[0].arms else MADE[measure.reads[0].shape])


def sizes(rows, measure, variance="LS", **options):
    table = pd.DataFrame(rows).assign(study=range(len(rows)))
    unit = "unit" if measure.unit is None else None
    return effect_sizes(
        table, measure=measure.code, better="lower", variance=variance, unit=unit, **options
    )


def swapped(row):
    other = {"t": "c", "c": "t"}
    return {f"{name[:-1]}{other[name[-1]]}": value for name, value in row.items()}


@EACH
@given(data=st.data())
def test_swapped_arms_flip_the_effect(measure, variance, data):
    """Glass's delta is by the sd of one arm, so swapping it is another measure."""
    if measure.code in ("SMD1", "SMD1H"):
        return
    row = one_row(data, measure)
    one, other = (sizes([r], measure, variance) for r in (row, swapped(row)))
    assert other.y[0] == approx(-one.y[0], rel=1e-12, abs=1e-13)
    assert other.se[0] == approx(one.se[0], rel=1e-12)


@EACH
@given(data=st.data())
def test_more_people_make_a_smaller_error(measure, variance, data):
    """As many times the people (and events, and time), with the same means, sds and risks."""
    row = one_row(data, measure)
    times = data.draw(st.integers(2, 9))
    grows = ("n_", "events_", "time_")
    more = {name: v * times if name.startswith(grows) else v for name, v in row.items()}
    one, other = (sizes([r], measure, variance) for r in (row, more))
    assert other.se[0] < one.se[0]


@EACH
@given(data=st.data())
def test_a_study_does_not_know_the_others(measure, variance, data):
    """But for AV, whose point that is."""
    if variance == "AV":
        return
    rows = [one_row(data, measure) for _ in range(3)]
    together = sizes(rows, measure, variance)
    alone = sizes(rows[1:2], measure, variance)
    assert together.y[1] == approx(alone.y[0], rel=1e-13)
    assert together.se[1] == approx(alone.se[0], rel=1e-13)


STANDARDISED = [code for code, measure in MEASURES.items() if measure.unit == "SD units"]


@pytest.mark.parametrize("code", STANDARDISED)
@given(data=st.data(), factor=numbers(0.01, 100), origin=numbers(-100, 100))
def test_a_standardised_effect_knows_neither_unit_nor_origin(code, data, factor, origin):
    measure = MEASURES[code]
    row = one_row(data, measure)
    other = {
        name: factor * v + origin
        if name.startswith("mean")
        else factor * v
        if name.startswith("sd")
        else v
        for name, v in row.items()
    }
    one, same = (sizes([r], measure) for r in (row, other))
    least = min(v for name, v in row.items() if name.startswith("sd"))
    if measure.reads[0].arms and code == "SMCC":
        least *= 0.2  # the sd of a change of highly correlated measurements
    rounding = 1e-12 * (100 + abs(origin) / factor) / least
    assert same.y[0] == approx(one.y[0], rel=1e-10, abs=rounding)
    assert same.se[0] == approx(one.se[0], rel=1e-9, abs=rounding)


@given(row=counts(least=0), correction=st.sampled_from(["metafor", "revman", "treatment-arm"]))
def test_every_table_with_an_event_and_somebody_spared_has_an_odds_ratio(row, correction):
    silent = row["events_t"] == row["events_c"] == 0 or (
        row["events_t"] == row["n_t"] and row["events_c"] == row["n_c"]
    )
    if silent:
        return
    effects = sizes([row], MEASURES["OR"], correction=correction)
    assert np.isfinite(effects.y[0]) and 0 < effects.se[0] < 3


@given(row=counts())
def test_events_and_their_absence_are_two_sides_of_the_odds_and_of_the_risk_difference(row):
    other = row | {f"events_{arm}": row[f"n_{arm}"] - row[f"events_{arm}"] for arm in "tc"}
    for code in ("OR", "RD", "AS", "PETO"):
        one, turned = (sizes([r], MEASURES[code]) for r in (row, other))
        assert turned.y[0] == approx(-one.y[0], rel=1e-9, abs=1e-12)
        assert turned.se[0] == approx(one.se[0], rel=1e-12)
