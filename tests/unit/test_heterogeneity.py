"""The exact marginals of tau and of the share of settings: priors that scipy knows, and quad.

Behind a published pool (`PooledEvidence`) the posterior of tau is its prior.
"""

import numpy as np
import pytest
from pytest import approx
from scipy import integrate, optimize, stats
from scipy.special import ndtr

from bayes_ps import priors
from bayes_ps.checks import BayesPSError
from models import CommonEffect, PooledEvidence, RandomEffects
from tests.unit.brute import Brute
from tests.unit.making import MODEL, PAIN, fitted, made

PRIORS = {
    "half-normal": (priors.half_normal(0.5), stats.halfnorm(scale=0.5)),
    "gamma": (priors.gamma(3, 2), stats.gamma(3, scale=0.5)),
    "log-normal": (priors.log_normal(-1.28, 0.87), stats.lognorm(0.87, scale=np.exp(-1.28))),
    "uniform": (priors.uniform(0.5, 2), stats.uniform(0.5, 1.5)),
    "half-Cauchy": (priors.half_cauchy(0.5), stats.halfcauchy(scale=0.5)),
    "inverse gamma": (priors.inverse_gamma(1.71, 0.4), stats.invgamma(1.71, scale=0.4)),
}
EACH = pytest.mark.parametrize("name", PRIORS)
Q = np.array([[1e-4, 0.025, 0.5], [0.7, 0.975, 0.9999]])


def pooled(prior, better="lower", mu=-0.4, se=0.15):
    return fitted(made([mu], [se], better=better), PooledEvidence(priors.flat(), prior))


@EACH
def test_tau_of_a_pool_is_its_prior(name):
    prior, law = PRIORS[name]
    tau = pooled(prior).marginal("tau")
    x = law.ppf(Q)
    assert tau.cdf(x) == approx(Q, abs=1e-13)
    assert tau.ppf(Q) == approx(x, rel=1e-9) and tau.ppf(Q).shape == Q.shape
    assert tau.pdf(x) == approx(law.pdf(x), rel=1e-10)
    assert tau.sf(x) == approx(1 - Q, abs=1e-13)
    assert (tau.cdf(-1.0), tau.pdf(-1.0), tau.cdf(0.0)) == (0, 0, 0)
    assert tau.cdf(1e9) == approx(1, abs=1e-9)


@pytest.mark.parametrize("name", ["half-normal", "gamma", "log-normal", "uniform"])
def test_moments_of_tau(name):
    prior, law = PRIORS[name]
    tau = pooled(prior).marginal("tau")
    assert (tau.mean, tau.sd) == approx((law.mean(), law.std()), rel=1e-10)


@pytest.mark.parametrize(
    ("prior", "k", "exist"),
    [
        (priors.half_cauchy(0.5), 1, (False, False)),  # falls like tau^-2
        (priors.half_cauchy(0.5), 2, (True, False)),  # like tau^-3: each study more is a power
        (priors.half_cauchy(0.5), 3, (True, True)),
        (priors.inverse_gamma(1.71, 0.4), 1, (True, False)),
        (priors.log_student_t(5, -1, 0.7), 1, (False, False)),
        (priors.half_student_t(4, 0.5), 1, (True, True)),
        (priors.improper_uniform(), 3, (False, False)),
        (priors.improper_uniform(), 4, (True, False)),
    ],
    ids=repr,
)
def test_moments_that_do_not_exist_are_nan(prior, k, exist):
    fit = fitted(made([1, 3, 2, 5][:k], [1, 1, 2, 1][:k]), RandomEffects(priors.flat(), prior))
    for marginal in (fit.marginal("tau"), fit.marginal("mu"), fit.predictive()):
        assert (np.isfinite(marginal.mean), np.isfinite(marginal.sd)) == exist
        assert np.isfinite([marginal.median, *marginal.interval()]).all()
    frame = fit.to_frame().set_index("unknown")
    assert np.isnan(frame.loc["tau", "mean"]) != exist[0]


@pytest.mark.parametrize("k", [3, 4])
def test_mean_of_tau_grows_without_end_where_it_is_nan(k):
    """The integral of tau p(tau | y) to T under the improper uniform: log T for 3 studies."""
    fit = fitted(
        made([1, 3, 2, 5][:k], [1, 1, 2, 1][:k]),
        RandomEffects(priors.flat(), priors.improper_uniform()),
    )
    tau = fit.marginal("tau")
    parts = [
        integrate.quad(lambda u: np.exp(2 * u) * tau.pdf(np.exp(u)), *np.log(ends))[0]
        for ends in ((1e4, 1e5), (1e5, 1e6))
    ]
    assert (parts[1] / parts[0] > 0.9) == np.isnan(tau.mean)


def test_one_study_under_flat_mu_is_left_as_it_is():
    """theta ~ N(y, se²) whatever tau is, though mu has no mean."""
    fit = fitted(made([3], [1.5]), RandomEffects(priors.flat(), priors.half_cauchy(1)))
    theta = fit.study("A")
    assert theta.cdf([0, 3, 5]) == approx(stats.norm(3, 1.5).cdf([0, 3, 5]), abs=1e-13)
    assert (theta.mean, theta.sd) == approx((3, 1.5), rel=1e-12)


