"""The highest maximum of the likelihood of variance components, with a certificate of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from bayes_ps.baseline.components.grid import starts
from bayes_ps.baseline.components.likelihood import At, Problem
from bayes_ps.baseline.components.roots import Roots, free_roots, root_of
from bayes_ps.checks import Array, ModelError

NONE = 1e-6  # an eigenvalue of G, in units of the residual variance, that may be a 0
RISING = 1e-7  # a slope a study, in units of the residual variance, that proves G is not highest
STEPS = 60


@dataclass(frozen=True, eq=False)
class Maximum:
    """The maximising `matrices` G and the likelihood `at` them.

    `score` is the largest |2 S L| and `rising` the largest eigenvalue of S, both times the residual
    variance: at a maximum over covariances S G = 0 and S has no positive eigenvalue (Karush, Kuhn
    and Tucker). S is the score as a symmetric matrix.
    """

    matrices: tuple[Array, ...]
    at: At
    score: float
    rising: float


def maximum(problem: Problem) -> Maximum:
    """The highest of the maxima that the peaks of a grid lead to.

    A quasi-Newton search from each peak; then, with the directions of G that came out as 0 taken
    away, Newton steps by the exact second derivatives to the last digits; a direction in which the
    likelihood still rises is given back. So a component at its boundary is exactly 0.
    """
    if problem.scale == 0:
        return _certified(problem, free_roots([np.zeros((c.q, 0)) for c in problem.components]))
    roots = highest(problem, starts(problem))
    for _ in range(2):  # the first steps may bring another direction of G down to 0
        smallest = NONE * problem.scale
        roots = polished(problem, free_roots([root_of(G, smallest) for G in roots.matrices]))
    for _ in range(sum(component.q for component in problem.components)):
        certified = _certified(problem, roots)
        if certified.rising <= RISING * problem.y.size:
            return certified
        roots = polished(problem, searched(problem, _given_back(problem, roots, certified.at)))
    certified = _certified(problem, roots)
    if certified.rising > RISING * problem.y.size:
        raise ModelError(
            "The likelihood of the variance components still rises at the solution "
            f"({certified.rising:.2g} a unit). Please report these data as a bug."
        )
    return certified


def searched(problem: Problem, start: Roots) -> Roots:
    """Near which maximum a quasi-Newton search from `start` ends, in units of the residual SD."""
    unit = np.sqrt(problem.scale)
    if start.x.size == 0:
        return start

    def falling(x: Array) -> tuple[float, Array]:
        roots = start.moved(x * unit)
        at = problem.at(roots.matrices)
        return -at.value, -roots.gradient(at) * unit

    result = minimize(falling, start.x / unit, jac=True, method="BFGS", options={"gtol": 1e-6})
    return start.moved(result.x * unit)


def polished(problem: Problem, roots: Roots) -> Roots:
    """Newton steps until the likelihood no longer rises; flat directions of L are left alone."""
    if roots.x.size == 0:
        return roots
    at = problem.at(roots.matrices)
    for _ in range(STEPS):
        curvature, directions = np.linalg.eigh(roots.hessian(at))
        steep = np.abs(curvature) > 1e-9 * np.abs(curvature).max()
        along = directions.T @ roots.gradient(at)
        step = directions[:, steep] @ (along[steep] / np.abs(curvature[steep]))
        small = 1e-15 * np.sqrt(problem.scale)
        while np.abs(step).max() > small:
            moved = roots.moved(roots.x + step)
            there = problem.at(moved.matrices)
            if there.value >= at.value - 1e-13 * abs(at.value):
                break
            step = step / 4
        else:
            return roots
        better = np.abs(moved.gradient(there)).max() < np.abs(roots.gradient(at)).max()
        if not better and there.value <= at.value:
            return roots
        roots, at = moved, there
    return roots


def highest(problem: Problem, begin: Sequence[Roots]) -> Roots:
    """The best of where the searches from these starts lead."""
    ends = [searched(problem, start) for start in begin]
    return max(ends, key=lambda roots: problem.at(roots.matrices).value)


def _certified(problem: Problem, roots: Roots) -> Maximum:
    at = problem.at(roots.matrices)
    score = np.abs(roots.gradient(at)).max() if roots.x.size else 0.0
    rising = max(float(np.linalg.eigvalsh(S)[-1]) for S in at.gradients)
    unit = problem.scale
    return Maximum(tuple(roots.matrices), at, float(score) * np.sqrt(unit), rising * unit)


def _given_back(problem: Problem, roots: Roots, at: At) -> Roots:
    """The roots with one column more, along the steepest rise, wherever the likelihood rises."""
    wider = []
    for L, S in zip(roots.L, at.gradients, strict=True):
        values, vectors = np.linalg.eigh(S)
        if values[-1] * problem.scale > RISING * problem.y.size and L.shape[1] < L.shape[0]:
            L = np.column_stack([L, vectors[:, -1] * np.sqrt(1e-4 * problem.scale)])
        wider.append(L)
    return free_roots(wider)
