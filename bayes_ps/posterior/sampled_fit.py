"""A fit by draws: every answer is a count or a mean of draws, with its Monte Carlo error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from bayes_ps.checks import Array, ModelError
from bayes_ps.exact import moments, moments_of_beta, posterior_tail
from bayes_ps.posterior.fit import Fit, Setting, standard_error
from bayes_ps.posterior.marginal import Marginal
from bayes_ps.posterior.sampled import Sampled

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, eq=False, repr=False)
class SampledFit(Fit):
    """A posterior as draws, by NUTS."""

    tree: xr.DataTree = field(kw_only=True)
    engine = "nuts"

    @property
    def dt(self) -> xr.DataTree:
        return self.tree

    @property
    def log_evidence(self) -> float:
        raise ModelError('log_evidence needs quadrature: bps.fit(model, effects, engine="exact").')

    def marginal(self, name: str) -> Marginal:
        if self.hierarchy is None or name in self.scales:
            if name not in self.unknowns:
                raise ModelError(f"This fit has no {name!r}. Have: {', '.join(self.unknowns)}.")
            return Sampled(self._drawn(name), self._moments[0])
        return Sampled(self._beta @ self._row_of(name), self._moments[1])

    def study(self, name: str) -> Marginal:
        row = self.effects.row(name)
        if not self.studies:
            raise ModelError("This model has no theta: the true effects of studies are not known.")
        return Sampled(self._drawn("theta")[..., row])

    def average(self, at: Setting = None) -> Marginal:
        return Sampled(self._average(at), self._moments[1])

    def contrast(self, weights: Mapping[str, float]) -> Marginal:
        x = self._row_of_contrast(weights)
        return Sampled(self._beta @ x, self._moments[1])

    def predictive(self, at: Setting = None, se: float = 0.0) -> Marginal:
        shape = self._average(at).shape
        noise = np.random.default_rng([self.seed, 3]).standard_normal((2, *shape))
        if at is None and "theta_new" in self.dt["posterior"]:
            new = self._drawn("theta_new")
        else:
            new = self._average(at) + (self._spread * noise[0] if self.has_tau else 0)
        return Sampled(new + standard_error(se) * noise[1], self._moments[0])

    def share(self, threshold: float, at: Setting = None) -> Marginal | None:
        if not self.has_tau:
            return None
        beyond = self.effects.benefit_sign * (self._average(at) - threshold)
        own = getattr(self.model, "deviation", None)  # of a setting, if it is not normal
        cdf = ndtr if own is None else own(self.dt["posterior"]).cdf
        return Sampled(cdf(beyond / self._spread))

    @cached_property
    def _moments(self) -> tuple[int, int]:
        """How many moments tau (and a new setting) and beta have, by the tail of the posterior."""
        if self.hierarchy is None:
            return 4, 4
        tail = posterior_tail(self.hierarchy)
        reached = self.has_tau and bool(self.studies)
        return moments(tail), moments_of_beta(self.hierarchy, reached, tail)

    @property
    def _spread(self) -> Array:
        return np.asarray(np.sqrt(sum(self._drawn(name) ** 2 for name in self.scales)))

    def _average(self, at: Setting) -> Array:
        if self.hierarchy is None:
            if at is not None or "mu" not in self.dt["posterior"]:
                raise ModelError("The average effect of this model is not known: it has no mu.")
            return self._drawn("mu")
        return self._beta @ self._row_at(at)

    @property
    def _beta(self) -> Array:
        """(chain, draw, p)"""
        assert self.hierarchy is not None
        drawn = self._drawn(self.hierarchy.design.variable)
        return drawn if self.hierarchy.design.dim else drawn[..., None]

    def _drawn(self, name: str) -> Array:
        return np.asarray(self.dt["posterior"][name].values)
