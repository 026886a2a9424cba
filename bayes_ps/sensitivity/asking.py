"""The same few numbers of every refit: the mean effect, and how probable benefit and harm are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from bayes_ps.checks import Array, BayesPSError
from bayes_ps.posterior import Fit, Marginal, Setting
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
    mean = [fit.average(at) for fit in fits if fit is not None]
    new = [fit.predictive(at) for fit in fits if fit is not None]
    if question.uncertain is None and all(Mixture.fits(m) for m in (*mean, *new)):
        found = asked([Mixture.of(m) for m in mean], [Mixture.of(m) for m in new], question, level)
    else:
        found = _each(mean, new, question, level)
    placed = np.full((len(found), len(fits)), np.nan)
    placed[:, there] = found
    return Answers(*placed)


def asked(
    mean: Sequence[Mixture], new: Sequence[Mixture], question: Question, level: float
) -> Array:
    """(7, m) the numbers of `Answers` from the mean effects and the new settings, all at once."""
    if question.uncertain is not None:
        return _each([m.marginal for m in mean], [m.marginal for m in new], question, level)
    means, news = Beside(mean), Beside(new)
    sign, size = question.sign, question.size
    p = [each.beyond(side, size) for side in (sign, -sign) for each in (means, news)]
    return np.vstack([means.ppf(_quantiles(level)), *p])


def _each(
    mean: Sequence[Marginal], new: Sequence[Marginal], question: Question, level: float
) -> Array:
    """The same, one after another: any marginals, and an uncertain MCID."""
    q = _quantiles(level)
    ends = np.array([m.ppf(q) for m in mean]).reshape(-1, q.size).T
    p = [[question.p(m, harm=harm)[0] for m in of] for harm in (False, True) for of in (mean, new)]
    return np.vstack([ends, *p])


def _quantiles(level: float) -> Array:
    if not 0 < level < 1:
        raise BayesPSError(f"level must be between 0 and 1, as in 0.95, but is {level!r}.")
    return np.array([0.5, (1 - level) / 2, (1 + level) / 2])
