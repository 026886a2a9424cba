"""What stands for the size of a study in a test of funnel asymmetry."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bayes_ps import checks
from bayes_ps.baseline.methods import Method, by_code, chosen
from bayes_ps.checks import Array, ModelError, StudyTableError
from bayes_ps.effects import Effects


def _sizes(effects: Effects) -> Array:
    """Participants of each study: `n`, or `n_t` + `n_c`."""
    data = effects.data
    if "n" in data:
        return _positive(effects, "n")
    if {"n_t", "n_c"} <= set(data):
        return _positive(effects, "n_t") + _positive(effects, "n_c")
    raise StudyTableError(
        'effects.data has neither "n" nor "n_t" and "n_c", the numbers of participants. Add them: '
        "effects.with_data(frame)."
    )


def _positive(effects: Effects, column: str) -> Array:
    n = checks.numbers(effects.data[column], column, effects.study)
    checks.require(n > 0, n, column, "> 0", study=effects.study, mend="Look at the study.")
    return n


def _modified_se(effects: Effects) -> Array:
    """√(1/n_t + 1/n_c): the standard error of an SMD without the part that the SMD enters."""
    if effects.measure != "SMD":
        raise ModelError(
            f'predictor="modified-se" is for standardised mean differences, but these are '
            f'{effects.measure}. Use predictor="se".'
        )
    if not {"n_t", "n_c"} <= set(effects.data):
        raise StudyTableError(
            'predictor="modified-se" needs the columns "n_t" and "n_c" in effects.data. Add them: '
            "effects.with_data(frame)."
        )
    return np.sqrt(1 / _positive(effects, "n_t") + 1 / _positive(effects, "n_c"))


PREDICTORS = by_code(
    Method[Callable[[Effects], Array]](
        "se", "standard error", "doi:10.1136/bmj.315.7109.629", lambda effects: effects.se
    ),
    Method("variance", "sampling variance", "doi:10.1002/jrsm.1095", lambda e: e.se**2),
    Method("n", "number of participants", "metafor's regtest(predictor='ni')", _sizes),
    Method(
        "1/n",
        "1/number of participants",
        "metafor's regtest(predictor='ninv')",
        lambda effects: 1 / _sizes(effects),
    ),
    Method(
        "1/sqrt(n)",
        "1/√(number of participants)",
        "metafor's regtest(predictor='sqrtninv')",
        lambda effects: 1 / np.sqrt(_sizes(effects)),
    ),
    Method(
        "modified-se",
        "√(1/n_t + 1/n_c), Pustejovsky-Rodgers",
        "doi:10.1002/jrsm.1332",
        _modified_se,
    ),
)


def predictor_of(effects: Effects, code: str) -> Array:
    """The predictor (k,), refused if it is the same for every study."""
    x = chosen(PREDICTORS, code, "predictor").compute(effects)
    refuse_constant(x, code)
    return x


def refuse_constant(x: Array, name: str) -> None:
    """A funnel of studies of one size has no slope."""
    if float(np.ptp(x)) <= 1e-10 * float(np.abs(x).max()):
        raise ModelError(
            f"All studies have the same {name} ({x[0]:.4g}), so nothing can change with it: small "
            f"and large studies cannot be compared. A funnel plot and its tests do not apply."
        )
