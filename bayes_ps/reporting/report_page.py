"""`write_report`: one self-contained HTML file that a reviewer can read, check and reproduce."""

from __future__ import annotations

from pathlib import Path

from bayes_ps import __version__, words
from bayes_ps.baseline import Baseline, PooledCounts
from bayes_ps.checks import BayesPSError
from bayes_ps.decision import MCID
from bayes_ps.doctor import Report
from bayes_ps.posterior import Fit
from bayes_ps.reporting import (
    data_section,
    model_sections,
    paragraphs,
    reproduction,
    result_sections,
    robustness_sections,
)
from bayes_ps.reporting.blocks import Section
from bayes_ps.reporting.items_answered import checklist
from bayes_ps.reporting.material import Material, gathered
from bayes_ps.reporting.natural_scale import shown, unit_shown
from bayes_ps.reporting.pages import rendered
from bayes_ps.reporting.pictures import figures
from bayes_ps.reporting.placing import checked_place, place_file
from bayes_ps.reporting.works import references


def write_report(
    path: str | Path,
    fit: Fit,
    *,
    mcid: MCID | None = None,
    baseline: Baseline | PooledCounts | None = None,
    doctor: Report | None = None,
    title: str = "",
    force: bool = False,
) -> Path:
    """Write the report of a fit: one HTML file without scripts, fonts or pictures from elsewhere.

    Parameters
    ----------
    path : of the file; its folder must exist.
    fit : by either engine, of a model with one mean effect.
    mcid : in the unit of the effects; without it the report speaks of any benefit only.
    baseline : the review's own pooled result; REML with Hartung-Knapp's interval if None.
    doctor : of :func:`bayes_ps.examine`, to show its findings.
    title : the question in a line, as in ``"Exercise for knee pain"``.
    force : replace a file that is there.

    Returns
    -------
    Path
        Of the file. It is written beside its place and renamed: a failed run leaves nothing.

    Raises
    ------
    BayesPSError
        If the file is there already, or cannot be written.
    ModelError, UnitError
        If the model has moderators, or the MCID is in another unit.

    Notes
    -----
    Sections follow BARG, Kruschke 2021, doi:10.1038/s41562-021-01177-7, each with the items of
    PRISMA 2020, doi:10.1136/bmj.n71, that it answers; the last section lists what is not
    answered. Tests: ``tests/unit/test_reporting.py``.
    """
    place = checked_place(path, force=force)
    if not isinstance(fit, Fit):
        raise BayesPSError("A report is of a fit: write_report(path, bps.fit(model, effects)).")
    material = gathered(fit, mcid, baseline, title=title.strip(), doctor=doctor)
    return place_file(place, page(material).encode(), force=force)


def page(m: Material) -> str:
    """The report as HTML."""
    sections = sections_of(m)
    values = {
        "title": m.title or "Bayesian meta-analysis",
        "summary": summary(m),
        "remarks": remarks(m),
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
        result_sections.decision(m),
        figures(m),
        robustness_sections.other_priors(m),
        robustness_sections.one_fewer(m),
        paragraphs.ready_to_paste(m),
        reproduction.reproduce(m),
        checklist(m),
    ]
    return [*made, references(made)]


def summary(m: Material) -> list[tuple[str, str]]:
    """The few numbers at the top."""
    average, effects = m.fit.average(), m.effects
    found = [
        (
            f"Mean effect, {unit_shown(effects)}",
            shown(effects, average.median, *average.interval()),
        )
    ]
    if m.fit.has_tau:
        new = m.fit.predictive()
        found.append(("A new setting", shown(effects, new.median, *new.interval())))
    if m.decision is not None:
        for name, each in (("mean effect", m.decision.mean), ("new setting", m.decision.new)):
            found.append((f"P({name} beyond the MCID)", words.probability(each.p_mcid)))
        found.append(("P(trivial mean effect)", words.probability(m.decision.mean.p_trivial)))
        found.append(("P(mean harm beyond it)", words.probability(m.decision.mean.p_harm)))
    return [*found, ("Studies", str(m.fit.k))]


def remarks(m: Material) -> list[str]:
    """What must be read together with the numbers at the top."""
    said = list(m.fit.warnings) if m.decision is None else list(m.decision.notes)
    if m.doctor is not None and len(m.doctor):
        said.append(f"The data doctor has {len(m.doctor)} findings to be looked up: see Data.")
    return said
