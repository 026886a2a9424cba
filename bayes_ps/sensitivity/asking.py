"""The same few numbers of every refit: the mean effect, and how probable benefit and harm are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from bayes_ps.checks import Array, BayesPSError
from bayes_ps.posterior import Fit, Setting
from bayes_ps.sensitivity.mixture import Beside, Mixture
from bayes_ps.sensitivity.question import Question, Target, probability_of


@dataclass(frozen=True, eq=False)
class Answers:
    """What m fits say, in the unit of the effects; NaN where there is no fit.

    Attributes
    ----------
    median, lower, upper : (m,) of the mean effect; a central interval.
    p_mean, p_new : (m,) P(benefit of at least the MCID), or of any benefit without one: of the mean
        effect, and of the effect in one new setting.
    harm_mean, harm_new : (m,) P(harm of at least the MCID), or of any harm without one.
    """

    median: Array
    lower: Array
    upper: Array
    p_mean: Array
    p_new: Array
    harm_mean: Array
    harm_new: Array

    def columns(self) -> dict[str, Array]:
        """Name and values, as a table wants them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def p(self, target: Target) -> Array:
        """(m,) probability of benefit for the mean effect or a new setting."""
        probability_of(target)
        return self.p_mean if target == "mean" else self.p_new

    def flipped(self, cut: float, target: Target, than: float) -> list[int]:
        """Which fits put P on another side of `cut` than the probability `than` lies."""
        p = self.p(target)
        return [int(i) for i in np.flatnonzero(np.isfinite(p) & ((p >= cut) != (than >= cut)))]


def answers(
    fits: Sequence[Fit | None], question: Question, *, at: Setting = None, level: float = 0.95
) -> Answers:
    """Ask each exact fit the same question."""
    there = [i for i, fit in enumerate(fits) if fit is not None]
    mean = [Mixture.of(fit.average(at)) for fit in fits if fit is not None]
    new = [Mixture.of(fit.predictive(at)) for fit in fits if fit is not None]
    found = asked(mean, new, question, level)
    placed = np.full((len(found), len(fits)), np.nan)
    placed[:, there] = found
    return Answers(*placed)


def asked(
    mean: Sequence[Mixture], new: Sequence[Mixture], question: Question, level: float
) -> Array:
    """(7, m) the numbers of `Answers` from the mean effects and the new settings."""
    if not 0 < level < 1:
        raise BayesPSError(f"level must be between 0 and 1, as in 0.95, but is {level!r}.")
    means, news = Beside(mean), Beside(new)
    sign, size = question.sign, question.size
    p = [each.beyond(side, size) for side in (sign, -sign) for each in (means, news)]
    return np.vstack([means.ppf(np.array([0.5, (1 - level) / 2, (1 + level) / 2])), *p])
