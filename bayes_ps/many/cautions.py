"""What a reader must know of each analysis under its prior: what `fit.warnings` says of one fit.

The rules are those of `fitting`; ``tests/unit/test_many_cautions.py`` holds the two together.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array
from bayes_ps.many.kernel.layout import Integers, Texts
from bayes_ps.many.per_analysis import PerAnalysis
from bayes_ps.priors import Prior

Rows = npt.NDArray[np.bool_]
FEW = 2  # studies, of which no data can say how far effects vary


def prior_cautions(
    estimates: Array, start: Integers, *, tau: PerAnalysis, mu: PerAnalysis, about: Rows
) -> Texts:
    """(m,) sentences, "" where there is nothing to say, and where `about` (m,) is false.

    estimates : (2, n) y and se; analysis i has start[i] to start[i + 1].
    """
    texts = np.full(start.size - 1, "", dtype=object)
    for number, prior in enumerate(tau.value):
        mine = np.flatnonzero((tau.which == number) & about)
        if mine.size:
            _of_tau(texts, prior, _Studies(estimates, start, mine))
    for number, prior in enumerate(mu.value):
        mine = np.flatnonzero((mu.which == number) & about)
        if mine.size and prior.family == "normal":
            _of_mu(texts, prior, _Studies(estimates, start, mine))
    return texts


class _Studies:
    """The studies of some analyses, `mine` (m,), laid end to end."""

    def __init__(self, estimates: Array, start: Integers, mine: Integers) -> None:
        k = np.diff(start)[mine]
        first = np.cumsum(k) - k
        rows = np.repeat(start[mine] - first, k) + np.arange(k.sum())
        self.mine, self.k, self.first = mine, k, first
        self.y, self.se = estimates[:, rows]


def _of_tau(texts: Texts, prior: Prior, of: _Studies) -> None:
    """What the prior asserts, whether it is narrow or wide beside the studies, and few studies."""
    if prior.warning:
        _say(texts, of.mine, prior.warning)
    if not prior.proper or prior.family == "point":
        return
    if prior.complete:
        _say(
            texts,
            of.mine[_narrow(prior, of)],
            f"The prior of tau, {prior!r}, has 97.5 % below {prior.ppf(0.975):.3g}, little beside "
            f"the standard errors: it all but rules out heterogeneity whatever the data say, and "
            f"fakes certainty. If it was made for an SMD, multiply it by the standard deviation of "
            f"the outcome.",
        )
        reach = np.maximum.reduceat(of.y, of.first) - np.minimum.reduceat(of.y, of.first)
        _say(
            texts,
            of.mine[prior.ppf(0.5) > 20 * (reach + np.maximum.reduceat(of.se, of.first))],
            f"The prior of tau, {prior!r}, has its median at {prior.ppf(0.5):.3g}, far beyond what "
            f"the studies differ by: it was made for another unit.",
        )
    _say(
        texts,
        of.mine[of.k <= FEW],
        f"With so few studies the prior of tau, {prior!r}, decides what is said of heterogeneity "
        f"and of a new setting, and much of how wide the mean effect is.",
    )


def _narrow(prior: Prior, of: _Studies) -> Rows:
    """Where the prior keeps tau far below the standard error of a typical study."""
    from_here = min(float(prior.ppf(0.975)) / 0.5, float(prior.ppf(0.5)) / 0.08)
    narrow = np.maximum.reduceat(of.se, of.first) > from_here
    for i in np.flatnonzero(narrow):  # seldom any
        narrow[i] = np.sort(of.se[of.first[i] :][: of.k[i]])[of.k[i] // 2] > from_here
    return narrow


def _of_mu(texts: Texts, prior: Prior, of: _Studies) -> None:
    """Whether the studies lie far from where a normal prior of mu expects them."""
    centre, sd = prior.parameters
    with np.errstate(all="ignore"):
        w = of.se**-2.0
        total = np.add.reduceat(w, of.first)
        away = np.abs(np.add.reduceat(w * of.y, of.first) / total - centre)
        far = away > 3 * np.hypot(total**-0.5, sd)
    _say(
        texts,
        of.mine[far],
        f"The prior of mu, {prior!r}, and the studies disagree: by inverse variance they lie more "
        f"than 3 standard errors from its mean. If it was made for another unit, rescale it.",
    )


def _say(texts: Texts, rows: Integers, sentence: str) -> None:
    for row in rows:
        texts[row] = f"{texts[row]} {sentence}".strip()
