"""What a GRADE panel asks of a result for imprecision and inconsistency; the panel rates it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp

from bayes_ps.baseline import Baseline, PooledCounts
from bayes_ps.decision import MCID
from bayes_ps.posterior import Fit

PANEL = "A suggestion by the rule as it stands: the panel decides."
IMPRECISION_RULE = (
    "Imprecision, threshold approach of GRADE guidance 34 (doi:10.1016/j.jclinepi.2022.07.014): "
    "where the point estimate lies (important benefit, trivial, important harm) is what certainty "
    "is rated of; consider rating down one level if the 95% interval crosses one of −MCID and "
    "+MCID, two or three if it crosses both or crosses one by far. The rule is written for 95% "
    "confidence intervals of absolute effects, so the interval that it is read off is named. If "
    "neither is crossed and the effect is large, compare the number of participants with the "
    "optimal information size, which is not computed here."
)
INCONSISTENCY_RULE = (
    "Inconsistency: GRADE gives no cut-off. Look whether the prediction interval, where a new "
    "setting lies, crosses thresholds that the interval of the mean effect does not; tau says how "
    "far settings differ in the unit of the effects, I² only how that compares with sampling error."
)
THRESHOLDS = ("−MCID", "0", "+MCID")
NONE_CROSSED = "none of −MCID, 0, +MCID"


@dataclass(frozen=True)
class Crossings:
    """An interval and which thresholds lie inside it; + is benefit, whatever the sign of effects.

    Attributes
    ----------
    interval : what it is, such as ``"95% credible interval"``.
    lower, upper : its ends, with the sign of the effects.
    crossed : those of −MCID, 0 and +MCID that it crosses.
    """

    interval: str
    lower: float
    upper: float
    crossed: tuple[str, ...]

    @property
    def important(self) -> int:
        """How many of −MCID and +MCID it crosses."""
        return sum(name != "0" for name in self.crossed)

    def __str__(self) -> str:
        return f"{self.interval} crosses {', '.join(self.crossed) or NONE_CROSSED}"


@dataclass(frozen=True)
class CertaintyInputs:
    """The inputs for GRADE; made by :func:`certainty_inputs`.

    Attributes
    ----------
    target : where the posterior median lies: "important benefit", "trivial" or "important harm".
    mean : of the mean effect: the credible interval, and the baseline's if there is one.
    tau : median and 95% credible interval, in the unit of the effects; None without tau.
    i2 : of the baseline, in per cent; None without a baseline.
    prediction : 95% interval of the effect in a new setting; None without tau.
    is_ratio : whether the effects are logarithms of ratios; in words they are ratios.
    """

    target: str
    mean: tuple[Crossings, ...]
    tau: tuple[float, float, float] | None
    i2: float | None
    prediction: Crossings | None
    is_ratio: bool = False

    @property
    def levels(self) -> tuple[int, ...]:
        """Levels that the rule suggests to consider, one an interval in `mean`."""
        return tuple(each.important for each in self.mean)

    def __str__(self) -> str:
        return " ".join((self.imprecision, self.inconsistency))

    @property
    def imprecision(self) -> str:
        """The suggestion in words."""
        said = "; ".join(str(each) for each in self.mean)
        few, many = min(self.levels), max(self.levels)
        levels = ("no level", "one level", "two levels or more")
        how = levels[few] if few == many else f"{levels[few]} or {levels[many]}"
        return f"Imprecision: certainty of “{self.target}”; the {said}: consider rating down {how}."

    @property
    def inconsistency(self) -> str:
        """The inputs in words."""
        return f"Inconsistency: {'; '.join(self._spread())}."

    def _spread(self) -> Iterator[str]:
        if self.tau is None or self.prediction is None:
            yield "the model lets no effect vary, so that it cannot tell"
        else:
            median, low, high = self.tau
            log = " on the log scale" if self.is_ratio else ""
            yield f"tau {median:.3g} ({low:.3g} to {high:.3g}){log}"
            more = [each for each in self.prediction.crossed if each not in self.mean[0].crossed]
            new = self.prediction
            low, high = (exp(x) if self.is_ratio else x for x in (new.lower, new.upper))
            yield (
                f"{new.interval} {low:.3g} to {high:.3g}, crosses "
                + (", ".join(new.crossed) or NONE_CROSSED)
                + (f" (beyond the mean effect: {', '.join(more)})" if more else "")
            )
        if self.i2 is not None:
            yield f"I² {self.i2:.0f}%"


def certainty_inputs(
    fit: Fit, mcid: MCID, baseline: Baseline | PooledCounts | None = None
) -> CertaintyInputs:
    """Which thresholds the intervals cross, and how far settings differ.

    Parameters
    ----------
    fit : with one mean effect.
    mcid : in the unit of the effects; of an uncertain one the median is taken.
    baseline : for I², and for the confidence interval that GRADE's rule is written for.

    Raises
    ------
    UnitError
        If the MCID is in another unit than the effects.
    """
    threshold = fixed_mcid(mcid).threshold(fit.effects)
    average = fit.average()
    mean = [_crossings("95% credible interval", *average.interval(), threshold)]
    if baseline is not None:
        name = f"{100 * baseline.level:g}% confidence interval"
        mean.append(_crossings(name, baseline.lower, baseline.upper, threshold))
    tau = prediction = None
    if fit.has_tau:
        between = fit.marginal("tau")
        tau = (between.median, *between.interval())
        ends = fit.predictive().interval()
        prediction = _crossings("95% prediction interval", *ends, threshold)
    size = average.median / threshold  # in MCIDs, > 0 is benefit
    target = "important benefit" if size >= 1 else "important harm" if size <= -1 else "trivial"
    i2 = None if baseline is None or fit.k == 1 else float(baseline.i2)
    return CertaintyInputs(target, tuple(mean), tau, i2, prediction, fit.effects.is_ratio)


def fixed_mcid(mcid: MCID) -> MCID:
    """The MCID, or the median of an uncertain one."""
    return mcid if mcid.certain else mcid.quantile(0.5)


def _crossings(interval: str, low: float, high: float, threshold: float) -> Crossings:
    at = (-threshold, 0.0, threshold)
    crossed = tuple(name for name, value in zip(THRESHOLDS, at, strict=True) if low < value < high)
    return Crossings(interval, low, high, crossed)
