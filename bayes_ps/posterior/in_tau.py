"""An effect in units of tau, which says what share of settings lies beyond a threshold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.exact import NestedPosterior, Posterior, TiltedPosterior

Law = Callable[[Posterior], tuple[Array, Array]]
"""The mean and SD of a number at each point of a posterior, given which it is normal."""

HALVINGS = 6  # of the step of the nodes of tau, at most
MOST = 1_500_000  # points, at most
GAP = 0.8  # between normals, in SDs, at which their mixture shows no steps: exp(-2 pi² / GAP²)
SEEN = 39.0  # Phi is 0 or 1 beyond
NEGLIGIBLE = 1e-10  # weight of points that make no visible step


def in_units_of_tau(x: Array, threshold: float, sign: int, unit: float) -> Law:
    """sign · (x'beta − threshold) / tau; `unit` is the size of effects."""
    floor = 1e-100 * unit  # of tau: Phi is 0 or 1 there, and z no overflow

    def z(p: Posterior) -> tuple[Array, Array]:
        mean, sd = p.effect(x)
        spread = np.maximum(p.spread, floor)
        return sign * (mean - threshold) / spread, sd / spread

    return z


def without_steps(posterior: Posterior, z: Law) -> Posterior:
    """The same posterior by so many nodes of tau that the mixture of its z is smooth.

    z changes faster with tau than effects do: it runs to infinity as tau falls to 0, and the better
    x'beta is known, the narrower is z given tau.
    """
    for _ in range(HALVINGS):
        posterior = posterior.finer
        if _is_smooth(posterior, z) or _size(posterior) > MOST / 2:
            break
    return posterior


def _size(p: Posterior) -> int:
    if isinstance(p, NestedPosterior):
        return sum(_size(part) for part in p.parts)
    return p.tilted.weight.size if isinstance(p, TiltedPosterior) else p.weight.size


def _is_smooth(p: Posterior, z: Law) -> bool:
    if isinstance(p, NestedPosterior):
        if p.omega is not None and p.omega.all():
            return True  # it keeps z finite
        return all(
            _is_smooth(part, z)
            for part, share in zip(p.parts, p.share, strict=True)
            if share > NEGLIGIBLE
        )
    if isinstance(p, TiltedPosterior):
        weight, location, scale = p.line(z).moments
    else:
        weight, (location, scale) = p.weight, z(p)
    gap = np.abs(np.diff(location)) > GAP * np.maximum(scale[1:], scale[:-1])
    seen = np.minimum(np.abs(location[1:]), np.abs(location[:-1])) < SEEN
    return not (gap & seen & (np.minimum(weight[1:], weight[:-1]) > NEGLIGIBLE)).any()
