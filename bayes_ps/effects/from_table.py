"""`effect_sizes`: from a table of studies to effects on one scale."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np

from bayes_ps.checks import Array, StudyTableError
from bayes_ps.effects.computing import PRECISION_COLUMNS, Choice, Found, computed, form_of, stated
from bayes_ps.effects.direction import flipped_rows
from bayes_ps.effects.effects import Direction, Effects
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.registry import MEASURES

if TYPE_CHECKING:
    import pandas as pd


def effect_sizes(
    table: pd.DataFrame | str | PathLike[str],
    *,
    measure: str,
    better: Direction,
    unit: str | None = None,
    variance: str = "LS",
    columns: Mapping[str, str] | None = None,
    correction: str = "metafor",
    double_zero: str = "error",
) -> Effects:
    r"""Effects from a table of arms, of counts, of one group, or of estimates with their precision.

    Parameters
    ----------
    table : a frame, or the path of a CSV file, a row a comparison: column `study`, and the columns
        that the measure reads (below); or `estimate` and any of `se`, `ci_low` with `ci_high`, `p`
        (ratios on the log scale). A row whose columns of the measure are all empty is taken from
        its estimate. The other columns are carried along into ``effects.data``.
    measure : metafor's code, see below; any code for a table of estimates.
    better : ``"lower"`` or ``"higher"``: which direction of the outcome helps patients. Where a
        column `better` says otherwise, the row's scale runs the other way: its y becomes −y, and
        ``effects.data["flipped"]`` is true. For a RR or IRR that turns the ratio over, which is not
        the ratio of those without the event: recount the events rather.
    unit : unit of the outcome, such as ``"points (0-100)"``. Standardised effects, proportions and
        correlations have their own; ratios are in ``"log OR"`` and so on unless you say otherwise.
    variance : formula of the variance: ``"LS"`` (metafor's default), ``"RevMan"``, and for some
        measures ``"HO"``, ``"LS2"``, ``"UB"``, ``"AV"``: metafor's ``vtype``.
    columns : your names for ours, as in ``{"mean_t": "Experimental mean"}``.
    correction : what is added to counts of 0: ``"metafor"``, ``"revman"``, ``"treatment-arm"`` or
        ``"none"``, see :func:`bayes_ps.effects.corrections.corrected`.
    double_zero : of a study without an event in either arm, which says nothing of an OR, RR, PETO
        or IRR: ``"error"``, ``"drop"`` (named in ``effects.formulas``) or ``"keep"`` (the
        correction makes up its effect, as metafor does by default).

    Returns
    -------
    Effects
        y = treated minus control, its formulas named in ``effects.formulas``.

    Raises
    ------
    StudyTableError
        For a missing column, text or nothing where a number is needed, and a number that cannot
        be: sd <= 0, n < 2, more events than people, r outside (-1, 1); a zero without correction.

    Notes
    -----
    ========================  ==========================================================
    measure                   columns
    ========================  ==========================================================
    MD, SMD                   n_t mean_t sd_t n_c mean_c sd_c
    SMDH, SMD1, SMD1H         the same
    ROM                       the same, means above 0
    OR, RR, RD, AS            events_t n_t events_c n_c
    PETO                      the same, or o_e v
    HR                        o_e v (observed − expected events, and its variance)
    IRR, IRD                  events_t time_t events_c time_c
    MC, SMCC                  n mean_pre sd_pre mean_post sd_post r, or
                              n mean_change sd_change; of two arms, all with _t and _c
    SMCR                      the first of these, or n mean_change sd_pre r; also _t and _c
    MN                        n mean sd
    PR, PLO, PAS, PFT         n events
    COR, ZCOR                 n r
    ========================  ==========================================================

    Formulas and sources: the modules of :mod:`bayes_ps.effects`, a family of measures a file.
    Golden values: ``tests/golden/test_metafor_escalc.py``.
    """
    import pandas as pd

    from bayes_ps.studies import read_studies

    frame = table if isinstance(table, pd.DataFrame) else read_studies(table)
    frame = _renamed(frame, columns or {}).reset_index(drop=True)
    if "study" not in frame:
        raise StudyTableError(_missing(frame, "study"))
    if better not in ("lower", "higher"):
        raise StudyTableError(f'better must be "lower" or "higher", but is {better!r}.')
    study = frame["study"].to_numpy(dtype=object)
    known = MEASURES.get(measure)
    form = None if known is None else form_of(frame, known)
    if form is None and "estimate" not in frame:
        raise StudyTableError(_unreadable(frame, measure, known))
    if known is None or form is None:
        found = stated(frame, measure)
    else:
        choice = Choice(known, form, variance, correction, double_zero)
        found = computed(frame, study, choice)
    y, formulas, data = _in_one_direction(frame, found, measure, better)
    named = _unit(measure, unit)
    study = study[found.kept]
    return Effects(study, y, found.se, measure, named, better, formulas=formulas, _data=data)


def _in_one_direction(
    frame: pd.DataFrame, found: Found, measure: str, better: Direction
) -> tuple[Array, str, pd.DataFrame]:
    """y with every row in the direction of `better`, the formulas, and the data carried along."""
    frame = frame if found.kept.all() else frame[found.kept]
    used = {"study", "estimate", *PRECISION_COLUMNS}
    data = frame[[c for c in frame if c not in used]]
    if "better" not in frame:
        return found.y, found.formulas, data
    flipped = flipped_rows(frame, measure, better)
    said = f"; y → −y where the scale runs the other way ({flipped.sum()})" if flipped.any() else ""
    y = np.where(flipped, -found.y, found.y)
    return y, found.formulas + said, data.assign(flipped=flipped)


def _unit(measure: str, unit: str | None) -> str:
    """The unit of the effects: some measures have their own."""
    known = MEASURES.get(measure)
    if known is None:
        return unit or ""
    if known.unit is not None and unit not in (None, known.unit):
        raise StudyTableError(
            f"A {measure} is in {known.unit!r}, not in {unit!r}. Leave unit= out."
        )
    return known.unit or unit or (f"log {measure}" if known.ratio else "")


def _renamed(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    # Where read_studies has found the name out already there is nothing to rename.
    columns = {ours: his for ours, his in columns.items() if his in frame or ours not in frame}
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


def _missing(frame: pd.DataFrame, name: str) -> str:
    return (
        f"The table has no column {name!r}. It has: {', '.join(map(str, frame))}. "
        f'Name it with columns={{"{name}": "your name"}}.'
    )


def _unreadable(frame: pd.DataFrame, measure: str, known: Measure | None) -> str:
    """Why the table gives no effects: the column that the nearest of the forms lacks."""
    if known is None:
        return (
            f"measure must be one of {', '.join(MEASURES)} for a table of arms, "
            f"but is {measure!r}. For another measure compute y and se, then use "
            f"bps.Effects.from_estimates(...)."
        )
    lacking = [[c for c in form.columns if c not in frame] for form in known.reads]
    return _missing(frame, min(lacking, key=len)[0])
