"""The maximum of a selection model's likelihood: several starts, Newton to the last digits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from bayes_ps.baseline.small_study.selection_likelihood import Derivatives, StepSelection
from bayes_ps.checks import Array, ModelError

DELTAS = (0.2, 1.0, 3.0)
SETTLED, POLISH = 1e-8, 3
NOWHERE, FAR, RUNAWAY, FLAT = 1e100, 1e8, 60.0, 100.0
"""A value that is never the lowest, how far coordinates may go, and the largest se of log delta."""


@dataclass(frozen=True, eq=False)
class Maximum:
    """Where the log-likelihood is highest.

    Parameters
    ----------
    mu, tau2, delta : the estimates; delta (J,) begins with 1.
    covariance : (P, P) inverse of the observed information in (mu, tau², log delta_2, …); 0 in the
        rows of what is fixed or lies on its boundary.
    log_likelihood : there.
    score : (P,) gradient in units of its standard deviation: all 0 at an inner maximum.
    """

    mu: float
    tau2: float
    delta: Array
    covariance: Array
    log_likelihood: float
    score: Array


def maximum(model: StepSelection, tau2: float, *, fixed: Array | None, common: bool) -> Maximum:
    """The highest maximum over all starts, with tau² inside and on its boundary 0.

    Parameters
    ----------
    model : the likelihood.
    tau2 : where to start: that without selection.
    fixed : delta (J,) if it is not estimated.
    common : whether tau² is 0 by assumption.
    """
    found = []
    for inside in (False,) if common else (True, False):
        search = _Search(model, inside=inside, fixed=fixed, common=common)
        reached = (search.climbed(start) for start in search.starts(tau2))
        found += [at for at in reached if at is not None]
    if not found:
        raise ModelError(
            "The selection model has no inner maximum for these studies: its estimates run away. "
            "Use fewer steps, or fix the probabilities of publication with delta=."
        )
    return max(found, key=lambda at: at.log_likelihood)


@dataclass(frozen=True, eq=False)
class _Search:
    """Maximisation over what is free: mu, log tau² if it is `inside`, and log delta.

    In coordinates without units: mu in `unit`, tau² in its square.
    """

    model: StepSelection
    inside: bool
    fixed: Array | None
    common: bool

    @property
    def size(self) -> int:
        """Number of mu, tau², log delta_2, …"""
        return 2 + int(self.model.interval_of.max())

    @property
    def free(self) -> npt.NDArray[np.intp]:
        """Which of them are estimated."""
        kept = [0, 1] if self.inside else [0]
        return np.array(kept + (list(range(2, self.size)) if self.fixed is None else []))

    @property
    def unit(self) -> float:
        """The typical standard error."""
        return float(np.sqrt(np.median(self.model.v)))

    def starts(self, tau2: float) -> Iterator[Array]:
        """Around the estimates without selection."""
        y, v = self.model.y, self.model.v
        around = {max(tau2, 0.1 * float(v.min())), float(np.median(v))} if self.inside else {tau2}
        for between, delta in product(sorted(around), DELTAS if self.fixed is None else (1.0,)):
            w = 1 / (v + between)
            mu = float((w * y).sum() / w.sum())
            whole = np.full(self.size, np.log(delta))
            whole[0] = mu / self.unit
            whole[1] = np.log(between / self.unit**2) if self.inside else 0.0
            yield whole[self.free]

    def climbed(self, start: Array) -> Maximum | None:
        """The maximum that is reached from `start`; None if there is none."""
        from scipy.optimize import minimize

        known: dict[bytes, Derivatives] = {}

        def at(x: Array) -> Derivatives:
            if x.tobytes() not in known:
                known[x.tobytes()] = self._lower(x)
            return known[x.tobytes()]

        with np.errstate(all="ignore"):
            x = minimize(
                lambda x: at(x).value,
                start,
                jac=lambda x: at(x).gradient,
                hess=lambda x: at(x).hessian,
                method="trust-exact",
                options={"gtol": 1e-9, "maxiter": 300},
            ).x
        for _ in range(POLISH):
            here = self._lower(x)
            if here.value == NOWHERE or np.linalg.eigvalsh(here.hessian)[0] <= 0:
                return None
            x = x - np.linalg.solve(here.hessian, here.gradient)
        return self._maximum(x)

    def _lower(self, x: Array) -> Derivatives:
        """Minus the log-likelihood in the free coordinates; huge where they run away."""
        flat = np.zeros(x.size), np.eye(x.size)
        if abs(x[0]) > FAR or np.abs(x[1:]).max(initial=0.0) > RUNAWAY:
            return Derivatives(NOWHERE, *flat)
        mu, tau2, log_delta = self._values(x)
        with np.errstate(all="ignore"):
            value, gradient, hessian = self.model.derivatives(mu, tau2, log_delta)
        if not (np.isfinite(value) and np.isfinite(hessian).all()):
            return Derivatives(NOWHERE, *flat)
        by = self._scales(tau2)
        hessian = hessian * by[:, np.newaxis] * by
        hessian[1, 1] += tau2 * gradient[1]
        chosen = np.ix_(self.free, self.free)
        return Derivatives(-value, -(gradient * by)[self.free], -hessian[chosen])

    def _scales(self, tau2: float) -> Array:
        """The derivatives of mu, tau² and log delta by their coordinates."""
        by = np.ones(self.size)
        by[:2] = self.unit, tau2
        return by

    def _values(self, x: Array) -> tuple[float, float, Array]:
        """mu, tau² and log delta_2, … at these coordinates."""
        tau2 = float(np.exp(x[1])) * self.unit**2 if self.inside else 0.0
        if self.fixed is not None:
            return float(x[0]) * self.unit, tau2, np.log(self.fixed[1:])
        return float(x[0]) * self.unit, tau2, x[2:] if self.inside else x[1:]

    def _maximum(self, x: Array) -> Maximum | None:
        """The estimates, if the score is 0 there and tau² does not want to leave its boundary."""
        at = self._lower(x)
        if at.value == NOWHERE or np.linalg.eigvalsh(at.hessian)[0] <= 0:
            return None
        mu, tau2, log_delta = self._values(x)
        rises = float(self.model.derivatives(mu, tau2, log_delta).gradient[1])
        inverse = np.linalg.inv(at.hessian)
        score = np.zeros(self.size)
        score[self.free] = at.gradient * np.sqrt(np.diag(inverse))
        off_boundary = not self.inside and not self.common and rises > 0
        flat = np.diag(inverse)[self.free > 1].max(initial=0.0) > FLAT**2
        if np.abs(score).max() > SETTLED or off_boundary or flat:
            return None
        by, covariance = self._scales(tau2)[self.free], np.zeros((self.size, self.size))
        covariance[np.ix_(self.free, self.free)] = inverse * by[:, np.newaxis] * by
        delta = np.exp(np.concatenate([[0.0], log_delta]))
        return Maximum(mu, tau2, delta, covariance, -at.value, score)
