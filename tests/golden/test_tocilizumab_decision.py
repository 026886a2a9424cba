"""Albuquerque et al. 2022, JAMA Netw Open 5:e220548, once more, asked as a decision.

The numbers are those of ``tests/golden/test_tocilizumab.py`` (table 2, figure 2), here by `decide`,
`bands`, `mcid_curve` and `robustness`. The paper's cuts are OR < 0.9, < 1 and > 1.11: benefit of an
MCID of log(1 / 0.9) on the log odds ratio, any benefit, and harm beyond the same MCID (1 / 0.9 is
1.111). Class M, as there.
"""

import numpy as np
import pytest
from pytest import approx

import bayes_ps as bps
from bayes_ps.decision import bands
from bayes_ps.robustness import robustness
from tests.golden.test_tocilizumab import (
    PRIORS,
    STRATA,
    TABLE_2,
    StrataWithinTrials,
    effects,
    fits,
    of_p,
)

__all__ = ["effects", "fits"]
CUT = np.log(1 / 0.9)
MCID = bps.MCID(CUT, unit="log OR", source="Albuquerque 2022", kind="between groups")
NEW = {  # figure 2, P of a new trial in per cent: OR < 1, OR < 0.9; and exact, class Q
    "simple oxygen": (94.2, 88.9, 94.28, 89.43),
    "noninvasive": (87.2, 75.1, 87.81, 75.35),
    "invasive": (72.0, 53.3, 72.07, 53.85),
}


def printed(p, value):
    """A probability against its printed percentage."""
    assert 100 * p == approx(value, abs=0.05 + 3 * of_p(p))


@pytest.mark.parametrize(("prior", "stratum", "median", "ends", "probabilities"), TABLE_2)
def test_table_2_by_decide(fits, prior, stratum, median, ends, probabilities):
    found = bps.decide(fits[prior], MCID, at={"support": stratum}).mean
    for p, value in zip((found.p_mcid, found.p_benefit, found.p_harm), probabilities, strict=True):
        printed(p, value)
    assert found.p_trivial == approx(1 - found.p_mcid - found.p_harm, abs=1e-14)


@pytest.mark.parametrize("stratum", STRATA)
def test_figure_2_by_decide(fits, stratum):
    found = bps.decide(fits["weakly informative"], MCID, at={"support": stratum})
    below_1, below_09, exact_1, exact_09 = NEW[stratum]
    printed(found.new.p_benefit, below_1)
    printed(found.new.p_mcid, below_09)
    assert 100 * found.new.p_benefit == approx(exact_1, abs=5e-3)
    assert 100 * found.new.p_mcid == approx(exact_09, abs=5e-3)
    assert found.share.mean == approx(found.new.p_mcid, abs=1e-12)


@pytest.mark.parametrize("stratum", STRATA)
def test_bands_and_curve_say_the_same(fits, stratum):
    fit, at = fits["weakly informative"], {"support": stratum}
    want = {row[1]: row[4] for row in TABLE_2 if row[0] == "weakly informative"}[stratum]
    found = bands(fit, [CUT], names=("trivial", "important"), at=at)
    p = dict(zip(found.band, found.p_mean, strict=True))
    printed(p["important benefit"], want[0])
    printed(p["important harm"], want[2])
    curve = bps.mcid_curve(fit, MCID, at=at)
    printed(curve.p_mean_at_mcid, want[0])
    printed(float(np.interp(0.0, curve.threshold, curve.p_mean)), want[1])


@pytest.mark.parametrize("stratum", STRATA)
def test_the_other_priors_of_table_2_by_robustness(fits, stratum):
    """The paper's sensitivity analysis, its vague and its informative priors, as other models."""
    others = [name for name in PRIORS if name != "weakly informative"]
    models = [StrataWithinTrials(*PRIORS[name]) for name in others]
    fit, at = fits["weakly informative"], {"support": stratum}
    found = robustness(fit, MCID, models=models, at=at, cut=0.9)
    want = {(row[0], row[1]): row[4][0] for row in TABLE_2}
    printed(found.variants[0].p_mean, want["weakly informative", stratum])
    for variant, name in zip(found.variants[-2:], others, strict=True):
        assert variant.kind == "model"
        printed(variant.p_mean, want[name, stratum])
    sides = {want[name, stratum] >= 90 for name in PRIORS}
    assert len(sides) == 1  # the paper: its conclusions hold under all three
    assert not {v.kind for v in found.flips} & {"model"}
