"""A fit averaged over models: it answers what every fit answers, so `decide` takes it too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import xarray as xr

from bayes_ps.checks import Array, ModelError
from bayes_ps.comparison.averaged import Averaged
from bayes_ps.posterior import Exact, ExactFit, Fit, Setting
from bayes_ps.posterior.exact_fit import SHAPE
from bayes_ps.posterior.point_mass import PointMass

SCALES = ("tau", "omega")


@dataclass(frozen=True, eq=False, repr=False)
class AveragedFit(Fit):
    """Several exact fits of the same effects, each with its posterior probability as weight.

    A standard deviation that a model does not have is 0 in it. `dt` mixes the draws of the models;
    its variable ``model`` says which model each draw is of.

    Attributes
    ----------
    fits, weight : (m,) the fits and the posterior probabilities of their models.
    evidence : log p(y), averaged over the prior probabilities of the models.
    """

    fits: tuple[ExactFit, ...] = field(kw_only=True)
    weight: Array = field(kw_only=True)
    evidence: float = field(kw_only=True)
    engine = "exact"

    @property
    def log_evidence(self) -> float:
        return self.evidence

    @property
    def studies(self) -> tuple[str, ...]:
        return self.fits[0].studies if all(fit.studies for fit in self.fits) else ()

    @property
    def has_tau(self) -> bool:
        return any(fit.has_tau for fit in self.fits)

    @property
    def scales(self) -> tuple[str, ...]:
        return tuple(name for name in SCALES if any(name in fit.scales for fit in self.fits))

    @property
    def unknowns(self) -> tuple[str, ...]:
        first, *others = self.fits
        shared = (name for name in first.unknowns if all(name in f.unknowns for f in others))
        return (*(name for name in shared if name not in SCALES), *self.scales)

    def marginal(self, name: str) -> Averaged:
        if name not in self.unknowns:
            raise ModelError(
                f"These models do not all have {name!r}. Have: {', '.join(self.unknowns)}. For the "
                f"mean effect of a setting use average(at={{…}})."
            )
        return self._averaged(lambda fit: _marginal(fit, name))

    def study(self, name: str) -> Averaged:
        return self._averaged(lambda fit: fit.study(name))

    def contrast(self, weights: Mapping[str, float]) -> Averaged:
        return self._averaged(lambda fit: fit.contrast(weights))

    def average(self, at: Setting = None) -> Averaged:
        return self._averaged(lambda fit: fit.average(self._at(fit, at)))

    def predictive(self, at: Setting = None, se: float = 0.0) -> Averaged:
        return self._averaged(lambda fit: fit.predictive(self._at(fit, at), se))

    def share(self, threshold: float, at: Setting = None) -> Averaged | None:
        """Where a model lets no effect vary, the share is 1 or 0: as the mean effect is beyond."""
        if not self.has_tau:
            return None
        parts: list[Exact] = []
        weight: list[float] = []
        for fit, w in zip(self.fits, self.weight, strict=True):
            share = fit.share(threshold, self._at(fit, at))
            if share is not None:
                parts, weight = [*parts, share], [*weight, w]
                continue
            mean = fit.average(self._at(fit, at))
            lower = self.effects.benefit_sign < 0
            p = float(mean.cdf(threshold) if lower else mean.sf(threshold))
            parts += [PointMass(1.0, shape=SHAPE), PointMass(0.0, shape=SHAPE)]
            weight += [w * p, w * (1 - p)]
        return Averaged(parts, np.array(weight), draws=lambda: self._drawn_share(threshold, at))

    @cached_property
    def dt(self) -> xr.DataTree:
        trees = [fit.dt for fit in self.fits]
        mixed = {
            group: self._mixed([tree[group].to_dataset() for tree in trees])
            for group in ("posterior", "log_likelihood", "posterior_predictive")
        }
        mixed["posterior"]["model"] = (("chain", "draw"), self._which)
        data = {name: trees[0][name].to_dataset() for name in ("observed_data", "constant_data")}
        return xr.DataTree.from_dict(mixed | data)

    @cached_property
    def _which(self) -> np.ndarray:
        """(chain, draw) the model that each draw is of."""
        rng = np.random.default_rng([self.seed, 5])
        return rng.choice(len(self.fits), size=SHAPE, p=self.weight / self.weight.sum())

    def _averaged(self, of: Callable[[ExactFit], Exact]) -> Averaged:
        parts = [of(fit) for fit in self.fits]
        return Averaged(
            parts, self.weight, draws=lambda: self._pick([part.draws for part in parts])
        )

    def _pick(self, drawn: list[Array]) -> Array:
        """Each draw from the draws of its model."""
        picked = np.array(drawn[0], dtype=float)
        for m, values in enumerate(drawn):
            picked[self._which == m] = values[self._which == m]
        return picked

    def _mixed(self, datasets: list[xr.Dataset]) -> xr.Dataset:
        """Variables of all models, and standard deviations of some; 0 in the others."""
        names = {str(name) for data in datasets for name in data.data_vars}
        found = {}
        for name in sorted(names):
            having = next(data[name] for data in datasets if name in data)
            zero = xr.zeros_like(having)
            each = [data.get(name, zero) for data in datasets]
            alike = all(value.shape == having.shape for value in each)
            if alike and (name in SCALES or all(name in data for data in datasets)):
                found[name] = having.copy(data=self._pick([value.values for value in each]))
        return xr.Dataset(found)

    def _drawn_share(self, threshold: float, at: Setting) -> Array:
        shares = []
        for fit in self.fits:
            share, mean = fit.share(threshold, self._at(fit, at)), fit.average(self._at(fit, at))
            beyond = self.effects.benefit_sign * (mean.draws - threshold) > 0
            shares.append(beyond.astype(float) if share is None else share.draws)
        return self._pick(shares)

    def _at(self, fit: ExactFit, at: Setting) -> Setting:
        """What of a setting this model knows."""
        known = {name for f in self.fits for name in f.posterior.hierarchy.design.moderators}
        if at is not None and set(at) - known:
            raise ModelError(f"No model has the moderators {sorted(set(at) - known)}.")
        own = fit.posterior.hierarchy.design.moderators
        return {name: value for name, value in (at or {}).items() if name in own} or None


def _marginal(fit: ExactFit, name: str) -> Exact:
    if name in SCALES and name not in fit.scales:
        return PointMass(0.0, shape=SHAPE)
    return fit.marginal(name)
