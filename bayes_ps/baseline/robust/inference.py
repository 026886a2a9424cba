"""`cluster_robust`: standard errors that do not trust the covariance of the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bayes_ps.baseline.linear.clusters import cluster_of
from bayes_ps.baseline.linear.coefficients import Coefficients, estimated
from bayes_ps.baseline.linear.gls import generalised
from bayes_ps.baseline.methods import Method, by_code, chosen
from bayes_ps.baseline.robust.results import ClusterRobust
from bayes_ps.baseline.robust.sandwich import Sandwich, refuse_crossed
from bayes_ps.baseline.robust.small_samples import satterthwaite
from bayes_ps.checks import Array, ModelError

LOW_DF = 4
UNSEEN, WELL_SEEN = 1e-9, 0.9  # shares of the variance by the model
# The factor of the sandwich, given the numbers of clusters and of coefficients.
TYPES = by_code(
    Method[Any](
        "CR2",
        "bias-reduced sandwich, t with Satterthwaite's df (clubSandwich's CR2)",
        "doi:10.1080/07350015.2016.1247004",
        lambda J, p: 1.0,
    ),
    Method(
        "CR1",
        "sandwich times J/(J - p), t with J - p df (metafor's robust(); clubSandwich's CR1p)",
        "doi:10.1002/jrsm.5",
        lambda J, p: J / (J - p),
    ),
    Method(
        "CR0",
        "plain sandwich, t with J - p df (metafor's robust(adjust=FALSE))",
        "doi:10.1002/jrsm.5",
        lambda J, p: 1.0,
    ),
)


def cluster_robust(
    result: Coefficients,
    cluster: str | Sequence[Any] | npt.NDArray[Any],
    type: str = "CR2",
    *,
    level: float | None = None,
) -> ClusterRobust:
    r"""The coefficients of `result` with cluster-robust standard errors.

    Parameters
    ----------
    result : of `meta_regression` (its mean is formula ``"1"``), `multilevel` or `multivariate`.
    cluster : column of the effects that names independent clusters, or a value an effect.
    type : ``"CR2"`` (bias-reduced, t with Satterthwaite's degrees of freedom), ``"CR1"`` (times
        J/(J − p), t with J − p; what metafor's robust() does) or ``"CR0"``. J is the number of
        clusters, p that of coefficients.
    level : of the intervals; that of `result` unless given.

    Returns
    -------
    ClusterRobust

    Raises
    ------
    ModelError
        For an unknown column or type, a cluster that is missing, clusters that the model does not
        keep apart, and fewer than p + 1 clusters.

    Notes
    -----
    They stay valid if the model's covariance within clusters is wrong, as an imputed correlation of
    sampling errors may be; the estimates are those of `result`. The model still matters: the closer
    its covariance, the narrower the intervals. Formulas:
    :class:`bayes_ps.baseline.robust.sandwich.Sandwich`.

    Pustejovsky & Tipton 2018, J Bus Econ Stat 36:672, doi:10.1080/07350015.2016.1247004;
    Tipton 2015, doi:10.1037/met0000011; Hedges, Tipton & Johnson 2010, doi:10.1002/jrsm.5.
    Tests: ``tests/golden/test_clubsandwich.py`` (Assink 2016),
    ``tests/golden/test_metafor_multilevel.py`` (CR1, se 0.0844 and 0.0845).
    """
    kind = chosen(TYPES, type, "type")
    model = result.model
    names = cluster_of(model.effects, cluster)
    J, p = len(set(names)), len(result.names)
    if p >= J:
        raise ModelError(
            f"There are {J} clusters for {p} coefficients: at least {p + 1} are needed. Use fewer "
            f"moderators."
        )
    refuse_crossed(model, names)
    fit = generalised(model.effects.y, model.design.X, model.M).fit
    sandwich = Sandwich(model, names, fit.covariance, fit.beta, type == "CR2")
    covariance = kind.compute(J, p) * sandwich.covariance
    seen = _seen(sandwich, result.names)
    df = np.full(p, float(J - p))
    if type == "CR2":
        df = np.array([satterthwaite(sandwich, contrast) for contrast in np.eye(p)])
    fields = estimated(model, fit.beta, covariance, df, level=level or result.level)
    return ClusterRobust(
        **fields,
        type=type,
        clusters=J,
        fitted=result,
        methods=(str(kind),),
        notes=_notes(result.names, df, seen, type),
        _sandwich=sandwich,
    )


def _seen(sandwich: Sandwich, names: tuple[str, ...]) -> Array:
    """The share of each coefficient's variance that residuals can show, if the model is right.

    What one cluster alone determines is fitted exactly there. A share of 0 is refused.
    """
    own = [np.trace(sandwich.crossed(unit, unit)) for unit in np.eye(len(names))]
    shares = np.array(own) / np.diag(sandwich.bread)
    if shares.min() < UNSEEN:
        raise ModelError(
            f"{names[int(shares.argmin())]!r} rests on one cluster alone, which fits it exactly: "
            f"its cluster-robust standard error would be 0. Leave the moderator out."
        )
    return shares


def _notes(names: tuple[str, ...], df: Array, seen: Array, type: str) -> tuple[str, ...]:
    low = [name for name, value in zip(names, df, strict=True) if value < LOW_DF]
    if type != "CR2":
        few = f'{type} is too small with so few clusters. The default, type="CR2", corrects for it.'
        return (few,) if low else ()
    said = [
        f"One cluster alone determines part of {name}, which no residual shows: by the model its "
        f"standard error misses {100 * (1 - share):.0f}% of the variance."
        for name, share in zip(names, seen, strict=True)
        if share < WELL_SEEN
    ]
    if low:
        said.append(
            f"Fewer than {LOW_DF} degrees of freedom for {', '.join(low)}: few clusters speak for "
            f"it, and its P value is not to be trusted (Tipton 2015, doi:10.1037/met0000011)."
        )
    return tuple(said)
