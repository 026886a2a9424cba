"""`diagnose` on chains that were made, not sampled: sound ones pass, others do not."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from pytest import approx

import bayes_ps as bps
from tests.unit.making import PAIN, draws, fitted, sampled, with_draws

DIMS = ("chain", "draw")
EXACT = fitted(seed=11)


def chains(shape=(4, 1000), seed=1, **stats_group):
    """A fit of sound chains; `stats_group` is what the sampler said of each draw."""
    rng = np.random.default_rng(seed)
    posterior = xr.Dataset(
        {
            "mu": (DIMS, rng.normal(-7, 1, shape)),
            "tau": (DIMS, rng.gamma(2, 2, shape)),
            "theta": ((*DIMS, "study"), rng.normal(-7, 3, (*shape, 8))),
        },
        {"study": list(PAIN.study)},
    )
    tree = {"posterior": posterior}
    if stats_group:
        tree["sample_stats"] = xr.Dataset({k: (DIMS, v) for k, v in stats_group.items()})
    return sampled(EXACT, tree=xr.DataTree.from_dict(tree))


def only_problem(fit):
    found = bps.diagnose(fit)
    assert not found.ok and len(found.problems) == 1
    assert str(found).endswith(found.problems[0])
    return found.problems[0]


def test_sound_chains_have_no_problem():
    found = bps.diagnose(chains(diverging=np.zeros((4, 1000), bool)))
    assert found.ok and found.problems == () and found.divergences == 0
    frame = found.to_frame()
    assert frame["unknown"].tolist() == ["mu", "tau", *(f"theta[{s}]" for s in "ABCDEFGH")]
    assert (frame["rhat"] < 1.01).all() and frame["ess_bulk"].between(3000, 5000).all()
    assert str(found).startswith("R-hat at most 1.00") and str(found).endswith("no problem found.")


def test_a_chain_elsewhere_is_found():
    fit = chains()
    theta = draws(fit, "theta")
    theta[2, :, 3] += 2
    said = bps.diagnose(with_draws(fit, theta=theta)).problems[0]
    assert said.startswith("R-hat of theta[D] is 1.") and said.endswith("the chains disagree.")


def test_slow_chains_are_found():
    """Each value stands 50 times: 4000 draws are worth 80."""
    fit = chains()
    slow = np.repeat(draws(fit, "mu")[:, :20], 50, axis=1)
    problems = " ".join(bps.diagnose(with_draws(fit, mu=slow)).problems)
    assert "The bulk ESS of mu is" in problems and "The tail ESS of mu is" in problems
    assert "below 400: draw more, bps.fit(..., draws=…)" in problems


def test_the_ess_that_is_wanted_grows_with_the_chains():
    """360 draws: enough of 2 chains (200 wanted), too few of 4 (400)."""
    few, many = (
        [said for said in bps.diagnose(chains(shape)).problems if "ESS" in said]
        for shape in ((2, 180), (4, 90))
    )
    assert few == []
    assert len(many) == 2 and all("below 400: draw more" in said for said in many)


def test_divergences_are_counted():
    diverging = np.zeros((4, 1000), bool)
    diverging[1, 5:8] = True
    found = bps.diagnose(chains(diverging=diverging))
    assert found.divergences == 3
    assert "3 transitions diverged" in found.problems[0]
    assert "target_accept=0.999" in found.problems[0]  # above the default of 0.99


def test_energy_that_moves_slowly_is_found():
    """E-BFMI = mean squared step over variance; of white noise 2, of a random walk near 0."""
    noise = np.random.default_rng(3).standard_normal((4, 1000))
    good = bps.diagnose(chains(energy=noise))
    assert good.bfmi == approx(2, abs=0.25) and good.ok
    walk = noise.copy()
    walk[2] = np.cumsum(noise[2])
    bad = bps.diagnose(chains(energy=walk))
    step = (np.diff(walk[2]) ** 2).sum() / ((walk[2] - walk[2].mean()) ** 2).sum()
    assert bad.bfmi == approx(step, rel=0.01)
    assert bad.problems == (f"E-BFMI is {bad.bfmi:.2f}: the energy was explored badly.",)


@pytest.mark.parametrize("value", [np.nan, 3.0])
def test_draws_without_r_hat_are_a_problem_not_an_oversight(value):
    fit = chains()
    tau = draws(fit, "tau")
    tau[:] = value
    said = bps.diagnose(with_draws(fit, tau=tau)).problems[0]
    assert said.startswith("R-hat of tau cannot be computed: its draws are constant, not finite")


def test_one_chain_proves_nothing():
    assert "or from one chain only" in only_problem(chains((1, 1000)))


def test_an_exact_fit_has_only_its_quadrature():
    found = bps.diagnose(EXACT)
    assert found.ok and found.engine == "exact" and found.quadrature_error == EXACT.error
    assert str(found).startswith("Exact engine: nothing was sampled; quadrature error")
    nodes = replace(EXACT.posterior.nodes, error=1e-5)
    broken = replace(EXACT, posterior=replace(EXACT.posterior, nodes=nodes))
    assert only_problem(broken) == "The quadrature did not converge: error 1e-05."


def test_the_table_is_a_copy():
    found = bps.diagnose(chains())
    frame = found.to_frame()
    frame.loc[0, "unknown"] = "changed"
    assert found.to_frame().loc[0, "unknown"] == "mu"
