"""The quadrature: densities that scipy knows, with spikes, cliffs, heavy tails and two peaks."""

import numpy as np
import pytest
from pytest import approx
from scipy import stats

from bayes_ps.exact.nodes import Axis, place

INF = np.inf


class TwoPeaks:
    """Half of it near 1, half near 100."""

    parts = stats.gamma(50, scale=0.02), stats.gamma(50, scale=2)

    def logpdf(self, x):
        return np.logaddexp(*(part.logpdf(x) for part in self.parts)) - np.log(2)

    def cdf(self, x):
        return sum(part.cdf(x) for part in self.parts) / 2

    def mean(self):
        return 50.5


DENSITIES = {
    "half-normal": (stats.halfnorm(scale=0.5), (0, INF), 2),
    "exponential, tiny": (stats.expon(scale=1e-9), (0, INF), 2),
    "exponential, huge": (stats.expon(scale=1e9), (0, INF), 2),
    "gamma with a pole at 0": (stats.gamma(0.2), (0, INF), 2),
    "gamma far from 0": (stats.gamma(400, scale=0.25), (0, INF), 2),
    "log-normal": (stats.lognorm(0.87, scale=0.28), (0, INF), 2),
    "half-Cauchy": (stats.halfcauchy(scale=3), (0, INF), 0),
    "inverse gamma": (stats.invgamma(1.71, scale=0.4), (0, INF), 0),
    "uniform from 0": (stats.uniform(0, 5), (0, 5), 2),
    "uniform from 2": (stats.uniform(2, 1), (2, 3), 2),
    "beta with a pole at 0": (stats.beta(0.5, 2), (0, 1), 2),
    "two peaks": (TwoPeaks(), (0, INF), 2),
}
EACH = pytest.mark.parametrize("name", DENSITIES)


def nodes_of(name, log_constant=0.0):
    density, support, moments = DENSITIES[name]
    return density, place(
        lambda log_tau: density.logpdf(np.exp(log_tau)) + log_constant, support, moments=moments
    )


@EACH
def test_integral_and_distribution_function_are_exact(name):
    density, nodes = nodes_of(name, log_constant=7.0)
    assert nodes.log_integral == approx(7, abs=1e-12)
    assert nodes.weight.sum() == approx(1, abs=1e-14) and nodes.error < 1e-12
    low, high = DENSITIES[name][1]
    x = np.concatenate([np.geomspace(1e-12, 1e12, 97), nodes.tau[::40]])
    x = x[(x > low) & (x < high)]
    assert np.abs(nodes.cdf(x) - density.cdf(x)).max() < 1e-11
    assert nodes.cdf(np.array([-1.0, low, high])) == approx([0, 0, 1], abs=1e-15)


@pytest.mark.parametrize("name", [name for name in DENSITIES if DENSITIES[name][2]])
def test_mean_is_exact(name):
    density, nodes = nodes_of(name)
    assert nodes.weight @ nodes.tau == approx(density.mean(), rel=1e-11)


def test_a_looser_tolerance_takes_fewer_nodes_and_owns_up_to_it():
    density = stats.gamma(3)

    def log_density(log_x):
        return density.logpdf(np.exp(log_x))

    loose, tight = (place(log_density, (0, INF), tolerance=t) for t in (1e-3, 1e-14))
    assert loose.weight.size < tight.weight.size and loose.error > tight.error
    x = np.geomspace(0.01, 20, 200)
    finer = loose.halved(log_density)
    assert finer.weight.sum() == pytest.approx(1, abs=loose.error)
    assert np.abs(finer.cdf(x) - density.cdf(x)).max() <= loose.error


@pytest.mark.parametrize("value", [-np.inf, np.nan])
def test_a_density_of_0_everywhere_is_refused(value):
    with pytest.raises(FloatingPointError, match="density of tau is 0 or not finite everywhere"):
        place(lambda log_tau: np.full(log_tau.shape, value), (0, INF))


@pytest.mark.parametrize("axis", [Axis(0, INF, 1, 2), Axis(0.5, INF), Axis(0.5, 3, -1, 0.5)])
def test_the_axis_goes_there_and_back(axis):
    t = np.linspace(-2, 2, 9)
    log_tau = axis.log_tau(axis.u(t))
    assert axis.t(np.exp(log_tau)) == approx(t, abs=1e-9)
    step = 1e-6
    slope = (np.exp(axis.log_tau(axis.u(t) + step)) - np.exp(axis.log_tau(axis.u(t) - step))) / (
        2 * step
    )
    assert np.exp(axis.log_slope(axis.u(t))) == approx(slope, rel=1e-7)
