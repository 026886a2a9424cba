"""Priors on the whole line: for an average effect or a regression coefficient."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, ndtr, ndtri, stdtr, stdtrit

from bayes_ps.checks import Array
from bayes_ps.priors.prior import LOG_2PI, Improper, Prior

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable


@dataclass(frozen=True, repr=False)
class Flat(Improper):
    """Density 1 everywhere, improper: the posterior mean given tau is the inverse-variance mean."""

    family = "flat"
    pymc = ("Flat",)

    @property
    def tail(self) -> float:
        return 0.0

    def logpdf(self, x: npt.ArrayLike) -> Array:
        return np.zeros(np.shape(x))


@dataclass(frozen=True, repr=False)
class Normal(Prior):
    """Normal with `mean` and standard deviation `sd`, both in the unit of the effect."""

    mean: float
    sd: float
    family = "normal"
    positive = ("sd",)
    pymc = ("Normal", "mu", "sigma")

    def logpdf(self, x: npt.ArrayLike) -> Array:
        return -0.5 * self._z(x) ** 2 - np.log(self.sd) - LOG_2PI / 2

    def cdf(self, x: npt.ArrayLike) -> Array:
        return np.asarray(ndtr(self._z(x)))

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(self.mean + self.sd * ndtri(q))

    def _z(self, x: npt.ArrayLike) -> Array:
        return (np.asarray(x, dtype=float) - self.mean) / self.sd


@dataclass(frozen=True, repr=False)
class StudentT(Prior):
    """Student-t with `df` degrees of freedom, `location` and `scale` in the unit of the effect."""

    df: float
    location: float
    scale: float
    family = "student-t"
    positive = ("df", "scale")
    pymc = ("StudentT", "nu", "mu", "sigma")

    @property
    def tail(self) -> float:
        return self.df + 1

    def logpdf(self, x: npt.ArrayLike) -> Array:
        return log_t(self._z(x), self.df) - np.log(self.scale)

    def cdf(self, x: npt.ArrayLike) -> Array:
        return np.asarray(stdtr(self.df, self._z(x)))

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(self.location + self.scale * t_quantile(self.df, q))

    def _z(self, x: npt.ArrayLike) -> Array:
        return (np.asarray(x, dtype=float) - self.location) / self.scale


@dataclass(frozen=True, repr=False)
class Cauchy(Prior):
    """Cauchy with `location` (its median) and `scale` (half of its interquartile range).

    Student-t with one degree of freedom; scale 1/sqrt(2) is the default prior of an SMD in many
    Bayes factors (Gronau 2017, doi:10.1080/23743603.2017.1326760).
    """

    location: float
    scale: float
    family = "cauchy"
    positive = ("scale",)
    pymc = ("Cauchy", "alpha", "beta")

    @property
    def tail(self) -> float:
        return 2.0

    def logpdf(self, x: npt.ArrayLike) -> Array:
        return -np.log1p(self._z(x) ** 2) - np.log(np.pi * self.scale)

    def cdf(self, x: npt.ArrayLike) -> Array:
        return np.arctan2(1, -self._z(x)) / np.pi

    def ppf(self, q: npt.ArrayLike) -> Array:
        q = np.asarray(q, dtype=float)
        with np.errstate(divide="ignore"):
            far = self.scale / np.tan(np.pi * np.minimum(q, 1 - q))
        return self.location + np.where(q < 0.5, -far, far)

    def _z(self, x: npt.ArrayLike) -> Array:
        return (np.asarray(x, dtype=float) - self.location) / self.scale


@dataclass(frozen=True, repr=False)
class Point(Prior):
    """All mass on `value`: mu = 0 under a null hypothesis, tau = 0 for a common effect.

    It has no density: `logpdf` is 0 at the value and −inf elsewhere, which is a probability, so
    that evidences under a point and under a density compare. In PyMC it is a constant.
    """

    value: float
    family = "point"

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "support", (float(self.value), float(self.value)))

    def logpdf(self, x: npt.ArrayLike) -> Array:
        return np.where(np.asarray(x, dtype=float) == self.value, 0.0, -math.inf)

    def cdf(self, x: npt.ArrayLike) -> Array:
        return np.where(np.asarray(x, dtype=float) >= self.value, 1.0, 0.0)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.full(np.shape(q), float(self.value))

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm
        import pytensor.tensor as pt

        value = parameters[0]
        if dims is not None:
            value = pt.full((pm.modelcontext(None).dim_lengths[dims],), value)
        return pm.Deterministic(name, value, dims=dims)


def log_t(z: npt.ArrayLike, df: float) -> Array:
    """Log density of the standard Student-t."""
    constant = gammaln((df + 1) / 2) - gammaln(df / 2) - np.log(df * np.pi) / 2
    return np.asarray(constant - (df + 1) / 2 * np.log1p(np.square(z) / df))


def t_quantile(df: float, q: npt.ArrayLike) -> Array:
    """Quantile of the standard Student-t; SciPy's is +inf at 0."""
    return np.where(np.asarray(q) <= 0, -np.inf, stdtrit(df, q))
