"""How many studies are missing on one side of a funnel: trimmed until the number settles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bayes_ps.baseline.methods import Method, by_code
from bayes_ps.baseline.pooling import baseline
from bayes_ps.checks import Array, ModelError
from bayes_ps.effects import Effects

MOST = 100
Counted = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Missing:
    """`k0` studies with standard error `se`; `trimmed` rows, mirrored around `center`."""

    k0: int
    se: float
    center: float
    trimmed: npt.NDArray[np.intp]


def _l0(signed: Array) -> Counted:
    """L0 from the Wilcoxon sum of the ranks on the right, and its standard error."""
    k = signed.size
    found = (4 * signed[signed > 0].sum() - k * (k + 1)) / (2 * k - 1)
    variance = (
        k * (k + 1) * (2 * k + 1)
        + 10 * found**3
        + 27 * found**2
        + 17 * found
        - 18 * k * found**2
        - 18 * k * found
        + 6 * k**2 * found
    ) / 24
    return float(found), 4 * float(np.sqrt(max(variance, 0.0))) / (2 * k - 1)


def _r0(signed: Array) -> Counted:
    """R0, the run of largest ranks on the right less 1, and its standard error."""
    found = float(signed.size + signed.min() - 1)
    return found, float(np.sqrt(2 * max(found, 0.0) + 2))


ESTIMATORS = by_code(
    Method[Callable[[Array], Counted]]("L0", "L0", "doi:10.1080/01621459.2000.10473905", _l0),
    Method("R0", "R0", "doi:10.1080/01621459.2000.10473905", _r0),
)


def trimmed(effects: Effects, side: str, tau2: str, counted: Callable[[Array], Counted]) -> Missing:
    """Trim the studies furthest from `side`, pool the rest, rank all around that mean, count; until
    the count settles.

    Ranks of ties follow the order of y. The standard error belongs to the number before it is
    rounded and cut off at 0, as in metafor.
    """
    sign = -1.0 if side == "right" else 1.0
    order, k, k0 = np.argsort(sign * effects.y, kind="stable"), effects.k, 0
    for _ in range(MOST):
        kept = effects.where(np.isin(np.arange(k), order[: k - k0]))
        center = baseline(kept, tau2 if kept.k > 1 else "FE", "wald").mu
        away = sign * (effects.y - center)[order]
        rank = np.empty(k)
        rank[np.argsort(np.abs(away), kind="stable")] = np.arange(1, k + 1)
        raw, se = counted(np.sign(away) * rank)
        before, k0 = k0, max(0, round(raw))
        if k0 == before:
            return Missing(k0, se, center, order[k - k0 :])
    raise ModelError(
        f"Trimming does not settle: after {MOST} rounds it still changes between {before} and {k0} "
        f'studies. Use another estimator="R0" or "L0", or another side.'
    )
