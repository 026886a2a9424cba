"""`compare`: marginal likelihoods, Bayes factors and posterior probabilities of models."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from bayes_ps import words
from bayes_ps.checks import Array, BayesPSError, ModelError
from bayes_ps.comparison.averaged import Averaged
from bayes_ps.comparison.averaged_fit import AveragedFit
from bayes_ps.comparison.comparable import refuse_arbitrary, refuse_other_data
from bayes_ps.posterior import ExactFit, Fit, Setting


@dataclass(frozen=True, eq=False)
class Comparison:
    """Models of the same effects.

    Attributes
    ----------
    name, fits : (m,) the models and their exact fits.
    log_evidence : (m,) log p(y | model).
    prior_probability, probability : (m,) of each model, before and after seeing y.
    """

    name: tuple[str, ...]
    fits: tuple[ExactFit, ...]
    log_evidence: Array
    prior_probability: Array
    probability: Array

    @property
    def notes(self) -> tuple[str, ...]:
        """The warnings of each fit, with the model that they are of."""
        named = zip(self.name, self.fits, strict=True)
        return tuple(f"In {name}: {warning}" for name, fit in named for warning in fit.warnings)

    @property
    def best(self) -> str:
        """The model with the largest evidence."""
        return self.name[int(self.log_evidence.argmax())]

    def bayes_factor(self, model: str, against: str) -> float:
        """p(y | model) / p(y | against): how many times better the one foretold the estimates."""
        log_bf = self.log_evidence[self._row(model)] - self.log_evidence[self._row(against)]
        return float(np.exp(log_bf))

    def inclusion_factor(self, models: Collection[str]) -> float:
        """Bayes factor of a group of models against the rest: posterior odds over prior odds.

        With the models that have an effect it is the inclusion Bayes factor of the effect; with
        those that have a tau, that of heterogeneity.
        """
        group = set() if isinstance(models, str) else {self._row(model) for model in models}
        inside = np.isin(np.arange(len(self.name)), list(group))
        if not inside.any() or inside.all():
            raise BayesPSError(
                f"A group of models is a list of some of {', '.join(self.name)}, not {models!r}."
            )
        log_joint = self.log_evidence + np.log(self.prior_probability)
        within, without = (
            logsumexp(log_joint[part]) - np.log(self.prior_probability[part].sum())
            for part in (inside, ~inside)
        )
        return float(np.exp(within - without))

    @cached_property
    def fit(self) -> AveragedFit:
        """The average over the models as a fit: ``bps.decide(comparison.fit, mcid)``."""
        parts = zip(self.name, self.probability, strict=True)
        spoken = ", ".join(f"{name} {words.probability(p)}" for name, p in parts)
        return AveragedFit(
            f"Average of {len(self.name)} models by posterior probability: {spoken}",
            self.fits[0].effects,
            None,
            self.fits[0].seed,
            self.notes,
            fits=self.fits,
            weight=self.probability,
            evidence=float(logsumexp(self.log_evidence + np.log(self.prior_probability))),
        )

    def average(self, name: str = "mu") -> Averaged:
        """The posterior of an unknown, averaged: a point where a model fixes it."""
        return self.fit.marginal(name)

    def predictive(self, at: Setting = None) -> Averaged:
        """The true effect in one new setting, averaged."""
        return self.fit.predictive(at)

    def study(self, name: str) -> Averaged:
        """The true effect of a study, averaged."""
        return self.fit.study(name)

    def to_frame(self, against: str | None = None) -> pd.DataFrame:
        """A row a model; Bayes factors against `against`, by default the best model."""
        base = self.log_evidence[self._row(self.best if against is None else against)]
        log_bf = self.log_evidence - base
        return pd.DataFrame(
            {
                "model": self.name,
                "log_evidence": self.log_evidence,
                "log_bayes_factor": log_bf,
                "bayes_factor": np.exp(log_bf),
                "prior_probability": self.prior_probability,
                "probability": self.probability,
            }
        )

    def __str__(self) -> str:
        order = np.argsort(-self.probability)
        listed = "; ".join(
            f"{self.name[m]} {words.probability(self.probability[m])}"
            f" (prior {self.prior_probability[m]:.3g}, log evidence {self.log_evidence[m]:.3f})"
            for m in order
        )
        said = f"Posterior probability of {len(self.name)} models: {listed}."
        return "\n".join([said, *(f"Note: {note}" for note in self.notes)])

    def _row(self, model: str) -> int:
        if model not in self.name:
            raise BayesPSError(f"There is no model {model!r}. Have: {', '.join(self.name)}.")
        return self.name.index(model)


def compare(
    fits: Mapping[str, Fit] | Sequence[Fit],
    prior_probability: Mapping[str, float] | Sequence[float] | None = None,
) -> Comparison:
    """Compare models of the same effects by their evidence, and average over them.

    Parameters
    ----------
    fits : exact fits by name, as in ``{"effect": …, "no effect": …}``; in a list each is named by
        its model. Fix an unknown by ``priors.point(0)``.
    prior_probability : of each model, by name or in their order, adding up to 1; equal by default.

    Returns
    -------
    Comparison

    Raises
    ------
    ModelError
        If the fits are of other effects, by NUTS, or if an improper prior that they do not share
        makes their Bayes factor arbitrary.

    Notes
    -----
    p(y | model) is the mean of the likelihood over the prior, so that a Bayes factor depends on the
    width of the prior of what one model has and the other has not, however many studies there are
    (Lindley 1957, doi:10.1093/biomet/44.1-2.187). Averaging over an effect that is there or not
    (Gronau et al. 2017, doi:10.1080/23743603.2017.1326760) gives "no effect" a probability of its
    own, which pulls the mean to 0. Tests: ``tests/golden/test_model_comparison.py``.
    """
    named = _named(fits)
    refuse_other_data(named)
    refuse_arbitrary(named)
    log_evidence = np.array([fit.log_evidence for fit in named.values()])
    prior = _probabilities(prior_probability, tuple(named))
    log_joint = log_evidence + np.log(prior)
    exact = tuple(fit for fit in named.values() if isinstance(fit, ExactFit))
    probability = np.exp(log_joint - logsumexp(log_joint))
    return Comparison(tuple(named), exact, log_evidence, prior, probability)


def _named(fits: Mapping[str, Fit] | Sequence[Fit]) -> dict[str, Fit]:
    if isinstance(fits, Mapping):
        named = dict(fits)
    else:
        named = {str(fit.model): fit for fit in fits}
        if len(named) < len(fits):
            raise BayesPSError("Two models print alike. Name the fits: compare({'a': …, 'b': …}).")
    if len(named) < 2:
        raise BayesPSError("A comparison takes two fits or more.")
    for name, fit in named.items():
        if not isinstance(fit, ExactFit):
            raise ModelError(
                f"{name!r} has no evidence: it must be an exact fit, "
                f'bps.fit(model, effects, engine="exact").'
            )
    return named


def _probabilities(
    given: Mapping[str, float] | Sequence[float] | None, names: tuple[str, ...]
) -> Array:
    if given is None:
        return np.full(len(names), 1 / len(names))
    if isinstance(given, Mapping):
        if set(given) != set(names):
            raise BayesPSError(f"prior_probability names {sorted(given)}, not {sorted(names)}.")
        given = [given[name] for name in names]
    p = np.asarray(given, dtype=float)
    if p.shape != (len(names),) or not (p > 0).all() or abs(p.sum() - 1) > 1e-9:
        raise BayesPSError(
            f"prior_probability must be {len(names)} numbers > 0 that add up to 1, not {given!r}."
        )
    return p
