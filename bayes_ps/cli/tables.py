"""The tables of the folder: studies, decisions, robustness, and the summary of findings."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from bayes_ps.cli.answers import Answers, Decided, stated_risk
from bayes_ps.cli.mcid_options import shown
from bayes_ps.cli.question import Question
from bayes_ps.posterior import study_weights
from bayes_ps.reporting import OutcomeRow, summary_of_findings
from bayes_ps.reporting.cells import csv_text


def write_tables(folder: Path, question: Question, answers: Answers, options: Namespace) -> None:
    """CSV, in which no cell of text is a formula; the findings as HTML, LaTeX and Word too."""
    _csv(folder / "studies.csv", studies_of(answers))
    if not answers.decided:
        return
    _csv(folder / "decision.csv", decisions_of(answers))
    _csv(folder / "robustness.csv", robustness_of(answers))
    findings = summary_of_findings(_rows(question, answers, options))
    findings.to_csv(folder / "findings.csv")
    findings.to_html(folder / "findings.html")
    findings.to_latex(folder / "findings.tex")
    findings.to_word(folder / "findings.docx")


def studies_of(answers: Answers) -> pd.DataFrame:
    """A row a study: y and se, its weights in per cent, and its true effect, shrunken.

    `weight` is that of the baseline (REML); `weight_posterior` the posterior mean of the weight;
    `theta_*` the true effect: median and central 95 % interval.
    """
    fit, base = answers.fit, answers.baseline
    frame = pd.DataFrame({"study": fit.effects.study.astype(object)})
    frame["y"], frame["se"] = fit.effects.y, fit.effects.se
    frame["weight"] = 100.0 if base is None else base.weights
    frame["weight_posterior"] = study_weights(fit)
    shrunken = [fit.study(str(name)) for name in fit.effects.study]
    frame["theta_median"] = [theta.median for theta in shrunken]
    ends = [theta.interval(0.95) for theta in shrunken]
    frame["theta_lower"], frame["theta_upper"] = zip(*ends, strict=True)
    return frame


def decisions_of(answers: Answers) -> pd.DataFrame:
    """A row a target of each MCID: the mean effect, a new setting, every study."""
    return _by_mcid(answers, lambda each: each.decision.to_frame())


def robustness_of(answers: Answers) -> pd.DataFrame:
    """A row an analysis of each MCID."""
    return _by_mcid(answers, lambda each: each.robustness.to_frame())


def _by_mcid(answers: Answers, of: Callable[[Decided], pd.DataFrame]) -> pd.DataFrame:
    """The tables of all MCIDs below each other, with a first column that names the MCID."""
    tables = [of(each) for each in answers.decided]
    for table, each in zip(tables, answers.decided, strict=True):
        table.insert(0, "mcid", shown(each.mcid, answers.fit.effects))
    return pd.concat(tables, ignore_index=True)


def _rows(question: Question, answers: Answers, options: Namespace) -> list[OutcomeRow]:
    several = len(answers.decided) > 1
    effects, risk = answers.fit.effects, stated_risk(options)
    rows = []
    for each in answers.decided:
        name = f"{question.title} (MCID {shown(each.mcid, effects)})" if several else question.title
        rows.append(OutcomeRow(name, answers.fit, each.mcid, answers.baseline, risk))
    return rows


def _csv(path: Path, frame: pd.DataFrame) -> None:
    rows = frame.astype(object).itertuples(index=False, name=None)
    path.write_text(csv_text([*map(str, frame)], rows), encoding="utf-8")
