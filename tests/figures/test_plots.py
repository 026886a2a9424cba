"""The figures: the right numbers, on the right side, none cut off, and nothing else changed."""

from itertools import combinations

import matplotlib
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from pytest import approx

matplotlib.use("Agg")

import arviz_plots
import matplotlib.pyplot as plt
from matplotlib.text import Text

import bayes_ps as bps
from bayes_ps import words
from bayes_ps.checks import BayesPSError, ModelError, UnitError
from bayes_ps.plots import alt_text, lettering
from bayes_ps.plots.scale import scale_of
from bayes_ps.plots.spreading import spread
from bayes_ps.posterior import SampledFit, tau_trace
from models import CommonEffect, MetaRegression, PooledEvidence, RandomEffects, priors
from tests import references
from tests.unit.making import made

UNIT = "points (0-100)"
MCID = bps.MCID(10, unit=UNIT, source="doi:10/x", kind="within patient")
PAIN = ([-12, -4.5, -9, -15.5, -2, -8.5, -6, -11], [4, 2.5, 5, 6, 2, 3, 3.5, 4.5])


def effects(y=PAIN[0], se=PAIN[1], *, study=None, **changed):
    names = study or [f"Trial {i}" for i in range(len(y))]
    given = {"measure": "MD", "unit": UNIT, "better": "lower"} | changed
    return bps.Effects.from_estimates(y, se=se, study=names, **given)


def random_effects(data, scale=5.0):
    return bps.fit(RandomEffects(mu=priors.flat(), tau=priors.half_normal(scale)), data)


FIT = random_effects(effects())
HARMED = random_effects(effects([-y for y in PAIN[0]], better="higher"))
GROUPS = effects().with_data(pd.DataFrame({"arm": list("abcabcab"), "dose": range(8)}))
POOL = effects([-3.48], [1.6], study=["Wilson 2024"])


def many(k):
    rng = np.random.default_rng(k)
    names = [f"A rather long name of a study group, {1990 + i % 30} ({i})" for i in range(k)]
    return effects(rng.normal(-6, 5, k), rng.uniform(1.5, 6, k), study=names)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def figure(plot):
    return plot.viz["figure"].item()


def texts(plot):
    return [text.get_text() for text in figure(plot).findobj(Text) if text.get_text().strip()]


def said(plot):
    return " ".join(" ".join(texts(plot)).split())


def column(plot, name):
    cells = plot.viz[f"{name}_text"][name].values
    return [cell.get_text() for cell in cells]


def mark(plot, name):
    return next(iter(plot.viz[name].data_vars.values())).item()


def across(plot, name):
    """x of every point."""
    return np.asarray(mark(plot, name).get_offsets())[:, 0]


def place(plot, name):
    """x of a vertical line."""
    return mark(plot, name).get_segments()[0][0, 0]


def beyond_the_axis(axes):
    """Labels of ticks that matplotlib keeps, but does not draw."""
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in axis.get_major_ticks():
            if not (axes.axison and low <= tick.get_loc() <= high):
                yield from (tick.label1, tick.label2)


def untidy(plot):
    """Texts that leave the figure, or that cover each other."""
    drawn = figure(plot)
    drawn.draw_without_rendering()
    off = {id(label) for axes in drawn.axes for label in beyond_the_axis(axes)}
    shown = [t for t in drawn.findobj(Text) if t.get_text().strip() and t.get_visible()]
    boxes = [(t.get_text(), t.get_window_extent()) for t in shown if id(t) not in off]
    edge = drawn.bbox
    cut = [
        text
        for text, box in boxes
        if box.x0 < -1 or box.y0 < -1 or box.x1 > edge.x1 + 1 or box.y1 > edge.y1 + 1
    ]
    covered = [
        (a, b)
        for (a, one), (b, other) in combinations(boxes, 2)
        if min(one.x1, other.x1) - max(one.x0, other.x0) > 1
        and min(one.y1, other.y1) - max(one.y0, other.y0) > 1
    ]
    return cut + covered


# --- the forest ---------------------------------------------------------------------------------


