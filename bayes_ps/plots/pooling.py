"""What the figures of a baseline say alike: how it was pooled, how far studies disagree."""

from __future__ import annotations

import math

from bayes_ps import words
from bayes_ps.baseline import Baseline
from bayes_ps.plots import lettering


def pooled_by(baseline: Baseline) -> str:
    """As in ``Random effects by inverse variance (restricted maximum likelihood, doi:…).``"""
    if not baseline.random:
        return "Common effect by inverse variance."
    return f"Random effects by inverse variance ({baseline.estimator}: {baseline.methods[0]})."


def interval_of_mean(baseline: Baseline) -> str:
    """Which confidence interval."""
    return f"confidence interval ({baseline.methods[1]})"


def heterogeneity(baseline: Baseline) -> str:
    """tau² with its interval, I² and Q; nothing for one study."""
    if baseline.k == 1:
        return ""
    said = f"Q {baseline.q:.4g} on {baseline.q_df} df ({p_value(baseline.q_p)}), "
    said += f"I² {baseline.i2:.0f}%"
    if baseline.tau2_interval is None or not baseline.random:
        return f"Heterogeneity: {said}."
    low, high = baseline.tau2_interval
    how = baseline.tau2_interval.method.split(" (")[0]
    interval = f"{100 * baseline.level:g}% {how} {low:.3g} to {high:.3g}"
    return f"Heterogeneity: tau² {baseline.tau2:.3g} ({interval}), {said}."


def overall(baseline: Baseline) -> str:
    """The test of no effect."""
    if baseline.df is None:
        return f"No effect: {p_value(baseline.p)}."
    statistic = f"{baseline.statistic:.2f}".replace("-", lettering.MINUS)
    if math.isinf(baseline.df):
        return f"No effect: z = {statistic}, {p_value(baseline.p)}."
    return f"No effect: t = {statistic} on {baseline.df:.4g} df, {p_value(baseline.p)}."


def p_value(p: float) -> str:
    """As in ``P = 0.021`` or ``P < 0.001``, which does not break."""
    text = words.probability(p)
    return (f"P {text}" if text[0] in "<>" else f"P = {text}").replace(" ", "\N{NO-BREAK SPACE}")
