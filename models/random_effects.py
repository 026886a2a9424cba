"""Random effects: the normal-normal hierarchical model of meta-analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bayes_ps.hierarchy import GaussianHierarchy, normal_normal
from bayes_ps.priors import Prior, for_location, for_scale
from models.sampling_distribution import report

if TYPE_CHECKING:
    import pymc as pm

    from bayes_ps.effects import Effects


@dataclass(frozen=True)
class RandomEffects:
    r"""y_i ~ N(theta_i, se_i²),  theta_i ~ N(mu, tau²).

    Attributes
    ----------
    mu : prior of the average effect, in the unit of the effects.
    tau : prior of the between-study standard deviation, in the unit of the effects.

    Notes
    -----
    With a flat prior of mu, the posterior of mu given tau = tau_DL is the DerSimonian–Laird result.
    Golden values: bayesmeta's Crins data, Röver 2020, doi:10.18637/jss.v093.i06, in
    ``tests/golden/test_bayesmeta.py``.
    """

    mu: Prior
    tau: Prior

    def __post_init__(self) -> None:
        object.__setattr__(self, "mu", for_location(self.mu, "mu"))
        object.__setattr__(self, "tau", for_scale(self.tau, "tau"))

    def build(self, effects: Effects, *, marginal: bool = True) -> pm.Model:
        """The PyMC model; `marginal` integrates theta out."""
        import pymc as pm

        with pm.Model(coords={"study": list(effects.study)}) as model:
            mu = self.mu.variable("mu")
            tau = self.tau.given(effects.se).variable("tau")
            if marginal:
                report(effects, mean=mu, tau=tau)
            else:
                theta = pm.Normal("theta", mu=mu, sigma=tau, dims="study")
                report(effects, mean=theta)
        return model

    def gaussian(self, effects: Effects) -> GaussianHierarchy:
        """The same model for the exact engine."""
        return normal_normal(effects, self.mu, self.tau)

    def __str__(self) -> str:
        return (
            f"Random effects: y_i ~ N(theta_i, se_i²), theta_i ~ N(mu, tau²), "
            f"mu ~ {self.mu}, tau ~ {self.tau}"
        )
