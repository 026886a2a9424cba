"""Priors of tau from the information in the studies: Jeffreys, Berger–Deely, conventional.

All four are a function of tau and of v_i = tau² / (se_i² + tau²), on logs, so that neither a tiny
nor a huge tau under- or overflows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from bayes_ps.checks import Array, PriorError
from bayes_ps.priors.by_errors import ByErrors
from bayes_ps.priors.prior import log_density, log_positive, written
from bayes_ps.priors.quantiles import Tabulated

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable


@dataclass(frozen=True, repr=False)
class Information(ByErrors):
    """A prior of tau that is a function of every standard error, not of one scale."""

    se: tuple[float, ...] | None = None
    exponent: ClassVar[int]  # of 1/tau as tau grows: 1 is improper, 2 proper

    def __post_init__(self) -> None:
        if self.se is not None:
            se = tuple(float(each) for each in np.atleast_1d(np.asarray(self.se, dtype=float)))
            if not se or not all(np.isfinite(each) and each > 0 for each in se):
                raise PriorError(f"{self.family}: se must be finite and > 0, but is {self.se!r}.")
            object.__setattr__(self, "se", se)

    @property
    def parameters(self) -> tuple[float, ...]:
        return self.se or ()

    @property
    def proper(self) -> bool:
        return self.exponent > 1

    @property
    def tail(self) -> float:
        return float(self.exponent)

    def logpdf(self, x: npt.ArrayLike) -> Array:
        self._check_complete()
        inside, log_t = log_positive(x)
        return log_density(x, inside, self._log_kernel(log_t) - self._log_constant)

    def cdf(self, x: npt.ArrayLike) -> Array:
        inside, log_t = log_positive(x)
        return np.where(inside, self._table.cdf(log_t), 0.0)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return self._table.ppf(q)

    def _set_by(self, se: Array) -> tuple[float, ...]:
        return tuple(float(each) for each in se)

    @staticmethod
    def _kernel(log_t: Any, log_v: Any, total: Callable[[Any], Any]) -> Any:
        """Log density up to a constant, by NumPy or PyTensor; `total` is logsumexp over studies."""
        raise NotImplementedError

    def _log_kernel(self, log_t: Array) -> Array:
        log_v = -np.logaddexp(0, 2 * (np.log(self.parameters) - log_t[..., None]))
        return self._kernel(log_t, log_v, lambda a: logsumexp(a, axis=-1))

    @cached_property
    def _log_constant(self) -> float:
        """Log of the integral over tau; 0 where it diverges. On log tau the integrand falls
        exponentially on both sides, and the trapezoidal rule errs by about exp(−π² / step)."""
        if not self.proper:
            return 0.0
        low, high = self._range
        u, step = np.linspace(low, high, int(4 * (high - low)) + 1, retstep=True)
        return float(logsumexp(self._log_kernel(u) + u) + np.log(step))

    @cached_property
    def _table(self) -> Tabulated:
        self._check_complete()
        if not self.proper:
            raise PriorError(
                f"{self!r} is improper: it has no quantiles and cannot be drawn from. "
                f"Use a proper prior, for example priors.conventional()."
            )
        log_se = np.log(self.parameters)
        core = float(log_se.min()), float(log_se.max())
        return Tabulated(
            lambda u: self._log_kernel(u) + u - self._log_constant, *self._range, core=core
        )

    @property
    def _range(self) -> tuple[float, float]:
        """Of log tau: all but exp(−40) of the mass, which is like tau² below and 1/tau above."""
        log_se = np.log(self.parameters)
        return float(log_se.min()) - 25, float(log_se.max()) + 45

    def _stored(self) -> Array:
        return np.append(super()._stored(), self._log_constant)

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm
        import pytensor.tensor as pt

        def logp(value: TensorVariable, stored: TensorVariable) -> TensorVariable:
            log_t, log_se = pt.log(value), pt.log(stored[..., :-1])
            log_v = -pt.softplus(2 * (log_se - log_t[..., None]))
            kernel = self._kernel(log_t, log_v, lambda a: pt.logsumexp(a, axis=-1))
            return kernel - stored[..., -1]

        def start(rv: TensorVariable, size: Any, stored: TensorVariable) -> TensorVariable:
            return pt.full_like(rv, pt.exp(pt.log(stored[:-1]).mean()))

        return pm.CustomDist(
            name,
            parameters,
            logp=logp,
            support_point=start,
            signature="(k)->()",
            default_transform=pm.distributions.transforms.log,
            dims=dims,
        )

    def _written(self) -> list[str]:
        return [f"[{', '.join(written(each) for each in self.se)}]"] if self.se else []

    def _described(self) -> str:
        if not self.se:
            return super()._described()
        return f"{self.family}({len(self.se)} standard errors)"


@dataclass(frozen=True, repr=False)
class Jeffreys(Information):
    r"""p(tau) = sqrt(sum_i (tau / (se_i² + tau²))²), from the information on tau alone.

    Improper (it falls like 1/tau); the posterior is proper from two studies on. It is also the
    Berger–Bernardo reference prior: Bodnar 2016, doi:10.1214/14-BA933; Tibshirani 1989,
    doi:10.1093/biomet/76.3.604. Definition and constant as in bayesmeta's "Jeffreys", Röver 2020,
    doi:10.18637/jss.v093.i06.
    """

    family = "jeffreys"
    exponent = 1

    @staticmethod
    def _kernel(log_t: Any, log_v: Any, total: Callable[[Any], Any]) -> Any:
        return total(2 * log_v) / 2 - log_t


@dataclass(frozen=True, repr=False)
class OverallJeffreys(Information):
    r"""p(tau) ∝ sqrt(sum_i 1 / (se_i² + tau²) · sum_i (tau / (se_i² + tau²))²).

    The root of the determinant of the Fisher information on mu and tau together, so Jeffreys' rule
    with both of interest. In tau it is proper (it falls like 1/tau²) and is normalised here.
    Mathur 2025 ("Jeffreys2"), PMC12621536; "overallJeffreys" of bayesmeta.
    """

    family = "overall-jeffreys"
    exponent = 2

    @staticmethod
    def _kernel(log_t: Any, log_v: Any, total: Callable[[Any], Any]) -> Any:
        return (total(2 * log_v) + total(log_v)) / 2 - 2 * log_t


@dataclass(frozen=True, repr=False)
class BergerDeely(Information):
    r"""p(tau) = prod_i (tau / (se_i² + tau²))^(1/k): Jeffreys' if all se are equal, up to sqrt(k).

    Improper; the posterior is proper from two studies on. Berger & Deely 1988,
    doi:10.1080/01621459.1988.10478606; definition as in bayesmeta, doi:10.18637/jss.v093.i06.
    """

    family = "berger-deely"
    exponent = 1

    @staticmethod
    def _kernel(log_t: Any, log_v: Any, total: Callable[[Any], Any]) -> Any:
        return log_v.mean(axis=-1) - log_t


@dataclass(frozen=True, repr=False)
class Conventional(Information):
    r"""p(tau) ∝ prod_i (tau / (se_i² + tau²)^(3/2))^(1/k): a proper kin of Berger–Deely's.

    Meant for tests and model comparison: Berger & Deely 1988, doi:10.1080/01621459.1988.10478606.
    Definition as in bayesmeta, Röver 2020, doi:10.18637/jss.v093.i06, normalised here.
    """

    family = "conventional"
    exponent = 2

    @staticmethod
    def _kernel(log_t: Any, log_v: Any, total: Callable[[Any], Any]) -> Any:
        return 1.5 * log_v.mean(axis=-1) - 2 * log_t
