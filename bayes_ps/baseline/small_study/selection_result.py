"""`SelectionModel`: what a step-function selection model found."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from bayes_ps import words
from bayes_ps.checks import Array

FAVOURED = {
    "greater": "one-sided P for an effect above 0",
    "less": "one-sided P for an effect below 0",
    "two-sided": "two-sided P",
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SelectionModel:
    """A step-function selection model; made by :func:`bayes_ps.selection_model`.

    Parameters
    ----------
    mu, se, lower, upper, p : mean effect before selection, its Wald interval at `level`, P of 0.
    tau2, se_tau2 : variance of effects before selection; `se_tau2` is None at the boundary 0.
    delta, se_delta : (J,) probability of publication in each interval of P relative to the first.
    delta_lower, delta_upper : (J,) their intervals at `level`; NaN where nothing was estimated.
    steps, counts : (J,) upper ends of the intervals of P, and how many studies lie in each.
    alternative : which P: ``"greater"``, ``"less"`` or ``"two-sided"``.
    unselected_mu, unselected_tau2 : maximum likelihood without selection.
    log_likelihood : at the maximum.
    lrt, lrt_df, lrt_p : likelihood ratio test of all delta = 1; None if they were fixed.
    score : gradient at the estimates in units of its standard deviation: 0 to rounding.
    notes : what a reader must know, a sentence each.
    """

    mu: float
    se: float
    lower: float
    upper: float
    p: float
    tau2: float
    se_tau2: float | None
    delta: Array
    se_delta: Array
    delta_lower: Array
    delta_upper: Array
    steps: Array
    counts: npt.NDArray[np.int_]
    alternative: str
    unselected_mu: float
    unselected_tau2: float
    log_likelihood: float
    lrt: float | None
    lrt_df: int | None
    lrt_p: float | None
    score: Array
    level: float
    measure: str
    unit: str
    notes: tuple[str, ...]

    @property
    def k(self) -> int:
        """Number of studies."""
        return int(self.counts.sum())

    def to_frame(self) -> pd.DataFrame:
        """Rows mu, tau2, delta by interval of P, LRT; `quantity, value, se, lower, upper, p, k`.

        NaN says that a cell does not apply.
        """
        none = math.nan
        se_tau2, lrt, p = (none if x is None else x for x in (self.se_tau2, self.lrt, self.lrt_p))
        rows = [
            ("mu", self.mu, self.se, self.lower, self.upper, self.p, self.k),
            ("tau2", self.tau2, se_tau2, none, none, none, self.k),
        ]
        for j, name in enumerate(self._intervals):
            ends = self.delta_lower[j], self.delta_upper[j]
            rows.append((name, self.delta[j], self.se_delta[j], *ends, none, int(self.counts[j])))
        rows.append(("LRT", lrt, none, none, none, p, self.k))
        columns = ["quantity", "value", "se", "lower", "upper", "p", "k"]
        return pd.DataFrame(rows, columns=columns)

    def __str__(self) -> str:
        said = (
            f"Step-function selection model by {FAVOURED[self.alternative]}, {self.k} studies: "
            f"{self.measure} {words.interval(self.mu, self.lower, self.upper)} in {self.unit} "
            f"({100 * self.level:g}% Wald CI), {self.unselected_mu:.4g} without selection; tau² "
            f"{self.tau2:.4g} ({self.unselected_tau2:.4g}); publication relative to P up to "
            f"{self.steps[0]:g}: {self._publication()}"
        )
        if self.lrt is not None and self.lrt_p is not None:
            said += f"; no selection: chi² {self.lrt:.3g} on {self.lrt_df} df, P = {self.lrt_p:.2g}"
        said += ". A large P is no proof that nothing was selected."
        return "\n".join([said, *(f"Note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        return f"<SelectionModel: {self}>"

    @property
    def _intervals(self) -> list[str]:
        low = np.append(0.0, self.steps[:-1])
        return [f"delta({a:g}, {b:g}]" for a, b in zip(low, self.steps, strict=True)]

    def _publication(self) -> str:
        said = []
        for j, end in enumerate(self.steps):
            if j == 0:
                continue
            ends = (self.delta_lower[j], self.delta_upper[j])
            known = "fixed" if math.isnan(ends[0]) else f"{ends[0]:.2g} to {ends[1]:.2g}"
            said.append(f"{self.delta[j]:.2g} ({known}) up to {end:g}")
        return ", ".join(said)
