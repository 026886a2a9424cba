"""`tipping_prior`: how sceptical a prior must be to turn the decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from bayes_ps import words
from bayes_ps.checks import Array, ModelError
from bayes_ps.decision import MCID
from bayes_ps.decision.mcid import caveats
from bayes_ps.fitting import fit as fit_by
from bayes_ps.posterior import Fit, Setting
from bayes_ps.priors import Prior, half_normal, normal
from bayes_ps.sensitivity.question import Question, Target, checked_cut, probability_of
from bayes_ps.sensitivity.refitting import exactly
from bayes_ps.sensitivity.replacing import has_tau, location_of, with_priors

WIDEST, TRIED = 1e3, 37
"""Of the reach of the studies: widths are tried from 1 / WIDEST of it to WIDEST of it."""


@dataclass(frozen=True, eq=False)
class Tipping:
    """A family of priors of one unknown, and the widths at which P crosses the cut.

    Attributes
    ----------
    unknown : ``"mu"`` or ``"tau"``.
    family, parameter : ``normal(0, sd)`` by its `sd`, or ``half_normal(scale)`` by its `scale`.
    crossing : widths at which P equals the cut, none if it never does.
    width, p : (m,) widths tried, from narrow to wide, and P under each.
    """

    unknown: str
    family: str
    parameter: str
    crossing: tuple[float, ...]
    width: Array
    p: Array

    def spoken(self, cut: float) -> str:
        """Where P lies on which side of the cut."""
        prior = f"{self.unknown} ~ {self.family}"
        reach = f"{words.probability(self.p.min())} to {words.probability(self.p.max())}"
        if not self.crossing:
            where = "at or above" if self.p[0] >= cut else "below"
            return f"Under every {prior} it is {where} {cut:g} ({reach})."
        if len(self.crossing) > 1:
            places = " and ".join(f"{x:.4g}" for x in self.crossing)
            return f"Under {prior} it crosses {cut:g} at {self.parameter} {places} ({reach})."
        rises = self.p[-1] >= cut
        return (
            f"Under {prior} it is below {cut:g} where {self.parameter} "
            f"{'<' if rises else '>'} {self.crossing[0]:.4g} ({reach})."
        )


@dataclass(frozen=True, eq=False)
class TippingPriors:
    """What `tipping_prior` found.

    Attributes
    ----------
    p : P(benefit) under the priors of the fit.
    cut : where the decision turns.
    mu, tau : the tipping points of either prior, the other kept; None if the model has none.
    question, target, mcid : what was asked.
    notes : what must travel with the numbers.
    """

    p: float
    cut: float
    mu: Tipping | None
    tau: Tipping | None
    question: Question
    target: Target
    mcid: MCID | None
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Columns unknown, family, width, p: every width tried, and those at which P is the cut."""
        rows = [
            (each.unknown, each.family, width, p)
            for each in (self.mu, self.tau)
            if each is not None
            for width, p in sorted(
                [*zip(each.width, each.p, strict=True), *((x, self.cut) for x in each.crossing)]
            )
        ]
        return pd.DataFrame(rows, columns=["unknown", "family", "width", "p"])

    def __str__(self) -> str:
        where = "at or above" if self.p >= self.cut else "already below"
        said = (
            f"{probability_of(self.target)}{self.question}) is {words.probability(self.p)} under "
            f"the priors of the fit, {where} {self.cut:g}."
        )
        said = " ".join([said, *(t.spoken(self.cut) for t in (self.mu, self.tau) if t is not None)])
        return "\n".join([said, *(f"Note: {note}" for note in self.notes)])


def tipping_prior(
    fit: Fit,
    mcid: MCID | None = None,
    cut: float = 0.95,
    *,
    target: Target = "mean",
    at: Setting = None,
) -> TippingPriors:
    """The prior that would flip the decision, by exact refits.

    A sceptical ``normal(0, sd)`` for mu, and a ``half_normal(scale)`` for tau: at which sd, and at
    which scale, does P(benefit of at least the MCID) cross `cut`, the other prior kept?

    Parameters
    ----------
    fit : of a model with a prior ``mu``, ``tau`` or both.
    mcid : in the unit of the effects; without it, any benefit is asked for.
    cut : the probability at which the decision turns.
    target : ``"mean"``, the mean effect, or ``"new"``, the effect in a new setting.
    at : the setting, for a model with moderators (whose coefficients keep their priors).

    Returns
    -------
    TippingPriors
        Its sentence says where the decision turns, when it never does, and when it has already.

    Notes
    -----
    How to read it: a reader who finds the sceptical prior at which P falls below the cut too narrow
    to be reasonable has to accept the benefit (Matthews 2018, doi:10.1098/rsos.171047; Held et al.
    2022, doi:10.1002/jrsm.1538). Widths from a thousandth to a thousand times the reach of the
    studies are tried. Tests: ``tests/unit/test_sensitivity_tipping.py``, against the closed form
    of a common effect.
    """
    question, cut = Question.about(fit.effects, mcid), checked_cut(cut)
    probability_of(target)  # refuses another target

    def p_of(refit: Fit) -> float:
        return question.p(refit.average(at) if target == "mean" else refit.predictive(at))[0]

    def under(mu: Prior | None = None, tau: Prior | None = None) -> float:
        return p_of(fit_by(with_priors(fit.model, mu, tau), fit.effects))

    reach = float(np.abs(fit.effects.y).max() + fit.effects.se.max())
    of_mu = of_tau = None
    if location_of(fit.model) == "mu":
        found = _crossings(lambda sd: under(mu=normal(0, sd)), reach, cut)
        of_mu = Tipping("mu", "normal(0, sd)", "sd", *found)
    if has_tau(fit.model):
        found = _crossings(lambda scale: under(tau=half_normal(scale)), reach, cut)
        of_tau = Tipping("tau", "half_normal(scale)", "scale", *found)
    if of_mu is None and of_tau is None:
        raise ModelError(f"{type(fit.model).__name__} has no prior of mu or tau to replace.")
    p, notes = p_of(exactly(fit)), (*fit.warnings, *caveats(fit.effects, mcid))
    return TippingPriors(p, cut, of_mu, of_tau, question, target, mcid, notes)


def _crossings(
    p_under: Callable[[float], float], reach: float, cut: float
) -> tuple[tuple[float, ...], Array, Array]:
    """Widths at which P equals the cut, the widths tried, and P under each."""

    def p_at(log_width: float) -> float:
        return p_under(float(np.exp(log_width)))

    x = np.log(reach) + np.log(WIDEST) * np.linspace(-1, 1, TRIED)
    p = np.array([p_at(each) for each in x])
    places = np.flatnonzero(np.diff(p >= cut))
    roots = [brentq(lambda z: p_at(z) - cut, x[i], x[i + 1], xtol=1e-12) for i in places]
    return tuple(float(np.exp(root)) for root in roots), np.exp(x), p
