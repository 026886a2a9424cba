"""`AsymmetryTest`: what a test of funnel asymmetry found, and how to read it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from scipy.special import ndtr, stdtr

from bayes_ps.baseline.interval import Interval, quantile
from bayes_ps.baseline.small_study.lines import Line
from bayes_ps.checks import ModelError

FEW = 10
ALIKE = 1.5
MEANING = (
    "It asks whether small studies show other effects than large ones. Unpublished results are one "
    "reason for that among several, and a large P is no proof of their absence."
)


@dataclass(frozen=True, repr=False, kw_only=True)
class AsymmetryTest:
    """A test of funnel asymmetry; made by `egger`, `begg`, `peters` and `harbord`.

    Parameters
    ----------
    test : what was computed, in words, with its source.
    k : number of studies that entered.
    bias : the coefficient that is tested against 0, or Kendall's tau.
    se : its standard error; None for Kendall's tau.
    statistic, df, p : t (or z, `df` inf) and its two-sided P; `statistic` is None for an exact P.
    limit : effect in a study without sampling error by this line, with its interval; None where
        there is no line.
    limit_effect : the estimate itself, None where there is no line.
    dispersion, tau2 : what the variances were multiplied by, or what was added to them.
    notes : what a reader must know, a sentence each.
    """

    test: str
    k: int
    bias: float
    se: float | None
    statistic: float | None
    df: float
    p: float
    limit_effect: float | None = None
    limit: Interval | None = None
    dispersion: float = 1.0
    tau2: float = 0.0
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Rows `bias` and `limit effect`; columns `estimate, se, lower, upper, statistic, df, p`.

        NaN says that a cell does not apply.
        """
        none = math.nan
        se, statistic = (none if x is None else x for x in (self.se, self.statistic))
        rows = [("bias", self.bias, se, none, none, statistic, self.df, self.p)]
        if self.limit is not None and self.limit_effect is not None:
            rows.append(("limit effect", self.limit_effect, none, *self.limit, none, none, none))
        columns = ["quantity", "estimate", "se", "lower", "upper", "statistic", "df", "p"]
        return pd.DataFrame(rows, columns=columns).assign(test=self.test)

    def __str__(self) -> str:
        said = f"{self.test}, {self.k} studies: "
        if self.se is None:
            said += f"Kendall's tau {self.bias:.3g}"
        else:
            said += f"bias {self.bias:.4g} (SE {self.se:.4g})"
        if self.statistic is not None:
            normal = math.isinf(self.df)
            said += f", {'z' if normal else 't'} {self.statistic:.3g}"
            said += "" if normal else f" on {self.df:g} df"
        said += f", P = {self.p:.2g}"
        if self.limit is not None and self.limit_effect is not None:
            low, high = self.limit
            said += (
                f"; effect in a study without sampling error {self.limit_effect:.4g} "
                f"({100 * self.limit.level:g}% CI {low:.4g} to {high:.4g})"
            )
        return "\n".join([f"{said}. {MEANING}", *(f"Note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        return f"<AsymmetryTest: {self}>"


def two_sided(statistic: float, df: float) -> float:
    """Two-sided P of t with `df`, or of the normal if `df` is inf."""
    tail = ndtr(-abs(statistic)) if math.isinf(df) else stdtr(df, -abs(statistic))
    return 2 * float(tail)


def interval_of(estimate: float, se: float, df: float, *, level: float) -> Interval:
    """estimate ± quantile · se."""
    if not 0 < level < 1:
        raise ModelError(f"level must be between 0 and 1, but is {level}. For 95 % pass 0.95.")
    half = quantile(level, df) * se
    method = "normal" if math.isinf(df) else "t with k - 2 df"
    return Interval(estimate - half, estimate + half, df, level, method)


def tested_slope(
    line: Line, *, test: str, k: int, level: float, notes: tuple[str, ...]
) -> AsymmetryTest:
    """The test of a line's slope, with its intercept as the limit effect."""
    statistic = line.slope / line.se_slope
    return AsymmetryTest(
        test=test,
        k=k,
        bias=line.slope,
        se=line.se_slope,
        statistic=statistic,
        df=line.df,
        p=two_sided(statistic, line.df),
        limit_effect=line.intercept,
        limit=interval_of(line.intercept, line.se_intercept, line.df, level=level),
        dispersion=line.dispersion,
        tau2=line.tau2,
        notes=notes,
    )


def at_least_three(k: int, test: str) -> None:
    """A line through two studies always fits, and one study has none."""
    if k < 3:
        raise ModelError(
            f"{test} needs at least 3 studies, and 10 to be of use, but there "
            + ("is 1." if k == 1 else f"are {k}.")
        )


def refuse_no_scatter(line: Line, test: str) -> None:
    """No scatter around the line, no test: all effects are equal, or all lie on one line."""
    if line.se_slope <= 1e-10 * abs(line.slope):
        raise ModelError(
            f"The effects lie on one line without any scatter (all equal, or copied?), so {test} "
            f"has nothing to measure chance by. Look at the estimates."
        )


def few(k: int) -> str:
    """The note on fewer than ten studies."""
    if k >= FEW:
        return ""
    return (
        f"Fewer than {FEW} studies: the test has too little power to tell chance from asymmetry "
        f"(Cochrane Handbook 13.3.5; doi:10.1136/bmj.d4002)."
    )
