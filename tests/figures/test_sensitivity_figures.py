"""The figures of sensitivity: the right numbers, none cut off, direction named, alt text."""

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
from bayes_ps.plots import alt_text, plot_cumulative, plot_leave_one_out, plot_prior_sensitivity
from bayes_ps.sensitivity import cumulative, leave_one_out
from bayes_ps.sensitivity import priors as prior_grid
from models import CommonEffect, MetaRegression, RandomEffects, priors
from tests.figures.test_plots import across, column, mark, place, said, texts, untidy
from tests.unit.making import PAIN, fitted, made

MCID = bps.MCID(5, unit=PAIN.unit, kind="between groups", source="doi:10/x")
MU = [priors.flat(), priors.normal(0, 3, source="a sceptical prior with a rather long reason")]
TAU = [priors.half_normal(5), priors.half_cauchy(2), priors.half_normal(1)]
LONG = made(
    [-9, -4, -12], [3, 2, 4], study=["A", "A rather long name of a study group, 1999 (b)", "C"]
)
GROUPS = PAIN.with_data(pd.DataFrame({"arm": list("aabbbbbc")}))
ARMS = MetaRegression(["arm"], priors.flat(), priors.half_normal(5), intercept=False)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def grid():
    return prior_grid(PAIN, mu=MU, tau=TAU, mcid=MCID)


def test_a_line_a_pair_with_its_probabilities(grid):
    plot = plot_prior_sensitivity(grid, cut=0.8)
    for name, p in (("Mean effect", grid.answers.p_mean), ("New setting", grid.answers.p_new)):
        assert np.asarray(plot.viz[name].item().get_offsets())[:, 0] == approx(p)
        for pair, value in enumerate(p):
            text = plot.viz[f"{name}_{pair}"].item()
            assert text.get_text() == words.probability(value).replace(" ", "")
            flipped = (value >= 0.8) != (p[0] >= 0.8)
            assert (text.get_fontweight() == "bold") == flipped
    assert plot.viz["cut"].item().get_segments()[0][0, 0] == 0.8
    shown = " ".join(texts(plot))
    assert "mu ~ flat" in shown and "tau ~ half-cauchy(scale 2)" in shown
    assert "Posterior probability of a benefit of at least 5 points (0-100)" in shown
    assert MCID.caveat in said(plot)
    assert not untidy(plot)


def test_the_marks_stand_beside_their_priors(grid):
    plot = plot_prior_sensitivity(grid)
    figure = plot.viz["figure"].item()
    figure.draw_without_rendering()
    axes = plot.get_target(None, {"panel": "grid"})
    dots = plot.viz["Mean effect"].item().get_offsets()
    rows = [t for t in figure.texts if t.get_text().startswith("tau ~")]
    assert len(rows) == len(dots) == 6
    for text, dot in zip(rows, dots, strict=True):
        height = axes.transData.transform(dot)[1]
        box = text.get_window_extent()
        assert box.y0 < height < box.y1


def test_what_all_pairs_share_is_said_once():
    plot = plot_prior_sensitivity(prior_grid(PAIN, mu=MU, tau=TAU[:1]), cut=None)
    assert "tau ~ half-normal(scale 5) in every line." in said(plot)
    assert "cut" not in plot.viz and "any benefit" in said(plot)
    plot = plot_prior_sensitivity(prior_grid(PAIN, mu=MU[:1], tau=TAU))
    assert "mu ~ flat in every line." in said(plot)
    common = prior_grid(PAIN, mu=MU, model=CommonEffect(MU[0]))
    plot = plot_prior_sensitivity(common)
    assert list(plot.data["target"].values) == ["Mean effect"]
    assert not untidy(plot)
    with pytest.raises(BayesPSError, match="cut"):
        plot_prior_sensitivity(common, cut=95)


@pytest.mark.parametrize("sign", [-1, 1])
def test_leave_one_out_is_a_forest_of_refits(sign):
    better = "lower" if sign < 0 else "higher"
    effects = made(-sign * PAIN.y, PAIN.se, better=better)
    result = leave_one_out(fitted(effects), MCID)
    plot = plot_leave_one_out(result)
    assert across(plot, "refit_estimate") == approx(result.answers.median)
    ends = [segment[:, 0] for segment in mark(plot, "refit_interval").get_segments()]
    assert np.array(ends) == approx(np.column_stack([result.answers.lower, result.answers.upper]))
    assert column(plot, "names")[1] == "Without A" and column(plot, "names")[-1] == "All studies"
    printed = [words.probability(p).replace(" ", "") for p in result.answers.p_mean]
    assert column(plot, "p")[1:9] == printed
    assert column(plot, "extra")[1:9] == [f"{pit:.3f}" for pit in result.pit]
    diamond = mark(plot, "all_studies").get_paths()[0].vertices[:, 0]
    assert (diamond.min(), diamond.max()) == approx(fitted(effects).marginal("mu").interval())
    left = "← Favours intervention" if sign < 0 else "← Favours control"
    assert plot.viz["favours_left"].item().get_text() == left
    assert place(plot, "mcid") == sign * 5
    assert not untidy(plot)


