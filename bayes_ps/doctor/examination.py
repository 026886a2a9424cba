"""`examine`: what is wrong in a table of studies, before it becomes a headline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bayes_ps.checks import StudyTableError
from bayes_ps.doctor.change import contradicting_changes
from bayes_ps.doctor.clusters import counted_as_people
from bayes_ps.doctor.copies import altered_copies
from bayes_ps.doctor.counts import growing_arms, impossible_counts
from bayes_ps.doctor.decimal_slip import slipped_points
from bayes_ps.doctor.finding import LEVELS
from bayes_ps.doctor.grim import impossible_means
from bayes_ps.doctor.imbalance import baseline_imbalance
from bayes_ps.doctor.interval import intervals
from bayes_ps.doctor.limits import outside_the_range
from bayes_ps.doctor.outlying import far_effects
from bayes_ps.doctor.p_value import contradicting_p
from bayes_ps.doctor.published import against_published
from bayes_ps.doctor.repeats import repeated_people
from bayes_ps.doctor.report import Report
from bayes_ps.doctor.spread import no_spread
from bayes_ps.doctor.standard_error import errors_for_deviations
from bayes_ps.doctor.table import Table
from bayes_ps.doctor.units import mixed_units
from bayes_ps.doctor.wording import words_for_numbers

if TYPE_CHECKING:
    import pandas as pd

RULES = (
    words_for_numbers,
    slipped_points,
    outside_the_range,
    impossible_counts,
    no_spread,
    errors_for_deviations,
    mixed_units,
    against_published,
    intervals,
    contradicting_p,
    repeated_people,
    altered_copies,
    contradicting_changes,
    growing_arms,
    impossible_means,
    baseline_imbalance,
    counted_as_people,
)
LAST = (far_effects,)  # asked of rows in whose means and SDs nothing else was found


def examine(
    studies: pd.DataFrame,
    *,
    measure: str | None = None,
    r: float | None = None,
    icc: float | None = None,
) -> Report:
    """Look for what is wrong in a table of studies; nothing in it is changed.

    Parameters
    ----------
    studies : a table with the columns of :func:`bayes_ps.read_studies`; every column is
        optional but `study`. Rules look at what there is.
    measure : the measure of all rows, such as ``"MD"``; left out, it is that of the column
        `measure`, or "MD" where the published effects are differences of the means. Rows of mean
        differences are in one unit, so their SDs are compared.
    r : correlation between baseline and follow-up at which SDs of change are judged.
    icc : intracluster correlation at which rows with a `cluster_size` are judged.

    Returns
    -------
    Report
        Findings, the most certain first. ``print(report)`` reads; ``report.to_frame()`` is a row
        a finding. "certain" is a contradiction within the row, "likely" hardly an honest row,
        "look" unusual. Each finding has the Python that mends it.

    Raises
    ------
    StudyTableError
        If there is no column `study`, or r or icc are not correlations.

    Notes
    -----
    One rule a file in ``bayes_ps/doctor``, each with its thresholds. Test:
    ``tests/golden/test_doctor_on_reviews.py`` holds what it finds in eleven published data sets.
    """
    if "study" not in studies:
        raise StudyTableError(
            f'The table has no column "study". It has: {", ".join(map(str, studies))}. '
            f'Rename it: studies.rename(columns={{"your name": "study"}}).'
        )
    for name, value in (("r", r), ("icc", icc)):
        if value is not None and not -1 <= value <= 1:
            raise StudyTableError(f"{name} is a correlation, between -1 and 1, but is {value:g}.")
    table = Table(studies, measure=measure, r=r, icc=icc)
    with np.errstate(all="ignore"):  # a gap or a 0 makes a NaN, and no rule holds for a NaN
        found = [each for rule in RULES for each in rule(table)]
        known = {each.row for each in found if "mean_" in each.column or "sd_" in each.column}
        found += [each for rule in LAST for each in rule(table) if each.row not in known]
    found.sort(key=lambda each: (LEVELS.index(each.sure), each.row))
    return Report(tuple(found), len(studies), str(getattr(studies, "source", "") or ""))
