"""What a study reports of its groups: the shapes of summary data that the measures read."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from bayes_ps.checks import Array


@dataclass(frozen=True)
class Arms:
    """Means of the two arms of each study, (k,) each: treated (`_t`) and control (`_c`)."""

    n_t: Array
    mean_t: Array
    sd_t: Array
    n_c: Array
    mean_c: Array
    sd_c: Array


@dataclass(frozen=True)
class Events:
    """People with an event, and people, in two arms."""

    events_t: Array
    n_t: Array
    events_c: Array
    n_c: Array

    @property
    def others_t(self) -> Array:
        """People treated without an event."""
        return self.n_t - self.events_t

    @property
    def others_c(self) -> Array:
        """People in control without an event."""
        return self.n_c - self.events_c


@dataclass(frozen=True)
class Rates:
    """Events, and the person-time in which they happened, in two arms."""

    events_t: Array
    time_t: Array
    events_c: Array
    time_c: Array


@dataclass(frozen=True)
class LogRank:
    """Observed minus expected events among the treated, and the variance of that difference."""

    o_e: Array
    v: Array


@dataclass(frozen=True)
class OneMean:
    """The mean of one group."""

    n: Array
    mean: Array
    sd: Array


@dataclass(frozen=True)
class OneProportion:
    """People with an event in one group."""

    n: Array
    events: Array


@dataclass(frozen=True)
class Correlation:
    """A correlation among n people."""

    n: Array
    r: Array


@dataclass(frozen=True)
class Change:
    """The change of one group and its own standard deviation."""

    n: Array
    mean_change: Array
    sd_change: Array


@dataclass(frozen=True)
class Paired:
    """One group before and after; `r` is the correlation of the two measurements."""

    n: Array
    mean_pre: Array
    sd_pre: Array
    mean_post: Array
    sd_post: Array
    r: Array

    @property
    def mean_change(self) -> Array:
        """After minus before."""
        return self.mean_post - self.mean_pre

    @property
    def sd_change(self) -> Array:
        """sd² = sd_pre² + sd_post² − 2 r sd_pre sd_post."""
        both = self.sd_pre * self.sd_post
        return np.sqrt((self.sd_pre - self.sd_post) ** 2 + 2 * (1 - self.r) * both)


@dataclass(frozen=True)
class BaselineChange:
    """The change of one group, with the standard deviation before, not that of the change."""

    n: Array
    mean_change: Array
    sd_pre: Array
    r: Array


@dataclass(frozen=True)
class TwoGroups:
    """The same shape of data of the treated and of the control group."""

    t: Any
    c: Any


@dataclass(frozen=True)
class Form:
    """The columns of one shape; `arms` doubles them into `_t` and `_c`."""

    shape: type
    arms: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of a table."""
        names = [field.name for field in fields(self.shape)]
        return tuple(
            f"{name}{arm}" for arm in (("_t", "_c") if self.arms else ("",)) for name in names
        )

    def of(self, values: dict[str, Array]) -> Any:
        """The shape, or two of it, filled from columns."""
        if not self.arms:
            return self.shape(**values)
        t, c = (
            self.shape(**{name[:-2]: v for name, v in values.items() if name.endswith(arm)})
            for arm in ("_t", "_c")
        )
        return TwoGroups(t, c)
