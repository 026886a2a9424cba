"""The figures of the baseline: the right numbers in their places, nothing cut off or covered."""

import matplotlib
import numpy as np
import pandas as pd
import pytest
from pytest import approx

matplotlib.use("Agg")

import arviz_plots
import matplotlib.pyplot as plt
from matplotlib.text import Text
from scipy.stats import norm

from bayes_ps.baseline import baseline
from bayes_ps.baseline.influence import (
    baseline_cumulative,
    baseline_influence,
    baseline_leave_one_out,
)
from bayes_ps.baseline.small_study import trim_and_fill
from bayes_ps.checks import BayesPSError, StudyTableError
from bayes_ps.effects import Effects
from bayes_ps.plots import alt_text, lettering
from bayes_ps.plots.baseline import (
    plot_baseline_cumulative,
    plot_baseline_forest,
    plot_baseline_leave_one_out,
    plot_baujat,
    plot_funnel,
    plot_labbe,
    plot_radial,
)
from tests import references
from tests.figures.test_plots import across, column, figure, mark, said, texts, untidy
from tests.unit.making import PAIN

COUNTS = references.table("bcg").rename(
    columns={"ai": "events_t", "n1i": "n_t", "ci": "events_c", "n2i": "n_c"}
)
BCG = Effects.from_estimates(
    references.effects("bcg").y,
    se=references.effects("bcg").se,
    study=COUNTS.study,
    measure="RR",
    unit="log risk ratio",
    better="lower",
).with_data(COUNTS)


def many(k):
    rng = np.random.default_rng(k)
    names = [f"A rather long name of a study group, {1990 + i % 30} ({i})" for i in range(k)]
    effects = Effects.from_estimates(
        rng.normal(-6, 5, k),
        se=rng.uniform(1.5, 6, k),
        study=names,
        measure="MD",
        unit="points (0-100)",
        better="lower",
    )
    return effects.with_data(pd.DataFrame({"year": [1990 + i % 30 for i in range(k)]}))


def counts(k):
    rng = np.random.default_rng(k)
    n_t, n_c = rng.integers(20, 400, (2, k))
    risk = rng.uniform(0.05, 0.6, k)
    return pd.DataFrame(
        {
            "study": [f"A rather long name of a study group ({i})" for i in range(k)],
            "events_t": rng.binomial(n_t, 0.7 * risk),
            "n_t": n_t,
            "events_c": rng.binomial(n_c, risk),
            "n_c": n_c,
        }
    )


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def places(plot, name):
    """x and y of points, (2, n)."""
    return np.asarray(plot.viz[name].item().get_offsets()).T


def panel_of(plot, name):
    return plot.get_target(None, {"panel": name})


# --- the forests --------------------------------------------------------------------------------


def test_the_forest_prints_and_draws_the_baseline():
    base = baseline(PAIN, "DL", "wald")
    plot = plot_baseline_forest(base)
    assert column(plot, "estimate")[:2] == ["MD\n[95% CI]", "−12.0 [−19.8, −4.2]"]
    assert column(plot, "weights")[1:9] == [f"{w:.1f}%" for w in base.weights]
    mean, new = column(plot, "estimate")[9:]
    assert mean == lettering.interval(base.mu, base.lower, base.upper, 1)
    assert new == lettering.interval(base.mu, *base.prediction, 1)
    assert across(plot, "study_estimate") == approx(PAIN.y)
    diamond = mark(plot, "mean_effect").get_paths()[0].vertices[:, 0]
    assert (diamond.min(), diamond.max()) == approx((base.lower, base.upper))
    bar = mark(plot, "new_setting_interval").get_segments()[0][:, 0]
    assert bar == approx(tuple(base.prediction))
    assert "tau² 6.94 (95% Q-profile 0 to 61.6), Q 11.4 on 7 df (P = 0.122), I² 39%" in said(plot)
    assert "No effect: z = −4.55, P < 0.001." in said(plot)
    assert plot.viz["favours_left"].item().get_text() == "← Favours intervention"


def test_intervals_have_the_level_of_the_baseline():
    plot = plot_baseline_forest(baseline(PAIN, level=0.9))
    assert column(plot, "estimate")[0] == "MD\n[90% CI]"
    assert column(plot, "estimate")[1] == lettering.interval(
        -12, -12 - 1.645 * 4, -12 + 1.645 * 4, 1
    )


