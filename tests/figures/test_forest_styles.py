"""The looks of the forest plot: their columns, densities, an uncertain MCID, subgroups, arms."""

import matplotlib
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from pytest import approx

matplotlib.use("Agg")

import matplotlib.pyplot as plt

from bayes_ps import words
from bayes_ps.baseline import baseline
from bayes_ps.checks import BayesPSError, UnitError
from bayes_ps.decision import MCID, decide
from bayes_ps.effects import Effects, effect_sizes
from bayes_ps.fitting import fit
from bayes_ps.plots import alt_text, plot_forest
from bayes_ps.plots.forest.hills import hills_of
from bayes_ps.plots.forest.look import LOOKS
from bayes_ps.plots.forest.rows import Row
from bayes_ps.posterior import SampledFit
from bayes_ps.posterior.point_mass import PointMass
from bayes_ps.studies import read_cochrane
from models import CommonEffect, MetaRegression, RandomEffects, priors
from tests.figures.test_plots import across, column, mark, place, said, untidy

COCHRANE = "tests/data/cochrane"
UNIT = "points (0-100)"
TABLE = pd.DataFrame(
    {
        "study": ["Abel 2001", "A study group with a name that does not end, 2012", "Cain 2020"],
        "n_t": [31, 13, 199],
        "mean_t": [38.0, 25.0, 22.3],
        "sd_t": [24.0, 12.0, 12.0],
        "n_c": [24, 14, 199],
        "mean_c": [40.0, 33.0, 23.9],
        "sd_c": [34.0, 22.0, 12.65],
        "group": ["a", "b", "a"],
    }
)
COUNTS = pd.DataFrame(
    {
        "study": ["Abel 2001", "Bell 2012", "Cain 2020"],
        "events_t": [3, 10, 20],
        "n_t": [30, 50, 101],
        "events_c": [6, 12, 22],
        "n_c": [31, 51, 99],
    }
)
MEANS = effect_sizes(TABLE, measure="MD", better="lower", unit=UNIT)
ODDS = effect_sizes(COUNTS, measure="OR", better="lower")
UNCERTAIN = MCID(priors.uniform(5, 15), unit=UNIT)


def random_effects(effects, scale=5.0):
    return fit(RandomEffects(mu=priors.flat(), tau=priors.half_normal(scale)), effects)


FIT = random_effects(MEANS)
RATIO = random_effects(ODDS, 0.5)
GROUPS = fit(MetaRegression(["group"], priors.flat(), priors.half_normal(5)), MEANS)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def knee(k):
    """Cochrane CD004376, analysis 1.1: exercise for knee osteoarthritis, pain."""
    rows = read_cochrane(f"{COCHRANE}/CD004376-pub4-data-rows.csv")
    rows = rows[rows["analysis"] == "1.1"].drop_duplicates("study").head(k)
    return random_effects(effect_sizes(rows, measure="SMD", better="lower"), 0.5)


# --- the styles ---------------------------------------------------------------------------------


def test_an_unknown_style_is_refused_with_those_there_are():
    with pytest.raises(BayesPSError, match="but is 'nature'") as raised:
        plot_forest(FIT, style="nature")
    assert '"plain", "revman", "jama"' in str(raised.value)
    assert not plt.get_fignums()


@pytest.mark.parametrize("style", LOOKS)
def test_every_style_shows_the_posterior_of_the_mean_of_a_setting_and_of_every_study(style):
    plot = plot_forest(FIT, style=style)
    assert across(plot, "shrunken_estimate") == approx([FIT.study(s).median for s in FIT.studies])
    low, high = FIT.marginal("mu").interval()
    diamond = mark(plot, "mean_effect").get_paths()[0].vertices[:, 0]
    assert (diamond.min(), diamond.max()) == approx((low, high))
    bar = mark(plot, "new_setting_interval").get_segments()[0][:, 0]
    assert bar == approx(FIT.predictive().interval())


