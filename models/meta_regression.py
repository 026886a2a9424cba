"""Meta-regression: the average effect depends on moderators. Subgroups are its special case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from bayes_ps.checks import ModelError
from bayes_ps.hierarchy import Component, Design, GaussianHierarchy, Term, sampling_covariance
from bayes_ps.priors import Prior, for_location, for_scale
from models.sampling_distribution import report

if TYPE_CHECKING:
    import pandas as pd
    import pymc as pm

    from bayes_ps.effects import Effects


@dataclass(frozen=True)
class MetaRegression:
    r"""y_i ~ N(theta_i, se_i²),  theta_i ~ N(x_i' beta, tau²).

    Attributes
    ----------
    moderators : columns of ``effects.data``. A column of numbers enters as it is; a column of text
        as one coefficient ``column=level`` for each level.
    beta : prior of every coefficient, or a mapping from coefficient to prior.
    tau : prior of the standard deviation between studies with the same moderators.
    intercept : with True the first level of each text column is the reference. With False the
        first text column gives the mean effect of each of its levels: subgroups with a common tau.

    Notes
    -----
    Golden values: BCG trials on latitude, ``tests/oracle/test_exact_reference.py``.
    """

    moderators: Sequence[str]
    beta: Prior | Mapping[str, Prior] | tuple[tuple[str, Prior], ...]
    tau: Prior
    intercept: bool = True

    def __post_init__(self) -> None:
        if isinstance(self.moderators, str) or not len(self.moderators):
            raise ModelError('moderators must be a list of columns, as in ["dose"].')
        beta = self.beta
        if isinstance(beta, Mapping | tuple):
            named = tuple(
                (name, for_location(p, f"beta[{name}]")) for name, p in dict(beta).items()
            )
            object.__setattr__(self, "beta", named)
        else:
            object.__setattr__(self, "beta", for_location(beta, "beta"))
        object.__setattr__(self, "moderators", tuple(self.moderators))
        object.__setattr__(self, "tau", for_scale(self.tau, "tau"))

    def design(self, effects: Effects) -> Design:
        """Which columns X has, and what they mean."""
        data = effects.data
        terms = [Term("intercept")] if self.intercept else []
        levels: dict[str, tuple[str, ...]] = {}
        all_levels = not self.intercept
        for column in self.moderators:
            values = _known(effects, data, column)
            if values.dtype.kind in "iuf":
                terms.append(Term(column, column))
                continue
            levels[column] = tuple(sorted({str(value) for value in values}))
            if len(levels[column]) == 1 and not all_levels:
                raise ModelError(
                    f"{column!r} is {levels[column][0]!r} in every study, so it cannot moderate. "
                    f"Leave it out of moderators."
                )
            shown = levels[column] if all_levels else levels[column][1:]
            terms += [Term(f"{column}={level}", column, level) for level in shown]
            all_levels = False
        return Design(tuple(terms), levels)

    def priors(self, design: Design) -> tuple[Prior, ...]:
        """The prior of each coefficient."""
        if isinstance(self.beta, Prior):
            return (self.beta,) * len(design.names)
        given = dict(self.beta)
        if set(given) != set(design.names):
            raise ModelError(
                f"beta names {list(given)}, but the coefficients are {list(design.names)}."
            )
        return tuple(given[name] for name in design.names)

    def build(self, effects: Effects, *, marginal: bool = True) -> pm.Model:
        """The PyMC model; `marginal` integrates theta out. Reads the moderators in effects.data."""
        import pymc as pm
        import pytensor.tensor as pt

        h = self.gaussian(effects)
        coords = {"study": list(effects.study), "moderator": list(h.design.names)}
        with pm.Model(coords=coords) as model:
            X = pm.Data("X", h.X, dims=("study", "moderator"))
            if isinstance(self.beta, Prior):
                beta = self.beta.variable("beta", dims="moderator")
            else:
                each = [
                    p.variable(f"beta[{n}]") for p, n in zip(h.beta, h.design.names, strict=True)
                ]
                beta = pm.Deterministic("beta", pt.stack(each), dims="moderator")
            mean = (X * beta).sum(axis=1)  # X @ beta takes three times as long to compile
            tau = self.tau.given(effects.se).variable("tau")
            if marginal:
                report(effects, mean=mean, tau=tau)
            else:
                theta = pm.Normal("theta", mu=mean, sigma=tau, dims="study")
                report(effects, mean=theta)
        return model

    def gaussian(self, effects: Effects) -> GaussianHierarchy:
        """The same model for the exact engine."""
        design = self.design(effects)
        return GaussianHierarchy(
            study=tuple(effects.study),
            y=effects.y,
            V=sampling_covariance(effects.se, effects.V),
            design=design,
            X=design.matrix(effects.data, effects.k),
            beta=self.priors(design),
            component=Component("tau", self.tau.given(effects.se)),
        )

    def __str__(self) -> str:
        given = self.beta if isinstance(self.beta, Prior) else dict(self.beta)
        right = " + ".join((["1"] if self.intercept else []) + list(self.moderators))
        return (
            f"Meta-regression: y_i ~ N(theta_i, se_i²), theta_i ~ N(x_i'beta, tau²), "
            f"x = {right}, beta ~ {given}, tau ~ {self.tau}"
        )


def _known(effects: Effects, data: pd.DataFrame, column: str) -> np.ndarray:
    """The values of a moderator, none missing or infinite."""
    if column not in data:
        raise ModelError(
            f"effects.data has no column {column!r}. It has: {', '.join(map(str, data)) or 'none'}."
        )
    missing = np.flatnonzero(data[column].isna() | data[column].isin([np.inf, -np.inf]))
    if missing.size:
        raise ModelError(
            f'{column!r} is missing or infinite for "{effects.study[missing[0]]}". Fill it, or '
            f"leave the study out: effects.where(effects.data[{column!r}].notna())."
        )
    values = data[column]
    if values.dtype == object and all(isinstance(v, Real) for v in values):
        return values.to_numpy(dtype=float)  # numbers in a column that once held text
    return values.to_numpy()