def test_a_common_effect_has_no_new_setting():
    plot = plot_baseline_forest(baseline(BCG, "FE"))
    assert column(plot, "names")[-1] == "Common effect"
    assert "new_setting" not in plot.viz
    assert column(plot, "estimate")[-1] == "0.65 [0.60, 0.70]"  # exp(−.4303 [−.5097, −.3509])
    assert plot.viz["xlabel"].item().get_text() == "Risk ratio (log scale)"


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"tau2": "DL", "ci": "henmi-copas"}, ["No effect: P", "Henmi"]),
        ({"tau2_ci": "PL"}, ["95% profile likelihood"]),
        ({"prediction": "bootstrap", "seed": 1, "draws": 1000}, ["A new setting"]),
    ],
)
def test_the_forest_says_which_methods_made_it(chosen, words):
    plot = plot_baseline_forest(baseline(PAIN, **chosen))
    assert all(word.lower() in said(plot).lower() for word in words)
    assert not untidy(plot)


def test_leave_one_out_draws_every_refit_and_all():
    refits = baseline_leave_one_out(BCG, ci="wald")
    plot = plot_baseline_leave_one_out(refits)
    assert across(plot, "step") == approx([fit.mu for fit in refits.fits])
    segments = [segment[:, 0] for segment in mark(plot, "step_interval").get_segments()]
    assert np.array(segments) == approx(np.array([(f.lower, f.upper) for f in refits.fits]))
    diamond = mark(plot, "all_studies").get_paths()[0].vertices[:, 0]
    assert (diamond.min(), diamond.max()) == approx((refits.full.lower, refits.full.upper))
    assert mark(plot, "all_studies_line").get_segments()[0][0, 0] == refits.full.mu
    assert column(plot, "names")[0] == "Left out"
    assert column(plot, "tau2")[1:3] == ["0.336", "0.293"]  # tests/reference, leave1out
    assert column(plot, "i2")[1] == "93%"
    assert column(plot, "estimate")[1] == "0.49 [0.34, 0.72]"  # exp(−.7071 ∓ 1.96 · .1900)


def test_cumulative_ends_with_all_studies():
    refits = baseline_cumulative(BCG, "year", ci="wald")
    plot = plot_baseline_cumulative(refits)
    assert across(plot, "step") == approx([fit.mu for fit in refits.fits[:-1]])
    names = column(plot, "names")
    assert names[:3] == ["Added", "Aronson 1948", "+ Ferguson & Simes 1949"]
    assert " ".join(names[-1].split()) == "+ TPT Madras 1980: all 13 studies"
    assert column(plot, "tau2")[1] == column(plot, "i2")[1] == ""  # one study has none
    common = plot_baseline_cumulative(baseline_cumulative(BCG, "year", "FE"))
    assert "tau2_text" not in common.viz and column(common, "i2")[-1] == "92%"


def test_refits_of_the_other_kind_are_refused():
    with pytest.raises(BayesPSError, match=r"Use bps\.plot_baseline_cumulative"):
        plot_baseline_leave_one_out(baseline_cumulative(BCG, "year"))
    with pytest.raises(BayesPSError, match=r"Use bps\.plot_baseline_leave_one_out"):
        plot_baseline_cumulative(baseline_leave_one_out(BCG))
    alone = BCG.where(np.arange(13) < 1)
    with pytest.raises(BayesPSError, match="one step only"):
        plot_baseline_cumulative(baseline_cumulative(alone, "year", "FE"))


# --- the funnel ---------------------------------------------------------------------------------


def test_the_funnel_has_points_mean_and_lines():
    base = baseline(BCG)
    plot = plot_funnel(base)
    studies = plot.viz["studies"].item()
    assert studies.get_xdata() == approx(BCG.y) and studies.get_ydata() == approx(BCG.se)
    assert plot.viz["mean"].item().get_xdata()[0] == base.mu
    for side, name in ((-1, "funnel_lower"), (1, "funnel_upper")):
        x, se = (getattr(plot.viz[name].item(), f"get_{axis}data")() for axis in "xy")
        assert (x[0], se[0]) == (base.mu, 0)
        assert (x[1] - base.mu) / se[1] == approx(side * 1.959963984540054)
    axes = panel_of(plot, "funnel")
    assert axes.get_ylim()[1] == 0 and axes.get_ylim()[0] > BCG.se.max()
    assert "contour_0.05_left" not in plot.viz


