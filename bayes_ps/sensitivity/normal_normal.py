"""Random effects without `models`: what a prior sensitivity analysis fits unless told otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from bayes_ps.effects import Effects
from bayes_ps.hierarchy import GaussianHierarchy, normal_normal
from bayes_ps.priors import Prior, for_location, for_scale


@dataclass(frozen=True)
class NormalNormal:
    """y_i ~ N(theta_i, se_i²), theta_i ~ N(mu, tau²), as ``models.RandomEffects``."""

    mu: Prior
    tau: Prior

    def __post_init__(self) -> None:
        object.__setattr__(self, "mu", for_location(self.mu, "mu"))
        object.__setattr__(self, "tau", for_scale(self.tau, "tau"))

    def gaussian(self, effects: Effects) -> GaussianHierarchy:
        """For the exact engine."""
        return normal_normal(effects, self.mu, self.tau)
