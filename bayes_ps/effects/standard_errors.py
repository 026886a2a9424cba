"""The standard error of an estimate, from what the paper gives: itself, a CI, or a P value."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from bayes_ps import checks
from bayes_ps.checks import Array, Names, StudyTableError


def se_from_ci(low: npt.ArrayLike, high: npt.ArrayLike, level: npt.ArrayLike = 0.95) -> Array:
    """(high − low) / (2 z): Cochrane Handbook 6.3.1, normal quantiles (not t)."""
    width = np.asarray(high, dtype=float) - np.asarray(low, dtype=float)
    return np.asarray(width / (2 * ndtri((1 + np.asarray(level, dtype=float)) / 2)))


def se_from_p(y: npt.ArrayLike, p: npt.ArrayLike) -> Array:
    """|y| / z of a two-sided P value: Cochrane Handbook 6.3.1, normal quantiles (not t)."""
    return np.asarray(np.abs(y) / -ndtri(np.asarray(p, dtype=float) / 2))


def first_known_se(
    study: Names,
    y: Array,
    *,
    se: npt.ArrayLike | None,
    ci: tuple[Any, ...] | None,
    p: npt.ArrayLike | None,
) -> tuple[Array, str]:
    """The se of each study from the first of se, CI and P that it has, and how, in words."""
    found = np.full(len(study), np.nan)
    how = []
    for source, values in (("se", se), ("95% CI", ci), ("P value", p)):
        if values is None:
            continue
        label = source
        if source == "se":
            known = checks.numbers(values, "se", study)
        elif source == "P value":
            given = checks.numbers(values, "p", study)
            known = _checked_p(study, y, np.where(np.isnan(found), given, np.nan))
        else:
            known, label = _checked_ci(study, y, values)
        take = np.isnan(found) & ~np.isnan(known)
        found[take] = known[take]
        if take.any():
            how.append(f"{label} ({take.sum()})")
    missing = np.flatnonzero(np.isnan(found))
    if missing.size:
        raise StudyTableError(
            f"Nothing states the precision of {checks.where(study, int(missing[0]))}: its se, "
            f"ci and p are missing. Pass one of se=, ci=(low, high), p=, or leave the study out."
        )
    return found, "se from " + ", ".join(how)


def _checked_ci(study: Names, y: Array, ci: Any) -> tuple[Array, str]:
    if not isinstance(ci, tuple) or len(ci) not in (2, 3):
        raise StudyTableError("ci must be (low, high) or (low, high, level).")
    low, high = (
        checks.numbers(c, n, study) for c, n in zip(ci, ("ci_low", "ci_high"), strict=False)
    )
    level = ci[2] if len(ci) == 3 else 0.95
    level = checks.numbers(level if np.ndim(level) else [level] * len(study), "level", study)
    checks.require(
        (level > 0) & (level < 1),
        level,
        "level",
        "between 0 and 1",
        study=study,
        mend="For a 95 % interval pass ci=(low, high, 0.95).",
    )
    for row in np.flatnonzero((low > y) | (y > high)):
        raise StudyTableError(
            f"The interval {low[row]:g} to {high[row]:g} of {checks.where(study, int(row))} does "
            f"not contain its estimate {y[row]:g}. Look for a sign, a decimal, or a ratio that is "
            f"not on the log scale: for a ratio pass y=log(ratio), ci=(log(low), log(high))."
        )
    mend = "An interval of no width states no standard error: look for more digits."
    checks.require(low != high, high, "ci_high", "above ci_low", study=study, mend=mend)
    stated = {f"{100 * each:g}%" for each in level}
    return se_from_ci(low, high, level), f"{' or '.join(sorted(stated))} CI"


RATIOS = ("OR", "RR", "HR", "ROM", "IRR", "PETO")


def refuse_natural_ratios(study: Names, y: Array, ci: tuple[Any, ...]) -> None:
    """Ratios handed in as they are printed: intervals in the middle on the log scale only."""
    low, high = (checks.numbers(c, n, study) for c, n in zip(ci, ("low", "high"), strict=False))
    known = np.isfinite(low) & np.isfinite(high) & (low < high)
    y, low, high = y[known], low[known], high[known]
    if not y.size or y.min() <= 0 or low.min() <= 0:
        return
    off = np.abs((low + high) / 2 - y) / (high - low)
    off_log = np.abs(np.log(low * high) / 2 - np.log(y)) / np.log(high / low)
    if np.median(off) > 0.02 and np.median(off) > 2 * np.median(off_log):
        raise StudyTableError(
            f"The ratios seem to be on their natural scale: the interval {low[0]:g} to {high[0]:g} "
            f"of {checks.where(study, int(np.flatnonzero(known)[0]))} has its estimate {y[0]:g} in "
            f"the middle only after taking logs. Pass y=log(ratio), ci=(log(low), log(high))."
        )


def _checked_p(study: Names, y: Array, p: Array) -> Array:
    known = np.isnan(p)
    mend = "A P value of 0 or 1 does not say how precise the study is: pass its se or ci."
    checks.require(known | ((p > 0) & (p < 1)), p, "p", "between 0 and 1", study=study, mend=mend)
    mend = "At an estimate of 0 a P value says nothing: pass the se or ci of the study."
    checks.require(known | (y != 0), y, "y", "other than 0 with p", study=study, mend=mend)
    return se_from_p(y, p)
