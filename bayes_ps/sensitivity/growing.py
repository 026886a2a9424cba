"""`cumulative`: the evidence as it grew, study after study."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from bayes_ps import words
from bayes_ps.checks import Array, StudyTableError
from bayes_ps.decision import MCID
from bayes_ps.decision.mcid import caveats
from bayes_ps.effects import Effects
from bayes_ps.posterior import ExactFit, Fit, Setting
from bayes_ps.sensitivity.asking import Answers, answers
from bayes_ps.sensitivity.question import Question, Target, checked_cut, probability_of
from bayes_ps.sensitivity.refitting import exactly, refits, tau_medians


@dataclass(frozen=True, eq=False)
class Cumulative:
    """k exact fits, each of one study more than the last.

    Attributes
    ----------
    study : (k,) the one added; `order` says by what they are sorted, "" as they stand.
    fits, problem : (k,) the fits; None, and why, where so few cannot carry the model.
    answers : (k,) mean effect and probabilities.
    question, mcid, level : what was asked.
    notes : what must travel with the numbers.
    """

    study: tuple[str, ...]
    order: str
    fits: tuple[ExactFit | None, ...]
    problem: tuple[str, ...]
    answers: Answers
    question: Question
    mcid: MCID | None
    level: float
    notes: tuple[str, ...]

    @cached_property
    def tau(self) -> Array:
        """(k,) posterior median of tau: 0 in a common-effect model."""
        return tau_medians(self.fits)

    def settled(self, cut: float, target: Target = "mean") -> str:
        """The study since which P has stayed on the side of `cut` on which it ends."""
        p = self.answers.p(target)
        other = (p >= checked_cut(cut)) != (p[-1] >= cut)
        return self.study[int(np.flatnonzero(other | ~np.isfinite(p)).max(initial=-1)) + 1]

    def to_frame(self) -> pd.DataFrame:
        """A row a study added: study, k, the answers, tau, problem."""
        k = np.arange(1, len(self.study) + 1)
        table = {"study": self.study, "k": k, **self.answers.columns(), "tau": self.tau}
        return pd.DataFrame(table | {"problem": self.problem})

    def __str__(self) -> str:
        steps = " → ".join(words.probability(p) for p in self.answers.p_mean if np.isfinite(p))
        said = [f"{probability_of('mean')}{self.question}) as studies were added"]
        said += [f"by {self.order}"] if self.order else []
        lost = sum(bool(why) for why in self.problem)
        said += [f"(from study {lost + 1} on)"] if lost else []
        return "\n".join([f"{' '.join(said)}: {steps}.", *(f"Note: {n}" for n in self.notes)])


def cumulative(
    fit: Fit,
    order: str | None = None,
    mcid: MCID | None = None,
    *,
    at: Setting = None,
    level: float = 0.95,
) -> Cumulative:
    """Fit the first study, the first two, and so on, exactly.

    Parameters
    ----------
    fit : of a linear Gaussian model; one by NUTS is refitted by the exact engine.
    order : "study", "y", "se", or a column of ``effects.data`` such as the year; None keeps the
        order in which the studies stand. Ties keep that order too.
    mcid : in the unit of the effects; without it, any benefit is asked for.
    at : the setting, for a model with moderators.
    level : of the intervals.

    Returns
    -------
    Cumulative
        The first fits are missing, with the reason in `problem`, where so few studies cannot carry
        the model: with an improper prior of tau, or with moderators.

    Notes
    -----
    A posterior does not depend on how often one has looked; but the order says something only if it
    is that in which the evidence became known. Lau et al. 1992,
    doi:10.1056/NEJM199207233270406. Tests: ``tests/unit/test_sensitivity_refits.py``.
    """
    question, whole = Question.about(fit.effects, mcid), exactly(fit)
    effects = whole.effects if order is None else _sorted(whole.effects, order)
    k = np.arange(effects.k)
    grown = refits(whole, [effects.where(k <= last) for last in k], at)
    return Cumulative(
        study=tuple(map(str, effects.study)),
        order=order or "",
        fits=grown.fits,
        problem=grown.problem,
        answers=answers(grown.fits, question, at=at, level=level),
        question=question,
        mcid=mcid,
        level=level,
        notes=(*whole.warnings, *caveats(fit.effects, mcid)),
    )


def _sorted(effects: Effects, order: str) -> Effects:
    ordered = effects.sort(order)
    unknown = ordered.to_frame()[order].isna().to_numpy()
    if unknown.any():
        raise StudyTableError(
            f'"{order}" is missing for "{ordered.study[unknown][0]}", so that its place in the '
            f"order is not known. Fill it, or leave the study out: effects.drop(…)."
        )
    return ordered
