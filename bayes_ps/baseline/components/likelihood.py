"""The likelihood of variance components with its score and observed information, beta profiled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayes_ps.baseline.components.structure import Component
from bayes_ps.baseline.linear.gls import Generalised, generalised
from bayes_ps.baseline.linear.likelihood_value import log_likelihood
from bayes_ps.checks import Array


@dataclass(frozen=True, eq=False)
class Problem:
    """y ~ N(X beta, V + Σ components), by ML or (`restricted`) REML.

    `scale` is the variance of the residuals of ordinary least squares: the unit of the search.
    """

    y: Array
    X: Array
    V: Array
    components: tuple[Component, ...]
    restricted: bool

    @cached_property
    def scale(self) -> float:
        """The mean squared residual of ordinary least squares."""
        beta = np.linalg.lstsq(self.X, self.y, rcond=None)[0]
        return float(((self.y - self.X @ beta) ** 2).mean())

    @cached_property
    def derivatives(self) -> Array:
        """(m, k, k): the derivative of M in every entry of every G."""
        return np.concatenate([component.derivatives for component in self.components])

    def marginal(self, matrices: Sequence[Array]) -> Array:
        """M (k, k) at these G."""
        entries = [c.entries(G) for c, G in zip(self.components, matrices, strict=True)]
        return self.V + np.tensordot(np.concatenate(entries), self.derivatives, axes=1)

    def at(self, matrices: Sequence[Array]) -> At:
        """Everything the search needs at these G."""
        return At(self, generalised(self.y, self.X, self.marginal(matrices)))


@dataclass(frozen=True, eq=False)
class At:
    r"""The likelihood at one M: `value`, and `slopes` and `information` in the entries of G.

    .. math:: \ell' = -\tfrac12 [tr(A D) - y'PDPy], \quad
              -\ell'' = -\tfrac12 tr(A D_i A D_j) + y'P D_i P D_j P y

    A is P under REML and M⁻¹ under ML.
    """

    problem: Problem
    fitted: Generalised

    @cached_property
    def value(self) -> float:
        """The (restricted) log-likelihood."""
        restricted = self.problem.restricted
        return log_likelihood(
            self.fitted.fit, self.fitted.log_det, self.problem.X, restricted=restricted
        )

    @property
    def _A(self) -> Array:
        return self.fitted.P if self.problem.restricted else self.fitted.inverse

    @cached_property
    def slopes(self) -> Array:
        """(m,) the score in each entry."""
        D, Py = self.problem.derivatives, self.fitted.Py
        return np.asarray(
            (np.einsum("i,mij,j->m", Py, D, Py) - np.einsum("ij,mij->m", self._A, D)) / 2
        )

    @cached_property
    def gradients(self) -> list[Array]:
        """The score of each component as a symmetric S with d value = tr(S dG)."""
        found, first = [], 0
        for component in self.problem.components:
            count = len(component.pairs)
            found.append(component.gradient(self.slopes[first : first + count]))
            first += count
        return found

    @cached_property
    def information(self) -> Array:
        """(m, m) the observed information in the entries."""
        D, Py = self.problem.derivatives, self.fitted.Py
        AD = self._A @ D
        DPy = D @ Py
        return np.asarray(
            DPy @ self.fitted.P @ DPy.T - np.einsum("mij,nji->mn", AD, AD, optimize=True) / 2
        )
