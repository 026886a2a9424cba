"""What the kernels hand to each other: the rows of the table of nodes, and small tuples."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array

Integers = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

# Rows of `node`, a column a node of tau, all in the unit of the analysis.
LOG_TAU, TAU, SLOPE, LOG_F = 0, 1, 2, 3  # SLOPE = du / dt, LOG_F = log p(u, y)
WEIGHT, COARSE = 4, 5  # of the rule on all nodes, and on every second one
MEAN, VARIANCE, ROOT, ROOT_NEW = 6, 7, 8, 9  # of mu given tau; 1 / SD of mu and of theta_new
SUM_W, SUM_WY, SUM_WYY, PRODUCT = 10, 11, 12, 13
THETA, ROOT_THETA = 14, 15  # mean and 1 / SD of one study's theta given tau
BELL = 16  # of `mixture.beyond`
ROWS = 17
MOST = 1_620  # nodes; the distance between rows is no power of 2, which would crowd the cache
DEGREE = 18  # of the polynomials of `sinc`
ORDER = 9  # of the Taylor series of `mixture`

# Parts of the priors of an analysis, see `families`.
FAMILY, FIRST, SECOND, THIRD, CONSTANT, TAIL, PROPER, LOWER, UPPER, MU_MEAN, MU_SD = range(11)
PARTS = 11


class Analysis(NamedTuple):
    """An analysis in its own unit, in which the smallest standard error is 1.

    y : (k,) estimates, counted from `origin`; v : (k,) sampling variances.
    prior : (PARTS,) in the unit of the estimates.
    node : (ROWS, MOST) room for nodes; the last column is never one of a rule.
    sinc, cell : the table of `sinc.table`, and room for a polynomial made of it.
    series : (ORDER + 1,) room for a Taylor series.
    mean, precision : of the normal prior of mu; precision 0 if it is flat.
    origin, unit : an effect is origin + unit * its value here.
    moments : of tau exist, counted up to 2.
    chunk : so many weights may be multiplied before they underflow.
    """

    y: Array
    v: Array
    prior: Array
    node: Array
    sinc: Array
    cell: Array
    series: Array
    mean: float
    precision: float
    origin: float
    unit: float
    moments: int
    chunk: int


class Axis(NamedTuple):
    """u = centre + width (t + right (e^t − 1 − t) − left (e^−t − 1 + t)) for −low <= t <= high.

    tau = exp(u); where the prior has an upper bound, u is the logit of tau between the bounds.
    """

    centre: float
    width: float
    left: float
    right: float
    low: float
    high: float


class Rule(NamedTuple):
    """n nodes at t = (first + j) step, j = 0 … n − 1.

    log_integral : of p(tau, y) over tau, without `analysis.constant_of`.
    cut : what may lie beyond the nodes.
    """

    axis: Axis
    step: float
    first: int
    n: int
    log_integral: float
    cut: float


class Mixture(NamedTuple):
    """sum_j weight_j N(location_j, 1 / root_j²): rows of `node`, its first n columns.

    series : (ORDER + 1,) room for a Taylor series.
    """

    node: Array
    location: int
    root: int
    n: int
    moments: int
    series: Array


class Shape(NamedTuple):
    """Moments of a mixture; `error`: a tenth of the SDs by which every second node differs."""

    mean: float
    sd: float
    skewness: float
    kurtosis: float
    error: float


class Question(NamedTuple):
    """What is asked of an analysis.

    below : the probability below a central interval; score : its normal score, negative.
    sign : +1 where higher is better, −1 where lower is; mcid : the size of an important effect;
        NaN where it is not asked.
    points : (3,) of mu, tau, theta_new, whose P(unknown <= point) is all that is asked, or (0,).
    """

    below: float
    score: float
    sign: float
    mcid: float
    points: Array


class Batch(NamedTuple):
    """m analyses of n estimates in all, and where their answers go.

    estimates : (2, n) y and se; analysis i has start[i] to start[i + 1].
    which : (m,) the row of `priors` (p, PARTS); −1 leaves the analysis out.
    asked : (m, 2) sign and mcid of the question; points : (m, 3) or (0, 3); below, score : as
        there.
    out : (m, COLUMNS); theta : (n, WIDE), or (0, WIDE) if nothing is asked of single studies.
    """

    estimates: Array
    start: Integers
    which: Integers
    priors: Array
    asked: Array
    points: Array
    below: float
    score: float
    out: Array
    theta: Array
