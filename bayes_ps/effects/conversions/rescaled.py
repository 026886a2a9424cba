"""An estimate on another scale, with its standard error where one was given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array
from bayes_ps.effects.conversions.rows import Converted, keep, read, refuse


@dataclass(frozen=True, eq=False)
class Rescaled:
    """An estimate on another scale.

    Attributes
    ----------
    y : estimate (a float or array).
    se : its standard error by the delta method, or None if none was given.
    """

    y: Converted
    se: Converted | None

    def __str__(self) -> str:
        if np.ndim(self.y) == 0:
            return f"{self.y:.4g}" + ("" if self.se is None else f" (SE {self.se:.4g})")
        return f"{np.size(self.y)} estimates" + ("" if self.se is None else " with SEs")


def with_se(columns: dict[str, npt.ArrayLike], se: npt.ArrayLike | None) -> list[Array]:
    """The columns and, last, the se (NaN if not given), checked and of one shape."""
    values = read(columns | {"se": np.nan if se is None else se})
    refuse(
        values[-1] <= 0, values[-1], "se", "above 0", mend="Look for a typing error in the table."
    )
    return values


def rescale(y: Array, slope: Array | float, se: Array, given: object) -> Rescaled:
    """`y`, and the old `se` times the slope of the new scale on the old; None if none was given."""
    return Rescaled(keep(np.asarray(y)), None if given is None else keep(np.asarray(slope * se)))
