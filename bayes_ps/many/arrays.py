"""`pool_array`: the same results on xarray objects, lazily and on a Dask cluster if they are so."""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np
import xarray as xr

from bayes_ps.checks import Array, StudyTableError
from bayes_ps.decision import MCID
from bayes_ps.many.cautions import prior_cautions
from bayes_ps.many.kernel.columns import ERROR, NAMES, unasked
from bayes_ps.many.kernel.layout import Texts
from bayes_ps.many.padded import laid
from bayes_ps.many.per_analysis import PerAnalysis, mu_prior, refuse, sign_of, size_of, tau_prior
from bayes_ps.priors import Prior, flat


def pool_array(
    data: xr.Dataset,
    dim: str = "study",
    *,
    prior: Prior,
    mu: Prior | None = None,
    mcid: MCID | float | str | None = None,
    better: Literal["lower", "higher"] | None = None,
    level: float = 0.95,
    dask: Literal["forbidden", "parallelized"] = "forbidden",
) -> xr.Dataset:
    """The exact posterior of every meta-analysis in a dataset: `pool_many` over all dims but one.

    Parameters
    ----------
    data : with variables ``y`` and ``se`` over `dim` and the dims of the analyses, such as
        (analysis, study) or (region, year, study). NaN in both says that there is no such study.
    dim : of the studies of one analysis.
    prior, mu : of tau and of the mean effect, for all analyses; mu is flat unless given.
    mcid : size of an important benefit in the unit of y, or the name of a variable over the
        analyses.
    better : ``"lower"`` or ``"higher"``.
    level : of the central intervals.
    dask : ``"parallelized"`` if the variables are Dask arrays, as for ``xarray.apply_ufunc``: each
        chunk of analyses is a task, and takes the memory of that chunk. A chunk must hold all
        studies of its analyses: ``data.chunk({"analysis": 1000, "study": -1})``.

    Returns
    -------
    Dataset
        A variable for each number that `pool_many` gives, by the same name and to the same digit,
        and ``k``, ``problem`` and ``warning``, over the dims of the analyses.

    Raises
    ------
    StudyTableError, PriorError, BayesPSError
        If a variable is missing, or an argument is impossible.

    Notes
    -----
    Equality with `pool_many`, on threads and on a cluster: ``tests/unit/test_many_arrays.py``.
    """
    _need(data, "y", "se", *([mcid] if isinstance(mcid, str) else []))
    refuse(level, mcid is not None and better is None)
    size = data[mcid] if isinstance(mcid, str) else size_of(mcid)
    pooled = partial(
        _pooled,
        pair=(tau_prior(prior), mu_prior(flat() if mu is None else mu)),
        sign=sign_of(better),
        level=level,
        workers=1 if data["y"].chunks else 0,  # Dask has threads and processes of its own
        measured=mcid is not None,
    )
    numbers, problem, warning = xr.apply_ufunc(
        pooled,
        data["y"],
        data["se"],
        size,
        input_core_dims=[[dim], [dim], []],
        output_core_dims=[["quantity"], [], []],
        dask=dask,
        output_dtypes=[float, object, object],
        dask_gufunc_kwargs={"output_sizes": {"quantity": len(NAMES)}},
    )
    found = numbers.assign_coords(quantity=list(NAMES)).to_dataset("quantity")
    found = found.drop_vars(unasked(better=better is not None, mcid=mcid is not None))
    k = (data["y"].notnull() | data["se"].notnull()).sum(dim)
    return found.assign(k=k, problem=problem, warning=warning)


def _need(data: xr.Dataset, *names: str) -> None:
    for name in names:
        if name not in data:
            has = ", ".join(map(str, data))
            raise StudyTableError(f"data has no variable {name!r}. It has: {has}.")


def _pooled(
    y: Array,
    se: Array,
    size: Array,
    *,
    pair: tuple[Prior, Prior],
    sign: float,
    level: float,
    workers: int,
    measured: bool,
) -> tuple[Array, Texts, Texts]:
    """Numbers (…, quantity), problems and warnings (…) of the analyses y, se (…, study)."""
    from bayes_ps.many.answers import answer
    from bayes_ps.many.batches import batch

    y, se = np.broadcast_arrays(y, se)
    shape, studies = y.shape[:-1], y.shape[-1]
    y, se = y.reshape(-1, studies), se.reshape(-1, studies)
    size = np.broadcast_to(size, shape).ravel()
    estimates, start, problem = laid(y, se)
    if measured:
        problem[(problem == "") & ~(size > 0)] = "The MCID is not a size > 0."
    which = np.where(problem == "", 0, -1)
    asked = np.column_stack([np.full(len(y), sign), size])
    b = batch(estimates, start, [pair], which=which, asked=asked, level=level)
    failed = answer(b, [pair], which, workers=workers)
    problem = np.where(problem == "", failed, problem)
    tau, mu = (PerAnalysis([prior], np.zeros(len(y), dtype=np.int64), problem) for prior in pair)
    about = np.isfinite(b.out[:, ERROR])
    warning = prior_cautions(estimates, start, tau=tau, mu=mu, about=about)
    numbers = b.out[:, : len(NAMES)].reshape(*shape, len(NAMES))
    return numbers, problem.reshape(shape), warning.reshape(shape)
