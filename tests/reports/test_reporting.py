"""The report: what it answers where, that nothing in it runs, and that it appears whole or not."""

import os
import re
from itertools import pairwise
from pathlib import Path

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")

import matplotlib.pyplot as plt

import bayes_ps as bps
from bayes_ps import words
from bayes_ps.checks import BayesPSError, ModelError, UnitError
from bayes_ps.plots import plot_prior_posterior
from bayes_ps.reporting import pictures, report_page, write_report
from bayes_ps.reporting.blocks import Section
from bayes_ps.reporting.material import data_text
from bayes_ps.reporting.paragraphs import results_text
from bayes_ps.reporting.works import dois
from models import CommonEffect, MetaRegression, priors
from tests.reports.making import EVIL, MCID, SOURCED, Page, material
from tests.unit.making import PAIN, fitted, made, sampled


@pytest.fixture(scope="module")
def whole():
    """A report of eight studies of pain, and what it was made of."""
    m = material(title="Pain")
    text = report_page.page(m)
    return m, text, Page(text)


@pytest.fixture(scope="module")
def sections(whole):
    return {each.key: each for each in report_page.sections_of(whole[0])}


def test_it_is_one_small_file_that_asks_for_nothing_even_of_60_studies(tmp_path):
    before, backend = plt.get_fignums(), plt.get_backend()
    rng = np.random.default_rng(1)
    names = [f"A rather long name of a study group, {1990 + i % 30} ({i})" for i in range(60)]
    effects = made(rng.normal(-6, 5, 60), rng.uniform(1.5, 6, 60), study=names)
    path = write_report(tmp_path / "report.html", fitted(effects), mcid=MCID)
    assert plt.get_fignums() == before and plt.get_backend() == backend
    text = path.read_text()
    assert path.stat().st_size < 2_000_000 and os.listdir(tmp_path) == ["report.html"]
    page = Page(text)
    assert not page.all("script") and not page.all("link") and not page.all("iframe")
    assert all(each["src"].startswith("data:image/png;base64,") for each in page.all("img"))
    assert "url(" not in text and "@import" not in text
    assert "default-src 'none'" in text


def test_a_reader_without_sight_finds_the_way(whole):
    _, text, page = whole
    assert page.all("html") == [{"lang": "en"}] and text.startswith("<!DOCTYPE html>")
    for landmark in ("header", "nav", "main", "footer", "h1", "title"):
        assert len(page.all(landmark)) == 1
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(len(each["alt"]) > 40 for each in page.all("img"))
    assert len(page.all("caption")) == len(page.all("table")) > 5
    assert all(each["scope"] in ("row", "col") for each in page.all("th"))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in page.tags:
        if attrs.get("href", "").startswith("#"):
            assert attrs["href"][1:] in ids
        if "aria-labelledby" in attrs:
            assert attrs["aria-labelledby"] in ids


def test_sections_stand_in_the_order_of_barg(sections):
    assert list(sections) == [
        "question", "data", "model", "priors", "computation", "baseline", "posterior", "decision",
        "scale", "patients", "figures", "robustness", "paragraphs", "reproduce", "items",
        "references",
    ]  # fmt: skip


@pytest.fixture
def undrawn(monkeypatch):
    """Without figures, which take most of the time."""
    monkeypatch.setattr(report_page, "figures", lambda m: Section("figures", "Figures", "", ()))


