"""Priors on the whole line: for an average effect or a regression coefficient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, ndtri, stdtrit

from bayes_ps.checks import Array, PriorError
from bayes_ps.priors.prior import LOG_2PI, Prior

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable


@dataclass(frozen=True, repr=False)
class Flat(Prior):
    """Density 1 everywhere, improper: the posterior mean given tau is the inverse-variance mean."""

    family = "flat"

    @property
    def proper(self) -> bool:
        return False

    @property
    def tail(self) -> float:
        return 0.0

    def logpdf(self, x: npt.ArrayLike) -> Array:
        return np.zeros(np.shape(x))

    def ppf(self, q: npt.ArrayLike) -> Array:
        raise PriorError(
            "A flat prior has no quantiles and cannot be drawn from. Use normal(0, sd)."
        )

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm

        return pm.Flat(name, dims=dims)


@dataclass(frozen=True, repr=False)
class Normal(Prior):
    """Normal with `mean` and standard deviation `sd`, both in the unit of the effect."""

    mean: float
    sd: float
    family = "normal"
    positive = ("sd",)

    def logpdf(self, x: npt.ArrayLike) -> Array:
        z = (np.asarray(x, dtype=float) - self.mean) / self.sd
        return -0.5 * z**2 - np.log(self.sd) - LOG_2PI / 2

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(self.mean + self.sd * ndtri(q))

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm

        return pm.Normal(name, mu=parameters[0], sigma=parameters[1], dims=dims)


@dataclass(frozen=True, repr=False)
class StudentT(Prior):
    """Student-t with `df` degrees of freedom, `location` and `scale` in the unit of the effect."""

    df: float
    location: float
    scale: float
    family = "student-t"
    positive = ("df", "scale")

    @property
    def tail(self) -> float:
        return self.df + 1

    def logpdf(self, x: npt.ArrayLike) -> Array:
        z = (np.asarray(x, dtype=float) - self.location) / self.scale
        return log_t(z, self.df) - np.log(self.scale)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(self.location + self.scale * stdtrit(self.df, q))

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm

        return pm.StudentT(name, nu=parameters[0], mu=parameters[1], sigma=parameters[2], dims=dims)


def log_t(z: npt.ArrayLike, df: float) -> Array:
    """Log density of the standard Student-t."""
    constant = gammaln((df + 1) / 2) - gammaln(df / 2) - np.log(df * np.pi) / 2
    return np.asarray(constant - (df + 1) / 2 * np.log1p(np.square(z) / df))
