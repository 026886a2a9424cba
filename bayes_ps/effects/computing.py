"""y and se of every row: computed from what its groups reported, or as the paper states them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bayes_ps import checks
from bayes_ps.checks import Array, Names, StudyTableError
from bayes_ps.effects.column_rules import check_columns, numeric_column
from bayes_ps.effects.corrections import (
    Mask,
    check_correction,
    check_double_zeros,
    corrected,
    equal_arms,
)
from bayes_ps.effects.effects import Effects
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.reported import Form

if TYPE_CHECKING:
    import pandas as pd

PRECISION_COLUMNS = ("se", "ci_low", "ci_high", "p")


@dataclass(frozen=True)
class Choice:
    """How effects are computed: the measure, the columns that it reads, and the conventions."""

    measure: Measure
    form: Form
    variance: str
    correction: str
    double_zero: str


@dataclass(frozen=True, eq=False)
class Found:
    """Estimates of the rows of the table that were `kept` (a mask), and how, in words."""

    y: Array
    se: Array
    kept: Mask
    formulas: str


def form_of(frame: pd.DataFrame, measure: Measure) -> Form | None:
    """The first form of the measure whose columns the table has."""
    return next((form for form in measure.reads if set(form.columns) <= set(frame)), None)


def stated(frame: pd.DataFrame, measure: str) -> Found:
    """Estimates of the papers, with the standard error from the first of se, CI and P."""
    given = {name: frame[name] for name in PRECISION_COLUMNS if name in frame}
    if ("ci_low" in given) != ("ci_high" in given):
        raise StudyTableError('A confidence interval needs both "ci_low" and "ci_high".')
    effects = Effects.from_estimates(
        frame["estimate"],
        study=frame["study"],
        measure=measure,
        unit="any",
        better="lower",
        se=given.get("se"),
        ci=(given["ci_low"], given["ci_high"]) if "ci_low" in given else None,
        p=given.get("p"),
    )
    return Found(effects.y, effects.se, np.ones(len(frame), dtype=bool), effects.formulas)


def computed(frame: pd.DataFrame, study: Names, choice: Choice) -> Found:
    """By the formula; rows without any of its numbers, but with an estimate, as stated."""
    _check_variance(choice.measure, choice.variance)
    if "estimate" not in frame:
        return _by_formula(frame, study, choice, np.zeros(len(frame), dtype=bool))
    empty = frame[list(choice.form.columns)].isna().all(axis=1) & frame["estimate"].notna()
    rows = empty.to_numpy(dtype=bool)
    if rows.all():
        return stated(frame, choice.measure.code)
    ours = _by_formula(frame, study, choice, rows)
    return _with_stated(frame, rows, ours, choice.measure.code) if rows.any() else ours


def _by_formula(frame: pd.DataFrame, study: Names, choice: Choice, stated_rows: Mask) -> Found:
    """Estimates of the rows that are not in `stated_rows`."""
    measure, form = choice.measure, choice.form
    values = {name: numeric_column(frame, name, study) for name in form.columns}
    check_columns(values, form, measure, study, skip=stated_rows)
    data = form.of(values)
    check_correction(measure, data, choice.correction)
    informative, left_out = check_double_zeros(data, measure, study, double_zero=choice.double_zero)
    kept = informative & ~stated_rows
    if not kept.all():
        data = form.of({name: given[kept] for name, given in values.items()})
    y, se, added = _estimates(data, choice)
    _check_finite(y, se, choice, study=study, kept=kept)
    said = [measure.variances[choice.variance], added, left_out]
    if form.arms:
        said[0] += ", treated minus control"
    return Found(y, se, kept, "; ".join(part for part in said if part))


def _estimates(data: Any, choice: Choice) -> tuple[Array, Array, str]:
    cells, added = corrected(data, choice.measure, choice.correction)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        y, se = choice.measure.compute(cells, choice.variance)
    return np.where(equal_arms(data, choice.measure, choice.correction), 0.0, y), se, added


def _check_finite(y: Array, se: Array, choice: Choice, *, study: Names, kept: Mask) -> None:
    """Raise for a zero that was left as it is where the formula divides by it."""
    bad = np.flatnonzero(~(np.isfinite(y) & np.isfinite(se) & (se > 0)))
    if not bad.size:
        return
    where = checks.where(study, int(np.flatnonzero(kept)[bad[0]]))
    others = f" ({bad.size - 1} more like it)" if bad.size > 1 else ""
    if not choice.measure.corrected:
        raise StudyTableError(
            f"The {choice.measure.code} of {where}{others} is not finite: its numbers are too "
            f"large or too small. Look at the row, or leave the study out."
        )
    raise StudyTableError(
        f"The {choice.measure.code} of {where}{others} has no finite standard error: a cell is 0 "
        f'and correction={choice.correction!r} leaves it so. correction="metafor" adds ½; a model '
        f"of the counts needs none."
    )


def _with_stated(frame: pd.DataFrame, rows: Mask, ours: Found, measure: str) -> Found:
    """Computed estimates, and stated ones in `rows`, in the order of the table."""
    try:
        theirs = stated(frame[rows], measure)
    except StudyTableError as error:
        said = f"Among the {rows.sum()} rows that have an estimate only: {error}"
        raise StudyTableError(said) from None
    y, se = np.empty(rows.size), np.empty(rows.size)
    y[rows], se[rows] = theirs.y, theirs.se
    y[ours.kept], se[ours.kept] = ours.y, ours.se
    kept = rows | ours.kept
    said = f"{ours.formulas} ({ours.y.size}); {theirs.formulas}"
    return Found(y[kept], se[kept], kept, said)


def _check_variance(measure: Measure, variance: str) -> None:
    if variance not in measure.variances:
        raise StudyTableError(
            f"variance must be one of {', '.join(measure.variances)} for {measure.code}, "
            f"but is {variance!r}."
        )
