"""The highest maximum of a likelihood of tau² is found, whatever the data: brute force."""

from __future__ import annotations

import numpy as np
import pytest
from pytest import approx

from bayes_ps.baseline.isolated_maxima import unit_grid
from bayes_ps.baseline.likelihood import (
    local_maxima,
    maximum_likelihood,
    restricted_maximum_likelihood,
)
from bayes_ps.baseline.many_maxima import only_maxima
from bayes_ps.baseline.quadratic_form import ordered
from tests.unit.test_baseline_numbers import HARD

ESTIMATOR = {True: restricted_maximum_likelihood, False: maximum_likelihood}
BOTH = pytest.mark.parametrize("restricted", [True, False], ids=["REML", "ML"])


def heights(y, v, tau2, restricted):
    w = 1 / (v + np.asarray(tau2)[:, None])
    mu = (w * y).sum(1) / w.sum(1)
    value = np.log(w).sum(1) - (w * (y - mu[:, None]) ** 2).sum(1)
    return value - restricted * np.log(w.sum(1))


def cases(seed):
    """Few studies of very unequal precision, and neighbours of cases that have two maxima."""
    rng = np.random.default_rng(seed)
    for _ in range(100):
        k = int(rng.integers(2, 8))
        yield 3 * rng.standard_normal(k), np.exp(2 * rng.uniform(-2.5, 2.5, k))
    for name in ("two local maxima of REML", "two local maxima of ML"):
        y, se = HARD[name].y, HARD[name].se
        for _ in range(100):
            near = 1 + 0.1 * rng.standard_normal((2, len(y)))
            yield y * near[0], (se * near[1]) ** 2


@BOTH
def test_every_local_maximum_of_a_fine_grid_is_found(restricted):
    several = 0
    for y, v in cases(1):
        found = np.array(local_maxima(y, v, restricted=restricted))
        several += len(found) > 1
        assert np.all(np.diff(found) > 0)
        grid = v.min() * np.expm1(np.linspace(0, np.log1p(4 * np.ptp(y) ** 2 / v.min()), 3000))
        on_grid = heights(y, v, grid, restricted)
        top = (on_grid[1:-1] > on_grid[:-2]) & (on_grid[1:-1] > on_grid[2:])
        step = np.log1p(grid[1] / v.min())
        for peak in grid[1:-1][top]:
            gap = np.abs(np.log((v.min() + found) / (v.min() + peak)))
            assert gap.min() < 2 * step
        best = ESTIMATOR[restricted](y, v)
        assert heights(y, v, [best], restricted)[0] >= on_grid.max() - 1e-9
    assert several > 5


@BOTH
def test_many_at_once_are_the_same_as_one_by_one(restricted):
    estimate = ESTIMATOR[restricted]
    for k in (2, 3, 5, 12):
        rng = np.random.default_rng(k)
        se = np.exp(rng.uniform(-3, 2, (300, k)))
        y, v = rng.normal(0, np.sqrt(se**2 + 0.3)), se**2
        together = estimate(y, v)
        apart = np.array([estimate(*each) for each in zip(y, v, strict=True)])
        assert np.all((together == 0) == (apart == 0))
        assert np.abs(together - apart).max() / v.min() < 1e-9
        assert together == approx(apart, rel=1e-11, abs=1e-13 * v.min())
        shaped = estimate(y.reshape(3, 100, k), v.reshape(3, 100, k))
        assert np.array_equal(shaped.ravel(), together)


@BOTH
def test_what_may_have_two_maxima_is_left_to_the_single_search(restricted):
    case = HARD["two local maxima of REML" if restricted else "two local maxima of ML"]
    y, v = np.tile(case.y, (2, 1)), np.tile(case.se**2, (2, 1))
    y[1] = y[1, 0] + 1e-3 * (y[1] - y[1, 0])
    found = only_maxima(*ordered(y, v), restricted=restricted)
    assert np.isnan(found[0]) and found[1] == 0
    assert len(local_maxima(case.y, case.se**2, restricted=restricted)) > 1


@pytest.mark.parametrize(("largest", "beyond"), [(1, 0), (1, 50), (1e8, 3), (1e8, 1e12), (3, 1e-9)])
def test_the_grid_covers_what_it_must(largest, beyond):
    points = unit_grid(largest, beyond)
    assert points[0] < 0 == points[1] and points[-2] >= beyond
    assert np.all(np.diff(points) > 0) and points[0] > -1


@BOTH
def test_two_studies_have_the_closed_form(restricted):
    """REML: (y1 − y2)²/2 − (v1 + v2)/2, not below 0. ML with v1 = v2 = v: (y1 − y2)²/4 − v."""
    y = np.array([0.3, 1.9])
    for v in (np.array([0.1, 0.7]), np.array([0.2, 0.2]), np.array([5.0, 5.0])):
        gap = (y[1] - y[0]) ** 2
        if restricted:
            assert restricted_maximum_likelihood(y, v) == approx(max(0, (gap - v.sum()) / 2))
        elif v[0] == v[1]:
            assert maximum_likelihood(y, v) == approx(max(0, gap / 4 - v[0]))