def test_contours_end_where_p_does():
    plot = plot_funnel(baseline(BCG), contours=True)
    for p in (0.10, 0.05, 0.01):
        for side, name in ((-1, "left"), (1, "right")):
            corners = plot.viz[f"contour_{p:g}_{name}"].item().get_xy()
            _, (x, se) = corners[:2]
            assert corners[0] == approx((0, 0))
            assert 2 * norm.sf(abs(x) / se) == approx(p) and np.sign(x) == side
    assert "P < 0.01" in texts(plot) and "P 0.05 to 0.10" in texts(plot)


def test_filled_studies_are_open_circles_with_the_second_mean():
    taf = trim_and_fill(BCG, "FE")
    plot = plot_funnel(baseline(BCG, "FE"), filled=taf)
    filled = plot.viz["filled"].item()
    assert (
        filled.get_xdata() == approx(taf.filled.y[13:]) and len(filled.get_xdata()) == taf.k0 == 4
    )
    assert filled.get_markerfacecolor() == "white"
    assert plot.viz["filled_mean"].item().get_xdata()[0] == taf.adjusted.mu
    # exp of metafor's −0.2910 [−0.3660, −0.2160] and of its FE (tests/reference)
    assert "0.75 [0.69, 0.81] with those filled in, 0.65 [0.60, 0.70] without" in said(plot)
    with pytest.raises(BayesPSError, match="Trim and fill is of other effects"):
        plot_funnel(baseline(PAIN), filled=taf)


def test_favours_stand_on_their_side_or_for_the_whole_axis():
    plot = plot_funnel(baseline(BCG))
    figure(plot).draw_without_rendering()
    null = panel_of(plot, "funnel").transData.transform((0, 0))[0]
    assert plot.viz["favours_left"].item().get_text() == "← Favours intervention"
    assert plot.viz["favours_left"].item().get_window_extent().x1 < null
    assert plot.viz["favours_right"].item().get_window_extent().x0 > null
    far = Effects.from_estimates(
        [-20, -22, -25],
        se=[1, 1.2, 1.5],
        study=list("abc"),
        measure="MD",
        unit="points",
        better="higher",
    )
    plot = plot_funnel(baseline(far))
    assert plot.viz["favours_all"].item().get_text() == "Favours control"


# --- radial, Baujat, L'Abbé ---------------------------------------------------------------------


def test_radial_points_line_and_scale():
    base = baseline(BCG, "FE")
    plot = plot_radial(base)
    x, z = places(plot, "studies")
    assert x == approx(1 / BCG.se) and z == approx(BCG.y / BCG.se)
    line = plot.viz["mean"].item()
    assert line.get_ydata() == approx(base.mu * line.get_xdata())
    scale = plot.viz["effect_scale"].item()
    assert scale.get_ylim() == panel_of(plot, "radial").get_ylim()
    end = panel_of(plot, "radial").get_xlim()[1]
    shown = [float(label.get_text()) for label in scale.get_yticklabels()]
    assert np.exp(np.array(scale.get_yticks()) / end) == approx(shown, rel=1e-3)
    random = plot_radial(baseline(BCG))
    s = np.sqrt(BCG.se**2 + baseline(BCG).tau2)
    assert places(random, "studies")[0] == approx(1 / s)


def test_radial_names_those_outside_the_band():
    base = baseline(BCG, "FE")
    away = np.abs(BCG.y - base.mu) / BCG.se
    plot = plot_radial(base)
    named = set(texts(plot)) & set(map(str, BCG.study))
    assert named and named <= set(map(str, BCG.study[away > 1.96]))
    assert str(BCG.study[np.argmax(away)]) in named
    assert "TPT Madras 1980" in alt_text(plot)


def test_baujat_shows_both_axes_and_names_the_extremes():
    influence = baseline_influence(PAIN)
    plot = plot_baujat(influence)
    x, y = places(plot, "studies")
    assert x == approx(influence.baujat_q) and y == approx(influence.baujat_shift)
    assert "E" in texts(plot) and "marked" not in plot.viz
    marked = baseline_influence(PAIN, "FE")
    assert marked.influential.tolist() == [n == 4 for n in range(8)]
    plot = plot_baujat(marked)
    at = (marked.baujat_q[4], marked.baujat_shift[4])
    assert tuple(places(plot, "marked")[:, 0]) == approx(at)
    assert "Diamonds" in said(plot)