def test_the_forest_prints_estimates_weights_and_the_posterior():
    base = bps.baseline(FIT.effects, "DL", "wald")
    plot = bps.plot_forest(FIT, mcid=MCID, baseline=base)
    decision = bps.decide(FIT, MCID)
    assert column(plot, "reported")[1] == "−12.0 [−19.8, −4.2]"  # -12 -+ 1.96 * 4
    assert column(plot, "weights")[1:9] == [f"{w:.1f}%" for w in bps.posterior.study_weights(FIT)]
    first, mean = decision.studies[0], decision.mean
    printed = column(plot, "posterior")
    assert printed[1] == lettering.interval(first.median, first.lower, first.upper, 1)
    assert printed[9] == lettering.interval(mean.median, mean.lower, mean.upper, 1)
    asked = [*decision.studies, decision.mean, decision.new]
    assert column(plot, "p")[1:11] == [words.probability(p.p_mcid).replace(" ", "") for p in asked]
    assert column(plot, "reported")[-1] == lettering.interval(base.mu, base.lower, base.upper, 1)


def test_what_is_drawn_is_what_is_printed():
    plot = bps.plot_forest(FIT)
    assert "Arrow heads" not in said(plot)
    assert across(plot, "study_estimate") == approx(np.array(PAIN[0]))
    assert across(plot, "shrunken_estimate") == approx(
        [FIT.study(name).median for name in FIT.studies]
    )
    low, high = FIT.marginal("mu").interval()
    diamond = mark(plot, "mean_effect").get_paths()[0].vertices[:, 0]
    assert (diamond.min(), diamond.max()) == approx((low, high))
    bar = mark(plot, "new_setting_interval").get_segments()[0][:, 0]
    assert bar == approx(FIT.predictive().interval())
    area = mark(plot, "study_estimate").get_sizes()
    weight = plot.data["weight"].values[:8]
    assert area / area.max() == approx(np.maximum(weight / weight.max(), area.min() / area.max()))


@pytest.mark.parametrize(
    ("fit", "left", "threshold"),
    [(FIT, "← Favours intervention", -10), (HARMED, "← Favours control", 10)],
)
def test_favours_and_the_mcid_follow_what_is_better(fit, left, threshold):
    plot = bps.plot_forest(fit, mcid=MCID)
    right = {"← Favours intervention": "Favours control →"}.get(left, "Favours intervention →")
    assert plot.viz["favours_left"].item().get_text() == left
    assert plot.viz["favours_right"].item().get_text() == right
    assert place(plot, "no_effect") == 0
    assert place(plot, "mcid") == threshold
    assert plot.viz["mcid_label"].item().get_text() == "MCID 10"
    figure(plot).draw_without_rendering()
    axes = plot.get_target(None, {"column": "forest"})
    null = axes.transData.transform((0, 0))[0]
    assert plot.viz["favours_left"].item().get_window_extent().x1 < null
    assert plot.viz["favours_right"].item().get_window_extent().x0 > null
    assert plot.viz["xlabel"].item().get_text() == "Mean difference, points (0-100)"


LOOKS = {
    "k = 1": lambda: random_effects(effects([-3], [1.5])),
    "k = 2": lambda: random_effects(effects([-4, 5], [1.1, 1.4], study=["US$5", "a $10 x_a"]), 50),
    "k = 3": lambda: random_effects(effects([-0.0002, 0.0001, 0.0003], [1e-4] * 3), 1e-4),
    "k = 60": lambda: random_effects(many(60)),
    "far": lambda: random_effects(effects([-112, -115], [1.1, 1.4]), 1),
    "pool": lambda: bps.fit(PooledEvidence(mu=priors.flat(), tau=priors.half_normal(5)), POOL),
    "ratios": lambda: random_effects(references.effects("karner"), 0.5),
    "groups": lambda: bps.fit(
        MetaRegression(["arm"], priors.flat(), priors.half_normal(5), intercept=False), GROUPS
    ),
}


@pytest.mark.parametrize("name", LOOKS)
def test_nothing_is_cut_off_and_nothing_covers_anything(name):
    fit = LOOKS[name]()
    plot = bps.plot_forest(fit, mcid=bps.MCID(0.2, unit=fit.effects.unit))
    assert not untidy(plot)
    assert set(map(str, fit.effects.study)) <= {" ".join(text.split()) for text in texts(plot)}


def test_one_wild_interval_is_cut_with_an_arrow_and_squashes_nothing():
    data = effects([*PAIN[0], -5941], [*PAIN[1], 1200])
    plot = bps.plot_forest(random_effects(data))
    low, high = plot.get_target(None, {"column": "forest"}).get_xlim()
    assert (low, high) == approx((-30, 3), abs=3)
    assert across(plot, "study_interval_left") == approx(np.array([low]))
    assert "Arrow heads" in said(plot)
    assert "−5941" in said(plot)


