"""What holds given tau, against dense linear algebra and scipy's multivariate normal."""

from itertools import product

import mpmath
import numpy as np
import pytest
from pytest import approx
from scipy.stats import multivariate_normal

from bayes_ps import priors
from bayes_ps.checks import ModelError
from bayes_ps.exact import whiten
from bayes_ps.hierarchy import Component, Design, GaussianHierarchy, Term
from tests.unit.brute import legendre

Y = np.array([1.0, -2, 0.5, 3])
SE2 = np.array([1.0, 4, 0.25, 2])
SHARED = np.diag(SE2) + 0.9 * np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
ONE = np.ones((4, 1))
DOSE = np.column_stack([np.ones(4), [0.5, 1, 2, 5]])
NORMAL, WIDE, FLAT = priors.normal(0.5, 2), priors.normal(-1, 3), priors.flat()
GROUPS = np.array([[1.0, 0], [1, 0], [0, 1], [0, 1]])

V = {"independent": SE2, "shared": SHARED}
Z = {"each": None, "groups": GROUPS, "none": np.zeros((4, 1))}
BETA = {
    "flat": (ONE, (FLAT,)),
    "normal": (ONE, (NORMAL,)),
    "two normal": (DOSE, (NORMAL, WIDE)),
    "flat, normal": (DOSE, (FLAT, WIDE)),
    "two flat": (DOSE, (FLAT, FLAT)),
    "narrow, narrower": (DOSE, (priors.normal(0.5, 1e-10), priors.normal(-1, 1e-20))),
    "narrower, narrow": (DOSE, (priors.normal(0.5, 1e-20), priors.normal(-1, 1e-10))),
    "more than studies": (np.hstack([DOSE, np.eye(4)]), (FLAT, WIDE, NORMAL, NORMAL, WIDE, WIDE)),
}
CASES = [
    case for case in product(V, Z, BETA, [0.0, 0.3, 20.0]) if case[1] != "none" or case[3] == 0.3
]
EACH = pytest.mark.parametrize(("v", "z", "beta", "tau"), CASES)


def hierarchy(v, z, beta, y=Y):
    X, prior = BETA[beta]
    design = Design(tuple(Term(f"x{i}", f"x{i}") for i in range(X.shape[1])), {})
    component = Component("tau", priors.half_normal(1), Z[z])
    return GaussianHierarchy(tuple("ABCD"), y, V[v], design, X, prior, component)


def given(h, tau):
    with np.errstate(divide="ignore"):
        whitened = whiten(h)
        return whitened, whitened.given(np.log(np.array([tau, tau])))


class Dense:
    """The same by inverting matrices."""

    def __init__(self, h, tau):
        z = np.eye(4) if h.component.Z is None else h.component.Z
        self.V = h.V if h.V.ndim == 2 else np.diag(h.V)
        self.between = tau**2 * z @ z.T
        self.h, self.inverse = h, np.linalg.inv(self.V + self.between)
        self.normal = np.array([p.proper for p in h.beta])
        self.sd = np.array([p.sd if p.proper else np.inf for p in h.beta])
        self.prior_mean = np.array([p.mean if p.proper else 0.0 for p in h.beta])
        precision = h.X.T @ self.inverse @ h.X + np.diag(self.sd**-2.0)
        self.cov = np.linalg.inv(precision)
        self.mean = self.cov @ (h.X.T @ self.inverse @ h.y + self.sd**-2.0 * self.prior_mean)

    def theta(self):
        """Mean and covariance of X beta + Z u."""
        pull = self.between @ self.inverse
        mean = self.h.X @ self.mean + pull @ (self.h.y - self.h.X @ self.mean)
        left = self.h.X - pull @ self.h.X
        return mean, self.between - pull @ self.between + left @ self.cov @ left.T

    def log_likelihood(self, flat):
        """log p(y | tau, flat coefficients (m, q)), the others integrated out."""
        X, proper = self.h.X, self.normal
        cov = self.V + self.between + (X[:, proper] * self.sd[proper] ** 2) @ X[:, proper].T
        mean = X[:, proper] @ self.prior_mean[proper] + flat @ X[:, ~proper].T
        return multivariate_normal(cov=cov).logpdf(self.h.y - mean)


@EACH
def test_coefficients_are_generalised_least_squares(v, z, beta, tau):
    h = hierarchy(v, z, beta)
    _, at = given(h, tau)
    dense = Dense(h, tau)
    sd = np.sqrt(np.diag(dense.cov))
    assert at.mean[0] / sd == approx(dense.mean / sd, rel=1e-8, abs=1e-7)
    assert at.covariance[1] / np.outer(sd, sd) == approx(
        dense.cov / np.outer(sd, sd), rel=1e-7, abs=1e-7
    )
    assert at.w + at.shrink == approx(np.ones((2, 4)), rel=1e-15)


