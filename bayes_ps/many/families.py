"""Priors as numbers for the kernels: which families they know, and how each is written."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.many.kernel import densities
from bayes_ps.many.kernel.units import HARMONIC, STATED, TYPICAL
from bayes_ps.priors import Prior

# number of the family, up to three parameters, log constant
_Written = tuple[int, tuple[float, ...], float]


def encoded(tau: Prior, mu: Prior) -> Array | None:
    """(PARTS,) numbers for the priors of tau and mu; None if the kernels do not know them."""
    write = _FAMILIES.get(tau.family)
    written = write(tau) if write else None
    if written is None or mu.family not in ("flat", "normal"):
        return None
    number, parameters, constant = written
    padded = (*parameters, *(0.0,) * (3 - len(parameters)))
    place = (0.0, math.inf) if mu.family == "flat" else mu.parameters
    numbers = [number, *padded, constant, tau.tail, tau.proper, *tau.support, *place]
    return np.array(numbers, dtype=float)


def _half_normal(p: Any) -> _Written:
    return densities.HALF_NORMAL, (p.scale,), 0.5 * math.log(2 / math.pi) - math.log(p.scale)


def _half_t(df: float, scale: float) -> _Written:
    constant = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - 0.5 * math.log(df * math.pi)
    return densities.HALF_T, (df, scale), constant + math.log(2 / scale)


def _gamma(shape: float, rate: float) -> _Written:
    constant = shape * math.log(rate) - math.lgamma(shape)
    return densities.GAMMA, (shape, rate), constant


def _inverse_gamma(p: Any) -> _Written:
    constant = p.shape * math.log(p.scale) - math.lgamma(p.shape)
    return densities.INVERSE_GAMMA, (p.shape, p.scale), constant


def _log_normal(p: Any) -> _Written:
    constant = -math.log(p.scale) - 0.5 * math.log(2 * math.pi)
    return densities.LOG_NORMAL, (p.location, p.scale), constant


def _log_t(p: Any) -> _Written:
    constant = math.lgamma((p.df + 1) / 2) - math.lgamma(p.df / 2) - 0.5 * math.log(p.df * math.pi)
    return densities.LOG_T, (p.location, p.scale, p.df), constant - math.log(p.scale)


def _log_logistic(how: int) -> Callable[[Any], _Written]:
    def write(p: Any) -> _Written:
        location = math.log(p.scale) if p.complete else 0.0
        parts = (location, 1 / p.shape, STATED if p.complete else how)
        return densities.LOG_LOGISTIC, parts, math.log(p.shape)

    return write


def _information(number: int) -> Callable[[Any], _Written | None]:
    return lambda p: None if p.complete else (number, (), 0.0)


_FAMILIES: dict[str, Callable[[Any], _Written | None]] = {
    "half-normal": _half_normal,
    "half-student-t": lambda p: _half_t(p.df, p.scale),
    "half-cauchy": lambda p: _half_t(1.0, p.scale),
    "uniform": lambda p: (densities.FLAT, (), -math.log(p.upper - p.lower)),
    "improper-uniform": lambda p: (densities.FLAT, (), 0.0),
    "sqrt-uniform": lambda p: (densities.POWER, (-0.5,), 0.0),
    "exponential": lambda p: _gamma(1.0, p.rate),
    "gamma": lambda p: _gamma(p.shape, p.rate),
    "inverse-gamma": _inverse_gamma,
    "log-normal": _log_normal,
    "log-student-t": _log_t,
    "dumouchel": _log_logistic(HARMONIC),
    "uniform-shrinkage": _log_logistic(HARMONIC),
    "uniform-i2": _log_logistic(TYPICAL),
    "jeffreys": _information(densities.JEFFREYS),
    "overall-jeffreys": _information(densities.OVERALL_JEFFREYS),
    "berger-deely": _information(densities.BERGER_DEELY),
    "conventional": _information(densities.CONVENTIONAL),
}