# What shared/field/reporting.md asks for, and a text that must stand in the section named.
ANSWERED = {
    "why Bayesian, goals": ("question", "Bayesian, because"),
    "likelihood, all parameters": ("model", "yᵢ ~ N(θᵢ, seᵢ²)"),
    "priors justified": ("priors", "Röver 2021, doi:10.1002/jrsm.1475"),
    "prior predictive check": ("priors", "Prior predictive check of tau"),
    "software and versions": ("reproduce", "numpy"),
    "convergence and ESS": ("computation", "Exact engine: nothing was sampled"),
    "posterior predictive check": ("computation", "Posterior predictive check of Q"),
    "posterior with intervals": ("posterior", "Mean effect (mu)"),
    "decision limits": ("decision", "MCID 5 points (0-100)"),
    "sensitivity to broad and sceptical priors": ("robustness", "sceptical"),
    "sensitivity of decisions": ("robustness", "Cut-offs reached by the mean effect"),
    "script": ("reproduce", "bps.fit("),
    "seed": ("reproduce", "Seed"),
    "PRISMA 13f, leave one out": ("robustness", "Without each study"),
    "PRISMA 14, reporting bias": ("baseline", "Small-study effects"),
    "PRISMA 15, certainty": ("decision", "the panel decides"),
    "PRISMA 19, each study": ("data", "Standard error"),
    "Cochrane, DL/Wald": ("baseline", "random effects, DL/Wald"),
    "Cochrane, REML/HKSJ": ("baseline", "random effects, REML/HKSJ"),
    "Cochrane, Q-profile": ("baseline", "Q-profile"),
    "Cochrane, prediction interval": ("baseline", "prediction, REML/HKSJ"),
    "GRADE 34, thresholds": ("decision", "10.1016/j.jclinepi.2022.07.014"),
    "share of settings": ("decision", "the share of settings beyond it"),
    "quantities kept apart": ("decision", "never to be mixed up"),
    "no patients": ("patients", "how many patients benefit"),
    "MID units": ("scale", "MID units are the effect divided by the MCID"),
    "verdict": ("robustness", "Fragile: P(mean effect"),
    "MCID kind caveat": ("decision", "derived from changes within patients"),
    "MCID source": ("decision", "doi:10.1000/mcid"),
    "three thresholds": ("decision", "2 × MCID"),
    "direction": ("decision", "lower is better"),
    "any benefit, trivial, harm": ("decision", "Harm beyond the MCID"),
    "targets x priors x cut-offs": ("robustness", "enthusiastic"),
    "methods": ("paragraphs", "We pooled 8 studies"),
    "results": ("paragraphs", "The mean effect was"),
    "metafor": ("reproduce", "rma(yi, sei = sei"),
    "bayesmeta": ("reproduce", "dhalfnormal(t, scale = 5.0)"),
    "references": ("references", "Kruschke"),
}  # fmt: skip


@pytest.mark.parametrize("asked", ANSWERED)
def test_what_the_guidelines_ask_is_answered_where_it_says(sections, asked):
    key, text = ANSWERED[asked]
    assert text in " ".join(sections[key].words())


def test_the_numbers_are_those_of_the_fit(whole):
    m, _, page = whole
    fit = m.fit
    decided = bps.decide(fit, MCID)
    average = fit.average()
    assert words.interval(average.median, *average.interval()) in page.text
    assert words.probability(decided.new.p_mcid) in results_text(m)
    assert f"{decided.share.median:.1%}" in page.text
    reml = bps.baseline(fit.effects)
    assert words.interval(reml.mu, reml.lower, reml.upper) in results_text(m)
    assert [v.kind for v in m.robust.variants].count("priors") == 11
    assert m.robust.variants[0].median == average.median


@pytest.mark.usefixtures("undrawn")
def test_a_name_is_shown_and_never_run():
    study = [EVIL, "=1+1", "C\nD", *"EFGHI"]
    m = material(fitted(made(PAIN.y, PAIN.se, study=study), SOURCED), title=EVIL)
    page = Page(report_page.page(m))
    assert not page.all("script") and not any("onerror" in attrs for _, attrs in page.tags)
    assert EVIL in page.text and "=1+1" in page.texts
    assert page.texts.count(EVIL) >= 2  # in the title as it is, not 49


def test_the_hash_is_of_every_digit():
    nearly = made(np.nextafter(PAIN.y, 0), PAIN.se)
    assert material().data_hash != material(fitted(nearly)).data_hash
    assert data_text(PAIN).splitlines()[1] == "A,-12.0,4.0"


def test_dois_are_found_whole():
    text = "DL (doi:10.1016/0197-2456(86)90046-2); see 10.1002/sim.8057). [10.18637/jss.v093.i06]"
    assert dois(text) == [
        "10.1016/0197-2456(86)90046-2",
        "10.1002/sim.8057",
        "10.18637/jss.v093.i06",
    ]


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    "fit",
    [
        fitted(made([-3.0], [1.5]), SOURCED),
        fitted(made([-3.0, -9.0], [1.5, 2]), SOURCED),
        fitted(model=CommonEffect(mu=priors.normal(0, 10))),
        fitted(made([-3.0, -9.0], [1.5, 2], V=[[2.25, 1], [1, 4]]), SOURCED),
        fitted(made([-0.5, -0.2, 0.1], [0.2] * 3, measure="OR", unit="log odds ratio"), SOURCED),
    ],
    ids=["one", "two", "common", "V", "ratio"],
)
def test_it_is_written_for_few_studies_and_other_models(fit):
    mcid = bps.MCID(0.3 if fit.effects.measure == "OR" else 5, unit=fit.effects.unit)
    page = Page(report_page.page(material(fit, mcid)))
    assert not re.search(r"\bnan\b|\bNone\b(?! of them)", page.text)
    if fit.effects.measure == "OR":
        assert "1 × MCID: 0.741" in page.text  # exp(−0.3)