def test_shortest_interval_of_tau_where_the_density_falls_and_where_it_rises():
    falls = pooled(priors.half_normal(0.5)).marginal("tau")
    assert falls.interval(0.9, kind="shortest") == (0, approx(stats.halfnorm(scale=0.5).ppf(0.9)))
    far = made([-90, 0, 90, 200], [1, 1, 1, 1])
    rises = fitted(far, RandomEffects(priors.flat(), priors.uniform(0, 2))).marginal("tau")
    low, high = rises.interval(0.9, kind="shortest")
    assert high == 2 and rises.cdf(low) == approx(0.1, abs=1e-12)


def shares(fit, threshold, sign, law, mu=-0.4, se=0.15):
    """P(share <= s) = P(sign (mu - threshold) / tau <= z), by quad over tau."""

    def cdf(s: float) -> float:
        z = stats.norm.ppf(s)

        def given(log_t: float) -> float:
            t = np.exp(log_t)
            below = ndtr((z * t - sign * (mu - threshold)) / se)
            return float(below * law.pdf(t) * t)

        return integrate.quad(given, -14, 9, epsabs=1e-11, limit=200)[0]

    return fit.share(threshold), cdf


@pytest.mark.parametrize(("better", "sign"), [("lower", -1), ("higher", 1)])
def test_share_of_settings_beyond_a_threshold(better, sign):
    prior, law = PRIORS["log-normal"]
    fit = pooled(prior, better)
    threshold = 0.3 * sign
    share, cdf = shares(fit, threshold, sign, law)
    s = np.array([0.01, 0.3, 0.5, 0.9, 0.999])
    want = np.array([cdf(each) for each in s])
    assert share.cdf(s) == approx(want, abs=1e-10)
    assert share.ppf(want) == approx(s, abs=1e-8)
    assert share.cdf([-0.1, 0, 1, 1.1]).tolist()[2:] == [1, 1] and share.cdf(-0.1) == 0
    step = 1e-5
    assert share.pdf(0.3) == approx((cdf(0.3 + step) - cdf(0.3 - step)) / (2 * step), rel=1e-5)


def test_mean_of_the_share_is_the_probability_of_one_new_setting_and_its_sd_that_of_two():
    share, new = fitted().share(-5), fitted().predictive()
    brute = Brute(
        PAIN.y,
        np.diag(PAIN.se**2),
        stats.halfnorm(scale=5).logpdf,
        tau=(0, 0.01, 0.1, 0.5, 1, 2, 4, 8, 16, 40),
        mu=(-60, -25, -15, -10, -7, -5, -3, 0, 10, 40),
    )
    beyond = stats.norm.cdf((-5 - brute.m) / brute.t[:, None])
    assert share.mean == approx(new.cdf(-5.0), rel=1e-14)
    assert share.mean == approx(brute.mean(beyond), abs=1e-11)
    assert share.sd == approx(brute.mean((beyond - share.mean) ** 2) ** 0.5, abs=1e-10)


def test_share_of_benefit_is_one_minus_the_share_of_the_other_direction():
    lower, higher = fitted(), fitted(made(PAIN.y, PAIN.se, better="higher"))
    q = np.array([0.025, 0.5, 0.975])
    assert lower.share(-5).ppf(q) == approx(1 - higher.share(-5).ppf(1 - q), abs=1e-12)
    assert lower.share(-5).mean == approx(1 - higher.share(-5).mean, abs=1e-13)


def test_the_density_of_a_share_lies_between_0_and_1_and_may_rise_at_both_ends():
    share = fitted(model=RandomEffects(priors.flat(), priors.half_normal(0.5))).share(-6)
    assert share.pdf([-1.0, 0.0, 1.0, 2.0]).tolist() == [0, 0, 0, 0]
    low, middle, high = share.pdf([1e-3, 0.5, 1 - 1e-3])
    assert low > middle < high
    with pytest.raises(BayesPSError, match=r'no interval\. Use kind="central"'):
        share.interval(0.95, kind="shortest")


def test_no_share_where_effects_do_not_vary():
    assert fitted(model=CommonEffect(priors.flat())).share(-5) is None


def test_quantile_of_tau_is_a_root_of_its_distribution_function():
    tau = fitted(model=MODEL).marginal("tau")
    root = optimize.brentq(lambda x: tau.cdf(x) - 0.9, 0, 50, xtol=1e-13)
    assert tau.ppf(0.9) == approx(root, rel=1e-11)


@pytest.mark.parametrize("scale", [1e-6, 1, 1e6])
def test_share_behind_a_published_pool(scale):
    """A log-t prior puts a spike of density at z = 0, where Newton's step once stood still and the
    share was said to be 50 % (50 to 50 %). By draws: tau from its prior, mu ~ N(-3.48, 1.597²)."""
    pool = made([-3.48 * scale], [1.597 * scale])
    tau = priors.log_student_t(5, 1.49 + np.log(scale), 1.135)
    share = fitted(pool, PooledEvidence(priors.flat(), tau)).share(-10 * scale)
    q = np.array([0.05, 0.3, 0.5, 0.9, 0.975])
    assert share.cdf(share.ppf(q)) == approx(q, abs=1e-13)
    rng = np.random.default_rng(3)
    tau_draws = np.exp(1.49 + 1.135 * rng.standard_t(5, 400_000))
    drawn = stats.norm.cdf((-10 - rng.normal(-3.48, 1.597, 400_000)) / tau_draws)
    assert share.ppf([0.5, 0.9]) == approx(np.quantile(drawn, [0.5, 0.9]), abs=4e-3)
    assert share.mean == approx(drawn.mean(), abs=2e-3)
