"""Priors stated on log tau: the form of the published heterogeneity priors.

Turner 2015 and Rhodes 2015 print theirs for log tau²: halve location and scale for log tau.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, stdtrit

from bayes_ps.checks import Array
from bayes_ps.priors.half import POSITIVE
from bayes_ps.priors.location import log_t
from bayes_ps.priors.prior import LOG_2PI, Prior, log_density

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

    def logpdf(self, x: npt.ArrayLike) -> Array:
        inside, log_x = _log(x)
        z = (log_x - self.location) / self.scale
        return log_density(x, inside, -0.5 * z**2 - np.log(self.scale) - LOG_2PI / 2 - log_x)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.exp(self.location + self.scale * ndtri(q))

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm

        return pm.LogNormal(name, mu=parameters[0], sigma=parameters[1], dims=dims)


@dataclass(frozen=True, repr=False)
class LogStudentT(Prior):
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

    @property
    def tail(self) -> float:
        return 1.0

    def logpdf(self, x: npt.ArrayLike) -> Array:
        inside, log_x = _log(x)
        z = (log_x - self.location) / self.scale
        return log_density(x, inside, log_t(z, self.df) - np.log(self.scale) - log_x)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.exp(self.location + self.scale * stdtrit(self.df, q))

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm

        df, location, scale = parameters[0], parameters[1], parameters[2]
        log_x = pm.StudentT(f"log_{name}", nu=df, mu=location, sigma=scale, dims=dims)
        return pm.Deterministic(name, pm.math.exp(log_x), dims=dims)


def _log(x: npt.ArrayLike) -> tuple[npt.NDArray[np.bool_], Array]:
    """Where x > 0, and its log there, 0 elsewhere."""
    values = np.asarray(x, dtype=float)
    return values > 0, np.log(np.where(values > 0, values, 1))
