"""The rows of a forest plot as numbers: what was reported, and what the model makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Literal, NamedTuple

from bayes_ps.baseline import Baseline
from bayes_ps.plots.forest.blocks import Block, blocks_of
from bayes_ps.plots.forest.threshold import Threshold
from bayes_ps.posterior import Fit, Marginal, study_weights

Kind = Literal["heading", "study", "pool", "mean", "new", "baseline", "tau"]
STUDIES = ("study", "pool")
"""Kinds of rows that show what was reported."""


class Span(NamedTuple):
    """An estimate and its interval."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class Row:
    """A row of the plot.

    Attributes
    ----------
    kind : what it shows.
    name : as printed.
    reported : the estimate of the study, or of the baseline, with its confidence interval.
    weight : of the study in the mean effect, in per cent.
    posterior : median and central credible interval.
    p : P(benefit of at least the MCID).
    marginal : whose density is drawn above the row; None for no density.
    """

    kind: Kind
    name: str
    reported: Span | None = None
    weight: float | None = None
    posterior: Span | None = None
    p: float | None = None
    marginal: Marginal | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Asked:
    """What is asked of every marginal: its interval at `level`, and its mass beyond the MCID.

    `densities` says whether the density of each study is drawn too.
    """

    level: float
    threshold: Threshold | None
    densities: bool = False

    def of(self, m: Marginal) -> Span:
        """Median and central interval."""
        return Span(m.median, *m.interval(self.level))

    def beyond(self, m: Marginal) -> float | None:
        """P(benefit of at least the MCID)."""
        return None if self.threshold is None else self.threshold.p(m)


def forest_rows(fit: Fit, baseline: Baseline | None, asked: Asked) -> tuple[Row, ...]:
    """Studies with the mean effect and a new setting below them, block by block; then the rest."""
    rows: list[Row] = []
    for block in blocks_of(fit):
        if block.name is not None:
            rows.append(Row("heading", block.name))
        rows += _studies(fit, block, asked)
        rows += _pooled(fit, block, asked) if block.pooled else ()
    if fit.has_tau:
        learnt = "" if fit.studies else ", from its prior"
        tau = asked.of(fit.marginal("tau"))
        rows.append(Row("tau", f"Between-study SD\N{NO-BREAK SPACE}(tau){learnt}", posterior=tau))
    if baseline is not None:
        name = f"Frequentist ({baseline.estimator},\N{NO-BREAK SPACE}{baseline.ci})"
        found = Span(baseline.mu, baseline.lower, baseline.upper)
        rows.append(Row("baseline", name, reported=found))
    return tuple(rows)


def shrinks(fit: Fit) -> bool:
    """Whether the studies have true effects of their own that the model estimates."""
    if fit.hierarchy is None:
        return "theta" in fit.dt["posterior"]
    return fit.has_tau and bool(fit.studies)


def weighs(fit: Fit) -> bool:
    """Whether the mean effect is a weighted mean of several studies."""
    return fit.hierarchy is not None and "mu" in fit.unknowns and fit.k > 1


def _studies(fit: Fit, block: Block, asked: Asked) -> Iterator[Row]:
    effects, reach = fit.effects, NormalDist().inv_cdf((1 + asked.level) / 2)
    weights = study_weights(fit) if weighs(fit) else None
    shrunken = shrinks(fit)
    for row in block.studies:
        name, y, se = str(effects.study[row]), float(effects.y[row]), float(effects.se[row])
        theta = fit.study(name) if shrunken else None
        yield Row(
            "study" if fit.studies else "pool",
            name,
            reported=Span(y, y - reach * se, y + reach * se),
            weight=None if weights is None else float(weights[row]),
            posterior=None if theta is None else asked.of(theta),
            p=None if theta is None else asked.beyond(theta),
            marginal=theta if asked.densities else None,
        )


def _pooled(fit: Fit, block: Block, asked: Asked) -> Iterator[Row]:
    mean = fit.average(block.at)
    yield Row("mean", "Mean effect", posterior=asked.of(mean), p=asked.beyond(mean), marginal=mean)
    if fit.has_tau:
        new = fit.predictive(block.at)
        yield Row(
            "new", "A new setting", posterior=asked.of(new), p=asked.beyond(new), marginal=new
        )
