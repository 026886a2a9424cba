"""Published Bayesian results that no other file of this folder holds, and which are not held.

Rows of the list of published results: 1, 3, 5, 6, 7 are in test_bayesmeta.py, 2 in
test_bayesmeta_priors.py, 11, 12 in test_model_comparison.py, 4, 8, 15 in test_bayesmeta_grid.py,
10 in test_tocilizumab.py; 9 and 17 are here. Not held:

13. Honey, zero cells (RoBMA's vignette "medicine binomial", BiBMA): binomial likelihood.
14. Set-shifting, 14 trials (Higgins, Thompson & Spiegelhalter 2009,
    doi:10.1111/j.1467-985X.2008.00552.x): Gaussian, but the data are in binary files of R only
    (`pimeta::setshift`, `metamisc::Roberts`), and the paper's own table could not be seen.
16. Lui 2015 (RoBMA 3): selection and PET-PEESE models of publication bias.

Class M of a tolerance: half the last printed digit + 3 Monte Carlo standard errors of the published
draws, by the effective sample size printed with them. Class Q: half the last printed digit.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pytest import approx

import bayes_ps as bps
from bayes_ps.baseline import baseline
from models import RandomEffects, priors

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def third_wave():
    """mu ~ N(0, 1), tau ~ half-Cauchy(0.5): Harrer et al., chapter 13.3.1."""
    t = pd.read_csv(DATA / "third_wave.csv")
    effects = bps.Effects.from_estimates(
        t.y, se=t.se, study=t.study, measure="SMD", unit="SD units", better="higher"
    )
    return bps.fit(RandomEffects(priors.normal(0, 1), priors.half_cauchy(0.5)), effects)


@pytest.mark.parametrize(
    ("name", "ess", "printed"),
    [
        ("mu", 3660, {"mean": 0.57, "sd": 0.09, "lower": 0.39, "upper": 0.76}),
        ("tau", 2086, {"mean": 0.29, "sd": 0.10, "lower": 0.11, "upper": 0.51}),
    ],
)
def test_third_wave_summary_of_brms(third_wave, name, ess, printed):
    """summary(m.brm), bookdown.org/MathiasHarrer/Doing_Meta_Analysis_in_R/bayesian-ma.html. M."""
    m = third_wave.marginal(name)
    lower, upper = m.interval()
    quantile = np.sqrt(0.025 * 0.975 / ess) / m.pdf(np.array([lower, upper]))
    assert m.mean == approx(printed["mean"], abs=0.005 + 3 * m.sd / np.sqrt(ess))
    assert m.sd == approx(printed["sd"], abs=0.005 + 3 * m.sd / np.sqrt(2 * ess))
    assert lower == approx(printed["lower"], abs=0.005 + 3 * quantile[0])
    assert upper == approx(printed["upper"], abs=0.005 + 3 * quantile[1])


def test_third_wave_probability_of_a_small_effect(third_wave):
    """P(SMD < 0.30): 0.002125 is 17 of the book's 8000 draws. M."""
    p = float(third_wave.marginal("mu").cdf(0.3))
    assert p == approx(0.002125, abs=3 * np.sqrt(p * (1 - p) / 3660))


def test_third_wave_shrinkage(third_wave):
    """ranef(m.brm), theta - mu of the first five studies: mean, with its sd for the error. M."""
    printed = {
        "Call et al.": (0.06836636, 0.1991649),
        "Cavanagh et al.": (-0.14151644, 0.1767123),
        "DanitzOrsillo": (0.48091338, 0.2829719),
        "de Vibe et al.": (-0.31923470, 0.1454819),
        "Frazier et al.": (-0.11388029, 0.1497128),
    }
    mu = third_wave.marginal("mu").mean
    for study, (mean, sd) in printed.items():
        assert third_wave.study(study).mean - mu == approx(mean, abs=3 * sd / np.sqrt(8000))


def test_third_wave_exact(third_wave):
    """By quadrature elsewhere. Q."""
    mu, tau = third_wave.marginal("mu"), third_wave.marginal("tau")
    assert mu.cdf(0.3) == approx(0.001975, abs=5e-7)
    assert (mu.mean, mu.sd) == approx((0.56885, 0.09333), abs=5e-6)
    assert mu.interval() == approx((0.3954, 0.7640), abs=5e-5)
    assert tau.mean == approx(0.29237, abs=5e-6)
    assert third_wave.predictive().cdf(0.3) == approx(0.17656, abs=5e-6)


@pytest.fixture(scope="module")
def diuretics():
    t = pd.read_csv(DATA / "diuretics.csv")
    a, b, c, d = t.events_t, t.n_t - t.events_t, t.events_c, t.n_c - t.events_c
    return bps.Effects.from_estimates(
        np.log(a * d / (b * c)),
        se=np.sqrt(1 / a + 1 / b + 1 / c + 1 / d),
        study=t.study,
        measure="OR",
        unit="log OR",
        better="lower",
    )


def test_turner_2000_by_maximum_likelihood(diuretics):
    """Stata News 30-2, meglm: log OR -.52 [-.92, -.11], tau² .24. Q.

    The data of Turner et al. 2000,
    doi:10.1002/1097-0258(20001230)19:24<3417::AID-SIM614>3.0.CO;2-L. Not Bayesian.
    """
    found = baseline(diuretics, "ML", "wald")
    assert (found.mu, found.lower, found.upper) == approx((-0.52, -0.92, -0.11), abs=0.005)
    assert found.tau2 == approx(0.24, abs=0.005)


def test_turner_2000_interval_of_tau2_from_the_evidence(diuretics):
    """It prints [.048, 1.19] for tau²: Wald on log tau², by the observed information. Q.

    With mu and tau at a point the evidence is the likelihood of the normal-normal model. Its
    curvature gives the printed interval, so the page fits that model, not a binomial one.
    """
    best = baseline(diuretics, "ML")

    def minus_log_likelihood(mu, log_tau2):
        at = RandomEffects(priors.point(mu), priors.point(np.exp(log_tau2 / 2)))
        return -bps.fit(at, diuretics).log_evidence

    centre, h = np.array([best.mu, np.log(best.tau2)]), 1e-3
    corner = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]) * h
    up, up_down, down_up, down = (minus_log_likelihood(*(centre + step)) for step in corner)
    mixed = (up - up_down - down_up + down) / (4 * h**2)
    middle = minus_log_likelihood(*centre)
    along = [
        (minus_log_likelihood(*(centre + s)) - 2 * middle + minus_log_likelihood(*(centre - s)))
        / h**2
        for s in np.eye(2) * h
    ]
    covariance = np.linalg.inv([[along[0], mixed], [mixed, along[1]]])
    lower, upper = np.exp(centre[1] + np.array([-1.96, 1.96]) * np.sqrt(covariance[1, 1]))
    assert lower == approx(0.048, abs=5e-4)
    assert upper == approx(1.19, abs=5e-3)
    assert centre[0] - 1.96 * np.sqrt(covariance[0, 0]) == approx(-0.92, abs=5e-3)
    assert centre[0] + 1.96 * np.sqrt(covariance[0, 0]) == approx(-0.11, abs=5e-3)
