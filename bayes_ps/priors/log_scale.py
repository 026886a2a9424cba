"""Priors stated on log tau: the form of the published heterogeneity priors.

Turner 2015 and Rhodes 2015 print theirs for log tau²: halve location and scale for log tau, as
`priors.turner2015` and `priors.rhodes2015` do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri, stdtr

from bayes_ps.checks import Array
from bayes_ps.priors.location import log_t, t_quantile
from bayes_ps.priors.prior import LOG_2PI, POSITIVE, Prior, log_density, log_positive

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable


@dataclass(frozen=True, repr=False)
class LogNormal(Prior):
    """log tau ~ normal(`location`, `scale`): Turner 2015, doi:10.1002/sim.6381."""

    location: float
    scale: float
    family = "log-normal"
    support = POSITIVE
    positive = ("scale",)
    pymc = ("LogNormal", "mu", "sigma")

    def logpdf(self, x: npt.ArrayLike) -> Array:
        inside, log_x = log_positive(x)
        z = (log_x - self.location) / self.scale
        return log_density(x, inside, -0.5 * z**2 - np.log(self.scale) - LOG_2PI / 2 - log_x)

    def cdf(self, x: npt.ArrayLike) -> Array:
        inside, log_x = log_positive(x)
        return np.where(inside, ndtr((log_x - self.location) / self.scale), 0.0)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.exp(self.location + self.scale * ndtri(q))


@dataclass(frozen=True, repr=False)
class OnLog(Prior):
    """A prior whose logarithm is one of PyMC's distributions: NUTS moves on the log."""

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm

        log_x = super()._pymc(f"log_{name}", parameters, dims)
        return pm.Deterministic(name, pm.math.exp(log_x), dims=dims)

    def unnamed(self, parameters: Any) -> TensorVariable:
        import pymc as pm

        keywords = self._keywords(parameters)

        def exponential(*given: Any) -> TensorVariable:
            *values, size = given
            named = dict(zip(keywords, values, strict=True))
            return pm.math.exp(getattr(pm, self.pymc[0]).dist(size=size, **named))

        return pm.CustomDist.dist(*keywords.values(), dist=exponential)


@dataclass(frozen=True, repr=False)
class LogStudentT(OnLog):
    """log tau ~ student-t(`df`, `location`, `scale`), the form of Rhodes 2015.

    doi:10.1016/j.jclinepi.2014.08.012. Its tail is so heavy that tau has no mean: report
    medians and probabilities.
    """

    df: float
    location: float
    scale: float
    family = "log-student-t"
    support = POSITIVE
    positive = ("df", "scale")
    pymc = ("StudentT", "nu", "mu", "sigma")

    @property
    def tail(self) -> float:
        return 1.0

    def logpdf(self, x: npt.ArrayLike) -> Array:
        inside, log_x = log_positive(x)
        z = (log_x - self.location) / self.scale
        return log_density(x, inside, log_t(z, self.df) - np.log(self.scale) - log_x)

    def cdf(self, x: npt.ArrayLike) -> Array:
        inside, log_x = log_positive(x)
        return np.where(inside, stdtr(self.df, (log_x - self.location) / self.scale), 0.0)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.exp(self.location + self.scale * t_quantile(self.df, q))
