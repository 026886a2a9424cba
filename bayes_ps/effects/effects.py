"""`Effects`: one estimate and its standard error per study, on one scale, with one direction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
import numpy.typing as npt

from bayes_ps import checks
from bayes_ps.checks import Array, StudyTableError
from bayes_ps.effects.standard_errors import RATIOS, first_known_se, refuse_natural_ratios

if TYPE_CHECKING:
    import pandas as pd

Direction = Literal["lower", "higher"]


@dataclass(frozen=True, eq=False, repr=False)
class Effects:
    """What the studies say: `y` and `se` on one scale.

    Build it with :meth:`from_estimates` or :func:`bayes_ps.effect_sizes`.

    Parameters
    ----------
    study : (k,) names, none twice.
    y : (k,) estimates, in `unit`, with the sign of the papers; ratios on the log scale.
    se : (k,) standard errors of `y`, > 0, treated as known.
    measure : metafor's code, such as ``"MD"``, ``"SMD"``, ``"OR"``.
    unit : what one unit of `y` is, such as ``"points (0-100)"`` or ``"SD units"``.
    better : ``"lower"`` or ``"higher"``: which direction of `y` helps patients.
    V : (k, k) sampling covariance where studies share participants, else None.
    formulas : how `y` and `se` were computed, in words.

    Raises
    ------
    StudyTableError
        For a NaN or infinite value, `se` <= 0, a repeated name, mismatched lengths, or a `V` that
        is not a covariance with the diagonal `se`².
    """

    study: npt.NDArray[np.str_]
    y: Array
    se: Array
    measure: str
    unit: str
    better: Direction
    V: Array | None = None
    formulas: str = "estimates and standard errors as given"
    _data: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        study = checks.study_names(self.study)
        y = checks.numbers(self.y, "y", study)
        se = checks.numbers(self.se, "se", study)
        checks.require(np.isfinite(y), y, "y", "finite", study=study, mend=_DROP)
        checks.require(np.isfinite(se), se, "se", "finite", study=study, mend=_DROP)
        mend = "If the paper gives a confidence interval, pass ci=(low, high)."
        checks.require(se > 0, se, "se", "> 0", study=study, mend=mend)
        if self.better not in ("lower", "higher"):
            raise StudyTableError(f'better must be "lower" or "higher", but is {self.better!r}.')
        if not isinstance(self.unit, str) or not self.unit.strip():
            raise StudyTableError('The effects need a unit, for example unit="points (0-100)".')
        values: dict[str, Any] = {"study": study, "y": y, "se": se}
        if self._data is not None:
            if len(self._data) != len(study):
                raise StudyTableError(
                    f"data has {len(self._data)} rows, but there are {len(study)} studies."
                )
            values["_data"] = self._data.reset_index(drop=True).copy()
        if self.V is not None:
            values["V"] = _covariance(self.V, se)
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def is_ratio(self) -> bool:
        """Whether `y` are logarithms of ratios."""
        return self.measure in RATIOS or self.measure.startswith("log ")

    @classmethod
    def from_estimates(
        cls,
        y: npt.ArrayLike,
        *,
        study: Sequence[Any] | npt.NDArray[Any],
        measure: str,
        unit: str,
        better: Direction,
        se: npt.ArrayLike | None = None,
        ci: tuple[Any, ...] | None = None,
        p: npt.ArrayLike | None = None,
    ) -> Self:
        """Effects from published estimates and whatever states their precision.

        Parameters
        ----------
        y : (k,) estimates in `unit`; ratios on the log scale.
        study, measure, unit, better : as in :class:`Effects`.
        se : (k,) standard errors.
        ci : ``(low, high)`` or ``(low, high, level)``, each (k,); level 0.95 unless given.
            se = (high − low) / (2 z), z the standard normal quantile at (1 + level) / 2.
        p : (k,) two-sided P values. se = |y| / z, z the normal quantile at 1 − p/2.
            Cochrane Handbook 6.3.1.

        Each study takes the first of `se`, `ci`, `p` that it has; NaN says "not reported".

        Raises
        ------
        StudyTableError
            For a confidence interval that does not contain its estimate, a P value outside (0, 1)
            or at an estimate of 0, and a study of which nothing states the precision.

        Notes
        -----
        By z, as for large trials: the P value of a small t-test gives too large an se (Handbook 5.1
        §7.7.3.3: MD 3.8, P = 0.008, n = 47 is 1.37 by t, 1.43 by z). Then pass |MD| / t as `se`.
        Tests: ``tests/unit/test_standard_errors.py`` (Handbook 5.1 §7.7.7.2, SE 0.011).
        """
        names = checks.study_names(study)
        estimates = checks.numbers(y, "y", names)
        found, how = first_known_se(names, estimates, se=se, ci=ci, p=p)
        if ci is not None and measure in RATIOS:
            refuse_natural_ratios(names, estimates, ci)
        return cls(names, estimates, found, measure, unit, better, formulas=how)

    @property
    def k(self) -> int:
        """Number of studies."""
        return len(self.study)

    @property
    def data(self) -> pd.DataFrame:
        """A copy of what is known beside y and se: moderators, n, risk of bias; a row a study."""
        import pandas as pd  # takes as long to import as the rest of a first fit

        return pd.DataFrame(index=range(self.k)) if self._data is None else self._data.copy()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of `data`."""
        return () if self._data is None else tuple(self._data)

    @property
    def benefit_sign(self) -> int:
        """−1 where lower is better, +1 where higher is: multiply y by it to get benefit."""
        return -1 if self.better == "lower" else 1

    def with_data(self, data: pd.DataFrame) -> Self:
        """The same effects with `data` (a row a study, in this order) carried along."""
        return replace(self, _data=data)

    def drop(self, *study: str) -> Self:
        """Without the named studies."""
        unknown = sorted(set(study) - set(self.study))
        if unknown:
            raise StudyTableError(f"There is no study {unknown[0]!r} to drop. {self._known()}")
        return self._take(np.flatnonzero(~np.isin(self.study, study)))

    def where(self, mask: npt.ArrayLike) -> Self:
        """Only the studies for which `mask` (k,) is true, as in `effects.where(effects.se < 5)`."""
        kept = np.asarray(mask)
        if kept.shape != (self.k,) or kept.dtype != bool:
            raise StudyTableError(f"where() needs {self.k} truth values, one a study.")
        return self._take(np.flatnonzero(kept))

    def sort(self, by: str = "y", *, descending: bool = False) -> Self:
        """In the order of `by`: "study", "y", "se" or a column of `data`. Ties keep their order."""
        frame = self.to_frame()
        if by not in frame:
            raise StudyTableError(f"There is no column {by!r} to sort by. Have {list(frame)}.")
        order = frame[by].sort_values(kind="stable", ascending=not descending).index
        return self._take(np.asarray(order))

    def row(self, study: str) -> int:
        """The row (from 0) of a study, found by its name."""
        found = np.flatnonzero(self.study == study)
        if not found.size:
            raise StudyTableError(f"There is no study {study!r}. {self._known()}")
        return int(found[0])

    def to_frame(self) -> pd.DataFrame:
        """Columns `study, y, se` and those of `data`."""
        import pandas as pd

        own = pd.DataFrame({"study": self.study.astype(object), "y": self.y, "se": self.se})
        data = self.data
        return pd.concat([own, data[[c for c in data if c not in own]]], axis=1)

    def __len__(self) -> int:
        return self.k

    def __str__(self) -> str:
        studies = "1 study" if self.k == 1 else f"{self.k} studies"
        return (
            f"{studies}, {self.measure} in {self.unit}, {self.better} is better ({self.formulas})"
        )

    def __repr__(self) -> str:
        return f"<Effects: {self}>"

    def _take(self, rows: npt.NDArray[np.intp]) -> Self:
        if not rows.size:
            raise StudyTableError("No study would be left.")
        V = None if self.V is None else self.V[np.ix_(rows, rows)]
        kept = {"study": self.study[rows], "y": self.y[rows], "se": self.se[rows], "V": V}
        data = None if self._data is None else self._data.iloc[rows]
        return replace(self, _data=data, **kept)  # type: ignore[arg-type]

    def _known(self) -> str:
        return f"There are: {_listed(self.study)}."


_DROP = 'Correct it, or leave the study out: table[table["study"] != "…"].'


def _listed(names: Iterable[str], most: int = 12) -> str:
    shown = list(names)
    return ", ".join(map(str, shown[:most])) + (" …" if len(shown) > most else "")


def _covariance(V: npt.ArrayLike, se: Array) -> Array:
    matrix = checks.read_only(V)
    if matrix.shape != (se.size, se.size) or not np.allclose(matrix, matrix.T, rtol=1e-12, atol=0):
        raise StudyTableError(f"V must be a symmetric {se.size} x {se.size} matrix.")
    if not np.allclose(np.diag(matrix), se**2, rtol=1e-9, atol=0):
        raise StudyTableError("The diagonal of V must be se². Pass the same standard errors.")
    if np.linalg.eigvalsh(matrix)[0] <= 0:
        raise StudyTableError("V is not positive definite: look at the shared-arm covariances.")
    return matrix
