"""The one door to PyMC: sample a model with nutpie, compiled once and refitted with new data."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from bayes_ps.checks import Array
from bayes_ps.effects import Effects
from bayes_ps.hierarchy import GaussianHierarchy
from bayes_ps.posterior import SampledFit
from bayes_ps.posterior.tree import posterior_tree

if TYPE_CHECKING:
    import pymc as pm


@dataclass(frozen=True)
class Sampling:
    """How to sample: everything that PyMC and nutpie would otherwise choose by the machine.

    Attributes
    ----------
    draws, tune, chains : kept and discarded draws of each chain, and the number of chains.
    target_accept : acceptance rate that the step size is tuned to; nearer 1 is slower and safer.
    cores : chains that run at a time; the draws do not depend on it.
    """

    draws: int = 2000
    tune: int = 1000
    chains: int = 4
    target_accept: float = 0.99
    cores: int = 2


def sample(model: Any, effects: Effects, seed: int, how: Sampling) -> SampledFit:
    """Fit by NUTS. A linear Gaussian model gets theta from its exact conditional afterwards."""
    built = model.build(effects, marginal=True)
    trace = _nutpie(built, seed, how)
    hierarchy = model.gaussian(effects) if hasattr(model, "gaussian") else None
    if hierarchy is not None:
        tree = _complete(trace, hierarchy, seed, how)
    else:
        tree = _as_sampled(trace, built, model, seed)
    tree["sample_stats"] = trace["sample_stats"].to_dataset()
    return SampledFit(model, effects, hierarchy, seed, tree=tree)


def _complete(
    trace: xr.DataTree, hierarchy: GaussianHierarchy, seed: int, how: Sampling
) -> xr.DataTree:
    posterior = trace["posterior"]
    beta: Array = np.asarray(posterior[hierarchy.design.variable].values)
    if not hierarchy.design.dim:
        beta = beta[..., None]
    scales = {each.name: np.asarray(posterior[each.name].values) for each in hierarchy.components}
    return posterior_tree(hierarchy, beta, scales, seed=seed, attrs=_provenance(seed, how))


def _as_sampled(trace: xr.DataTree, built: pm.Model, model: Any, seed: int) -> xr.DataTree:
    """The draws of a model that is not Gaussian, with theta_new if it has mu and tau.

    A new setting deviates from mu by tau times a standard normal, or by what `model.deviation` of
    the draws gives.
    """
    posterior = trace["posterior"].to_dataset()
    labels = {dim: list(built.coords[dim]) for dim in posterior.dims if built.coords.get(dim)}
    posterior = posterior.assign_coords(labels)
    if {"mu", "tau"} <= set(posterior) and "theta_new" not in posterior:
        rng, shape = np.random.default_rng([seed, 3]), posterior["mu"].shape
        if hasattr(model, "deviation"):
            noise = model.deviation(posterior).rvs(size=shape, random_state=rng)
        else:
            noise = rng.standard_normal(shape)
        posterior["theta_new"] = posterior["mu"] + posterior["tau"] * noise
    return xr.DataTree.from_dict({"posterior": posterior})


def _provenance(seed: int, how: Sampling) -> dict[str, Any]:
    import nutpie
    import pymc

    return {
        "inference_library": "nutpie",
        "inference_library_version": nutpie.__version__,
        "pymc_version": pymc.__version__,
        "seed": seed,
        "tuning_steps": how.tune,
        "target_accept": how.target_accept,
    }


_COMPILED: dict[str, Any] = {}


def _nutpie(built: pm.Model, seed: int, how: Sampling) -> xr.DataTree:
    import nutpie

    key = _fingerprint(built)
    if key not in _COMPILED:
        _COMPILED[key] = nutpie.compile_pymc_model(built)
    data = {v.name: v.get_value() for v in built.data_vars}
    compiled = _COMPILED[key].with_data(**data) if data else _COMPILED[key]
    trace: xr.DataTree = nutpie.sample(
        compiled,
        draws=how.draws,
        tune=how.tune,
        chains=how.chains,
        cores=how.cores,
        seed=seed,
        target_accept=how.target_accept,
        save_warmup=False,
        progress_bar=sys.stderr.isatty(),
    )
    return trace


def _fingerprint(built: pm.Model) -> str:
    """The graph of the log density with its constants, without the values of the data.

    Two models with the same fingerprint differ at most in their `pm.Data`, which the compiled model
    takes anew; numbers that a model holds as constants are part of the fingerprint, and so are the
    lengths of what is sampled or kept.
    """
    from hashlib import sha256

    import pytensor
    from pytensor.graph.basic import Constant
    from pytensor.graph.traversal import ancestors

    logp = built.logp()
    digest = sha256(pytensor.dprint(logp, file="str", print_type=True).encode())
    for variable in (*built.free_RVs, *built.deterministics):
        dims = built.named_vars_to_dims.get(variable.name) or ()
        digest.update(f"{variable.name}{[len(built.coords[dim] or ()) for dim in dims]}".encode())
    for node in ancestors([logp]):
        if isinstance(node, Constant):
            digest.update(np.asarray(node.data).tobytes() if node.data is not None else b"none")
    return digest.hexdigest()
