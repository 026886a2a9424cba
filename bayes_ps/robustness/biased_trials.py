"""`tipping_bias`: how much bias in the trials at high risk would turn the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from bayes_ps import words
from bayes_ps.checks import Array, BayesPSError
from bayes_ps.decision import MCID
from bayes_ps.decision.mcid import caveats
from bayes_ps.fitting import fit as fit_by
from bayes_ps.posterior import ExactFit, Fit, Setting
from bayes_ps.robustness.risk_of_bias import Mask, stated
from bayes_ps.sensitivity.question import Question, Target, checked_cut, probability_of
from bayes_ps.sensitivity.refitting import exactly

TRIED = 61


@dataclass(frozen=True, eq=False)
class BiasTipping:
    """P(benefit) against the bias of the trials at high risk of bias.

    Attributes
    ----------
    bias : (m,) how much each of these trials overstates the benefit, from 0 up, in `question.unit`.
    p : (m,) P(benefit of at least the MCID) once that is taken off.
    crossing : biases at which P equals the cut, none if it never does.
    cut, question, target, mcid : what was asked.
    high_risk : the trials that are taken to be biased.
    k : number of all studies.
    notes : what must travel with the numbers.
    """

    bias: Array
    p: Array
    crossing: tuple[float, ...]
    cut: float
    question: Question
    target: Target
    mcid: MCID | None
    high_risk: tuple[str, ...]
    k: int
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Columns bias, p: those tried, and those at which P is the cut, in order."""
        pairs = [*zip(self.bias, self.p, strict=True), *((x, self.cut) for x in self.crossing)]
        return pd.DataFrame(sorted(pairs), columns=["bias", "p"])

    def __str__(self) -> str:
        side = "at or above" if self.p[0] >= self.cut else "already below"
        m = len(self.high_risk)
        which = "the trial" if m == 1 else f"each of the {m} trials"
        said = (
            f"{probability_of(self.target)}{self.question}) is {words.probability(self.p[0])} as "
            f"reported, {side} {self.cut:g}. {self._turned(which)}"
        )
        return "\n".join([said, *(f"Note: {note}" for note in self.notes)])

    def _turned(self, which: str) -> str:
        biased = f"{which} at high risk of bias ({len(self.high_risk)} of {self.k} studies)"
        unit, far = self.question.unit, f"{self.bias[-1]:.4g}"
        end = f"{words.probability(self.p[-1])} at a bias of {far} {unit}"
        if not self.crossing:
            return f"It stays there however much {biased} overstates the benefit ({end})."
        first = self.crossing[0]
        way = "falls below" if self.p[0] >= self.cut else "rises to"
        said = f"It {way} {self.cut:g} if {biased} overstates the benefit by {first:.4g} {unit}"
        if self.question.size:
            whose = "the MCID" if self.question.uncertain is None else "the median MCID"
            said += f" ({first / self.question.size:.2g} times {whose})"
        if len(self.crossing) == 1:
            return f"{said} or more ({end})."
        others = ", ".join(f"{x:.4g}" for x in self.crossing[1:])
        return f"{said}, and crosses it again at {others} ({end})."


def tipping_bias(
    fit: Fit,
    mcid: MCID | None = None,
    cut: float = 0.95,
    *,
    high_risk: Sequence[str] | None = None,
    target: Target = "mean",
    at: Setting = None,
    most: float | None = None,
) -> BiasTipping:
    """How much bias in the trials at high risk brings P(benefit) across the cut, by exact refits.

    Each trial at high risk of bias is taken to overstate the benefit by the same b: its estimate
    moves by b against the intervention, its standard error stays, and the model is refitted.

    Parameters
    ----------
    fit : of a linear Gaussian model; one by NUTS is refitted by the exact engine.
    mcid : in the unit of the effects, an uncertain one being integrated over; without it, any
        benefit is asked for.
    cut : the probability at which the decision turns.
    high_risk : names of the trials; without it those whose ``rob_overall`` in ``effects.data`` is
        "high".
    target : ``"mean"``, the mean effect, or ``"new"``, the effect in a new setting.
    at : the setting, for a model with moderators.
    most : the largest bias to try; twice the spread of the estimates, a standard error and the MCID
        together unless given.

    Returns
    -------
    BiasTipping
        Its sentence says the bias that turns the decision, or that none does.

    Raises
    ------
    StudyTableError
        If nobody says which trials are at high risk, or none is.

    Notes
    -----
    How to read it: whoever finds a bias of that size plausible cannot rely on the decision. What
    trials of such a kind exaggerate on average: Savović 2012,
    doi:10.7326/0003-4819-157-6-201209180-00537. P need not fall all the way: trials moved far from
    the others are taken for heterogeneity. For a bias that is not known but has a distribution fit
    ``models.BiasAdjusted``. Tests: ``tests/unit/test_robustness_bias.py``, against the closed form
    of a common effect.
    """
    question, cut, whole = Question.about(fit.effects, mcid), checked_cut(cut), exactly(fit)
    probability_of(target)  # refuses another target
    high = stated(fit.effects, high_risk)
    largest = _largest(whole, question) if most is None else float(most)
    if not 0 < largest < np.inf:
        raise BayesPSError(f"most is the largest bias to try, a number > 0, but is {most!r}.")
    p_at = partial(_p_under, whole, high, question, target=target, at=at)
    bias = np.linspace(0, largest, TRIED)
    p = np.array([p_at(b) for b in bias])
    places = np.flatnonzero(np.diff(p >= cut))
    roots = [brentq(lambda b: p_at(b) - cut, bias[i], bias[i + 1], xtol=1e-12) for i in places]
    names = tuple(str(name) for name in fit.effects.study[high])
    notes = (*whole.warnings, *caveats(fit.effects, mcid))
    crossing = tuple(float(root) for root in roots)
    return BiasTipping(bias, p, crossing, cut, question, target, mcid, names, whole.k, notes)


def _largest(fit: ExactFit, question: Question) -> float:
    y, se = fit.effects.y, fit.effects.se
    return float(2 * (np.ptp(np.append(y, 0.0)) + se.max() + question.size))


def _p_under(
    fit: ExactFit, high: Mask, question: Question, b: float, *, target: Target, at: Setting
) -> float:
    """P once a bias of b is taken off the trials at high risk."""
    y = fit.effects.y - question.sign * b * high
    refit = fit_by(fit.model, replace(fit.effects, y=y))
    return question.p(refit.average(at) if target == "mean" else refit.predictive(at))[0]
