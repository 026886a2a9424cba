"""Half-normal, half-t and half-Cauchy: the usual priors of the between-study SD tau."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, stdtrit

from bayes_ps.checks import Array
from bayes_ps.priors.location import log_t
from bayes_ps.priors.prior import LOG_2PI, Prior, log_density

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable

POSITIVE = (0.0, math.inf)


@dataclass(frozen=True, repr=False)
class HalfNormal(Prior):
    """|x| of a normal around 0 with standard deviation `scale`; 95 % lies below 1.96 `scale`.

    Scale 0.5 is common for log odds ratios (Röver 2021, doi:10.1002/jrsm.1475) and wide for SMDs;
    on another scale multiply by the standard deviation of the outcome.
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
