"""The summary figure of outcomes: the probabilities of `decide`, each bar of length one."""

import matplotlib
import numpy as np
import pandas as pd
import pytest
from pytest import approx

matplotlib.use("Agg")

import matplotlib.pyplot as plt

import bayes_ps as bps
from bayes_ps import words
from bayes_ps.checks import BayesPSError
from bayes_ps.plots import alt_text
from bayes_ps.plots.outcomes_figure import plot_outcomes
from models import CommonEffect, PooledEvidence, RandomEffects, priors
from tests.figures.test_plots import said, texts, untidy
from tests.unit.making import PAIN, fitted, made, sampled

MCID = bps.MCID(5, unit=PAIN.unit, source="doi:10/x", kind="between groups")
SIZED = PAIN.with_data(pd.DataFrame({"n_t": [100] * 8, "n_c": [90] * 8}))
RATIOS = fitted(
    made(np.log([0.5, 0.8, 0.7]), [0.2, 0.1, 0.15], measure="OR", unit="log OR"),
    RandomEffects(priors.flat(), priors.half_normal(0.5)),
)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def bar(plot, name):
    drawn = plot.viz[name].item()
    return drawn.get_x(), drawn.get_width()


def test_the_bars_are_the_probabilities_of_decide_side_by_side():
    fit, decision = fitted(SIZED), bps.decide(fitted(SIZED), MCID)
    plot = plot_outcomes(
        {"Pain": (fit, MCID), "Death": (RATIOS, bps.MCID(np.log(1.25), unit="log OR"))}
    )
    for n, p in enumerate((decision.mean, decision.new)):
        assert bar(plot, f"p_harm_0_{n}") == approx((0, p.p_harm))
        assert bar(plot, f"p_trivial_0_{n}") == approx((p.p_harm, p.p_trivial))
        assert bar(plot, f"p_mcid_0_{n}") == approx((p.p_harm + p.p_trivial, p.p_mcid))
        shown = plot.viz[f"p_mcid_0_{n}_text"].item().get_text()
        assert shown == words.probability(p.p_mcid).replace(" ", "")
        assert plot.data["p"].values[0, n] == approx([p.p_harm, p.p_trivial, p.p_mcid])
    about = {"Pain", "k = 8, n = 1,520", "MCID 5 points (0-100)", "k = 3", "MCID 0.8 odds ratio"}
    assert about <= set(texts(plot))
    assert {"Important harm", "Trivial", "Important benefit", "Mean effect"} <= set(texts(plot))
    assert f"important benefit {words.probability(decision.mean.p_mcid)}" in alt_text(plot)
    assert f"Pain: {MCID.caveat}" in said(plot)
    assert not untidy(plot)


def test_decisions_pairs_and_findings_are_one():
    fit = fitted(SIZED)
    table = bps.summary_of_findings([("Pain", fit, MCID)])
    given = {"Pain": (fit, MCID)}, {"Pain": bps.decide(fit, MCID)}, table
    plots = [plot_outcomes(rows) for rows in given]
    assert len({tuple(map(alt_text, [plot])) for plot in plots}) == 1
    assert [plot.data["p"].values for plot in plots][2] == approx(plots[0].data["p"].values)


def test_numbers_that_do_not_fit_stand_beside_the_bar():
    far = fitted(made([-30, -31, -29], [1, 1, 1]))
    plot = plot_outcomes({"Far": (far, MCID), "Harm": (fitted(made([30], [1])), MCID)})
    left, right = plot.viz["p_harm_0_0_text"].item(), plot.viz["p_mcid_1_0_text"].item()
    assert (left.get_text(), left.get_horizontalalignment()) == ("<0.001", "right")
    assert (right.get_text(), right.get_horizontalalignment()) == ("<0.001", "left")
    assert "p_trivial_0_0_text" not in plot.viz
    assert not untidy(plot)


def test_without_heterogeneity_there_is_one_bar():
    fit = fitted(PAIN, CommonEffect(priors.flat()))
    plot = plot_outcomes({"Pain": (fit, MCID)})
    assert "p_mcid_0_1" not in plot.viz and np.isnan(plot.data["p"].values[0, 1]).all()
    assert "a new setting has the mean effect itself" in said(plot)
    assert "one outcome" in alt_text(plot)


def test_many_outcomes_with_long_names():
    pool = fitted(made([-3.5], [1.6]), PooledEvidence(mu=priors.flat(), tau=priors.half_normal(5)))
    uncertain = bps.MCID(priors.uniform(3, 8), unit=PAIN.unit)
    rows = {
        f"Pain on movement after {n} months, as told by patients": (fit, mcid)
        for n, (fit, mcid) in enumerate([(pool, MCID), (fitted(), uncertain), (fitted(), MCID)] * 2)
    }
    assert not untidy(plot_outcomes(rows))


def test_draws_have_their_error():
    plot = plot_outcomes({"Pain": (sampled(fitted()), MCID)})
    assert "Monte Carlo standard error" in said(plot)


@pytest.mark.parametrize(
    ("rows", "message"),
    [({}, "one outcome at least"), ({"Pain": MCID}, '"Pain" must be'), ([1], "not list")],
)
def test_what_is_refused(rows, message):
    with pytest.raises(BayesPSError, match=message):
        plot_outcomes(rows)
    assert not plt.get_fignums()