def test_revman_shows_the_numbers_of_each_arm_and_adds_up_the_people():
    plot = plot_forest(FIT, style="revman")
    assert column(plot, "mean_t") == ["Mean", "38.0", "25.0", "22.3", "", "", ""]
    assert column(plot, "sd_c")[1:4] == ["34.0", "22.0", "12.7"]
    assert column(plot, "n_t") == ["Total", "31", "13", "199", "243", "", ""]
    assert column(plot, "n_c") == ["Total", "24", "14", "199", "237", "", ""]
    assert plot.viz["mean_t_over"].item().get_text() == "Intervention"
    assert plot.viz["mean_c_over"].item().get_text() == "Control"
    assert column(plot, "reported")[0] == "Mean difference\n[95% CI]"
    assert column(plot, "posterior")[0] == "Bayes, random effects\n[95% CrI]"


def test_jama_shows_events_of_people_and_writes_to():
    plot = plot_forest(RATIO, style="jama")
    assert column(plot, "arm_t") == [
        "Intervention\nevents/total",
        "3/30",
        "10/50",
        "20/101",
        "33/181",
        "",
        "",
    ]
    assert column(plot, "arm_c")[4] == "40/181"
    low, high = np.exp(ODDS.y[0] + np.array([-1.959964, 1.959964]) * ODDS.se[0])
    assert column(plot, "reported")[1] == f"{np.exp(ODDS.y[0]):.2f} ({low:.2f} to {high:.2f})"
    assert column(plot, "weights")[1].endswith("%")
    assert column(plot_forest(FIT, style="jama"), "arm_t")[:2] == ["Intervention\nn", "31"]


def test_revman_is_green_for_differences_and_blue_for_ratios():
    green, blue = (mark(plot_forest(f, style="revman"), "study_estimate") for f in (FIT, RATIO))
    assert tuple(green.get_facecolor()[0][:3]) == approx(matplotlib.colors.to_rgb("#007A5A"))
    assert tuple(blue.get_facecolor()[0][:3]) == approx(matplotlib.colors.to_rgb("#0072B2"))


def test_without_the_arms_there_is_no_column_of_them():
    bare = Effects.from_estimates(
        [1.0, 2, 3], se=[1.0] * 3, study=list("abc"), measure="MD", unit=UNIT, better="lower"
    )
    for style in LOOKS:
        plot = plot_forest(random_effects(bare), style=style)
        assert not [name for name in plot.viz if str(name).endswith("_over")]
        assert "arm_t_text" not in plot.viz


def test_people_alone_stand_in_one_column_an_arm():
    table = MEANS.data[["n_t", "n_c"]]
    plot = plot_forest(random_effects(MEANS.with_data(table)), style="revman")
    assert column(plot, "arm_c") == ["Control\nn", "24", "14", "199", "237", "", ""]
    assert not untidy(plot)


def test_a_gap_in_an_arm_stays_a_gap_and_is_in_no_sum():
    table = MEANS.data.assign(n_t=[31, np.nan, 199])
    plot = plot_forest(random_effects(MEANS.with_data(table)), style="revman")
    assert column(plot, "n_t")[1:5] == ["31", "", "199", ""]
    assert column(plot, "n_c")[4] == "237"


def test_an_effect_that_was_turned_is_named_beside_its_arms():
    flipped = MEANS.data.assign(flipped=[False, False, True])
    turned = random_effects(MEANS.with_data(flipped))
    assert "the scale of Cain 2020 runs the other way" in said(plot_forest(turned, style="revman"))
    assert "other way" not in said(plot_forest(turned))


def test_the_heterogeneity_of_the_baseline_is_printed():
    base = baseline(MEANS)
    shown = said(plot_forest(FIT, baseline=base, style="revman"))
    assert f"Q {base.q:.4g} on 2 df" in shown
    assert f"I² {base.i2:.0f}%" in shown


# --- densities ----------------------------------------------------------------------------------