def test_ratios_are_shown_as_ratios_on_a_log_axis():
    data = effects(np.log([0.5, 0.8, 0.7]), [0.2, 0.1, 0.15], measure="OR", unit="log odds ratio")
    plot = bps.plot_forest(
        random_effects(data, 0.5), mcid=bps.MCID(np.log(1.25), unit="log odds ratio")
    )
    assert column(plot, "reported")[1] == "0.50 [0.34, 0.74]"
    assert place(plot, "mcid") == approx(np.log(0.8))
    assert plot.viz["mcid_label"].item().get_text() == "MCID 0.8"
    axes = plot.get_target(None, {"column": "forest"})
    shown = [float(label.get_text()) for label in axes.get_xticklabels()]
    assert np.exp(axes.get_xticks()) == approx(shown)
    assert plot.viz["xlabel"].item().get_text() == "Odds ratio (log scale)"


def test_a_published_pool_is_a_row_without_shrinkage():
    plot = bps.plot_forest(LOOKS["pool"](), mcid=MCID)
    assert column(plot, "reported")[0].startswith("Published pool")
    assert column(plot, "reported")[1] == "−3.48 [−6.62, −0.34]"
    assert column(plot, "posterior")[1] == ""
    assert "from its prior" in said(plot)
    assert "shrunken_estimate" not in plot.viz


def test_a_common_effect_has_no_new_setting_of_its_own():
    plot = bps.plot_forest(bps.fit(CommonEffect(mu=priors.normal(0, 10)), effects()))
    assert "new_setting" not in plot.viz
    assert "every new setting, has the mean effect itself" in said(plot)
    assert "The prior of the mean effect carries the other 1.3% of the weight" in said(plot)


def test_subgroups_have_a_diamond_each():
    plot = bps.plot_forest(LOOKS["groups"](), mcid=MCID)
    fit = LOOKS["groups"]()
    kinds = list(plot.data["kind"].values)
    assert kinds.count("mean") == kinds.count("new") == kinds.count("heading") == 3
    means = plot.data["posterior"].values[[i for i, kind in enumerate(kinds) if kind == "mean"], 0]
    assert means == approx([fit.average({"arm": arm}).median for arm in "abc"])
    assert list(plot.data["name"].values[1:4]) == ["Trial 0", "Trial 3", "Trial 6"]


@pytest.mark.parametrize(("moderators", "intercept"), [(["dose"], True), (["arm", "dose"], False)])
def test_any_other_regression_shows_its_studies_and_says_why(moderators, intercept):
    model = MetaRegression(moderators, priors.flat(), priors.half_normal(5), intercept=intercept)
    plot = bps.plot_forest(bps.fit(model, GROUPS))
    assert "mean" not in plot.data["kind"].values
    assert "no one mean effect" in said(plot)


def test_the_notes_name_model_engine_caveats_and_warnings():
    plot = bps.plot_forest(random_effects(effects(), 0.1), mcid=MCID)
    for words_said in (
        "tau ~ half-normal(scale 0.1)",
        "Exact engine",
        "95% central credible interval",
        "MCID 10 points (0-100) (within patient; doi:10/x)",
        "for a difference between group means it is an assumption",
        "fakes certainty",
    ):
        assert words_said in said(plot)


def test_the_level_is_that_asked_for():
    plot = bps.plot_forest(FIT, level=0.9)
    assert column(plot, "posterior")[0].endswith("[90% CrI]")
    low, high = FIT.marginal("mu").interval(0.9)
    assert plot.data["posterior"].values[8] == approx((FIT.marginal("mu").median, low, high))


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"mcid": bps.MCID(1, unit="SD units")}, UnitError, "in 'SD units'"),
        ({"baseline": bps.baseline(HARMED.effects.drop("Trial 0"))}, BayesPSError, "other effects"),
        ({"baseline": bps.baseline(FIT.effects, level=0.9)}, BayesPSError, "level=0.95"),
        ({"level": 95}, BayesPSError, "as in 0.95"),
    ],
)
def test_the_forest_refuses_what_does_not_belong_to_the_fit(wrong, error, message):
    with pytest.raises(error, match=message):
        bps.plot_forest(FIT, **wrong)
    assert not plt.get_fignums()


