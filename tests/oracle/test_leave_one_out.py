"""Exact leave-one-out against 30-digit arithmetic, and against integration by scipy with V."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bayes_ps as bps
from bayes_ps.sensitivity import leave_one_out
from models import MetaRegression, RandomEffects, ThreeLevel, priors
from tests import references
from tests.references_bayes import model
from tests.unit.brute import Brute
from tests.unit.making import made

EXACT = 1e-12  # the reference's own bound


@pytest.mark.parametrize("name", references.UNIVARIATE)
def test_leave_one_out_equals_the_reference(name):
    values = references.expected(name)
    want = values["bayes_loo"]
    fit = bps.fit(model(values["bayes"][want["prior_id"]]), references.effects(name))
    found = leave_one_out(fit)
    assert found.problem == ("",) * fit.k
    assert found.elpd_i == pytest.approx(want["elpd_i"], abs=EXACT)
    assert found.elpd == pytest.approx(want["elpd_loo"], abs=fit.k * EXACT)
    assert found.pit == pytest.approx(want["pit_i"], abs=EXACT)
    without = [rest.marginal("mu") for rest in found.fits]
    asked = {
        "mu_mean": np.array([mu.mean for mu in without]),
        "mu_sd": np.array([mu.sd for mu in without]),
        "mu_q025": found.answers.lower,
        "mu_q975": found.answers.upper,
        "tau_median": found.tau,
    }
    for key, numbers in asked.items():
        assert np.abs(numbers - want[key]).max() < EXACT * max(mu.sd for mu in without), key


Y, SE = np.array([-3.0, 1.0, 2.5, 0.4]), np.array([1.0, 1.5, 0.8, 1.2])
SHARED = np.diag(SE**2)
SHARED[0, 1] = SHARED[1, 0] = 0.9  # the first two share a control group
SHARED[2, 3] = SHARED[3, 2] = -0.3


@pytest.mark.parametrize("row", range(4))
def test_shared_participants_foretell_each_other(row):
    """With V, p(y_i | y_-i) = p(y) / p(y_-i), and the PIT, by integration over (mu, tau)."""
    fit = bps.fit(RandomEffects(priors.normal(0, 3), priors.half_normal(1.5)), made(Y, SE, SHARED))
    found = leave_one_out(fit)

    def brute(rows):
        return Brute(
            Y[rows],
            SHARED[np.ix_(rows, rows)],
            stats.halfnorm(scale=1.5).logpdf,
            tau=(0, 0.5, 1, 2, 4, 8, 14),
            mu=(-14, -6, -3, -1, 0, 1, 3, 6, 14),
            mu_prior=stats.norm(0, 3).logpdf,
        )

    others = [i for i in range(4) if i != row]
    rest = brute(others)
    assert found.elpd_i[row] == pytest.approx(
        brute(list(range(4))).log_evidence - rest.log_evidence, abs=1e-9
    )
    p = np.empty(rest.weight.shape)
    for i, tau in enumerate(rest.t):
        S = SHARED + tau**2 * np.eye(4)
        c = np.linalg.solve(S[np.ix_(others, others)], S[others, row])
        location = rest.m + (Y[others] - rest.m[:, None]) @ c
        p[i] = stats.norm.cdf(Y[row], location, np.sqrt(S[row, row] - c @ S[others, row]))
    assert found.pit[row] == pytest.approx(rest.mean(p), abs=1e-9)


def test_moderators_foretell_too():
    """BCG on latitude: log p(y_i | y_-i) is the difference of two evidences (flat: density 1)."""
    effects = references.effects("bcg").with_data(references.table("bcg")[["ablat"]])
    fit = bps.fit(MetaRegression(["ablat"], priors.flat(), priors.half_normal(0.5)), effects)
    found = leave_one_out(fit, at={"ablat": 40.0})
    rest = np.array([each.log_evidence for each in found.fits])
    assert found.elpd_i == pytest.approx(fit.log_evidence - rest, abs=1e-11)
    assert found.answers.median[0] == found.fits[0].average({"ablat": 40.0}).median


def test_effects_within_one_cluster_foretell_each_other():
    """Three levels: omega and tau are integrated, and the others of a cluster say more."""

    effects = made([0.1, 0.2, 1.4, 1.0], [0.3, 0.25, 0.3, 0.2])
    effects = effects.with_data(pd.DataFrame({"where": list("aabb")}))
    three = ThreeLevel(
        "where", priors.normal(0, 2), priors.half_normal(0.6), priors.half_normal(0.4)
    )
    fit = bps.fit(three, effects)
    found = leave_one_out(fit)
    rest = np.array([each.log_evidence for each in found.fits])
    assert found.elpd_i == pytest.approx(fit.log_evidence - rest, abs=1e-8)
    alone = leave_one_out(bps.fit(RandomEffects(three.mu, three.tau), effects))
    assert (np.abs(found.pit - 0.5) < np.abs(alone.pit - 0.5)).all()
