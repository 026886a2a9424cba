"""Change from baseline: its SD, the correlation behind it, and how much that matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, StudyTableError
from bayes_ps.effects.conversions.rows import Converted, give, read, refuse

if TYPE_CHECKING:
    import pandas as pd


def sd_of_change(sd_pre: npt.ArrayLike, sd_post: npt.ArrayLike, r: npt.ArrayLike) -> Converted:
    """SD of the changes from baseline: √(sd_pre² + sd_post² − 2 r sd_pre sd_post).

    Parameters
    ----------
    sd_pre, sd_post : SDs of one group before and after, > 0.
    r : correlation of before and after within the group, from −1 to 1; from another study of the
        review by :func:`correlation_from_sds`.

    Returns
    -------
    float for scalars, else an array; NaN where an input is NaN (not reported).

    Raises
    ------
    StudyTableError
        With the row, for an SD <= 0 or r outside [−1, 1], and where the changes would have no
        spread at all (r = 1 with equal SDs).

    Notes
    -----
    Cochrane Handbook 6.5.2.8 (doi:10.1016/0895-4356(92)90054-Q, Follmann 1992). r is guessed, so
    look at the answer over the guesses: :func:`sweep_correlations`.
    Test: ``tests/golden/test_conversions_handbook.py``: SDs 4.0 and 4.4, r 0.80 gives 2.68.
    """
    pre, post, r = read({"sd_pre": sd_pre, "sd_post": sd_post, "r": r})
    _positive({"sd_pre": pre, "sd_post": post})
    refuse(
        np.abs(r) > 1, r, "r", "between -1 and 1", mend="A correlation in per cent? Divide by 100."
    )
    sd = np.sqrt((pre - post) ** 2 + 2 * (1 - r) * pre * post)
    mend = "Changes without any spread are not credible: take a smaller correlation."
    refuse(sd == 0, r, "r", "below 1 where sd_pre = sd_post", mend=mend)
    return give(sd)


def correlation_from_sds(
    sd_pre: npt.ArrayLike, sd_post: npt.ArrayLike, sd_change: npt.ArrayLike
) -> Converted:
    """Correlation of before and after: (sd_pre² + sd_post² − sd_change²) / (2 sd_pre sd_post).

    The inverse of :func:`sd_of_change`, for a study that reports all three SDs.

    Raises
    ------
    StudyTableError
        With the row, for an SD <= 0, and for three SDs that no data can have (r outside [−1, 1]):
        one of them is likely a standard error.

    Notes
    -----
    Cochrane Handbook 6.5.2.8: below 0.5 a change score is noisier than the final value.
    Test: ``tests/golden/test_conversions_handbook.py``: 6.4, 7.1 and 4.5 give 0.78.
    """
    pre, post, change = read({"sd_pre": sd_pre, "sd_post": sd_post, "sd_change": sd_change})
    _positive({"sd_pre": pre, "sd_post": post, "sd_change": change})
    r = ((pre - change) * (pre + change) + post**2) / (2 * pre * post)
    rounding = 1e-12
    mend = f"Is one of the three a standard error? {_TRIANGLE}"
    refuse(np.abs(r) > 1 + rounding, change, "sd_change", _TRIANGLE_RULE, mend=mend)
    return give(np.clip(r, -1, 1))


def sweep_correlations(
    sd_pre: npt.ArrayLike,
    sd_post: npt.ArrayLike,
    *,
    r: npt.ArrayLike = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9),
    study: Sequence[Any] | None = None,
) -> pd.DataFrame:
    """The SD of change of each row at each of several correlations, one row a pair.

    Parameters
    ----------
    sd_pre, sd_post : (k,) SDs before and after, or scalars.
    r : (m,) correlations to try.
    study : (k,) names; rows counted from 1 without them.

    Returns
    -------
    pandas.DataFrame
        k × m rows: `study, r, sd_pre, sd_post, sd_change`, ordered by `r`, then by row. Take
        ``frame[frame["r"] == 0.7]`` for the SDs under one assumption.

    Raises
    ------
    StudyTableError
        As :func:`sd_of_change`, and for names that are not one a row.
    """
    import pandas as pd

    pre, post = (np.atleast_1d(v) for v in read({"sd_pre": sd_pre, "sd_post": sd_post}))
    names = list(range(1, pre.size + 1)) if study is None else list(study)
    if pre.ndim > 1 or len(names) != pre.size:
        raise StudyTableError(
            f"There are {len(names)} names for SDs of shape {pre.shape}. Give one a row."
        )
    tried = np.atleast_1d(read({"r": r})[0])
    frames = [
        pd.DataFrame(
            {
                "study": names,
                "r": each,
                "sd_pre": pre,
                "sd_post": post,
                "sd_change": sd_of_change(pre, post, each),
            }
        )
        for each in tried
    ]
    return pd.concat(frames, ignore_index=True)


_TRIANGLE_RULE = "between |sd_pre - sd_post| and sd_pre + sd_post"
_TRIANGLE = "sd_from_se(se, n) mends it."


def _positive(columns: dict[str, Array]) -> None:
    for column, sd in columns.items():
        mend = "If the paper gives a standard error, use sd_from_se(se, n)."
        refuse(sd <= 0, sd, column, "above 0", mend=mend)
