"""How many patients a prior of an effect is worth."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, PriorError
from bayes_ps.priors.location import Flat, Normal, Point
from bayes_ps.priors.prior import LINE, Prior

STEP = 1e-4  # of the interquartile range, for the slope of the log density


def effective_sample_size(prior: Prior, unit_sd: float) -> float:
    r"""Effective sample size of a prior of an effect, in patients.

    The information in the prior over that in one patient, ESS = unit_sd² E[−(log p)''(mu)]: the
    expected local-information-ratio (ELIR) of Neuenschwander 2020, doi:10.1111/biom.13252. For
    normal(m, sd) it is (unit_sd / sd)²; for student_t(nu, m, s) (nu + 1) / (nu + 3) (unit_sd / s)².
    A flat prior is worth 0 patients.

    Parameters
    ----------
    prior : of an effect, with a smooth density on the whole line.
    unit_sd : the standard error of the effect if it came from one patient, in the unit of the
        effect: `unit_information_sd` estimates it from studies. For a mean difference of two equal
        arms it is twice the SD of the outcome; for a log odds ratio about 4.

    Returns
    -------
    float
        Patients in all arms together. Read it next to those in the studies: a prior worth more
        than they are decides the result.

    Raises
    ------
    PriorError
        For a prior of a standard deviation, or a `unit_sd` that is not > 0.

    Notes
    -----
    Golden value: 45.61 patients for the predictive prior of Baeten 2013, of which the manual of
    bayesmeta has 45.7 from its grid: ``tests/golden/test_bayesmeta_priors.py``.
    """
    if not (math.isfinite(unit_sd) and unit_sd > 0):
        raise PriorError(f"unit_sd must be > 0, but is {unit_sd!r}.")
    if isinstance(prior, Flat):
        return 0.0
    if isinstance(prior, Normal):
        return (unit_sd / prior.sd) ** 2
    if isinstance(prior, Point) or prior.support != LINE:
        raise PriorError(
            f"effective_sample_size is of a prior of an effect with a density on the whole line, "
            f"not {prior!r}."
        )
    return unit_sd**2 * _information(prior)


def unit_information_sd(se: npt.ArrayLike, n: npt.ArrayLike) -> float:
    r"""The standard error that one patient would give: sqrt(sum(n) / sum(1 / se²)).

    Röver 2021, doi:10.1002/jrsm.1475, from studies with standard errors `se` (k,) and `n` (k,)
    patients each (all arms together), as if se were unit_sd / sqrt(n). In the unit of the effect.

    Raises
    ------
    PriorError
        If they are not as many, or one of them is not > 0.
    """
    errors, sizes = np.asarray(se, dtype=float), np.asarray(n, dtype=float)
    ok = errors.shape == sizes.shape and errors.size > 0
    if not ok or not all((np.isfinite(each) & (each > 0)).all() for each in (errors, sizes)):
        raise PriorError(f"se and n must be as many and all > 0, but are {se!r} and {n!r}.")
    return float(np.sqrt(sizes.sum() / (errors**-2.0).sum()))


def _information(prior: Prior) -> float:
    """E[(d log p / dx)²], which is E[−(log p)''] for a smooth density on the whole line."""
    from scipy.integrate import quad

    q = np.array([1e-12, 1e-6, 0.001, 0.01, 0.1, 0.25, 0.5])
    edges = prior.ppf(np.concatenate([q, 1 - q[-2::-1]]))
    width = float(np.diff(prior.ppf(np.array([0.25, 0.75])))[0])

    def integrand(x: float) -> float:
        return float(_slope(prior, x, STEP * width) ** 2 * np.exp(prior.logpdf(x)))

    small = 1e-10 / width**2
    pieces = (
        quad(integrand, *ends, epsabs=small, epsrel=1e-9, limit=200) for ends in pairwise(edges)
    )
    return float(sum(piece[0] for piece in pieces))


def _slope(prior: Prior, x: float, step: float) -> Array:
    """d log p / dx by five points, with an error of order step⁴."""
    outer, inner = (prior.logpdf(x + k * step) - prior.logpdf(x - k * step) for k in (2, 1))
    return (8 * inner - outer) / (12 * step)
