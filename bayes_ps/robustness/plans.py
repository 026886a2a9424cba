"""What `robustness` tries: priors of mu times priors of tau, a common effect, fewer studies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from bayes_ps.checks import PriorError
from bayes_ps.decision import MCID
from bayes_ps.posterior import ExactFit, Setting
from bayes_ps.priors import Prior, flat
from bayes_ps.priors.location import Flat
from bayes_ps.robustness.mean_priors import enthusiastic, sceptical
from bayes_ps.robustness.risk_of_bias import Mask
from bayes_ps.robustness.tau_priors import other_tau_priors
from bayes_ps.robustness.variants import Planned, Variant, WithoutHeterogeneity, answered
from bayes_ps.sensitivity.question import Question
from bayes_ps.sensitivity.refitting import refits
from bayes_ps.sensitivity.replacing import has_tau, location_of, with_priors

OWN, COMMON = "as fitted", "common effect"


def priors_to_cross(
    fit: ExactFit, mcid: MCID, mu: Sequence[Prior] | None, tau: Sequence[Prior] | None
) -> Iterator[Planned]:
    """Every pair of a prior of mu and one of tau but the pair of the fit."""
    of_mu, of_tau = _of_mu(fit, mcid, mu), _of_tau(fit, tau)
    for (name, prior), (tau_name, tau_prior) in product(of_mu.items(), of_tau.items()):
        said = [f"{name} mu"] * (name != OWN) + [f"tau {tau_name}"] * (tau_name != OWN)
        if said:
            model = with_priors(fit.model, prior, tau_prior)
            yield Planned("priors", ", ".join(said), model, fit.effects)


def common_effect(fit: ExactFit) -> Iterator[Planned]:
    """Without heterogeneity, where there is some to leave out."""
    if fit.studies and fit.has_tau:
        model = WithoutHeterogeneity(fit.model)
        yield Planned(COMMON, "no heterogeneity", model, fit.effects)


def handed_in(fit: ExactFit, models: Sequence[Any]) -> Iterator[Planned]:
    """More models for the same effects."""
    for model in models:
        yield Planned("model", str(model).split(":")[0], model, fit.effects)


def without_high_risk(fit: ExactFit, high: Mask | None) -> Iterator[Planned]:
    """Without the studies at high risk of bias, where some others are left."""
    if high is not None and high.any() and not high.all():
        left = fit.effects.where(~high)
        yield Planned("risk of bias", f"without {high.sum()} at high risk", fit.model, left)


def one_fewer(fit: ExactFit, question: Question, at: Setting) -> list[Variant]:
    """Without each study in turn."""
    if fit.k < 2:
        return []
    names = [str(name) for name in fit.effects.study]
    left = refits(fit, [fit.effects.drop(name) for name in names], at)
    found = []
    for name, refit, problem in zip(names, left.fits, left.problem, strict=True):
        changed = f"without {name!r}"
        if refit is None:
            found.append(Variant("leave one out", changed, fit.k - 1, problem=problem))
        else:
            found.append(answered("leave one out", changed, refit, question, at=at))
    return found


def _of_mu(fit: ExactFit, mcid: MCID, more: Sequence[Prior] | None) -> dict[str, Prior | None]:
    """The priors of mu by name; the one of the fit alone where the model has no mu."""
    found: dict[str, Prior | None] = {OWN: None}
    if location_of(fit.model) != "mu":
        if more:
            raise PriorError(f"{type(fit.model).__name__} has no mu, so mu=… cannot be tried.")
        return found
    if not isinstance(fit.model.mu, Flat):
        found["flat"] = flat()
    found["sceptical"] = sceptical(fit.effects, mcid)
    found["enthusiastic"] = enthusiastic(fit.effects, mcid)
    return found | _named(more, "mu")


def _of_tau(fit: ExactFit, more: Sequence[Prior] | None) -> dict[str, Prior | None]:
    """The priors of tau by name."""
    found: dict[str, Prior | None] = {OWN: None}
    if not has_tau(fit.model):
        if more:
            raise PriorError(f"{type(fit.model).__name__} has no tau, so tau=… cannot be tried.")
        return found
    own: Any = fit.model.tau
    return found | other_tau_priors(own, fit.effects.se) | _named(more, "tau")


def _named(more: Sequence[Prior] | None, name: str) -> dict[str, Prior]:
    """What the analyst adds, by what it prints."""
    if isinstance(more, Prior) or not all(isinstance(prior, Prior) for prior in more or ()):
        example = "normal(-5, 3)" if name == "mu" else "rhodes2015()"
        raise PriorError(
            f"{name} must be a list of priors, as in {name}=[priors.{example}], but is {more!r}."
        )
    return {f"~ {_short(prior)}" if name == "tau" else _short(prior): prior for prior in more or ()}


def _short(prior: Prior) -> str:
    """Without the source, which stands in a column of its own, but for who wrote it."""
    if not prior.source:
        return repr(prior)
    return f"{replace(prior, source='')} ({prior.source.split(',')[0]})"
