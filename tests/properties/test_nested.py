"""What must hold for clusters and networks: names, order, unit and sign do not matter."""

import hypothesis.strategies as st
import numpy as np
import pandas as pd
from hypothesis import Phase, given, settings
from pytest import approx

from bayes_ps import priors
from models import Network, ThreeLevel
from tests.properties.strategies import numbers
from tests.unit.making import fitted, made

FEW = settings(max_examples=3, phases=[Phase.generate])  # two seconds each
CLUSTERS = np.array(["a", "a", "b", "b", "c"])
ARMS = [("t", "p"), ("u", "p"), ("u", "t"), ("v", "u"), ("t", "p")]
values = st.lists(numbers(-3, 3), min_size=5, max_size=5)
errors = st.lists(numbers(0.2, 2), min_size=5, max_size=5)
factors = st.sampled_from([1e-4, 0.3, 7.0, 1e5])


def three_levels(scale=1.0):
    tau, omega = priors.half_normal(0.7 * scale), priors.half_normal(0.4 * scale)
    return ThreeLevel("cluster", priors.normal(0, 2 * scale), tau, omega)


def clustered(y, se, cluster):
    return made(y, se).with_data(pd.DataFrame({"cluster": cluster}))


def network(scale=1.0, reference="p", trial=None):
    tau = priors.half_normal(0.7 * scale)
    return Network(reference, priors.normal(0, 3 * scale), tau, trial=trial)


def compared(y, se, pairs=ARMS):
    """Five contrasts; the first two share the arm of trial 1 with half of the smaller variance."""
    se = np.asarray(se)
    V = np.diag(se**2)
    V[0, 1] = V[1, 0] = min(se[:2]) ** 2 / 2
    data = pd.DataFrame(pairs, columns=["treatment", "comparator"])
    return made(y, se, V).with_data(data.assign(trial=["1", "1", "2", "3", "4"]))


def same(one, other, factor=1.0):
    """Moments and probabilities, around the mean of the one."""
    assert other.mean / factor == approx(one.mean, abs=1e-8 * one.sd)
    assert other.sd / factor == approx(one.sd, rel=1e-8)
    x = one.mean + one.sd * np.array([-1.2, -0.4, 0.0, 0.7, 2.5])
    assert other.cdf(factor * x) == approx(one.cdf(x), abs=1e-9)


@FEW
@given(y=values, se=errors, data=st.data())
def test_order_and_names_of_clusters_are_immaterial(y, se, data):
    one = fitted(clustered(y, se, CLUSTERS), three_levels())
    names = dict(zip("abc", data.draw(st.permutations(["z", "10", "9"])), strict=True))
    renamed = clustered(y, se, [names[each] for each in CLUSTERS])
    rows = data.draw(st.permutations(range(5)))
    other = fitted(renamed.with_data(renamed.data.assign(at=rows)).sort("at"), three_levels())
    assert other.log_evidence == approx(one.log_evidence, abs=1e-9)
    for name in one.unknowns:
        same(one.marginal(name), other.marginal(name))
    for name in one.studies:
        same(one.study(name), other.study(name))


@FEW
@given(y=values, se=errors, factor=factors)
def test_a_unit_scales_both_standard_deviations(y, se, factor):
    """y, se and the priors by c: every unknown by c, and the 5 densities of y by 1 / c."""
    one = fitted(clustered(y, se, CLUSTERS), three_levels())
    scaled = clustered(factor * np.array(y), factor * np.array(se), CLUSTERS)
    other = fitted(scaled, three_levels(factor))
    assert other.log_evidence == approx(one.log_evidence - 5 * np.log(factor), abs=1e-8)
    for name in one.unknowns:
        same(one.marginal(name), other.marginal(name), factor)
    same(one.predictive(), other.predictive(), factor)
    same(one.study("E"), other.study("E"), factor)


@FEW
@given(y=values, se=errors, which=st.lists(st.booleans(), min_size=2, max_size=2))
def test_treatment_and_comparator_may_change_places(y, se, which):
    """With the sign of y; the two contrasts that share an arm stay as they are."""
    one = fitted(compared(y, se), network(trial="trial"))
    turned, pairs = np.array(y), list(ARMS)
    for row, turn in zip((2, 3), which, strict=True):
        if turn:
            turned[row], pairs[row] = -turned[row], pairs[row][::-1]
    other = fitted(compared(turned, se, pairs), network(trial="trial"))
    assert other.log_evidence == approx(one.log_evidence, abs=1e-10)
    for name in one.unknowns:
        same(one.marginal(name), other.marginal(name))


@given(y=values, se=errors)
def test_all_signs_turned_is_all_pairs_turned(y, se):
    """The whole network, shared arms and all: −y with treatment and comparator exchanged."""
    one = fitted(compared(y, se), network(trial="trial"))
    pairs = [(b, t) for t, b in ARMS]
    other = fitted(compared(-np.array(y), se, pairs), network(trial="trial"))
    assert other.log_evidence == approx(one.log_evidence, abs=1e-10)
    for name in one.unknowns:
        same(one.marginal(name), other.marginal(name))


@given(y=values, se=errors, names=st.permutations(["A", "zz", "1", "b"]))
def test_names_of_treatments_are_immaterial(y, se, names):
    new = dict(zip("ptuv", names, strict=True))
    one = fitted(compared(y, se), network(trial="trial"))
    pairs = [(new[t], new[b]) for t, b in ARMS]
    renamed = network(reference=new["p"], trial="trial")
    other = fitted(compared(y, se, pairs), renamed)
    assert other.log_evidence == approx(one.log_evidence, abs=1e-10)
    same(one.marginal("tau"), other.marginal("tau"))
    for treatment in "tuv":
        same(one.marginal(f"d[{treatment}]"), other.marginal(f"d[{new[treatment]}]"))


@given(y=values, se=errors, factor=factors)
def test_a_unit_scales_a_network(y, se, factor):
    one = fitted(compared(y, se), network(trial="trial"))
    scaled = compared(factor * np.array(y), factor * np.array(se))
    other = fitted(scaled, network(factor, trial="trial"))
    assert other.log_evidence == approx(one.log_evidence - 5 * np.log(factor), abs=1e-8)
    for name in one.unknowns:
        same(one.marginal(name), other.marginal(name), factor)
    at = {"treatment": "v", "comparator": "t"}
    same(one.predictive(at), other.predictive(at), factor)
