"""Log hazard ratio from a log-rank analysis: observed minus expected events and their variance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bayes_ps.effects.conversions.rescaled import Rescaled
from bayes_ps.effects.conversions.rows import Converted, keep, read, refuse


@dataclass(frozen=True, eq=False)
class LogRank:
    """Observed minus expected events of the treated arm, and the variance `v` of that."""

    o_e: Converted
    v: Converted

    def __str__(self) -> str:
        if np.ndim(self.v) == 0:
            return f"O−E {self.o_e:.4g}, V {self.v:.4g}"
        return f"O−E and V of {np.size(self.v)} studies"


def log_hr_from_o_e(o_e: npt.ArrayLike, v: npt.ArrayLike) -> Rescaled:
    """Log hazard ratio (O−E)/V with standard error 1/√V.

    Parameters
    ----------
    o_e : observed minus expected events in the treated arm.
    v : variance of O−E by the log-rank test, > 0.

    Returns
    -------
    Rescaled
        `y` and `se` of the log hazard ratio (also of Peto's log odds ratio).

    Raises
    ------
    StudyTableError
        With the row, for v <= 0.

    Notes
    -----
    Cochrane Handbook 6.8.2 and 10.4.2; Yusuf 1985, doi:10.1016/S0033-0620(85)80003-7; Tierney 2007,
    doi:10.1186/1745-6215-8-16. One step of Newton from HR = 1: good near 1, too near to 1 for
    large effects.
    Test: ``tests/unit/test_conversions_hazard_ratio.py``.
    """
    o_e, v = read({"o_e": o_e, "v": v})
    refuse(
        v <= 0, v, "v", "above 0", mend="It is the variance of O−E, not of the log hazard ratio."
    )
    return Rescaled(keep(o_e / v), keep(1 / np.sqrt(v)))


def o_e_from_log_hr(log_hr: npt.ArrayLike, se: npt.ArrayLike) -> LogRank:
    """O−E = log HR / se² and V = 1/se², the inverse of :func:`log_hr_from_o_e`.

    Raises
    ------
    StudyTableError
        With the row, for se <= 0.
    """
    log_hr, se = read({"log_hr": log_hr, "se": se})
    refuse(se <= 0, se, "se", "above 0", mend="Look for a typing error in the table.")
    return LogRank(keep(log_hr / se**2), keep(1 / se**2))
