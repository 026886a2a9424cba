"""Correlations: from and to standardised mean differences, and Fisher's z."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, StudyTableError
from bayes_ps.effects.conversions.rescaled import Rescaled, rescale, with_se
from bayes_ps.effects.conversions.rows import Converted, give, read, refuse


def r_from_smd(
    smd: npt.ArrayLike,
    se: npt.ArrayLike | None = None,
    *,
    n_t: npt.ArrayLike | None = None,
    n_c: npt.ArrayLike | None = None,
) -> Rescaled:
    """Point-biserial correlation of group and outcome: r = d / √(d² + h).

    Parameters
    ----------
    smd : Cohen's d, without Hedges' correction (with the pooled SD).
    se : its standard error; that of r is se h / (d² + h)^1.5 (delta method).
    n_t, n_c : sizes of the groups: h = N (N − 2) / (n_t n_c), which makes r the very correlation of
        the data. Without them h = 4, two large groups of one size.

    Returns
    -------
    Rescaled
        `y` (r) and `se`.

    Raises
    ------
    StudyTableError
        With the row, for se <= 0, a group of less than 1, N < 3, or one of n_t and n_c alone.

    Notes
    -----
    Borenstein 2009 chapter 7 (doi:10.1002/9780470743386.ch7; his a = N²/(n_t n_c) is h in large
    samples). It is not the correlation with a continuous exposure, which is larger: do not pool
    the two.
    Test: ``tests/unit/test_conversions_correlations.py``, Pearson's r of raw data.
    """
    d, h, error = _read("smd", smd, se, (n_t, n_c))
    return rescale(d / np.sqrt(d**2 + h), h / (d**2 + h) ** 1.5, error, se)


def smd_from_r(
    r: npt.ArrayLike,
    se: npt.ArrayLike | None = None,
    *,
    n_t: npt.ArrayLike | None = None,
    n_c: npt.ArrayLike | None = None,
) -> Rescaled:
    """Cohen's d of a point-biserial correlation: d = r √(h / (1 − r²)), of :func:`r_from_smd`.

    The standard error is se √h / (1 − r²)^1.5.

    Raises
    ------
    StudyTableError
        As :func:`r_from_smd`, and for r outside (−1, 1).
    """
    r, h, error = _read("r", r, se, (n_t, n_c))
    _inside(r)
    rest = (1 - r) * (1 + r)
    return rescale(r * np.sqrt(h / rest), np.sqrt(h) / rest**1.5, error, se)


def z_from_r(r: npt.ArrayLike, se: npt.ArrayLike | None = None) -> Rescaled:
    """Fisher's z = artanh r = ½ ln((1 + r)/(1 − r)), with se / (1 − r²).

    Use :func:`se_of_fisher_z` where n is known: it does not depend on r.

    Raises
    ------
    StudyTableError
        With the row, for r outside (−1, 1) or se <= 0.
    """
    r, error = with_se({"r": r}, se)
    _inside(r)
    return rescale(np.arctanh(r), 1 / ((1 - r) * (1 + r)), error, se)


def r_from_z(z: npt.ArrayLike, se: npt.ArrayLike | None = None) -> Rescaled:
    """Correlation r = tanh z of Fisher's z, with se (1 − r²); the inverse of :func:`z_from_r`.

    For an interval convert its limits, not the standard error.

    Raises
    ------
    StudyTableError
        With the row, for se <= 0.
    """
    z, error = with_se({"z": z}, se)
    return rescale(np.tanh(z), 1 / np.cosh(z) ** 2, error, se)


def se_of_fisher_z(n: npt.ArrayLike) -> Converted:
    """Standard error of Fisher's z of n pairs: 1/√(n − 3).

    Raises
    ------
    StudyTableError
        With the row, for n < 4.
    """
    (n,) = read({"n": n})
    refuse(n < 4, n, "n", "4 or more", mend="Fisher's z of fewer pairs has no standard error.")
    return give(1 / np.sqrt(n - 3))


def _read(
    column: str,
    values: npt.ArrayLike,
    se: npt.ArrayLike | None,
    sizes: tuple[npt.ArrayLike | None, npt.ArrayLike | None],
) -> list[Array]:
    """The values, h and se, of one shape."""
    n_t, n_c = sizes
    if n_t is None and n_c is None:
        return with_se({column: values, "h": 4.0}, se)
    if n_t is None or n_c is None:
        raise StudyTableError("Give both n_t and n_c, or neither for two large groups of one size.")
    y, n_t, n_c, error = with_se({column: values, "n_t": n_t, "n_c": n_c}, se)
    for name, n in (("n_t", n_t), ("n_c", n_c)):
        refuse(n < 1, n, name, "1 or more", mend="Give the participants of this group.")
    total = n_t + n_c
    refuse(total < 3, total, "n_t + n_c", "3 or more", mend="Two participants have no spread.")
    return [y, total * (total - 2) / (n_t * n_c), error]


def _inside(r: Array) -> None:
    mend = "A correlation in per cent? Divide by 100."
    refuse(np.abs(r) >= 1, r, "r", "between -1 and 1", mend=mend)
