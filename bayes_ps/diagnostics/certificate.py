"""`certify`: every number of a NUTS fit held against the exact posterior of the same model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from bayes_ps.checks import Array, ModelError
from bayes_ps.diagnostics.fixing import fixed
from bayes_ps.fitting import fit as fit_by
from bayes_ps.posterior import Exact, ExactFit, Fit, Marginal

QUANTILES = (0.025, 0.5, 0.975)
FALSE_ALARM = 0.001
BLUR_MAX = 0.1


@dataclass(frozen=True, eq=False)
class Certificate:
    """How far the sampled numbers are from the exact ones, in Monte Carlo standard errors.

    Attributes
    ----------
    table : a row a number: unknown, statistic, nuts, exact, difference, mcse, z, passed. What the
        model fixes has one row, its "value", with an mcse of 0: only the value itself passes.
    z_max : the largest |z| that passes: a sound sampler exceeds it, somewhere in the whole table,
        with probability 0.001 (Bonferroni).
    quadrature_error : of the exact posterior, beside which the MCSE is the only error.
    blur : the largest Monte Carlo standard error of a median, in posterior SDs (half of the central
        68 %): above 0.1 the draws are too few to certify anything, and passing says nothing.
    """

    table: pd.DataFrame
    z_max: float
    quadrature_error: float
    blur: float

    @property
    def ok(self) -> bool:
        """Whether every number passed, by draws that are sharp enough to tell."""
        return bool(self.table["passed"].all()) and self.blur <= BLUR_MAX

    def to_frame(self) -> pd.DataFrame:
        """The table, a row a number."""
        return self.table.copy()

    def __str__(self) -> str:
        worst = self.table.loc[self.table["z"].abs().idxmax()]
        passed = self.table["passed"].all()
        verdict = "passed" if self.ok else "INCONCLUSIVE" if passed else "FAILED"
        more = "" if self.blur <= BLUR_MAX else " Draw more: bps.fit(..., draws=…)."
        return (
            f"Certificate {verdict}: {self.table['passed'].sum()} of "
            f"{len(self.table)} numbers of the NUTS fit agree with the exact posterior; the "
            f"largest difference is {abs(worst['z']):.1f} Monte Carlo standard errors "
            f"({worst['statistic']} of {worst['unknown']}: {worst['nuts']:.5g} against "
            f"{worst['exact']:.5g}), up to {self.z_max:.1f} passes; the Monte Carlo error of a "
            f"median is at most {self.blur:.2g} posterior SDs, up to {BLUR_MAX} certifies.{more}"
        )


def certify(fit: Fit) -> Certificate:
    """Hold a NUTS fit against the exact posterior of the same model and effects.

    Mean, sd, the quantiles at 2.5, 50 and 97.5 % and P(> 0) of every unknown, every study and a
    new setting. Where the tail is so heavy that a mean or sd of draws has no Monte Carlo standard
    error (it takes 2 and 4 moments), that mean or sd is not compared.

    Raises
    ------
    ModelError
        If the fit is itself exact, or its model is not a Gaussian hierarchy.
    """
    if fit.engine == "exact" or fit.hierarchy is None:
        raise ModelError(
            "certify() holds a NUTS fit of a linear Gaussian model against the exact engine. "
            'Pass bps.fit(model, effects, engine="nuts", seed=1).'
        )
    exact = cast(ExactFit, fit_by(fit.model, fit.effects, engine="exact", seed=fit.seed))
    held = fixed(fit)
    pairs = [pair for pair in _pairs(fit, exact) if pair[0] not in held]
    rows = [(name, *_at_fixed(fit.marginal(name).draws, value)) for name, value in held.items()]
    rows += [(name, *row) for name, ours, theirs in pairs for row in _compared(ours, theirs)]
    columns = ["unknown", "statistic", "nuts", "exact", "difference", "mcse"]
    table = pd.DataFrame(rows, columns=columns)
    table["z"] = (table["difference"] / table["mcse"]).where(table["difference"] != 0, 0.0)
    z_max = float(-ndtri(FALSE_ALARM / 2 / len(table)))
    table["passed"] = table["z"].abs() <= z_max
    medians = table.loc[table["statistic"] == "50% quantile", "mcse"].to_numpy()
    sds = [float(np.diff(theirs.ppf([0.16, 0.84]))[0]) / 2 for _, _, theirs in pairs]
    return Certificate(table, z_max, exact.error, float((medians / sds).max()))


def _pairs(fit: Fit, exact: ExactFit) -> Iterator[tuple[str, Marginal, Exact]]:
    for name in fit.unknowns:
        yield name, fit.marginal(name), exact.marginal(name)
    for study in fit.studies if fit.has_tau else ():
        yield f"theta[{study}]", fit.study(study), exact.study(study)
    if "theta_new" in fit.dt["posterior"] and fit.has_tau:
        yield "theta_new", fit.predictive(), exact.predictive()


def _at_fixed(draws: Array, value: float) -> tuple[str, float, float, float, float]:
    """The draw that is farthest from where the model fixes it."""
    farthest = draws.ravel()[np.abs(draws - value).argmax()]
    return _row("value", farthest, value, 0.0)


def _compared(ours: Marginal, theirs: Exact) -> Iterator[tuple[str, float, float, float, float]]:
    if theirs.moments >= 2:
        yield _row("mean", ours.mean, theirs.mean, ours.mcse("mean"))
    if theirs.moments >= 4:
        yield _row("sd", ours.sd, theirs.sd, ours.mcse("sd"))
    q = np.array(QUANTILES)
    x = theirs.ppf(q)
    error = np.array([_of_p(ours, *each) for each in zip(x, q, strict=True)])
    numbers = zip(ours.ppf(q), x, _of_quantiles(theirs, q, error), strict=True)
    for share, each in zip(QUANTILES, numbers, strict=True):
        yield _row(f"{100 * share:g}% quantile", *each)
    below = float(theirs.cdf(0.0))
    if 0 < below < 1:
        yield _row("P(> 0)", ours.sf(0.0), theirs.sf(0.0), _of_p(ours, 0.0, below))


def _of_p(ours: Marginal, x: float, p: float) -> float:
    """MCSE of P(<= x) if the exact p is right: at least that of independent draws, so that a
    probability too small for any draw to see is not held against the sampler."""
    return max(ours.mcse("cdf", x), float(np.sqrt(p * (1 - p) / ours.draws.size)))


def _of_quantiles(theirs: Exact, q: Array, error: Array) -> Array:
    """MCSE of quantiles, by the exact quantiles one MCSE of their probability on either side:
    steadier than an estimate from the draws, and right where the density has a pole."""
    error = np.minimum(error, 0.999 * np.minimum(q, 1 - q))
    low, high = theirs.ppf(np.array([q - error, q + error]))
    return np.asarray((high - low) / 2)


def _row(
    statistic: str, nuts: npt.ArrayLike, exact: npt.ArrayLike, mcse: npt.ArrayLike
) -> tuple[str, float, float, float, float]:
    ours, theirs = float(np.asarray(nuts)), float(np.asarray(exact))
    return statistic, ours, theirs, ours - theirs, float(np.asarray(mcse))