@pytest.mark.usefixtures("undrawn")
def test_draws_come_with_diagnostics_a_certificate_and_errors():
    page = Page(report_page.page(material(sampled(fitted(model=SOURCED))))).text
    assert "Certificate passed" in page and "Bulk ESS" in page and "MCSE" in page
    assert 'engine="nuts"' in page


@pytest.mark.usefixtures("undrawn")
def test_without_an_mcid_nothing_is_said_of_what_matters():
    page = Page(report_page.page(material(mcids=()))).text
    assert "No MCID was given" in page and "sceptical mu" not in page
    assert "Reportable: directional." in page
    assert "P(mean effect beyond the MCID)" not in page


@pytest.mark.usefixtures("undrawn")
def test_an_uncertain_mcid_is_integrated_over_and_fixed_where_it_must_be():
    mcid = bps.MCID((4, 6, 8), unit="points (0-100)")
    m = material(None, mcid)
    assert m.decision.mean == bps.decide(m.fit, mcid).mean
    page = Page(report_page.page(m)).text
    assert "97.5% quantile of the MCID" in page and str(m.fixed) in page


@pytest.mark.usefixtures("undrawn")
def test_findings_of_the_doctor_are_shown():
    studies = bps.read_cochrane("tests/data/cochrane/CD001703-pub4-data-rows.csv")
    number = str(studies["analysis"].iloc[0])
    doctor = bps.examine(studies[studies["analysis"] == number])
    page = Page(report_page.page(material(doctor=doctor))).text
    assert f"{doctor.rows} rows and has {len(doctor)} findings" in page
    assert all(each.why[:40] in page for each in doctor)


def test_a_figure_that_is_too_large_is_drawn_coarser():
    fine, coarse = (
        pictures.drawn("", lambda: plot_prior_posterior(material().fit), most)
        for most in (1_000_000, 1)
    )
    assert coarse.width == pytest.approx(fine.width * 60 / 150, rel=0.02)


@pytest.mark.usefixtures("undrawn")
def test_an_existing_file_stays_unless_forced(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("mine")
    with pytest.raises(BayesPSError, match="force=True"):
        write_report(path, fitted())
    assert path.read_text() == "mine"
    write_report(path, fitted(), force=True)
    assert path.read_text().startswith("<!DOCTYPE html>")


@pytest.mark.usefixtures("undrawn")
def test_a_failed_run_leaves_nothing(tmp_path, monkeypatch):
    with pytest.raises(UnitError):
        write_report(tmp_path / "a.html", fitted(), mcid=bps.MCID(1, unit="SD units"))

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        write_report(tmp_path / "b.html", fitted())
    assert os.listdir(tmp_path) == []


def test_what_has_no_one_mean_effect_is_refused(tmp_path):
    import pandas as pd

    effects = PAIN.with_data(pd.DataFrame({"dose": range(8)}))
    tau = priors.half_normal(5)
    model = MetaRegression(moderators=("dose",), beta=priors.normal(0, 10), tau=tau)
    with pytest.raises(ModelError, match="moderators"):
        write_report(tmp_path / "report.html", bps.fit(model, effects))
    with pytest.raises(BayesPSError, match="of a fit"):
        write_report(tmp_path / "report.html", "fit")


def luminance(colour):
    """WCAG 2.2, relative luminance of #rrggbb or #rgb."""
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * d for d in digits)
    parts = np.array([int(digits[i : i + 2], 16) for i in (0, 2, 4)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_every_text_stands_out_from_what_is_behind_it():
    css = (Path(report_page.__file__).parent / "templates" / "report.css").read_text()
    names = dict(re.findall(r"--(\w+): (#\w+)", css))
    behind = {*re.findall(r"background: (#\w+)", css), names["back"]}
    assert {"#fff", "#fff4e5", "#fdecec", "#fbdedb"} <= behind
    for text in (names["ink"], names["soft"], names["link"]):
        for back in behind:
            dark, light = sorted([luminance(text), luminance(back)])
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, back)
    assert set(re.findall(r"[^-]color: ([^;}]+)", css)) <= {
        "var(--ink)",
        "var(--soft)",
        "var(--link)",
    }
