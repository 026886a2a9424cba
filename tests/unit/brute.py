"""The second opinion: the normal-normal model integrated over a grid of (tau, mu), by scipy.

Nothing of `bayes_ps` is used, and nothing is in closed form but the multivariate normal density.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import mpmath
import numpy as np
from scipy import stats


def legendre(*edges: float, n: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Points and weights of Gauss-Legendre rules between each two edges."""
    x, w = np.polynomial.legendre.leggauss(n)
    parts = [((b - a) / 2 * x + (a + b) / 2, (b - a) / 2 * w) for a, b in pairwise(edges)]
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


@dataclass
class Brute:
    """p(mu, tau | y) on a grid, for y ~ N(mu, V + tau² I); `tau`, `mu` are edges of the grid."""

    y: np.ndarray
    V: np.ndarray
    prior: Callable[[np.ndarray], np.ndarray]
    tau: tuple[float, ...]
    mu: tuple[float, ...]
    mu_prior: Callable[[np.ndarray], np.ndarray] = lambda mu: np.zeros_like(mu)

    def __post_init__(self) -> None:
        self.y, self.V = np.asarray(self.y, float), np.asarray(self.V, float)
        (self.t, dt), (self.m, dm) = legendre(*self.tau), legendre(*self.mu)
        eye = np.eye(self.y.size)
        points = self.y - self.m[:, None]
        log_p = np.array(
            [stats.multivariate_normal(cov=self.V + t**2 * eye).logpdf(points) for t in self.t]
        )
        log_p += self.prior(self.t)[:, None] + self.mu_prior(self.m)
        peak = log_p.max()
        weight = np.exp(log_p - peak) * dt[:, None] * dm
        self.log_evidence = float(peak + np.log(weight.sum()))
        self.weight = weight / weight.sum()

    def mean(self, values: np.ndarray) -> float:
        """E of values on the grid (tau, mu)."""
        return float((self.weight * values).sum())

    def p_mu(self, below: float) -> float:
        """P(mu <= below), `below` an edge of the grid."""
        return self.mean(np.broadcast_to(self.m <= below, self.weight.shape))

    def p_tau(self, below: float) -> float:
        """P(tau <= below), `below` an edge of the grid."""
        return self.mean(np.broadcast_to((self.t <= below)[:, None], self.weight.shape))

    def p_new(self, below: float) -> float:
        """P(theta_new <= below)."""
        return self.mean(stats.norm.cdf(below, self.m, self.t[:, None]))

    def p_theta(self, row: int, below: float) -> float:
        """P(theta of a study <= below), from the precisions of theta given mu, tau and y."""
        p = np.empty(self.weight.shape)
        for i, t in enumerate(self.t):
            covariance = np.linalg.inv(np.linalg.inv(self.V) + np.eye(self.y.size) / t**2)
            start = np.linalg.solve(self.V, self.y)[:, None] + self.m / t**2
            p[i] = stats.norm.cdf(below, (covariance @ start)[row], covariance[row, row] ** 0.5)
        return self.mean(p)


def by_mpmath(y, se, prior, points, *, mu=0.0, tau=1.0) -> tuple[float, float, float]:
    """log p(y), P(mu <= `mu`), P(tau <= `tau`) in 20 digits: flat mu, independent studies.

    `prior` is the density of tau in mpmath, `points` break its range for the quadrature.
    """
    with mpmath.workdps(20):
        y, se = [mpmath.mpf(float(v)) for v in y], [mpmath.mpf(float(v)) for v in se]

        def given(t: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
            w = [1 / (s**2 + t**2) for s in se]
            total = mpmath.fsum(w)
            centre = mpmath.fdot(w, y) / total
            q = mpmath.fsum(a * (b - centre) ** 2 for a, b in zip(w, y, strict=True))
            scale = mpmath.fprod(w) / total * (2 * mpmath.pi) ** (1 - len(y))
            joint = prior(t) * mpmath.sqrt(scale) * mpmath.exp(-q / 2)
            return joint, joint * mpmath.ncdf((mu - centre) * mpmath.sqrt(total))

        height = given(mpmath.mpf(tau))[0]  # mpmath's tolerance is absolute
        ends = sorted({*map(mpmath.mpf, points), mpmath.mpf(tau)})
        parts = [mpmath.quad(lambda t: given(t)[0] / height, pair) for pair in pairwise(ends)]
        below = mpmath.quad(lambda t: given(t)[1] / height, ends)
        total = mpmath.fsum(parts)
        small = mpmath.fsum(p for p, end in zip(parts, ends[1:], strict=True) if end <= tau)
        return float(mpmath.log(total * height)), float(below / total), float(small / total)
