"""Variance components: M = V + Σ of blocks that are linear in the entries of their G."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array

Labels = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Component:
    """A block Σ_{a <= b} G_ab D_ab of the marginal covariance, G (q, q) positive semidefinite.

    With q = 1 it is a variance times a known matrix, as for effects that share a cluster. With
    q > 1 it is the unstructured covariance of q outcomes.

    Parameters
    ----------
    name : of the component.
    levels : (q,) names of the rows of G.
    derivatives : (q (q + 1)/2, k, k) matrices D_ab in the order of `pairs`.
    """

    name: str
    levels: tuple[str, ...]
    derivatives: Array

    @property
    def q(self) -> int:
        """Rows of G."""
        return len(self.levels)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """(a, b) with a <= b, in the order of `derivatives`."""
        return [(a, b) for a in range(self.q) for b in range(a, self.q)]

    def entries(self, G: Array) -> Array:
        """The free entries of `G` in the order of `pairs`."""
        return np.array([G[pair] for pair in self.pairs])

    def matrix(self, entries: Array) -> Array:
        """The symmetric (q, q) matrix with these entries."""
        G = np.zeros((self.q, self.q))
        for pair, value in zip(self.pairs, entries, strict=True):
            G[pair] = G[pair[::-1]] = value
        return G

    def gradient(self, slopes: Array) -> Array:
        """Slopes in the entries as the symmetric S with d value = tr(S dG)."""
        halved = [s if a == b else s / 2 for s, (a, b) in zip(slopes, self.pairs, strict=True)]
        return self.matrix(np.array(halved))


def shared(cluster: Labels) -> Array:
    """(k, k): 1 where two effects belong to one cluster."""
    return (cluster[:, np.newaxis] == cluster).astype(float)


def one_variance(name: str, matrix: Array) -> Component:
    """A component with a single variance, times `matrix` (k, k)."""
    return Component(name, (name,), matrix[np.newaxis])


def unstructured(name: str, study: Labels, outcome: Labels) -> Component:
    """The covariance of outcomes within a study: each outcome its variance, each pair theirs."""
    levels = sorted(set(outcome))
    same = shared(study)
    derivatives = []
    for a in range(len(levels)):
        for b in range(a, len(levels)):
            first, second = outcome == levels[a], outcome == levels[b]
            pair = np.outer(first, second)
            derivatives.append(same * (pair | pair.T))
    return Component(name, tuple(map(str, levels)), np.array(derivatives, dtype=float))
