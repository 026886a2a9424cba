"""Published priors: how a cell is found, what is said of it, and how it is scaled."""

import numpy as np
import pytest
from pytest import approx

from bayes_ps import priors
from bayes_ps.checks import PriorError
from bayes_ps.priors.tables import cells
from models import RandomEffects


@pytest.mark.parametrize(
    "asked",
    [
        ("pain", "pharmacological vs placebo / control"),
        ("Pain", "Pharmacological versus placebo/control"),
        (" PAIN ", "pharmacological vs. placebo"),
        ("pain", "pharmacological v placebo"),
    ],
)
def test_a_cell_is_found_however_its_name_is_written(asked):
    assert priors.turner2015(*asked).parameters == (-0.915, 0.76)


def test_a_beginning_goes_before_a_part():
    """For "pharmacological vs …" is also a part of "non-pharmacological vs …"."""
    prior = priors.turner2015("adverse", "pharmacological vs pharm")
    assert prior == priors.turner2015("adverse events", "pharmacological vs pharmacological")
    assert priors.rhodes2015("other", "pain", "non") == priors.rhodes2015(
        area="other",
        outcome="general physical health and adverse event and pain and quality of life"
        " / functioning",
        comparison="non-pharmacological (any)",
    )


def test_nothing_asked_is_the_marginal_distribution():
    assert priors.turner2015().parameters == (-1.28, 0.87)
    assert priors.turner2012().parameters == (-1.28, 0.87)
    assert priors.rhodes2015().parameters == (5, -1.72, 1.295)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (
            lambda: priors.turner2015("mortality", "non"),
            r"outcome 'mortality' fits several.*\n  all-cause",
        ),
        (lambda: priors.turner2015("headache", "non"), "outcome has no 'headache'"),
        (lambda: priors.turner2015("pain", "placebo"), r"fits several(.|\n)*  non-pharm"),
        (lambda: priors.turner2015("pain"), "turner2015: comparison is missing"),
        (lambda: priors.turner2015(comparison="non-pharm"), "turner2015: outcome is missing"),
        (lambda: priors.rhodes2015("lung", "pain", "non"), r"area has no 'lung'(.|\n)*respiratory"),
        (lambda: priors.cochrane("MD"), r"SMD, OR, RR, RD, HR\. For a mean difference"),
        (lambda: priors.cochrane("OR", sd=3), "sd scales SMDs to mean differences, not OR"),
        (lambda: priors.rhodes2015(sd=0), "sd must be the standard deviation of the outcome, > 0"),
        (lambda: priors.cochrane("SMD", sd=np.nan), "sd must be the standard deviation"),
    ],
)
def test_what_is_not_found_is_refused_with_the_choices(ask, said):
    with pytest.raises(PriorError, match=said):
        ask()


def test_the_source_says_paper_table_cell_and_scale():
    assert priors.turner2015("pain", "pharmacological vs placebo").source == (
        "Turner et al. 2015, doi:10.1002/sim.6381, Table IV: pain, pharmacological vs placebo / "
        "control (log odds ratio)"
    )
    source = priors.rhodes2015("cancer", "mental", "non", sd=20).source
    assert "Table A.3.2: cancer, mental health outcome, non-pharm" in source
    assert source.endswith("(SMD, times an SD of 20)")
    assert all("doi:" in cell.source for name in TABLES for cell in cells(name))


TABLES = ("turner2012", "turner2015", "rhodes2015")


def test_a_standard_deviation_scales_tau():
    """tau of mean differences is that of SMDs times the SD: every quantile is."""
    q = np.array([0.025, 0.5, 0.975])
    smd, md = (priors.rhodes2015("other", "pain", "non", sd=sd) for sd in (None, 22.0))
    assert md.ppf(q) == approx(22 * smd.ppf(q), rel=1e-12)
    smd, md = (priors.cochrane("SMD", sd=sd) for sd in (None, 22.0))
    for ours, theirs in zip(md, smd, strict=True):
        assert ours.ppf(q) == approx(22 * theirs.ppf(q), rel=1e-12)


def test_suspect_cells_carry_a_warning():
    suspect = [cell for name in TABLES for cell in cells(name) if cell.suspect]
    assert [(cell.area, cell.location) for cell in suspect] == [("other", -3.85), ("cancer", -0.13)]
    prior = priors.rhodes2015("other", "mental health", "non-pharmacological", sd=10)
    assert prior.warning.startswith("Rhodes et al. 2015") and "imply -2.85" in prior.warning
    assert prior.source.endswith("probably a misprint")
    assert priors.rhodes2015("other", "mental health", "pharmacological vs placebo").warning == ""


def test_effect_and_heterogeneity_make_a_model():
    mu, tau = priors.cochrane("OR")
    assert mu.parameters == (4, 0, 0.58) and tau.parameters == (1.77, 0.55)
    assert RandomEffects(*priors.cochrane("OR")).mu == mu == priors.cochrane("OR").mu
    assert isinstance(priors.cochrane("RD").tau, priors.half_normal)
    assert "arXiv:2306.11468 (OR)" in tau.source
