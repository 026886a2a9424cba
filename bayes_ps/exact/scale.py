"""The exact posterior of a standard deviation: on the nodes of a quadrature, or a mixture."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.exact.inversion import invert
from bayes_ps.exact.nodes import Nodes


class Scale(ABC):
    """The posterior of a standard deviation.

    Attributes
    ----------
    value, weight : (n,) points and weights that give its moments.
    support : the ends of the support.
    """

    value: Array
    weight: Array
    support: tuple[float, float]

    @abstractmethod
    def cdf(self, x: Array) -> Array:
        """P(scale <= x | y)."""

    @abstractmethod
    def pdf(self, x: Array) -> Array:
        """Density at x, 0 below 0."""

    @abstractmethod
    def ppf(self, q: Array) -> Array:
        """Quantile at q; the ends of the support at 0 and 1."""


class OnNodes(Scale):
    """On the nodes of its own quadrature.

    Parameters
    ----------
    nodes : of the quadrature.
    log_density : log p(scale | y) at each log scale (n,).
    """

    def __init__(self, nodes: Nodes, log_density: Callable[[Array], Array]) -> None:
        self.nodes, self.log_density = nodes, log_density
        self.value, self.weight = nodes.tau, nodes.weight
        self.support = nodes.axis.lower, nodes.axis.upper

    @cached_property
    def _finer(self) -> Nodes:
        constant = self.nodes.log_integral
        return self.nodes.halved(lambda at: self.log_density(at) + constant)

    def cdf(self, x: Array) -> Array:
        return self._finer.cdf(x)

    def pdf(self, x: Array) -> Array:
        with np.errstate(divide="ignore"):
            log_x = np.log(np.maximum(x, 0)).ravel()
        return np.where(x >= 0, np.exp(self.log_density(log_x)).reshape(x.shape), 0)

    def ppf(self, q: Array) -> Array:
        nodes, axis = self._finer, self.nodes.axis
        at_nodes = np.concatenate([[0], nodes.cdf_at_nodes, [1]])
        t = np.concatenate([[axis.span[0]], nodes.t, [axis.span[1]]])
        place = np.clip(np.searchsorted(at_nodes, q), 1, t.size - 1)
        ends = t[place - 1], t[place]
        found = invert(nodes.cdf_t, nodes.pdf_t, q, ends, noise=1e-15)
        x = np.exp(axis.log_tau(axis.u(found)))
        return np.where(q <= 0, self.support[0], np.where(q >= 1, self.support[1], x))


class Mixed(Scale):
    """A mixture: the posteriors of the same scale given something else, weighted by it."""

    def __init__(self, parts: Sequence[Scale], share: Array) -> None:
        self.parts, self.share = tuple(parts), share
        self.value = np.concatenate([part.value for part in parts])
        self.weight = np.concatenate(
            [part.weight * share for part, share in zip(parts, share, strict=True)]
        )
        lows, highs = zip(*(part.support for part in parts), strict=True)
        self.support = min(lows), max(highs)

    def cdf(self, x: Array) -> Array:
        return self._sum([part.cdf(x) for part in self.parts])

    def pdf(self, x: Array) -> Array:
        return self._sum([part.pdf(x) for part in self.parts])

    def ppf(self, q: Array) -> Array:
        inside = (q > 0) & (q < 1)
        at = np.where(inside, q, 0.5)
        seen = self.value[self.weight > 0]
        log_ends = np.log(seen.min()) - 1, np.log(seen.max()) + 1
        bracket = np.full(q.shape, log_ends[0]), np.full(q.shape, log_ends[1])
        log_x = invert(
            lambda u: self.cdf(np.exp(u)), lambda u: self.pdf(np.exp(u)) * np.exp(u), at, bracket
        )
        low, high = self.support
        return np.where(inside, np.exp(log_x), np.where(q <= 0, low, high))

    def _sum(self, values: Sequence[Array]) -> Array:
        return np.asarray(np.tensordot(self.share, np.stack(values), axes=1))
