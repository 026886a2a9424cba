"""The lights of a forest plot: which sign stands in whose row, and what the legend says."""

import matplotlib
import pandas as pd
import pytest

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.colors import to_rgb

from bayes_ps.effects import Effects
from bayes_ps.fitting import fit
from bayes_ps.plots import alt_text, plot_forest
from bayes_ps.plots.forest.bias import SIGNS, lights_of
from bayes_ps.plots.forest.look import LOOKS
from bayes_ps.reviews import analysis
from bayes_ps.studies import read_cochrane
from models import MetaRegression, RandomEffects, priors
from tests.figures.test_plots import said, untidy

STUDIES = ["Abel 2001", "Bell 2012", "Cain 2020"]
JUDGED = pd.DataFrame(
    {
        "rob_overall": ["Low", "some concerns", "High risk of bias"],
        "rob_randomisation": ["low", "low", None],
        "rob_my_domain": ["unclear", "low", "high"],
        "group": ["a", "b", "a"],
    }
)


def effects(data=None):
    found = Effects.from_estimates(
        [-3.0, -1, -2],
        se=[1.0, 0.8, 1.2],
        study=STUDIES,
        measure="MD",
        unit="points",
        better="lower",
    )
    return found if data is None else found.with_data(data)


def random_effects(data):
    return fit(RandomEffects(mu=priors.flat(), tau=priors.half_normal(2)), effects(data))


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def rows_of_signs(plot):
    """{y of the row: signs from left to right}."""
    found = {}
    for text in sorted((t.item() for t in plot.viz["rob_signs"]), key=lambda t: t.get_position()):
        found.setdefault(round(text.get_position()[1], 6), []).append(text.get_text())
    return found


@pytest.mark.parametrize("style", LOOKS)
def test_every_study_has_its_signs_in_its_own_row(style):
    plot = plot_forest(random_effects(JUDGED), style=style)
    names = {text.item().get_text(): text.item() for text in plot.viz["names_text"]["names"]}
    signs = rows_of_signs(plot)
    in_rows = {n: signs.get(round(t.get_position()[1], 6)) for n, t in names.items()}
    assert in_rows["Abel 2001"] == ["+", "?", "+"]  # randomisation, my domain, overall
    assert in_rows["Bell 2012"] == ["+", "+", "?"]
    assert in_rows["Cain 2020"] == ["−", "−"]
    assert in_rows["Mean effect"] is None
    assert [t.item().get_text() for t in plot.viz["rob_letters"]] == ["A", "B", "C"]
    assert not untidy(plot)


def test_the_legend_and_the_alt_text_say_what_the_lights_mean():
    plot = plot_forest(random_effects(JUDGED))
    assert "Risk of bias: A, randomisation process; B, my domain; C, overall." in said(plot)
    assert "No circle: no judgement is given." in said(plot)
    entries = [t.item().get_text() for t in plot.viz["rob_legend"]]
    assert entries == ["low", "some concerns", "unclear", "high"]
    assert [t.item().get_text() for t in plot.viz["rob_legend_signs"]] == ["+", "?", "?", "−"]
    assert "Risk of bias, overall: low in 1, some concerns in 1, high in 1." in alt_text(plot)


def test_the_lights_can_be_turned_off_and_are_not_there_without_judgements():
    for plot in (
        plot_forest(random_effects(JUDGED), rob=False),
        plot_forest(random_effects(None)),
        plot_forest(random_effects(JUDGED[["group"]])),
        plot_forest(random_effects(JUDGED[["group"]].assign(rob_overall=None))),
    ):
        assert "rob_signs" not in plot.viz
        assert "Risk of bias" not in said(plot) + alt_text(plot)


def test_a_column_that_holds_no_judgements_is_named_rather_than_drawn():
    notes = JUDGED.assign(rob_support=["see text", "low", "low"])
    found = lights_of(effects(notes))
    assert found.domains == ("randomisation process", "my domain", "overall")
    assert "Not shown, because it holds no judgements: rob_support." in list(found.sentences())
    assert lights_of(effects(notes[["rob_support"]])) is None


def test_subgroups_keep_the_lights_of_their_studies():
    model = MetaRegression(["group"], priors.flat(), priors.half_normal(2))
    plot = plot_forest(fit(model, effects(JUDGED)))
    order = [signs for _, signs in sorted(rows_of_signs(plot).items())]
    assert order == [["+", "?", "+"], ["−", "−"], ["+", "+", "?"]]  # Abel, Cain; Bell


def test_a_cochrane_review_shows_its_rob_2_judgements():
    review = read_cochrane("tests/data/cochrane/CD013508-pub3-data-rows.csv")
    found = analysis(review, "1.1", better="lower").effects
    lights = lights_of(found)
    assert lights.domains[-1] == "overall"
    assert len(lights.domains) == 6
    assert lights.judged["Tagney 2013"][-1] == "high"
    model = RandomEffects(mu=priors.flat(), tau=priors.half_normal(0.5))
    plot = plot_forest(fit(model, found), style="revman")
    assert plot.viz["rob_signs"].size == 19 * 6
    assert not untidy(plot)


def test_signs_of_one_colour_differ_and_their_ink_is_legible():
    """Contrast by WCAG 2.1 of at least 3 : 1, as for large or bold marks."""
    for sign in SIGNS.values():
        bright, dark = sorted((_luminance(sign.face), _luminance(sign.ink)), reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= 3
    assert {SIGNS[word].text for word in ("low", "some concerns", "high")} == {"+", "?", "−"}


def _luminance(color):
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
