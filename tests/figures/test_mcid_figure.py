"""The MCID curve with a band, and with an MCID that is not one number."""

import matplotlib
import numpy as np
import pytest
from pytest import approx

matplotlib.use("Agg")

import matplotlib.pyplot as plt

import bayes_ps as bps
from bayes_ps import words
from bayes_ps.checks import BayesPSError, UnitError
from bayes_ps.plots import alt_text, plot_mcid_curve
from bayes_ps.plots.mcid_extent import extent_of
from bayes_ps.robustness.band import mcid_band
from models import CommonEffect, MetaRegression, RandomEffects, priors
from tests.figures.test_plots import GROUPS, place_of, said, texts, untidy
from tests.unit.making import PAIN, fitted, made

MCID = bps.MCID(10, unit=PAIN.unit, source="doi:10/x", kind="between groups")
RANGE = bps.MCID(priors.uniform(8, 12), unit=PAIN.unit)
ANCHORS = bps.anchors([bps.MCID(x, unit=PAIN.unit, source=f"{x}") for x in (8, 10, 19.9)])
RATIOS = made(np.log([0.5, 0.8, 0.7]), [0.2, 0.1, 0.15], measure="OR", unit="log odds ratio")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def vertices(plot, name):
    return plot.viz[name].item().get_paths()[0].vertices


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_the_band_is_shaded_from_the_lowest_to_the_highest_with_its_ends_named(better):
    fit = fitted(made(PAIN.y if better == "lower" else -PAIN.y, PAIN.se, better=better))
    band = mcid_band(fit, bps.MCID(7, unit=PAIN.unit))
    plot = plot_mcid_curve(fit, band=band)
    for name, curves, target in (
        ("Mean effect", band.mean, "mean"),
        ("A new setting", band.new, "new"),
    ):
        drawn = vertices(plot, f"{name} range")
        middle = np.isclose(drawn[:, 0], band.threshold[100])
        assert drawn[middle, 1].min() == approx(curves.lowest[100])
        assert drawn[middle, 1].max() == approx(curves.highest[100])
        for end, of, at_mcid in (
            ("lowest", band.lowest(target), curves.at_mcid.min()),
            ("highest", band.highest(target), curves.at_mcid.max()),
        ):
            label = " ".join(plot.viz[f"{name} {end}"].item().get_text().split())
            assert label == f"{end.capitalize()}, P = {words.probability(at_mcid)}: {of}"
        low, high = map(words.probability, (curves.at_mcid.min(), curves.at_mcid.max()))
        p = words.probability(curves.at_mcid[0])
        assert f"{name}: P = {p} ({low} to {high})" in texts(plot)
        assert f"{name}: {low} to {high} over the analyses" in alt_text(plot)
    assert "Thin: 12 analyses" in said(plot)
    assert not untidy(plot)


def test_an_uncertain_mcid_is_a_range_and_its_numbers_are_those_of_decide():
    fit = fitted()
    plot, decision = plot_mcid_curve(fit, RANGE), bps.decide(fit, RANGE)
    found = plot.data["p_mcid"].values[:, 0]
    assert found == approx([decision.mean.p_mcid, decision.new.p_mcid])
    span = plot.viz["mcid_0_range_0"].item()
    assert (span.get_x(), span.get_x() + span.get_width()) == approx((8.1, 11.9))
    assert place_of(plot, 0) == approx(10)
    bar = plot.viz["Mean effect bar 0"].item().get_segments()[0]
    assert bar == approx(np.array([[8.1, found[0]], [11.9, found[0]]]))
    assert "MCID 10 (8.1 to 11.9)" in texts(plot)
    assert "averaged over it" in said(plot)
    assert not untidy(plot)


def test_anchors_are_ticks():
    plot = plot_mcid_curve(fitted(), [ANCHORS, RANGE], band=mcid_band(fitted(), MCID))
    for row in (0, 1):
        found = [name for name in plot.viz if name.endswith(f"anchors_{row}")]
        assert len(found) == 1
        ticks = plot.viz[found[0]].item()
        assert [one[0, 0] for one in ticks.get_segments()] == [8, 10, 19.9]
    n = [one for one in (0, 1) if f"mcid_{one}_anchors_0" not in plot.viz]
    assert len(n) == 1 and f"mcid_{n[0]}_range_0" in plot.viz
    assert f"mcid_{1 - n[0]}_range_0" not in plot.viz
    assert "Ticks: its values. Grey: its central 95%." in said(plot)
    assert "MCID 8, 10 or 19.9" in texts(plot)
    assert not untidy(plot)


