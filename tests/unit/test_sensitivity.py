"""A grid of priors: the same numbers as one fit after another, in the right rows."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.optimize import brentq

import bayes_ps as bps
from bayes_ps.checks import BayesPSError, ModelError, PriorError, UnitError
from bayes_ps.sensitivity import priors as prior_grid
from bayes_ps.sensitivity.mixture import Beside, Mixture
from models import CommonEffect, MetaRegression, RandomEffects, priors
from tests.unit.making import PAIN, fitted, made

MCID = bps.MCID(5, unit=PAIN.unit, kind="between groups")
MU = [priors.flat(), priors.normal(0, 3, source="sceptical"), priors.normal(-5, 20)]
TAU = [priors.half_normal(5), priors.half_cauchy(2)]


@pytest.fixture(scope="module")
def grid():
    return prior_grid(PAIN, mu=MU, tau=TAU, mcid=MCID)


def test_every_pair_is_a_row_with_the_numbers_of_its_own_fit(grid):
    frame = grid.to_frame()
    assert frame["mu"].tolist() == [str(mu) for mu in MU for _ in TAU]
    assert frame["tau"].tolist() == [str(tau) for _ in MU for tau in TAU]
    assert frame["mu"][2] == "normal(mean 0, sd 3) [sceptical]"
    for row, (mu, tau) in enumerate([(mu, tau) for mu in MU for tau in TAU]):
        fit = bps.fit(RandomEffects(mu, tau), PAIN)
        want = bps.decide(fit, MCID)
        for column, value in {
            "median": want.mean.median,
            "lower": want.mean.lower,
            "upper": want.mean.upper,
            "p_mean": want.mean.p_mcid,
            "p_new": want.new.p_mcid,
            "harm_mean": want.mean.p_harm,
            "harm_new": want.new.p_harm,
            "log_evidence": fit.log_evidence,
        }.items():
            assert frame[column][row] == pytest.approx(value, rel=1e-11, abs=1e-14), column
        assert frame["warnings"][row] == " ".join(fit.warnings)


def test_without_an_mcid_any_benefit_is_asked_for(grid):
    found = prior_grid(PAIN, mu=MU[:1], tau=TAU[:1])
    want = bps.decide(fitted(model=RandomEffects(MU[0], TAU[0])), MCID).mean
    assert found.answers.p_mean[0] == pytest.approx(want.p_benefit, abs=1e-14)
    assert found.answers.harm_mean[0] == pytest.approx(1 - want.p_benefit, abs=1e-14)
    assert "any benefit" in str(found)
    assert found.notes == () and grid.notes == (MCID.caveat,)


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_the_answer_of_a_common_effect_is_a_normal(better):
    """A conjugate posterior by hand: precision 1 / 2² + 1 / 3², both directions."""
    sign = -1 if better == "lower" else 1
    effects = made([sign * 4.0], [2.0], better=better)
    found = prior_grid(effects, mu=[priors.normal(0, 3)], mcid=MCID, model=CommonEffect(MU[0]))
    variance = 1 / (1 / 4 + 1 / 9)
    by_hand = stats.norm(variance * 4 / 4, np.sqrt(variance))
    answers = found.answers
    assert answers.p_mean[0] == pytest.approx(by_hand.sf(5), abs=1e-15)
    assert answers.p_new[0] == pytest.approx(by_hand.sf(5), abs=1e-15)
    assert answers.harm_mean[0] == pytest.approx(by_hand.cdf(-5), abs=1e-15)
    assert sorted(sign * np.array([answers.lower[0], answers.upper[0]])) == pytest.approx(
        by_hand.ppf([0.025, 0.975])
    )
    assert found.tau == ("",)


def test_the_sentence_names_the_lowest_and_the_highest(grid):
    p = grid.answers.p_mean
    said = str(grid)
    assert f"is {p.min():.3f} to {p.max():.3f} under 6 choices of priors" in said
    low = int(p.argmin())
    assert f"lowest under mu ~ {grid.mu[low]} and tau ~ {grid.tau[low]}" in said
    assert "P(new setting: benefit of at least 5 points (0-100))" in said


def test_flips_are_the_pairs_on_the_other_side_than_the_first(grid):
    p = grid.answers.p_mean
    cut = float((p[0] + p[2]) / 2)
    flipped = grid.flips(cut)
    assert flipped.index.tolist() == [i for i in range(6) if (p[i] >= cut) != (p[0] >= cut)]
    assert 2 in flipped.index and 0 not in flipped.index
    assert grid.flips(1e-9).empty
    assert grid.flips(float(grid.answers.p_new[1]), "new").shape[0] > 0


def test_a_model_with_moderators_is_asked_at_a_setting():
    effects = PAIN.with_data(pd.DataFrame({"dose": range(8)}))
    model = MetaRegression(["dose"], priors.flat(), priors.half_normal(5))
    found = prior_grid(effects, tau=TAU, mcid=MCID, model=model, at={"dose": 3})
    want = bps.fit(MetaRegression(["dose"], priors.flat(), TAU[1]), effects)
    assert found.answers.p_mean[1] == pytest.approx(want.average({"dose": 3}).cdf(-5), abs=1e-13)
    assert found.mu == ("flat", "flat")
    with pytest.raises(ModelError, match="must name"):
        prior_grid(effects, tau=TAU, model=model)


def test_an_effect_that_a_prior_fixes_at_0_is_no_benefit():
    """A point on the threshold counts as beyond it, but 0 is not "any benefit"."""
    point = Mixture(np.ones(1), np.zeros(1), np.zeros(1))
    spread = Mixture(np.ones(2) / 2, np.array([-1.0, 1.0]), np.ones(2))
    both = Beside([point, spread])
    assert both.beyond(1, 0.0) == pytest.approx([0, 0.5])
    assert both.beyond(-1, 0.0) == pytest.approx([0, 0.5])
    one = Beside([Mixture(np.ones(1), np.ones(1), np.zeros(1))])
    assert one.beyond(1, 1.0)[0] == 1
    q = np.array([0.025, 0.5, 0.975])
    assert both.ppf(q)[:, 0] == pytest.approx(0, abs=1e-100)
    assert one.ppf(q)[:, 0] == pytest.approx(1, abs=1e-13)


def test_the_quantiles_of_mixtures_side_by_side_are_those_of_each():
    """Against brentq on scipy's distribution functions; far nodes, tiny weights, one node."""
    mixtures = [
        Mixture(np.ones(1), np.array([3.0]), np.array([0.5])),
        Mixture(np.array([0.5, 0.4, 0.1]), np.array([0.0, 5.0, -40.0]), np.array([1.0, 0.01, 3])),
        Mixture(np.array([1 - 1e-9, 1e-9]), np.array([0.0, 1.0]), np.array([1.0, 1e8])),
    ]
    q = np.array([0.001, 0.025, 0.3, 0.5, 0.975])
    found = Beside(mixtures).ppf(q)
    for column, m in enumerate(mixtures):
        law = stats.norm(m.location, m.scale)
        want = [brentq(lambda x: m.weight @ law.cdf(x) - p, -500, 500, xtol=1e-13) for p in q]  # noqa: B023
        assert found[:, column] == pytest.approx(want, abs=1e-11)
    assert Beside([]).ppf(q).shape == (5, 0)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"mu": MU}, PriorError, "tau must be a list of priors"),
        ({"mu": MU[0], "tau": TAU}, PriorError, "mu must be a list of priors"),
        ({"mu": [], "tau": TAU}, PriorError, "mu must be a list"),
        ({"mu": MU, "tau": TAU, "mcid": 5}, UnitError, r"mcid must be bps.MCID\(5"),
        ({"mu": MU, "tau": TAU, "mcid": bps.MCID(5, unit="mm")}, UnitError, "in 'mm'"),
        ({"mu": MU, "tau": TAU, "level": 95}, BayesPSError, "as in 0.95"),
        ({"mu": MU, "tau": TAU, "model": "RandomEffects"}, ModelError, "frozen specification"),
        ({"tau": TAU, "model": CommonEffect(MU[0])}, ModelError, "no prior of tau"),
    ],
)
def test_what_is_refused(given, error, message):
    with pytest.raises(error, match=message):
        prior_grid(PAIN, **given)


def test_an_improper_posterior_is_refused_with_its_prior():
    with pytest.raises(ModelError, match="improper_uniform"):
        prior_grid(made([1, 2], [1, 1]), mu=MU[:1], tau=[TAU[0], priors.improper_uniform()])


def test_cuts_and_targets_are_checked(grid):
    with pytest.raises(BayesPSError, match="cut must be between 0 and 1"):
        grid.flips(95)
    with pytest.raises(BayesPSError, match='target must be "mean" or "new"'):
        grid.flips(0.5, "setting")
