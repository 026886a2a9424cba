"""The report's decision: several MCIDs, a stated SD, MID units, patients, robustness, the gate."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy.stats import norm

import bayes_ps as bps
from bayes_ps import words
from bayes_ps.checks import BayesPSError, UnitError
from bayes_ps.effects.stated_sd import assumed_sd
from bayes_ps.reporting import (
    at_a_glance,
    bias_table,
    data_section,
    decision_section,
    patients_section,
    report_page,
    robustness_section,
    scale_section,
    write_report,
)
from bayes_ps.reporting.blocks import Section, Table
from bayes_ps.reporting.mcid_units import InMCIDs, in_mcids
from bayes_ps.reporting.paragraphs import methods_text, results_text
from models import CommonEffect, priors
from tests.reports.making import MCID, SOURCED, Page, material
from tests.unit.making import PAIN, fitted, made, sampled

UNIT = "points (0-100)"
THREE = (MCID, bps.MCID(8, unit=UNIT, method="anchor"), bps.MCID(19.9, unit=UNIT))
SMD = made(PAIN.y / 20, PAIN.se / 20, measure="SMD", unit="SD units")
RATED = PAIN.with_data(pd.DataFrame({"rob_overall": ["High", "low", "low", "some concerns", None,
                                                     "unclear", "high", "low"],
                                     "rob_missing": ["low"] * 8}))  # fmt: skip


def words_of(section):
    return " ".join(section.words())


def tables(section):
    return [block for block in section.blocks if isinstance(block, Table)]


def table(section, caption):
    return next(each for each in tables(section) if each.caption.startswith(caption))


@pytest.fixture
def undrawn(monkeypatch):
    monkeypatch.setattr(report_page, "figures", lambda m: Section("figures", "Figures", "", ()))


def test_each_mcid_has_its_decision_and_its_provenance():
    m = material(None, *THREE)
    section = decision_section.decision(m)
    shown = table(section, "The decision at each MCID")
    for row, mcid in zip(shown.rows, THREE, strict=True):
        found = bps.decide(m.fit, mcid)
        assert row[0] == f"{mcid.value:g} {UNIT}"
        assert row[1:3] == tuple(map(words.probability, (found.mean.p_mcid, found.new.p_mcid)))
        assert row[3].startswith(f"{found.share.median:.1%} (")
    origin = table(section, "Where the MCIDs come from").rows
    assert origin[0][1:] == ("within patient", "not stated", "improvement", "not stated",
                             "not stated", "doi:10.1000/mcid")  # fmt: skip
    assert origin[1][2] == "anchor"
    top = at_a_glance.beside(m)
    assert [row[0] for row in top.rows] == [row[0] for row in shown.rows]
    assert at_a_glance.beside(material()) is None

    assert "For the other MCIDs it was" in results_text(m)


def test_bands_between_the_mcids_add_up_to_the_decision():
    m = material(None, *THREE)
    shown = table(decision_section.decision(m), "How large")
    assert [row[0] for row in shown.rows][:4] == [
        "from 19.9 on, benefit", "from 8 to 19.9, benefit", "from 5 to 8, benefit",
        "smaller than every MCID",
    ]  # fmt: skip
    found = bps.decide(m.fit, THREE[2])
    assert shown.rows[0][2] == words.probability(found.new.p_mcid)


@pytest.mark.usefixtures("undrawn")
def test_mcids_that_are_none_or_not_in_the_unit_are_refused(tmp_path):
    path = tmp_path / "report.html"
    for wrong in (5, [5], [MCID, bps.MCID(0.5, unit="SD units")], "MCID"):
        with pytest.raises(UnitError):
            write_report(path, fitted(), mcid=wrong)
    with pytest.raises(BayesPSError, match="twice"):
        write_report(path, fitted(), mcid=[MCID, MCID])
    assert not path.exists()
    write_report(path, fitted(), mcid=[*THREE])
    assert "19.9 points" in Page(path.read_text()).text


def test_mid_units_are_the_normal_divided_by_the_mcid():
    """A common effect is normal: −7.1 ± se points by an MCID of 5, lower is better."""
    fit = fitted(model=CommonEffect(mu=priors.flat()))
    weight = 1 / PAIN.se**2
    mean, sd = (weight @ PAIN.y) / weight.sum(), weight.sum() ** -0.5
    found = in_mcids(fit, MCID).mean
    expected = norm(-mean / 5, sd / 5)
    assert InMCIDs.shown(found) == approx(tuple(expected.ppf([0.5, 0.025, 0.975])), rel=1e-9)
    assert float(found.sf(1.0)) == approx(bps.decide(fit, MCID).mean.p_mcid, rel=1e-9)


def test_mid_units_of_an_uncertain_mcid_are_integrated_over_it():
    fit, mcid = fitted(), bps.MCID(priors.uniform(4, 8), unit=UNIT)
    found = in_mcids(fit, mcid)
    assert float(found.mean.sf(1.0)) == approx(bps.decide(fit, mcid).mean.p_mcid, abs=1e-7)
    u = np.linspace(4, 8, 2001)
    assert float(found.new.sf(0.5)) == approx(float(np.trapezoid(
        fit.predictive().cdf(-0.5 * u), u)) / 4, abs=1e-6)  # fmt: skip
    drawn = in_mcids(sampled(fit), mcid).mean
    assert float(drawn.sf(1.0)) == approx(float(found.mean.sf(1.0)), abs=0.02)


def test_a_stated_sd_is_read_and_shown_as_an_assumption():
    points = bps.points_from_smd(SMD, 20, unit=UNIT, source="baseline (control) arm, Smith 2010")
    sd = assumed_sd(points)
    assert (sd.value, sd.unit, sd.source) == (20.0, UNIT, "baseline (control) arm, Smith 2010")
    assert assumed_sd(bps.points_from_smd(SMD, 1.5, unit=UNIT)).source == ""
    assert assumed_sd(PAIN) is None and assumed_sd(SMD) is None
    m = material(fitted(points, SOURCED))
    for said in (words_of(data_section.question(m)), words_of(data_section.data(m)),
                 " ".join(at_a_glance.remarks(m))):  # fmt: skip
        assert "Assumption: effects are standardised mean differences times one SD of 20" in said
    assert "one SD of 20 (baseline (control) arm, Smith 2010), taken as known" in methods_text(m)


def test_another_sd_is_the_analysis_of_the_smds_shown_by_it():
    """By an SD of 30 an MCID of 5 points is 1/6 SD: the fit of the SMDs, priors scaled alike."""
    points = bps.points_from_smd(SMD, 20, unit=UNIT)
    shown = table(scale_section.familiar_scale(material(fitted(points, SOURCED))), "The same")
    tau = priors.half_normal(5 / 20)
    smd = fitted(SMD, type(SOURCED)(mu=priors.flat(), tau=tau))
    for row, sd in zip(shown.rows, (10, 15, 20, 25, 30), strict=True):
        p = bps.decide(smd, bps.MCID(5 / sd, unit="SD units")).mean.p_mcid
        assert row[0].split()[0] == str(sd) and row[2] == words.probability(p)
        assert float(row[1].split()[0]) == approx(smd.average().median * sd, abs=0.006)


def test_smds_say_how_to_re_express_them():
    """Handbook 15.5.3.3: ln OR = π/√3 SMD; a common effect of SMD −0.5 is OR 0.404."""
    effects = made([-0.5, -0.5], [0.1, 0.1], measure="SMD", unit="SD units")
    fit = fitted(effects, CommonEffect(mu=priors.flat()))
    section = scale_section.familiar_scale(material(fit, bps.MCID(0.2, unit="SD units")))
    assert (
        table(section, "As an odds ratio")
        .rows[0][1]
        .startswith(f"{math.exp(-0.5 * math.pi / math.sqrt(3)):.2f} (")
    )
    said = words_of(section)
    assert "rules of thumb" in said and "points_from_smd" in said and "ROM" in said
    sizes = {row[0]: row[1] for row in table(section, "SD units").rows}
    p = norm.cdf([-0.8, -0.5, -0.2], -0.5, 0.1 / math.sqrt(2))
    assert sizes["moderate benefit"] == words.probability(p[1] - p[0])
    assert sizes["small benefit"] == words.probability(p[2] - p[1])


def test_patients_are_shown_with_their_assumptions():
    fit = fitted(model=SOURCED)
    given = bps.responders(fit, MCID, sd=20, control_share=0.3)
    said = words_of(patients_section.patients(material(fit, patients=given)))
    assert f"{given.treated[0].median:.1%}" in said and given.nnt[1] in said
    assert "Assumptions, stated and not estimated" in said and "control share 0.3" in said
    effects = made([-0.5, -0.2, 0.1], [0.2] * 3, measure="OR", unit="log odds ratio")
    odds = fitted(effects, SOURCED)
    given = bps.absolute_risk(odds, 0.2, important=10)
    mcid = bps.MCID(0.2, unit="log odds ratio")
    said = words_of(patients_section.patients(material(odds, mcid, patients=given)))
    assert f"{given.difference[0].median:.0f} (" in said and "at least 10 in 1000" in said
    assert "absolute_risk" in words_of(patients_section.patients(material(odds, mcid)))
    assert "bps.responders" in words_of(patients_section.patients(material()))


def test_the_verdict_and_what_flips_it_stand_first():
    m = material(fitted(RATED, SOURCED))
    section = robustness_section.robustness(m)
    assert section.blocks[0].text.startswith(m.robust.verdict.capitalize())
    flips = table(section, "What flips the decision on the mean effect")
    assert {row[0] for row in flips.rows} == {v.changed for v in m.robust.simplest_flips}
    named = {each.caption for each in tables(section)}
    assert set(robustness_section.GROUPS.values()) - {"Under other models"} <= named
    assert sum(len(table(section, caption).rows) - 1 for caption in named
               & set(robustness_section.GROUPS.values())) == len(m.robust.variants) - 1  # fmt: skip
    assert str(m.tipping).splitlines()[0] in words_of(section)


def test_any_benefit_under_each_pair_of_priors():
    m = material()
    rows = table(robustness_section.robustness(m), "Under other priors").rows
    flat_tau = {row[0]: row[2] for row in rows}
    assert flat_tau["as fitted"] == words.probability(m.decision.mean.p_benefit)
    sceptical = type(SOURCED)(mu=bps.sceptical(PAIN, MCID), tau=SOURCED.tau)
    p = bps.decide(fitted(model=sceptical), MCID).mean.p_benefit
    assert flat_tau["sceptical mu"] == words.probability(p)


@pytest.mark.usefixtures("undrawn")
def test_a_reader_does_not_miss_that_three_studies_are_directional():
    few = material(fitted(made([-3.0, -9.0, -4.0], [1.5, 2, 3]), SOURCED))
    page = report_page.page(few)
    text = Page(page).text
    assert text.index("Reportable: directional.") < text.index("Mean effect, points")
    assert all(" ".join(reason.split()) in text for reason in few.gate.reasons)
    assert 'class="gate directional"' in page
    assert few.gate.status == bps.reportable(few.fit, MCID).status


def test_judgements_of_bias_have_a_sign_and_a_word():
    m = material(fitted(RATED, SOURCED))
    shown, said = bias_table.risk_of_bias(m)
    assert shown.header == ("Study", "missing", "overall")
    assert [row[2] for row in shown.rows] == [
        "− high", "+ low", "+ low", "! some concerns",
        "– no judgement", "? unclear", "− high", "+ low",
    ]  # fmt: skip
    assert said.text == "Overall: 3 low, 2 high, 1 some concerns, 1 no judgement, 1 unclear."
    assert bias_table.light("critical") == "· critical"
    (none,) = bias_table.risk_of_bias(material())
    assert "rob_" in none.text


@pytest.mark.usefixtures("undrawn")
def test_a_judgement_that_is_markup_is_shown():
    evil = "<b onclick=alert(1)>high</b>"
    data = pd.DataFrame({"rob_overall": [evil, "high", *["low"] * 6]})
    page = Page(report_page.page(material(fitted(PAIN.with_data(data), SOURCED))))
    assert evil in page.text and not any("onclick" in attrs for _, attrs in page.tags)


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    "value",
    [(4, 6, 8), priors.uniform(4, 8), norm(6, 1)],
    ids=["anchors", "range", "distribution"],
)
def test_an_uncertain_mcid_goes_through_the_whole_report(value):
    mcid = bps.MCID(value, unit=UNIT)
    m = material(None, mcid, MCID)
    page = Page(report_page.page(m)).text
    assert not re.search(r"\bnan\b|Not examined", page)
    p = bps.decide(m.fit, mcid).mean.p_mcid
    assert m.robust.variants[0].p_mean == approx(p, abs=1e-7)
    assert table(decision_section.decision(m), "The decision").rows[0][1] == (words.probability(p))


def test_an_mcid_is_shown_as_readers_know_it():
    m = material()
    shown = decision_section.size_of
    assert shown(m, MCID) == "5 points (0-100)"
    assert shown(m, bps.MCID((4, 6, 8), unit=UNIT)) == "6 (95% 4 to 8) points (0-100)"
    odds = made([-0.5, -0.2, 0.1], [0.2] * 3, measure="OR", unit="log odds ratio")
    ratio = bps.MCID(-math.log(0.8), unit="log odds ratio")
    assert shown(material(fitted(odds, SOURCED), ratio), ratio) == "0.8 odds ratio"


def test_ratios_are_told_as_ratios_on_either_side_of_1():
    better, worse = (
        made([-0.5, -0.2, 0.1], [0.2] * 3, measure="OR", unit="log odds ratio", better=way)
        for way in ("lower", "higher")
    )
    for effects, sizes, most, harm in (
        (better, (0.8, 0.5), "most", (1.25, 2)),
        (worse, (1.25, 2), "least", (0.8, 0.5)),
    ):
        mcids = [bps.MCID(size, "ratio").on_log_scale(effects) for size in sizes]
        m = material(fitted(effects, SOURCED), *mcids)
        rows = table(decision_section.decision(m), "How large").rows
        assert [row[0] for row in rows] == [
            f"from {sizes[1]} on, benefit", f"from {sizes[0]} to {sizes[1]}, benefit",
            "smaller than every MCID", f"from {harm[0]} to {harm[1]}, harm",
            f"from {harm[1]} on, harm",
        ]  # fmt: skip
        asked = f"of at {most} {sizes[0]}"
        assert decision_section.benefit_of(m, mcids[0]) == f"odds ratio {asked}"
        assert f"P(mean effect: ratio {asked})" in str(m.robust)
