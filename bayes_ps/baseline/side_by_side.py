"""`baseline_table`: the four results that a reviewer looks for, one below the other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from bayes_ps.baseline.interval import Interval
from bayes_ps.baseline.pooling import baseline
from bayes_ps.baseline.results import Baseline
from bayes_ps.effects import Effects

COLUMNS = ["result", "value", "lower", "upper", "statistic", "df", "p", "method"]
NONE = math.nan


@dataclass(frozen=True, eq=False, repr=False)
class BaselineTable:
    """Common effect, DL/Wald, REML/Wald and REML/HKSJ; made by :func:`baseline_table`.

    Parameters
    ----------
    common : the common-effect result, Wald.
    random : random effects by DL/Wald, REML/Wald and REML/HKSJ; empty with one study.
    """

    common: Baseline
    random: tuple[Baseline, ...]

    def to_frame(self) -> pd.DataFrame:
        """A row a result; the method in full, with its source.

        Columns `result, value, lower, upper, statistic, df, p, method`. NaN says that a cell does
        not apply, or that an interval does not exist.
        """
        rows = [_mean_row(each) for each in (self.common, *self.random)]
        if self.random:
            rows += [*self._tau2_rows(), *self._disagreement_rows(), *self._prediction_rows()]
        return pd.DataFrame(rows, columns=COLUMNS)

    def _tau2_rows(self) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = []
        for each in self.random[:2]:
            method = each.methods[0]
            interval = each.tau2_interval
            root = interval and (math.sqrt(interval.lower), math.sqrt(interval.upper))
            how = method + (f"; interval: {interval.method}" if interval else "")
            rows.append(_row(f"tau2, {each.estimator}", each.tau2, interval, how))
            rows.append(_row(f"tau, {each.estimator}", each.tau, root, how))
        return rows

    def _disagreement_rows(self) -> list[tuple[object, ...]]:
        common, reml = self.common, self.random[-1]
        q = "Cochran's Q around the inverse-variance common effect"
        return [
            ("Q", common.q, NONE, NONE, NONE, float(common.q_df), common.q_p, q),
            _row("I2, from Q", common.i2, common.i2_interval, "(Q - df)/Q, in per cent"),
            _row("H2, from Q", common.h2, common.h2_interval, "Q/df"),
            _row("I2, REML", reml.i2, reml.i2_interval, "tau2/(tau2 + typical variance), per cent"),
            _row("H2, REML", reml.h2, reml.h2_interval, "1 + tau2/typical variance"),
        ]

    def _prediction_rows(self) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = []
        for each in self.random:
            new = each.prediction
            name = f"prediction, {each.estimator}/{SHORT[each.ci]}"
            method = new.method if new else "does not exist for so few studies"
            ends = tuple(new) if new else (NONE, NONE)
            rows.append((name, each.mu, *ends, NONE, new.df if new else NONE, NONE, method))
        return rows

    def __str__(self) -> str:
        common = self.common
        studies = "1 study" if common.k == 1 else f"{common.k} studies"
        said = [
            f"{studies}, {common.measure} in {common.unit}, {100 * common.level:g}% intervals: "
            f"{_short(common)}",
            *(_short(each) for each in self.random),
        ]
        if self.random:
            dl, reml, last = self.random
            said.append(f"tau² {dl.tau2:.4g} (DL), {reml.tau2:.4g} (REML)")
            said.append(
                f"Q {common.q:.4g} on {common.q_df} df (P = {common.q_p:.2g}), I² {common.i2:.0f}%"
            )
            if last.prediction:
                low, high = last.prediction
                said.append(f"prediction interval (REML/HKSJ) {low:.4g} to {high:.4g}")
        return "; ".join(said) + "."

    def __repr__(self) -> str:
        return f"<BaselineTable: {self}>"


def baseline_table(
    effects: Effects, *, level: float = 0.95, prediction: str = "HTS"
) -> BaselineTable:
    """The results to tick against RevMan, metafor or a published review, of independent `effects`.

    Parameters
    ----------
    effects : k independent studies; with one study there is the common effect only.
    level : of every interval.
    prediction : ``"HTS"``, ``"k-1"`` or ``"z"``, as in :func:`bayes_ps.baseline`.

    Returns
    -------
    BaselineTable
        Prints as one sentence; ``to_frame()`` has a row a result.

    Raises
    ------
    ModelError
        As :func:`bayes_ps.baseline`.

    Notes
    -----
    For odds ratios, risk ratios and risk differences RevMan 5 pools a common effect by
    Mantel-Haenszel unless told "IV", and takes Q and DL's tau² around that estimate.
    Test: ``tests/unit/test_baseline_table.py``; each number is that of :func:`bayes_ps.baseline`.
    """
    common = baseline(effects, "FE", "wald", level=level, prediction=prediction)
    if effects.k == 1:
        return BaselineTable(common, ())
    wanted = (("DL", "wald"), ("REML", "wald"), ("REML", "hksj"))
    random = (baseline(effects, *each, level=level, prediction=prediction) for each in wanted)
    return BaselineTable(common, tuple(random))


SHORT = {"wald": "Wald", "hksj": "HKSJ"}


def _name(found: Baseline) -> str:
    if not found.random:
        return "common effect"
    return f"random effects, {found.estimator}/{SHORT[found.ci]}"


def _mean_row(found: Baseline) -> tuple[object, ...]:
    test = found.statistic, found.df, found.p
    methods = "; ".join(found.methods[:2])
    return _name(found), found.mu, found.lower, found.upper, *test, methods


def _short(found: Baseline) -> str:
    name = f"{found.estimator}/{SHORT[found.ci]}" if found.random else "common effect"
    return f"{name} {found.mu:.4g} ({found.lower:.4g} to {found.upper:.4g})"


def _row(
    name: str, value: float, interval: Interval | tuple[float, float] | None, method: str
) -> tuple[object, ...]:
    low, high = interval or (NONE, NONE)
    return name, value, low, high, NONE, NONE, NONE, method
