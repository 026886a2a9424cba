"""The DataTree of a fit: the groups that every ArviZ function knows, from draws of beta and tau."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from bayes_ps.checks import Array
from bayes_ps.exact import Whitened
from bayes_ps.hierarchy import INTERCEPT, GaussianHierarchy
from bayes_ps.posterior.completion import complete

PRIOR_DRAWS = (1, 2000)


def posterior_tree(
    hierarchy: GaussianHierarchy,
    whitened: Whitened,
    beta: Array,
    tau: Array,
    *,
    seed: int,
    attrs: dict[str, Any],
) -> xr.DataTree:
    """posterior, log_likelihood, log_prior, predictive, prior and data, from beta (C, D, p).

    `tau` is (C, D), zeros for a common effect. Prior groups exist only if every prior is proper.
    """
    rng = np.random.default_rng([seed, 1])
    groups = _groups(hierarchy, whitened, beta, tau, rng=rng)
    posterior = groups["posterior"].assign_attrs(attrs)
    dims = ("chain", "draw")
    priors = _priors(hierarchy)
    log_prior = {
        name: (dims, sum((p.logpdf(posterior[name].values[..., i]) for i, p in enumerate(ps)), 0.0))
        if name == "beta"
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
        component = hierarchy.component
        tau = component.prior.ppf(rng.uniform(size=shape)) if component else np.zeros(shape)
        drawn = _groups(hierarchy, whitened, beta, tau, rng=rng, given_y=False)
        tree["prior"], tree["prior_predictive"] = drawn["posterior"], drawn["predictive"]
    return xr.DataTree.from_dict(tree)


def _groups(
    hierarchy: GaussianHierarchy,
    whitened: Whitened,
    beta: Array,
    tau: Array,
    *,
    rng: np.random.Generator,
    given_y: bool = True,
) -> dict[str, xr.Dataset]:
    """Draws of every unknown and of replicated estimates, as datasets."""
    shape, p = tau.shape, beta.shape[-1]
    made = complete(hierarchy, whitened, beta.reshape(-1, p), tau.reshape(-1), rng=rng)
    dims, studies = ("chain", "draw"), (*shape, hierarchy.k)
    values: dict[str, Any] = {}
    coords: dict[str, Any] = {name: np.arange(n) for name, n in zip(dims, shape, strict=True)}
    if hierarchy.design == INTERCEPT:
        values["mu"] = (dims, beta[..., 0])
    else:
        values["beta"] = ((*dims, "moderator"), beta)
        coords["moderator"] = list(hierarchy.design.names)
    if hierarchy.component is not None:
        values["tau"] = (dims, tau)
    component = hierarchy.component
    if given_y and (component is None or not component.is_external):
        values["theta"] = ((*dims, "study"), made.theta.reshape(studies))
    if hierarchy.design == INTERCEPT:
        values["theta_new"] = (dims, beta[..., 0] + tau * made.z_new.reshape(shape))
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
    name = "mu" if hierarchy.design == INTERCEPT else "beta"
    found: dict[str, tuple[Any, ...]] = {name: hierarchy.beta}
    if hierarchy.component is not None:
        found["tau"] = (hierarchy.component.prior,)
    return found
