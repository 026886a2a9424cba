"""`analysis`: one analysis of a review as effects, with what it prints beside what we compute."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bayes_ps.baseline import Baseline, PooledCounts
from bayes_ps.checks import StudyTableError
from bayes_ps.effects import Direction, Effects
from bayes_ps.reviews.measuring import PRINTED, Measured, measured, named_apart, refuse_mixed
from bayes_ps.reviews.weighing import Scheme, Weighed, pooled, weighed

MODELS = {"FE": "common effect", "DL": "random effects (DerSimonian-Laird)"}
POOLING = {"IV": "inverse variance", "MH": "Mantel-Haenszel", "PETO": "Peto"}


@dataclass(frozen=True, eq=False, repr=False)
class Analysis:
    """One analysis of a review.

    Attributes
    ----------
    number, outcome : as in the review, "1.2" and its title.
    measure : metafor's code; "GEN" where the file gives estimates and not what they measure,
        "log GEN" where they are logs of printed ratios.
    stated : whether the file states the measure; otherwise it is the one that gives the printed
        effects.
    scheme, within : how the rows are pooled, and over what the weights add up to 100 ("subgroup" or
        "overall"); None and "" where no weights are printed.
    effects : of the rows that have an effect, with all columns of the file.
    table : a row a row of the file: `study, subgroup`, what is printed, what we compute (``our_``),
        the largest relative difference of effect and interval (``off``), and both weights.
    """

    number: str
    outcome: str
    measure: str
    stated: bool
    scheme: Scheme | None
    within: str
    effects: Effects
    table: pd.DataFrame

    @property
    def silent(self) -> tuple[str, ...]:
        """Rows without an effect: no event in either arm, or nothing entered."""
        return tuple(self.table.loc[self.table["our_effect"].isna(), "study"])

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know before all rows are pooled."""
        if self.within != "subgroup":
            return ()
        label = self.table["subgroup"].iloc[0]
        return (
            "The review totals each subgroup and not the whole, perhaps because the same people "
            "stand in several. To take one: analysis.effects.where((analysis.effects.data"
            f'["subgroup"] == {label!r}).to_numpy()).',
        )

    def pooled(self) -> Baseline | PooledCounts:
        """All rows by the review's method, see `notes`; Wald interval, as RevMan 5."""
        if self.scheme is None:
            raise StudyTableError(
                f"Analysis {self.number} prints no weights, so how it pools is not known. "
                f"Use bps.baseline(analysis.effects)."
            )
        return _pooled(self.effects, self.scheme, self.measure)

    def subgroups(self) -> pd.DataFrame:
        """A row a subgroup by the review's method: `subgroup, k, mu, lower, upper, tau2, i2`."""
        data = self.effects.data
        labels = data["subgroup"].fillna("").astype(str) if "subgroup" in data else [""]
        scheme = self.scheme or Scheme("IV", "DL")
        found = []
        for label in pd.unique(np.asarray(labels, dtype=object)):
            here = np.asarray(labels == label) if "subgroup" in data else np.ones(len(data), bool)
            p = _pooled(self.effects.where(here), scheme, self.measure)
            found.append((label, p.k, p.mu, p.lower, p.upper, p.tau2, p.i2))
        columns = ["subgroup", "k", "mu", "lower", "upper", "tau2", "i2"]
        return pd.DataFrame(found, columns=columns)

    def to_frame(self) -> pd.DataFrame:
        """A copy of `table`."""
        return self.table.copy()

    def __str__(self) -> str:
        off = self.table["off"]
        same, shown = int((off < 1e-4).sum()), int(off.notna().sum())
        how = "as the file states" if self.stated else "told from the printed effects"
        said = [
            f"Analysis {self.number}, {self.outcome}: {self.effects}.",
            f"Measure {self.measure} ({how}): {same} of {shown} printed effects with their "
            f"intervals are the same to 1e-4.",
        ]
        if self.scheme is not None:
            weights = self.table[["weight", "our_weight"]].dropna()
            gap = (weights["weight"] - weights["our_weight"]).abs()
            near = int((gap < 1e-3 * weights["weight"].clip(lower=1e-3)).sum())
            model = MODELS.get(self.scheme.tau2, f"random effects ({self.scheme.tau2})")
            said.append(
                f"Pooled by {POOLING[self.scheme.pooling]}, {model}, weights within "
                f"{'each subgroup' if self.within == 'subgroup' else 'the whole'}: "
                f"{near} of {len(weights)} weights are the same to 1e-3."
            )
        if self.silent:
            said.append(f"Without an effect: {', '.join(self.silent)}.")
        return "\n".join([" ".join(said), *(f"Note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        return f"<Analysis {self.number}: {self.measure}, k = {self.effects.k}>"


def analyses(studies: pd.DataFrame) -> pd.DataFrame:
    """The analyses of a review: `analysis, outcome, rows, subgroups, data_type, measure`.

    Parameters
    ----------
    studies : from :func:`bayes_ps.read_cochrane` or :func:`bayes_ps.read_rm5`.
    """
    by = _need(studies).groupby("analysis", sort=False)
    table = by.agg(
        outcome=("outcome", "first"),
        rows=("study", "size"),
        data_type=("data_type", "first"),
        measure=("measure", "first"),
    )
    if "subgroup" in studies:
        table.insert(2, "subgroups", by["subgroup"].nunique())
    return table.reset_index()


def analysis(
    studies: pd.DataFrame,
    number: str,
    *,
    better: Direction,
    unit: str = "units of the outcome",
    measure: str | None = None,
) -> Analysis:
    """One analysis of a review, as effects and beside what the review prints.

    Parameters
    ----------
    studies : from :func:`bayes_ps.read_cochrane` or :func:`bayes_ps.read_rm5`.
    number : of the analysis, as in ``"1.2"``.
    better : ``"lower"`` or ``"higher"``: which direction of the outcome helps patients; the files
        do not say.
    unit : of the outcome, for differences of means; other measures have their own.
    measure : code, if neither the file states it nor the printed effects should tell.

    Returns
    -------
    Analysis
        ``analysis.effects`` for `bps.fit`, ``analysis.pooled()`` for the review's own result.

    Raises
    ------
    StudyTableError
        If there is no such analysis, or it has no effect.

    Notes
    -----
    RevMan's formulas: Deeks & Higgins, Statistical algorithms in Review Manager 5, 2010. Held
    against every row of ten reviews: ``tests/golden/test_cochrane_reviews.py``.
    """
    table = _need(studies)
    rows = named_apart(table[table["analysis"].astype(str) == str(number)].reset_index(drop=True))
    if not len(rows):
        have = ", ".join(table["analysis"].astype(str).unique())
        raise StudyTableError(f"There is no analysis {number!r}. Have: {have}.")
    refuse_mixed(rows, number)
    if measure is None and rows["published"].isna().all():
        raise StudyTableError(
            f"Analysis {number} shows no effect in any of its {len(rows)} rows: nothing can be "
            f'pooled. To compute effects all the same say which, as in measure="RD".'
        )
    found = measured(rows, better=better, unit=unit, measure=measure)
    shown = rows.iloc[found.rows].reset_index(drop=True)
    how = weighed(found.effects, shown, found.measure) if "weight" in shown else None
    stated = bool(rows["measure_stated"].iloc[0]) if "measure_stated" in rows else False
    return Analysis(
        number=str(number),
        outcome=str(rows["outcome"].iloc[0]),
        measure=found.measure,
        stated=stated and measure is None,
        scheme=None if how is None else how.scheme,
        within="" if how is None else how.within,
        effects=found.effects,
        table=_beside(rows, found, how),
    )


def _beside(rows: pd.DataFrame, found: Measured, how: Weighed | None) -> pd.DataFrame:
    """What is printed of each row, and what we compute."""
    kept = [c for c in ("study", "subgroup", *PRINTED, "weight") if c in rows]
    table = rows[kept].copy()
    computed = np.full((len(rows), 5), np.nan)
    computed[found.rows, :3], computed[found.rows, 3] = found.ours, found.off
    if how is not None:
        computed[found.rows, 4] = how.weights
    return table.assign(
        **dict(
            zip(("our_effect", "our_low", "our_high", "off", "our_weight"), computed.T, strict=True)
        )
    )


def _pooled(effects: Effects, scheme: Scheme, measure: str) -> Baseline | PooledCounts:
    rows = effects.data.assign(study=effects.study)
    return pooled(effects, rows, scheme, measure)


def _need(studies: pd.DataFrame) -> pd.DataFrame:
    missing = {"analysis", "outcome", "study", "data_type", "measure", *PRINTED} - set(studies)
    if missing:
        raise StudyTableError(
            f"The table has no column {sorted(missing)[0]!r}, so it is not of a Cochrane review. "
            f"Read it by bps.read_cochrane(path) or bps.read_rm5(path)."
        )
    return studies
