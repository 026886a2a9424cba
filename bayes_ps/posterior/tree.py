"""The DataTree of a fit: the groups that every ArviZ function knows, from draws of beta and tau."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from bayes_ps.checks import Array
from bayes_ps.hierarchy import INTERCEPT, GaussianHierarchy
from bayes_ps.posterior.completion import complete

PRIOR_DRAWS = (1, 2000)


def posterior_tree(
    hierarchy: GaussianHierarchy,
    beta: Array,
    scales: Mapping[str, Array],
    *,
    seed: int,
    attrs: dict[str, Any],
) -> xr.DataTree:
    """posterior, log_likelihood, log_prior, predictive, prior and data, from beta (C, D, p).

    `scales` holds "tau" (C, D) and "omega", as far as the model has them. Prior groups exist only
    if every prior is proper.
    """
    rng = np.random.default_rng([seed, 1])
    groups = _groups(hierarchy, beta, scales, rng=rng)
    posterior = groups["posterior"].assign_attrs(attrs)
    dims = ("chain", "draw")
    priors = _priors(hierarchy)
    log_prior = {
        name: (dims, sum((p.logpdf(posterior[name].values[..., i]) for i, p in enumerate(ps)), 0.0))
        if name == hierarchy.design.variable and hierarchy.design.dim
        else (dims, ps[0].logpdf(posterior[name].values))
        for name, ps in priors.items()
    }
    coords = {"study": list(hierarchy.study)}
    V = hierarchy.V
    scale = {"se": ("study", np.sqrt(V if V.ndim == 1 else np.diag(V)))}
    tree = {
        "posterior": posterior,
        "log_likelihood": groups["log_likelihood"],
        "log_prior": xr.Dataset(log_prior),
        "posterior_predictive": groups["predictive"],
        "observed_data": xr.Dataset({"y": ("study", hierarchy.y)}, coords),
        "constant_data": xr.Dataset(scale, coords),
    }
    if all(prior.proper for ps in priors.values() for prior in ps):
        rng = np.random.default_rng([seed, 2])
        shape = PRIOR_DRAWS
        beta = np.stack([p.ppf(rng.uniform(size=shape)) for p in hierarchy.beta], axis=-1)
        scales = {
            each.name: each.prior.ppf(rng.uniform(size=shape)) for each in hierarchy.components
        }
        drawn = _groups(hierarchy, beta, scales, rng=rng, given_y=False)
        tree["prior"], tree["prior_predictive"] = drawn["posterior"], drawn["predictive"]
    return xr.DataTree.from_dict(tree)


def _groups(
    hierarchy: GaussianHierarchy,
    beta: Array,
    scales: Mapping[str, Array],
    *,
    rng: np.random.Generator,
    given_y: bool = True,
) -> dict[str, xr.Dataset]:
    """Draws of every unknown and of replicated estimates, as datasets."""
    shape, p = beta.shape[:2], beta.shape[-1]
    flat = {name: values.reshape(-1) for name, values in scales.items()}
    made = complete(hierarchy, beta.reshape(-1, p), flat, rng=rng)
    dims, studies = ("chain", "draw"), (*shape, hierarchy.k)
    values: dict[str, Any] = {}
    coords: dict[str, Any] = {name: np.arange(n) for name, n in zip(dims, shape, strict=True)}
    design = hierarchy.design
    if design.dim:
        values[design.variable] = ((*dims, design.dim), beta)
        coords[design.dim] = list(design.names)
    else:
        values[design.variable] = (dims, beta[..., 0])
    values |= {name: (dims, drawn) for name, drawn in scales.items()}
    component = hierarchy.component
    if given_y and (component is None or not component.is_external):
        values["theta"] = ((*dims, "study"), made.theta.reshape(studies))
    if design == INTERCEPT:
        spread = np.sqrt(sum((each**2 for each in scales.values()), np.zeros(shape)))
        values["theta_new"] = (dims, beta[..., 0] + spread * made.z_new.reshape(shape))
    coords["study"] = list(hierarchy.study)
    log_lik = ((*dims, "study"), made.log_likelihood.reshape(studies))
    replicate = ((*dims, "study"), made.replicate.reshape(studies))
    return {
        "posterior": xr.Dataset(values, coords),
        "log_likelihood": xr.Dataset({"y": log_lik}, coords),
        "predictive": xr.Dataset({"y": replicate}, coords),
    }


def _priors(hierarchy: GaussianHierarchy) -> dict[str, tuple[Any, ...]]:
    """The priors of each variable of the posterior group."""
    found: dict[str, tuple[Any, ...]] = {hierarchy.design.variable: hierarchy.beta}
    return found | {each.name: (each.prior,) for each in hierarchy.components}
