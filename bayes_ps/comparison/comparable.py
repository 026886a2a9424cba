"""Which fits can be compared: those of the same data, whose evidences are not arbitrary."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bayes_ps.checks import ModelError
from bayes_ps.posterior import Fit
from bayes_ps.priors import Prior

SAME = {"intercept": "mu"}
"""A moderator measured from elsewhere moves the intercept, but no volume: flat stays flat."""


def refuse_other_data(fits: Mapping[str, Fit]) -> None:
    """Raise unless all fits are of the same estimates."""
    (first, one), *others = fits.items()
    for name, other in others:
        for what in ("y", "se", "V", "measure", "unit", "better"):
            if not np.array_equal(getattr(one.effects, what), getattr(other.effects, what)):
                raise ModelError(
                    f"{first!r} and {name!r} are fitted to other effects: their {what} differs. "
                    f"Evidence compares models of the same data: fit both to one bps.Effects."
                )


def refuse_arbitrary(fits: Mapping[str, Fit]) -> None:
    """Raise if an improper prior, whose constant is arbitrary, is not in every model alike."""
    improper = {name: _improper(fit) for name, fit in fits.items()}
    (first, one), *others = improper.items()
    for name, other in others:
        for unknown in sorted(one.keys() | other.keys()):
            if one.get(unknown) != other.get(unknown):
                has, lacks = (first, name) if unknown in one else (name, first)
                raise ModelError(
                    f"A Bayes factor of {first!r} and {name!r} would be arbitrary: in {has!r} the "
                    f"prior {unknown} ~ {improper[has][unknown]!r} is improper, its constant does "
                    f"not cancel, because {lacks!r} does not have the same. Give {unknown} a "
                    f"proper prior, such as priors.{_proper(unknown)}."
                )


def _improper(fit: Fit) -> dict[str, Prior]:
    """The improper priors of a model by the name of their unknown."""
    h = fit.hierarchy
    if h is None:
        raise ModelError("Only linear Gaussian models fitted by the exact engine have an evidence.")
    named = dict(zip((SAME.get(name, name) for name in h.design.names), h.beta, strict=True))
    named |= {each.name: each.prior for each in h.components}
    return {name: prior for name, prior in named.items() if not prior.proper}


def _proper(unknown: str) -> str:
    return "half_normal(scale)" if unknown in ("tau", "omega") else "normal(0, sd)"