def test_the_hills_are_the_posterior_densities_up_to_their_height():
    plot = plot_forest(FIT, densities=True)
    hill = dict(zip(plot.data["name"].values, plot.data["hill"].values, strict=True))
    for name, m in (
        ("Mean effect", FIT.marginal("mu")),
        ("A new setting", FIT.predictive()),
        ("Abel 2001", FIT.study("Abel 2001")),
    ):
        x, density = hill[name].T
        assert density == approx(m.pdf(x) / m.pdf(x).max())
        assert m.cdf(x[[0, -1]]) == approx([0.001, 0.999])
    assert len(mark(plot, "study_density").get_paths()) == 3


def test_without_densities_only_what_the_studies_add_up_to_has_hills():
    plot = plot_forest(FIT)
    assert "study_density" not in plot.viz
    assert {"mean_density", "new_density"} <= set(plot.viz)
    assert not untidy(plot)


def test_a_hill_stands_on_the_mark_and_below_the_row_above():
    plot = plot_forest(FIT, densities=True)
    tops = [path.vertices[:, 1].min() for path in mark(plot, "study_density").get_paths()]
    bases = [path.vertices[:, 1].max() for path in mark(plot, "study_density").get_paths()]
    assert bases == approx(mark(plot, "shrunken_estimate").get_offsets()[:, 1])
    above = mark(plot, "study_estimate").get_offsets()[:-1, 1]
    assert (np.array(tops[1:]) > above).all()


def test_a_posterior_that_is_one_number_has_no_hill():
    fixed = PointMass(0.0, shape=(1, 4))
    row = Row("mean", "Mean effect", marginal=fixed)
    assert np.isnan(hills_of([row])).all()


def test_draws_have_hills_too():
    rng = np.random.default_rng(1)
    draws = {name: (("chain", "draw"), rng.normal(-6, 2, (4, 250))) for name in ("mu", "theta_new")}
    draws["tau"] = (("chain", "draw"), rng.uniform(1, 2, (4, 250)))
    draws["theta"] = (("chain", "draw", "study"), rng.normal(-6, 2, (4, 250, 3)))
    data = xr.Dataset(draws, coords={"study": MEANS.study})
    tree = xr.DataTree.from_dict({"posterior": data})
    plot = plot_forest(SampledFit("Student-t", MEANS, None, 1, tree=tree), densities=True)
    assert np.isfinite(plot.data["hill"].values[:5]).all()
    assert len(mark(plot, "study_density").get_paths()) == 3


# --- an uncertain MCID --------------------------------------------------------------------------


def test_an_uncertain_mcid_is_a_band_with_its_median_and_is_integrated_over():
    plot = plot_forest(FIT, mcid=UNCERTAIN)
    band = mark(plot, "mcid_band").get_paths()[0].vertices[:, 0]
    assert (band.min(), band.max()) == approx((-14.75, -5.25))
    assert place(plot, "mcid") == approx(-10)
    assert plot.viz["mcid_label"].item().get_text() == "MCID 10 (5.25 to 14.8)"
    decision = decide(FIT, UNCERTAIN)
    asked = [*decision.studies, decision.mean, decision.new]
    assert plot.data["p"].values[:5] == approx([each.p_mcid for each in asked])
    assert "Band: the middle 95% of the MCID" in said(plot)
    assert "Darker" not in said(plot)
    assert f"at least the MCID) {words.probability(decision.mean.p_mcid)}" in alt_text(plot)
    assert not untidy(plot)


def test_a_certain_mcid_darkens_what_lies_beyond_it():
    plot = plot_forest(FIT, mcid=MCID(5, unit=UNIT))
    assert "mcid_band" not in plot.viz
    assert "Darker: a benefit of at least the MCID" in said(plot)
    hill, dark = _hills(plot)
    assert dark[:, 0].max() <= -5 + np.diff(hill[:-2, 0]).max()
    assert dark[:, 0].min() == approx(hill[:, 0].min())


def _hills(plot):
    axes = plot.get_target(None, {"column": "forest"})
    whole = mark(plot, "mean_density")
    after = axes.collections[axes.collections.index(whole) + 1]
    return whole.get_paths()[0].vertices[:-1], after.get_paths()[0].vertices[:-1]


