"""Variance inflation: how much less is known of a term because other moderators resemble it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from bayes_ps.checks import Array


def variance_inflation(
    covariance: Array, terms: Mapping[str, tuple[int, ...]], *, intercept: bool
) -> pd.DataFrame:
    r"""A row a term: `term, columns, gvif, per_coefficient`.

    .. math:: GVIF = |R_{11}| \, |R_{22}| \, / \, |R|

    R is the correlation matrix of the coefficients without the intercept, 1 the term and 2 the
    rest. For a term of one column it is the VIF, 1/(1 − R²) of its weighted regression on the
    others. `per_coefficient` = GVIF^(1/(2m)) of m columns is the factor of the standard errors.

    Fox & Monette 1992, J Am Stat Assoc 87:178, doi:10.1080/01621459.1992.10475190.
    Test: ``tests/unit/test_regression_vif.py``, against weighted R².
    """
    kept = [column for name in terms if name != "intercept" for column in terms[name]]
    if not intercept:
        kept = list(range(covariance.shape[0]))
    se = np.sqrt(np.diag(covariance))
    R = covariance / np.outer(se, se)
    whole = _log_det(R, kept)
    rows = []
    for name, columns in terms.items():
        if name == "intercept":
            continue
        rest = [column for column in kept if column not in columns]
        gvif = float(np.exp(_log_det(R, list(columns)) + _log_det(R, rest) - whole))
        rows.append((name, len(columns), gvif, gvif ** (1 / (2 * len(columns)))))
    return pd.DataFrame(rows, columns=["term", "columns", "gvif", "per_coefficient"])


def _log_det(R: Array, rows: list[int]) -> float:
    return float(np.linalg.slogdet(R[np.ix_(rows, rows)])[1]) if rows else 0.0
