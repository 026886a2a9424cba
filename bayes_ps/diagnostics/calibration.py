"""`calibrate`: simulation-based calibration of an engine, review by simulated review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import kstest

from bayes_ps.checks import Array, ModelError
from bayes_ps.effects import Effects
from bayes_ps.fitting import fit as fit_by
from bayes_ps.hierarchy import GaussianHierarchy
from bayes_ps.posterior import Exact, Fit, Marginal

FALSE_ALARM = 0.001
RANKS = 99  # draws of a sampled fit that the truth is ranked among, thinned to be independent


@dataclass(frozen=True, eq=False)
class Calibration:
    """Where the truth lay in the posterior, over many reviews simulated from the prior.

    Attributes
    ----------
    pit : (review, unknown) P(unknown <= truth | y): uniform for a sound engine.
    p_value : of each unknown, by the Kolmogorov–Smirnov test of uniformity.
    engine : which one was tried.
    """

    pit: pd.DataFrame
    p_value: pd.Series
    engine: str

    @property
    def ok(self) -> bool:
        """Whether no unknown departs from uniformity; a sound engine fails 1 time in 1000."""
        return bool((self.p_value >= FALSE_ALARM / self.p_value.size).all())

    @property
    def dt(self) -> xr.DataTree:
        """The values for ``arviz_plots.plot_ecdf_pit(calibration.dt, sample_dims=["review"])``."""
        columns = {name: ("review", values.to_numpy()) for name, values in self.pit.items()}
        return xr.DataTree.from_dict({"prior_sbc": xr.Dataset(columns)})

    def to_frame(self) -> pd.DataFrame:
        """A row an unknown: mean and SD of its values (0.5 and 0.289 if uniform), P value."""
        table = pd.DataFrame(
            {"mean": self.pit.mean(), "sd": self.pit.std(ddof=0), "p_value": self.p_value}
        )
        return table.rename_axis("unknown").reset_index()

    def __str__(self) -> str:
        worst = self.p_value.idxmin()
        verdict = "passed" if self.ok else "FAILED"
        return (
            f"Calibration {verdict}: over {len(self.pit)} reviews simulated from the prior, the "
            f"truth lay anywhere in the posterior of the {self.engine} engine"
            f"{'' if self.ok else ' but not evenly'}; smallest P of "
            f"{self.p_value.size} unknowns {self.p_value[worst]:.2g} ({worst})."
        )


def calibrate(
    model: Any,
    effects: Effects,
    *,
    seed: int,
    reviews: int = 1000,
    engine: Literal["exact", "nuts"] | Callable[[Any, Effects], Fit] = "exact",
    draws: int = 500,
    tune: int = 300,
) -> Calibration:
    """Simulate reviews from the prior, fit each, and ask where the truth lies in the posterior.

    Parameters
    ----------
    model : linear and Gaussian, with proper priors.
    effects : gives the design: standard errors, moderators, clusters. Its estimates are not used.
    seed : of the simulated reviews and of every fit.
    reviews : how many; 1000 see a shift of 0.06 posterior SDs.
    engine : ``"exact"``, ``"nuts"``, or a function of (model, effects) that gives a `Fit`.
    draws, tune : of each of 4 chains, for NUTS only; they are thinned to 99 in all.

    Returns
    -------
    Calibration
        For every unknown, a new setting, and the true effects of the first and the last study.

    Raises
    ------
    ModelError
        If a prior is improper: nothing can be drawn from it.

    Notes
    -----
    Talts et al. 2018, arXiv:1804.06788; Modrák et al. 2025, doi:10.1214/23-BA1404. An engine that
    forgets a Jacobian fails: ``tests/oracle/test_calibration.py``.
    """
    if not hasattr(model, "gaussian"):
        raise ModelError(f"{type(model).__name__} has no gaussian(): reviews cannot be simulated.")
    hierarchy = model.gaussian(effects)
    _refuse_improper(hierarchy)
    rng = np.random.default_rng(seed)
    found: list[dict[str, float]] = []
    for number in range(reviews):
        truth, y = simulate(hierarchy, rng)
        simulated = replace(effects, y=y)
        if callable(engine):
            fit = engine(model, simulated)
        else:
            fit = fit_by(model, simulated, engine=engine, seed=number, draws=draws, tune=tune)
        asked = _asked(fit, truth)
        found.append({name: _pit(m, truth[name], rng) for name, m in asked.items()})
    pit = pd.DataFrame(found)
    p_value = pit.apply(lambda values: kstest(values, "uniform").pvalue)
    return Calibration(pit, p_value, engine if isinstance(engine, str) else "given")


def simulate(
    hierarchy: GaussianHierarchy, rng: np.random.Generator
) -> tuple[dict[str, float], Array]:
    """One review from the prior: every unknown by its name, and the estimates (k,)."""
    h, V = hierarchy, hierarchy.V
    beta = np.array([float(prior.ppf(rng.uniform())) for prior in h.beta])
    truth = dict(zip(h.design.unknowns, map(float, beta), strict=True))
    theta, spread = h.X @ beta, 0.0
    for each in h.components:
        sd = float(each.prior.ppf(rng.uniform()))
        u = rng.normal(0, sd, h.k if each.Z is None else each.Z.shape[1])
        theta = theta + (u if each.Z is None else each.Z @ u)
        truth[each.name], spread = sd, float(np.hypot(spread, sd))
    if not h.design.moderators:
        truth["theta_new"] = float(rng.normal(beta.sum(), spread))
    for name in (h.study[0], h.study[-1]):
        truth[f"theta[{name}]"] = float(theta[h.study.index(name)])
    root = np.diag(np.sqrt(V)) if V.ndim == 1 else np.linalg.cholesky(V)
    return truth, theta + root @ rng.standard_normal(h.k)


def _asked(fit: Fit, truth: dict[str, float]) -> dict[str, Marginal]:
    asked = {name: fit.marginal(name) for name in fit.unknowns}
    if fit.has_tau:
        names = [name for name in truth if name.startswith("theta[")]
        asked |= {name: fit.study(name[6:-1]) for name in names}
        if "theta_new" in truth:
            asked["theta_new"] = fit.predictive()
    return asked


def _pit(marginal: Marginal, truth: float, rng: np.random.Generator) -> float:
    """P(unknown <= truth), for draws the randomised rank among a few that are independent."""
    if isinstance(marginal, Exact):
        return float(marginal.cdf(truth))
    every = marginal.draws.ravel()
    thinned = every[:: max(1, every.size // RANKS)][:RANKS]
    return float(((thinned < truth).sum() + rng.uniform()) / (thinned.size + 1))


def _refuse_improper(hierarchy: GaussianHierarchy) -> None:
    for prior in (*hierarchy.beta, *(each.prior for each in hierarchy.components)):
        if not prior.proper:
            raise ModelError(
                f"Calibration draws the truth from the prior, but {prior!r} is improper. "
                f"Use a proper prior, such as priors.normal(0, sd)."
            )
