"""The summary of findings: numbers against closed forms, and tables that no name can break."""

import csv
import io
import os
import zipfile
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy.special import expit, logit
from scipy.stats import norm

import bayes_ps as bps
from bayes_ps.checks import BayesPSError, UnitError
from bayes_ps.reporting import OutcomeRow, summary_of_findings
from bayes_ps.reporting.cells import latex, no_formula
from bayes_ps.reporting.placing import place_file
from models import CommonEffect, MetaRegression, RandomEffects, priors
from tests.unit.making import PAIN, fitted, made, sampled

MCID = bps.MCID(5, unit="points (0-100)", source="doi:10/x", kind="within patient")
EVIL = '=HYPERLINK("http://x","y")<script>alert(1)</script> & 5 % $x_1^2$'


def odds(y=(-0.8, -0.5, -0.6), se=(0.2, 0.25, 0.3)):
    return made(list(y), list(se), measure="OR", unit="log odds ratio")


def common(effects):
    return fitted(effects, CommonEffect(mu=priors.flat()))


def pain_row(**changed):
    return OutcomeRow("Pain", fitted(), MCID)._replace(**changed)


class Cells(HTMLParser):
    """The texts of the cells of a page, and the tags in it."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.texts, self.inside = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("td", "th"):
            self.texts.append("")
            self.inside = True

    def handle_endtag(self, tag):
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data):
        if self.inside:
            self.texts[-1] += data


def test_probabilities_are_those_of_the_normal_in_a_common_effect_model():
    weight = 1 / PAIN.se**2
    mean, sd = (weight @ PAIN.y) / weight.sum(), weight.sum() ** -0.5
    row = summary_of_findings([("Pain", common(PAIN), MCID)]).to_frame().iloc[0]
    assert row["p_important_benefit"] == approx(norm.cdf(-5, mean, sd), rel=1e-10)
    assert row["p_important_harm"] == approx(norm.sf(5, mean, sd), rel=1e-8)
    three = row[["p_important_benefit", "p_trivial", "p_important_harm"]]
    assert three.sum() == approx(1, abs=1e-12)
    assert row["absolute"] == approx(mean) and np.isnan(row["relative"])
    assert row["absolute_unit"] == "points (0-100)"
    assert row["k"] == 8 and np.isnan(row["n"]) and np.isnan(row["tau"])


@pytest.mark.parametrize(
    ("measure", "ratio", "risk", "expected"),
    [
        ("OR", 0.5, 0.2, 1000 / 9 - 200),  # odds 1/4 become 1/8
        ("PETO", 2.0, 0.5, 2000 / 3 - 500),
        ("RR", 0.75, 0.4, -100),
        ("RR", 3.0, 0.4, 600),  # at most all
        ("HR", 2.0, 0.5, 250),  # survival 1/2 squared
    ],
)
def test_events_per_1000_at_a_baseline_risk(measure, ratio, risk, expected):
    """Cochrane Handbook 15.4.4; an effect that is all but known."""
    y = np.log([ratio, ratio])
    fit = common(made(y, [1e-6, 1e-6], measure=measure, unit="log ratio"))
    mcid = bps.MCID(0.1, unit="log ratio")
    row = summary_of_findings([("Death", fit, mcid, None, risk)]).to_frame().iloc[0]
    assert row["absolute"] == approx(expected, abs=1e-6)


def test_the_handbook_s_worked_examples():
    """Handbook 5.1, 12.5.4.2-3 (now 15.4.4): at 300 per 1000 RR 0.92 is 24, OR 0.73 62 fewer."""
    mcid = bps.MCID(0.1, unit="log ratio")
    for measure, ratio, risk, fewer in (("RR", 0.92, 0.3, 24), ("OR", 0.73, 0.3, 62)):
        fit = common(made(np.log([ratio] * 2), [0.01] * 2, measure=measure, unit="log ratio"))
        page = summary_of_findings([("Death", fit, mcid, None, risk)]).to_html()
        assert f"{fewer} fewer (" in page


def test_absolute_effect_keeps_the_quantiles_and_the_sign():
    mcid = bps.MCID(float(np.log(1.25)), unit="log odds ratio")
    fit = common(odds())
    table = summary_of_findings([("Death", fit, mcid, None, 0.2, 900)])
    row = table.to_frame().iloc[0]
    low, high = np.array(fit.average().interval())
    assert row["relative_lower"] == approx(np.exp(low))
    assert row["absolute_upper"] == approx(1000 * (expit(logit(0.2) + high) - 0.2), abs=1e-6)
    assert row["absolute_unit"] == "events per 1000" and row["n"] == 900
    page = table.to_html()
    assert "fewer) per 1000, at 200 per 1000 without treatment" in page
    assert "odds ratio 0.5" in page


def test_a_baseline_risk_may_be_a_distribution():
    mcid = bps.MCID(0.2, unit="log odds ratio")
    risk = priors.uniform(0.1, 0.3)
    table = summary_of_findings([("Death", common(odds()), mcid, None, risk)])
    found = bps.absolute_risk(common(odds()), risk).difference[0]
    row = table.to_frame().iloc[0]
    assert (row["absolute"], row["absolute_lower"]) == (found.median, found.lower)
    assert "at a risk of uniform(" in table.to_html()
    assert str(row["baseline_risk"]).startswith("uniform(")


def test_an_uncertain_mcid_is_integrated_over():
    mcid = bps.MCID((3, 9), unit="points (0-100)")
    fit = common(PAIN)
    row = summary_of_findings([("Pain", fit, mcid)]).to_frame().iloc[0]
    p = [float(fit.average().cdf(-x)) for x in (3, 9)]
    assert row["p_important_benefit"] == approx(sum(p) / 2, abs=1e-12)
    assert "read off MCID" in row["notes"]


def test_a_risk_difference_is_per_1000_as_it_is():
    effects = made([-0.02, -0.03], [0.01, 0.01], measure="RD", unit="risk difference")
    mcid = bps.MCID(0.01, unit="risk difference")
    row = summary_of_findings([("Falls", common(effects), mcid)]).to_frame().iloc[0]
    assert row["absolute"] == approx(-25) and row["absolute_unit"] == "events per 1000"


def test_a_ratio_without_a_baseline_risk_says_so():
    mcid = bps.MCID(0.2, unit="log odds ratio")
    table = summary_of_findings([("Death", common(odds()), mcid)])
    assert np.isnan(table.to_frame()["absolute"][0])
    assert "not given: no baseline risk" in table.to_html()
    assert "baseline_risk" in table.findings[0].notes[-1]


@pytest.mark.parametrize(
    ("mean", "crossed", "target", "levels"),
    [
        (-9.0, (), "important benefit", 0),
        (-6.0, ("+MCID",), "important benefit", 1),
        (-1.0, ("0",), "trivial", 0),
        (9.0, (), "important harm", 0),
        (6.0, ("−MCID",), "important harm", 1),
    ],
)
def test_which_thresholds_the_interval_crosses(mean, crossed, target, levels):
    """The interval is mean ± 1.96 points; lower is better, so that −5 points is +MCID."""
    fit = common(made([mean, mean], [2**0.5, 2**0.5]))
    certain = summary_of_findings([("Pain", fit, MCID)]).findings[0].certainty
    assert certain.mean[0].crossed == crossed
    assert certain.target == target and certain.levels[0] == levels


def test_both_thresholds_crossed_is_two_levels_and_the_confidence_interval_is_beside():
    fit = fitted(made([-9.0, 9.0], [5, 5]))
    found = summary_of_findings([("Pain", fit, MCID)]).findings[0].certainty
    assert found.levels == (2, 2)
    assert found.mean[1].interval == "95% confidence interval"
    reml = bps.baseline(fit.effects)
    assert (found.mean[1].lower, found.mean[1].upper) == (reml.lower, reml.upper)
    assert found.i2 == reml.i2
    assert "two levels or more" in str(found)


def test_inconsistency_holds_tau_and_what_only_the_prediction_interval_crosses():
    fit = fitted()
    found = summary_of_findings([pain_row()]).findings[0].certainty
    assert found.tau == (fit.marginal("tau").median, *fit.marginal("tau").interval())
    assert (found.prediction.lower, found.prediction.upper) == fit.predictive().interval()
    assert "prediction interval" in found.inconsistency
    for page in (summary_of_findings([pain_row()]).to_html(),):
        assert "the panel decides" in page and "10.1016/j.jclinepi.2022.07.014" in page


def test_the_prediction_interval_of_ratios_is_told_in_ratios():
    fit = fitted(odds(), RandomEffects(priors.flat(), priors.half_normal(0.5)))
    mcid = bps.MCID(0.8, unit="ratio").on_log_scale(fit.effects)
    found = summary_of_findings([("Death", fit, mcid)]).findings[0].certainty
    low, high = np.exp(fit.predictive().interval())
    assert f"95% prediction interval {low:.3g} to {high:.3g}," in found.inconsistency
    assert "on the log scale" in found.inconsistency


def test_participants_are_the_sum_of_the_arms_if_all_are_known():
    data = pd.DataFrame({"n_t": [10.0] * 8, "n_c": [12.0] * 8})
    with_n = fitted(PAIN.with_data(data))
    assert summary_of_findings([("Pain", with_n, MCID)]).findings[0].n == 176
    data.loc[3, "n_c"] = np.nan
    unknown = summary_of_findings([("Pain", fitted(PAIN.with_data(data)), MCID)])
    assert unknown.findings[0].n is None and "not given" in unknown.to_html()


def test_draws_come_with_their_monte_carlo_error():
    table = summary_of_findings([("Pain", sampled(fitted()), MCID)])
    assert table.to_frame()["mcse"][0] > 0 and "MCSE" in table.to_html()
    assert summary_of_findings([pain_row()]).to_frame()["mcse"][0] == 0


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@a", "\t=1", " =1", "＝1", "\n=1", "\r1"])
def test_no_text_is_a_formula(start):
    assert no_formula(start) == f"'{start}"


def test_csv_holds_numbers_as_numbers_and_names_as_text(tmp_path):
    table = summary_of_findings([pain_row(outcome=EVIL)])
    text = table.to_csv(tmp_path / "findings.csv")
    assert (tmp_path / "findings.csv").read_text() == text
    row = next(csv.DictReader(io.StringIO(text)))
    assert row["outcome"] == f"'{EVIL}"
    assert float(row["median"]) == table.to_frame()["median"][0] < 0
    assert row["n"] == ""


def test_html_shows_markup_and_runs_none():
    page = Cells(summary_of_findings([pain_row(outcome=EVIL)]).to_html())
    assert EVIL in page.texts
    assert "script" not in dict(page.tags)
    assert all("scope" in attrs for tag, attrs in page.tags if tag == "th")
    assert "caption" in dict(page.tags)
    assert "row" in [attrs["scope"] for tag, attrs in page.tags if tag == "th"]


def test_html_in_a_file_is_a_page_of_its_own(tmp_path):
    table = summary_of_findings([pain_row(outcome=EVIL)])
    text = table.to_html(tmp_path / "findings.html")
    assert (tmp_path / "findings.html").read_text(encoding="utf-8") == text
    assert text.startswith("<!DOCTYPE html>") and '<meta charset="utf-8">' in text
    assert "default-src 'none'" in text and "url(" not in text
    page = Cells(text)
    assert EVIL in page.texts and "script" not in dict(page.tags)
    assert table.to_html().strip() in text


def test_latex_escapes_what_it_would_run():
    assert latex(r"5 % \input{x} $a_1^2$ & #~") == (
        r"5 \% \textbackslash{}input\{x\} \$a\_1\textasciicircum{}2\$ \& \#\textasciitilde{}"
    )
    text = summary_of_findings([pain_row(outcome=EVIL)]).to_latex()
    assert r"\begin{tabularx}" in text and "<script>" not in text
    body = text.split(r"\midrule")[1].split(r"\bottomrule")[0]
    assert body.replace(r"\&", "").count("&") == 8


def test_word_holds_the_same_cells(tmp_path):
    from docx import Document

    table = summary_of_findings([pain_row(outcome=EVIL + "\x01"), pain_row(outcome="Function")])
    path = table.to_word(tmp_path / "findings.docx")
    assert zipfile.ZipFile(path).testzip() is None
    document = Document(str(path))
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert cells[1][0] == EVIL + "\ufffd" and cells[2][0] == "Function"
    assert len(cells) == 3 and len(cells[0]) == 9
    assert any("panel decides" in each.text for each in document.paragraphs)


def test_nothing_is_overwritten_unless_forced_and_nothing_half_is_left(tmp_path, monkeypatch):
    path = tmp_path / "findings.csv"
    table = summary_of_findings([pain_row()])
    table.to_csv(path)
    with pytest.raises(BayesPSError, match="force=True"):
        table.to_csv(path)
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BayesPSError, match="No space left"):
        place_file(path, b"new", force=True)
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["findings.csv"]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(BayesPSError, match="mkdir"):
        summary_of_findings([pain_row()]).to_word(tmp_path / "no" / "findings.docx")


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("", fitted(), MCID)],
        [pain_row(), pain_row()],
        [("Pain",)],
        [pain_row(n=3)],
        ["Pain"],
    ],
)
def test_rows_that_are_none(rows):
    with pytest.raises(BayesPSError):
        summary_of_findings(rows)


def test_units_and_risks_must_fit():
    with pytest.raises(UnitError):
        summary_of_findings([pain_row(mcid=bps.MCID(5, unit="SD units"))])
    with pytest.raises(UnitError, match="responders"):
        summary_of_findings([pain_row(baseline_risk=0.2)])
    mcid = bps.MCID(0.2, unit="log odds ratio")
    for risk in (0, 1, float("nan"), 20):
        with pytest.raises(BayesPSError, match="lie in"):
            summary_of_findings([("Death", common(odds()), mcid, None, risk)])


def test_a_regression_has_no_one_mean_effect():
    effects = PAIN.with_data(pd.DataFrame({"dose": range(8)}))
    tau = priors.half_normal(5)
    model = MetaRegression(moderators=("dose",), beta=priors.normal(0, 10), tau=tau)
    with pytest.raises(BayesPSError):
        summary_of_findings([("Pain", bps.fit(model, effects), MCID)])


def test_it_prints_a_sentence():
    said = str(summary_of_findings([pain_row()]))
    median = fitted().average().median
    assert said.startswith(f"Pain, 8 studies: mean effect {median:.2f} (")
    assert "important benefit 0.888, trivial 0.112, important harm < 0.001" in said
