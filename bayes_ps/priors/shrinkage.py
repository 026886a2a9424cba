"""DuMouchel's prior, uniform shrinkage, and uniform in I²: log-logistic on the scale of se."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from scipy.special import expit, xlogy

from bayes_ps.checks import Array, PriorError
from bayes_ps.priors.by_errors import ByErrors
from bayes_ps.priors.log_scale import OnLog
from bayes_ps.priors.prior import above_zero, log_density


@dataclass(frozen=True, repr=False)
class LogLogistic(ByErrors, OnLog):
    """log tau ~ logistic(log `scale`, 1 / shape): the median of tau is `scale`."""

    scale: float | None = None
    positive = ("scale",)
    pymc = ("Logistic",)
    shape: ClassVar[int]

    def __post_init__(self) -> None:
        if self.scale is not None:
            super().__post_init__()

    @property
    def tail(self) -> float:
        return float(self.shape + 1)

    def logpdf(self, x: npt.ArrayLike) -> Array:
        ratio = self._ratio(x)
        values = xlogy(self.shape - 1, ratio) - 2 * np.log1p(ratio**self.shape)
        inside = np.asarray(x, dtype=float) >= 0
        return log_density(x, inside, values + np.log(self.shape / self._scale))

    def cdf(self, x: npt.ArrayLike) -> Array:
        with np.errstate(divide="ignore"):
            return np.asarray(expit(self.shape * np.log(self._ratio(x))))

    def ppf(self, q: npt.ArrayLike) -> Array:
        q = np.asarray(q, dtype=float)
        with np.errstate(divide="ignore"):
            return np.asarray(self._scale * (q / (1 - q)) ** (1 / self.shape))

    def _ratio(self, x: npt.ArrayLike) -> Array:
        return above_zero(x) / self._scale

    @property
    def _scale(self) -> float:
        self._check_complete()
        return self.parameters[0]

    def _keywords(self, parameters: Any) -> dict[str, Any]:
        import pymc as pm

        # As an array: PyTensor takes a Python float in single precision where it can.
        return {"mu": pm.math.log(parameters[0]), "s": np.array(1 / self.shape)}


@dataclass(frozen=True, repr=False)
class DuMouchel(LogLogistic):
    r"""p(tau) = s0 / (s0 + tau)²: median s0, so heavy a tail that tau has no mean.

    s0² = k / sum(1 / se²), the harmonic mean of the sampling variances. `scale` states another s0.
    Spiegelhalter 2004, Bayesian Approaches to Clinical Trials, 5.7.3, doi:10.1002/0470092602;
    definition as in bayesmeta, Röver 2020, doi:10.18637/jss.v093.i06.
    """

    family = "dumouchel"
    shape = 1

    def _set_by(self, se: Array) -> float:
        return _harmonic(se)


@dataclass(frozen=True, repr=False)
class UniformShrinkage(LogLogistic):
    r"""p(tau) = 2 s0² tau / (s0² + tau²)²: uniform in the shrinkage s0² / (s0² + tau²).

    s0² = k / sum(1 / se²), the harmonic mean of the sampling variances. `scale` states another s0.
    Spiegelhalter 2004, 5.7.3, doi:10.1002/0470092602; definition as in bayesmeta, Röver 2020,
    doi:10.18637/jss.v093.i06.
    """

    family = "uniform-shrinkage"
    shape = 2

    def _set_by(self, se: Array) -> float:
        return _harmonic(se)


@dataclass(frozen=True, repr=False)
class UniformI2(LogLogistic):
    r"""p(tau) = 2 s² tau / (s² + tau²)²: uniform in I² = tau² / (s² + tau²).

    s² = (k − 1) sum(w) / (sum(w)² − sum(w²)), w = 1 / se²: the typical sampling variance of
    Higgins & Thompson 2002, doi:10.1002/sim.1186, equation 9. `scale` states another s.
    Definition as in bayesmeta, Röver 2020, doi:10.18637/jss.v093.i06.
    """

    family = "uniform-i2"
    shape = 2

    def _set_by(self, se: Array) -> float:
        if se.size < 2:
            raise PriorError(
                "uniform_i2() needs two studies: one alone has no I². Use "
                "priors.uniform_shrinkage(), or state the scale: priors.uniform_i2(scale)."
            )
        w = (se.min() / se) ** 2
        typical = (w.size - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum())
        return float(se.min() * np.sqrt(typical))


def _harmonic(se: Array) -> float:
    """Root of the harmonic mean of se²."""
    return float(1 / np.sqrt(np.mean(se**-2.0)))
