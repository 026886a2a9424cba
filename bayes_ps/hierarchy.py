r"""`GaussianHierarchy`: the one model in the middle, y ~ N(X beta + Z u, V), u ~ N(0, tau² I).

Common effect, random effects, meta-regression and subgroups are this model with another X and Z.
Given tau everything is Gaussian and closed form; `bayes_ps.exact` integrates over tau.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, ModelError, read_only
from bayes_ps.priors import Prior


@dataclass(frozen=True)
class Term:
    """A column of X: 1 for the intercept, a number of each study, or whether it is at `level`."""

    name: str
    column: str | None = None
    level: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the study table that it is made of."""
        return () if self.column is None else (self.column,)

    def values(self, data: Mapping[str, Sequence[Any]], k: int) -> Array:
        """The column (k,) from the columns of the study table."""
        if self.column is None:
            return np.ones(k)
        if self.column not in data:
            raise ModelError(f"There is no moderator {self.column!r}. Have: {', '.join(data)}.")
        if self.level is not None:
            return np.array([float(str(value) == self.level) for value in data[self.column]])
        return np.asarray(data[self.column], dtype=float)


@dataclass(frozen=True)
class Contrast(Term):
    """A column of X in a network: 1 where `level` is compared, −1 where it is compared against."""

    against: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        assert self.column is not None
        return (self.column, self.against)

    def values(self, data: Mapping[str, Sequence[Any]], k: int) -> Array:
        other = Term(self.name, self.against, self.level)
        return super().values(data, k) - other.values(data, k)


@dataclass(frozen=True)
class Design:
    """The columns of X, so that a new setting can be described as the studies are.

    Attributes
    ----------
    terms : a `Term` for each coefficient.
    levels : for each categorical moderator the values that it may take.
    variable, dim : what the coefficients are called, and the dimension that they lie along.
    """

    terms: tuple[Term, ...]
    levels: Mapping[str, tuple[str, ...]]
    variable: str = "beta"
    dim: str = "moderator"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coefficients."""
        return tuple(term.name for term in self.terms)

    @property
    def unknowns(self) -> tuple[str, ...]:
        """Names of the coefficients as unknowns of a fit: "mu", or "beta[dose]"."""
        if not self.dim:
            return self.names
        return tuple(f"{self.variable}[{name}]" for name in self.names)

    @property
    def moderators(self) -> tuple[str, ...]:
        """Columns of the study table that X is made of, each once."""
        return tuple(dict.fromkeys(column for term in self.terms for column in term.columns))

    def matrix(self, data: Mapping[str, Sequence[Any]], k: int) -> Array:
        """X (k, p) for k studies with these moderators."""
        return np.column_stack([term.values(data, k) for term in self.terms])

    def at(self, setting: Mapping[str, Any] | None) -> Array:
        """The row x (p,) of a setting, as in ``{"dose": 20, "comparator": "active"}``."""
        if not isinstance(setting, Mapping | None):
            raise ModelError(f"at must be a mapping such as {{'dose': 20}}, not {setting!r}.")
        given = dict(setting or {})
        if set(given) != set(self.moderators):
            wanted = ", ".join(f'"{name}": …' for name in self.moderators)
            raise ModelError(
                f"The setting must name {'exactly ' if given else ''}the moderators of the model: "
                f"at={{{wanted}}}, but names {sorted(given) or 'none'}."
            )
        for name, known in self.levels.items():
            if str(given[name]) not in known:
                raise ModelError(f"{name!r} is one of {', '.join(known)}, not {given[name]!r}.")
        for name in set(given) - set(self.levels):
            if not isinstance(given[name], Real) or not np.isfinite(given[name]):
                raise ModelError(f"{name!r} is a number, not {given[name]!r}.")
        return self.matrix({name: [value] for name, value in given.items()}, 1)[0]


INTERCEPT = Design((Term("mu"),), {}, variable="mu", dim="")


@dataclass(frozen=True)
class Component:
    """A variance component: u ~ N(0, tau² I), entering y through Z.

    Attributes
    ----------
    name : of the standard deviation, "tau".
    prior : of the standard deviation.
    Z : (k, q), or None for the identity: every study deviates by itself. A Z of zeros says that
        y knows nothing of this component, so its prior is its posterior.
    """

    name: str
    prior: Prior
    Z: Array | None = None

    @property
    def is_external(self) -> bool:
        """Whether y knows nothing of it."""
        return self.Z is not None and not np.any(self.Z)


@dataclass(frozen=True, eq=False)
class GaussianHierarchy:
    """y ~ N(X beta + Z u, V) with priors on beta and on the standard deviation of u.

    Attributes
    ----------
    study : (k,) names.
    y : (k,) estimates.
    V : (k,) sampling variances, or (k, k) their covariance.
    design : names and columns of X.
    X : (k, p).
    beta : p priors, flat or normal for the exact engine.
    component : the variance component, or None for a common effect.
    within : a second variance component, omega, which varies within what the first one shares.

    Raises
    ------
    ModelError
        If there are fewer studies than coefficients with a flat prior, or X is collinear.
    """

    study: tuple[str, ...]
    y: Array
    V: Array
    design: Design
    X: Array
    beta: tuple[Prior, ...]
    component: Component | None
    within: Component | None = None

    def __post_init__(self) -> None:
        for name in ("y", "V", "X"):
            object.__setattr__(self, name, read_only(getattr(self, name)))
        if self.within is not None and self.component is None:
            raise ModelError("A hierarchy with a component within studies has one between them.")
        flat = np.array([not prior.proper for prior in self.beta])
        k, p = self.X.shape
        if sum(flat) > k:
            raise ModelError(
                f"{k} studies cannot carry {sum(flat)} coefficients with flat priors "
                f"({', '.join(self.design.names)}). Use fewer moderators, or proper priors: "
                f"beta=priors.normal(0, sd)."
            )
        if p > 1 and flat.any() and _rank(self.X[:, flat]) < sum(flat):
            raise ModelError(
                f"The columns of X ({', '.join(self.design.names)}) are collinear for these {k} "
                f"studies. Leave a moderator out, or merge levels that no study has."
            )

    @property
    def components(self) -> tuple[Component, ...]:
        """The variance components that there are: none, tau, or tau and omega."""
        return tuple(each for each in (self.component, self.within) if each is not None)

    @property
    def k(self) -> int:
        """Number of estimates."""
        return self.y.size


def _rank(X: Array) -> int:
    """Rank of X whatever the units of its columns."""
    return int(np.linalg.matrix_rank(X / np.maximum(np.abs(X).max(axis=0), np.finfo(float).tiny)))


def sampling_covariance(se: Array, V: npt.ArrayLike | None) -> Array:
    """V as the hierarchy wants it: (k, k) where studies share participants, else (k,) variances."""
    return se**2 if V is None else np.asarray(V, dtype=float)


def normal_normal(effects: Any, mu: Prior, tau: Prior) -> GaussianHierarchy:
    """Random effects without moderators: y_i ~ N(theta_i, se_i²), theta_i ~ N(mu, tau²)."""
    return GaussianHierarchy(
        study=tuple(effects.study),
        y=effects.y,
        V=sampling_covariance(effects.se, effects.V),
        design=INTERCEPT,
        X=np.ones((effects.k, 1)),
        beta=(mu,),
        component=Component("tau", tau.given(effects.se)),
    )
