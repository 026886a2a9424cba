"""Counts of 0: what is added to them, and which studies say nothing of a ratio."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from bayes_ps import checks
from bayes_ps.checks import Array, Names, StudyTableError
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.reported import Events, OneProportion, Rates

Mask = npt.NDArray[np.bool_]
CORRECTIONS = ("metafor", "revman", "none", "treatment-arm")


def has_zero(data: Events | Rates | OneProportion) -> Mask:
    """Studies with a zero in a cell."""
    cells: tuple[Array, ...]
    if isinstance(data, Events):
        cells = (data.events_t, data.others_t, data.events_c, data.others_c)
    elif isinstance(data, Rates):
        cells = (data.events_t, data.events_c)
    else:
        cells = (data.events, data.n - data.events)
    return np.logical_or.reduce([cell == 0 for cell in cells])


def nobody_and_everybody(data: Events | Rates) -> tuple[Mask, Mask]:
    """Studies with no event in either arm, and with nothing but events in both."""
    nobody = (data.events_t == 0) & (data.events_c == 0)
    if isinstance(data, Rates):
        return nobody, np.zeros_like(nobody)
    return nobody, (data.others_t == 0) & (data.others_c == 0)


def silent_studies(data: Any, measure: Measure) -> Mask:
    """Studies that say nothing of a ratio.

    Without an event in either arm: OR, RR, PETO and IRR. With nothing but events in both: OR and
    PETO; the RR is then near 1, and the study says so.
    """
    if not measure.silent or not isinstance(data, (Events, Rates)):
        return np.zeros(0, dtype=bool)
    nobody, everybody = nobody_and_everybody(data)
    return nobody if measure.code == "RR" else nobody | everybody


def corrected(data: Any, measure: Measure, correction: str) -> tuple[Any, str]:
    """`data` with what the correction adds to its zeros, and that in words ("" if nothing).

    * ``"metafor"``: ½ to every cell of a study with a zero (``escalc(add=1/2, to="only0")``), for
      OR, RR, RD, PETO, IRR, IRD, PR and PLO; none for AS, PAS and PFT.
    * ``"revman"``: the same for OR and RR; for RD only where se would be 0; none for PETO.
    * ``"treatment-arm"``: n_t/N to the cells of the treated, n_c/N to those of control, in a study
      with a zero: proportional to the reciprocal of the size of the opposite arm, summing to 1, so
      that without any event the log odds ratio is 0 however unequal the arms. Sweeting, Sutton &
      Lambert 2004, Stat Med 23:1351, doi:10.1002/sim.1761.
    * ``"none"``.
    """
    zero = has_zero(data) if measure.corrected and _counted(data) else np.zeros(1, dtype=bool)
    if correction == "revman":
        zero = _revman_corrects(data, measure, zero)
    if correction == "none" or not zero.any():
        return data, ""
    studies = f"{zero.sum()} {'study' if zero.sum() == 1 else 'studies'} with a zero"
    half = np.where(zero, 0.5, 0.0)
    added: Events | Rates | OneProportion
    if isinstance(data, Rates):
        added = replace(data, events_t=data.events_t + half, events_c=data.events_c + half)
    elif isinstance(data, OneProportion):
        added = replace(data, events=data.events + half, n=data.n + 2 * half)
    elif correction == "treatment-arm":
        share = data.n_t / (data.n_t + data.n_c)
        added = _added(data, np.where(zero, share, 0.0), np.where(zero, 1 - share, 0.0))
        return added, f"n_t/N and n_c/N added to the cells of the arms of {studies}"
    else:
        added = _added(data, half, half)
    return added, f"½ added to each cell of {studies}"


def equal_arms(data: Any, measure: Measure, correction: str) -> Mask:
    """Studies in which RevMan keeps the effect of equal arms, and corrects the standard error only.

    Nothing but events in both arms: RR = 1 (CD001703, analysis 1.25: 28/28 and 29/29 is 1.00,
    0.935159 to 1.069337, which is ½ in se² and not in the ratio). RD by analogy, and for no event.
    """
    if correction != "revman" or measure.code not in ("RR", "RD"):
        return np.zeros(1, dtype=bool)
    nobody, everybody = nobody_and_everybody(data)
    return everybody if measure.code == "RR" else nobody | everybody


def check_correction(measure: Measure, data: Any, correction: str) -> None:
    """Refuse a correction that does not exist, or not for this measure."""
    known = CORRECTIONS if isinstance(data, Events) else ("metafor", "none")
    if correction not in CORRECTIONS or (measure.corrected and correction not in known):
        raise StudyTableError(
            f"correction must be one of {', '.join(known)} for {measure.code}, "
            f"but is {correction!r}."
        )


def check_double_zeros(
    data: Any, measure: Measure, study: Names, *, double_zero: str
) -> tuple[Mask, str]:
    """Which studies to keep, and which were left out, in words; or an error that names the first.

    ``"error"`` refuses a study that says nothing of the measure, ``"drop"`` leaves it out by name,
    ``"keep"`` leaves it to the correction (metafor's default, drop00=FALSE).
    """
    if double_zero not in ("error", "drop", "keep"):
        raise StudyTableError(
            f'double_zero must be "error", "drop" or "keep", but is {double_zero!r}.'
        )
    silent = silent_studies(data, measure)
    if double_zero == "keep" or not silent.any():
        return np.ones(len(study), dtype=bool), ""
    if double_zero == "drop":
        if silent.all():
            raise StudyTableError(
                f"No study has an event in one arm and somebody without in another: they say "
                f"nothing of the {measure.code}."
            )
        named = ", ".join(str(study[int(row)]) for row in np.flatnonzero(silent))
        return ~silent, f"left out, as both arms have no event or nothing else: {named}"
    row = int(np.flatnonzero(silent)[0])
    how = "no event in either arm" if data.events_t[row] == 0 else "only events in both arms"
    others = f" ({silent.sum() - 1} more like it)" if silent.sum() > 1 else ""
    also = ', or take measure="RD", which keeps it' if isinstance(data, Events) else ""
    raise StudyTableError(
        f"{checks.where(study, row)}{others} has {how} (events_t, events_c), which says nothing of "
        f'the {measure.code}. Leave it out by name with double_zero="drop"{also}.'
    )


def _counted(data: Any) -> bool:
    return isinstance(data, (Events, Rates, OneProportion))


def _revman_corrects(data: Any, measure: Measure, zero: Mask) -> Mask:
    if measure.code in ("OR", "RR"):
        return zero
    if measure.code == "RD":
        return (data.events_t * data.others_t == 0) & (data.events_c * data.others_c == 0)
    return np.zeros(1, dtype=bool)


def _added(e: Events, k_t: Array, k_c: Array) -> Events:
    return Events(e.events_t + k_t, e.n_t + 2 * k_t, e.events_c + k_c, e.n_c + 2 * k_c)
