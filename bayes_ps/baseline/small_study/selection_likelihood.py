"""The likelihood of a step-function selection model with its exact derivatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from bayes_ps.checks import Array


class Derivatives(NamedTuple):
    """A log-likelihood, its gradient (P,) and its Hessian (P, P)."""

    value: float
    gradient: Array
    hessian: Array


@dataclass(frozen=True, eq=False)
class StepSelection:
    r"""Studies that were published with a probability that depends on the interval of their P.

    Effects count as benefit of selection where large: `y` has been flipped where selection favours
    low values.

    Parameters
    ----------
    y, v : (k,) effects and sampling variances.
    interval : (k,) in which of the J intervals of P each study lies.
    edges : (m, k) values of y at which P crosses a step, falling.
    interval_of : (m + 1,) the interval of P of each piece between them, from the largest y down.

    Notes
    -----
    .. math:: \ell = \sum_i \log \delta_{j(i)} + \log \phi(y_i; \mu, v_i + \tau^2)
              - \log A_i, \quad A_i = \sum_j \delta_j P(Y_i \text{ in interval } j)

    A is the probability of publication of a study of this size.
    Vevea & Hedges 1995, Psychometrika 60:419, doi:10.1007/BF02294384.
    """

    y: Array
    v: Array
    interval: npt.NDArray[np.intp]
    edges: Array
    interval_of: npt.NDArray[np.intp]

    def derivatives(self, mu: float, tau2: float, log_delta: Array) -> Derivatives:
        """The log-likelihood in (mu, tau², log delta_2, …, log delta_J)."""
        delta = np.exp(np.concatenate([[0.0], log_delta]))
        variance = self.v + tau2
        away = self.y - mu
        value = (
            np.log(delta[self.interval]) - (np.log(2 * np.pi * variance) + away**2 / variance) / 2
        )
        mean = np.zeros((2 + log_delta.size, self.y.size))
        mean[0] = away / variance
        mean[1] = (away**2 / variance - 1) / (2 * variance)
        mean[2:] = self.interval == np.arange(1, delta.size)[:, np.newaxis]
        curved = np.zeros((mean.shape[0], mean.shape[0], self.y.size))
        curved[0, 0] = -1 / variance
        curved[0, 1] = curved[1, 0] = -away / variance**2
        curved[1, 1] = (1 - 2 * away**2 / variance) / (2 * variance**2)
        published, first, second = self._published(mu, variance, delta)
        value -= np.log(published)
        slope = first / published
        curved -= second / published - slope[:, np.newaxis] * slope
        return Derivatives(float(value.sum()), (mean - slope).sum(axis=-1), curved.sum(axis=-1))

    def _published(self, mu: float, variance: Array, delta: Array) -> tuple[Array, Array, Array]:
        """A (k,), its first derivatives (P, k) and its second (P, P, k)."""
        c = (self.edges - mu) / np.sqrt(variance)
        inside = (self.interval_of == np.arange(delta.size)[:, np.newaxis]).astype(float)
        mass, crossed = inside @ _between(c), np.diff(inside)
        first_cdf, second_cdf = _cdf_derivatives(c, variance)
        size = 1 + delta.size
        first, second = np.zeros((size, self.y.size)), np.zeros((size, size, self.y.size))
        first[:2] = np.einsum("m,amk->ak", delta @ crossed, first_cdf)
        first[2:] = (delta[:, np.newaxis] * mass)[1:]
        second[:2, :2] = np.einsum("m,abmk->abk", delta @ crossed, second_cdf)
        second[:2, 2:] = np.einsum("j,jm,amk->ajk", delta, crossed, first_cdf)[:, 1:]
        second[2:, :2] = second[:2, 2:].swapaxes(0, 1)
        own = np.arange(2, size)
        second[own, own] = first[2:]
        return delta @ mass, first, second


def _between(c: Array) -> Array:
    """Normal probabilities (m + 1, k) of the pieces between falling points c (m, k).

    Each from the nearer tail: a small one keeps its digits.
    """
    end = np.full((1, c.shape[1]), np.inf)
    upper, lower = np.concatenate([end, c]), np.concatenate([c, -end])
    return np.where(lower > 0, ndtr(-lower) - ndtr(-upper), ndtr(upper) - ndtr(lower))


def _cdf_derivatives(c: Array, variance: Array) -> tuple[Array, Array]:
    """Of Phi(c), c = (edge - mu) / sqrt(variance): first (2, m, k) and second (2, 2, m, k)."""
    density = np.exp(-(c**2) / 2) / np.sqrt(2 * np.pi)
    by_mu, by_tau2 = np.broadcast_to(-1 / np.sqrt(variance), c.shape), -c / (2 * variance)
    mixed = -by_mu / (2 * variance) - c * by_mu * by_tau2
    by_tau2_twice = 3 * c / (4 * variance**2) - c * by_tau2**2
    second = np.array([[-c * by_mu**2, mixed], [mixed, by_tau2_twice]])
    return density * np.stack([by_mu, by_tau2]), density * second


def step_selection(y: Array, v: Array, steps: Array, *, two_sided: bool) -> StepSelection:
    """The likelihood of effects whose large values (or, two-sided, far ones) were selected.

    `steps` are the inner cut-points of P, rising, below 1.
    """
    z = y / np.sqrt(v)
    p = 2 * ndtr(-np.abs(z)) if two_sided else ndtr(-z)
    upper = -ndtri(steps / 2 if two_sided else steps)[:, np.newaxis] * np.sqrt(v)
    edges, order = upper, np.arange(steps.size + 1)
    if two_sided:
        edges, order = np.concatenate([upper, -upper[::-1]]), np.append(order, order[-2::-1])
    return StepSelection(y, v, np.searchsorted(steps, p, side="left"), edges, order)
