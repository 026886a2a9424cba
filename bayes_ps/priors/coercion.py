"""Take what the user gave as a prior, ours or PreliZ's, and refuse it where it cannot go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, PriorError
from bayes_ps.priors import half, location, log_scale, positive
from bayes_ps.priors.prior import Prior

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable


@dataclass(frozen=True, repr=False)
class PreliZ(Prior):
    """A frozen PreliZ distribution as a prior: density, quantiles and variable are PreliZ's own."""

    distribution: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "family", type(self.distribution).__name__)
        object.__setattr__(self, "support", tuple(map(float, self.distribution.support)))

    @property
    def parameters(self) -> tuple[float, ...]:
        return tuple(float(value) for value in self.distribution.params)

    def logpdf(self, x: npt.ArrayLike) -> Array:
        values = np.asarray(x, dtype=float)
        inside = (values >= self.support[0]) & (values <= self.support[1])
        with np.errstate(all="ignore"):
            found = np.asarray(self.distribution.logpdf(np.atleast_1d(values)), dtype=float)
        return np.where(inside, np.nan_to_num(found.reshape(values.shape), nan=-np.inf), -np.inf)

    def cdf(self, x: npt.ArrayLike) -> Array:
        values = np.asarray(x, dtype=float)
        return np.asarray(self.distribution.cdf(np.atleast_1d(values))).reshape(values.shape)

    def ppf(self, q: npt.ArrayLike) -> Array:
        values = np.asarray(q, dtype=float)
        return np.asarray(self.distribution.ppf(np.atleast_1d(values))).reshape(values.shape)

    def variable(self, name: str, dims: str | None = None) -> TensorVariable:
        return self.distribution.to_pymc(name, dims=dims)

    def __repr__(self) -> str:
        return repr(self.distribution)

    def __str__(self) -> str:
        return f"{self.distribution!r} [PreliZ]"

    @classmethod
    def _names(cls) -> tuple[str, ...]:
        return ()


# PreliZ's families that we have, and its names of their parameters in our order.
_OURS: dict[str, tuple[Any, ...]] = {
    "Normal": (location.Normal, "mu", "sigma"),
    "StudentT": (location.StudentT, "nu", "mu", "sigma"),
    "Cauchy": (location.Cauchy, "alpha", "beta"),
    "HalfNormal": (half.HalfNormal, "sigma"),
    "HalfStudentT": (half.HalfStudentT, "nu", "sigma"),
    "HalfCauchy": (half.HalfCauchy, "beta"),
    "Uniform": (positive.Uniform, "lower", "upper"),
    "Exponential": (positive.Exponential, "lam"),
    "Gamma": (positive.Gamma, "alpha", "beta"),
    "InverseGamma": (positive.InverseGamma, "alpha", "beta"),
    "LogNormal": (log_scale.LogNormal, "mu", "sigma"),
}


def for_location(value: Any, name: str) -> Prior:
    """`value` as the prior of an effect or coefficient."""
    prior = _as_prior(value, name)
    if not prior.complete:
        raise PriorError(f"{prior!r} is a prior of tau, not of {name}. Use priors.normal(0, sd).")
    return prior


def for_scale(value: Any, name: str) -> Prior:
    """`value` as the prior of a standard deviation: no mass below 0."""
    prior = _as_prior(value, name)
    if prior.support[0] < 0:
        raise PriorError(
            f"{name} is a standard deviation, but {prior!r} has mass below 0. "
            f"Use for example priors.half_normal(scale), priors.half_cauchy(scale), "
            f"priors.uniform(0, upper)."
        )
    return prior


def for_external(value: Any, name: str) -> Prior:
    """`value` as the prior of a standard deviation that the data say nothing of."""
    prior = for_scale(value, name)
    if not prior.complete:
        raise PriorError(
            f"{name} must come from outside, but {prior!r} takes its scale from the standard "
            f"errors of studies, which a pool does not show. Use for example priors.rhodes2015() "
            f"(SMDs), priors.turner2015() (log odds ratios), or priors.half_normal(scale)."
        )
    return prior


def _as_prior(value: Any, name: str) -> Prior:
    if isinstance(value, Prior):
        return value
    if type(value).__module__.split(".")[0] == "preliz":
        if not getattr(value, "is_frozen", False):
            raise PriorError(f"The PreliZ distribution for {name} lacks parameters: {value!r}.")
        ours, *names = _OURS.get(type(value).__name__, (None,))
        if ours is not None:
            return ours(*(float(getattr(value, each)) for each in names), source="PreliZ")
        return PreliZ(value)
    raise PriorError(
        f"{name} must be a prior such as priors.normal(0, 2) or a PreliZ distribution, "
        f"but is {value!r}."
    )
