"""``bayes-ps analyse``: from a file to a folder with the report, tables, figures and draws."""

from __future__ import annotations

import argparse
import time
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayes_ps.cli.analyse_options import add_analyse_options
from bayes_ps.cli.exit_codes import DONE, FOUND, MEANING
from bayes_ps.cli.speaking import Progress, answer, progress

if TYPE_CHECKING:
    from bayes_ps.cli.answers import Answers, Decided
    from bayes_ps.cli.question import Question

HELP = "analyse a file: report, tables, figures, posterior and results in one folder"
DESCRIPTION = """\
Pool the studies of FILE by an exact Bayesian random-effects model, decide how probable an effect
beyond the MCID is, look whether that decision flips, and write a folder:

  report.html          everything, with priors, methods, sources and code, in one file
  findings.csv         summary of findings, also .html, .tex and .docx (with an MCID)
  decision.csv         probabilities of the mean effect, a new setting and every study
  studies.csv          y, se, weights, and shrunken effects
  robustness.csv       the decision under other priors, models and without each study
  figures/             forest, MCID curve, decision, robustness, prior; alt texts in alt.txt
  posterior.nc         draws for ArviZ (or posterior.zarr)
  results.json         every number, for another program

The folder appears whole or not at all, and replaces nothing without --force."""
EXAMPLES = """\
examples, from the project's folder:
  bayes-ps analyse examples/data/chronic_back_pain_self_management.csv \\
    --where outcome="pain intensity" --use-change --measure SMD --better lower \\
    --mcid 0.2 --mcid-source "Cohen 1988: small" --mcid-kind "rule of thumb" --out back_pain
  bayes-ps analyse examples/data/CD004376-analyses-1.1-to-1.3.csv --analysis 1.1 \\
    --subgroup "A) Exercise vs attention control/placebo" --better lower \\
    --sd 20 --points "points (0-100)" --sd-source "assumed" --mcid 8 --mcid 10 \\
    --published-mcid 5 --out knee_pain

A prior is written as a call, numbers and quoted text only: --tau 'half_student_t(4, 0.5)',
--tau 'rhodes2015("other", "pain", "non-pharm")'. See bayes-ps priors and bayes-ps mcid.

"""


def add(commands: Any) -> None:
    """Make the command known."""
    parser = commands.add_parser(
        "analyse",
        help=HELP,
        description=DESCRIPTION,
        epilog=EXAMPLES + MEANING,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_analyse_options(parser)
    parser.set_defaults(run=run)


def run(options: Namespace) -> int:
    """Compute everything, then write it."""
    from bayes_ps.cli.posterior_file import checked_format
    from bayes_ps.cli.report_folder import checked_folder, whole_folder

    start = time.perf_counter()
    place = checked_folder(options.out, force=options.force)
    options.posterior = checked_format(options.posterior)
    with progress(quiet=options.quiet) as told:
        told.step(f"Reading {options.file}")
        from bayes_ps.cli.answers import answers_to
        from bayes_ps.cli.question import question_of

        question = question_of(options)
        for note in (*question.notes, *question.assumptions, *_doctor(question)):
            told.note(note)
        answers = answers_to(question, options, told)
        with whole_folder(place, force=options.force) as folder:
            _write(folder, question, answers, options=options, told=told)
        told.note(f"Done in {time.perf_counter() - start:.1f} s.")
    answer(_last_words(question, answers, place))
    return FOUND if answers.gate.status == "not reportable" else DONE


def _write(
    folder: Path, question: Question, answers: Answers, *, options: Namespace, told: Progress
) -> None:
    from bayes_ps.cli.figure_files import write_figures
    from bayes_ps.cli.posterior_file import write_posterior
    from bayes_ps.cli.results_file import write_results
    from bayes_ps.cli.tables import write_tables

    told.step("Writing tables and draws")
    write_tables(folder, question, answers, options)
    write_posterior(folder, answers.fit, options.posterior)
    told.step("Drawing figures")
    write_figures(folder / "figures", answers, options.figures, style=options.style)
    told.step("Writing the report")
    _report(folder / "report.html", question, answers)
    write_results(folder, question, answers, options)


def _report(path: Path, question: Question, answers: Answers) -> None:
    from bayes_ps.reporting import write_report

    write_report(
        path,
        answers.fit,
        mcid=list(answers.mcids) or None,
        baseline=answers.baseline,
        doctor=question.doctor,
        patients=answers.patients,
        title=question.title,
    )


def _doctor(question: Question) -> list[str]:
    found = len(question.doctor)
    if not found:
        return []
    return [
        f"The data doctor has {found} finding{'' if found == 1 else 's'} in these rows: they stand "
        f"in the report, and bayes-ps examine lists them."
    ]


def _last_words(question: Question, answers: Answers, place: Path) -> str:
    """The decision in a sentence an MCID, whether it may be reported, and where it all is."""
    effects = question.effects
    said = [f"{question.title}: {effects.k} {'study' if effects.k == 1 else 'studies'}."]
    if not answers.decided:
        said += [str(answers.fit).splitlines()[1], f"Reportable: {answers.gate.status}."]
    for each in answers.decided:
        said.append(str(each.decision).splitlines()[0])
        said.append(f"  {_stands(each)} Reportable: {each.gate.status}.")
    return "\n".join([*said, *question.assumptions, f"Report: {place / 'report.html'}"])


def _stands(each: Decided) -> str:
    """Whether the decision flips, in a few words: the report has the rest."""
    found = each.robustness
    others = len(found.variants) - 1 - len(found.failed)
    flips = f"flips in {len(found.flips)} of {others} other analyses"
    return f"{found.verdict.capitalize()}: the decision at {found.cut:g} {flips}."
