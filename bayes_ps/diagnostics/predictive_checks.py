"""Posterior predictive P values: would the model, once fitted, report such data again?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bayes_ps import words
from bayes_ps.checks import Array, BayesPSError
from bayes_ps.posterior import Fit, Sampled

Statistic = Callable[[Array, Array], float]


@dataclass(frozen=True, eq=False)
class PredictiveCheck:
    """A statistic of the studies beside the same of data that the fitted model makes.

    Attributes
    ----------
    statistic : its name.
    observed : of the studies.
    replicated : (chain, draw) of replicated studies, each with new true effects.
    p : P(replicated >= observed | y).
    mcse : Monte Carlo standard error of p.
    """

    statistic: str
    observed: float
    replicated: Array
    p: float
    mcse: float

    def to_frame(self) -> pd.DataFrame:
        """One row: statistic, observed, median, lower, upper (95%) of the replicated, p, mcse."""
        middle, low, high = np.quantile(self.replicated, [0.5, 0.025, 0.975])
        row = (self.statistic, self.observed, middle, low, high, self.p, self.mcse)
        names = ["statistic", "observed", "median", "lower", "upper", "p", "mcse"]
        return pd.DataFrame([row], columns=names)

    def __str__(self) -> str:
        row = self.to_frame().iloc[0]
        p = words.probability(self.p)
        return (
            f"Posterior predictive check of {self.statistic}: observed {self.observed:.4g}, "
            f"replicated {words.interval(row['median'], row['lower'], row['upper'])} (median and "
            f"95% interval), P(replicated >= observed) {p if p[0] in '<>' else f'= {p}'} "
            f"(MCSE {self.mcse:.2g}). Near 0 or 1 the model hardly makes such data. The data are "
            f"used twice: under a right model values near 0.5 come more often, and 0.05 is rarer, "
            f"than of a P value."
        )


def predictive_check(fit: Fit, statistic: str | Statistic = "Q") -> PredictiveCheck:
    """Hold a statistic of the estimates against those that the fitted model would make.

    Parameters
    ----------
    fit : by either engine, of a model whose draws hold replicated estimates.
    statistic : ``"Q"``, the weighted sum of squares around the inverse-variance fit (of the
        moderators too, and by V where studies share participants); ``"max"``, ``"min"`` or
        ``"range"`` of the estimates; or a function of y (k,) and se (k,).

    Returns
    -------
    PredictiveCheck

    Raises
    ------
    BayesPSError
        For an unknown statistic, or a fit without replicated estimates.

    Notes
    -----
    Every replicate has a new true effect for each study, drawn around the mean effect: the mixed
    predictive check (Marshall & Spiegelhalter 2003, doi:10.1002/sim.1403). With the true effects
    kept, the check would rarely see anything.
    The P value is not uniform under the model (Meng 1994, doi:10.1214/aos/1176325622): it is
    conservative. ``sensitivity.leave_one_out`` gives PIT values, which use no study twice.
    bayesmeta's ``pppvalue`` asks something else: its replicates hold a parameter at a null value.
    Tests: ``tests/unit/test_predictive_check.py``: P of Q under a common effect is that of the
    chi-squared test, and k = 2 is one integral.
    """
    if "posterior_predictive" not in fit.dt.children:
        raise BayesPSError("This fit holds no replicated estimates (posterior_predictive).")
    name, of = _statistic(fit, statistic)
    replicated = of(fit.dt["posterior_predictive"]["y"].transpose("chain", "draw", "study").values)
    y = fit.effects.y if fit.hierarchy is None else fit.hierarchy.y  # as the replicates are
    observed = float(of(y[None])[0])
    if not (np.isfinite(observed) and np.isfinite(replicated).all()):
        raise BayesPSError(f"{name} is not a finite number for these studies and replicates.")
    at_least = (replicated >= observed).astype(float)
    # `cdf` at 0.5 is P(below): the error of an event that no draw, or every draw, shows is not 0.
    mcse = Sampled(at_least).mcse("cdf", at=0.5)
    return PredictiveCheck(name, observed, replicated, float(at_least.mean()), mcse)


def _statistic(fit: Fit, statistic: str | Statistic) -> tuple[str, Callable[[Array], Array]]:
    """Its name, and the function that takes (…, k) estimates to (…) values."""
    if callable(statistic):
        se = fit.effects.se

        def of(y: Array) -> Array:
            return np.apply_along_axis(lambda each: float(statistic(each, se)), -1, y)

        return getattr(statistic, "__name__", "statistic"), of
    known: dict[str, Callable[[Array], Array]] = {
        "Q": lambda y: _q(fit, y),
        "max": lambda y: y.max(-1),
        "min": lambda y: y.min(-1),
        "range": lambda y: np.ptp(y, axis=-1),
    }
    if statistic not in known:
        raise BayesPSError(
            f"statistic must be one of {', '.join(known)}, or a function of y and se, as in "
            f"predictive_check(fit, lambda y, se: y[0] - y[1]), but is {statistic!r}."
        )
    return statistic, known[statistic]


def _q(fit: Fit, y: Array) -> Array:
    """Weighted residual sum of squares around the generalised least squares fit of each y."""
    V = np.diag(fit.effects.se**2) if fit.effects.V is None else fit.effects.V
    X = np.ones((fit.k, 1)) if fit.hierarchy is None else fit.hierarchy.X
    root = np.linalg.inv(np.linalg.cholesky(V))
    Q, _ = np.linalg.qr(root @ X)
    z = y @ root.T
    return np.asarray(((z - z @ Q @ Q.T) ** 2).sum(-1))