def test_a_model_that_is_not_gaussian_shows_what_it_has():
    rng = np.random.default_rng(1)
    draws = {name: (("chain", "draw"), rng.normal(-6, 2, (4, 100))) for name in ("mu", "theta_new")}
    draws["tau"] = (("chain", "draw"), rng.uniform(1, 2, (4, 100)))
    tree = xr.DataTree.from_dict({"posterior": xr.Dataset(draws)})
    plot = bps.plot_forest(SampledFit("Student-t", effects(), None, 1, tree=tree), mcid=MCID)
    assert "shrunken_estimate" not in plot.viz
    assert "weights_text" not in plot.viz
    assert "NUTS: 4 chains of 100 draws, seed 1" in said(plot)
    assert plot.data["posterior"].values[8, 0] == approx(np.median(draws["mu"][1]))


# --- the MCID curve -----------------------------------------------------------------------------


@pytest.mark.parametrize("fit", [FIT, HARMED])
def test_the_curve_is_the_probability_of_benefit_beyond_every_threshold(fit):
    plot = bps.plot_mcid_curve(fit, MCID)
    x = plot.data["threshold"].values
    for target, m in (("Mean effect", fit.average()), ("A new setting", fit.predictive())):
        beyond = m.cdf(-x) if fit is FIT else m.sf(x)
        drawn = plot.viz[f"{target} curve"].item()
        assert drawn.get_ydata() == approx(beyond)
        assert drawn.get_xdata() == approx(x)
    decision = bps.decide(fit, MCID)
    found = plot.data["p_mcid"].values[:, 0]
    assert found == approx([decision.mean.p_mcid, decision.new.p_mcid])
    mean = next(t for t in figure(plot).texts if t.get_text().startswith("Mean effect: P"))
    assert mean.get_text() == f"Mean effect: P = {words.probability(decision.mean.p_mcid)}"
    assert mean.get_color() == plot.viz["Mean effect curve"].item().get_color()
    assert plot.viz["xlabel"].item().get_text().startswith("Benefit of at least … points (0-100)")
    assert not untidy(plot)


def test_several_mcids_each_have_a_flag():
    given = [MCID, bps.MCID(3, unit=UNIT), bps.MCID(4, unit=UNIT), bps.MCID(20, unit=UNIT)]
    plot = bps.plot_mcid_curve(FIT, given)
    assert [place_of(plot, n) for n in range(4)] == [3, 4, 10, 20]
    assert plot.data["mcid"].values == approx([3, 4, 10, 20])
    assert not untidy(plot)


def place_of(plot, n):
    return plot.viz[f"mcid_{n}"].item().get_segments()[0][0, 0]


def test_without_heterogeneity_there_is_one_curve():
    plot = bps.plot_mcid_curve(bps.fit(CommonEffect(mu=priors.flat()), effects()), MCID)
    assert list(plot.data["target"].values) == ["Mean effect"]
    assert "Mean effect, and a new setting" in texts(plot)


def test_the_curve_of_a_setting_says_which():
    fit = LOOKS["groups"]()
    plot = bps.plot_mcid_curve(fit, MCID, at={"arm": "b"})
    assert plot.data["p_mcid"].values[0, 0] == approx(fit.average({"arm": "b"}).cdf(-10))
    assert "Setting: arm = b." in said(plot)
    with pytest.raises(ModelError, match="The setting must name"):
        bps.plot_mcid_curve(fit, MCID)


def test_ratios_label_the_curve_with_ratios():
    data = effects(np.log([0.5, 0.8, 0.7]), [0.2, 0.1, 0.15], measure="OR", unit="log odds ratio")
    plot = bps.plot_mcid_curve(
        random_effects(data, 0.5), bps.MCID(np.log(1.25), unit="log odds ratio")
    )
    assert "MCID 0.8" in texts(plot)
    assert "Odds ratio of at most … (log scale), lower is better" in texts(plot)
    axes = plot.get_target(None, {"panel": "curve"})
    shown = [float(label.get_text()) for label in axes.get_xticklabels()]
    assert np.exp(-np.array(axes.get_xticks())) == approx(shown)


# --- tau ----------------------------------------------------------------------------------------


def test_prior_and_posterior_are_the_exact_densities():
    plot = bps.plot_prior_posterior(FIT)
    tau = plot.data["tau"].values
    expected = np.sqrt(2 / np.pi) / 5 * np.exp(-((tau / 5) ** 2) / 2)
    assert plot.viz["prior"].item().get_ydata() == approx(expected)
    assert plot.viz["posterior"].item().get_ydata() == approx(FIT.marginal("tau").pdf(tau))
    assert "Prior: 3.4 [0.2, 11.2]" in texts(plot)
    assert not untidy(plot)


