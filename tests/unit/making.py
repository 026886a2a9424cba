"""Effects and fits that the unit tests and the property tests start from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

import bayes_ps as bps
from bayes_ps.effects import Effects
from bayes_ps.posterior import SampledFit
from models import RandomEffects, priors


def made(y: Any, se: Any, V: Any = None, **changed: Any) -> Effects:
    """Effects of studies "A", "B", … on a scale of pain where lower is better."""
    given = {"measure": "MD", "unit": "points (0-100)", "better": "lower"} | changed
    given.setdefault("study", [chr(ord("A") + i) for i in range(len(y))])
    effects = Effects.from_estimates(y, se=se, **given)
    return effects if V is None else replace(effects, V=np.asarray(V))


PAIN = made([-12, -4.5, -9, -15.5, -2, -8.5, -6, -11], [4, 2.5, 5, 6, 2, 3, 3.5, 4.5])
MODEL = RandomEffects(mu=priors.flat(), tau=priors.half_normal(5))


def sampled(exact: Any, **changed: Any) -> SampledFit:
    """The 4 x 1000 independent draws of an exact fit as if a sampler had made them."""
    given = {"tree": exact.dt, "warnings": exact.warnings} | changed
    return SampledFit(exact.model, exact.effects, exact.hierarchy, exact.seed, **given)


def fitted(effects: Effects = PAIN, model: Any = MODEL, **options: Any) -> Any:
    """An exact fit."""
    return bps.fit(model, effects, **options)


def draws(fit: Any, name: str) -> np.ndarray:
    """The draws of one variable, to be changed."""
    return fit.dt["posterior"][name].values.copy()


def with_draws(fit: SampledFit, **variables: np.ndarray) -> SampledFit:
    """The same fit with other draws of some variables."""
    groups = {name: node.to_dataset() for name, node in fit.dt.children.items()}
    posterior = groups["posterior"]
    groups["posterior"] = posterior.assign(
        {name: (posterior[name].dims, values) for name, values in variables.items()}
    )
    return replace(fit, tree=xr.DataTree.from_dict(groups))
