"""Other priors on the positive half line, all on tau itself: uniform, exponential, gamma."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammainc, gammaincc, gammainccinv, gammaincinv, gammaln

from bayes_ps.checks import Array, PriorError
from bayes_ps.priors.prior import (
    POSITIVE,
    Improper,
    Prior,
    above_zero,
    log_density,
    log_positive,
)

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable


@dataclass(frozen=True, repr=False)
class Uniform(Prior):
    """Equal density between `lower` and `upper`."""

    lower: float
    upper: float
    family = "uniform"
    pymc = ("Uniform", "lower", "upper")

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

    def cdf(self, x: npt.ArrayLike) -> Array:
        share = (np.asarray(x, dtype=float) - self.lower) / (self.upper - self.lower)
        return np.clip(share, 0, 1)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(self.lower + (self.upper - self.lower) * np.asarray(q))


@dataclass(frozen=True, repr=False)
class ImproperUniform(Improper):
    """Density 1 for every tau > 0: needs three studies, and more than that to say much."""

    family = "improper-uniform"
    support = POSITIVE
    pymc = ("HalfFlat",)

    @property
    def tail(self) -> float:
        return 0.0

    def logpdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        return log_density(x, x >= 0, np.zeros(x.shape))


@dataclass(frozen=True, repr=False)
class SqrtUniform(Improper):
    """Density tau^(−1/2), uniform in sqrt(tau): between uniform in tau and uniform in log tau.

    Improper, with a pole at 0; the posterior is proper from two studies on.
    """

    family = "sqrt-uniform"
    support = POSITIVE

    @property
    def tail(self) -> float:
        return 0.5

    def logpdf(self, x: npt.ArrayLike) -> Array:
        inside, log_x = log_positive(x)
        at_zero = np.where(np.asarray(x, dtype=float) == 0, np.inf, -np.inf)
        return np.where(inside, -0.5 * log_x, at_zero).reshape(np.shape(x))

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm
        import pytensor.tensor as pt

        return pm.CustomDist(
            name,
            logp=lambda value: -0.5 * pt.log(value),
            support_point=lambda rv, size: pt.ones_like(rv),
            signature="->()",
            default_transform=pm.distributions.transforms.log,
            dims=dims,
        )


@dataclass(frozen=True, repr=False)
class Exponential(Prior):
    """Exponential with `rate`, mean 1 / rate."""

    rate: float
    family = "exponential"
    support = POSITIVE
    positive = ("rate",)
    pymc = ("Exponential", "lam")

    def logpdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        return log_density(x, x >= 0, np.log(self.rate) - self.rate * x)

    def cdf(self, x: npt.ArrayLike) -> Array:
        return -np.expm1(-self.rate * above_zero(x))

    def ppf(self, q: npt.ArrayLike) -> Array:
        with np.errstate(divide="ignore"):
            return np.asarray(-np.log1p(-np.asarray(q)) / self.rate)


@dataclass(frozen=True, repr=False)
class Gamma(Prior):
    """Gamma with `shape` and `rate`, on tau itself: mean shape / rate."""

    shape: float
    rate: float
    family = "gamma"
    support = POSITIVE
    positive = ("shape", "rate")
    pymc = ("Gamma", "alpha", "beta")

    def logpdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            kernel = (self.shape - 1) * np.log(x) - self.rate * x
        constant = self.shape * np.log(self.rate) - gammaln(self.shape)
        return log_density(x, x > 0, constant + kernel)

    def cdf(self, x: npt.ArrayLike) -> Array:
        return np.asarray(gammainc(self.shape, self.rate * above_zero(x)))

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(gammaincinv(self.shape, q) / self.rate)


@dataclass(frozen=True, repr=False)
class InverseGamma(Prior):
    """Inverse gamma with `shape` and `scale`, on tau itself: no mass near 0.

    1.71 and 0.40 for SMD: Bartoš 2021, doi:10.1002/sim.9170 (``priors.cochrane("SMD")``).
    """

    shape: float
    scale: float
    family = "inverse-gamma"
    support = POSITIVE
    positive = ("shape", "scale")
    pymc = ("InverseGamma", "alpha", "beta")

    @property
    def tail(self) -> float:
        return self.shape + 1

    def logpdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            kernel = -(self.shape + 1) * np.log(x) - self.scale / x
        constant = self.shape * np.log(self.scale) - gammaln(self.shape)
        return log_density(x, x > 0, constant + kernel)

    def cdf(self, x: npt.ArrayLike) -> Array:
        with np.errstate(divide="ignore", over="ignore"):
            return np.asarray(gammaincc(self.shape, self.scale / above_zero(x)))

    def ppf(self, q: npt.ArrayLike) -> Array:
        with np.errstate(divide="ignore"):
            return np.asarray(self.scale / gammainccinv(self.shape, q))
