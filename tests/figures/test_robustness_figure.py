"""The robustness plot: every analysis, or the extremes of very many; flips marked and named."""

import matplotlib
import numpy as np
import pandas as pd
import pytest
from pytest import approx

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.colors import to_rgba

import bayes_ps as bps
from bayes_ps import words
from bayes_ps.checks import ModelError
from bayes_ps.plots import alt_text
from bayes_ps.plots.robustness_figure import plot_robustness
from bayes_ps.plots.robustness_lines import lines_of
from bayes_ps.plots.style import INK, MEAN
from models import CommonEffect, PooledEvidence, RandomEffects, priors
from tests.figures.test_plots import figure, said, texts, untidy
from tests.unit.making import PAIN, fitted, made

MCID = bps.MCID(4, unit=PAIN.unit, source="doi:10/x", kind="between groups")
RATED = PAIN.with_data(pd.DataFrame({"rob_overall": ["high", "low", "low", "high", *["low"] * 4]}))


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def found_of(k, mcid=MCID, **asked):
    rng = np.random.default_rng(k)
    names = [f"Study {i} of a rather long-winded group" for i in range(k)]
    effects = made(rng.normal(-7, 4, k), rng.uniform(1.5, 6, k), study=names)
    return bps.robustness(fitted(effects), mcid, **asked)


def test_a_line_an_analysis_with_its_numbers():
    found = bps.robustness(fitted(RATED), MCID)
    plot = plot_robustness(found)
    assert plot.data["p"].values == approx([v.p_mean for v in found.variants])
    assert plot.data["effect"].values[0] == approx(fitted(RATED).average().ppf([0.5, 0.025, 0.975]))
    assert plot.viz["cut"].item().get_segments()[0][0, 0] == 0.95
    assert plot.viz["mcid"].item().get_segments()[0][0, 0] == -4
    shown = [line for line in lines_of(found) if line.analyses]
    assert [line.one for line in shown][:13] == list(found.variants)[:13]
    assert sorted(line.one.changed for line in shown) == sorted(v.changed for v in found.variants)
    for row, line in enumerate(lines_of(found)):
        assert plot.viz[f"line_{row}"].item().get_text() == line.text
        if not line.analyses:
            continue
        dot, number = plot.viz[f"p_{row}"].item(), plot.viz[f"p_{row}_text"].item()
        assert np.asarray(dot.get_offsets())[0, 0] == approx(line.one.p_mean)
        assert number.get_text() == words.probability(line.one.p_mean).replace(" ", "")
        flips = line.one in found.flips
        assert tuple(dot.get_facecolor()[0]) == to_rgba(INK if flips else MEAN)
        bold = flips or line.one is found.variants[0]
        assert plot.viz[f"line_{row}"].item().get_fontweight() == ("bold" if bold else "normal")
    assert {"Other priors of mu and tau", "Leave one out", "As fitted", "MCID 4"} <= set(
        texts(plot)
    )
    assert "Risk of bias: without 2 at high risk" in said(plot)
    assert {"← benefit", "harm →"} <= set(texts(plot))
    assert str(found).splitlines()[0] in alt_text(plot)
    assert f"{len(found.flips)} of {len(found.variants) - 1} others" in said(plot)
    assert not untidy(plot)


@pytest.mark.parametrize("k", [1, 2, 3, 11, 60, 131])
def test_nothing_is_cut_off_and_a_page_holds_it(k):
    found = found_of(k)
    plot = plot_robustness(found)
    assert not untidy(plot)
    assert figure(plot).get_figheight() < 9.5
    assert len(plot.data["p"]) == len(found.variants)


def test_a_quote_in_a_name_stays():
    effects = made([-7, -3, -5, -8], [2, 3, 2, 4], study=["O'Brien", 'The "PEER" trial', "C", "D"])
    shown = [line.text for line in lines_of(bps.robustness(fitted(effects), MCID))]
    assert {"without O'Brien", 'without The "PEER" trial', "without C"} <= set(shown)


def test_of_many_left_out_the_extremes_and_how_many_lie_between():
    found = found_of(131, bps.MCID(6.9, unit=PAIN.unit), cut=0.5)
    left_out = sorted(
        (v for v in found.variants if v.kind == "leave one out"), key=lambda v: v.p_mean
    )
    lines = [line for line in lines_of(found) if line.analyses and line.analyses[0] in left_out]
    between = next(line for line in lines if len(line.analyses) > 1)
    singles = [line.one for line in lines if line is not between]
    assert {*left_out[:3], *left_out[-3:]} <= set(singles)
    assert set(singles) | set(between.analyses) == set(left_out)
    assert between.text.startswith(f"{131 - len(singles)} others")
    hidden = sum(v in found.flips for v in between.analyses)
    assert (f", of which {hidden} flip it" in between.text.replace("\n", " ")) == bool(hidden)
    plot = plot_robustness(found)
    p = [v.p_mean for v in between.analyses]
    assert plot.viz["between_probability"].item().get_xdata() == approx([min(p), max(p)])
    assert "Grey bars" in said(plot)


def test_harm_is_on_the_left_where_higher_is_better():
    effects = made(-PAIN.y, PAIN.se, better="higher")
    plot = plot_robustness(bps.robustness(fitted(effects), MCID))
    assert {"← harm", "benefit →"} <= set(texts(plot))
    assert plot.viz["mcid"].item().get_segments()[0][0, 0] == 4


def test_ratios_and_pools():
    ratios = made(np.log([0.5, 0.8, 0.7, 0.6]), [0.2, 0.1, 0.15, 0.2], measure="OR", unit="log OR")
    fit = fitted(ratios, RandomEffects(priors.flat(), priors.half_normal(0.5)))
    plot = plot_robustness(bps.robustness(fit, bps.MCID(np.log(1.25), unit="log OR")))
    assert {"MCID 0.8", "Mean effect: Odds ratio (log scale)"} <= {
        " ".join(text.split()) for text in texts(plot)
    }
    assert not untidy(plot)
    pool = fitted(made([-3.48], [1.6]), PooledEvidence(mu=priors.flat(), tau=priors.half_normal(5)))
    assert not untidy(plot_robustness(bps.robustness(pool, MCID)))


def test_what_failed_is_said():
    class Refused(RandomEffects):
        def gaussian(self, effects):
            raise ModelError("not today")

        def __str__(self):
            return "Refused: a model"

    models = [Refused(priors.flat(), priors.half_normal(1)), CommonEffect(priors.normal(0, 1))]
    plot = plot_robustness(bps.robustness(fitted(), MCID, models=models))
    assert "no fit" in texts(plot)
    assert "No fit: Refused (not today)" in said(plot)
    assert not untidy(plot)


def test_an_uncertain_mcid_is_a_range_and_anchors_are_ticks():
    for value, name in (([3, 5.5], "mcid_anchors"), (priors.uniform(3, 5), "mcid_range")):
        found = bps.robustness(fitted(), bps.MCID(value, unit=PAIN.unit))
        plot = plot_robustness(found)
        assert {"mcid_anchors", "mcid_range"} & set(plot.viz) == {name}
        assert plot.data["p"].values[0] == approx(bps.decide(fitted(), found.mcid).mean.p_mcid)
        assert not untidy(plot)
    ticks = (
        plot_robustness(bps.robustness(fitted(), bps.MCID([3, 5.5], unit=PAIN.unit)))
        .viz["mcid_anchors"]
        .item()
    )
    assert sorted(one[0, 0] for one in ticks.get_segments()) == [-5.5, -3]
