"""Three levels: effects within clusters, such as outcomes within trials or schools in districts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import ModelError
from bayes_ps.hierarchy import INTERCEPT, Component, GaussianHierarchy, sampling_covariance
from bayes_ps.priors import Prior, for_location, for_scale
from models.columns import labels
from models.sampling_distribution import report

if TYPE_CHECKING:
    import pymc as pm

    from bayes_ps.effects import Effects


@dataclass(frozen=True)
class ThreeLevel:
    r"""y_ij ~ N(theta_ij, se_ij²),  theta_ij ~ N(kappa_j, omega²),  kappa_j ~ N(mu, tau²).

    Estimate i belongs to cluster j. A new setting is a new estimate in a new cluster, so that its
    true effect varies around mu with variance tau² + omega².

    Attributes
    ----------
    cluster : the column of ``effects.data`` that names the cluster of each estimate.
    mu : prior of the average effect.
    tau : prior of the standard deviation between clusters.
    omega : prior of the standard deviation within a cluster.

    Notes
    -----
    Konstantopoulos 2011, doi:10.1002/jrsm.35; its schools within districts against two-dimensional
    quadrature are in ``tests/oracle/test_three_level.py``.
    """

    cluster: str
    mu: Prior
    tau: Prior
    omega: Prior

    def __post_init__(self) -> None:
        object.__setattr__(self, "mu", for_location(self.mu, "mu"))
        object.__setattr__(self, "tau", for_scale(self.tau, "tau"))
        object.__setattr__(self, "omega", for_scale(self.omega, "omega"))

    def build(self, effects: Effects, *, marginal: bool = True) -> pm.Model:
        """The PyMC model; `marginal` integrates theta and kappa out. Reads the clusters."""
        import pymc as pm

        names, of = self._clusters(effects)
        coords = {"study": list(effects.study)} | ({} if marginal else {"cluster": names})
        with pm.Model(coords=coords) as model:
            mu = self.mu.variable("mu")
            tau = self.tau.given(effects.se).variable("tau")
            omega = self.omega.given(effects.se).variable("omega")
            if marginal:
                report(effects, mean=mu, tau=tau, omega=omega, Z=np.eye(len(names))[of])
            else:
                kappa = pm.Normal("kappa", mu=mu, sigma=tau, dims="cluster")
                theta = pm.Normal("theta", mu=kappa[of], sigma=omega, dims="study")
                report(effects, mean=theta)
        return model

    def gaussian(self, effects: Effects) -> GaussianHierarchy:
        """The same model for the exact engine."""
        names, of = self._clusters(effects)
        return GaussianHierarchy(
            study=tuple(effects.study),
            y=effects.y,
            V=sampling_covariance(effects.se, effects.V),
            design=INTERCEPT,
            X=np.ones((effects.k, 1)),
            beta=(self.mu,),
            component=Component("tau", self.tau.given(effects.se), np.eye(len(names))[of]),
            within=Component("omega", self.omega.given(effects.se)),
        )

    def _clusters(self, effects: Effects) -> tuple[list[str], npt.NDArray[np.intp]]:
        """Names of the clusters, and to which of them (k,) each estimate belongs."""
        names, of = np.unique(labels(effects, self.cluster), return_inverse=True)
        if names.size == effects.k:
            raise ModelError(
                f"Every estimate is its own {self.cluster!r}, so tau and omega cannot be told "
                f"apart. Use RandomEffects(mu=…, tau=…)."
            )
        return names.tolist(), of

    def __str__(self) -> str:
        return (
            f"Three levels: y_ij ~ N(theta_ij, se_ij²), theta_ij ~ N(kappa_j, omega²), "
            f"kappa_j ~ N(mu, tau²), j = {self.cluster}, "
            f"mu ~ {self.mu}, tau ~ {self.tau}, omega ~ {self.omega}"
        )
