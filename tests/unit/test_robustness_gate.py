"""The gate: each reason by itself, with its number, and what it allows at most."""

import sys
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import bayes_ps as bps
from bayes_ps.checks import BayesPSError
from bayes_ps.diagnostics import diagnose
from bayes_ps.robustness import reportable, robustness
from models import RandomEffects, priors
from tests.unit.making import PAIN, draws, fitted, sampled, with_draws

FAR, NEAR = bps.MCID(40, unit=PAIN.unit), bps.MCID(4, unit=PAIN.unit)
EXACT = fitted(seed=1)
NUTS = sampled(EXACT)


def checks(gate):
    return {check.name: check for check in gate.checks}


def failed(gate):
    return [check.name for check in gate.checks if not check.passed]


@pytest.mark.parametrize("fit", [EXACT, NUTS], ids=["exact", "nuts"])
def test_a_sound_and_stable_fit_is_ready(fit):
    gate = reportable(fit, FAR)
    assert gate.status == "ready" and gate.reasons == ()
    assert str(gate) == f"Ready: all {len(gate.checks)} checks passed."
    assert ("certificate" in checks(gate)) == ("R-hat" in checks(gate)) == (fit is NUTS)
    assert len(gate.to_frame()) == len(gate.checks) and gate.to_frame()["passed"].all()


def test_a_fragile_decision_is_directional_and_named():
    gate = reportable(EXACT, NEAR)
    assert gate.status == "directional" and failed(gate) == ["decision"]
    assert gate.robustness.verdict == "fragile"
    assert "0.95 (0.967 as fitted) flips in" in gate.reasons[0]
    assert "sceptical mu (0.727)" in str(gate)
    assert reportable(EXACT, NEAR, robustness(EXACT, NEAR, cut=0.5)).status == "ready"


def test_few_studies_are_directional():
    fit = fitted(PAIN.where(np.arange(8) < 3), RandomEffects(priors.flat(), priors.half_normal(5)))
    gate = reportable(fit, FAR)
    assert gate.status == "directional" and "studies" in failed(gate)
    assert "k = 3: 3 studies cannot show" in str(gate)


def test_a_prior_made_for_another_unit_is_not_ready():
    fit = fitted(model=RandomEffects(priors.flat(), priors.half_normal(0.01)))
    gate = reportable(fit, FAR)
    assert gate.status == "directional" and failed(gate) == ["warnings"]
    assert fit.warnings[0] in str(gate)


def test_without_an_mcid_or_an_exact_form_the_decision_was_not_examined():
    gate = reportable(EXACT)
    assert gate.status == "directional" and failed(gate) == ["decision"]
    assert "Without an MCID" in str(gate)

    class NotGaussian:
        pass

    alone = replace(NUTS, model=NotGaussian(), hierarchy=None)
    gate = reportable(alone, FAR)
    assert failed(gate) == ["decision"] and "was not examined" in str(gate)
    assert "certificate" not in checks(gate)


def test_divergences_stop_a_report():
    diverging = np.zeros((4, 1000), dtype=bool)
    diverging[0, :7] = True
    groups = {name: node.to_dataset() for name, node in NUTS.dt.children.items()}
    groups["sample_stats"] = xr.Dataset({"diverging": (("chain", "draw"), diverging)})
    gate = reportable(replace(NUTS, tree=xr.DataTree.from_dict(groups)), FAR)
    assert gate.status == "not reportable" and failed(gate) == ["divergences"]
    assert "7 transitions diverged" in str(gate) and checks(gate)["divergences"].value == "7"


def test_chains_that_disagree_stop_a_report():
    moved = draws(NUTS, "mu")
    moved[0] += 1.5
    gate = reportable(with_draws(NUTS, mu=moved), FAR)
    assert gate.status == "not reportable" and "R-hat" in failed(gate)
    assert "R-hat of mu is 1." in str(gate)


def test_a_sampler_that_is_off_fails_its_certificate():
    gate = reportable(with_draws(NUTS, mu=draws(NUTS, "mu") + 0.5), FAR)
    assert gate.status == "not reportable" and failed(gate) == ["certificate"]
    assert "Certificate FAILED" in str(gate)


def test_few_draws_have_a_monte_carlo_error_that_is_too_large():
    few = NUTS.dt.isel(draw=slice(0, 150))
    gate = reportable(replace(NUTS, tree=few), bps.MCID(7, unit=PAIN.unit))
    assert gate.status == "not reportable"
    assert {"MCSE of P, mean effect", "MCSE of P, new setting"} <= set(failed(gate))
    assert "has a Monte Carlo standard error of 0.02" in str(gate)


def test_a_quadrature_that_did_not_converge_stops_a_report(monkeypatch):
    assert checks(reportable(EXACT, FAR))["quadrature error"].passed
    problem = "The quadrature did not converge: error 1e-05."
    found = replace(diagnose(EXACT), problems=(problem,), quadrature_error=1e-5)
    monkeypatch.setattr(sys.modules["bayes_ps.robustness.gate"], "diagnose", lambda fit: found)
    gate = reportable(EXACT, FAR)
    assert gate.status == "not reportable" and gate.reasons == (problem,)


def test_the_robustness_of_other_effects_is_refused():
    found = robustness(EXACT, NEAR)
    with pytest.raises(BayesPSError, match="other effects or another MCID"):
        reportable(EXACT, FAR, found)
    with pytest.raises(BayesPSError, match="other effects"):
        reportable(fitted(PAIN.drop("A")), NEAR, found)
