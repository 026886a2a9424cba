"""`empirical`: words name the cell that the tables of Turner and Rhodes print."""

import pytest
from pytest import approx

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.checks import PriorError
from bayes_ps.robustness import robustness
from tests.unit.making import PAIN, fitted

CELLS = [  # measure, outcome, comparison, location and scale of log tau² as printed
    ("OR", "mortality", "drug vs placebo", -3.95, 1.34),
    ("OR", "pain", "exercise vs usual care", -2.05, 1.71),
    ("RR", "harms", "drug v. drug", -2.10, 1.58),
    ("PETO", "withdrawals", "drug versus exercise", -1.96, 1.51),
    ("OR", "self-efficacy", "education vs training", -2.26, 1.45),
    ("OR", "depression", "non-pharmacological vs placebo / control", -2.34, 1.72),
    ("SMD", "pain", "exercise vs usual care", -3.02, 2.27),
    ("SMDH", "disability", "drug vs placebo", -3.16, 2.50),
    ("SMD", "adverse events", "placebo vs drug", -3.16, 2.50),
    ("SMD", "hospital stay", "drug vs drug", -2.83, 2.70),
    ("SMD", "self-efficacy", "non-pharmacological (any)", -2.62, 2.41),
]


@pytest.mark.parametrize(("measure", "outcome", "comparison", "location", "scale"), CELLS)
def test_words_name_a_printed_cell(measure, outcome, comparison, location, scale):
    """Turner 2015, Table IV; Rhodes 2015, Tables 3, A.3.1 and A.3.2; of tau, halved."""
    found = priors.empirical(measure, outcome, comparison)
    assert found.parameters[-2:] == approx((location / 2, scale / 2), abs=1e-12)
    assert ("Turner" if measure in ("OR", "RR", "PETO") else "Rhodes") in found.source


def test_another_area():
    found = priors.empirical("SMD", "pain", "drug vs placebo", area="respiratory")
    assert found.parameters == (5, -5.07 / 2, 2.51 / 2)


def test_points_take_an_sd():
    smd, md = (
        priors.empirical(m, "pain", "drug vs drug", sd=s) for m, s in (("SMD", None), ("MD", 20))
    )
    assert md.ppf(0.5) == approx(20 * smd.ppf(0.5), rel=1e-13)
    assert "times an SD of 20" in md.source
    with pytest.raises(PriorError, match=r'needs the SD .*empirical\("MD", .*sd=20\)'):
        priors.empirical("MD", "pain", "drug vs drug")
    with pytest.raises(PriorError, match="SMD is none: leave it out"):
        priors.empirical("SMD", "pain", "drug vs drug", sd=20)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            ("HR", "mortality", "drug vs placebo"),
            r"no table .* for HR.*priors\.cochrane\('HR'\)\.tau",
        ),
        (("SMD", "mortality", "drug vs placebo"), r"outcome has no(.|\n)*biological marker"),
        (("OR", "pain", "sham surgery vs placebo"), r"comparison has no(.|\n)*pharmacological vs"),
        (("OR", "pain", "non-pharmacological"), "fits several"),
        (("OR", "", "drug vs placebo"), "needs outcome and comparison"),
    ],
)
def test_what_names_no_cell_is_refused_with_what_there_is(asked, said):
    with pytest.raises(PriorError, match=said):
        priors.empirical(*asked)


def test_in_robustness_it_is_one_more_prior():
    prior = priors.empirical("MD", "pain", "exercise vs usual care", sd=20)
    found = robustness(fitted(), bps.MCID(4, unit=PAIN.unit), tau=[prior])
    label = "tau ~ log-student-t(df 5, location 1.48573, scale 1.135) (Rhodes et al. 2015)"
    rows = [v for v in found.variants if v.changed.endswith(label)]
    assert [v.changed for v in rows][:2] == [label, f"sceptical mu, {label}"]
    assert all("Table 3: other, general physical health" in v.tau for v in rows)
