"""A baseline result as a sentence and as a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from bayes_ps.baseline.estimators import TAU2
from bayes_ps.baseline.interval import Interval
from bayes_ps.baseline.mean_intervals import CI
from bayes_ps.baseline.tau2_intervals import TAU2_CI

if TYPE_CHECKING:
    from bayes_ps.baseline.results import Baseline

COLUMNS = ["quantity", "value", "lower", "upper", "df", "p", "method"]
NONE = math.nan
Row = tuple[object, ...]


def sentence_of(found: Baseline) -> str:
    """The result in one sentence."""
    level = f"{100 * found.level:g}%"
    studies = "1 study" if found.k == 1 else f"{found.k} studies"
    model = "Random effects" if found.random else "Common effect"
    said = (
        f"{model} ({found.estimator}), {studies}: {found.measure} {found.mu:.4g} in {found.unit} "
        f"({level} CI {found.lower:.4g} to {found.upper:.4g}; {found.ci}{_quantiles(found.df)})"
    )
    if found.random and found.tau2_interval:
        low, high = found.tau2_interval
        how = TAU2_CI[found.choices.tau2_ci].name
        said += f"; tau² {found.tau2:.4g} ({level} {how} {low:.4g} to {high:.4g})"
    if found.k > 1:
        said += f"; Q {found.q:.4g} on {found.q_df} df (P = {found.q_p:.2g}), I² {found.i2:.0f}%"
    if found.prediction is not None:
        low, high = found.prediction
        how = _quantiles(found.prediction.df).removeprefix(", ") or "bootstrap"
        said += f"; {level} prediction interval {low:.4g} to {high:.4g} ({how})"
    return said + "."


def frame_of(found: Baseline) -> pd.DataFrame:
    """The result as a table, a row a quantity."""
    rows = [*_of_mean(found), *_of_heterogeneity(found)]
    new = found.prediction
    if new is not None:
        df = NONE if new.df is None else new.df
        rows.append(("prediction", found.mu, *new, df, NONE, new.method))
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_mean(found: Baseline) -> list[Row]:
    how = str(CI[found.ci])
    df = NONE if found.df is None else float(found.df)
    statistic = "z" if math.isinf(df) else "t" if found.df is not None else "mu/se"
    return [
        ("mu", found.mu, found.lower, found.upper, df, NONE, how),
        ("se", found.se, NONE, NONE, NONE, NONE, how),
        (statistic, found.statistic, NONE, NONE, df, found.p, how),
    ]


def _of_heterogeneity(found: Baseline) -> list[Row]:
    estimator, interval = str(TAU2[found.estimator]), found.tau2_interval
    between = estimator + (f"; interval: {interval.method}" if interval else "")
    low, high = interval or (NONE, NONE)
    error = NONE if found.tau2_se is None else found.tau2_se
    how = "from tau2" if found.random else "from Q"
    return [
        ("tau2", found.tau2, low, high, NONE, NONE, between),
        ("se(tau2)", error, NONE, NONE, NONE, NONE, estimator),
        ("tau", found.tau, math.sqrt(low), math.sqrt(high), NONE, NONE, between),
        ("Q", found.q, NONE, NONE, float(found.q_df), found.q_p, "Cochran's Q"),
        _row("I2", found.i2, found.i2_interval, how),
        _row("I2 from Q", found.i2_from_q, found.i2_from_q_interval, "from Q"),
        _row("H2", found.h2, found.h2_interval, how),
    ]


def _row(name: str, value: float, interval: Interval | None, method: str) -> Row:
    low, high = interval or (NONE, NONE)
    how = f"{method}; interval: {interval.method}" if interval else method
    return name, value, low, high, NONE, NONE, how


def _quantiles(df: float | None) -> str:
    if df is None:
        return ""
    return ", normal" if math.isinf(df) else f", t with {df:.4g} df"
