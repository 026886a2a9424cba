"""`trim_and_fill`: how many studies would make the funnel symmetric, and what they would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from bayes_ps import checks, words
from bayes_ps.baseline.methods import chosen
from bayes_ps.baseline.pooling import baseline
from bayes_ps.baseline.results import Baseline
from bayes_ps.baseline.small_study.asymmetry import at_least_three
from bayes_ps.baseline.small_study.lines import additive_line
from bayes_ps.baseline.small_study.predictors import refuse_constant
from bayes_ps.baseline.small_study.trimming import ESTIMATORS, Missing, trimmed
from bayes_ps.baseline.weighting import independent
from bayes_ps.checks import ModelError
from bayes_ps.effects import Effects

Side = Literal["left", "right"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class TrimAndFill:
    """What trim and fill found; made by :func:`bayes_ps.trim_and_fill`.

    Parameters
    ----------
    k0, se_k0 : estimated number of missing studies, and its standard error.
    p_k0 : P of "none is missing on this side"; None unless the estimator is R0.
    side : ``"left"`` or ``"right"``, where they are missing.
    estimator : ``"L0"`` or ``"R0"``.
    filled : the studies and, after them, the mirror images that fill the funnel.
    imputed : (k + k0,) which of them are mirror images.
    observed, adjusted : the baseline of the studies, and that of the filled funnel.
    notes : what a reader must know, a sentence each.
    """

    k0: int
    se_k0: float
    p_k0: float | None
    side: Side
    estimator: str
    filled: Effects
    imputed: npt.NDArray[np.bool_]
    observed: Baseline
    adjusted: Baseline
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Rows `observed` and `filled`; columns `k, mu, se, lower, upper, tau2`."""
        rows = [
            (name, fit.k, fit.mu, fit.se, fit.lower, fit.upper, fit.tau2)
            for name, fit in (("observed", self.observed), ("filled", self.adjusted))
        ]
        columns = ["studies", "k", "mu", "se", "lower", "upper", "tau2"]
        return pd.DataFrame(rows, columns=columns)

    def __str__(self) -> str:
        now, then = (
            words.interval(fit.mu, fit.lower, fit.upper) for fit in (self.adjusted, self.observed)
        )
        many = "1 study seems" if self.k0 == 1 else f"{self.k0} studies seem"
        p = "" if self.p_k0 is None else f", P of none {words.probability(self.p_k0)}"
        said = (
            f"Trim and fill ({self.estimator}, {self.observed.estimator}, {self.observed.ci}): "
            f"{many} to be missing on the {self.side} (SE {self.se_k0:.2g}{p}). "
            f"{self.observed.measure} {now} in {self.observed.unit} with them, {then} without."
        )
        return "\n".join([said, *(f"Note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        return f"<TrimAndFill: {self}>"


def trim_and_fill(
    effects: Effects,
    tau2: str = "REML",
    ci: str | None = None,
    *,
    estimator: str = "L0",
    side: Side | None = None,
    level: float = 0.95,
) -> TrimAndFill:
    """Duval and Tweedie's trim and fill: a sensitivity analysis, not a corrected estimate.

    Parameters
    ----------
    effects : k >= 3 independent studies.
    tau2, ci, level : of the baseline, as in :func:`bayes_ps.baseline`; `tau2` serves trimming too.
    estimator : of the number of missing studies: ``"L0"`` or ``"R0"``, which also tests it.
    side : where studies are missing. If it is not given: opposite to where small studies lie, by
        the slope of the mixed-effects Egger test over se with the same `tau2`.

    Returns
    -------
    TrimAndFill
        ``result.filled`` is the completed funnel, ``result.adjusted`` its baseline.

    Raises
    ------
    ModelError
        For fewer than 3 studies, an unknown method, equal effects, or trimming that does not
        settle; and without `side`, for studies that all have one se.

    Notes
    -----
    Same as metafor's ``trimfill()``: one model for trimming and for the filled studies
    ("random-random"). It supposes that the most extreme studies on one side are missing, and only
    that; heterogeneity alone can make it fill.

    Duval & Tweedie 2000, doi:10.1111/j.0006-341X.2000.00455.x, doi:10.1080/01621459.2000.10473905.
    Tests: ``tests/golden/test_metafor_small_study.py`` (12 data sets, L0 and R0, three `tau2`).
    """
    counted = chosen(ESTIMATORS, estimator, "estimator").compute
    at_least_three(effects.k, "Trim and fill")
    independent(effects)
    if float(np.ptp(effects.y)) == 0:
        raise ModelError("All effects are equal: there is no funnel to trim. Look at the studies.")
    at = side or _asymmetric_side(effects, tau2)
    if at not in ("left", "right"):
        raise ModelError(f'side must be "left" or "right", but is {side!r}.')
    found = trimmed(effects, at, tau2, counted)
    filled, imputed = _filled(effects, found)
    return TrimAndFill(
        k0=found.k0,
        se_k0=found.se,
        p_k0=0.5 ** (found.k0 + 1) if estimator == "R0" else None,
        side=at,
        estimator=estimator,
        filled=filled,
        imputed=imputed,
        observed=baseline(effects, tau2, ci, level=level),
        adjusted=baseline(filled, tau2, ci, level=level),
        notes=_notes(effects.k, found.k0, side),
    )


def _asymmetric_side(effects: Effects, tau2: str) -> Side:
    """Small studies that lie to the left leave a gap on the right."""
    refuse_constant(effects.se, "se")
    return "right" if additive_line(effects, effects.se, tau2).slope < 0 else "left"


def _filled(effects: Effects, found: Missing) -> tuple[Effects, npt.NDArray[np.bool_]]:
    """The studies and the mirror images of the trimmed ones around the trimmed mean."""
    rows = found.trimmed
    filled = Effects(
        np.append(effects.study, [f"Filled: {name}" for name in effects.study[rows]]),
        np.append(effects.y, 2 * found.center - effects.y[rows]),
        np.append(effects.se, effects.se[rows]),
        effects.measure,
        effects.unit,
        effects.better,
        formulas=f"{effects.formulas}; {found.k0} filled by trim and fill",
    )
    return filled, checks.read_only(np.arange(filled.k) >= effects.k, bool)


def _notes(k: int, k0: int, side: Side | None) -> tuple[str, ...]:
    said = [
        "The filled studies are mirror images, not evidence: this shows how much one kind of "
        "selection could change the result (Cochrane Handbook 13.3.5)."
    ]
    if side is None:
        said.append("The side was chosen by the slope of the mixed-effects Egger test over se.")
    if k < 10:
        said.append("Fewer than 10 studies: the shape of the funnel is mostly chance.")
    if k0 == 0:
        said.append("None filled does not show that none is missing.")
    return tuple(said)
