"""A fit made of independent draws of an exact posterior says the same, within Monte Carlo error.

The draws are inverted from uniform numbers; counts of them are binomial.
"""

import numpy as np
from hypothesis import Phase, given, settings
from pytest import approx

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.decision import MCID
from models import RandomEffects
from tests.properties.strategies import effects, numbers
from tests.unit.making import fitted, sampled

Q = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
FEW = settings(max_examples=4, phases=[Phase.generate])  # a second each
Z = 4.5  # one sound number in 150 000 is farther off


@FEW
@given(given_effects=effects(least=2), scale=numbers(0.5, 10))
def test_the_same_answers(given_effects, scale):
    exact = fitted(given_effects, RandomEffects(priors.flat(), priors.half_normal(scale)), seed=1)
    draws = sampled(exact)
    pairs = [(exact.marginal(name), draws.marginal(name)) for name in exact.unknowns]
    pairs += [(exact.study(name), draws.study(name)) for name in exact.studies]
    pairs += [(exact.predictive(), draws.predictive())]
    for want, found in pairs:
        fourth = ((found.draws - want.mean) ** 4).mean()
        of_sd = np.sqrt(max(fourth - want.sd**4, 0) / found.draws.size) / (2 * want.sd)
        assert abs(found.sd - want.sd) < Z * of_sd
    for want, found in [*pairs, (exact.share(-2.0), draws.share(-2.0))]:
        n = found.draws.size
        x = want.ppf(Q)
        error = np.sqrt(Q * (1 - Q) / n)
        known = (x != 0) & (x != 1)  # a share may be 0 or 1 to all digits
        assert (np.abs(found.cdf(x) - Q) < Z * error)[known].all()
        assert abs(found.mean - want.mean) < Z * want.sd / n**0.5 + 1e-12


@FEW
@given(given_effects=effects(least=2), mcid=numbers(0.5, 20))
def test_the_same_decision(given_effects, mcid):
    exact = fitted(given_effects, seed=1)
    threshold = MCID(mcid, given_effects.unit)
    want, found = (bps.decide(fit, threshold).to_frame() for fit in (exact, sampled(exact)))
    assert found["target"].tolist() == want["target"].tolist()
    for name in ("benefit", "mcid", "trivial", "harm"):
        p, q = (table[f"p_{name}"].to_numpy() for table in (want, found))
        error = np.sqrt(np.clip(p * (1 - p), 1e-12, None) / 4000)
        assert (np.abs(q - p) < Z * error + 2 / 4000).all()
        assert found[f"mcse_{name}"].to_numpy() == approx(error, rel=0.5, abs=2e-4)
