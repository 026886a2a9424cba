"""Cluster-randomised trials that were analysed as if individually randomised, put right by ICC."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array
from bayes_ps.effects.conversions.combined_arms import Counts, check_counts
from bayes_ps.effects.conversions.rows import Converted, give, keep, read, refuse


def design_effect(
    mean_size: npt.ArrayLike, icc: npt.ArrayLike, *, cv: npt.ArrayLike = 0.0
) -> Converted:
    """How many times too small the variance of an analysis is that ignores the clusters.

    1 + ((1 + cv²) m − 1) icc; with clusters of one size (cv = 0), 1 + (m − 1) icc.

    Parameters
    ----------
    mean_size : m, participants per cluster on average, over both arms, >= 1.
    icc : intracluster correlation, from 0 to 1; from the trial, a similar one, or a database.
    cv : coefficient of variation of the cluster sizes, by :func:`cluster_size_cv`. About 0.65 for
        British general practices; below 0.23 it hardly matters (Eldridge 2006).

    Returns
    -------
    float for scalars, else an array; NaN where an input is NaN (not reported).

    Raises
    ------
    StudyTableError
        With the row, for m < 1, an icc outside [0, 1] or cv < 0.

    Notes
    -----
    Cochrane Handbook 23.1.4; Eldridge 2006, doi:10.1093/ije/dyl129 (exact for an analysis that
    weights clusters by size, conservative for others). A trial that was analysed by clusters needs
    none of this. The ICC is a guess: try several.
    Test: ``tests/golden/test_conversions_handbook.py``: 29.8 children a class, icc 0.02: 1.576.
    """
    m, icc, cv = _clusters(mean_size, icc, cv)
    return give(1 + ((1 + cv**2) * m - 1) * icc)


def icc_from_design_effect(
    design_effect: npt.ArrayLike, mean_size: npt.ArrayLike, *, cv: npt.ArrayLike = 0.0
) -> Converted:
    """The ICC behind a design effect, the inverse of :func:`design_effect`.

    Raises
    ------
    StudyTableError
        With the row, for a design effect below 1 or larger than clusters of this size can give, and
        for m = 1, where there is none.
    """
    columns = {"design_effect": design_effect, "mean_size": mean_size, "cv": cv}
    effect, size, spread = read(columns)
    m, _, spread = _clusters(size, np.zeros(size.shape), spread)
    _at_least_one(effect)
    largest = (1 + spread**2) * m
    refuse(largest == 1, m, "mean_size", "above 1", mend="Clusters of one have no ICC.")
    mend = "Look at mean_size: it counts participants per cluster."
    refuse(effect > largest, effect, "design_effect", "at most (1 + cv²) mean_size", mend=mend)
    return give((effect - 1) / (largest - 1))


def cluster_size_cv(sizes: npt.ArrayLike) -> Converted:
    """Coefficient of variation of the sizes of a trial's clusters: SD / mean.

    Parameters
    ----------
    sizes : (..., clusters), the clusters of a trial along the last axis; NaN for none.

    Notes
    -----
    With the SD of these clusters (divided by their number), so that :func:`design_effect` is
    exactly 1 + (Σ m²/Σ m − 1) icc, Kish's for clusters weighted by size.

    Raises
    ------
    StudyTableError
        With row and column, for a size below 1 or a trial without clusters.
    """
    (sizes,) = read({"sizes": np.atleast_1d(np.asarray(sizes))})
    refuse(sizes < 1, sizes, "sizes", "1 or more", mend="Leave empty clusters out.")
    there = ~np.isnan(sizes)
    clusters = there.sum(-1)
    mend = "Give the size of each cluster of the trial."
    refuse(clusters < 1, clusters, "number of clusters", "1 or more", mend=mend)
    mean = np.where(there, sizes, 0).sum(-1) / clusters
    squares = (np.where(there, sizes - mean[..., None], 0) ** 2).sum(-1) / clusters
    return give(np.sqrt(squares) / mean)


def effective_n(n: npt.ArrayLike, design_effect: npt.ArrayLike) -> Converted:
    """Participants that an individually randomised group would need: n / design effect.

    Means and SDs stay as they are. For counts see :func:`effective_counts`.

    Raises
    ------
    StudyTableError
        With the row, for n < 1 or a design effect below 1.
    """
    n, effect = read({"n": n, "design_effect": design_effect})
    refuse(n < 1, n, "n", "1 or more", mend="Give the participants of this arm.")
    _at_least_one(effect)
    return give(n / effect)


def effective_counts(
    events: npt.ArrayLike, n: npt.ArrayLike, design_effect: npt.ArrayLike
) -> Counts:
    """Events and participants of an arm, both divided by the design effect; the risk stays.

    Parameters
    ----------
    events, n : of one arm of a cluster trial, clusters ignored.
    design_effect : by :func:`design_effect`, the same for both arms.

    Returns
    -------
    Counts
        Not rounded: effects need no whole numbers. Multiply by the design effect to go back.

    Raises
    ------
    StudyTableError
        With the row, for impossible counts or a design effect below 1.

    Notes
    -----
    Cochrane Handbook 23.1.4 and 23.1.5.
    Test: ``tests/golden/test_conversions_handbook.py``: 63/295 and 84/330 become 40.0/187.2 and
    53.3/209.4.
    """
    events, n, effect = read({"events": events, "n": n, "design_effect": design_effect})
    check_counts(events, n)
    _at_least_one(effect)
    return Counts(keep(events / effect), keep(n / effect))


def inflate_se(se: npt.ArrayLike, design_effect: npt.ArrayLike) -> Converted:
    """Standard error of an estimate that ignored the clusters, put right: se √(design effect).

    For estimates of any measure, ratios on the log scale. Cochrane Handbook 23.1.6.

    Raises
    ------
    StudyTableError
        With the row, for se <= 0 or a design effect below 1.
    """
    se, effect = read({"se": se, "design_effect": design_effect})
    refuse(se <= 0, se, "se", "above 0", mend="Look for a typing error in the table.")
    _at_least_one(effect)
    return give(se * np.sqrt(effect))


def design_effect_from_se(adjusted: npt.ArrayLike, unadjusted: npt.ArrayLike) -> Converted:
    """(SE by clusters / SE ignoring them)², from a trial that reports both.

    The inverse of :func:`inflate_se`; may be below 1 by chance or adjustment for covariates.

    Raises
    ------
    StudyTableError
        With the row, for a standard error <= 0.
    """
    adjusted, unadjusted = read({"adjusted": adjusted, "unadjusted": unadjusted})
    for column, se in (("adjusted", adjusted), ("unadjusted", unadjusted)):
        refuse(se <= 0, se, column, "above 0", mend="Look for a typing error in the table.")
    return give((adjusted / unadjusted) ** 2)


def _clusters(
    mean_size: npt.ArrayLike, icc: npt.ArrayLike, cv: npt.ArrayLike
) -> tuple[Array, Array, Array]:
    m, icc, cv = read({"mean_size": mean_size, "icc": icc, "cv": cv})
    refuse(m < 1, m, "mean_size", "1 or more", mend="Divide the participants by the clusters.")
    mend = "An estimate below 0 is taken as 0; one in per cent is divided by 100."
    refuse((icc < 0) | (icc > 1), icc, "icc", "between 0 and 1", mend=mend)
    refuse(cv < 0, cv, "cv", "0 or more", mend="It is the SD of the cluster sizes over their mean.")
    return m, icc, cv


def _at_least_one(effect: Array) -> None:
    mend = "Clusters never make a trial more precise: take 1."
    refuse(effect < 1, effect, "design_effect", "1 or more", mend=mend)