FORESTS = {
    "left out": lambda fit: plot_leave_one_out(leave_one_out(fit)),
    "cumulative": lambda fit: plot_cumulative(cumulative(fit)),
}


@pytest.mark.parametrize("draw", FORESTS.values(), ids=FORESTS)
def test_long_names_and_ratios_stand_well_apart(draw):
    assert not untidy(draw(fitted(LONG)))
    ratios = made(np.log([0.5, 0.8, 0.7]), [0.2, 0.1, 0.15], measure="OR", unit="log odds ratio")
    plot = draw(fitted(ratios, RandomEffects(priors.flat(), priors.half_normal(0.5))))
    assert "Odds ratio (log scale)" in texts(plot)
    assert not untidy(plot)


def test_an_unusual_study_and_a_missing_fit_are_said():
    plot = plot_leave_one_out(leave_one_out(fitted(made([-9, -10, -8, -11, 12], [1] * 5))))
    assert plot.viz["extra_text"]["extra"].values[5].get_fontweight() == "bold"
    assert "bold below 0.025" in said(plot)
    result = leave_one_out(fitted(GROUPS, ARMS), at={"arm": "b"})
    plot = plot_leave_one_out(result)
    assert column(plot, "posterior")[8] == "no fit"
    assert "Without H there is no fit: arm=c cannot be estimated" in said(plot)
    assert len(across(plot, "refit_estimate")) == 7
    assert not untidy(plot)


def test_cumulative_ends_with_all_studies():
    result = cumulative(fitted(), "se", MCID)
    plot = plot_cumulative(result)
    assert column(plot, "names")[1] == "+ E"
    assert across(plot, "refit_estimate") == approx(result.answers.median)
    assert "by se" in said(plot)
    model = RandomEffects(priors.flat(), priors.improper_uniform())
    plot = plot_cumulative(cumulative(fitted(model=model)))
    assert column(plot, "posterior")[1:3] == ["no fit", "no fit"]
    assert "Too few for a fit: the first 2." in said(plot)
    assert not untidy(plot)


def test_a_wild_interval_is_cut_with_an_arrow():
    effects = made([-9, -8, -10, -9], [90, 1, 1, 1])
    plot = plot_cumulative(cumulative(fitted(effects)))
    low, high = plot.get_target(None, {"column": "forest"}).get_xlim()
    assert high - low < 60
    assert across(plot, "refit_interval_left") == approx(np.array([low]))
    assert "Arrow heads" in said(plot)


FIGURES = {
    "grid": (lambda: plot_prior_sensitivity(prior_grid(PAIN, mu=MU, tau=TAU, mcid=MCID)),
             "Mean effect: 0.610 to 0.888, 0.888 under the first"),
    "out": (lambda: plot_leave_one_out(leave_one_out(fitted(), MCID)),
            "All studies: −6.93 [−10.99, −3.80], P 0.888. Without A: −6.29"),
    "cumulative": (lambda: plot_cumulative(cumulative(fitted(), "se", MCID)),
                   "First fit, + E: −2.00 [−13.40, 9.40], P 0.220"),
}  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_speaks_saves_and_changes_no_setting(name, tmp_path):
    draw, spoken = FIGURES[name]
    before = dict(matplotlib.rcParams)
    plot = draw()
    assert dict(matplotlib.rcParams) == before
    assert spoken in alt_text(plot)
    sizes = [t.get_fontsize() for t in plot.viz["figure"].item().findobj(matplotlib.text.Text)]
    assert min(sizes) >= 8
    plot.savefig(tmp_path / "figure.svg", metadata={"Description": alt_text(plot)})
    assert (tmp_path / "figure.svg").stat().st_size > 5000


def test_an_uncertain_mcid_is_a_range_in_the_figures_of_refits():
    mcid = bps.MCID(priors.uniform(4, 8), unit=PAIN.unit)
    for plot in (
        plot_leave_one_out(leave_one_out(fitted(), mcid=mcid)),
        plot_cumulative(cumulative(fitted(), mcid=mcid)),
    ):
        assert place(plot, "mcid") == approx(-6)
        assert "MCID 6 (4.1 to 7.9)" in texts(plot)
        assert not untidy(plot)
    grid = prior_grid(PAIN, mu=MU, tau=TAU, mcid=mcid)
    plot = plot_prior_sensitivity(grid)
    p = bps.decide(fitted(), mcid).mean.p_mcid
    assert np.asarray(plot.viz["Mean effect"].item().get_offsets())[0, 0] == approx(p)
    assert not untidy(plot)
