"""Other priors on the positive half line, all on tau itself: uniform, exponential, gamma."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammainccinv, gammaincinv, gammaln

from bayes_ps.checks import Array, PriorError
from bayes_ps.priors.half import POSITIVE
from bayes_ps.priors.prior import Prior, log_density

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable


@dataclass(frozen=True, repr=False)
class Uniform(Prior):
    """Equal density between `lower` and `upper`."""

    lower: float
    upper: float
    family = "uniform"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.lower >= self.upper:
            raise PriorError(
                f"uniform: lower ({self.lower:g}) must be below upper ({self.upper:g})."
            )
        object.__setattr__(self, "support", (float(self.lower), float(self.upper)))

    def logpdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        inside = (x >= self.lower) & (x <= self.upper)
        return log_density(x, inside, np.full(x.shape, -np.log(self.upper - self.lower)))

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(self.lower + (self.upper - self.lower) * np.asarray(q))

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm

        return pm.Uniform(name, lower=parameters[0], upper=parameters[1], dims=dims)


@dataclass(frozen=True, repr=False)
class ImproperUniform(Prior):
    """Density 1 for every tau > 0: needs three studies, and more than that to say much."""

    family = "improper-uniform"
    support = POSITIVE

    @property
    def proper(self) -> bool:
        return False

    @property
    def tail(self) -> float:
        return 0.0

    def logpdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        return log_density(x, x >= 0, np.zeros(x.shape))

    def ppf(self, q: npt.ArrayLike) -> Array:
        raise PriorError("An improper prior has no quantiles and cannot be drawn from.")

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm

        return pm.HalfFlat(name, dims=dims)


@dataclass(frozen=True, repr=False)
class Exponential(Prior):
    """Exponential with `rate`, mean 1 / rate."""

    rate: float
    family = "exponential"
    support = POSITIVE
    positive = ("rate",)

    def logpdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        return log_density(x, x >= 0, np.log(self.rate) - self.rate * x)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(-np.log1p(-np.asarray(q)) / self.rate)

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm

        return pm.Exponential(name, lam=parameters[0], dims=dims)


@dataclass(frozen=True, repr=False)
class Gamma(Prior):
    """Gamma with `shape` and `rate`, on tau itself: mean shape / rate."""

    shape: float
    rate: float
    family = "gamma"
    support = POSITIVE
    positive = ("shape", "rate")

    def logpdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            kernel = (self.shape - 1) * np.log(x) - self.rate * x
        constant = self.shape * np.log(self.rate) - gammaln(self.shape)
        return log_density(x, x > 0, constant + kernel)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(gammaincinv(self.shape, q) / self.rate)

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm

        return pm.Gamma(name, alpha=parameters[0], beta=parameters[1], dims=dims)


@dataclass(frozen=True, repr=False)
class InverseGamma(Prior):
    """Inverse gamma with `shape` and `scale`, on tau itself: no mass near 0.

    1.71 and 0.40 for SMD: Bartoš 2021, doi:10.1002/sim.9170.
    """

    shape: float
    scale: float
    family = "inverse-gamma"
    support = POSITIVE
    positive = ("shape", "scale")

    @property
    def tail(self) -> float:
        return self.shape + 1

    def logpdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            kernel = -(self.shape + 1) * np.log(x) - self.scale / x
        constant = self.shape * np.log(self.scale) - gammaln(self.shape)
        return log_density(x, x > 0, constant + kernel)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(self.scale / gammainccinv(self.shape, q))

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm

        return pm.InverseGamma(name, alpha=parameters[0], beta=parameters[1], dims=dims)
