"""`Refits`: baselines of some of the studies, beside that of all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from bayes_ps import words
from bayes_ps.baseline.results import Baseline

Kind = Literal["leave one out", "cumulative"]
COLUMN = {"leave one out": "omitted", "cumulative": "added"}


@dataclass(frozen=True, eq=False, repr=False)
class Refits:
    """Baselines of n subsets of the studies; made by :func:`bayes_ps.baseline_leave_one_out` and
    :func:`bayes_ps.baseline_cumulative`.

    Parameters
    ----------
    kind : ``"leave one out"`` or ``"cumulative"``.
    changed : (n,) what was left out, or what was added, in each step.
    fits : (n,) the baseline of each step.
    full : the baseline of all studies, in the order in which they were left out or added.
    notes : what a reader must know, a sentence each.
    """

    kind: Kind
    changed: tuple[str, ...]
    fits: tuple[Baseline, ...]
    full: Baseline
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """A row a step: `omitted` (or `added`), `k, mu, se, lower, upper, p, tau2, i2, q, q_p`.

        In a step with one study, tau2, i2, q and q_p do not exist: NaN.
        """
        none = math.nan
        rows = [
            (name, fit.k, fit.mu, fit.se, fit.lower, fit.upper, fit.p)
            + ((fit.tau2, fit.i2, fit.q, fit.q_p) if fit.k > 1 else (none,) * 4)
            for name, fit in zip(self.changed, self.fits, strict=True)
        ]
        columns = [COLUMN[self.kind], "k", "mu", "se", "lower", "upper", "p"]
        return pd.DataFrame(rows, columns=[*columns, "tau2", "i2", "q", "q_p"])

    def __str__(self) -> str:
        said = self._left_out() if self.kind == "leave one out" else self._grown()
        return "\n".join([said, *(f"Note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        return f"<Refits: {self}>"

    def _left_out(self) -> str:
        by_mu = sorted(zip(self.fits, self.changed, strict=True), key=lambda pair: pair[0].mu)
        (low, without_low), (high, without_high) = by_mu[0], by_mu[-1]
        said = (
            f"Leaving out one of {self.full.k} studies at a time ({self._how}): {self.full.measure}"
            f" between {low.mu:.4g} (without {without_low}) and {high.mu:.4g} (without "
            f"{without_high}) in {self.full.unit}, against {_estimate(self.full)} with all."
        )
        turned = [
            name
            for fit, name in zip(self.fits, self.changed, strict=True)
            if _holds_no_effect(fit) != _holds_no_effect(self.full)
        ]
        if not turned:
            return said
        now = "leaves out" if _holds_no_effect(self.full) else "includes"
        return f"{said} Without {_listed(turned)} the interval {now} no effect."

    def _grown(self) -> str:
        first, last = self.fits[0], self.fits[-1]
        since = len(self.fits) - 1
        while since and _side(self.fits[since - 1]) == _side(last):
            since -= 1
        said = (
            f"{self.full.measure} in {self.full.unit}, {len(self.fits)} steps ({self._how}): from "
            f"{_estimate(first)} with {self.changed[0]} to {_estimate(last)} with all "
            f"{self.full.k} studies."
        )
        what = {0: "has included", -1: "has lain below", 1: "has lain above"}[_side(last)]
        return f"{said} The interval {what} no effect since {self.changed[since]}."

    @property
    def _how(self) -> str:
        return f"{self.full.estimator}, {self.full.ci}"


def _estimate(fit: Baseline) -> str:
    """As in ``-7.05 (-10.56 to -3.54)``."""
    return words.interval(fit.mu, fit.lower, fit.upper)


def _side(fit: Baseline) -> int:
    """−1 if the whole interval is below no effect, +1 if above, 0 if it holds no effect."""
    return (fit.lower > 0) - (fit.upper < 0)


def _holds_no_effect(fit: Baseline) -> bool:
    return _side(fit) == 0


def _listed(names: list[str], most: int = 5) -> str:
    if len(names) <= most:
        return " or ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + f" or {names[-1]}"
    return f"any of {len(names)} studies (see to_frame())"
