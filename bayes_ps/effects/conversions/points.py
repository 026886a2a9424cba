"""Standardised mean differences as points of a familiar scale, by a stated SD, and back."""

from __future__ import annotations

from dataclasses import replace
from numbers import Real

import numpy as np

from bayes_ps.checks import StudyTableError, UnitError
from bayes_ps.effects.effects import Effects


def points_from_smd(effects: Effects, sd: float, *, unit: str, source: str = "") -> Effects:
    """The same effects in points of an instrument: y, se times sd, V times sd².

    Parameters
    ----------
    effects : standardised mean differences (measure "SMD", "SMDH", "SMD1", "SMCR", …).
    sd : SD of the instrument in the patients in question, in `unit`, > 0: of the scores where the
        SMDs were divided by SDs of scores (of changes for "SMCC").
    unit : what one point is, such as ``"points (0-100)"``.
    source : where `sd` comes from; it is put into `formulas`.

    Returns
    -------
    Effects
        With measure "MD" ("MC" for changes of one group) in `unit`, the SD in `formulas`, and the
        same studies, direction and data.

    Raises
    ------
    UnitError
        For effects that are not SMDs.
    StudyTableError
        For an SD that is not a number above 0.

    Notes
    -----
    Cochrane Handbook 15.5.3.2. The SD is taken as known: another one changes effect, interval and
    tau in proportion, so give the one that readers know, and say whose it is. An MCID in points can
    then be put to the result.
    Test: ``tests/unit/test_conversions_points.py``.
    """
    sd = _checked(sd)
    if not effects.measure.startswith(("SMD", "SMC")):
        raise UnitError(
            f"These effects are {effects.measure} in {effects.unit}, not standardised mean "
            f'differences. Use effect_sizes(table, measure="SMD", …) first.'
        )
    said = f"{effects.formulas}; × SD {sd:g}{f' ({source})' if source else ''} into {unit}"
    measure = "MD" if effects.measure.startswith("SMD") else "MC"
    return _times(effects, sd, measure=measure, unit=unit, formulas=said)


def smd_from_points(effects: Effects, sd: float, *, source: str = "") -> Effects:
    """Mean differences in points as standardised ones, the inverse of :func:`points_from_smd`.

    One SD for all studies: unlike the SMDs that each study's own SD gives, these differ between
    studies only as the mean differences do.

    Raises
    ------
    UnitError
        For effects that are not mean differences.
    StudyTableError
        For an SD that is not a number above 0.
    """
    sd = _checked(sd)
    if effects.measure != "MD":
        raise UnitError(
            f"These effects are {effects.measure} in {effects.unit}, not mean differences. "
            f'Use effect_sizes(table, measure="MD", unit="points (0-100)", …) first.'
        )
    said = f"{effects.formulas}; / SD {sd:g} {effects.unit}{f' ({source})' if source else ''}"
    return _times(effects, 1 / sd, measure="SMD", unit="SD units", formulas=said)


def _times(effects: Effects, factor: float, *, measure: str, unit: str, formulas: str) -> Effects:
    se = effects.se * factor
    V = None if effects.V is None else effects.V * factor**2
    return replace(
        effects, y=effects.y * factor, se=se, V=V, measure=measure, unit=unit, formulas=formulas
    )


def _checked(sd: float) -> float:
    if not isinstance(sd, Real) or not 0 < sd < np.inf:
        raise StudyTableError(
            f"sd must be one number above 0, but is {sd!r}. Give the SD of the instrument in "
            f'points, such as points_from_smd(effects, 20, unit="points (0-100)").'
        )
    return float(sd)
