"""`Fit`: a model, the effects it was fitted to, and every question that the posterior answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bayes_ps import words
from bayes_ps.checks import Array, ModelError
from bayes_ps.effects import Effects
from bayes_ps.hierarchy import INTERCEPT, GaussianHierarchy
from bayes_ps.posterior.marginal import Marginal

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Setting = Mapping[str, Any] | None


@dataclass(frozen=True, eq=False, repr=False)
class Fit(ABC):
    """A fitted model.

    Attributes
    ----------
    model, effects : what was fitted to what.
    hierarchy : the Gaussian hierarchy of the model; None if it is not Gaussian.
    seed : of every draw of this fit.
    warnings : what a reader of the result must know, a sentence each, with the call that mends it.
    """

    model: Any
    effects: Effects
    hierarchy: GaussianHierarchy | None
    seed: int
    warnings: tuple[str, ...] = ()

    engine = "none"

    @property
    @abstractmethod
    def dt(self) -> xr.DataTree:
        """Posterior, log-likelihood, predictive and data groups: every ArviZ function takes it."""

    @property
    @abstractmethod
    def log_evidence(self) -> float:
        """log p(y), exact engine only; a flat prior counts with density 1."""

    @abstractmethod
    def marginal(self, name: str) -> Marginal:
        """The posterior of ``"mu"``, ``"tau"``, ``"omega"`` or ``"beta[name]"``."""

    @abstractmethod
    def study(self, name: str) -> Marginal:
        """The posterior of theta of one study: its true effect, shrunken towards the others."""

    @abstractmethod
    def contrast(self, weights: Mapping[str, float]) -> Marginal:
        """A weighted sum of coefficients, as in ``{"metformin": 1, "acarbose": -1}``."""

    @abstractmethod
    def average(self, at: Setting = None) -> Marginal:
        """The mean effect over settings like these; with moderators, of the setting `at`."""

    @abstractmethod
    def predictive(self, at: Setting = None, se: float = 0.0) -> Marginal:
        """theta_new: the true effect in one new setting, without sampling error.

        With `se`, what a new study of that standard error there would report.
        """

    @abstractmethod
    def share(self, threshold: float, at: Setting = None) -> Marginal | None:
        """The share of settings with more benefit than `threshold`; None if effects do not vary."""

    @property
    def k(self) -> int:
        """Number of studies."""
        return self.effects.k

    @property
    def studies(self) -> tuple[str, ...]:
        """The studies that `study` knows; none behind a published pool, or without a theta."""
        if self.hierarchy is None:
            known = "theta" in self.dt["posterior"]
        else:
            component = self.hierarchy.component
            known = component is None or not component.is_external
        return tuple(map(str, self.effects.study)) if known else ()

    @property
    def has_tau(self) -> bool:
        """Whether effects vary between studies in this model."""
        if self.hierarchy is None:
            return "tau" in self.dt["posterior"]
        return self.hierarchy.component is not None

    @property
    def scales(self) -> tuple[str, ...]:
        """The standard deviations among the unknowns: "tau", and "omega" within studies."""
        if self.hierarchy is None:
            return ("tau",) if self.has_tau else ()
        return tuple(each.name for each in self.hierarchy.components)

    @property
    def unknowns(self) -> tuple[str, ...]:
        """The names that `marginal` knows."""
        if self.hierarchy is None:
            posterior = self.dt["posterior"].to_dataset()
            return tuple(str(v) for v in posterior.data_vars if posterior[v].ndim == 2)
        return self.hierarchy.design.unknowns + self.scales

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """mean, sd, median and central interval of every unknown, study and a new setting."""
        import pandas as pd

        asked = {name: self.marginal(name) for name in self.unknowns}
        asked |= {f"theta[{name}]": self.study(name) for name in self.studies}
        if self.hierarchy is not None and self.hierarchy.design == INTERCEPT and self.has_tau:
            asked["theta_new"] = self.predictive()
        rows = []
        for name, m in asked.items():
            low, high = m.interval(level)
            rows.append((name, m.mean, m.sd, m.median, low, high))
        return pd.DataFrame(rows, columns=["unknown", "mean", "sd", "median", "lower", "upper"])

    def __str__(self) -> str:
        parts = []
        for name in self.unknowns:
            m = self.marginal(name)
            parts.append(f"{name} {words.interval(m.median, *m.interval())}")
        noted = "".join(f"\nNote: {warning}" for warning in self.warnings)
        return (
            f"{self.model}\nfitted to {self.effects} by the {self.engine} engine: "
            f"{', '.join(parts)} {self.effects.unit} (median and 95% central interval).{noted}"
        )

    def __repr__(self) -> str:
        return f"<Fit: {type(self.model).__name__}, k = {self.k}, engine {self.engine!r}>"

    def _row_of(self, name: str) -> Array:
        """The x with x'beta = the coefficient `name`."""
        assert self.hierarchy is not None
        if name not in self.unknowns:
            raise ModelError(
                f"This model has no {name!r}. Have: {', '.join(self.unknowns)}. "
                f"For the mean effect of a setting use fit.average(at={{…}})."
            )
        return np.array([float(each == name) for each in self.hierarchy.design.unknowns])

    def _row_of_contrast(self, weights: Mapping[str, float]) -> Array:
        """The x with x'beta = the weighted sum of coefficients."""
        if self.hierarchy is None:
            raise ModelError("A model that is not Gaussian has no coefficients to contrast.")
        names = self.hierarchy.design.names
        given = dict(weights) if isinstance(weights, Mapping) else {}
        unknown = [repr(name) for name in given if name not in names]
        unknown += [f"{n!r}: {w}" for n, w in given.items() if n in names and not np.isfinite(w)]
        if unknown or not given:
            raise ModelError(
                f"A contrast is a mapping from coefficients to weights, as in {{{names[0]!r}: 1}}; "
                f"have: {', '.join(names)}, but not {', '.join(unknown) or 'nothing'}."
            )
        return np.array([float(given.get(name, 0.0)) for name in names])

    def _row_at(self, at: Setting) -> Array:
        """The row of X of a setting."""
        assert self.hierarchy is not None
        return self.hierarchy.design.at(at)


def standard_error(se: float) -> float:
    """`se` if it can be one of a new study."""
    if not np.isfinite(se) or se < 0:
        raise ModelError(f"se is the standard error of a new study, >= 0, but is {se!r}.")
    return float(se)