@pytest.mark.parametrize(
    ("measure", "effect", "at"),
    [
        ("RR", np.log(0.5), lambda p: p / 2),
        ("OR", np.log(0.5), lambda p: 0.5 * p / (1 - p) / (1 + 0.5 * p / (1 - p))),
        ("RD", -0.03, lambda p: np.maximum(p - 0.03, 0)),
    ],
)
def test_labbe_points_areas_and_the_pooled_line(measure, effect, at):
    given = Effects.from_estimates(
        [effect], se=[0.1], study=["pool"], measure=measure, unit="given", better="lower"
    )
    plot = plot_labbe(COUNTS, measure, baseline=baseline(given, "FE"))
    points = plot.viz["studies"].item()
    control, treated = places(plot, "studies")
    assert control == approx((COUNTS.events_c / COUNTS.n_c).to_numpy())
    assert treated == approx((COUNTS.events_t / COUNTS.n_t).to_numpy())
    area, n = points.get_sizes(), (COUNTS.n_t + COUNTS.n_c).to_numpy()
    shown = area > area.min()
    assert area[shown] / area.max() == approx(n[shown] / n.max())
    line = plot.viz["pooled"].item()
    assert line.get_ydata() == approx(at(line.get_xdata()))
    axes = panel_of(plot, "labbe")
    assert axes.get_xlim() == axes.get_ylim() and axes.get_xlim()[1] > control.max()


def test_labbe_refuses_other_measures_and_tables():
    with pytest.raises(BayesPSError, match="one of OR, PETO, RR, RD"):
        plot_labbe(COUNTS, "MD")
    with pytest.raises(BayesPSError, match="but is 'OR' and 'RR'"):
        plot_labbe(COUNTS, "OR", baseline=baseline(BCG))
    with pytest.raises(StudyTableError, match="events_t"):
        plot_labbe(COUNTS.rename(columns={"events_t": "cases"}), "RR")
    renamed = COUNTS.rename(columns={"events_t": "cases"})
    assert plot_labbe(renamed, "RR", columns={"events_t": "cases"}).data["n"].sum() == 357347


# --- all ----------------------------------------------------------------------------------------

DRAW = {
    "forest": lambda e: plot_baseline_forest(_base(e)),
    "funnel": lambda e: plot_funnel(_base(e)),
    "contours": lambda e: plot_funnel(_base(e), contours=True),
    "radial": lambda e: plot_radial(_base(e)),
    "labbe": lambda e: plot_labbe(counts(e.k), "OR"),
}
MORE = {
    "filled": lambda e: plot_funnel(_base(e), contours=True, filled=trim_and_fill(e, "DL")),
    "baujat": lambda e: plot_baujat(baseline_influence(e, "DL")),
    "leave one out": lambda e: plot_baseline_leave_one_out(baseline_leave_one_out(e, "DL")),
    "cumulative": lambda e: plot_baseline_cumulative(baseline_cumulative(e, "year", "DL")),
}
NAMED = ("forest", "leave one out", "cumulative")


def _base(effects):
    return baseline(effects, "FE") if effects.k == 1 else baseline(effects, "DL")


CASES = [(name, k) for name in (*DRAW, *MORE) for k in (1, 3, 60, 131) if k > 1 or name in DRAW]


@pytest.mark.parametrize(("name", "k"), CASES)
def test_nothing_is_cut_off_and_nothing_covers_anything(name, k):
    effects = many(k)
    plot = (DRAW | MORE)[name](effects)
    assert not untidy(plot)
    if name in NAMED:
        shown = " ".join(" ".join(text.split()) for text in texts(plot))
        assert all(str(study) in shown for study in effects.study)


@pytest.mark.parametrize("name", [*DRAW, *MORE])
def test_every_figure_speaks_saves_and_changes_no_setting(name, tmp_path):
    before = dict(matplotlib.rcParams)
    plot = (DRAW | MORE)[name](BCG)
    assert dict(matplotlib.rcParams) == before
    assert isinstance(plot, arviz_plots.PlotCollection)
    assert "13 studies" in alt_text(plot) and not untidy(plot)
    assert figure(plot).get_figwidth() == approx(7.2)
    assert min(t.get_fontsize() for t in figure(plot).findobj(Text)) >= 8
    plot.savefig(tmp_path / "figure.svg", metadata={"Description": alt_text(plot)})
    assert (tmp_path / "figure.svg").stat().st_size > 5000
