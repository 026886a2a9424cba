"""`selection_model`: the mean if the publication of a study depended on its P value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from scipy.special import chdtrc

from bayes_ps import checks
from bayes_ps.baseline.interval import quantile
from bayes_ps.baseline.pooling import baseline
from bayes_ps.baseline.small_study.asymmetry import FEW, two_sided
from bayes_ps.baseline.small_study.selection_fit import Maximum, maximum
from bayes_ps.baseline.small_study.selection_likelihood import step_selection
from bayes_ps.baseline.small_study.selection_result import SelectionModel
from bayes_ps.baseline.weighting import independent
from bayes_ps.checks import Array, ModelError
from bayes_ps.effects import Effects

Alternative = Literal["greater", "less", "two-sided"]
LOOSE = 5.0  # an se of log delta at which its interval spans a factor of 10^8
ALTERNATIVES = ("greater", "less", "two-sided")


def selection_model(
    effects: Effects,
    steps: Sequence[float] = (0.025,),
    *,
    alternative: Alternative | None = None,
    tau2: str = "ML",
    delta: Sequence[float] | None = None,
    level: float = 0.95,
) -> SelectionModel:
    r"""The step-function selection model of Vevea and Hedges, by maximum likelihood.

    Parameters
    ----------
    effects : k independent studies.
    steps : cut-points of P, rising, between 0 and 1. One cut-point is the three-parameter selection
        model (3PSM). For one-sided P, 0.025 is two-sided significance at 0.05.
    alternative : which results were published more easily: small one-sided P for y > 0
        (``"greater"``), for y < 0 (``"less"``), or small two-sided P (``"two-sided"``). If it is
        not given: those that show benefit, by ``effects.better``.
    tau2 : ``"ML"``, or ``"FE"`` for a common effect.
    delta : probabilities of publication in each interval of P relative to the first, 1 first, if
        they are to be fixed rather than estimated (Vevea & Woods 2005).
    level : of the intervals.

    Returns
    -------
    SelectionModel
        `mu`, `tau2` and `delta` before selection, with the likelihood ratio test of delta = 1.

    Raises
    ------
    ModelError
        For impossible steps or delta, an interval of P without a study, fewer studies than
        parameters, and a likelihood without an inner maximum.

    Notes
    -----
    A study with P in interval j was published with a probability proportional to delta_j:
    :class:`bayes_ps.baseline.small_study.selection_likelihood.StepSelection`. Same as metafor's
    ``selmodel(type="stepfun")``; its optimiser stops at about 1e-6, here the score is 0 to rounding
    (``result.score``). Intervals are Wald's: that of delta on the log scale.

    Selection is supposed to depend on P alone. With few studies in an interval the estimates are
    loose, and the test has little power.

    Vevea & Hedges 1995, doi:10.1007/BF02294384; Hedges 1992, doi:10.1214/ss/1177011364.
    Tests: ``tests/golden/test_metafor_small_study.py`` (BCG, Molloy) and
    ``tests/golden/test_papers_small_study.py`` (passive smoking: delta 2.4221, 0.9775, 0.3967;
    student ratings with fixed delta).
    """
    if not 0 < level < 1:
        raise ModelError(f"level must be between 0 and 1, but is {level}. For 95 % pass 0.95.")
    y, v = independent(effects)
    cuts = _checked_steps(steps)
    at = alternative or ("less" if effects.better == "lower" else "greater")
    if at not in ALTERNATIVES:
        raise ModelError(f"alternative must be one of {ALTERNATIVES}, but is {alternative!r}.")
    if tau2 not in ("ML", "FE"):
        raise ModelError(f'tau2 must be "ML" or "FE" in a selection model, but is {tau2!r}.')
    fixed = None if delta is None else _checked_delta(delta, cuts.size + 1)
    sign = -1.0 if at == "less" else 1.0
    model = step_selection(sign * y, v, cuts, two_sided=at == "two-sided")
    counts = np.bincount(model.interval, minlength=cuts.size + 1)
    common = tau2 == "FE"
    _enough(effects.k, counts, cuts, estimated=fixed is None, common=common)
    without = baseline(effects, tau2, "wald")
    found = maximum(model, without.tau2, fixed=fixed, common=common)
    plain = model.derivatives(sign * without.mu, without.tau2, np.zeros(cuts.size)).value
    return SelectionModel(
        **_estimates(found, sign, level, fixed is None),
        unselected_mu=without.mu,
        unselected_tau2=without.tau2,
        **_ratio_test(found, plain, cuts.size, fixed is None),
        steps=checks.read_only(np.append(cuts, 1.0)),
        counts=checks.read_only(counts, int),
        alternative=at,
        level=level,
        measure=effects.measure,
        unit=effects.unit,
        notes=_notes(effects.k, counts, found, common=common, estimated=fixed is None),
    )


def _estimates(found: Maximum, sign: float, level: float, estimated: bool) -> dict[str, Any]:
    """mu and delta with intervals; what is fixed, or on its boundary, has no standard error."""
    se = np.sqrt(np.diag(found.covariance))
    reach = quantile(level, np.inf)
    mu, log_se = sign * found.mu, np.append(0.0, se[2:])
    known = np.arange(found.delta.size) == 0 if estimated else np.ones(found.delta.size, bool)
    with np.errstate(over="ignore"):  # an upper end of infinity is one
        lower, upper = (
            checks.read_only(np.where(known, np.nan, found.delta * np.exp(way * reach * log_se)))
            for way in (-1, 1)
        )
    z = mu / se[0]
    return {
        "mu": mu,
        "se": float(se[0]),
        "lower": mu - reach * float(se[0]),
        "upper": mu + reach * float(se[0]),
        "p": two_sided(z, np.inf),
        "tau2": found.tau2,
        "se_tau2": float(se[1]) if se[1] > 0 else None,
        "delta": checks.read_only(found.delta),
        "se_delta": checks.read_only(np.where(known, np.nan, found.delta * log_se)),
        "delta_lower": lower,
        "delta_upper": upper,
        "score": checks.read_only(found.score),
    }


def _ratio_test(found: Maximum, unselected: float, df: int, estimated: bool) -> dict[str, Any]:
    ratio = max(0.0, 2 * (found.log_likelihood - unselected))
    return {
        "log_likelihood": found.log_likelihood,
        "lrt": ratio if estimated else None,
        "lrt_df": df if estimated else None,
        "lrt_p": float(chdtrc(df, ratio)) if estimated else None,
    }


def _checked_steps(steps: Sequence[float]) -> Array:
    cuts = np.asarray(list(steps), dtype=float)
    cuts = cuts[:-1] if cuts.size > 1 and cuts[-1] == 1 else cuts
    if not cuts.size or not np.all((cuts > 0) & (cuts < 1)) or np.any(np.diff(cuts) <= 0):
        raise ModelError(
            f"steps must rise between 0 and 1, as in steps=(0.025, 0.5), but are {tuple(steps)}."
        )
    return cuts


def _checked_delta(delta: Sequence[float], size: int) -> Array:
    given = np.asarray(list(delta), dtype=float)
    if given.shape != (size,) or given[0] != 1 or not np.all((given > 0) & np.isfinite(given)):
        raise ModelError(
            f"delta needs {size} numbers > 0, one an interval of P and the first 1, but is "
            f"{tuple(delta)}."
        )
    return given


def _enough(k: int, counts: np.ndarray, cuts: Array, *, estimated: bool, common: bool) -> None:
    ends = np.append(cuts, 1.0)
    if estimated and not counts.all():
        empty = int(np.flatnonzero(counts == 0)[0])
        low = 0.0 if empty == 0 else ends[empty - 1]
        raise ModelError(
            f"No study has P between {low:g} and {ends[empty]:g}, so its probability of "
            f"publication cannot be estimated (studies by interval: {counts.tolist()}). Use other "
            f"steps, the other alternative=, or fix delta=."
        )
    unknown = 1 + (not common) + (cuts.size if estimated else 0)
    if k <= unknown:
        raise ModelError(
            f"A selection model with {unknown} unknowns needs more than {unknown} studies, but "
            f"there " + ("is 1." if k == 1 else f"are {k}.")
        )


def _notes(
    k: int, counts: np.ndarray, found: Maximum, *, common: bool, estimated: bool
) -> tuple[str, ...]:
    said = [f"Fewer than {FEW} studies: all estimates are loose."] if k < FEW else []
    if estimated and counts.min() <= 3:
        said.append(
            f"Few studies in an interval of P ({', '.join(map(str, counts))}): the probabilities "
            f"of publication are loose, and mu with them."
        )
    if estimated and np.diag(found.covariance)[2:].max() > LOOSE**2:
        said.append("The studies say next to nothing of a delta: see its interval.")
    if estimated and found.delta.max() > 1:
        said.append("A delta above 1 is not the selection that this model is meant for.")
    if found.tau2 == 0 and not common:
        said.append("tau² is at its boundary 0; the standard errors take it as known.")
    return tuple(said)
