"""What a model fixes by a point prior: nothing is sampled there, and nothing can be diagnosed."""

from __future__ import annotations

from bayes_ps.posterior import Fit


def fixed(fit: Fit) -> dict[str, float]:
    """The unknowns that the model fixes, and their values."""
    if fit.hierarchy is None:
        return {}
    h = fit.hierarchy
    ends = [prior.support for prior in (*h.beta, *(each.prior for each in h.components))]
    named = zip(fit.unknowns, ends, strict=True)
    return {name: low for name, (low, high) in named if low == high}
