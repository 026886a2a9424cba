"""P values that contradict the estimate and its interval or SE."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import ndtr, ndtri

from bayes_ps.doctor.digits import half_unit
from bayes_ps.doctor.finding import Finding, Sure
from bayes_ps.doctor.table import Table, places

RULE = "P value"


def contradicting_p(table: Table) -> Iterator[Finding]:
    """P outside 0 to 1; or far from the one that the estimate over its SE gives.

    Reported where the two z differ by more than 0.5 after the rounding of P and by more than a
    quarter; "likely" where one is below 0.04 and the other above 0.06. P of a t test with few
    people, of an adjusted or a rank test differ honestly, so nothing here is certain.
    """
    p, y, se = (table.number(name) for name in ("p", "estimate", "se"))
    width = (table.number("ci_high") - table.number("ci_low")) / (2 * 1.959963984540054)
    se = np.where(np.isfinite(se), se, width)
    for row in places((p < 0) | (p > 1)):
        why = f"A P value of {p[row]:g} is not between 0 and 1."
        mend = table.emptying(row, "p")
        yield table.finding(row, "p", RULE, why, sure="certain", mend=mend)
    for row in places((p > 0) & (p < 1) & np.isfinite(y) & (se > 0)):
        z = abs(y[row]) / se[row]
        ends = p[row] + half_unit(p[row]) * np.array([1, -1])
        least, most = -ndtri(np.clip(ends, 1e-300, 1) / 2)
        away = max(least - z, z - most, 0)
        if away <= 0.5 or away <= 0.25 * z:
            continue
        ours = 2 * ndtr(-z)
        why = (
            f"P is {p[row]:g}, but {y[row]:g} with SE {se[row]:.3g} gives {ours:.2g} "
            f"(z {z:.2f} against {-ndtri(p[row] / 2):.2f})."
        )
        apart = min(p[row], ours) < 0.04 and max(p[row], ours) > 0.06
        mend = table.emptying(row, "p")
        sure: Sure = "likely" if apart else "look"
        yield table.finding(row, "p", RULE, why, sure=sure, mend=mend)
