"""Student-t random effects: a study far from the others counts for less, and widens tau less."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from bayes_ps.checks import ModelError, PriorError
from bayes_ps.priors import Prior, for_location, for_scale, point
from models.sampling_distribution import report

if TYPE_CHECKING:
    import pymc as pm

    from bayes_ps.effects import Effects

NU = point(4.0)
NODES = np.linspace(-6.0, 3.5, 120)
"""At sinh of these, in units of the SD of log lambda, the mixture is summed."""


@dataclass(frozen=True)
class StudentTEffects:
    r"""y_i ~ N(theta_i, se_i²),  theta_i ~ Student-t(nu, mu, tau).

    `tau` is the scale of the Student-t: the standard deviation of true effects is
    tau sqrt(nu / (nu − 2)), which exists for nu > 2, so that a tau of this model is smaller than
    that of ``RandomEffects``. It is not a Gaussian hierarchy: ``engine="nuts"``.

    Attributes
    ----------
    mu : prior of the centre of the effects, their mean if nu > 1.
    tau : prior of their scale, in the unit of the effects.
    nu : degrees of freedom, a number or a prior, such as ``gamma(2, 0.1)`` (Juárez & Steel 2010,
        doi:10.1198/jbes.2010.07145). Few studies say nothing of nu.

    Notes
    -----
    Given lambda_i ~ Gamma(nu/2, nu/2) the effect is N(mu, tau² / lambda_i), so that theta goes out
    in closed form and lambda_i by one sum:

        p(y_i) = ∫ Gamma(lambda; nu/2, nu/2) N(y_i; mu, se_i² + tau²/lambda) d lambda,

    by the trapezoidal rule in s, lambda = exp(sqrt(2/nu) sinh s), of 120 points: its error in
    log p(y_i) is below 1e-10 for nu <= 10, and below 1e-4 up to nu = 300 and 30 tau from mu.
    Neither theta nor lambda is sampled. Lee & Thompson 2008, doi:10.1002/sim.2897; Baker & Jackson
    2008, doi:10.1007/s10729-007-9041-8. Against independent integration:
    ``tests/oracle/test_robust_models.py``.
    """

    mu: Prior
    tau: Prior
    nu: Prior = NU

    def __post_init__(self) -> None:
        object.__setattr__(self, "mu", for_location(self.mu, "mu"))
        object.__setattr__(self, "tau", for_scale(self.tau, "tau"))
        nu: Any = self.nu
        nu = for_scale(point(float(nu)) if isinstance(nu, Real) else nu, "nu")
        if isinstance(nu, point) and nu.value <= 0:
            raise PriorError(f"nu, the degrees of freedom, must be > 0, but is {nu.value:g}.")
        object.__setattr__(self, "nu", nu)

    def build(self, effects: Effects, *, marginal: bool = True) -> pm.Model:
        """The PyMC model; `marginal` integrates theta out."""
        import pymc as pm

        if marginal and effects.V is not None:
            raise ModelError(
                "StudentTEffects takes studies that share no participants, but V is a matrix. "
                "Combine the arms that share a control: bps.combine_arms(…)."
            )
        with pm.Model(coords={"study": list(effects.study)}) as model:
            mu = self.mu.variable("mu")
            tau = self.tau.given(effects.se).variable("tau")
            if isinstance(self.nu, point):
                nu = pm.Data("nu", self.nu.value)  # no unknown, so that nothing diagnoses it
            else:
                nu = self.nu.variable("nu")
            if marginal:
                observed = pm.Data("y_observed", effects.y, dims="study")
                se = pm.Data("se", effects.se, dims="study")
                of = {"dist": _drawn, "logp": _log_density, "class_name": "NormalStudentT"}
                pm.CustomDist("y", mu, tau, nu, se, **of, observed=observed, dims="study")
            else:
                theta = pm.StudentT("theta", nu=nu, mu=mu, sigma=tau, dims="study")
                report(effects, mean=theta)
        return model

    def deviation(self, draws: Any) -> Any:
        """SciPy's distribution of (theta_new − mu) / tau, at each of the draws of "nu"."""
        from scipy import stats

        return stats.t(self.nu.value if isinstance(self.nu, point) else draws["nu"].values)

    def __str__(self) -> str:
        return (
            f"Student-t random effects: y_i ~ N(theta_i, se_i²), theta_i ~ t(nu, mu, tau), "
            f"mu ~ {self.mu}, tau ~ {self.tau}, nu ~ {self.nu}"
        )


def _log_density(y: Any, mu: Any, tau: Any, *nu_se: Any) -> Any:
    """log p(y_i | mu, tau, nu), theta_i and lambda_i integrated out."""
    import pytensor.tensor as pt

    nu, se = nu_se
    half = nu / 2
    u = pt.maximum(np.sinh(NODES) / pt.sqrt(half), -600.0)  # log lambda, whose inverse is a number
    step = np.log((NODES[1] - NODES[0]) * np.cosh(NODES)) - pt.log(half) / 2
    weight = step + half * pt.log(half) - pt.gammaln(half) + half * (u - pt.exp(u))
    variance = pt.square(se)[:, None] + pt.square(tau) * pt.exp(-u)
    height = pt.log(2 * np.pi * variance) + pt.square(y - mu)[:, None] / variance
    return pt.logsumexp(weight - height / 2, axis=-1)


def _drawn(mu: Any, tau: Any, *rest: Any) -> Any:
    import pymc as pm

    nu, se, size = rest
    theta = pm.StudentT.dist(nu=nu, mu=mu + 0 * se, sigma=tau, size=size)
    return pm.Normal.dist(mu=theta, sigma=se, size=size)
