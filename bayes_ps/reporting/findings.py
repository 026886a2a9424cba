"""`summary_of_findings`: one row an outcome, as a panel reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from bayes_ps.baseline import Baseline, PooledCounts, baseline
from bayes_ps.checks import BayesPSError
from bayes_ps.decision import MCID, Probabilities, absolute_risk, decide
from bayes_ps.posterior import Fit
from bayes_ps.reporting.certainty import CertaintyInputs, certainty_inputs, fixed_mcid
from bayes_ps.reporting.placing import checked_place, place_file


class OutcomeRow(NamedTuple):
    """What a row is made of; a plain tuple in this order will do.

    outcome : its name.
    fit, mcid : of one mean effect, and in its unit.
    baseline : for I² and the confidence interval; None computes REML with HKSJ where it can.
    baseline_risk : risk without the treatment, for the absolute effect of a ratio, as
        :func:`bayes_ps.absolute_risk` takes it: inside (0, 1), a list of such, or a distribution.
    n : participants; None sums the sizes of the arms if the effects carry them.
    """

    outcome: str
    fit: Fit
    mcid: MCID
    baseline: Baseline | PooledCounts | None = None
    baseline_risk: Any = None
    n: int | None = None


@dataclass(frozen=True)
class Finding:
    """One outcome.

    Attributes
    ----------
    outcome, fit, mcid, baseline_risk, n : as given; n None is "not known".
    mean : probabilities of the mean effect, with its median and 95% interval.
    new : of the effect in one new setting.
    absolute : median, lower, upper of the events more (> 0) or fewer per 1000; None without a risk.
    certainty : inputs for GRADE.
    notes : what must travel with the row.
    """

    outcome: str
    fit: Fit
    mcid: MCID
    baseline_risk: Any
    n: int | None
    mean: Probabilities
    new: Probabilities
    absolute: tuple[float, float, float] | None
    certainty: CertaintyInputs
    notes: tuple[str, ...]

    @property
    def mcse(self) -> float:
        """The largest Monte Carlo standard error of the probabilities; 0 if exact."""
        return max(self.mean.mcse_mcid, self.mean.mcse_trivial, self.mean.mcse_harm)


@dataclass(frozen=True)
class SummaryOfFindings:
    """A summary-of-findings table; made by :func:`summary_of_findings`.

    Attributes
    ----------
    findings : one an outcome.
    """

    findings: tuple[Finding, ...]

    def to_frame(self) -> pd.DataFrame:
        """A row an outcome, numbers as numbers; effects on the scale of the analysis (log ratios).

        `relative_*` are ratios; `absolute_*` events per 1000, or the effect itself for differences.
        """
        from bayes_ps.reporting.findings_columns import columns_of

        return pd.DataFrame([columns_of(each) for each in self.findings])

    def to_csv(self, path: str | Path | None = None, *, force: bool = False) -> str:
        """`to_frame` as CSV, in which no cell of text is a formula; written if a path is given."""
        from bayes_ps.reporting.cells import csv_text

        frame = self.to_frame()
        text = csv_text([*frame], frame.astype(object).itertuples(index=False, name=None))
        return self._written(text, path, force=force)

    def to_html(self, path: str | Path | None = None, *, force: bool = False) -> str:
        """A `<figure>`, to go into a page; with a path a page of its own, which is written."""
        from bayes_ps.reporting.findings_exports import as_html, as_page

        return as_html(self) if path is None else self._written(as_page(self), path, force=force)

    def to_latex(self, path: str | Path | None = None, *, force: bool = False) -> str:
        """A table environment (packages booktabs, tabularx); written if a path is given."""
        from bayes_ps.reporting.findings_exports import as_latex

        return self._written(as_latex(self), path, force=force)

    def to_word(self, path: str | Path, *, force: bool = False) -> Path:
        """A Word document with the table and its notes."""
        from bayes_ps.reporting.findings_exports import as_word

        checked_place(path, force=force)
        return place_file(path, as_word(self), force=force)

    def __str__(self) -> str:
        from bayes_ps.reporting.findings_columns import sentence

        return "\n".join(sentence(each) for each in self.findings)

    def _written(self, text: str, path: str | Path | None, *, force: bool) -> str:
        if path is not None:
            place_file(path, text.encode(), force=force)
        return text


def summary_of_findings(
    rows: Sequence[OutcomeRow | tuple[object, ...]],
) -> SummaryOfFindings:
    """A summary-of-findings table: how large the effects are, and how probable one that matters is.

    Parameters
    ----------
    rows : `OutcomeRow`s, or tuples ``(outcome, fit, mcid, baseline, baseline_risk, n)`` of which
        the last three may be left out.

    Returns
    -------
    SummaryOfFindings
        ``to_frame()``, ``to_html()``, ``to_latex()``, ``to_csv()``, ``to_word(path)``.

    Raises
    ------
    BayesPSError
        For no row, an outcome without a name or named twice, an impossible number of participants.
    UnitError
        If an MCID or a baseline risk does not fit the effects.

    Notes
    -----
    The probabilities are of the mean effect over settings, as :func:`bayes_ps.decide` gives them.
    What is said of certainty is a suggestion by GRADE's rule, which is shown: the panel decides.
    Tests: ``tests/unit/test_summary_of_findings.py``.
    """
    given = [_row(row) for row in rows]
    events: dict[tuple[int, int], tuple[float, float, float] | None] = {}
    for row in given:  # several MCIDs of one outcome share them
        key = id(row.fit), id(row.baseline_risk)
        events[key] = events.get(key) or _absolute(row)
    made = tuple(_finding(row, events[id(row.fit), id(row.baseline_risk)]) for row in given)
    names = [each.outcome for each in made]
    if not made or len(set(names)) < len(names):
        raise BayesPSError("A summary of findings needs outcomes, one at least and none twice.")
    return SummaryOfFindings(made)


def _row(given: OutcomeRow | tuple[object, ...]) -> OutcomeRow:
    try:
        row = OutcomeRow(*given)
    except TypeError:
        row = OutcomeRow("", None, None)  # type: ignore[arg-type]
    if not (isinstance(row.outcome, str) and row.outcome.strip() and isinstance(row.fit, Fit)):
        raise BayesPSError(
            f"A row is (outcome, fit, mcid, baseline, baseline_risk, n), the last three optional, "
            f"but is {given!r}."
        )
    if row.n is not None and (row.n != row.n or row.n < row.fit.k):
        raise BayesPSError(
            f'"{row.outcome}": n is the number of participants, but is {row.n!r} in '
            f"{row.fit.k} studies."
        )
    return row


def _finding(row: OutcomeRow, absolute: tuple[float, float, float] | None) -> Finding:
    fit, decision = row.fit, decide(row.fit, row.mcid)
    pooled = row.baseline if row.baseline is not None else baseline_of(fit)
    notes = list(decision.notes)
    if not row.mcid.certain:
        notes.append(f"Inputs for certainty are read off {fixed_mcid(row.mcid)}.")
    if fit.effects.is_ratio and absolute is None:
        notes.append("No absolute effect: it takes baseline_risk, the risk without the treatment.")
    return Finding(
        outcome=row.outcome.strip(),
        fit=fit,
        mcid=row.mcid,
        baseline_risk=row.baseline_risk,
        n=participants(fit) if row.n is None else int(row.n),
        mean=decision.mean,
        new=decision.new,
        absolute=absolute,
        certainty=certainty_inputs(fit, row.mcid, pooled),
        notes=tuple(notes),
    )


def _absolute(row: OutcomeRow) -> tuple[float, float, float] | None:
    """Events more or fewer per 1000."""
    if row.baseline_risk is not None:
        found = absolute_risk(row.fit, row.baseline_risk).difference[0]
        return found.median, found.lower, found.upper
    if row.fit.effects.measure != "RD":
        return None
    average = row.fit.average()
    low, high = average.interval()
    return 1000 * average.median, 1000 * low, 1000 * high


def baseline_of(fit: Fit) -> Baseline | None:
    """REML with Hartung-Knapp's interval, where studies are independent and more than one."""
    simple = fit.k > 1 and fit.effects.V is None and bool(fit.studies)
    return baseline(fit.effects) if simple else None


def participants(fit: Fit) -> int | None:
    """The sum of the sizes of the arms, if every study has them."""
    if not {"n_t", "n_c"} <= set(fit.effects.columns):
        return None
    sizes = fit.effects.data[["n_t", "n_c"]].apply(pd.to_numeric, errors="coerce").to_numpy(float)
    return round(float(sizes.sum())) if np.isfinite(sizes).all() else None
