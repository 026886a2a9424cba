"""`impute_covariance`: the sampling covariance V from a stated correlation within studies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bayes_ps import checks
from bayes_ps.checks import Array, ModelError


def impute_covariance(
    se: npt.ArrayLike, cluster: Sequence[Any] | npt.NDArray[Any], rho: float
) -> Array:
    r"""V of estimates that share participants within clusters, from one stated correlation.

    Parameters
    ----------
    se : (k,) standard errors.
    cluster : (k,) which study (or sample) each estimate is from.
    rho : correlation of the sampling errors of two estimates from one cluster. It is an assumption:
        vary it (0.3, 0.5, 0.8), and let `cluster_robust` guard against a wrong one.

    Returns
    -------
    V : (k, k), read-only, for ``dataclasses.replace(effects, V=V)``.

    Raises
    ------
    ModelError
        For a `rho` outside (−1, 1), one so negative that no covariance has it, and lengths that
        differ.

    Notes
    -----
    .. math:: V_{ij} = \rho \, se_i \, se_j \text{ within a cluster, } V_{ii} = se_i^2

    Hedges, Tipton & Johnson 2010, Res Synth Methods 1:39, doi:10.1002/jrsm.5; as
    clubSandwich::impute_covariance_matrix and metafor::vcalc(rho=).
    Test: ``tests/unit/test_multilevel.py``.
    """
    errors, of = np.asarray(se, dtype=float), np.asarray(cluster)
    if errors.ndim != 1 or of.shape != errors.shape:
        raise ModelError(
            f"se and cluster must be two columns of one length, but have shapes {errors.shape} and "
            f"{of.shape}."
        )
    if not (np.isfinite(errors).all() and (errors > 0).all()):
        raise ModelError("Every se must be finite and > 0.")
    largest = int(np.unique(of, return_counts=True)[1].max())
    least = -1 / (largest - 1) if largest > 1 else -1.0
    if not least < rho < 1:
        raise ModelError(
            f"rho must lie between {least:.3g} and 1 (clusters have up to {largest} estimates), "
            f"but is {rho}."
        )
    same = of[:, np.newaxis] == of
    V = np.where(same, rho, 0.0) * np.outer(errors, errors)
    np.fill_diagonal(V, errors**2)
    return checks.read_only(V)
