"""What holds given tau: the likelihood, and mu as a normal distribution, at every node at once."""

from __future__ import annotations

import math

from bayes_ps.checks import Array
from bayes_ps.many.kernel.compiled import part
from bayes_ps.many.kernel.layout import (
    LOG_F,
    MEAN,
    PRODUCT,
    ROOT,
    ROOT_NEW,
    ROOT_THETA,
    SUM_W,
    SUM_WY,
    SUM_WYY,
    TAU,
    THETA,
    VARIANCE,
    Analysis,
)
from bayes_ps.many.kernel.normal import log


@part
def add_likelihood(a: Analysis, begin: int, end: int) -> None:
    """Add log p(y | tau), mu integrated out, to LOG_F, without what does not depend on tau.

    The loop over nodes is the inner one, so that four or more are done at once. The weights
    w = 1 / (v + tau²) are multiplied rather than their logs summed, each times 1 + tau², which
    keeps the product in range.
    """
    node, k = a.node, a.y.size
    tau, log_f, product, sum_w = node[TAU], node[LOG_F], node[PRODUCT], node[SUM_W]
    sum_wy, sum_wyy, mean, variance = node[SUM_WY], node[SUM_WYY], node[MEAN], node[VARIANCE]
    for j in range(begin, end):
        sum_w[j] = a.precision
        sum_wy[j] = a.precision * a.mean
        sum_wyy[j] = a.precision * a.mean * a.mean
        product[j] = 1.0
        log_f[j] -= 0.5 * k * log(1 + tau[j] * tau[j])
    for first in range(0, k, a.chunk):
        for i in range(first, min(first + a.chunk, k)):
            y, v = a.y[i], a.v[i]
            for j in range(begin, end):
                tau2 = tau[j] * tau[j]
                w = 1 / (v + tau2)
                sum_w[j] += w
                sum_wy[j] += w * y
                sum_wyy[j] += w * y * y
                product[j] *= w * (1 + tau2)
        for j in range(begin, end):
            log_f[j] += 0.5 * log(product[j])
            product[j] = 1.0
    for j in range(begin, end):
        mean[j] = sum_wy[j] / sum_w[j]
        variance[j] = 1 / sum_w[j]
        log_f[j] -= 0.5 * (log(sum_w[j]) + sum_wyy[j] - sum_wy[j] * mean[j])


@part
def add_roots(node: Array, n: int) -> None:
    """1 / SD of mu and of theta_new given tau."""
    variance, tau, root, root_new = node[VARIANCE], node[TAU], node[ROOT], node[ROOT_NEW]
    for j in range(n):
        root[j] = 1 / math.sqrt(variance[j])
        root_new[j] = 1 / math.sqrt(variance[j] + tau[j] * tau[j])


@part
def add_theta(a: Analysis, study: int, n: int) -> None:
    """Mean and 1 / SD of theta of one study given tau: y is pulled towards mu."""
    y, v = a.y[study], a.v[study]
    tau, mean, variance = a.node[TAU], a.node[MEAN], a.node[VARIANCE]
    theta, root = a.node[THETA], a.node[ROOT_THETA]
    for j in range(n):
        tau2 = tau[j] * tau[j]
        pull = v / (v + tau2)
        theta[j] = y - pull * (y - mean[j])
        root[j] = 1 / math.sqrt(pull * (tau2 + pull * variance[j]))
