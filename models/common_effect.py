"""Common effect: every study estimates the same number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bayes_ps.hierarchy import INTERCEPT, GaussianHierarchy, sampling_covariance
from bayes_ps.priors import Prior, for_location
from models.sampling_distribution import report

if TYPE_CHECKING:
    import pymc as pm

    from bayes_ps.effects import Effects


@dataclass(frozen=True)
class CommonEffect:
    r"""y_i ~ N(mu, se_i²): no heterogeneity, so a new setting has the same effect.

    With a flat prior the posterior is the common-effect (fixed-effect) inverse-variance result.

    Attributes
    ----------
    mu : prior of the effect, in the unit of the effects.
    """

    mu: Prior

    def __post_init__(self) -> None:
        object.__setattr__(self, "mu", for_location(self.mu, "mu"))

    def build(self, effects: Effects, *, marginal: bool = True) -> pm.Model:
        """The PyMC model; there is no theta, so `marginal` changes nothing."""
        import pymc as pm

        with pm.Model(coords={"study": list(effects.study)}) as model:
            report(effects, mean=self.mu.variable("mu"))
        return model

    def gaussian(self, effects: Effects) -> GaussianHierarchy:
        """The same model for the exact engine."""
        return GaussianHierarchy(
            study=tuple(effects.study),
            y=effects.y,
            V=sampling_covariance(effects.se, effects.V),
            design=INTERCEPT,
            X=np.ones((effects.k, 1)),
            beta=(self.mu,),
            component=None,
        )

    def __str__(self) -> str:
        return f"Common effect: y_i ~ N(mu, se_i²), mu ~ {self.mu}"
