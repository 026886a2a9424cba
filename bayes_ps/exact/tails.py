"""How fast posteriors fall: whether they are proper, and which moments exist."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import ModelError
from bayes_ps.hierarchy import Component, GaussianHierarchy
from bayes_ps.priors.location import Point


def refuse_improper(hierarchy: GaussianHierarchy) -> float:
    """The tail of the posterior; raises ModelError if that of a scale has no finite integral."""
    found = {each.name: _tail(hierarchy, each) for each in hierarchy.components}
    for component in hierarchy.components:
        tail = found[component.name]
        if tail < 1 or (tail == 1 and not component.prior.proper):
            raise ModelError(
                f"Under {component.prior!r} the posterior of {component.name} is improper for "
                f"{hierarchy.k} {'study' if hierarchy.k == 1 else 'studies'}. Use a proper prior, "
                f"for example priors.half_normal(scale)."
            )
    return min(found.values(), default=float("inf"))


def posterior_tail(hierarchy: GaussianHierarchy) -> float:
    """q where p(tau | y), or that of omega if it is heavier, falls like tau^(−q)."""
    return min((_tail(hierarchy, each) for each in hierarchy.components), default=float("inf"))


def _tail(hierarchy: GaussianHierarchy, component: Component) -> float:
    """Each free dimension of y that a component can reach lets p(y | tau) fall by another 1 / tau.

    Another component that could be as large takes part of that away, if it is not improbable.
    """
    if isinstance(component.prior, Point):
        return float("inf")
    tail = component.prior.tail + _reach(hierarchy, component)
    for other in hierarchy.components:
        if other is not component and not isinstance(other.prior, Point):
            alone = _reach(hierarchy, component, other) - _reach(hierarchy, component)
            tail -= max(0.0, 1 - other.prior.tail - alone)
    return float(tail)


def _reach(hierarchy: GaussianHierarchy, *components: Component) -> int:
    """How many dimensions of y components reach, beyond those that flat coefficients take."""
    flat = np.array([not prior.proper for prior in hierarchy.beta])
    if any(each.Z is None for each in components):
        return int(hierarchy.k - flat.sum())
    Z = [each.Z for each in components if each.Z is not None]
    X = hierarchy.X[:, flat] / np.linalg.norm(hierarchy.X[:, flat], axis=0)
    return int(np.linalg.matrix_rank(np.hstack([*Z, X])) - flat.sum())


def moments(tail: float) -> int:
    """How many moments a density with this tail has, counted up to 4."""
    return sum(tail > order + 1 for order in (1, 2, 3, 4))


def moments_of_beta(hierarchy: GaussianHierarchy, reached: bool, tail: float) -> int:
    """How many moments beta has; the coefficient with the heaviest tail decides.

    Where y ties beta to tau (`reached`), p(y | beta) falls like beta^(−tail), or by one power less
    if the prior of beta is proper; that prior adds its own tail.
    """
    if not reached:
        tail = float("inf")
    return min(moments(prior.tail + tail - prior.proper) for prior in hierarchy.beta)
