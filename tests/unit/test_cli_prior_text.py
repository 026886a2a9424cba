"""Priors as they are typed: calls of known names with numbers and text, never code."""

import pytest

from bayes_ps import priors
from bayes_ps.checks import BayesPSError, PriorError
from bayes_ps.cli.default_prior import default_tau
from bayes_ps.cli.prior_text import NAMES, written_prior
from bayes_ps.effects import Effects


def typed(text, of="tau"):
    return written_prior(text, of, f"--{of}")


def made(measure, unit, data=None):
    effects = Effects.from_estimates(
        [-1.0, -2.0], se=[0.5, 0.5], study=["a", "b"], measure=measure, unit=unit, better="lower"
    )
    return effects if data is None else effects.with_data(data)


@pytest.mark.parametrize(
    ("text", "scale"),
    [("half_normal(0.5)", 0.5), ("half_normal( scale = 5 )", 5), ("priors.half_normal(2e-1)", 0.2)],
)
def test_numbers(text, scale):
    prior = typed(text)
    assert prior.parameters == (scale,) and prior.family == "half-normal"
    assert prior.source == "chosen by the analyst, --tau"


def test_signs_text_and_both_of_cochrane():
    assert typed("normal(-5, 2)", "mu").parameters == (-5, 2)
    table = priors.rhodes2015("other", "pain", "non-pharm", sd=20)
    assert typed('rhodes2015("other", "pain", "non-pharm", sd=20)') == table
    words = 'empirical("SMD", "pain", "exercise vs usual care")'
    assert typed(words) == priors.rhodes2015("other", "pain", "non-pharm")
    assert typed('cochrane("SMD")') == priors.cochrane("SMD").tau
    assert typed('cochrane("SMD").mu', "mu") == priors.cochrane("SMD").mu
    assert typed("flat()", "mu") == priors.flat()  # without a source it stays the flat prior


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('touch /tmp/cli_was_here')",
        "half_normal(__import__('os'))",
        "half_normal(2 ** 3)",
        "half_normal(*[1])",
        "half_normal(**{'scale': 1})",
        "half_normal(True)",
        "half_normal(1j)",
        "half_normal(None)",
        "[half_normal(1)]",
        "half_normal",
        "half_normal(1); flat()",
        "half_normal(0.5",
        "",
        "(" * 400,
        "half_normal(" + "1" * 5000 + ")",
        "Prior()",
        "os.system(1)",
        "half_normal()",
        "half_normal(1, 2)",
        "half_normal(0)",
        "half_normal(-1)",
        "half_normal(1e999)",
        'rhodes2015("nothing")',
        "\x00",
    ],
)
def test_everything_else_is_refused_in_one_sentence(text):
    with pytest.raises(BayesPSError):
        typed(text)


def test_the_error_names_the_option_and_the_way():
    with pytest.raises(PriorError, match="--tau 'halfnormal\\(1\\)': there is no prior"):
        typed("halfnormal(1)")


def test_every_name_is_one_of_the_priors():
    assert set(NAMES) <= set(priors.__all__)


@pytest.mark.parametrize(
    ("measure", "unit", "scale"),
    [("SMD", "SD units", 0.5), ("OR", "log OR", 0.5), ("log GEN", "log units", 0.5)],
)
def test_the_default_is_by_the_measure_and_has_a_source(measure, unit, scale):
    prior = default_tau(made(measure, unit), None)
    assert prior.parameters == (scale,) and "10.1002/jrsm.1475" in prior.source


def test_the_default_of_mean_differences_is_half_an_sd():
    import pandas as pd

    table = pd.DataFrame({"n_t": [11, 11], "n_c": [11, 11], "sd_t": [20.0, 10], "sd_c": [20.0, 10]})
    prior = default_tau(made("MD", "points", table), None)  # √((400 + 100)/2) = 15.81
    assert prior.parameters == (7.9,) and "15.8 points" in prior.source
    assert default_tau(made("MD", "points", table), 20).parameters == (10,)


@pytest.mark.parametrize(("measure", "unit"), [("MD", "points"), ("RD", "risk difference")])
def test_without_a_scale_the_prior_must_be_stated(measure, unit):
    with pytest.raises(PriorError, match=r"--tau 'half_normal\(0\.5\)'"):
        default_tau(made(measure, unit), None)