@pytest.mark.parametrize(
    ("v", "z", "beta", "tau"), [case for case in CASES if case[2] != "two flat"]
)
def test_likelihood_is_that_of_scipy_with_the_coefficients_integrated_out(v, z, beta, tau):
    h = hierarchy(v, z, beta)
    dense = Dense(h, tau)
    _, at = given(h, tau)
    if dense.normal.all():
        want = dense.log_likelihood(np.zeros(0))
    else:
        row = int(np.flatnonzero(~dense.normal)[0])
        reach = 12 * dense.cov[row, row] ** 0.5
        b, db = legendre(*(dense.mean[row] + reach * np.array([-1, 0, 1])))
        log_p = dense.log_likelihood(b[:, None])
        want = log_p.max() + np.log(np.exp(log_p - log_p.max()) @ db)
    assert at.loglik == approx([want, want], abs=1e-10)


@pytest.mark.parametrize("v", V)
def test_likelihood_with_two_flat_coefficients_is_the_limit_of_wide_priors(v):
    """log p(y | flat) = lim log p(y | normal(0, s)) + p log(s sqrt(2 pi))."""
    h, s = hierarchy(v, "each", "two flat"), 1e4
    _, at = given(h, 0.7)
    covariance = Dense(h, 0.7).V + Dense(h, 0.7).between + s**2 * DOSE @ DOSE.T
    want = multivariate_normal(np.zeros(4), covariance).logpdf(Y) + 2 * np.log(
        s * (2 * np.pi) ** 0.5
    )
    assert at.loglik[0] == approx(want, abs=1e-6)


def test_a_moderator_far_from_0_costs_no_digits():
    """Years as they are, against 50 digits."""
    X = np.column_stack([np.ones(4), [1999.0, 2003, 2010, 2021]])
    design = Design((Term("intercept"), Term("year", "year")), {})
    tau = Component("tau", priors.half_normal(1))
    for beta in ((NORMAL, WIDE), (priors.flat(), priors.flat())):
        _, at = given(GaussianHierarchy(tuple("ABCD"), Y, SE2, design, X, beta, tau), 0.3)
        with mpmath.workdps(50):
            x, y = mpmath.matrix(X.tolist()), mpmath.matrix(Y.tolist())
            w = mpmath.diag([1 / (mpmath.mpf(float(v)) + mpmath.mpf(0.3) ** 2) for v in SE2])
            prior = mpmath.diag([1 / mpmath.mpf(p.sd) ** 2 if p.proper else 0 for p in beta])
            centre = mpmath.matrix([p.mean if p.proper else 0 for p in beta])
            covariance = (x.T * w * x + prior) ** -1
            mean = covariance * (x.T * w * y + prior * centre)
            want = [float(mean[i]) for i in range(2)]
            sd = [float(mpmath.sqrt(covariance[i, i])) for i in range(2)]
        assert np.sqrt(np.diag(at.covariance[0])) == approx(sd, rel=1e-11)
        assert np.abs(at.mean[0] - want).max() < 1e-10 * max(sd)


@EACH
def test_true_effects_are_their_conditional_distribution(v, z, beta, tau):
    h = hierarchy(v, z, beta)
    whitened, at = given(h, tau)
    mean, variance = whitened.theta(at)
    want_mean, want_cov = Dense(h, tau).theta()
    assert mean[0] == approx(want_mean, abs=1e-6)
    assert variance[1] == approx(np.diag(want_cov), abs=1e-7)


@pytest.mark.parametrize(("v", "tau"), list(product(V, [0.0, 0.3, 20.0])))
def test_the_weight_of_a_study_is_what_its_estimate_moves_the_mean_by(v, tau):
    whitened, at = given(hierarchy(v, "each", "flat"), tau)
    weight = whitened.pull(at, np.ones(1))[0]
    for row in range(4):
        _, moved = given(hierarchy(v, "each", "flat", Y + np.eye(4)[row]), tau)
        assert weight[row] == approx(moved.mean[0, 0] - at.mean[0, 0], abs=1e-12)
    assert weight.sum() == approx(1, rel=1e-13)


def test_other_priors_of_a_coefficient_are_not_closed_form():
    X, design = ONE, Design((Term("mu"),), {})
    tau = Component("tau", priors.half_normal(1))
    h = GaussianHierarchy(tuple("ABCD"), Y, SE2, design, X, (priors.student_t(5, 0, 1),), tau)
    with pytest.raises(ModelError) as caught:
        whiten(h).given(np.zeros(1))
    assert str(caught.value).startswith(
        "Given tau, mu is in closed form only under a flat or normal prior, not student_t(5, 0, 1)"
    )