def test_priors_without_a_finite_density_at_0_can_be_drawn():
    for prior in (priors.gamma(0.5, 0.5), priors.log_normal(0, 1)):
        plot = bps.plot_prior_posterior(bps.fit(RandomEffects(priors.flat(), prior), effects()))
        assert np.isfinite(plot.data["density"].values[:, 1:]).all()
    improper = RandomEffects(priors.flat(), priors.improper_uniform())
    plot = bps.plot_prior_posterior(bps.fit(improper, effects()))
    assert list(plot.data["which"].values) == ["Posterior"]
    assert "no density to draw" in said(plot)


def test_behind_a_pool_the_posterior_of_tau_is_its_prior():
    plot = bps.plot_prior_posterior(LOOKS["pool"]())
    assert "Prior and posterior: 3.4 [0.2, 11.2]" in texts(plot)


def test_the_trace_shows_the_conditional_estimates():
    plot = bps.plot_tau_trace(FIT)
    trace = tau_trace(FIT)
    lines = plot.viz["theta"].values
    drawn = np.array([line.get_ydata() for line in lines]).T
    assert drawn == approx(trace.theta)
    assert plot.viz["mu"].item().get_ydata() == approx(trace.mu)
    assert set(FIT.studies) | {"Mean effect"} <= set(texts(plot))
    assert not untidy(plot)


def test_the_trace_names_many_studies_without_covering_any():
    assert not untidy(bps.plot_tau_trace(random_effects(references.effects("karner"), 0.5)))


def test_labels_are_spread_no_more_than_they_must():
    wanted, high = np.array([5.0, 0.1, 0.0, 5.1, 3.0]), np.full(5, 0.5)
    found = spread(wanted, high, 0.0, 5.5)
    assert np.diff(np.sort(found)).min() >= 0.5 - 1e-12
    assert list(np.argsort(found)) == list(np.argsort(wanted))
    assert found[[4]] == approx([3.0])
    assert found.min() >= 0.25
    assert found.max() <= 5.25
    assert spread(np.array([1.0, 2.0]), np.array([0.5, 0.5]), 0, 3) == approx([1.0, 2.0])


def test_without_tau_or_studies_there_is_nothing_to_draw():
    common = bps.fit(CommonEffect(mu=priors.flat()), effects())
    with pytest.raises(ModelError, match="no tau"):
        bps.plot_prior_posterior(common)
    with pytest.raises(ModelError, match="no tau"):
        bps.plot_tau_trace(common)
    with pytest.raises(ModelError, match="no studies to trace"):
        bps.plot_tau_trace(LOOKS["pool"]())
    with pytest.raises(ModelError, match="without moderators"):
        bps.plot_tau_trace(LOOKS["groups"]())


# --- the sampler --------------------------------------------------------------------------------


def sampled(correlation=0.0, draws=400):
    """A sound sampler whose draws remember the last: four chains of one distribution."""
    rng = np.random.default_rng(3)
    noise = rng.standard_normal((4, 2, draws)) * np.sqrt(1 - correlation**2)
    z = np.zeros((4, 2, draws))
    z[..., 0] = rng.standard_normal((4, 2))
    for i in range(1, draws):
        z[..., i] = correlation * z[..., i - 1] + noise[..., i]
    dims = ("chain", "draw")
    posterior = {"mu": (dims, z[:, 0] * 2 - 6), "tau": (dims, np.exp(z[:, 1]))}
    stats = {
        "energy": (dims, rng.chisquare(2, (4, draws))),
        "diverging": (dims, np.zeros((4, draws), bool)),
    }
    tree = {"posterior": xr.Dataset(posterior), "sample_stats": xr.Dataset(stats)}
    hierarchy = FIT.hierarchy
    return SampledFit(FIT.model, FIT.effects, hierarchy, 1, tree=xr.DataTree.from_dict(tree))


def test_the_rank_plot_names_the_unknowns_and_thins_to_what_the_draws_are_worth():
    plot = bps.plot_rank(sampled(0.8))
    assert {"Mean effect", "Between-study SD (tau)"} <= set(texts(plot))
    assert int(said(plot).split(" shown")[0].split("1 in ")[1]) >= 4
    assert not untidy(plot)


def test_the_energy_plot_says_what_is_what():
    plot = bps.plot_energy(sampled())
    assert {"E-BFMI", "Energy", "Change from draw to draw, dashed"} <= set(texts(plot))
    assert not untidy(plot)


