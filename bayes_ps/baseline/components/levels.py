"""`multilevel`: effects nested in clusters, with a variance between clusters and one within."""

from __future__ import annotations

import numpy as np

from bayes_ps.baseline.components.mixed import fitted, standard_errors
from bayes_ps.baseline.components.multilevel_results import Multilevel, VarianceComponent
from bayes_ps.baseline.components.structure import Component, Labels, one_variance, shared
from bayes_ps.baseline.linear.clusters import cluster_of
from bayes_ps.baseline.linear.design import design_of
from bayes_ps.baseline.linear.gls import generalised
from bayes_ps.checks import ModelError
from bayes_ps.effects import Effects

FEW_CLUSTERS = 20


def multilevel(
    effects: Effects,
    cluster: str,
    formula: str = "1",
    method: str = "REML",
    *,
    test: str = "z",
    correlation: float | None = None,
    level: float = 0.95,
) -> Multilevel:
    r"""Three-level meta-analysis: effects within clusters, such as schools within districts.

    Parameters
    ----------
    effects : k effects, the clusters in a column of ``effects.data``. With a covariance `V` (see
        `impute_covariance`) sampling errors may be correlated too.
    cluster : that column.
    formula : right-hand side of the moderators, as in :func:`bayes_ps.meta_regression`.
    method : ``"REML"`` or ``"ML"``.
    test : ``"z"`` (normal) or ``"t"`` (k − p df). For few clusters use `cluster_robust` on the
        result: neither of the two allows for them.
    correlation : known correlation of the true effects within a cluster, with one variance in all;
        0.5 is for contrasts with the common arm of a multi-arm trial. None estimates two variances.
    level : of every interval, 0.95.

    Returns
    -------
    Multilevel
        With the variances, their standard errors, and profile intervals on demand.

    Raises
    ------
    ModelError
        For an unknown column or method, a cluster that is missing, one cluster only, clusters that
        all have a single effect, and whatever `meta_regression` refuses of the moderators.

    Notes
    -----
    .. math:: y \sim N(X\beta, V + \sigma^2_b Z Z' + \sigma^2_w I)

    Z says which cluster an effect is in. The likelihood is searched from several starts and solved
    to the last digits by its exact second derivatives; a variance at its boundary is exactly 0, and
    the score there is negative (`score` on the result certifies the rest).

    Konstantopoulos 2011, Res Synth Methods 2:61, doi:10.1002/jrsm.35.
    Tests: ``tests/golden/test_metafor_multilevel.py`` (metafor 3.8-1: REML 0.1847, variances 0.0651
    and 0.0327) and ``tests/golden/test_papers_regression.py`` (his Tables 4 and 5).
    """
    names = cluster_of(effects, cluster)
    design = design_of(formula, effects)
    _refuse_unidentified(names, cluster, correlation)
    parts = _components(names, cluster, correlation)
    V = np.diag(effects.se**2) if effects.V is None else effects.V
    fields = fitted(effects, design, V, parts, method=method, test=test, level=level)
    best = fields["_best"]
    variances = [float(G[0, 0]) for G in best.matrices]
    errors = [float(se[0]) for se in standard_errors(best)]
    P = generalised(effects.y, design.X, V).P
    typical = (effects.k - design.X.shape[1]) / float(np.trace(P))
    total = sum(variances)
    components = tuple(
        VarianceComponent(part.name, variance, se, 100 * variance / (total + typical))
        for part, variance, se in zip(parts, variances, errors, strict=True)
    )
    icc = correlation if correlation is not None else variances[0] / total if total > 0 else 0.0
    return Multilevel(
        **fields,
        cluster=cluster,
        clusters=len(set(names)),
        components=components,
        correlation=icc,
        notes=_notes(components, len(set(names)), cluster),
    )


def _components(names: Labels, cluster: str, correlation: float | None) -> tuple[Component, ...]:
    within, identity = shared(names), np.eye(names.size)
    if correlation is not None:
        mixed = correlation * within + (1 - correlation) * identity
        return (one_variance("of true effects", mixed),)
    return (
        one_variance(f"between {cluster}", within),
        one_variance(f"within {cluster}", identity),
    )


def _refuse_unidentified(names: Labels, cluster: str, correlation: float | None) -> None:
    count = len(set(names))
    if correlation is not None:
        if not 0 <= correlation <= 1:
            raise ModelError(f"correlation must be between 0 and 1, but is {correlation}.")
        return
    if count == 1:
        raise ModelError(
            f"All effects are in one {cluster}, so nothing varies between clusters. Use "
            f"meta_regression(effects, formula), which has one variance."
        )
    if count == names.size:
        raise ModelError(
            f"Every {cluster} has a single effect, so the variance between cannot be told from the "
            f"variance within. Use meta_regression(effects, formula), which has one variance."
        )


def _notes(
    components: tuple[VarianceComponent, ...], clusters: int, cluster: str
) -> tuple[str, ...]:
    said = [
        f"The variance {c.name} is at its boundary 0. That is a result, not proof: see "
        f'component_interval("{c.name}").'
        for c in components
        if c.variance == 0
    ]
    if clusters < FEW_CLUSTERS:
        said.append(
            f"{clusters} clusters by {cluster}: standard errors take the variances as known, and "
            f"are too small for few clusters. cluster_robust(result, cluster={cluster!r}) allows "
            f"for that."
        )
    return tuple(said)
