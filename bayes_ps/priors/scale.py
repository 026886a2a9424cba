"""Priors on the positive half line: for the between-study standard deviation tau."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammainccinv, gammaincinv, gammaln, ndtri, stdtrit

from bayes_ps.checks import Array, PriorError
from bayes_ps.priors.location import log_t
from bayes_ps.priors.prior import LOG_2PI, Prior, log_density

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable

POSITIVE = (0.0, math.inf)


@dataclass(frozen=True, repr=False)
class HalfNormal(Prior):
    """|x| of a normal around 0 with standard deviation `scale`; 95 % lies below 1.96 `scale`.

    Scale 0.5 is common for SMD and log ratios (Röver 2021, doi:10.1002/jrsm.1475); on another
    scale multiply by the standard deviation of the outcome.
    """

    scale: float
    family = "half-normal"
    support = POSITIVE
    positive = ("scale",)

    def logpdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        z = x / self.scale
        return log_density(x, x >= 0, np.log(2 / self.scale) - LOG_2PI / 2 - 0.5 * z**2)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(-self.scale * ndtri((1 - np.asarray(q)) / 2))

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm

        return pm.HalfNormal(name, sigma=parameters[0], dims=dims)


@dataclass(frozen=True, repr=False)
class HalfStudentT(Prior):
    """|x| of a Student-t around 0 with `df` degrees of freedom and `scale`."""

    df: float
    scale: float
    family = "half-student-t"
    support = POSITIVE
    positive = ("df", "scale")

    @property
    def tail(self) -> float:
        return self.df + 1

    def logpdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        return log_density(x, x >= 0, log_t(x / self.scale, self.df) + np.log(2 / self.scale))

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(-self.scale * stdtrit(self.df, (1 - np.asarray(q)) / 2))

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm

        return pm.HalfStudentT(name, nu=parameters[0], sigma=parameters[1], dims=dims)


@dataclass(frozen=True, repr=False)
class HalfCauchy(Prior):
    """|x| of a Cauchy around 0: median `scale`, and tails so heavy that no moment exists."""

    scale: float
    family = "half-cauchy"
    support = POSITIVE
    positive = ("scale",)

    @property
    def tail(self) -> float:
        return 2.0

    def logpdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        z = x / self.scale
        return log_density(x, x >= 0, np.log(2 / (np.pi * self.scale)) - np.log1p(z**2))

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(self.scale * np.tan(np.pi / 2 * np.asarray(q)))

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm

        return pm.HalfCauchy(name, beta=parameters[0], dims=dims)


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
