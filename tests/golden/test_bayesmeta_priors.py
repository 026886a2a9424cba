"""bayesmeta: its priors of tau on Crins 2014, and an effective sample size for Baeten 2013.

Medians were computed by bayesmeta 3.4 on its default grid, which is good to 1e-4 posterior SDs for
mu (tests/reference/README.md), with mu flat; under the prior of Turner with mu ~ N(0, 4²).
"""

import numpy as np
import pytest
from pytest import approx

import bayes_ps as bps
from bayes_ps.checks import ModelError
from models import RandomEffects, priors
from tests import references
from tests.references_bayes import model, runs

MEDIANS = {  # of mu and tau
    "uniform": (priors.improper_uniform(), -1.6036, 0.6244),
    "sqrt": (priors.sqrt_uniform(), -1.5867, 0.3489),
    "Jeffreys": (priors.jeffreys(), -1.6070, 0.6441),
    "Berger-Deely": (priors.berger_deely(), -1.6099, 0.6832),
    "conventional": (priors.conventional(), -1.6025, 0.5853),
    "DuMouchel": (priors.dumouchel(), -1.5849, 0.3336),
    "shrinkage": (priors.uniform_shrinkage(), -1.5950, 0.4918),
    "I2": (priors.uniform_i2(), -1.5957, 0.5007),
    "Turner": (priors.turner2015("surgical", "pharmacological vs placebo"), -1.5732, 0.3282),
}


def crins():
    y = [-2.30970256, -0.45953233, -2.30258509, -1.75785792, -1.25846099, -2.41789594]
    se = [0.59947630, 0.55639556, 0.88034084, 0.45586850, 0.64199618, 1.52881075]
    return bps.Effects.from_estimates(
        y, se=se, study=list("abcdef"), measure="OR", unit="log OR", better="lower"
    )


@pytest.mark.parametrize("name", MEDIANS)
def test_crins_medians(name):
    tau, median_mu, median_tau = MEDIANS[name]
    mu = priors.normal(0, 4) if name == "Turner" else priors.flat()
    fit = bps.fit(RandomEffects(mu, tau), crins())
    assert fit.marginal("mu").median == approx(median_mu, abs=1e-4)
    assert fit.marginal("tau").median == approx(median_tau, abs=1e-4)


def test_improper_posteriors_of_the_references_are_refused():
    assert runs(proper=False) == [("crins_rct_k2", "uniform|mu:flat")]
    for name, run in runs(proper=False):
        with pytest.raises(ModelError) as caught:
            bps.fit(model(references.expected(name)["bayes"][run]), references.effects(name))
        assert "improper for 2 studies" in str(caught.value)
        assert "priors.half_normal(scale)" in str(caught.value)


@pytest.mark.parametrize(
    ("tau", "fewest"),
    [
        (priors.improper_uniform(), 3),
        (priors.sqrt_uniform(), 2),
        (priors.jeffreys(), 2),
        (priors.berger_deely(), 2),
        (priors.conventional(), 1),
        (priors.overall_jeffreys(), 1),
        (priors.dumouchel(), 1),
    ],
    ids=repr,
)
def test_how_many_studies_a_prior_needs(tau, fewest):
    """With flat mu p(y | tau) falls like tau^(1 - k): the posterior is proper from the first k on
    at which that, times the prior, has an integral."""
    effects = references.effects("crins_ar")
    for k in (1, 2, 3):
        few = effects.where(np.arange(effects.k) < k)
        if k < fewest:
            with pytest.raises(ModelError, match=f"improper for {k} stud.* Use a proper prior"):
                bps.fit(RandomEffects(priors.flat(), tau), few)
        else:
            marginal = bps.fit(RandomEffects(priors.flat(), tau), few).marginal("tau")
            assert 0 < marginal.cdf(1.0) < 1


def test_nuts_agrees_and_refits_other_studies_without_compiling():
    """The standard errors enter as data, another number of them too."""
    from bayes_ps import nuts

    model = RandomEffects(mu=priors.flat(), tau=priors.jeffreys())
    effects = references.effects("eight_schools")
    compiled = None
    for kept in (effects, effects.drop("1 A", "5 E")):
        fit = bps.fit(model, kept, engine="nuts", seed=1)
        assert bps.diagnose(fit).ok, str(bps.diagnose(fit))
        assert bps.certify(fit).ok, str(bps.certify(fit))
        assert compiled is None or compiled == len(nuts._COMPILED)
        compiled = len(nuts._COMPILED)


def test_baeten_effective_sample_size():
    """Manual of bayesmeta: `uisd` 2.35, and `ess` 45.7 patients for the predictive distribution of
    the response of a new placebo group (Baeten 2013, doi:10.1016/S0140-6736(13)61134-4).

    From the definition on a fine grid it is 45.607: bayesmeta's own grid is 0.2 % off. Here it is a
    mixture of normals, one for each of 80 nodes of tau.
    """
    events = np.array([23, 12, 19, 9, 39, 6, 9, 10])
    total = np.array([107, 44, 51, 39, 139, 20, 78, 35])
    y, se = np.log(events / (total - events)), np.sqrt(1 / events + 1 / (total - events))
    assert priors.unit_information_sd(se, total) == approx(2.35, abs=0.005)
    effects = bps.Effects.from_estimates(
        y, se=se, study=list("abcdefgh"), measure="PLO", unit="log odds", better="higher"
    )
    fit = bps.fit(RandomEffects(priors.flat(), priors.improper_uniform()), effects)
    node, weight = np.polynomial.legendre.leggauss(80)
    parts = []
    for tau, share in zip(fit.marginal("tau").ppf((1 + node) / 2), weight / 2, strict=True):
        w = 1 / (se**2 + tau**2)
        parts.append((share, priors.normal(w @ y / w.sum(), np.sqrt(1 / w.sum() + tau**2))))
    predictive = priors.mixture(parts)
    assert predictive.ppf(0.9) == approx(fit.predictive().ppf(0.9), abs=1e-5)
    assert priors.effective_sample_size(predictive, 2.35) == approx(45.607, abs=1e-3)
