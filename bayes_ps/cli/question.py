"""What is asked: the effects of FILE, and what was stated, chosen or guessed on the way."""

from __future__ import annotations

import hashlib
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bayes_ps.checks import StudyTableError, UnitError
from bayes_ps.cli.completing import with_changes, with_sd_from_se
from bayes_ps.cli.reading import chosen, read

if TYPE_CHECKING:
    import pandas as pd

    from bayes_ps.doctor import Report
    from bayes_ps.effects import Effects
    from bayes_ps.reviews import Analysis


@dataclass(frozen=True, eq=False)
class Question:
    """The effects and where they come from.

    Attributes
    ----------
    effects : to be pooled.
    title : of the report.
    doctor : what `examine` found in the chosen rows.
    review : the analysis of a review, before any conversion; None for another file.
    source, sha256 : the file, its format, and the hash of its bytes.
    notes : what was guessed, computed or left out.
    assumptions : what was stated on the command line and decides the numbers.
    """

    effects: Effects
    title: str
    doctor: Report
    review: Analysis | None
    source: str
    sha256: str
    notes: tuple[str, ...]
    assumptions: tuple[str, ...]


def question_of(options: Namespace) -> Question:
    """Read FILE, choose its rows, examine them, and compute their effects.

    Raises
    ------
    StudyTableError, UnitError
        For what is missing or cannot be, with what mends it.
    """
    from bayes_ps.doctor import examine

    studies, of_review = read(options)
    rows = chosen(studies, options, review=of_review)
    doctor = examine(rows, measure=None if of_review else options.measure)
    notes = list(studies.notes)
    for asked, complete in (
        (options.sd_from_se, with_sd_from_se),
        (options.use_change, with_changes),
    ):
        if asked:
            rows, said = complete(rows)
            notes += said
    review = _of_review(rows, options) if of_review else None
    if review is not None:
        notes += _review_notes(review)
    effects = _of_table(rows, options) if review is None else review.effects
    effects, assumptions = _in_points(effects, options)
    return Question(
        effects=effects,
        title=options.title or _title(options, review),
        doctor=doctor,
        review=review,
        source=studies.source,
        sha256=hashlib.sha256(Path(options.file).read_bytes()).hexdigest(),
        notes=tuple(notes),
        assumptions=assumptions,
    )


def _title(options: Namespace, review: Analysis | None) -> str:
    """The outcome and subgroup as the review or the choice of rows names them, else the file."""
    asked = [each.partition("=")[2].strip() for each in options.where]
    chosen_by = [*asked, options.subgroup] if options.subgroup else asked
    named = [Path(options.file).stem] if review is None and not chosen_by else chosen_by
    return ", ".join(named if review is None else [review.outcome, *named])


def _of_review(rows: pd.DataFrame, options: Namespace) -> Analysis:
    from bayes_ps.reviews import analysis

    unit = {} if options.unit is None else {"unit": options.unit}
    return analysis(rows, options.analysis, better=options.better, measure=options.measure, **unit)


def _review_notes(review: Analysis) -> list[str]:
    notes = [] if review.stated else [f"Measure {review.measure}: told from the printed effects."]
    if review.within == "subgroup":
        notes.append(
            "The review totals each subgroup and not the whole, perhaps because the same people "
            "stand in several. To take one, name it by --subgroup."
        )
    if review.silent:
        notes.append(f"Without an effect, left out: {', '.join(review.silent)}.")
    return notes


def _of_table(rows: pd.DataFrame, options: Namespace) -> Effects:
    from bayes_ps.effects import MEASURES, effect_sizes

    if options.measure is None:
        raise StudyTableError(
            f"--measure is needed, such as --measure MD. Known: {', '.join(MEASURES)}."
        )
    known = MEASURES.get(options.measure)
    own = known is not None and (known.unit is not None or known.ratio)
    if options.unit is None and not own:
        raise UnitError(
            f"--unit is needed: what one unit of the {options.measure} is, such as --unit "
            f"'points (0-100)'."
        )
    return effect_sizes(
        rows,
        measure=options.measure,
        better=options.better,
        unit=options.unit,
        double_zero=options.double_zero,
    )


def _in_points(effects: Effects, options: Namespace) -> tuple[Effects, tuple[str, ...]]:
    """SMDs in points by the SD that was stated, and the sentence that says so."""
    if options.sd is None and options.points is None:
        return effects, ()
    if options.sd is None or options.points is None:
        raise UnitError(
            "SMDs become points by both: --sd 20 --points 'points (0-100)', the SD of the "
            "instrument in these patients and the unit of it."
        )
    from bayes_ps.effects.conversions import points_from_smd
    from bayes_ps.effects.stated_sd import assumed_sd

    source = options.sd_source or ""
    made = points_from_smd(effects, options.sd, unit=options.points, source=source)
    return made, (str(assumed_sd(made)),)