def test_the_mcid_of_a_ratio_is_said_as_a_ratio():
    plot = plot_forest(RATIO, mcid=MCID(np.log(1.25), unit=ODDS.unit))
    assert "posterior probability of an effect of at most 0.8" in said(plot)
    assert "P(effect of at most 0.8)" in alt_text(plot)
    anchors = MCID((np.log(1.25), np.log(2)), unit=ODDS.unit)
    spread = MCID(priors.uniform(np.log(1.25), np.log(2)), unit=ODDS.unit)
    for mcid, label in ((anchors, "MCID 0.8 or 0.5"), (spread, "MCID 0.632 (0.506 to 0.791)")):
        assert plot_forest(RATIO, mcid=mcid).viz["mcid_label"].item().get_text() == label


def test_an_uncertain_mcid_in_another_unit_is_refused():
    with pytest.raises(UnitError):
        plot_forest(FIT, mcid=MCID(priors.uniform(5, 15), unit="SD units"))


# --- subgroups ----------------------------------------------------------------------------------


@pytest.mark.parametrize("style", LOOKS)
def test_subgroups_have_their_diamonds_and_sums_and_there_is_none_of_all(style):
    plot = plot_forest(GROUPS, style=style)
    kinds = plot.data["kind"].values
    means = plot.data["posterior"].values[kinds == "mean", 0]
    assert means == approx([GROUPS.average({"group": level}).median for level in "ab"])
    assert "There is no diamond of all studies" in said(plot)
    if style == "revman":
        assert column(plot, "n_t")[1:] == ["", "31", "199", "230", "", "", "13", "13", "", ""]
    assert not untidy(plot)


def test_subgroups_are_the_same_with_and_without_an_intercept():
    model = MetaRegression(["group"], priors.flat(), priors.half_normal(5), intercept=False)
    without = plot_forest(fit(model, MEANS)).data["posterior"].values
    assert plot_forest(GROUPS).data["posterior"].values == approx(without, nan_ok=True, rel=1e-6)


# --- tidy at every size -------------------------------------------------------------------------

SIZES = {
    "1": lambda: knee(1),
    "3": lambda: FIT,
    "60": lambda: knee(60),
    "131": lambda: knee(131),
    "odds": lambda: RATIO,
    "common": lambda: fit(CommonEffect(mu=priors.flat()), MEANS),
}
TRIED = [(size, style) for size in ("1", "3", "odds", "common") for style in LOOKS]
TRIED += [("60", "revman"), ("131", "jama")]


@pytest.mark.parametrize(("size", "style"), TRIED)
def test_nothing_is_cut_off_and_nothing_covers_anything(size, style):
    found = SIZES[size]()
    base = baseline(found.effects) if found.k > 1 else None
    mcid = MCID(0.2, unit=found.effects.unit)
    plot = plot_forest(found, mcid=mcid, baseline=base, style=style, densities=found.k < 100)
    assert not untidy(plot)


def test_what_leaves_the_axis_has_an_arrow_and_the_others_keep_theirs():
    plot = plot_forest(knee(60))
    low, _ = plot.get_target(None, {"column": "forest"}).get_xlim()
    row = list(plot.data["name"].values).index("Janyacharoen 2018")
    assert plot.data["reported"].values[row, 0] < low
    assert across(plot, "study_interval_left") == approx(
        [low] * int((plot.data["reported"].values[:, 1] < low).sum())
    )
    assert "Arrow heads" in said(plot)


def test_ratios_near_one_have_the_decimals_to_tell_them_apart():
    table = COUNTS.assign(
        events_t=[995, 2990, 996],
        n_t=[1000, 3000, 1000],
        events_c=[996, 2985, 995],
        n_c=[1000, 3000, 1000],
    )
    near = random_effects(effect_sizes(table, measure="RR", better="lower"), 0.5)
    assert column(plot_forest(near), "reported")[2] == "1.002 [0.998, 1.005]"
