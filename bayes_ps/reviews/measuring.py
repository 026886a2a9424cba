"""The measure of an analysis: as the file states it, or as its rows' printed effects tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from bayes_ps.checks import Array, StudyTableError
from bayes_ps.effects import MEASURES, Direction, Effects, effect_sizes

CANDIDATES = {
    "continuous": ("MD", "SMD"),
    "dichotomous": ("RR", "OR", "RD", "PETO"),
    "O-E and variance": ("PETO", "HR"),
    "inverse variance": ("GEN", "log GEN"),
}
"""Measures that a kind of data may be shown as; "log GEN" is a ratio that the file names not."""
PRINTED = ["published", "published_low", "published_high"]
TOLERANCE, LEAST = 1e-4, 1e-2  # relative, to a printed number of at least this size
Z = float(ndtri(0.975))


@dataclass(frozen=True, eq=False)
class Measured:
    """Effects of rows by one measure, and which rows print the same.

    Attributes
    ----------
    measure : code; `ratio` : whether y is the log of what is printed.
    effects : of the rows that have an effect; `rows` (m,) says which of the analysis they are.
    ours : (m, 3) effect and 95 % interval on the printed scale.
    off : (m,) largest difference from the printed three, relative; NaN where none are printed.
    """

    measure: str
    ratio: bool
    effects: Effects
    rows: npt.NDArray[np.intp]
    ours: Array
    off: Array

    @property
    def agrees(self) -> npt.NDArray[np.bool_]:
        """(m,) whether the row prints what we compute."""
        return np.asarray(self.off < TOLERANCE)


def measured(
    rows: pd.DataFrame, *, better: Direction, unit: str, measure: str | None = None
) -> Measured:
    """The effects of an analysis by the `measure` given, that of the file, or the best fitting."""
    kind = str(rows["data_type"].iloc[0])
    stated = str(rows["measure"].iloc[0]) if "measure" in rows else ""
    if measure is not None:
        return _by(rows, measure, better=better, unit=unit)
    codes = CANDIDATES[kind] if stated in ("", "GEN") else (stated,)
    found = [_by(rows, code, better=better, unit=unit) for code in codes]
    return max(found, key=lambda each: (int(each.agrees.sum()), -np.nansum(each.off)))


def _by(rows: pd.DataFrame, measure: str, *, better: Direction, unit: str) -> Measured:
    shown = rows["published"].notna().to_numpy()
    table = rows[shown] if shown.any() else rows  # what a review shows no effect of has none
    code = measure.removeprefix("log ")
    kind = MEASURES.get(code)
    own = unit if kind is None or kind.unit is None else kind.unit
    ratio = measure.startswith("log ") or (kind is not None and kind.ratio)
    effects = effect_sizes(
        table,
        measure=code,
        better=better,
        unit=f"log {own}" if measure.startswith("log ") else (None if ratio else own),
        variance="RevMan" if kind is not None and "RevMan" in kind.variances else "LS",
        correction="revman" if kind is not None and kind.corrected else "metafor",
        double_zero="drop",
    )
    kept = np.flatnonzero(np.isin(rows["study"].to_numpy(dtype=str), effects.study))
    y = effects.y[:, None] + effects.se[:, None] * [0, -Z, Z]
    ours = np.exp(y) if ratio else y
    printed = rows[PRINTED].to_numpy(dtype=float)[kept]
    off = (np.abs(ours - printed) / np.maximum(np.abs(printed), LEAST)).max(axis=1)
    return Measured(measure, ratio, effects, kept, ours, off)


def named_apart(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with study names that are all different: a trial may stand in several subgroups."""
    rows = rows.copy()
    names = rows["study"].astype(str).to_numpy(dtype=object)
    if "subgroup" in rows:
        twice = pd.Series(names).duplicated(keep=False).to_numpy()
        labels = rows["subgroup"].fillna("").astype(str).to_numpy(dtype=object)
        apart = np.array([f"{n} [{s}]" if s else n for n, s in zip(names, labels, strict=True)])
        names = np.where(twice, apart, names)
    seen: dict[str, int] = {}
    for i, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            names[i] = f"{name} ({seen[name]})"
    rows["study"] = names
    return rows


def refuse_mixed(rows: pd.DataFrame, number: str) -> None:
    """Raise if an analysis holds data of several kinds."""
    kinds = rows["data_type"].unique()
    if len(kinds) > 1:
        raise StudyTableError(
            f"Analysis {number} holds {', '.join(kinds)} data, which no one measure can pool. "
            f'Take the rows of one kind: studies[studies["data_type"] == {kinds[0]!r}].'
        )