def test_what_an_mcid_is_called():
    def text(value, effects=PAIN):
        return extent_of(bps.MCID(value, unit=effects.unit), effects).text

    assert text(10) == "MCID 10"
    assert text([5, 4]) == "MCID 4 or 5"
    assert text([10, 10]) == "MCID 10"
    assert text([5, 4, 3, 2, 1]) == "MCID 5 values, 1 to 5"
    assert text([10, priors.uniform(8, 12)]) == "MCID 10 (8.2 to 11.8)"
    assert text(np.log(1.25), RATIOS) == "MCID 0.8"
    assert text([np.log(1.25), np.log(2)], RATIOS) == "MCID 0.8 or 0.5"
    with pytest.raises(UnitError, match="in 'SD units'"):
        extent_of(bps.MCID(1, unit="SD units"), PAIN)


def test_ratios_stay_ratios():
    fit = fitted(RATIOS, RandomEffects(priors.flat(), priors.half_normal(0.5)))
    mcid = bps.MCID([np.log(1.25), np.log(1.6)], unit="log odds ratio")
    plot = plot_mcid_curve(fit, mcid)
    assert "MCID 0.8 or 0.625" in texts(plot)
    p = words.probability(bps.decide(fit, mcid).mean.p_mcid)
    assert f"Mean effect, odds ratio of at most 0.8 or 0.625: {p}" in alt_text(plot)
    assert not untidy(plot)


def test_a_band_without_heterogeneity_has_one_panel():
    fit = fitted(PAIN, CommonEffect(priors.flat()))
    plot = plot_mcid_curve(fit, band=mcid_band(fit, MCID))
    assert list(plot.data["target"].values) == ["Mean effect"]
    assert "Mean effect range" in plot.viz and "Posterior probability" in texts(plot)
    assert not untidy(plot)


def test_the_band_brings_its_setting_and_must_be_of_the_fit():
    model = MetaRegression(["arm"], priors.flat(), priors.half_normal(5), intercept=False)
    fit = bps.fit(model, GROUPS)
    band = mcid_band(fit, MCID, at={"arm": "b"})
    plot = plot_mcid_curve(fit, band=band)
    assert plot.data["p_mcid"].values[0, 0] == approx(fit.average({"arm": "b"}).cdf(-10))
    assert "Setting: arm = b." in said(plot)
    with pytest.raises(BayesPSError, match="The band is of"):
        plot_mcid_curve(fit, band=band, at={"arm": "a"})
    with pytest.raises(BayesPSError, match="other effects"):
        plot_mcid_curve(fitted(PAIN.drop("A")), band=mcid_band(fitted(), MCID))


@pytest.mark.parametrize("k", [1, 2, 3, 60, 131])
def test_nothing_is_cut_off_or_covered(k):
    rng = np.random.default_rng(k)
    effects = made(rng.normal(-6, 5, k), rng.uniform(1.5, 6, k), study=[f"S{i}" for i in range(k)])
    fit = fitted(effects)
    for mcid in (MCID, bps.MCID(1, unit=PAIN.unit), ANCHORS.quantile(0.99)):
        assert not untidy(plot_mcid_curve(fit, band=mcid_band(fit, mcid)))


def test_a_name_with_little_room_is_broken_between_words_only():
    mcid = bps.MCID([1, 3.5, 10], unit=PAIN.unit)
    fit = fitted(made([-3.5] * 4, [1.2] * 4))
    band = mcid_band(fit, mcid)
    plot = plot_mcid_curve(fit, [mcid, *(bps.MCID(x, unit=PAIN.unit) for x in (2, 3))], band=band)
    for name, target in (("Mean effect", "mean"), ("A new setting", "new")):
        for end, analysis in (("lowest", band.lowest(target)), ("highest", band.highest(target))):
            label = plot.viz[f"{name} {end}"].item().get_text()
            assert " ".join(label.split()).endswith(f": {analysis}")
    assert not untidy(plot)
