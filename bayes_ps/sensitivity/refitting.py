"""Exact refits to parts of the studies, with the reason where one cannot be made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from bayes_ps.checks import Array, ModelError
from bayes_ps.effects import Effects
from bayes_ps.fitting import fit as fit_by
from bayes_ps.posterior import ExactFit, Fit, Setting


@dataclass(frozen=True, eq=False)
class Refits:
    """One model fitted to m parts of the studies.

    Attributes
    ----------
    fits : (m,) exact fits, None where there is none.
    problem : (m,) why there is none, "" where there is one.
    """

    fits: tuple[ExactFit | None, ...]
    problem: tuple[str, ...]


def exactly(fit: Fit) -> ExactFit:
    """The fit itself, or the same model and effects by the exact engine."""
    return fit if isinstance(fit, ExactFit) else cast(ExactFit, fit_by(fit.model, fit.effects))


def refits(fit: ExactFit, parts: Sequence[Effects], at: Setting = None) -> Refits:
    """The model of `fit`, fitted to each of the parts."""
    found = [_refit(fit, part, at) for part in parts]
    return Refits(tuple(f for f, _ in found), tuple(why for _, why in found))


def _refit(fit: ExactFit, part: Effects, at: Setting) -> tuple[ExactFit | None, str]:
    try:
        found = cast(ExactFit, fit_by(fit.model, part))
        lost = sorted(_coefficients(fit) - _coefficients(found))
        if lost:
            return None, f"{', '.join(lost)} cannot be estimated from these studies."
        found.average(at)
    except ModelError as error:
        return None, str(error)
    return found, ""


def _coefficients(fit: ExactFit) -> set[str]:
    hierarchy: Any = fit.hierarchy
    return set(hierarchy.design.names)


def tau_medians(fits: Sequence[Fit | None]) -> Array:
    """Posterior median of tau: 0 in a common-effect model, NaN without a fit."""

    def of(fit: Fit | None) -> float:
        if fit is None:
            return float("nan")
        return fit.marginal("tau").median if fit.has_tau else 0.0

    return np.array([of(fit) for fit in fits], dtype=float)
