"""`write_report`: one self-contained HTML file that a reviewer can read, check and reproduce."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bayes_ps import __version__
from bayes_ps.baseline import Baseline, PooledCounts
from bayes_ps.checks import BayesPSError
from bayes_ps.decision import MCID, AbsoluteRisk, Responders
from bayes_ps.doctor import Report
from bayes_ps.posterior import Fit
from bayes_ps.reporting import (
    at_a_glance,
    data_section,
    decision_section,
    model_sections,
    paragraphs,
    patients_section,
    reproduction,
    result_sections,
    robustness_section,
    scale_section,
)
from bayes_ps.reporting.blocks import Section
from bayes_ps.reporting.items_answered import checklist
from bayes_ps.reporting.material import Given, Material, gathered, listed_mcids
from bayes_ps.reporting.pages import rendered
from bayes_ps.reporting.pictures import figures
from bayes_ps.reporting.placing import checked_place, place_file
from bayes_ps.reporting.works import references


def write_report(
    path: str | Path,
    fit: Fit,
    *,
    mcid: MCID | Sequence[MCID] | None = None,
    baseline: Baseline | PooledCounts | None = None,
    doctor: Report | None = None,
    patients: Responders | AbsoluteRisk | None = None,
    title: str = "",
    force: bool = False,
) -> Path:
    """Write the report of a fit: one HTML file without scripts, fonts or pictures from elsewhere.

    Parameters
    ----------
    path : of the file; its folder must exist.
    fit : by either engine, of a model with one mean effect.
    mcid : in the unit of the effects, or a list: the first is the main one, the others are shown
        beside it; without one the report speaks of any benefit only.
    baseline : the review's own pooled result; REML with Hartung-Knapp's interval if None.
    doctor : of :func:`bayes_ps.examine`, to show its findings.
    patients : of :func:`bayes_ps.responders` or :func:`bayes_ps.absolute_risk` of the same fit.
    title : the question in a line, as in ``"Exercise for knee pain"``.
    force : replace a file that is there.

    Returns
    -------
    Path
        Of the file. It is written beside its place and renamed: a failed run leaves nothing.

    Raises
    ------
    BayesPSError
        If the file is there already, or cannot be written; for an MCID that is there twice.
    ModelError, UnitError
        If the model has moderators, or an MCID is in another unit.

    Notes
    -----
    Sections follow BARG, Kruschke 2021, doi:10.1038/s41562-021-01177-7, each with the items of
    PRISMA 2020, doi:10.1136/bmj.n71, that it answers; the last section lists what is not
    answered. Tests: ``tests/reports/test_reporting.py``.
    """
    place = checked_place(path, force=force)
    if not isinstance(fit, Fit):
        raise BayesPSError("A report is of a fit: write_report(path, bps.fit(model, effects)).")
    given = Given(listed_mcids(mcid), baseline, doctor, patients, title.strip())
    return place_file(place, page(gathered(fit, given)).encode(), force=force)


def page(m: Material) -> str:
    """The report as HTML."""
    sections = sections_of(m)
    values = {
        "title": m.title or "Bayesian meta-analysis",
        "gate": at_a_glance.gate(m),
        "summary": at_a_glance.summary(m),
        "beside": at_a_glance.beside(m),
        "remarks": at_a_glance.remarks(m),
        "sections": sections,
        "version": __version__,
    }
    return rendered("report.html", values)


def sections_of(m: Material) -> list[Section]:
    """In the order of BARG."""
    made = [
        data_section.question(m),
        data_section.data(m),
        model_sections.model(m),
        model_sections.priors(m),
        model_sections.computation(m),
        result_sections.baseline(m),
        result_sections.posterior(m),
        decision_section.decision(m),
        scale_section.familiar_scale(m),
        patients_section.patients(m),
        figures(m),
        robustness_section.robustness(m),
        paragraphs.ready_to_paste(m),
        reproduction.reproduce(m),
        checklist(m),
    ]
    return [*made, references(made)]
