"""`effect_sizes`: from a table of studies to effects on one scale."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np

from bayes_ps import checks
from bayes_ps.checks import StudyTableError
from bayes_ps.effects.effects import Direction, Effects
from bayes_ps.effects.mean_difference import MD
from bayes_ps.effects.measure import Arms, Measure
from bayes_ps.effects.standardised_mean_difference import SMD

if TYPE_CHECKING:
    import pandas as pd

MEASURES = {measure.code: measure for measure in (MD, SMD)}
ARM_COLUMNS = ("n_t", "mean_t", "sd_t", "n_c", "mean_c", "sd_c")
PRECISION_COLUMNS = ("se", "ci_low", "ci_high", "p")


def effect_sizes(
    table: pd.DataFrame | str | PathLike[str],
    *,
    measure: str,
    better: Direction,
    unit: str | None = None,
    variance: str = "LS",
    columns: Mapping[str, str] | None = None,
) -> Effects:
    """Effects from a table of arms, or of estimates with their precision.

    Parameters
    ----------
    table : a frame, or the path of a CSV file, a row a comparison. Columns `study` and
        `n_t, mean_t, sd_t, n_c, mean_c, sd_c`; or `study`, `estimate` and any of
        `se`, `ci_low` with `ci_high`, `p` (ratios on the log scale). Others are carried along
        into ``effects.data``.
    measure : ``"MD"`` or ``"SMD"`` from arms; any code for a table of estimates.
    better : ``"lower"`` or ``"higher"``: which direction of the outcome helps patients.
    unit : unit of the outcome, such as ``"points (0-100)"``; for SMD it is ``"SD units"``.
    variance : formula of the variance: ``"LS"`` (metafor's default) or ``"RevMan"``.
    columns : your names for ours, as in ``{"mean_t": "Experimental mean"}``.

    Returns
    -------
    Effects
        y = treated minus control; its formulas are named in ``effects.formulas``.

    Raises
    ------
    StudyTableError
        For a missing column, text or nothing where a number is needed, sd <= 0, n < 2.

    Notes
    -----
    Formulas: :mod:`bayes_ps.effects.mean_difference` and
    :mod:`bayes_ps.effects.standardised_mean_difference`.
    Golden values: ``tests/golden/test_metafor_escalc.py``.
    """
    import pandas as pd

    from bayes_ps.studies import read_studies

    frame = table if isinstance(table, pd.DataFrame) else read_studies(table)
    frame = _renamed(frame, columns or {})
    _need(frame, ("study",))
    study = checks.study_names(frame["study"])
    if set(ARM_COLUMNS) <= set(frame) or "estimate" not in frame:
        effects = _from_arms(frame, study, measure, variance, better=better, unit=unit)
    else:
        effects = _from_estimates(frame, study, measure, better=better, unit=unit)
    used = {"study", "estimate", *PRECISION_COLUMNS}
    return effects.with_data(frame[[c for c in frame if c not in used]])


def _from_arms(
    frame: pd.DataFrame,
    study: np.ndarray,
    measure: str,
    variance: str,
    *,
    better: Direction,
    unit: str | None,
) -> Effects:
    formula = _chosen(measure, variance)
    _need(frame, ARM_COLUMNS)
    arms = {name: checks.numbers(frame[name], name, study) for name in ARM_COLUMNS}
    mend = 'Fill it from the paper, or leave the study out: table[table["study"] != "…"].'
    for name, values in arms.items():
        checks.require(np.isfinite(values), values, name, "known", study=study, mend=mend)
    for name in ("n_t", "n_c"):
        checks.require(
            arms[name] >= 2, arms[name], name, "at least 2", study=study, mend="Look at the arm."
        )
    mend = "If the paper gives a standard error, sd = se * sqrt(n)."
    for name in ("sd_t", "sd_c"):
        checks.require(arms[name] > 0, arms[name], name, "> 0", study=study, mend=mend)
    y, se = formula.compute(Arms(**arms), variance)
    named = _unit(measure, unit)
    return Effects(study, y, se, measure, named, better, formulas=formula.variances[variance])


def _from_estimates(
    frame: pd.DataFrame, study: np.ndarray, measure: str, *, better: Direction, unit: str | None
) -> Effects:
    given = {name: frame[name] for name in PRECISION_COLUMNS if name in frame}
    if ("ci_low" in given) != ("ci_high" in given):
        raise StudyTableError('A confidence interval needs both "ci_low" and "ci_high".')
    ci = (given["ci_low"], given["ci_high"]) if "ci_low" in given else None
    return Effects.from_estimates(
        frame["estimate"],
        study=study,
        measure=measure,
        unit=_unit(measure, unit),
        better=better,
        se=given.get("se"),
        ci=ci,
        p=given.get("p"),
    )


def _unit(measure: str, unit: str | None) -> str:
    """The unit of the effects: some measures have their own."""
    own = MEASURES[measure].unit if measure in MEASURES else None
    if own is not None and unit not in (None, own):
        raise StudyTableError(f"A {measure} is in {own!r}, not in {unit!r}. Leave unit= out.")
    return own or unit or ""


def _chosen(measure: str, variance: str) -> Measure:
    if measure not in MEASURES:
        raise StudyTableError(
            f"measure must be one of {', '.join(MEASURES)} for a table of arms, "
            f"but is {measure!r}. For another measure compute y and se, then use "
            f"bps.Effects.from_estimates(...)."
        )
    formula = MEASURES[measure]
    if variance not in formula.variances:
        raise StudyTableError(
            f"variance must be one of {', '.join(formula.variances)} for {measure}, "
            f"but is {variance!r}."
        )
    return formula


def _renamed(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    for ours, theirs in columns.items():
        if theirs not in frame:
            raise StudyTableError(
                f"There is no column {theirs!r} to read {ours!r} from. Have: "
                f"{', '.join(map(str, frame))}."
            )
    kept = frame.drop(
        columns=[ours for ours in columns if ours in frame and ours not in columns.values()]
    )
    return kept.rename(columns={theirs: ours for ours, theirs in columns.items()})


def _need(frame: pd.DataFrame, names: tuple[str, ...]) -> None:
    missing = [name for name in names if name not in frame]
    if missing:
        raise StudyTableError(
            f"The table has no column {missing[0]!r}. It has: {', '.join(map(str, frame))}. "
            f'Name it with columns={{"{missing[0]}": "your name"}}.'
        )
