"""`multivariate`: several outcomes of each study, with their covariance between studies."""

from __future__ import annotations

import itertools

import numpy as np

from bayes_ps import checks
from bayes_ps.baseline.components.mixed import fitted, standard_errors
from bayes_ps.baseline.components.multivariate_results import Multivariate
from bayes_ps.baseline.components.sampling_covariance import impute_covariance
from bayes_ps.baseline.components.structure import Labels, unstructured
from bayes_ps.baseline.linear.clusters import cluster_of
from bayes_ps.baseline.linear.design import design_of
from bayes_ps.checks import Array, ModelError
from bayes_ps.effects import Effects


def multivariate(
    effects: Effects,
    outcome: str,
    study: str,
    formula: str | None = None,
    *,
    within: float | None = None,
    method: str = "REML",
    test: str = "z",
    level: float = 0.95,
) -> Multivariate:
    r"""Several outcomes of each study at once, with an unstructured covariance between studies.

    Parameters
    ----------
    effects : k effects, a row an outcome of a study; a study may lack outcomes.
    outcome, study : columns of ``effects.data`` that name both.
    formula : right-hand side of the moderators; if it is not given, ``"0 + outcome"``: the mean of
        each outcome. As in ``"0 + outcome + outcome:dose"``.
    within : correlation of the sampling errors of two outcomes of one study, if the effects have no
        covariance `V`. It must be stated: 0 says that they are independent.
    method : ``"REML"`` or ``"ML"``.
    test : ``"z"`` (normal) or ``"t"`` (k − p df).
    level : of every interval, 0.95.

    Returns
    -------
    Multivariate

    Raises
    ------
    ModelError
        For an unknown column or method, one outcome only, an outcome twice in a study, outcomes
        that no study reports together, `within` beside a `V` or neither of the two, and whatever
        `meta_regression` refuses of the moderators.

    Notes
    -----
    .. math:: y \sim N(X\beta, V + Z (I \otimes G) Z')

    The search runs over roots of G, so that G is always a covariance; its solution is exact to the
    last digits (`score`), and a correlation of ±1 is a solution at the boundary.

    van Houwelingen, Arends & Stijnen 2002, Stat Med 21:589, doi:10.1002/sim.1040; Berkey et al.
    1998, Stat Med 17:2537.
    Tests: ``tests/golden/test_metafor_multilevel.py`` (metafor 3.8-1, Berkey ML, rho 0.6992) and
    ``tests/golden/test_papers_regression.py`` (both papers).
    """
    outcomes, studies = cluster_of(effects, outcome), cluster_of(effects, study)
    _refuse_unidentified(effects, outcomes, studies)
    V = _sampling(effects, studies, within)
    design = design_of(formula or f"0 + {outcome}", effects)
    part = unstructured("between studies", studies, outcomes)
    fields = fitted(effects, design, V, (part,), method=method, test=test, level=level)
    best = fields["_best"]
    G = best.matrices[0]
    errors = dict(zip(part.pairs, standard_errors(best)[0], strict=True))
    sd = np.sqrt(np.diag(G))
    scale = np.where(sd > 0, sd, 1.0)
    correlation = G / np.outer(scale, scale)
    np.fill_diagonal(correlation, 1.0)
    return Multivariate(
        **fields,
        outcome=outcome,
        study=study,
        studies=len(set(studies)),
        outcomes=part.levels,
        G=checks.read_only(G),
        tau2=checks.read_only(np.diag(G)),
        tau2_se=checks.read_only([errors[a, a] for a in range(part.q)]),
        correlation=checks.read_only(correlation),
        notes=_notes(G, part.levels),
    )


def _refuse_unidentified(effects: Effects, outcomes: Labels, studies: Labels) -> None:
    names = sorted(set(outcomes))
    if len(names) < 2:
        raise ModelError(
            f"There is one outcome only ('{names[0]}'). Use meta_regression(effects, formula)."
        )
    seen: dict[tuple[str, str], int] = {}
    for row, pair in enumerate(zip(studies, outcomes, strict=True)):
        if pair in seen:
            raise ModelError(
                f"{checks.where(effects.study, row)} is a second effect on '{pair[1]}' of study "
                f"'{pair[0]}'. Keep one, or use multilevel(effects, cluster=…)."
            )
        seen[pair] = row
    reported = {name: set(studies[outcomes == name]) for name in names}
    for first, second in itertools.combinations(names, 2):
        if not reported[first] & reported[second]:
            raise ModelError(
                f"No study reports both '{first}' and '{second}', so their correlation between "
                f"studies cannot be estimated. Analyse them apart."
            )


def _sampling(effects: Effects, studies: Labels, within: float | None) -> Array:
    if effects.V is not None and within is not None:
        raise ModelError("The effects have a covariance V already, so leave out within=.")
    if effects.V is not None:
        return effects.V
    if within is None:
        raise ModelError(
            "Outcomes of one study share participants, so their sampling errors are correlated. "
            "State how much with within=0.5 (vary it), or give the effects a covariance: "
            "dataclasses.replace(effects, V=V). within=0 says that they are independent."
        )
    return impute_covariance(effects.se, studies, within)


def _notes(G: Array, outcomes: tuple[str, ...]) -> tuple[str, ...]:
    variances = np.diag(G)
    zero = [name for name, value in zip(outcomes, variances, strict=True) if value == 0]
    if zero:
        return (
            f"tau² is at its boundary 0 for {', '.join(zero)}: its correlations are not estimable "
            f"and shown as 0.",
        )
    if np.linalg.matrix_rank(G, hermitian=True) < variances.size:
        return (
            "The covariance between studies is singular: a correlation is at its boundary ±1. The "
            "studies are too few, or too alike, to tell; means are little affected.",
        )
    return ()
