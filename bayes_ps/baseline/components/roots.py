"""G = L Lᵀ: a search over the entries of L can never leave the covariances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bayes_ps.baseline.components.likelihood import At
from bayes_ps.checks import Array

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Roots:
    """One L (q, r) a component, and which of its entries the search may move."""

    L: tuple[Array, ...]
    free: tuple[Mask, ...]

    @property
    def matrices(self) -> list[Array]:
        """G = L Lᵀ of each component."""
        return [L @ L.T for L in self.L]

    @property
    def x(self) -> Array:
        """The free entries in one vector."""
        return np.concatenate([L[free] for L, free in zip(self.L, self.free, strict=True)])

    def moved(self, x: Array) -> Roots:
        """The same with other free entries."""
        moved, first = [], 0
        for L, free in zip(self.L, self.free, strict=True):
            changed = L.copy()
            changed[free] = x[first : first + int(free.sum())]
            first += int(free.sum())
            moved.append(changed)
        return replace(self, L=tuple(moved))

    def gradient(self, at: At) -> Array:
        """The slope of the log-likelihood in x: 2 S L."""
        slopes = zip(at.gradients, self.L, self.free, strict=True)
        return np.concatenate([2 * (S @ L)[free] for S, L, free in slopes])

    def hessian(self, at: At) -> Array:
        """Its second derivative in x: −Jᵀ I J, J = dG/dx, plus 2 S where both lie in one column."""
        columns, blocks = [], []
        first = 0
        for c, component in enumerate(at.problem.components):
            L, S = self.L[c], at.gradients[c]
            places = np.argwhere(self.free[c])
            count = len(component.pairs)
            for row, column in places:
                dG = np.zeros((component.q, component.q))
                dG[row] += L[:, column]
                dG[:, row] += L[:, column]
                entries = np.zeros(at.slopes.size)
                entries[first : first + count] = component.entries(dG)
                columns.append(entries)
            one_column = places[:, 1][:, np.newaxis] == places[:, 1]
            blocks.append(2 * S[np.ix_(places[:, 0], places[:, 0])] * one_column)
            first += count
        J = np.array(columns).T
        return _block_diagonal(blocks) - J.T @ at.information @ J


def free_roots(matrices: Sequence[Array]) -> Roots:
    """Roots whose every entry is free, of matrices that are covariances."""
    roots = tuple(matrices)
    return Roots(roots, tuple(np.ones(L.shape, dtype=bool) for L in roots))


def root_of(G: Array, smallest: float) -> Array:
    """L (q, r) with L Lᵀ = G up to eigenvalues of G that are below `smallest`."""
    values, vectors = np.linalg.eigh(G)
    kept = values > smallest
    return np.asarray(vectors[:, kept] * np.sqrt(values[kept]))


def _block_diagonal(blocks: list[Array]) -> Array:
    size = sum(block.shape[0] for block in blocks)
    whole, first = np.zeros((size, size)), 0
    for block in blocks:
        last = first + block.shape[0]
        whole[first:last, first:last] = block
        first = last
    return whole
