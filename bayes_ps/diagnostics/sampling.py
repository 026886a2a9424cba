"""`diagnose`: R-hat, effective sample sizes, divergences and E-BFMI, with their thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from bayes_ps.diagnostics.fixing import fixed
from bayes_ps.posterior import ExactFit, Fit

RHAT_MAX = 1.01
ESS_MIN_PER_CHAIN = 100
BFMI_MIN = 0.3


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """Whether the sampler can be trusted.

    Attributes
    ----------
    table : a row an unknown that is not fixed by the model: `rhat`, `ess_bulk`, `ess_tail`.
    divergences : transitions that diverged, 0 wanted.
    bfmi : the smallest E-BFMI of the chains, > 0.3 wanted; NaN if the sampler has no energy.
    problems : what is wrong, a sentence each; empty if nothing is.
    engine : "exact" fits have nothing to diagnose but the error of their quadrature.
    quadrature_error : of an exact fit; NaN else.
    """

    table: pd.DataFrame
    divergences: int
    bfmi: float
    problems: tuple[str, ...]
    engine: str
    quadrature_error: float = float("nan")

    @property
    def ok(self) -> bool:
        """Whether no problem was found."""
        return not self.problems

    def to_frame(self) -> pd.DataFrame:
        """The table, a row an unknown."""
        return self.table.copy()

    def __str__(self) -> str:
        if self.engine == "exact":
            said = (
                f"Exact engine: nothing was sampled; quadrature error {self.quadrature_error:.1g}"
            )
        else:
            said = (
                f"R-hat at most {self.table['rhat'].max():.4f} (< {RHAT_MAX} wanted), bulk ESS at "
                f"least {self.table['ess_bulk'].min():.0f}, tail ESS at least "
                f"{self.table['ess_tail'].min():.0f}, {self.divergences} divergences, "
                f"E-BFMI {self.bfmi:.2f} (> {BFMI_MIN} wanted)"
            )
        return said + (": no problem found." if self.ok else ". " + " ".join(self.problems))


def diagnose(fit: Fit) -> Diagnosis:
    """R-hat, bulk and tail ESS, divergences and E-BFMI of a fit, all by ArviZ.

    Thresholds: rank-normalised split R-hat < 1.01 and bulk and tail ESS > 100 per chain (Vehtari et
    al. 2021, doi:10.1214/20-BA1221), no divergence, E-BFMI > 0.3 (Betancourt, arXiv:1604.00695).
    """
    if isinstance(fit, ExactFit):
        problems: tuple[str, ...] = ()
        if fit.error > 1e-8:
            problems = (f"The quadrature did not converge: error {fit.error:.1g}.",)
        empty = pd.DataFrame(columns=["unknown", "rhat", "ess_bulk", "ess_tail"])
        return Diagnosis(empty, 0, float("nan"), problems, "exact", fit.error)
    table = _table(fit)
    chains = fit.dt["posterior"].sizes["chain"]
    divergences, bfmi = _transitions(fit)
    problems = _problems(table, divergences, bfmi, ESS_MIN_PER_CHAIN * chains)
    return Diagnosis(table, divergences, bfmi, problems, fit.engine)


def _table(fit: Fit) -> pd.DataFrame:
    from arviz_stats.base import array_stats

    rows, held = [], fixed(fit)
    for name, variable in fit.dt["posterior"].data_vars.items():
        draws = variable.transpose("chain", "draw", ...).values
        flat = draws.reshape(*draws.shape[:2], -1)
        labels = _labels(str(name), variable)
        for i, label in enumerate(labels):
            if label in held:
                continue
            x = flat[..., i]
            with np.errstate(invalid="ignore"):  # of constant draws
                rhat = float(array_stats.rhat(x))
            bulk = float(array_stats.ess(x, method="bulk"))
            tail = float(array_stats.ess(x, method="tail", prob=(0.05, 0.95)))
            rows.append((label, rhat, bulk, tail))
    return pd.DataFrame(rows, columns=["unknown", "rhat", "ess_bulk", "ess_tail"])


def _labels(name: str, variable: xr.DataArray) -> list[str]:
    extra = [dim for dim in variable.dims if dim not in ("chain", "draw")]
    if not extra:
        return [name]
    index = variable.isel(chain=0, draw=0).stack(all=extra)["all"].values  # noqa: PD013
    inner = [value if isinstance(value, tuple) else (value,) for value in index]
    return [f"{name}[{', '.join(map(str, value))}]" for value in inner]


def _transitions(fit: Fit) -> tuple[int, float]:
    from arviz_stats.base import array_stats

    stats: Any = fit.dt.children.get("sample_stats", {})
    divergences = int(stats["diverging"].sum()) if "diverging" in stats else 0
    bfmi = float("nan")
    if "energy" in stats:
        bfmi = float(np.min(array_stats.bfmi(stats["energy"].values)))
    return divergences, bfmi


def _problems(table: pd.DataFrame, divergences: int, bfmi: float, ess_min: int) -> tuple[str, ...]:
    found = []
    worst = table.loc[table["rhat"].fillna(np.inf).idxmax()]
    if np.isnan(worst["rhat"]):
        found.append(
            f"R-hat of {worst['unknown']} cannot be computed: its draws are constant, not finite, "
            f"or from one chain only."
        )
    elif worst["rhat"] >= RHAT_MAX:
        found.append(f"R-hat of {worst['unknown']} is {worst['rhat']:.3f}: the chains disagree.")
    for kind in ("bulk", "tail"):
        worst = table.loc[table[f"ess_{kind}"].fillna(0).idxmin()]
        if not worst[f"ess_{kind}"] > ess_min:
            found.append(
                f"The {kind} ESS of {worst['unknown']} is {worst[f'ess_{kind}']:.0f}, below "
                f"{ess_min}: draw more, bps.fit(..., draws=…)."
            )
    if divergences:
        found.append(
            f"{divergences} transitions diverged: parts of the posterior may be missing. "
            f"Raise target_accept, bps.fit(..., target_accept=0.999)."
        )
    if bfmi < BFMI_MIN:
        found.append(f"E-BFMI is {bfmi:.2f}: the energy was explored badly.")
    return tuple(found)
