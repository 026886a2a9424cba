"""Bayes factors and model averages: bayesmeta, metaBMA, RoBMA, and 30-digit reference values."""

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

import bayes_ps as bps
from bayes_ps.comparison import compare
from models import CommonEffect, RandomEffects, priors
from tests import references
from tests.references_bayes import mu_prior, tau_prior

NULL = priors.point(0)


def four(effects, mu, tau):
    """Effect or none, heterogeneity or none."""
    models = {
        "H1_RE": RandomEffects(mu, tau),
        "H0_RE": RandomEffects(NULL, tau),
        "H1_FE": CommonEffect(mu),
        "H0_FE": CommonEffect(NULL),
    }
    return compare({name: bps.fit(model, effects) for name, model in models.items()})


def runs():
    return [
        (name, run)
        for name in references.UNIVARIATE
        for run, values in references.expected(name)["bayes"].items()
        if "model_comparison" in values
    ]


def test_number_of_reference_comparisons_does_not_shrink():
    assert len(runs()) == 38


@pytest.mark.parametrize(("name", "run"), runs())
def test_comparison_equals_the_reference(name, run):
    """tests/reference/README.md, block `model_comparison`: to 1e-12."""
    values = references.expected(name)["bayes"][run]
    want = values["model_comparison"]
    found = four(
        references.effects(name), mu_prior(values["mu_prior"]), tau_prior(values["tau_prior"])
    )
    evidence = np.array([want["log_marginal_likelihood"][model] for model in found.name])
    assert found.log_evidence == pytest.approx(evidence, rel=2e-13, abs=1e-13)
    probability = [want["post_prob_equal_prior"][model] for model in found.name]
    assert found.probability == pytest.approx(probability, rel=1e-11, abs=1e-300)
    pairs = [
        (found.bayes_factor("H1_FE", against="H1_RE"), want["BF_tau0_vs_RE"]),
        (found.bayes_factor("H0_RE", against="H1_RE"), want["BF_mu0_vs_RE"]),
        (found.inclusion_factor(["H1_RE", "H1_FE"]), want["inclusion_BF_effect"]),
        (found.inclusion_factor(["H1_RE", "H0_RE"]), want["inclusion_BF_heterogeneity"]),
    ]
    for ours, theirs in pairs:
        assert ours == pytest.approx(theirs, rel=1e-11)


def test_crins_of_bayesmeta():
    """Röver 2020, doi:10.18637/jss.v093.i06, page 25: BF of tau = 0 .8832, of mu = 0 .003771."""
    y = [-2.30970256, -0.45953233, -2.30258509, -1.75785792, -1.25846099, -2.41789594]
    se = [0.59947630, 0.55639556, 0.88034084, 0.45586850, 0.64199618, 1.52881075]
    found = four(smd(y, se), priors.normal(0, 4), priors.half_normal(0.5))
    assert found.bayes_factor("H1_FE", against="H1_RE") == pytest.approx(0.8832, abs=5e-5)
    assert found.bayes_factor("H0_RE", against="H1_RE") == pytest.approx(0.003771, abs=5e-7)


def smd(y, se):
    return bps.Effects.from_estimates(
        y, se=se, study=range(len(y)), measure="SMD", unit="SD units", better="higher"
    )


def test_dentine_hypersensitivity():
    """Bartoš et al. 2021, doi:10.1002/sim.9170: BF10 218.53, BFrf 3.52, delta 1.082.

    218.5260101 and the rest by scipy's quad over tau and Gauss-Legendre over mu, elsewhere.
    """
    effects = smd(
        [0.9073050, 0.7207589, 1.3305829, 1.7688872, 1.3286828],
        [0.2720456, 0.1977769, 0.2721648, 0.2656483, 0.3582617],
    )
    found = four(effects, priors.student_t(5, 0, 0.51), priors.inverse_gamma(1.79, 0.28))
    effect = found.inclusion_factor(["H1_RE", "H1_FE"])
    assert effect == pytest.approx(218.53, abs=5e-3)
    assert effect == pytest.approx(218.5260101238, rel=1e-9)
    assert found.inclusion_factor(["H1_RE", "H0_RE"]) == pytest.approx(3.523651792068, rel=1e-9)
    given_effect = compare(
        {name: found.fits[found.name.index(name)] for name in ("H1_RE", "H1_FE")}
    )
    assert given_effect.average("mu").mean == pytest.approx(1.08095, abs=5e-6)
    mu = found.average("mu")
    assert mu.points[0.0] == pytest.approx(1 / (1 + effect), rel=1e-12)
    assert mu.mean == pytest.approx(1.08095 * (1 - mu.points[0.0]), abs=5e-6)
    assert found.average("tau").mean == pytest.approx(0.2331, abs=5e-5)


def test_power_pose():
    """Gronau et al. 2017, doi:10.1080/23743603.2017.1326760, data of metaBMA: d > 0.

    A half-Cauchy prior is the Cauchy, restricted to d > 0: p(y) is 2 P(d > 0 | y) times that under
    the Cauchy (Klugkist & Hoijtink 2007, doi:10.1016/j.csda.2007.01.024). Posterior probabilities
    .00868 .77745 .02061 .19325, inclusion Bayes factor 33.1359, d .22 [.09, .34] (shortest).
    """
    effects = smd(
        [0.2507640, 0.2275180, 0.3186069, 0.2832082, 0.1463949, 0.1509773],
        [0.2071399, 0.1931046, 0.1423228, 0.1421356, 0.1416107, 0.1221166],
    )
    found = four(effects, priors.cauchy(0, 0.5**0.5), priors.inverse_gamma(1, 0.15))
    d = {name: found.fits[found.name.index(name)].average() for name in ("H1_FE", "H1_RE")}
    evidence = dict(zip(found.name, found.log_evidence, strict=True))
    for name, cauchy in d.items():
        evidence[name] += np.log(2 * cauchy.sf(0.0))
    total = np.logaddexp.reduce(list(evidence.values()))
    p = {name: np.exp(each - total) for name, each in evidence.items()}
    printed = {"H0_FE": 0.00868, "H1_FE": 0.77745, "H0_RE": 0.02061, "H1_RE": 0.19325}
    assert p == pytest.approx(printed, abs=5e-6)
    inclusion = (p["H1_FE"] + p["H1_RE"]) / (p["H0_FE"] + p["H0_RE"])
    assert inclusion == pytest.approx(33.1359, abs=5e-5)

    def below(x):
        """P(d <= x | y, an effect)."""
        parts = [p[name] * (m.cdf(x) - m.cdf(0.0)) / m.sf(0.0) for name, m in d.items()]
        return sum(parts) / (p["H1_FE"] + p["H1_RE"])

    def quantile(q):
        return brentq(lambda x: below(x) - q, -1e-9, 3)

    low = minimize_scalar(
        lambda a: quantile(a + 0.95) - quantile(a), bounds=(1e-6, 0.0499), method="bounded"
    ).x
    assert quantile(low) == pytest.approx(0.09, abs=5e-3)
    assert quantile(low + 0.95) == pytest.approx(0.34, abs=5e-3)
    assert quantile(0.5) == pytest.approx(0.22, abs=5e-3)
