"""Siemens et al. 2025, BMC Med Res Methodol 25:275: the expected share of settings beyond a CID.

Their share is that of a prediction distribution around the DerSimonian-Laird estimate, in R's
``meta::cidprop`` ``pt((CID − mu) / sqrt(se² + tau²), df)``. Here it is the posterior probability
for a new setting: with a flat prior of mu, and tau known to be tau_DL, it is theirs with a normal
in place of their t; and Mathur & VanderWeele's parametric estimate, Phi((CID − mu) / tau), 2019,
doi:10.1002/sim.8057, is the share at the mean of mu. The shares that the paper prints are of two
reviews whose data were not at hand; these estimates are metafor 3.8-1's of eight trials.
"""

import numpy as np
import pytest
from pytest import approx
from scipy.stats import norm

import bayes_ps as bps
from models import RandomEffects, priors
from tests.unit.making import PAIN

MU, SE, TAU2 = -7.05062070, 1.54858497, 6.94162696  # metafor 3.8-1, method="DL", 8 decimals
FIT = bps.fit(RandomEffects(priors.flat(), priors.point(np.sqrt(TAU2))), PAIN)


@pytest.mark.parametrize("cid", [2, 5, 10])
def test_the_share_beyond_benefit_trivial_and_harm(cid):
    found = bps.decide(FIT, bps.MCID(cid, unit=PAIN.unit))
    width = np.hypot(SE, np.sqrt(TAU2))
    benefit, harm = norm.cdf((-cid - MU) / width), norm.sf((cid - MU) / width)
    assert found.new.p_mcid == approx(benefit, abs=1e-8)
    assert found.new.p_harm == approx(harm, abs=1e-8)
    assert found.new.p_trivial == approx(1 - benefit - harm, abs=1e-8)
    assert found.share.mean == approx(benefit, abs=1e-8)


def test_the_share_at_the_mean_is_that_of_mathur_and_vanderweele():
    found = bps.decide(FIT, bps.MCID(5, unit=PAIN.unit)).share
    assert found.median == approx(norm.cdf((-5 - MU) / np.sqrt(TAU2)), abs=1e-8)
    ends = norm.cdf((-5 - (MU + norm.ppf([0.975, 0.025]) * SE)) / np.sqrt(TAU2))
    assert (found.lower, found.upper) == approx(tuple(ends), abs=1e-8)
