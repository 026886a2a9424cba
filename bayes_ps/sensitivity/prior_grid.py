"""`priors`: the same studies under every pair of priors, and the decision under each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from bayes_ps import words
from bayes_ps.checks import Array, PriorError
from bayes_ps.decision import MCID
from bayes_ps.decision.mcid import caveats
from bayes_ps.effects import Effects
from bayes_ps.fitting import fit
from bayes_ps.posterior import Fit, Setting
from bayes_ps.priors import Prior
from bayes_ps.sensitivity.asking import Answers, answers
from bayes_ps.sensitivity.normal_normal import NormalNormal
from bayes_ps.sensitivity.question import Question, Target, checked_cut, probability_of
from bayes_ps.sensitivity.replacing import location_of, with_priors


@dataclass(frozen=True, eq=False)
class PriorGrid:
    """What the studies say under m pairs of priors; all of tau under the first of mu come first.

    Attributes
    ----------
    mu, tau : (m,) the priors of each pair as text, with their sources; "" where a model has none.
    answers : mean effect and probabilities of each pair.
    log_evidence : (m,) log p(y); it compares pairs of proper priors. A flat prior counts with
        density 1, so it compares only pairs that share it.
    fits : (m,) exact fits, for any further question.
    question, mcid, level : what was asked.
    notes : what must travel with the numbers.
    """

    mu: tuple[str, ...]
    tau: tuple[str, ...]
    answers: Answers
    log_evidence: Array
    fits: tuple[Fit, ...]
    question: Question
    mcid: MCID | None
    level: float
    notes: tuple[str, ...]

    def flips(self, cut: float, target: Target = "mean") -> pd.DataFrame:
        """The pairs that put P on the other side of `cut` than the first pair does."""
        first = float(self.answers.p(target)[0])
        return self.to_frame().iloc[self.answers.flipped(checked_cut(cut), target, first)]

    def to_frame(self) -> pd.DataFrame:
        """A row a pair: mu, tau, the answers, log_evidence, warnings."""
        table = {"mu": self.mu, "tau": self.tau, **self.answers.columns()}
        table["log_evidence"] = self.log_evidence
        return pd.DataFrame(table | {"warnings": [" ".join(fit.warnings) for fit in self.fits]})

    def __str__(self) -> str:
        said = [self._range("mean"), self._range("new")]
        warned = sum(bool(fit.warnings) for fit in self.fits)
        if warned:
            said.append(f"{warned} of {len(self.fits)} pairs come with a warning, see to_frame().")
        return "\n".join([" ".join(said), *(f"Note: {note}" for note in self.notes)])

    def _range(self, target: Target) -> str:
        p = self.answers.p(target)
        low, high = int(p.argmin()), int(p.argmax())
        return (
            f"{probability_of(target)}{self.question}) is {words.probability(p[low])} to "
            f"{words.probability(p[high])} under {p.size} choices of priors, lowest under "
            f"{self._pair(low)}, highest under {self._pair(high)}."
        )

    def _pair(self, row: int) -> str:
        named = (("mu", self.mu[row]), ("tau", self.tau[row]))
        return " and ".join(f"{name} ~ {prior}" for name, prior in named if prior)


def priors(
    effects: Effects,
    *,
    mu: Sequence[Prior] | None = None,
    tau: Sequence[Prior] | None = None,
    mcid: MCID | None = None,
    model: Any = None,
    at: Setting = None,
    level: float = 0.95,
) -> PriorGrid:
    """Fit the effects exactly under every pair of a prior of mu and a prior of tau.

    Parameters
    ----------
    effects : the estimates and their standard errors.
    mu, tau : priors to cross, the one of the analysis first. With a `model`, None keeps its own.
    mcid : in the unit of the effects; without it, any benefit is asked for.
    model : whose priors are replaced, a frozen dataclass with the fields ``mu`` (or ``beta``, of
        every coefficient) and ``tau``; random effects by default.
    at : the setting, for a model with moderators.
    level : of the intervals.

    Returns
    -------
    PriorGrid
        ``to_frame()`` has a row a pair; ``flips(0.95)`` names the priors that decide otherwise.

    Raises
    ------
    PriorError
        If there is no prior of mu or tau.
    ModelError
        If a posterior is improper.

    Notes
    -----
    The reporting guideline BARG asks for the decision under other priors: Kruschke 2021,
    doi:10.1038/s41562-021-01177-7. Tests: ``tests/unit/test_sensitivity.py``.
    """
    question = Question.about(effects, mcid)
    base, pairs = _pairs(model, mu, tau)
    fits = tuple(fit(with_priors(base, *pair), effects) for pair in pairs)
    labels = [(_label(f.model, location_of(base)), _label(f.model, "tau")) for f in fits]
    return PriorGrid(
        mu=tuple(label for label, _ in labels),
        tau=tuple(label for _, label in labels),
        answers=answers(fits, question, at=at, level=level),
        log_evidence=np.array([f.log_evidence for f in fits]),
        fits=fits,
        question=question,
        mcid=mcid,
        level=level,
        notes=caveats(effects, mcid),
    )


def _pairs(
    model: Any, mu: Sequence[Prior] | None, tau: Sequence[Prior] | None
) -> tuple[Any, list[tuple[Prior | None, Prior | None]]]:
    """The model whose priors are replaced, and by which."""
    lists: dict[str, list[Any]] = {}
    for name, given in (("mu", mu), ("tau", tau)):
        listed = [None] if given is None and model is not None else given
        if isinstance(listed, Prior) or not listed:
            raise PriorError(
                f"{name} must be a list of priors, as in "
                f"sensitivity.priors(effects, mu=[priors.flat(), priors.normal(0, 2)], "
                f"tau=[priors.half_normal(0.5), priors.half_cauchy(0.5)]), but is {given!r}."
            )
        lists[name] = list(listed)
    pairs = list(product(lists["mu"], lists["tau"]))
    if model is None:
        model = NormalNormal(lists["mu"][0], lists["tau"][0])
    return model, pairs


def _label(model: Any, name: str | None) -> str:
    prior = getattr(model, name, None) if name else None
    return "" if prior is None else str(prior)