def test_an_exact_fit_has_no_chains():
    for draw in (bps.plot_rank, bps.plot_energy):
        with pytest.raises(ModelError, match="nothing was sampled"):
            draw(FIT)
    bare = SampledFit(FIT.model, FIT.effects, None, 1, tree=xr.DataTree.from_dict({}))
    with pytest.raises(ModelError, match='no group "sample_stats"'):
        bps.plot_energy(bare)


def test_the_figures_of_tau_take_draws_too():
    fit = sampled(draws=1000)
    assert "MCSE" not in alt_text(bps.plot_prior_posterior(fit))
    assert "Monte Carlo standard error" in said(bps.plot_mcid_curve(fit_with_new(fit), MCID))


def fit_with_new(fit):
    posterior = fit.dt["posterior"].to_dataset()
    posterior["theta_new"] = posterior["mu"] + posterior["tau"]
    tree = xr.DataTree.from_dict({"posterior": posterior})
    return SampledFit(fit.model, fit.effects, fit.hierarchy, 1, tree=tree)


# --- all ----------------------------------------------------------------------------------------

FIGURES = {
    "forest": lambda: bps.plot_forest(FIT, mcid=MCID),
    "curve": lambda: bps.plot_mcid_curve(FIT, MCID),
    "prior": lambda: bps.plot_prior_posterior(FIT),
    "trace": lambda: bps.plot_tau_trace(FIT),
    "rank": lambda: bps.plot_rank(sampled()),
    "energy": lambda: bps.plot_energy(sampled()),
}
SPOKEN = {
    "forest": "Mean effect: −6.9 [−11.0, −3.8], P(benefit of at least 10) 0.060",
    "curve": "Mean effect, benefit of at least 10 points (0-100): 0.060. A new setting, benefit of",
    "prior": "Posterior: 2.73 [0.21, 6.88]",
    "trace": "posterior median of tau is 2.73",
    "rank": "R-hat at most",
    "energy": "E-BFMI",
}


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_speaks_saves_and_changes_no_setting(name, tmp_path):
    mine = plt.figure()
    before = dict(matplotlib.rcParams)
    plot = FIGURES[name]()
    assert dict(matplotlib.rcParams) == before
    assert plt.fignum_exists(mine.number)
    assert isinstance(plot, arviz_plots.PlotCollection)
    assert SPOKEN[name] in alt_text(plot)
    assert name != "rank" or "1 in 1 shown" in said(plot)  # independent draws
    assert figure(plot).get_figwidth() == approx(7.2)
    assert min(t.get_fontsize() for t in figure(plot).findobj(Text)) >= 8
    plot.savefig(tmp_path / "figure.svg", metadata={"Description": alt_text(plot)})
    assert (tmp_path / "figure.svg").stat().st_size > 5000


def test_a_figure_of_others_has_no_alt_text():
    with pytest.raises(BayesPSError, match="not drawn by bayes_ps"):
        alt_text(arviz_plots.PlotCollection(xr.Dataset(), xr.DataTree()))


def test_figures_ignore_the_style_of_the_user():
    with matplotlib.rc_context({"font.size": 30, "figure.constrained_layout.use": True}):
        assert not untidy(bps.plot_forest(FIT, mcid=MCID))


def test_numbers_have_a_true_minus_and_no_negative_zero():
    assert lettering.number(-0.004, 2) == "0.00"
    assert lettering.number(-3.481, 2) == "−3.48"
    assert lettering.places(6.26) == 2
    assert lettering.places(0.2) == 2


def test_no_line_is_wider_than_its_column_and_no_word_is_lost():
    text = "https://clinicaltrials.gov/study/NCT01234567 van der Wees, 2019"
    broken = lettering.wrapped(text, 1.2)
    assert lettering.width(broken) <= 1.2
    assert broken.replace("\n", "").replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(("low", "high"), [(-28.0, 3.0), (-0.31, 0.02), (0.4, 0.6), (-1e-4, 2e-4)])
@pytest.mark.parametrize("measure", ["MD", "OR"])
def test_ticks_are_labelled_truly_and_stand_apart(low, high, measure):
    scale = scale_of(made([0], [1], measure=measure, unit=UNIT))
    at, labels = scale.ticks(low, high, 2.0)
    shown = [float(label.replace("−", "-")) for label in labels]
    assert (np.exp(at) if measure == "OR" else at) == approx(shown, rel=1e-3)
    assert all(low <= x <= high for x in at)
    assert len(at) >= 2 or measure == "OR"
