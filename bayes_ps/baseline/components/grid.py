"""Where searches for the highest maximum begin: the peaks of the likelihood on a coarse grid."""

from __future__ import annotations

import itertools

import numpy as np
from scipy.ndimage import maximum_filter

from bayes_ps.baseline.components.likelihood import Problem
from bayes_ps.baseline.components.roots import Roots, free_roots
from bayes_ps.checks import Array

LEVELS = 9
SMALLEST = 1e-6  # of the residual variance
CORRELATIONS = (-0.8, 0.0, 0.8)
MOST = 8


def starts(problem: Problem) -> list[Roots]:
    """The peaks of the likelihood over variances, evenly in their logarithm, and correlations.

    Where sampling variances differ much there can be more than one maximum: one that explains the
    precise effects, and one for the others.
    """
    several = any(component.q > 1 for component in problem.components)
    correlations = CORRELATIONS if several else (0.0,)
    variances = _variances(problem)
    shape = (LEVELS,) * len(problem.components) + (len(correlations),)
    grid = {}
    for place in itertools.product(*map(range, shape)):
        roots = _roots(problem, variances[list(place[:-1])], correlations[place[-1]])
        grid[place] = (problem.at(roots.matrices).value, roots)
    values = np.array([value for value, _ in grid.values()]).reshape(shape)
    peaks = np.argwhere(values == maximum_filter(values, size=3, mode="nearest"))
    found = sorted((grid[tuple(place)] for place in peaks), key=lambda one: -one[0])
    return [roots for _, roots in found[:MOST]]


def _variances(problem: Problem) -> Array:
    """From a tenth of the smallest sampling variance, or less, to twice the residual variance."""
    smallest = float(np.linalg.eigvalsh(problem.V)[0]) / 10
    low = max(min(smallest, problem.scale / 100), SMALLEST * problem.scale)
    return np.geomspace(low, 2 * problem.scale, LEVELS)


def _roots(problem: Problem, variances: Array, rho: float) -> Roots:
    """Every outcome of a component with one variance, every pair with one correlation."""
    found = []
    for component, variance in zip(problem.components, variances, strict=True):
        least = -0.8 / max(component.q - 1, 1)
        R = np.eye(component.q) * (1 - max(rho, least)) + max(rho, least)
        found.append(np.sqrt(variance) * np.linalg.cholesky(R))
    return free_roots(found)
