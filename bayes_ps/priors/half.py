"""Half-normal, half-t and half-Cauchy: the usual priors of the between-study SD tau."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import erf, ndtri, stdtr

from bayes_ps.checks import Array
from bayes_ps.priors.location import log_t, t_quantile
from bayes_ps.priors.prior import LOG_2PI, POSITIVE, Prior, above_zero, log_density


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
    pymc = ("HalfNormal", "sigma")

    def logpdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        z = x / self.scale
        return log_density(x, x >= 0, np.log(2 / self.scale) - LOG_2PI / 2 - 0.5 * z**2)

    def cdf(self, x: npt.ArrayLike) -> Array:
        return np.asarray(erf(above_zero(x) / (self.scale * np.sqrt(2))))

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(-self.scale * ndtri((1 - np.asarray(q)) / 2))


@dataclass(frozen=True, repr=False)
class HalfStudentT(Prior):
    """|x| of a Student-t around 0 with `df` degrees of freedom and `scale`."""

    df: float
    scale: float
    family = "half-student-t"
    support = POSITIVE
    positive = ("df", "scale")
    pymc = ("HalfStudentT", "nu", "sigma")

    @property
    def tail(self) -> float:
        return self.df + 1

    def logpdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        return log_density(x, x >= 0, log_t(x / self.scale, self.df) + np.log(2 / self.scale))

    def cdf(self, x: npt.ArrayLike) -> Array:
        return np.asarray(2 * stdtr(self.df, above_zero(x) / self.scale) - 1)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(-self.scale * t_quantile(self.df, (1 - np.asarray(q)) / 2))


@dataclass(frozen=True, repr=False)
class HalfCauchy(Prior):
    """|x| of a Cauchy around 0: median `scale`, and tails so heavy that no moment exists."""

    scale: float
    family = "half-cauchy"
    support = POSITIVE
    positive = ("scale",)
    pymc = ("HalfCauchy", "beta")

    @property
    def tail(self) -> float:
        return 2.0

    def logpdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        z = x / self.scale
        return log_density(x, x >= 0, np.log(2 / (np.pi * self.scale)) - np.log1p(z**2))

    def cdf(self, x: npt.ArrayLike) -> Array:
        return np.asarray(2 / np.pi * np.arctan(above_zero(x) / self.scale))

    def ppf(self, q: npt.ArrayLike) -> Array:
        q = np.asarray(q, dtype=float)
        with np.errstate(divide="ignore"):
            near, far = (np.tan(np.pi / 2 * tail) for tail in (q, 1 - q))
            return np.where(q < 0.5, self.scale * near, self.scale / far)
