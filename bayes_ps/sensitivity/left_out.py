"""`leave_one_out`: what the other studies say without each, and what they would say of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from bayes_ps import words
from bayes_ps.checks import Array, ModelError
from bayes_ps.decision import MCID
from bayes_ps.decision.mcid import caveats
from bayes_ps.posterior import ExactFit, Fit, Setting
from bayes_ps.sensitivity.asking import Answers, answers
from bayes_ps.sensitivity.foretelling import prediction
from bayes_ps.sensitivity.question import Question, Target, checked_cut, probability_of
from bayes_ps.sensitivity.refitting import Refits, exactly, refits, tau_medians

ODD = 0.025
"""A PIT below this, or above 1 minus this, is unusual."""


@dataclass(frozen=True, eq=False)
class LeaveOneOut:
    """k exact refits, each without one study.

    Attributes
    ----------
    study : (k,) the one left out.
    fits, problem : (k,) the refits; None, and why, where the others cannot carry the model.
    answers : (k,) mean effect and probabilities without that study.
    elpd_i : (k,) log p(y_i | the others), in nats: higher is better foretold. NaN without a refit.
    pit : (k,) P(Y_i <= y_i | the others): uniform if the model is right. NaN without a refit.
    whole, with_all : the fit of all studies, and the answers (1,) of that.
    question, mcid, level : what was asked.
    notes : what must travel with the numbers.
    """

    study: tuple[str, ...]
    fits: tuple[ExactFit | None, ...]
    problem: tuple[str, ...]
    answers: Answers
    elpd_i: Array
    pit: Array
    whole: ExactFit
    with_all: Answers
    question: Question
    mcid: MCID | None
    level: float
    notes: tuple[str, ...]

    @cached_property
    def tau(self) -> Array:
        """(k,) posterior median of tau without each: 0 in a common-effect model."""
        return tau_medians(self.fits)

    @property
    def elpd(self) -> float:
        """Sum of elpd_i: the expected log predictive density of leave-one-out."""
        return float(self._complete.sum())

    @property
    def elpd_se(self) -> float:
        """Standard error of elpd, sqrt(k) times the SD of elpd_i: rough for few studies."""
        return float(np.sqrt(self.elpd_i.size) * self._complete.std(ddof=1))

    @property
    def unusual(self) -> tuple[str, ...]:
        """Studies that the others would hardly have foretold: PIT < 0.025 or > 0.975."""
        odd = np.abs(self.pit - 0.5) > 0.5 - ODD
        return tuple(s for s, is_odd in zip(self.study, odd, strict=True) if is_odd)

    def flips(self, cut: float, target: Target = "mean") -> tuple[str, ...]:
        """Studies without which P lies on the other side of `cut` than with all."""
        than = float(self.with_all.p(target)[0])
        return tuple(self.study[i] for i in self.answers.flipped(checked_cut(cut), target, than))

    def to_frame(self) -> pd.DataFrame:
        """A row a study left out: study, the answers, tau, elpd, pit, problem."""
        table = {"study": self.study, **self.answers.columns(), "tau": self.tau}
        return pd.DataFrame(table | {"elpd": self.elpd_i, "pit": self.pit, "problem": self.problem})

    def __str__(self) -> str:
        said = [self._range(), self._foretold()]
        said += [
            f"Without {study!r} there is no fit: {why}"
            for study, why in zip(self.study, self.problem, strict=True)
            if why
        ]
        return "\n".join([" ".join(said), *(f"Note: {note}" for note in self.notes)])

    @property
    def _complete(self) -> Array:
        for study, why in zip(self.study, self.problem, strict=True):
            if why:
                raise ModelError(
                    f"elpd is a sum over all studies, but without {study!r} there is no fit: {why} "
                    f"Use elpd_i of the other studies."
                )
        return self.elpd_i

    def _range(self) -> str:
        p, known = self.answers.p_mean, np.isfinite(self.answers.p_mean)
        with_all = words.probability(self.with_all.p_mean[0])
        said = f"{probability_of('mean')}{self.question}) is {with_all}"
        if not known.any():
            return f"{said} with all studies."
        low, high = int(np.nanargmin(p)), int(np.nanargmax(p))
        return (
            f"{said} with all {len(self.study)} studies, and with one left out "
            f"{words.probability(p[low])} (without {self.study[low]!r}) to "
            f"{words.probability(p[high])} (without {self.study[high]!r})."
        )

    def _foretold(self) -> str:
        odd = ", ".join(self.unusual)
        said = f"The others would hardly have foretold {odd}" if odd else "The others foretell each"
        said += " (PIT below 0.025 or above 0.975)." if odd else " (PIT from 0.025 to 0.975)."
        if any(self.problem):
            return said
        return f"elpd {self.elpd:.2f} (SE {self.elpd_se:.2f}). {said}"


def leave_one_out(
    fit: Fit, mcid: MCID | None = None, *, at: Setting = None, level: float = 0.95
) -> LeaveOneOut:
    """Refit exactly without each study, and ask what the others say of the one left out.

    Parameters
    ----------
    fit : of a linear Gaussian model; one by NUTS is refitted by the exact engine.
    mcid : in the unit of the effects; without it, any benefit is asked for.
    at : the setting, for a model with moderators.
    level : of the intervals.

    Returns
    -------
    LeaveOneOut
        A study without which the others cannot carry the model (the only one at its level of a
        moderator, say) is reported in `problem`.

    Raises
    ------
    ModelError
        For a single study, or a model that is not linear and Gaussian.

    Notes
    -----
    elpd_i = log p(y_i | y_−i) and PIT_i = P(Y_i <= y_i | y_−i) integrate beta, tau and the true
    effect of study i out, exactly: nothing is reweighted, so no Pareto k can fail. Where studies
    share participants (V is a matrix), what the others' errors say of that of study i counts.
    One PIT in twenty is unusual by chance: among many studies some will be. ArviZ draws them:
    ``plot_ecdf_pit(xr.Dataset({"pit": ("study", result.pit)}), sample_dims=["study"])``.
    Vehtari, Gelman & Gabry 2017, doi:10.1007/s11222-016-9696-4. Tests:
    ``tests/oracle/test_leave_one_out.py``, to 1e-12 of 30-digit arithmetic.
    """
    question, whole = Question.about(fit.effects, mcid), exactly(fit)
    effects = whole.effects
    if effects.k < 2:
        raise ModelError("With 1 study nothing is left to leave it out of. It takes 2 or more.")
    left = refits(whole, [effects.drop(str(study)) for study in effects.study], at)
    elpd, pit = _foretold(whole, left)
    return LeaveOneOut(
        study=tuple(map(str, effects.study)),
        fits=left.fits,
        problem=left.problem,
        answers=answers(left.fits, question, at=at, level=level),
        elpd_i=elpd,
        pit=pit,
        whole=whole,
        with_all=answers([whole], question, at=at, level=level),
        question=question,
        mcid=mcid,
        level=level,
        notes=(*whole.warnings, *caveats(effects, mcid), *_few(effects.k)),
    )


def _foretold(whole: ExactFit, left: Refits) -> tuple[Array, Array]:
    """elpd_i and PIT of each study."""
    elpd, pit = np.full((2, whole.k), np.nan)
    for row, rest in enumerate(left.fits):
        if rest is not None:
            foretold, y = prediction(whole, rest, row), float(whole.posterior.hierarchy.y[row])
            elpd[row], pit[row] = foretold.log_density(y), foretold.cdf(y)
    return elpd, pit


def _few(k: int) -> tuple[str, ...]:
    if k > 2:
        return ()
    return (
        "With 2 studies each is foretold by the other alone, so that the prior of tau decides how "
        "far apart they may lie.",
    )
