r"""The exact posterior with a prior, or the likelihood, raised to a power.

The likelihood is that with the true effects of the studies integrated out, N(y; X beta, S) with
S = V + tau² ZZ': it is what ``log_likelihood`` holds, and what ArviZ and priorsense scale. Its
power alpha is N(y; X beta, S / alpha) times |S|^((1 − alpha) / 2), which depends on tau: so it is
not the model with se / sqrt(alpha). But S / alpha is V / alpha + t² ZZ' with t = tau / sqrt(alpha),
so it is that model in t, with a prior of t that takes the determinant along.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, ModelError
from bayes_ps.exact import integrate, whiten
from bayes_ps.posterior import ExactFit, Setting
from bayes_ps.priors import Prior
from bayes_ps.priors.location import Cauchy, Flat, Normal, Point, StudentT
from bayes_ps.priors.prior import Improper
from bayes_ps.sensitivity.mixture import Mixture


@dataclass(frozen=True)
class Powers:
    """The exponents of the priors of the effects, of the prior of tau, and of the likelihood."""

    beta: float = 1.0
    tau: float = 1.0
    likelihood: float = 1.0


@dataclass(frozen=True, repr=False)
class Unnormalised(Improper):
    """A density of tau known up to a constant, for the quadrature only."""

    log_density: Callable[[Array], Array]
    bounds: tuple[float, float]
    falls: float
    family = "unnormalised"

    def __post_init__(self) -> None:
        object.__setattr__(self, "support", self.bounds)

    @property
    def tail(self) -> float:
        return self.falls

    def logpdf(self, x: npt.ArrayLike) -> Array:
        return self.log_density(np.asarray(x, dtype=float))


@dataclass(frozen=True, eq=False)
class Scaled:
    """The exact posterior under some powers: `refit` holds t = tau / `stretch`."""

    refit: ExactFit
    stretch: float

    def average(self, at: Setting = None) -> Mixture:
        """Of the mean effect."""
        return Mixture.of(self.refit.average(at))

    def predictive(self, at: Setting = None) -> Mixture:
        """Of the effect in one new setting, which varies by tau, not by t."""
        mean, posterior = self.average(at), self.refit.posterior
        location = np.broadcast_to(mean.location, posterior.weight.shape)
        scale = np.hypot(mean.scale, self.stretch * posterior.spread)
        return Mixture(posterior.weight, location, scale)

    def tau_cdf(self, x: Array) -> Array:
        """Of tau."""
        return self.refit.marginal("tau").cdf(x / self.stretch)


def scaled(fit: ExactFit, powers: Powers) -> Scaled:
    """The same model and effects with its priors and likelihood raised to powers."""
    h, alpha = fit.posterior.hierarchy, powers.likelihood
    component = h.component
    if component is not None:
        prior = _of_t(component.prior, powers, whiten(h).d)
        component = replace(component, prior=prior)
    if h.within is not None:
        raise ModelError(
            "power_scaling takes models with one variance component, or none: the power of a "
            "likelihood with two does not factor into priors of each."
        )
    beta = tuple(power(prior, powers.beta) for prior in h.beta)
    changed = replace(h, V=h.V / alpha, beta=beta, component=component)
    refit = ExactFit(
        fit.model, fit.effects, changed, fit.seed, fit.warnings, posterior=integrate(changed)
    )
    return Scaled(refit, float(np.sqrt(alpha)))


def power(prior: Prior, alpha: float) -> Prior:
    """The prior of an effect whose density is `prior`'s to the power alpha."""
    if alpha == 1 or isinstance(prior, Flat | Point):
        return prior
    if isinstance(prior, Normal):
        return Normal(prior.mean, prior.sd / np.sqrt(alpha))
    if isinstance(prior, StudentT | Cauchy):
        df = getattr(prior, "df", 1.0)
        powered = (df + 1) * alpha - 1
        if powered > 0:
            return StudentT(powered, prior.location, prior.scale * np.sqrt(df / powered))
        raise ModelError(f"{prior!r} to the power {alpha:g} is improper. Use larger alphas.")
    raise ModelError(f"No prior is known that is {prior!r} to the power {alpha:g}.")


def _of_t(prior: Prior, powers: Powers, d: Array) -> Prior:
    """The prior of t = tau / sqrt(alpha), with what the power of |S| leaves of tau."""
    alpha, left = powers.likelihood, (1 - powers.likelihood) / 2
    if isinstance(prior, Point):
        return Point(prior.value / np.sqrt(alpha))

    def log_density(t: Array) -> Array:
        tau = np.sqrt(alpha) * t
        return powers.tau * prior.logpdf(tau) + left * np.log1p(tau[..., None] ** 2 * d).sum(-1)

    low, high = (end / np.sqrt(alpha) for end in prior.support)
    tail = powers.tau * prior.tail - 2 * left * int((d > 0).sum())
    return Unnormalised(log_density, (low, high), tail)
