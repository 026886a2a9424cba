"""A fit by the exact engine: every answer is a mixture over the nodes of its scales."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
import xarray as xr

from bayes_ps.checks import Array
from bayes_ps.exact import Posterior, moments, moments_of_beta
from bayes_ps.hierarchy import INTERCEPT
from bayes_ps.posterior.drawing import draw
from bayes_ps.posterior.fit import Fit, Setting, standard_error
from bayes_ps.posterior.heterogeneity import ScaleMarginal, ShareMarginal
from bayes_ps.posterior.marginal import Exact
from bayes_ps.posterior.normal_mixture import NormalMixture
from bayes_ps.posterior.point_mass import PointMass
from bayes_ps.posterior.tree import posterior_tree

SHAPE = (4, 1000)


@dataclass(frozen=True, eq=False, repr=False)
class ExactFit(Fit):
    """A posterior by quadrature; `dt` holds 4 x 1000 independent draws, made when asked for."""

    posterior: Posterior = field(kw_only=True)
    engine = "exact"

    @property
    def log_evidence(self) -> float:
        return self.posterior.log_evidence

    @property
    def error(self) -> float:
        """Absolute error of a probability, as the quadrature itself estimates it."""
        return self.posterior.error

    def marginal(self, name: str) -> Exact:
        if name in self.scales:
            return ScaleMarginal(
                self.posterior.scale(name),
                draws=partial(self._drawn, name),
                moments=moments(self.posterior.tail),
            )
        return self._average(self._row_of(name))

    def study(self, name: str) -> Exact:
        row = self.effects.row(name)
        location, scale = (part[:, row] for part in self.posterior.theta)
        return self._mixture(location, scale, draws=lambda: self._drawn("theta")[..., row])

    def contrast(self, weights: Mapping[str, float]) -> Exact:
        return self._average(self._row_of_contrast(weights))

    def average(self, at: Setting = None) -> Exact:
        return self._average(self._row_at(at))

    def predictive(self, at: Setting = None, se: float = 0.0) -> Exact:
        x = self._row_at(at)
        location, scale = self.posterior.effect(x, new=True)
        return self._mixture(
            location,
            np.hypot(scale, standard_error(se)),
            draws=lambda: self._new_draws(x, se),
            moments=moments(self.posterior.tail),
        )

    def share(self, threshold: float, at: Setting = None) -> Exact | None:
        if not self.has_tau:
            return None
        x, sign = self._row_at(at), self.effects.benefit_sign
        finer = self.posterior.finer  # z runs to infinity as tau falls to 0
        location, scale = finer.effect(x)
        # Below the floor Phi is 0 or 1 to the last digit; the floor keeps z from overflowing.
        spread = np.maximum(finer.spread, 1e-100 * (np.abs(location - threshold) + scale))
        z = NormalMixture(
            finer.weight,
            sign * (location - threshold) / spread,
            scale / spread,
            draws=lambda: sign * (self._beta_draws @ x - threshold) / self._spread_draws,
            moments=0,
        )
        beyond = self.predictive(at)
        return ShareMarginal(z, float(beyond.cdf(threshold) if sign < 0 else beyond.sf(threshold)))

    @cached_property
    def dt(self) -> xr.DataTree:
        attrs = {
            "inference_library": "bayes_ps",
            "engine": "exact quadrature, independent draws",
            "quadrature_error": self.posterior.error,
            "seed": self.seed,
        }
        beta, scales = draw(self.posterior, SHAPE, np.random.default_rng([self.seed, 0]))
        return posterior_tree(self.posterior.hierarchy, beta, scales, seed=self.seed, attrs=attrs)

    def _average(self, x: Array) -> Exact:
        """x'beta: where beta is flat, the tail of tau decides which moments exist."""
        location, scale = self.posterior.effect(x)
        p = self.posterior
        exist = moments_of_beta(p.hierarchy, self.has_tau and bool(self.studies), p.tail)
        return self._mixture(location, scale, draws=lambda: self._beta_draws @ x, moments=exist)

    def _mixture(
        self, location: Array, scale: Array, *, draws: Callable[[], Array], moments: int = 4
    ) -> Exact:
        """A mixture of normals, or a point where all of them are the same one."""
        weight = self.posterior.weight
        if not scale.any() and np.ptp(location) == 0:
            return PointMass(float(location[0]), shape=SHAPE)
        return NormalMixture(weight, location, scale, draws=draws, moments=moments)

    def _drawn(self, name: str) -> Array:
        return np.asarray(self.dt["posterior"][name].values)

    @property
    def _beta_draws(self) -> Array:
        design = self.posterior.hierarchy.design
        drawn = self._drawn(design.variable)
        return drawn if design.dim else drawn[..., None]

    @property
    def _spread_draws(self) -> Array:
        return np.asarray(np.sqrt(sum(self._drawn(name) ** 2 for name in self.scales)))

    def _new_draws(self, x: Array, se: float) -> Array:
        noise = np.random.default_rng([self.seed, 3]).standard_normal((2, *SHAPE))
        if self.posterior.hierarchy.design == INTERCEPT:
            return self._drawn("theta_new") + se * noise[1]
        return np.asarray(self._beta_draws @ x + self._spread_draws * noise[0] + se * noise[1])
