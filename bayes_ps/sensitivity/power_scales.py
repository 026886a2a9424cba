"""`power_scaling`: does the posterior follow the prior or the studies, and do they disagree?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bayes_ps import words
from bayes_ps.checks import Array, BayesPSError
from bayes_ps.decision import MCID
from bayes_ps.decision.mcid import caveats
from bayes_ps.posterior import ExactFit, Fit, Marginal, Setting
from bayes_ps.sensitivity.asking import Answers, asked
from bayes_ps.sensitivity.distance import cjs_distance, gradient, grid
from bayes_ps.sensitivity.question import Question, probability_of
from bayes_ps.sensitivity.refitting import exactly
from bayes_ps.sensitivity.scaling import Powers, Scaled, scaled

THRESHOLD = 0.05
DRAWS = 4000
CONFLICT = "potential prior-data conflict"
STRONG = "potential strong prior / weak likelihood"
NOTHING = "–"


@dataclass(frozen=True, eq=False)
class PowerScaling:
    """What `power_scaling` found.

    Attributes
    ----------
    sensitivity : a row an unknown (mean effect, tau, new setting): how far it moves a doubling of
        alpha, for the prior of the effect, that of tau, both, and the likelihood; and a diagnosis.
    component, alpha : (m,) what was raised to which power.
    answers : (m,) mean effect and probabilities under each; the first is the fit as it is.
    question, mcid, level : what was asked.
    notes : what must travel with the numbers.
    """

    sensitivity: pd.DataFrame
    component: tuple[str, ...]
    alpha: Array
    answers: Answers
    question: Question
    mcid: MCID | None
    level: float
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """A row a component and alpha: component, alpha, the answers."""
        scale = {"component": self.component, "alpha": self.alpha}
        return pd.DataFrame(scale | self.answers.columns())

    def __str__(self) -> str:
        said = [
            f"{row.unknown}: prior {row.prior:.3f}, likelihood {row.likelihood:.3f} ({why})"
            for row in self.sensitivity.itertuples()
            for why in [row.diagnosis if row.diagnosis != NOTHING else "no problem found"]
        ]
        p = self.answers.p_mean
        changed = (
            f"{probability_of('mean')}{self.question}) is {words.probability(p[0])}, and "
            f"{words.probability(p.min())} to {words.probability(p.max())} with alpha from "
            f"{self.alpha.min():g} to {self.alpha.max():g}."
        )
        sentence = f"Power-scaling sensitivity, {'; '.join(said)}. {changed}"
        return "\n".join([sentence, *(f"Note: {note}" for note in self.notes)])


def power_scaling(
    fit: Fit,
    mcid: MCID | None = None,
    alphas: Sequence[float] = (0.5, 0.8, 1.25, 2.0),
    *,
    at: Setting = None,
    level: float = 0.95,
) -> PowerScaling:
    """Raise the priors and the likelihood to powers, exactly, and see what moves.

    Parameters
    ----------
    fit : of a linear Gaussian model; one by NUTS is refitted by the exact engine.
    mcid : in the unit of the effects; without it, any benefit is asked for.
    alphas : powers under which the answers are shown: below 1 weakens, above 1 strengthens.
    at : the setting, for a model with moderators.
    level : of the intervals.

    Returns
    -------
    PowerScaling
        `sensitivity` is the diagnostic of priorsense and of ArviZ's ``psense_summary``: the change
        of the cumulative Jensen-Shannon distance a doubling of alpha, at alpha = 0.99 and 1.01. If
        that of the prior is 0.05 or more, look at that of the likelihood: at 0.05 or more too,
        prior and studies pull apart ("potential prior-data conflict"); below, the studies say
        little beside the prior ("potential strong prior / weak likelihood").

    Notes
    -----
    The likelihood is p(y | mu, tau), the true effects of the studies integrated out. Its power is
    not the model with se / sqrt(alpha): that would leave the spread between studies as it is. A
    flat or a uniform prior is its own power, so nothing is said of it.
    The distance depends on the range it is taken over, with draws the range of the draws. Here it
    runs between the quantiles that the outermost of 4000 draws are expected at, so that it is what
    those programs give for 4000 independent draws, without the noise.
    Kallioinen et al. 2023, doi:10.1007/s11222-023-10366-5. Tests:
    ``tests/unit/test_sensitivity_powers.py``, closed forms and brute force, and
    ``tests/oracle/test_power_scaling.py``, ArviZ on the draws.
    """
    question, whole = Question.about(fit.effects, mcid), exactly(fit)
    if not alphas or not all(np.isfinite(a) and a > 0 for a in alphas):
        raise BayesPSError(f"alphas must be powers > 0, as in (0.5, 2.0), but are {alphas!r}.")
    made = _components(whole)
    scales = [("as it is", 1.0), *((name, float(a)) for name in made for a in sorted(alphas))]
    fits = [scaled(whole, made[name](a) if name in made else Powers()) for name, a in scales]
    means, news = [f.average(at) for f in fits], [f.predictive(at) for f in fits]
    return PowerScaling(
        sensitivity=_sensitivity(whole, made, at),
        component=tuple(name for name, _ in scales),
        alpha=np.array([alpha for _, alpha in scales]),
        answers=Answers(*asked(means, news, question, level)),
        question=question,
        mcid=mcid,
        level=level,
        notes=(*whole.warnings, *caveats(fit.effects, mcid)),
    )


def _components(fit: ExactFit) -> dict[str, Callable[[float], Powers]]:
    """What can be raised to a power, by its name in the tables."""
    of_beta = "prior of mu" if "mu" in fit.unknowns else "prior of beta"
    found: dict[str, Callable[[float], Powers]] = {of_beta: lambda a: Powers(beta=a)}
    if fit.has_tau:
        found["prior of tau"] = lambda a: Powers(tau=a)
        found["prior"] = lambda a: Powers(beta=a, tau=a)
    return found | {"likelihood": lambda a: Powers(likelihood=a)}


def _sensitivity(
    fit: ExactFit, made: dict[str, Callable[[float], Powers]], at: Setting
) -> pd.DataFrame:
    """The diagnostic of each unknown for each component; what a prior fixes has none."""
    known: dict[str, tuple[Marginal, Callable[[Scaled, Array], Array]]] = {
        "mean effect": (fit.average(at), lambda s, x: s.average(at).cdf(x))
    }
    if fit.has_tau:
        known["tau"] = fit.marginal("tau"), lambda s, x: s.tau_cdf(x)
        known["new setting"] = fit.predictive(at), lambda s, x: s.predictive(at).cdf(x)
    ends = {name: m.ppf(np.array([1, DRAWS]) / (DRAWS + 1)) for name, (m, _) in known.items()}
    rules = {name: grid(low, high) for name, (low, high) in ends.items() if low < high}
    unknowns = {name: known[name][1] for name in rules}
    base = scaled(fit, Powers())
    at_base = {name: cdf(base, rules[name][0]) for name, cdf in unknowns.items()}
    rows: dict[str, dict[str, Any]] = {name: {"unknown": name} for name in unknowns}
    for component, powers in made.items():
        near = {a: scaled(fit, powers(a)) for a in (0.99, 1.01)}
        for name, cdf in unknowns.items():
            x, weight = rules[name]
            apart = {a: cjs_distance(at_base[name], cdf(s, x), weight) for a, s in near.items()}
            rows[name][component] = gradient(apart[0.99], apart[1.01])
    table = pd.DataFrame(list(rows.values()))
    if "prior" not in table:
        table.insert(2, "prior", table.iloc[:, 1])
    table["diagnosis"] = [
        diagnosis(*each) for each in zip(table["prior"], table["likelihood"], strict=True)
    ]
    return table


def diagnosis(prior: float, likelihood: float) -> str:
    """In the words of priorsense and ArviZ."""
    if prior >= THRESHOLD and likelihood >= THRESHOLD:
        return CONFLICT
    return STRONG if prior > THRESHOLD else NOTHING
