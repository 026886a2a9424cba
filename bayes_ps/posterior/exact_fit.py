"""A fit by the exact engine: every answer is a mixture over the nodes of tau."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
import xarray as xr

from bayes_ps.checks import Array
from bayes_ps.exact import ExactPosterior, moments, moments_of_beta
from bayes_ps.hierarchy import INTERCEPT
from bayes_ps.posterior.fit import Fit, Setting
from bayes_ps.posterior.heterogeneity import ShareMarginal, TauMarginal
from bayes_ps.posterior.marginal import Exact
from bayes_ps.posterior.normal_mixture import NormalMixture
from bayes_ps.posterior.tree import posterior_tree

SHAPE = (4, 1000)


@dataclass(frozen=True, eq=False, repr=False)
class ExactFit(Fit):
    """A posterior by quadrature; `dt` holds 4 x 1000 independent draws, made when asked for."""

    posterior: ExactPosterior = field(kw_only=True)
    engine = "exact"

    @property
    def log_evidence(self) -> float:
        return self.posterior.log_evidence

    @property
    def error(self) -> float:
        """Absolute error of a probability, as the quadrature itself estimates it."""
        return self.posterior.error

    def marginal(self, name: str) -> Exact:
        if name == "tau" and self.has_tau:
            draws = partial(self._drawn, "tau")
            return TauMarginal(self.posterior, draws=draws, moments=moments(self.posterior.tail))
        return self._average(self._row_of(name))

    def study(self, name: str) -> Exact:
        row = self.effects.row(name)
        location, scale = (part[:, row] for part in self.posterior.theta)
        weight = self.posterior.nodes.weight
        draws = self._drawn
        return NormalMixture(weight, location, scale, draws=lambda: draws("theta")[..., row])

    def average(self, at: Setting = None) -> Exact:
        return self._average(self._row_at(at))

    def predictive(self, at: Setting = None) -> Exact:
        x = self._row_at(at)
        location, scale = self.posterior.effect(x, new=True)
        return NormalMixture(
            self.posterior.nodes.weight,
            location,
            scale,
            draws=lambda: self._new_draws(x),
            moments=moments(self.posterior.tail),
        )

    def share(self, threshold: float, at: Setting = None) -> Exact | None:
        if not self.has_tau:
            return None
        x, sign = self._row_at(at), self.effects.benefit_sign
        location, scale = self.posterior.effect(x)
        # Below the floor Phi is 0 or 1 to the last digit; the floor keeps z from overflowing.
        tau = np.maximum(self.posterior.nodes.tau, 1e-100 * (np.abs(location - threshold) + scale))
        z = NormalMixture(
            self.posterior.nodes.weight,
            sign * (location - threshold) / tau,
            scale / tau,
            draws=lambda: sign * (self._beta_draws @ x - threshold) / self._drawn("tau"),
            moments=0,
        )
        beyond = self.predictive(at)
        return ShareMarginal(z, float(beyond.cdf(threshold) if sign < 0 else beyond.sf(threshold)))

    @cached_property
    def dt(self) -> xr.DataTree:
        rng = np.random.default_rng([self.seed, 0])
        posterior, hierarchy = self.posterior, self.posterior.hierarchy
        tau = np.zeros(SHAPE)
        if self.has_tau:
            tau = TauMarginal(posterior, draws=lambda: tau, moments=0).ppf(rng.uniform(size=SHAPE))
        with np.errstate(divide="ignore"):
            given = posterior.whitened.given(np.log(tau.ravel()))
        root = np.linalg.cholesky(given.covariance)
        noise = rng.standard_normal((*given.mean.shape, 1))
        beta = (given.mean + (root @ noise)[..., 0]).reshape(*SHAPE, -1)
        attrs = {
            "inference_library": "bayes_ps",
            "engine": "exact quadrature over tau, independent draws",
            "quadrature_error": posterior.error,
            "seed": self.seed,
        }
        return posterior_tree(hierarchy, posterior.whitened, beta, tau, seed=self.seed, attrs=attrs)

    def _average(self, x: Array) -> Exact:
        """x'beta: where beta is flat, the tail of tau decides which moments exist."""
        location, scale = self.posterior.effect(x)
        p = self.posterior
        return NormalMixture(
            self.posterior.nodes.weight,
            location,
            scale,
            draws=lambda: self._beta_draws @ x,
            moments=moments_of_beta(p.hierarchy, p.whitened, p.tail),
        )

    def _drawn(self, name: str) -> Array:
        return np.asarray(self.dt["posterior"][name].values)

    @property
    def _beta_draws(self) -> Array:
        posterior = self.dt["posterior"]
        if self.posterior.hierarchy.design == INTERCEPT:
            return np.asarray(posterior["mu"].values)[..., None]
        return np.asarray(posterior["beta"].values)

    def _new_draws(self, x: Array) -> Array:
        if self.posterior.hierarchy.design == INTERCEPT:
            return self._drawn("theta_new")
        noise = np.random.default_rng([self.seed, 3]).standard_normal(SHAPE)
        return np.asarray(self._beta_draws @ x + self._drawn("tau") * noise)
