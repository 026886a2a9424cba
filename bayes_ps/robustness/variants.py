"""`Variant`: one analysis other than the one of the fit, and what it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bayes_ps.checks import ModelError
from bayes_ps.diagnostics import diagnose
from bayes_ps.effects import Effects
from bayes_ps.fitting import fit as fit_by
from bayes_ps.hierarchy import GaussianHierarchy
from bayes_ps.posterior import Fit, Setting
from bayes_ps.sensitivity.question import Question, Target

NAN = float("nan")
LEVEL = 0.95


@dataclass(frozen=True)
class Variant:
    """An analysis: what was changed, and the mean effect and probabilities that come out.

    Attributes
    ----------
    kind : ``"as fitted"``, ``"priors"``, ``"common effect"``, ``"leave one out"``,
        ``"risk of bias"`` or ``"model"``.
    changed : what differs from the fit, in words.
    mu, tau : the priors of these as text, with their sources; "" where the model has none.
    k : number of studies.
    median, lower, upper : of the mean effect; a central 95 % interval.
    p_mean, p_new : P(benefit of at least the MCID) of the mean effect, and in one new setting.
    mcse_mean, mcse_new : Monte Carlo standard errors of these; 0 if exact.
    problem : why there is no fit, the numbers then being NaN; "" where there is one.
    warnings : of the fit.
    """

    kind: str
    changed: str
    k: int
    median: float = NAN
    lower: float = NAN
    upper: float = NAN
    p_mean: float = NAN
    p_new: float = NAN
    mcse_mean: float = NAN
    mcse_new: float = NAN
    mu: str = ""
    tau: str = ""
    problem: str = ""
    warnings: tuple[str, ...] = ()

    def p(self, target: Target) -> float:
        """P(benefit of at least the MCID) of the mean effect, or in one new setting."""
        return self.p_mean if target == "mean" else self.p_new

    def side(self, cut: float, target: Target = "mean") -> str:
        """Of the cut that P of the target lies on; "unclear" within two Monte Carlo errors."""
        if self.problem:
            return ""
        mcse = self.mcse_mean if target == "mean" else self.mcse_new
        if abs(self.p(target) - cut) < 2 * mcse:
            return "unclear"
        return "at or above" if self.p(target) >= cut else "below"


@dataclass(frozen=True)
class Planned:
    """A model and effects that are to be fitted, and how they differ from the fit."""

    kind: str
    changed: str
    model: Any
    effects: Effects


@dataclass(frozen=True)
class WithoutHeterogeneity:
    """The Gaussian hierarchy of `model` without its variance components: a common effect."""

    model: Any

    def gaussian(self, effects: Effects) -> GaussianHierarchy:
        """For the exact engine."""
        return replace(self.model.gaussian(effects), component=None, within=None)


def carried_out(
    plans: Iterable[Planned], question: Question, *, at: Setting, seed: int
) -> list[Variant]:
    """Each fitted: exactly, or by NUTS where a model has no Gaussian form."""
    return [_carried_out(plan, question, at, seed) for plan in plans]


def answered(kind: str, changed: str, fit: Fit, question: Question, *, at: Setting) -> Variant:
    """What a fit says."""
    mean = fit.average(at)
    low, high = mean.interval(LEVEL)
    (p_mean, mcse_mean), (p_new, mcse_new) = question.p(mean), question.p(fit.predictive(at))
    return Variant(
        kind=kind,
        changed=changed,
        k=fit.k,
        median=mean.median,
        lower=low,
        upper=high,
        p_mean=p_mean,
        p_new=p_new,
        mcse_mean=mcse_mean,
        mcse_new=mcse_new,
        mu=_prior(fit.model, "mu"),
        tau=_prior(fit.model, "tau"),
        warnings=fit.warnings + (() if fit.engine == "exact" else diagnose(fit).problems),
    )


def _prior(model: Any, name: str) -> str:
    prior = getattr(model, name, None)
    return "" if prior is None else str(prior)


def _carried_out(plan: Planned, question: Question, at: Setting, seed: int) -> Variant:
    try:
        if hasattr(plan.model, "gaussian"):
            fit = fit_by(plan.model, plan.effects)
        else:
            fit = fit_by(plan.model, plan.effects, engine="nuts", seed=seed)
        return answered(plan.kind, plan.changed, fit, question, at=at)
    except ModelError as error:
        return Variant(plan.kind, plan.changed, plan.effects.k, problem=str(error))
