"""Pooled evidence: a published pooled estimate when the studies behind it are not public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bayes_ps.checks import ModelError
from bayes_ps.hierarchy import INTERCEPT, Component, GaussianHierarchy, sampling_covariance
from bayes_ps.priors import Prior, for_external, for_location
from models.sampling_distribution import report

if TYPE_CHECKING:
    import pymc as pm

    from bayes_ps.effects import Effects


@dataclass(frozen=True)
class PooledEvidence:
    r"""y ~ N(mu, se²),  theta_new ~ N(mu, tau²): y is one published random-effects pool.

    This model takes nothing about tau from the pool, so the posterior of tau is its prior: `tau`
    must come from outside (Rhodes 2015 for SMDs, Turner 2015 for log odds ratios), and whatever is
    said about a new setting rests on it. Say so wherever that number is shown. The width of the
    pool does bound the tau that its authors estimated, at se sqrt(k) for k studies: a prior with
    much mass above that overstates how far settings differ.

    Attributes
    ----------
    mu : prior of the average effect, in the unit of the estimate.
    tau : external prior of the between-study standard deviation, in the same unit.
    """

    mu: Prior
    tau: Prior

    def __post_init__(self) -> None:
        object.__setattr__(self, "mu", for_location(self.mu, "mu"))
        object.__setattr__(self, "tau", for_external(self.tau, "tau"))

    def build(self, effects: Effects, *, marginal: bool = True) -> pm.Model:
        """The PyMC model; there is no theta of a study, so `marginal` changes nothing."""
        import pymc as pm

        _one(effects)
        with pm.Model(coords={"study": list(effects.study)}) as model:
            self.tau.variable("tau")
            report(effects, mean=self.mu.variable("mu"))
        return model

    def gaussian(self, effects: Effects) -> GaussianHierarchy:
        """The same model for the exact engine."""
        _one(effects)
        return GaussianHierarchy(
            study=tuple(effects.study),
            y=effects.y,
            V=sampling_covariance(effects.se, effects.V),
            design=INTERCEPT,
            X=np.ones((1, 1)),
            beta=(self.mu,),
            component=Component("tau", self.tau, Z=np.zeros((1, 1))),
        )

    def __str__(self) -> str:
        return (
            f"Pooled evidence: y ~ N(mu, se²), theta_new ~ N(mu, tau²), mu ~ {self.mu}, "
            f"tau ~ {self.tau} (external: not updated by the pool)"
        )


def _one(effects: Effects) -> None:
    if effects.k != 1:
        raise ModelError(
            f"PooledEvidence takes one pooled estimate, but got {effects.k} studies. "
            f"With the studies at hand use RandomEffects(mu=…, tau=…)."
        )
