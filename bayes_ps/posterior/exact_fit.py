"""A fit by the exact engine: every answer is a mixture over the nodes of its quadrature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from bayes_ps.checks import Array, ModelError
from bayes_ps.exact import Posterior, TiltedPosterior, moments, moments_of_beta
from bayes_ps.hierarchy import INTERCEPT
from bayes_ps.posterior.drawing import draw
from bayes_ps.posterior.fit import Fit, Setting, standard_error
from bayes_ps.posterior.heterogeneity import ScaleMarginal, ShareMarginal
from bayes_ps.posterior.in_tau import Law, in_units_of_tau, without_steps
from bayes_ps.posterior.marginal import Exact
from bayes_ps.posterior.normal_mixture import NormalMixture
from bayes_ps.posterior.over_tau import OverTau
from bayes_ps.posterior.point_mass import PointMass
from bayes_ps.posterior.tilted_mixture import TiltedMixture

if TYPE_CHECKING:
    import xarray as xr

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
            low, high = self._support(name)
            if low == high:
                return PointMass(low, shape=SHAPE)
            return ScaleMarginal(
                self.posterior.scale(name),
                draws=partial(self._drawn, name),
                moments=moments(self.posterior.tail),
            )
        return self._average(self._row_of(name))

    def study(self, name: str) -> Exact:
        row = self.effects.row(name)

        def theta(p: Posterior) -> tuple[Array, Array]:
            mean, sd = p.theta
            return mean[:, row], sd[:, row]

        return self._mixture(self.posterior, theta, draws=lambda: self._drawn("theta")[..., row])

    def contrast(self, weights: Mapping[str, float]) -> Exact:
        return self._average(self._row_of_contrast(weights))

    def average(self, at: Setting = None) -> Exact:
        return self._average(self._row_at(at))

    def predictive(self, at: Setting = None, se: float = 0.0) -> Exact:
        x, noise = self._row_at(at), standard_error(se)

        def new(p: Posterior) -> tuple[Array, Array]:
            mean, sd = p.effect(x, new=True)
            return mean, np.hypot(sd, noise)

        return self._mixture(
            self.posterior,
            new,
            draws=lambda: self._new_draws(x, se),
            moments=moments(self.posterior.tail),
        )

    def share(self, threshold: float, at: Setting = None) -> Exact | None:
        if not self.has_tau:
            return None
        x, sign = self._row_at(at), self.effects.benefit_sign
        beyond = self.predictive(at)
        mean = float(beyond.cdf(threshold) if sign < 0 else beyond.sf(threshold))
        average = self._average(x)
        if isinstance(average, PointMass):
            return self._share_beside(sign * (average.at - threshold), mean)
        return ShareMarginal(self._in_units_of_tau(x, threshold, sign), mean)

    @cached_property
    def dt(self) -> xr.DataTree:
        from bayes_ps.posterior.tree import posterior_tree

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
        p = self.posterior
        exist = moments_of_beta(p.hierarchy, self.has_tau and bool(self.studies), p.tail)
        return self._mixture(
            p, lambda given: given.effect(x), draws=lambda: self._beta_draws @ x, moments=exist
        )

    def _mixture(
        self, p: Posterior, law: Law, *, draws: Callable[[], Array], moments: int = 4
    ) -> Exact:
        """A mixture of normals or, if all of them are the same one, a point."""
        if isinstance(p, TiltedPosterior):
            line = p.line(law)
            if line.scale.any() or line.slope.any():
                return TiltedMixture(line, draws=draws, moments=moments)
            return PointMass(float(line.location[0]), shape=SHAPE)
        location, scale = law(p)
        if not scale.any() and np.ptp(location) == 0:
            return PointMass(float(location[0]), shape=SHAPE)
        return NormalMixture(p.weight, location, scale, draws=draws, moments=moments)

    def _share_beside(self, distance: float, mean: float) -> Exact:
        """The share where the mean effect is known, at a distance from the threshold."""
        if len(self.scales) > 1:
            raise ModelError(
                "The share of settings beyond a threshold is not computed where the model fixes "
                f"the mean effect, but neither of {', '.join(self.scales)}. Give mu a prior."
            )
        tau = self.marginal("tau")
        if isinstance(tau, ScaleMarginal) and distance:
            return ShareMarginal(OverTau(distance, tau), mean)
        return PointMass(mean, shape=SHAPE)

    def _in_units_of_tau(self, x: Array, threshold: float, sign: int) -> Exact:
        """(x'beta − threshold) / tau on the side of benefit."""
        z = in_units_of_tau(x, threshold, sign, self.effects.se.max())
        finer = without_steps(self.posterior, z)

        def draws() -> Array:
            return np.asarray(sign * (self._beta_draws @ x - threshold) / self._spread_draws)

        if isinstance(finer, TiltedPosterior):
            quotient = finer.in_units_of_tau(x, threshold, sign)
            if quotient is not None:
                return TiltedMixture(quotient, draws=draws, moments=0)
        return self._mixture(finer, z, draws=draws, moments=0)

    def _support(self, name: str) -> tuple[float, float]:
        """The support of the prior of a standard deviation."""
        components = self.posterior.hierarchy.components
        return next(each.prior.support for each in components if each.name == name)

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
